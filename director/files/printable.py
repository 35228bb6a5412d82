"""Pieces that leave the screen: a page that prints, and the table of a sheet for a spreadsheet."""

import csv
import io
import re
from collections.abc import Sequence
from html import escape
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from director.prompting.pieces import Piece, Use

#: A4 or Letter as the printer has it; lines a pen can be set on.
_STYLE: Final = (
    "@page{margin:18mm}body{font:12pt/1.45 Georgia,serif;max-width:44em;margin:2em auto;color:#000}"
    "h1,h2,h3{line-height:1.2;break-after:avoid}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #000;padding:.45em .6em;text-align:left;height:1.6em}tr{break-inside:avoid}"
    "code{font:inherit}blockquote{margin-left:0;font-size:.85em}@media print{body{margin:0;max-width:none}}"
)

#: Words of a title that say that customers read it; a title of ours has no place on it.
_FOR_CUSTOMERS: Final = frozenset({
    "letter", "letters", "poster", "posters", "postcard", "postcards", "card", "cards", "flyer", "flyers", "leaflet",
    "leaflets", "brochure", "handout", "notice", "sign", "banner", "label", "sticker", "voucher", "coupon", "certificate",
    "invitation", "ad", "advert", "advertisement", "menu", "page",
})  # fmt: skip

#: Underscores that are a line to write on, and no emphasis.
_SHORTEST_BLANK: Final = 3

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
    The Markdown of *piece* as one HTML file that prints without anything beside it. Its title stands on it where the text has
    none, but on what customers read it does not: a letter is read by whom it is written to. HTML in the text stays text, and
    its line ends stay where they are, as an address needs.
    """
    markdown = _markdown()
    environment: dict[str, Any] = {}
    tokens = markdown.parse(piece.text, environment)
    is_titled = bool(tokens) and tokens[0].type == "heading_open"
    head = "" if is_titled or _is_for_customers(piece) else f"<h1>{escape(piece.title)}</h1>\n"
    body = markdown.renderer.render(tokens, markdown.options, environment)
    return (
        f'<!doctype html>\n<html><head><meta charset="utf-8"><title>{escape(piece.title)}</title>\n'
        f"<style>{_STYLE}</style></head>\n<body>\n{head}{body}</body></html>\n"
    )


def _is_for_customers(piece: Piece) -> bool:
    return piece.use is Use.PRINT and not _FOR_CUSTOMERS.isdisjoint(re.findall(r"[^\W_]+", piece.title.lower()))


def with_breaks(text: str) -> str:
    """The Markdown *text* with its lines' ends marked for viewers, which otherwise set a paragraph's lines in one."""
    lines = text.split("\n")
    for token in _markdown().parse(text):
        if token.type == "paragraph_open" and token.map:
            for number in range(token.map[0], token.map[1] - 1):
                if not lines[number].endswith("\\"):
                    lines[number] = f"{lines[number].rstrip()}  "
    return "\n".join(lines)


def sheet(text: str) -> str | None:
    """
    The tables of the Markdown *text* as CSV, None without; a cell a spreadsheet would run is text. What stands between two is
    named between them, so that nobody takes them for one; what stands above the first is on the page.
    """
    rows: list[list[str]] = []
    between: list[list[str]] = []
    is_inside = False
    for token in _markdown().parse(text):
        if token.type in ("table_open", "table_close"):
            is_inside = token.type == "table_open"
            if is_inside and rows:
                rows += [[], *between]
            between = []
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and is_inside:
            rows[-1].append(_cell(_words(token)))
        elif token.type == "inline":
            between.append([_cell(_words(token))])
    if not rows:
        return None
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _words(inline: Token) -> str:
    return "".join(" " if part.type.endswith("break") else part.content for part in inline.children or ())


def _cell(text: str) -> str:
    plain = text.strip()
    is_number = plain.lstrip("+-").replace(",", "").replace(".", "", 1).isdigit()
    return f"'{plain}" if plain.startswith(_FORMULA) and not is_number else plain


def _markdown() -> MarkdownIt:
    # No raw HTML: what a model writes makes no script in a file that a person opens.
    made = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    made.add_render_rule("hr", _rule)
    made.inline.ruler.before("emphasis", "blank", _blank)
    return made


def _blank(state: StateInline, silent: bool) -> bool:
    """A run of underscores is a line that somebody writes on, also where it touches a sign: "£______"."""
    end = state.pos
    while end < state.posMax and state.src[end] == "_":
        end += 1
    if end - state.pos < _SHORTEST_BLANK:
        return False
    if not silent:
        state.pending += state.src[state.pos : end]
    state.pos = end
    return True


def _rule(_renderer: object, tokens: Sequence[Token], number: int, *_more: object) -> str:
    # Markdown takes a line of underscores for a rule across the page; here it is one that somebody signs on.
    marks = tokens[number].markup
    return f"<p>{marks}</p>\n" if marks.startswith("_") else "<hr />\n"
