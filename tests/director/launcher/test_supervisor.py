"""Parts are started in order, started again, given up and stopped in the reverse order; real processes, and small ones."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from director.concurrency.stopping import SAME_SIGNAL
from director.launcher.supervisor import MOST_FAILURES

ROOT = Path(__file__).parents[3]

T = TypeVar("T")

#: Nothing waits this long unless it is broken.
PATIENCE_S = 60.0

#: Stays until it is told to end.
STAYS = "until_told()"

#: Forever not ready.
NEVER = 1e9


class Launched:
    """A launcher of these parts, in a process of its own."""

    def __init__(self, folder: Path, *parts: dict[str, Any]) -> None:
        self.folder = folder
        with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.director.launcher.launched", str(folder), json.dumps(parts)],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=out,
                stderr=err,
            )

    @property
    def told(self) -> list[str]:
        """What the parts did."""
        file = self.folder / "told"
        return file.read_text().splitlines() if file.exists() else []

    @property
    def err(self) -> str:
        """What a person read."""
        return (self.folder / "err").read_text()

    def statuses(self) -> list[dict[str, Any]]:
        """Every status there was."""
        return [json.loads(line) for line in (self.folder / "out").read_text().splitlines()]

    def states(self, name: str) -> list[str]:
        """The states a part was in, one after the other."""
        found = [part["state"] for status in self.statuses() for part in status["parts"] if part["name"] == name]
        return [state for n, state in enumerate(found) if n == 0 or found[n - 1] != state]

    def is_now(self, name: str, state: str) -> bool:
        """Whether a part is in that state; False too before there is a status."""
        return self.states(name)[-1:] == [state]

    def pid(self, name: str) -> int:
        """The process of a part that runs now."""
        return int(next(part["pid"] for part in self.statuses()[-1]["parts"] if part["name"] == name))

    def until(self, condition: Callable[[], T | None], what: str) -> T:
        """Wait for it."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if found := condition():
                return found
            time.sleep(0.02)
        raise AssertionError(f"waited until {what}; it said\n{self.err}\n{self.told}")

    def until_told(self, words: str, times: int = 1) -> None:
        """Wait until a part did that, so often."""
        self.until(lambda: sum(line.startswith(words) for line in self.told) >= times, words)

    def until_said(self, words: str) -> None:
        """Wait until a person can read it."""
        self.until(lambda: words in self.err, words)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, and wait for its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[..., Launched]]:
    """Start a launcher; what of it is left at the end is killed."""
    begun: list[Launched] = []

    def start(*parts: dict[str, Any]) -> Launched:
        begun.append(Launched(tmp_path, *parts))
        return begun[-1]

    yield start
    for launched in begun:
        if launched.process.poll() is None:
            launched.process.kill()
            launched.process.wait()


def part(name: str, program: str = STAYS, **more: Any) -> dict[str, Any]:
    """A part that runs *program*."""
    return {"name": name, "program": program, **more}


def runs(pid: int) -> bool:
    """Whether a process has not ended; one nobody has waited for has."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_the_next_is_started_when_the_one_before_is_ready(launch: Callable[..., Launched]) -> None:
    """And not before, however long that takes."""
    launched = launch(part("first", ready_after_s=0.5), part("second"))
    launched.until_told("second is up")
    together = [{p["name"]: p["state"] for p in status["parts"]} for status in launched.statuses()]

    assert {"first": "starting", "second": "waiting"} in together
    assert {"first": "starting", "second": "starting"} not in together
    assert launched.end() == 0


def test_all_are_stopped_in_the_reverse_order(launch: Callable[..., Launched]) -> None:
    """Each is over before the next is told; exit code 0, and what was said is one line for each who spoke."""
    launched = launch(
        part("redis"), part("workers", STAYS + "; tell('is over')"), part("web", STAYS + "; tell('is over')")
    )
    for name in ("redis", "workers", "web"):  # each listens, however late it came up
        launched.until_told(f"{name} is up")
    code = launched.end(signal.SIGINT)

    assert code == 0
    assert launched.told[-5:] == [
        "web was told",
        "web is over",
        "workers was told",
        "workers is over",
        "redis was told",
    ]
    assert launched.states("web")[-2:] == ["stopping", "stopped"]
    assert "Stopping web, workers, redis: calls on the wire may finish" in launched.err
    assert [line for line in launched.err.splitlines() if line.startswith("up ")][-1].endswith("| Stopped.")


def test_what_ends_unasked_is_started_again_after_a_growing_pause(launch: Callable[..., Launched]) -> None:
    """Whoever is killed comes back, each time a little later; a signal's name says why it ended."""
    launched = launch(part("web"))
    for times in range(1, 5):
        launched.until_told("web is up", times)
        launched.until(lambda: launched.is_now("web", "running"), "it runs")
        os.kill(launched.pid("web"), signal.SIGKILL)
    launched.until_told("web is up", 5)
    launched.until(lambda: launched.is_now("web", "running"), "it runs")
    pauses = [line.rpartition(" in ")[2] for line in launched.err.splitlines() if "started again" in line]

    assert pauses == ["0.01 s.", "0.02 s.", "0.04 s.", "0.08 s."]
    assert "web: it was ended by SIGKILL; it is started again" in launched.err
    assert launched.statuses()[-1]["parts"][0]["restarts"] == launched.statuses()[-1]["parts"][0]["in_a_row"] == 4
    assert launched.end() == 0


