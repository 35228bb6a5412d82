"""What a prompt says of the work around it."""

from datetime import date, timedelta

import pytest

from director.prompting.situation import Situation
from pipelines.plan import DIRECTOR, PlannedTask, StepKind

PLAN = (
    PlannedTask("page-cro", "page-cro", StepKind.DRAFT, (), "Find what keeps  gnomes\nfrom being bought."),
    PlannedTask("copy", "copywriting", StepKind.DRAFT, ("page-cro",), "Write the gnomes' page. " * 40),
    PlannedTask("look", "copy-editing", StepKind.REVIEW, ("copy",), "", target="copy"),
    PlannedTask("report", DIRECTOR, StepKind.REPORT, ("copy", "look")),
)


def test_the_plan_is_told_in_a_line_for_each_task() -> None:
    """
    Who does what, after whom, and the beginning of a long brief; no ids, which mean nothing to who writes.
    """
    lines = Situation(date(2026, 11, 29), PLAN).told().splitlines()

    assert lines[4] == "1. page-cro writes: Find what keeps gnomes from being bought."
    assert lines[5].startswith("2. copywriting writes, builds on 1: Write the gnomes' page.")
    assert lines[5].endswith(" …")
    assert len(lines[5]) < 220
    assert lines[6] == "3. copy-editing judges 2, builds on 2"
    assert lines[7] == "4. director reports, builds on 2, 3"


def test_a_goal_without_a_plan_has_its_day_and_no_tools() -> None:
    """
    What the Director is told when it makes the plan.
    """
    assert Situation(date(2026, 11, 29)).told().splitlines()[1:-1] == [
        "Date: 2026-11-29 (Sun), when the goal was given.",
        "Tools: none. Nothing can be looked up, opened, run, sent or measured; there is only what stands here.",
    ]


@pytest.mark.parametrize("days", range(0, 400, 13))
def test_a_situation_is_as_long_on_every_day(days: int) -> None:
    """
    The same goal costs the same whenever it is given.
    """
    first = date(2026, 1, 1)

    assert len(Situation(first + timedelta(days), PLAN).told()) == len(Situation(first, PLAN).told())
