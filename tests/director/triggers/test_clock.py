"""The clock: each slot of each schedule has one fate, whoever looks, however often and however late."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from director.bootstrap import open_office
from director.calls.caps import month_scope
from director.catalog import Catalog
from director.files.context import CONTEXT
from director.goals.pause import pause_all, resume_all
from director.goals.set_caps import set_caps
from director.goals.submit import NewGoal, check
from director.mailbox import admission
from director.office import Office
from director.triggers.clock import MOST_ROWS, summed_up, tick, upcoming
from director.triggers.cron import Cron
from director.triggers.schedules import folder_of, load
from director.words.amounts import NANO
from director.words.errors import StoreError
from director.words.models import Goal, Slot
from director.words.settings import Settings
from director.words.states import GoalState, PlanBy, Priority, SlotFate, TurnState
from tests.conftest import SetClock

FIRED, SKIPPED, MISSED, NOT_STARTED = SlotFate.FIRED, SlotFate.SKIPPED, SlotFate.MISSED, SlotFate.NOT_STARTED


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of November 2026; the tests' clock begins on the 22nd at nine."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def schedule(office: Office, line: str = "0 12 * * *", name: str = "tea", **more: object) -> None:
    """A person's schedule that is on, daily at noon."""
    fields = {"name": name, "cron": f"'{line}'", "goal": "Write about tea on {date}.", "enabled": "true", **more}
    folder = folder_of(office.settings)
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{key}: {value}\n" for key, value in fields.items())
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def look(office: Office, clock: SetClock, when: datetime) -> int:
    """A tick at that time."""
    clock.now = when
    return tick(office)


def slots(office: Office, name: str = "tea", limit: int = 10_000) -> list[Slot]:
    """The slots that have a fate, oldest first."""
    with office.store.read() as tx:
        return tx.slots.of_schedule(office.brand, name, limit=limit)[::-1]


def fates(office: Office, name: str = "tea") -> list[tuple[datetime, SlotFate]]:
    """When, and what became of it."""
    return [(slot.slot, slot.fate) for slot in slots(office, name)]


def goals(office: Office) -> list[Goal]:
    """All goals, oldest first."""
    with office.store.read() as tx:
        return tx.goals.all()[::-1]


def end_all(office: Office) -> None:
    """Every goal is over."""
    for goal in goals(office):
        if goal.state is GoalState.PLANNING:
            with office.store.write() as tx:
                tx.goals.move(goal, GoalState.CANCELLED, by="test")


def test_a_schedule_begins_with_the_first_slot_after_it_was_seen(office: Office, clock: SetClock) -> None:
    """A new installation never catches up on the past."""
    schedule(office, "0 * * * *")
    assert [0, 0, 1] == [
        look(office, clock, at(22, 9)),
        look(office, clock, at(22, 9, 59)),
        look(office, clock, at(22, 10)),
    ]
    assert [(at(22, 10), FIRED)] == fates(office)


def test_a_slot_that_fires_is_a_goal_with_its_first_turn(office: Office, clock: SetClock) -> None:
    """What the file says of it, the slot's date in its words, the turn that plans it, and what started it."""
    schedule(office, pipeline="Social Week", priority="P1", cap=3)
    tick(office)
    look(office, clock, at(22, 12))
    (goal,) = goals(office)
    assert ("Write about tea on 2026-11-22.", "Social Week", Priority.P1, 3 * NANO, PlanBy.TEMPLATE, True) == (
        goal.text, goal.pipeline, goal.priority, goal.cap_nano, goal.plan_by, goal.rehearsal,
    )  # fmt: skip
    with office.store.read() as tx:
        assert tx.slots.behind(goal.id) == slots(office)[0]
        (turn,) = tx.turns.of_goal(goal.id)
    assert (turn.verb, turn.state) == ("plan", TurnState.DISPATCHED)


def test_the_same_tick_again_does_nothing(office: Office, clock: SetClock) -> None:
    """What comes twice or late changes nothing."""
    schedule(office)
    tick(office)
    assert [1, 0, 0] == [
        look(office, clock, at(22, 12)),
        look(office, clock, at(22, 12)),
        look(office, clock, at(22, 12, 1)),
    ]
    assert 1 == len(goals(office))


