"""
What a plan will likely cost, low, likely and high, from what earlier goals took (`past`). A forecast informs; the caps are
what holds.

The plan is lived a few hundred times on paper, each time with the luck of one earlier goal: how often its drafts were sent
back, then for each round one that its skill took before. Nothing is left to chance: the same plan and the same past make the
same forecast.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import exp
from random import Random
from typing import Any, Final

from director.goals.past import Conclusion, Past, Taken, group_of, shared_tokens
from director.money.prices import Usage
from director.office import DIRECTOR, Office
from director.progress.roles import model_of, reviewing_model
from director.prompting import drafting, forms
from director.prompting.request import BYTES_A_TOKEN, OVERHEAD_TOKENS
from pipelines.plan import Plan, PlannedTask, StepKind

#: How often a plan is lived: the tenth of it that is dear is then some thirty lives, and a plan of 24 tasks takes a blink.
_LIVES: Final = 300

#: What is low, likely and high: of ten such goals one is below it, half, and nine.
_LOW, _LIKELY, _HIGH = 0.1, 0.5, 0.9

#: How unlike all that came before a goal is as a whole, as the deviation of a logarithm: its texts, sizes and contexts are its
#: own. Chosen by the first half of `tests/bench/forecast`.
_UNLIKE: Final = 0.2

#: How many times the tokens of a rehearsed answer Claude may take, while no paid goal of this brand says it. The six
#: drafts of the played examples have 0.8 to 3.3 times those of a rehearsed one (1.3 in the middle), and thinking comes on top.
_LONGER: Final = (1.0, 2.0, 4.0)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Nano-dollars, what was spent on the goal before the plan is begun among them."""

    low_nano: int
    likely_nano: int
    high_nano: int
    #: The cap under which nine of ten such goals are never stopped: what is left has to hold a call's worst case.
    enough_nano: int
    #: This brand's own goals it rests on; 0: on the rehearsed ones that come with Troupe.
    goals: int

    def to_document(self) -> dict[str, int]:
        """As it is kept with its goal."""
        return asdict(self)


def from_document(document: Mapping[str, Any] | None) -> Forecast | None:
    """What was kept with a goal; None where it was planned before there were any."""
    return None if document is None else Forecast(**document)


def of(office: Office, plan: Plan, context: str | None, past: Past, *, paid: bool, spent_nano: int = 0) -> Forecast:
    """The forecast for *plan*, at list prices; *spent_nano* is what its goal cost until now, *paid* whether Claude does it."""
    return of_tasks(office, plan.tasks, context, past, paid=paid, spent_nano=spent_nano, of_all=len(plan.tasks))


def of_tasks(
    office: Office,
    tasks: Sequence[PlannedTask],
    context: str | None,
    past: Past,
    *,
    paid: bool,
    spent_nano: int = 0,
    of_all: int,
) -> Forecast:
    """As `of`, for some *tasks* of a plan of so many, the others of which are approved: the conclusion is about all."""
    lives = _Lives(office, past, shared_tokens(len(context or "")), paid=paid, spent_nano=spent_nano)
    for place, task in enumerate(tasks):
        lives.do(task, _luck(f"task {place}"))
    lives.conclude(of_all, _luck("conclusion"))
    return Forecast(
        low_nano=_quantile(lives.spent, _LOW),
        likely_nano=_quantile(lives.spent, _LIKELY),
        high_nano=_quantile(lives.spent, _HIGH),
        enough_nano=_quantile(lives.needed, _HIGH),
        goals=len(past.own.counts),
    )


@dataclass(frozen=True, slots=True)
class _Price:
    """Nano-dollars of some calls in a row, and the most that has to be free before them so that none of them is held."""

    costs: int
    needs: int

    def then(self, other: "_Price") -> "_Price":
        return _Price(self.costs + other.costs, max(self.needs, self.costs + other.needs))


