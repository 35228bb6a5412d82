"""The secrets of senders of events: variables that the files in `workspace/sources` name, and what stands in them."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from director.words.errors import DirectorError
from director.words.settings import environment
from skills.documents import Unreadable, text_of, yaml_files, yaml_in

#: Where a person's sources are, in the workspace.
FOLDER: Final = "sources"

#: The name of a variable. Not in small letters: what was meant to stand in it is written there by mistake.
_NAME: Final = re.compile("[A-Z][A-Z0-9_]{0,99}")


def names(document: object) -> tuple[str, ...]:
    """The variables that a source's file names in `secret_env`, one or several; none where that holds anything else."""
    said = document.get("secret_env") if isinstance(document, dict) else None
    said = said if isinstance(said, list) else [said]
    found = tuple(name for name in said if isinstance(name, str) and _NAME.fullmatch(name))
    return found if len(found) == len(said) else ()


def secrets(workspace: Path) -> set[str]:
    """What stands in all of them: nobody is shown it. What cannot be read names none, and is complained of elsewhere."""
    named: set[str] = set()
    with suppress(OSError):
        named = {name for file in yaml_files(workspace / FOLDER) for name in _named_in(file)}
    if not named:
        return set()
    given = dict(os.environ)
    with suppress(DirectorError):  # the settings are complained of where they are read
        given = environment()
    return {given[name].strip() for name in named if given.get(name, "").strip()}


def _named_in(file: Path) -> Iterator[str]:
    with suppress(Unreadable):
        yield from names(yaml_in(text_of(file)))
