"""What is said of a goal that is worked on, or waits: what somebody does now, and each thing once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from director.cli.follow import Lines
from director.cli.outcome import why_not
from director.cli.tables import goal_view
from director.goals.submit import submit
from director.mailbox import admission, failures, turns
from director.mailbox.breaker import OFFLINE_AFTER
from director.mailbox.turns import LEASE, Held
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.progress.questions import DEADLINE
from director.words.clock import Clock
from director.words.command import program
from director.words.errors import ModelAway
from director.words.models import Goal
from director.words.reach import Reach
from director.words.states import GoalState
from tests.conftest import SetClock
from tests.director.cli.conftest import Said, do, drawn

#: A command looks with this one.
REAL_CLOCK = Clock()

Drain = Callable[[Office, Goal], Goal]
Say = Callable[..., Said]


def states(office: Office, goal: Goal) -> list[str]:
    """The states of the goal's tasks as people see them."""
    with office.store.read() as tx:
        lines = drawn(goal_view(tx, goal, 120), 120)
    head = next(line for line in lines if line.startswith("task"))
    start, end = head.index("state"), head.index("rev")
    return [line[start:end].strip() for line in lines if line.startswith(f"{goal.id}-")]


def said_in_lines(office: Office, goal: Goal, capsys: pytest.CaptureFixture[str], *, dry: bool = False) -> str:
    """What plain lines say of all that happened."""
    with office.store.read() as tx:
        Lines(dry).look(tx, tx.goals.get(goal.id), tx.journal(goal.id))()
    return capsys.readouterr().out


class TestStates:
    """The word for a task's state is that of its turn."""

    def test_only_what_runs_is_called_writing(self, open_with: Callable[..., Office]) -> None:
        """With one slot one task is written; what was called is next, the others wait for a slot."""
        office = open_with(max_parallel_agents=1)
        goal = do(office, submit(office, "Sell gnomes", category="strategic", plan_by="template"))
        goal = do(office, goal)  # what the tasks' prompts begin with is in the cache then
        admission.ring(office)

        assert states(office, goal)[:3] == ["next", "waits for a slot", "waits for a slot"]
        with office.store.read() as tx:
            called = next(turn for turn in tx.turns.open_of_goal(goal.id) if turn.state == "dispatched")
        turns.claim(office, called.id)
        assert states(office, goal)[:3] == ["writing", "waits for a slot", "waits for a slot"]

    def test_what_a_dead_process_had_is_next(self, office: Office, clock: SetClock) -> None:
        """Nobody writes it any more; whoever comes goes on with it."""
        goal = do(office, submit(office, "Sell gnomes", pipeline="Social Week"))
        admission.ring(office)
        with office.store.read() as tx:
            (called,) = tx.turns.open_of_goal(goal.id)
        turns.claim(office, called.id)
        clock.forward(LEASE + timedelta(seconds=1))

        assert states(office, goal) == ["next"]

    def test_what_is_held_waits_for_money(self, office: Office) -> None:
        """Nobody writes what may not be paid."""
        goal = do(office, submit(office, "Sell gnomes", pipeline="Social Week"))
        with office.store.write() as tx:
            tx.goals.change(goal.id, cap_nano=0)  # since its plan was made, which fitted
        goal = do(office, goal)

        assert states(office, goal) == ["waits for money"]

    def test_what_was_put_off_waits_for_the_model(self, open_with: Callable[..., Office]) -> None:
        """The service is asked again later."""
        office = open_with(rehearsal="overloaded=1")
        goal = do(office, submit(office, "Sell gnomes", pipeline="Social Week"), most=2)

        assert states(office, goal) == ["waits for the model"]


