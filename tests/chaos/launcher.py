"""The team that stays: each of its processes killed in turn, then the launcher, again and again, while goals go on."""

import os
import signal
import time
from contextlib import suppress

from tests.chaos.bench import CALLS, LONGEST_S, PIPELINE, Bench, Crew, Ground, Row
from tests.e2e.installation import Installation, until
from tests.e2e.standing import ORDER, Up, free_port
from tests.messages_server import MessagesServer


def everything_killed(bench: Bench) -> list[Row]:
    """Kill -9 Redis, the workers, the process below them, the clock and the web app, each once it runs; then the launcher."""
    rounds, goals = bench.some(5), bench.some(20, least=2)
    wrong: list[str] = []
    gone_s: list[float] = []
    with (
        MessagesServer(f"latency_ms=200-2000 seed={bench.seed}") as server,
        Installation(
            bench.folder / "launcher", anthropic_base_url=server.url, web_port=str(free_port()), log_level="warning"
        ) as place,
    ):
        place.add_pipeline(PIPELINE, "copywriting", "page-cro")
        ground = Ground(
            place, server, Crew(place, 0), bench.chance("launcher"), lambda text: bench.tell(f"launcher: {text}")
        )
        up = Up(place)
        up.until_running(*ORDER)
        ground.hand_in(goals)
        for number in range(1, rounds + 1):
            ground.until_answers(CALLS * goals // (2 * rounds))
            for name in (*ORDER, "a worker"):
                part = name if name in ORDER else "workers"
                again = up.part(part).restarts + 1
                os.kill(up.pid(part) if name in ORDER else up.worker(), signal.SIGKILL)
                up.until_running(part, restarts=again)
            up.program.send(signal.SIGKILL)
            killed_at = time.monotonic()
            with suppress(AssertionError):
                until(lambda up=up: not up.left(), "nothing is left", LONGEST_S)  # type: ignore[misc]
            gone_s.append(time.monotonic() - killed_at)
            wrong += [f"left running after round {number}: {left}" for left in up.left()]
            ground.tell(f"round {number} of {rounds}, {ground.answers()} answers")
            up = Up(place)
            up.until_running(*ORDER)
        ground.come_to_rest()
        up.program.send(signal.SIGTERM)
        code = up.program.wait().code
        wrong += [f"the last launcher went with exit code {code}"] if code else []
        wrong += [f"left running at the end: {left}" for left in up.left()]
        return [
            Row(
                f"kill -9 of each process of `up`, and of the launcher, {rounds} times over {goals} goals",
                f"{ground.score()}; {ground.answers()} answers bought; all gone {max(gone_s):.1f} s after the launcher",
                "all completed; nothing made twice, no process left",
                lost=ground.lost(),
                broken=[*wrong, *ground.broken()],
            )
        ]
