"""A test that needs the whole machine has it, in however many processes the others run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import left_out

ROOT = Path(__file__).parents[1]

CONFTEST = """
from tests.conftest import pytest_collection_modifyitems, pytest_runtest_protocol

def pytest_configure(config):
    config.addinivalue_line("markers", "alone: as in the repository")
"""

#: It begins, waits for the other one to begin as well, and ends.
TEST = """
import pathlib, time, pytest

{mark}
def test_it():
    journal = pathlib.Path("journal")
    with journal.open("a") as lines:
        print("begins", file=lines, flush=True)
        end = time.monotonic() + {patience_s}
        while time.monotonic() < end and journal.read_text().count("begins") < 2:
            time.sleep(0.01)
        print("ends", file=lines)
"""


def journal_of(folder: Path, *, mark: str, patience_s: float) -> list[str]:
    """What two tests in two processes did, in the order they did it; the second one is marked so."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_first.py").write_text(TEST.format(mark="", patience_s=patience_s))
    (folder / "test_second.py").write_text(TEST.format(mark=mark, patience_s=patience_s))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider"],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr
    return (folder / "journal").read_text().splitlines()


def test_two_tests_run_side_by_side(tmp_path: Path) -> None:
    """Each begins before the other one has ended."""
    assert journal_of(tmp_path, mark="", patience_s=60) == ["begins", "begins", "ends", "ends"]


def test_one_that_is_alone_waits_for_the_other(tmp_path: Path) -> None:
    """It begins when nothing else runs, and nothing else begins until it has ended."""
    assert journal_of(tmp_path, mark="@pytest.mark.alone", patience_s=1) == ["begins", "ends"] * 2


def test_a_run_says_why_tests_were_left_out() -> None:
    """Each reason once, with how often: what needs something that this machine has not is known not to have been tried."""
    why = ("tests/browser/test_story.py", 9, "Skipped: no Chromium here")
    skipped = [pytest.TestReport(f"test_{n}", why, {}, "skipped", why, "setup") for n in range(3)]

    assert left_out(skipped) == ["left out, 3: no Chromium here"]
