"""The ledger: calls, and the accounts their money is reserved against."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Boolean, bindparam, case, exists, func, insert, or_, select, update

from director.store import schema
from director.store.transaction import Transaction
from director.store.turns import ACCOUNTS_OF_HELD, GOALS_OF_HELD, of_one_or_all, put_aside
from director.words.command import program
from director.words.errors import NotFound
from director.words.models import Account, Call
from director.words.states import CallState, HeldWhy, TurnState, may_move

c, a, u, t = schema.calls, schema.accounts, schema.turns, schema.tasks

#: Calls that are looked through for what the cache may still hold: more than are made in five minutes.
_LATELY: Final = 300

#: Of these as many are read at most, each with some kilobytes of what its prompt was made of.
_READ: Final = 60


_reserved = schema.among(c.c.state, CallState.RESERVED)

# Made once, compiled and keyed once (see transaction.py).
_NEW_CALL = insert(c).returning(c)
_CALL = select(c).where(c.c.id == bindparam("id"))
_LOCKED_CALL = _CALL.with_for_update()  # says nothing on SQLite, where the writer is alone anyway
_BY_KEY = {
    state: select(c).where(c.c.key == bindparam("key"), schema.among(c.c.state, state))
    for state in (CallState.RESERVED, CallState.ANSWERED)
}
# Values come as parameters, so that each set of columns is compiled once.
_SETTLED = update(c).where(c.c.id == bindparam("which"), c.c.state == bindparam("was"))
_OF_GOAL = select(c).where(c.c.goal == bindparam("goal")).order_by(c.c.id)
_WORK_OF_GOAL = select(func.count(), func.coalesce(func.sum(c.c.seconds), 0.0)).where(c.c.goal == bindparam("goal"))
_OTHERWISE = select(c).where(c.c.goal == bindparam("goal"), c.c.served.is_not(None)).order_by(c.c.id)
_OTHERWISE_OF_HELD = select(c).where(c.c.goal.in_(GOALS_OF_HELD), c.c.served.is_not(None)).order_by(c.c.id)
_held = exists().where(u.c.id == c.c.turn, u.c.epoch == c.c.epoch, u.c.state == TurnState.RUNNING)
_OVERDUE = select(c).where(
    _reserved,
    c.c.due_at < bindparam("now"),
    ~_held,
    or_(bindparam("every", type_=Boolean), c.c.goal == bindparam("mine")),
)
_MINE = (a.c.scope == bindparam("in_scope"), a.c.rehearsal == bindparam("rehearsed"))
_ACCOUNTS_OF_HELD = select(a).where(a.c.scope.in_(ACCOUNTS_OF_HELD))
_ACCOUNT = select(a).where(*_MINE)
_OF_SCOPES = select(a).where(a.c.scope.in_(bindparam("scopes", expanding=True)))
#: More than all accounts together can come to, and what is added to it still fits into the column.
_NO_CAP = 2**61
_RESERVE = (
    update(a)
    .where(*_MINE, a.c.spent_nano + a.c.reserved_nano + bindparam("nano") <= bindparam("cap") + a.c.added_nano)
    .values(reserved_nano=a.c.reserved_nano + bindparam("nano"))
)
_SETTLE = (
    update(a)
    .where(*_MINE)
    .values(reserved_nano=a.c.reserved_nano - bindparam("back"), spent_nano=a.c.spent_nano + bindparam("spent"))
)


class Calls:
    """Requests to the model."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def add(self, **values: Any) -> Call:
        """A new call, reserved."""
        nothing_yet = dict.fromkeys(
            (
                "cost_nano",
                "input_tokens",
                "output_tokens",
                "cache_write_tokens",
                "cache_write_1h_tokens",
                "cache_read_tokens",
            ),
            0,
        )
        row = {**nothing_yet, **values, "state": CallState.RESERVED, "created_at": self.tx.now}
        return Call(**self.tx.conn.execute(_NEW_CALL, row).one()._asdict())

    def get(self, ident: int) -> Call:
        """The call."""
        return Call(**self.tx.conn.execute(_CALL, {"id": ident}).one()._asdict())

    def find(self, ident: int) -> Call:
        """
        The call a person names.

        Raises:
            NotFound
        """
        row = self.tx.conn.execute(_CALL, {"id": ident}).one_or_none()
        if row is None:
            raise NotFound("call", str(ident), f"`{program()} why GOAL` names a goal's")
        return Call(**row._asdict())

    def answered(self, key: str) -> Call | None:
        """The call whose answer is kept under *key*."""
        return self._by_key(key, CallState.ANSWERED)

    def reserved(self, key: str) -> Call | None:
        """The call that is being asked under *key*, or was when its process died."""
        return self._by_key(key, CallState.RESERVED)

    def settle(self, call: Call, new: CallState, **changes: Any) -> Call | None:
        """Move a call to its end; the call as it was until now, None when there is no such move from its state."""
        settled = {"which": call.id, "state": new, "due_at": None, "error": None, **changes}
        reserved = CallState.RESERVED
        if may_move(reserved, new) and self.tx.conn.execute(_SETTLED, {**settled, "was": reserved}).rowcount == 1:
            return replace(call, state=reserved, cost_nano=0)
        was = Call(**self.tx.conn.execute(_LOCKED_CALL, {"id": call.id}).one()._asdict())
        if not may_move(was.state, new) or was.state is reserved:
            return None
        self.tx.conn.execute(_SETTLED, {**settled, "was": was.state})
        return was

    def overdue(self, goal_id: str | None = None) -> list[Call]:
        """
        Reserved calls, of one goal or of all, whose time passed and whose turn nobody holds any more as they did: their process
        died.
        """
        rows = self.tx.conn.execute(_OVERDUE, {"now": self.tx.now, **of_one_or_all(goal_id)})
        return [Call(**row._asdict()) for row in rows]

    def of_goal(self, goal_id: str) -> list[Call]:
        """The goal's calls, oldest first."""
        return [Call(**row._asdict()) for row in self.tx.conn.execute(_OF_GOAL, {"goal": goal_id})]

    def work_of_goal(self, goal_id: str) -> tuple[int, timedelta]:
        """How many calls the goal has, and how long those that were answered took together."""
        count, seconds = self.tx.conn.execute(_WORK_OF_GOAL, {"goal": goal_id}).one()
        return int(count), timedelta(seconds=float(seconds))

    def served_otherwise(self, goal_id: str) -> list[Call]:
        """Those of the goal's calls that another model answered than the one that was asked, oldest first."""
        return [Call(**row._asdict()) for row in self.tx.conn.execute(_OTHERWISE, {"goal": goal_id})]

    def served_otherwise_of_held(self, why: HeldWhy, goal_id: str | None = None) -> list[Call]:
        """As `served_otherwise`, of the goals, one or all, with turns put aside for that reason."""
        rows = self.tx.conn.execute(_OTHERWISE_OF_HELD, put_aside(why, goal_id))
        return [Call(**row._asdict()) for row in rows]

    def lately(
        self, brand: str, model: str, since: datetime, since_for_an_hour: datetime
    ) -> list[tuple[str | None, str]]:
        """
        Of the last calls, the newest first, those of the brand to *model* since then, and since the earlier moment those that
        wrote to the cache for an hour: the skills of their tasks, and of what their prompts were made (`Request.made_of`).
        """
        newest = select(func.max(c.c.id)).scalar_subquery()
        recent = or_(c.c.created_at > since, (c.c.cache_write_1h_tokens > 0) & (c.c.created_at > since_for_an_hour))
        asked = (c.c.brand == brand, c.c.model == model, c.c.state == CallState.ANSWERED, recent)
        query = (
            select(t.c.skill, schema.texts.c.text)
            .select_from(c)
            .join(schema.texts, schema.texts.c.hash == c.c.parts_hash)
            .outerjoin(t, t.c.id == c.c.task)
            .where(c.c.id > newest - _LATELY, *asked)
            .order_by(c.c.id.desc())
            .limit(_READ)
        )
        return [(skill, made_of) for skill, made_of in self.tx.conn.execute(query)]

    def costs(self, goal_ids: Sequence[str]) -> dict[str, int]:
        """What each goal's settled calls cost, nano-dollars."""
        query = select(c.c.goal, func.sum(c.c.cost_nano)).where(c.c.goal.in_(goal_ids)).group_by(c.c.goal)
        return {goal: int(total) for goal, total in self.tx.conn.execute(query)}

    def _by_key(self, key: str, state: CallState) -> Call | None:
        row = self.tx.conn.execute(_BY_KEY[state], {"key": key}).one_or_none()
        return None if row is None else Call(**row._asdict())


