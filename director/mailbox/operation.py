"""
What each level of operation does: which turns go out, how many at once, whether events and schedules start work.

The level comes from `upkeep/health.py`; this is the one place that says what follows. A service that is offline makes the
level ESSENTIAL by itself, and the turn that goes out to see whether it is back (`mailbox/breaker`) goes out then however
little urgent it is: else nobody would find that out where all that waits is less urgent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from director.store.tx import Tx
from director.words.health import Operation
from director.words.states import Priority


@dataclass(frozen=True, slots=True)
class Effects:
    """What a level lets go out; each lets out no more than the one before it."""

    lowest: Priority | None  #: The least urgent class of which turns go out; None: of none.
    most_turns: int | None  #: How many turns of goals at once; None: as many as MAX_PARALLEL_AGENTS says.
    specialists_run: bool  #: Else of goals' turns only the Director's go out.
    triggers_fire: bool  #: Else events are written down and slots stay due, until the level falls.
    said: str  #: What it does, for people.

    def room(self, usual: int) -> int:
        """How many turns of goals may be out at once, where *usual* may at the full level."""
        return usual if self.most_turns is None else min(usual, self.most_turns)


EFFECTS: Final[Mapping[Operation, Effects]] = {
    Operation.FULL: Effects(Priority.P3, None, specialists_run=True, triggers_fire=True, said="everything runs"),
    Operation.REDUCED: Effects(
        Priority.P2, 1, specialists_run=True, triggers_fire=True, said="one call at a time; what can wait (P3) waits"
    ),
    Operation.ESSENTIAL: Effects(
        Priority.P1, 1, specialists_run=True, triggers_fire=True,
        said="one call at a time; only what is urgent (P0, P1)",
    ),
    Operation.DIRECTOR_ONLY: Effects(
        Priority.P1, 1, specialists_run=False, triggers_fire=False,
        said="no specialist runs; events and schedules are kept, and start nothing yet",
    ),
    Operation.OFFLINE: Effects(
        None, 0, specialists_run=False, triggers_fire=False, said="nothing runs; all that comes is kept"
    ),
}  # fmt: skip


def effects(tx: Tx) -> Effects:
    """What the level of now does."""
    return EFFECTS[tx.operation.level()]
