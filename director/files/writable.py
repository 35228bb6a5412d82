"""Whether files can be written somewhere, found out without making anything, and what is said where they cannot."""

import os
from pathlib import Path
from typing import Final

from director.words.errors import WorkspaceError
from director.words.settings import Settings

#: The workspace's folders in which mirrors are.
_FOLDERS: Final = ("outputs", "reports")


def check_places(settings: Settings) -> None:
    """
    See that there is room for mirrors, before work is begun for which nobody would find its files.

    Raises:
        WorkspaceError: a file is in the way, or the folder may not be written.
    """
    for name in _FOLDERS:
        folder = settings.workspace_dir / name
        if (what := obstacle(folder)) is not None:
            raise WorkspaceError(
                f"Nothing can be written to {folder} ({what}): move away what is there, or name another folder in "
                "WORKSPACE_DIR."
            )


def obstacle(folder: Path) -> str | None:
    """What keeps files from being written in *folder*, which may have to be made first; None when nothing does."""
    place = folder
    while not os.path.lexists(place):
        place = place.parent
    try:
        if not place.is_dir():
            return f"{place} is no folder"
    except OSError as problem:
        return f"{place} cannot be looked at ({problem.strerror or problem})"
    return None if os.access(place, os.W_OK | os.X_OK) else f"{place} is not ours to write"
