"""What a use case works with: every real part, passed in, so that a test can pass another clock or a patient model."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeVar

from director.catalog import Catalog
from director.claude.client import Claude
from director.concurrency.keyed_lock import KeyedLock
from director.concurrency.read_write_lock import ReadWriteLock
from director.concurrency.single_flight import SingleFlight
from director.concurrency.stopping import Stopping
from director.money.prices import Prices
from director.redis.bus import Bus, queue_of
from director.store.database import Store
from director.words.clock import Clock
from director.words.errors import Cure, StoreError
from director.words.models import Claim
from director.words.reach import Reach
from director.words.settings import Settings
from pipelines import plan

if TYPE_CHECKING:
    from pipelines.loader import Library
    from skills.loader import Roster, Skill

#: Names of the actors that are no specialists; plans name the Director too.
DIRECTOR: Final = plan.DIRECTOR
REVIEWER: Final = "reviewer"

#: The tiers of those two; a specialist's is its skill's.
TIERS: Final[Mapping[str, str]] = {DIRECTOR: "opus", REVIEWER: "sonnet"}

#: The tier that is cheapest: the one for classification.
CHEAPEST: Final = "haiku"

#: The pause before the database is asked again for something that has to be written down.
INSIST_EVERY_S: Final = 0.5

Written = TypeVar("Written")


@dataclass(frozen=True, slots=True)
class Office:
    """
    The parts of one installation in one process. `owner` names the process in leases, unique for ever; `reach` is what it works
    for.
    """

    settings: Settings
    store: Store
    bus: Bus
    claude: Claude
    prices: Prices
    catalog: Catalog
    clock: Clock
    owner: str
    reach: Reach
    #: The claims this process is working on now; their leases are renewed, no others.
    in_hand: set[Claim] = field(default_factory=set)
    #: The calls it is asking or writing down now, by their keys.
    asking: KeyedLock = field(default_factory=KeyedLock)
    #: Its looks for turns to admit.
    admission: SingleFlight = field(default_factory=SingleFlight)
    #: Where its turns are done.
    working: ReadWriteLock = field(default_factory=ReadWriteLock)
    #: Whether this process was told to stop.
    stopping: Stopping = field(default_factory=Stopping)
    #: Set when this process has no more time to wait for anything.
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def brand(self) -> str:
        """Whom it works for here and now; a worker's is each turn's."""
        return self.settings.brand

    def of(self, brand: str) -> "Office":
        """The same parts, working for *brand*: with its context, caps, schedules, triggers and memory."""
        return self if brand == self.brand else replace(self, settings=replace(self.settings, brand=brand))

    @property
    def queue(self) -> str:
        """Where this process hears bells: with those who can do the same turns, or alone, as a command for its goal."""
        if self.reach.only is not None:
            return queue_of(self.owner.rpartition(":")[2])
        return queue_of("rehearsal" if self.reach.rehearsal else "", self.catalog.knowledge.group)

    @property
    def roster(self) -> "Roster":
        """The skill folders."""
        return self.catalog.roster

    @property
    def library(self) -> "Library":
        """The pipelines."""
        return self.catalog.library

    @property
    def skills(self) -> "Mapping[str, Skill]":
        """The specialists, by name."""
        return self.catalog.roster.skills

    def insist(self, write: Callable[[], Written]) -> Written:
        """
        *write* what has happened, however long the database is away: an answer that was paid, a failure that must not be
        taken for a crash. Meanwhile the turn stays in hand, so its lease is renewed as soon as that is possible.

        Raises:
            StoreError: the process has to end first, or waiting does not help (a lost lease, a stale state).
        """
        while True:
            try:
                return write()
            except StoreError as problem:
                if problem.cure is not Cure.WAIT or self.closing.wait(INSIST_EVERY_S):
                    raise

    def hurry(self) -> None:
        """This process has no more time: end every request on the wire and wait for nothing. Turns go back to the mailbox."""
        self.closing.set()
        self.claude.shut()

    def close(self) -> None:
        """Let go of every connection. What was written stays written."""
        self.claude.close()
        self.bus.close()
        self.store.close()