def test_the_record_knows_when_a_schedule_is_due_next(office: Office, clock: SetClock) -> None:
    """For what is kept in a cache until then; nothing while it is off, by a person's word or its file's."""

    def is_due(since: datetime, until: datetime) -> bool:
        with office.store.read() as tx:
            return tx.slots.any_due(office.brand, since, until)

    schedule(office)
    look(office, clock, at(22, 11))
    assert (is_due(at(22, 11), at(22, 11, 59)), is_due(at(22, 11), at(22, 12))) == (False, True)
    look(office, clock, at(22, 12))
    assert (is_due(at(22, 11), at(23, 11)), is_due(at(22, 13), at(23, 12))) == (False, True)
    schedule(office, enabled="false")
    look(office, clock, at(22, 13))
    assert not is_due(at(22), at(29))
    schedule(office)
    look(office, clock, at(22, 14))
    assert is_due(at(22), at(29))
    with office.store.write() as tx:
        tx.slots.enable(office.brand, "tea", enabled=False)
    assert not is_due(at(22), at(29))


def test_a_slot_that_is_looked_at_a_little_late_is_in_time(office: Office, clock: SetClock) -> None:
    """A minute tick is never quite on the minute."""
    schedule(office, missed="skip")
    tick(office)
    assert 1 == look(office, clock, at(22, 12, 2))


def test_no_goal_while_the_one_before_is_open(office: Office, clock: SetClock) -> None:
    """It is recorded as skipped, and says which goal; the slot after its end fires."""
    schedule(office)
    tick(office)
    look(office, clock, at(22, 12))
    assert 0 == look(office, clock, at(23, 12))
    assert slots(office)[-1].why == "The goal of an earlier slot, g1, is still open."
    end_all(office)
    assert 1 == look(office, clock, at(24, 12))
    assert [FIRED, SKIPPED, FIRED] == [fate for _, fate in fates(office)]


def test_another_schedules_goal_is_in_nobodys_way(office: Office, clock: SetClock) -> None:
    """Two schedules of one time both fire."""
    schedule(office)
    schedule(office, name="coffee")
    tick(office)
    assert 2 == look(office, clock, at(22, 12))


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("latest", [SKIPPED, SKIPPED, FIRED]),
        ("skip", [MISSED, MISSED, MISSED]),
        ("all", [FIRED, FIRED, FIRED]),
    ],
)
def test_what_was_missed_follows_the_schedules_policy(
    office: Office, clock: SetClock, policy: str, expected: list[SlotFate]
) -> None:
    """Three days nobody looked: the newest is made up for, or none, or all."""
    schedule(office, missed=policy)
    tick(office)
    assert expected.count(FIRED) == look(office, clock, at(24, 18))
    assert list(zip([at(22, 12), at(23, 12), at(24, 12)], expected, strict=True)) == fates(office)


def test_of_all_that_were_missed_only_so_many_are_made_up_for(office: Office, clock: SetClock) -> None:
    """The newest, up to `most`."""
    schedule(office, missed="all", most=2)
    tick(office)
    look(office, clock, at(25, 18))
    assert [SKIPPED, SKIPPED, FIRED, FIRED] == [fate for _, fate in fates(office)]
    assert ["Write about tea on 2026-11-24.", "Write about tea on 2026-11-25."] == [goal.text for goal in goals(office)]


def test_what_was_missed_is_not_made_up_for_where_a_newer_one_is_in_time(office: Office, clock: SetClock) -> None:
    """`latest` runs one, the newest."""
    schedule(office)
    tick(office)
    assert 1 == look(office, clock, at(24, 12))
    assert [SKIPPED, SKIPPED, FIRED] == [fate for _, fate in fates(office)]
    assert "only the newest is run, 2026-11-24 12:00 UTC." in slots(office)[0].why


def test_what_was_missed_too_long_ago_is_let_go(office: Office, clock: SetClock) -> None:
    """`latest` looks back over so many days; a monthly one of last week's Monday is not run on the second Wednesday."""
    schedule(office, "0 12 23 * *", within_days=2)
    tick(office)
    assert 0 == look(office, clock, at(25, 13))
    (slot,) = slots(office)
    assert (at(23, 12), MISSED) == (slot.slot, slot.fate)
    assert "more than 2 days" in slot.why


