"""Following a goal while the record is away: it is said once, and following goes on."""

import logging
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from director.cli import team_slot
from director.cli.follow import follow
from director.cli.run import follow_worker
from director.goals.submit import submit
from director.mailbox import admission, failures, turns
from director.mailbox.turns import Held
from director.office import Office
from director.progress.advance import cancel_goal
from director.progress.on_turn_failure import after_failure
from director.words import log
from director.words.errors import ModelAway, NotFound, StoreError
from director.words.models import Goal
from director.words.reach import Reach
from director.words.states import GoalState
from tests.conftest import SetClock
from tests.director.conftest import Impatience, RecordAway

SENTENCE = (
    "The database cannot be used now: unable to open database file. Following g1 goes on by itself when it can.\n"
)


def stop(office: Office, goal: Goal) -> None:
    """Somebody cancels it."""
    with office.store.write() as tx:
        assert cancel_goal(tx, goal.id, "enough", by="person")


def at_terminal(monkeypatch: pytest.MonkeyPatch, *, complaints_too: bool = True) -> None:
    """A person looks at standard output, and at standard error unless that goes to a file."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: complaints_too)


@pytest.fixture
def logging_as_ours() -> Iterator[None]:
    """Set up as in a command that is its own worker; afterwards it is what it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    log.configure("warning", "pretty", ())
    yield
    root.handlers = handlers
    root.setLevel(level)


@pytest.mark.parametrize("json", [False, True])
def test_a_record_that_is_away_is_said_once_and_waited_for(
    office: Office, record_away: RecordAway, given_goal: Callable[..., Goal], capsys: pytest.CaptureFixture[str],
    json: bool,
) -> None:  # fmt: skip
    """On standard error, so that scripts read what they always read; what happened is told when it is back."""
    goal = given_goal()
    stop(office, goal)
    patient = replace(office, closing=Impatience(record_away.come_back))
    record_away.go()
    found, _ = follow(patient, goal.id, json=json)
    said = capsys.readouterr()

    assert GoalState.CANCELLED is found.state
    assert SENTENCE == said.err
    assert ([] if json else ["planning", "cancelled"]) == [line.split()[3] for line in said.out.splitlines()]


