"""What seems to go nowhere is paused, and a person asked: a goal beyond its ceilings, a brand whose calls fit under no cap."""

from typing import Final

from director.calls import caps, ceilings
from director.office import Office
from director.progress import questions
from director.store.tx import Tx
from director.words.errors import Ceiling, OverCap
from director.words.models import Approval, Goal, Need
from director.words.question import AboutPause
from director.words.states import ApprovalState, TurnState

#: Calls in a row, of any of a brand's goals, that fit under no cap.
MOST_REFUSALS: Final = 10


def stop_goal(tx: Tx, goal: Goal, problem: Ceiling) -> None:
    """Pause *goal*; once, however many of its turns come to the ceiling."""
    if goal.paused_at is not None:
        return
    tx.goals.change(goal.id, paused_at=tx.now)
    tx.note(goal.id, goal.id, "paused", by="brake", detail=str(problem))
    question = f"{problem} It is paused. Let it go on, as far again?"
    questions.ask(tx, goal, AboutPause(), question, version=str(goal.extended))


def count_refusal(tx: Tx, goal: Goal, problem: OverCap) -> None:
    """
    Count a call that did not fit; pause the brand where it is one of too many in a row. Rehearsed ones stop nothing where
    workers pay.
    """
    if problem.rehearsal and tx.presence.standing_workers(rehearsal=False):
        return
    if tx.brands.refused(goal.brand) < MOST_REFUSALS or tx.brands.get(goal.brand).paused_at is not None:
        return
    tx.brands.pause(goal.brand, tx.now)
    tx.note(None, goal.brand, "paused", by="brake", detail=f"{MOST_REFUSALS} calls in a row fitted under no cap")
    about, until = AboutPause(goal.brand), ""
    if problem.scope != caps.goal_scope(goal.id):
        about = AboutPause(goal.brand, problem.scope, problem.rehearsal, problem.worst_nano)
        until = " It goes on by itself when that cap has room again."
    question = (
        f"{MOST_REFUSALS} calls in a row fitted under no cap, the last: {problem} All work is paused.{until} "
        "Let it go on, once the caps are as you want them?"
    )
    questions.ask(tx, goal, about, question, version=f"{goal.brand}:{tx.now.isoformat()}")


def look_again(office: Office) -> int:
    """
    The sweep's part, and that of whoever sets caps: brands that were paused because a month or a day had no room go on when it
    has, or is over, and nobody is asked any more. Returns how many.
    """
    with office.store.read() as tx:
        over = [question for question in tx.approvals.open() if _has_room(tx, office, question)]
    return sum(_end_pause(office, question) for question in over)


def _has_room(tx: Tx, office: Office, question: Approval) -> bool:
    about = question.about
    if not isinstance(about, AboutPause) or about.scope is None:
        return False
    need = Need(about.scope, bool(about.rehearsal), about.worst_nano or 0)
    return caps.fits(tx, office, tx.goals.get(question.goal), need)


def _end_pause(office: Office, question: Approval) -> bool:
    with office.store.write() as tx:
        if not tx.approvals.close(question, ApprovalState.WITHDRAWN):
            return False
        wake_all(tx, question.brand)
        tx.note(None, question.brand, "resumed", by="sweep", detail="the cap has room again")
    return True


def ask_again(tx: Tx, goal: Goal, lapsed: Approval) -> None:
    """Nobody answered in time: it stays paused, and would be forgotten if nobody were asked."""
    questions.ask(tx, goal, lapsed.about, lapsed.question, version=f"after {lapsed.id}")


def let_go(tx: Tx, goal: Goal, about: AboutPause, *, by: str) -> None:
    """A person lets it go on; a goal as far again as before."""
    if about.brand is not None:
        wake_all(tx, about.brand)
        tx.note(None, about.brand, "resumed", by=by)
        return
    wake(tx, goal)
    tx.note(goal.id, goal.id, "resumed", by=by)


def wake(tx: Tx, goal: Goal) -> None:
    """
    End the pause of *goal*, at a ceiling as far again as before; what waited only for it goes at once, and what people are
    asked about it they have as long as usual to answer.
    """
    tx.goals.change(goal.id, paused_at=None)
    ceilings.extend(tx, goal)
    questions.begin_anew(tx, tx.approvals.open(goal.id))
    for turn in tx.turns.open_of_goal(goal.id, lock=True):
        if turn.state is TurnState.QUEUED:
            tx.turns.change(turn, not_before=tx.now)


def wake_all(tx: Tx, brand: str) -> None:
    """End the pause of all of a brand's work; people have as long as usual to answer what was asked about it."""
    # In the order in which answers lock: a question, then the brand.
    questions.begin_anew(tx, tx.approvals.open(brand=brand))
    tx.brands.pause(brand, None)


def withdraw(tx: Tx, *, goal: Goal | None = None, brand: str | None = None) -> None:
    """Close what was asked about a pause that a person ended otherwise."""
    for question in tx.approvals.open(None if goal is None else goal.id):
        about = question.about
        if isinstance(about, AboutPause) and about.brand == brand:
            tx.approvals.close(question, ApprovalState.WITHDRAWN)
