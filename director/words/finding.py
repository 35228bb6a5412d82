"""What a look at an installation found: of one part, whether it is well, and else what mends it."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    WELL = "ok"
    UNSEEN = "unseen"  #: It was not looked at: something else has to be mended first.
    WARNING = "warning"  #: Work can be done; something else cannot, or may not for long.
    FAULT = "fault"  #: Work cannot be done.


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found."""

    part: str  #: of the installation, in a word
    level: Level
    says: str
    mend: str = ""  #: the command that mends it, or that opens what has to be changed; "" where nothing has to be

    @property
    def is_bad(self) -> bool:
        """Whether somebody has to do something."""
        return self.level in (Level.WARNING, Level.FAULT)
