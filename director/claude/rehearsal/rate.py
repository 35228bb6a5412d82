"""A limit of requests a minute as the service keeps it: a bucket that fills evenly."""

from collections.abc import Callable
from dataclasses import dataclass, field

_PERIOD_S = 60.0


@dataclass(slots=True)
class Bucket:
    """What is left of *most* requests a minute. Full at first. Not thread-safe."""

    most: int
    clock: Callable[[], float]  #: Seconds, monotonic.
    _level: float = field(init=False)
    _looked: float = field(init=False)

    def __post_init__(self) -> None:
        self._level, self._looked = float(self.most), self.clock()

    def take(self) -> bool:
        """Take one; False when there is none."""
        self._fill()
        if self._level < 1:
            return False
        self._level -= 1
        return True

    @property
    def left(self) -> int:
        """How many there are."""
        self._fill()
        return int(self._level)

    def seconds_until(self, level: int) -> float:
        """How long until there are *level*, seconds; 0 when there are."""
        self._fill()
        return max(0.0, level - self._level) * _PERIOD_S / self.most

    def _fill(self) -> None:
        now = self.clock()
        self._level = min(self.most, self._level + (now - self._looked) * self.most / _PERIOD_S)
        self._looked = now