def test_what_keeps_failing_is_given_up_and_the_rest_goes_on(launch: Callable[..., Launched]) -> None:
    """After so many times without being ready; its last lines are shown, without our secrets, and who waited is started."""
    fails = "tell('tries'); print('the port is taken by a-secret-of-ours', flush=True); sys.exit(3)"
    launched = launch(part("workers"), part("clock", fails, ready_after_s=NEVER), part("web"))
    launched.until_told("workers is up")
    launched.until_told("web is up")
    launched.until(lambda: launched.is_now("clock", "given up"), "it is given up")
    given_up = launched.statuses()[-1]["parts"][1]

    assert launched.told.count("clock tries") == MOST_FAILURES
    assert given_up["why"] == "it ended with 3 (the port is taken by [removed: a secret of this installation])"
    assert f"clock ended {MOST_FAILURES} times in a row before it was ready, and is given up" in launched.err
    assert "a-secret-of-ours" not in launched.err
    assert launched.states("workers")[-1] == launched.states("web")[-1] == "running"
    assert launched.end() == 0
    assert launched.told[-2:] == ["web was told", "workers was told"]


def test_it_ends_with_1_when_nothing_is_left_that_could_work(launch: Callable[..., Launched]) -> None:
    """Whoever supervises it starts it again; a person reads why."""
    launched = launch(part("workers", "sys.exit(3)", ready_after_s=NEVER))

    assert launched.process.wait(PATIENCE_S) == 1
    assert "Nothing is left that could work." in launched.err


def test_what_a_dead_process_left_behind_ends_before_the_next_is_started(launch: Callable[..., Launched]) -> None:
    """Two workers of one place at once would be one too many: the orphan is told to end, and waited for."""
    leaves = (
        "child = os.fork()\n"
        "if child: until_told()\n"
        "else:\n"
        "    name = 'orphan'\n"
        "    until_told()\n"
        "    time.sleep(0.3)\n"
        "    tell('is over')\n"
    )
    launched = launch(part("workers", leaves))
    launched.until_told("orphan is up")
    launched.until_told("workers is up")
    os.kill(launched.pid("workers"), signal.SIGKILL)
    launched.until_told("workers is up", 2)
    told = [" ".join(line.split()[:3]) for line in launched.told]

    assert told.index("orphan is over") < len(told) - 1 - told[::-1].index("workers is up")
    assert "what is left of it ends first" in launched.err
    assert launched.end() == 0
    assert launched.told[-1] == "orphan is over"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process adopt orphans")
def test_orphans_that_are_no_parts_are_not_left_as_zombies(launch: Callable[..., Launched]) -> None:
    """A server that a part has put into the background ends one day, and this process is its parent then."""
    daemon = (
        "if not os.fork(): os.setsid(); name = 'daemon'; tell(f'is up {os.getpid()}'); time.sleep(0.2); os._exit(0)\n"
    )
    launched = launch(part("workers", f"if not os.fork():\n    {daemon}    os._exit(0)\n{STAYS}"))
    launched.until_told("daemon is up")
    launched.until_told("workers is up")
    pid = int(next(line.split()[-1] for line in launched.told if line.startswith("daemon")))

    launched.until(lambda: not Path(f"/proc/{pid}").exists(), "nothing is left of it")
    assert launched.end() == 0


def test_who_does_not_end_in_its_grace_is_killed(launch: Callable[..., Launched]) -> None:
    """Nobody waits for ever."""
    launched = launch(part("workers"), part("web", "until_told(times=9)", grace_s=0.2))
    launched.until_told("workers is up")
    launched.until_told("web is up")

    assert launched.end() == 0
    assert launched.told[-2:] == ["web was told", "workers was told"]


def test_a_second_signal_is_passed_on_to_who_knows_what_it_means(launch: Callable[..., Launched]) -> None:
    """The workers are told again, late enough that they do not take it for the first; others are killed."""
    launched = launch(part("workers", "until_told(times=2)", knows_second=True), part("web", "until_told(times=9)"))
    launched.until_told("workers is up")
    launched.until_told("web is up")
    launched.process.send_signal(signal.SIGTERM)
    launched.until_told("web was told")
    time.sleep(SAME_SIGNAL.total_seconds())  # it is about how much time passes

    assert launched.end() == 0
    assert launched.told[-3:] == ["web was told", "workers was told", "workers was told"]
    assert "ended at once" in launched.err


def test_a_signal_that_comes_twice_at_once_is_one(launch: Callable[..., Launched]) -> None:
    """As to a whole group of processes, and from make, which passes it on: calls keep their time."""
    launched = launch(part("web", STAYS + "; time.sleep(0.3); tell('is over')"))
    launched.until_told("web is up")
    launched.process.send_signal(signal.SIGINT)

    assert launched.end() == 0
    assert launched.told[-1] == "web is over"
    assert "ended at once" not in launched.err


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has ended")
def test_a_launcher_that_is_killed_leaves_no_process(launch: Callable[..., Launched]) -> None:
    """Each part is told to end, as if it had stopped them."""
    launched = launch(part("workers"), part("web"))
    launched.until_told("workers is up")
    launched.until_told("web is up")
    pids = [int(line.split()[-1]) for line in launched.told]
    launched.end(signal.SIGKILL)

    launched.until(lambda: not any(map(runs, pids)), "nobody is left")
    assert sorted(launched.told[2:]) == ["web was told", "workers was told"]


def test_it_can_be_stopped_while_the_first_is_not_ready(launch: Callable[..., Launched]) -> None:
    """What was never started needs no end."""
    launched = launch(part("workers", ready_after_s=NEVER), part("web"))
    launched.until_told("workers is up")

    assert launched.end() == 0
    assert launched.states("web") == ["waiting", "stopped"]
