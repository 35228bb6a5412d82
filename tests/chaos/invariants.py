"""What has to be true whatever was pulled: of the record, of its file, and of what the model service was asked."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from typing import Final

from sqlalchemy import select

from director.calls.caps import day_scope, goal_scope, month_scope
from director.mailbox.turns import MOST_ATTEMPTS
from director.store import schema
from director.store.tx import Tx
from director.words.models import Call, Turn
from director.words.settings import Settings
from director.words.states import ApprovalState, CallState, GoalState, TurnState
from tests.e2e.installation import Installation
from tests.messages_server import Exchange, MessagesServer

#: Characters of a request's digest, with which a call's key ends.
_DIGEST: Final = 64


def broken(place: Installation, server: MessagesServer) -> list[str]:
    """What does not hold, a sentence each, once everything has come to rest."""
    with place.record() as tx:
        rules = chain(
            goals_end(tx),
            rows_say_what_is_next(tx),
            money_adds_up(tx, Settings().budget_monthly),
            nothing_is_made_twice(tx),
            reports_are_there(place, tx),
            nothing_is_bought_twice(tx, server),
        )
        return [*rules, *file_is_whole(place)]


def goals_end(tx: Tx) -> Iterator[str]:
    """Every goal is completed, or waits, with a reason and a next look."""
    for goal in tx.goals.all():
        waits = goal.state is GoalState.WAITING and goal.reason and goal.wait_until
        if goal.state is not GoalState.COMPLETED and not waits:
            yield f"{goal.id} is {goal.state}: {goal.reason}"


def rows_say_what_is_next(tx: Tx) -> Iterator[str]:
    """No open row without its next look; what is held has an open question that ends it."""
    asked = {question.goal for question in tx.approvals.open()}
    for turn in _turns(tx):
        if turn.state in (TurnState.DISPATCHED, TurnState.RUNNING) and turn.due_at is None:
            yield f"turn {turn.id} is {turn.state} and never looked at again"
        if turn.state is TurnState.HELD and turn.goal not in asked and turn.due_at is None:
            yield f"turn {turn.id} is held and nobody is asked, or looks at it again"
    for call in _calls(tx):
        if call.state is CallState.RESERVED and call.due_at is None:
            yield f"call {call.id} is reserved and never looked at again"
    for question in tx.approvals.open():
        if question.state is ApprovalState.OPEN and question.due_at is None:
            yield f"approval {question.id} has no deadline"


def money_adds_up(tx: Tx, budget_nano: int) -> Iterator[str]:
    """Accounts say what the ledger says, and never more than their cap."""
    spent: Counter[tuple[str, bool]] = Counter()
    reserved: Counter[tuple[str, bool]] = Counter()
    for call in _calls(tx):
        for scope in (
            goal_scope(call.goal),
            month_scope(call.brand, call.month),
            day_scope(call.brand, call.day or ""),
        ):
            spent[scope, call.rehearsal] += call.cost_nano
            reserved[scope, call.rehearsal] += call.reserved_nano if call.state is CallState.RESERVED else 0
    caps = {goal_scope(goal.id): goal.cap_nano for goal in tx.goals.all()}
    for account in tx.accounts.all():
        key = (account.scope, account.rehearsal)
        said, found = (account.spent_nano, account.reserved_nano), (spent[key], reserved[key])
        if said != found:
            yield f"the account of {account.scope} says (spent, reserved) {said}, the ledger {found}"
        if account.left_nano(caps.get(account.scope, budget_nano)) < 0:
            yield f"the account of {account.scope} is over its cap"


def nothing_is_made_twice(tx: Tx) -> Iterator[str]:
    """One draft a revision, one review a draft and reviewer, one conclusion a goal, one answer a draft's turn."""
    drafts = Counter(map(tuple, tx.conn.execute(select(schema.drafts.c.task, schema.drafts.c.revision))))
    reviews = Counter(map(tuple, tx.conn.execute(select(schema.reviews.c.draft, schema.reviews.c.by))))
    concluded = Counter(turn.goal for turn in _turns(tx) if turn.verb == "conclude" and turn.state is TurnState.DONE)
    for what, counted in (("draft", drafts), ("review", reviews), ("report", concluded)):
        yield from (f"{what} {which} exists {n} times" for which, n in counted.items() if n > 1)
    verbs = {turn.id: turn.verb for turn in _turns(tx)}
    # A review's turn mends what it found as well.
    answers = Counter((call.turn, call.purpose) for call in _calls(tx) if call.state is CallState.ANSWERED)
    for (turn, purpose), n in answers.items():
        # A form that cannot be read is asked for again, once an attempt; a draft is taken as it comes.
        most = 1 if verbs[turn] == "draft" else MOST_ATTEMPTS
        if n > most:
            yield f"turn {turn} ({verbs[turn]}) was answered {n} times ({purpose})"


