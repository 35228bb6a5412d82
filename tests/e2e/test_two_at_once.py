"""Two people, one workspace: goals run side by side without disturbing each other."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from director.claude.rehearsal.asked import understand
from director.words.states import GoalState
from tests.e2e.installation import Done, Installation, lines, serving

GOALS = ("Sell the singing gnome", "Win back lapsed gnome owners")


@dataclass(frozen=True, slots=True)
class Story:
    """Two goals given at the same moment, without a worker."""

    place: Installation
    done: list[Done]
    asked_for: Counter[str]  #: How often each goal's words came over the wire.
    most_often: int


@pytest.fixture(scope="module")
def story(install: Callable[..., Installation]) -> Story:
    """Both programs start before either is done: the first answers take long enough for that."""
    place = install()
    place.add_pipeline("Gnome Page", "copywriting", "page-cro")
    with serving("latency_ms=150") as server:
        both = [place.start("pipeline", "Gnome Page", goal, "--yes", anthropic_base_url=server.url) for goal in GOALS]
        done = [program.wait() for program in both]
        goals = Counter(understand(exchange.document).text("goal").strip() for exchange in server.asked)
        return Story(place, done, goals, max(server.rehearsal.asked.values()))


def test_both_complete(story: Story) -> None:
    """Each program follows its own goal to the end and says nothing of the other's."""
    assert [done.code for done in story.done] == [0, 0]
    assert [line for done in story.done for line in lines(done.err)] == []
    assert {goal.text: goal.state for goal in story.place.goals()} == dict.fromkeys(GOALS, GoalState.COMPLETED)
    for done in story.done:
        assert (GOALS[0] in done.out) != (GOALS[1] in done.out)


def test_neither_pays_for_the_other(story: Story) -> None:
    """Two processes that look into one mailbox ask each call once: two drafts, reviews and edits, and a conclusion, a goal."""
    assert story.asked_for == dict.fromkeys(GOALS, 7)
    assert story.most_often == 1


def test_nothing_is_left_running(story: Story) -> None:
    """The first brought the server, the last ended it."""
    assert story.place.left_running() == []
