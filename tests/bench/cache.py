"""
What a goal of all 26 specialists costs with the prompt cache and without it, and how much of its prompts the cache holds.

    python -m tests.bench.cache [--latency-ms 300] [--at-once 8] [--minutes 20]

A plan may have 24 tasks at most, so this one is written by hand: six strategists side by side, then the others in waves. Two
goals of one brand, the second so many minutes after the first on the cache's clock: with each prompt kept for five minutes and
nothing warmed, as it is, and as it is with a schedule that says the brand comes back. The service is the rehearsal on loopback
with the real rules of the cache, a request answered after the latency. It decides nothing.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from director.bootstrap import open_office
from director.calls import caching
from director.goals import warm
from director.goals.submit import check, take
from director.mailbox import admission, handling
from director.money.prices import usage_of
from director.office import DIRECTOR, Office
from director.progress.advance import advance
from director.progress.on_turn_failure import after_failure
from director.prompting.allowances import CONTEXT_ALLOWANCE
from director.prompting.request import estimated_tokens
from director.words.amounts import NANO
from director.words.clock import Clock
from director.words.models import Call, Goal
from director.words.settings import Settings
from director.words.states import Category, GoalState, PlanBy, TurnState, is_final
from pipelines.plan import Plan, PlannedTask, StepKind, to_document
from tests.conftest import VERBS
from tests.messages_server import Exchange, MessagesServer

CONTEXT = (Path(__file__).parents[2] / "examples/dramatiq/product-marketing-context.md").read_text(encoding="utf-8")

#: As much of a product context as is shown: what is shared is then most of every prompt.
LONGEST = (CONTEXT * (CONTEXT_ALLOWANCE // len(CONTEXT) + 1))[:CONTEXT_ALLOWANCE]


def everybody(office: Office) -> Plan:
    """A task for each specialist, in waves: each builds on one task of the wave before its own."""
    waves: dict[str, list[str]] = {
        "foundation": [],
        "strategy": [],
        "creative": [],
        "convert": [],
        "activate": [],
        "measure": [],
    }
    for skill in sorted(office.skills.values(), key=lambda skill: skill.name):
        waves[skill.squad].append(skill.name)
    tasks: list[PlannedTask] = []
    before: list[str] = []
    for wave in waves.values():
        for n, name in enumerate(wave):
            needs = (before[n % len(before)],) if before else ()
            tasks.append(PlannedTask(name, name, StepKind.DRAFT, needs, f"What {name} can do for the launch."))
        before = wave
    return Plan(tuple(tasks), source="claude")


def run(office: Office, at_once: int, context: Path) -> Goal:
    """One goal to its end, its turns in as many threads as may be at work at once."""
    new = check(office.settings, office.catalog, "Launch the gnome garden", category=Category.STRATEGIC,
                plan_by=PlanBy.TEMPLATE, context=context, cap_nano=90 * NANO)  # fmt: skip
    goal = take(office, new, rehearsal=False)
    with office.store.write() as tx:
        # As the Director's turn leaves it, with a plan that no pipeline can have.
        [turn] = tx.turns.open_of_goal(goal.id)
        tx.turns.move(turn, TurnState.CANCELLED)
        plan = everybody(office)
        tx.tasks.add(goal, plan)
        tx.goals.change(goal.id, plan=to_document(plan))
        tx.goals.move(tx.goals.get(goal.id), GoalState.RUNNING, by=DIRECTOR)
        advance(tx, goal.id, by=DIRECTOR)
    working: set[int] = set()
    with ThreadPoolExecutor(at_once) as pool:
        while True:
            admission.ring(office)
            with office.store.read() as tx:
                now = tx.goals.get(goal.id)
                if is_final(now.state):
                    return now
                heard = [turn.id for turn in tx.turns.of_goal(goal.id) if turn.state is TurnState.DISPATCHED]
            for ident in set(heard) - working:
                working.add(ident)
                pool.submit(handling.handle, office, ident, VERBS, after_failure).add_done_callback(
                    lambda _, ident=ident: working.discard(ident)  # type: ignore[misc]
                )
            time.sleep(0.01)


class Later(Clock):
    """The time, and what was skipped."""

    skipped = timedelta(0)

    def __call__(self) -> datetime:
        """Now."""
        return super().__call__() + self.skipped


@contextmanager
def all_for_five_minutes() -> Iterator[None]:
    """Every stable part is marked, and nobody writes first."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(caching, "kept", lambda _office, _held, request: request))
        stack.enter_context(patch.object(warm, "_wanted", lambda _tx, _office, _goal: []))
        yield


