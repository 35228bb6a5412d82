"""How long a plan will likely take."""

from datetime import timedelta

from director.goals import likely_time
from pipelines.plan import Plan, PlannedTask, StepKind


def test_side_by_side_is_faster_than_one_after_the_other() -> None:
    """
    The likely time is that of the longest chain, not of all tasks.
    """
    keys = [f"t{number}" for number in range(4)]
    chain = [PlannedTask(key, "copywriting", StepKind.DRAFT, tuple(keys[:n][-1:])) for n, key in enumerate(keys)]
    beside = [PlannedTask(key, "copywriting", StepKind.DRAFT, ()) for key in keys]
    slow, fast, one = (likely_time.of(Plan(tuple(tasks), source="claude")) for tasks in (chain, beside, beside[:1]))

    assert fast == one
    assert timedelta(0) < fast[0] < slow[0]
    assert fast[0] < fast[1] < slow[1]
