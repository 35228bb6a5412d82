"""Whether files can be written somewhere, found out without making anything."""

import os
from pathlib import Path


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
