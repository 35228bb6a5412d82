"""Standard output and standard error, guarded: whoever writes to them, what others say can do nothing there but be read."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO, cast

from director.words.characters import visible
from director.words.redaction import blank

_NAMES: Final = ("stdout", "stderr")


class _Guarded:
    """A text stream to which everything is written visibly; in all else it is the stream below it."""

    def __init__(self, below: TextIO) -> None:
        self.below = below
        #: Our own secrets; None: secrets pass, as one does that was asked for.
        self.own: tuple[str, ...] | None = None

    def write(self, text: str) -> int:
        self.below.write(visible(text if self.own is None else blank(text, self.own)))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.below, name)


def guard(own: Iterable[str] | None = None) -> None:
    """
    Guard standard output and standard error of this process. Each program of ours begins with it: commands, tracebacks and
    libraries then need not think of it. With our *own* secrets, be there none, nobody repeats those either, nor what has the
    shape of one. A second call changes nothing but them.
    """
    for name in _NAMES:
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, _Guarded):
            stream = _Guarded(stream)
            setattr(sys, name, stream)
        if stream is not None and own is not None:
            stream.own = tuple(own)


@contextmanager
def guarding() -> Iterator[None]:
    """The same for the length of a block, in which a live table has put itself in the streams' place."""
    before = {name: getattr(sys, name) for name in _NAMES}
    guard()
    try:
        yield
    finally:
        for name, stream in before.items():
            setattr(sys, name, stream)


def unguarded(stream: TextIO) -> TextIO:
    """The stream itself, for who writes colours or moves about, and makes all that is not its own visible."""
    return cast("_Guarded", stream).below if isinstance(stream, _Guarded) else stream
