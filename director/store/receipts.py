"""Receipts, and the rows they cover as the database has them: read without understanding them, so that any change is seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    JSON,
    BindParameter,
    Column,
    ColumnElement,
    Date,
    LargeBinary,
    Select,
    String,
    Table,
    bindparam,
    cast,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.types import NullType

from director.store import schema
from director.store.transaction import Transaction
from director.words.models import ReceiptRow

#: What a cell is in a receipt: a whole number, or words; of what is longer than `LONGEST`, and of a document, its SHA-256.
Cell: TypeAlias = int | str
Row: TypeAlias = Mapping[str, Cell]

#: Characters of a cell that are kept as they are.
LONGEST: Final = 64

#: Of a goal's row, what holds from its first receipt on; the rest of what is covered only when it is over.
OF_ANY_GOAL: Final = ("id", "brand", "text", "context_hash", "day", "created_at")

#: What receipts do not cover, of the tables whose rows they cover: how the work went, and nothing of what came of it.
NOT_COVERED: Final[Mapping[str, Collection[str]]] = MappingProxyType({
    "goals": (
        "priority", "cap_nano", "confirm", "wait_for", "wait_until", "paused_at", "extended",
        "receipt_hash",  # what the chain has to end with
    ),
    "tasks": (),
    "drafts": (),
    "reviews": (),
    "calls": ("turn", "epoch", "reserved_nano", "error", "seconds", "due_at"),
    "approvals": ("due_at",),
})  # fmt: skip

_TABLES: Final = {name: schema.metadata.tables[name] for name in NOT_COVERED}

_r, _x, _n = schema.receipts, schema.texts, schema.counters

#: The name under which the last draft that was written before receipts were kept stands among the counters.
_BEFORE: Final = "drafts before receipts"

#: Texts that are asked for in one statement.
_AT_ONCE: Final = 500


class Receipts:
    """What was known when something was approved, or a goal was over."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def add(self, goal: str, *, number: int, task: str | None, text_hash: str | None, document: str) -> str:
        """Keep the goal's next receipt; its hash. The caller has locked the goal, so the numbers follow each other."""
        digest = self.tx.keep(document)
        row = {"goal": goal, "number": number, "task": task, "text_hash": text_hash, "hash": digest}
        self.tx.conn.execute(insert(_r), {**row, "created_at": self.tx.now})
        self.tx.conn.execute(update(schema.goals).where(schema.goals.c.id == goal).values(receipt_hash=digest))
        return digest

    def of_goal(self, goal: str) -> list[ReceiptRow]:
        """The goal's, first to last."""
        rows = self.tx.conn.execute(_receipts_of(self._bytes), {"goal": goal})
        cells = (_row(_r, row) for row in rows)
        return [ReceiptRow(**{column.name: cell.get(column.name) for column in _r.c}) for cell in cells]  # type: ignore[arg-type]

    def last_of_goal(self, goal: str) -> tuple[str | None, int]:
        """The hash and the number of the goal's last one; None and 0 without any."""
        query = select(_r.c.hash, _r.c.number).where(_r.c.goal == goal).order_by(_r.c.number.desc()).limit(1)
        row = self.tx.conn.execute(query).one_or_none()
        return (None, 0) if row is None else (row.hash, row.number)

    def head(self, goal: str) -> str | None:
        """What the goal says its last one's hash is."""
        found = self.tx.conn.execute(_head_of(self._bytes), {"goal": goal}).scalar_one_or_none()
        return None if found is None else _words(found)

    def goals(self) -> list[str]:
        """The ids of all goals, and of those that are gone and have receipts, the oldest first."""
        ids = (select(_raw(schema.goals.c.id, self._bytes)), select(_raw(_r.c.goal, self._bytes)).distinct())
        found = {_words(ident) for query in ids for ident in self.tx.conn.execute(query).scalars()}
        return sorted(found, key=lambda ident: (len(ident), ident))

    def last_draft_before(self) -> int:
        """The last draft that was written before receipts were kept; 0 where they always were."""
        return self.tx.conn.execute(select(_n.c.value).where(_n.c.name == _BEFORE)).scalar_one_or_none() or 0

    def rows(self, goal: str) -> dict[str, dict[str, Row]]:
        """
        What receipts cover of a goal, as the database has it now: by table and id, the cells that are not empty, by column.

        No cell is understood, so one with a word that is none, a broken document or half a character is read like any other.
        """
        found = {}
        for name, table in _TABLES.items():
            rows = self.tx.conn.execute(_rows_of(name, self._bytes), {"goal": goal})
            cells = [_row(table, row) for row in rows]
            found[name] = {str(row["id"]): row for row in sorted(cells, key=lambda row: row["id"])}
        return found

    def documents(self, digests: Iterable[str]) -> dict[str, str]:
        """The texts kept under these hashes, as far as there are any; nothing says that they fit."""
        wanted = list(dict.fromkeys(digests))
        found: dict[str, str] = {}
        for first in range(0, len(wanted), _AT_ONCE):
            query = select(_x.c.hash, _raw(_x.c.text, self._bytes)).where(
                _x.c.hash.in_(wanted[first : first + _AT_ONCE])
            )
            found |= {digest: _words(text) for digest, text in self.tx.conn.execute(query)}
        return found

    def reviews(self, idents: Iterable[int]) -> dict[int, dict[str, Any]]:
        """The documents of these reviews, as far as they can be read."""
        query = select(schema.reviews.c.id, _raw(schema.reviews.c.document, self._bytes))
        found = {}
        for ident, document in self.tx.conn.execute(query.where(schema.reviews.c.id.in_(list(idents)))):
            made = _parsed(document)
            if isinstance(made, dict):
                found[int(ident)] = made
        return found

    def spent_nano(self, scope: str) -> dict[bool, int]:
        """What the account says was spent, paid and rehearsed."""
        a = schema.accounts
        rows = self.tx.conn.execute(select(a.c.rehearsal, a.c.spent_nano).where(a.c.scope == scope))
        return {bool(rehearsal): int(spent) for rehearsal, spent in rows}

    @property
    def _bytes(self) -> bool:
        # SQLite gives text only where it is UTF-8, and bytes as they are.
        return self.tx.conn.dialect.name == "sqlite"


