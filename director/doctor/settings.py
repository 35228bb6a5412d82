"""Settings: each that is wrong, and who may read the file they are in."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from director.claude import environment
from director.claude.rehearsal.script import Script
from director.doctor import mends
from director.words.errors import WrongSetting
from director.words.finding import Finding, Level
from director.words.settings import Settings, env_file, from_env

#: Stands among the variables that are wrong where nothing of the file could be read: all of them may stand there.
FILE: Final = ".env"


def look() -> tuple[list[Finding], Settings, frozenset[str]]:
    """What was found, the settings with the usual values in place of wrong ones, and the variables that are wrong."""
    wrong: list[WrongSetting] = []
    settings = from_env(tell=wrong.append)
    if settings.rehearses:
        try:
            Script.parse(settings.rehearsal)
        except WrongSetting as problem:
            wrong.append(problem)
    else:
        environment.check(tell=wrong.append)
    file = env_file()
    found = [Finding("settings", Level.FAULT, str(problem), _mend(problem, file)) for problem in wrong]
    if not wrong:
        read = f"{file} and the environment" if os.path.lexists(file) else f"the environment (there is no {file})"
        found = [Finding("settings", Level.WELL, f"read from {read}; the workspace is {settings.workspace_dir}")]
    variables = {problem.variable for problem in wrong}
    of_file = variables & {FILE, str(file)}
    return found, settings, frozenset(variables - of_file | ({FILE} if of_file and not _is_text(file) else set()))


def _is_text(file: Path) -> bool:
    with suppress(OSError, UnicodeDecodeError):
        return file.is_file() and bool(file.read_text(encoding="utf-8-sig"))
    return False


def _mend(problem: WrongSetting, file: Path) -> str:
    if problem.variable not in (FILE, str(file)):
        return mends.setting(problem.variable)
    if not file.is_file():
        return mends.put_aside(file)
    return mends.edit(file) if os.access(file, os.R_OK) else mends.ours(file)