class TestNobody:
    """Whether anybody works is what the processes say of themselves."""

    def test_a_moment_that_has_passed_is_promised_nowhere(
        self, open_with: Callable[..., Office], claimed: Callable[..., Held], clock: SetClock, say: Say
    ) -> None:
        """What was to be looked at then was left by whoever worked on it: it is, as soon as somebody works again."""
        office = open_with()
        held = claimed()
        goal = held.turn.goal
        for _ in range(OFFLINE_AFTER):
            failures.fail(office, held, ModelAway("no route", retry_after=timedelta(minutes=1)), after_failure)
            with office.store.read() as tx:
                lines = "\n".join(drawn(goal_view(tx, tx.goals.get(goal), 200), 200))
            assert "waiting for the model service until " in lines
            clock.forward(timedelta(minutes=2))
            admission.ring(office)
            held = turns.claim(office, held.turn.id) or held
        with office.store.read() as tx:
            late = "\n".join(drawn(goal_view(tx, tx.goals.get(goal), 200), 200))
        said = say("status")

        assert "until" not in late
        assert "it is asked again as soon as somebody works" in " ".join(said.out.split())

    def test_a_goal_that_nobody_works_on_says_so(self, office: Office, say: Say) -> None:
        """With the command that goes on."""
        submit(office, "Sell gnomes", pipeline="Social Week")

        goes_on = f"`{program()} watch g1` goes on."

        assert f"Nobody works now on g1; {goes_on}" in " ".join(say("status", "g1").out.split())
        assert f"Nobody works now on g1; {goes_on}" in say("status").out
        assert "No worker is running." in say("status").out

    def test_a_command_at_work_is_somebody(self, office: Office, say: Say) -> None:
        """`goal` in another terminal does its work, though no worker stays."""
        submit(office, "Sell gnomes", pipeline="Social Week")
        with office.store.write() as tx:
            tx.presence.announce("another", standing=False, reach=Reach(rehearsal=True), until=REAL_CLOCK() + LEASE)
        said = say("status").out + say("status", "g1").out

        assert "Nobody works" not in said
        assert "No worker is running" not in said

    def test_a_goal_that_rests_is_not_left_by_anybody(
        self, office: Office, drain: Drain, say: Say, clock: SetClock
    ) -> None:
        """What is over, or waits for a person, needs nobody."""
        clock.now = REAL_CLOCK()
        drain(office, submit(office, "Sell gnomes", pipeline="Social Week"))
        drain(office, submit(office, "Sell gnomes", pipeline="Social Week", confirm=True))

        assert "Nobody works" not in say("status").out

    def test_what_nobody_answered_in_time_is_left(
        self, office: Office, drain: Drain, say: Say, clock: SetClock
    ) -> None:
        """Its deadline is over, so it waits for no person, and somebody has to close it."""
        clock.now = REAL_CLOCK() - DEADLINE - timedelta(minutes=1)
        drain(office, submit(office, "Sell gnomes", pipeline="Social Week", confirm=True))

        assert f"Nobody works now on g1; `{program()} watch g1` goes on." in say("status").out


class TestOnce:
    """A question is told once in a view, once in lines, and once on standard error."""

    @pytest.fixture
    def waiting(self, open_with: Callable[..., Office], drain: Drain) -> tuple[Office, Goal]:
        """A goal whose draft does not get better."""
        office = open_with(rehearsal="stuck=1")
        return office, drain(office, submit(office, "Sell gnomes", pipeline="Social Week"))

    def test_in_a_view(self, waiting: tuple[Office, Goal]) -> None:
        """The headline says for whom, the question what."""
        office, goal = waiting
        with office.store.read() as tx:
            text = " ".join(drawn(goal_view(tx, goal, 300), 300))

        assert text.count("score did not rise") == 1
        assert "waiting for you" in text
        assert "a1: The draft of social-content" in text

    def test_in_plain_lines(self, waiting: tuple[Office, Goal], capsys: pytest.CaptureFixture[str]) -> None:
        """That it was asked has the words; that it waits has the question's id."""
        text = said_in_lines(*waiting, capsys)

        assert text.count("score did not rise") == 1
        assert "social-content: escalated\n" in text
        assert "waiting (for a1)\n" in text

    def test_several_questions_are_counted(self, waiting: tuple[Office, Goal]) -> None:
        """Standard error has one sentence; where they are listed is in it."""
        _, goal = waiting

        assert "score did not rise" in why_not(goal, 1)
        assert why_not(goal, 3) == f"g1 is waiting: 3 questions are open, `{program()} approvals` lists them."

    def test_a_dry_run_asks_nobody(self, office: Office, drain: Drain, capsys: pytest.CaptureFixture[str]) -> None:
        """So it does not say that it does."""
        goal = drain(office, submit(office, "Sell gnomes", confirm=True))
        text = said_in_lines(office, goal, capsys, dry=True)

        assert goal.state is GoalState.WAITING
        assert "planned" in text
        assert "asked" not in text
        assert "waiting" not in text


class TestPlan:
    """A plan that waits for a yes can be looked at again, as it was at the prompt."""

    @pytest.mark.parametrize("ident", ["a1", "g1"])
    def test_show_has_the_whole_plan(self, office: Office, drain: Drain, say: Say, ident: str) -> None:
        """Tasks, order, cost, time, and how to answer; that it is a rehearsal, for which the estimates are not."""
        drain(office, submit(office, "Improve our signup conversion", confirm=True))
        text = " ".join(say("show", ident).out.split())

        assert "Improve our signup conversion" in text
        assert "1 page-cro" in text
        assert "2 copywriting 1" in text
        assert "Likely $" in text
        assert "minutes" in text
        assert "This is a rehearsal: nothing is paid and it takes seconds" in text
        assert "python -m director approve a1" in text

    def test_a_plan_that_costs_money_is_no_rehearsal(self, asking: Office, drain: Drain, say: Say) -> None:
        """Whoever looks has no key; Claude was asked all the same."""
        drain(asking, submit(asking, "Improve our signup conversion", confirm=True))
        text = say("show", "a1").out

        assert "Likely $" in text
        assert "This is a rehearsal" not in text

    def test_a_goal_that_was_begun_shows_what_happened(self, office: Office, drain: Drain, say: Say) -> None:
        """Its plan is no question any more; the question is still there, with its answer."""
        drain(office, submit(office, "Improve our signup conversion", confirm=True))
        assert say("approve", "a1").code == 0

        assert "minutes" not in say("show", "g1").out
        assert "a1: answered: approve" in say("show", "a1").out
