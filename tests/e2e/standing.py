"""An installation in which the team is up."""

import socket
import subprocess
from collections.abc import Iterable

from director.launcher import state
from director.launcher.state import PartStatus, State, Status
from tests.e2e.installation import Installation, Program, until

#: What runs, in the order in which it is started.
ORDER = ["redis", "workers", "clock", "web"]


class Up:
    """`up` in an installation, all of it running."""

    def __init__(self, place: Installation, *, command: str = "up", **settings: str) -> None:
        self.place = place
        self.program: Program = place.start(command, **settings)
        self.sessions: set[int] = set()

    def status(self) -> Status:
        """How it stands now."""
        found = until(lambda: state.find(self.place.state_dir) or self.program.ended, "it says how it stands")
        assert isinstance(found, Status), self.program.err
        self.sessions |= {part.pid for part in found.parts if part.pid is not None}
        return found

    def part(self, name: str) -> PartStatus:
        """How a part stands now."""
        return until(
            lambda: next((p for p in self.status().parts if p.name == name), None), f"it says how {name} stands"
        )

    def pid(self, name: str) -> int:
        """The first process of a part that runs."""
        return until(lambda: self.part(name).pid, f"{name} runs")

    def worker(self) -> int:
        """The process that does the turns, below the workers' first."""
        master = self.pid("workers")
        (worker,) = {
            pid for pid, args in of_sessions([master]).items() if pid != master and "resource_tracker" not in args
        }
        return worker

    def until_running(self, *names: str, restarts: int = 0) -> None:
        """Wait until these run, after that many starts again."""
        for name in names:
            until(
                lambda name=name: (  # type: ignore[misc]
                    (part := self.part(name)).state is State.RUNNING and part.restarts >= restarts
                ),
                f"{name} runs",
            )

    def left(self) -> list[str]:
        """What of all that it ever started still runs."""
        return [*of_sessions(self.sessions).values(), *self.place.left_running()]


def of_sessions(sessions: Iterable[int]) -> dict[int, str]:
    """The processes of these sessions that run, by number."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,sess=,stat=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 3) for line in listed.stdout.splitlines()]
    wanted = set(sessions)
    return {int(row[0]): row[3] for row in rows if int(row[1]) in wanted and not row[2].startswith("Z")}


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
