"""Pieces that leave the screen: a page that prints, and the table of a sheet for a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from html import escape
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from director.prompting.pieces import Piece, Use

#: A4 or Letter as the printer has it; lines a pen can be set on.
_STYLE: Final = (
    "@page{margin:18mm}body{font:12pt/1.45 Georgia,serif;max-width:44em;margin:2em auto;color:#000}"
    "h1,h2,h3{line-height:1.2;break-after:avoid}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #000;padding:.45em .6em;text-align:left;height:1.6em}tr{break-inside:avoid}"
    "code{font:inherit}blockquote{margin-left:0;font-size:.85em}@media print{body{margin:0;max-width:none}}"
)

#: What a spreadsheet takes for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def endings(piece: Piece) -> tuple[str, ...]:
    """
    Of the files a piece has beside its text: none for the screen, else a page that prints; and a sheet where a table in it is
    to be filled in.
    """
    if piece.use is Use.SCREEN:
        return ()
    return (".html", ".csv") if piece.use is Use.FILL_IN and sheet(piece.text) is not None else (".html",)


def page(piece: Piece) -> str:
    """
    The Markdown of *piece* as one HTML file that prints without anything beside it. Its title stands on a sheet that is filled
    in, which lies among others; on anything else it does not: a letter is read by whom it is written to. HTML in the text stays
    text, and its line ends stay where they are, as an address needs.
    """
    markdown = _markdown()
    environment: dict[str, Any] = {}
    tokens = markdown.parse(piece.text, environment)
    is_titled = bool(tokens) and tokens[0].type == "heading_open"
    head = f"<h1>{escape(piece.title)}</h1>\n" if piece.use is Use.FILL_IN and not is_titled else ""
    body = markdown.renderer.render(tokens, markdown.options, environment)
    return (
        f'<!doctype html>\n<html><head><meta charset="utf-8"><title>{escape(piece.title)}</title>\n'
        f"<style>{_STYLE}</style></head>\n<body>\n{head}{body}</body></html>\n"
    )


def sheet(text: str) -> str | None:
    """The tables of the Markdown *text* as CSV, an empty row between; a cell a spreadsheet would run is text. None without."""
    rows: list[list[str]] = []
    is_inside = False
    for token in _markdown().parse(text):
        if token.type in ("table_open", "table_close"):
            is_inside = token.type == "table_open"
            if is_inside and rows:
                rows.append([])
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and is_inside:
            rows[-1].append(_cell("".join(part.content for part in token.children or ())))
    if not rows:
        return None
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _cell(text: str) -> str:
    plain = text.strip()
    is_number = plain.lstrip("+-").replace(",", "").replace(".", "", 1).isdigit()
    return f"'{plain}" if plain.startswith(_FORMULA) and not is_number else plain


def _markdown() -> MarkdownIt:
    # No raw HTML: what a model writes makes no script in a file that a person opens.
    made = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    made.add_render_rule("hr", _rule)
    return made


def _rule(_renderer: object, tokens: Sequence[Token], number: int, *_more: object) -> str:
    # Markdown takes a line of underscores for a rule across the page; here it is one that somebody signs on.
    marks = tokens[number].markup
    return f"<p>{marks}</p>\n" if marks.startswith("_") else "<hr />\n"
