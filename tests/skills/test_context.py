"""The product context as a document: which of its sections say something, and for whom that matters."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from skills.context import (
    LEFT_OVER,
    WRITER,
    Found,
    Part,
    Standing,
    compose,
    judge,
    meant_by,
    parts_of,
    read_by,
    readers_of,
    said_of,
    with_said,
)
from skills.loader import OWN, SkillError, load

ROSTER = load([OWN])
SKILL = ROSTER.skills[WRITER]
PARTS = parts_of(SKILL)
TITLES = [part.title for part in PARTS]
ENOUGH = " ".join(["gnome"] * 25)

#: Whole contexts with something to say in every section.
FULL = compose("Gnomeland", dict.fromkeys(TITLES, ENOUGH), PARTS)


def standings(text: str) -> dict[str, Standing]:
    return {found.part.title: found.standing for found in judge(text, PARTS, SKILL)}


def goals(body: str, *, heading: str = "## Goals") -> Found:
    """What is found of the goals in a context that has nothing else."""
    return judge(f"# Gnomeland\n\n{heading}\n\n{body}\n", PARTS, SKILL)[-1]


class TestSections:
    """The sections have one home: the skill that writes the document."""

    def test_they_are_what_the_skill_has_to_deliver_about_the_product(self) -> None:
        """
        Its required sections, without the two that are about the deliverable itself.
        """
        assert len(TITLES) == 12
        assert [*TITLES, "Assumptions and open facts", "Handover"] == list(SKILL.required_sections)

    def test_each_asks_for_something_of_its_own(self) -> None:
        """
        A line a person can answer.
        """
        assert len({part.asks for part in PARTS}) == 12
        assert all(part.asks.endswith(".") and "\n" not in part.asks for part in PARTS)

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            (lambda d: d.pop("Goals"), "Goals"),
            (lambda d: d.update(Gnomes=d["Goals"]), "Goals"),
            (lambda d: d.update(Goals=d.pop("Goals")) or d.update(Personas=d.pop("Personas")), "in this order"),
            (lambda d: d["Goals"].pop("asks"), "Goals"),
            (lambda d: d["Goals"].update(asks=""), "Goals.asks"),
            (lambda d: d["Goals"].update(stems="goal"), "Goals.stems"),
            (lambda d: d["Goals"].update(weak=["Goal"]), "Goals.weak"),
            (lambda d: d["Goals"].update(gnomes=[]), "Goals"),
        ],
        ids=["fewer", "more", "order", "no question", "empty question", "no list", "upper case", "unknown key"],
    )
    def test_a_description_that_does_not_fit_the_skill_is_named(
        self, tmp_path: Path, change: Callable[[dict[str, dict[str, object]]], object], named: str
    ) -> None:
        """
        Renaming a section in SKILL.md and not beside it is found at once, with file and place.
        """
        document = yaml.safe_load((SKILL.folder / "sections.yaml").read_text(encoding="utf-8"))
        change(document)
        folder = tmp_path / WRITER
        folder.mkdir()
        (folder / "SKILL.md").write_bytes((SKILL.folder / "SKILL.md").read_bytes())
        (folder / "sections.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        (changed,) = load([tmp_path]).require().skills.values()

        with pytest.raises(SkillError, match=re.escape(named)) as refused:
            parts_of(changed)
        assert "sections.yaml" in str(refused.value)


class TestHeadings:
    """Which section a heading of somebody's means."""

    @pytest.mark.parametrize("part", PARTS, ids=TITLES)
    def test_a_title_means_its_section_however_it_is_written(self, part: Part) -> None:
        """
        Numbered, in bold, in capitals, with a colon.
        """
        title = part.title
        for heading in (title, f"3. {title}", f"**{title}**", title.upper(), f"{title}:"):
            assert meant_by(heading, PARTS) == part

    @pytest.mark.parametrize(
        ("heading", "title"),
        [
            ("Our customers", "Target audience"),
            ("Pricing", "Product overview"),
            ("The product", "Product overview"),
            ("Competitors", "Competitive landscape"),
            ("Customer pain points", "Problems and pain points"),
            ("What customers say", "Customer language"),
            ("Product goals for 2027", "Goals"),
            ("Anti-personas", "Objections and anti-personas"),
            ("Tone of voice", "Brand voice"),
        ],
    )
    def test_usual_words_mean_a_section(self, heading: str, title: str) -> None:
        """
        By how its words begin; "product" and "customer" count only where nothing says more.
        """
        part = meant_by(heading, PARTS)

        assert part is not None
        assert part.title == title

    @pytest.mark.parametrize("heading", ["Misc", "Gnomes", "", "Goals and problems", "Competitor pricing", "Paint"])
    def test_a_heading_of_none_or_of_two_is_not_guessed(self, heading: str) -> None:
        """
        Where it belongs is for a person to say.
        """
        assert meant_by(heading, PARTS) is None


