"""What a plan's graph promises: an order, and no task before what it needs."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.plan import (
    BrokenPlan,
    Plan,
    PlannedTask,
    StepKind,
    ancestors,
    check,
    critical_path,
    from_document,
    in_order,
    ready,
    sinks,
    to_document,
)

#: How long an example takes on a busy machine decides nothing.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

SKILLS = {"naming", "gnome-zoo", "copywriting"}


def draft(key: str, *needs: str, skill: str = "naming") -> PlannedTask:
    """A drafting task."""
    return PlannedTask(key, skill, StepKind.DRAFT, needs)


def review(key: str, target: str | None, *needs: str, by: str = "director") -> PlannedTask:
    """A review of the task *target*."""
    return PlannedTask(key, by, StepKind.REVIEW, needs, target=target)


#: Names first; then paint and sign; the fair needs both.
GNOMES = (draft("name"), draft("paint", "name"), draft("sign", "name"), draft("fair", "paint", "sign"))


@st.composite
def acyclic(draw: st.DrawFn) -> tuple[PlannedTask, ...]:
    """Up to twelve tasks in any order, each needing some of those that were thought of before it."""
    keys = [f"t{number}" for number in range(draw(st.integers(1, 12)))]
    tasks = [
        draft(key, *draw(st.lists(st.sampled_from(keys[:place]), unique=True) if place else st.just([])))
        for place, key in enumerate(keys)
    ]
    return tuple(draw(st.permutations(tasks)))


@st.composite
def cyclic(draw: st.DrawFn) -> tuple[PlannedTask, ...]:
    """An acyclic plan with one need more, from a task to one that already waits for it."""
    tasks = list(draw(acyclic()))
    pairs = [(place, task, key) for place, task in enumerate(tasks) for key in descendants(tasks, task.key)]
    if not pairs:
        tasks += [draft("a", "b"), draft("b", "a")]
    else:
        place, task, key = draw(st.sampled_from(pairs))
        tasks[place] = replace(task, needs=(*task.needs, key))
    return tuple(tasks)


def descendants(tasks: list[PlannedTask], key: str) -> list[str]:
    """All tasks that have *key* among their ancestors."""
    return [task.key for task in tasks if key in ancestors(tasks, task.key)]


@PATIENT
@given(acyclic())
def test_in_order_puts_every_task_after_all_it_needs(tasks: tuple[PlannedTask, ...]) -> None:
    """
    The same tasks, none lost, none before a need.
    """
    ordered = in_order(tasks)

    assert sorted(task.key for task in tasks) == sorted(task.key for task in ordered)
    for place, task in enumerate(ordered):
        assert set(task.needs) <= {before.key for before in ordered[:place]}


@PATIENT
@given(acyclic())
def test_an_order_that_is_one_stays_as_it_is(tasks: tuple[PlannedTask, ...]) -> None:
    """
    Ordering is stable, so ordering twice changes nothing.
    """
    ordered = in_order(tasks)

    assert ordered == in_order(ordered)


@PATIENT
@given(acyclic(), st.data())
def test_ready_never_gives_a_task_whose_needs_are_open(tasks: tuple[PlannedTask, ...], data: st.DataObject) -> None:
    """
    Whatever is done, even what should not have been possible: ready means undone, and all its needs done.
    """
    done = data.draw(st.sets(st.sampled_from([task.key for task in tasks])))

    found = ready(tasks, done)

    for task in tasks:
        assert (task.key in found) == (task.key not in done and all(need in done for need in task.needs))


@PATIENT
@given(acyclic(), st.data())
def test_draining_what_is_ready_finishes_every_acyclic_plan(
    tasks: tuple[PlannedTask, ...], data: st.DataObject
) -> None:
    """
    Whichever ready task ends first, there is a next one until the plan is finished.
    """
    done: set[str] = set()
    while len(done) < len(tasks):
        done.add(data.draw(st.sampled_from(ready(tasks, done))))

    assert {task.key for task in tasks} == done
    assert ready(tasks, done) == ()


@PATIENT
@given(acyclic())
def test_every_acyclic_plan_is_accepted(tasks: tuple[PlannedTask, ...]) -> None:
    """
    Check has nothing against a plan that is one.
    """
    assert check(tasks, SKILLS) == ()


@PATIENT
@given(cyclic())
def test_every_cyclic_plan_is_refused(tasks: tuple[PlannedTask, ...]) -> None:
    """
    Check names a circle that is really there, and there is no order.
    """
    (reason,) = check(tasks, SKILLS)

    assert reason.startswith("The tasks wait for each other in a circle: ")
    needs = {task.key: task.needs for task in tasks}
    circle = reason.removesuffix(".").split(": ", 1)[1].replace(" needs ", ", which needs ", 1).split(", which needs ")
    assert circle[0] == circle[-1]
    assert all(second in needs[first] for first, second in pairwise(circle))
    with pytest.raises(BrokenPlan, match="circle"):
        in_order(tasks)


@PATIENT
@given(acyclic())
def test_ancestors_are_needs_and_the_needs_of_needs(tasks: tuple[PlannedTask, ...]) -> None:
    """
    A task's ancestors are exactly what has to be done before it can be ready.
    """
    needs = {task.key: task.needs for task in tasks}
    for task in tasks:
        found = ancestors(tasks, task.key)

        assert set(found) == set(task.needs).union(*(ancestors(tasks, need) for need in needs[task.key]))
        assert task.key not in found


@PATIENT
@given(acyclic(), st.data())
def test_nothing_takes_longer_than_the_critical_path(tasks: tuple[PlannedTask, ...], data: st.DataObject) -> None:
    """
    With everything that can going on at once, the plan ends when its heaviest chain does.
    """
    weight = {task.key: data.draw(st.integers(0, 9)) for task in tasks}
    ends: dict[str, int] = {}
    for task in in_order(tasks):
        ends[task.key] = weight[task.key] + max((ends[need] for need in task.needs), default=0)

    path = critical_path(tasks, lambda task: weight[task.key])

    assert max(ends.values()) == sum(weight[key] for key in path)
    needs = {task.key: task.needs for task in tasks}
    assert all(first in needs[second] for first, second in pairwise(path))


@PATIENT
@given(acyclic())
def test_a_stored_plan_comes_back_as_it_was(tasks: tuple[PlannedTask, ...]) -> None:
    """
    Through JSON and back it is the same plan.
    """
    plan = Plan(in_order(tasks), source="claude", note="Gnomes first")

    assert plan == from_document(json.loads(json.dumps(to_document(plan))))


def test_the_graph_of_a_small_plan_reads_as_expected() -> None:
    """
    One example to read the functions by.
    """
    assert ready(GNOMES, set()) == ("name",)
    assert ready(GNOMES, {"name"}) == ("paint", "sign")
    assert ancestors(GNOMES, "fair") == ("name", "paint", "sign")
    assert sinks(GNOMES) == ("fair",)
    assert critical_path(GNOMES, lambda task: len(task.needs) + (task.key == "sign")) == (
        "name",
        "sign",
        "fair",
    )
    assert [task.key for task in in_order(GNOMES[::-1])] == ["name", "sign", "paint", "fair"]
    assert critical_path((), lambda _: 1) == ()


@pytest.mark.parametrize(
    ("tasks", "reason"),
    [
        ((), "The plan has no tasks."),
        ((draft("a", "a"),), "The task a needs itself."),
        ((draft("a", "b"),), "The task a needs 'b', which is no task of the plan."),
        ((draft("a"), draft("b", "a", "a")), "The task b needs 'a' more than once."),
        ((draft("a"), draft("a")), "The key a is given to 2 tasks; each needs one of its own."),
        ((draft("a b"),), "The key 'a b' must be 1 to 80 letters, digits, hyphens and underscores."),
        ((draft(""),), "The key '' must be 1 to 80 letters, digits, hyphens and underscores."),
        (
            (draft("a", "b"), draft("b", "c"), draft("c", "a")),
            "The tasks wait for each other in a circle: a needs b, which needs c, which needs a.",
        ),
        (
            (draft("a", skill="copywritting"),),
            "The task a asks for 'copywritting', which is no skill; nearest: copywriting.",
        ),
        ((draft("a", skill="zzz"),), "The task a asks for 'zzz', which is no skill."),
        (
            (replace(draft("a"), pieces=tuple(map(str, range(9)))),),
            "The task a names 9 pieces; at most 8 are allowed.",
        ),
        (
            (replace(draft("a"), pieces=("Gnome  letter",)), replace(draft("b"), pieces=("gnome letter",))),
            "2 pieces are called 'gnome letter'; each needs a title of its own.",
        ),
        (
            (replace(draft("a"), pieces=('The "gnome"',)),),
            """A piece is called 'the "gnome"'; a title has 1 to 100 characters, no quotation mark.""",
        ),
        (
            (replace(draft("a"), pieces=(" ",)),),
            "A piece is called ''; a title has 1 to 100 characters, no quotation mark.",
        ),
        ((draft("a", skill="director"),), "The task a asks for 'director', which is no skill."),
        (
            (replace(draft("a"), kind=StepKind.REPORT),),
            "The report a is written by the director, not by 'naming'.",
        ),
        ((replace(draft("a"), target="a"),), "The task a is no review and cannot have a target."),
        (
            (draft("a"), review("r", None, "a")),
            "The review r does not say which task's deliverable it judges.",
        ),
        (
            (draft("a"), review("r", "b", "a")),
            "The review r judges 'b', which is no drafting task of the plan.",
        ),
        (
            (draft("a"), review("r", "a", "a"), review("q", "r", "r")),
            "The review q judges 'r', which is no drafting task of the plan.",
        ),
        (
            (draft("a"), draft("b"), review("r", "a", "b")),
            "The review r judges a and must come after it, so it has to need it.",
        ),
    ],
)
def test_a_plan_is_refused_for_each_of_these_reasons(tasks: tuple[PlannedTask, ...], reason: str) -> None:
    """
    The reason is a sentence a model or a person can act on, and the only one.
    """
    assert (reason,) == check(tasks, SKILLS)


def test_all_reasons_are_given_at_once() -> None:
    """
    Who is asked once more for a plan hears everything that was wrong with the first.
    """
    tasks = (draft("a", "a", skill="x"), draft("b", "c"))

    assert len(check(tasks, SKILLS)) == 3


def test_a_plan_may_have_24_tasks_unless_said_otherwise() -> None:
    """
    The limit is counted in tasks.
    """
    tasks = tuple(draft(f"t{number}") for number in range(25))

    assert check(tasks[:24], SKILLS) == ()
    assert check(tasks, SKILLS) == ("The plan has 25 tasks; at most 24 are allowed.",)
    assert check(tasks[:3], SKILLS, most=2) == ("The plan has 3 tasks; at most 2 are allowed.",)


def test_reviews_and_reports_of_the_director_need_no_skill() -> None:
    """
    The director is in no roster.
    """
    tasks = (
        draft("a"),
        review("r", "a", "a"),
        review("q", "a", "r", by="gnome-zoo"),
        PlannedTask("report", "director", StepKind.REPORT, ("q",)),
    )

    assert check(tasks, SKILLS) == ()


@pytest.mark.parametrize(
    ("tasks", "source"),
    [
        ((draft("b", "a"), draft("a")), "claude"),
        ((draft("a"), draft("a")), "claude"),
        ((draft("a", "gone"),), "claude"),
        ((draft("a"),), "a hunch"),
        ((draft("a"),), "template:"),
    ],
)
def test_what_is_no_plan_cannot_be_held_as_one(tasks: tuple[PlannedTask, ...], source: str) -> None:
    """
    Whoever holds a plan can rely on its order.
    """
    with pytest.raises(BrokenPlan):
        Plan(tasks, source)


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"source": "claude", "note": "", "tasks": [{}]},
        {"source": "claude", "note": "", "tasks": None},
        {"source": "claude", "note": None, "tasks": []},
        {"source": "claude", "note": "", "tasks": [to_document(Plan(GNOMES, "claude"))]},
        {
            "source": "claude",
            "note": "",
            "tasks": [{"key": "a", "skill": "b", "kind": "party", "needs": [], "brief": "", "target": None}],
        },
        {
            "source": "claude",
            "note": "",
            "tasks": [{"key": "a", "skill": "b", "kind": "draft", "needs": [1], "brief": "", "target": None}],
        },
        to_document(Plan(GNOMES[:1], "claude")) | {"source": "a hunch"},
    ],
)
def test_a_document_that_is_no_plan_is_refused_in_a_sentence(document: object) -> None:
    """
    A damaged record is a complaint, not a traceback.
    """
    with pytest.raises(BrokenPlan, match=r"\.$"):
        from_document(document)


class Unopened(tuple[str, ...]):
    """Needs that may be counted, and nothing else."""

    def __iter__(self) -> Iterator[str]:
        """Nobody was to look."""
        raise AssertionError("what is too much was looked into")


class TestSizesFirst:
    """Counting comes before meaning: whoever sends a plan of a million characters gets a sentence, and nobody waits for it."""

    def test_of_a_plan_with_too_many_tasks_nothing_else_is_said(self) -> None:
        """
        Its graph is not looked at.
        """
        tasks = [PlannedTask("gnome zoo", "nobody", StepKind.DRAFT, Unopened(("x",)))] * 25

        assert check(tasks, SKILLS) == ("The plan has 25 tasks; at most 24 are allowed.",)

    def test_a_task_cannot_need_more_tasks_than_a_plan_has(self) -> None:
        """
        What it needs is not looked at.
        """
        tasks = [PlannedTask("name", "naming", StepKind.DRAFT, Unopened(("x",) * 25))]

        assert check(tasks, SKILLS) == ("The task name needs 25 tasks; a plan has at most 24.",)

    def test_a_key_that_cannot_be_one_is_told_first_and_cut(self) -> None:
        """
        Everything else is said in terms of the keys.
        """
        tasks = [draft("x" * 10_000, "x" * 10_000)]

        (reason,) = check(tasks, SKILLS)

        assert reason == f"The key '{'x' * 80}' must be 1 to 80 letters, digits, hyphens and underscores."
