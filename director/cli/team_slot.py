"""Where the program puts what starts the actors in this process, for a command that finds no worker running."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from director.office import Office
    from director.words.settings import Settings

#: Starts the actors, for the length of a block and for one goal, "" where the block is what gives it; its value is the office
#: they work in. They stand above the command line, which does not import them: whoever starts the program sets this first.
make: Callable[["Settings", str], AbstractContextManager["Office"]]
