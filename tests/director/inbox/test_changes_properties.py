"""Whatever people ask of approved work, in whatever order: nothing that was approved is lost, and the goal ends again."""

from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from director.goals.cancel import cancel
from director.goals.submit import submit
from director.inbox.accept import accept, say_fine
from director.inbox.revise_approved import look_again, revise
from director.office import Office
from director.progress import changes
from director.words.errors import WrongCall
from director.words.models import Goal
from director.words.states import GoalState, TaskState
from tests.director.cli.conftest import do

Drain = Callable[[Office, Goal], Goal]

TASKS = st.sampled_from(["1", "2", "3"])
WORDS = st.sampled_from(["Shorter.", "Call it a letter."])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("revise"), TASKS, WORDS, st.booleans()),
        st.tuples(st.just("look again"), TASKS),
        st.tuples(st.just("accept"), TASKS, WORDS),
        st.tuples(st.just("fine"), TASKS),
        st.tuples(st.just("cancel")),
        st.tuples(st.just("work"), st.integers(1, 4)),
    ),
    min_size=3,
    max_size=12,
)


def take(office: Office, goal: Goal, step: tuple[object, ...]) -> None:
    """One step; what cannot be done now is refused and changes nothing."""
    match step:
        case ("revise", str(task), str(words), bool(dependents)):
            revise(office, f"{goal.id}-{task}", words, dependents=dependents)
        case ("look again", str(task)):
            look_again(office, f"{goal.id}-{task}")
        case ("accept", str(task), str(words)):
            accept(office, f"{goal.id}-{task}", words, file=Path("own.md"))
        case ("fine", str(task)):
            say_fine(office, f"{goal.id}-{task}")
        case ("work", int(most)):
            do(office, goal, most=most)
        case _:
            cancel(office, goal.id)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nothing_that_was_approved_is_lost(office: Office, drain: Drain, steps: list[tuple[object, ...]]) -> None:
    """
    At every moment each task has an approved version, and one author at most; at the end the goal is completed, with no turn,
    question or change left open, and the Director has looked at what is approved.
    """
    goal = drain(office, submit(office, "Sell gnomes", pipeline="Outreach Campaign"))
    assert goal.state is GoalState.COMPLETED
    for step in steps:
        with office.store.read() as tx:
            before = tx.changes.of_goal(goal.id), tx.journal(goal.id)
        try:
            take(office, goal, step)
        except WrongCall:
            with office.store.read() as tx:
                assert (tx.changes.of_goal(goal.id), tx.journal(goal.id)) == before
        with office.store.read() as tx:
            tasks, turns = tx.tasks.of_goal(goal.id), tx.turns.open_of_goal(goal.id)
            assert all(task.deliverable is not None for task in tasks)
            assert len({turn.subject for turn in turns}) == len(turns)
            if tx.goals.get(goal.id).state is GoalState.COMPLETED:
                assert turns == []
                assert all(task.state is TaskState.APPROVED for task in tasks)
    now = drain(office, goal)
    with office.store.read() as tx:
        tasks = tx.tasks.of_goal(goal.id)
        assert (now.state, now.reopened_at) == (GoalState.COMPLETED, None)
        assert tx.turns.open_of_goal(goal.id) == []
        assert tx.approvals.open(goal.id) == []
        assert [changes.under_way(tx, task) for task in tasks] == [None] * 3
        for task in tasks:
            assert [draft.revision for draft in tx.drafts.of_task(task.id)] == list(range(task.revision + 1))
