"""
How much of the ideal many goals at once reach: 200 ms a call, 50 turns in hand.

    python -m tests.bench.load [--goals 40] [--latency-ms 200] [--slots 50] [--processes 2] [--runs 3]

The ideal is every call's time, divided by the slots; each goal is a chain of 12 calls. Workers are `dramatiq actors`, the model
is a server on loopback in this process, so both share the machine's cores with it: the CPU a turn costs is said beside
the share, because that is what limits it. It decides nothing.
"""

import argparse
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from director.bootstrap import open_office
from director.goals import submit
from director.settings import from_env
from director.states import is_final
from tests.messages_server import MessagesServer


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took."""

    seconds: float  #: from the first call to the last goal's end
    calls: int
    turns: int
    workers_cpu_s: float  #: of the workers, from their start to their end
    model_cpu_s: float  #: of the model's server, which shares the machine


def run(url: str, *, goals: int, slots: int, processes: int) -> Run:
    """One load of *goals*."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            **os.environ, "ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "bench", "WORKSPACE_DIR": folder,
            "MAX_PARALLEL_AGENTS": str(slots), "BUDGET_MONTHLY": "100000", "LOG_LEVEL": "error",
        }  # fmt: skip
        office = open_office(from_env({name: environ[name] for name in environ if name.isupper()}))
        given = [submit.submit(office, "Write a blog series about garden gnomes") for _ in range(goals)]
        workers_before, model_before = _cpu_s(resource.RUSAGE_CHILDREN), _cpu_s(resource.RUSAGE_SELF)
        threads = -(-slots // processes)
        worker = subprocess.Popen(
            [sys.executable, "-m", "dramatiq", "actors", "--processes", str(processes), "--threads", str(threads)],
            env=environ,
            cwd=Path(__file__).parents[2],
            stdout=subprocess.DEVNULL,
        )
        try:
            while True:
                with office.store.read() as tx:
                    found = [tx.goals.get(goal.id) for goal in given]
                if all(is_final(goal.state) for goal in found):
                    break
                time.sleep(0.2)
            with office.store.read() as tx:
                calls = [call for goal in given for call in tx.calls.of_goal(goal.id)]
                turns = sum(len(tx.turns.of_goal(goal.id)) for goal in given)
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait()
            office.close()
        ended = max(goal.finished_at for goal in found if goal.finished_at is not None)
        return Run(
            seconds=(ended - min(call.created_at for call in calls)).total_seconds(),
            calls=len(calls),
            turns=turns,
            workers_cpu_s=_cpu_s(resource.RUSAGE_CHILDREN) - workers_before,
            model_cpu_s=_cpu_s(resource.RUSAGE_SELF) - model_before,
        )


def _cpu_s(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(description="How much of the ideal many goals at once reach.")
    options.add_argument("--goals", type=int, default=40)
    options.add_argument("--latency-ms", type=int, default=200)
    options.add_argument("--slots", type=int, default=50)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    with MessagesServer(script=f"latency_ms={given.latency_ms}") as server:
        found = [
            run(server.url, goals=given.goals, slots=given.slots, processes=given.processes) for _ in range(given.runs)
        ]
    slots = min(given.slots, given.goals)
    shares = [one.calls * given.latency_ms / 1000 / slots / one.seconds for one in found]
    print(f"{given.runs} runs: {given.goals} goals, {given.slots} slots, {given.processes} worker processes")
    print(f"share of the ideal           {statistics.median(shares):>7.0%}")
    print(f"turns a second               {statistics.median(one.turns / one.seconds for one in found):>7.0f}")
    print(
        f"workers' CPU a turn, ms      {statistics.median(one.workers_cpu_s / one.turns * 1000 for one in found):>7.0f}"
    )
    print(
        f"model server's CPU a call, ms{statistics.median(one.model_cpu_s / one.calls * 1000 for one in found):>7.0f}"
    )


if __name__ == "__main__":
    main()
