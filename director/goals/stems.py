"""Stems of words, as they are looked for in what a person wrote."""

import re
from unicodedata import combining, normalize


def pattern(*stems: str) -> re.Pattern[str]:
    """A word of `plain` text that begins with one of the stems, or is one, where that ends in "$"; its beginning only."""
    beginnings = (re.escape(plain(stem.removesuffix("$"))) + (r"\b" if stem.endswith("$") else "") for stem in stems)
    return re.compile(rf"\b(?:{'|'.join(beginnings)})\w{{0,20}}")  # own text: the stems of this room


def plain(text: str) -> str:
    """Lower case, without accents: who types in a hurry leaves them out, in the languages that have them."""
    return "".join(letter for letter in normalize("NFD", text.lower()) if not combining(letter))
