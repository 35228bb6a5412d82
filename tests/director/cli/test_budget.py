"""`budget` and `pause`: what a person says is kept, also where nothing was there before."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.director.cli.conftest import Said

Say = Callable[..., Said]


@pytest.fixture
def fresh(say: Say, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Say:
    """Commands in a workspace that has no record."""
    monkeypatch.setenv("WORKSPACE_DIR", str(tmp_path / "fresh"))
    return say


def read(said: Said) -> Any:
    """The document it printed."""
    return json.loads(said.out)


def test_caps_are_kept_where_there_was_no_record(fresh: Say) -> None:
    """The next command sees them."""
    assert 0 == fresh("budget", "set", "5", "--daily", "1").code
    shown = read(fresh("budget", "--json"))["paid"]
    assert (5.0, 1.0) == (shown["month"]["cap_usd"], shown["day"]["cap_usd"])


def test_the_days_cap_stays_until_it_is_taken_away(fresh: Say) -> None:
    """Whoever raises the month did not speak of the day."""
    fresh("budget", "set", "5", "--daily", "1")
    fresh("budget", "set", "6")
    assert 1.0 == read(fresh("budget", "--json"))["paid"]["day"]["cap_usd"]
    fresh("budget", "set", "6", "--daily", "none")
    assert read(fresh("budget", "--json"))["paid"]["day"]["cap_usd"] is None


def test_a_day_is_no_dearer_than_its_month(fresh: Say) -> None:
    """A sentence, and nothing is set."""
    said = fresh("budget", "set", "5", "--daily", "6")
    assert 2 == said.code
    assert "A day may cost $6.00 and its month $5.00" in said.err
    assert 1000.0 == read(fresh("budget", "--json"))["paid"]["month"]["cap_usd"]


def test_a_goals_budget_is_held_against_the_month_that_was_set(fresh: Say) -> None:
    """Not against the settings, which nobody has changed."""
    fresh("budget", "set", "2000")
    assert 0 == fresh("goal", "Sell gnomes", "--detach", "--budget", "1500").code
    fresh("budget", "set", "40")
    refused = fresh("goal", "Sell gnomes", "--detach", "--budget", "50")
    assert (2, True) == (refused.code, "A budget of $50.00 is more than a month may cost ($40.00)" in refused.err)


def test_a_pause_of_everything_is_kept_where_there_was_no_record(fresh: Say) -> None:
    """What is given after it waits."""
    assert 0 == fresh("pause", "--all").code
    assert "It was paused before" in fresh("pause", "--all").out
    fresh("goal", "Sell gnomes", "--detach")
    assert "pause" == read(fresh("status", "g1", "--json"))["goal"]["waits_for"]
    assert "All work is paused since" in fresh("status").out