class Accounts:
    """What caps allow. A reservation that does not fit is refused by one conditional update, whatever runs at once."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def get(self, scope: str, *, rehearsal: bool) -> Account:
        """The account; an empty one before its first use."""
        row = self.tx.conn.execute(_ACCOUNT, {"in_scope": scope, "rehearsed": rehearsal}).one_or_none()
        return Account(scope, rehearsal) if row is None else Account(**row._asdict())

    def of_held(self, goal_id: str | None = None) -> list[Account]:
        """Those that turns held for money, of one goal or of all, have to fit under, where they were used before."""
        rows = self.tx.conn.execute(_ACCOUNTS_OF_HELD, put_aside(HeldWhy.MONEY, goal_id))
        return [Account(**row._asdict()) for row in rows]

    def all(self) -> list[Account]:
        """Every account."""
        return [Account(**row._asdict()) for row in self.tx.conn.execute(select(a).order_by(a.c.scope))]

    def take_back_added(self, scope: str) -> None:
        """Nothing is added to the cap any more: somebody said it anew."""
        self.tx.conn.execute(update(a).where(a.c.scope == scope).values(added_nano=0))

    def allow(self, scope: str, nano: int, *, rehearsal: bool) -> None:
        """Allow at least *nano* more than the cap says; of several who do, at once or later, the largest counts."""
        self._open(scope, rehearsal=rehearsal)
        mine = (a.c.scope == scope, a.c.rehearsal == rehearsal)
        most = case((a.c.added_nano < nano, nano), else_=a.c.added_nano)
        self.tx.conn.execute(update(a).where(*mine).values(added_nano=most))

    def of_scopes(self, scopes: Collection[str]) -> dict[tuple[str, bool], Account]:
        """Those of these that were used, by scope and kind of money."""
        found = [Account(**row._asdict()) for row in self.tx.conn.execute(_OF_SCOPES, {"scopes": list(scopes)})]
        return {(account.scope, account.rehearsal): account for account in found}

    def reserve(self, scope: str, nano: int, *, rehearsal: bool, cap_nano: int | None) -> bool:
        """
        Set *nano* aside; False when it does not fit under the cap and what was added to it. Without a cap (None) it always
        does, and is counted.
        """
        cap = _NO_CAP if cap_nano is None else cap_nano
        given = {"in_scope": scope, "rehearsed": rehearsal, "nano": nano, "cap": cap}
        if self.tx.conn.execute(_RESERVE, given).rowcount == 1:
            return True
        self._open(scope, rehearsal=rehearsal)
        return self.tx.conn.execute(_RESERVE, given).rowcount == 1

    def settle(self, scope: str, *, rehearsal: bool, reserved_nano: int, spent_nano: int) -> None:
        """Take a reservation back and count what was really spent."""
        given = {"in_scope": scope, "rehearsed": rehearsal, "back": reserved_nano, "spent": spent_nano}
        self.tx.conn.execute(_SETTLE, given)

    def _open(self, scope: str, *, rehearsal: bool) -> None:
        row = {"scope": scope, "rehearsal": rehearsal, "added_nano": 0, "spent_nano": 0, "reserved_nano": 0}
        self.tx.conn.execute(self.tx.insert(a).values(row).on_conflict_do_nothing())
