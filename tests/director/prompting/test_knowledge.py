"""A specialist's skill is shown whole, its references while there is room; what a task chooses is never cached for all."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from director.catalog import Catalog
from director.prompting import drafting
from director.prompting.allowances import REFERENCES_ALLOWANCE
from director.prompting.knowledge import knowledge
from director.words.settings import Settings
from pipelines.plan import Size
from skills.loader import Skill, load
from tests.conftest import A_TASK, SITUATION

SKILLS = Catalog(Settings()).roster.skills

Write = Callable[..., Skill]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A guest that knows about gnomes: `write(taken="# Names taken")`, its references linked in the order they are given."""

    def make(*, linked: bool = True, **references: str | bytes) -> Skill:
        folder = tmp_path / "gnome-naming"
        (folder / "references").mkdir(parents=True)
        links = "".join(f"- [About {name}](references/{name}.md)\n" for name in references) if linked else ""
        (folder / "SKILL.md").write_text(
            f"---\nname: gnome-naming\ndescription: Names gnomes.\n---\nName it.\n\n{links}"
        )
        for name, said in references.items():
            raw = said.encode() if isinstance(said, str) else said
            (folder / "references" / f"{name}.md").write_bytes(raw)
        return load([tmp_path]).require().skills["gnome-naming"]

    return make


def long(title: str) -> str:
    """A reference that takes more than half of the room."""
    return f"# {title}\n\n{'Gnomes. ' * (REFERENCES_ALLOWANCE // 14)}"


def shown(skill: Skill, about: str) -> list[str]:
    """The references that are shown, by the name of their file."""
    texts = [part for block in knowledge(skill, about=about) for part in block.parts]
    return [text.partition("references/")[2].partition(".md")[0] for text in texts if text.startswith("# Reference: ")]


@pytest.mark.parametrize("skill", SKILLS.values(), ids=list(SKILLS))
def test_every_skill_of_ours_is_shown_with_all_its_references(skill: Skill) -> None:
    """
    They fit, so they stand whole in the skill's one block, in the order SKILL.md links them, whatever the task is.
    """
    (block,) = knowledge(skill, about="gnomes")

    places = [block.text.index(reference.text) for reference in skill.references]
    assert places == sorted(places)
    assert len(places) == len(list((skill.folder / "references").glob("*.md")))
    assert (
        block.parts[0] == f"# Your skill: {skill.name}\n\n{' '.join(skill.description.split())}\n\n{skill.text.strip()}"
    )
    assert block.stable
    assert knowledge(skill, about="something else") == (block,)


def test_a_reference_is_named_as_skill_md_names_it(write: Write) -> None:
    """
    By its link's words and its path within the folder, so that "see references/taken.md" is understood; no path of the machine.
    """
    (block,) = knowledge(write(taken="# Taken\n\nGeorge."), about="")

    assert "# Reference: About taken (references/taken.md)\n\n<reference>\n# Taken\n\nGeorge." in block.text
    assert "/gnome-naming" not in block.text


def test_what_does_not_fit_is_chosen_by_the_task(write: Write) -> None:
    """
    The reference whose headings share most words with goal and brief is shown; the others are known by name.
    """
    skill = write(colour=long("Paint and colour"), shelter=long("Gardens and balconies"))

    assert shown(skill, "Name gnomes for small balconies") == ["shelter"]
    assert shown(skill, "Which paints do gnomes like?") == ["colour"]
    for name in ("colour", "shelter"):
        assert f"- About {name} (references/{name}.md)" in knowledge(skill, about="")[0].text


def test_of_equals_the_one_that_is_linked_first_is_shown(write: Write) -> None:
    """
    Where the task says nothing, the place in SKILL.md decides; what still fits after it is shown too.
    """
    skill = write(zinc=long("Zinc"), amber=long("Amber"), copper="# Copper\n\nShort.")

    assert shown(skill, "nothing of the kind") == ["zinc", "copper"]


def test_a_choice_stands_behind_the_breakpoint(write: Write) -> None:
    """
    The skill's cached block is the same bytes for two tasks that are shown different references.
    """
    skill = write(colour=long("Paint and colour"), shelter=long("Gardens and balconies"))

    def draft(goal: str) -> list[dict[str, object]]:
        request = drafting.draft(
            skill=skill, model="claude-sonnet-5-5", goal=goal, task=A_TASK, context=None, situation=SITUATION
        )
        return request.body()["system"]

    first, second = draft("Gnomes for balconies"), draft("Gnomes in new colours")
    assert first[:2] == second[:2]
    assert first[2] != second[2]
    assert ["cache_control" in block for block in first] == [True, True, False]


def test_no_more_is_shown_than_the_allowance(write: Write) -> None:
    """
    A reference that is longer than all the room is shown to where the room ends, and says so.
    """
    (block,) = knowledge(write(saga="Once upon a time.\n" * 5_000), about="")

    assert len(block.text) < REFERENCES_ALLOWANCE + 500
    assert "was left out.)" in block.text


@pytest.mark.parametrize("raw", [b"\xff\xd8\xff", b"", b"x" * 300_000], ids=["not text", "empty", "too long"])
def test_what_cannot_be_read_is_only_named(write: Write, raw: bytes) -> None:
    """
    A picture, an empty file or a book among the references costs its text, never the goal.
    """
    skill = write(picture=raw, taken="# Taken\n\nGeorge.")
    (block,) = knowledge(skill, about="")

    assert shown(skill, "") == ["taken"]
    assert block.parts[-1] == "# References of this skill, by name\n\n- About picture (references/picture.md)"


def test_what_is_not_linked_comes_after_what_is(write: Write) -> None:
    """
    A guest need not link its files: then their names decide the order.
    """
    assert shown(write(linked=False, zinc="# Zinc", amber="# Amber"), "") == ["amber", "zinc"]


def test_a_note_is_shown_the_references_it_has_a_word_in_common_with(write: Write) -> None:
    """
    The others are named; what is cached is the same for two notes. Where no reference has a word of it, or the work is larger,
    all are shown.
    """
    skill = write(colour="# Paint and colour\n\nRed.", shelter="# Gardens and balconies\n\nShade.")

    def note(about: str) -> list[str]:
        texts = [block.text for block in knowledge(skill, about=about, is_note=True)]
        return [name for name in ("colour", "shelter") if any(f"# Reference: About {name}" in text for text in texts)]

    first, second = (knowledge(skill, about=about, is_note=True) for about in ("Paint gnomes", "Small balconies"))
    assert note("Paint gnomes") == ["colour"]
    assert note("Paint for balconies") == ["colour", "shelter"]
    assert note("Sing") == ["colour", "shelter"]
    assert shown(skill, "Paint gnomes") == ["colour", "shelter"]
    assert first[0] == second[0]
    assert "- About shelter (references/shelter.md)" in first[0].text
    assert [block.stable for block in first] == [True, False]


@pytest.mark.parametrize("size", Size)
def test_what_is_a_note_is_said_by_the_plan(write: Write, size: Size) -> None:
    """
    Goal, brief and the titles of its pieces are what it is about.
    """
    skill = write(colour="# Paint and colour\n\nRed.", shelter="# Gardens and balconies\n\nShade.")
    task = replace(A_TASK, size=size, pieces=("Paint chart",))
    request = drafting.draft(
        skill=skill, model="claude-sonnet-5-5", goal="Sell gnomes", task=task, context=None, situation=SITUATION
    )
    system = "\n".join(block.text for block in request.system)

    assert "# Reference: About colour" in system
    assert ("# Reference: About shelter" in system) is (size is not Size.NOTE)
