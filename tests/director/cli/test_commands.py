"""What can be typed is declared in light files; what a command does is a file that is imported when it is called."""

import ast
import importlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from director import cli
from director.cli.commands import app, installation
from director.words.errors import WrongCall

ROOT = Path(cli.__file__).parents[2]
FOLDER = Path(cli.__file__).parent

#: What can be typed.
DECLARED = sorted((FOLDER / "commands").glob("*.py"))

#: What costs a tenth of a second or more to import, and what only a command's work needs.
HEAVY = {"alembic", "anthropic", "dramatiq", "falcon", "redis", "rich", "sqlalchemy", "yaml"}

#: Prints, for each command of its arguments, the packages that were imported once its help was shown.
SHOW_HELP = """
import contextlib, io, sys
from director.cli import main
for words in sys.argv[1:]:
    sys.argv = ["director", *words.split()]
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.suppress(SystemExit):
        main()
    assert said.getvalue().startswith("Usage: "), (words, said.getvalue())
    print(words, *sorted({name.partition(".")[0] for name in sys.modules}))
"""


def commands(group: object, *before: str) -> list[str]:
    """Every command as it is typed, those of groups too."""
    found = []
    for name, command in getattr(group, "commands", {}).items():
        found += [" ".join((*before, name)), *commands(command, *before, name)]
    return found


def imports(file: Path) -> dict[str, set[str]]:
    """The files of the command line that a file of it imports, wherever in it, and which names of each."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "director.cli":
            for alias in node.names:
                found.setdefault(alias.name, set())
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("director.cli."):
            found.setdefault(str(node.module).removeprefix("director.cli."), set()).update(a.name for a in node.names)
    return found


def test_help_imports_nothing_a_commands_work_needs() -> None:
    """`--help`, alone or of any command, answers without the database, the model, the bells or tables."""
    words = ["--help", *(f"{command} --help" for command in commands(typer.main.get_command(app)))]
    done = subprocess.run(
        [sys.executable, "-c", SHOW_HELP, *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    shown = [line.split() for line in done.stdout.splitlines()]

    assert len(shown) == len(words) > 10
    assert [HEAVY & set(line) for line in shown] == [set()] * len(words)
    assert "pydantic" not in shown[0]  # of the others, typer itself imports it


def test_every_file_of_the_command_line_is_used_by_a_command() -> None:
    """One that no command leads to can never be called."""
    reached: set[str] = set()
    waiting = DECLARED
    while waiting:
        found = {name for file in waiting for name in imports(file)}
        new = {name for name in found - reached if not name.startswith("commands")}
        reached |= new
        waiting = [FOLDER / f"{name}.py" for name in new]

    assert reached == {file.stem for file in FOLDER.glob("*.py")} - {"__init__"}


@pytest.mark.parametrize(
    ("file", "names"),
    [one for file in DECLARED for one in imports(file).items() if not one[0].startswith("commands")],
)
def test_what_a_command_calls_is_there(file: str, names: set[str]) -> None:
    """A command that is declared can be called."""
    module = importlib.import_module(f"director.cli.{file}")

    assert [name for name in names if not callable(getattr(module, name, None))] == []


def test_where_the_team_cannot_stay_up_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence in place of what an import of Unix's modules would say."""
    with monkeypatch.context() as patched:
        patched.setattr(installation.os, "name", "nt")
        with pytest.raises(WrongCall) as refused:
            installation.up()

    assert "Windows" in str(refused.value)


@pytest.mark.parametrize(
    ("module", "words", "code"),
    [
        ("typer", "up", -signal.SIGINT),
        ("sqlalchemy", "up", 130),
        ("sqlalchemy", "status", 130),
        ("yaml", "goal Gnomes", 130),
    ],
)
def test_ctrl_c_while_it_loads_ends_it_without_a_word(tmp_path: Path, module: str, words: str, code: int) -> None:
    """Nothing was begun, so nobody is shown the inside of an import: of the command line, or of what a command needs."""
    (tmp_path / f"{module}.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]),
        "WORKSPACE_DIR": str(tmp_path / "w"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "director", *words.split(" ", 1)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def test_every_command_says_what_it_is_for() -> None:
    """In the first line of its help, and so in the list of all."""
    group = typer.main.get_command(app)
    without = [name for name, command in group.commands.items() if not command.get_short_help_str()]

    assert without == []
