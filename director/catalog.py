"""Skills and pipelines, read when they are first needed: `status` should not wait for them, nor fail for a broken one."""

import logging
import os
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from director.words.command import program
from director.words.errors import BrokenFile
from director.words.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.template import Library
    from skills.context import Part
    from skills.loader import Roster


_log = logging.getLogger(__name__)


class Catalog:
    """What an installation knows: its specialists' folders and its ready-made plans."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

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
        """The guests that are not used, by name, each with the reason. None where ours are broken, which stops everybody."""
        if not self._settings.skills_path:
            return {}
        try:
            return self.roster.left_out
        except BrokenFile:
            return {}

    def say_who_is_left_out(self) -> None:
        """Tell the log, once a process."""
        if self.left_out:
            said = "Skills that cannot be used, left out of SKILLS_PATH: %s (`%s skills` says why)."
            _log.warning(said, ", ".join(self.left_out), program())

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
        Every pipeline there is, ours and those in the workspace's `pipelines` folder.

        Raises:
            BrokenFile: a file has a fault; the sentence names it.
        """
        from pipelines import template  # noqa: PLC0415 - as above
        from pipelines.plan import PipelineError  # noqa: PLC0415 - as above

        folders = [template.OWN, self._settings.workspace_dir / "pipelines"]
        try:
            return template.load(folders, self.roster.skills, self.roster.left_out)
        except PipelineError as problem:
            raise BrokenFile(str(problem)) from problem


@cache
def catalog_of(settings: Settings) -> Catalog:
    """The process's one shelf for these settings: reading all folders takes a tenth of a second, so it is done once."""
    return Catalog(settings)
