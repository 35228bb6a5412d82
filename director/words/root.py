"""The folder an installation has its workspace and its `.env` in: found from here upwards, as a repository's root is."""

import os
import re
from pathlib import Path
from typing import Final

#: What stands in a workspace. A folder called so that has only other things in it is somebody else's.
_OURS: Final = frozenset({".state", "context", "outputs", "pipelines", "reports"})

#: A line of `.env` that says where the workspace is.
_NAMED: Final = re.compile(r"^[ \t]*(?:export[ \t]+)?WORKSPACE_DIR[ \t]*=[ \t]*[^\s#]", re.MULTILINE)

#: Characters of an `.env` in which that line is looked for.
_READ: Final = 100_000


def find_root(here: Path) -> Path | None:
    """
    The nearest folder from *here* upwards with a workspace in it, or with an `.env` that names one; None without.

    Above *here* only what the caller owns counts: an `.env` says where a key is sent.
    """
    for folder in (here, *here.parents):
        workspace, settings = folder / "workspace", folder / ".env"
        marks = [mark for mark, marked in ((workspace, _is_one(workspace)), (settings, _names_one(settings))) if marked]
        if marks and (folder == here or all(map(_owned, {*marks, settings}))):
            return folder
    return None


def _is_one(folder: Path) -> bool:
    try:
        names = set(os.listdir(folder))  # noqa: PTH208 - Path's goes through each name
    except OSError:  # not there, no folder, or not ours to read: no workspace to whoever asks
        return False
    return not names or bool(names & _OURS)


def _names_one(file: Path) -> bool:
    # A pipe of that name would be waited at.
    if not file.is_file():
        return False
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            return _NAMED.search(opened.read(_READ)) is not None
    except OSError:  # whoever reads this folder's `.env` in earnest complains of it
        return False


def _owned(path: Path) -> bool:
    try:
        return path.stat().st_uid == os.geteuid()
    except FileNotFoundError:
        return True
    except OSError:
        return False
