"""Money under pressure: random caps, a month that is raised and lowered while work goes on, faults of the service, kills."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from director.bootstrap import opened
from director.calls.caps import goal_scope, is_month, month_scope
from director.goals.pause import resume_all
from director.goals.set_caps import set_caps
from director.goals.submit import submit
from director.money.levels import kept_back, level_of
from director.office import Office
from director.store import schema
from director.store.tx import Tx
from director.words.amounts import NANO, usd
from director.words.models import Account, Goal
from director.words.question import AboutSpending
from director.words.settings import from_env
from director.words.states import GoalState, Level, Priority
from tests.chaos.bench import LONGEST_S, PIPELINE, Background, Bench, Ground, Row
from tests.e2e.installation import until

#: What a goal may cost, in dollars; a call could cost up to 0.27 here.
_CAPS_USD: Final = (0.0, 2.0)

#: What is spent is to be so much of the month when its cap is set anew: each level, and some between.
_SHARES: Final = (0.5, 0.79, 0.82, 0.91, 0.96, 0.99)

_EVERY_S: Final = 1.0

#: What is spent before the month is pressed, and a month that lets everything go on.
_BEGINS: Final = NANO // 5
_PLENTY: Final = 20 * NANO

#: Longer than anybody waits for levels to come and go.
_PRESSURE_S: Final = LONGEST_S / 2


@dataclass(slots=True)
class _Seen:
    """The money as it was at one moment."""

    month: Account
    cap_nano: int  #: of the month, with what was added to it
    last_call: int

    @property
    def level(self) -> Level:
        return level_of(self.month.spent_nano, self.cap_nano)

    @property
    def total_nano(self) -> int:
        return self.month.spent_nano + self.month.reserved_nano


@dataclass(slots=True)
class _Watch:
    """Looks again and again whether anything is spent over a cap, or sent although its level holds it."""

    ground: Ground
    before: _Seen | None = None
    looks: int = 0
    wrong: list[str] = field(default_factory=list)
    levels: set[Level] = field(default_factory=set)

    def look(self) -> None:
        """What was wrong between this look and the one before it."""
        with self.ground.place.record() as tx:
            now, goals = _seen(tx), {goal.id: goal for goal in tx.goals.all()}
            self.wrong += [
                f"{account.scope} is {usd(-left)} over its cap"
                for goal in goals.values()
                if (account := tx.accounts.get(goal_scope(goal.id), rehearsal=False))
                and (left := account.left_nano(goal.cap_nano)) < 0
            ]
            if (before := self.before) is not None:
                self.wrong += list(_between(before, now, _since(tx, before.last_call, goals)))
        self.before, self.looks = now, self.looks + 1
        self.levels.add(now.level)


def levels(bench: Bench) -> list[Row]:
    """
    Give goals of every priority with random caps to eight workers; set the month's cap to each side of each level as they go;
    kill workers; at the end raise it beyond all need.
    """
    goals = bench.some(500, least=8)
    script = (
        "latency_ms=20-300 rate_limited=0.03 overloaded=0.03 server_error=0.03 reset=0.03 nonsense=0.02 cut_off=0.02"
    )
    settings = {"max_parallel_agents": "8", "log_level": "warning"}
    with bench.ground("levels", script, workers=bench.some(8, least=2), **settings) as ground:
        watch = _Watch(ground)
        with _office(ground) as office:
            caps = _give(office, ground, goals)
            with Background(watch.look, 0.05):
                changes = _press(office, ground)
                _let_go(office, ground)
        broken = ground.broken()
        asked = sum(goal.state is GoalState.WAITING for goal in ground.place.goals())
        return [
            Row(
                f"{goals} goals with caps of {usd(min(caps))} to {usd(max(caps))}, the month's cap set {changes} times",
                f"{ground.completed()} completed, {asked} ask for money; {watch.looks} looks, levels seen: "
                f"{', '.join(sorted(watch.levels))}",
                "over a cap, or sent although it was held: 0; held at the end: 0",
                lost=ground.lost() - asked,
                kept=len(watch.levels) >= 3,
                broken=[*watch.wrong[:20], *broken],
            )
        ]


@contextmanager
def _office(ground: Ground) -> Iterator[Office]:
    with opened(from_env(ground.place.environment())) as office:
        yield office


def _give(office: Office, ground: Ground, goals: int) -> list[int]:
    caps = [int(ground.chance.uniform(*_CAPS_USD) * NANO) for _ in range(goals)]
    for cap in caps:
        ground.given += 1
        priority = ground.chance.choice(list(Priority))
        submit(office, f"Sell gnome number {ground.given}", pipeline=PIPELINE, cap_nano=cap, priority=priority)
    return caps


def _press(office: Office, ground: Ground) -> int:
    """Set the month's cap so that what is spent is now this, now that share of it, while anything goes on; how often."""
    chance, until_s, changes = ground.chance, time.monotonic() + _PRESSURE_S, 0
    set_caps(office, monthly_nano=_PLENTY, daily_nano=None)
    until(lambda: _spent(office) >= _BEGINS, "there is something to be a share of", LONGEST_S)
    while time.monotonic() < until_s:
        # What is held lets nothing be spent, so no level would be left by itself.
        share = chance.choice(_SHARES) if changes % 2 == 0 else None
        spent = _spent(office)
        set_caps(office, monthly_nano=_PLENTY + spent if share is None else int(spent / share), daily_nano=None)
        resume_all(office)  # ten calls in a row may well fit under no cap here
        changes += 1
        _maybe_kill(ground, chance)
        time.sleep(_EVERY_S)
        if share is None and ground.at_rest():
            break
    return changes


