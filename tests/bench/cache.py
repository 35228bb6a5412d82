"""
What a goal of all 26 specialists costs with the prompt cache and without it, and how much of its prompts the cache holds.

    python -m tests.bench.cache [--latency-ms 300] [--at-once 8] [--minutes 20]

A plan may have 24 tasks at most, so this one is written by hand: six strategists side by side, then the others in waves. Two
goals of one brand, the second so many minutes after the first on the cache's clock: with each prompt kept for five minutes and
nothing warmed, as it is, and as it is with a schedule that says the brand comes back. The service is the rehearsal on loopback
with the real rules of the cache, a request answered after the latency. It decides nothing.
"""

import argparse
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from director.bootstrap import open_office
from director.calls import caching
from director.claude.rehearsal.usage import canonical
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

#: The parts of a task: what is fenced, by its tag, and what stands between.
_PARTS = re.compile(r"\s*<(\w+)[^\n>]*>\n.*?\n</\1>|.+?(?=\n\n<|\Z)", re.DOTALL)
_CALLED = {
    "goal": "goal, situation",
    "situation": "goal, situation",
    "input": "what it builds on",
    "not_mended": "what it builds on",
    "open_facts": "what it builds on",
    "deliverable": "deliverable",
    "requirements": "requirements",
}

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


def parts(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Of what a prompt is made, in the order in which the cache sees it: what each part is called here, and its text."""
    if (form := document["output_config"].get("format")) is not None:
        yield "form of the answer", canonical(form).decode()
    system = [block["text"] for block in document["system"]]
    names = ["rules, context", *["role"] * (len(system) - 2), "role" if form else "skill"]
    if len(system) == 3:
        names[-1] = "rubric"
    yield from zip(names, system, strict=False)
    task = document["messages"][0]["content"]
    for found in _PARTS.finditer(task):
        yield _CALLED.get(found.group(1) or "", "all else of the task"), found.group(0)


def table(asked: list[Exchange]) -> Iterator[str]:
    """
    The tokens of a goal's prompts by purpose and part; which of them stood in an earlier prompt of the same model and form,
    wherever that was, so that no order of the parts could have more of them read; and which stood in it behind the same.
    """
    tokens: Counter[tuple[str, str]] = Counter()
    before: Counter[tuple[str, str]] = Counter()
    behind: Counter[tuple[str, str]] = Counter()
    seen: set[tuple[str, ...]] = set()
    for exchange in asked:
        document = exchange.document
        of = str(document["model"]), str(document["output_config"].get("format"))
        prefix = of
        for name, said in parts(document):
            where, count, prefix = (purpose_of(document), name), estimated_tokens(said), (*prefix, said)
            tokens[where] += count
            before[where] += count if ("", *of, said) in seen else 0
            behind[where] += count if prefix in seen else 0
            seen |= {("", *of, said), prefix}
    whole = tokens.total()
    yield f"    {'of the prompts, by purpose and part':<44}{'tokens':>10}{'':>7}{'were there':>12}{'behind the same':>17}"
    for (purpose, name), count in tokens.most_common():
        where = purpose, name
        if count * 200 >= whole:
            yield f"    {purpose:<12}{name:<32}{count:>10,}{count / whole:>7.1%}{before[where]:>12,}{behind[where]:>17,}"
    yield (
        f"    {'all':<44}{whole:>10,}{'':>7}{before.total():>12,}{behind.total():>17,}\n"
        f"    {'':<61}{before.total() / whole:>12.1%}{behind.total() / whole:>17.1%}"
    )


def purpose_of(document: Mapping[str, Any]) -> str:
    """What a request is for, by how its task begins."""
    return str(document["messages"][0]["content"]).partition(" ")[0].lower()


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
                made = table(asked)
            print("\n".join(made), flush=True)


if __name__ == "__main__":
    main()
