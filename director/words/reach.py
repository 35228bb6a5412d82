"""Which goals a process works for: paid or rehearsed ones, all or its own. Held to where a turn is claimed (`store/turns`)."""

from dataclasses import dataclass


@dataclass(slots=True)
class Reach:
    """
    What a process works for: goals that are paid for or goals that are rehearsed, and in a command's own process its goal only.

    Turns that are no goal's are done by processes that work for all.
    """

    rehearsal: bool
    only: str | None = None  #: a goal's id, or "" while a command has none yet; None: all goals
