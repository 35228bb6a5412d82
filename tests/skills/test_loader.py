"""A folder with a SKILL.md is a skill, and what is wrong with one is said in a line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skills.loader import DIMENSIONS, OWN, BrokenSkills, SkillError, load, squads
from skills.squads import read_squads

GNOMES = """\
---
name: gnome-naming
description: >-
  Names garden gnomes. Use when a new gnome needs a name.
metadata:
  squad: creative
  consumers: none
  minimum-words: "300"
  required-sections: Names | Handover
  tools: web-search
---
# Gnome naming

## Role

You believe a gnome without a name is a stone.

## Deliverable

### Names

Ten names, the best first.

````
```
### not a heading
````

### Runners-up (optional)

What almost made it.

### Handover

Who paints the sign.

## References

- [Names taken](references/taken.md): before you propose one
"""

GUEST = """\
---
name: knitting
description: Knits scarves. Use when it is cold.
license: MIT
compatibility: needs wool
allowed-tools: Bash(knit:*) Read
metadata:
  version: 1.0
---
Knit, then purl. See `references/stitches.md`.
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Puts one skill folder into `<tmp>/skills` and answers with that collection's folder."""

    def put(name: str, text: str | bytes, *, into: str = "skills", **files: str) -> Path:
        folder = tmp_path / into / name
        (folder / "references").mkdir(parents=True, exist_ok=True)
        (folder / "SKILL.md").write_bytes(text if isinstance(text, bytes) else text.encode())
        for file, content in files.items():
            (folder / file.replace("__", "/").replace("_yaml", ".yaml").replace("_md", ".md")).write_text(content)
        return folder.parent

    return put


def complaints(folder: Path) -> str:
    """All faults of a collection, a line each."""
    return "\n".join(str(fault) for fault in load([folder]).faults)


def test_a_folder_becomes_a_skill_with_all_it_says(write: Write) -> None:
    """
    Front matter, outline, references and body arrive as values.
    """
    folder = write("gnome-naming", GNOMES, references__taken_md="# Taken\n\nGeorge.\n")

    roster = load([folder])

    assert roster.faults == ()
    skill = roster.skills["gnome-naming"]
    assert skill.description == "Names garden gnomes. Use when a new gnome needs a name."
    assert (
        skill.squad,
        skill.consumers,
        skill.minimum_words,
        skill.tools,
    ) == ("creative", (), 300, ("web-search",))
    assert skill.required_sections == ("Names", "Handover")
    assert [(section.title, section.required) for section in skill.outline] == [
        ("Names", True),
        ("Runners-up", False),
        ("Handover", True),
    ]
    assert skill.outline[0].guidance == "Ten names, the best first.\n\n````\n```\n### not a heading\n````"
    assert skill.outline[2].guidance == "Who paints the sign."
    assert skill.text.startswith("# Gnome naming")
    (reference,) = skill.references
    assert reference.title == "Names taken"
    assert reference.text == "# Taken\n\nGeorge."
    assert folder / "gnome-naming" == skill.folder


def test_a_skill_takes_from_its_squad_what_it_does_not_say(write: Write) -> None:
    """
    Tier, effort, weights and minimums come from squads.yaml unless the folder has its own.
    """
    folder = write("gnome-naming", GNOMES)
    write(
        "gnome-pricing",
        GNOMES.replace("gnome-naming", "gnome-pricing").replace(
            "  tools: web-search\n", "  tier: haiku\n  effort: low\n"
        ),
        rubric_yaml="minimums: {data_use: 9}\ncriteria:\n  - Names a price.\n",
    )

    skills = load([folder]).skills

    creative = squads()["creative"]
    plain, special = skills["gnome-naming"], skills["gnome-pricing"]
    assert (creative.tier, creative.effort) == (plain.tier, plain.effort)
    assert (creative.weights, creative.minimums) == (plain.rubric.weights, plain.rubric.minimums)
    assert (special.tier, special.effort) == ("haiku", "low")
    assert creative.weights == special.rubric.weights
    assert special.rubric.minimums == {"data_use": 9}
    assert special.rubric.criteria == ("Names a price.",)


def test_a_folder_in_the_public_format_loads_as_a_guest(write: Write) -> None:
    """
    Name and description are enough; what the format does not know gets the guests' defaults.
    """
    folder = write("knitting", GUEST, references__stitches_md="# Stitches\n")

    roster = load([folder]).require()

    skill = roster.skills["knitting"]
    assert (
        skill.squad,
        skill.minimum_words,
        skill.required_sections,
        skill.consumers,
        skill.outline,
    ) == ("guest", 150, (), (), ())
    assert squads()["guest"].weights == skill.rubric.weights
    assert [reference.title for reference in skill.references] == ["stitches"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("all", ("all",)),
        ("none", ()),
        ("gnome-pricing, knitting", ("gnome-pricing", "knitting")),
    ],
)
def test_consumers_are_names_or_all_or_none(write: Write, written: str, read: tuple[str, ...]) -> None:
    """
    `all` stays as it is, `none` is nobody.
    """
    roster = load([write("gnome-naming", GNOMES.replace("consumers: none", f"consumers: {written}"))])

    assert {"gnome-naming": read} == roster.consumers


