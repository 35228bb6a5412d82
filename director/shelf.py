"""Skills and pipelines, read when they are first needed: `status` should not wait for 26 folders, nor fail for a broken one."""

from functools import cached_property

from director.errors import BrokenFile
from director.settings import Settings
from pipelines import template
from pipelines.plan import PipelineError
from pipelines.template import Library
from skills import loader
from skills.loader import Roster, SkillError


class Shelf:
    """What an installation knows: its specialists' folders and its ready-made plans."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def roster(self) -> Roster:
        """
        Every skill there is, ours and those of SKILLS_PATH.

        Raises:
            BrokenFile: a folder has a fault; the sentence names it.
        """
        try:
            return loader.load([loader.OWN, *self._settings.skills_path]).require()
        except SkillError as problem:
            raise BrokenFile(str(problem)) from problem

    @cached_property
    def library(self) -> Library:
        """
        Every pipeline there is, ours and those in the workspace's `pipelines` folder.

        Raises:
            BrokenFile: a file has a fault; the sentence names it.
        """
        folders = [template.OWN, self._settings.workspace_dir / "pipelines"]
        try:
            return template.load(folders, self.roster.skills)
        except PipelineError as problem:
            raise BrokenFile(str(problem)) from problem
