"""The variants a deliverable holds: headlines, subject lines, ads, posts, mails, each alone, to be compared with others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from director.prompting.pieces import Piece, take_apart, words
from skills import markdown

#: What a label, a heading or a title names, by the words it is named with; the first that is found counts. What has no kind is
#: meant to repeat, or is no variant of anything: what invites (a button), what the law asks for.
_KINDS: Final = (
    ("", "preview|preheader|cta|button|link|legal|footer|signature|disclaimer|checklist|sheet|calendar|repl(?:y|ies)|answers?"),
    ("subject", "subject|subjects|subject line|subject lines"),
    ("headline", "headline|headlines|hook|hooks|tagline|taglines|slogan|slogans|hero"),
    ("title", "meta title|meta titles|title tag|title tags|page title|page titles"),
    ("description", "description|descriptions"),
    ("ad", "ad|ads"),
    ("post", "post|posts|tweet|tweets|caption|captions"),
    ("mail", "mail|mails|email|emails|letter|letters|message|messages|sms"),
)  # fmt: skip
_NAMED: Final = tuple((kind, re.compile(rf"\b(?:{said})\b")) for kind, said in _KINDS)  # own text: the kinds above

#: Labels above a text that are no part of it.
_ABOVE: Final = frozenset({"title", "place", "from", "to", "date", "channel", "link", "url"})

#: Kinds of a line each; the others are texts, or lists of such.
_LINES: Final = frozenset({"subject", "headline", "title", "description", "ad"})

_LABELLED: Final = re.compile(r"\W{0,4}([^\W\d_][\w -]{0,30}?)(?: ?[\dA-Z]{1,2})?\W{0,3}:\W{0,3} (\S.*)")
_ITEM: Final = re.compile(r"(?:[-*+]|\d{1,3}[.)]) +(\S.*)")
_TABLE_RULE: Final = re.compile(r"\|?[-:| ]+")
_QUOTES: Final = "\"'“”„\u2018\u2019«»*_` "

#: Words of a text that is a variant of another; below it is a line.
_LEAST_OF_A_TEXT: Final = 12

#: Words of a line that say something by themselves.
_LEAST_OF_A_LINE: Final = 3

#: Of one deliverable; with more, the first of them show what its author does.
MOST: Final = 40


@dataclass(frozen=True, slots=True)
class Variant:
    """A text of which a reader gets one, or which stands beside others of its kind."""

    kind: str
    text: str
    piece: str  #: the title of the piece it stands in


def variants(text: str) -> tuple[Variant, ...]:
    """Those of a deliverable's pieces, the first of many. Notes are for colleagues and hold none."""
    found: list[Variant] = []
    for piece in take_apart(text).pieces:
        found += _in(piece)
    return tuple(found[:MOST])


def _in(piece: Piece) -> Iterator[Variant]:
    inside = [*_lines_of(piece), *_texts_of(piece)]
    yield from inside
    kind = kind_of(piece.title)
    if kind in ("mail", "post") and not any(one.kind == kind for one in inside):
        # Its subject is compared with other subjects.
        own = "\n".join(line for line in piece.text.split("\n") if not _label(line))
        if words(own) >= _LEAST_OF_A_TEXT:
            yield Variant(kind, own.strip(), piece.title)


def kind_of(title: str) -> str:
    """What a heading, a label or a title names; empty where it is nothing that has variants."""
    plain = title.lower()
    return next((kind for kind, named in _NAMED if named.search(plain)), "")


def _lines_of(piece: Piece) -> Iterator[Variant]:
    """Its lines of a kind: behind a label, in a list that is called so, in a table's column."""
    listed = kind_of(piece.title) if _is_plural(piece.title) else ""
    columns: list[str] | None = None
    for line in piece.text.split("\n"):
        bare = line.strip()
        if bare.startswith("|"):
            cells = [cell.strip(_QUOTES) for cell in bare.strip("|").split("|")]
            if columns is None:
                columns = [kind_of(cell) for cell in cells]
            elif not _TABLE_RULE.fullmatch(bare):
                for kind, cell in zip(columns, cells, strict=False):
                    yield from _line(kind, cell, piece)
            continue
        columns = None
        item = _ITEM.match(bare)
        if label := _label(item[1] if item else bare):
            yield from _line(label[0], label[1], piece)
        elif item:
            yield from _line(listed, item[1], piece)
        elif heading := _heading(bare):
            listed = kind_of(heading) if _is_plural(heading) else ""


def _line(kind: str, text: str, piece: Piece) -> Iterator[Variant]:
    text = text.strip(_QUOTES)
    if kind in _LINES and words(text) >= _LEAST_OF_A_LINE:
        yield Variant(kind, text, piece.title)


def _label(line: str) -> tuple[str, str] | None:
    """The kind and the text of a line such as "Subject: Come back"; None of any other."""
    found = _LABELLED.fullmatch(line)
    named = found[1].lower() if found else ""
    if not found or not (named in _ABOVE or any(pattern.search(named) for _, pattern in _NAMED)):
        return None
    return kind_of(named), found[2]


def _heading(line: str) -> str:
    """What a line above others calls them: a heading, or bold or followed by a colon and nothing else."""
    if found := markdown.heading(line):
        return found[1]
    is_label = line.endswith(":") or (line.startswith("**") and line.endswith("**"))
    return line.strip("*: ") if is_label and words(line) <= 6 else ""


def _is_plural(title: str) -> bool:
    return (
        any(word.endswith("s") and kind_of(word) for word in re.findall(r"[a-z]+", title.lower()))
        or "lines" in title.lower()
    )


def _texts_of(piece: Piece) -> Iterator[Variant]:
    """Its sections that are each a mail or a post: "## Mail 2", "### Post for Tuesday"."""
    lines = piece.text.split("\n")
    found = list(markdown.headings(piece.text))
    for place, (number, level, title) in enumerate(found):
        kind = kind_of(title)
        if kind not in ("mail", "post") or _is_plural(title):
            continue
        end = next((other for other, depth, _ in found[place + 1 :] if depth <= level), len(lines))
        own = "\n".join(line for line in lines[number + 1 : end] if not _label(line) and not markdown.heading(line))
        if words(own) >= _LEAST_OF_A_TEXT:
            yield Variant(kind, own.strip(), piece.title)
