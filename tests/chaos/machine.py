"""What a machine does to the team: a disk that is full, a clock that is set."""

import json
import os
import shutil
import time
from typing import Final

from tests.chaos.bench import Bench, Ground, Row
from tests.chaos.plugs import Clock, fill, small_disk

#: How long nothing can be written.
_FULL_S: Final = 20.0

#: What asks for a person in a log.
_ALERTS: Final = ("error", "critical")

#: What does not go on this long after the clock was set waits for the clock.
_STANDS_STILL_S: Final = 120.0

_CLOCK: Final = "nothing fires twice, no lease lost or immortal"


def disk_full(bench: Bench) -> list[Row]:
    """Fill the workspace's disk in the middle of goals, look how the team takes it, and give the room back."""
    fault, bar = "disk full in the workspace, then free", "stops with one clear alert, nothing corrupt, goes on"
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return [Row(fault, "a small disk is a tmpfs, and only root may mount one", bar, ran=False)]
    with (
        small_disk(bench.folder / "disk" / "workspace", megabytes=16) as workspace,
        bench.ground("disk", "latency_ms=300-1500") as ground,
    ):
        ground.hand_in(bench.some(10, least=3))
        ground.until_answers(3)
        said = len(ground.crew.said())
        ballast = fill(workspace)
        before = ground.claims()
        time.sleep(_FULL_S * max(bench.scale, 0.5))
        stopped = ground.claims() - before
        alerts = _alerts(ground, said)
        before = ground.claims()
        ballast.unlink()
        resumed = ground.until_claimed(before)
        ground.come_to_rest()
        about = sorted({text[:70] for text in alerts})
        return [
            Row(
                fault,
                f"{ground.score()}; {stopped} turns claimed meanwhile; {len(alerts)} alerts, {len(about)} different; work went "
                f"on after {resumed:.1f} s; most attempts used: {ground.most_attempts()}",
                bar,
                lost=ground.lost(),
                kept=len(about) == 1,
                broken=[*ground.broken(), *(f"alert: {text}" for text in about[1:])],
            )
        ]


def clock_set(bench: Bench) -> list[Row]:
    """Set the workers' clock an hour forward in the middle of goals; an hour back; and back while a worker is killed."""
    if shutil.which("cc") is None:
        return [
            Row(
                "clock set by an hour",
                "the clock of a process is a small C library, and there is no cc",
                _CLOCK,
                ran=False,
            )
        ]
    return [
        _clock_set(bench, "forward", "clock set forward an hour", 3600, kill=False),
        _clock_set(bench, "back", "clock set back an hour", -3600, kill=False),
        _clock_set(bench, "back-kill", "clock set back an hour, and a worker killed", -3600, kill=True),
    ]


def _clock_set(bench: Bench, name: str, fault: str, seconds: int, *, kill: bool) -> Row:
    clock = Clock(bench.folder / f"clock-{name}")
    with bench.ground(f"time-{name}", "latency_ms=300-1500", workers=2, **clock.settings) as ground:
        ground.hand_in(bench.some(10, least=4))
        ground.until_answers(3)
        before = ground.claims()
        clock.set(seconds)
        if kill:
            ground.crew.kill_any()
        resumed = ground.until_claimed(before)
        ground.come_to_rest(_STANDS_STILL_S)
        attempts, waits = ground.most_attempts(), ground.lost()
        still = f"{waits} still wait after {_STANDS_STILL_S:.0f} s; " if waits else ""
        return Row(
            fault,
            f"{ground.score()}; {still}work went on after {resumed:.1f} s; most attempts used: {attempts}",
            _CLOCK,
            lost=waits,
            kept=attempts <= int(kill),
            broken=ground.broken(),
        )


def _alerts(ground: Ground, since: int) -> list[str]:
    """What the workers said loudly after their first *since* lines."""
    found = []
    for line in ground.crew.said()[since:]:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if entry.get("level") in _ALERTS:
            found.append(str(entry["event"]))
    return found