def test_the_live_table_has_the_sentence_above_it(
    office: Office, record_away: RecordAway, given_goal: Callable[..., Goal], capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """A line of its own, not in the middle of what is drawn in place."""
    at_terminal(monkeypatch)
    goal = given_goal()
    stop(office, goal)
    patient = replace(office, closing=Impatience(record_away.come_back))
    record_away.go()
    follow(patient, goal.id, json=False)
    said = capsys.readouterr()

    assert said.err == ""
    above, _, table = said.out.partition(SENTENCE)
    assert "cancelled" in table
    assert "cancelled" not in above


@pytest.mark.usefixtures("logging_as_ours")
@pytest.mark.parametrize("complaints_too", [True, False])
def test_a_log_line_is_not_drawn_into_the_live_table(
    office: Office, given_goal: Callable[..., Goal], capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, complaints_too: bool,
) -> None:  # fmt: skip
    """Logging began before the table: its lines come above it all the same, or stay in the file they are meant for."""
    at_terminal(monkeypatch, complaints_too=complaints_too)
    goal = given_goal()
    logged: list[None] = []

    def log_once(_tx: object, _goal: object) -> bool:
        if not logged:
            logged.append(logging.getLogger("gnomes").warning("The gnomes are away."))
            stop(office, goal)
        return False

    follow(office, goal.id, json=False, until=log_once)
    said = capsys.readouterr()

    assert complaints_too is ("The gnomes are away." in said.out)
    assert complaints_too is not ("The gnomes are away." in said.err)
    before = said.out.partition("The gnomes are away.")[0].rpartition("\n")[2]
    # On a line of its own, where the cursor was taken to the first of the table's.
    assert not complaints_too or "planning" not in before


@pytest.mark.parametrize("json", [False, True])
def test_a_service_that_is_away_is_said_where_there_is_no_terminal(
    office: Office, claimed: Callable[..., Held], clock: SetClock, capsys: pytest.CaptureFixture[str], json: bool
) -> None:
    """At the first call that failed, and when it goes on; a table has it in its cells."""
    held = claimed()
    goal = held.turn.goal
    failures.fail(office, held, ModelAway("The model service cannot be reached: no route."), after_failure)
    looks = iter(range(4))

    def look(_tx: object, _goal: object) -> bool:
        n = next(looks)
        if n == 1:
            clock.forward(timedelta(minutes=1))
            admission.ring(office)
            again = turns.claim(office, held.turn.id)
            assert again is not None
            with office.store.write() as tx:
                turns.finish(tx, again)
                tx.note(goal, goal, "planned", by="test")
        return n == 3

    follow(office, goal, json=json, until=look)
    said = capsys.readouterr()

    assert [
        f"{goal} goes on by itself when it can: The model service cannot be reached: no route.",
        f"{goal} goes on now.",
    ] == said.err.splitlines()


def test_who_was_away_with_the_record_has_time_to_say_that_he_is_there(
    office: Office, record_away: RecordAway, given_goal: Callable[..., Goal]
) -> None:
    """A worker that could not renew its presence meanwhile is not taken for gone at the first look."""
    goal = given_goal()

    def come_back() -> None:
        record_away.come_back()
        event.listen(office.store.engine, "commit", lambda _: stop(office, goal), once=True)

    patient = replace(office, closing=Impatience(come_back))
    record_away.go()
    found, _ = follow(patient, goal.id, json=True, until=lambda _tx, _goal: True)

    assert GoalState.CANCELLED is found.state


def note_many(office: Office, goal: Goal) -> None:
    """More happens to it than is told at one look."""
    with office.store.write() as tx:
        for number in range(1_005):
            tx.note(goal.id, goal.id, f"line-{number}", by="test")


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What happened, as it was printed."""
    return [line.split()[3] for line in capsys.readouterr().out.splitlines()]


def test_a_goal_that_is_over_is_told_to_its_last_line(
    office: Office, given_goal: Callable[..., Goal], capsys: pytest.CaptureFixture[str]
) -> None:
    """However much happened to it before anybody looked."""
    goal = given_goal()
    note_many(office, goal)
    stop(office, goal)
    follow(office, goal.id, json=False)

    assert ["planning", *(f"line-{number}" for number in range(1_005)), "cancelled"] == told(capsys)


def test_nothing_is_told_again_when_the_worker_goes_away(
    office: Office,
    given_goal: Callable[..., Goal],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who goes on in this process goes on where it was left, however much had happened by then."""
    goal = given_goal()
    note_many(office, goal)

    @contextmanager
    def slot(*_: object) -> Iterator[Office]:
        stop(office, goal)
        yield office

    monkeypatch.setattr(team_slot, "make", slot, raising=False)  # what starts the program sets it
    goes_away = iter((False, True))
    monkeypatch.setattr("director.cli.run._alone", lambda _tx, _goal: next(goes_away))
    found, _ = follow_worker(office, goal.id, json=False)

    assert GoalState.CANCELLED is found.state
    assert ["planning", *(f"line-{number}" for number in range(1_005)), "cancelled"] == told(capsys)


def test_a_process_that_has_to_end_waits_for_nothing(
    office: Office, record_away: RecordAway, given_goal: Callable[..., Goal]
) -> None:
    """It ends with the sentence of what it could not do."""
    goal = given_goal()
    office.hurry()
    record_away.go()

    with pytest.raises(StoreError, match="cannot be used now"):
        follow(office, goal.id, json=True)


def test_what_waiting_does_not_cure_ends_it(office: Office) -> None:
    """There is no such goal, however often the record is asked."""
    with pytest.raises(NotFound, match="no goal 'g9'"):
        follow(office, "g9", json=True)


@pytest.fixture
def listening(office: Office) -> Iterator[Office]:
    """An office whose process listens to SIGTERM, as a command does that is its own worker."""
    office.stopping.listen(signal.SIGTERM, first=lambda: None)
    yield office
    office.stopping.give_back()


@pytest.mark.parametrize("away", [False, True])
def test_who_is_told_to_stop_leaves_where_nothing_is_half_done(
    listening: Office, record_away: RecordAway, given_goal: Callable[..., Goal], away: bool
) -> None:
    """Between two looks, whether or not the record is there; the signal itself interrupts nothing."""
    goal, office = given_goal(), listening
    if away:
        office = replace(office, closing=Impatience(lambda: signal.raise_signal(signal.SIGTERM)))
        record_away.go()
    else:
        event.listen(office.store.engine, "begin", lambda _: signal.raise_signal(signal.SIGTERM), once=True)
    with pytest.raises(KeyboardInterrupt) as left:
        follow(office, goal.id, json=True)

    assert left.traceback[-1].name == "wait"


def test_who_leaves_a_goal_to_the_team_is_told_how_it_goes_on(
    listening: Office, clock: SetClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another process does the work: nothing stops but the following of it, and that is said."""
    goal = submit(listening, "Sell gnomes", plan_by="template")
    with listening.store.write() as tx:
        tx.presence.announce(
            "worker", standing=True, reach=Reach(rehearsal=True), until=clock() + timedelta(minutes=1), threads=3
        )
    event.listen(listening.store.engine, "begin", lambda _: signal.raise_signal(signal.SIGTERM), once=True)
    with pytest.raises(KeyboardInterrupt):
        follow_worker(listening, goal.id, json=True)

    [said] = capsys.readouterr().err.splitlines()
    assert said.startswith(f"The team goes on with {goal.id}; ")
    assert f"watch {goal.id}`" in said
    assert f"cancel {goal.id}`" in said


def test_a_bell_nobody_hears_is_said_once_while_a_goal_is_followed(
    office: Office, clock: SetClock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for a worker that does not come is told why, and what to do; following goes on."""
    monkeypatch.setattr("director.cli.follow._LISTEN_EVERY", timedelta(0))
    goal = submit(office, "Sell gnomes", plan_by="template")
    with office.store.write() as tx:
        tx.presence.announce(
            "worker", standing=True, reach=Reach(rehearsal=True), until=clock() + timedelta(minutes=1), threads=3
        )
    clock.forward(timedelta(seconds=31))
    looks = iter(range(3))
    follow(office, goal.id, json=True, until=lambda _tx, _goal: next(looks, None) is None)

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "g1 does not go on: nobody hears its bell" in said.err
    assert "REDIS_URL" in said.err
