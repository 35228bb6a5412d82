"""Turns that wait for money: put aside, asked about when nothing else brings it, let go as soon as they fit."""

from collections import Counter
from datetime import datetime
from typing import Final

from director.calls import caps
from director.mailbox import turns
from director.mailbox.restrictions import monthly_cap
from director.office import Office
from director.progress import brakes, questions
from director.progress.advance import advance
from director.store.tx import Tx
from director.words.amounts import typed_usd, usd
from director.words.errors import OverCap, WrongField
from director.words.models import Account, Approval, Goal, Need, Turn
from director.words.question import AboutSpending
from director.words.states import ApprovalState, HeldWhy

#: A cap is raised to have room for this many calls like the one that did not fit, so that not each of them is asked about.
ROOM_FOR_CALLS: Final = 10


def put_aside(tx: Tx, turn: Turn, goal_id: str, error: OverCap) -> None:
    """
    Note what a held turn needs, and ask a person for it, unless calls that are on the wire now may leave enough: a worst case
    is far more than a call takes, so most of what is set aside comes back.
    """
    need = Need(error.scope, error.rehearsal, error.worst_nano)
    tx.turns.change(turn, held_for=need, due_at=error.room_by)
    goal = tx.goals.get(goal_id)
    if error.room_by is None:
        _ask(tx, goal, error)
        brakes.count_refusal(tx, goal, error)


def look_after_money(office: Office) -> int:
    """
    The sweep's part: held turns go on when their cap has room again, because reservations came back, a cap was raised in the
    settings, or the month turned; those that nothing brings room for are asked about. Returns how many goals go on.
    """
    promised: Counter[tuple[str, bool]] = Counter()
    go_on = 0
    with office.store.read() as tx:
        due = _due(tx, office)
    for ident in due:
        with office.store.write() as tx:
            goal = tx.goals.get(ident, lock=True)
            go_on += _let_go(tx, office, goal, promised)
            _ask_for_the_rest(tx, office, goal)
            advance(tx, ident, by="sweep")
    return go_on


def give(tx: Tx, office: Office, goal: Goal, about: AboutSpending, *, own_nano: int | None = None) -> None:
    """
    A person gave money: the cap is raised to what they agreed to, or to less where less is missing by now, because calls
    came back or a yes to another goal brought the rest; with *own_nano*, their own figure, to just that. What waits goes on;
    what still does not fit is held, and asked about, again.

    Raises:
        WrongField: their own figure lets nothing go on, or raises nothing; the transaction must not commit.
    """
    waiting = _waiting_for(tx, goal, about)
    if waiting and not caps.is_over(tx, office, goal, about.scope):
        # What the cap was to whoever asked: a person may answer where BUDGET_MONTHLY is not set, or set otherwise.
        of = office.settings.budget_monthly if about.of_nano is None else about.of_nano
        if own_nano is None:
            enough = max(caps.enough_for(tx, ROOM_FOR_CALLS, _need(turn)) for turn in waiting)
            # A question of a Troupe before this rule says an amount, and that was more than enough.
            agreed = enough if about.cap_nano is None else min(about.cap_nano, enough)
            caps.raise_to(tx, goal, about.scope, agreed, rehearsal=about.rehearsal, of_nano=of)
        else:
            _see_that_it_helps(tx, waiting, own_nano)
            caps.raise_to_own(tx, office, goal, about.scope, own_nano, rehearsal=about.rehearsal, of_nano=of)
    for turn in waiting:
        turns.release(tx, turn)


def _see_that_it_helps(tx: Tx, waiting: list[Turn], own_nano: int) -> None:
    if own_nano < min(caps.least_for(tx, _need(turn)) for turn in waiting):
        enough = min(caps.enough_for(tx, 1, _need(turn)) for turn in waiting)
        raise WrongField(
            "at_most",
            f"With ${typed_usd(own_nano)} the next call would still not fit: name ${typed_usd(enough)} or more, or say no. "
            "Nothing changed.",
        )


def wait_until(tx: Tx, goal: Goal, about: AboutSpending, when: datetime) -> None:
    """Nobody gave money in time: what waits for it is looked at again then, and nobody is asked before."""
    for turn in _waiting_for(tx, goal, about):
        tx.turns.change(turn, due_at=when)


def _due(tx: Tx, office: Office) -> list[str]:
    """
    The goals, of those this process works for, for which there is something to do now; those that wait longest first.

    Everything is read by a statement a kind of row, however many goals wait. What fits only until others that wait for the
    same cap were let go is left to the next sweep, else each of thousands would be looked at for room that one of them takes.
    """
    only = office.reach.only
    goals = {goal.id: goal for goal in tx.goals.of_held(HeldWhy.MONEY, only)}
    accounts = {(account.scope, account.rehearsal): account for account in tx.accounts.of_held(only)}
    asked: dict[str, dict[tuple[str, bool], AboutSpending]] = {ident: {} for ident in goals}
    for question in tx.approvals.open(only):
        if isinstance(question.about, AboutSpending) and question.goal in asked:
            asked[question.goal][question.about.account] = question.about
    promised: Counter[tuple[str, bool]] = Counter()
    due: dict[str, None] = {}
    for turn in tx.turns.held(HeldWhy.MONEY, only):
        goal = goals.get(turn.goal or "")
        if goal is None:
            continue
        need, account = _need(turn), accounts.get(_account(turn), Account(*_account(turn)))
        if caps.fits(tx, office, goal, need, account=account):
            if caps.fits(tx, office, goal, need, account=account, promised_nano=promised[_account(turn)]):
                promised[_account(turn)] += need.worst_nano
                due[goal.id] = None
        elif _account(turn) not in asked[goal.id] and not _looks_later(tx, office, turn, account):
            due[goal.id] = None
        if any(_is_outdated(tx, office, goal.brand, about) for about in asked[goal.id].values()):
            due[goal.id] = None
    return list(due)


