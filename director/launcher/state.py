"""What is up in a workspace: the lock that whoever is up holds, and the file that says how it stands."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self

from director.words.command import program
from director.words.errors import DirectorError, WorkspaceError
from director.words.owner_only import private_file, private_folder

LOCK: Final = "up.lock"
STATUS: Final = "up.json"

#: Who only looks whether somebody is up holds the lock for a moment; who has just taken it has written nothing for another.
_LOOK_S: Final = 1.0


class State(StrEnum):
    """Where a part of what is up stands."""

    WAITING = "waiting"  #: those before it are not ready yet
    STARTING = "starting"
    RUNNING = "running"
    ENDING = "ending"  #: it ended unasked, and what it left behind is about to
    PAUSING = "pausing"  #: until it is started again
    GIVEN_UP = "given up"
    STOPPING = "stopping"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class PartStatus:
    """One of the processes that are started, as others see it."""

    name: str
    state: State
    pid: int | None  #: of its first process, which is also its session; None while it has none
    since: datetime | None  #: when that was started
    restarts: int
    why: str  #: it ended the last time; "" if it never did
    in_a_row: int = 0  #: how often it ended since it last stayed up for a good while


@dataclass(frozen=True, slots=True)
class Status:
    """All that is up."""

    pid: int  #: the launcher's
    since: datetime
    stopping: bool = False
    parts: tuple[PartStatus, ...] = field(default=())
    #: Where the numbers of its processes are theirs (`here`); "" where that is not known.
    where: str = ""

    @property
    def is_elsewhere(self) -> bool:
        """Whether it runs in another container, or on another machine: here its processes' numbers are nobody's, or others'."""
        return bool(self.where) and self.where != here()

    @classmethod
    def read(cls, document: Any) -> Self:
        """From what `written` made."""
        parts = tuple(
            PartStatus(
                part["name"],
                State(part["state"]),
                part["pid"],
                part["since"] and datetime.fromisoformat(part["since"]),
                part["restarts"],
                part["why"],
                part.get("in_a_row", 0),  # a launcher of before says nothing of it
            )
            for part in document["parts"]
        )
        since = datetime.fromisoformat(document["since"])
        return cls(document["pid"], since, document["stopping"], parts, document.get("where", ""))

    def written(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), default=datetime.isoformat, indent=1)


def here() -> str:
    """What tells this machine, since it was started, and this container from others, on Linux; "" elsewhere."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


class AlreadyUp(DirectorError):
    """Somebody is up in this workspace."""


@contextmanager
def held(state_dir: Path, now: datetime) -> Iterator[Status]:
    """
    Be the one who is up in this workspace, from *now* on; the status of one of whose parts nothing is known yet. However this
    process ends, the next one can be it.

    Raises:
        AlreadyUp: somebody else is.
        WorkspaceError: the folder cannot be used.
    """
    try:
        private_folder(state_dir)
        private_file(state_dir / LOCK)
        descriptor = os.open(state_dir / LOCK, os.O_RDWR)
    except OSError as problem:
        raise WorkspaceError(
            f"{state_dir} has to be a folder that Troupe can write to, and it is not ({problem.strerror}); change that, or "
            "name another workspace with WORKSPACE_DIR."
        ) from problem
    try:
        if not _locks(descriptor, fcntl.LOCK_EX, within_s=_LOOK_S):
            raise AlreadyUp(_who(state_dir))
        _remove(state_dir / STATUS)  # of one that was killed
        status = Status(os.getpid(), now, where=here())
        write(state_dir, status)
        try:
            yield status
        finally:
            _remove(state_dir / STATUS)
    finally:
        os.close(descriptor)


def write(state_dir: Path, status: Status) -> None:
    """Say how it stands; a reader sees the one before or this one. Where it cannot be written, nothing else suffers."""
    file = state_dir / STATUS
    new = file.with_suffix(".new")
    with suppress(OSError):
        _remove(new)
        private_file(new)
        new.write_text(status.written(), encoding="utf-8")
        new.replace(file)


def is_up(state_dir: Path) -> bool:
    """Whether somebody is up in this workspace."""
    try:
        descriptor = os.open(state_dir / LOCK, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _locks(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def find(state_dir: Path) -> Status | None:
    """
    How what is up stands; None where nothing is. What one that was killed has left behind is nothing.

    Raises:
        WorkspaceError: something is up, and what it says cannot be read.
    """
    deadline = time.monotonic() + _LOOK_S
    while is_up(state_dir):
        try:
            return Status.read(json.loads((state_dir / STATUS).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as problem:
            if time.monotonic() >= deadline:
                raise WorkspaceError(
                    f"The team is up, and {state_dir / STATUS} has to say how it stands; it cannot be read. Stop the process "
                    "`director up` by hand, and start it again."
                ) from problem
        time.sleep(0.05)
    return None


def _locks(descriptor: int, how: int, within_s: float = 0.0) -> bool:
    deadline = time.monotonic() + within_s
    while True:
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)
        else:
            return True


def _who(state_dir: Path) -> str:
    try:
        status = find(state_dir)
    except WorkspaceError:
        status = None
    who = f" (process {status.pid}, since {status.since:%Y-%m-%d %H:%M} UTC)" if status else ""
    return (
        f"The team is up in this workspace already{who}: `{program()} ps` shows it, `{program()} down` stops it, and "
        "WORKSPACE_DIR names another workspace."
    )


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink(missing_ok=True)
