"""Questions to people."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Row, Select, bindparam, func, or_, select, update

from director.store import schema
from director.store.transaction import Transaction
from director.store.turns import GOALS_OF_HELD, of_one_or_all, put_aside
from director.words.command import program
from director.words.errors import NotFound
from director.words.models import Approval
from director.words.question import About, from_document, to_document
from director.words.states import ApprovalState, HeldWhy

p = schema.approvals

# Made once, compiled and keyed once (see transaction.py).
_open = p.c.state == ApprovalState.OPEN
_APPROVAL = select(p).where(p.c.id == bindparam("id"))
_OF_GOAL = select(p).where(p.c.goal == bindparam("of_goal"))
_OF_HELD = select(p).where(p.c.goal.in_(GOALS_OF_HELD))
_OVERDUE = select(p).where(
    _open, p.c.due_at < bindparam("now"), or_(bindparam("every", type_=Boolean), p.c.goal == bindparam("mine"))
)


@cache
def _open_ones(*, of_goal: bool, of_brand: bool) -> Select[Any]:
    query = select(p).where(_open).order_by(p.c.created_at, func.length(p.c.id), p.c.id)
    if of_goal:
        query = query.where(p.c.goal == bindparam("of_goal"))
    return query.where(p.c.brand == bindparam("of_brand")) if of_brand else query


class Approvals:
    """The inbox."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def add(self, *, about: About, **values: Any) -> Approval | None:
        """A new open question (a1, a2, …); None when its key was asked before."""
        if self.tx.conn.execute(select(p.c.id).where(p.c.key == values["key"])).first() is not None:
            return None
        ident = f"a{self.tx.number('approval')}"
        row = {**values, "id": ident, "state": ApprovalState.OPEN, "created_at": self.tx.now}
        row |= {"kind": about.kind, "document": to_document(about)}
        self.tx.conn.execute(self.tx.insert(p).values(row))
        self.tx.note(
            values["goal"],
            values.get("task") or values["goal"],
            "asked",
            by="troupe",
            detail=values["question"],
        )
        return self.get(ident)

    def get(self, ident: str, *, brand: str | None = None) -> Approval:
        """
        The question. With *brand* only where it is that one's: what is another's is not there.

        Raises:
            NotFound
        """
        row = self.tx.conn.execute(_APPROVAL, {"id": ident}).one_or_none()
        if row is None or brand not in (None, row.brand):
            raise NotFound("approval", ident, f"`{program()} approvals` lists the open ones")
        return _approval(row)

    def open(self, goal_id: str | None = None, *, brand: str | None = None) -> list[Approval]:
        """The open questions, of one goal, of one brand or of all, oldest first."""
        query = _open_ones(of_goal=goal_id is not None, of_brand=brand is not None)
        return [_approval(row) for row in self.tx.conn.execute(query, {"of_goal": goal_id, "of_brand": brand})]

    def waiting(self, brand: str, *, limit: int) -> tuple[list[Approval], int]:
        """The brand's open questions, those that are due first in front, and how many there are."""
        those = (p.c.brand == brand, p.c.state == ApprovalState.OPEN)
        due = (p.c.due_at, func.length(p.c.id), p.c.id)
        rows = self.tx.conn.execute(select(p).where(*those).order_by(*due).limit(limit))
        count = self.tx.conn.execute(select(func.count()).select_from(p).where(*those)).scalar_one()
        return [_approval(row) for row in rows], int(count)

    def of_goal(self, goal_id: str) -> list[Approval]:
        """Every question about the goal, answered or not."""
        return [_approval(row) for row in self.tx.conn.execute(_OF_GOAL, {"of_goal": goal_id})]

    def of_held(self, why: HeldWhy, goal_id: str | None = None) -> list[Approval]:
        """Every question about the goals, one or all, with turns put aside for that reason."""
        return [_approval(row) for row in self.tx.conn.execute(_OF_HELD, put_aside(why, goal_id))]

    def close(self, approval: Approval, state: ApprovalState, **changes: Any) -> bool:
        """Close an open question; False when somebody else did."""
        statement = update(p).where(p.c.id == approval.id, p.c.state == ApprovalState.OPEN)
        return self.tx.conn.execute(statement.values(state=state, answered_at=self.tx.now, **changes)).rowcount == 1

    def put_off(self, approval: Approval, due_at: datetime) -> None:
        """Its deadline is another."""
        self.tx.conn.execute(update(p).where(p.c.id == approval.id).values(due_at=due_at))

    def overdue(self, goal_id: str | None = None) -> list[Approval]:
        """Open questions whose deadline passed, about one goal or about all."""
        rows = self.tx.conn.execute(_OVERDUE, {"now": self.tx.now, **of_one_or_all(goal_id)})
        return [_approval(row) for row in rows]


def _approval(row: Row[Any]) -> Approval:
    values = row._asdict()
    about = from_document(values["kind"], values.pop("document"))
    return Approval(**values, about=about)
