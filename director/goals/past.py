"""
What goals took that are over, taken apart so that a plan can be made of it: this brand's, and the rehearsed ones that
come with Troupe, which count little once there are others.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final, Generic, TypeVar

from director.prompting import drafting
from director.prompting.allowances import CONTEXT_ALLOWANCE
from director.prompting.request import estimated_tokens
from director.store.tx import Tx
from director.words.models import PastCall
from pipelines.plan import StepKind

#: The calls of rehearsed goals, written by `python -m tests.bench.rehearsed_calls`.
FILE: Final = Path(__file__).with_name("rehearsed_calls.csv")

#: Goals that are looked back at: what is older was done with other prompts and other models.
_MOST_GOALS: Final = 50

#: Goals, or rounds of a skill, that all rehearsed ones together count for: so few that a handful of this brand's own
#: outweighs them, and more than one, which is no range.
_COUNT_FOR: Final = 3.0

#: The calls that write a version, so that a round begins with one of them.
WRITING: Final = ("draft", "report")

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Taken:
    """One call without what all of a brand's calls begin with; tokens, as they were billed."""

    purpose: str
    model: str
    first: bool  #: whether it was its goal's first of this model that begins alike
    found: bool  #: whether the beginning was read from the cache
    cached: bool  #: whether there was a cache at all
    input: int
    cache_write: int
    cache_read: int
    output: int
    shipped: bool  #: whether it comes with Troupe


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A goal's last call, and how many tasks it was about."""

    taken: Taken
    tasks: int


