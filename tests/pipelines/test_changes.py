"""A plan in which a task is replaced or dropped is a plan again; and a plan survives the way to a person's file and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import written
from pipelines.changes import dropped, new_key, replaced, with_tasks, without
from pipelines.plan import Plan, PlannedTask, Size, StepKind, ancestors, check
from pipelines.written import WrongPlan


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Drafts that need earlier ones, and now and then a review of one."""
    tasks: list[PlannedTask] = []
    for number in range(draw(st.integers(1, 7))):
        earlier = [task.key for task in tasks]
        needs = draw(st.lists(st.sampled_from(earlier), unique=True, max_size=3)) if earlier else []
        drafts = [task.key for task in tasks if task.kind is StepKind.DRAFT]
        brief = " ".join(draw(st.text(max_size=40)).split()).strip()
        brief = brief if brief.isprintable() else ""
        if drafts and draw(st.integers(0, 4)) == 0:
            target = draw(st.sampled_from(drafts))
            needs = list(dict.fromkeys([*needs, target]))
            tasks.append(PlannedTask(f"t{number}", "page-cro", StepKind.REVIEW, tuple(needs), brief, target))
        else:
            size = draw(st.sampled_from(Size))
            tasks.append(
                PlannedTask(
                    f"t{number}", "copywriting", StepKind.DRAFT, tuple(needs), brief, None, (f"P{number}",), size
                )
            )
    return Plan(tuple(tasks), "claude")


@given(plans(), st.data())
def test_what_is_left_when_a_task_is_dropped_is_a_plan(plan: Plan, data: st.DataObject) -> None:
    """No circle, no need that is not there, no review of nothing; what came before another task still does."""
    gone = data.draw(st.sampled_from(plan.tasks))
    left = dropped(plan.tasks, gone.key)

    assert not left or check(left) == ()
    assert {task.key for task in plan.tasks} - {task.key for task in left} <= {
        gone.key,
        *(task.key for task in plan.tasks if task.target == gone.key),
    }
    for task in left:
        assert set(ancestors(left, task.key)) == set(ancestors(plan.tasks, task.key)) & {one.key for one in left}


@given(plans(), st.data())
def test_what_needed_or_judged_a_task_needs_or_judges_the_one_in_its_place(plan: Plan, data: st.DataObject) -> None:
    """Where the new one needs nothing the old one did not, it is a plan again, with as many tasks."""
    gone = data.draw(st.sampled_from([task for task in plan.tasks if task.kind is StepKind.DRAFT]))
    new = PlannedTask("new", "seo-audit", StepKind.DRAFT, gone.needs, "Another.", None, ("Other",), Size.NOTE)
    changed = with_tasks(plan, replaced(plan.tasks, gone.key, new)).tasks

    assert check(changed) == ()
    assert len(changed) == len(plan.tasks)
    assert not any(gone.key in (*task.needs, task.target) for task in changed)


@given(plans(), st.data())
def test_what_is_left_once_some_are_done_needs_none_of_them(plan: Plan, data: st.DataObject) -> None:
    """A plan of its own, in the same order."""
    done = data.draw(st.sets(st.sampled_from([task.key for task in plan.tasks])))
    assert [task.key for task in without(plan, done).tasks] == [task.key for task in plan.tasks if task.key not in done]


@given(plans())
def test_a_plan_that_is_read_back_unchanged_is_the_same(plan: Plan) -> None:
    """Word for word, with the stamp that says which it is."""
    read = written.read(written.as_yaml(plan, "The plan of g1", {"t0": "g1-1 has begun"}))

    assert read.tasks == plan.tasks
    assert read.of == written.stamp(plan)


def test_a_taken_id_gets_a_number() -> None:
    """The next that is free."""
    assert new_key("copywriting", ()) == "copywriting"
    assert new_key("copywriting", ("copywriting", "copywriting-2")) == "copywriting-3"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "A plan has `tasks:`, a list of entries; this is nothing."),
        ("tasks: [", "The file cannot be read: expected YAML, found a mistake in line 2"),
        ("tasks: [{id: a}]", "tasks[1]: expected one of skill, review, report with who does it, found nothing."),
        ("tasks: [{id: a, skill: b, size: huge}]", "tasks[1].size: expected one of note, sheet, document, found 'huge'."),
        ("tasks: [{id: a, skill: b, breif: c}]", "'breif': expected only id,"),
        ("tasks: [{id: a, skill: b, needs: [1]}]", "tasks[1].needs[1]: expected a line of at most 200 characters, found 1."),
        ("tasks: [{skill: b}, 7]", "tasks[2]: expected an entry with id,"),
        (f"tasks: [{', '.join('{id: a, skill: b}' for _ in range(25))}]", "The plan has 25 tasks; at most 24 are allowed."),
        ("tasks: []\nplans: 1", "'plans': expected only plan, tasks; nearest: plan."),
    ],
)  # fmt: skip
def test_each_thing_that_is_wrong_is_a_sentence(text: str, says: str) -> None:
    """It names the entry and the field, what was expected and what came."""
    with pytest.raises(WrongPlan) as problem:
        written.read(text)
    assert any(reason.startswith(says) for reason in problem.value.reasons), problem.value.reasons
