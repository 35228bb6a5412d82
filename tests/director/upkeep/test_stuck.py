"""No open row without its next look: what `status --stuck` lists, kind by kind, and that it is empty when all is well."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from director.goals import submit
from director.mailbox import handling
from director.mailbox.turns import LEASE, Held, create_without_goal
from director.office import Office
from director.store import schema
from director.store.stuck import Stuck
from director.upkeep import sweep
from director.words.models import Goal
from director.words.reach import Reach
from director.words.states import GoalState, Priority, TaskState, TurnState
from tests.conftest import SetClock

Drain = Callable[..., Goal]

g, t, u, c, a = schema.goals, schema.tasks, schema.turns, schema.calls, schema.approvals


@pytest.fixture
def goal(office: Office) -> Goal:
    """A goal that was just given; its first turn is admitted."""
    return submit.submit(office, "Write a blog series about garden gnomes", plan_by="template")


def alter(office: Office, table: object, **changes: object) -> None:
    """Break a promise by hand: no code of ours does this."""
    with office.store.write() as tx:
        tx.conn.execute(update(table).values(**changes))  # type: ignore[arg-type]


def here(office: Office, *, threads: int) -> None:
    """A worker that hears bells is there."""
    with office.store.write() as tx:
        tx.presence.announce(
            "worker", standing=True, reach=Reach(rehearsal=True), until=tx.now + LEASE, threads=threads
        )


def renew(office: Office, held: Held) -> None:
    """Whoever holds the turn is alive; it is the worker's."""
    with office.store.write() as tx:
        tx.conn.execute(update(u).where(u.c.id == held.turn.id).values(owner="worker", due_at=tx.now + LEASE))


def whys(found: list[Stuck]) -> set[tuple[str, str]]:
    """What is said about which kind of row."""
    return {(row.kind, row.why) for row in found}


class TestWell:
    """What goes its way is not listed."""

    def test_nothing_is_stuck_in_an_empty_house(self, office: Office) -> None:
        """No rows, nothing to look after."""
        assert [] == sweep.stuck(office)

    def test_nothing_is_stuck_at_any_step_of_a_goal(self, office: Office, goal: Goal, drain: Drain) -> None:
        """`drain` looks after each turn, in every test that uses it; here also at the end."""
        assert GoalState.COMPLETED is drain(office, goal).state
        assert [] == sweep.stuck(office)

    def test_a_turn_that_waits_for_a_slot_is_not_stuck(self, open_with: Callable[..., Office], clock: SetClock) -> None:
        """A backlog is no fault: its place in the queue is its next look."""
        office = open_with(max_parallel_agents=1)
        for _ in range(3):
            submit.submit(office, "Improve retention", plan_by="template")
        clock.forward(timedelta(hours=1))
        assert {"the process that should do it does not answer"} == {row.why for row in sweep.stuck(office)}
        with office.store.read() as tx:
            assert 1 == tx.turns.in_hand()

    def test_a_turn_that_is_no_goals_waits_for_a_worker_to_be_there(self, office: Office, clock: SetClock) -> None:
        """An event nobody looks at while no worker runs keeps nobody waiting; with one there, it would be a fault."""
        with office.store.write() as tx:
            turns = [
                create_without_goal(
                    tx, brand="default", priority=Priority.P1, actor="director", verb="event", subject=f"e{number}"
                )
                for number in range(2)
            ]
            assert turns[0] is not None
            tx.turns.move(turns[0], TurnState.DISPATCHED, due_at=tx.now)
        clock.forward(timedelta(hours=1))

        assert [] == sweep.stuck(office)
        here(office, threads=3)
        assert [None, None] == [row.goal for row in sweep.stuck(office)]

    def test_a_lease_that_just_ran_out_is_the_sweeps(self, office: Office, goal: Goal, clock: SetClock) -> None:
        """It comes within seconds, so nobody is told before."""
        clock.forward(LEASE + timedelta(seconds=1))
        assert [] == sweep.stuck(office)


