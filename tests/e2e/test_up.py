"""The team that stays, `up`: started in order, again when killed, stopped in order; whoever is killed, nothing is left."""

import json
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import pytest

from director.claude.rehearsal.asked import Purpose
from director.launcher import state
from director.launcher.state import PartStatus, State, Status
from director.launcher.supervisor import MOST_FAILURES
from director.words.models import Call, Turn
from director.words.states import CallState, GoalState, TurnState
from tests.e2e.installation import Done, Installation, asked, at_once, lines, meant_again, serving, until
from tests.e2e.standing import ORDER, Up, free_port
from tests.e2e.test_worker import ALL, WORDS, kinds

# Some forty programs are started here, which takes as long as the machine is busy.
pytestmark = [pytest.mark.timeout(300), pytest.mark.measured]


@dataclass
class Day:
    """One `up`, whose processes were each killed once with a goal in hand, and which was told to stop twice."""

    first: Status
    mode: int
    second: Done
    listed: Done
    completed: GoalState
    kinds: list[Purpose]
    turn: Turn
    calls: list[Call]
    stopped: Done
    left: list[str]


@dataclass
class Death:
    """A launcher that was killed with a goal in hand, and the next one."""

    killed: Done
    left_by_the_dead: list[str]
    found_by_others: Status | None
    completed: GoalState
    kinds: list[Purpose]
    stopped: Done
    left: list[str]


@dataclass
class Failing:
    """An `up` whose web app cannot come up, and a goal meanwhile."""

    given_up: PartStatus
    goal: Done
    err: str
    down: Done
    stopped: Done
    down_again: Done
    left: list[str]


@dataclass
class Stories:
    """All that happened."""

    day: Day
    death: Death
    failing: Failing


@pytest.fixture(scope="module")
def stories(install: Callable[..., Installation]) -> Stories:
    """Three installations, side by side."""
    places = [install(web_port=str(free_port())) for _ in range(3)]
    for place in places:
        place.add_pipeline("Gnome Page", "copywriting", "page-cro")
    told = at_once(
        day=lambda: a_day(places[0]), death=lambda: a_death(places[1]), failing=lambda: a_failing_part(places[2])
    )
    return Stories(**told)  # type: ignore[arg-type]  # one story each, by name


def a_day(place: Installation) -> Day:
    """
    Kill redis, the clock, the web app and a worker process while a call is on the wire, then the workers' first process. At
    the end stop it twice, while a call is on the wire that would never be answered.
    """
    with serving(late={2: None, 4: 2.0, len(ALL) + 2: None}) as server:
        address = {"anthropic_base_url": server.url}
        up = Up(place, **address)
        up.until_running(*ORDER)
        first, mode = up.status(), (place.state_dir / state.STATUS).stat().st_mode & 0o777
        second, listed = place.run("up", **address), place.run("ps", "--json")
        place.run(*WORDS, "--detach", "--yes", **address)
        asked(server, 2)
        for pid in (up.worker(), *(up.pid(name) for name in ("redis", "clock", "web"))):
            os.kill(pid, signal.SIGKILL)
        up.until_running(*ORDER, restarts=1)
        asked(server, 4)
        os.kill(up.pid("workers"), signal.SIGKILL)
        up.until_running("workers", restarts=2)
        goal = place.until_over("g1")
        made = kinds(server)
        place.run(*WORDS[:-1], "Sell the gnome nobody answers for", "--detach", "--yes", **address)
        asked(server, len(ALL) + 2)
        up.program.send(signal.SIGINT)
        until(lambda: up.part("workers").state is State.STOPPING, "the workers are told to stop")
        meant_again()
        up.program.send(signal.SIGINT)
        stopped = up.program.wait()
        with place.record() as tx:
            (turn,) = tx.turns.open_of_goal("g2")
            calls = tx.calls.of_goal("g2")
        return Day(first, mode, second, listed, goal.state, made, turn, calls, stopped, up.left())


