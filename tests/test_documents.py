"""What the documents say is so: commands, options, settings, files."""

import ast
import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from director.cli.commands import command
from director.goals.submit import goal_cap
from director.words.models import Brand
from director.words.settings import Settings, from_env

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DOCUMENTS = {
    "README.md": README,
    "CONTRIBUTING.md": CONTRIBUTING,
    "CHANGELOG.md": (ROOT / "CHANGELOG.md").read_text(),
    ".env.example": EXAMPLE,
}

CLI: Any = command()

#: Where a field's unit stands in the variable's name.
NAMES = {"call_timeout": "CALL_TIMEOUT_S"}


def settings_of(text: str) -> list[str]:
    return re.findall(r"(?m)^#? ?([A-Z][A-Z_]+)=", text)


def commands_of(text: str) -> set[str]:
    """The commands a document tells people to type: after the program's name, and in the README's table of commands."""
    typed = re.findall(r"python -m director ([a-z]+)", text)
    rows = re.findall(r"(?m)^\| (`[a-z].*?) \|", text)
    return {*typed, *(word for row in rows for word in re.findall(r"`([a-z]+)[ `]", row))}


def rows_of(text: str) -> dict[str, str]:
    """The README's table: the command a row begins with, and the row."""
    return {found[1]: found[0] for found in re.finditer(r"(?m)^\| `([a-z]+)[ `].*$", text)}


def options_of(name: str) -> set[str]:
    """Those of a command, and of the commands it is a group of."""
    command = CLI.commands[name]
    below = getattr(command, "commands", {}).values()
    return {option for one in (command, *below) for parameter in one.params for option in parameter.opts}


def test_every_setting_is_in_the_example_and_the_other_way_round() -> None:
    """
    `.env.example` is the list of settings: each once, none that is not read.
    """
    known = [NAMES.get(field.name, field.name.upper()) for field in fields(Settings)]

    assert sorted(settings_of(EXAMPLE)) == sorted(known)


def test_the_example_copied_as_it_is_changes_nothing() -> None:
    """
    Every value in it is empty, and an empty value counts as not set.
    """
    given = dict(re.findall(r"(?m)^([A-Z_]+)=(.*)$", EXAMPLE))

    assert given
    assert set(given.values()) == {""}
    assert from_env(given) == from_env({})


def test_every_default_the_example_names_is_the_default() -> None:
    """
    Numbers and words in brackets behind a setting's explanation.
    """
    said = {name: text for text, name in re.findall(r"(?m)^# (.*)\n([A-Z_]+)=$", EXAMPLE)}
    defaults = from_env({})

    assert f"({defaults.call_timeout.total_seconds():.0f})" in said["CALL_TIMEOUT_S"]
    assert f"({defaults.budget_monthly // 10**9})" in said["BUDGET_MONTHLY"]
    assert f"({defaults.max_parallel_agents})" in said["MAX_PARALLEL_AGENTS"]
    assert f"({defaults.log_level})" in said["LOG_LEVEL"]
    assert f"{defaults.web_host}, {defaults.web_port}" in said["WEB_HOST"]
    assert goal_cap(defaults, Brand("default")) * 10 == defaults.budget_monthly


@pytest.mark.parametrize("name", ["README.md", ".env.example"])
def test_a_command_to_be_typed_is_that_of_the_environment_make_sets_up(name: str) -> None:
    """
    Who has only run `make goal` has no `python` that knows us, and no `dramatiq`.
    """
    typed = r"(.{10})\b(?:python -m director|dramatiq actors|gunicorn -c)"

    assert set(re.findall(typed, DOCUMENTS[name])) == {".venv/bin/"}


def test_hints_are_computed_where_the_program_was_started() -> None:
    """
    One module knows how we were started; a command spelled out elsewhere would be wrong for somebody.
    """
    spelled = [
        f"{file.relative_to(ROOT)}: {string}"
        for package in ("director", "skills", "pipelines")
        for file in sorted((ROOT / package).rglob("*.py"))
        if file.name != "command.py"
        for string in strings_of(file)
        if re.search(r"python -m director|dramatiq actors", string)
    ]

    assert spelled == []


