"""Ctrl-C, a second one, `kill`, `kill -9`: a goal that was stopped goes on where it was, and nothing is bought twice."""

import fcntl
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from director.claude.rehearsal.asked import Purpose, understand
from director.redis.embedded import START
from director.words.states import CallState, GoalState
from tests.e2e.installation import Done, Installation, Program, asked, at_once, meant_again, serving, until
from tests.messages_server import MessagesServer

pytestmark = pytest.mark.alone  # a program's end is timed here

#: Requests of a pipeline of two: draft, review and edits, twice, and the conclusion.
ALL = [*[Purpose.DRAFT, Purpose.REVIEW, Purpose.EDITS] * 2, Purpose.CONCLUSION]


@dataclass(frozen=True, slots=True)
class Story:
    """A goal that was stopped at its second request, and what became of it when somebody watched it."""

    place: Installation
    stopped: Done
    held: GoalState  #: How the goal stood while nobody worked on it.
    asked_before: int
    left: list[str]  #: What still ran when the program was gone.
    resumed: Done
    kinds: list[Purpose]  #: Every request, of both programs.
    often: list[int]  #: How often each different request came, in the order they came first.
    reached: bool  #: Whether the second request, the one on the wire, was answered.
    seconds: float  #: From the last signal to the end.


def told(place: Installation, *signals: signal.Signals, late: float | None) -> Story:
    """Start a goal, send the signals while its second call is on the wire, look around, and watch it to the end."""
    place.add_pipeline("Gnome Page", "copywriting", "page-cro")
    with serving(late={2: late}) as server:
        program = place.start(
            "pipeline", "Gnome Page", "Sell the singing gnome", "--yes", anthropic_base_url=server.url
        )
        asked(server, 2)
        program.send(signals[0])
        for again in signals[1:]:
            until(lambda: "Stopping" in program.err, "the program says that it stops")
            meant_again()
            program.send(again)
        sent = time.monotonic()
        stopped = program.wait()
        seconds = time.monotonic() - sent
        before, held, left = len(server.asked), place.goals()[0].state, place.left_running()
        resumed = place.run("watch", "g1", anthropic_base_url=server.url)
        kinds = [understand(exchange.document).purpose for exchange in server.asked]
        reached = server.asked[1].status == 200
        return Story(place, stopped, held, before, left, resumed, kinds, _often(server), reached, seconds)


@pytest.fixture(scope="module")
def stories(install: Callable[..., Installation]) -> dict[str, Story]:
    """The same goal, stopped in five ways."""
    places = [install() for _ in range(5)]
    once, twice, term, shut, kill = places
    return at_once(
        interrupted=lambda: told(once, signal.SIGINT, late=2.0),
        twice=lambda: told(twice, signal.SIGINT, signal.SIGINT, late=None),
        terminated=lambda: told(term, signal.SIGTERM, late=2.0),
        hung_up=lambda: told(shut, signal.SIGHUP, late=2.0),
        killed=lambda: told(kill, signal.SIGKILL, late=None),
    )


@pytest.mark.parametrize("name", ["interrupted", "terminated", "hung_up"])
def test_a_first_signal_lets_the_call_on_the_wire_finish(stories: dict[str, Story], name: str) -> None:
    """Ctrl-C, SIGTERM, a closed terminal: what was paid for is kept, no new call is made, and a person is told how to go on."""
    story = stories[name]

    assert story.reached
    assert story.asked_before == 2
    assert "watch g1" in story.stopped.err
    assert "Traceback" not in story.stopped.err


@pytest.mark.parametrize("name", ["interrupted", "terminated", "hung_up"])
def test_what_was_answered_is_not_asked_again(stories: dict[str, Story], name: str) -> None:
    """After Ctrl-C the goal goes on behind the last answer: each request of it comes once, whichever program asks."""
    story = stories[name]

    assert story.kinds == ALL
    assert story.often == [1] * len(ALL)


def test_a_second_signal_ends_at_once(stories: dict[str, Story]) -> None:
    """Who presses Ctrl-C again does not wait for the call, which would have had half a minute more."""
    story = stories["twice"]

    assert not story.reached
    assert story.asked_before == 2
    assert story.seconds < 15


