"""
How much of the ideal many goals at once reach: 200 ms a call, 50 turns in hand.

    python -m tests.bench.load [--goals 40] [--latency-ms 200 2000] [--slots 50] [--processes 2] [--runs 5]

The ideal is every call's time, divided by the slots; each goal is a chain of 12 calls. Workers are `dramatiq actors`, the model
is a server on loopback in this process, so both share the machine's cores with it. Beside the share stands what the SDK
alone reaches with as many calls at once, and what a turn costs in CPU. It decides nothing.
"""

import argparse
import asyncio
import json
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
from typing import Any

from director.bootstrap import open_office
from director.goals import submit
from director.words.settings import from_env
from director.words.states import is_final
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


def sdk_alone(url: str, document: Path, *, goals: int, calls: int, processes: int) -> float:
    """Seconds for as many calls of the same size by the SDK and nothing else: no record, no mailbox, no review."""
    command = [sys.executable, "-m", "tests.bench.load", "--alone", url, "--document", str(document)]
    each = [*command, "--goals", str(goals // processes), "--calls", str(calls)]
    children = [subprocess.Popen(each, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    return max(float(child.communicate()[0]) for child in children)


async def _alone(url: str, document: dict[str, Any], *, chains: int, calls: int) -> float:
    from anthropic import AsyncAnthropic  # noqa: PLC0415 - nobody else here needs it

    async with AsyncAnthropic(api_key="bench", base_url=url, max_retries=0) as client:

        async def chain() -> None:
            for _ in range(calls):
                await client.messages.create(**document)

        await client.messages.create(**document)  # what the first of a process takes longer
        began = time.perf_counter()
        await asyncio.gather(*(chain() for _ in range(chains)))
        return time.perf_counter() - began


def _document(server: MessagesServer) -> dict[str, Any]:
    """A request of the middle size among those that were asked."""
    asked = sorted((exchange.document for exchange in server.asked), key=lambda document: len(json.dumps(document)))
    return dict(asked[len(asked) // 2])


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(description="How much of the ideal many goals at once reach.")
    options.add_argument("--goals", type=int, default=40)
    options.add_argument("--latency-ms", type=int, nargs="+", default=[200, 2000])
    options.add_argument("--slots", type=int, default=50)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--runs", type=int, default=5)
    for internal, kind in (("--alone", str), ("--document", Path), ("--calls", int)):
        options.add_argument(internal, type=kind, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.alone:
        document = json.loads(given.document.read_text(encoding="utf-8"))
        print(asyncio.run(_alone(given.alone, document, chains=given.goals, calls=given.calls)))
        return
    slots = min(given.slots, given.goals)
    columns: dict[str, list[str]] = {"a call takes, ms": [f"{latency_ms}" for latency_ms in given.latency_ms]}
    for latency_ms in given.latency_ms:
        usual = {"goals": given.goals, "processes": given.processes}
        with MessagesServer(script=f"latency_ms={latency_ms}") as server, tempfile.TemporaryDirectory() as folder:
            runs = [run(server.url, slots=given.slots, **usual) for _ in range(given.runs)]
            document = Path(folder) / "document.json"
            document.write_text(json.dumps(_document(server)), encoding="utf-8")
            calls = runs[0].calls // given.goals
            alone_s = [sdk_alone(server.url, document, calls=calls, **usual) for _ in range(given.runs)]
        ideal_s = [one.calls * latency_ms / 1000 / slots for one in runs]
        rows = {
            "share of the ideal": ("{:.0%}", [ideal / one.seconds for ideal, one in zip(ideal_s, runs, strict=True)]),
            "the SDK's alone": ("{:.0%}", [calls * latency_ms / 1000 / seconds for seconds in alone_s]),
            "turns a second": ("{:.0f}", [one.turns / one.seconds for one in runs]),
            "workers' CPU a turn, ms": ("{:.0f}", [one.workers_cpu_s / one.turns * 1000 for one in runs]),
            "model server's CPU a call, ms": ("{:.0f}", [one.model_cpu_s / one.calls * 1000 for one in runs]),
        }
        for name, (form, found) in rows.items():
            columns.setdefault(name, []).append(form.format(statistics.median(found)))
    print(f"{given.runs} runs: {given.goals} goals, {given.slots} slots, {given.processes} worker processes; medians")
    for name, values in columns.items():
        print(f"{name:<32}" + "".join(f"{value:>8}" for value in values))


if __name__ == "__main__":
    main()
