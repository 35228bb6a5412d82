"""Alerts: each thing that is wrong is raised once, within a minute, and resolved once; what is well raises none."""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from director.calls.caps import month_scope
from director.files.room import Room
from director.launcher import state
from director.launcher.restarting import restarting
from director.launcher.state import PartStatus, State, Status
from director.mailbox import breaker, handling, turns
from director.office import Office
from director.progress import questions
from director.progress.on_turn_failure import after_failure
from director.store import schema
from director.triggers.clock import tick
from director.triggers.schedules import folder_of
from director.upkeep import alert_rules, alerts
from director.upkeep.alerts import GONE, LOOK_EVERY, MOST, Watch, compare
from director.words.alert import Finding, Rule
from director.words.amounts import NANO
from director.words.errors import ModelAway, StoreError
from director.words.models import Alert
from director.words.question import AboutPlan
from director.words.states import ApprovalState, GoalState, HeldWhy, Priority, SlotFate, TurnState
from tests.conftest import VERBS, SetClock
from tests.director.conftest import add_goal, at_work
from tests.director.receivers import HttpReceiver, http_receiver
from tests.director.store.test_postgresql import empty_url, server  # noqa: F401 - the fixtures

SIGNS = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

u, g, acc = schema.turns, schema.goals, schema.accounts

#: Half of the disk is free.
ROOMY = (50, 100)


