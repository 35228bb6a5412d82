"""Commands the program prints can be typed as they stand."""

import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.e2e.installation import Installation, at_once


def typed(place: Installation, command: str) -> subprocess.CompletedProcess[str]:
    """What a shell in the installation's folder makes of it, without anything of ours on its path."""
    environment = {**place.environment(), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        ["/bin/sh", "-c", command], cwd=place.folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def place(install: Callable[..., Installation]) -> Installation:
    """A folder as make leaves it: with the environment in it that the program runs in, and a goal nobody works at."""
    place = install()
    (place.folder / ".venv").symlink_to(sys.prefix)
    place.add_pipeline("Gnome Page", "copywriting")
    return place


def test_what_a_handed_in_goal_says_about_going_on_can_be_typed(place: Installation) -> None:
    """Without a worker two commands are named: one that starts a worker, one that does the goal here."""
    said = place.run("pipeline", "Gnome Page", "Sell the mute gnome", "--detach").err
    worker, watch = re.findall("`(.+?)`", said)

    assert typed(place, f"{worker} --help").returncode == 0
    assert typed(place, watch).returncode == 0
    assert [goal.state for goal in place.goals()] == ["completed"]


def test_sentences_and_help_name_what_can_be_typed(place: Installation) -> None:
    """A complaint's command is looked for in this folder's environment, and so is the one that help begins with."""
    told = at_once(
        unknown=lambda: place.run("watch", "g99").err,
        wrong=lambda: place.run("gnome").err,
        help=lambda: place.run("--help").out,
    )

    for said in told.values():
        assert ".venv/bin/python -m director" in said
    assert typed(place, re.findall("`(.+?)`", told["unknown"])[0]).returncode == 0


def test_elsewhere_a_command_names_where_it_is_unless_that_is_on_the_path(install: Callable[..., Installation]) -> None:
    """In another folder, with an environment of its own, what is printed can be typed all the same."""
    place = install()
    (place.folder / ".venv").mkdir()
    bare, active = at_once(
        bare=lambda: place.run("watch", "g99", path="/usr/bin:/bin").err,
        active=lambda: place.run("watch", "g99", path=f"{sys.prefix}/bin:/usr/bin:/bin").err,
    ).values()

    assert f"`{sys.prefix}/bin/python -m director status`" in bare
    assert "`python -m director status`" in active
    assert typed(place, re.findall("`(.+?)`", bare)[0]).returncode == 0
