"""Skills and pipelines, read when they are first needed: `status` should not wait for them, nor fail for a broken one."""

import hashlib
import json
import logging
import os
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from director.words.command import program
from director.words.errors import BrokenFile
from director.words.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.loader import Library
    from skills.context import Part
    from skills.loader import Roster


_log = logging.getLogger(__name__)

#: How the names of settings begin among what is known.
SETTING: Final = "setting "


@dataclass(frozen=True, slots=True)
class Knowledge:
    """
    What a process knows, as it is on record: skills, pipelines (`pipeline NAME`) and settings by which it works for others too
    (`setting NAME`), each with a digest of its content.

    *group* is the same for processes that know the same beyond what is ours; empty for those that know nothing beyond.
    """

    known: "Mapping[str, str]"
    group: str = ""

    def to_text(self) -> str:
        """The same knowledge makes the same text."""
        return json.dumps({"group": self.group, "known": dict(self.known)}, sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> "Knowledge":
        """What `to_text` wrote."""
        return cls(**json.loads(text))


class Catalog:
    """What an installation knows: its specialists' folders and its ready-made plans."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pipelines = settings.workspace_dir / "pipelines"

    @cached_property
    def roster(self) -> "Roster":
        """
        Every skill that can be used, ours and those of SKILLS_PATH, which are guests: one that has a fault, or whose name is
        taken, is left out, and stops nobody.

        Raises:
            BrokenFile: one of our own folders has a fault; the sentence names it.
        """
        from skills import loader  # noqa: PLC0415 - read when needed, imported when needed

        try:
            found = loader.load([loader.OWN, *self._settings.skills_path])
            return found.require(Path(os.path.realpath(loader.OWN)))
        except loader.BrokenSkills as problem:
            raise BrokenFile(f"{problem}; run `{program()} skills validate`.") from problem
        except loader.SkillError as problem:
            raise BrokenFile(str(problem)) from problem

    @property
    def left_out(self) -> "Mapping[str, str]":
        """The guests that are not used, by name, each with the reason; empty where ours are broken, which stops everybody."""
        if not self._settings.skills_path:
            return {}
        try:
            return self.roster.left_out
        except BrokenFile:
            return {}

    @property
    def pipelines_left_out(self) -> "Mapping[str, str]":
        """The workspace's pipelines that this process cannot use, by slug, each with the reason; empty as `left_out` is."""
        if not os.path.lexists(self._pipelines):
            return {}
        try:
            return self.library.left_out
        except BrokenFile:
            return {}

    def say_who_is_left_out(self) -> None:
        """Tell the log, once a process."""
        if self.left_out:
            said = "Skills that cannot be used, left out of SKILLS_PATH: %s (`%s skills` says why)."
            _log.warning(said, ", ".join(self.left_out), program())
        if self.pipelines_left_out:
            said = "Pipelines that cannot be used here, left out: %s (`%s pipelines` says why)."
            _log.warning(said, ", ".join(self.pipelines_left_out), program())

    def knows(self, name: str) -> bool:
        """Whether this process has the skill, or the pipeline (`pipeline NAME`)."""
        kind, _, pipeline = name.partition(" ")
        return (
            any(found.name == pipeline for found in self.library.templates.values())
            if pipeline
            else kind in self.roster.skills
        )

    @cached_property
    def knowledge(self) -> Knowledge:
        """
        All that this process knows.

        Raises:
            BrokenFile: as `roster` and `library`.
        """
        import pipelines.loader  # noqa: PLC0415 - as above
        import skills.loader  # noqa: PLC0415 - as above

        own = [os.path.realpath(skills.loader.OWN), os.path.realpath(pipelines.loader.OWN)]
        places: dict[str, tuple[str, Path]] = {}
        for name, skill in self.roster.skills.items():
            said = (skill.description, skill.text, skill.rubric, [reference.text for reference in skill.references])
            places[name] = _digest(repr(said)), skill.folder
        for found in self.library.templates.values():
            places[f"pipeline {found.name}"] = _digest(repr(found.tasks)), found.file
        known = {name: digest for name, (digest, _) in places.items()}
        known |= {f"{SETTING}{name}": _digest(repr(value)) for name, value in self._settings.shared.items()}
        beyond = {
            name: known[name] for name, (_, at) in places.items() if not any(at.is_relative_to(each) for each in own)
        }
        return Knowledge(known, _digest(repr(sorted(beyond.items()))) if beyond else "")

    @cached_property
    def parts(self) -> "tuple[Part, ...]":
        """
        The sections of a product context.

        Raises:
            BrokenFile: what describes them has a fault.
        """
        from skills import context  # noqa: PLC0415 - as above
        from skills.skill import SkillError  # noqa: PLC0415 - as above

        try:
            return context.parts_of(self.roster.skills[context.WRITER])
        except SkillError as problem:
            raise BrokenFile(str(problem)) from problem

    @cached_property
    def library(self) -> "Library":
        """
        Every pipeline that can be used, ours and those in the workspace's `pipelines` folder: one that needs a skill that is
        not here is left out, and stops nobody.

        Raises:
            BrokenFile: a file has another fault, or one of ours has any; the sentence names it.
        """
        from pipelines import loader  # noqa: PLC0415 - as above
        from pipelines.plan import PipelineError  # noqa: PLC0415 - as above

        try:
            return loader.load([loader.OWN, self._pipelines], self.roster.skills, self.roster.left_out)
        except PipelineError as problem:
            raise BrokenFile(str(problem)) from problem


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()[:16]


@cache
def catalog_of(settings: Settings) -> Catalog:
    """The process's one catalog for these settings: reading all folders takes a tenth of a second, so it is done once."""
    return Catalog(settings)
