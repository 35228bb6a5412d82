"""What leaves the screen: pages that print by themselves, and sheets a spreadsheet opens as they were meant."""

import csv
import io

import pytest

from director.files.printable import page, sheet

TALLY = "Tick one.\n\n| Day | Came | Price |\n|:--|--:|---|\n| Tue | | 12 |\n| Wed | **3** | -4.50 |\n\nThanks.\n"


def test_a_page_prints_without_anything_beside_it() -> None:
    """
    One file with its own style and tables, lines ending where they ended; nothing is loaded from elsewhere, no title of ours.
    """
    printed = page("Tally <sheet>", TALLY)

    assert printed.startswith("<!doctype html>")
    assert "<title>Tally &lt;sheet&gt;</title>" in printed
    assert "Tally" not in printed.partition("<body>")[2]
    assert "Street 4<br" in page("Letter", "Gnome House\nStreet 4\nFernmouth")
    assert "<th" in printed
    assert "<strong>3</strong>" in printed
    assert "http" not in printed
    assert "<link" not in printed


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
    body = page("Gnomes", said).partition("<body>")[2]

    assert "<script" not in body
    assert "<img" not in body
    assert "<b " not in body
    assert 'href="javascript' not in body


def test_a_sheet_is_its_tables_cell_by_cell() -> None:
    """
    Their heads and rows, an empty row between two; what stands around them is on the page.
    """
    assert list(csv.reader(io.StringIO(sheet(TALLY) or ""))) == [
        ["Day", "Came", "Price"],
        ["Tue", "", "12"],
        ["Wed", "3", "-4.50"],
    ]
    assert list(csv.reader(io.StringIO(sheet("| A |\n|---|\n\nThen\n\n| B |\n|---|\n| 1 |\n\nThanks.") or ""))) == [
        ["A"],
        [],
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
