"""What people type first: `make goal` and `make demo`, with the real make."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from director.words.states import CallState, GoalState
from tests.e2e.installation import ROOT, Done, Installation, Program, asked, serving
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


@pytest.mark.parametrize(
    ("words", "stray"),
    [
        (("goal", "GOAL=Increase", "signup", "conversion", PLANNED), "signup conversion"),
        (("goal", "GOAL=Go", "help", PLANNED), "help"),
        (("help", "goal", "GOAL=Sell", PLANNED), "goal"),
        (("goal", "GOAL=Sell", "ARGS=--dry-run", "json"), "json"),
        (("demo", "EXAMPLE=gnomes", "and", "dwarfs", PLANNED), "and dwarfs"),
        (("goal", "GOAL=Sell", "gnomes=5", PLANNED), "gnomes"),
    ],
    ids=[
        "a goal",
        "a word that is a target",
        "a target before",
        "options",
        "an example",
        "a word that makes a variable",
    ],
)
def test_a_value_without_its_quotes_runs_nothing(place: Installation, words: tuple[str, ...], stray: str) -> None:
    """
    The words behind it are targets to make; half a goal is not planned and paid for before make complains of the rest.
    """
    done = make(place, *words)

    assert (done.code, done.out) == (2, "")
    assert f'what "{stray}" belongs to: put quotes' in done.err
    assert len(done.err.splitlines()) == 1


def test_targets_without_a_value_can_follow_each_other(place: Installation) -> None:
    """
    `make lint types` is what it was.
    """
    done = make(place, "--dry-run", "help", "clean")

    assert done.code == 0
    assert "rm -rf" in done.out


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
    assert place.goals()[0].state is GoalState.CANCELLED


def stopped(place: Installation, tell: Callable[[Program], None]) -> Done:
    """Tell `make goal` to stop while its first call is on the wire, whose answer comes two seconds late."""
    words = ("goal", "GOAL=Sell the singing gnome", "ARGS=--plan template --yes")
    with serving(late={1: 2.0}) as server:
        program = place.start_other(*MAKE, *words, anthropic_base_url=server.url, max_parallel_agents="1")
        asked(server, 1)
        tell(program)
        return program.wait()


@pytest.mark.parametrize(
    "tell",
    [
        lambda program: program.send(signal.SIGTERM),
        lambda program: os.killpg(program.pid, signal.SIGTERM),
        lambda program: os.killpg(program.pid, signal.SIGINT),
    ],
    ids=["make alone", "make and the program", "Ctrl-C"],
)
def test_a_signal_to_make_reaches_the_program_once(
    install: Callable[..., Installation], tell: Callable[[Program], None]
) -> None:
    """
    make passes SIGTERM on to what it runs, which a signal to the group has reached already: the call on the wire gets the time
    it gets after one signal, its answer is kept, and a person is told how to go on.
    """
    place = install()
    done = stopped(place, tell)
    with place.record() as tx:
        goal, calls = tx.goals.get("g1"), tx.calls.of_goal("g1")

    assert "watch g1" in done.err
    assert (goal.state, [call.state for call in calls]) == (GoalState.RUNNING, [CallState.ANSWERED])
    assert place.left_running() == []
