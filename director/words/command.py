"""How this process was started, so that a command it prints can be typed as it stands."""

import os
import sys
from pathlib import Path
from shutil import which

from director.words.brand import DEFAULT


def program() -> str:
    """
    What goes before a command's words: `troupe` where that was typed, else `python -m director`; by the environment in this
    folder where it is the one, else by its path, from here where that is shorter.
    """
    typed = sys.argv[0] if sys.argv else ""
    if Path(typed).name == "troupe":
        return "troupe" if which("troupe") == typed else typed
    return f"{_bin()}python -m director"


def with_brand(brand: str) -> str:
    """What stands behind a command's words where it is for *brand*; nothing for the one that needs no name."""
    return "" if brand == DEFAULT else f" --brand {brand}"


def worker() -> str:
    """What starts a standing worker."""
    return f"{_bin()}dramatiq actors"


def _bin() -> str:
    # As the Makefile sets it up; else whatever is on the path, where that is ours; else where we are.
    here, own = Path(".venv"), Path(sys.executable).parent
    if here.exists() and here.samefile(sys.prefix):
        return ".venv/bin/"
    if which("python") == str(own / "python"):
        return ""
    return f"{min(str(own), os.path.relpath(own), key=len)}/"
