"""Keys and passwords in files that others on this machine may read."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from director.doctor import mends
from director.words import redaction
from director.words.finding import Finding, Level
from director.words.own_secrets import own_secrets
from director.words.settings import Settings, env_file

#: The folders whose files are written by us, who take secrets out of them, or which are their owner's.
_OURS: Final = (".state", "outputs", "reports")

#: How much of a file is looked at, bytes, and how long all files are.
_READ: Final = 256_000
_LIMIT_S: Final = 0.3

#: The group, and everybody else.
_OTHERS: Final = 0o044
_OTHERS_PASS: Final = 0o011


def look(settings: Settings) -> Iterator[Finding]:
    """Settings files and all that people put into the workspace."""
    own = redaction.distinctive(own_secrets(settings))
    end = time.monotonic() + _LIMIT_S
    looked, all_of_it, found = 0, True, False
    for file in _files(settings):
        if time.monotonic() > end:
            all_of_it = False
            break
        looked += 1
        if what := _readable_secret(file, own):
            found = True
            says = f"{file} holds {what}, and other users of this machine may read it."
            yield Finding("secrets", Level.WARNING, says, mends.for_owner_only(file))
    if not found:
        rest = "" if all_of_it else "; there was no time for more"
        files = f"{looked} file{'' if looked == 1 else 's'}"
        yield Finding("secrets", Level.WELL, f"none that others may read, in {files} looked at{rest}")


def _files(settings: Settings) -> Iterator[Path]:
    yield from sorted(env_file().parent.glob(".env*"))
    for folder, inner, names in os.walk(settings.workspace_dir):
        if Path(folder) == settings.workspace_dir:
            inner[:] = [name for name in inner if name not in _OURS]
        inner.sort()
        yield from (Path(folder, name) for name in sorted(names))


def _readable_secret(file: Path, own: tuple[str, ...]) -> str:
    """Which kind of secret others may read there; "" where none is, or nobody may."""
    try:
        if not file.is_file() or not file.stat().st_mode & _OTHERS:
            return ""
        if not _others_come_to(file):
            return ""
        with file.open(encoding="utf-8", errors="replace") as opened:
            text = opened.read(_READ)
    except OSError:
        return ""
    if any(value in text for value in own):
        return redaction.OWN
    return next(iter(redaction.find(text)), "")


def _others_come_to(file: Path) -> bool:
    return all(folder.stat().st_mode & _OTHERS_PASS for folder in file.absolute().parents)