def a_death(place: Installation) -> Death:
    """Kill the launcher while a call is on the wire; start it again, and stop it before all of it runs."""
    with serving(late={2: 2.0}) as server:
        address = {"anthropic_base_url": server.url}
        up = Up(place, **address)
        up.until_running(*ORDER)
        place.run(*WORDS, "--detach", "--yes", **address)
        asked(server, 2)
        up.program.send(signal.SIGKILL)
        killed = up.program.wait()
        found = state.find(place.state_dir)
        until(lambda: not up.left(), "all that it started is gone")
        left = up.left()

        up = Up(place, **address)
        goal = place.until_over("g1")
        up.status()
        up.program.send(signal.SIGTERM)
        return Death(killed, left, found, goal.state, kinds(server), up.program.wait(), up.left())


def a_failing_part(place: Installation) -> Failing:
    """Take the web app's port as soon as `up` has seen that it is free, by somebody who is live as well."""
    up = Up(place)
    up.until_running("redis")
    with listening(int(place.environment()["WEB_PORT"])):
        up.until_running("workers", "clock")
        goal = place.run("goal", "Sell the gnome", "--plan", "template")
        until(lambda: up.part("web").state is State.GIVEN_UP, "the web app is given up")
        given_up, err = up.part("web"), up.program.err
    down = place.run("down")
    stopped = up.program.wait()
    return Failing(given_up, goal, err, down, stopped, place.run("down"), up.left())


def test_everything_is_started_in_order(stories: Stories) -> None:
    """Redis, the workers, the clock, the web app: each when the one before is ready."""
    running = [said.split()[0].rstrip(":") for said in of_up(stories.day.stopped.err) if "running" in said]

    assert running[:4] == ORDER
    assert [(part.name, part.state, part.restarts) for part in stories.day.first.parts] == [
        (name, State.RUNNING, 0) for name in ORDER
    ]


def test_the_first_screen_says_what_a_person_has_to_know(stories: Stories) -> None:
    """Where to look, how to give a goal, whether that is paid, what a month may cost, how to stop."""
    paid, rehearsed = stories.day.stopped.out, stories.failing.stopped.out

    for said in (paid, rehearsed):
        assert "/ in a browser" in said
        assert 'director goal "' in said
        assert "$1000.00" in said
        assert "Ctrl-C" in said
        assert "starts nothing: all schedules are off" in said
    assert "is paid" in paid
    assert "nothing is paid" in rehearsed


def test_a_second_up_says_who_is_up(stories: Stories) -> None:
    """One sentence with the process and since when, exit code 1, and nothing is started."""
    second, first = stories.day.second, stories.day.first

    assert (second.code, second.out, len(lines(second.err))) == (1, "", 1)
    assert f"process {first.pid}, since {first.since:%Y-%m-%d %H:%M} UTC" in second.err


def test_ps_says_what_runs(stories: Stories) -> None:
    """Each part with its process, its starts again and its memory; the status is its owner's alone."""
    document = stories.day.listed.document

    assert document["up"] is True
    assert [row["name"] for row in document["parts"]] == ["up", *ORDER]
    assert {row["state"] for row in document["parts"]} == {"running"}
    assert all(row["memory_bytes"] > 2**20 for row in document["parts"])
    assert stories.day.mode == 0o600


def test_a_goal_is_completed_whoever_is_killed(stories: Stories) -> None:
    """What is killed is started again, and only the call that died with its worker is asked again."""
    assert stories.day.completed is GoalState.COMPLETED
    assert stories.day.kinds == [*ALL[:2], *ALL[1:]]


def test_stopping_goes_in_the_reverse_order_and_leaves_nothing(stories: Stories) -> None:
    """A signal is how it is meant to end: exit code 0, no traceback; the web app is over before the workers are told."""
    stopped = stories.failing.stopped

    assert stopped.code == stories.death.stopped.code == stories.day.stopped.code == 0
    assert "Stopping web, clock, workers, redis" in stopped.err
    assert "Traceback" not in stopped.err
    said = stories.day.stopped.err
    assert said.rindex("Shutting down: Master") < said.rindex("Stopping worker process")
    assert stories.day.left == stories.death.left == stories.failing.left == []