class TestBroken:
    """Each kind of row, when what should look after it did not."""

    def test_a_bell_nobody_heard(self, office: Office, goal: Goal, clock: SetClock) -> None:
        """Admitted and never claimed, and no sweep runs."""
        clock.forward(timedelta(minutes=1))
        assert {("turn", "the process that should do it does not answer")} == whys(sweep.stuck(office))

    def test_a_bell_nobody_hears_although_a_thread_is_free(self, office: Office, goal: Goal, clock: SetClock) -> None:
        """It is rung again and again, so it is never late; whoever should hear it is at another Redis, or cannot use it."""
        for _ in range(20):
            clock.forward(timedelta(seconds=2))
            here(office, threads=3)
            sweep.sweep(office)
        (row,) = sweep.stuck(office)
        assert (row.kind, row.goal) == ("turn", goal.id)
        assert "REDIS_URL" in row.why

    def test_a_bell_that_waits_for_a_thread_is_not_stuck(
        self, office: Office, goal: Goal, clock: SetClock, claimed: Callable[..., Held]
    ) -> None:
        """A worker with one thread and a long call hears the next one when it is done."""
        here(office, threads=1)
        held = claimed()
        submit.submit(office, "Sell the other gnome", plan_by="template")
        for _ in range(20):
            clock.forward(timedelta(seconds=2))
            here(office, threads=1)
            renew(office, held)
            sweep.sweep(office)
        assert [] == sweep.stuck(office)

    def test_one_that_takes_no_more_has_no_thread_free(self, office: Office, goal: Goal, clock: SetClock) -> None:
        """A worker that was told to stop finishes its calls; what waits is the next one's."""
        for _ in range(20):
            clock.forward(timedelta(seconds=2))
            here(office, threads=0)
            sweep.sweep(office)
        assert [] == sweep.stuck(office)

    def test_what_is_done_alone_keeps_the_others_waiting(self, office: Office, goal: Goal, clock: SetClock) -> None:
        """Threads are free then, and that is meant."""
        for _ in range(20):
            clock.forward(timedelta(seconds=2))
            here(office, threads=3)
            sweep.sweep(office)
        alter(office, u, crashes=2)
        assert [] == sweep.stuck(office)

    def test_a_bell_that_reaches_nobody(self, office: Office, goal: Goal) -> None:
        """
        Who consumes another queue never hears it: that is known at once, and so is what to do; also while the turn is taken
        back, to be let out again.
        """
        with office.store.write() as tx:
            tx.presence.announce(
                "without queue", standing=True, reach=Reach(rehearsal=True), until=tx.now + LEASE, queue=None, threads=8
            )
        for state in (TurnState.DISPATCHED, TurnState.QUEUED):
            alter(office, u, state=state)
            (row,) = sweep.stuck(office)
            assert "'turns'" in row.why
            assert "dramatiq actors" in row.why

    def test_a_turn_in_hand_without_a_time(self, office: Office, goal: Goal) -> None:
        """Whatever is in hand is due at some time."""
        alter(office, u, due_at=None)
        assert {("turn", "the process that should do it does not answer")} == whys(sweep.stuck(office))

    def test_a_paid_goal_where_every_worker_rehearses(self, office: Office, goal: Goal, clock: SetClock) -> None:
        """Nobody is there who may let it out, and that is what is said; also of a bell that was rung before."""
        alter(office, g, rehearsal=False)
        for _ in range(20):
            clock.forward(timedelta(seconds=2))
            here(office, threads=3)
            sweep.sweep(office)
        assert {("turn", "it is paid for, and no worker that is here has a key")} == whys(sweep.stuck(office))

    def test_a_turn_that_could_go_out(self, office: Office, goal: Goal, clock: SetClock) -> None:
        """There is room, its time has come, and nobody admits it."""
        alter(office, u, state=TurnState.QUEUED, due_at=None)
        clock.forward(timedelta(minutes=1))
        assert {("turn", "it could go out, and nobody lets it")} == whys(sweep.stuck(office))

    def test_a_held_turn_nobody_was_asked_about(self, office: Office, goal: Goal) -> None:
        """A turn is held for a person's answer."""
        alter(office, u, state=TurnState.HELD, due_at=None)
        assert ("turn", "it is held, and nobody was asked") in whys(sweep.stuck(office))

    def test_a_goal_without_anything_next(self, office: Office, goal: Goal) -> None:
        """Its turns ended and caused nothing."""
        alter(office, u, state=TurnState.DONE, due_at=None)
        assert {("goal", "nothing happens next, and nobody was asked")} == whys(sweep.stuck(office))

    def test_a_task_nobody_has_a_turn_for(self, office: Office, goal: Goal) -> None:
        """A task in work is some turn's subject."""
        handling.handle(office, 1, _verbs(), _nothing)
        alter(office, u, state=TurnState.DONE, due_at=None)
        assert ("task", "nobody has a turn for it") in whys(sweep.stuck(office))

    def test_a_task_that_waits_for_a_person_nobody_asked(self, office: Office, goal: Goal) -> None:
        """Escalated means that there is a question."""
        handling.handle(office, 1, _verbs(), _nothing)
        alter(office, t, state=TaskState.ESCALATED)
        assert ("task", "it waits for a person nobody asked") in whys(sweep.stuck(office))

    def test_a_task_that_was_not_begun(self, office: Office, goal: Goal) -> None:
        """What it needs is approved, or it needs nothing."""
        handling.handle(office, 1, _verbs(), _nothing)
        alter(office, t, state=TaskState.PLANNED)
        with office.store.read() as tx:
            first = tx.tasks.of_goal(goal.id)[0]
        found = [row for row in sweep.stuck(office) if row.kind == "task"]
        assert [(first.id, "what it needs is there, and it was not begun")] == [(row.id, row.why) for row in found]

    def test_a_task_whose_needs_will_not_come(self, office: Office, goal: Goal) -> None:
        """What it needs failed, and nobody was asked about that."""
        handling.handle(office, 1, _verbs(), _nothing)
        with office.store.write() as tx:
            first = tx.tasks.of_goal(goal.id)[0]
            tx.conn.execute(update(t).where(t.c.id == first.id).values(state=TaskState.FAILED))
        assert ("task", "what it needs will not come, and nobody was asked") in whys(sweep.stuck(office))

    def test_money_that_is_set_aside_for_nobody(
        self, office: Office, goal: Goal, drain: Drain, clock: SetClock
    ) -> None:
        """A reservation whose turn is nobody's, past its time."""
        drain(office, goal)
        alter(office, c, state="reserved", due_at=clock.now)
        clock.forward(timedelta(minutes=1))
        assert {("call", "money is set aside for nobody")} == whys(sweep.stuck(office))

    def test_a_question_past_its_deadline(
        self, open_with: Callable[..., Office], drain: Drain, clock: SetClock
    ) -> None:
        """The sweep applies its default; where nobody sweeps, it is listed."""
        office = open_with()
        asked = submit.submit(office, "Write a blog series", plan_by="template", confirm=True)
        assert GoalState.WAITING is drain(office, asked).state
        assert [] == sweep.stuck(office)
        clock.forward(timedelta(hours=73))
        assert {("approval", "its deadline passed, and its default was not applied")} == whys(sweep.stuck(office))


