"""
How fast the record of years is read: `why` of ten random calls and `costs`, in a store with a million turns.

    python -m tests.bench.why [--turns 1000000] [--folder DIR]

The store is filled by plain inserts (some minutes), each turn with a call, a draft and a review, each goal with its journal.
What it says is compared with what was written: the sums have to be equal. It decides nothing else.
"""

import argparse
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from director.bootstrap import open_office
from director.money.periods import zone_of
from director.office import Office
from director.prompting.request import Block, Request
from director.store.ledger import By, Which, together
from director.views.why import why, why_document
from director.words.settings import Settings

#: Of each goal; each of its tasks is drafted and reviewed twice, and the Director plans and concludes.
TASKS = 5
TURNS = 4 * TASKS + 2

#: Between two turns, so that a million of them fill three years.
STEP = timedelta(seconds=95)

SKILLS = ("copywriting", "page-cro", "email-sequence", "ab-test-setup", "analytics-tracking")
PROMPT = Request("draft", "m", "low", 1, tuple(Block((f"# Part {n}",)) for n in range(12)), Block(("x",), stable=False))


class Years:
    """Rows of goals that are over, written as fast as they can be."""

    def __init__(self, turns: int) -> None:
        self.goals = turns // TURNS
        self._random = random.Random(1)
        self._now = datetime(2023, 11, 1, tzinfo=UTC)
        self._turn = 0
        self.spent = Counter[str]()  #: by goal, nano-dollars
        self.spent_of_months = Counter[str]()

    def fill(self, raw: sqlite3.Connection) -> None:
        """Write all of it."""
        raw.execute("pragma synchronous = off")
        raw.execute("insert into texts values ('parts', ?), ('text', 'text')", (PROMPT.made_of(),))
        for number in range(1, self.goals + 1):
            for table, row in self._rows(f"g{number}"):
                places = ", ".join(f":{name}" for name in row)
                raw.execute(f"insert into {table} ({', '.join(row)}) values ({places})", row)  # noqa: S608 - our own names
        accounts = [(f"goal {goal}", nano) for goal, nano in self.spent.items()]
        accounts += [(f"month default {month}", nano) for month, nano in self.spent_of_months.items()]
        raw.executemany("insert into accounts values (?, 0, 0, ?, 0)", accounts)
        raw.execute("analyze")
        raw.commit()

    def _rows(self, goal: str) -> Iterator[tuple[str, dict[str, Any]]]:
        given = self._at()
        yield (
            "goals",
            {
                "id": goal, "brand": "default", "text": f"Sell gnomes, {goal}", "category": "content", "priority": "P2",
                "state": "completed", "cap_nano": 10**11, "given_nano": 10**11, "plan_by": "claude", "confirm": 0,
                "rehearsal": 0, "day": given[:10], "created_at": given, "finished_at": given,
            },
        )  # fmt: skip
        yield from self._turn_of(goal, None, "plan", "plan", "director")
        for position, skill in enumerate(SKILLS, 1):
            task = f"{goal}-{position}"
            yield (
                "tasks",
                {
                    "id": task, "brand": "default", "goal": goal, "key": skill, "position": position, "skill": skill,
                    "kind": "draft", "brief": "Write it.", "state": "approved", "revision": 1, "created_at": given,
                },
            )  # fmt: skip
            for revision in (0, 1):
                yield from self._turn_of(goal, task, f"draft:{task}:{revision}", "draft", skill)
                draft = self._turn
                yield (
                    "drafts",
                    {
                        "id": draft,
                        "task": task,
                        "revision": revision,
                        "text_hash": "text",
                        "cut_off": 0,
                        "created_at": self._at(),
                    },
                )
                yield from self._turn_of(goal, task, f"review:{task}:{revision}", "review", "reviewer")
                yield (
                    "reviews",
                    {
                        "id": draft, "task": task, "draft": draft, "by": "reviewer", "verdict": "approve", "score": 8.0,
                        "document": '{"findings": [], "summary": "Good."}', "created_at": self._at(),
                    },
                )  # fmt: skip
        yield from self._turn_of(goal, None, "conclude", "conclude", "director")

    def _turn_of(
        self, goal: str, task: str | None, key: str, purpose: str, actor: str
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        self._now += STEP
        self._turn += 1
        key, at, cost = key if task else f"{key}:{goal}:", self._at(), self._random.randrange(10**8)
        yield (
            "turns",
            {
                "id": self._turn, "brand": "default", "goal": goal, "actor": actor, "verb": purpose, "subject": task or goal,
                "key": key, "priority": "P2", "state": "done", "not_before": at, "attempts": 0, "crashes": 0, "waits": 0,
                "epoch": 1, "created_at": at, "finished_at": at,
            },
        )  # fmt: skip
        yield (
            "calls",
            {
                "id": self._turn, "brand": "default", "goal": goal, "task": task, "turn": self._turn, "epoch": 1,
                "key": f"{key}::{self._turn:064x}", "purpose": purpose, "model": "claude-sonnet-5-5", "rehearsal": 0,
                "state": "answered", "month": at[:7], "reserved_nano": cost, "cost_nano": cost, "input_tokens": 900,
                "output_tokens": 700, "cache_write_tokens": 0, "cache_read_tokens": 9000, "request_id": f"req_{self._turn}",
                "answer_hash": "text", "parts_hash": "parts", "seconds": 9.0, "created_at": at,
            },
        )  # fmt: skip
        yield "journal", {"goal": goal, "subject": task or goal, "what": purpose, "by": actor, "at": at}
        self.spent[goal] += cost
        self.spent_of_months[at[:7]] += cost

    def _at(self) -> str:
        return self._now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def measure(office: Office, years: Years) -> None:
    """Print what each look takes; the sums are compared."""
    chosen = random.Random(2)
    calls = [chosen.randrange(1, years.goals * TURNS) for _ in range(10)]
    for kind, idents in (
        ("why call", [f"c{call}" for call in calls]),
        ("why verdict", [f"r{_verdict(call)}" for call in calls]),
        ("why task", [f"g{call // TURNS + 1}-{call % TASKS + 1}" for call in calls]),
        ("why goal", [f"g{call // TURNS + 1}" for call in calls]),
    ):
        took = []
        for ident in idents:
            began = time.perf_counter()
            with office.store.read() as tx:
                document = why_document(why(tx, office, ident))
            took.append(time.perf_counter() - began)
            if kind == "why goal":
                assert years.spent[ident] == document["paid_nano"], ident
        print(f"{kind:<24}{1000 * max(took):>10.1f} ms at most, of 10")
    zone = zone_of(office.settings)
    everything = sum(years.spent.values())
    for by in By:
        began = time.perf_counter()
        with office.store.read() as tx:
            found = tx.ledger.sums(by, Which(office.brand), zone)
        seconds = time.perf_counter() - began
        assert everything == together(found, rehearsal=False).cost_nano, by
        print(f"costs by {by:<15}{1000 * seconds:>10.1f} ms, {len(found):,} rows")
    began = time.perf_counter()
    with office.store.read() as tx:
        assert [] == tx.ledger.unknown(office.brand)
    print(f"{'unknown calls':<24}{1000 * (time.perf_counter() - began):>10.1f} ms")


def as_a_person(folder: Path, ident: str) -> float:
    """Seconds of the whole command, Python's own start included."""
    command = [sys.executable, "-m", "director", "why", ident]
    began = time.perf_counter()
    subprocess.run(
        command,
        env={"WORKSPACE_DIR": str(folder), "PATH": ""},
        cwd=Path(__file__).parents[2],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


def _verdict(call: int) -> int:
    # A review has the number of its draft's turn: the second of each four after the plan's.
    goal, place = divmod(call - 1, TURNS)
    return goal * TURNS + 2 + 2 * (max(0, min(place - 1, 4 * TASKS - 1)) // 2)


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="keep the store in this folder, which has to be empty")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="years-") as temporary:
        folder = given.folder or Path(temporary)
        settings = Settings(workspace_dir=folder, redis_url=f"unix://{folder}/nobody.sock")
        office = open_office(settings)
        years = Years(given.turns)
        began = time.perf_counter()
        with closing(sqlite3.connect(settings.state_dir / "troupe.sqlite")) as raw:
            years.fill(raw)
        size = (settings.state_dir / "troupe.sqlite").stat().st_size / 2**20
        took = time.perf_counter() - began
        print(
            f"{years.goals:,} goals, {years.goals * TURNS:,} turns and calls, {size:,.0f} MiB, filled in {took:.0f} s"
        )
        measure(office, years)
        office.close()
        seconds = [as_a_person(folder, f"c{random.Random(3).randrange(1, years.goals * TURNS)}") for _ in range(3)]
        print(f"{'`why` as a command':<24}{1000 * max(seconds):>10.1f} ms at most, of 3, Python's start included")


if __name__ == "__main__":
    main()
