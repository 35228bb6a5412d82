"""Looks at what work rests on: what they keep and tell, and that the level comes back by itself."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from director.calls.caps import month_scope
from director.files.room import Room
from director.mailbox import admission, breaker
from director.mailbox.breaker import GOOD_PROBES, OFFLINE_AFTER
from director.mailbox.events import receive
from director.mailbox.handling import handle
from director.office import Office
from director.progress.happened import HEALTH_CHANGED, OPERATION_CHANGED
from director.progress.on_turn_failure import after_failure
from director.store import schema
from director.store.operation import GOOD_FOR
from director.store.tx import Tx
from director.triggers.clock import tick
from director.upkeep import health
from director.upkeep.components import LOOKS_TO_RISE, NOBODY_FOR, TICK_WITHIN
from director.upkeep.health import LOOK_EVERY, STANDS_IN_AFTER, gather, look
from director.upkeep.sweep import LATE, stuck
from director.words.amounts import NANO
from director.words.errors import ModelAway
from director.words.health import ComponentName, Health, Operation
from director.words.models import ComponentHealth, Goal, Turn
from director.words.reach import Reach
from director.words.states import GoalState, Level, Priority, TurnState
from tests.conftest import VERBS, SetClock
from tests.director.conftest import at_work

GivenGoal = Callable[..., Goal]
GivenTurn = Callable[..., Turn]
Another = Callable[[str], Office]


def end(tx: Tx, goal: Goal) -> None:
    """The goal is over, however it came to that."""
    tx.conn.execute(schema.goals.update().where(schema.goals.c.id == goal.id).values(state=GoalState.CANCELLED))


@dataclass
class World:
    """What is outside: a Redis, a disk, and a moment in which a standing team looks."""

    office: Office
    clock: SetClock
    redis_away: str | None = None
    obstacle: str | None = None

    def looks(
        self, times: int = 1, *, by: Office | None = None, team: bool = True, stands_in: bool = False
    ) -> Operation:
        """Let time pass until the next look, and look, and let what is no goal's be done; the level of now."""
        for _ in range(times):
            self.clock.forward(LOOK_EVERY)
            at_work(self.office)
            look(self.office, team=True)
            looked_at(self.office)
        return self.level()

    def level(self) -> Operation:
        """The level by which turns go out."""
        with self.office.store.read() as tx:
            return tx.operation.level()

    def now(self, name: ComponentName) -> ComponentHealth:
        """How that component is kept."""
        with self.office.store.read() as tx:
            return tx.operation.components()[name]

    def told(self) -> list[str]:
        """The events of health, the oldest first."""
        with self.office.store.read() as tx:
            told = reversed(tx.events.all(limit=1000))
            return [
                f"level {one.data['level']}"
                if one.type == OPERATION_CHANGED
                else f"{one.data['component']} {one.data['state']}"
                for one in told
                if one.type in (OPERATION_CHANGED, HEALTH_CHANGED)
            ]

    def service(self, *, answers: bool) -> None:
        """The model service goes away, or comes back."""
        with self.office.store.write() as tx:
            for _ in range(GOOD_PROBES if answers else OFFLINE_AFTER):
                if answers:
                    breaker.went_well(tx, self.office.claude.service)
                else:
                    breaker.went_wrong(tx, self.office.claude.service, ModelAway("The gnomes are out."))


