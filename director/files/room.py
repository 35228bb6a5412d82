"""Room on the disk of a folder, which may not be made yet."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: The share of a disk below which it is nearly full.
LOW: Final = 0.10

_GB: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Room:
    """What a disk has, in bytes."""

    place: Path  #: the folder, or what is there of the way to it
    free: int  #: that we may write
    total: int

    @property
    def share(self) -> float:
        """How much of it is free, 0 to 1; all of one that does not say how large it is."""
        return self.free / self.total if self.total else 1.0

    def __str__(self) -> str:
        return f"{self.free / _GB:,.1f} GB of {self.total / _GB:,.1f} GB are free"


def room_of(folder: Path) -> Room:
    """
    The disk with *folder*.

    Raises:
        OSError: it cannot be looked at.
    """
    place = next(place for place in (folder, *folder.parents) if place.is_dir())
    total, _, free = shutil.disk_usage(place)
    return Room(place, free, total)
