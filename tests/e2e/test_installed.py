"""`pip install` of us: a command on the path that needs nothing of the repository."""

import os
import shutil
import sys
import tomllib
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.e2e.installation import ROOT, Done, Installation

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

#: What an installation does without: the pattern of a migration that is yet to be written.
NOT_NEEDED = {"director/store/migrations/script.py.mako"}


def ours() -> list[Path]:
    """Every file beside our modules, as it is called in the repository."""
    include = PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    tops = [top for top in ROOT.iterdir() if top.is_dir() and any(fnmatch(top.name, name) for name in include)]
    files = [file.relative_to(ROOT) for top in tops for file in top.rglob("*") if file.is_file()]
    return [file for file in files if not any(part.startswith((".", "__pycache__")) for part in file.parts)]


def packaged() -> list[Path]:
    """What a wheel takes of them, as pyproject.toml says it: modules, and files of data by their patterns."""
    patterns = ["*.py", *PROJECT["tool"]["setuptools"]["package-data"]["*"]]
    return [file for file in ours() if any(fnmatch(file.name, pattern) for pattern in patterns)]


@pytest.fixture(scope="module")
def place(install: Callable[..., Installation], tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An empty folder, and us beside as pip lays us out: what is packaged, and a script for each entry point."""
    site = tmp_path_factory.mktemp("site")
    for file in packaged():
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, site / file)
    (site / "bin").mkdir()
    for name, entry in PROJECT["project"]["scripts"].items():
        module, _, function = entry.partition(":")
        script = site / "bin" / name
        script.write_text(f"#!{sys.executable}\nimport sys\nfrom {module} import {function}\nsys.exit({function}())\n")
        script.chmod(0o755)
    return install(pythonpath=str(site), path=f"{site}/bin{os.pathsep}{os.environ['PATH']}")


def troupe(place: Installation, *words: str) -> Done:
    """Run `troupe …` as a person types it."""
    return place.start_other("troupe", *words).wait()


def test_everything_that_is_kept_with_us_is_packaged() -> None:
    """
    Skills, pipelines, prompts, prices and migrations: a file of another kind needs its pattern in pyproject.toml.
    """
    assert {str(file) for file in set(ours()) - set(packaged())} == NOT_NEEDED


def test_troupe_does_what_the_module_does(place: Installation) -> None:
    """
    From an empty folder, with nothing of the repository: a goal to its end, by actors in the same process.
    """
    goal = troupe(place, "goal", "Sell the singing gnome", "--pipeline", "Social Week")
    shown = troupe(place, "show", "g1")

    assert (goal.code, shown.code) == (0, 0)
    assert "g1-1  social-content  approved" in goal.out
    assert "Sell the singing gnome" in shown.out
    assert place.run("show", "g1") == shown


def test_who_typed_troupe_is_told_to_type_troupe(place: Installation) -> None:
    """
    A command that a sentence names can be typed as it stands, exit codes are the same.
    """
    done = troupe(place, "watch", "g99")

    assert done.code == 2
    assert "`troupe status`" in done.err
    assert troupe(place, "--help").out.startswith("Usage: troupe ")


def test_one_that_is_not_on_the_path_is_named_with_its_place(place: Installation) -> None:
    """
    As in an environment that is not active.
    """
    script = str(shutil.which("troupe", path=place.environment()["PATH"]))
    done = place.start_other(script, "watch", "g99", path="/usr/bin:/bin").wait()

    assert f"`{script} status`" in done.err
