"""What the team keeps is its owner's: the folder of the record and of the workspace's own server, and what is in it."""

import os
from contextlib import suppress
from pathlib import Path


def private_folder(folder: Path) -> None:
    """
    Make *folder*, for its owner only; one of ours that others can look into is tightened.

    Raises:
        OSError: it cannot be made.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    _tighten(folder)


def private_file(file: Path) -> None:
    """
    Make *file*, empty, unless it is there; for its owner only, as `private_folder`.

    Raises:
        OSError: it cannot be made.
    """
    file.touch(mode=0o600)
    _tighten(file)


def _tighten(path: Path) -> None:
    found = path.stat()
    if found.st_mode & 0o077 and found.st_uid == os.geteuid():
        with suppress(PermissionError):  # a file system that knows no modes
            path.chmod(found.st_mode & 0o700)
