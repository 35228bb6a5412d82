"""Workers that die: at random, in the middle of calls; always at the same turn; and some that only seem to be dead."""

import time
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from sqlalchemy import select

from director.mailbox.turns import MOST_ATTEMPTS
from director.store import schema
from director.store.tx import Tx
from director.words.models import Turn
from director.words.states import CallState, GoalState, TurnState
from tests.chaos.bench import CALLS, LONGEST_S, Background, Bench, Ground, Row, process_of, quantile
from tests.e2e.installation import until

_RESUMED_P95_S: Final = 15.0
_RESUMED_MAX_S: Final = 30.0


@dataclass(slots=True)
class _Orphans:
    """Turns that were in the hands of processes that were killed, until somebody claims them again."""

    ground: Ground
    waiting: dict[int, tuple[int, float]] = field(default_factory=dict)  #: turn: its epoch, when its holder was killed
    resumed_s: list[float] = field(default_factory=list)

    def add(self, turns: list[Turn], killed_at: float) -> None:
        """These were in hand."""
        self.waiting |= {turn.id: (turn.epoch, killed_at) for turn in turns}

    def look(self) -> None:
        """Take the time of those that were claimed again, or were done a moment before the kill."""
        if not self.waiting:
            return
        with self.ground.place.record() as tx:
            now, found = time.monotonic(), {ident: tx.turns.get(ident) for ident in list(self.waiting)}
        for ident, turn in found.items():
            epoch, killed_at = self.waiting[ident]
            if turn.epoch > epoch:
                self.resumed_s.append(now - killed_at)
            if turn.epoch > epoch or turn.state is TurnState.DONE:
                del self.waiting[ident]


def worker_killed(bench: Bench) -> list[Row]:
    """
    Kill -9 a worker while it has a call on the wire, again and again, as work progresses.

    A turn that was hit twice is spared: at the third crash the product gives a turn up, which is the scenario below.
    """
    goals, kills = bench.some(100, least=2), bench.some(200, least=2)
    settings = {"max_parallel_agents": "9", "log_level": "warning"}
    with bench.ground("kills", "latency_ms=200-2000", workers=min(3, goals), **settings) as ground:
        orphans = _Orphans(ground)
        ground.hand_in(goals)
        done = 0
        with Background(orphans.look, 0.1):
            while done < kills and not ground.at_rest():
                # As many answers from kill to kill as leave work for the last one.
                left = (CALLS * goals - ground.answers()) // (kills - done)
                ground.until_answers(ground.chance.randint(0, max(0, left)))
                time.sleep(ground.chance.uniform(0, 1))
                victim = until(lambda: _mid_call(ground) or ground.at_rest(), "a call is on the wire", LONGEST_S)
                if victim is True:
                    break
                process, held = ground.chance.choice(victim)
                orphans.add(held, ground.crew.kill(process))
                done += 1
                if done % 10 == 0:
                    ground.tell(f"{done} of {kills} kills, {ground.answers()} answers")
            ground.come_to_rest()
        resumed, broken, lost = orphans.resumed_s, ground.broken(), _count(ground, CallState.LOST)
        p95, most = quantile(resumed, 0.95), max(resumed, default=0.0)
        return [
            Row(
                f"kill -9 of a worker mid-call, {done} times over {goals} goals",
                f"{ground.score()}; {ground.answers()} answers bought, {lost} calls listed as lost",
                "all completed; nothing kept is asked for again, nothing made twice",
                lost=ground.lost(),
                broken=broken,
            ),
            Row(
                "  from the kill to the turn's next claim",
                f"{len(resumed)} turns: p50 {quantile(resumed, 0.5):.1f} s, p95 {p95:.1f} s, max {most:.1f} s",
                f"p95 <= {_RESUMED_P95_S:.0f} s, max <= {_RESUMED_MAX_S:.0f} s",
                kept=p95 <= _RESUMED_P95_S and most <= _RESUMED_MAX_S,
            ),
        ]


