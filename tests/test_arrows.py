"""The import contracts notice what they are there for: each is broken here in a copy of the code, and has to say so."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PACKAGES = ("actors", "director", "pipelines", "skills", "web")

Broken = Callable[[str, str], str]


@pytest.fixture
def broken_by(tmp_path: Path) -> Broken:
    """What the contracts say of a copy of the code to which this line was added in that file."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=lambda _, names: _all_but_python(names))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    def check(file: str, line: str) -> str:
        path = tmp_path / file
        path.write_text((path.read_text() if path.exists() else '"""New."""\n') + line + "\n")
        command = [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert 1 == run.returncode, run.stdout + run.stderr
        return run.stdout

    return check


def _all_but_python(names: list[str]) -> set[str]:
    return {name for name in names if "." in name and not name.endswith(".py")} | {"__pycache__"}


def test_an_import_from_a_room_above_is_refused(broken_by: Broken) -> None:
    """The mailbox knows nothing of goals."""
    said = broken_by("director/mailbox/breaker.py", "from director.goals import submit")

    assert "director.mailbox is not allowed to import director.goals" in said


def test_a_file_outside_every_room_is_refused(broken_by: Broken) -> None:
    """A new module of `director` is in a room, or it is a new room of the list."""
    said = broken_by("director/helpers.py", "from director import cli")

    assert "- director.helpers" in said


def test_a_circle_inside_a_room_is_refused(broken_by: Broken) -> None:
    """Two files that need each other are one subject, or two with a third below them."""
    said = broken_by("director/progress/advance.py", "from director.progress import held_for_money")

    assert "No cycles are allowed in director.progress" in said


def test_an_import_inside_a_function_counts(broken_by: Broken) -> None:
    """An arrow is there wherever it is written."""
    said = broken_by("skills/notes.py", "def late() -> None:\n    from pipelines import plan")

    assert "skills is not allowed to import pipelines" in said


def test_the_rooms_know_no_exceptions() -> None:
    """
    Their two contracts hold for every import and every module: an exception would be a second order that is drawn nowhere.
    """
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (order,) = [contract for contract in contracts if contract.get("containers") == ["director"]]
    (circles,) = [contract for contract in contracts if contract["type"] == "acyclic_siblings"]

    assert {"name", "type", "containers", "exhaustive", "layers"} == set(order)
    assert {"name", "type", "ancestors"} == set(circles)
    assert sorted(PACKAGES) == circles["ancestors"]
