"""A person changes a goal's plan: before it runs, and what of it has not begun while it runs."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from director.goals.change_plan import change, opened
from director.goals.checked import Refused
from director.inbox import approvals
from director.office import Office
from director.words.amounts import NANO
from director.words.errors import WrongCall
from director.words.models import Goal
from director.words.states import Answer, GoalState, TaskState
from pipelines.plan import Plan, PlannedTask, StepKind, from_document
from pipelines.written import Written, as_yaml, read, stamp

Planned = Callable[..., Goal]
Drain = Callable[[Office, Goal], Goal]

NEW = PlannedTask("check", "seo-audit", StepKind.DRAFT, ("copywriting",), "Check the page.", None, ("Findings",))


def plan_of(office: Office, goal: Goal) -> Plan:
    """As it is now."""
    with office.store.read() as tx:
        return from_document(tx.goals.get(goal.id).plan)


def without_key(plan: Plan, *keys: str) -> tuple[PlannedTask, ...]:
    """Its tasks but these, needed by none of the others."""
    return tuple(
        replace(task, needs=tuple(need for need in task.needs if need not in keys))
        for task in plan.tasks
        if task.key not in keys
    )


def states(office: Office, goal: Goal) -> dict[str, TaskState]:
    """Of each task."""
    with office.store.read() as tx:
        return {task.key: task.state for task in tx.tasks.of_goal(goal.id)}


def with_changed(tasks: tuple[PlannedTask, ...], key: str, **changes: Any) -> tuple[PlannedTask, ...]:
    """The tasks with one of them changed."""
    return tuple(replace(task, **changes) if task.key == key else task for task in tasks)


class TestBeforeItRuns:
    """A plan that waits for a yes."""

    @pytest.fixture
    def goal(self, office: Office, planned: Planned) -> Goal:
        """Four tasks in a row, and the question whether they may run."""
        return planned(office, pipeline="Page Launch", confirm=True)

    def test_dropped_added_changed_and_in_another_order_it_runs_as_it_is_then(
        self, office: Office, goal: Goal, drain: Drain
    ) -> None:
        """What was asked is asked anew, with the new number of tasks and what they cost; then all of it is done."""
        plan = plan_of(office, goal)
        tasks = with_changed(without_key(plan, "ab-test-setup"), "page-cro", brief="Only the head of the page.")
        made = change(office, goal.id, Written((NEW, *tasks), stamp(plan)))

        assert made.said == (
            "check is new; ab-test-setup is taken out; page-cro is changed (brief); analytics-tracking is changed (needs)"
        )
        with office.store.read() as tx:
            old, question = tx.approvals.of_goal(goal.id)
            tasks_there = {task.key: task for task in tx.tasks.of_goal(goal.id)}
            line = [line for line in tx.journal(goal.id) if line.what == "plan changed"]
        assert (old.state, question.state) == ("withdrawn", "open")
        assert question.question.startswith("Run this plan of 4 tasks?")
        assert [(one.by, one.detail) for one in line] == [("person", made.said)]
        assert tasks_there["page-cro"].brief == "Only the head of the page."
        assert set(states(office, goal).values()) == {TaskState.PLANNED}
        approvals.answer(office, question.id, Answer.APPROVE)
        assert drain(office, goal).state is GoalState.COMPLETED
        assert set(states(office, goal)) == {"copywriting", "page-cro", "analytics-tracking", "check"}

    def test_the_same_again_changes_nothing(self, office: Office, goal: Goal) -> None:
        """A file that says what is there, and a file that was taken before."""
        plan = plan_of(office, goal)
        wanted = Written(without_key(plan, "ab-test-setup"), stamp(plan))

        assert change(office, goal.id, read(opened(office, goal.id))).said == ""
        assert change(office, goal.id, wanted).said
        assert change(office, goal.id, wanted).said == ""
        with office.store.read() as tx:
            assert len(tx.approvals.of_goal(goal.id)) == 2

    def test_what_is_listed_before_what_it_needs_says_the_same_again(self, office: Office, goal: Goal) -> None:
        """It is moved behind that when it is taken; the file that has it in front was not changed by anybody."""
        plan = plan_of(office, goal)
        wanted = Written((NEW, *plan.tasks), stamp(plan))

        assert change(office, goal.id, wanted).said
        assert change(office, goal.id, wanted).said == ""

    def test_taken_out_and_put_back_it_is_there_under_a_new_number(self, office: Office, goal: Goal) -> None:
        """No number is given twice, so that nobody takes one task for another."""
        plan = plan_of(office, goal)
        change(office, goal.id, Written(without_key(plan, "analytics-tracking"), None))
        change(office, goal.id, Written(plan.tasks, None))
        with office.store.read() as tx:
            found = {task.key: task.id for task in tx.tasks.of_goal(goal.id)}
        assert found["analytics-tracking"] == f"{goal.id}-5"

    def test_a_file_of_an_older_plan_is_refused(self, office: Office, goal: Goal) -> None:
        """Else the second of two people would undo what the first did."""
        plan = plan_of(office, goal)
        change(office, goal.id, Written(without_key(plan, "analytics-tracking"), stamp(plan)))

        with pytest.raises(WrongCall, match="was changed since this file was made"):
            change(office, goal.id, Written(without_key(plan, "ab-test-setup"), stamp(plan)))

    @pytest.mark.parametrize(
        ("tasks", "says"),
        [
            ((), "The plan has no tasks."),
            ((replace(NEW, needs=("check",)),), "The task check needs itself."),
            ((replace(NEW, needs=()), replace(NEW, needs=())), "The key check is given to 2 tasks; each needs one of its own."),
            ((replace(NEW, needs=(), skill="seo"),), "The task check asks for 'seo', which is no skill; nearest: seo-audit."),
            ((replace(NEW, needs=("a",)),), "The task check needs 'a', which is no task of the plan."),
            (tuple(replace(NEW, key=f"t{n}", needs=(), pieces=()) for n in range(200)), "The plan has 200 tasks; at most 24"),
            ((replace(NEW, needs=("b",)), replace(NEW, key="b", pieces=(), needs=("check",))), "The tasks wait for each other"),
        ],
    )  # fmt: skip
    def test_what_is_no_plan_is_refused_and_changes_nothing(
        self, office: Office, goal: Goal, tasks: tuple[PlannedTask, ...], says: str
    ) -> None:
        """By the checks that hold for the Director."""
        before = plan_of(office, goal)
        with pytest.raises(Refused) as problem:
            change(office, goal.id, Written(tasks, None))

        assert any(reason.startswith(says) for reason in problem.value.reasons), problem.value.reasons
        assert plan_of(office, goal) == before


class TestWhileItRuns:
    """Four tasks in a row, of which the first is being written."""

    @pytest.fixture
    def goal(self, office: Office, planned: Planned) -> Goal:
        """Nobody is asked about it."""
        return planned(office, pipeline="Page Launch")

    def test_what_has_not_begun_is_dropped_changed_and_added(self, office: Office, goal: Goal, drain: Drain) -> None:
        """The goal completes with what is in its plan; a task that begins at once has its turn with the change."""
        plan = plan_of(office, goal)
        first = plan.tasks[0].key
        tasks = (*without_key(plan, "analytics-tracking"), replace(NEW, key="now", needs=()))
        change(office, goal.id, Written(tasks, stamp(plan)))

        with office.store.read() as tx:
            assert states(office, goal)[first] is TaskState.DRAFTING
            assert states(office, goal)["now"] is TaskState.DRAFTING
            turns = [turn.subject for turn in tx.turns.open_of_goal(goal.id)]
        assert len(turns) == 2
        goal = drain(office, goal)
        assert goal.state is GoalState.COMPLETED
        assert set(states(office, goal).values()) == {TaskState.APPROVED}

    @pytest.mark.parametrize("how", ["missing", "changed (brief)"])
    def test_what_has_begun_stays_and_is_named(self, office: Office, goal: Goal, how: str) -> None:
        """Also where it began after the file was made."""
        plan = plan_of(office, goal)
        first = plan.tasks[0].key
        tasks = without_key(plan, first) if how == "missing" else with_changed(plan.tasks, first, brief="Other.")
        with pytest.raises(Refused) as problem:
            change(office, goal.id, Written(tasks, stamp(plan)))

        assert problem.value.reasons[0] == (
            f"{first} ({goal.id}-1) has begun, so it stays in the plan as it was; here it is {how}."
        )
        assert plan_of(office, goal) == plan

    def test_the_prompts_of_what_has_begun_stay_what_they_were(self, office: Office, goal: Goal, drain: Drain) -> None:
        """Asked again after a crash it is the same request: nothing that was paid is bought in other words."""
        from director.tasks.prompt import look  # noqa: PLC0415

        before = look(office, f"{goal.id}-1").request.digest()
        plan = plan_of(office, goal)
        change(office, goal.id, Written(without_key(plan, "ab-test-setup"), None))

        assert look(office, f"{goal.id}-1").request.digest() == before
        drain(office, goal)
        assert look(office, f"{goal.id}-1").delivery == "sent"

    def test_what_does_not_fit_under_the_cap_is_refused(
        self, open_with: Callable[..., Office], planned: Planned
    ) -> None:
        """With what it would likely cost; the plan stays."""
        office = open_with()
        goal = planned(office, pipeline="Page Launch", cap_nano=3 * NANO // 2)
        plan = plan_of(office, goal)
        more = [replace(NEW, key=f"more-{n}", needs=(), pieces=()) for n in range(20)]
        with pytest.raises(Refused, match=r"will likely cost \$.* in all, and the goal's cap is \$1.50: plan less."):
            change(office, goal.id, Written((*plan.tasks, *more), None))

        assert plan_of(office, goal) == plan
        assert len(states(office, goal)) == 4

    def test_a_goal_that_is_over_or_has_no_plan_cannot_be_changed(
        self, office: Office, goal: Goal, drain: Drain, given_goal: Callable[..., Goal]
    ) -> None:
        """It says how the goal stands."""
        plan = plan_of(office, goal)
        drain(office, goal)

        with pytest.raises(WrongCall, match="is completed, with no task left to be done"):
            change(office, goal.id, Written(without_key(plan, "ab-test-setup"), None))
        with pytest.raises(WrongCall, match="has no plan yet: it is planning"):
            opened(office, given_goal().id)


def test_the_file_says_what_has_begun(office: Office, planned: Planned) -> None:
    """In a line above the entry, so that nobody changes it in vain."""
    goal = planned(office, pipeline="Page Launch")
    text = opened(office, goal.id)

    assert f"# {goal.id}-1 has begun (drafting); it stays as it is\n- id: copywriting" in text
    assert text.count("has begun") == 1
    assert (
        as_yaml(plan_of(office, goal), "", {}).partition("plan: ")[2]
        == text.replace(f"# {goal.id}-1 has begun (drafting); it stays as it is\n", "").partition("plan: ")[2]
    )
