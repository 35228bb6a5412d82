"""
Mended, not rewritten: what a reviewer found becomes edits. In a draft that is good enough, in one cheap call of the same turn;
in one that is sent back, by its author, who writes anew only where the reviewer says so or no edit can be made.
"""

import json
from collections.abc import Callable

import pytest

from director.claude.rehearsal import drafting
from director.claude.rehearsal.asked import Asked, Purpose
from director.goals.submit import submit
from director.inbox import approvals
from director.office import Office
from director.progress.facts import not_mended
from director.tasks import prompt
from director.tasks.prompt import Delivery
from director.words.models import Draft, Goal, Task
from director.words.states import Answer, GoalState, TaskState, WaitFor
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]
Pipeline = Callable[..., str]
AReview = Callable[..., str]

GNOMES = "Sell singing gnomes to people without gardens"
WRONG, RIGHT = "Gnomes weigh eleven stone.", "Gnomes weigh eleven ounces."


def written(asked: Asked) -> str:
    """The rehearsal's own good draft, with a fault in its first piece."""
    return drafting.draft(asked).replace('">\n', f'">\n{WRONG}\n\n', 1)


def edits(*edits: tuple[int | list[int], str, str]) -> str:
    """The answer of who mends."""
    return json.dumps(
        {
            "edits": [
                {"findings": number if isinstance(number, list) else [number], "old": old, "new": new}
                for number, old, new in edits
            ]
        }
    )


def sent_back(a_review: AReview, *findings: tuple[str, str], rewrite: bool = False) -> str:
    return json.dumps({**json.loads(a_review(6, *findings)), "rewrite": rewrite})


def versions_of(office: Office, goal: Goal) -> tuple[Task, list[Draft], list[str]]:
    with office.store.read() as tx:
        task = tx.tasks.get(f"{goal.id}-1")
        drafts = tx.drafts.of_task(task.id)
        return task, drafts, [tx.text(draft.text_hash) for draft in drafts]


def left_of(office: Office, task: Task) -> list[str]:
    with office.store.read() as tx:
        return [finding.split(":")[0] for finding in not_mended(tx, task)]


def test_what_was_found_is_mended_before_anybody_gets_it(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview
) -> None:
    """
    The mended version is the next revision and the deliverable; outside of the edit no byte differs. What was not mended stays
    found, a suggestion is told to nobody; the score stays the reviewer's. One call more was made, and what its author was asked
    is what it was.
    """
    claude.says(Purpose.DRAFT, written)
    claude.says(Purpose.REVIEW, a_review(8, ("minor", "Weight"), ("major", "Elsewhere"), ("suggestion", "Hats")))
    claude.says(Purpose.EDITS, edits((1, WRONG, RIGHT), (2, "Found elsewhere", "x")))

    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    task, drafts, (first, mended) = versions_of(asking, goal)
    assert goal.state is GoalState.COMPLETED
    assert (task.state, task.revision, task.deliverable) == (TaskState.APPROVED, 1, drafts[1].id)
    assert (drafts[0].score, drafts[1].score, task.score) == (8, 8, 8)
    assert mended == first.replace(WRONG, RIGHT)
    assert left_of(asking, task) == ["major, Elsewhere"]
    assert len(claude.asked(Purpose.REVIEW)) == len(claude.asked(Purpose.EDITS)) == 1
    assert prompt.look(asking, task.id).delivery is Delivery.SENT
    assert RIGHT in (asking.settings.workspace_dir / (task.path or "")).read_text("utf-8")


def test_findings_are_numbered_and_suggestions_are_no_business_of_edits(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview
) -> None:
    """
    Who mends is shown the text and what is to be mended in it, each with its number; suggestions are not.
    """
    claude.says(Purpose.REVIEW, a_review(8, ("suggestion", "Hats"), ("minor", "Weight"), ("major", "Beards")))

    drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    (asked,) = claude.asked(Purpose.EDITS)
    assert [line.split(":")[0] for line in asked.text("findings").splitlines()] == [
        "1. minor, Weight",
        "2. major, Beards",
    ]
    assert asked.text("deliverable")


