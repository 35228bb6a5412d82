"""How much one token, or one address, may ask for: token buckets in the memory of the one web process."""

import asyncio
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from web.problems import Problem


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many more each second."""

    at_once: float
    per_second: float


#: Of one token, or of one address where nobody says who they are. Six pages that a browser keeps open read some ten sections
#: each when something changed, which is said once a second; a thousand streams may be opened again after a restart.
REQUESTS: Final = Rate(2_000, 100.0)

#: Secrets that open nothing, of one address. A person pastes a wrong one a few times; a program with an old one asks for ever.
FAILURES: Final = Rate(10, 0.1)

_FAILS: Final = "This address comes with secrets that open nothing"

#: Tokens and addresses that are remembered; the one that was away longest is forgotten first. About 2 MB.
MOST: Final = 10_000


#: Requests of one token or address that are worked on at once; there are a few threads for all.
AT_ONCE: Final = 4


@dataclass(eq=False, slots=True)
class _Room:
    """The places of one caller, and how many of their requests are there."""

    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    there: int = 0


class Shares:
    """
    Lets each caller have `AT_ONCE` requests worked on; more of theirs wait for these. Whoever sends hundreds at once waits for
    themselves, and nobody else does.
    """

    def __init__(self) -> None:
        self._of: dict[str, _Room] = {}

    @asynccontextmanager
    async def place(self, whose: str) -> AsyncGenerator[bool, None]:
        """A place of one caller, once there is one; and whether it had to be waited for."""
        room = self._of.setdefault(whose, _Room())
        room.there += 1
        try:
            waited = room.places.locked()
            async with room.places:
                yield waited
        finally:
            room.there -= 1
            if not room.there:
                del self._of[whose]


class Limits:
    """
    The buckets. Who is known is counted by their token, so that nobody else behind the same proxy, whose address all share
    there, can keep them out.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        #: What was left of each rate at which moment.
        self._left: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def of_token(self, ident: str) -> None:
        """
        Count a request.

        Raises:
            Problem: 429, with when to come again.
        """
        self._take(("token", ident), REQUESTS, "This token asks")

    def of_address(self, client: str) -> None:
        """Count a request of who does not say who they are; as above."""
        self._take(("address", network(client)), REQUESTS, "This address asks")

    def of_failure(self, client: str) -> None:
        """Count a secret that opens nothing; as above."""
        self._take(("failures", network(client)), FAILURES, _FAILS)

    def see_room_for_failure(self, client: str) -> None:
        """
        See that one more secret that opens nothing would only be counted. Of an address that is told to wait, what can be
        guessed is not compared at all: else the answer to a right guess would be another.

        Raises:
            Problem: as above.
        """
        self._take(("failures", network(client)), FAILURES, _FAILS, cost=0)

    def _take(self, key: tuple[str, str], rate: Rate, who: str, *, cost: int = 1) -> None:
        now = self._now()
        left, then = self._left.pop(key, (rate.at_once, now))
        left = min(rate.at_once, left + (now - then) * rate.per_second)
        taken = left >= 1
        self._left[key] = (left - cost if taken else left, now)
        while len(self._left) > MOST:
            self._left.popitem(last=False)
        if not taken:
            after = max(1, math.ceil((1 - left) / rate.per_second))
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS, f"{who} too often: come again in {after} s.", {"Retry-After": str(after)}
            )


def whose(token: str | None, client: str) -> str:
    """What is counted together: what comes by a token or session, or else from an address."""
    return token if token is not None else f"from {network(client)}"


def network(client: str) -> str:
    """The address; of IPv6 the network that one customer has as a whole."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client[:64]
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
