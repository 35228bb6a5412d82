"""The first `make goal` on a machine: which Python it takes, and what becomes of an environment that is no good."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.installation import ROOT

#: A Python that is no environment's, as a machine has it.
REAL = str(Path(sys._base_executable).resolve())

#: Programs of the system that setting up needs.
TOOLS = ("make", "sh", "sed", "find", "touch", "test", "ls", "rm", "dirname")


class Machine:
    """A checkout, and a path on which stand only these interpreters and what setting up needs of the system."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir(parents=True)
        for tool in TOOLS:
            (self.bin / tool).symlink_to(str(shutil.which(tool)))
        self.checkout = folder / "checkout"
        self.checkout.mkdir()
        for name in ("Makefile", "environment.sh", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, self.checkout / name)
        self.venv = self.checkout / ".venv"

    def has(self, name: str, version: tuple[int, int] | None = None, *, without: str = "") -> None:
        """
        An interpreter, which may think it is of another version, or miss a module. Told to make an environment, which takes
        seconds, it says that it was.
        """
        before = f"import sys; sys.modules[{without!r}] = None; " if without else "import sys; "
        before += f"sys.version_info = {(*version, 0)!r}; " if version else ""
        lines = [
            "#!/bin/sh",
            f'if [ "$1" = -m ]; then echo "{name} $*"; exit 1; fi',
            f'if [ "$1" = -c ]; then shift; exec {REAL} -c {shlex.quote(before + "exec(sys.argv.pop(1))")} "$@"; fi',
        ]
        self.script(self.bin / name, *lines)

    def script(self, file: Path, *lines: str) -> None:
        """A program."""
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        file.chmod(0o755)

    def has_environment(self) -> None:
        """An environment as it is once it was set up; what stands for its pip installs nothing."""
        subprocess.run([REAL, "-m", "venv", "--without-pip", self.venv], check=True)
        packages = next((self.venv / "lib").glob("python*")) / "site-packages"
        (packages / "pip-1.dist-info").mkdir()
        (packages / "pip-1.dist-info" / "METADATA").write_text("Name: pip\nVersion: 1\n")
        (packages / "pip-1.dist-info" / "RECORD").write_text("pip/__init__.py,,\npip/_internal/__init__.py,,\n")
        for folder in (packages / "pip", packages / "pip" / "_internal"):
            folder.mkdir()
            (folder / "__init__.py").touch()
        self.script(self.venv / "bin" / "pip", f"#!{self.venv}/bin/python3", "import pip")
        (self.venv / ".run").touch()

    def make(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run make; where it comes to installing, there is nothing to install from."""
        environment = {"PATH": str(self.bin), "HOME": str(self.bin), "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
        command = ["make", "--no-print-directory", *words]
        return subprocess.run(
            command, cwd=self.checkout, env=environment, capture_output=True, text=True, check=False, timeout=100
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with make and no Python."""
    return Machine(tmp_path)


def test_a_python_that_is_too_old_is_named_before_anything_is_made(machine: Machine) -> None:
    """
    One sentence: what is needed, what there is, what to do; pip's "conflicting dependencies" says none of it.
    """
    machine.has("python3", (3, 10))
    machine.has("python", (2, 7))
    done = machine.make("goal", "GOAL=Sell gnomes")

    assert (done.returncode, done.stdout) == (2, "")
    sentence = done.stderr.splitlines()[0]
    assert "Python 3.11 or newer is needed" in sentence
    assert "python3 is 3.10, python is 2.7" in sentence
    assert "PYTHON=" in sentence
    assert not machine.venv.exists()


@pytest.mark.parametrize("words", [(), ("PYTHON=/opt/gnomes/python",)], ids=["none", "one that is not there"])
def test_no_python_is_a_sentence(machine: Machine, words: tuple[str, ...]) -> None:
    """
    Also where the one that was named cannot be started; which were looked for is said.
    """
    done = machine.make("goal", "GOAL=Sell gnomes", *words)

    assert done.returncode == 2
    assert "Python 3.11 or newer is needed" in done.stderr.splitlines()[0]
    assert ("/opt/gnomes/python" if words else "python3.14") in done.stderr.splitlines()[0]


def test_a_python_without_venv_is_named(machine: Machine) -> None:
    """
    Some systems keep it in a package of its own, which the sentence names.
    """
    machine.has("python3", without="ensurepip")
    done = machine.make("goal", "GOAL=Sell gnomes")

    assert done.returncode == 2
    assert "without venv" in done.stderr.splitlines()[0]
    assert "python3-venv" in done.stderr.splitlines()[0]


@pytest.mark.parametrize("name", ["python3.12", "python3.13", "python3.14"])
def test_a_newer_python_is_found_by_its_name(machine: Machine, name: str) -> None:
    """
    What `python3` is may be the system's old one; and a name on the path may be of a program that starts nothing.
    """
    machine.has("python3", (3, 10))
    machine.script(machine.bin / "python3.11", "#!/bin/sh", "echo 'python3.11: command not found' >&2", "exit 127")
    machine.has(name)
    done = machine.make("goal", "GOAL=Sell gnomes")

    assert done.stdout == f"{name} -m venv --clear .venv\n"


def test_an_environment_is_made(machine: Machine) -> None:
    """
    With a pip of its own, and then what the team needs is installed into it.
    """
    (machine.bin / "python3.11").symlink_to(REAL)
    done = machine.make("goal", "GOAL=Sell gnomes")

    asked = [machine.venv / "bin" / "pip", "--version"]
    assert subprocess.run(asked, capture_output=True, check=False).returncode == 0
    assert done.stderr.startswith("Setting up .venv (once)")


def _without_pip(machine: Machine) -> None:
    for folder in (machine.venv / "lib").glob("python*/site-packages/pip"):
        shutil.rmtree(folder)


def _with_half_a_pip(machine: Machine) -> None:
    for folder in (machine.venv / "lib").glob("python*/site-packages/pip"):
        shutil.rmtree(folder / "_internal")


def _of_an_old_python(machine: Machine) -> None:
    (machine.venv / "bin" / "python").unlink()
    machine.has("old", (3, 10))
    (machine.bin / "old").rename(machine.venv / "bin" / "python")


def _whose_python_is_gone(machine: Machine) -> None:
    for file in (machine.venv / "bin").glob("python*"):
        file.unlink()
    (machine.venv / "bin" / "python").symlink_to("/opt/gnomes/python3.11")


def _whose_python_does_not_start(machine: Machine) -> None:
    (machine.venv / "bin" / "python").unlink()
    machine.script(machine.venv / "bin" / "python", "#!/bin/sh", "echo 'cannot load libgnome' >&2", "exit 1")


def _moved(machine: Machine) -> None:
    machine.checkout = machine.checkout.rename(machine.checkout.with_name("moved"))
    machine.venv = machine.checkout / ".venv"


@pytest.mark.parametrize(
    "spoil",
    [_without_pip, _with_half_a_pip, _of_an_old_python, _whose_python_is_gone, _whose_python_does_not_start, _moved],
    ids=lambda spoil: spoil.__name__.strip("_").replace("_", " "),
)
def test_an_environment_that_is_no_good_is_made_anew(machine: Machine, spoil: Callable[[Machine], None]) -> None:
    """
    It was set up once, so nobody would look again, and every call would fail.
    """
    machine.has("python3.12")
    machine.has_environment()
    spoil(machine)
    done = machine.make("goal", "GOAL=Sell gnomes")

    assert done.stdout == "python3.12 -m venv --clear .venv\n"
    assert ".venv " in done.stderr.splitlines()[0]
    assert "made anew" in done.stderr.splitlines()[0]


def test_an_environment_that_is_good_is_left_alone(machine: Machine) -> None:
    """
    Whatever Python is on the path by now: nothing is looked for, nothing is installed.
    """
    machine.has_environment()
    (machine.venv / "mine").touch()
    done = machine.make(".venv/.run")

    assert (done.returncode, done.stderr) == (0, "")
    assert (machine.venv / "mine").exists()


def test_a_changed_pin_sets_up_again(machine: Machine) -> None:
    """
    The environment stays, and what is in it follows pyproject.toml and constraints.txt.
    """
    machine.has_environment()
    os.utime(machine.venv / ".run", (0, 0))
    (machine.venv / "mine").touch()
    done = machine.make(".venv/.run")

    assert done.stderr.startswith("Setting up .venv (once)")
    assert (machine.venv / "mine").exists()


def test_a_folder_of_something_else_is_not_taken_away(machine: Machine) -> None:
    """
    It is somebody's, and the sentence asks for its place.
    """
    machine.has("python3.12")
    machine.venv.mkdir()
    (machine.venv / "diary").write_text("Dear gnome,")
    done = machine.make("goal", "GOAL=Sell gnomes")

    assert done.returncode == 2
    assert "is something else" in done.stderr.splitlines()[0]
    assert (machine.venv / "diary").exists()
