"""A goal whose question nobody answered in time, as a person meets it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

from director.words.states import GoalState
from tests.e2e.installation import Installation, lines


def test_a_partial_goal_is_no_success(install: Callable[..., Installation]) -> None:
    """
    Exit code 1 and one sentence that names what is missing; the report is there, and no draft lies among the deliverables.
    """
    place = install(rehearsal="stuck=1")
    asked = place.run("pipeline", "Social Week", "Post about gnomes")
    with closing(sqlite3.connect(place.state_dir / "troupe.sqlite")) as record, record:
        record.execute("update approvals set due_at = '2026-01-01T00:00:00.000000Z'")
    with place.working():
        place.until_over("g1")
    watched, status, shown = place.run("watch", "g1"), place.run("status", "g1", "--json"), place.run("show", "a1")

    assert asked.code == 1
    assert "then it stays a draft, and the goal ends without it" in " ".join(asked.out.split())
    assert place.goals()[0].state is GoalState.PARTIAL
    assert watched.code == 1
    assert lines(watched.err) == ["g1 is partial: social-content (g1-1) was not approved."]
    assert str(place.workspace / "reports/g1.md") in watched.out
    assert status.document["goal"]["state"] == "partial"
    assert "best version" in shown.out
    assert "- Missing: social-content (g1-1) was not approved" in (place.workspace / "reports/g1.md").read_text()
    assert not list((place.workspace / "outputs").rglob("*.md"))