def test_windows_line_ends_and_a_byte_order_mark_are_no_faults(write: Write) -> None:
    """
    What an editor adds without asking does not break a skill.
    """
    folder = write("gnome-naming", b"\xef\xbb\xbf" + GNOMES.replace("\n", "\r\n").encode())

    skill = load([folder]).require().skills["gnome-naming"]

    assert "\r" not in skill.text
    assert skill.required_sections == ("Names", "Handover")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("---\nname", "name", "front matter: expected the first line to be ---, found 'name: gnome-naming'"),
        ("tools: web-search\n---", "tools: web-search", "front matter: expected a second line ---"),
        ("name: gnome-naming", "name: [", "front matter: expected YAML, found a mistake in line"),
        (
            "name: gnome-naming",
            "name: 2024-13-45",
            "front matter: expected YAML, found a value that cannot be read",
        ),
        ("name: gnome-naming", "name: Gnome", "name: expected 1 to 64 of a-z, 0-9 and single hyphens"),
        ("name: gnome-naming", "name: gnome--naming", "name: expected 1 to 64 of"),
        ("name: gnome-naming", "name: -gnome", "name: expected 1 to 64 of"),
        ("name: gnome-naming", f"name: {'g' * 65}", "name: expected 1 to 64 of"),
        ("name: gnome-naming", "nom: gnome-naming", "name: expected 1 to 64 of a-z, 0-9 and single hyphens"),
        ("name: gnome-naming", "name: gnomes", "name: expected the folder's name gnome-naming, found gnomes"),
        (
            "description: >-",
            f"description: >-\n  {'x' * 1025}",
            "description: expected at most 1024 characters",
        ),
        (
            "description: >-\n  Names",
            "summary: >-\n  Names",
            "description: expected a text that says what it does",
        ),
        (
            "squad: creative",
            "squad: gardeners",
            "metadata.squad: expected one of foundation, strategy, creative",
        ),
        ("squad: creative", "squad: ''", "metadata.squad: expected text, found ''"),
        ("  squad: creative\n", "", "metadata.squad: expected one of foundation"),
        ('"300"', "many", "metadata.minimum-words: expected a whole number from 1, found 'many'"),
        ('"300"', "0", "metadata.minimum-words: expected a whole number from 1, found '0'"),
        (
            '  minimum-words: "300"\n',
            "",
            "metadata.minimum-words: expected a whole number from 1, found nothing",
        ),
        (
            "tools: web-search",
            "tier: fable",
            "metadata.tier: expected one of opus, sonnet, haiku, found 'fable'",
        ),
        ("tools: web-search", "effort: none", "metadata.effort: expected one of low, medium, high"),
        ("tools: web-search", "tools: [a, b]", "metadata.tools: expected text, found ['a', 'b']"),
        ("consumers: none", "consumers: gnome-naming", "metadata.consumers: expected other skills"),
        ("consumers: none", "consumers: all, x", "metadata.consumers: expected names, or all, or none"),
        ("consumers: none", "consumers: x, x", "metadata.consumers: expected each name once"),
        (
            "Names | Handover",
            "Names | Prices | Handover",
            "metadata.required-sections: expected a required ###",
        ),
        ("Names | Handover", "Names", "found no ['Handover']"),
        ("Names | Handover", "Handover | Names", "expected the order of the ### headings"),
        ("  squad: creative", "- squad", "front matter: expected YAML"),
    ],
)
def test_a_broken_skill_is_left_out_and_its_fault_named(write: Write, old: str, new: str, complaint: str) -> None:
    """
    One bad field costs that skill its place and nobody else theirs; the line says where and what.
    """
    assert old in GNOMES
    folder = write("gnome-naming", GNOMES.replace(old, new, 1))
    write("knitting", GUEST)

    roster = load([folder])

    assert list(roster.skills) == ["knitting"]
    assert complaint in complaints(folder)
    assert complaints(folder).startswith(str(folder / "gnome-naming" / "SKILL.md") + ": ")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (b"---\nname: \xff\n---\n", "file: expected UTF-8, found the byte 0xff at position 10"),
        (GNOMES.encode() + b"x" * 256_000, "file: expected at most 256 kB, found more"),
        (b"", "front matter: expected the first line to be ---, found ''"),
        (b"---\n- a\n---\n", "front matter: expected keys with values, found ['a']"),
        (
            b"---\na: " + b"[" * 60_000 + b"]" * 60_000 + b"\n---\n",
            "front matter: expected at most 50 values inside",
        ),
        (b"---\nname: x\nmetadata: 7\n---\n", "metadata: expected keys with values, found 7"),
        (
            b"---\nname: x\nmetadata: {tier: 0x" + b"f" * 9999 + b"}\n---\n",
            "metadata.tier: expected text, found a number",
        ),
    ],
)
def test_a_file_that_is_no_skill_at_all_gives_a_line_too(write: Write, text: bytes, complaint: str) -> None:
    """
    Bytes, size, emptiness and absurd YAML are complaints like any other.
    """
    assert complaint in complaints(write("gnome-naming", text))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(front=st.text(max_size=200), body=st.text(max_size=200))