def strings_of(file: Path) -> list[str]:
    """The texts in a module's code; no docstrings."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone
    ]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_setting_a_document_names_is_one(name: str) -> None:
    """
    A variable people are told to set is read.
    """
    named = set(re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)\b", DOCUMENTS[name]))

    assert named <= set(settings_of(EXAMPLE))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_a_document_names_is_there(name: str) -> None:
    """
    What people are told to type can be typed.
    """
    commands = (
        commands_of(DOCUMENTS[name])
        if name == "README.md"
        else set(re.findall(r"python -m director ([a-z]+)", DOCUMENTS[name]))
    )

    assert commands - {"validate"} <= set(CLI.commands)


def test_every_command_is_in_the_readme() -> None:
    """
    And what can be typed is said.
    """
    assert set(CLI.commands) <= commands_of(README)
    assert "`skills validate`" in README
    assert "validate" in CLI.commands["skills"].commands


def test_every_option_of_the_readme_is_one() -> None:
    """
    The options a row names belong to the command it begins with.
    """
    rows = rows_of(README)

    assert set(re.findall(r"--[a-z][a-z-]+", rows["goal"])) <= options_of("goal")
    for name, row in rows.items():
        assert set(re.findall(r"--[a-z][a-z-]+", row)) <= options_of(name), name
    assert set(re.findall(r"--[a-z][a-z-]+", README)) <= {
        option for name in CLI.commands for option in options_of(name)
    }


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_a_document_names_is_there(name: str) -> None:
    """
    `make check` and the others.
    """
    targets = set(re.findall(r"(?m)^([a-z]+):", MAKEFILE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", DOCUMENTS[name], re.MULTILINE))

    assert named <= targets


def test_the_makefile_calls_what_is_there() -> None:
    """
    Its commands, options, files and modules exist.
    """
    calls = re.findall(r"python -m director ([a-z]+)", MAKEFILE)

    assert set(calls) <= set(CLI.commands)
    assert set(re.findall(r"(?<= )--(?:context|yes|budget)", MAKEFILE)) <= options_of("goal")
    for module in re.findall(r"python -m (tests\.[a-z.]+)", MAKEFILE):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()
    files = re.findall(r"examples/\$\(EXAMPLE\)/([a-z.-]+)", MAKEFILE)
    examples = [folder for folder in (ROOT / "examples").iterdir() if folder.is_dir()]
    assert set(files) == {"goal.txt", "product-marketing-context.md", "played"}
    assert re.search(r"(?m)^EXAMPLE \?= (\S+)$", MAKEFILE)[1] in [folder.name for folder in examples]
    assert [folder / file for folder in examples for file in files if not (folder / file).exists()] == []


@pytest.mark.parametrize("name", [*DOCUMENTS, "Makefile"])
def test_nobody_is_told_to_install_us_from_a_registry(name: str) -> None:
    """
    Our name is somebody else's there; what we need is installed from this folder.
    """
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["name"]
    text = {**DOCUMENTS, "Makefile": MAKEFILE}[name]

    assert not re.search(rf"\binstall\b.*\b{ours}\b", text)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_of_a_document_leads_somewhere(name: str) -> None:
    """
    Relative links are files of this repository.
    """
    for link in re.findall(r"\]\(([^)#:]+)\)", DOCUMENTS[name]):
        assert (ROOT / link).exists(), link


def test_the_files_contributing_speaks_of_are_there() -> None:
    """
    Every path in it is a file, a folder or a module, from the top or from `director/`.
    """
    named = re.findall(r"`([\w.-]*/[\w./-]*|[\w-]*\.(?:py|yaml|example))`", CONTRIBUTING)
    places = [ROOT / "director", ROOT]

    assert len(named) > 20
    assert [name for name in named if not any(is_there(place, name) for place in places)] == []


def is_there(place: Path, name: str) -> bool:
    return (place / name).exists() or (place / f"{name}.py").is_file()


def lines_of_the_map() -> dict[str, str]:
    """CONTRIBUTING's map: the path of each folder (with a slash) or module of a line of its own, and what is said of it."""
    drawn = CONTRIBUTING.partition("\n## Where things are\n")[2].split("```")[1]
    found: dict[str, str] = {}
    above = ""
    for line in re.sub(r"\n {10,}", " ", drawn).strip().splitlines():
        name, _, said = line.strip().partition(" ")
        above = above if line.startswith(" ") else name
        found[name if name == above else above + name] = said.strip()
    return found


