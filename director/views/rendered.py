"""
A text of the record as HTML that can do nothing: what a person wrote, what a model wrote, what came with an event.

Two walls: markdown-it takes no HTML and no address that a browser would run, and nh3 takes out whatever is no text after that.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

#: What is left of a text: its order, its emphasis, its tables and its links.
_TAGS: Final = {
    "a", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "mark", "ol", "p",
    "pre", "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip

#: Where a link may lead to; it is never followed by itself.
_SCHEMES: Final = {"http", "https", "mailto", "tel"}

_DEEPEST: Final = 6


def rendered(markdown: str, *, below: int = 2, pages: Mapping[str, str] = MappingProxyType({})) -> str:
    """
    The Markdown as sanitised HTML. Its headings stand below one of level *below*, and none leaves a level out, as those who
    are read a page to need it. *pages* are where links to files lead; other links to files are words.
    """
    return html_of(parsed(markdown), below=below, pages=pages)


def parsed(markdown: str) -> list[Token]:
    """The Markdown as it is understood here, before it is made into anything."""
    return _parser().parse(markdown)


def html_of(tokens: list[Token], *, below: int, pages: Mapping[str, str] = MappingProxyType({})) -> str:
    """As `rendered`, of Markdown that was parsed, in which words may be marked since, and remarks stand beside them."""
    _set_headings(tokens, below)
    _name_columns(tokens)
    _set_links(tokens, pages)
    made = _parser()
    html = made.renderer.render(tokens, made.options, {})
    # A table that is wider than the screen is moved with the keyboard too.
    framed = html.replace("<table>", '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>')
    return nh3.clean(
        framed.replace("</table>", "</table></div>"),
        tags=_TAGS,
        attributes={
            "a": {"href", "title"},
            "div": {"class", "id", "tabindex", "role", "aria-label"},
            "mark": {"data-finding"},
            "ol": {"start"},
            "span": {"class"},
            "td": {"align"},
        },
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).disable("image")


def _set_headings(tokens: list[Token], below: int) -> None:
    above: list[int] = []
    for token in tokens:
        if token.type != "heading_open":
            if token.type == "heading_close":
                token.tag = f"h{min(_DEEPEST, below + len(above))}"
            continue
        said = int(token.tag[1:])
        while above and above[-1] >= said:
            above.pop()
        above.append(said)
        token.tag = f"h{min(_DEEPEST, below + len(above))}"


def _set_links(tokens: list[Token], pages: Mapping[str, str]) -> None:
    for part in (part for token in tokens for part in token.children or ()):
        if part.type == "link_open" and _scheme(to := str(part.attrs["href"])) not in _SCHEMES:
            del part.attrs["href"]
            if to in pages:
                part.attrs["href"] = pages[to]


def _scheme(address: str) -> str:
    try:
        return urlsplit(address).scheme
    except ValueError:  # such as a bracket that is not closed
        return ""


def _name_columns(tokens: list[Token]) -> None:
    # A head without a word names no column. Inline style, which markdown-it gives aligned cells, is forbidden.
    for number, token in enumerate(tokens):
        if token.type in ("th_open", "td_open"):
            token.attrs.pop("style", None)
        if token.type == "th_open" and not tokens[number + 1].content.strip():
            token.tag = tokens[number + 2].tag = "td"
