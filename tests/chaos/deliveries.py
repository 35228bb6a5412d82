"""Events from outside, many at once and most of them copies, while Redis is killed and comes back."""

import asyncio
import importlib.util
import json
import random
import signal
import socket
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from director.mailbox.events import LOOK
from director.store import schema
from director.words.states import Outcome
from tests.chaos.bench import LONGEST_S, Bench, Row
from tests.chaos.plugs import Redis
from tests.e2e.installation import ROOT, Installation, Program, until
from tests.messages_server import MessagesServer

#: How often each event is told.
_COPIES: Final = 10
_LINES: Final = 64

#: How much more memory a web process may hold at the end than after the first tenth.
_MOST_GROWTH_MB: Final = 64.0

_TYPES: Final = ("new_blog_post", "competitor_launch", "gnome_moved")


@dataclass(slots=True)
class _Answers:
    """What senders were told."""

    statuses: Counter[int] = field(default_factory=Counter)
    addresses: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    accepted: Counter[str] = field(default_factory=Counter)
    cut_off: int = 0


def deliveries(bench: Bench) -> list[Row]:
    """Tell of a thousand events ten times each, 64 at a time, to two web processes; Redis is away for the middle third."""
    different = bench.some(1000, least=20)
    told = [number for number in range(different) for _ in range(_COPIES)]
    bench.chance("deliveries").shuffle(told)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    answers, sizes = _Answers(), list[float]()
    with (
        Redis(bench.folder / "deliveries") as redis,
        MessagesServer(f"seed={bench.seed}") as server,
        Installation(
            bench.folder / "deliveries", redis_url=redis.url, anthropic_base_url=server.url, web_port=str(port)
        ) as place,
    ):
        config = ROOT / "web" / "gunicorn.conf.py"
        web = place.start_other(sys.executable, "-m", "gunicorn", "-c", str(config), "-w", "2")
        until(lambda: _listens(port), "the web app listens")
        began = time.monotonic()
        meanwhile: dict[int, Callable[[], object]] = {
            len(told) // 10: lambda: sizes.append(_largest_mb(web)),
            len(told) // 3: redis.kill,
            len(told) * 2 // 3: redis.start,
        }
        asyncio.run(_tell(port, told, answers, bench.chance("lines"), meanwhile))
        sizes.append(_largest_mb(web))
        took_s = time.monotonic() - began
        broken = [*_told_wrong(answers), *_written_wrong(place, different)]
        if importlib.util.find_spec("director.triggers.fire"):
            broken += _looked_at_wrong(place, different)
        web.send(signal.SIGTERM)
        done = web.wait()
        broken += [f"the web app went with exit code {done.code}"] if done.code else []
        broken += ["the web app's log has a stack"] if "Traceback" in done.err else []
        with place.record() as tx:
            missing = different - tx.events.count()
    grown_mb = sizes[-1] - sizes[0]
    said = ", ".join(f"{count} of {status}" for status, count in sorted(answers.statuses.items()))
    return [
        Row(
            f"{len(told)} deliveries of {different} events, Redis killed and back",
            f"{different - missing} events; answers: {said}; {len(told) / took_s:.0f} a second; web process "
            f"{sizes[-1]:.0f} MB, {grown_mb:+.0f} since the first tenth",
            f"each event once, no 5xx, memory grows <= {_MOST_GROWTH_MB:.0f} MB",
            lost=missing,
            kept=grown_mb <= _MOST_GROWTH_MB and not any(status >= 500 for status in answers.statuses),
            broken=broken,
        )
    ]


async def _tell(
    port: int,
    numbers: list[int],
    answers: _Answers,
    chance: random.Random,
    meanwhile: dict[int, Callable[[], object]],
) -> None:
    """Tell all of them; *meanwhile*, after so many answers, something is done while others are told."""
    waiting = list(reversed(numbers))

    async def line() -> None:
        while waiting:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                # Some lines are kept for many events, some are of one: senders differ.
                for _ in range(chance.choice((1, 1, 50))):
                    if not waiting:
                        break
                    ident = str(waiting.pop())
                    try:
                        status, document = await _post(reader, writer, ident)
                    except (ConnectionError, asyncio.IncompleteReadError):
                        answers.cut_off += 1  # it was told of nothing, so its sender tells again
                        waiting.append(int(ident))
                        raise
                    answers.statuses[status] += 1
                    answers.accepted[ident] += status == 202
                    answers.addresses[ident].add(str(document.get("event")))
                    if (then := meanwhile.get(answers.statuses.total())) is not None:
                        await asyncio.to_thread(then)
                writer.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(_LINES):
            group.create_task(line())


async def _post(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ident: str
) -> tuple[int, dict[str, object]]:
    kind = _TYPES[int(ident) % len(_TYPES)]
    said = {"id": ident, "type": kind, "timestamp": datetime.now(UTC).isoformat(), "source": "chaos", "data": {"n": 1}}
    body = json.dumps(said).encode()
    head = f"POST /webhooks/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    answered = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(answered.partition("content-length:")[2].partition("\r\n")[0])
    return int(answered.split()[1]), json.loads(await reader.readexactly(length))


def _told_wrong(answers: _Answers) -> list[str]:
    """What senders were told that does not go together."""
    found = [
        f"{status} was answered {count} times" for status, count in answers.statuses.items() if status not in (200, 202)
    ]
    found += [
        f"event {ident} has the addresses {sorted(at)}" for ident, at in answers.addresses.items() if len(at) != 1
    ]
    found += [f"event {ident} was accepted {n} times" for ident, n in answers.accepted.items() if n != 1]
    return [*found, *([f"{answers.cut_off} were cut off"] if answers.cut_off else [])][:20]


def _written_wrong(place: Installation, different: int) -> list[str]:
    """What the record has that does not follow from what was told."""
    with place.record() as tx:
        events = tx.events.count()
        turns = tx.conn.execute(select(func.count()).select_from(schema.turns).where(schema.turns.c.verb == LOOK))
        looks = int(turns.scalar_one())
    return [f"{events} events of {different}"] * (events != different) + [f"{looks} looks for {events} events"] * (
        looks != events
    )


def _looked_at_wrong(place: Installation, different: int) -> list[str]:
    """With a worker, until all were looked at: a goal for each outcome that says so, and none besides."""
    worker = place.start_worker()
    e, o, g = schema.events, schema.outcomes, schema.goals
    unseen = select(func.count()).select_from(e).where(e.c.looked_at.is_(None))

    def all_seen() -> bool:
        with place.record() as tx:
            return tx.conn.execute(unseen).scalar_one() == 0

    try:
        with suppress(AssertionError):
            until(all_seen, f"{different} events were looked at", LONGEST_S)
        with place.record() as tx:
            left = int(tx.conn.execute(unseen).scalar_one())
            started = list(tx.conn.execute(select(o.c.goal).where(o.c.what == Outcome.STARTED)).scalars())
            goals = set(tx.conn.execute(select(g.c.id)).scalars())
    finally:
        worker.kill_all()
    found = [f"{left} events were not looked at"] if left else []
    if len(started) != len(set(started)) or set(started) != goals:
        found.append(f"{len(started)} outcomes started a goal, and there are {len(goals)} goals")
    return found


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _largest_mb(program: Program) -> float:
    """What the largest of its processes holds now."""
    sizes = [0.0]
    for process in program.family():
        with suppress(OSError):
            pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
            sizes.append(pages * 4096 / 1e6)
    return max(sizes)
