"""A person changes when a schedule starts, and what each of its goals may cost, without an editor."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from director.office import Office
from director.progress.questions import PERSON
from director.triggers.cron import Cron
from director.triggers.schedules import OWN, Schedule, folder_of, load, read_one
from director.words.amounts import NANO, plain_usd
from director.words.errors import ChangedSince, WorkspaceError, WrongCall, WrongField
from director.words.typed import amount
from director.words.version import version_of
from pipelines.fields import WrongField as WrongInFile
from skills.documents import text_of

#: Under which those who change schedules follow each other, so that each sees what the one before wrote.
_CHANGING: Final = "schedules"

#: What takes a schedule's own cap away.
NONE: Final = "none"


def version_of_schedule(schedule: Schedule) -> str:
    """Another as soon as its file says anything else."""
    return version_of({"file": str(schedule.file), "text": text_of(schedule.file)})


def change(
    office: Office,
    name: str,
    *,
    cron: str | None = None,
    cap: str | None = None,
    by: str = PERSON,
    version: str | None = None,
) -> Schedule:
    """
    Have the schedule start as the *cron* line says, and let each of its goals cost *cap*, in USD as a person types it, or
    `none` of its own; None: as it was. *version* is of what somebody saw (`version_of_schedule`); the same again changes
    nothing.

    What changes is the person's file; of ours a copy is made in the workspace, which replaces it. The file before is kept
    beside. The schedule begins with the first slot after now: no time that it did not have before is made up for.

    Raises:
        NotFound: there is no such schedule.
        ChangedSince: its file says something else by now.
        WrongField: it is no cron line, or no amount.
        WrongCall: its file is broken, or cannot be changed line by line.
        WorkspaceError: it cannot be written.
    """
    with office.store.write() as tx:
        tx.presence.one_at_a_time(_CHANGING)
        schedule = load(office.settings, office.catalog).find(name)
        wanted = _wanted(schedule, cron, cap)
        if wanted != schedule:
            if version is not None and version_of_schedule(schedule) != version:
                raise ChangedSince(f"The schedule {name} changed since you saw it. Nothing was done; look again.")
            wanted = _write(office, schedule, wanted)
            if (row := tx.slots.schedule(office.brand, name)) is not None and wanted.cron != schedule.cron:
                tx.slots.look_until(office.brand, name, max(tx.now, row.looked_until), next_at=None)
            of_goal = "" if wanted.cap_nano is None else f", {plain_usd(wanted.cap_nano)} a goal at most"
            tx.note(None, office.brand, "schedule changed", by=by, detail=f"{name}: {wanted.cron.in_words}{of_goal}")
    return wanted


def _wanted(schedule: Schedule, cron: str | None, cap: str | None) -> Schedule:
    wanted = schedule
    if cron is not None:
        try:
            wanted = replace(wanted, cron=Cron.parse(cron, schedule.cron.zone))
        except ValueError as problem:
            raise WrongField(
                "cron",
                "A time has to be minute, hour, day of the month, month and day of the week, such as 0 6 * * 1, or @daily; it "
                f"is {cron[:40]!r} ({problem}).",
            ) from None
    if cap is not None:
        of_goal = None if cap.strip().lower() in ("", NONE) else amount("What a goal may cost", cap)
        wanted = replace(wanted, cap_nano=of_goal)
    return wanted


def _write(office: Office, schedule: Schedule, wanted: Schedule) -> Schedule:
    """The schedule as its file says it then, which is looked at before it takes the place of the one before."""
    is_ours = schedule.file.parent == OWN
    file = folder_of(office.settings) / f"{schedule.name}.yaml" if is_ours else schedule.file
    if is_ours and os.path.lexists(file):
        raise WrongCall(f"{file} is in the way, and is another schedule's: give it another name.")
    text = text_of(schedule.file)
    if wanted.cron != schedule.cron:
        text = _with(text, "cron", json.dumps(wanted.cron.line))
    if wanted.cap_nano != schedule.cap_nano:
        text = _with(text, "cap", None if wanted.cap_nano is None else f"{Decimal(wanted.cap_nano) / NANO:f}")
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    with _usable(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_text(text, encoding="utf-8")
            try:
                found = read_one(office.settings, office.catalog, part)
            except WrongInFile as problem:
                raise WrongCall(f"{schedule.file} cannot be changed line by line ({problem}): edit it.") from None
            if replace(found, file=wanted.file) != wanted:
                raise WrongCall(f"{schedule.file} cannot be changed line by line: edit it.")
            if not is_ours:
                shutil.copy2(file, file.with_name(f"{file.name}.before"))
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    return replace(wanted, file=file)


def _with(text: str, key: str, value: str | None) -> str:
    """The YAML with that value of a key of its own; None: without the key. What people wrote beside it stays."""
    lines = text.rstrip("\n").split("\n")
    said = [] if value is None else [f"{key}: {value}"]
    start = next((number for number, line in enumerate(lines) if line.startswith(f"{key}:")), None)
    if start is None:
        return "\n".join([*lines, *said, ""])
    end = start + 1
    while end < len(lines) and lines[end][:1] in (" ", "\t"):
        end += 1
    return "\n".join([*lines[:start], *said, *lines[end:], ""])


@contextmanager
def _usable(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise WorkspaceError(f"The schedule {file} cannot be written: {problem.strerror or problem}.") from problem