def test_a_year_away_is_little_work_and_few_rows(
    office: Office, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A schedule for each minute: the newest have rows, all before them share two, and every slot between is accounted for."""
    schedule(office, "* * * * *")
    tick(office)
    steps = 0
    after = Cron.after

    def counted(cron: Cron, since: datetime) -> Iterator[datetime]:
        nonlocal steps
        for slot in after(cron, since):
            steps += 1
            yield slot

    monkeypatch.setattr("director.triggers.cron.Cron.after", counted)
    begin, end = clock.now, clock.now + timedelta(days=365)
    look(office, clock, end)
    assert steps < 7 * 24 * 60 + 10_000 + 2 * 3 * 24 * 60
    found = slots(office)
    assert MOST_ROWS + 2 == len(found)
    assert (begin + timedelta(minutes=1), end) == (found[0].slot, found[-1].slot)
    assert "more than 10,000 slots" in found[0].why
    with office.store.read() as tx:
        tea = load(office.settings, office.catalog).schedules["tea"]
        let_go = summed_up(tx, office, tea)
        assert let_go(begin + timedelta(minutes=2))
        assert let_go(found[1].slot - timedelta(minutes=1))
        assert all(later.slot - earlier.slot == timedelta(minutes=1) for earlier, later in pairwise(found[1:]))


@pytest.mark.parametrize("was_at", [at(23, 2), at(25, 9)], ids=["before it began", "after it began"])
def test_a_month_away_behind_a_clock_that_was_set_back_is_accounted_for(
    office: Office, clock: SetClock, was_at: datetime
) -> None:
    """Slots that have their fates stand between those that are let go now."""
    schedule(office, "0 * * * *")
    tick(office)
    for when in (was_at, was_at - timedelta(hours=30), was_at + timedelta(days=21)):
        look(office, clock, when)
    kept = {slot.slot for slot in slots(office)}
    with office.store.read() as tx:
        tea = load(office.settings, office.catalog).schedules["tea"]
        let_go = summed_up(tx, office, tea)
        due = tea.cron.between(at(22, 9), clock.now)
        assert [] == [slot for slot in due if slot not in kept and not let_go(slot)]


def test_two_slots_that_were_missed_are_not_of_one_look(office: Office, clock: SetClock) -> None:
    """What lies between the rows of two looks is not taken for summed up."""
    schedule(office, missed="skip")
    tick(office)
    look(office, clock, at(22, 18))
    look(office, clock, at(23, 18))
    with office.store.read() as tx:
        tea = load(office.settings, office.catalog).schedules["tea"]
        assert not summed_up(tx, office, tea)(at(23))


def test_one_that_is_off_leaves_nothing_behind(office: Office, clock: SetClock) -> None:
    """Neither a row nor a goal."""
    schedule(office, enabled="false")
    tick(office)
    assert 0 == look(office, clock, at(22, 12))
    with office.store.read() as tx:
        assert tx.slots.schedule(office.brand, "tea") is None


@pytest.mark.parametrize("how", ["command", "file"])
def test_one_that_is_on_again_begins_with_the_next_slot(office: Office, clock: SetClock, how: str) -> None:
    """What was due while it was off is not made up for, whether a command switched it or its file."""

    def switch(*, on: bool) -> None:
        if how == "file":
            schedule(office, enabled=str(on).lower())
        else:
            with office.store.write() as tx:
                tx.slots.enable(office.brand, "tea", enabled=on)

    schedule(office)
    tick(office)
    switch(on=False)
    assert 0 == look(office, clock, at(22, 12))
    look(office, clock, at(23, 18))
    switch(on=True)
    assert 0 == look(office, clock, at(23, 18))
    assert 1 == look(office, clock, at(24, 12))
    assert [(at(24, 12), FIRED)] == fates(office)


def test_a_person_says_more_than_the_file(office: Office, clock: SetClock) -> None:
    """A schedule of ours is on by a command, and one whose file says so is off by one."""
    schedule(office)
    with office.store.write() as tx:
        tx.slots.enable(office.brand, "tea", enabled=False)
        tx.slots.enable(office.brand, "daily-social", enabled=True)
    assert 1 == look(office, clock, at(23, 6))
    assert ([], [(at(23, 6), FIRED)]) == (fates(office), fates(office, "daily-social"))


def test_no_goal_where_the_month_has_no_room_for_its_cap(office: Office, clock: SetClock) -> None:
    """It is skipped, and says what is left; in the next month it fires."""
    schedule(office, cap=100)
    tick(office)
    with office.store.write() as tx:
        spent = office.settings.budget_monthly - 99 * NANO
        assert tx.accounts.reserve(
            month_scope(office.brand, "2026-11"), spent, rehearsal=True, cap_nano=office.settings.budget_monthly
        )
    assert 0 == look(office, clock, at(22, 12))
    assert slots(office)[0].why == "Its goal may cost $100.00, and $99.00 is left of the month 2026-11."
    assert 1 == look(office, clock, datetime(2026, 12, 1, 12, 0, tzinfo=UTC))


def test_no_goal_whose_priority_the_month_holds(office: Office, clock: SetClock) -> None:
    """It would only wait, as would each after it; what is urgent enough fires."""
    schedule(office, cap=1, priority="P3")
    schedule(office, name="coffee", cap=1, priority="P2")
    tick(office)
    with office.store.write() as tx:
        scope, spent = month_scope(office.brand, "2026-11"), office.settings.budget_monthly * 8 // 10
        assert tx.accounts.reserve(scope, spent, rehearsal=True, cap_nano=None)
        tx.accounts.settle(scope, rehearsal=True, reserved_nano=spent, spent_nano=spent)
    assert 1 == look(office, clock, at(22, 12))
    assert "level warning" in slots(office)[0].why
    assert [(at(22, 12), FIRED)] == fates(office, "coffee")


def test_no_goal_while_everything_is_paused(office: Office, clock: SetClock) -> None:
    """The slot says so; once work is resumed the next one fires."""
    schedule(office)
    tick(office)
    pause_all(office)
    assert 0 == look(office, clock, at(22, 12))
    assert "All work is paused" in slots(office)[0].why
    resume_all(office)
    assert 1 == look(office, clock, at(23, 12))


def test_a_month_without_money_starts_nothing(open_with: Callable[..., Office], clock: SetClock) -> None:
    """With a budget of nothing a goal could do nothing."""
    office = open_with(budget_monthly=0)
    schedule(office)
    tick(office)
    assert 0 == look(office, clock, at(22, 12))
    assert [SKIPPED] == [fate for _, fate in fates(office)]


def test_a_schedules_budget_is_held_against_the_month_that_is_in_force(office: Office, clock: SetClock) -> None:
    """A month a person raised over the settings lets it fire; in one they lowered under it the slot says the figure."""
    schedule(office, cap=1500)
    tick(office)
    set_caps(office, monthly_nano=2000 * NANO, daily_nano=None)
    assert 1 == look(office, clock, at(22, 12))
    end_all(office)
    set_caps(office, monthly_nano=40 * NANO, daily_nano=None)
    assert 0 == look(office, clock, at(23, 12))
    assert "$1500.00 is more than a month may cost ($40.00)" in slots(office)[-1].why


def test_a_goal_that_cannot_be_given_is_not_started_with_the_sentence(office: Office, clock: SetClock) -> None:
    """Here a product context that is no text; the other schedules go on."""
    schedule(office, name="a")
    schedule(office, name="b", cap=1001)
    schedule(office, name="c")
    tick(office)
    assert 2 == look(office, clock, at(22, 12))
    (slot,) = slots(office, "b")
    assert slot.fate is NOT_STARTED
    assert slot.why.startswith("Its goal could not be given: A budget of $1001.00 is more than a month may cost")
    context = office.settings.workspace_dir / CONTEXT
    context.parent.mkdir()
    context.write_bytes(b"\xff\xfe\x00")
    end_all(office)
    assert 0 == look(office, clock, at(23, 12))
    assert slots(office, "a")[-1].fate is NOT_STARTED
    assert slots(office, "a")[-1].why.startswith("Its goal could not be given: ")


def test_a_broken_file_rests_and_the_others_run(
    office: Office, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told of once, and what was due meanwhile follows the policy when it is mended."""
    schedule(office)
    schedule(office, name="coffee")
    tick(office)
    schedule(office, name="coffee", most=0)
    assert 1 == look(office, clock, at(22, 12))
    look(office, clock, at(22, 12, 1))
    assert 1 == caplog.text.count("A schedule rests, its file is broken: ")
    schedule(office, name="coffee")
    assert 1 == look(office, clock, at(22, 18))
    assert [(at(22, 12), FIRED)] == fates(office, "coffee")


def test_a_clock_that_was_set_back_waits_until_it_is_where_it_was(office: Office, clock: SetClock) -> None:
    """No slot twice, and none before."""
    schedule(office, "0 * * * *")
    tick(office)
    look(office, clock, at(22, 12))
    end_all(office)
    assert 0 == look(office, clock, at(22, 9, 30))
    assert 0 == look(office, clock, at(22, 12))
    assert 1 == look(office, clock, at(22, 13))


def test_a_clock_that_was_far_ahead_is_not_waited_for(office: Office, clock: SetClock) -> None:
    """More than a day ahead it was wrong: schedules go on now, and a slot that had its fate keeps it."""
    schedule(office)
    tick(office)
    look(office, clock, at(28, 18))
    before = slots(office)
    end_all(office)
    assert 0 == look(office, clock, at(24, 11))
    for day in (24, 25, 26, 27, 28):
        assert 0 == look(office, clock, at(day, 12))
    assert before == slots(office)
    assert 1 == look(office, clock, at(29, 12))


def test_a_process_that_dies_before_the_commit_changed_nothing(
    office: Office, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The goal, its turn, the slot's fate and how far one has looked are one transaction; the bell comes after it."""
    schedule(office)
    tick(office)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as dying:
        dying.setattr("director.store.slots.Slots.add", killed)
        with pytest.raises(KeyboardInterrupt):
            look(office, clock, at(22, 12))
    assert ([], []) == (goals(office), slots(office))
    monkeypatch.setattr(admission, "ring", killed)
    with pytest.raises(KeyboardInterrupt):
        tick(office)
    assert (1, [FIRED]) == (len(goals(office)), [fate for _, fate in fates(office)])
    assert 0 == tick(office)


def test_a_fault_at_one_schedule_stops_no_other(
    office: Office, clock: SetClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is in the log with its stack, nothing half done is kept, and the slot stays due."""
    schedule(office, name="a", goal="Break it.")
    schedule(office, name="b")
    tick(office)

    def faulty(settings: Settings, catalog: Catalog, text: str, **wanted: Any) -> NewGoal:
        if text == "Break it.":
            raise ZeroDivisionError
        return check(settings, catalog, text, **wanted)

    with monkeypatch.context() as patch:
        patch.setattr("director.triggers.clock.check", faulty)
        assert 1 == look(office, clock, at(22, 12))
    assert "The schedule a could not be looked at." in caplog.text
    assert ([], [(at(22, 12), FIRED)]) == (fates(office, "a"), fates(office, "b"))
    assert 1 == tick(office)


def test_a_record_that_is_away_is_told_to_who_asked(office: Office, clock: SetClock) -> None:
    """The next tick does what this one could not."""
    schedule(office)
    tick(office)
    clock.now = at(22, 12)
    folder = office.settings.state_dir
    office.store.close()
    folder.rename(folder.with_name("gone"))
    with pytest.raises(StoreError):
        tick(office)
    folder.with_name("gone").rename(folder)
    assert 1 == tick(office)


def test_what_is_to_come_is_in_the_order_of_time(office: Office, clock: SetClock) -> None:
    """Of all that are on, the soonest first; nothing where all are off."""
    assert [] == upcoming(office, 3)
    schedule(office, "0 */8 * * *")
    schedule(office, "30 12 * * *", name="coffee")
    schedule(office, name="off", enabled="false")
    assert [(at(22, 12, 30), "coffee"), (at(22, 16), "tea"), (at(23), "tea")] == [
        (slot, of.name) for slot, of in upcoming(office, 3)
    ]


def test_another_process_goes_on_where_one_stopped(office: Office, clock: SetClock) -> None:
    """Nothing is known but what is on record."""
    schedule(office)
    tick(office)
    clock.now = at(22, 12)
    other = open_office(office.settings, clock=clock)
    try:
        assert [1, 0] == [tick(other), tick(office)]
    finally:
        other.close()
