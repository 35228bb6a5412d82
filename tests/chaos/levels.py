"""
Money under pressure: random caps, a month that is raised and lowered while work goes on and turns while all of it is held,
faults of the service, kills.
"""

import random
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select

from director.bootstrap import open_office
from director.calls.caps import goal_scope, is_month, month_scope
from director.goals.pause import resume_all
from director.goals.set_caps import set_caps
from director.goals.submit import submit
from director.money.levels import kept_back, level_of
from director.money.periods import month_of, next_month
from director.office import Office
from director.store import schema
from director.store.tx import Tx
from director.words import clock as wall
from director.words.amounts import NANO, usd
from director.words.models import Account, Goal
from director.words.question import AboutPause, AboutPlan, AboutSpending
from director.words.settings import from_env
from director.words.states import GoalState, Level, Priority, WaitFor
from tests.chaos.bench import LONGEST_S, PIPELINE, Background, Bench, Ground, Row
from tests.chaos.plugs import Clock
from tests.e2e.installation import until

#: What befalls requests: everything that can but what a person has to mend (a key, an account).
_TROUBLES: Final = (
    "latency_ms=20-300 rate_limited=0.03 overloaded=0.03 server_error=0.03 unavailable=0.02 reset=0.03 hang=0.005 "
    "nonsense=0.02 cut_off=0.02 truncated=0.02 refusal=0.005"
)
_CALL_TIMEOUT_S: Final = 5

#: How long before the month's end all of it begins, by the clocks of whoever takes part; and how far they are set to turn it.
_BEFORE_END: Final = timedelta(hours=2)

#: What a goal may cost, in dollars; a call could cost up to 0.27 here.
_CAPS_USD: Final = (0.0, 2.0)

#: What is spent is to be so much of the month when its cap is set anew: each level, and some between.
_SHARES: Final = (0.5, 0.79, 0.82, 0.91, 0.96, 0.99)

_EVERY_S: Final = 1.0

#: What is spent before the month is pressed, and a month that lets everything go on.
_BEGINS: Final = NANO // 5
_PLENTY: Final = 20 * NANO

#: Longer than anybody waits for levels to come and go, at full scale; at none less than it takes for some to.
_PRESSURE_S: Final = LONGEST_S / 4
_LEAST_PRESSURE_S: Final = 15.0


@dataclass(slots=True)
class _Seen:
    """The money as it was at one moment."""

    name: str  #: of the month
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
    now: wall.Clock
    before: _Seen | None = None
    looks: int = 0
    wrong: list[str] = field(default_factory=list)
    levels: set[Level] = field(default_factory=set)

    def look(self) -> None:
        """What was wrong between this look and the one before it."""
        with self.ground.place.record() as tx:
            now, goals = _seen(tx, self.now()), {goal.id: goal for goal in tx.goals.all()}
            caps = {goal_scope(goal.id): goal.cap_nano for goal in goals.values()}
            self.wrong += [
                f"{account.scope} is {usd(-left)} over its cap"
                for account in tx.accounts.all()
                if account.scope in caps and (left := account.left_nano(caps[account.scope])) < 0
            ]
            if (before := self.before) is not None and before.name == now.name:
                self.wrong += list(_between(before, now, _since(tx, before.last_call, goals)))
        self.before, self.looks = now, self.looks + 1
        self.levels.add(now.level)


class _Wrong(wall.Clock):
    """The time, wrong by so much: as the workers have it, where theirs can be set."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def __call__(self) -> datetime:
        """Now."""
        return super().__call__() + self.by


@dataclass(slots=True)
class _Time:
    """The clocks of all who take part."""

    ours: _Wrong
    theirs: Clock | None  #: None where no library for it can be made

    def begin(self) -> None:
        """Let it be a little before a month's end."""
        self._set(to_begin(datetime.now(UTC)))

    def turn(self) -> None:
        """Let the month be over."""
        self._set(self.ours.by + _BEFORE_END)

    def _set(self, by: timedelta) -> None:
        if self.theirs is not None:
            by = timedelta(seconds=round(by.total_seconds()))
            self.theirs.set(int(by.total_seconds()))
            self.ours.by = by


def to_begin(now: datetime) -> timedelta:
    """
    How far clocks are set from *now* so that a month's end is still that far away: of the first month of which it is, for set
    back, workers would be there until a moment that is over for those who look for them with a clock that is right.
    """
    return next_month(now + _BEFORE_END, None) - _BEFORE_END - now