class _Lives:
    """One plan lived many times; each life has spent something by now, and needed so much to be allowed."""

    def __init__(self, office: Office, past: Past, shared: int, *, paid: bool, spent_nano: int) -> None:
        self.office, self.past, self.shared, self.paid = office, past, shared, paid
        self.spent, self.needed = [spent_nano] * _LIVES, [spent_nano] * _LIVES
        counts, luck = past.counts(), _luck("goal")
        self._counts = [counts.draw(luck) for _ in range(_LIVES)]
        self._longer = luck.choices(_LONGER, k=_LIVES)
        self._unlike = [exp(luck.gauss(0, _UNLIKE)) for _ in range(_LIVES)]
        self._begun: set[tuple[str, str]] = set()
        self._known: set[tuple[StepKind, str]] = set()

    def do(self, task: PlannedTask, luck: Random) -> None:
        """A task in each life."""
        writer = self._writer(task)
        models = {"review": writer if task.kind is StepKind.REVIEW else reviewing_model(self.office)}
        models["mend"], models["replan"] = models["review"], model_of(self.office, DIRECTOR)
        prices: dict[object, _Price] = {}
        begun = frozenset(self._begun)
        pools = {
            (first, last): self.past.rounds(task.kind, task.skill, writer, first=first, last=last)
            for first in (True, False)
            for last in (True, False)
        }
        for life in range(_LIVES):
            rounds = 1 if task.kind is StepKind.REVIEW else luck.choice(self._counts[life])
            for number in range(1, rounds + 1):
                taken = pools[number == 1, number == rounds].draw(luck)
                longer = self._longer_of(taken[0], life)
                key = (taken, longer, number == 1)
                if key not in prices:
                    if number == 1 and (task.kind, task.skill) in self._known:
                        taken = tuple(map(_known_before, taken))
                    prices[key] = self._price_all(taken, models, writer, begun if number == 1 else None, longer)
                self._add(life, prices[key])
        self._known.add((task.kind, task.skill))
        self._begun |= {(writer, "draft"), (models["review"], "review"), (models["mend"], "mend")}

    def conclude(self, tasks: int, luck: Random) -> None:
        """The conclusion over so many tasks in each life."""
        pool, model = self.past.conclusions(), model_of(self.office, DIRECTOR)
        for life in range(_LIVES):
            one = pool.draw(luck)
            longer = self._longer_of(one.taken, life)
            self._add(life, self._price(_about(one, tasks), model, written=not one.taken.found, longer=longer))

    def _writer(self, task: PlannedTask) -> str:
        if task.skill == DIRECTOR or task.skill in self.office.skills:
            return model_of(self.office, task.skill)
        return reviewing_model(self.office)  # a plan of a worker's that has skills which this process has not

    def _longer_of(self, taken: Taken, life: int) -> float:
        return self._longer[life] if self.paid and taken.shipped else 1.0

    def _add(self, life: int, price: _Price) -> None:
        self.needed[life] = max(self.needed[life], self.spent[life] + price.needs)
        self.spent[life] += round(price.costs * self._unlike[life])

    def _price_all(
        self,
        taken: tuple[Taken, ...],
        models: Mapping[str, str],
        writer: str,
        begun: frozenset[tuple[str, str]] | None,
        longer: float,
    ) -> _Price:
        price = _Price(0, 0)
        for one in taken:
            model = models.get(one.purpose, writer)
            is_first = begun is not None and (model, group_of(one.purpose)) not in begun
            # As it was where it was alike; else as it is for who comes first, or later.
            written = not one.found if one.first is is_first else is_first
            price = price.then(self._price(one, model, written=written, longer=longer))
        return price

    def _price(self, one: Taken, model: str, *, written: bool, longer: float) -> _Price:
        usage = Usage(
            input=one.input + (0 if one.cached else self.shared),
            cache_write=one.cache_write + (self.shared if one.cached and written else 0),
            cache_read=one.cache_read + (self.shared if one.cached and not written else 0),
            output=round(one.output * longer),
        )
        most = drafting.MAX_TOKENS if group_of(one.purpose) == "draft" else forms.MAX_TOKENS
        prompt = round(usage.prompt * BYTES_A_TOKEN) + OVERHEAD_TOKENS
        return _Price(
            self.office.prices.cost(model, usage),
            self.office.prices.worst_case(model, prompt=prompt, output=most),
        )


def _luck(of: str) -> Random:
    """The same each time; of its own for each task, so that one more leaves the others' as it was."""
    return Random(of)  # noqa: S311 - nobody has to be unable to guess it


def _known_before(one: Taken) -> Taken:
    """The call as it is where an earlier task of its skill had the same knowledge written into the cache."""
    return replace(one, cache_write=0, cache_read=one.cache_read + one.cache_write)


def _about(one: Conclusion, tasks: int) -> Taken:
    """The call as it would be about so many tasks: it is shown the deliverable of each."""
    return replace(one.taken, input=one.taken.input * tasks // one.tasks)


def _quantile(amounts: list[int], share: float) -> int:
    return sorted(amounts)[round(share * (len(amounts) - 1))]
