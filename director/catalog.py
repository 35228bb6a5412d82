"""Skills and pipelines, read when they are first needed: `status` should not wait for them, nor fail for a broken one."""

import logging
from functools import cache, cached_property
from typing import TYPE_CHECKING

from director.words.command import program
from director.words.errors import BrokenFile
from director.words.settings import Settings

if TYPE_CHECKING:
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
        Every skill there is, ours and those of SKILLS_PATH. Of two with one name the first wins, and the log says so.

        Raises:
            BrokenFile: a folder has a fault; the sentence names it.
        """
        from skills import loader  # noqa: PLC0415 - read when needed, imported when needed

        try:
            roster = loader.load([loader.OWN, *self._settings.skills_path]).require()
        except loader.BrokenSkills as problem:
            raise BrokenFile(f"{problem}; run `{program()} skills validate`.") from problem
        except loader.SkillError as problem:
            raise BrokenFile(str(problem)) from problem
        if roster.clashes:
            names = ", ".join(sorted(clash.file.parent.name for clash in roster.clashes))
            _log.warning(f"Names that were taken, left out of SKILLS_PATH: %s (`{program()} skills validate`).", names)
        return roster

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
            return template.load(folders, self.roster.skills)
        except PipelineError as problem:
            raise BrokenFile(str(problem)) from problem


@cache
def catalog_of(settings: Settings) -> Catalog:
    """The process's one shelf for these settings: reading all folders takes a tenth of a second, so it is done once."""
    return Catalog(settings)