def test_no_text_makes_loading_raise(write: Write, front: str, body: str) -> None:
    """
    Whatever stands in a SKILL.md, the answer is a roster.
    """
    text = f"---\n{front}\n---\n{body}".encode(errors="replace")

    roster = load([write("gnome-naming", text)])

    assert roster.skills or roster.faults


@pytest.mark.parametrize(
    ("rubric", "complaint"),
    [
        (
            "weights: {clarity: 1}",
            "weights: expected all seven dimensions, found no completeness, actionability",
        ),
        (
            "weights: {" + ", ".join(f"{name}: 0.2" for name in DIMENSIONS) + "}",
            "weights: expected a sum of 1, found 1.4",
        ),
        (
            "weights: {" + ", ".join(f"{name}: .nan" for name in DIMENSIONS) + "}",
            "weights.clarity: expected a number",
        ),
        ("weights: 1", "weights: expected a number for each dimension, found 1"),
        ("minimums: {clarity: 11}", "minimums.clarity: expected a number from 0 to 10, found 11"),
        ("minimums: {clarity: yes}", "minimums.clarity: expected a number from 0 to 10, found True"),
        ("minimums: {charm: 5}", "minimums: expected dimensions (completeness"),
        ("criteria: [a, '']", "criteria[2]: expected text, found ''"),
        ("faults:\n  - a: b", "faults[1]: expected text, found {'a': 'b'}; put quotes around"),
        ("criteria: one", "criteria: expected a list of texts, found 'one'"),
        ("weight: {}", "'weight': expected only weights, minimums, criteria, faults"),
        ("", "file: expected some of weights, minimums, criteria, faults, found nothing"),
        ("- {", "file: expected YAML, found a mistake"),
    ],
)
def test_a_broken_rubric_is_a_fault_of_its_own_file(write: Write, rubric: str, complaint: str) -> None:
    """
    A skill is not judged by half a rubric, nor by its squad's where it meant to have its own.
    """
    folder = write("gnome-naming", GNOMES, rubric_yaml=rubric)

    assert load([folder]).skills == {}
    assert f"{folder / 'gnome-naming' / 'rubric.yaml'}: {complaint}" in complaints(folder)


def test_the_first_of_two_folders_with_one_name_stands(write: Write) -> None:
    """
    A later collection adds skills; it does not replace any.
    """
    ours = write("gnome-naming", GNOMES, into="ours")
    theirs = write("gnome-naming", GNOMES.replace("Names garden", "Renames garden"), into="theirs")
    write("knitting", GUEST, into="theirs")

    roster = load([ours, theirs])

    assert {"gnome-naming", "knitting"} == set(roster.skills)
    assert ours / "gnome-naming" == roster.skills["gnome-naming"].folder
    (fault,) = roster.clashes
    assert () == roster.faults, "a name that is taken stops nobody"
    assert theirs / "gnome-naming" / "SKILL.md" == fault.file
    assert str(ours / "gnome-naming") in fault.message


def test_only_a_folder_with_files_is_missed_its_skill_file(write: Write, tmp_path: Path) -> None:
    """
    Empty folders and caches are nothing; a folder with notes and no SKILL.md is a mistake someone made.
    """
    folder = write("gnome-naming", GNOMES)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "loader.pyc").write_bytes(b"x")
    (folder / "empty" / "__pycache__").mkdir(parents=True)
    (folder / "empty" / "__pycache__" / "x.pyc").write_bytes(b"x")
    (folder / "loader.py").write_text("")

    assert load([folder, tmp_path / "not there"]).faults == ()

    (folder / "half" / "references").mkdir(parents=True)
    (folder / "half" / "references" / "notes.md").write_text("soon")
    (fault,) = load([folder]).faults
    assert f"{folder / 'half' / 'SKILL.md'}: file: expected a SKILL.md beside the other files" in str(fault)


