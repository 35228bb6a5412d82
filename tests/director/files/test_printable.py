"""What leaves the screen: pages that print by themselves, and sheets a spreadsheet opens as they were meant."""

import csv
import io
import re

import pytest

from director.files.printable import page, sheet, with_breaks
from director.prompting.pieces import Piece, Use

ONE, TWO = "| A |\n|---|", "| B |\n|---|\n| 1 |"
TALLY = "Tick one.\n\n| Day | Came | Price |\n|:--|--:|---|\n| Tue | | 12 |\n| Wed | **3** | -4.50 |\n\nThanks.\n"


def test_a_page_prints_without_anything_beside_it() -> None:
    """
    One file with its own style and tables, lines ending where they ended; nothing is loaded from elsewhere.
    """
    printed = page(Piece("Tally <sheet>", Use.PRINT, TALLY))

    assert printed.startswith("<!doctype html>")
    assert "<title>Tally &lt;sheet&gt;</title>" in printed
    assert "Street 4<br" in page(Piece("Letter", Use.PRINT, "Gnome House\nStreet 4\nFernmouth"))
    assert "<th" in printed
    assert "<strong>3</strong>" in printed
    assert "http" not in printed
    assert "<link" not in printed


def test_a_sheet_says_what_it_is_and_a_letter_does_not() -> None:
    """
    A sheet lies among others, filled in or read; one that has a heading of its own needs no second.
    """
    assert "<h1>Two-hour week</h1>" in page(Piece("Two-hour week", Use.PRINT, TALLY))
    assert "<h1>Letter log</h1>" in page(Piece("Letter log", Use.FILL_IN, TALLY))
    assert page(Piece("Gnomes", Use.PRINT, f"## Gnomes\n\n{TALLY}")).count("Gnomes</h") == 1
    assert "<h1>" not in page(Piece("Poster for the window", Use.PRINT, "Gnomes, from £14."))
    assert "<h1>Tally &lt;sheet&gt;</h1>" in page(Piece("Tally <sheet>", Use.FILL_IN, TALLY))
    assert page(Piece("Tally", Use.FILL_IN, f"# Gnomes\n\n{TALLY}")).count("<h1>") == 1
    assert "<h1>" not in page(Piece("Letter", Use.PRINT, "Dear gnome,"))


def test_viewers_keep_the_lines_of_a_paragraph() -> None:
    """
    Two spaces at their ends, once; tables, code and the last line stay as they are.
    """
    text = "Send two.\nTick **one**.  \nStop\\\nthere.\n\n- A gnome\n  sings.\n\n```\na\nb\n```\n\n| A |\n|---|\n| 1 |"

    assert with_breaks(text) == text.replace("two.\n", "two.  \n").replace("A gnome\n", "A gnome  \n")
    assert with_breaks(with_breaks(text)) == with_breaks(text)


def test_a_blank_to_fill_in_stays_one_wherever_it_stands() -> None:
    """
    Where it touches a sign, Markdown would take it for emphasis and eat it; real emphasis stays.
    """
    text = "A1 ______, £______; __sure__\n\n| a |\n|---|\n| £____ |\n"

    assert "A1 ______, £______; <strong>sure</strong>" in page(Piece("Sheet", Use.FILL_IN, text))
    assert sheet(text) == "a\n£____\n"


def test_a_line_to_sign_on_is_one_on_paper() -> None:
    """
    Alone on its line Markdown takes it for a rule across the page; a rule of dashes or stars stays one.
    """
    printed = page(Piece("Letter", Use.PRINT, "Yours,\n\n__________\n\n***\n\nGnomes"))

    assert re.search(r"<p>_{10,}</p>", printed)
    assert printed.count("<hr />") == 1


@pytest.mark.parametrize(
    "said",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[here](javascript:alert(1))",
        "<!-- <script>alert(1)</script> -->",
        "| <b onclick=x> |\n|---|\n| <i> |",
    ],
)
def test_nothing_a_model_writes_runs_in_the_page(said: str) -> None:
    """
    HTML in a piece stays text, and a link that is a program is none.
    """
    body = page(Piece("Gnomes", Use.PRINT, said)).partition("<body>")[2]

    assert "<script" not in body
    assert "<img" not in body
    assert "<b " not in body
    assert 'href="javascript' not in body


def test_a_sheet_is_its_tables_cell_by_cell() -> None:
    """
    Their heads and rows; between two what stands there, below an empty row. What stands around them is on the page.
    """
    assert list(csv.reader(io.StringIO(sheet(TALLY) or ""))) == [
        ["Day", "Came", "Price"],
        ["Tue", "", "12"],
        ["Wed", "3", "-4.50"],
    ]
    assert list(
        csv.reader(io.StringIO(sheet(f"First\n\n{ONE}\n\n## Then\n\n0 is\nnone.\n\n{TWO}\n\nThanks.") or ""))
    ) == [
        ["A"],
        [],
        ["Then"],
        ["0 is none."],
        ["B"],
        ["1"],
    ]
    assert sheet("No table here.") is None


@pytest.mark.parametrize("formula", ['=HYPERLINK("x")', "+1+cmd", "@SUM(A1)", "-2+3"])
def test_a_cell_a_spreadsheet_would_run_is_text(formula: str) -> None:
    """
    What a model writes is no program in the owner's spreadsheet; a number with a sign stays one.
    """
    [_, [cell]] = csv.reader(io.StringIO(sheet(f"| Cell |\n|---|\n| {formula} |") or ""))

    assert cell == f"'{formula}"
