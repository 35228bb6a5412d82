"""Whether a plan fits under the caps, by its forecast, before it is begun; and what a person is asked where it does not."""

from datetime import datetime

from director.calls import caps
from director.goals import forecast, past
from director.goals.forecast import Forecast
from director.mailbox.restrictions import monthly_cap
from director.money.periods import month_of, next_month
from director.office import Office
from director.progress import questions
from director.progress.advance import advance
from director.progress.facts import context_of
from director.progress.questions import DEADLINE
from director.store.tx import Tx
from director.words.amounts import plain_usd, typed_usd
from director.words.models import Goal, Need
from director.words.question import AboutPlan
from director.words.states import ApprovalState, TaskState
from pipelines.changes import without
from pipelines.plan import Plan


def about_plan(tx: Tx, office: Office, goal: Goal, expected: Forecast, *, spent_nano: int) -> AboutPlan:
    """
    What a yes to the plan raises: the caps under which it would likely be stopped in its middle, each to what nine of ten such
    goals never reach. *spent_nano* is what the goal cost until now.

    What other goals will spend of the month is not known here: what they reserved is.
    """
    more_nano, rehearsal = expected.enough_nano - spent_nano, goal.rehearsal
    month = caps.month_scope(goal.brand, month_of(tx.now, office.settings.time_zone))

    def raised(scope: str) -> int | None:
        need = Need(scope, rehearsal, more_nano)
        return None if caps.fits(tx, office, goal, need) else caps.enough_for(tx, 1, need)

    cap_nano, month_cap_nano = raised(caps.goal_scope(goal.id)), raised(month)
    if cap_nano is None and month_cap_nano is None:
        return AboutPlan()
    if month_cap_nano is None:
        return AboutPlan(cap_nano, rehearsal=rehearsal)
    return AboutPlan(
        cap_nano, month, month_cap_nano, monthly_cap(office.settings, tx.brands.get(goal.brand)), rehearsal
    )


def of_what_is_left(tx: Tx, office: Office, goal: Goal, plan: Plan) -> Forecast:
    """
    What the goal will likely have cost when all of *plan* is done that is not approved yet: what is being written now is
    counted whole, beside what was spent on it.
    """
    done = {task.key for task in tx.tasks.of_goal(goal.id) if task.state is TaskState.APPROVED}
    return forecast.of(
        office,
        without(plan, done),
        context_of(tx, goal),
        past.of_brand(tx, goal.brand, rehearsal=goal.rehearsal),
        paid=not goal.rehearsal,
        spent_nano=tx.calls.costs([goal.id]).get(goal.id, 0),
    )


def question(tx: Tx, office: Office, goal: Goal, expected: Forecast, about: AboutPlan, *, tasks: int) -> str:
    """What is asked about the plan, in a few sentences."""
    asked = f"Run this plan of {'1 task' if tasks == 1 else f'{tasks} tasks'}"
    for whose, scope, cap_nano in (
        ("it", caps.goal_scope(goal.id), about.cap_nano),
        (f"the month {(about.month or '').rpartition(' ')[2]}", about.month, about.month_cap_nano),
    ):
        if scope is not None and cap_nano is not None:
            now_nano = caps.allowed(tx, office, goal, scope, rehearsal=goal.rehearsal)
            asked += f", let {whose} cost up to ${typed_usd(cap_nano)} instead of ${typed_usd(now_nano)}"
    how = "It is a rehearsal and costs nothing; with Claude it would" if goal.rehearsal else "It will"
    asked += f"? {how} likely cost {said(expected)}."
    return f"{asked} With what it may cost now it may have to stop before its end." if about.raises else asked


def due_at(tx: Tx, office: Office, about: AboutPlan) -> datetime | None:
    """Until when it is asked, where that is longer than usual: what only the month is short of goes on when the month turns."""
    only_the_month = about.month is not None and about.cap_nano is None
    return next_month(tx.now, office.settings.time_zone) + DEADLINE if only_the_month else None


def look_again(office: Office) -> int:
    """
    The sweep's part: plans that were asked about only because they did not fit are begun when they do, because a cap was
    raised or the month turned, and nobody is asked any more. Returns how many.
    """
    with office.store.read() as tx:
        asked = [
            question.goal
            for question in tx.approvals.open(office.reach.only)
            if isinstance(question.about, AboutPlan) and question.about.raises
        ]
    return sum(_begin_if_it_fits(office, ident) for ident in asked)


def _begin_if_it_fits(office: Office, ident: str) -> bool:
    with office.store.write() as tx:
        goal = tx.goals.get(ident, lock=True)
        asked, expected = questions.about_plan(tx, ident), forecast.from_document(goal.forecast)
        if asked is None or expected is None or goal.confirm:
            return False
        spent_nano = tx.calls.costs([ident]).get(ident, 0)
        if about_plan(tx, office, goal, expected, spent_nano=spent_nano).raises:
            return False
        tx.approvals.close(asked, ApprovalState.WITHDRAWN)
        advance(tx, ident, by="sweep")
        return True


def said(expected: Forecast) -> str:
    """ "$1.20 ($0.80 to $2.10)"."""
    return f"{plain_usd(expected.likely_nano)} ({plain_usd(expected.low_nano)} to {plain_usd(expected.high_nano)})"


def allow(tx: Tx, office: Office, goal: Goal, about: AboutPlan, *, own_nano: int | None = None) -> None:
    """
    A person said yes: the caps become what the question named, and stay where they are more by now. Where it named one,
    *own_nano* may be said instead.

    Raises:
        WrongField: that raises nothing; the transaction must not commit.
    """
    rehearsal, of_nano = bool(about.rehearsal), about.of_nano or 0
    for scope, cap_nano in ((caps.goal_scope(goal.id), about.cap_nano), (about.month, about.month_cap_nano)):
        if scope is None or cap_nano is None or caps.is_over(tx, office, goal, scope):
            continue
        if own_nano is None:
            caps.raise_to(tx, goal, scope, cap_nano, rehearsal=rehearsal, of_nano=of_nano)
        else:
            caps.raise_to_own(tx, office, goal, scope, own_nano, rehearsal=rehearsal, of_nano=of_nano)