def two_goals(
    latency_ms: int, at_once: int, minutes: int, *, scheduled: bool, text: str
) -> Iterator[tuple[Office, list[Call], list[Exchange]]]:
    """Each goal's calls and what was asked for it."""
    with tempfile.TemporaryDirectory() as folder, MessagesServer(script=f"latency_ms={latency_ms}") as server:
        clock = Later()
        context = Path(folder) / "context.md"
        context.write_text(text, encoding="utf-8")
        server.rehearsal._cache.clock = lambda: time.monotonic() + clock.skipped.total_seconds()
        settings = Settings(
            workspace_dir=Path(folder), redis_url=f"unix://{folder}/nobody.sock", anthropic_api_key="bench",
            anthropic_base_url=server.url, max_parallel_agents=at_once,
        )  # fmt: skip
        office = open_office(settings, clock=clock)
        try:
            for _ in range(2):
                if scheduled:
                    with office.store.write() as tx:
                        tx.slots.begin(office.brand, "hourly", enabled=True)
                        tx.slots.look_until(office.brand, "hourly", tx.now, next_at=tx.now + timedelta(minutes=minutes))
                before = len(server.asked)
                goal = run(office, at_once, context)
                with office.store.read() as tx:
                    yield office, tx.calls.of_goal(goal.id), server.asked[before:]
                clock.skipped += timedelta(minutes=minutes)
        finally:
            office.close()


def line(name: str, office: Office, calls: list[Call]) -> str:
    """One row."""
    prompts = sum(usage_of(call).prompt for call in calls)
    read = sum(call.cache_read_tokens for call in calls)
    cost = sum(call.cost_nano for call in calls)
    without = cost + office.prices.saved(calls)
    warmed = sum(call.purpose == "warm" for call in calls)
    written = sum(call.cache_write_tokens for call in calls)
    return (
        f"{name:<44}{len(calls):>6}{warmed:>6}{prompts:>10,}{written:>10,}{read:>10,}{read / prompts:>7.0%}"
        f"{cost / NANO:>9.3f}{without / NANO:>9.3f}{(without - cost) / NANO:>8.3f}"
    )


def parts(asked: list[Exchange]) -> str:
    """Of what a goal's prompts are made."""
    found: Counter[str] = Counter()
    for exchange in asked:
        system = exchange.document["system"]
        names = ["rules, context", *(["reviewer's role"] if len(system) == 3 else []), "skill or rubric"]
        for name, block in zip(names, system, strict=False):
            found[name] += estimated_tokens(block["text"])
        found["task"] += estimated_tokens(exchange.document["messages"][0]["content"])
    whole = sum(found.values())
    return ", ".join(f"{name} {count / whole:.0%}" for name, count in found.most_common())


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(description="What the cache saves.")
    options.add_argument("--latency-ms", type=int, default=300)
    options.add_argument("--at-once", type=int, default=8)
    options.add_argument("--minutes", type=int, default=20)
    given = options.parse_args()
    print(
        f"26 specialists, {given.at_once} at once, {given.latency_ms} ms a call; the second goal {given.minutes} min later"
    )
    print(
        f"{'':<44}{'calls':>6}{'warm':>6}{'prompts':>10}{'written':>10}{'read':>10}{'':>7}{'USD':>9}{'without':>9}{'saved':>8}"
    )
    for name, scheduled, text in (
        ("all for 5 min, nothing warmed", False, CONTEXT),
        ("as it is", False, CONTEXT),
        ("as it is, scheduled", True, CONTEXT),
        ("as it is, longest context", False, LONGEST),
    ):
        with all_for_five_minutes() if name.startswith("all") else ExitStack():
            found = two_goals(given.latency_ms, given.at_once, given.minutes, scheduled=scheduled, text=text)
            for number, (office, calls, asked) in enumerate(found, 1):
                print(line(f"{name}, goal {number}", office, calls), flush=True)
                made = parts(asked)
        print(f"    prompts are {made}", flush=True)


if __name__ == "__main__":
    main()