def digest(text: str) -> str:
    """The SHA-256 of a text, half characters and all."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def canonical(document: Any) -> str:
    """A document as the same text whoever writes it."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# Made once, compiled and keyed once (see transaction.py).


@cache
def _rows_of(name: str, as_bytes: bool) -> Select[Any]:
    table = _TABLES[name]
    query = select(*(_raw(column, as_bytes) for column in table.c if column.name not in NOT_COVERED[name]))
    goal: BindParameter[str] = bindparam("goal")
    if table is schema.goals:
        return query.where(table.c.id == goal)
    if "goal" in table.c:
        return query.where(table.c.goal == goal)
    return query.where(table.c.task.in_(select(schema.tasks.c.id).where(schema.tasks.c.goal == goal)))


@cache
def _receipts_of(as_bytes: bool) -> Select[Any]:
    columns = [_raw(column, as_bytes) for column in _r.c]
    return select(*columns).where(_r.c.goal == bindparam("goal")).order_by(_r.c.number)


@cache
def _head_of(as_bytes: bool) -> Select[Any]:
    return select(_raw(schema.goals.c.receipt_hash, as_bytes)).where(schema.goals.c.id == bindparam("goal"))


def _raw(column: Column[Any], as_bytes: bool) -> ColumnElement[Any]:
    is_text = isinstance(column.type, (String, JSON, Date, schema.Moment, schema.Word))
    if is_text and as_bytes:
        return cast(column, LargeBinary).label(column.name)
    return type_coerce(column, NullType()).label(column.name)


def _row(table: Table, row: Any) -> Row:
    found = row._asdict()
    return {name: _cell(table.c[name], value) for name, value in found.items() if value is not None}


def _words(value: Any) -> str:
    return value.decode(errors="backslashreplace") if isinstance(value, bytes) else str(value)


def _cell(column: Column[Any], value: Any) -> Cell:
    if isinstance(column.type, JSON):
        return f"sha256:{digest(_document(value))}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):  # a truth value too
        return int(value)
    words = _words(value)
    return words if len(words) <= LONGEST else f"sha256:{digest(words)}"


def _document(value: Any) -> str:
    made = _parsed(value)
    return _words(value) if made is None else canonical(made)


def _parsed(value: Any) -> Any:
    """A JSON document, whichever way the driver gives it; None where it is none."""
    if not isinstance(value, (bytes, str)):
        return value
    try:
        return json.loads(_words(value))
    except ValueError:
        return None
