"""A standing worker, `dramatiq actors`: goals are handed in, followed, cancelled, and survive its death."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest

from director.claude.rehearsal.asked import Purpose, understand
from director.store.tx import Tx
from director.words.models import Call, Turn
from director.words.states import CallState, GoalState, TurnState
from tests.e2e.installation import Done, Installation, asked, at_once, lines, meant_again, serving, until
from tests.messages_server import MessagesServer

pytestmark = pytest.mark.measured

WORDS = ("pipeline", "Gnome Page", "Sell the singing gnome")

#: Requests of a pipeline of two: draft, review and edits, twice, and the conclusion.
ALL = [*[Purpose.DRAFT, Purpose.REVIEW, Purpose.EDITS] * 2, Purpose.CONCLUSION]


@dataclass(frozen=True, slots=True)
class Day:
    """What a worker did in its life, from the first goal to SIGTERM."""

    detached: Done
    watched: Done
    followed: Done
    strangers: set[int]  #: Processes besides the worker's that did turns of these goals.
    held: Done  #: Cancelling a goal whose call would never be answered.
    left_at: float | None  #: When that call was given up.
    watched_cancelled: Done
    stopped: Done
    left: list[str]


@dataclass(frozen=True, slots=True)
class Death:
    """A worker that was killed in the middle of a call, and what became of the goal."""

    place: Installation
    followed: Done
    kinds: list[Purpose]
    most_often: list[int]


@dataclass(frozen=True, slots=True)
class Hurry:
    """A worker that was told to stop twice in the middle of a call, and what the next process found."""

    stopped: Done
    left: list[str]
    turn: Turn
    calls: list[Call]


@dataclass(frozen=True, slots=True)
class Stop:
    """A worker whose whole process group was told to stop, as systemd does it, in the middle of a call."""

    stopped: Done
    calls: list[Call]


@dataclass(frozen=True, slots=True)
class Stories:
    """All that happened."""

    day: Day
    hurry: Hurry
    stop: Stop
    taken_over: Death  #: `goal` followed, and no worker came back.
    restarted: Death  #: Nobody followed, and a worker was started again.


@pytest.fixture(scope="module")
def stories(install: Callable[..., Installation]) -> Stories:
    """Five installations, side by side."""
    places = [install() for _ in range(5)]
    for place in places:
        place.add_pipeline("Gnome Page", "copywriting", "page-cro")
    told = at_once(
        day=lambda: a_day(places[0]),
        taken_over=lambda: a_death(places[1], restarted=False),
        restarted=lambda: a_death(places[2], restarted=True),
        hurry=lambda: a_hurry(places[3]),
        stop=lambda: a_stop(places[4]),
    )
    return Stories(**told)  # type: ignore[arg-type]  # one story each, by name


def a_day(place: Installation) -> Day:
    """Hand one goal in and watch it, follow another, cancel a third, then stop the worker."""
    with serving(late={2 * len(ALL) + 1: None}) as server:
        address = {"anthropic_base_url": server.url}
        worker = place.worker(**address)
        detached = place.run(*WORDS, "--detach", "--yes", **address)
        watched = place.run("watch", "g1", **address)
        followed = place.run("pipeline", "Gnome Page", "Sell the mute gnome", "--yes", **address)
        with place.record() as tx:
            strangers = _processes(tx, "g1", "g2") - set(worker.family())
        place.run(*WORDS[:-1], "Sell the gnome nobody answers for", "--detach", "--yes", **address)
        asked(server, 2 * len(ALL) + 1)
        held = place.run("cancel", "g3")
        left_at = until(lambda: server.asked[2 * len(ALL)].left_at, "the call is given up")
        watched_cancelled = place.run("watch", "g3", **address)
        worker.send(signal.SIGTERM)
        stopped = worker.wait()
        return Day(
            detached, watched, followed, strangers, held, left_at, watched_cancelled, stopped, place.left_running()
        )


def a_death(place: Installation, *, restarted: bool) -> Death:
    """Kill worker and all while the second call is on the wire."""
    with serving(late={2: None}) as server:
        address = {"anthropic_base_url": server.url}
        worker = place.worker(**address)
        goal = place.start(*WORDS, "--yes", *(["--detach"] if restarted else []), **address)
        asked(server, 2)
        worker.kill_all()
        if restarted:
            worker = place.worker(**address)
            place.until_over("g1")
            worker.send(signal.SIGTERM)
            worker.wait()
        return Death(place, goal.wait(), kinds(server), list(server.rehearsal.asked.values()))


def a_hurry(place: Installation) -> Hurry:
    """Tell a worker to stop, and once more while it lets its call finish, which would never be answered."""
    with serving(late={2: None}) as server:
        address = {"anthropic_base_url": server.url}
        worker = place.worker(**address)
        place.run(*WORDS, "--detach", "--yes", **address)
        asked(server, 2)
        worker.send(signal.SIGTERM)
        until(lambda: "Stopping worker process" in worker.err, "the worker says that it stops")
        meant_again()
        worker.send(signal.SIGTERM)
        stopped, left = worker.wait(), place.left_running()
        with place.record() as tx:
            turn = next(turn for turn in tx.turns.of_goal("g1") if turn.verb == "review")
            return Hurry(stopped, left, turn, tx.calls.of_goal("g1"))


def a_stop(place: Installation) -> Stop:
    """Tell every process of a worker to stop at once; the one above passes it on, so each worker process is told twice."""
    with serving(late={2: 2.0}) as server:
        address = {"anthropic_base_url": server.url}
        worker = place.worker(**address)
        place.run(*WORDS, "--detach", "--yes", **address)
        asked(server, 2)
        os.killpg(worker.pid, signal.SIGTERM)
        stopped = worker.wait()
        with place.record() as tx:
            return Stop(stopped, tx.calls.of_goal("g1"))


def test_a_detached_goal_prints_its_id_and_nothing_else(stories: Stories) -> None:
    """`--detach` hands in and returns: `GOAL=$(… --detach)` works, and which workspace it is stands beside."""
    done = stories.day.detached

    assert (done.code, done.out) == (0, "g1\n")
    assert [line.partition(" ")[0] for line in lines(done.err)] == ["Workspace"]


def test_watch_follows_a_goal_of_the_worker_to_its_end(stories: Stories) -> None:
    """Whoever watches sees it completed, and where its files are; exit code 0 means completed."""
    watched = stories.day.watched

    assert (watched.code, watched.err) == (0, "")
    assert "reports/g1.md" in watched.out


def test_a_goal_is_handed_to_the_worker_and_followed(stories: Stories) -> None:
    """While a worker runs, `goal` does nothing of the work itself."""
    followed = stories.day.followed

    assert (followed.code, followed.err) == (0, "")
    assert "g2  completed" in followed.out
    assert stories.day.strangers == set()


def test_a_cancel_reaches_the_call_on_the_wire(stories: Stories) -> None:
    """The worker hangs up on the model within seconds, though no answer would ever have come."""
    assert stories.day.held.code == 0
    assert stories.day.held.err == ""
    assert stories.day.left_at is not None


def test_a_cancelled_goal_is_no_success(stories: Stories) -> None:
    """Watching it returns at once, says what it is, and exits with 1."""
    watched = stories.day.watched_cancelled

    assert watched.code == 1
    assert "cancelled" in watched.out


def test_a_stopped_worker_exits_with_0_and_leaves_nothing(stories: Stories) -> None:
    """SIGTERM is how a worker is meant to end."""
    assert stories.day.stopped.code == 0
    assert "Traceback" not in stories.day.stopped.err
    assert stories.day.left == []


def test_a_second_signal_ends_calls_and_counts_no_crash(stories: Stories) -> None:
    """The turn goes back with no attempt used; what may have been paid is listed, as always."""
    turn, calls = stories.hurry.turn, stories.hurry.calls

    assert turn.state in (TurnState.QUEUED, TurnState.DISPATCHED)
    assert (turn.attempts, turn.crashes, turn.owner) == (0, 0, None)
    assert [call.state for call in calls] == [CallState.ANSWERED, CallState.LOST]


def test_a_signal_to_all_its_processes_is_one(stories: Stories) -> None:
    """Calls on the wire get the same time as after a signal to the worker alone; none is lost and paid for nothing."""
    assert [call.state for call in stories.stop.calls] == [CallState.ANSWERED, CallState.ANSWERED]
    assert stories.stop.stopped.code == 0


def test_a_second_signal_is_no_failure(stories: Stories) -> None:
    """The worker takes its server along and exits with 0, as after the first one."""
    assert stories.hurry.stopped.code == 0
    assert "Traceback" not in stories.hurry.stopped.err
    assert stories.hurry.left == []


def test_a_worker_told_to_go_and_one_that_lost_a_process_end_with_different_codes(
    install: Callable[..., Installation],
) -> None:
    """Whatever supervises it starts it again after 1, and not after 0, which Ctrl-C gives too."""

    def told() -> int:
        worker = install().worker()
        worker.send(signal.SIGINT)
        return worker.wait().code

    def bereft() -> int:
        place = install()
        worker = place.worker()
        # Before that Dramatiq waits half a minute for the one that will not come.
        until(lambda: "ready for action" in worker.err, "its process works")
        for process in set(worker.family()) - {worker.pid}:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        code = worker.wait().code
        # Whoever works there next takes over what the dead had open, and lets go of it. Not a worker: the dead one counts
        # as there for some seconds, so nobody could tell when the next one is.
        assert place.run("goal", "Sell the gnome of the dead", "--plan", "template").code == 0
        return code

    assert at_once(told=told, bereft=bereft) == {"told": 0, "bereft": 1}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has ended")
def test_a_worker_process_whose_master_is_killed_ends_as_if_it_was_told_to(
    install: Callable[..., Installation],
) -> None:
    """Nobody is above it any more who could tell it anything: it says goodbye, and takes its server along."""
    place = install()
    worker = place.worker()
    # Before that the process waits for its master to hear that it has booted, and would for ever.
    until(lambda: "ready for action" in worker.err, "its process works")
    worker.send(signal.SIGKILL)
    until(lambda: not place.left_running(), "nothing is left")

    with place.record() as tx:
        assert tx.presence.here() == []


def test_who_follows_takes_over_from_a_worker_that_died(stories: Stories) -> None:
    """The follower notices, says so in one line, and completes the goal in its own process."""
    followed = stories.taken_over.followed

    assert followed.code == 0
    assert "completed" in followed.out
    assert len(lines(followed.err)) == 1
    assert "worker" in followed.err


def test_a_worker_that_is_started_again_takes_up_what_the_dead_one_had(stories: Stories) -> None:
    """Nobody has to know which goals were in hand."""
    assert [goal.state for goal in stories.restarted.place.goals()] == [GoalState.COMPLETED]


@pytest.mark.parametrize("name", ["taken_over", "restarted"])
def test_only_the_call_that_died_with_its_worker_is_asked_again(stories: Stories, name: str) -> None:
    """Answers that came before are kept; the one without an answer is repeated once."""
    death: Death = getattr(stories, name)

    assert death.kinds == [*ALL[:2], *ALL[1:]]
    assert death.most_often == [1, 2, *[1] * (len(ALL) - 2)]


@pytest.mark.parametrize("name", ["taken_over", "restarted"])
def test_the_dead_leave_nothing_running(stories: Stories, name: str) -> None:
    """The last to leave ends the server the dead worker had used."""
    death: Death = getattr(stories, name)

    assert death.place.left_running() == []


def kinds(server: MessagesServer) -> list[Purpose]:
    return [understand(exchange.document).purpose for exchange in server.asked]


def _processes(tx: Tx, *goals: str) -> set[int]:
    """Which processes did the turns of the goals; an owner is `host:process:…`."""
    return {int((turn.owner or "").split(":")[1]) for goal in goals for turn in tx.turns.of_goal(goal)}
