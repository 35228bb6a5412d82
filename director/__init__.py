"""
The domain: goals become plans, plans become turns, turns become approved deliverables.

Importing it takes the folder somebody stands in off the path (`sys.path`) where packages there would be taken for ours.
"""

import os
import sys
from pathlib import Path
from typing import Final

#: The packages beside this one. Python looks for them first in the folder somebody stands in.
_BESIDE: Final = ("actors", "pipelines", "skills", "web")


def _prefer_our_own() -> None:
    """Somebody's own package of skills, in the folder where they typed a command, is not taken for ours."""
    here, ours = os.getcwd(), Path(__file__).parents[1]  # noqa: PTH109 - as Python writes it into the path
    if sys.path[:1] in ([""], [here]) and Path(here) != ours and any(Path(here, name).is_dir() for name in _BESIDE):
        del sys.path[0]


_prefer_our_own()