def test_a_launcher_that_is_killed_leaves_nothing(stories: Stories) -> None:
    """
    Its processes end as if they were told to: the call on the wire is kept, and the last of them ends Redis. What it wrote of
    itself is believed by nobody.
    """
    assert stories.death.killed.code == -signal.SIGKILL
    assert stories.death.left_by_the_dead == []
    assert stories.death.found_by_others is None


def test_a_goal_goes_on_when_the_next_launcher_starts(stories: Stories) -> None:
    """Nobody has to give it again, and nothing is asked twice."""
    assert stories.death.completed is GoalState.COMPLETED
    assert stories.death.kinds == ALL


def test_a_second_signal_ends_calls_and_loses_nothing(stories: Stories) -> None:
    """The turn goes back with no attempt used; exit code 0, nothing left."""
    day = stories.day

    assert day.stopped.code == 0
    assert "ended at once" in day.stopped.err
    assert day.turn.state in (TurnState.QUEUED, TurnState.DISPATCHED)
    assert (day.turn.attempts, day.turn.crashes, day.turn.owner) == (0, 0, None)
    assert [call.state for call in day.calls] == [CallState.LOST]


def test_a_part_that_keeps_failing_is_given_up_and_the_rest_goes_on(stories: Stories) -> None:
    """Its own words say why; a goal is completed meanwhile."""
    failing = stories.failing

    assert failing.given_up.restarts == MOST_FAILURES - 1
    assert "WEB_PORT has to be a port that is free" in failing.given_up.why
    assert f"web ended {MOST_FAILURES} times in a row before it was ready, and is given up" in failing.err
    assert failing.goal.code == 0


def test_down_waits_until_everything_is_stopped(stories: Stories) -> None:
    """And is content where nothing is up."""
    failing = stories.failing

    assert (failing.down.code, lines(failing.down.out)[-1]) == (0, "Stopped.")
    assert "Stopping workers." in failing.down.err
    assert failing.stopped.code == 0
    assert (failing.down_again.code, lines(failing.down_again.out)[-1]) == (0, "Nothing was up.")


def test_a_port_that_is_taken_is_said_before_anything_starts(install: Callable[..., Installation]) -> None:
    """One sentence, exit code 1."""
    place = install(web_port=str(port := free_port()))
    with listening(port):
        done = place.run("up")

    assert (done.code, done.out, len(lines(done.err))) == (1, "", 1)
    assert "WEB_PORT" in done.err
    assert place.left_running() == []


def test_a_wrong_setting_is_said_before_anything_starts(install: Callable[..., Installation]) -> None:
    """One sentence, exit code 1, and no workspace is made."""
    place = install()
    done = place.run("up", max_parallel_agents="many")

    assert (done.code, done.out, len(lines(done.err))) == (1, "", 1)
    assert "MAX_PARALLEL_AGENTS" in done.err


def test_nothing_is_up_where_nothing_was_started(install: Callable[..., Installation]) -> None:
    """`ps` says so and makes no workspace."""
    place = install()
    said, document = place.run("ps"), place.run("ps", "--json").document

    assert (said.code, said.err) == (0, "")
    assert "Nothing is up" in said.out
    assert document == {"up": False, "parts": []}
    assert not place.workspace.exists()


def of_up(said: str) -> list[str]:
    """What the launcher itself said."""
    documents = [json.loads(line) for line in said.splitlines()]
    return [one["event"] for one in documents if one["process"] == "up"]


@contextmanager
def listening(port: int) -> Iterator[None]:
    """Somebody listens there, and answers as a web app that is live."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()

        def answer() -> None:
            while True:
                try:
                    line, _ = taken.accept()
                except OSError:
                    return
                with line, suppress(OSError):
                    line.recv(1000)
                    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield
        taken.shutdown(socket.SHUT_RDWR)  # ends the wait of `accept`
        thread.join()