MAP = lines_of_the_map()


def modules_named(said: str) -> list[str]:
    """The modules a line of the map names; what is in brackets behind one says what it is for."""
    return re.sub(r" \([^()]*\)", "", said).rpartition(": ")[2].split(", ")


def modules_in(folder: Path) -> set[str]:
    """The modules a folder holds, and its packages with a slash behind them."""
    packages = {f"{file.parent.name}/" for file in folder.glob("*/__init__.py")}
    return packages | {file.stem for file in folder.glob("*.py")} - {"__init__", "__main__"}


@pytest.mark.parametrize("path", [path for path in MAP if path not in ("director/", "tests/")])
def test_a_line_of_the_map_names_what_is_in_its_folder(path: str) -> None:
    """
    Every module and package of it, and nothing that is not there; a line of one module is that module's.
    """
    if not path.endswith("/"):
        assert (ROOT / f"{path}.py").is_file()
        return
    assert sorted(modules_named(MAP[path])) == sorted(modules_in(ROOT / path))


def test_the_map_has_every_package_and_every_room() -> None:
    """
    A folder that is not drawn is nowhere.
    """
    tops = {path for path in MAP if path.count("/") == 1 and path.endswith("/")}
    rooms = {path.removeprefix("director/") for path in MAP if path.startswith("director/")} - {""}

    assert tops == {f"{file.parent.name}/" for file in ROOT.glob("*/__init__.py")} | {"tests/"}
    assert rooms == modules_in(ROOT / "director")


def test_the_rooms_are_drawn_in_the_order_of_imports() -> None:
    """
    From the top, as the import contract lists them.
    """
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract.get("containers") == ["director"]]
    rooms = [path.removeprefix("director/").rstrip("/") for path in MAP if path.startswith("director/")][1:]

    assert ["__main__", *rooms] == layers


def test_the_glossary_has_twenty_words_at_most() -> None:
    """
    One meaning and one line each; a word more is a word too many. All of them are words of the code.
    """
    lines = CONTRIBUTING.partition("\n## Glossary\n")[2].partition("\n## ")[0].strip().splitlines()
    words = [re.fullmatch(r"\* \*\*([a-z]+)\*\*: .{10,120}", line) for line in lines]
    code = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "director").rglob("*.py"))

    assert None not in words
    names = [word[1] for word in words if word]
    assert len(set(names)) == len(names)
    assert 0 < len(names) <= 20
    assert [name for name in names if not re.search(rf"\b{name}", code)] == []


def test_nothing_counts_what_a_folder_or_a_file_adds() -> None:
    """
    How many specialists and pipelines there are is seen by looking (`skills`, `pipelines`); a number in prose is wrong with
    the next.
    """
    number = r"(?:\d+|ten|eleven|twelve|\w+teen|twenty[\w-]*|thirty[\w-]*)"
    counted = re.compile(rf"\b{number}[\s*]+(?:specialists|skills|skill folders|pipelines|folders)\b", re.IGNORECASE)
    texts = {**DOCUMENTS, "Makefile": MAKEFILE, "pyproject.toml": (ROOT / "pyproject.toml").read_text()}
    for package in ("actors", "director", "pipelines", "skills", "web"):
        for file in (ROOT / package).rglob("*.py"):
            texts[file.relative_to(ROOT).as_posix()] = file.read_text(encoding="utf-8")

    assert {name: found[0] for name, text in texts.items() if (found := counted.search(text))} == {}


def test_the_package_ships_every_package_and_its_data() -> None:
    """
    Folders are found by name, whatever is in them; each kind of file that is no module is named as data.
    """
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    tops = {file.parent.name for file in ROOT.glob("*/__init__.py")} - {"tests"}
    kinds = {file.suffix for top in tops for file in (ROOT / top).rglob("*.*") if "__pycache__" not in file.parts}

    assert {f"{top}*" for top in tops} == set(setuptools["packages"]["find"]["include"])
    assert kinds - {".py", ".mako"} == {pattern[1:] for pattern in setuptools["package-data"]["*"]}
