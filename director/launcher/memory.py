"""What processes take of the machine's memory, read from /proc; where there is none, nobody knows."""

import os
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

#: Of /proc/*/stat behind the name: the session, and the pages that are in memory.
_SESSION, _PAGES = 3, 21


def by_session(proc: Path = Path("/proc")) -> Mapping[int, int]:
    """
    Bytes in memory (resident set size) of all processes of each session; empty where there is no /proc. What processes share
    counts for each of them.
    """
    found: Counter[int] = Counter()
    for file in proc.glob("[0-9]*/stat"):
        with suppress(OSError, IndexError):  # it has ended since
            fields = _fields(file)
            found[int(fields[_SESSION])] += int(fields[_PAGES]) * os.sysconf("SC_PAGE_SIZE")
    return found


def of(pid: int, proc: Path = Path("/proc")) -> int | None:
    """Bytes in memory of one process."""
    with suppress(OSError, IndexError):
        return int(_fields(proc / str(pid) / "stat")[_PAGES]) * os.sysconf("SC_PAGE_SIZE")
    return None


def _fields(file: Path) -> list[str]:
    # The name before, in parentheses, may have blanks and parentheses.
    return file.read_text(errors="replace").rpartition(")")[2].split()