class TestCommand:
    """`status --stuck`, for people and for scripts."""

    def test_it_says_so_when_nothing_is_stuck(
        self, office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """And exits with 0."""
        assert (0, "Nothing is stuck.\n") == run(office, monkeypatch, capsys)
        code, out = run(office, monkeypatch, capsys, "--json")
        assert (0, {"stuck": []}) == (code, json.loads(out))

    def test_it_lists_what_is_stuck_and_exits_with_1(
        self, office: Office, goal: Goal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A monitor needs the code, a person the reason and what to do."""
        alter(office, u, due_at=None)
        code, out = run(office, monkeypatch, capsys)
        assert 1 == code
        assert "the process that should do it does not answer" in out
        assert "No worker is running" in out
        code, out = run(office, monkeypatch, capsys, "--json")
        assert (1, ["turn"]) == (code, [row["kind"] for row in json.loads(out)["stuck"]])


def run(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *more: str
) -> tuple[int, str]:
    """The command as a person types it."""
    from director import cli  # noqa: PLC0415 - typer is not needed by the rest

    monkeypatch.setenv("WORKSPACE_DIR", str(office.settings.workspace_dir))
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr("sys.argv", ["director", "status", "--stuck", *more])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0), capsys.readouterr().out


def _verbs() -> dict[str, handling.Verb]:
    from tests.conftest import VERBS  # noqa: PLC0415 - the fixtures' module

    return VERBS


def _nothing(*_: object) -> None:
    """What the domain does about a failure; none is expected."""
