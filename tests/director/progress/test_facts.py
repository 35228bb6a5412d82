"""What a writer is told stays the same while its turn is tried, so that an answer that is kept is found again."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from director.claude.rehearsal.asked import Purpose
from director.goals.submit import submit
from director.mailbox import admission, failures, handling, turns
from director.mailbox.turns import Held
from director.office import Office
from director.progress.advance import cancel_goal
from director.progress.facts import gather
from director.progress.on_turn_failure import after_failure
from director.store.tx import Tx
from director.tasks import prompt
from director.tasks.draft import draft
from director.words.errors import ModelAway
from director.words.models import Goal
from director.words.states import GoalState, TaskState
from tests.conftest import SetClock
from tests.director.claude_double import ClaudeDouble

GNOMES = "Sell singing gnomes to people without gardens"


def goal_of(tx: Tx, goal: Goal) -> Goal:
    return tx.goals.get(goal.id)


def test_a_report_is_about_the_record_as_it_was_when_it_was_begun(office: Office, drain: Callable[..., Goal]) -> None:
    """
    The goals it tells of go on while it is written; asked again after a crash, it is the same request.
    """
    older = submit(office, GNOMES, plan_by="template")
    goal = submit(office, "How did we do?", pipeline="Performance Review")
    with office.store.write() as tx:
        for turn in tx.turns.open_of_goal(older.id):
            tx.turns.change(turn, not_before=tx.now + timedelta(days=1))
    reporting = drain_until_report(office, goal, drain)
    asked = prompt.of(office, gather(office, reporting)).digest()
    with office.store.write() as tx:
        cancel_goal(tx, older.id, "no gnomes", by="person")

    assert asked == prompt.of(office, gather(office, reporting)).digest()


def drain_until_report(office: Office, goal: Goal, drain: Callable[..., Goal]) -> str:
    """Work until the report's turn is there; the id of its task."""
    for _ in range(20):
        with office.store.read() as tx:
            found = [task for task in tx.tasks.of_goal(goal.id) if task.kind == "report"]
        if found and found[0].state is TaskState.DRAFTING:
            return found[0].id
        with pytest.raises(AssertionError, match="is not over after 1 turns"):
            drain(office, goal, most=1)
    raise AssertionError("no report was begun")


def test_a_goal_that_waited_is_at_work_as_soon_as_its_turn_is(
    office: Office, drain: Callable[..., Goal], clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Not when the answer is there, minutes later: until then it would say that it waits for the model service.
    """
    goal = submit(office, GNOMES, pipeline="Social Week")
    with pytest.raises(AssertionError, match="is not over after 1 turns"):
        drain(office, goal, most=1)
    with office.store.read() as tx:
        (turn,) = tx.turns.open_of_goal(goal.id)
    held = turns.claim(office, turn.id)
    assert held is not None
    failures.fail(office, held, ModelAway("It is busy.", retry_after=timedelta(seconds=50)), after_failure)
    with office.store.read() as tx:
        assert goal_of(tx, goal).state is GoalState.WAITING
    clock.forward(timedelta(minutes=1))
    admission.ring(office)
    seen: list[GoalState] = []

    def look(office: Office, held: Held) -> None:
        ask = office.claude.ask

        def looking(*args: object, **kwargs: object) -> object:
            with office.store.read() as tx:
                seen.append(goal_of(tx, goal).state)
            return ask(*args, **kwargs)  # type: ignore[arg-type]

        monkeypatch.setattr(office.claude, "ask", looking)
        draft(office, held)

    handling.handle(office, turn.id, {"draft": look}, after_failure)

    assert [GoalState.RUNNING] == seen


def test_findings_in_approved_work_go_where_it_is_built_on(
    asking: Office, claude: ClaudeDouble, a_review: Callable[..., str], drain: Callable[..., Goal]
) -> None:
    """
    What the reviewer found in the approved version stands in the prompts of those who build on it, of the Director at the end,
    and in the report, where it is not minor. What was found in a version that was sent back does not.
    """
    claude.says(
        Purpose.REVIEW,
        a_review(8, ("critical", "An old headline")),
        a_review(8, ("minor", "The letter"), ("major", "The map")),
    )
    claude.always(Purpose.REVIEW, a_review(8))
    goal = drain(asking, submit(asking, GNOMES, pipeline="Outreach Campaign"))

    found = [
        "major, The map: It is vague. Change: Say it plainly.",
        "minor, The letter: It is vague. Change: Say it plainly.",
    ]
    told = {asked.skill: asked for asked in claude.asked(Purpose.DRAFT)}
    (conclusion,) = claude.asked(Purpose.CONCLUSION)
    assert told["cold-email"].text("not_mended") == ""
    assert told["ab-test-setup"].text("not_mended").splitlines() == found
    assert conclusion.text("not_mended").splitlines() == found
    report = (asking.settings.workspace_dir / "reports" / f"{goal.id}.md").read_text(encoding="utf-8")
    listed = [line for line in report.splitlines() if "It is vague" in line]
    assert listed == ["- The map: It is vague. Change: Say it plainly."]
