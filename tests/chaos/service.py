"""The model service: in every kind of trouble, and away altogether."""

import time
from collections import Counter
from typing import Final

from director.claude.rehearsal.script import Trouble
from director.words.settings import Settings
from director.words.states import CallState, GoalState
from tests.chaos.bench import Bench, Ground, Row

#: Each of these befalls three of ten requests.
_TROUBLES: Final = (
    Trouble.RATE_LIMITED,
    Trouble.OVERLOADED,
    Trouble.SERVER_ERROR,
    Trouble.RESET,
    Trouble.HANG,
    Trouble.CUT_OFF,
    Trouble.NONSENSE,
)
_SHARE: Final = 0.3

#: How long a request may take before it is given up; only the one that hangs takes longer.
_CALL_TIMEOUT_S: Final = 3

_PROBES_A_MINUTE: Final = 1

#: How many turns are in hand at once; which of them asks first is chance.
_SIDE_BY_SIDE: Final = Settings().max_parallel_agents


def troubles(bench: Bench) -> list[Row]:
    """One kind of trouble after the other, each in an installation of its own."""
    rows = []
    settings = {"call_timeout_s": str(_CALL_TIMEOUT_S), "max_parallel_agents": "6"}
    for trouble in _TROUBLES:
        with bench.ground(f"{trouble}", f"latency_ms=50-300 {trouble}={_SHARE}", **settings) as ground:
            goals = bench.some(10, least=2)
            ground.hand_in(goals)
            ground.come_to_rest()
            waiting = sum(goal.state is GoalState.WAITING for goal in ground.place.goals())
            extra = len(ground.server.asked) - ground.needed()
            unlisted = _unlisted(ground)
            rows.append(
                Row(
                    f"the API: {trouble}, {_SHARE:.0%} of calls",
                    f"{ground.score()}, {waiting} wait with a reason; {extra:+d} requests to the {ground.needed()} it takes, "
                    f"{unlisted} not listed; most attempts used: {ground.most_attempts()}",
                    "completed or waiting with a reason; a call asks 1 + its listed retries",
                    lost=ground.lost() - waiting,
                    kept=unlisted == 0,
                    broken=ground.broken(),
                )
            )
    return rows


def away(bench: Bench) -> list[Row]:
    """
    For ten minutes the service answers nothing but 503, from the middle of some goals on; others are given meanwhile.

    Its own log tells how often it was asked: the first minute is the wait growing, the rest is what probing costs. Then it is
    back, and its log tells whose turn came first.
    """
    minutes, goals = 10 * bench.scale, bench.some(10, least=4)
    with bench.ground("away", "latency_ms=100-400") as ground:
        ground.hand_in(goals // 2)
        ground.until_answers(3)
        ground.server.play("unavailable=1")
        began, before = time.time(), len(ground.server.asked)
        ground.hand_in(goals - goals // 2)
        _pause_until(began + minutes * 60)
        probes = [exchange.arrived_at - began for exchange in ground.server.asked[before:]]
        attempts = ground.most_attempts()
        with ground.place.record() as tx:
            waiting = [goal.id for goal in tx.goals.all() if goal.state is GoalState.WAITING]
            # A goal given first may wait with its second task, for less long than a later one with its first.
            since = {goal.id: min(turn.id for turn in tx.turns.open_of_goal(goal.id)) for goal in tx.goals.all()}
        claims, asked = ground.claims(), len(ground.server.asked)
        ground.server.play("latency_ms=100-400")
        resumed = ground.until_claimed(claims)
        ground.come_to_rest()
        order = _order(ground, asked)
        minute = max((_within(probes, start, 60) for start in probes if start >= 60), default=0)
        oldest_first = sorted(order, key=since.__getitem__)
        overtaken = max((abs(place - oldest_first.index(goal)) for place, goal in enumerate(order)), default=0)
        return [
            Row(
                f"the API away for {minutes:g} minutes, {goals} goals",
                f"{ground.score()}; {len(waiting)} waited; most attempts used: {attempts}; work went on after {resumed:.1f} s",
                "tasks wait, 0 attempts used, resumed by itself",
                lost=ground.lost(),
                kept=attempts == 0,
                broken=ground.broken(),
            ),
            Row(
                "  probes while it is away",
                f"{len(probes)} in all, {_within(probes, 0, 60)} in the first minute, at most {minute} in any later one",
                f"at most {_PROBES_A_MINUTE} a minute",
                kept=minute <= _PROBES_A_MINUTE,
            ),
            Row(
                "  order of resumption",
                f"first asked for: {', '.join(order)}",
                f"what waited longest first, {_SIDE_BY_SIDE} side by side",
                kept=overtaken < _SIDE_BY_SIDE,
            ),
        ]


def _unlisted(ground: Ground) -> int:
    """Requests beyond the ledger's rows: retries of the SDK's or of anybody else who does not say so."""
    with ground.place.record() as tx:
        calls = [call for goal in tx.goals.all() for call in tx.calls.of_goal(goal.id)]
    listed = Counter(call.key.rpartition(":")[2] for call in calls if call.state is not CallState.RESERVED)
    asked = Counter(exchange.digest for exchange in ground.server.asked)
    return (asked - listed).total()


def _order(ground: Ground, since: int) -> list[str]:
    """The goals in the order in which the service was first asked for each after *since* requests."""
    with ground.place.record() as tx:
        of = {call.key.rpartition(":")[2]: goal.id for goal in tx.goals.all() for call in tx.calls.of_goal(goal.id)}
    return list(dict.fromkeys(of[exchange.digest] for exchange in ground.server.asked[since:]))


def _within(moments: list[float], start: float, seconds: float) -> int:
    return sum(start <= moment < start + seconds for moment in moments)


def _pause_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.time()))