@dataclass(slots=True)
class Goals:
    """What some goals took."""

    #: Each from a version being written, or judged, to the verdict on it, by (kind, skill, whether it is the task's first,
    #: whether it is its last).
    rounds: dict[tuple[StepKind, str, bool, bool], list[tuple[Taken, ...]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    #: Of each goal, how many rounds each of its tasks took.
    counts: list[tuple[int, ...]] = field(default_factory=list)
    conclusions: list[Conclusion] = field(default_factory=list)


class Pool(Generic[Kept]):
    """What may come: some of this brand's, each counted once, and some that come with Troupe, counted as a few."""

    def __init__(self, own: Sequence[Kept], shipped: Sequence[Kept]) -> None:
        self.all = (*own, *shipped)
        weights = [1.0] * len(own) + [_COUNT_FOR / len(shipped) for _ in shipped]
        self._weights = list(accumulate(weights))

    def draw(self, luck: Random) -> Kept:
        """One of them."""
        return luck.choices(self.all, cum_weights=self._weights)[0]


@dataclass(frozen=True, slots=True)
class Past:
    """A brand's goals, beside those that come with Troupe."""

    own: Goals
    shipped: Goals

    def counts(self) -> Pool[tuple[int, ...]]:
        """How many rounds the tasks of a goal took: of one goal together, since one that is hard is so all over."""
        return Pool(self.own.counts, self.shipped.counts)

    def conclusions(self) -> Pool[Conclusion]:
        """Conclusions."""
        return Pool(self.own.conclusions, self.shipped.conclusions)

    def rounds(self, kind: StepKind, skill: str, model: str, *, first: bool, last: bool) -> Pool[tuple[Taken, ...]]:
        """
        Rounds of this skill; of all skills where nobody knows of this one. Where it was done by *model*, only those count of
        this brand's.
        """
        own = self.own.rounds.get((kind, skill, first, last), [])
        own = [one for one in own if one[0].model == model] or own
        shipped = self.shipped.rounds.get((kind, skill, first, last), [])
        if not (own or shipped):
            shipped = _of_all(self.shipped, kind, first=first, last=last)
        return Pool(own, shipped)


def of_brand(tx: Tx, brand: str, *, rehearsal: bool) -> Past:
    """What the brand's goals took, rehearsed or paid for, and those that come with Troupe; others' tell it nothing."""
    return Past(taken_apart(tx.history.calls(brand, rehearsal=rehearsal, goals=_MOST_GOALS)), shipped())


@cache
def shipped() -> Goals:
    """The rehearsed goals that come with Troupe."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return taken_apart((_read(row) for row in csv.DictReader(file)), shipped=True)


def shared_tokens(context_length: int) -> int:
    """About the tokens all of a brand's calls begin with, house rules and a product context of so many characters."""
    return estimated_tokens(drafting.shared(None).text) + estimated_tokens(
        b" " * min(context_length, CONTEXT_ALLOWANCE)
    )


def group_of(purpose: str) -> str:
    """What calls of one model have to share to begin alike: a form is put before the prompt, and another is another prompt."""
    return "draft" if purpose in WRITING else purpose


def taken_apart(calls: Iterable[PastCall], *, shipped: bool = False) -> Goals:
    """The *calls* of goals, oldest first, as rounds and conclusions."""
    found = Goals()
    goals: dict[str, list[PastCall]] = defaultdict(list)
    for call in calls:
        goals[call.goal].append(call)
    for mine in goals.values():
        begun: set[tuple[str, str]] = set()
        tasks: dict[str, list[list[Taken]]] = defaultdict(list)
        of: dict[str, tuple[StepKind, str]] = {}
        concluded: Taken | None = None
        for call in mine:
            group = (call.model, group_of(call.purpose))
            taken = _without_beginning(call, first=group not in begun, shipped=shipped)
            begun.add(group)
            if call.task and call.skill and call.kind:
                of[call.task] = (call.kind, call.skill)
                begins = call.kind is StepKind.REVIEW or call.purpose in WRITING
                if begins or not tasks[call.task]:
                    tasks[call.task].append([])
                tasks[call.task][-1].append(taken)
            elif call.purpose == "conclude":
                concluded = taken
        for task, rounds in tasks.items():
            kind, skill = of[task]
            for number, one in enumerate(rounds, 1):
                found.rounds[kind, skill, number == 1, number == len(rounds)].append(tuple(one))
        counts = tuple(len(rounds) for task, rounds in tasks.items() if of[task][0] is not StepKind.REVIEW)
        if counts:
            found.counts.append(counts)
        if concluded and tasks:
            found.conclusions.append(Conclusion(concluded, len(tasks)))
    return found


def _without_beginning(call: PastCall, *, first: bool, shipped: bool) -> Taken:
    beginning = shared_tokens(call.context_length)
    found, cached = call.cache_read_tokens > 0, call.cache_read_tokens + call.cache_write_tokens > 0
    return Taken(
        purpose=call.purpose,
        model=call.model,
        first=first,
        found=found,
        cached=cached,
        input=call.input_tokens if cached else max(0, call.input_tokens - beginning),
        cache_write=call.cache_write_tokens if found else max(0, call.cache_write_tokens - beginning),
        cache_read=max(0, call.cache_read_tokens - beginning),
        output=call.output_tokens,
        shipped=shipped,
    )


def _of_all(goals: Goals, kind: StepKind, *, first: bool, last: bool) -> list[tuple[Taken, ...]]:
    alike = [
        one
        for (of, _, is_first, is_last), rounds in goals.rounds.items()
        for one in rounds
        if of is kind and is_first is first and is_last is last
    ]
    # A judge, or the Director's report, that was never sent back: then as its first.
    return alike or _of_all(goals, kind, first=True, last=True)


def _read(row: Mapping[str, str]) -> PastCall:
    return PastCall(
        goal=row["goal"],
        task=row["task"] or None,
        skill=row["skill"] or None,
        kind=StepKind(row["kind"]) if row["kind"] else None,
        purpose=row["purpose"],
        model=row["model"],
        context_length=int(row["context_length"]),
        input_tokens=int(row["input_tokens"]),
        cache_write_tokens=int(row["cache_write_tokens"]),
        cache_read_tokens=int(row["cache_read_tokens"]),
        output_tokens=int(row["output_tokens"]),
    )
