"""What a use case works with: every real part, handed in, so that a test can hand in another clock or a patient model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from director.bus import Bus
from director.claude.client import Claude
from director.money.prices import Prices
from director.settings import Settings
from director.shelf import Shelf
from director.store.engine import Clock, Store

if TYPE_CHECKING:
    from pipelines.template import Library
    from skills.loader import Roster, Skill

#: Names of the actors that are no specialists.
DIRECTOR = "director"
REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class Office:
    """The parts of one installation in one process. `owner` names the process in leases, unique for ever."""

    settings: Settings
    store: Store
    bus: Bus
    claude: Claude
    prices: Prices
    shelf: Shelf
    clock: Clock
    owner: str
    brand: str = field(default="default")
    #: The turns this process is working on now; their leases are renewed, no others.
    in_hand: set[int] = field(default_factory=set)

    @property
    def roster(self) -> "Roster":
        """The skill folders."""
        return self.shelf.roster

    @property
    def library(self) -> "Library":
        """The pipelines."""
        return self.shelf.library

    @property
    def skills(self) -> "Mapping[str, Skill]":
        """The specialists, by name."""
        return self.shelf.roster.skills

    def close(self) -> None:
        """Let go of every connection. What was written stays written."""
        self.claude.close()
        self.bus.close()
        self.store.close()
