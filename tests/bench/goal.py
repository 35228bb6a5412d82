"""
How close a goal comes to its critical path, with a model that takes 200 ms a call.

    python -m tests.bench.goal [--runs 5] [--latency-ms 200]

A content goal is a chain of 12 calls (plan, 5 drafts, 5 reviews, conclusion), so 12 latencies are the least it can
take. Each run is a fresh workspace and a fresh process against a server on loopback. It decides nothing.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from tests.messages_server import MessagesServer


def run(url: str) -> tuple[float, float, int]:
    """Seconds from the goal's first row to its last, and of the whole command; how many calls it made, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "bench", "WORKSPACE_DIR": folder}
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "director", "goal", "Write a blog series about garden gnomes", "--json", "--yes"],
            env=environ,
            check=True,
            capture_output=True,
            text=True,
        )
        whole = time.monotonic() - began
        document = json.loads(done.stdout)
        return document["seconds"], whole, document["calls"]


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(description="How close a goal comes to its critical path.")
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--latency-ms", type=int, default=200)
    given = options.parse_args()
    with MessagesServer(script=f"latency_ms={given.latency_ms}") as server:
        found = [run(server.url) for _ in range(given.runs)]
    calls = found[0][2]
    path = calls * given.latency_ms / 1000
    print(f"{given.runs} runs, {calls} calls of {given.latency_ms} ms one after the other: critical path {path:.2f} s")
    print(f"{'':<16}{'median':>8}{'worst':>8}{'ratio':>8}")
    for name, values in (("goal", [goal for goal, _, _ in found]), ("whole command", [whole for _, whole, _ in found])):
        line(name, values, path)


def line(name: str, values: Sequence[float], path: float) -> None:
    """One row."""
    median = statistics.median(values)
    print(f"{name:<16}{median:>8.2f}{max(values):>8.2f}{median / path:>8.2f}")


if __name__ == "__main__":
    main()
