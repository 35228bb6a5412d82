"""What a change of approved work will likely cost, said before somebody asks for it."""

from dataclasses import dataclass

from director.calls import caps
from director.goals.fitting import said
from director.goals.forecast import Forecast
from director.inbox import revise_approved
from director.office import Office
from director.progress import changes
from director.store.tx import Tx
from director.words.amounts import plain_usd
from director.words.models import Task
from director.words.states import TaskState


@dataclass(frozen=True, slots=True)
class LikelyChange:
    """What it will likely cost, and what is left for it."""

    expected: Forecast
    left_nano: int
    rehearsal: bool

    @property
    def amount(self) -> str:
        """ "$1.20 ($0.80 to $2.10)"."""
        return said(self.expected)

    def sentence(self, goal: str) -> str:
        """For people, to whom its goal is *goal*."""
        how = "It is a rehearsal and costs nothing; with Claude it would" if self.rehearsal else "It will"
        return (
            f"{how} likely cost {self.amount}, {goal}'s report anew among it; {plain_usd(self.left_nano)} of what "
            f"{goal} may cost is left."
        )


def likely_change(office: Office, tx: Tx, task: Task, *, itself: bool, dependents: bool) -> LikelyChange | None:
    """
    Of the task *itself*, of its *dependents*, or both; None where nothing would begin, because it is under way or cannot be.

    Raises:
        CannotChange: the task itself cannot be changed now.
    """
    goal = tx.goals.get(task.goal)
    if (itself and task.state is not TaskState.APPROVED) or (
        not itself and not any(task.id in old for old in changes.outdated(tx, goal.id).values())
    ):
        return None
    if itself:
        revise_approved.check(tx, goal, task)
    account = tx.accounts.get(caps.goal_scope(goal.id), rehearsal=goal.rehearsal)
    return LikelyChange(
        expected=revise_approved.likely(office, tx, task.id, itself=itself, dependents=dependents),
        left_nano=max(0, account.left_nano(goal.cap_nano)),
        rehearsal=goal.rehearsal,
    )
