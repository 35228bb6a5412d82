"""What a source distribution holds: all of the repository, so that whoever has it can run the tests and the Makefile."""

import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

#: What setuptools takes by itself.
ALWAYS = {"pyproject.toml", "README.md", "LICENSE", "MANIFEST.in"}

#: What only the repository needs.
NEVER = {".gitignore", ".ci/run"}


def test_every_file_of_the_repository_is_in_a_source_distribution() -> None:
    """A file that neither a package nor MANIFEST.in has would be missing there."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not in a repository")
    with (ROOT / "pyproject.toml").open("rb") as file:
        tools = tomllib.load(file)["tool"]["setuptools"]
    packages = {name.removesuffix("*") for name in tools["packages"]["find"]["include"]}
    endings = {name.removeprefix("*") for name in tools["package-data"]["*"]} | {".py"}
    orders = [line.split() for line in (ROOT / "MANIFEST.in").read_text(encoding="utf-8").splitlines()]
    named = {name for verb, *names in filter(None, orders) if verb == "include" for name in names}
    grafted = {name for verb, *names in filter(None, orders) if verb == "graft" for name in names}

    def is_taken(name: str) -> bool:
        root = name.partition("/")[0]
        return root in grafted or name in named or (root in packages and Path(name).suffix in endings)

    assert [] == [name for name in listed.stdout.split() if not is_taken(name) and name not in ALWAYS | NEVER]


def test_what_is_built_is_not_committed() -> None:
    """`dist/` is where builds go."""
    assert {"build/", "dist/", "*.egg-info/"} <= set((ROOT / ".gitignore").read_text(encoding="utf-8").split())


def test_examples_of_deployment_start_what_is_there() -> None:
    """The unit and the Procfile name programs that this environment has, and arguments of ours."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        needed = " ".join(tomllib.load(file)["project"]["dependencies"])
    lines = [line for line in (ROOT / "deploy" / "Procfile").read_text(encoding="utf-8").splitlines() if line]
    programs = [line.partition(".venv/bin/")[2].split() for line in lines]
    unit = (ROOT / "deploy" / "troupe.service").read_text(encoding="utf-8")

    assert [line.partition(":")[0] for line in lines] == ["workers", "clock", "web"]
    assert all(program in needed for program, *_ in programs)
    assert ("web/gunicorn.conf.py" in programs[-1]) is (ROOT / "web" / "gunicorn.conf.py").is_file() is True
    assert "\nExecStart=/srv/troupe/.venv/bin/python -m director up\n" in unit
