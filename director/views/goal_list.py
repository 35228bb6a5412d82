"""All goals a page at a time, with what a person finds one again by: words, state, what came of it, when, what it cost."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from director.store.tx import Tx
from director.views.titles import GOAL_STATES, WAITS_FOR, goal_title
from director.views.today import sentence
from director.words.amounts import as_number
from director.words.models import Goal
from director.words.states import GoalState, TaskState, is_final
from pipelines.plan import StepKind

#: What a list of goals can be narrowed to, in people's words.
SHOWN: Final[Mapping[str, tuple[str, frozenset[GoalState]]]] = {
    "open": ("at work or waiting", frozenset(state for state in GoalState if not is_final(state))),
    "over": ("over", frozenset(state for state in GoalState if is_final(state))),
    **{state.value: (GOAL_STATES[state], frozenset({state})) for state in GoalState},
}


def goal_list_document(tx: Tx, goals: Sequence[Goal]) -> list[dict[str, Any]]:
    """A line each."""
    idents = [goal.id for goal in goals]
    costs, tasks = tx.calls.costs(idents), tx.tasks.of_goals(idents)
    return [
        {
            "id": goal.id,
            "title": goal_title(goal),
            "state": goal.state,
            "state_said": f"waits for {WAITS_FOR[goal.wait_for]}"
            if goal.state is GoalState.WAITING and goal.wait_for
            else GOAL_STATES[goal.state],
            "sentence": sentence(goal) if is_final(goal.state) else "",
            "rehearsal": goal.rehearsal,
            "given_at": goal.created_at.isoformat(),
            "finished_at": goal.finished_at and goal.finished_at.isoformat(),
            "texts": sum(
                task.state is TaskState.APPROVED and task.kind is not StepKind.REVIEW for task in tasks[goal.id]
            ),
            "cost_usd": as_number(costs.get(goal.id, 0)),
        }
        for goal in goals
    ]
