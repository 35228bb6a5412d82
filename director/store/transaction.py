"""What every transaction can do, whatever it is about: texts by hash, numbers, lines of the journal."""

import hashlib
import secrets
from collections.abc import Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import Connection, Table, bindparam, insert, select, update
from sqlalchemy.dialects import sqlite

from director.store import schema
from director.words.models import JournalLine

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

_j = schema.journal

#: The name under which the record's own number stands among the counters.
_IDENTITY: Final = "identity"

# Statements that are made once are compiled and keyed once; that is most of what a small query costs.
_TEXT = select(schema.texts.c.text).where(schema.texts.c.hash == bindparam("hash"))
_NOTE = insert(_j)
_JOURNAL = (
    select(_j)
    .where(_j.c.goal == bindparam("goal"), _j.c.id > bindparam("after"))
    .order_by(_j.c.id)
    .limit(bindparam("limit"))
)


class Noted(NamedTuple):
    """What is logged of a line of the journal."""

    goal: str | None
    subject: str
    what: str
    by: str


class Transaction:
    """The open transaction and its one moment; what the nouns of `tx.py` are built on."""

    def __init__(self, conn: Connection, now: datetime) -> None:
        self.conn = conn
        self.now = now  #: The transaction's one moment; every row it writes carries it.
        #: What it wrote into the journal, to be logged once that has happened.
        self.noted: list[Noted] = []

    def insert(self, table: Table) -> "sqlite.Insert | postgresql.Insert":
        """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`, on either database."""
        if self.conn.dialect.name == "postgresql":
            from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 40 ms nobody on SQLite waits for

            return postgresql.insert(table)
        return sqlite.insert(table)

    def number(self, name: str, *, first: Callable[[], int] = lambda: 1) -> int:
        """The next number for *name*, from *first*; never given twice, also not to two processes at once."""
        numbers = schema.counters
        statement = self.insert(numbers).values(name=name, value=1)
        statement = statement.on_conflict_do_update(
            index_elements=[numbers.c.name], set_={"value": numbers.c.value + 1}
        )
        number = int(self.conn.execute(statement.returning(numbers.c.value)).scalar_one())
        if number == 1 and (start := first()) > 1:
            self.conn.execute(update(numbers).where(numbers.c.name == name).values(value=start))
            return start
        return number

    def numbers(self, name: str, many: int) -> range:
        """So many next numbers for *name*, in a row: as `number`, for what is written in one statement."""
        numbers = schema.counters
        statement = self.insert(numbers).values(name=name, value=many)
        statement = statement.on_conflict_do_update(
            index_elements=[numbers.c.name], set_={"value": numbers.c.value + many}
        )
        last = int(self.conn.execute(statement.returning(numbers.c.value)).scalar_one())
        return range(last - many + 1, last + 1)

    def identity(self) -> str | None:
        """What tells this record from every other one; None until it was given that."""
        numbers = schema.counters
        found = self.conn.execute(select(numbers.c.value).where(numbers.c.name == _IDENTITY)).scalar_one_or_none()
        return None if found is None else f"{found:x}"

    def identify(self) -> str:
        """As `identity`, given now where it was not: drawn once, whoever comes first."""
        drawn = {"name": _IDENTITY, "value": secrets.randbelow(2**62)}
        self.conn.execute(self.insert(schema.counters).values(drawn).on_conflict_do_nothing())
        return self.identity() or ""

    def identify_anew(self) -> str:
        """Another identity in place of the one that a copy of this record has too."""
        numbers = schema.counters
        drawn = secrets.randbelow(2**62)
        self.conn.execute(update(numbers).where(numbers.c.name == _IDENTITY).values(value=drawn))
        return f"{drawn:x}"

    def keep(self, text: str) -> str:
        """Keep *text* and return its hash. The same text is kept once."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        statement = self.insert(schema.texts).values(hash=digest, text=text)
        self.conn.execute(statement.on_conflict_do_nothing())
        return digest

    def text(self, digest: str) -> str:
        """The text kept under *digest*."""
        return str(self.conn.execute(_TEXT, {"hash": digest}).scalar_one())

    def note(self, goal: str | None, subject: str, what: str, *, by: str, detail: str | None = None) -> None:
        """Write a line of the journal, which is logged without its *detail*: that may be what a person or the model wrote."""
        line = {"goal": goal, "subject": subject, "what": what, "detail": detail, "by": by, "at": self.now}
        self.conn.execute(_NOTE, line)
        self.noted.append(Noted(goal, subject, what, by))

    def journal_of_brand(self, brand: str, whats: Collection[str], *, limit: int) -> list[JournalLine]:
        """The lines about a brand itself, of no goal, that say one of *whats*, newest first."""
        j = schema.journal.c
        query = select(schema.journal).where(j.goal.is_(None), j.subject == brand, j.what.in_(whats))
        rows = self.conn.execute(query.order_by(j.id.desc()).limit(limit))
        return [JournalLine(**row._asdict()) for row in rows]

    def journal(self, goal: str, *, after: int = 0, limit: int = 1000) -> list[JournalLine]:
        """The goal's lines with a number above *after*, oldest first."""
        rows = self.conn.execute(_JOURNAL, {"goal": goal, "after": after, "limit": limit})
        return [JournalLine(**row._asdict()) for row in rows]