@pytest.fixture
def world(office: Office, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> World:
    """All is well."""
    made = World(office, clock)
    monkeypatch.setattr(office.bus, "why_away", lambda: made.redis_away)
    monkeypatch.setattr(health, "_disk", lambda _: made.obstacle or Room(Path("/"), 50 * 10**9, 100 * 10**9))
    return made


def test_it_gets_worse_at_once_and_better_level_by_level(world: World) -> None:
    """Two that are offline leave the Director; once they are back, each level takes its looks."""
    assert world.looks() is Operation.FULL
    world.service(answers=False)
    assert world.looks() is Operation.ESSENTIAL
    world.redis_away = "Redis cannot be used (it is gone)"
    assert world.looks() is Operation.DIRECTOR_ONLY

    world.redis_away = None
    world.service(answers=True)
    levels = [world.looks() for _ in range(3 * LOOKS_TO_RISE + 1)]

    assert levels == [3] * (LOOKS_TO_RISE - 1) + [2] * LOOKS_TO_RISE + [1] * LOOKS_TO_RISE + [0] * 2


def test_each_change_is_told_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """An event, a line of the journal, a line of the log, however many looks find the same."""
    caplog.set_level(logging.WARNING)
    world.looks(2)
    world.redis_away = "Redis cannot be used (it is gone)"
    world.looks(5)
    world.redis_away = None
    world.looks(9)

    assert world.told() == ["redis offline", "level 2", "redis healthy", "level 1", "level 0"]
    assert [line for line in caplog.messages if "redis" in line] == [
        "redis is offline: Redis cannot be used (it is gone); nobody hears of new work: what is in hand is finished, and "
        "nothing begins.",
        "redis is healthy: it passes on what is to be done.",
    ]
    with world.office.store.read() as tx:
        lines = tx.conn.exec_driver_sql("select subject, what, by from journal order by id").all()
    assert [tuple(line) for line in lines] == [
        ("redis", "offline", "health"), ("operation", "level 2", "health"), ("redis", "healthy", "health"),
        ("operation", "level 1", "health"), ("operation", "level 0", "health"),
    ]  # fmt: skip


def test_since_stays_while_the_state_does(world: World) -> None:
    """Also where the reason changes."""
    world.obstacle = "first"
    world.looks()
    first = world.now(ComponentName.DISK)
    world.obstacle = "then"
    world.looks(3)

    assert (first.state, first.reason) == (Health.OFFLINE, "nothing can be written: first")
    assert world.now(ComponentName.DISK) == replace(first, reason="nothing can be written: then")


def test_a_level_nobody_looks_at_any_more_holds_nothing(world: World) -> None:
    """Who found something wrong may have died since: after a minute it is as if nothing was found."""
    world.redis_away = "gone"
    assert world.looks() is Operation.ESSENTIAL
    world.clock.forward(GOOD_FOR)
    at_work(world.office)
    assert world.level() is Operation.ESSENTIAL
    world.clock.forward(timedelta(seconds=1))
    assert world.level() is Operation.FULL

    world.redis_away = None
    assert world.looks() is Operation.FULL, "what is found after a gap is where it begins"


def test_without_workers_that_stay_nothing_is_held(world: World) -> None:
    """A command that does its own goal is nobody else's to slow down, whatever the web app finds."""
    world.redis_away = "gone"
    world.looks()
    with world.office.store.write() as tx:
        tx.presence.leave(world.office.owner)

    assert world.level() is Operation.FULL


def test_a_command_keeps_what_it_finds_and_tells_nobody(world: World) -> None:
    """It expects no team, so nothing is missed, and no event waits for workers that never come."""
    world.redis_away = "gone"
    world.clock.forward(LOOK_EVERY)
    assert look(world.office, team=False, stands_in=True)

    assert world.now(ComponentName.REDIS).state is Health.OFFLINE
    assert world.now(ComponentName.WORKERS).state is Health.HEALTHY
    assert world.told() == []
    at_work(world.office)
    assert world.level() is Operation.FULL


def test_one_process_looks_and_another_stands_in_when_it_does_not(world: World, another: Another) -> None:
    """Who has the duty looks; the web app looks once three looks did not come."""
    web = replace(another("web"), bus=world.office.bus)
    world.looks()
    world.clock.forward(LOOK_EVERY)
    assert not look(web, team=True, stands_in=True)
    world.clock.forward(STANDS_IN_AFTER)
    assert look(web, team=True, stands_in=True)
    world.clock.forward(LOOK_EVERY)
    assert look(web, team=True, stands_in=True)
    assert look(world.office, team=True), "the duty is the workers'"
    assert not look(replace(another("second"), bus=world.office.bus), team=True)


def test_the_web_app_sees_that_no_worker_is_left(world: World, given_goal: GivenGoal, given_turn: GivenTurn) -> None:
    """None is here and a turn waits: that is offline; with none waiting, nothing is amiss."""
    world.clock.forward(LOOK_EVERY)
    look(world.office, team=True, stands_in=True)
    assert world.now(ComponentName.WORKERS).state is Health.HEALTHY
    given_turn(given_goal())
    world.clock.forward(NOBODY_FOR - LOOK_EVERY)
    look(world.office, team=True, stands_in=True)
    assert world.now(ComponentName.WORKERS).state is Health.HEALTHY, "one that was just started comes within a minute"
    world.clock.forward(2 * LOOK_EVERY)
    look(world.office, team=True, stands_in=True)

    assert world.now(ComponentName.WORKERS).reason == "none is here, and a turn waits"
    assert world.looks(2) is Operation.REDUCED, "a worker came, and the next looks find it"


def test_what_a_command_does_itself_waits_for_no_worker(
    world: World, another: Another, given_goal: GivenGoal, given_turn: GivenTurn
) -> None:
    """It is here for that goal, and for no other."""
    goals = [given_goal(), given_goal()]
    for goal in goals:
        given_turn(goal)
    at_work(replace(another("command"), reach=Reach(rehearsal=True, only=goals[0].id)))
    world.clock.forward(2 * NOBODY_FOR)
    at_work(replace(another("command"), reach=Reach(rehearsal=True, only=goals[0].id)))

    assert 1 == gather(world.office, team=True).waiting


def test_a_redis_of_the_workspaces_own_is_needed_while_somebody_works(open_with: Callable[..., Office]) -> None:
    """Before, whoever works starts it; while they do, nothing begins without it."""
    office = open_with(redis_url=None)
    assert not gather(office, team=True).redis_needed
    at_work(office)
    assert gather(office, team=True).redis_needed


def test_two_looks_at_once_count_as_one(world: World) -> None:
    """Else a moment of good would raise the level."""
    world.redis_away = "gone"
    world.looks()
    world.redis_away = None
    world.clock.forward(LOOK_EVERY)
    at_work(world.office)
    for _ in range(3 * LOOKS_TO_RISE):
        look(world.office, team=True)

    assert world.level() is Operation.ESSENTIAL


def test_work_that_does_not_move_counts(world: World, given_goal: GivenGoal) -> None:
    """A goal for which nothing happens next makes the workers degraded, until it does."""
    goal = given_goal()
    assert world.looks() is Operation.REDUCED
    assert world.now(ComponentName.WORKERS).reason == "a row does not move (`status --stuck` says why)"

    with world.office.store.write() as tx:
        end(tx, goal)
    assert world.looks(LOOKS_TO_RISE) is Operation.FULL


def test_work_that_waits_for_workers_of_another_kind_slows_nobody(world: World, given_goal: GivenGoal) -> None:
    """A paid goal where all rehearse is stuck, and nothing is better for these going slower."""
    given_goal(rehearsal=False)

    assert world.looks() is Operation.FULL
    assert stuck(world.office) != []


def test_what_the_level_keeps_waiting_is_not_stuck(world: World, given_goal: GivenGoal, given_turn: GivenTurn) -> None:
    """Else the level would keep itself: what it holds back would be what it is found from."""
    world.redis_away = "gone"
    world.looks()
    given_turn(given_goal(priority=Priority.P3))
    world.looks(1 + LATE // LOOK_EVERY)

    assert stuck(world.office) == []
    assert world.now(ComponentName.WORKERS).state is Health.HEALTHY


def test_a_clock_that_stopped_counts_where_a_schedule_is_on(world: World) -> None:
    """Counted from the last tick, or from when looks began: a team that was just started has not heard one."""
    tick(world.office)
    world.clock.forward(timedelta(days=3))
    looks = TICK_WITHIN // LOOK_EVERY
    world.looks(looks + 2)
    assert world.now(ComponentName.CLOCK).state is Health.HEALTHY, "no schedule is on"

    with world.office.store.write() as tx:
        tx.slots.enable(world.office.brand, "weekly-content", enabled=True)
    assert world.looks() is Operation.REDUCED
    assert world.now(ComponentName.CLOCK).reason == "no tick for 3 min, and a schedule is on: what is due waits"
    tick(world.office)
    assert world.looks(LOOKS_TO_RISE) is Operation.FULL


def test_a_clock_that_is_set_back_holds_nothing_for_long(world: World) -> None:
    """What was kept in the future is from no time that comes: the next look begins anew."""
    world.redis_away = "gone"
    tick(world.office)
    world.looks()
    world.clock.forward(-timedelta(days=400))
    at_work(world.office)
    assert world.level() is Operation.FULL
    world.redis_away = None
    assert world.looks() is Operation.FULL
    assert world.now(ComponentName.REDIS).since <= world.clock()
    with world.office.store.read() as tx:
        last = tx.operation.last()
        assert last is not None
        assert last.ticked_at == world.clock() == last.looked_at


def test_one_call_at_a_time_while_something_is_degraded(
    world: World, given_goal: GivenGoal, given_turn: GivenTurn
) -> None:
    """The rest waits for its place, and goes out when all is well again."""
    goal = given_goal()
    given = [given_turn(goal, version=str(n)) for n in range(3)]
    with world.office.store.write() as tx:
        for _ in range(2):
            breaker.went_wrong(tx, world.office.claude.service, ModelAway("busy"))
    world.looks()
    admission.ring(world.office)
    assert out(world.office, given) == 1
    with world.office.store.write() as tx:
        breaker.went_well(tx, world.office.claude.service)
    world.looks(LOOKS_TO_RISE)
    admission.ring(world.office)
    assert out(world.office, given) == 3


def out(office: Office, given: list[Turn]) -> int:
    """How many of them are out."""
    with office.store.read() as tx:
        return sum(tx.turns.get(turn.id).state is TurnState.DISPATCHED for turn in given)


def test_events_are_kept_and_start_nothing_until_the_level_falls(world: World) -> None:
    """The turn that looks at one goes back unused, and finds its trigger afterwards."""
    with world.office.store.write() as tx:
        event, _ = receive(
            tx, brand="default", source="cli", delivery="1", type="new_blog_post", data={"title": "Ten gnomes"}
        )
    world.redis_away = world.obstacle = "gone"
    assert world.looks() is Operation.DIRECTOR_ONLY
    looked_at(world.office)
    with world.office.store.read() as tx:
        assert tx.events.get(event.id).looked_at is None
        assert tx.goals.count() == 0
    world.redis_away = world.obstacle = None
    world.looks(3 * LOOKS_TO_RISE)
    world.clock.forward(timedelta(minutes=1))
    looked_at(world.office)

    with world.office.store.read() as tx:
        assert tx.events.get(event.id).looked_at is not None
        assert tx.goals.count() == 1


def looked_at(office: Office) -> None:
    """Let the turns that are no goal's be done, as far as they go out. Goals' go back: nobody is here who would do them."""
    for _ in range(50):
        admission.ring(office)
        with office.store.write() as tx:
            of_goals = (schema.turns.c.goal.is_not(None), schema.turns.c.state == TurnState.DISPATCHED)
            tx.conn.execute(schema.turns.update().where(*of_goals).values(state=TurnState.QUEUED, rung_at=None))
            waiting = (
                tx.conn.execute(select(schema.turns.c.id).where(schema.turns.c.state == TurnState.DISPATCHED))
                .scalars()
                .all()
            )
        for turn in waiting:
            handle(office, turn, VERBS, after_failure)
        if not waiting:
            return


def test_slots_wait_for_the_level_and_are_made_up_for_by_their_schedule(world: World) -> None:
    """No slot gets a fate meanwhile; afterwards the policy on what was missed has the word: the newest is run."""
    with world.office.store.write() as tx:
        tx.slots.enable(world.office.brand, "daily-social", enabled=True)
    tick(world.office)
    world.redis_away = world.obstacle = "gone"
    world.looks()
    for _ in range(2):
        world.clock.forward(timedelta(days=1))
        world.looks()
        assert tick(world.office) == 0
    with world.office.store.read() as tx:
        assert tx.slots.of_schedule(world.office.brand, "daily-social") == []
    world.redis_away = world.obstacle = None
    world.looks(3 * LOOKS_TO_RISE)

    assert tick(world.office) == 1
    with world.office.store.read() as tx:
        fates = [slot.fate for slot in tx.slots.of_schedule(world.office.brand, "daily-social")]
    assert fates == ["fired", "skipped"]


def test_the_disk_is_looked_at_where_the_workspace_is(office: Office) -> None:
    """Also one that is not made yet; a file in the way of what the team writes is an obstacle."""
    disk = gather(office, team=True).disk
    assert isinstance(disk, Room)
    assert 0 < disk.free <= disk.total

    office.settings.workspace_dir.mkdir(exist_ok=True)
    (office.settings.workspace_dir / "outputs").write_text("in the way")
    disk = gather(office, team=True).disk
    assert isinstance(disk, str)
    assert "outputs" in disk


def test_the_month_counts_by_its_cap_and_what_people_added(open_with: Callable[..., Office]) -> None:
    """Of this kind of money; under a cap of 0 nothing is spent, as a person wants it, and nothing is wrong."""
    office = open_with(budget_monthly=100 * NANO)
    scope = month_scope(office.brand, "2026-11")
    with office.store.write() as tx:
        tx.accounts.reserve(scope, NANO, rehearsal=True, cap_nano=100 * NANO)
        tx.accounts.settle(scope, rehearsal=True, reserved_nano=NANO, spent_nano=80 * NANO)
    assert gather(office, team=True).month is Level.WARNING
    with office.store.write() as tx:
        tx.accounts.allow(scope, 100 * NANO, rehearsal=True)
    assert gather(office, team=True).month is Level.NORMAL
    without = open_with(budget_monthly=0, workspace_dir=office.settings.workspace_dir / "new")
    assert gather(without, team=True).month is Level.NORMAL
