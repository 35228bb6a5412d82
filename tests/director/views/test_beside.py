"""Findings beside the words they are about."""

import re

import pytest

from director.prompting.forms import Finding
from director.views.beside import Annotated, Text, beside

LETTER = """# Come back

Dear Ann, we **miss you** and
your dog's bark.

- a first *thing*
- second, `code`

| a | b |
|---|---|
| one cell | two |
"""


def placed(*where: str, notes: str = "Decided: nothing of it") -> Annotated:
    """The letter and its notes, with a finding of each place."""
    findings = [Finding(severity="major", where=one, what="It says too much.", change="Less.") for one in where]
    return beside([Text("Letter", LETTER, 2), Text("", notes, 2)], findings)


def marked(html: str) -> str:
    """The words that are marked, in one."""
    return " ".join(re.sub(r"<[^>]*>", "", "".join(re.findall(r"<mark.*?</mark>", html))).split())


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("Letter: “we miss you”", "we miss you"),
        ('Letter, "miss you and your dog\u2019s bark."', "miss you andyour dog's bark"),
        ("the second line: “Dear Ann, …”", "Dear Ann"),
        ("“- a first *thing*”", "a first thing"),
        ("«second, code»", "second, code"),
        ("the table's “one cell”", "one cell"),
        ("the heading \u2018Come back\u2019", "Come back"),
    ],
)
def test_quoted_words_are_found_whatever_stands_between(where: str, words: str) -> None:
    """Emphasis, line ends, other quotation marks, marks that were taken over, words that were left out."""
    made = placed(where)

    assert marked(made.html[0]) == words
    assert made.placed == [[1], []]


@pytest.mark.parametrize("where", ["Letter", "“a zebra crossing”", "“iss” in it", "“\u2026”", "Ann's dog's"])
def test_a_finding_without_a_place_stands_in_no_text(where: str) -> None:
    """Nothing is guessed: not by half a word, nor by an apostrophe."""
    made = placed(where)

    assert made.placed == [[], []]
    assert "mark" not in made.html[0]


def test_the_named_piece_is_looked_at_first() -> None:
    """The same words may stand in several."""
    made = placed("Letter: “second, code”", notes="Of second, code there is more.")

    assert made.placed == [[1], []]
    assert placed("Handover: “Decided: nothing”").placed == [[], [1]]


def test_remarks_stand_behind_the_block_of_their_words() -> None:
    """A paragraph, an item, a table: never within a sentence or a cell; two about the same words stand one after the other."""
    html = placed("“miss you”", "“we miss you”", "“a first thing”", "“one cell”").html[0]

    assert html.count('<div class="noted">') == 3
    assert re.search(r"</p>\s*<div class=\"remarks\"><div class=\"remark\" id=\"remark-1\".*id=\"remark-2\"", html)
    assert re.search(r"<li>\s*<div class=\"noted\">", html)
    assert re.search(r"</table></div>\s*<div class=\"remarks\">", html)


def test_what_a_reviewer_wrote_does_nothing() -> None:
    """It is text, as the text is."""
    finding = Finding(
        severity="minor", where="“miss you”", what="<img src=x onerror=canary()>", change="</div><script>canary()"
    )
    html = beside([Text("Letter", LETTER, 2)], [finding]).html[0]

    assert "<img" not in html
    assert "<script" not in html
    assert "&lt;img" in html
