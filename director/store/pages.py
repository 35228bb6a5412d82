"""A list a page at a time: rows by their numbers, the newest first, from below a number that was seen."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, String, Table, func, or_, select
from sqlalchemy.sql.elements import KeyedColumnElement

from director.store import schema
from director.store.transaction import Transaction
from director.words.models import Approval, Call, Event, Goal, Learning
from director.words.question import from_document
from director.words.states import ApprovalState, GoalState, LearningState


class Pages:
    """
    A brand's rows in pages. Rows that are added stand before the first page, so that no later one shows a row twice or leaves
    one out.
    """

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def goals(
        self,
        brand: str,
        before: int | None,
        limit: int,
        *,
        state: GoalState | None = None,
        states: Collection[GoalState] | None = None,
        words: str = "",
    ) -> list[Goal]:
        """Goals with a number below *before*, the newest first; in one of *states*, and with all of *words* in their text."""
        of = schema.goals.c
        those = [of.text.icontains(word, autoescape=True) for word in words.split()]
        if states is not None:
            those.append(of.state.in_(states))
        rows = self._page(schema.goals, brand, before, limit, *those, state=state)
        return [Goal(**row._asdict()) for row in rows]

    def approvals(
        self, brand: str, before: int | None, limit: int, *, state: ApprovalState | None = None
    ) -> list[Approval]:
        """Questions to people, as `goals`."""
        return [_approval(row) for row in self._page(schema.approvals, brand, before, limit, state=state)]

    def events(self, brand: str, before: int | None, limit: int) -> list[Event]:
        """What came in, as `goals`."""
        return [Event(**row._asdict()) for row in self._page(schema.events, brand, before, limit)]

    def learnings(
        self, brand: str, before: int | None, limit: int, *, state: LearningState | None = None
    ) -> list[Learning]:
        """What the team remembers, as `goals`."""
        rows = self._page(schema.learnings, brand, before, limit, state=state)
        return [Learning(**row._asdict() | {"evidence": tuple(row.evidence)}) for row in rows]

    def calls(self, brand: str, before: int | None, limit: int, *, goal: str | None = None) -> list[Call]:
        """Requests to the model, as `goals`."""
        return [Call(**row._asdict()) for row in self._page(schema.calls, brand, before, limit, goal=goal)]

    def _page(
        self, table: Table, brand: str, before: int | None, limit: int, *those: ColumnElement[bool], **only: Any
    ) -> list[Row[Any]]:
        ident = table.c.id
        ids = select(ident).where(table.c.brand == brand, *those)
        ids = ids.where(*(table.c[name] == value for name, value in only.items() if value is not None))
        if before is not None:
            ids = ids.where(_below(ident, before))
        ids = ids.order_by(*_newest(ident)).limit(limit)  # the ids alone are sorted, not the texts beside them
        return list(self.tx.conn.execute(select(table).where(ident.in_(ids)).order_by(*_newest(ident))))


def _below(ident: KeyedColumnElement[Any], before: int) -> ColumnElement[bool]:
    if not isinstance(ident.type, String):
        return ident < before
    # Ids are numbers behind letters of their kind: the longer is the later, and "0" to "9" sort as numbers do.
    digits = func.ltrim(ident, _LETTERS)
    said = str(before)
    return or_(
        func.length(digits) < len(said),
        (func.length(digits) == len(said)) & (digits < said),
    )


def _newest(ident: KeyedColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    return (func.length(ident).desc(), ident.desc()) if isinstance(ident.type, String) else (ident.desc(),)


_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _approval(row: Row[Any]) -> Approval:
    values = row._asdict()
    about = from_document(values["kind"], values.pop("document"))
    return Approval(**values, about=about)
