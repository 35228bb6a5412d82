"""Events from outside, many at once and most of them copies, while Redis is killed and comes back."""

import asyncio
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
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from director.mailbox.events import LOOK
from director.store import schema
from director.words.states import Outcome
from tests.chaos.bench import LONGEST_S, PIPELINE, Bench, Crew, Row
from tests.chaos.plugs import Redis
from tests.e2e.installation import ROOT, Installation, Program, until
from tests.messages_server import MessagesServer

#: How often each event is told.
_COPIES: Final = 10
_LINES: Final = 64

#: How much more memory a web process may hold at the end than after the first tenth.
_MOST_GROWTH_MB: Final = 64.0

#: A trigger of a person's: each event that meets its condition may start a goal.
_ALARM: Final = f"""
event: gnome_stolen
when: [{{at: /gnomes, is: gt, value: 1}}]
pipeline: {PIPELINE}
goal: "{{/gnomes}} gnomes are gone: say so."
cooldown: 0 s
"""


@dataclass(frozen=True, slots=True, eq=False)
class _Kind:
    """Events of which the triggers make the same."""

    type: str
    data: object
    becomes: Outcome | None  #: of each, at the one trigger for its type; None: no trigger is for it
    cooldown: timedelta | None = None  #: where the first alone starts a goal, and then none for so long


_KINDS: Final = (
    _Kind("gnome_stolen", {"gnomes": 3}, Outcome.STARTED),
    _Kind("gnome_stolen", {"gnomes": 1}, Outcome.NOT_MET),
    _Kind("gnome_stolen", {"gnomes": "three"}, Outcome.NOT_EVALUATED),
    _Kind("new_blog_post", {"title": "Ten gnomes"}, Outcome.COOLED_DOWN, timedelta(minutes=5)),
    _Kind("competitor_launch", {}, Outcome.COOLED_DOWN, timedelta(hours=24)),
    _Kind("gnome_moved", {}, None),
)


@dataclass(slots=True)
class _Answers:
    """What senders were told."""

    statuses: Counter[int] = field(default_factory=Counter)
    addresses: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    accepted: Counter[str] = field(default_factory=Counter)
    cut_off: int = 0  #: new connections that ended before they were answered