@pytest.mark.parametrize("found", [[], [("suggestion", "Hats")]], ids=["nothing", "a suggestion"])
def test_nothing_is_bought_where_nothing_is_to_be_mended(
    asking: Office,
    claude: ClaudeDouble,
    pipeline: Pipeline,
    drain: Drain,
    a_review: AReview,
    found: list[tuple[str, str]],
) -> None:
    """
    Without a finding, or with suggestions only, no call is made and the first draft is the deliverable.
    """
    claude.says(Purpose.REVIEW, a_review(8, *found))

    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    assert versions_of(asking, goal)[0].revision == 0
    assert claude.asked(Purpose.EDITS) == []


@pytest.mark.parametrize(
    "answer",
    ["I would rather not.", 400, edits(), edits((1, "words of nobody", "x")), edits((7, WRONG, RIGHT))],
    ids=["no edits", "refused", "none", "no place", "no finding"],
)
def test_an_approved_draft_is_never_worse_off_for_having_been_tried(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview, answer: str | int
) -> None:
    """
    Where there is no usable edit the draft is approved as it is, and the goal goes on; nobody is asked and nothing held.
    """
    claude.says(Purpose.DRAFT, written)
    claude.says(Purpose.REVIEW, a_review(8, ("minor", "Weight")))
    claude.says(Purpose.EDITS, answer)

    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    task, drafts, _ = versions_of(asking, goal)
    assert goal.state is GoalState.COMPLETED
    assert (task.revision, task.deliverable, len(drafts)) == (0, drafts[0].id, 1)
    assert left_of(asking, task) == ["minor, Weight"]


def test_what_is_approved_is_not_held_for_the_price_of_mending_it(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview
) -> None:
    """
    Where the edits' worst case does not fit under a cap the draft is approved as it is; what comes next may wait for money.
    """

    def spend_it_all(_: Asked) -> str:
        with asking.store.write() as tx:
            tx.goals.change("g1", cap_nano=1)
        return a_review(8, ("minor", "Weight"))

    claude.says(Purpose.REVIEW, spend_it_all)

    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    task, drafts, _ = versions_of(asking, goal)
    assert (task.state, task.deliverable) == (TaskState.APPROVED, drafts[0].id)
    assert claude.asked(Purpose.EDITS) == []
    assert (goal.state, goal.wait_for) == (GoalState.WAITING, WaitFor.MONEY)


def test_an_edit_breaks_no_certain_check(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview
) -> None:
    """
    An edit that leaves a placeholder, or gives a piece another title, is left; the others are made.
    """
    claude.says(Purpose.DRAFT, written)
    claude.says(Purpose.REVIEW, a_review(8, ("minor", "Weight"), ("minor", "Title"), ("minor", "Name")))
    label = drafting.LABEL
    claude.says(
        Purpose.EDITS,
        lambda asked: edits(
            (1, WRONG, RIGHT),
            (
                2,
                next(line for line in asked.text("deliverable").splitlines() if line.startswith("<piece")),
                '<piece title="Gnomes">',
            ),
            (3, label, "Dear [your name here]"),
        ),
    )

    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    task, _, texts = versions_of(asking, goal)
    assert texts[-1] == texts[0].replace(WRONG, RIGHT)
    assert left_of(asking, task) == ["minor, Title", "minor, Name"]


def test_an_edit_states_nothing_that_has_no_source(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview
) -> None:
    """
    Nobody reads the mended text again before it is used: a price nobody gave stays out of it.
    """
    claude.says(Purpose.DRAFT, written)
    claude.says(Purpose.REVIEW, a_review(8, ("minor", "Weight"), ("minor", "Price")))
    claude.says(Purpose.EDITS, edits((1, WRONG, RIGHT), (2, drafting.LABEL, "They cost £77.")))

    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    task, _, texts = versions_of(asking, goal)
    assert texts[-1] == texts[0].replace(WRONG, RIGHT)
    assert left_of(asking, task) == ["minor, Price"]


