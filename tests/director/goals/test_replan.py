"""A task that failed for good is put to the Director once: another takes its place, or the goal does without it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from director.claude.rehearsal.asked import Asked, Purpose
from director.claude.rehearsal.drafting import draft
from director.goals.report import report
from director.goals.submit import submit
from director.inbox import approvals
from director.mailbox import admission, handling
from director.office import Office
from director.progress import plan_changes, questions
from director.progress.on_turn_failure import after_failure
from director.prompting.forms import Conclusion
from director.verification.verify import verify
from director.words.models import Approval, Goal, Task
from director.words.question import AboutFailure
from director.words.states import Answer, GoalState, TaskState, TurnState
from pipelines.plan import from_document
from tests.conftest import VERBS
from tests.director import plan_answers
from tests.director.claude_double import ClaudeDouble
from tests.director.cli.conftest import do
from tests.director.plan_answers import step

Drain = Callable[[Office, Goal], Goal]

GNOMES = "Reduce churn among gnome collectors"


def replanned(*steps: dict[str, Any]) -> str:
    """What the Director answers about a task."""
    return json.dumps({"reasoning": "Somebody else knows gnomes better.", "replacement": list(steps)})


def chain(*skills: str) -> str:
    """A plan in which each task needs the one before."""
    return plan_answers.answer(*(step(skill, None, *skills[:n][-1:]) for n, skill in enumerate(skills)))


def given(office: Office, claude: ClaudeDouble, *skills: str, declined: str) -> Goal:
    """A goal with a chain of these specialists, of whom one is declined whatever it is asked."""
    claude.says(Purpose.PLAN, chain(*skills))
    claude.always(
        Purpose.DRAFT, lambda asked: "Impossible: no gnome was ever seen" if asked.skill == declined else None
    )
    return submit(office, GNOMES)


def tasks_of(office: Office, goal: Goal) -> dict[str, Task]:
    """The goal's tasks by their keys."""
    with office.store.read() as tx:
        return {task.key: task for task in tx.tasks.of_goal(goal.id)}


def questions_of(office: Office, goal: Goal) -> list[Approval]:
    """Its open questions."""
    with office.store.read() as tx:
        return tx.approvals.open(goal.id)


def page(office: Office, goal: Goal) -> str:
    """The page its owner reads."""
    with office.store.read() as tx:
        return report(office, tx, goal, Conclusion.model_validate(goal.summary))


def test_another_task_takes_its_place_and_the_goal_completes(
    asking: Office, claude: ClaudeDouble, drain: Drain
) -> None:
    """
    What needed the failed task needs the new one; the plan that is stored has it; the page says what was re-planned and why.
    """
    goal = given(asking, claude, "page-cro", "copywriting", declined="page-cro")
    claude.says(Purpose.REPLAN, replanned(step("forms", "form-cro")))
    goal = drain(asking, goal)

    assert goal.state is GoalState.COMPLETED, goal.reason
    tasks = tasks_of(asking, goal)
    assert [task.key for task in tasks.values()] == ["page-cro", "copywriting", "forms"]
    assert tasks["page-cro"].state is TaskState.LEFT_OUT
    assert [one.key for one in from_document(goal.plan).tasks] == ["forms", "copywriting"]
    with asking.store.read() as tx:
        assert tx.tasks.needs(goal.id) == {tasks["copywriting"].id: (tasks["forms"].id,)}
    said = page(asking, goal)
    assert "What was re-planned" in said
    assert "form-cro) takes its place: Somebody else knows gnomes better." in said
    assert "Partial" not in said


