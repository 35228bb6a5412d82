"""What can be asked over HTTP: each operation a value, from which addresses, descriptions and tests are made."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from http import HTTPStatus
from typing import Annotated, Any, Final, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict

from director.access.once import Once
from director.access.roles import Caller, Right
from director.office import Office

#: Where the addresses of the interface begin.
ROOT: Final = "/api/v1"

#: What the parts of an address can be; whatever else stands there is not found, and no database is asked for it.
IDENTS: Final[Mapping[str, str]] = {
    "goal": r"g[1-9][0-9]{0,8}",
    "task": r"g[1-9][0-9]{0,8}-[1-9][0-9]{0,3}",
    "approval": r"a[1-9][0-9]{0,8}",
    "event": r"e[1-9][0-9]{0,8}",
    "revision": r"[0-9]{1,4}",
    "schedule": r"[a-z0-9][a-z0-9-]{0,62}",
    "learning": r"m[1-9][0-9]{0,8}",
}

#: USD that can be said: what is more is a slip.
MOST_USD: Final = 1_000_000


def _written_as_a_day(said: object) -> object:
    if isinstance(said, str) and not _DAY.fullmatch(said):
        raise ValueError("a day is written as 2026-12-01")
    return said


#: A day; nothing else is taken for one, such as a number of seconds.
Day = Annotated[date, BeforeValidator(_written_as_a_day)]

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Document(BaseModel):
    """What is answered: these fields and no others."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Given(BaseModel):
    """What is sent as JSON; a field that is not known is a mistake, and nothing is guessed of a wrong type."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Query(BaseModel):
    """What stands behind the question mark of an address."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Nothing(Query):
    """Nothing can be said there."""


class SeenBefore(Enum):
    """Whether who asks for a change names the version they saw (If-Match)."""

    NEVER = "never"
    WHERE_SAID = "where said"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Asked:
    """The values of a request; each fits what its operation says of it."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: Any = None
    body: Any = None
    version: str | None = None  #: that was seen
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What is answered: a document, the version it shows, and where what was made can be found."""

    document: Mapping[str, Any]
    version: str | None = None
    location: str | None = None


Do: TypeAlias = Callable[[Office, Caller, Asked], Answered]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked, by a method at an address below `ROOT`."""

    method: str
    path: str
    right: Right
    summary: str  #: a line of the description
    answer: type[BaseModel]
    do: Do  #: runs in a thread, and may wait for the database
    query: type[Query] = Nothing
    body: type[Given] | None = None
    status: HTTPStatus = HTTPStatus.OK
    once: bool = False  #: whether it makes something, so that Idempotency-Key is heard
    seen: SeenBefore = SeenBefore.NEVER
    wrong: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY  #: the status of what cannot be done as it was asked
    refusals: frozenset[HTTPStatus] = frozenset()  #: statuses it may have besides those of every operation

    @property
    def name(self) -> str:
        """What it is called in descriptions: its function."""
        return getattr(self.do, "__name__", "").strip("_")