def test_a_file_in_place_of_the_collection_is_a_fault(tmp_path: Path) -> None:
    """
    A wrong path is a line, not a traceback.
    """
    (tmp_path / "skills").write_text("")

    assert "folder: cannot be read (Not a directory)" in complaints(tmp_path / "skills")


def test_a_reference_cannot_lead_out_of_its_folder(write: Write, tmp_path: Path) -> None:
    """
    References are sent to the model service; a link must not carry a file of the machine along.
    """
    folder = write("gnome-naming", GNOMES)
    (tmp_path / "diary.md").write_text("Dear diary")
    (folder / "gnome-naming" / "references" / "taken.md").symlink_to(tmp_path / "diary.md")

    assert "references/taken.md: expected a file inside the skill's folder" in complaints(folder)
    assert load([folder]).skills == {}


def test_references_are_read_when_asked_for(write: Write) -> None:
    """
    Loading opens none; what was read once stays as it was, like SKILL.md itself.
    """
    folder = write("gnome-naming", GNOMES, references__taken_md="# Taken\n")
    (folder / "gnome-naming" / "references" / ".DS_Store").write_bytes(b"\xff")
    (reference,) = load([folder]).require().skills["gnome-naming"].references
    reference.path.write_text("# Taken since\n")

    assert reference.text == "# Taken since"
    reference.path.write_text("# Taken later\n")
    assert reference.text == "# Taken since"


@pytest.mark.parametrize("raw", [None, b"\xff\xfe", b" \n", b"x" * 300_000], ids=["gone", "not text", "empty", "long"])
def test_a_reference_that_cannot_be_read_says_nothing(write: Write, raw: bytes | None) -> None:
    """
    The skill loads and works without it; only `validate` complains.
    """
    folder = write("gnome-naming", GNOMES, references__taken_md="# Taken\n")
    (reference,) = load([folder]).require().skills["gnome-naming"].references
    if raw is None:
        reference.path.unlink()
    else:
        reference.path.write_bytes(raw)

    assert reference.text == ""


@pytest.mark.parametrize("name", ["director", "reviewer", "all", "none"])
def test_words_of_ours_are_no_names_of_skills(write: Write, name: str) -> None:
    """
    A skill called director would take the director's post.
    """
    assert "name: expected a name that is not one of" in complaints(
        write(name, GUEST.replace("name: knitting", f"name: {name}"))
    )


def test_requiring_a_roster_with_faults_gives_one_sentence(write: Write) -> None:
    """
    It names the first fault, and how many more there are.
    """
    folder = write("gnome-naming", GNOMES.replace("squad: creative", "squad: gardeners"))
    write("knitting", GUEST.replace("name: knitting", "name: Knitting\nextra: '\n\n'"))
    write("purling", "")

    with pytest.raises(BrokenSkills) as caught:
        load([folder]).require()

    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.startswith(f"A skill is broken: {folder / 'gnome-naming' / 'SKILL.md'}: metadata.squad: ")
    assert sentence.endswith("(and 2 more faults)")


def test_every_squad_has_weights_that_sum_to_one() -> None:
    """
    squads.yaml holds the seven squads; strategy thinks with the largest model.
    """
    assert list(squads()) == ["foundation", "strategy", "creative", "convert", "activate", "measure", "guest"]
    assert squads()["strategy"].tier == "opus"
    assert {"sonnet"} == {squad.tier for squad in squads().values() if squad.name != "strategy"}
    for squad in squads().values():
        assert set(DIMENSIONS) == set(squad.weights)
        assert pytest.approx(sum(squad.weights.values()), abs=1e-9) == 1
        assert set(squad.minimums) <= set(DIMENSIONS)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "  tier: opus",
            "  tier: fable",
            "strategy.tier: expected one of opus, sonnet, haiku, found 'fable'",
        ),
        ("  tier: opus\n", "", "strategy: expected exactly effort, minimums, purpose, tier, weights"),
        ("    clarity: 0.20", "    clarity: 0.30", "foundation.weights: expected a sum of 1, found 1.1"),
        (
            "purpose: Plans",
            "purpose:\n    - Plans",
            "strategy.purpose: expected a line of text, found ['Plans",
        ),
        ("guest:", "strangers:", "expected squads by name, guest among them"),
        ("guest:", "guest: [", "expected YAML"),
    ],
)
def test_a_broken_squads_file_is_one_sentence(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    """
    What all skills share fails as readably as one of them.
    """
    text = (OWN / "squads.yaml").read_text()
    assert old in text
    file = tmp_path / "squads.yaml"
    file.write_text(text.replace(old, new, 1))

    with pytest.raises(SkillError) as caught:
        read_squads(file)

    assert complaint in str(caught.value)
    assert str(file) in str(caught.value)
