"""Others' programs log as ours do, from their first line on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

SECRET = "hush-hush-4711-hush"  # noqa: S105 - of nothing

PROGRAM = """
import logging
import sys

def main():
    logging.basicConfig(format="[%(message)s]")
    logging.getLogger("another").warning("began with %s and hush-hush-4711-hush", sys.argv)
    return 3
"""


@pytest.mark.parametrize("form", ["json", "pretty"])
def test_a_program_that_sets_up_its_own_log_gets_ours(tmp_path: Path, form: str) -> None:
    """Its command line, its exit code and its sentences stay its own; our secrets are taken out."""
    (tmp_path / "gnomes.py").write_text(PROGRAM)
    environment = {
        "PATH": os.environ["PATH"],
        "WORKSPACE_DIR": str(tmp_path),
        "WEBHOOK_TOKEN": SECRET,
        "LOG_FORMAT": form,
    }
    done = subprocess.run(
        [sys.executable, "-m", "director.launcher.logged", "gnomes:main", "dig", "--deep"],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"},
        capture_output=True,
        text=True,
        check=False,
    )
    said = "began with ['gnomes', 'dig', '--deep'] and [removed: a secret of this installation]"

    assert done.returncode == 3
    assert said in done.stderr
    if form == "json":
        assert [(one["event"], one["logger"]) for one in map(json.loads, done.stderr.splitlines())] == [
            (said, "another")
        ]


def test_settings_that_are_wrong_are_one_sentence(tmp_path: Path) -> None:
    """As everywhere else, with their exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "director.launcher.logged", "gnomes:main"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LOG_LEVEL": "loud"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "LOG_LEVEL" in done.stderr
    assert len(done.stderr.splitlines()) == 1
