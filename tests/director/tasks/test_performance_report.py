"""A performance report has the record's figures behind it, and its words state no others."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from director.claude.rehearsal import director_and_reviewer
from director.claude.rehearsal.asked import Purpose
from director.files.performance_chart import chart
from director.goals.submit import submit
from director.inbox.revise_approved import revise
from director.office import Office
from director.tasks.performance_report import HEADING, fault, own_words, with_figures
from director.words.models import Goal
from director.words.states import GoalState, TaskState
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]
Pipeline = Callable[..., str]

RECORD = "| goal | cost |\n|---|---|\n| g1 | $1,200.50 |\n\nApproved: 7 of 9 (78 %), 3.0 hours."


@pytest.mark.parametrize(
    "said",
    [
        "7 of 9 were approved, 78 %.",
        "It cost $1200.50.",
        "Goal g1-2 took 3 hours.",
        "1. First\n2. Second\n12) Twelfth",
        "Nothing.",
    ],
)
def test_a_figure_of_the_record_is_known(said: str) -> None:
    """
    However it is written; numbers of a list and names of goals are no figures.
    """
    assert fault(said, [RECORD]) is None


@pytest.mark.parametrize(
    "said", ["8 of 9", "77 %", "$1,200.51", "3.1 hours", "12 goals", "about 80 %", "It cost $120."]
)
def test_another_figure_is_a_fault(said: str) -> None:
    """
    Also one that could be computed: what is computed may be wrong.
    """
    assert "neither in the record nor in the inputs" in (fault(said, [RECORD]) or "")


def test_the_figures_are_put_there_once() -> None:
    """
    A report that repeats them, as a revised one may, has them once, and they are no words of the Director's.
    """
    once = with_figures("# Report\n\nFine.", RECORD)

    assert with_figures(once, RECORD) == once
    assert once.count(HEADING) == 1
    assert own_words(once) == "# Report\n\nFine."


def test_a_report_with_another_figure_is_sent_back(
    open_with: Callable[..., Office], drain: Drain, pipeline: Pipeline, a_review: Callable[..., str]
) -> None:
    """
    Before anybody reviews it, with the figure named; the one that is approved has the record behind it and a chart beside it.
    """
    with ClaudeDouble() as claude:
        claude.always(Purpose.REVIEW, a_review(8.0))
        claude.says(
            Purpose.REPORT,
            lambda asked: f"{director_and_reviewer.performance_report(asked)}\n\nIt went up by 4711 %.\n",
            # The rehearsal repeats the notes, and with them the figure.
            lambda asked: re.sub(r"(?m)^.*4711.*$", "", director_and_reviewer.performance_report(asked)),
        )
        office = open_with(anthropic_base_url=claude.url, anthropic_api_key="test-key")
        drain(office, submit(office, "Sell gnomes", pipeline=pipeline("copywriting")))
        goal = drain(office, submit(office, "Look back", pipeline="Performance Review"))

        again = claude.asked(Purpose.REPORT)[1]
    with office.store.read() as tx:
        task = tx.tasks.of_goal(goal.id)[-1]
        text = tx.text(tx.drafts.get(task.deliverable or 0).text_hash)
        verdicts = [review.verdict for review in tx.reviews.of_task(task.id)]
        kept = tx.text(task.record_hash or "")
    assert "4711" in again.text("notes")
    assert (task.state, verdicts) == (TaskState.APPROVED, ["revise", "approve"])
    assert text.endswith(f"{HEADING}\n\n{kept.strip()}\n")
    drawn = (office.settings.workspace_dir / (task.path or "")).with_suffix(".svg")
    assert "copywriting" in drawn.read_text(encoding="utf-8")


def test_a_figure_that_a_person_gives_with_a_change_is_known(office: Office, drain: Drain, pipeline: Pipeline) -> None:
    """
    Of a report that was approved, as of a draft that is sent back: what a person says of it, its author may repeat.
    """
    drain(office, submit(office, "Sell gnomes", pipeline=pipeline("copywriting")))
    goal = drain(office, submit(office, "Look back", pipeline="Performance Review"))
    revise(office, "g2-2", "Say that 4711 gnomes came.")
    goal = drain(office, goal)

    assert goal.state is GoalState.COMPLETED, goal.reason
    with office.store.read() as tx:
        task = tx.tasks.get("g2-2")
        assert "4711" in tx.text(tx.drafts.get(task.deliverable or 0).text_hash)


TABLE = (
    "### By skill\n\n| skill | approved | at first try | before | cost | before | hours for people | hours for money |\n"
    "|---|---|---|---|---|---|---|---|\n"
    "| copy<writing | 4 | 1 of 4 (25 %) | 1 of 2 (50 %) | $1.00 | $4.00 | 0.0 | 0.0 |\n"
    "| director | 0 | none | none | $2.00 | none | 0.0 | 0.0 |\n\nMore."
)


def test_the_chart_is_drawn_to_scale() -> None:
    """
    Shares on a scale of all, costs on that of the largest of both periods; no bar where there is no figure.
    """
    drawn = ElementTree.fromstring(chart(TABLE) or "")  # noqa: S314 - our own
    bars = [rect.attrib for rect in drawn.iter("{http://www.w3.org/2000/svg}rect") if "class" in rect.attrib]
    whole = float(next(bar["width"] for bar in bars if bar["class"] == "all"))

    widths = {
        kind: [round(float(bar["width"]) / whole, 2) for bar in bars if bar["class"] == kind]
        for kind in ("now", "before")
    }
    assert widths == {"now": [0.25, 0.25, 0.5], "before": [0.5, 1.0]}
    assert "copy<writing" in [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]


def test_no_other_text_has_a_chart() -> None:
    """
    Nor a table of another form.
    """
    assert chart("# Report\n\n| a | b |\n|---|---|\n| 1 | 2 |") is None
    assert chart("### By skill\n\nNone.") is None