def test_a_finding_that_was_mended_by_half_stays_found(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview
) -> None:
    """
    Two edits were to mend it, and one of them does not fit: it is not told as mended.
    """
    claude.says(Purpose.DRAFT, written)
    claude.says(Purpose.REVIEW, a_review(8, ("minor", "Weight")))
    claude.says(Purpose.EDITS, edits((1, WRONG, RIGHT), (1, "words of nobody", "x")))

    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    task, _, texts = versions_of(asking, goal)
    assert RIGHT in texts[-1]
    assert left_of(asking, task) == ["minor, Weight"]


def test_an_edit_may_mend_several_findings(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview
) -> None:
    """
    Two faults of the same words are mended by one edit, and neither is told as left; one that names no fault there is, is none.
    """
    claude.says(Purpose.DRAFT, written)
    claude.says(Purpose.REVIEW, a_review(8, ("minor", "Weight"), ("minor", "Unit"), ("minor", "Beards")))
    claude.says(Purpose.EDITS, edits(([1, 2], WRONG, RIGHT), ([3, 7], drafting.LABEL, "x"), ([], drafting.LABEL, "y")))

    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    task, _, texts = versions_of(asking, goal)
    assert texts[-1] == texts[0].replace(WRONG, RIGHT)
    assert left_of(asking, task) == ["minor, Beards"]


def test_what_was_asked_of_the_author_can_be_shown_after_it_was_mended(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview
) -> None:
    """
    A revision that was mended has a number nobody was asked for; its author was asked for the one before.
    """
    claude.says(Purpose.DRAFT, written)
    claude.says(Purpose.REVIEW, sent_back(a_review, ("critical", "Weight")), a_review(8, ("minor", "Weight")))
    claude.says(Purpose.EDITS, edits((1, WRONG, RIGHT)), edits((1, RIGHT, "Gnomes weigh nothing.")))

    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    task, drafts, _ = versions_of(asking, goal)
    assert [draft.revision for draft in drafts] == [0, 1, 2]
    shown = prompt.look(asking, task.id)
    assert shown.delivery is Delivery.SENT
    assert "This is revision 1." in shown.request.user.text


def test_it_is_done_once_a_task(asking: Office, claude: ClaudeDouble, drain: Drain, a_review: AReview) -> None:
    """
    A colleague sends the mended copy back, by edits too; approved again, with another small finding, it is not mended again.
    """
    minor = a_review(8, ("minor", "Weight"))
    unhappy = sent_back(a_review, ("critical", "Weight"))

    def review(asked: Asked) -> str:
        if not asked.skill:
            return minor
        return unhappy if asked.skill == "copy-editing" and asked.revision == 1 else a_review(8)

    claude.always(Purpose.REVIEW, review)
    claude.says(Purpose.DRAFT, written)
    other = "Gnomes weigh nothing."
    claude.says(Purpose.EDITS, edits((1, WRONG, RIGHT)), edits((1, RIGHT, other)))

    goal = drain(asking, submit(asking, GNOMES, pipeline="Copywriting Review Chain"))

    task, drafts, texts = versions_of(asking, goal)
    assert goal.state is GoalState.COMPLETED, goal.reason
    assert [draft.revision for draft in drafts] == [0, 1, 2]
    assert (task.deliverable, other in texts[2]) == (drafts[2].id, True)
    assert len(claude.asked(Purpose.EDITS)) == 2
    assert set(left_of(asking, task)) == {"minor, Weight"}


