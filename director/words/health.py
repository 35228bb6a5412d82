"""How what work rests on is doing, and how far the work goes on: found by looking, so no move is drawn."""

from enum import IntEnum, StrEnum


class ComponentName(StrEnum):
    """What work rests on, in the order in which people are shown it."""

    MODEL = "model service"
    REDIS = "redis"
    DATABASE = "database"
    WORKERS = "workers"
    CLOCK = "clock"
    DISK = "disk"
    BUDGET = "budget"


class Health(StrEnum):
    """How a component is doing."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"  #: Work goes on, and would not for long.
    OFFLINE = "offline"  #: It cannot be worked with.


class Operation(IntEnum):
    """How far the work goes on; `mailbox/operation.py` has what each level does."""

    FULL = 0
    REDUCED = 1
    ESSENTIAL = 2
    DIRECTOR_ONLY = 3
    OFFLINE = 4

    @property
    def word(self) -> str:
        """As people read it: "director only"."""
        return self.name.lower().replace("_", " ")
