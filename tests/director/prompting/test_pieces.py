"""The form of a deliverable: pieces that stand alone, notes behind them, and what is said of a slip in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.prompting.allowances import SUMMARY_ALLOWANCE
from director.prompting.pieces import Use, for_others, summary, take_apart

TEXT = """# Gnomes come back

<piece title="Letter to gnomes">
Subject: Come back

## Inside

Dear gnome.
</piece>

<piece title="Tally sheet" use="fill in">
| Day |
|---|
| Tue |
</piece>

## Evidence

It rained.

## Decided

One letter each.

## Handover

- page-cro: the letter's promise.
"""


def test_a_deliverable_is_taken_apart() -> None:
    """
    Title, pieces with their use, notes by section; a heading within a piece is the piece's.
    """
    made = take_apart(TEXT)

    assert made.title == "Gnomes come back"
    assert [(piece.title, piece.use) for piece in made.pieces] == [
        ("Letter to gnomes", Use.SCREEN),
        ("Tally sheet", Use.FILL_IN),
    ]
    assert made.pieces[0].text.startswith("Subject: Come back\n")
    assert [name for name, _ in made.sections()] == ["Evidence", "Decided", "Handover"]
    assert made.section("decided") == "One letter each."
    assert made.faults == ()


def test_others_are_shown_what_was_decided_first() -> None:
    """
    What they have to keep and what is handed to them is never what is cut; the evidence comes last.
    """
    shown = for_others(TEXT)

    assert [line for line in shown.splitlines() if line.startswith(("# ", "## ", "<piece"))] == [
        "# Gnomes come back",
        "## Decided",
        "## Handover",
        '<piece title="Letter to gnomes">',
        "## Inside",
        '<piece title="Tally sheet" use="fill in">',
        "## Evidence",
    ]
    assert "\n\nBy the way.\n\n## Evidence" in for_others(TEXT.replace("## Evidence", "By the way.\n\n## Evidence"))
    assert for_others("# Old\n\n## Handover\n\nx") == "# Old\n\n## Handover\n\nx"


def test_a_summary_keeps_whole_what_speaks_to_those_who_come_later() -> None:
    """
    What was decided and handed over, however long; of the pieces and the evidence the beginning. A heading within a piece is
    the piece's, whatever it is called.
    """
    long = TEXT.replace("One letter each.", "One letter each. " * 40).replace("Dear gnome.", "Dear gnome. " * 40)
    shown = summary(long.replace("## Inside", "## Handover of gnomes"))

    assert ("One letter each. " * 40).strip() in shown
    assert "- page-cro: the letter's promise." in shown
    assert shown.index("## Decided") < shown.index('<piece title="Letter to gnomes">')
    assert shown.count("Dear gnome.") < 20
    assert "It rained." in shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<piece title="A">\nx', "'A' is not closed"),
        ('<piece title="A">\nx\n<piece title="B">\ny\n</piece>', "'A' is not closed"),
        ("x\n</piece>", "closes nothing"),
        ('<piece title="A">\n\n</piece>', "'A' is empty"),
        ('<piece title="A">\nx\n</piece>\n<piece title="a">\ny\n</piece>', "Two pieces are called 'a'"),
        ("<piece>\nx\n</piece>", "is not of the form"),
        ('<piece title="A" use="eat">\nx\n</piece>', "is not of the form"),
    ],
)
def test_a_slip_in_the_form_is_a_sentence_for_its_author(text: str, said: str) -> None:
    """
    Nothing is lost by it: what was written is a piece all the same.
    """
    made = take_apart(text)

    assert any(said in fault for fault in made.faults), made.faults
    assert made.pieces or "closes nothing" in said


@pytest.mark.parametrize("nothing", ["\u2800", "<!-- later -->", "&nbsp;", "---", "1.", "<br>"])
def test_a_piece_in_which_nothing_is_seen_is_empty(nothing: str) -> None:
    """
    Its file would be.
    """
    assert take_apart(f'<piece title="A">\n{nothing}\n</piece>').faults == ("The piece 'A' is empty.",)


def test_a_piece_that_is_one_fence_of_markdown_is_its_content() -> None:
    """
    It is used as it stands. Code is what its author means, with or without a language.
    """

    def read(text: str) -> str:
        return take_apart(f'<piece title="A">\n{text}\n</piece>').pieces[0].text

    assert read("```markdown\n# Dear gnome\n\nSing.\n```") == "# Dear gnome\n\nSing."
    assert read("```\nDear gnome\n```") == "```\nDear gnome\n```"
    assert read("```html\n<p>\n```") == "```html\n<p>\n```"


def test_pieces_of_one_name_are_named_once() -> None:
    """
    However many there are: their author reads every sentence.
    """
    made = take_apart('<piece title="A">\nx\n</piece>\n' * 500)

    assert made.faults == ("Two pieces are called 'A': give each a title of its own.",)


def test_lines_of_pieces_in_code_are_code() -> None:
    """
    A piece that shows how pieces are written is one piece.
    """
    made = take_apart('<piece title="A">\n```\n<piece title="B">\n</piece>\n```\n</piece>')

    assert [piece.title for piece in made.pieces] == ["A"]
    assert made.faults == ()


@given(st.text(alphabet="ab .\n#|-", max_size=6000))
def test_a_summary_is_short(text: str) -> None:
    """
    Headings and the beginning under each, never more than the allowance and the line that says so.
    """
    assert len(summary(text)) <= SUMMARY_ALLOWANCE + 60


def test_a_summary_keeps_every_heading_with_its_beginning() -> None:
    """
    An ancestor is recognised by its headings; long paragraphs are cut.
    """
    text = "# Gnomes\n\n## Brief\n\nFor balconies.\n\n## Copy\n\n" + "Rain is good news. " * 50

    shown = summary(text).strip()
    assert shown.startswith("# Gnomes\n## Brief\nFor balconies.\n## Copy\nRain is good news.")
    assert len(shown) < 300


def test_a_summary_takes_no_heading_from_code() -> None:
    """What stands in a fence is text below the heading before it."""
    assert summary("# A\n```sh\n# b\n```\n## C\nd") == "# A\n```sh # b ```\n## C\nd"