def levels(bench: Bench) -> list[Row]:
    """
    Give goals of every priority with random caps to eight workers; set the month's cap to each side of each level as they go;
    kill workers; hold everything and turn the month; at the end raise it beyond all need.
    """
    goals = bench.some(500, least=8)
    now = _Time(_Wrong(), Clock(bench.folder / "levels-clock") if shutil.which("cc") else None)
    now.begin()
    pressure_s = max(_LEAST_PRESSURE_S, _PRESSURE_S * bench.scale)
    settings = {"max_parallel_agents": "8", "log_level": "warning", "call_timeout_s": str(_CALL_TIMEOUT_S)}
    settings |= now.theirs.settings if now.theirs else {}
    with bench.ground("levels", _TROUBLES, workers=bench.some(8, least=2), **settings) as ground:
        watch = _Watch(ground, now.ours)
        with _office(ground, now.ours) as office:
            caps = _give(office, ground, goals)
            with Background(watch.look, 0.15):
                changes = _press(office, ground, goals // 3, pressure_s)
                turned = _turn(office, ground, now) if now.theirs else "no cc, so the month did not turn"
                changes += _press(office, ground, goals, pressure_s)
                _let_go(office, ground)
        held, broken = _held(ground), ground.broken()
        asked = sum(goal.state is GoalState.WAITING for goal in ground.place.goals())
        return [
            Row(
                f"{goals} goals with caps of {usd(min(caps))} to {usd(max(caps))}, the month's cap set {changes} times",
                f"{ground.completed()} completed, {asked} ask a person; {turned}; {watch.looks} looks, levels seen: "
                f"{', '.join(sorted(watch.levels))}",
                "over a cap, or sent although it was held: 0; held at the end: 0",
                lost=ground.lost() - asked,
                kept=len(watch.levels) >= 3,
                broken=[*watch.wrong[:20], *held, *broken],
            )
        ]


@contextmanager
def _office(ground: Ground, now: wall.Clock) -> Iterator[Office]:
    office = open_office(from_env(ground.place.environment()), clock=now)
    try:
        yield office
    finally:
        office.close()


def _give(office: Office, ground: Ground, goals: int) -> list[int]:
    caps = [int(ground.chance.uniform(*_CAPS_USD) * NANO) for _ in range(goals)]
    for cap in caps:
        ground.given += 1
        priority = ground.chance.choice(list(Priority))
        submit(office, f"Sell gnome number {ground.given}", pipeline=PIPELINE, cap_nano=cap, priority=priority)
    return caps


def _press(office: Office, ground: Ground, rests: int, for_s: float) -> int:
    """
    Set the month's cap so that what is spent is now this, now that share of it, until so many goals are at rest, for at most
    so long; how often.
    """
    chance, until_s, changes = ground.chance, time.monotonic() + for_s, 0
    _set(office, _PLENTY)
    until(lambda: _spent(office) >= _BEGINS, "there is something to be a share of", LONGEST_S)
    while time.monotonic() < until_s:
        # What is held lets nothing be spent, so no level would be left by itself.
        share = chance.choice(_SHARES) if changes % 2 == 0 else None
        spent = _spent(office)
        _set(office, _PLENTY + spent if share is None else int(spent / share))
        _resume_where_own_caps_paused(office)
        changes += 1
        _maybe_kill(ground, chance)
        time.sleep(_EVERY_S)
        if share is None and ground.resting() >= rests:
            break
    return changes


def _turn(office: Office, ground: Ground, now: _Time) -> str:
    """Let nothing more be spent of the month, and turn it; nobody does anything else. How long it took until work went on."""
    _set(office, max(1, _spent(office)))

    def rests() -> bool:
        with office.store.read() as tx:
            return not _seen(tx, tx.now).month.reserved_nano

    until(rests, "what is on the wire is settled", LONGEST_S)
    if ground.at_rest():
        return "nothing was left to do when the month was to turn"
    # As much as it might have been left over, so that what was held before the turn is seen not to be sent.
    time.sleep(_EVERY_S)
    now.turn()
    began, month = time.monotonic(), month_of(now.ours(), None)
    c = schema.calls

    def goes_on() -> bool:
        _resume_where_own_caps_paused(office)
        with office.store.read() as tx:
            return tx.conn.execute(select(c.c.id).where(c.c.month == month).limit(1)).first() is not None

    until(goes_on, "work goes on in the new month", LONGEST_S)
    return f"the month turned while all was held, and work went on after {time.monotonic() - began:.0f} s"


def _held(ground: Ground) -> list[str]:
    """Goals that wait for money although no question about a cap of their own is open."""
    with ground.place.record() as tx:
        about = {question.goal for question in tx.approvals.open() if _is_about_own_cap(question.about)}
        waiting = [goal for goal in tx.goals.all() if goal.wait_for is WaitFor.MONEY and goal.id not in about]
    return [f"{goal.id} is held at the end: {goal.reason}" for goal in waiting]


def _is_about_own_cap(about: object) -> bool:
    if isinstance(about, AboutPlan):
        return about.cap_nano is not None
    return isinstance(about, AboutSpending) and not is_month(about.scope)


def _let_go(office: Office, ground: Ground) -> None:
    """Raise the month beyond all need, and wait until nothing is asked about it any more: the sweep withdraws that."""
    _set(office, 1000 * NANO)

    def gone() -> bool:
        _resume_where_own_caps_paused(office)
        with office.store.read() as tx:
            about = [question.about for question in tx.approvals.open()]
        return not any(isinstance(one, AboutSpending) and is_month(one.scope) for one in about)

    until(gone, "nothing is asked about the month", LONGEST_S)
    ground.come_to_rest(3 * LONGEST_S)  # most of the work is still to do


def _resume_where_own_caps_paused(office: Office) -> None:
    """
    Ten calls in a row may well fit under no cap of their goals here, and a person has to say that it is meant so. What a month
    paused has to go on without anybody.
    """
    with office.store.read() as tx:
        about = [question.about for question in tx.approvals.open()]
    if any(isinstance(one, AboutPause) and one.brand is not None and one.scope is None for one in about):
        office.insist(lambda: resume_all(office))


def _set(office: Office, monthly_nano: int) -> None:
    """A person who is told that the database cannot be used now says it again."""
    office.insist(lambda: set_caps(office, monthly_nano=monthly_nano, daily_nano=None))


def _spent(office: Office) -> int:
    with office.store.read() as tx:
        return _seen(tx, tx.now).month.spent_nano


def _maybe_kill(ground: Ground, chance: random.Random) -> None:
    if chance.random() < 0.1:
        ground.crew.kill_any()


def _seen(tx: Tx, now: datetime) -> _Seen:
    name = month_of(now, None)
    month = tx.accounts.get(month_scope("default", name), rehearsal=False)
    cap = tx.brands.get("default").monthly_nano or 1000 * NANO
    c = schema.calls
    last = tx.conn.execute(select(c.c.id).order_by(c.c.id.desc()).limit(1)).scalar_one_or_none()
    return _Seen(name, month, cap + month.added_nano, last or 0)


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
