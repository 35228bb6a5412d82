"""What a plan will likely cost and take: a range that makes sense whatever the plan."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from director.catalog import Catalog
from director.goals import forecast
from director.goals.forecast import Forecast
from director.office import DIRECTOR, Office
from director.words.settings import Settings
from pipelines.plan import Plan, PlannedTask, StepKind

NAMES = sorted(Catalog(Settings()).roster.skills)

over_any_plan = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Drafts that need any of those before them, sometimes a review or a report at the end."""
    tasks: list[PlannedTask] = []
    for number in range(draw(st.integers(1, 10))):
        before = [task.key for task in tasks]
        needs = draw(st.lists(st.sampled_from(before), unique=True, max_size=3)) if before else []
        tasks.append(PlannedTask(f"t{number}", draw(st.sampled_from(NAMES)), StepKind.DRAFT, tuple(needs)))
    end = draw(st.sampled_from(["nothing", "review", "report"]))
    if end == "review":
        who = draw(st.sampled_from([DIRECTOR, *NAMES]))
        tasks.append(PlannedTask("end", who, StepKind.REVIEW, ("t0",), target="t0"))
    elif end == "report":
        tasks.append(PlannedTask("end", DIRECTOR, StepKind.REPORT, ("t0",)))
    return Plan(tuple(tasks), source="claude")


def no_less(more: Forecast, less: Forecast) -> bool:
    return (
        more.low_nano >= less.low_nano
        and more.high_nano >= less.high_nano
        and more.low >= less.low
        and more.high >= less.high
    )


@given(plan=plans(), context=st.none() | st.text(max_size=3000))
@over_any_plan
def test_a_forecast_is_a_range_above_nothing(office: Office, plan: Plan, context: str | None) -> None:
    """
    Low is more than nothing and never above high, for money and for time.
    """
    expected = forecast.of(office, plan, context)

    assert 0 < expected.low_nano <= expected.high_nano
    assert timedelta(0) < expected.low <= expected.high


@given(plan=plans(), skill=st.sampled_from(NAMES), data=st.data())
@over_any_plan
def test_another_task_never_makes_a_plan_cheaper_or_shorter(
    office: Office, plan: Plan, skill: str, data: st.DataObject
) -> None:
    """
    With a task more both ends of the cost rise, and the time does not fall.
    """
    needs = data.draw(st.lists(st.sampled_from([task.key for task in plan.tasks]), unique=True, max_size=3))
    longer = Plan((*plan.tasks, PlannedTask("more", skill, StepKind.DRAFT, tuple(needs))), source="claude")
    before, after = forecast.of(office, plan, None), forecast.of(office, longer, None)

    assert no_less(after, before)
    assert after.low_nano > before.low_nano
    assert after.high_nano > before.high_nano


@given(plan=plans(), context=st.text(max_size=2000), more=st.text(min_size=50, max_size=2000))
@over_any_plan
def test_a_longer_context_never_makes_a_plan_cheaper(office: Office, plan: Plan, context: str, more: str) -> None:
    """
    Everybody reads the context, so more of it costs more.
    """
    assert no_less(forecast.of(office, plan, context + more), forecast.of(office, plan, context))


def test_side_by_side_is_faster_than_one_after_the_other(office: Office) -> None:
    """
    The likely time is that of the longest chain, not of all tasks.
    """
    keys = [f"t{number}" for number in range(4)]
    chain = [PlannedTask(key, "copywriting", StepKind.DRAFT, tuple(keys[:n][-1:])) for n, key in enumerate(keys)]
    beside = [PlannedTask(key, "copywriting", StepKind.DRAFT, ()) for key in keys]
    one = Plan((beside[0],), source="claude")

    slow = forecast.of(office, Plan(tuple(chain), source="claude"), None)
    fast = forecast.of(office, Plan(tuple(beside), source="claude"), None)

    assert fast.low < slow.low
    assert fast.high < slow.high
    assert fast.low == forecast.of(office, one, None).low


def test_the_dear_case_counts_a_revision_a_task(office: Office) -> None:
    """
    High is what the plan costs when every draft is long and sent back once: at least twice the low end.
    """
    expected = forecast.of(office, Plan((PlannedTask("t", "page-cro", StepKind.DRAFT, ()),), source="claude"), None)

    assert expected.high_nano >= 2 * expected.low_nano
    assert expected.high >= 2 * expected.low