def _let_go(office: Office, ground: Ground) -> None:
    """Raise the month beyond all need, and wait until nothing is asked about it any more: the sweep withdraws that."""
    set_caps(office, monthly_nano=1000 * NANO, daily_nano=None)

    def gone() -> bool:
        resume_all(office)
        with office.store.read() as tx:
            about = [question.about for question in tx.approvals.open()]
        return not any(isinstance(one, AboutSpending) and is_month(one.scope) for one in about)

    until(gone, "nothing is asked about the month", LONGEST_S)
    ground.come_to_rest()


def _spent(office: Office) -> int:
    with office.store.read() as tx:
        return _seen(tx).month.spent_nano


def _maybe_kill(ground: Ground, chance: random.Random) -> None:
    if chance.random() < 0.1:
        ground.crew.kill_any()


def _seen(tx: Tx) -> _Seen:
    month = tx.accounts.get(month_scope("default", f"{tx.now:%Y-%m}"), rehearsal=False)
    cap = tx.brands.get("default").monthly_nano or 1000 * NANO
    c = schema.calls
    last = tx.conn.execute(select(c.c.id).order_by(c.c.id.desc()).limit(1)).scalar_one_or_none()
    return _Seen(month, cap + month.added_nano, last or 0)


def _since(tx: Tx, last: int, goals: dict[str, Goal]) -> list[Goal]:
    """The goals of the calls that were reserved after that one."""
    c = schema.calls
    return [goals[goal] for goal in tx.conn.execute(select(c.c.goal).where(c.c.id > last)).scalars()]


def _between(before: _Seen, now: _Seen, asked: list[Goal]) -> Iterator[str]:
    """
    What of the calls between two looks cannot have been allowed at any moment between them. Of a month whose cap was set
    meanwhile, the larger of the two counts.
    """
    cap = max(before.cap_nano, now.cap_nano)
    if asked and now.total_nano > cap:
        yield f"the month holds {usd(now.total_nano)} of {usd(cap)}, and a call was let through"
    if before.cap_nano == now.cap_nano:
        # What is spent does not become less, so whoever was held at the first look was held until the second.
        held = kept_back(before.level)
        yield from (
            f"a call of {goal.id} ({goal.priority}) was sent at {before.level}"
            for goal in asked
            if goal.priority in held
        )