def worker_stopped(bench: Bench) -> list[Row]:
    """
    Let a worker stand still while it has a call on the wire, until it is taken for dead and a while longer, and then go on.

    Another may buy what it had on the wire once more, since it cannot know; nobody else may, and everything that was paid is
    counted at what it cost.
    """
    goals, stops = bench.some(10, least=2), bench.some(5)
    settings = {"max_parallel_agents": "6", "log_level": "warning"}
    with bench.ground("stopped", "latency_ms=200-2000", workers=2, **settings) as ground:
        ground.hand_in(goals)
        done = taken = 0
        while done < stops and not ground.at_rest():
            victim = until(lambda: _mid_call(ground) or ground.at_rest(), "a call is on the wire", LONGEST_S)
            if victim is True:
                break
            process, held = ground.chance.choice(victim)
            with ground.crew.stopped(process):
                until(partial(_are_taken, ground, held), "what it has in its hands is taken from it", LONGEST_S)
                time.sleep(ground.chance.uniform(0, 5))
            done, taken = done + 1, taken + len(held)
        ground.come_to_rest()
        broken, lost, twice = ground.broken(), _count(ground, CallState.LOST), _count(ground, CallState.DUPLICATE)
        extra, crashes = len(ground.server.asked) - ground.needed(), ground.crashes()
        return [
            Row(
                f"a worker stands still mid-call until it is taken for dead, {done} times",
                f"{ground.score()}; {extra} answers bought again, {twice} of them listed as such; {lost} calls lost",
                "all completed; all that was paid is counted at what it cost",
                lost=ground.lost(),
                broken=broken,
                kept=done > 0 and extra == twice and not lost,
            ),
            Row(
                f"  of the {taken} turns in its hands",
                f"{extra} asked again, {crashes} crashes counted",
                "each once at most",
                kept=extra <= taken and crashes <= taken,
            ),
        ]


def turn_that_kills(bench: Bench) -> list[Row]:
    """
    One turn takes its process along every time: whoever claims it is killed half a second into its call.

    Nothing the model says can do that, so a killer stands beside it: it watches the record, and whichever process holds that
    one turn dies. To the product it looks the same.
    """
    with bench.ground("poison", "latency_ms=800-1600", log_level="warning") as ground:
        ground.hand_in(bench.some(6, least=3))
        killed = 0
        while (
            holder := until(lambda: _holder(ground, "g1-1") or ground.at_rest(), "it is claimed", LONGEST_S)
        ) is not True:
            time.sleep(0.5)
            ground.crew.kill_process(holder)
            killed += 1
            ground.tell(f"killed {killed} times")
        with ground.place.record() as tx:
            poison = tx.turns.of_goal("g1")[1]
            others = [turn for goal in tx.goals.all() if goal.id != "g1" for turn in tx.turns.of_goal(goal.id)]
            asked = [question.question for question in tx.approvals.open("g1")]
            harmed = [goal for goal in tx.goals.all() if goal.id != "g1" and goal.state is not GoalState.COMPLETED]
        given_up = poison.state is TurnState.FAILED and len(asked) == 1
        return [
            Row(
                "a turn that kills its process every time",
                f"{poison.state} after {killed} kills, {'a person is asked' if asked else 'nobody is asked'}; others: "
                f"{len(harmed)} goals harmed, at most {max(turn.attempts for turn in others)} attempts used",
                f"failed after {MOST_ATTEMPTS}, every other goal completed",
                kept=given_up and killed == MOST_ATTEMPTS and not harmed,
                broken=ground.broken(),
            )
        ]


def _mid_call(ground: Ground) -> list[tuple[int, list[Turn]]]:
    """Processes with a call on the wire whose turns were all spared so far, each with the turns it holds."""
    on_the_wire = {exchange.digest for exchange in list(ground.server.asked) if exchange.on_the_wire}
    with ground.place.record() as tx:
        open_calls = tx.conn.execute(
            select(schema.calls.c.turn, schema.calls.c.key).where(schema.calls.c.state == CallState.RESERVED)
        )
        calling = {turn for turn, key in open_calls if key.rpartition(":")[2] in on_the_wire}
        held = _held(tx)
    found: dict[int, list[Turn]] = {}
    for turn in held:
        found.setdefault(process_of(turn.owner or ""), []).append(turn)
    return [
        (process, turns)
        for process, turns in found.items()
        if ground.crew.has(process)
        and any(turn.id in calling for turn in turns)
        and all(turn.attempts < MOST_ATTEMPTS - 1 for turn in turns)
    ]


def _count(ground: Ground, state: CallState) -> int:
    with ground.place.record() as tx:
        return sum(call.state is state for goal in tx.goals.all() for call in tx.calls.of_goal(goal.id))


def _are_taken(ground: Ground, held: list[Turn]) -> bool:
    """Whether nobody waits any more for whoever held these turns."""
    with ground.place.record() as tx:
        now = [tx.turns.get(turn.id) for turn in held]
    return all(
        turn.state is not TurnState.RUNNING or turn.epoch > was.epoch for turn, was in zip(now, held, strict=True)
    )


def _holder(ground: Ground, subject: str) -> int | None:
    """The process that drafts *subject* now."""
    with ground.place.record() as tx:
        owners = [turn.owner for turn in _held(tx) if turn.subject == subject and turn.verb == "draft"]
    process = process_of(owners[0] or "") if owners else None
    return process if process is not None and ground.crew.has(process) else None


def _held(tx: Tx) -> list[Turn]:
    running = select(schema.turns.c.id).where(schema.turns.c.state == TurnState.RUNNING)
    return [tx.turns.get(ident) for ident in tx.conn.execute(running).scalars().all()]
