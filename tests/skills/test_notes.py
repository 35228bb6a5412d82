"""Notes are sorted by what they say of themselves: nothing is added, nothing is lost."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.context import WRITER, compose, parts_of
from skills.loader import OWN, load
from skills.notes import Sorted, sort

PARTS = parts_of(load([OWN]).skills[WRITER])


def sorted_notes(*lines: str) -> Sorted:
    return sort("\n".join(lines) + "\n", PARTS)


class TestHeadings:
    """A heading says where the text below it belongs."""

    def test_text_goes_to_the_section_its_heading_means(self) -> None:
        """
        The heading stays above it, unless it is the section's title.
        """
        found = sorted_notes("## Goals", "Sell gnomes.", "## Our rivals", "Flamingos.")

        assert found.said == {"Goals": "Sell gnomes.", "Competitive landscape": "## Our rivals\n\nFlamingos."}
        assert found.left_over == ""

    def test_a_heading_may_be_underlined(self) -> None:
        """
        As many programs write them; it is marked as ours are, and its text goes where it belongs.
        """
        found = sorted_notes("About us", "========", "", "Gnomes.", "", "Our rivals", "---", "Flamingos.")

        assert found.said["Product overview"] == "# About us\n\nGnomes."
        assert found.said["Competitive landscape"] == "## Our rivals\n\nFlamingos."
        assert found.left_over == ""

    def test_a_line_below_others_is_no_underline(self) -> None:
        """
        Not behind a paragraph, an item, a table or a heading, and not in fenced code.
        """
        lines = (
            "a",
            "Goals",
            "---",
            "",
            "- Goals",
            "---",
            "",
            "## Tone",
            "---",
            "",
            "```",
            "",
            "Goals",
            "===",
            "```",
            "",
            "1. Goals",
            "---",
        )
        found = sorted_notes(*lines)

        assert list(found.placed) == ["Tone"]

    def test_two_headings_may_mean_one_section(self) -> None:
        """
        Their texts follow each other.
        """
        found = sorted_notes("## Pricing", "18 a gnome.", "## Goals", "More.", "## What we sell", "Gnomes.")

        assert found.said["Product overview"] == "## Pricing\n\n18 a gnome.\n\n## What we sell\n\nGnomes."

    def test_what_stands_below_a_matched_heading_stays_together(self) -> None:
        """
        A rival's price is about the rival.
        """
        found = sorted_notes("## Rivals", "### Flamingos Ltd", "#### Their price", "20", "## Tone", "Dry.")

        assert list(found.said) == ["Competitive landscape", "Brand voice"]
        assert "#### Their price\n\n20" in found.said["Competitive landscape"]

    def test_a_section_inside_another_is_found(self) -> None:
        """
        Its exact title is stronger than where it stands.
        """
        assert sorted_notes("## Customers", "Gardeners.", "### Personas", "The aunt.").said["Personas"] == "The aunt."

    def test_what_means_no_section_is_left_over_with_its_heading(self) -> None:
        """
        As is what stands before the first heading, and a heading that means two.
        """
        found = sorted_notes("Met Anna.", "## Weather", "Rain.", "## Goals and problems", "Many.")

        assert found.said == {}
        assert found.left_over == "Met Anna.\n\n## Weather\n\nRain.\n\n## Goals and problems\n\nMany."
        assert found.placed == {"Weather": "", "Goals and problems": ""}

    def test_the_title_of_the_notes_names_the_product(self) -> None:
        """
        The only first-level heading, before all others; a second one makes both of them sections.
        """
        assert sorted_notes("# Goals Ltd", "## Goals", "More.").name == "Goals Ltd"
        assert sorted_notes("# Gnomeland: product marketing context", "## Goals", "More.").name == "Gnomeland"
        assert sorted_notes("# Goals", "More.", "# Rivals", "Flamingos.").name == ""
        assert sorted_notes("# Goals", "More.").said == {"Goals": "More."}

    @pytest.mark.parametrize("title", ["About us", "Über uns", "Our product", "Product overview", "Unser Unternehmen"])
    def test_a_title_that_is_no_name_is_a_heading(self, title: str) -> None:
        """
        Nobody's brand is "About us"; what stands below it, to the next heading of any level, is about the product.
        """
        found = sorted_notes(f"# {title}", "", "We sell gnomes.", "", "## Rivals", "Flamingos.")

        assert found.name == found.left_over == ""
        assert "We sell gnomes." in found.said["Product overview"]
        assert list(found.said) == ["Product overview", "Competitive landscape"]
        assert found.placed[title] == "Product overview"

    @pytest.mark.parametrize("title", ["Notes", "Marketing brief", "Meine Notizen", "Untitled document", "README"])
    def test_a_title_that_says_nothing_is_no_name_either(self, title: str) -> None:
        """
        Its text is left over, with it above, and it is said that it is.
        """
        found = sorted_notes(f"# {title}", "Met Anna.", "## Goals", "More.")

        assert found.name == ""
        assert found.left_over == f"# {title}\n\nMet Anna."
        assert found.placed[title] == ""

    @pytest.mark.parametrize(
        "title", ["Proof Bakery", "Goals Ltd", "Gnomeland product overview", "Über Zwerge", "Voicely", "Userlane"]
    )
    def test_a_name_may_have_such_words_in_it(self, title: str) -> None:
        """
        One word that says nothing of a section is enough.
        """
        assert sorted_notes(f"# {title}", "## Goals", "More.").name == title

    @pytest.mark.parametrize(
        ("heading", "section"),
        [
            ("Über uns", "Product overview"),
            ("U\u0308ber uns", "Product overview"),
            ("Preise und Leistungen", "Product overview"),
            ("Unser Produkt", "Product overview"),
            ("Zielgruppe", "Target audience"),
            ("Unsere Kunden", "Target audience"),
            ("Probleme und Herausforderungen", "Problems and pain points"),
            ("Wettbewerb", "Competitive landscape"),
            ("Konkurrenz", "Competitive landscape"),
            ("Alleinstellungsmerkmale", "Differentiation"),
            ("Warum wir?", "Differentiation"),
            ("Einwände", "Objections and anti-personas"),
            ("Wechselgründe", "Switching dynamics"),
            ("Kundensprache", "Customer language"),
            ("Tonalität", "Brand voice"),
            ("Die Marke", "Brand voice"),
            ("Marketing", ""),
            ("Kundenstimmen", "Proof points"),
            ("Referenzen", "Proof points"),
            ("2. Ziele", "Goals"),
            ("Kennzahlen", "Goals"),
        ],
    )
    def test_german_headings_mean_the_sections(self, heading: str, section: str) -> None:
        """
        As English ones do, however their umlauts are written.
        """
        assert sorted_notes("# Zwergenland", f"## {heading}", "Zwerge.").placed == {heading: section}

    @pytest.mark.parametrize(
        ("heading", "section"),
        [
            ("Qui sommes-nous ?", "Product overview"),
            ("Notre clientèle", "Target audience"),
            ("Concurrents", "Competitive landscape"),
            ("Le ton de la marque", "Brand voice"),
            ("Preuves et témoignages", "Proof points"),
            ("Pourquoi nous ?", "Differentiation"),
            ("Objectifs", "Goals"),
            ("Quiénes somos", "Product overview"),
            ("Público objetivo", "Target audience"),
            ("Competencia", "Competitive landscape"),
            ("Preços", "Product overview"),
            ("Dúvidas dos clientes", "Objections and anti-personas"),
            ("Chi siamo", "Product overview"),
            ("Obiettivi", "Goals"),
            ("Doelgroep", "Target audience"),
            ("Onze concurrenten", "Competitive landscape"),
            ("Doelen", "Goals"),
        ],
    )
    def test_headings_in_other_languages_mean_the_sections(self, heading: str, section: str) -> None:
        """
        In those in which a goal is put into its category.
        """
        assert sorted_notes("# Villa Nano", f"## {heading}", "Nani.").placed == {heading: section}


class TestLabels:
    """Notes without headings may say in front of a paragraph what it is about."""

    def test_a_paragraph_goes_where_its_label_says(self) -> None:
        """
        To the blank line, label and all; what has no label is left over.
        """
        found = sorted_notes("Met Anna.", "Competitors: flamingos", "and fountains.", "", "She laughed.", "Tone: dry")

        assert found.said == {
            "Competitive landscape": "Competitors: flamingos\nand fountains.",
            "Brand voice": "Tone: dry",
        }
        assert found.left_over == "Met Anna.\n\nShe laughed."

    def test_a_label_on_a_line_of_its_own_is_a_heading(self) -> None:
        """
        In bold or with a colon; it holds until the next one.
        """
        found = sorted_notes("Rivals:", "", "- flamingos", "", "- fountains", "", "**Our goals**", "", "More gnomes.")

        assert found.said["Competitive landscape"] == "Rivals:\n\n- flamingos\n\n- fountains"
        assert found.said["Goals"] == "**Our goals**\n\nMore gnomes."

    def test_below_a_matched_heading_labels_mean_nothing(self) -> None:
        """
        Whoever wrote the heading has sorted already.
        """
        assert list(sorted_notes("## Rivals", "Price: 20", "Goal: the lawn").said) == ["Competitive landscape"]

    def test_a_sentence_with_a_colon_is_no_label(self) -> None:
        """
        Nor is a list item: what follows in the list may be about something else.
        """
        found = sorted_notes("We have one goal and it is this one: gnomes.", "", "- Goals: gnomes", "- rain")

        assert found.said == {}


@given(
    st.lists(
        st.sampled_from(
            ["# A", "## Goals", "### Rivals x", "## Misc", "Tone: dry", "Rivals:", "word", "", "- a", "```"]
        )
    )
)
def test_no_line_of_any_notes_is_lost_or_added(lines: list[str]) -> None:
    """
    Every line of the notes is in the context that is made of them, as often as it was; but for titles, which it has anyway.
    """
    found = sorted_notes(*lines)
    kept = "\n".join([*found.said.values(), found.left_over])
    titles = {"## Goals", *([f"# {found.name}"] if found.name else [])}
    expected = Counter(line for line in lines if line and line not in titles)
    got = Counter(line for line in kept.splitlines() if line and line not in titles)

    assert got == expected
    words = Counter(re.findall(r"\w+", compose(found.name, found.said, PARTS, found.left_over)))
    assert all(words[word] >= count for word, count in Counter(re.findall(r"\w+", kept)).items())
