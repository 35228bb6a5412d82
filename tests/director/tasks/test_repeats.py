"""Who writes variants that say the same is told once, with the words; what is left stands in the goal's report."""

import json
from collections.abc import Callable

import pytest

from director.claude.rehearsal import drafting
from director.claude.rehearsal.asked import Asked, Purpose
from director.files.places import report_path
from director.goals.submit import submit
from director.office import Office
from director.tasks import repeats
from director.tasks.variants import Variant
from director.words.models import Goal, Task
from director.words.states import GoalState, TaskState
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]
Pipeline = Callable[..., str]
AReview = Callable[..., str]

SAME = ("Never pay for a surprise repair again", "No more surprise repair bills")
OTHER = "Punctures mended while you wait"


@pytest.fixture
def claude(a_review: AReview) -> ClaudeDouble:
    """A model whose reviews approve."""
    double = ClaudeDouble()
    double.always(Purpose.REVIEW, a_review(8.0))
    return double


def with_headlines(*headlines: str) -> Callable[[Asked], str]:
    """The rehearsal's own good draft, with headlines in its first piece."""
    lines = "".join(f"- {headline}\n" for headline in headlines)
    return lambda asked: drafting.draft(asked).replace("</piece>", f"**Headlines**\n{lines}</piece>", 1)


def edits(old: str, new: str) -> str:
    return json.dumps({"edits": [{"finding": 1, "old": old, "new": new}]})


def goal_of(open_with: Callable[..., Office], claude: ClaudeDouble, drain: Drain, name: str) -> tuple[Office, Goal]:
    office = open_with(anthropic_base_url=claude.url, anthropic_api_key="test-key")
    return office, drain(office, submit(office, "Sell the flat rate", pipeline=name))


def task_of(office: Office, goal: Goal, number: int = 1) -> Task:
    with office.store.read() as tx:
        return tx.tasks.get(f"{goal.id}-{number}")


def verdicts_of(office: Office, task: Task) -> list[str]:
    with office.store.read() as tx:
        return [review.verdict for review in tx.reviews.of_task(task.id)]


def report_of(office: Office, goal: Goal) -> str:
    return (office.settings.workspace_dir / report_path(goal)).read_text(encoding="utf-8")


def test_a_draft_that_says_the_same_twice_is_sent_back_with_the_words(
    open_with: Callable[..., Office], claude: ClaudeDouble, drain: Drain, pipeline: Pipeline
) -> None:
    """
    Before any model reviews it; its author is shown both and answers with edits; then it is reviewed as any draft.
    """
    with claude:
        claude.says(Purpose.DRAFT, with_headlines(*SAME))
        claude.says(Purpose.EDITS, edits(SAME[1], OTHER))
        office, goal = goal_of(open_with, claude, drain, pipeline("copywriting"))

        (asked,) = claude.asked(Purpose.EDITS)
        assert len(claude.asked(Purpose.REVIEW)) == 1
    task = task_of(office, goal)
    assert all(f"“{headline}”" in asked.text("notes") for headline in SAME)
    assert verdicts_of(office, task) == ["revise", "approve"]
    assert (task.state, task.revision) == (TaskState.APPROVED, 1)
    assert "says the same twice" not in report_of(office, goal)


def test_nobody_is_told_a_second_time(
    open_with: Callable[..., Office], claude: ClaudeDouble, drain: Drain, pipeline: Pipeline
) -> None:
    """
    An author who leaves them, or writes others that say the same, goes on to the review; the owner reads of it in the report.
    """
    with claude:
        claude.says(Purpose.DRAFT, with_headlines(*SAME))
        claude.says(Purpose.EDITS, json.dumps({"edits": []}))
        office, goal = goal_of(open_with, claude, drain, pipeline("copywriting"))

        assert len(claude.asked(Purpose.DRAFT)) == 1
        assert len(claude.asked(Purpose.REVIEW)) == 1
    assert goal.state is GoalState.COMPLETED
    assert verdicts_of(office, task_of(office, goal)) == ["revise", "approve"]
    section = report_of(office, goal).partition("## What says the same twice\n")[2].partition("\n## ")[0]
    assert all(headline in section for headline in SAME)


def test_a_draft_that_cannot_be_sent_back_any_more_is_judged(
    open_with: Callable[..., Office], claude: ClaudeDouble, drain: Drain, pipeline: Pipeline
) -> None:
    """
    No person is asked about it for that alone: the reviewer says whether it is good enough, the report what says the same.
    """
    with claude:
        claude.says(Purpose.DRAFT, *(f"# Nothing yet, {number}" for number in range(3)), with_headlines(*SAME))
        office, goal = goal_of(open_with, claude, drain, pipeline("copywriting"))

        assert len(claude.asked(Purpose.REVIEW)) == 1
    assert goal.state is GoalState.COMPLETED
    assert verdicts_of(office, task_of(office, goal)) == ["revise", "revise", "revise", "approve"]
    assert "## What says the same twice" in report_of(office, goal)


def test_variants_of_tasks_side_by_side_are_compared(
    open_with: Callable[..., Office], claude: ClaudeDouble, drain: Drain, pipeline: Pipeline
) -> None:
    """
    The one that is reviewed later is told what the approved one says.
    """
    with claude:
        claude.says(Purpose.DRAFT, with_headlines(SAME[0]), with_headlines(SAME[1]))
        claude.says(Purpose.EDITS, edits(SAME[1], OTHER))
        name = pipeline(["copywriting", "paid-ads"])
        office, goal = goal_of(open_with, claude, drain, name)

        assert len(claude.asked(Purpose.EDITS)) == 1
    assert sorted(task_of(office, goal, number).revision for number in (1, 2)) == [0, 1]


def test_who_builds_on_words_may_use_them(
    open_with: Callable[..., Office], claude: ClaudeDouble, drain: Drain, pipeline: Pipeline
) -> None:
    """
    A task that needs another one repeats its headline on purpose.
    """
    with claude:
        claude.always(Purpose.DRAFT, with_headlines(SAME[0]))
        office, goal = goal_of(open_with, claude, drain, pipeline("copywriting", "paid-ads"))

        assert claude.asked(Purpose.EDITS) == []
    assert goal.state is GoalState.COMPLETED
    assert "says the same twice" not in report_of(office, goal)


def test_a_rehearsals_words_are_not_compared(
    office: Office, drain: Drain, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    They are nobody's, and the built-in model could not say what an edit is better for.
    """
    both = tuple(Variant("headline", headline, "Page") for headline in SAME)
    monkeypatch.setattr(repeats, "variants", lambda text: both)
    goal = drain(office, submit(office, "Sell the flat rate", pipeline=pipeline("copywriting")))

    assert verdicts_of(office, task_of(office, goal)) == ["approve"]
    assert "says the same twice" not in report_of(office, goal)
