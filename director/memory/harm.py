"""A learning that is proven to do harm retires itself, as a goal ends."""

from typing import Final

from director.memory.worth import PROVEN, Compared, Interval, Worth
from director.office import REVIEWER
from director.store.tx import Tx
from director.words.models import Goal, Learning
from director.words.states import LearningState

#: Who retires it, in the journal.
BY: Final = "memory"


def retire_harmful(tx: Tx, goal: Goal) -> list[Learning]:
    """
    Of the learnings that fitted the goal's tasks, retire those whose harm is proven. Called in the transaction that ends it.

    What was rehearsed was judged by nobody, so it proves nothing.
    """
    ids = tx.learnings.recalled_in(goal.id)
    arms = tx.learnings.arms_of(ids, rehearsal=False, by=REVIEWER)
    found = {ident: Compared(shown, without) for ident, (shown, without) in arms.items()}
    harmful = sorted(ident for ident, one in found.items() if one.worth(PROVEN) is Worth.HARMS)
    if harmful:
        tx.learnings.one_at_a_time()  # of two goals that end together one retires it
    still = [one for one in map(tx.learnings.get, harmful) if one.state is LearningState.ACTIVE]
    return [tx.learnings.move(one, LearningState.RETIRED, by=BY, why=_why(found[one.id])) for one in still]


def _why(found: Compared) -> str:
    parts = []
    if (approved := found.approved(PROVEN)) is not None and approved.high < 0:
        parts.append(f"{_points(approved)} points fewer first drafts were approved at once")
    if (score := found.score(PROVEN)) is not None and score.high < 0:
        parts.append(f"their score was {-score.value:.1f} lower ({-score.high:.1f} to {-score.low:.1f})")
    tasks = f"{found.shown.tasks} tasks with it and {found.without.tasks} without"
    sure = f"{PROVEN * 1000:.0f} of 1,000"
    return f"It did harm: of {tasks}, {', and '.join(parts)}; in {sure} cases what is so is between these."


def _points(approved: Interval) -> str:
    return f"{-approved.value * 100:.0f} ({-approved.high * 100:.0f} to {-approved.low * 100:.0f})"
