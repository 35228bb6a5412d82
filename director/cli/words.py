"""How things are said: numbers with their nouns, and texts that cannot turn around what is read."""

from typing import Final

#: Unicode's Bidi_Control.
_TURNS: Final = {
    code: f"\\u{code:04x}" for code in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def visible(text: str) -> str:
    """The text with marks that turn the direction of what is read, as U+202E does, written out."""
    return text.translate(_TURNS)


def counted(number: int, noun: str) -> str:
    """A number of things: "1 task", "3 tasks"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