class TestJudging:
    """What a section is worth to who reads it."""

    def test_a_section_is_there_from_a_third_of_its_share(self) -> None:
        """
        900 words in twelve sections are 75 each; 25 are enough not to be thin.
        """
        assert SKILL.minimum_words == 900
        assert (goals(ENOUGH).standing, goals(ENOUGH).words) == (Standing.THERE, 25)
        assert goals(ENOUGH.removesuffix(" gnome")).standing is Standing.THIN

    def test_a_section_without_its_heading_is_missing(self) -> None:
        """
        Specialists look for it by name.
        """
        assert set(standings("# Gnomeland\n\nWe sell gnomes.\n").values()) == {Standing.MISSING}

    def test_a_missing_section_names_the_heading_that_may_be_meant(self) -> None:
        """
        So that a person only has to rename it.
        """
        found = {one.part.title: one for one in judge(f"## Competitors\n\n{ENOUGH}\n", PARTS, SKILL)}

        assert found["Competitive landscape"].standing is Standing.MISSING
        assert found["Competitive landscape"].perhaps == "Competitors"
        assert found["Goals"].perhaps == ""

    @pytest.mark.parametrize(
        "body",
        [
            "",
            "Unknown",
            "Unknown: how many gnomes there are,\nand who has counted them.",
            "- **Unknown:** everything\n- TBD\n* n/a",
            "TODO: ask the head gnome.",
            "Lorem ipsum dolor sit amet.",
            "<!-- to be filled in -->",
            "Evidence: nobody was asked.",
            f"Unknown: {PARTS[-1].asks}",
            PARTS[-1].asks,
            "### Primary\n\n### Secondary",
        ],
    )
    def test_what_says_nothing_about_the_product_is_unknown(self, body: str) -> None:
        """
        Placeholders, a template's own lines, sources and bare headings count no words.
        """
        assert (goals(body).standing, goals(body).words) == (Standing.UNKNOWN, 0)

    @pytest.mark.parametrize(
        "body",
        [
            f"{ENOUGH}\nUnknown: the date.",
            f"Unknown: {PARTS[-1].asks}\n{ENOUGH}",
            f"Unknown: the date.\n\n{ENOUGH}\n\nEvidence: the head gnome.",
            f"- Unknown: the date\n- {ENOUGH}",
            f"### Primary\n\n{ENOUGH}",
        ],
    )
    def test_what_is_known_counts_beside_what_is_not(self, body: str) -> None:
        """
        An honest gap does not hide the rest, and adds nothing to it.
        """
        assert (goals(body).standing, goals(body).words) == (Standing.THERE, 25)

    def test_a_section_reaches_to_the_next_heading_as_high(self) -> None:
        """
        Deeper ones are part of it, also such as have a section's name; a foreign one ends it.
        """
        text = f"## Personas\n\nGnomes\n\n### Goals\n\n{ENOUGH}\n\n## Weather\n\n{ENOUGH}\n"

        assert standings(text)["Personas"] is Standing.THERE
        assert standings(text)["Goals"] is Standing.MISSING
        assert {one.part.title: one.words for one in judge(text, PARTS, SKILL)}["Personas"] == 26

    def test_headings_in_code_are_none(self) -> None:
        """
        A fenced block is text of its section.
        """
        assert standings("## Personas\n\n```\n## Goals\n```\n")["Goals"] is Standing.MISSING


