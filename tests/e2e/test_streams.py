"""Whatever standard input, output and error are: full, closed, or in another encoding."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.installation import PATIENCE_S, Done, Installation

GOAL = "Grüße den Zwerg “Ümit”"


@pytest.fixture(scope="module")
def place(install: Callable[..., Installation]) -> Installation:
    """A workspace with a completed goal whose words are not ASCII; it was given with standard input closed."""
    place = install()
    done = in_shell(place, f"pipeline 'Social Week' '{GOAL}' <&-")
    assert (done.code, done.err) == (0, "")
    return place


def in_shell(place: Installation, words: str, **settings: str) -> Done:
    """Run `python -m director <words>` in a shell, which may redirect."""
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m director {words}"],
        cwd=place.folder,
        env=place.environment(**settings),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", ["status", "status --json", "show g1", "pipeline 'Social Week'"])
def test_output_that_cannot_be_written_is_a_sentence(place: Installation, words: str, unbuffered: str) -> None:
    """A script that was given nothing is told so."""
    done = in_shell(place, f"{words} >/dev/full", pythonunbuffered=unbuffered)

    assert (done.code, done.out) == (1, "")
    assert done.err == "Standard output cannot be written: No space left on device.\n"


def test_who_reads_only_the_beginning_is_no_fault(place: Installation) -> None:
    """`| head -1` gets its line, and nothing is complained about."""
    done = in_shell(place, "show g1 | head -1")

    assert (done.code, done.out.count("\n"), done.out[:2], done.err) == (0, 1, "# ", "")


def test_a_goal_nobody_reads_about_says_how_it_goes_on(place: Installation) -> None:
    """It stops there; a person who piped it into `head` has to know that, and what to do."""
    done = in_shell(place, "pipeline 'Social Week' | head -1", rehearsal="latency_ms=300")

    assert "Nobody reads any more" in done.err
    assert "watch g" in done.err


@pytest.mark.parametrize(("words", "reader"), [("", "head -1"), ("--json", "true")])
def test_a_dry_run_nobody_reads_leaves_no_question(place: Installation, words: str, reader: str) -> None:
    """An open question about its plan could be answered later, and paid."""
    before = len(place.goals())
    done = in_shell(place, f"pipeline 'Social Week' --dry-run {words} | {reader}", rehearsal="latency_ms=100")
    with place.record() as tx:
        goals, questions = tx.goals.all(), tx.approvals.open()

    assert "Traceback" not in done.err
    assert len(goals) == before + 1
    assert (goals[0].state, questions) == ("cancelled", [])


def test_nobody_at_standard_input_is_no_terminal(place: Installation) -> None:
    """`init` asks nobody, and says what to do instead."""
    done = in_shell(place, "init --force <&-")

    assert done.code == 2
    assert "there is no terminal" in done.err


def test_a_letter_the_encoding_has_not_is_escaped(place: Installation) -> None:
    """People see that there is one; a document stays a document."""
    seen = in_shell(place, "status", pythonioencoding="ascii:strict")
    document = in_shell(place, "status g1 --json", pythonioencoding="ascii:strict")

    assert (seen.code, seen.err) == (0, "")
    assert "\\u201c" in seen.out
    assert json.loads(document.out)["goal"]["text"] == GOAL