def reports_are_there(place: Installation, tx: Tx) -> Iterator[str]:
    """Every concluded goal has its report, and no other goal has one."""
    there = {file.stem for file in (place.workspace / "reports").glob("*.md")}
    concluded = {goal.id for goal in tx.goals.all() if goal.state in (GoalState.COMPLETED, GoalState.PARTIAL)}
    if there != concluded:
        yield f"reports of {sorted(there - concluded)} too many, of {sorted(concluded - there)} missing"


def nothing_is_bought_twice(tx: Tx, server: MessagesServer) -> Iterator[str]:
    """
    The service was asked no request the ledger does not list, and none again whose answer was kept.

    Rows may outnumber requests: a process can die after it set the money aside and before anything left.
    """
    rows: defaultdict[str, list[Call]] = defaultdict(list)
    for call in _calls(tx):
        rows[call.key[-_DIGEST:]].append(call)
    lost = _lost_at_some_time(tx)
    for digest, asked in _by_digest(server).items():
        listed = rows[digest]
        if len(asked) > len(listed):
            yield f"a request came {len(asked)} times and is listed {len(listed)} times ({digest[:12]})"
        ids = [exchange.request_id for exchange in asked]
        for kept in (call for call in listed if call.state is CallState.ANSWERED):
            if kept.request_id not in ids:
                yield f"call {kept.id} ({kept.purpose}) has an answer the service did not give"
                continue
            # Only another call with the same words may ask them after that: a form that could not be read. One under the same
            # key began while this one was taken for lost.
            others = [call for call in listed if call.id > kept.id and (call.key != kept.key or kept.id in lost)]
            if len(ids) - ids.index(kept.request_id) - 1 > len(others):
                yield f"call {kept.id} ({kept.purpose}) was kept and asked for again ({digest[:12]})"


def file_is_whole(place: Installation) -> Iterator[str]:
    """SQLite finds no fault in its file."""
    file = place.state_dir / "troupe.sqlite"
    if file.exists():
        try:
            with closing(sqlite3.connect(file)) as connection:
                found = [row[0] for row in connection.execute("pragma integrity_check")]
        except sqlite3.DatabaseError as problem:
            found = [str(problem)]
        if found != ["ok"]:
            yield f"the database is corrupt: {found[0]}"


def _by_digest(server: MessagesServer) -> dict[str, list[Exchange]]:
    found: defaultdict[str, list[Exchange]] = defaultdict(list)
    for exchange in server.asked:
        found[exchange.digest].append(exchange)
    return found


def _lost_at_some_time(tx: Tx) -> set[int]:
    j = schema.journal
    noted = tx.conn.execute(select(j.c.detail).where(j.c.what == "call lost")).scalars()
    return {int(detail.split()[1]) for detail in noted}


def _turns(tx: Tx) -> list[Turn]:
    return [turn for goal in tx.goals.all() for turn in tx.turns.of_goal(goal.id)]


def _calls(tx: Tx) -> list[Call]:
    return [call for goal in tx.goals.all() for call in tx.calls.of_goal(goal.id)]
