"""A request that makes something, sent again because its answer did not arrive: it is answered as before, and makes nothing."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from director.access.roles import Caller
from director.office import Office
from director.store.kept_answers import KeptAnswer
from director.store.tx import Tx
from director.words.errors import WrongCall


class AnotherRequest(WrongCall):
    """The key was used for another request."""


@dataclass(frozen=True, slots=True)
class Once:
    """The key somebody gave a request, and what tells that request from another."""

    key: str
    digest: str

    @classmethod
    def of(cls, key: str, *asked: str) -> "Once":
        """The key of a request in which *asked* was asked."""
        return cls(key, hashlib.sha256("\n".join(asked).encode()).hexdigest())


def once(
    tx: Tx, caller: Caller, request: Once | None, make: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    """
    What *make* returns, which writes in *tx*; or what it returned for this request before. And whether it was made now.

    What is made and what is answered are one transaction: a process that dies in between leaves neither, and the request that
    is sent again makes it.

    Raises:
        AnotherRequest: the key was given to another request; nothing was made.
    """
    if request is None:
        return make(), True
    of = (caller.brand, caller.ident, request.key)
    before = tx.kept_answers.begin(*of, request.digest)
    if before is None:
        made = make()
        tx.kept_answers.end(*of, made)
        return made, True
    return _same(before, request), False


def answered_before(office: Office, caller: Caller, request: Once | None) -> dict[str, Any] | None:
    """
    What was answered to this request before: also where it would be refused by now. None where it was not asked.

    Raises:
        AnotherRequest: the key was given to another request.
    """
    if request is None:
        return None
    with office.store.read() as tx:
        before = tx.kept_answers.find(caller.brand, caller.ident, request.key)
    return None if before is None else _same(before, request)


def _same(before: KeptAnswer, request: Once) -> dict[str, Any]:
    if before.digest != request.digest:
        raise AnotherRequest(
            f"The key {request.key[:80]!r} was given to another request in the last 24 hours, and nothing was done: give this "
            "one a key of its own."
        )
    return before.answer
