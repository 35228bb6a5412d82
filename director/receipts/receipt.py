"""
A receipt's document: what is known of a deliverable when it is approved, or of a goal when it ends, and the rows of the record
that say so. Each names the one before it in its goal, so that one that is changed, taken away or moved is missed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, NamedTuple

from director.store.receipts import Row, canonical

#: Of the form below; a field that comes later has a default, and one that went is passed over.
VERSION: Final = 1


class Stated(NamedTuple):
    """A fact of a deliverable."""

    words: str
    where: str  #: a word of `evidence.sources.Where`
    by: str  #: the source's name, the section of the context, or what it follows from; empty: nobody
    piece: str  #: the title of the piece it stands in


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is in a receipt. Hashes are SHA-256 in hexadecimal; texts are kept under theirs."""

    goal: str
    number: int  #: its place in the goal's chain, from 1
    by: str  #: who approved
    at: str  #: when, ISO 8601 in UTC
    before: str | None = None  #: the hash of the one before; None: it is the first
    task: str | None = None  #: None: this is of the goal's end
    draft: int | None = None
    text: str | None = None  #: the deliverable's hash
    facts: Sequence[Stated] = ()
    checks: Sequence[str] | None = None  #: what the certain checks found; None: there are none for it
    rubric: str | None = None  #: the hash of what verdicts were computed with: weights and minimums
    computed: Sequence[int] = ()  #: the reviews whose verdicts follow from that
    inputs: Sequence[Sequence[str]] = ()  #: what it builds on: each the task, and its deliverable's hash
    prompt: str | None = None  #: the digest of what its writer was asked last
    model: str | None = None  #: who wrote it
    calls: int = 0  #: of the task, or of the goal
    cost_nano: int = 0  #: of those calls
    files: Mapping[str, str] = field(default_factory=dict)  #: their hashes, by path
    #: By table and id, what the record said, by column.
    rows: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What people call it."""
        return f"receipt {self.number} of {self.goal}"

    def to_text(self) -> str:
        """The document that is kept: the same receipt makes the same text."""
        said = {name: value for name, value in asdict(self).items() if value is not None}
        return canonical({"version": VERSION, **said})


def from_text(text: str) -> Receipt:
    """
    What `to_text` wrote.

    Raises:
        ValueError: it is no receipt.
    """
    found: Any = json.loads(text)
    try:
        known = {name: found[name] for name in Receipt.__dataclass_fields__ if name in found}
        return Receipt(**{**known, "facts": [Stated(*fact) for fact in known.get("facts", ())]})
    except TypeError as problem:
        raise ValueError(str(problem)) from problem
