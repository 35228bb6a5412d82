"""Characters that are obeyed and not read, as ESC is by a terminal: taken out of what is kept, written out where shown."""

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


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json_escape(code: int) -> str:
    units = chr(code).encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


_TAKEN_OUT: Final = {code: "\n" if code in _LINE_ENDS else None for code in _CONTROLS}
_WRITTEN_OUT: Final = {code: _escape(code) for code in _CONTROLS | _UNSEEN}
_IN_JSON: Final = {code: _json_escape(code) for code in _CONTROLS | _UNSEEN}


def without_controls(text: str) -> str:
    """*text* as it is kept: line feeds and tabs stay, other ends of a line become line feeds, other controls go."""
    return text.replace("\r\n", "\n").translate(_TAKEN_OUT)


def visible(text: str) -> str:
    r"""*text* as it is shown: what a terminal would obey, or would turn the text around, stands there as `\x1b`, `\u202e`."""
    return text.translate(_WRITTEN_OUT)


def visible_json(document: str) -> str:
    """A JSON document that is shown; it says the same."""
    return document.translate(_IN_JSON)