@dataclass
class World:
    """An installation that somebody watches, in simulated time; a program is told of everything."""

    office: Office
    clock: SetClock
    program: HttpReceiver
    stack: ExitStack
    space: list[tuple[int, int]] = field(default_factory=lambda: [ROOMY])
    ticks: bool = True  #: whether the clock's process is alive
    up: Status | None = None  #: of what is up in the workspace
    works: bool = False  #: whether somebody does all turns, not only those of notices

    def __post_init__(self) -> None:
        self.watch = Watch(self.office, {Rule.RESTARTING: restarting})

    def pass_by(self, time: timedelta) -> None:
        """Let time pass: a look every ten seconds, and what goes out is done."""
        for _ in range(time // LOOK_EVERY):
            self.clock.forward(LOOK_EVERY)
            at_work(self.office)
            if self.ticks and self.clock.now.second == 0:
                tick(self.office)
            self.watch.look()
            self.work()

    def work(self) -> None:
        """Do the turns that are out, as a worker does."""
        while True:
            with self.office.store.read() as tx:
                out = u.select().where(u.c.state == TurnState.DISPATCHED)
                found = tx.conn.execute(out if self.works else out.where(u.c.verb == "notify")).all()
            if not found:
                return
            for turn in found:
                handling.handle(self.office, turn.id, VERBS, after_failure)

    def told(self) -> Counter[tuple[str, str, str]]:
        """How often the program was told what of which rule and subject."""
        found: Counter[tuple[str, str, str]] = Counter()
        for got in self.program.got:
            said = json.loads(got.body)
            found[said["type"].removeprefix("alert."), said["data"]["rule"], said["data"]["subject"]] += 1
        return found

    def open(self) -> list[Alert]:
        """What is wrong, by the record."""
        with self.office.store.read() as tx:
            return tx.alerts.open("default")

    def cancel(self, turn: int) -> None:
        """A person makes an end of a turn."""
        with self.office.store.write() as tx:
            tx.conn.execute(update(u).where(u.c.id == turn).values(state=TurnState.CANCELLED, due_at=None))


@pytest.fixture
def world(open_with: Callable[..., Office], clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """One in which all is well, and has been for two minutes."""
    with http_receiver() as program, ExitStack() as stack:
        # Not only notices go out: other turns that are no goal's have the same slots.
        office = open_with(
            notify_webhook_url=program.url, notify_webhook_secret=SIGNS, morning_note=None, max_parallel_agents=20
        )
        world = World(office, clock, program, stack)
        monkeypatch.setattr(alert_rules, "room_of", lambda folder: Room(folder, *world.space[0]))
        schedule(office, "0 3 * * *")
        world.pass_by(timedelta(minutes=2))
        assert [] == program.got
        yield world


def schedule(office: Office, cron: str, name: str = "tea") -> None:
    """A person's schedule that is on; what is missed is let go."""
    folder = folder_of(office.settings)
    folder.mkdir(parents=True, exist_ok=True)
    text = f"name: {name}\ncron: '{cron}'\npipeline: Social Week\ngoal: Write about tea.\nenabled: true\nmissed: skip\n"
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


Mend = Callable[[], object]


def a_goal_nobody_moves(world: World) -> Mend:
    """Nothing happens next, and nobody was asked."""
    with world.office.store.write() as tx:
        goal = add_goal(tx)

    def mend() -> None:
        with world.office.store.write() as tx:
            tx.goals.move(goal, GoalState.CANCELLED, by="person")

    return mend


def a_skill_no_worker_has(world: World) -> Mend:
    """A turn is held for it."""
    with world.office.store.write() as tx:
        turn = turns.create_without_goal(
            tx, brand="default", priority=Priority.P1, actor="director", verb="count", subject="gnomes"
        )
        assert turn is not None
        held = {"held_why": HeldWhy.SKILL, "error": "No worker that is running has the skill gnomes."}
        tx.conn.execute(update(u).where(u.c.id == turn.id).values(state=TurnState.HELD, **held))
    return lambda: world.cancel(turn.id)


def a_bell_nobody_hears(world: World) -> Mend:
    """Rung for half a minute, although a worker is free."""
    with world.office.store.write() as tx:
        turn = turns.create_without_goal(
            tx, brand="default", priority=Priority.P1, actor="director", verb="count", subject="elves"
        )
        assert turn is not None
        due = tx.now + timedelta(hours=1)
        out = {"state": TurnState.DISPATCHED, "rung_at": tx.now, "due_at": due}
        tx.conn.execute(update(u).where(u.c.id == turn.id).values(out))
    return lambda: world.cancel(turn.id)


def up_with(world: World, part: PartStatus) -> Mend:
    """Something is up in the workspace, and one of its parts stands so."""
    folder, well = world.office.settings.state_dir, PartStatus("workers", State.RUNNING, 4711, world.clock.now, 3, "")
    if world.up is None:
        world.up = world.stack.enter_context(state.held(folder, world.clock.now))
    up = world.up
    state.write(folder, replace(up, parts=(part,)))
    return lambda: state.write(folder, replace(up, parts=(well,)))


def a_child_in_circles(world: World) -> Mend:
    """It ended for the third time within a minute."""
    return up_with(world, PartStatus("workers", State.PAUSING, None, None, 3, "it ended with 1", 3))


def a_child_that_was_given_up(world: World) -> Mend:
    """It never came up."""
    return up_with(world, PartStatus("web", State.GIVEN_UP, None, None, 4, "it ended with 1 (the port is taken)", 5))


def spend(share: float, *, rehearsal: bool = False) -> Callable[[World], Mend]:
    """So much of the month is spent at once."""

    def inject(world: World) -> Mend:
        def set_to(nano: int) -> None:
            scope = month_scope("default", f"{world.clock.now:%Y-%m}")
            with world.office.store.write() as tx:
                tx.accounts.allow(scope, 0, rehearsal=rehearsal)
                mine = (acc.c.scope == scope, acc.c.rehearsal.is_(rehearsal))
                tx.conn.execute(update(acc).where(*mine).values(spent_nano=nano))

        set_to(int(share * 1000) * NANO)
        return lambda: set_to(0)

    return inject


def the_service_is_away(world: World) -> Mend:
    """Five calls in a row came to nothing."""
    with world.office.store.write() as tx:
        while breaker.went_wrong(tx, "claude", ModelAway("It answered with 529.")) is None:
            pass

    def mend() -> None:
        for _ in range(breaker.GOOD_PROBES):
            with world.office.store.write() as tx:
                breaker.went_well(tx, "claude")

    return mend


def a_slot_that_was_let_go(world: World) -> Mend:
    """By the schedule's own rule, since nobody looked in time."""
    slot = world.clock.now.replace(minute=0)
    with world.office.store.write() as tx:
        tx.slots.add("default", "tea", slot + timedelta(seconds=1), SlotFate.MISSED, "Nobody looked in time.")

    def mend() -> None:
        with world.office.store.write() as tx:
            tx.slots.add("default", "tea", slot + timedelta(seconds=2), SlotFate.RUN, "A person ran it.")

    return mend


def a_slot_whose_goal_is_too_dear(world: World) -> Mend:
    """Its budget is more than a month may cost since a person lowered that; mended once it fires again."""
    slot = world.clock.now.replace(minute=0)
    why = "Its goal could not be given: A budget of $50.00 is more than a month may cost ($40.00)."
    with world.office.store.write() as tx:
        tx.slots.add("default", "tea", slot + timedelta(seconds=3), SlotFate.NOT_STARTED, why)

    def mend() -> None:
        with world.office.store.write() as tx:
            tx.slots.add("default", "tea", slot + timedelta(seconds=4), SlotFate.FIRED, "Its time came.")

    return mend


def no_clock(world: World) -> Mend:
    """A slot passes, and no tick comes; it counts as missed two minutes later."""
    due = world.clock.now + timedelta(minutes=2)
    schedule(world.office, f"{due.minute} {due.hour} * * *", "coffee")
    tick(world.office)
    world.ticks = False
    world.pass_by(due + alert_rules.IN_TIME - world.clock.now)

    def mend() -> None:
        world.ticks = True
        with world.office.store.write() as tx:  # somebody looked, and let it go
            tx.slots.look_until("default", "coffee", tx.now, next_at=None)

    return mend


def a_full_disk(world: World) -> Mend:
    """Nine per cent are free; mended with a little more than is wanted for a full one."""
    world.space[0] = (9, 100)
    return lambda: world.space.__setitem__(0, (13, 100))


def a_question_for_over_a_day(world: World) -> Mend:
    """Nobody answers."""
    with world.office.store.write() as tx:
        goal = add_goal(tx)
        asked = questions.ask(tx, goal, AboutPlan(), "May this plan run?", version="1")
        assert asked is not None
        tx.conn.execute(update(schema.approvals).values(created_at=tx.now - timedelta(days=1)))

    def mend() -> None:
        with world.office.store.write() as tx:
            tx.approvals.close(asked, ApprovalState.ANSWERED)
            tx.goals.move(tx.goals.get(goal.id), GoalState.CANCELLED, by="person")

    return mend


def a_goal_that_failed(world: World) -> Mend:
    """Nothing mends that; after a day it is no news."""
    with world.office.store.write() as tx:
        goal = tx.goals.move(add_goal(tx), GoalState.FAILED, by="director", reason="The gnomes are out.")

    def mend() -> None:
        with world.office.store.write() as tx:
            long_ago = tx.now - timedelta(days=1, seconds=1)
            tx.conn.execute(update(g).where(g.c.id == goal.id).values(finished_at=long_ago))

    return mend


#: What is injected, by the rule that finds it and the word that is in what it says.
FAULTS: dict[str, tuple[Callable[[World], Mend], Rule, str]] = {
    "a goal nobody moves": (a_goal_nobody_moves, Rule.STUCK, "nothing happens next"),
    "a skill no worker has": (a_skill_no_worker_has, Rule.STUCK, "the skill gnomes"),
    "a bell nobody hears": (a_bell_nobody_hears, Rule.STUCK, "nobody hears its bell"),
    "a child in circles": (a_child_in_circles, Rule.RESTARTING, "workers ended 3 times in a row"),
    "a child that was given up": (a_child_that_was_given_up, Rule.RESTARTING, "is given up: it ended with 1"),
    "budget: warning": (spend(0.80), Rule.BUDGET, "level warning"),
    "budget: throttle": (spend(0.90), Rule.BUDGET, "level throttle"),
    "budget: critical": (spend(0.95), Rule.BUDGET, "level critical"),
    "budget: exhausted": (spend(1.00), Rule.BUDGET, "level exhausted"),
    "the service is away": (the_service_is_away, Rule.SERVICE, "does not answer"),
    "a slot that was let go": (a_slot_that_was_let_go, Rule.SLOT, "Nobody looked in time"),
    "a slot whose goal is too dear": (a_slot_whose_goal_is_too_dear, Rule.SLOT, "more than a month may cost"),
    "no clock": (no_clock, Rule.SLOT, "no clock has looked"),
    "a full disk": (a_full_disk, Rule.DISK, "9% of the disk"),
    "a question for over a day": (a_question_for_over_a_day, Rule.QUESTION, "has waited for over a day"),
    "a goal that failed": (a_goal_that_failed, Rule.GOAL, "The gnomes are out"),
}

A_MINUTE = timedelta(minutes=1)


def test_each_fault_is_alerted_to_once_within_a_minute_and_resolved_once(world: World) -> None:
    """Sixteen of them, one after the other. What is said names the four things, and a command."""
    assert set(Rule) == {rule for _, rule, _ in FAULTS.values()}
    for name, (inject, rule, word) in FAULTS.items():
        world.program.got.clear()
        mend = inject(world)
        world.pass_by(A_MINUTE)

        [alert] = world.open()
        assert (rule, True) == (alert.rule, word in alert.what), name
        assert all((alert.what, alert.costs, alert.does, alert.command)), name
        assert {("raised", rule, alert.subject): 1} == world.told(), name
        mend()
        world.pass_by(A_MINUTE)

        assert [] == world.open(), name
        over = {} if rule.ends_quietly else {("resolved", rule, alert.subject): 1}
        assert {("raised", rule, alert.subject): 1, **over} == world.told(), name


def test_several_faults_at_once_are_each_alerted_to_once_however_long_they_last(world: World) -> None:
    """All that can be wrong beside each other."""
    beside = [
        name
        for name in FAULTS
        if name
        not in ("budget: warning", "budget: throttle", "budget: critical", "no clock", "a slot whose goal is too dear")
    ]
    beside.remove("a child in circles")
    mends = [FAULTS[name][0](world) for name in beside]
    world.pass_by(5 * A_MINUTE)

    assert len(beside) == len(world.open()) == len(world.told())
    for mend in mends:
        mend()
    world.pass_by(2 * A_MINUTE)

    assert [] == world.open()
    assert {1} == set(world.told().values())
    assert 2 * len(beside) - 1 == len(world.told())  # one ends quietly


def test_an_ordinary_morning_raises_nothing(world: World) -> None:
    """The clock gives a goal, which is completed; a question is answered; the disk fills a bit."""
    world.space[0] = (11, 100)
    world.works = True
    schedule(world.office, "10 * * * *", "coffee")
    with world.office.store.write() as tx:
        goal = add_goal(tx)
        asked = questions.ask(tx, goal, AboutPlan(), "May this plan run?", version="1")
        assert asked is not None
    world.pass_by(timedelta(minutes=9))
    with world.office.store.write() as tx:
        tx.approvals.close(asked, ApprovalState.ANSWERED)
        tx.goals.move(tx.goals.get(goal.id), GoalState.CANCELLED, by="person")
    world.pass_by(A_MINUTE)

    assert [] == world.program.got
    assert [] == world.open()
    with world.office.store.read() as tx:
        assert [GoalState.COMPLETED] == [each.state for each in tx.goals.all() if each.text == "Write about tea."]


@pytest.mark.parametrize("slept", [False, True])
def test_what_was_left_over_by_a_night_without_anybody_is_not_stuck(world: World, slept: bool) -> None:
    """Who comes in the morning, or wakes then, finds slots and turns that are overdue, and has not looked after them yet."""
    with world.office.store.write() as tx:
        for number in range(3):
            turns.create_without_goal(
                tx, brand="default", priority=Priority.P1, actor="director", verb="count", subject=f"gnome {number}"
            )
    world.clock.forward(timedelta(hours=20, seconds=7))
    if not slept:
        world.watch = Watch(world.office)
    at_work(world.office)
    world.watch.look()
    with world.office.store.write() as tx:
        tx.conn.execute(update(u).where(u.c.verb == "count").values(state=TurnState.DONE, due_at=None))
    tick(world.office)
    world.pass_by(timedelta(minutes=5))

    assert {("raised", "slot missed", "tea"): 1} == world.told(), "its own rule let the night's slots go"


def test_a_look_before_a_break_does_not_count_for_one_after_it(world: World) -> None:
    """Looks in a row are seconds apart: what was not seen yesterday, and not now either, may have been there all night."""
    mend = a_full_disk(world)
    world.pass_by(LOOK_EVERY)
    mend()
    world.pass_by(LOOK_EVERY)
    world.clock.forward(timedelta(hours=8))
    world.pass_by((GONE - 1) * LOOK_EVERY)
    assert [Rule.DISK] == [alert.rule for alert in world.open()]
    world.pass_by(LOOK_EVERY)
    assert [] == world.open()


def test_what_is_paid_and_what_is_rehearsed_are_alerts_of_their_own(world: World) -> None:
    """A month that was rehearsed to its end takes nobody's money, and its alert says so."""
    mends = [spend(0.81)(world), spend(1.00, rehearsal=True)(world)]
    world.pass_by(A_MINUTE)

    levels = {alert.subject: alert.grade for alert in world.open()}
    assert {"default paid", "default rehearsed"} == levels.keys()
    assert levels["default paid"] < levels["default rehearsed"]
    for mend in mends:
        mend()
    world.pass_by(A_MINUTE)
    assert [] == world.open()


def test_of_slots_only_those_that_were_to_start_something_lately_are_told(world: World) -> None:
    """Neither what was let go over a day ago, nor what passed while its schedule was off."""
    a_slot_that_was_let_go(world)
    world.pass_by(A_MINUTE)
    assert [Rule.SLOT] == [alert.rule for alert in world.open()]
    world.clock.forward(alert_rules.NEWS)
    with world.office.store.write() as tx:  # whose last slot is the one that was let go, and who was looked at since
        tx.slots.look_until("default", "tea", tx.now, next_at=None)
    world.pass_by(3 * A_MINUTE)
    assert [] == world.open()

    world.ticks = False
    with world.office.store.write() as tx:
        tx.slots.enable("default", "tea", enabled=False)
    world.clock.forward(timedelta(days=2))
    world.pass_by(3 * A_MINUTE)
    assert [] == world.open()


def test_what_stands_still_names_the_goals_that_wait_for_it(world: World) -> None:
    """Else nobody knows whether it matters."""
    a_goal_nobody_moves(world)
    world.pass_by(A_MINUTE)

    assert ["What needs them waits: g1."] == [alert.costs for alert in world.open()]


def test_a_record_that_goes_away_is_no_fault_of_a_rule(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Who looks is told, and says it once for all; no stack, and no rule is left out."""

    def away(_looking: alert_rules.Looking) -> alert_rules.Found:
        raise StoreError("The database cannot be used now.")

    world.watch = Watch(world.office, {Rule.RESTARTING: away})
    world.clock.forward(LOOK_EVERY)
    with pytest.raises(StoreError):
        world.watch.look()

    assert [] == [said for said in caplog.messages if "cannot be looked at" in said]


def test_a_rule_that_fails_anew_is_told_of_anew(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """In between it was looked at: who read of the first time believes that it is over."""
    fails = [True]

    def finds(_looking: alert_rules.Looking) -> alert_rules.Found:
        if fails[0]:
            raise ZeroDivisionError
        return []

    world.watch = Watch(world.office, {Rule.RESTARTING: finds})
    for fails[0] in (True, True, False, True):
        world.clock.forward(LOOK_EVERY)
        assert world.watch.look()

    assert 2 == sum("cannot be looked at" in said for said in caplog.messages)


def test_what_gets_worse_is_raised_anew_and_what_gets_better_is_over(world: World) -> None:
    """A month's levels: one alert is open at a time, and nobody hears that a level is over because the next is reached."""
    for share in (0.81, 0.91, 0.96):
        mend = spend(share)(world)
        world.pass_by(A_MINUTE)
    said = [json.loads(got.body) for got in world.program.got]
    assert ["alert.raised"] * 3 == [each["type"] for each in said]
    assert ["warning", "throttle", "critical"] == [
        each["data"]["what"].split("level ")[1].split(" ")[0] for each in said
    ]
    assert 1 == len(world.open())

    spend(0.85)(world)
    world.pass_by(A_MINUTE)
    assert ["alert.resolved"] == [json.loads(got.body)["type"] for got in world.program.got[3:]]
    assert ["level warning" in alert.what for alert in world.open()] == [True]

    mend()
    world.pass_by(A_MINUTE)
    assert ["alert.resolved"] * 2 == [json.loads(got.body)["type"] for got in world.program.got[3:]]
    assert [] == world.open()


def test_more_than_a_person_reads_are_counted(world: World) -> None:
    """A hundred questions that waited a day are twenty notices, of which the last says how many there are."""
    with world.office.store.write() as tx:
        goal = add_goal(tx)
        for number in range(100):
            questions.ask(tx, goal, AboutPlan(), "May this plan run?", version=str(number))
        tx.conn.execute(update(schema.approvals).values(created_at=tx.now - timedelta(days=1)))
    world.pass_by(A_MINUTE)

    assert MOST == len(world.open()) == len(world.told())
    assert "100 by now" in world.open()[-1].what


def test_a_rule_that_fails_keeps_no_other_and_forgets_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its stack is in the log once; what it found stays open, and what the others find is told."""
    mend = a_full_disk(world)
    world.pass_by(A_MINUTE)

    def fault(_folder: object) -> Room:
        raise ZeroDivisionError

    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR, "director.upkeep.alerts"):
        broken.setattr(alert_rules, "room_of", fault)
        the_service_is_away(world)
        world.pass_by(A_MINUTE)

    assert [Rule.DISK, Rule.SERVICE] == [alert.rule for alert in world.open()]
    assert 1 == sum("cannot be looked at" in said for said in caplog.messages)
    mend()
    world.pass_by(A_MINUTE)
    assert [Rule.SERVICE] == [alert.rule for alert in world.open()]


def test_one_process_looks_and_another_goes_on_where_it_left(world: World) -> None:
    """What is open is on record: nobody raises it again, and who comes later finds that it is over."""
    mend = a_full_disk(world)
    world.pass_by(A_MINUTE)
    world.watch = Watch(replace(world.office, owner="another"))
    at_work(world.office)
    assert not world.watch.look(), "somebody else has the duty"
    world.clock.forward(A_MINUTE)
    assert world.watch.look()
    world.pass_by(A_MINUTE)
    assert 1 == len(world.program.got)

    mend()
    world.pass_by(A_MINUTE)

    assert {("raised", "disk", "workspace"): 1, ("resolved", "disk", "workspace"): 1} == world.told()


def test_the_log_is_told_where_nobody_else_is(
    open_with: Callable[..., Office], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, clock: SetClock
) -> None:
    """A line with what happened and what changes it, and one when it is over."""
    space = [(9, 100)]
    monkeypatch.setattr(alert_rules, "room_of", lambda folder: Room(folder, *space[0]))
    watch = Watch(open_with())
    with caplog.at_level(logging.WARNING, "director.upkeep.alerts"):
        watch.look()
        space[0] = ROOMY
        for _ in range(GONE):
            clock.forward(LOOK_EVERY)
            watch.look()

    raised, over = (record.getMessage() for record in caplog.records if record.name == alerts.__name__)
    assert raised.startswith("Alert al1: 9% of the disk with ")
    assert "What changes it: du " in raised
    assert over.startswith("Alert al1 is over: 9% of the disk with ")


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_record_has_one_open_alert_of_a_rule_and_a_subject(
    database: str, open_with: Callable[..., Office], request: pytest.FixtureRequest
) -> None:
    """Whoever comes second, to raise or to resolve it, did nothing; once it is over there may be another."""
    office = open_with(database_url=request.getfixturevalue("empty_url") if database == "postgresql" else None)
    with office.store.write() as tx:
        first = tx.alerts.add("default", finding("gnomes", 1))
        assert first is not None
        assert None is tx.alerts.add("default", finding("gnomes", 2))
        over = tx.alerts.resolve(first)
        assert over is not None
        assert None is tx.alerts.resolve(first)
        second = tx.alerts.add("default", finding("gnomes", 3))
    with office.store.read() as tx:
        assert ([second], [over]) == (tx.alerts.open("default"), tx.alerts.resolved("default", limit=9))


subjects = st.sampled_from(["gnomes", "elves"])
looks = st.lists(st.none() | st.dictionaries(subjects, st.integers(1, 3)), max_size=30)


@given(looks)
def test_whatever_comes_and_goes_of_a_subject_one_alert_is_open_and_none_is_lost(
    course: list[dict[str, int] | None],
) -> None:
    """
    Told of what is raised at most once until it is told over; what is found is open after the look; what was not found for GONE
    looks is not; where it cannot be known, nothing changes.
    """
    opened: dict[str, Alert] = {}
    not_found: Counter[str] = Counter()
    numbers = iter(range(1000))
    missed: Counter[str] = Counter()
    for grades in course:
        before = dict(opened)
        found = {} if grades is None else {Rule.STUCK: [finding(name, grade) for name, grade in grades.items()]}
        changes = compare(list(opened.values()), found, not_found)
        for alert, _ in changes.over:
            assert alert == opened.pop(alert.subject)
        for new, _ in changes.raised:
            assert new.subject not in opened
            opened[new.subject] = alert_of(new, f"al{next(numbers)}")
        if grades is None:
            assert before == opened
            continue
        for name in ("gnomes", "elves"):
            missed[name] = 0 if name in grades else missed[name] + 1
            if name in grades:
                assert grades[name] == opened[name].grade
            elif name in before:
                assert (missed[name] < GONE) == (name in opened)


def finding(subject: str, grade: int) -> Finding:
    """Something that is so bad."""
    return Finding(Rule.STUCK, subject, "a", "b", "c", "d", grade)


def alert_of(found: Finding, ident: str) -> Alert:
    """As it is on record."""
    now = datetime(2026, 11, 22)  # noqa: DTZ001 - nobody looks at it
    return Alert(ident, "default", found.rule, found.subject, found.grade, "a", "b", "c", "d", now, None)
