"""A goal whose question nobody answered in time, as a person meets it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import pytest

from director.words.states import GoalState
from tests.e2e.installation import Done, Installation, at_once, lines


@dataclass(frozen=True, slots=True)
class Story:
    """A draft that is never good enough; three days later somebody looks, and then watches. No worker runs."""

    place: Installation
    asked: Done
    left: Done  #: `status g1` after the deadline, before anybody worked
    inbox: Done
    watched: Done
    status: Done
    shown: Done
    document: Done
    late: Done  #: an answer after all
    again: Done  #: `watch` of what is over


@pytest.fixture(scope="module")
def story(install: Callable[..., Installation]) -> Story:
    """The whole of it."""
    place = install(rehearsal="stuck=1")

    def say(*words: str) -> Callable[[], Done]:
        return lambda: place.run(*words)

    asked = place.run("pipeline", "Social Week", "Post about gnomes")
    with closing(sqlite3.connect(place.state_dir / "troupe.sqlite")) as record, record:
        record.execute("update approvals set due_at = '2026-01-01T00:00:00.000000Z'")
    before = at_once(left=say("status", "g1"), inbox=say("approvals"))
    watched = place.run("watch", "g1")
    after = at_once(
        status=say("status", "g1"),
        shown=say("show", "a1"),
        document=say("status", "g1", "--json"),
        late=say("approve", "a1"),
        again=say("watch", "g1", "--json"),
    )
    return Story(place, asked, **before, watched=watched, **after)


def flat(done: Done) -> str:
    return " ".join(done.out.split())


def test_it_is_told_before_what_silence_does(story: Story) -> None:
    """Beside the question, with the moment until which it can be answered."""
    assert story.asked.code == 1
    assert "UTC, then it stays a draft, and the goal ends without it)" in flat(story.asked)


def test_a_deadline_in_the_past_is_told_as_one(story: Story) -> None:
    """Nobody worked since: what will come of it is said, and how; no moment that is over is given as one to wait for."""
    said = flat(story.left)

    assert "was due until 2026-01-01 00:00 UTC: it stays a draft, and the goal ends without it" in said
    assert "(until 2026-01-01" not in said
    assert "watch g1` goes on." in said
    assert "2026-01-01 00:00 (passed)" in flat(story.inbox)


def test_watch_applies_what_the_deadline_says(story: Story) -> None:
    """No worker is needed for it. Exit code 1 and one sentence that names what is missing; the report's file is named."""
    watched = story.watched

    assert story.place.goals()[0].state is GoalState.PARTIAL
    assert watched.code == story.again.code == 1
    assert lines(watched.err) == lines(story.again.err) == ["g1 is partial: social-content (g1-1) was not approved."]
    assert "a1 lapsed (nobody answered: it stays a draft, and the goal ends without it)" in flat(watched)
    assert str(story.place.workspace / "reports/g1.md") in watched.out


def test_what_came_of_it_is_told_in_words_everywhere(story: Story) -> None:
    """Nobody is said to have answered, and nothing to be approved."""
    goal = story.document.document["goal"]
    report = (story.place.workspace / "reports/g1.md").read_text()

    assert "g1-1 social-content not approved" in flat(story.status)
    assert "social-content (g1-1) was not approved." in flat(story.status)
    assert (
        "Nobody answered until 2026-01-01 00:00 UTC: it stays a draft, and the goal ends without it." in story.shown.out
    )
    assert "best version" in story.shown.out
    assert (goal["state"], goal["reason"]) == ("partial", "social-content (g1-1) was not approved.")
    assert story.again.document["tasks"][0]["deliverable"] is None
    assert "- Missing: social-content (g1-1) was not approved: nobody answered a1 in time; `show a1`" in report
    assert not list((story.place.workspace / "outputs").rglob("*.md"))


def test_an_answer_after_that_is_too_late(story: Story) -> None:
    """The sentence says what was done instead."""
    assert story.late.code == 2
    assert lines(story.late.err) == [
        "Nobody answered a1 in time: it stays a draft, and the goal ends without it; nothing changed."
    ]
