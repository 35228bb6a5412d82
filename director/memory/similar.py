"""Whether two sentences say the same, by their words alone: pure, and rather too seldom than once too often."""

import re
from typing import Final
from unicodedata import combining, normalize

#: Of the words of the longer sentence, so many have to stand in the shorter one, too.
_SHARED: Final = 0.75

#: Letters of a word by which "letter", "letters" and "lettering" are one.
_STEM: Final = 6

#: A word of so many letters may end in s without being many ("gas", "bus").
_SHORT: Final = 3

#: With the apostrophe of a contraction, as keyboards and as typographers write it.
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")

#: Words that turn a sentence around; in contractions the ending does.
_NOT: Final = frozenset(("not", "no", "never", "without", "avoid", "nor", "nicht", "kein", "keine", "ohne", "nie"))

#: Words that say nothing of what a sentence is about.
_SMALL: Final = frozenset(
    (
        "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "from", "with", "and", "or", "is", "are", "be", "it",
        "its", "that", "this", "these", "those", "as", "so", "please", "always", "must", "should", "do", "does",
    )
)  # fmt: skip


def stems(text: str) -> frozenset[str]:
    """The words of *text* that say what it is about, by their beginnings; numbers whole."""
    found = [word for word in _words(text) if word not in _SMALL and not _turns(word)]
    return frozenset(word if word.isdigit() else _stem(word) for word in found)


def is_same(one: str, other: str) -> bool:
    """
    Whether they are near duplicates: what one is about is in the other, which adds little, and neither is turned around.

    Where each has a word that the other has not, it may be the opposite ("shorter", "longer"), so they are two.
    """
    if sum(map(_turns, _words(one))) != sum(map(_turns, _words(other))):
        return False
    short, long = sorted((stems(one), stems(other)), key=len)
    return bool(short) and short <= long and len(short) >= _SHARED * len(long)


def _stem(word: str) -> str:
    return (word.removesuffix("s") if len(word) > _SHORT else word)[:_STEM]


def _words(text: str) -> list[str]:
    plain = "".join(letter for letter in normalize("NFD", text.lower()) if not combining(letter))
    return [word.replace("\u2019", "'") for word in _WORD.findall(plain)]


def _turns(word: str) -> bool:
    return word in _NOT or word.endswith("n't")
