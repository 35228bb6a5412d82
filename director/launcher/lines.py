"""What the processes say, line by line, each with its name: for people or as JSON, whole and without our secrets."""

import json
import os
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import IO, Any, Final, TextIO

from director.words.characters import visible
from director.words.redaction import blank
from director.words.streams import unguarded

#: Lines that are kept of each, for when it is given up.
KEPT: Final = 10

#: Bytes of a line; what is longer goes on in the next.
_LONGEST: Final = 65_536

#: Cyan, magenta, yellow, green, blue: what is no warning.
_COLOURS: Final = (36, 35, 33, 32, 34)


class Lines:
    """
    Where they go. *names* are those who speak, *own* our secrets, which no line repeats. *as_json*: a line is one document
    with its speaker as `process`, also one that was said as mere words; else it stands behind its speaker's name.

    Where nobody can read any more, a closed pipe or a full disk, they go nowhere, and whoever speaks is not held up.
    """

    def __init__(self, out: TextIO, names: Sequence[str], own: Iterable[str], *, as_json: bool = False) -> None:
        self._out = unguarded(out)
        self._own = tuple(own)
        self._as_json = as_json
        self._width = max(map(len, names))
        coloured = self._out.isatty() and not os.environ.get("NO_COLOR")
        self._colours = {name: _COLOURS[n % len(_COLOURS)] for n, name in enumerate(names)} if coloured else {}
        self._lock = threading.Lock()

    def say(self, name: str, line: str) -> None:
        """One line, whole, whoever else speaks."""
        text = self._document(name, line) if self._as_json else self._words(name, line)
        with self._lock, suppress(OSError, ValueError):
            self._out.write(f"{text}\n")
            self._out.flush()

    def _words(self, name: str, line: str) -> str:
        before = f"{name:<{self._width}} |"
        if colour := self._colours.get(name):
            before = f"\x1b[{colour}m{before}\x1b[0m"
        return f"{before} {self._cleaned(line)}".rstrip()

    def _document(self, name: str, line: str) -> str:
        said = _document_of(line)
        return json.dumps({"process": name, **{key: self._cleaned(value) for key, value in said.items()}})

    def _cleaned(self, value: Any) -> Any:
        return visible(blank(value, self._own)) if isinstance(value, str) else value

    def repeat(self, name: str, pipe: IO[bytes]) -> "Tail":
        """Say what comes out of *pipe* from now on, to its end, in a thread of its own."""
        tail = Tail()

        def run() -> None:
            with pipe:
                while line := pipe.readline(_LONGEST):
                    text = line.decode("utf-8", errors="replace").rstrip("\r\n")
                    tail.lines.append(blank(text, self._own))
                    self.say(name, text)

        tail.thread = threading.Thread(target=run, name=f"lines of {name}", daemon=True)
        tail.thread.start()
        return tail


def _document_of(line: str) -> dict[str, Any]:
    """A line of a process that logs as ours do; what else it is, said now."""
    try:
        document = json.loads(line)
    except ValueError:
        document = None
    if isinstance(document, dict) and "event" in document:
        return document
    return {"event": line, "level": "info", "timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"}


class Tail:
    """The last lines of one process."""

    def __init__(self) -> None:
        self.lines: deque[str] = deque(maxlen=KEPT)
        self.thread: threading.Thread | None = None

    def settled(self, within_s: float = 0.5) -> list[str]:
        """The lines, once its end has come; not later than that where somebody it left behind can still speak."""
        if self.thread is not None:
            self.thread.join(within_s)
        return list(self.lines)