def test_the_director_is_told_what_failed_and_why(asking: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    The task, its brief, the reason in a fence, and how the plan stands.
    """
    goal = given(asking, claude, "page-cro", "copywriting", declined="copywriting")
    drain(asking, goal)

    (asked,) = claude.asked(Purpose.REPLAN)
    assert asked.text("failed_task").startswith("- copywriting | copywriting | needs: page-cro")
    assert "no gnome was ever seen" in asked.text("why")
    assert [line.rpartition(" | ")[2] for line in asked.text("plan_as_it_stands").splitlines()] == [
        "approved",
        "failed",
    ]


def test_dropped_it_is_missing_and_what_needed_it_goes_on(asking: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    The goal does without it: what needed it builds on what it needed. The owner was promised it, so the goal is partial.
    """
    goal = given(asking, claude, "page-cro", "copywriting", "seo-audit", declined="copywriting")
    claude.says(Purpose.REPLAN, replanned())
    goal = drain(asking, goal)

    tasks = tasks_of(asking, goal)
    assert goal.state is GoalState.PARTIAL
    assert [task.state for task in tasks.values()] == [TaskState.APPROVED, TaskState.FAILED, TaskState.APPROVED]
    with asking.store.read() as tx:
        assert tx.tasks.needs(goal.id)[tasks["seo-audit"].id] == (tasks["page-cro"].id,)
    assert "Partial: 1 of 3 tasks ended without an approved deliverable; see What was re-planned." in page(asking, goal)


UNUSABLE = {
    "nonsense": "Gnomes.",
    "an unknown skill": replanned(step("new", "gnome-whispering")),
    "a cycle": replanned(step("new", "form-cro", "copywriting")),
    "two tasks": replanned(step("new", "form-cro"), step("newer", "popup-cro")),
    "200 tasks": replanned(*(step(f"new-{n}", "form-cro") for n in range(200))),
    "the same task": replanned(step("page-cro")),
    "a task nobody has": replanned(step("new", "form-cro", "nobody")),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_is_no_plan_is_asked_once_more_with_the_reasons(
    asking: Office, claude: ClaudeDouble, drain: Drain, name: str
) -> None:
    """
    Then what can be used is taken.
    """
    goal = given(asking, claude, "page-cro", "copywriting", declined="page-cro")
    claude.says(Purpose.REPLAN, UNUSABLE[name], replanned(step("forms", "form-cro")))
    goal = drain(asking, goal)

    first, second = claude.asked(Purpose.REPLAN)
    assert goal.state is GoalState.COMPLETED, goal.reason
    assert first.text("reasons") == ""
    assert second.text("reasons").startswith("- ")


@pytest.mark.parametrize("name", UNUSABLE)
def test_after_two_a_person_is_asked_and_nothing_has_changed(
    asking: Office, claude: ClaudeDouble, drain: Drain, name: str
) -> None:
    """
    With why the Director found no way. Yes has the specialist try again, and it is not re-planned a second time.
    """
    goal = given(asking, claude, "page-cro", "copywriting", declined="page-cro")
    claude.says(Purpose.REPLAN, UNUSABLE[name], UNUSABLE[name])
    before = drain(asking, goal)

    (question,) = questions_of(asking, goal)
    assert before.state is GoalState.WAITING
    assert question.kind == "failure"
    assert "The Director found no other way: " in question.question
    assert [one.key for one in from_document(before.plan).tasks] == ["page-cro", "copywriting"]
    claude.always(Purpose.DRAFT, None)
    approvals.answer(asking, question.id, Answer.APPROVE)
    assert drain(asking, goal).state is GoalState.COMPLETED
    assert len(claude.asked(Purpose.REPLAN)) == 2


def test_what_would_cost_more_than_the_cap_is_not_taken(asking: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    What is left of the cap has to be enough for all that is left of the plan with it; the sentence says both.
    """
    goal = given(asking, claude, "page-cro", "copywriting", declined="page-cro")

    def poor(_: Asked) -> str:
        with asking.store.write() as tx:
            tx.goals.change(goal.id, cap_nano=tx.calls.costs([goal.id])[goal.id])
        return replanned(step("forms", "form-cro"))

    claude.says(Purpose.REPLAN, "Gnomes.", poor)
    drain(asking, goal)

    (question,) = questions_of(asking, goal)
    assert "The Director found no other way: With it the goal would cost $" in question.question
    assert len(claude.asked(Purpose.REPLAN)) == 2
    assert "forms" not in tasks_of(asking, goal)


def test_a_brief_that_the_reviewer_finds_impossible_is_replanned(
    open_with: Callable[..., Office], drain: Drain
) -> None:
    """
    Its review is kept, and says nothing of the specialist: no revision is asked for. The built-in Director replaces it.
    """
    office = open_with(rehearsal="impossible=page-cro")
    goal = drain(office, submit(office, GNOMES, pipeline="Page Launch"))

    tasks = tasks_of(office, goal)
    assert goal.state is GoalState.COMPLETED
    assert (tasks["page-cro"].state, tasks["page-cro"].revision) == (TaskState.LEFT_OUT, 0)
    with office.store.read() as tx:
        (review,) = tx.reviews.of_task(tasks["page-cro"].id)
    assert review.document["impossible"]


def test_a_goal_is_replanned_twice_and_then_a_person_is_asked(
    asking: Office, claude: ClaudeDouble, drain: Drain
) -> None:
    """
    The third task that fails for good waits for a person.
    """
    skills = ("page-cro", "copywriting", "seo-audit")
    claude.says(Purpose.PLAN, plan_answers.answer(*(step(skill) for skill in skills)))
    claude.always(Purpose.DRAFT, "Impossible: no gnomes")
    claude.says(Purpose.REPLAN, replanned(), replanned())
    goal = drain(asking, submit(asking, GNOMES))

    assert len(claude.asked(Purpose.REPLAN)) == 2
    (question,) = questions_of(asking, goal)
    assert question.kind == "failure"
    assert "The writer found that the brief cannot be fulfilled: no gnomes." in question.question


@pytest.mark.parametrize("answered", [[step("edited", "copy-editing")], []], ids=["replaced", "dropped"])
def test_who_had_approved_what_came_to_nothing_judges_what_takes_its_place(
    open_with: Callable[..., Office],
    pipeline: Callable[..., str],
    a_review: Callable[..., str],
    answered: list[dict[str, Any]],
) -> None:
    """
    A colleague had approved the copy, the next sent it back, and its author gave up. Both judge the new copy; where the goal
    does without it, there is nothing to judge. All is as its receipts say, at each moment.
    """
    sent_back = a_review(5, ("critical", "Headline"))
    with ClaudeDouble("declines=copywriting") as claude:
        claude.says(Purpose.DRAFT, draft)
        claude.says(Purpose.REPLAN, replanned(*answered))
        claude.always(
            Purpose.REVIEW, lambda asked: sent_back if (asked.skill, asked.revision) == ("page-cro", 0) else None
        )
        asking = open_with(anthropic_base_url=claude.url)
        line = pipeline("copywriting", {"review": "copy-editing"}, {"review": "page-cro"}, "cold-email")
        goal = submit(asking, GNOMES, pipeline=line)
        for _ in range(30):
            goal = do(asking, goal)
            assert verify(asking, goal.id).mismatches == []
        judged = [asked.skill for asked in claude.asked(Purpose.REVIEW)]

    tasks = tasks_of(asking, goal)
    judges = [task for task in tasks.values() if task.target]
    if answered:
        assert goal.state is GoalState.COMPLETED
        assert {task.target for task in judges} == {tasks["edited"].id}
        assert {task.state for task in judges} == {TaskState.APPROVED}
        assert judged.count("copy-editing") == 2
    else:
        assert goal.state is GoalState.PARTIAL
        assert {(task.state, task.deliverable) for task in judges} == {(TaskState.LEFT_OUT, None)}


def test_a_draft_that_a_person_rejects_is_not_replanned(
    asking: Office, claude: ClaudeDouble, drain: Drain, a_review: Callable[..., str]
) -> None:
    """
    It is what a person decided; and that a reviewer is not content is a person's matter too.
    """
    claude.says(Purpose.PLAN, chain("page-cro"))
    claude.always(Purpose.REVIEW, a_review(2))
    goal = drain(asking, submit(asking, GNOMES))
    (question,) = questions_of(asking, goal)
    approvals.answer(asking, question.id, Answer.REJECT)

    assert drain(asking, goal).state is GoalState.FAILED
    assert claude.asked(Purpose.REPLAN) == []


def test_the_same_turn_heard_twice_replans_once(asking: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    A second bell finds it done; a process that died after the answer was paid finds the answer.
    """
    goal = given(asking, claude, "page-cro", "copywriting", declined="page-cro")
    claude.says(Purpose.REPLAN, replanned(step("forms", "form-cro")))
    goal = drain(asking, goal)
    with asking.store.read() as tx:
        turn = next(turn for turn in tx.turns.of_goal(goal.id) if turn.verb == "replan")
    handling.handle(asking, turn.id, VERBS, after_failure)
    admission.ring(asking)

    assert turn.state is TurnState.DONE
    assert len(claude.asked(Purpose.REPLAN)) == 1
    assert [task.key for task in tasks_of(asking, goal).values()].count("forms") == 1


def test_what_is_left_out_asks_nobody_any_more(asking: Office, claude: ClaudeDouble) -> None:
    """
    Its turns are cancelled and its questions withdrawn: an answer could begin nothing.
    """
    goal = given(asking, claude, "page-cro", "copywriting", declined="nobody")
    while not tasks_of(asking, goal):
        do(asking, goal)
    with asking.store.write() as tx:
        (turn,) = tx.turns.open_of_goal(goal.id)
        task = tx.tasks.move(tx.tasks.get(turn.subject), TaskState.ESCALATED, by="test")
        questions.ask(tx, goal, AboutFailure(turn.id), "Try again?", version="1", task=task)
        plan_changes.leave_out(tx, task, by="test")

    assert questions_of(asking, goal) == []
    with asking.store.read() as tx:
        assert tx.turns.open_of_goal(goal.id) == []
