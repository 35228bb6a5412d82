"""From a draft to a verdict and what follows: sent back, approved, or put before a person. Never approved by accident."""

from collections.abc import Callable

import pytest

from director.claude.rehearsal import drafting
from director.claude.rehearsal.asked import Asked, Purpose
from director.claude.rehearsal.service import Rehearsal, Reply, Script
from director.goals.submit import submit
from director.inbox import approvals
from director.office import Office
from director.prompting.pieces import for_others
from director.tasks.on_verdict import MOST_REVISIONS
from director.words.models import Approval, Draft, Goal, Task
from director.words.states import Answer, GoalState, TaskState, WaitFor
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]
Pipeline = Callable[..., str]
AReview = Callable[..., str]

GNOMES = "Sell singing gnomes to people without gardens"


def task_of(office: Office, goal: Goal, number: int = 1) -> Task:
    with office.store.read() as tx:
        return tx.tasks.get(f"{goal.id}-{number}")


def drafts_of(office: Office, task: Task) -> list[Draft]:
    with office.store.read() as tx:
        return tx.drafts.of_task(task.id)


def text_of(office: Office, draft: int | None) -> str:
    with office.store.read() as tx:
        return tx.text(tx.drafts.get(draft or 0).text_hash)


def verdicts_of(office: Office, task: Task) -> list[tuple[str, str]]:
    with office.store.read() as tx:
        return [(review.by, review.verdict) for review in tx.reviews.of_task(task.id)]


def question_of(office: Office, goal: Goal) -> Approval:
    with office.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)
    return question


def stamped(stamp: str) -> Callable[[Asked], str]:
    """The rehearsal's own good draft, with a word in it that is found again."""
    return lambda asked: drafting.draft(asked).replace('">\n', f'">\n{stamp}.\n\n', 1)


def test_a_good_draft_is_approved_at_once(office: Office, pipeline: Pipeline, drain: Drain) -> None:
    """
    One draft, one review, the score of the review on both, the draft as deliverable.
    """
    goal = drain(office, submit(office, GNOMES, pipeline=pipeline("social-content")))

    task = task_of(office, goal)
    (draft,) = drafts_of(office, task)
    assert goal.state is GoalState.COMPLETED
    assert (task.state, task.revision, task.deliverable, task.score) == (TaskState.APPROVED, 0, draft.id, draft.score)
    assert verdicts_of(office, task) == [("reviewer", "approve")]


@pytest.mark.parametrize("nothing", ["", "  \n", "# \n\n---"])
def test_an_empty_draft_is_for_a_person(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, nothing: str
) -> None:
    """
    There is nothing to judge, so nobody is paid for judging it, and it is never the deliverable by itself.
    """
    claude.says(Purpose.DRAFT, nothing)
    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    assert (goal.state, goal.wait_for) == (GoalState.WAITING, WaitFor.PERSON)
    assert task_of(asking, goal).state is TaskState.ESCALATED
    assert question_of(asking, goal).about.reason == "The draft is empty."
    assert claude.asked(Purpose.REVIEW) == []


def test_certain_faults_are_sent_back_without_a_call(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain
) -> None:
    """
    What is certainly wrong costs no review; the author gets all of it as notes, and only the better draft is judged.
    """
    claude.says(Purpose.DRAFT, "Gnomes for TBD. " * 10)
    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    first, second = claude.asked(Purpose.DRAFT)
    task = task_of(asking, goal)
    assert goal.state is GoalState.COMPLETED
    assert (task.state, task.revision) == (TaskState.APPROVED, 1)
    assert verdicts_of(asking, task) == [("reviewer", "revise"), ("reviewer", "approve")]
    assert len(claude.asked(Purpose.REVIEW)) == 1
    assert not first.text("notes")
    assert second.text("earlier_draft") == ("Gnomes for TBD. " * 10).strip()
    for fault in ("no heading", "30 words", "Required sections are missing", "TBD"):
        assert fault in second.text("notes")


def test_a_cut_off_draft_is_sent_back(asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain) -> None:
    """
    A draft that ran out of room is not judged by how it begins.
    """

    def cut(asked: Asked) -> Reply:
        document = {"model": "claude-sonnet-5-5", "max_tokens": 99, "messages": [{"role": "user", "content": "Write."}]}
        return Rehearsal(Script()).reply_with(document, drafting.draft(asked))

    claude.says(Purpose.DRAFT, cut)
    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    assert task_of(asking, goal).revision == 1
    assert "stops before its end" in claude.asked(Purpose.DRAFT)[1].text("notes")
    assert len(claude.asked(Purpose.REVIEW)) == 1


