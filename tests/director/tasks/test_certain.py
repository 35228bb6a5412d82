"""What is certainly wrong with a draft is overruled by nobody: not by a person, and nothing is by silence."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from director.claude.rehearsal import drafting
from director.claude.rehearsal.asked import Asked, Purpose
from director.cli.tables import answers
from director.files.places import notes_path
from director.goals.missing_files import write_all_missing
from director.goals.submit import submit
from director.inbox.approvals import answer, apply_defaults
from director.office import Office
from director.progress.questions import DEADLINE
from director.store.stuck import find
from director.tasks.checks import unfit
from director.words.errors import WrongCall
from director.words.models import Approval, Goal, Task
from director.words.states import Answer, ApprovalState, GoalState, TaskState, WaitFor
from tests.conftest import SetClock
from tests.director.claude_double import ClaudeDouble
from tests.director.tasks.test_checks import KEYS

Drain = Callable[[Office, Goal], Goal]
Pipeline = Callable[..., str]
AReview = Callable[..., str]

GNOMES = "Sell singing gnomes to people without gardens"

#: Drafts nobody may approve, and what is said of them.
UNFIT = {
    "an empty one": ("# \n\n---", "is empty"),
    "one with an empty piece": (
        '# Gnomes\n\n<piece title="Letter">\n</piece>\n\nThey sing.',
        "has nothing in its piece 'Letter'",
    ),
    "one with a key": (f"# Gnomes\n\nUse {KEYS['a Stripe key']}.", "contains an API key"),
    "one with a token": (f"# Gnomes\n\nUse {KEYS['a Slack token']}.", "contains a Slack token"),
    "one with a password": (
        f"# Gnomes\n\nSee {KEYS['a password in an address']}.",
        "contains a password in an address",
    ),
}

#: Drafts with certain faults that a person may take all the same.
FAULTY = {
    "too short, without its sections": "# Gnomes\n\nThey sing.",
    "with a placeholder": f"# Gnomes\n\nThey cost TBD. {'They sing. ' * 400}",
    "without a heading": "They sing. " * 400,
}


def with_key(asked: Asked) -> str:
    """The rehearsal's good draft, with a key in it."""
    return drafting.draft(asked).replace("\n\n## ", f"\n\nUse {KEYS['a Stripe key']}.\n\n## ", 1)


def question_of(office: Office, goal: Goal) -> Approval:
    with office.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)
    return question


def tasks_of(office: Office, goal: Goal) -> list[Task]:
    with office.store.read() as tx:
        return tx.tasks.of_goal(goal.id)


def files(office: Office) -> set[str]:
    """What was written for people."""
    root = office.settings.workspace_dir
    return {
        file.relative_to(root).as_posix() for name in ("outputs", "reports") for file in (root / name).rglob("*.md")
    }


def report_of(office: Office, goal: Goal) -> str:
    return Path(office.settings.workspace_dir / "reports" / f"{goal.id}.md").read_text()


@pytest.fixture
def lapse(clock: SetClock, drain: Drain) -> Callable[[Office, Goal], Goal]:
    """Let the deadline of the goal's questions pass without an answer, and go on."""

    def wait(office: Office, goal: Goal, after: timedelta = DEADLINE) -> Goal:
        clock.forward(after + timedelta(seconds=1))
        assert apply_defaults(office) > 0
        with office.store.read() as tx:
            assert [] == find(tx, late=timedelta(0), room=0, kept_back=lambda _: False)
        return drain(office, goal)

    return wait


@pytest.mark.parametrize("kind", UNFIT)
def test_a_person_cannot_approve_what_nobody_may(asking: Office, claude: ClaudeDouble, drain: Drain, kind: str) -> None:
    """
    The sentence says what is in it and what to do. Nothing changed, so it can still be revised; and nobody is offered what
    would be refused.
    """
    text, why = UNFIT[kind]
    claude.always(Purpose.DRAFT, text)
    goal = drain(asking, submit(asking, GNOMES, pipeline="Social Week"))
    question = question_of(asking, goal)
    before = goal, question, tasks_of(asking, goal)

    with pytest.raises(WrongCall, match=rf"{why}, and nobody can approve that: send it back \(`.*revise {question.id}"):
        answer(asking, question.id, Answer.APPROVE)
    with asking.store.read() as tx:
        assert (tx.goals.get(goal.id), tx.approvals.get(question.id), tx.tasks.of_goal(goal.id)) == before
    assert why in question.question
    assert "approve" not in answers(question, question.created_at)
    assert files(asking) == set()
    claude.always(Purpose.DRAFT, None)
    answer(asking, question.id, Answer.REVISE, "Leave it out.")
    assert drain(asking, goal).state is GoalState.COMPLETED


