"""A worker that does not consume the queue of the bells: nobody waits for it unknowingly."""

import signal
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from director.words.states import TurnState
from tests.e2e.installation import Done, Installation

pytestmark = pytest.mark.measured


@dataclass(frozen=True, slots=True)
class Story:
    """What was said while the only worker was one of `-Q default`."""

    worker: str
    detached: Done
    status: Done
    stuck: Done
    watched: Done
    stuck_after: Done


@pytest.fixture(scope="module")
def story(install: Callable[..., Installation]) -> Story:
    """A goal is handed in, looked at, and watched."""
    place = install()
    place.add_pipeline("Gnome Page", "copywriting")
    worker = place.start_worker("-Q", "default")
    place.until(lambda tx: tx.presence.without_queue(), "the worker is there")
    detached = place.run("pipeline", "Gnome Page", "Sell the singing gnome", "--detach")
    place.until(
        lambda tx: [turn for turn in tx.turns.of_goal("g1") if turn.state is TurnState.DISPATCHED], "its bell is rung"
    )
    status, stuck = place.run("status"), place.run("status", "--stuck")
    watched = place.run("watch", "g1")
    stuck_after = place.run("status", "--stuck")
    worker.send(signal.SIGTERM)
    worker.wait()
    return Story(worker.err, detached, status, stuck, watched, stuck_after)


def says_what_to_do(text: str) -> bool:
    """Whether it names the queue and the command, however the lines fold."""
    words = " ".join(text.split())
    return "does not consume the queue 'turns'" in words and "dramatiq actors`, without -Q or with `-Q turns`" in words


def test_the_worker_says_that_no_turn_reaches_it(story: Story) -> None:
    """As it starts, in one line."""
    assert story.worker.count("does not consume the queue") == 1


def test_who_hands_a_goal_in_is_told(story: Story) -> None:
    """The id is all there is on standard output."""
    assert (story.detached.code, story.detached.out) == (0, "g1\n")
    assert says_what_to_do(story.detached.err)


def test_it_is_no_worker_that_works(story: Story) -> None:
    """`status` counts it apart, with what to do."""
    assert "No worker is running" in story.status.out
    assert "Worker processes that hear no bells: 1" in story.status.out
    assert says_what_to_do(story.status.out)


def test_an_unheard_bell_is_stuck(story: Story) -> None:
    """With the reason; a script sees it by the exit code."""
    assert story.stuck.code == 1
    assert "does not consume" in " ".join(story.stuck.out.split())
    assert "Nothing is stuck." not in story.stuck.out


def test_who_watches_is_told_and_does_the_work(story: Story) -> None:
    """As where no worker is running at all."""
    assert story.watched.code == 0
    assert says_what_to_do(story.watched.err)
    assert "completed" in story.watched.out
    assert story.stuck_after == Done(0, "Nothing is stuck.\n", "")
