"""What people type first: `make goal` and `make demo`, with the real make."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from director.words.states import GoalState
from tests.e2e.installation import ROOT, Done, Installation, serving
from tests.e2e.test_following import at_terminal

#: All that make or a shell would read as something else.
ODD = (
    "Cut ad spend to $500 a month, $$HOME and ${PATH} and $(shell echo gone) and $(GOAL) and `date` stay; "
    "\"twice\" 'once' \\ \\n 100% # no comment; a=b := c, *.py ~ ! & | > <\nÄ second line 🎭"
)


#: The environment the tests run in stands for the one the first call of make sets up.
MAKE = ("make", "-f", str(ROOT / "Makefile"), "--no-print-directory", f"VENV={sys.prefix}", "-o", f"{sys.prefix}/.run")

#: Only a plan, without Claude.
PLANNED = "ARGS=--dry-run --json --plan template"


def make(place: Installation, *words: str, **environment: str) -> Done:
    """Run make with this repository's Makefile in the installation's folder."""
    done = subprocess.run(
        [*MAKE, *words],
        cwd=place.folder,
        env={**place.environment(), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def place(install: Callable[..., Installation]) -> Installation:
    """An installation with an example in it."""
    place = install()
    folder = place.folder / "examples" / "gnomes"
    folder.mkdir(parents=True)
    (folder / "goal.txt").write_text(f"--yes {ODD}\n", encoding="utf-8")
    (folder / "product-marketing-context.md").write_text("# Gnomeland\n\n## Goals\n\nSell more gnomes.\n")
    return place


@pytest.mark.parametrize("text", [ODD, "--help", "-5% churn", "--"], ids=["odd", "an option", "a dash", "dashes"])
@pytest.mark.parametrize("how", ["command line", "environment"])
def test_a_goal_reaches_the_program_as_it_was_typed(place: Installation, text: str, how: str) -> None:
    """
    A goal is a person's words; neither make nor the shell nor the program's options take any of them away.
    """
    given, environment = ([f"GOAL={text}"], {}) if how == "command line" else ([], {"GOAL": text})
    done = make(place, "goal", PLANNED, *given, **environment)

    assert (done.code, done.err) == (0, "")
    assert done.document["goal"]["text"] == text


def test_no_goal_is_one_sentence(place: Installation) -> None:
    """
    `make goal` alone says what is missing, with an example.
    """
    done = make(place, "goal", GOAL="")

    assert done.code != 0
    assert done.err.startswith("The goal is empty")
    assert "Increase signup conversion" in done.err


def test_an_example_s_goal_is_its_file_s_words(place: Installation) -> None:
    """
    `make demo` gives what stands in `goal.txt`, with the context beside it.
    """
    done = make(place, "demo", "EXAMPLE=gnomes", PLANNED)

    assert done.code == 0
    assert done.document["goal"]["text"] == f"--yes {ODD}"


def test_a_demo_that_is_paid_for_asks_first(place: Installation) -> None:
    """
    With a key the demo spends money like any goal, so it shows the plan and asks like any goal.
    """
    with serving() as server:
        seen = at_terminal(place, "demo", "EXAMPLE=gnomes", program=MAKE, answer="n", anthropic_base_url=server.url)
        asked = len(server.asked)

    assert "Run this plan? [Y/n]" in seen.text
    assert asked == 1
    assert place.goals()[-1].state is GoalState.CANCELLED