def _let_go(tx: Tx, office: Office, goal: Goal, promised: Counter[tuple[str, bool]]) -> bool:
    """Release what fits, also beside what was let go in this sweep; withdraw the questions nobody waits for any more."""
    released = False
    for turn in tx.turns.held(HeldWhy.MONEY, goal.id):
        if caps.fits(tx, office, goal, _need(turn), promised_nano=promised[_account(turn)]):
            promised[_account(turn)] += _need(turn).worst_nano
            released |= turns.release(tx, turn)
    still = {_account(turn) for turn in tx.turns.held(HeldWhy.MONEY, goal.id)}
    for account, (question, about) in _asked(tx, goal).items():
        if account not in still or _is_outdated(tx, office, goal.brand, about):
            tx.approvals.close(question, ApprovalState.WITHDRAWN)
    return released


def _ask_for_the_rest(tx: Tx, office: Office, goal: Goal) -> None:
    for turn in tx.turns.held(HeldWhy.MONEY, goal.id):
        need = _need(turn)
        # What fits by itself waits for those let go before it, until the next sweep.
        account = tx.accounts.get(need.scope, rehearsal=need.rehearsal)
        waits = _looks_later(tx, office, turn, account)
        if not (waits or caps.fits(tx, office, goal, need) or _account(turn) in _asked(tx, goal)):
            problem = caps.over_cap(tx, office, goal, need, room_by=tx.now)
            later = problem.room_by is not None and problem.room_by > tx.now
            tx.turns.change(turn, due_at=problem.room_by if later else None)
            if not later:
                _ask(tx, goal, problem)


def _ask(tx: Tx, goal: Goal, error: OverCap) -> None:
    """One open question a cap and goal: further turns that do not fit under it wait for the same answer."""
    account = (error.scope, error.rehearsal)
    before = [question for question, about in _about_money(tx, goal) if about.account == account]
    if any(question.state is ApprovalState.OPEN for question in before):
        return
    cap = caps.enough_for(tx, ROOM_FOR_CALLS, Need(error.scope, error.rehearsal, error.worst_nano))
    questions.ask(
        tx,
        goal,
        AboutSpending(error.scope, error.rehearsal, cap, error.cap_nano),
        f"{error} Raise that cap to {usd(cap)}, so that {ROOM_FOR_CALLS} such calls fit?",
        version=f"{error.scope}:{'rehearsed' if error.rehearsal else 'paid'}:{len(before)}",
    )


def _waiting_for(tx: Tx, goal: Goal, about: AboutSpending) -> list[Turn]:
    return [turn for turn in tx.turns.held(HeldWhy.MONEY, goal.id) if _account(turn) == about.account]


def _is_outdated(tx: Tx, office: Office, brand: str, about: AboutSpending) -> bool:
    """Whether the month's cap is another than the question says, so that a yes would raise it to something else."""
    month = monthly_cap(office.settings, tx.brands.get(brand))
    return caps.is_month(about.scope) and about.of_nano not in (None, month)


def _asked(tx: Tx, goal: Goal) -> dict[tuple[str, bool], tuple[Approval, AboutSpending]]:
    open_ones = [
        (question, about) for question, about in _about_money(tx, goal) if question.state is ApprovalState.OPEN
    ]
    return {about.account: (question, about) for question, about in open_ones}


def _about_money(tx: Tx, goal: Goal) -> list[tuple[Approval, AboutSpending]]:
    questions_of = tx.approvals.of_goal(goal.id)
    return [(question, question.about) for question in questions_of if isinstance(question.about, AboutSpending)]


def _need(turn: Turn) -> Need:
    # A turn that a Troupe before this rule put aside says nothing: it goes on, and says it when it is held again.
    return turn.held_for or Need("", rehearsal=False, worst_nano=0)


def _account(turn: Turn) -> tuple[str, bool]:
    need = _need(turn)
    return need.scope, need.rehearsal


def _looks_later(tx: Tx, office: Office, turn: Turn, account: Account) -> bool:
    """Whether what it waits for may still come: calls on the wire that leave enough, or another day or month."""
    if turn.due_at is None or turn.due_at <= tx.now:
        return False
    turns_at = caps.ends_at(office, account.scope, tx.now)
    return account.reserved_nano > 0 or (turns_at is not None and turn.due_at >= turns_at)
