"""`validate` says what is wrong with a folder beyond what loading needs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from skills.loader import load, validate

GNOMES = """\
---
name: gnome-naming
description: Names garden gnomes. Use when a new gnome needs a name.
metadata:
  squad: creative
  consumers: gnome-painting
  minimum-words: "300"
  required-sections: Names
---
# Gnome naming

## Deliverable

### Names

Ten names, the best first.

## References

- [Names taken](references/taken.md): before you propose one
"""

PAINTING = "---\nname: gnome-painting\ndescription: Paints gnomes. Use when one is bare.\n---\nPaint it.\n"

EVALS = """\
evals:
  - id: vague
    kind: vague
    request: We have a gnome.
    assertions: [Asks nothing, Names it]
"""


@pytest.fixture
def change(tmp_path: Path) -> Callable[..., Path]:
    """Writes a collection that is in order, but for one change in one of its files."""

    def write(file: str = "SKILL.md", old: str = "", new: str = "") -> Path:
        files = {
            "gnome-naming/SKILL.md": GNOMES,
            "gnome-naming/references/taken.md": "# Taken\n",
            "gnome-naming/evals.yaml": EVALS,
            "gnome-painting/SKILL.md": PAINTING,
        }
        path = next((known for known in files if known.endswith(file)), f"gnome-naming/{file}")
        before = files.get(path, "")
        assert old in before
        files[path] = before.replace(old, new, 1) if old else before + new
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return tmp_path

    return write


def test_a_collection_in_order_has_no_faults(change: Callable[..., Path]) -> None:
    """
    Nothing is said where nothing is wrong.
    """
    assert validate([change()]) == ()


def test_a_fault_is_told_once(change: Callable[..., Path]) -> None:
    """
    Whoever wrote a list where names are expected reads one line, not one of each who noticed.
    """
    (fault,) = validate([change("gnome-naming/SKILL.md", "consumers: ", "consumers: [gnome-painting] #")])

    assert fault.field == "metadata.consumers"


def test_a_folder_that_is_no_collection_is_named(change: Callable[..., Path], tmp_path: Path) -> None:
    """
    A skill named instead of the folder above it, and an empty folder, would do nothing without a word.
    """
    skill = change() / "gnome-naming"
    empty = tmp_path / "empty"
    empty.mkdir()

    assert [(fault.file, fault.field) for fault in validate([skill, empty])] == [(skill, "folder"), (empty, "folder")]


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("SKILL.md", '"300"', "300", "metadata.minimum-words: expected text, found 300; put it in quotes"),
        ("SKILL.md", "squad:", "version: 1.0\n  squad:", "metadata.version: expected text, found 1.0"),
        ("SKILL.md", "", "\nmore" * 500, "body: expected at most 500 lines, found 512"),
        (
            "SKILL.md",
            "gnome-painting",
            "dwarves",
            "metadata.consumers: expected names of skills, found 'dwarves'",
        ),
        (
            "SKILL.md",
            "taken.md)",
            "gone.md)",
            "body: expected a file where its link leads, found none at references/gone.md",
        ),
        ("SKILL.md", "(references/taken.md)", "", "references/taken.md: expected a link to it in SKILL.md"),
        ("SKILL.md", "taken.md)", "../SKILL.md)", "body: expected a file where its link leads"),
        ("references/taken.md", "# Taken\n", " ", "taken.md: file: expected text, found nothing"),
        (
            "references/more.md",
            "",
            "# More",
            "references/more.md: expected a link to it in SKILL.md, found none",
        ),
        ("gnome-painting/SKILL.md", "Paint it.\n", "", "body: expected instructions below the front matter"),
        ("evals.yaml", "evals:", "eval:", "evals: expected a list of requests, found nothing"),
        ("evals.yaml", "evals:", "evals: [", "evals.yaml: file: expected YAML"),
        (
            "evals.yaml",
            "kind: vague",
            "kind: hard",
            "evals[1].kind: expected one of vague, plain, trap, misplaced",
        ),
        (
            "evals.yaml",
            "[Asks nothing, Names it]",
            "[]",
            "evals[1].assertions: expected at least one, found none",
        ),
        ("evals.yaml", "[Asks nothing, Names it]", "[7]", "evals[1].assertions[1]: expected text, found 7"),
        ("evals.yaml", "We have a gnome.", "''", "evals[1].request: expected text, found ''"),
        ("evals.yaml", "id: vague", "id: 1", "evals[1].id: expected text, found 1"),
        ("evals.yaml", "id: vague", "di: vague", "evals[1]: expected exactly assertions, id, kind, request"),
        (
            "evals.yaml",
            "",
            EVALS.removeprefix("evals:\n"),
            "evals[2].id: expected an id of its own, found vague again",
        ),
        ("SKILL.md", "squad: creative", "squad: gardeners", "metadata.squad: expected one of"),
        ("gnome-painting/SKILL.md", "\n---\nPaint it.", "", "front matter: expected a second line ---"),
        ("rubric.yaml", "", "weights: 7", "rubric.yaml: weights: expected a number for each dimension"),
    ],
)
def test_each_rule_names_what_breaks_it(
    change: Callable[..., Path], file: str, old: str, new: str, complaint: str
) -> None:
    """
    A slip gives a line with file, field, what was expected and what was found.
    """
    faults = validate([change(file, old, new)])

    assert sum(complaint in str(fault) for fault in faults) == 1
    assert all("\n" not in str(fault) for fault in faults)


def test_a_reference_that_is_no_text_is_named(change: Callable[..., Path]) -> None:
    """
    It is found before a writer asks for it.
    """
    folder = change()
    (folder / "gnome-naming" / "references" / "taken.md").write_bytes(b"\xff")

    (fault,) = validate([folder])

    assert "taken.md: file: expected UTF-8, found the byte 0xff at position 0" in str(fault)


def test_what_only_validate_minds_does_not_keep_a_skill_from_working(change: Callable[..., Path]) -> None:
    """
    A number without quotes or a consumer that is not there is a blemish.
    """
    folder = change("SKILL.md", "gnome-painting", "dwarves")

    assert {"gnome-naming", "gnome-painting"} == set(load([folder]).require().skills)


def test_a_broken_skill_may_still_be_named_as_consumer(change: Callable[..., Path]) -> None:
    """
    One mistake is not reported again at everyone who builds on the skill.
    """
    (fault,) = validate([change("gnome-painting/SKILL.md", "description", "summary")])

    assert fault.field == "description"


def test_a_guest_keeps_its_own_meaning_of_consumers_and_names_files_its_way(
    change: Callable[..., Path],
) -> None:
    """
    Rules that only our format has do not hold for those who never read it.
    """
    folder = change(
        "gnome-painting/SKILL.md",
        "\n---\nPaint",
        "\nmetadata:\n  squad: guest\n  consumers: hobbyists\n---\nPaint",
    )
    (folder / "gnome-painting" / "references").mkdir()
    (folder / "gnome-painting" / "references" / "colours.md").write_text("Red.")

    assert validate([folder]) == ()