@pytest.mark.parametrize("name", ["twice", "killed"])
def test_only_the_call_that_was_cut_is_asked_again(stories: dict[str, Story], name: str) -> None:
    """Whatever ends the program, answers that came are kept: the one request without an answer is the one that is repeated."""
    story = stories[name]

    assert story.often == [1, 2, *[1] * (len(ALL) - 2)]


@pytest.mark.parametrize("name", ["twice", "killed"])
def test_a_call_that_may_be_paid_is_listed(stories: dict[str, Story], name: str) -> None:
    """A request that left and brought no answer is counted at its worst case, and the report says so."""
    place = stories[name].place
    with place.record() as tx:
        lost = [call.purpose for call in tx.calls.of_goal("g1") if call.state is CallState.LOST]
    report = (place.workspace / "reports" / "g1.md").read_text(encoding="utf-8")

    assert lost == ["review"]
    assert "1 of the calls may have been paid without an answer" in report


@pytest.mark.parametrize("name", ["interrupted", "twice", "terminated", "hung_up", "killed"])
def test_watch_completes_it(stories: dict[str, Story], name: str) -> None:
    """However a goal was stopped, it is still open, and `watch` brings it to its end."""
    story = stories[name]

    assert story.held is GoalState.RUNNING
    assert story.resumed.code == 0
    assert [goal.state for goal in story.place.goals()] == [GoalState.COMPLETED]
    assert (story.place.workspace / "reports" / "g1.md").is_file()


def test_the_exit_code_says_that_it_is_not_completed(stories: dict[str, Story]) -> None:
    """A goal that was stopped is no success; SIGTERM and SIGHUP end like Ctrl-C, whose code is 128 and the signal."""
    codes = {name: story.stopped.code for name, story in stories.items()}

    assert codes == {"interrupted": 130, "twice": 130, "terminated": 130, "hung_up": 130, "killed": -signal.SIGKILL}


def test_a_signal_leaves_nothing_running(stories: dict[str, Story]) -> None:
    """The program takes its server along, unless it is killed without a chance to."""
    left = {name: story.left for name, story in stories.items()}

    assert left == {"interrupted": [], "twice": [], "terminated": [], "hung_up": [], "killed": ["the embedded server"]}


def test_the_next_to_leave_takes_along_what_a_killed_one_left(stories: dict[str, Story]) -> None:
    """After `watch` nothing runs any more, also not the server the killed program had started."""
    assert [story.place.left_running() for story in stories.values()] == [[]] * len(stories)


@contextmanager
def starting(place: Installation) -> Iterator[tuple[Program, Callable[[], None]]]:
    """A program that listens to signals and hangs while it starts; and what lets it go on."""
    place.state_dir.mkdir(parents=True)
    with (place.state_dir / START).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        program = place.start("goal", "Sell the singing gnome")
        until(lambda: _listens(program) or program.ended, "it listens to signals")
        yield program, lambda: fcntl.flock(lock, fcntl.LOCK_UN)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not say who listens to what")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_is_told_to_stop_while_it_starts_begins_nothing(
    install: Callable[..., Installation], number: signal.Signals
) -> None:
    """It leaves as soon as it can do so in order; no goal was made."""
    place = install()
    with starting(place) as (program, go_on):
        program.send(number)
        go_on()
        stopped = program.wait()

    assert stopped == Done(130, "", "")
    assert (place.goals(), place.left_running()) == ([], [])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not say who listens to what")
def test_a_start_that_hangs_ends_when_it_is_told_again(install: Callable[..., Installation]) -> None:
    """Whatever it waits for; it has nothing in hand yet, and says so."""
    place = install()
    with starting(place) as (program, _):
        # Nothing is heard of the first one, so whoever means it says it until it helps.
        until(lambda: program.ended or program.send(signal.SIGINT), "it ends")
        stopped = program.wait()

    assert stopped.code == 130
    assert "nothing is lost" in stopped.err
    assert place.goals() == []


def _listens(program: Program) -> bool:
    """Whether it catches SIGHUP, which Python does not by itself."""
    status = Path(f"/proc/{program.pid}/status").read_text(encoding="ascii")
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught, 16) >> signal.SIGHUP - 1 & 1)


def _often(server: MessagesServer) -> list[int]:
    """How often each different request came; a Counter keeps the order in which they came first."""
    return list(server.rehearsal.asked.values())
