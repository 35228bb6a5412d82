"""
Characters that are obeyed and not read, as ESC is by a terminal: taken out of what is kept, written out where shown. And what
counts as text: the same in every interpreter, each of which knows the characters of its day.
"""

import re
import unicodedata
from typing import Final

#: Unicode's Cc, but for the two that lay a text out.
_CONTROLS: Final = frozenset({*range(0x20), *range(0x7F, 0xA0)} - {ord("\n"), ord("\t")})

#: What a line can end with besides a line feed: taken out it would make one word of two.
_LINE_ENDS: Final = frozenset(map(ord, "\v\f\r\x85"))

#: What turns or breaks the text around it, or says something nobody sees: Unicode's Bidi_Control and its deprecated
#: neighbours, the separators of lines and paragraphs, annotations, tags. Legitimate in a text, so that a file keeps them.
_UNSEEN: Final = frozenset({
    0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x2070), *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080),
})  # fmt: skip

#: What no reader can make out, in whatever version of Unicode: controls, halves of characters, codes for private use and those
#: that never will be characters. One that has none yet may have got one since this interpreter was made.
_UNREADABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\uf8ff\ufdd0-\ufdef\U000f0000-\U0010ffff"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)

#: The categories of what is not seen by itself: marks, blanks, formats and the like. What has none yet may be seen.
_NOT_SEEN: Final = frozenset({"Mn", "Mc", "Me", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co"})

#: What is seen as nothing though its category says letter, symbol or none yet: fillers, an empty pattern of Braille, and what
#: Unicode keeps for more of the kind.
_BLANK: Final = frozenset({
    0x115F, 0x1160, 0x2065, 0x2800, 0x3164, 0xFFA0, *range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE1000),
})  # fmt: skip


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json_escape(code: int) -> str:
    units = chr(code).encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


_AS_LINE_FEEDS: Final = dict.fromkeys(_LINE_ENDS, "\n")
#: The byte order mark as well: what stands behind it would not stand at the beginning of its line.
_TAKEN_OUT: Final = dict.fromkeys({*_CONTROLS, 0xFEFF})
_WRITTEN_OUT: Final = {code: _escape(code) for code in _CONTROLS | _UNSEEN}
#: Halves of characters as well: JSON may hold them, and no encoding does.
_IN_JSON: Final = {code: _json_escape(code) for code in {*_CONTROLS, *_UNSEEN, *range(0xD800, 0xE000)}}


def with_line_feeds(text: str) -> str:
    """*text*, in which every line ends with a line feed, as they are kept."""
    return text.replace("\r\n", "\n").translate(_AS_LINE_FEEDS)


def without_controls(text: str) -> str:
    """*text* as it is kept: line feeds and tabs stay, other ends of a line become line feeds, other controls go."""
    return with_line_feeds(text).translate(_TAKEN_OUT)


def unreadable(text: str) -> str | None:
    """The first character of *text* that is no text, None without; line feeds and tabs are."""
    found = _UNREADABLE.search(text)
    return found and found[0]


def has_visible(text: str) -> bool:
    """Whether there is anything in *text* to be seen: not only blanks, marks without a letter, and what shows nothing."""
    return any(unicodedata.category(c) not in _NOT_SEEN and ord(c) not in _BLANK for c in text)


def shortened(text: str, most: int) -> str:
    """*text* in at most so many characters and a mark: cut behind a word, where one ends before that."""
    if len(text) <= most:
        return text
    return f"{text[:most].rpartition(' ')[0] or text[:most]} …"


def visible(text: str) -> str:
    r"""*text* as it is shown: what a terminal would obey, or would turn the text around, stands there as `\x1b`, `\u202e`."""
    return text.translate(_WRITTEN_OUT)


def visible_json(document: str) -> str:
    """A JSON document that is shown; it says the same."""
    return document.translate(_IN_JSON)