UNREADABLE = {
    "words": "I approve of this gnome. 10/10!",
    "another form": '{"verdict": "approve"}',
    "a score of eleven": '{"scores": {"completeness": 11}, "findings": [], "summary": ""}',
    "not a number": '{"scores": {"completeness": NaN}, "findings": [], "summary": ""}',
    "nothing": "",
    "a very long number": "9" * 5000,
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_review_that_cannot_be_read_is_asked_for_again(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, to_rest: Drain, name: str
) -> None:
    """
    It approves nothing; the next answer that can be read decides.
    """
    claude.says(Purpose.REVIEW, UNREADABLE[name])
    goal = to_rest(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    assert goal.state is GoalState.COMPLETED
    assert verdicts_of(asking, task_of(asking, goal)) == [("reviewer", "approve")]
    assert len(claude.asked(Purpose.REVIEW)) == 2
    assert len(claude.asked(Purpose.DRAFT)) == 1


@pytest.mark.parametrize("answer", ["I approve of this gnome.", 400, 401, 402], ids=str)
def test_a_review_that_never_comes_is_no_approval(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, to_rest: Drain, answer: str | int
) -> None:
    """
    Nonsense three times, or a refusal once: a person is asked, nothing is approved, and yes asks again.
    """
    claude.always(Purpose.REVIEW, answer)
    goal = to_rest(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    task = task_of(asking, goal)
    assert (goal.state, goal.wait_for) == (GoalState.WAITING, WaitFor.PERSON)
    assert (task.state, task.deliverable, task.score) == (TaskState.ESCALATED, None, None)
    assert verdicts_of(asking, task) == []
    assert len(claude.asked(Purpose.REVIEW)) == (3 if isinstance(answer, str) else 1)
    assert question_of(asking, goal).kind == "failure"

    claude.always(Purpose.REVIEW, None)
    approvals.answer(asking, question_of(asking, goal).id, Answer.APPROVE)
    assert to_rest(asking, goal).state is GoalState.COMPLETED


def test_a_revision_sees_the_draft_and_the_notes(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview
) -> None:
    """
    The same task again, with what it wrote and what to change; the review of it is told what was asked for.
    """
    claude.says(Purpose.REVIEW, a_review(6, ("minor", "Posts"), ("critical", "Hooks")))
    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    _, second = claude.asked(Purpose.DRAFT)
    task = task_of(asking, goal)
    assert goal.state is GoalState.COMPLETED
    assert task.revision == 1
    assert second.revision == 1
    assert second.text("earlier_draft") == text_of(asking, drafts_of(asking, task)[0].id).strip()
    notes = second.text("notes").splitlines()
    assert notes[1].startswith("- critical, Hooks: ")
    assert notes[2].startswith("- minor, Posts: ")
    assert task.notes == second.text("notes")
    assert claude.asked(Purpose.REVIEW)[1].text("notes") == second.text("notes")


def test_nothing_is_sent_back_more_than_three_times(
    open_with: Callable[..., Office], pipeline: Pipeline, drain: Drain
) -> None:
    """
    Four drafts are enough, even if each is a little better; then a person is asked.
    """
    office = open_with(rehearsal="send_back=99")
    goal = drain(office, submit(office, GNOMES, pipeline=pipeline("social-content")))

    task = task_of(office, goal)
    drafts = drafts_of(office, task)
    assert MOST_REVISIONS == 3
    assert [draft.revision for draft in drafts] == [0, 1, 2, 3]
    assert task.state is TaskState.ESCALATED
    question = question_of(office, goal)
    assert "sent back 3 times" in question.question
    assert question.about.best == question.about.last == drafts[-1].id


def test_it_stops_sooner_when_the_score_does_not_rise(
    open_with: Callable[..., Office], pipeline: Pipeline, drain: Drain
) -> None:
    """
    A second draft that is no better than the first ends it: a third would not be either.
    """
    office = open_with(rehearsal="stuck=1")
    goal = drain(office, submit(office, GNOMES, pipeline=pipeline("social-content")))

    assert [draft.revision for draft in drafts_of(office, task_of(office, goal))] == [0, 1]
    assert "score did not rise" in question_of(office, goal).question


def test_the_best_version_is_kept(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview
) -> None:
    """
    A revision that is worse than its draft is not what a person is offered; both versions are there to compare.
    """
    claude.says(Purpose.DRAFT, stamped("first"), stamped("second"))
    claude.says(Purpose.REVIEW, a_review(6.5), a_review(5))
    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    first, second = drafts_of(asking, task_of(asking, goal))
    question = question_of(asking, goal)
    assert (question.about.best, question.about.last) == (first.id, second.id)
    assert "revision 0" in question.question
    assert "6.5 before, 5.0 now" in question.about.reason

    approvals.answer(asking, question.id, Answer.APPROVE)
    goal = drain(asking, goal)
    task = task_of(asking, goal)
    assert goal.state is GoalState.COMPLETED
    assert (task.deliverable, task.score) == (first.id, 6.5)
    assert "first." in (asking.settings.workspace_dir / (task.path or "")).read_text()


def test_a_hopeless_draft_is_put_before_a_person_at_once(
    open_with: Callable[..., Office], pipeline: Pipeline, drain: Drain
) -> None:
    """
    Under 4 the first draft already is a person's matter: the question, the versions and the reviewer's reason.
    """
    office = open_with(rehearsal="escalate=1")
    goal = drain(office, submit(office, GNOMES, pipeline=pipeline("social-content")))

    (draft,) = drafts_of(office, task_of(office, goal))
    question = question_of(office, goal)
    assert (goal.state, goal.wait_for, question.kind) == (GoalState.WAITING, WaitFor.PERSON, "draft")
    assert question.about.best == question.about.last == draft.id
    assert "misses its purpose" in question.about.reason
    assert goal.wait_until == question.due_at


def test_the_next_task_is_given_the_revised_version(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview
) -> None:
    """
    What others build on is the approved deliverable, never an earlier draft.
    """
    claude.says(Purpose.DRAFT, stamped("firstly"), stamped("secondly"))
    claude.says(Purpose.REVIEW, a_review(6))
    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content", "copy-editing")))

    assert goal.state is GoalState.COMPLETED
    editing = next(asked for asked in claude.asked(Purpose.DRAFT) if asked.skill == "copy-editing")
    (given,) = editing.all("input")
    assert given.attributes == {"by": "social-content", "kind": "approved deliverable"}
    assert given.text == for_others(text_of(asking, task_of(asking, goal).deliverable)).strip()
    assert "secondly." in given.text
    assert "firstly." not in given.text


def test_a_grandchild_is_given_a_summary(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain
) -> None:
    """
    A task sees what it needs whole, and last; what that was built on, in summary.
    """
    line = pipeline("content-strategy", "copywriting", "copy-editing")
    drain(asking, submit(asking, GNOMES, pipeline=line))

    editing = next(asked for asked in claude.asked(Purpose.DRAFT) if asked.skill == "copy-editing")
    assert [(given.attributes["by"], given.attributes["kind"]) for given in editing.all("input")] == [
        ("content-strategy", "summary of an earlier deliverable"),
        ("copywriting", "approved deliverable"),
    ]


def unhappy(colleague: str, review: str) -> Callable[[Asked], str | None]:
    """A colleague who sends the first version back, and takes the next."""
    return lambda asked: review if asked.skill == colleague and asked.revision == 0 else None


@pytest.mark.parametrize("colleague", ["copy-editing", "page-cro"])
def test_a_colleague_sends_the_copy_back_and_the_chain_completes(
    asking: Office, claude: ClaudeDouble, drain: Drain, a_review: AReview, colleague: str
) -> None:
    """
    The author revises by the colleague's notes, the reviewer approves again, the colleague looks at the new version.
    """
    claude.always(Purpose.REVIEW, unhappy(colleague, a_review(5, ("critical", "Headline"))))
    goal = drain(asking, submit(asking, GNOMES, pipeline="Copywriting Review Chain"))

    assert goal.state is GoalState.COMPLETED, goal.reason
    copy = task_of(asking, goal)
    with asking.store.read() as tx:
        tasks = {task.skill: task for task in tx.tasks.of_goal(goal.id)}
    assert set(tasks) == {"copywriting", "copy-editing", "page-cro", "director"}
    assert {task.state for task in tasks.values()} == {TaskState.APPROVED}
    assert copy.revision == 1
    assert "critical, Headline" in claude.asked(Purpose.DRAFT)[1].text("notes")
    judged = [(asked.skill, asked.revision) for asked in claude.asked(Purpose.REVIEW) if asked.skill == colleague]
    assert judged == [(colleague, 0), (colleague, 1)]
    assert (tasks[colleague].id, "revise") in verdicts_of(asking, copy)
    assert (tasks[colleague].id, "approve") in verdicts_of(asking, copy)
    for later in ("page-cro", ""):
        if later != colleague:
            seen = [asked.revision for asked in claude.asked(Purpose.REVIEW) if asked.skill == later]
            assert seen[-1] == 1


def test_a_colleagues_review_is_a_deliverable(asking: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    Who approves says so in a document of their own: scores and findings.
    """
    goal = drain(asking, submit(asking, GNOMES, pipeline="Copywriting Review Chain"))

    assert goal.state is GoalState.COMPLETED
    review = task_of(asking, goal, 2)
    written = text_of(asking, review.deliverable)
    assert written.startswith("# Review of copywriting by copy-editing\n")
    assert "| brand alignment | " in written
    assert (asking.settings.workspace_dir / (review.path or "")).is_file()


def test_a_colleague_who_is_never_content_leads_to_a_person(
    asking: Office, claude: ClaudeDouble, drain: Drain, a_review: AReview
) -> None:
    """
    The chain does not go round for ever: when the score does not rise, a person decides, and it goes on from there.
    """
    claude.always(Purpose.REVIEW, lambda asked: a_review(5) if asked.skill == "copy-editing" else None)
    goal = drain(asking, submit(asking, GNOMES, pipeline="Copywriting Review Chain"))

    assert (goal.state, goal.wait_for) == (GoalState.WAITING, WaitFor.PERSON)
    assert question_of(asking, goal).kind == "draft"
    assert len(claude.asked(Purpose.DRAFT)) <= MOST_REVISIONS + 1

    claude.always(Purpose.REVIEW, None)
    approvals.answer(asking, question_of(asking, goal).id, Answer.APPROVE)
    assert drain(asking, goal).state is GoalState.COMPLETED
