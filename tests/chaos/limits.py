"""The model service's limits with fifty tasks open: 429 to everything, a rate that is too low, and ten minutes of nothing."""

import time
from itertools import pairwise
from typing import Final

from tests.chaos.bench import Bench, Ground, Row

#: Two tasks each.
_GOALS: Final = 25

_WORKERS: Final = 3
_SLOTS: Final = 12
_QUICK: Final = "latency_ms=100-300"

#: The Director's and the specialists'; each is asked by itself.
_FAMILIES: Final = 2

_TOLD_S: Final = 5

#: Requests a minute of each family. The first minute's come at once.
_RATE: Final = 30


def storm(bench: Bench) -> list[Row]:
    """From the middle of the work on, 429 to everything, with how long to wait; then the service answers again."""
    seconds, goals = max(90.0 * bench.scale, 2.5 * _TOLD_S), bench.some(_GOALS, least=3)
    with bench.ground("storm", _QUICK, workers=_WORKERS, max_parallel_agents=str(_SLOTS)) as ground:
        ground.hand_in(goals)
        ground.until_answers(goals)
        sent, attempts, first, usual = _trouble(ground, f"rate_limited=1 retry_after_s={_TOLD_S}", seconds)
        ground.come_to_rest()
        most = _SLOTS + _FAMILIES * (int(seconds / _TOLD_S) + 1)
        return [
            Row(
                f"429 to everything for {seconds:.0f} s, {goals * 2} tasks open",
                f"{ground.score()}; {sent} requests meanwhile; most attempts used: {attempts}; {_back(first, usual)}",
                f"0 attempts; what is on the wire, then one a family each {_TOLD_S} s: at most {most}",
                lost=ground.lost(),
                kept=attempts == 0 and sent <= most,
                broken=ground.broken(),
            )
        ]


def rate(bench: Bench) -> list[Row]:
    """A service that lets far fewer in than are asked for, and says so with each answer."""
    goals = bench.some(_GOALS, least=3)
    lets_in = max(2, round(_RATE * min(1.0, bench.scale * 4)))
    with bench.ground("rate", f"{_QUICK} rate={lets_in}", workers=_WORKERS, max_parallel_agents=str(_SLOTS)) as ground:
        began = time.monotonic()
        ground.hand_in(goals)
        ground.come_to_rest()
        took = time.monotonic() - began
        answers, attempts = ground.answers(), ground.most_attempts()
        refused = len(ground.server.asked) - answers
        return [
            Row(
                f"{lets_in} requests a minute and family, {goals * 2} tasks",
                f"{ground.score()} in {took:.0f} s; {answers} answers, {refused} refused; most attempts used: {attempts}",
                "0 attempts; at most a tenth as many refused as answered, and as many as were on the wire at once",
                lost=ground.lost(),
                kept=attempts == 0 and refused <= answers / 10 + _SLOTS,
                broken=ground.broken(),
            )
        ]


def outage(bench: Bench) -> list[Row]:
    """503 to everything for ten minutes, from the middle of the work on."""
    minutes, goals = 10 * bench.scale, bench.some(_GOALS, least=3)
    with bench.ground("outage", _QUICK, workers=_WORKERS, max_parallel_agents=str(_SLOTS)) as ground:
        ground.hand_in(goals)
        ground.until_answers(goals)
        sent, attempts, first, usual = _trouble(ground, "unavailable=1", minutes * 60)
        ground.come_to_rest()
        most = _SLOTS * 3 + int(minutes) + 1
        return [
            Row(
                f"503 to everything for {minutes:g} minutes, {goals * 2} tasks open",
                f"{ground.score()}; {sent} requests meanwhile; most attempts used: {attempts}; {_back(first, usual)}",
                f"0 attempts; until it is offline, then one a minute: at most {most}",
                lost=ground.lost(),
                kept=attempts == 0 and sent <= most,
                broken=ground.broken(),
            )
        ]


def _trouble(ground: Ground, script: str, seconds: float) -> tuple[int, int, float, float]:
    """
    Play *script* so long, then as before. Requests and the most attempts used meanwhile; then how long until an answer comes,
    and until half as many as may be asked at once were given within a second.
    """
    ground.server.play(script)
    before = len(ground.server.asked)
    time.sleep(seconds)
    sent, attempts = len(ground.server.asked) - before, ground.most_attempts()
    ground.server.play(_QUICK)
    back, later = time.time(), len(ground.server.asked)
    ground.until_answers(1)
    first = time.time() - back
    ground.come_to_rest()
    answered = sorted(
        each.answered_at for each in ground.server.asked[later:] if each.answered_at and each.status == 200
    )
    full = [end for start, end in pairwise(answered[:: _SLOTS // 2]) if end - start <= 1]
    return sent, attempts, first, (full[0] if full else answered[-1]) - back


def _back(first: float, usual: float) -> str:
    return f"the first answer came {first:.1f} s after it was back, half the slots were busy after {usual:.1f} s"
