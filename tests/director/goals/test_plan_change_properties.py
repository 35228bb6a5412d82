"""Whatever fails, is answered or changed: a goal keeps a plan, and comes to its end."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from director.calls.caps import goal_scope
from director.claude.rehearsal import service
from director.claude.rehearsal.asked import Asked, Purpose
from director.goals.change_plan import change
from director.goals.checked import Refused
from director.goals.submit import submit
from director.inbox import approvals
from director.mailbox import admission, handling
from director.office import Office
from director.progress import replanning
from director.progress.on_turn_failure import after_failure
from director.words.errors import WrongCall
from director.words.models import Goal
from director.words.states import Answer, TaskState, TurnState, is_final
from pipelines.plan import PlannedTask, StepKind, check, from_document, in_order
from pipelines.written import Written
from tests.conftest import VERBS
from tests.director import plan_answers
from tests.director.plan_answers import step

SKILLS = ("copywriting", "page-cro", "seo-audit", "cold-email", "paid-ads", "form-cro", "popup-cro")


def _replacement(asked: Asked, which: str, number: int) -> str:
    keys = [line.split(" | ")[0][2:] for line in asked.text("plan_as_it_stands").splitlines()]
    steps: list[dict[str, Any]] = {
        "another": [step("new", SKILLS[number % len(SKILLS)])],
        "an input": [step("new", SKILLS[number % len(SKILLS)], keys[number % len(keys)])],
        "unknown": [step("new", "gnome-whispering")],
        "a circle": [step("new", "form-cro", keys[-1])],
        "200": [step(f"n{n}", "form-cro") for n in range(200)],
        "dropped": [],
        "nobody": [step("new", "form-cro", "nobody")],
    }.get(which, [])
    if which == "nonsense":
        return "Gnomes."
    return json.dumps({"reasoning": "Gnomes.", "replacement": steps})


ANSWERS = ("another", "an input", "unknown", "a circle", "200", "dropped", "nobody", "nonsense")

plans = st.integers(1, 5).flatmap(
    lambda count: st.tuples(*(st.sets(st.integers(0, max(0, n - 1)), max_size=2 if n else 0) for n in range(count)))
)
edits = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(("drop", "add", "brief", "circle")), st.integers(0, 4)), max_size=4
)


def _edit(office: Office, goal: Goal, how: str, which: int) -> None:
    """What a person may try at this moment; refused or not."""
    with office.store.read() as tx:
        now = tx.goals.get(goal.id)
    if now.plan is None:
        return
    tasks = list(from_document(now.plan).tasks)
    at = which % len(tasks) if tasks else 0
    match how:
        case "drop" if tasks:
            gone = tasks.pop(at).key
            tasks = [replace(one, needs=tuple(need for need in one.needs if need != gone)) for one in tasks]
        case "add":
            tasks.append(
                PlannedTask(f"added-{which}", "social-content", StepKind.DRAFT, tuple(one.key for one in tasks[:1]))
            )
        case "brief" if tasks:
            tasks[at] = replace(tasks[at], brief="Something else.")
        case "circle" if len(tasks) > 1:
            tasks[0] = replace(tasks[0], needs=(tasks[-1].key,))
    try:
        change(office, goal.id, Written(tuple(tasks), None))
    except (Refused, WrongCall):
        return


def _see(office: Office, goal: Goal) -> None:
    """What holds at every moment."""
    with office.store.read() as tx:
        now, tasks = tx.goals.get(goal.id), tx.tasks.of_goal(goal.id)
        needs, account = tx.tasks.needs(goal.id), tx.accounts.get(goal_scope(goal.id), rehearsal=True)
        turns = [turn for turn in tx.turns.of_goal(goal.id) if turn.verb == replanning.REPLAN]
    assert account.spent_nano + account.reserved_nano <= now.cap_nano + account.added_nano
    assert len(turns) <= 2
    assert len({turn.subject for turn in turns}) == len(turns)
    in_order([PlannedTask(task.id, task.skill, task.kind, needs.get(task.id, ())) for task in tasks])
    if now.plan is None:
        return
    plan = from_document(now.plan)
    there = {task.key: task for task in tasks}
    assert check(plan.tasks) == ()
    assert all(there[one.key].state is not TaskState.LEFT_OUT for one in plan.tasks)
    assert {there[one.key].id: {there[need].id for need in one.needs} for one in plan.tasks if one.needs} == {
        task: set(found) for task, found in needs.items() if task in {there[one.key].id for one in plan.tasks}
    }


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    plan=plans,
    failing=st.sets(st.sampled_from(SKILLS)),
    said=st.lists(st.sampled_from(ANSWERS), min_size=4, max_size=4),
    number=st.integers(0, 6),
    changes=edits,
    twice=st.booleans(),
)
@example(plan=(set(),) * 5, failing=set(SKILLS), said=["dropped"] * 4, number=0, changes=[], twice=True)
def test_any_failures_replans_and_changes_leave_a_plan_that_ends(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    plan: tuple[set[int], ...],
    failing: set[str],
    said: list[str],
    number: int,
    changes: list[tuple[int, str, int]],
    twice: bool,
) -> None:
    """
    No circle, no task without a way to its end, at most two re-plannings, the caps hold, one effect of each answer: whatever
    is answered, changed in between, or heard twice.
    """
    answers = iter(said)
    steps = [step(SKILLS[n], None, *(SKILLS[need] for need in needs)) for n, needs in enumerate(plan)]
    writers: dict[Purpose, Callable[[Asked], str]] = {
        Purpose.PLAN: lambda _: plan_answers.answer(*steps),
        Purpose.REPLAN: lambda asked: _replacement(asked, next(answers, "nonsense"), number),
        Purpose.DRAFT: lambda asked: "Impossible: no gnomes." if asked.skill in failing else draft(asked),
    }
    draft = service._WRITERS[Purpose.DRAFT]
    with monkeypatch.context() as patch:
        for purpose, writer in writers.items():
            patch.setitem(service._WRITERS, purpose, writer)  # type: ignore[arg-type]
        goal = submit(office, "Sell singing gnomes")
        _to_the_end(office, goal, changes, twice=twice)


def _to_the_end(office: Office, goal: Goal, changes: list[tuple[int, str, int]], *, twice: bool) -> None:
    answered = 0
    for moment in range(200):
        for _, how, which in [one for one in changes if one[0] == moment]:
            _edit(office, goal, how, which)
        admission.ring(office)
        with office.store.read() as tx:
            now, questions = tx.goals.get(goal.id), tx.approvals.open(goal.id)
            waiting = [turn for turn in tx.turns.of_goal(goal.id) if turn.state is TurnState.DISPATCHED]
        _see(office, goal)
        if is_final(now.state):
            return
        if waiting:
            for _ in range(2 if twice else 1):
                handling.handle(office, waiting[0].id, VERBS, after_failure)
        else:
            assert questions, f"{goal.id} is {now.state}, and nothing happens next"
            answered += 1
            approvals.answer(office, questions[0].id, Answer.APPROVE if answered < 3 else Answer.REJECT)
    raise AssertionError("it did not come to an end")
