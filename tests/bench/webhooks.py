"""
How many events a second are taken and durable, beside a bare Falcon app on the same gunicorn that only answers 202.

    python -m tests.bench.webhooks [--seconds 5] [--runs 3] [--lines 64] [--workers 2]

Each line is a connection kept alive, on which the next event is sent when the last was answered; then half of that load, at
even times, for the p99. The sender is a process of its own, and shares the machine with the servers. It decides nothing.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from falcon.asgi import App

from director.bootstrap import open_office
from director.words.settings import Settings

ROOT = Path(__file__).parents[2]

TOKEN = "bench-token-0815"  # noqa: S105 - of nothing

#: How long a server may take to be there.
PATIENCE_S = 60


class Accepting:
    """What only answers."""

    async def on_post(self, req: Any, resp: Any) -> None:
        """202."""
        resp.status = 202
        resp.media = {"event": "e1", "status": "accepted"}


def bare() -> "App[Any, Any]":
    """An app that answers as ours does, and does nothing."""
    app: App[Any, Any] = App()
    app.add_route("/webhooks/events", Accepting())
    return app


@contextmanager
def served(folder: Path, app: str, workers: int) -> Iterator[int]:
    """gunicorn, as it serves the web app, with *app*; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        **os.environ, "WORKSPACE_DIR": str(folder), "WEB_PORT": str(port), "REDIS_URL": f"unix://{folder}/nobody.sock",
        "WEBHOOK_TOKEN": TOKEN, "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "web/gunicorn.conf.py",
        "-w",
        str(workers),
        "--log-level",
        "error",
        app,
    ]
    with subprocess.Popen(command, cwd=ROOT, env=environ) as process:
        try:
            until = time.monotonic() + PATIENCE_S
            while time.monotonic() < until:
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.1)
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


class Sender:
    """Sends events over lines that are kept, and notes how long each answer took."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._number = 0
        self._series = f"{os.getpid()}-{time.monotonic_ns()}"
        self.took_s: list[float] = []
        self.wrong = 0

    def request(self) -> bytes:
        """The next event."""
        self._number += 1
        body = json.dumps({
            "id": f"{self._series}-{self._number}", "type": "new_blog_post", "timestamp": datetime.now(UTC).isoformat(),
            "source": "bench", "data": {"title": "Ten gnomes", "words": 900, "percentageDrop": 21.5},
        }).encode()  # fmt: skip
        head = (
            f"POST /webhooks/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    async def line(self, *, until: float, every_s: float = 0.0, first_s: float = 0.0) -> None:
        """One line: the next when the last was answered, or at even times."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        due = time.perf_counter() + first_s
        while (now := time.perf_counter()) < until:
            if every_s:
                await asyncio.sleep(max(0.0, due - now))
            else:
                due = now
            writer.write(self.request())
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(part.split(b":")[1]) for part in head.lower().split(b"\r\n") if part.startswith(b"content-length")
            )
            await reader.readexactly(length)
            # From when it was due: who is late because of the server waits for it as well.
            self.took_s.append(time.perf_counter() - due)
            self.wrong += b" 202 " not in head.split(b"\r\n", 1)[0]
            due += every_s
        writer.close()


async def load(port: int, *, lines: int, seconds: float, rate: float = 0.0) -> Sender:
    """So many lines for so long; at *rate* a second altogether, or as fast as they are answered."""
    sender = Sender(port)
    until = time.perf_counter() + seconds
    every_s = lines / rate if rate else 0.0
    async with asyncio.TaskGroup() as group:
        for number in range(lines):
            group.create_task(sender.line(until=until, every_s=every_s, first_s=every_s * number / lines))
    return sender


def measure(folder: Path, app: str, *, workers: int, lines: int, seconds: float) -> tuple[float, float, int]:
    """Events a second, the p99 at half that load in ms, and how many answers were none of 202."""
    with served(folder, app, workers) as port:
        asyncio.run(load(port, lines=lines, seconds=1))  # what the first of a process takes longer
        full = asyncio.run(load(port, lines=lines, seconds=seconds))
        rate = len(full.took_s) / seconds
        half = asyncio.run(load(port, lines=lines, seconds=seconds, rate=rate / 2))
        return rate, statistics.quantiles(half.took_s, n=100)[98] * 1000, full.wrong + half.wrong


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(description="Durable events a second beside a bare app.")
    options.add_argument("--seconds", type=float, default=5)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--lines", type=int, default=64)
    options.add_argument("--workers", type=int, default=2)
    given = options.parse_args()
    apps = {"a bare app": "tests.bench.webhooks:bare()", "events, durable": "web.app:get_app()"}
    found: dict[str, list[tuple[float, float, int]]] = {name: [] for name in apps}
    usual = {"workers": given.workers, "lines": given.lines, "seconds": given.seconds}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(given.runs):
            for name, app in apps.items():
                found[name].append(measure(Path(folder), app, **usual))
        office = open_office(Settings(workspace_dir=Path(folder)))
        with office.store.read() as tx:
            written = tx.events.count()
        office.close()
    print(
        f"{given.runs} runs of {given.seconds:g} s, {given.lines} lines, {given.workers} workers; medians; {written} written"
    )
    print(f"{'':<20}{'a second':>10}{'ratio':>8}{'p99 at half, ms':>18}{'not 202':>9}")
    first = statistics.median(rate for rate, _, _ in found["a bare app"])
    for name, runs in found.items():
        rate, p99_ms = (statistics.median(one[at] for one in runs) for at in (0, 1))
        print(f"{name:<20}{rate:>10.0f}{rate / first:>8.0%}{p99_ms:>18.1f}{sum(one[2] for one in runs):>9}")


if __name__ == "__main__":
    main()
