"""How this process was started, so that a command it prints can be typed as it stands."""

import sys
from pathlib import Path


def program() -> str:
    """What goes before a command's words: `python -m director`, by the environment in this folder where it is the one."""
    return f"{_bin()}python -m director"


def worker() -> str:
    """What starts a standing worker."""
    return f"{_bin()}dramatiq actors"


def _bin() -> str:
    # As the Makefile sets it up. Any other environment is taken to be activated, or its owner knows where it is.
    here = Path(".venv")
    return ".venv/bin/" if here.exists() and here.samefile(sys.prefix) else ""
