"""
Today's page with that many goals in the record (SQLite), asked of the real server as a browser asks: how soon its first byte
is there, how many requests it takes and how much comes. We want it below 100 ms at the median, 3 requests (and the icon) and
100 kB:

    python -m tests.bench.today [GOALS]
"""

import statistics
import sys
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

from sqlalchemy import insert, update

from director.bootstrap import open_office
from director.office import Office
from director.store import schema
from director.words.settings import Settings
from director.words.states import GoalState
from tests.bench.metrics import fill
from tests.web.test_health import Gunicorn

GOALS: Final = 10_000

#: Calls of each, as `metrics` writes them; two lines of the journal a call.
CALLS_A_GOAL: Final = 12

ROUNDS: Final = 101

#: Goals that are still at work; the others are over, one every few minutes of the year before.
OPEN: Final = 20


class Loads(HTMLParser):
    """What a browser asks for besides the page itself, to show it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ("script", "img") and said.get("src"):
            self.found.append(str(said["src"]))
        if tag == "link" and said.get("rel") in ("stylesheet", "icon") and said.get("href"):
            self.found.append(str(said["href"]))


def record(office: Office, goals: int) -> None:
    """A record with so many goals, a year of them."""
    fill(office, goals * CALLS_A_GOAL, calls_a_goal=CALLS_A_GOAL)
    with office.store.write() as tx:
        found = [goal.id for goal in tx.goals.all()]
        for place, ident in enumerate(found):
            given = tx.now - timedelta(days=365) * place / len(found)
            said = {"created_at": given, "state": GoalState.RUNNING}
            if place >= OPEN:
                said |= {"state": GoalState.COMPLETED, "finished_at": given + timedelta(minutes=20)}
            tx.conn.execute(update(schema.goals).where(schema.goals.c.id == ident).values(said))
        lines = [
            {"goal": ident, "subject": ident, "what": "approved", "by": "reviewer", "at": tx.now}
            for ident in found
            for _ in range(2 * CALLS_A_GOAL)
        ]
        tx.conn.execute(insert(schema.journal), lines)


def get(port: str, path: str) -> tuple[float, bytes]:
    """What comes, and how long its first byte took, seconds."""
    with closing(HTTPConnection("127.0.0.1", int(port), timeout=60)) as line:
        line.connect()
        began = time.perf_counter()
        line.request("GET", path, headers={"Accept": "text/html"})
        answer = line.getresponse()
        first = answer.read(1)
        took = time.perf_counter() - began
        body = first + answer.read()
    assert answer.status == 200, (path, answer.status, body[:500])
    return took, body


def main() -> None:
    """Prints what was asked for."""
    goals = int(sys.argv[1]) if len(sys.argv) > 1 else GOALS
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "w"
        office = open_office(Settings(workspace_dir=workspace, redis_url=f"unix://{folder}/nobody"))
        began = time.perf_counter()
        record(office, goals)
        office.close()
        print(f"{goals} goals written in {time.perf_counter() - began:.0f} s")
        with Gunicorn(workspace, REDIS_URL=f"unix://{folder}/nobody") as served:
            served.says("Booting worker")
            for path in ("/", "/api/v1/goals", "/api/v1/goals/g1", "/api/v1/costs"):
                get(served.port, path)  # the first opens the office, and reads templates
                several = sorted((get(served.port, path) for _ in range(ROUNDS)), key=lambda one: one[0])
                times = [took for took, _ in several]
                print(
                    f"{path:<18} first byte {1000 * statistics.median(times):.0f} ms at the median, "
                    f"{1000 * times[ROUNDS * 95 // 100]:.0f} ms for 95 of 100; {len(several[0][1]) / 1000:.1f} kB"
                )
            _, page = get(served.port, "/")
            besides = Loads(page.decode()).found
            size = len(page) + sum(len(get(served.port, one)[1]) for one in besides)
            print(f"Today as a whole: {1 + len(besides)} requests, {size / 1000:.1f} kB ({', '.join(besides)})")


if __name__ == "__main__":
    main()