def deliveries(bench: Bench) -> list[Row]:
    """
    Tell of a thousand events ten times each, 64 at a time, to two web processes, while two workers look at them; Redis is away
    for the middle third.
    """
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
        place.add_pipeline(PIPELINE, "copywriting")
        alarm = place.workspace / "triggers" / "gnome-alarm.yaml"
        alarm.parent.mkdir()
        alarm.write_text(_ALARM, encoding="utf-8")
        config = ROOT / "web" / "gunicorn.conf.py"
        web = place.start_other(sys.executable, "-m", "gunicorn", "-c", str(config), "-w", "2")
        until(lambda: _listens(port), "the web app listens")
        with Crew(place, 2) as crew:
            began = time.monotonic()
            meanwhile: dict[int, Callable[[], object]] = {
                len(told) // 10: lambda: sizes.append(_largest_mb(web)),
                len(told) // 3: redis.kill,
                len(told) * 2 // 3: redis.start,
            }
            asyncio.run(_tell(port, told, answers, bench.chance("lines"), meanwhile))
            sizes.append(_largest_mb(web))
            took_s = time.monotonic() - began
            broken = [*_told_wrong(answers), *_written_wrong(place, different), *_looked_at_wrong(place, different)]
            broken += crew.stop()
        web.send(signal.SIGTERM)
        done = web.wait()
        broken += [f"the web app went with exit code {done.code}"] if done.code else []
        broken += ["the web app's log has a stack"] if "Traceback" in done.err else []
        became = _became(place)
        with place.record() as tx:
            missing = different - tx.events.count()
    grown_mb = sizes[-1] - sizes[0]
    said = ", ".join(f"{count} of {status}" for status, count in sorted(answers.statuses.items()))
    return [
        Row(
            f"{len(told)} deliveries of {different} events, Redis killed and back",
            f"{different - missing} events; {became}; answers: {said}; {len(told) / took_s:.0f} a second; web process "
            f"{sizes[-1]:.0f} MB, {grown_mb:+.0f} since the first tenth",
            f"each event once, a goal or a reason for each, no 5xx, memory grows <= {_MOST_GROWTH_MB:.0f} MB",
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
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            # Some lines are kept for many events, some are of one: senders differ.
            for nth in range(chance.choice((1, 1, 50))):
                if not waiting:
                    break
                ident = str(waiting.pop())
                try:
                    status, document = await _post(reader, writer, ident)
                except (ConnectionError, asyncio.IncompleteReadError):
                    # It was told of nothing, so its sender tells again. A server may end a kept line between two events
                    # (RFC 9112, 9.5), and where both are slow the second is on its way by then.
                    answers.cut_off += nth == 0
                    waiting.append(int(ident))
                    break
                answers.statuses[status] += 1
                answers.accepted[ident] += status == 202
                answers.addresses[ident].add(str(document.get("event")))
                if (then := meanwhile.get(answers.statuses.total())) is not None:
                    await asyncio.to_thread(then)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async with asyncio.TaskGroup() as group:
        for _ in range(_LINES):
            group.create_task(line())


async def _post(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ident: str
) -> tuple[int, dict[str, object]]:
    kind, now = _kind_of(ident), datetime.now(UTC).isoformat()
    said = {"id": ident, "type": kind.type, "timestamp": now, "source": "chaos", "data": kind.data}
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


def _kind_of(ident: str) -> _Kind:
    return _KINDS[int(ident) % len(_KINDS)]


def _looked_at_wrong(place: Installation, different: int) -> list[str]:
    """
    Once all were looked at: exactly one goal for each event whose trigger may fire, for every other for whose type there is a
    trigger an outcome that says why not, and no goal besides.
    """
    e, o, g = schema.events, schema.outcomes, schema.goals
    unseen = select(func.count()).select_from(e).where(e.c.looked_at.is_(None))

    def all_seen() -> bool:
        with place.record() as tx:
            return tx.conn.execute(unseen).scalar_one() == 0

    with suppress(AssertionError):
        until(all_seen, f"{different} events were looked at", LONGEST_S)
    with place.record() as tx:
        left = int(tx.conn.execute(unseen).scalar_one())
        rows = tx.conn.execute(select(e.c.delivery, o).select_from(e.outerjoin(o)).order_by(o.c.at)).all()
        goals = Counter(tx.conn.execute(select(g.c.id)).scalars())
    found = [f"{left} events were not looked at"] if left else []
    found += [
        f"{row.delivery}: {row.what}, the goal {row.goal}, because {row.why!r}"
        for row in rows
        if row.what is not None and (not row.why or (row.what is Outcome.STARTED) != (row.goal is not None))
    ]
    if goals != Counter(row.goal for row in rows if row.goal is not None):
        found.append(f"the goals that events started are not the {len(goals)} there are")
    for kind in _KINDS:
        of_kind = [row for row in rows if _kind_of(row.delivery.rpartition("/")[2]) is kind]
        became: Counter[Outcome | None] = Counter(row.what for row in of_kind)
        came = sum(_kind_of(str(number)) is kind for number in range(different))
        expected = Counter({kind.becomes: came})
        if kind.cooldown is not None:
            starts = [row.at for row in of_kind if row.what is Outcome.STARTED]
            found += [
                f"{kind.type} started something at {then} and at {now}"
                for then, now in pairwise(starts)
                if now - then < kind.cooldown
            ]
            first = max(1, len(starts))
            expected = Counter({Outcome.STARTED: first, kind.becomes: came - first})
        if became != expected:
            found.append(f"of {came} {kind.type} with {kind.data} became {dict(became)}, expected {dict(expected)}")
    return found[:20]


def _became(place: Installation) -> str:
    """How many of the events became what."""
    o = schema.outcomes
    with place.record() as tx:
        counts = Counter(tx.conn.execute(select(o.c.what)).scalars())
        alone = tx.events.count() - counts.total()
    return ", ".join([*(f"{count} {what}" for what, count in sorted(counts.items())), f"{alone} without a trigger"])


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
