"""
How long a scrape of `/metrics` takes with that many calls in the record (SQLite), and which of its sums takes it:

    python -m tests.bench.metrics [CALLS]
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from sqlalchemy import Table, insert

from director.bootstrap import open_office
from director.office import Office
from director.store import schema, tallies
from director.views.metrics import measure
from director.words.settings import Settings
from director.words.states import CallState, Priority, TaskState, TurnState
from pipelines.plan import StepKind
from tests.director.conftest import add_goal

CALLS: Final = 100_000

#: Of one goal.
CALLS_A_GOAL: Final = 50
TASKS_A_GOAL: Final = 8

ROUNDS: Final = 5


def fill(office: Office, calls: int, *, calls_a_goal: int = CALLS_A_GOAL) -> None:
    """Write a record with so many calls, each with its turn."""
    with office.store.write() as tx:
        goals = [add_goal(tx).id for _ in range(max(calls // calls_a_goal, 1))]
        usual = {"brand": "default", "created_at": tx.now}

        def write(table: Table, rows: Iterable[dict[str, object]]) -> None:
            tx.conn.execute(insert(table), [{**usual, **row} for row in rows])

        write(
            schema.turns,
            (
                {
                    "goal": goals[n % len(goals)], "actor": "director", "verb": "plan", "subject": "x", "key": f"turn {n}",
                    "priority": Priority.P2, "state": TurnState.DONE if n % 1000 else TurnState.QUEUED,
                    "not_before": tx.now, "attempts": 1, "waits": 0, "epoch": 1,
                }
                for n in range(calls)
            ),
        )  # fmt: skip
        write(
            schema.calls,
            (
                {
                    "goal": goals[n % len(goals)], "turn": n + 1, "epoch": 1, "key": f"{n}".rjust(120, "k"),
                    "purpose": ("draft", "review", "plan", "mend")[n % 4], "rehearsal": False,
                    "model": ("claude-opus-5-5", "claude-sonnet-5-5")[n % 3 % 2], "month": "2026-11", "day": "2026-11-22",
                    "state": CallState.ANSWERED if n % 500 else CallState.LOST, "reserved_nano": 10**8,
                    "cost_nano": 12_345_678 + n, "input_tokens": 1000, "output_tokens": 2000, "cache_write_tokens": 10,
                    "cache_read_tokens": 5000, "request_id": "request".rjust(28, "r"), "seconds": 3.25,
                }
                for n in range(calls)
            ),
        )  # fmt: skip
        tasks = [
            {
                "id": f"{goal}-{n}", "goal": goal, "key": str(n), "position": n, "skill": "copywriting",
                "kind": StepKind.DRAFT, "brief": "x" * 300, "state": TaskState.APPROVED, "revision": 1, "score": 8.5,
            }
            for goal in goals
            for n in range(TASKS_A_GOAL)
        ]  # fmt: skip
        write(schema.tasks, tasks)
        text = tx.keep("text")
        drafts = [
            {"task": task["id"], "revision": revision, "text_hash": text, "cut_off": False, "created_at": tx.now}
            for task in tasks
            for revision in (0, 1)
        ]
        tx.conn.execute(insert(schema.drafts), drafts)


def median_s(what: Callable[[], object]) -> float:
    """How long it takes, seconds."""
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        what()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def main() -> None:
    """Prints the table."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    with tempfile.TemporaryDirectory() as folder:
        office = open_office(Settings(workspace_dir=Path(folder) / "w", redis_url=f"unix://{folder}/nobody"))
        fill(office, calls)
        print(f"a scrape with {calls} calls: {median_s(lambda: measure(office)):.3f} s, of which")
        with office.store.read() as tx:
            for one in (tallies.calls, tallies.tasks, tallies.revisions, tallies.turns, tallies.oldest_open_turns):
                print(f"  {one.__name__:<18} {median_s(lambda one=one: one(tx)):.3f} s")  # type: ignore[misc]
        office.close()


if __name__ == "__main__":
    main()