@pytest.mark.parametrize("kind", FAULTY)
def test_a_person_may_take_what_is_only_badly_made(
    asking: Office, claude: ClaudeDouble, drain: Drain, kind: str
) -> None:
    """
    Whether a text is long enough is theirs to say.
    """
    claude.always(Purpose.DRAFT, FAULTY[kind])
    goal = drain(asking, submit(asking, GNOMES, pipeline="Social Week"))
    question = question_of(asking, goal)
    assert "approve" in answers(question, question.created_at)
    answer(asking, question.id, Answer.APPROVE)

    assert drain(asking, goal).state is GoalState.COMPLETED


def test_the_best_version_is_one_that_can_be_taken(asking: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    Where the last holds a key, an earlier one that does not is offered.
    """
    claude.says(Purpose.DRAFT, with_key, FAULTY["without a heading"], with_key, with_key)
    goal = drain(asking, submit(asking, GNOMES, pipeline="Social Week"))
    question = question_of(asking, goal)
    assert "Take the best version (revision 1)" in question.question
    answer(asking, question.id, Answer.APPROVE)

    assert drain(asking, goal).state is GoalState.COMPLETED
    (task,) = tasks_of(asking, goal)
    assert "revision: 1" in (asking.settings.workspace_dir / (task.path or "")).read_text()


@pytest.mark.parametrize("text", [*(text for text, _ in UNFIT.values()), *FAULTY.values()])
def test_silence_approves_nothing(
    asking: Office, claude: ClaudeDouble, drain: Drain, lapse: Callable[[Office, Goal], Goal], text: str
) -> None:
    """
    Whatever is wrong with it, a draft stays a draft when its deadline passes: it is kept, and is no deliverable. The goal ends
    as partial, and its report says what is missing and where the draft is.
    """
    claude.always(Purpose.DRAFT, text)
    goal = drain(asking, submit(asking, GNOMES, pipeline="Social Week"))
    question = question_of(asking, goal)
    calls = len(claude.documents())
    goal = lapse(asking, goal)

    (task,) = tasks_of(asking, goal)
    assert (goal.state, goal.wait_for) == (GoalState.PARTIAL, None)
    assert goal.reason == f"social-content ({task.id}) was not approved."
    assert (task.state, task.deliverable, task.path, task.score) == (TaskState.FAILED, None, None, None)
    with asking.store.read() as tx:
        assert tx.approvals.get(question.id).state is ApprovalState.LAPSED
        assert tx.drafts.of_task(task.id)
    assert files(asking) == {f"reports/{goal.id}.md"}
    assert (
        f"- Missing: social-content ({task.id}) was not approved: nobody answered {question.id} in time; "
        f"`show {question.id}` has its best draft." in report_of(asking, goal)
    )
    assert len(claude.documents()) == calls, "nothing was approved, so there is nothing to conclude about"


def test_silence_does_not_approve_a_low_score_either(
    asking: Office, claude: ClaudeDouble, drain: Drain, lapse: Callable[[Office, Goal], Goal], a_review: AReview
) -> None:
    """
    A reviewer's no is not turned into a yes.
    """
    claude.says(Purpose.REVIEW, a_review(2))
    goal = lapse(asking, drain(asking, submit(asking, GNOMES, pipeline="Social Week")))

    assert goal.state is GoalState.PARTIAL
    assert files(asking) == {f"reports/{goal.id}.md"}


def test_a_goal_is_concluded_with_what_was_approved(
    asking: Office,
    claude: ClaudeDouble,
    drain: Drain,
    lapse: Callable[[Office, Goal], Goal],
    pipeline: Pipeline,
    a_review: AReview,
) -> None:
    """
    What needs the missing one is not begun, what does not is done; the Director looks at what there is and is told what is not.
    """
    claude.says(Purpose.REVIEW, None, a_review(2))
    line = pipeline(["social-content", "cold-email"], "copy-editing", "page-cro")
    goal = drain(asking, submit(asking, GNOMES, pipeline=line))
    missing = next(task for task in tasks_of(asking, goal) if task.state is TaskState.ESCALATED)
    there = next(task for task in tasks_of(asking, goal) if task.state is TaskState.APPROVED)
    goal = lapse(asking, goal)

    after = {task.skill: task for task in tasks_of(asking, goal)}
    (asked,) = claude.asked(Purpose.CONCLUSION)
    report = report_of(asking, goal)
    assert goal.state is GoalState.PARTIAL
    assert {skill for skill, task in after.items() if task.state is TaskState.FAILED} == {
        missing.skill,
        "copy-editing",
        "page-cro",
    }
    assert [given.attributes["by"] for given in asked.all("input")] == [there.skill]
    assert all(
        f"{task.skill} ({task.id})" in asked.text("missing") for task in after.values() if task.deliverable is None
    )
    assert "> Partial: 3 of 4 tasks ended without an approved deliverable" in report
    assert report.count("- Missing: ") == 3
    assert report.count(" was not begun, because what it needs was not approved.") == 2
    assert files(asking) == {after[there.skill].path, notes_path(there), f"reports/{goal.id}.md"}


def test_a_lapsed_question_leaves_the_others_open(
    asking: Office,
    claude: ClaudeDouble,
    drain: Drain,
    clock: SetClock,
    lapse: Callable[..., Goal],
    pipeline: Pipeline,
    a_review: AReview,
) -> None:
    """
    The goal goes on waiting for who still has time, and what was decided there counts.
    """
    claude.says(Purpose.REVIEW, a_review(2), a_review(2))
    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline(["social-content", "cold-email"])))
    with asking.store.read() as tx:
        first, second = tx.approvals.open(goal.id)
    clock.forward(timedelta(hours=1))
    answer(asking, second.id, Answer.REVISE, "More gnomes.")
    claude.says(Purpose.REVIEW, a_review(2))
    goal = drain(asking, goal)
    goal = lapse(asking, goal, DEADLINE - timedelta(hours=1))
    assert (goal.state, goal.wait_for) == (GoalState.WAITING, WaitFor.PERSON)
    answer(asking, question_of(asking, goal).id, Answer.APPROVE)
    goal = drain(asking, goal)

    assert goal.state is GoalState.PARTIAL
    assert {task.id: task.state for task in tasks_of(asking, goal)} == {
        first.task: TaskState.FAILED,
        second.task: TaskState.APPROVED,
    }


def test_a_deliverable_a_colleague_did_not_let_pass_is_taken_away(
    asking: Office,
    claude: ClaudeDouble,
    drain: Drain,
    lapse: Callable[[Office, Goal], Goal],
    pipeline: Pipeline,
    a_review: AReview,
) -> None:
    """
    It was approved, until a review that is a step of the plan gave it to a person. Nobody decided, so no file says it is.
    """
    claude.says(Purpose.REVIEW, None, a_review(2))
    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("copywriting", {"review": "page-cro"})))
    (copywriting, *_) = tasks_of(asking, goal)
    assert files(asking) == {copywriting.path, notes_path(copywriting)}
    goal = lapse(asking, goal)

    assert goal.state is GoalState.PARTIAL
    assert files(asking) == {f"reports/{goal.id}.md"}
    assert f"({copywriting.skill}, " not in report_of(asking, goal)

    # Who was to take it away died before.
    left = asking.settings.workspace_dir / (copywriting.path or "")
    left.write_text("Gnomes that nobody approved.")
    write_all_missing(asking)
    assert files(asking) == {f"reports/{goal.id}.md"}


@pytest.mark.parametrize("kind", UNFIT)
def test_what_nobody_may_approve_is_told_in_words(kind: str) -> None:
    """
    Before and after its secret was taken out.
    """
    text, why = UNFIT[kind]

    assert unfit(text) == why
    assert unfit("# Gnomes\n\nThey sing.") is None