class TestReaders:
    """Who misses what is not there: derived from what each skill says it reads first."""

    @pytest.mark.parametrize("name", sorted(set(ROSTER.skills) - {WRITER}))
    def test_every_specialist_says_what_it_reads(self, name: str) -> None:
        """
        By the sections' whole titles: a short form would not be found, here or in the context.
        """
        skill = ROSTER.skills[name]
        first = skill.text.partition("\n## Read first\n")[2].partition("\n## ")[0]
        marked = {" ".join((a or b).split()) for a, b in re.findall(r"\*\*([^*]+)\*\*|`([^`]+)`", first)}

        assert len(read_by(skill, PARTS)) >= 3
        assert [short for short in marked for title in TITLES if title.startswith(short) and short != title] == []

    def test_each_section_is_read_by_somebody(self) -> None:
        """
        What nobody reads need not be written.
        """
        assert {part for skill in ROSTER.skills.values() for part in read_by(skill, PARTS)} == set(PARTS)

    def test_the_writer_is_no_reader(self) -> None:
        """
        Who makes the document does not miss it.
        """
        assert WRITER not in [reader.skill for reader in readers_of(judge(FULL, PARTS, SKILL), ROSTER.skills.values())]

    def test_those_come_first_that_miss_most_of_what_they_read(self) -> None:
        """
        Three of four weigh more than three of eleven; nobody lacks what is there or thin.
        """
        said = dict.fromkeys(TITLES, ENOUGH)
        for title in ("Product overview", "Proof points", "Goals"):
            del said[title]
        said["Brand voice"] = "Dry."
        two = [ROSTER.skills[name] for name in ("copywriting", "schema-markup")]
        readers = readers_of(judge(compose("", said, PARTS), PARTS, SKILL), two)

        assert [reader.skill for reader in readers] == ["schema-markup", "copywriting"]
        assert [one.part.title for one in readers[0].lacks] == ["Product overview", "Proof points", "Goals"]
        assert [one.part.title for one in readers[0].thin] == ["Brand voice"]
        shares = [len(reader.lacks) / len(reader.reads) for reader in readers]
        assert shares == sorted(shares, reverse=True)

    def test_a_guest_that_names_no_section_is_not_listed(self, tmp_path: Path) -> None:
        """
        Nothing is known about what it needs, so nothing is claimed.
        """
        (tmp_path / "gnome-care").mkdir()
        (tmp_path / "gnome-care" / "SKILL.md").write_text(
            "---\nname: gnome-care\ndescription: Waters.\n---\nGoals: none.\n"
        )

        assert readers_of(judge(FULL, PARTS, SKILL), load([tmp_path]).require().skills.values()) == ()


class TestComposing:
    """A context made of what somebody said."""

    def test_what_nobody_said_is_marked_unknown(self) -> None:
        """
        With the line that says what belongs there; every section is there.
        """
        text = compose("Gnomeland", {"Goals": "Sell gnomes."}, PARTS)

        assert text.startswith("# Gnomeland: product marketing context\n")
        assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == TITLES
        assert "## Goals\n\nSell gnomes.\n" in text
        assert f"## Personas\n\nUnknown: {PARTS[2].asks}\n" in text
        assert standings(text) == dict.fromkeys(TITLES, Standing.UNKNOWN) | {"Goals": Standing.THIN}

    def test_what_fits_nowhere_has_a_place_at_the_end(self) -> None:
        """
        And no place where there is nothing of the kind.
        """
        assert compose("", {}, PARTS, "Ask Anna.").endswith(f"\n\n## {LEFT_OVER}\n\nAsk Anna.\n")
        assert LEFT_OVER not in compose("", {}, PARTS)

    @given(said=st.text(st.sampled_from("#`~ \n-|aU:")), other=st.text(st.sampled_from("#`~ \n-|aU:")))
    def test_nothing_somebody_says_breaks_the_document(self, said: str, other: str) -> None:
        """
        Neither a heading nor a code block that never ends reaches beyond its section.
        """
        text = compose("Gnomeland", {"Personas": said, "Goals": other}, PARTS, other)
        found = standings(text)

        assert Standing.MISSING not in found.values()
        assert {found[title] for title in TITLES if title not in ("Personas", "Goals")} == {Standing.UNKNOWN}
        assert standings(FULL + text[text.index("## Goals") :])["Brand voice"] is Standing.THERE


@given(
    st.sampled_from(PARTS), st.sampled_from([FULL, "", "# Ours\n\n### 2. Personas\n\nNobody.\n\n### Odd\n\nA rest."])
)
def test_a_section_that_is_said_anew_changes_nothing_else(part: Part, text: str) -> None:
    """Whatever stands in it: a heading of it begins no section, a fence that stays open takes none in."""
    said = "Kind.\n\n# Loud\n\n```\nopen"
    new = with_said(text, part, said, PARTS)

    assert said_of(new, part, PARTS).startswith("Kind.")
    assert said_of(new, part, PARTS).endswith("```")
    assert [said_of(new, other, PARTS) for other in PARTS if other is not part] == [
        said_of(text, other, PARTS) for other in PARTS if other is not part
    ]
    assert with_said(new, part, said, PARTS) == new
    assert said_of(with_said(new, part, " ", PARTS), part, PARTS) == ""
    assert ("A rest." in new) is ("A rest." in text)
