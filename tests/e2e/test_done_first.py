"""A goal's program is done while it works on a call of another goal, whose own program waits for that."""

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from director.claude.rehearsal.asked import understand
from director.claude.rehearsal.service import Reply, Trouble
from director.words.models import Call, Turn
from director.words.states import CallState, GoalState, TurnState
from tests.e2e.installation import Done, Installation, Program, at_once, lines, meant_again, until
from tests.messages_server import MessagesServer

WORDS = ("pipeline", "Gnome Page")
OTHER, OWN = "Sell the singing gnome", "Win back lapsed gnome owners"

WAITS = "Finishing a call of g1 first (Ctrl-C leaves it to others)."
STOPS = "Stopping: the call may finish (30 s at most); Ctrl-C again ends it. Nothing is lost."


@dataclass(frozen=True, slots=True)
class Story:
    """How the program left, what it left of the other goal, g1, and how often each request of that came in the end."""

    done: Done
    state: GoalState  #: Of its own goal, g2.
    turn: Turn  #: The other goal's, which it had in hand.
    call: Call
    left: list[str]
    often: list[int]


def told(place: Installation, *signals: signal.Signals, hasty: bool) -> Story:
    """
    Hand one goal in, give another, and hold the first one's answers back until the program waits for nothing else.

    Without *signals* the answer comes then; else it never does.
    """
    place.add_pipeline("Gnome Page", "copywriting", "page-cro")
    alone = threading.Event()

    def answer(document: dict[str, Any]) -> Reply | None:
        if understand(document).text("goal").strip() != OTHER or alone.is_set():
            return None
        if signals:
            return replace(server.rehearsal.reply(document), fault=Trouble.HANG)
        alone.wait()
        return None

    with MessagesServer(front=answer) as server:
        try:
            address = {"anthropic_base_url": server.url}
            place.run(*WORDS, OTHER, "--detach", **address)
            program = (place.start_hasty if hasty else place.start)(*WORDS, OWN, **address)
            says(program, WAITS)
        finally:
            alone.set()
        for n, number in enumerate(signals):
            if n:
                says(program, STOPS)
                meant_again()
            program.send(number)
        done, left = program.wait(), place.left_running()
        with place.record() as tx:
            state = tx.goals.get("g2").state
            turn, call = (
                next(turn for turn in tx.turns.of_goal("g1") if turn.verb == "draft"),
                tx.calls.of_goal("g1")[0],
            )
        place.run("watch", "g1", **address)
        return Story(done, state, turn, call, left, list(server.rehearsal.asked.values()))


def says(program: Program, sentence: str) -> None:
    """Wait until it says so."""
    until(lambda: sentence in program.err or program.ended, f"it says: {sentence}")
    assert sentence in program.err, program.err


@pytest.fixture(scope="module")
def stories(install: Callable[..., Installation]) -> dict[str, Story]:
    """The same two goals, left in three ways."""
    places = [install() for _ in range(3)]
    return at_once(
        unasked=lambda: told(places[0], hasty=True),
        once=lambda: told(places[1], signal.SIGINT, hasty=True),
        twice=lambda: told(places[2], signal.SIGINT, signal.SIGINT, hasty=False),
    )


def test_it_finishes_the_call_however_long_that_takes(stories: dict[str, Story]) -> None:
    """Nobody told it to stop, so there is no closing time: the call is paid once, and its answer is kept."""
    story = stories["unasked"]

    assert (story.turn.state, story.turn.attempts) == (TurnState.DONE, 0)
    assert story.call.state is CallState.ANSWERED
    assert story.often == [1] * 10


def test_it_says_what_it_stays_for(stories: dict[str, Story]) -> None:
    """One line, after the result."""
    assert lines(stories["unasked"].done.err) == [WAITS]
    assert "reports/g2.md" in stories["unasked"].done.out


@pytest.mark.parametrize("name", ["once", "twice"])
def test_whoever_does_not_want_to_wait_tells_it_to_stop(stories: dict[str, Story], name: str) -> None:
    """A signal begins the closing time, a second one ends it; the other goal's turn goes back, no attempt used."""
    story = stories[name]

    assert lines(story.done.err) == [WAITS, STOPS]
    assert story.turn.state in (TurnState.QUEUED, TurnState.DISPATCHED)
    assert (story.turn.attempts, story.turn.crashes) == (0, 0)
    assert story.call.state is CallState.LOST
    assert sorted(story.often) == [1] * 9 + [2]


@pytest.mark.parametrize("name", ["unasked", "once", "twice"])
def test_its_own_goal_is_done(stories: dict[str, Story], name: str) -> None:
    """Whatever became of the other one; and nothing is left running."""
    story = stories[name]

    assert (story.done.code, story.state, story.left) == (0, GoalState.COMPLETED, [])
