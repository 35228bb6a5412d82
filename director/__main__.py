"""The program, put together: the one file of director that knows the actors, which stand above it."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from director.concurrency.stopping import STOPPED, ended_by_ctrl_c

if TYPE_CHECKING:
    from director.office import Office
    from director.words.settings import Settings


def _inline_worker(settings: "Settings", goal: str) -> AbstractContextManager["Office"]:
    from actors.inline import inline_worker  # noqa: PLC0415 - Dramatiq takes 0.3 s, and most commands start no worker

    return inline_worker(settings, goal)


def run() -> None:
    """What `troupe` and `python -m director` do."""
    try:
        with ended_by_ctrl_c():
            from director.cli import main, team_slot  # noqa: PLC0415 - it takes a while, in which Ctrl-C is no fault of ours
        team_slot.make = _inline_worker
        main()
    except KeyboardInterrupt:  # outside a command, which answers for its own
        raise SystemExit(STOPPED) from None


if __name__ == "__main__":
    run()
