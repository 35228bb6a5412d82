"""The skill folders are the only registry: what is in them is who can be given work. One folder is read by `skill_folder`."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from skills import rules
from skills.skill import (
    DIMENSIONS,
    BrokenSkills,
    Fault,
    Reference,
    Roster,
    Rubric,
    Section,
    Skill,
    SkillError,
    Squad,
)
from skills.skill_folder import Reading, read
from skills.squads import GUEST, squads

__all__ = [
    "DIMENSIONS",
    "GUEST",
    "OWN",
    "BrokenSkills",
    "Fault",
    "Reference",
    "Roster",
    "Rubric",
    "Section",
    "Skill",
    "SkillError",
    "Squad",
    "load",
    "squads",
    "validate",
]

#: The folder of our own collection.
OWN = Path(__file__).parent


def load(folders: Sequence[Path]) -> Roster:
    """
    Read every skill in some folders; one that has a fault is left out, and its faults are listed.

    A folder that does not exist holds no skills. A name that an earlier folder holds already is a clash, and
    the earlier one stands, broken or not.

    Raises:
        SkillError: squads.yaml, which all of them share, is broken.
    """
    found = _find(folders)
    skills = {reading.skill.name: reading.skill for reading in found.readings if reading.skill}
    faults = [fault for reading in found.readings for fault in reading.faults]
    return Roster(MappingProxyType(skills), (*found.faults, *faults), tuple(found.clashes))


def validate(folders: Sequence[Path]) -> tuple[Fault, ...]:
    """
    All that is wrong with the skills in some folders: what `load` lists, and what `rules` hold them to.

    Raises:
        SkillError: squads.yaml, which all of them share, is broken.
    """
    found = _find(folders)
    names = {reading.folder.name for reading in found.readings}
    faults = [*found.faults, *found.clashes, *_empty(folders)]
    for reading in found.readings:
        faults += reading.faults
        faults += rules.faults_of(reading, names)
    return tuple(faults)


def _empty(folders: Sequence[Path]) -> Iterator[Fault]:
    """Folders somebody named that hold nothing, and so do nothing."""
    for folder in folders:
        if folder.is_dir() and not any(_inside(folder)) and not (folder / "SKILL.md").is_file():
            yield Fault(folder, "folder", "expected skill folders in it, found none")


@dataclass(frozen=True, slots=True)
class _Found:
    readings: list[Reading] = field(default_factory=list)  #: One for each name.
    faults: list[Fault] = field(default_factory=list)  #: Of folders that were not read.
    clashes: list[Fault] = field(default_factory=list)  #: Folders whose name was taken.


def _find(folders: Sequence[Path]) -> _Found:
    found = _Found()
    first: dict[str, Path] = {}
    # Not `resolve()`, which fails with an error of its own for a link that leads to itself.
    for folder in dict.fromkeys(Path(os.path.realpath(path)) for path in folders):
        try:
            if (folder / "SKILL.md").is_file():
                message = "expected a folder of skill folders, found a skill itself; name the one above it"
                found.faults.append(Fault(folder, "folder", message))
                continue
            inside = list(_inside(folder))
        except OSError as error:
            found.faults.append(Fault(folder, "folder", f"cannot be read ({error.strerror})"))
            continue
        for path in inside:
            try:
                _look_at(path, first, found)
            except OSError as error:
                found.faults.append(Fault(path / "SKILL.md", "file", f"cannot be read ({error.strerror})"))
    return found


def _look_at(path: Path, first: dict[str, Path], found: _Found) -> None:
    file = path / "SKILL.md"
    if not file.is_file():
        if os.path.lexists(file):
            found.faults.append(Fault(file, "file", "expected a file, found something else or a broken link"))
        elif any((inner / "SKILL.md").is_file() for inner in _inside(path)):
            message = "expected a SKILL.md, found skill folders inside; name this folder in SKILLS_PATH too"
            found.faults.append(Fault(file, "file", message))
        elif _holds_something(path):
            found.faults.append(Fault(file, "file", "expected a SKILL.md beside the other files, found none"))
    elif path.name in first:
        message = f"expected a name of its own, found it again after {first[path.name]}; rename one"
        found.clashes.append(Fault(file, "name", message))
    else:
        first[path.name] = path
        found.readings.append(read(path))


def _inside(folder: Path) -> Iterator[Path]:
    if os.path.lexists(folder):
        # Not `is_dir()` of the path, which raises where the folder it stands in may be listed and not entered.
        yield from sorted(path for path in folder.iterdir() if path.name[0] not in "._" and os.path.isdir(path))  # noqa: PTH112


def _holds_something(folder: Path) -> bool:
    return any(
        path.is_file() and not any(part[0] in "._" for part in path.relative_to(folder).parts)
        for path in folder.rglob("*")
    )
