"""Numbers in figures or words: "1,200", "1.2k", "a hundred and twenty"."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from director.evidence.tokens import Sort, Token

#: Four digits between these are read as a year.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2099

_SMALL: Final = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "one": 1, "zero": 0,
}  # fmt: skip
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES: Final = {
    "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "dozen": 12, "k": 1_000, "m": 1_000_000,
    "mn": 1_000_000, "bn": 1_000_000_000, "mio": 1_000_000, "grand": 1_000,
}  # fmt: skip
_TIGHT: Final = frozenset({"k", "m", "bn"})


def _values(written: str) -> tuple[Decimal, ...]:
    """
    The numbers a run of digits may stand for; 1,200 and 1.200 are a thousand two hundred.

    Nothing for what is no number, such as 2.2.1 or 28.11.2026.
    """
    plain = written.replace("\u00a0", "'").replace("\u202f", "'").replace("’", "'")
    groups = plain.replace(",", "'").replace(".", "'").split("'")
    marks = [sign for sign in plain if sign in ".,'"]
    if not marks:
        return (Decimal(plain),)
    thousands = all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3 and groups[0] != "0"
    if len(set(marks)) == 1:
        whole = (Decimal("".join(groups)),) if thousands else ()
        if len(marks) > 1 or marks[0] == "'":
            return whole
        return whole or (Decimal(f"{groups[0]}.{groups[1]}"),)
    if marks.count(marks[-1]) > 1:
        return ()
    if not all(len(group) == 3 for group in groups[1:-1]):
        return ()
    return (Decimal("".join(groups[:-1]) + "." + groups[-1]),)


def number_at(tokens: Sequence[Token], at: int) -> tuple[tuple[Decimal, ...], int] | None:
    """The number that begins at a token, in figures or words, and the token after it; None where none begins."""
    token = tokens[at]
    if token.sort is Sort.NUMBER:
        found, after = _values(token.text), at + 1
    elif token.lower in _TENS:
        value, after = _TENS[token.lower], at + 1
        if after + 1 < len(tokens) and tokens[after].text in "-‑–" and 0 < _SMALL.get(tokens[after + 1].lower, 99) < 10:
            value, after = value + _SMALL[tokens[after + 1].lower], after + 2
        elif after < len(tokens) and 0 < _SMALL.get(tokens[after].lower, 99) < 10:
            value, after = value + _SMALL[tokens[after].lower], after + 1
        found = (Decimal(value),)
    elif token.lower in _SMALL:
        found, after = (Decimal(_SMALL[token.lower]),), at + 1
    elif (
        token.lower in ("a", "half")
        and (scaled := [one.lower for one in tokens[at + 1 : at + 3] if one.lower != "a"])
        and scaled[0] in ("hundred", "thousand", "million", "dozen")
    ):
        found, after = (Decimal(1),), at + 1
    elif token.lower == "dozen":
        found, after = (Decimal(1),), at
    else:
        return None
    if token.lower == "half":
        found = (Decimal("0.5"),)
        after = at + 2 if tokens[at + 1].lower == "a" else at + 1
    rounds = 0
    while found and after < len(tokens) and rounds < 4 and tokens[after].lower in _SCALES:
        scale = tokens[after].lower
        if scale in _TIGHT and tokens[after].start != tokens[after - 1].end:
            break
        found, after, rounds = tuple(value * _SCALES[scale] for value in found), after + 1, rounds + 1
        # "a hundred and twenty", "two thousand five hundred"
        follows = after + 1 if after + 1 < len(tokens) and tokens[after].lower == "and" else after
        if scale in ("hundred", "thousand") and token.sort is Sort.WORD and follows < len(tokens):
            rest = tokens[follows].lower
            if rest in _TENS or rest in _SMALL:
                more, after = number_at(tokens, follows) or ((Decimal(0),), after)
                found = (found[0] + more[0],)
    return found, after
