"""Files of a goal that are not there, because a disk was full or they got lost: written again from the record."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from director.files.mirror import Mirrored, is_written, mirror_task, write
from director.files.places import report_path
from director.goals.report import report
from director.memory import readable
from director.office import Office
from director.prompting.forms import Conclusion
from director.words.models import Goal

_log = logging.getLogger(__name__)

#: Goals whose files are looked at when a process starts; of an older one `watch` does it.
_LATEST: Final = 100


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A file that could not be written."""

    file: Path
    subject: str  #: whose text it is: a task's or a goal's id
    reason: str


def write_missing(office: Office, goal: Goal) -> list[Unwritten]:
    """
    Write those of the goal's files that are not there; returns what still cannot be written.

    Files are made from the record, so a disk that was full, or a file that got lost, costs nothing but the time until somebody
    looks again.
    """
    folder = office.settings.workspace_dir
    with office.store.read() as tx:
        mirrored = [(task, Mirrored.of(tx, task)) for task in tx.tasks.of_goal(goal.id)]
    found = [
        Unwritten(folder / (task.path or ""), task.id, why)
        for task, files in mirrored
        if not files.holds(office) and (why := mirror_task(office, task.id, log=False))
    ]
    path = report_path(goal)
    if goal.summary is not None and not is_written(office, path):
        with office.store.read() as tx:
            text = report(office, tx, goal, Conclusion.model_validate(goal.summary))
        if why := write(office, path, text, log=False):
            found.append(Unwritten(folder / path, goal.id, why))
    return found


def write_all_missing(office: Office) -> None:
    """`write_missing` for the latest goals, and what the team remembers: whoever starts to work makes up for a full disk."""
    with office.store.read() as tx:
        goals = tx.goals.all(limit=_LATEST)
        brands = [brand.name for brand in tx.brands.all()]
    for brand in brands:
        readable.mirror(office.of(brand))
    found = [one for goal in goals for one in write_missing(office.of(goal.brand), goal)]
    if found:
        _log.error(
            "%s still cannot be written: %s. %d missing; the record has all.",
            found[0].file,
            found[0].reason,
            len(found),
        )