def test_a_rehearsal_asks_for_edits_and_changes_nothing(office: Office, drain: Drain) -> None:
    """
    The call is made, so that the way and its price are seen; nobody judged, so nothing is changed in answer to it.
    """
    goal = drain(office, submit(office, GNOMES))

    with office.store.read() as tx:
        calls = [call.purpose for call in tx.calls.of_goal(goal.id)]
        revisions = {task.revision for task in tx.tasks.of_goal(goal.id)}
    assert "mend" in calls
    assert revisions == {0}


def test_a_draft_that_is_sent_back_is_mended_in_its_places(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview
) -> None:
    """
    Its author answers with edits; outside of them no byte differs, and the reviewer is shown the lines that changed, with the
    notes, and asked to look at these.
    """
    claude.says(Purpose.DRAFT, written)
    claude.says(Purpose.REVIEW, sent_back(a_review, ("critical", "Weight")), a_review(8))
    claude.says(Purpose.EDITS, edits((1, WRONG, RIGHT)))

    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    task, drafts, (first, second) = versions_of(asking, goal)
    assert (task.state, task.revision, task.deliverable) == (TaskState.APPROVED, 1, drafts[1].id)
    assert second == first.replace(WRONG, RIGHT)
    (asked,) = claude.asked(Purpose.EDITS)
    assert asked.skill == "social-content"
    assert asked.text("earlier_draft") == first.strip()
    assert "Weight" in asked.text("notes")
    before, after = claude.asked(Purpose.REVIEW)
    assert before.all("changed") == ()
    assert after.text("changed") == RIGHT
    assert prompt.look(asking, task.id).delivery is Delivery.SENT


@pytest.mark.parametrize("answer", ["I would rather not.", edits(), edits((1, "words of nobody", "x"))])
def test_where_no_edit_can_be_made_the_whole_is_asked_for(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview, answer: str
) -> None:
    """
    In the same turn, and no attempt is used up by it; what was asked can still be shown.
    """
    claude.says(Purpose.DRAFT, written)
    claude.says(Purpose.REVIEW, sent_back(a_review, ("critical", "Weight")), a_review(8))
    claude.says(Purpose.EDITS, answer)

    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    task, _, texts = versions_of(asking, goal)
    assert goal.state is GoalState.COMPLETED
    assert WRONG not in texts[1]
    assert len(claude.asked(Purpose.EDITS)) == 1
    assert prompt.look(asking, task.id).delivery is Delivery.SENT


@pytest.mark.parametrize(
    ("findings", "rewrite"), [([("critical", "Weight")], True), ([], False)], ids=["said so", "nothing has a place"]
)
def test_the_whole_is_written_anew_when_the_reviewer_says_so(
    asking: Office,
    claude: ClaudeDouble,
    pipeline: Pipeline,
    drain: Drain,
    a_review: AReview,
    findings: list[tuple[str, str]],
    rewrite: bool,
) -> None:
    """
    Or where no finding has a place, as when only its scores are too low.
    """
    claude.says(Purpose.REVIEW, sent_back(a_review, *findings, rewrite=rewrite), a_review(8))

    drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    assert claude.asked(Purpose.EDITS) == []
    assert "give the whole document again" in claude.asked(Purpose.DRAFT)[1].user


def test_a_person_s_words_are_answered_with_a_new_text(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview
) -> None:
    """
    "Shorter, and friendlier" has no place, whatever the reviewer found before.
    """
    claude.says(Purpose.DRAFT, written)
    claude.says(Purpose.REVIEW, *[sent_back(a_review, ("critical", "Weight"))] * 2, a_review(8))
    claude.says(Purpose.EDITS, edits((1, WRONG, RIGHT)))
    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))
    with asking.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)

    approvals.answer(asking, question.id, Answer.REVISE, by="Ada", words="Shorter, and friendlier")
    drain(asking, goal)

    assert len(claude.asked(Purpose.EDITS)) == 1
    assert "friendlier" in claude.asked(Purpose.DRAFT)[1].text("notes")
