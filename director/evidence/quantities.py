"""Numbers in a sentence, in figures or words: counts, money, shares, durations, and what is no statement about the world."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from director.evidence.numbers import FIRST_YEAR, LAST_YEAR, number_at
from director.evidence.tokens import Sort, Token, word_at

#: A number's normalised meaning: its dimension, then what it is compared by. Equal meanings are the same fact.
Meaning = tuple[Any, ...]

_ORDINALS: Final = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10,
}  # fmt: skip

#: Signs of currencies, and their codes.
SIGNS: Final = {"£": "GBP", "$": "USD", "€": "EUR", "¥": "JPY", "₹": "INR"}
_CURRENCIES: Final = {
    "pound": "GBP", "pounds": "GBP", "quid": "GBP", "gbp": "GBP", "dollar": "USD", "dollars": "USD", "usd": "USD",
    "euro": "EUR", "euros": "EUR", "eur": "EUR", "chf": "CHF", "franken": "CHF", "francs": "CHF", "yen": "JPY", "sek": "SEK",
    "dkk": "DKK", "nok": "NOK", "pln": "PLN", "cad": "CAD", "aud": "AUD", "rupees": "INR", "inr": "INR",
    "kr": "KR", "kroner": "KR", "kronor": "KR", "krone": "KR", "czk": "CZK", "zł": "PLN",
    "huf": "HUF", "ft": "HUF", "lei": "RON",
}  # fmt: skip
_COINS: Final = {"p": "GBP", "pence": "GBP", "penny": "GBP", "cent": "EUR", "cents": "EUR"}

#: Units of time: the dimension they are compared in, and how many of it they are.
UNITS: Final[dict[str, tuple[str, Decimal]]] = {
    **dict.fromkeys(("second", "seconds", "sec", "secs", "s"), ("seconds", Decimal(1))),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), ("seconds", Decimal(60))),
    **dict.fromkeys(("hour", "hours", "hrs", "hr", "h"), ("seconds", Decimal(3_600))),
    **dict.fromkeys(("day", "days"), ("seconds", Decimal(86_400))),
    **dict.fromkeys(("night", "nights"), ("nights", Decimal(1))),
    **dict.fromkeys(("week", "weeks"), ("seconds", Decimal(604_800))),
    **dict.fromkeys(("fortnight", "fortnights"), ("seconds", Decimal(1_209_600))),
    **dict.fromkeys(("month", "months"), ("months", Decimal(1))),
    **dict.fromkeys(("year", "years", "yr", "yrs"), ("months", Decimal(12))),
    **dict.fromkeys(("decade", "decades"), ("months", Decimal(120))),
}
#: Units of weight, length, volume and storage, as those of time.
_MEASURES: Final[dict[str, tuple[str, Decimal]]] = {
    **dict.fromkeys(("g", "gram", "grams", "gramme", "grammes"), ("grams", Decimal(1))),
    **dict.fromkeys(("kg", "kilo", "kilos", "kilogram", "kilograms"), ("grams", Decimal(1_000))),
    **dict.fromkeys(("mm", "millimetre", "millimetres"), ("metres", Decimal("0.001"))),
    **dict.fromkeys(("cm", "centimetre", "centimetres"), ("metres", Decimal("0.01"))),
    **dict.fromkeys(("m", "metre", "metres"), ("metres", Decimal(1))),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), ("metres", Decimal(1_000))),
    **dict.fromkeys(("mile", "miles"), ("miles", Decimal(1))),
    **dict.fromkeys(("ml", "millilitre", "millilitres"), ("litres", Decimal("0.001"))),
    **dict.fromkeys(("litre", "litres", "liter", "liters"), ("litres", Decimal(1))),
    **dict.fromkeys(("kb", "kilobytes"), ("bytes", Decimal(1_000))),
    **dict.fromkeys(("mb", "megabyte", "megabytes"), ("bytes", Decimal(1_000_000))),
    **dict.fromkeys(("gb", "gigabyte", "gigabytes"), ("bytes", Decimal(1_000_000_000))),
    **dict.fromkeys(("tb", "terabyte", "terabytes"), ("bytes", Decimal(1_000_000_000_000))),
}

#: What a document counts of itself or of its reader's reading: no statement about the world.
OF_THE_TEXT: Final = frozenset(
    """
    hashtags
    thing things reason reasons way ways step steps question questions line lines sentence sentences word words paragraph
    paragraphs letter letters post posts piece pieces variant variants option options section sections column columns row rows
    page pages headline headlines subject subjects email emails mail mails message messages example examples idea ideas tip tips
    character characters char chars px pixel pixels bullet bullets slide slides side sides part parts mistake mistakes
    call calls marker asterisk fact facts point points rule rules sheet sheets version versions draft drafts sort sorts
    kind kinds
    """.split()
)  # fmt: skip

#: What numbers a part of the text, a plan or a form: "Step 2", "Day 0", "Variant B", "Table 3".
NUMBERS_A_PART: Final = frozenset(
    """
    step day week month part variant option version table figure fig section letter post email mail message slide chapter
    question answer item task phase round revision draft page note appendix headline subject scene shot panel segment test
    hypothesis experiment priority level tier module lesson touch touchpoint stage footnote rule example case sprint
    frame card row column
    """.split()
)  # fmt: skip

#: Words right before a number that say it is rounded, and how.
_HEDGES: Final = {
    **dict.fromkeys(("over", "above", "past"), "more"),
    **dict.fromkeys(("nearly", "almost", "under", "below"), "less"),
    **dict.fromkeys("about around roughly approximately approx some circa ca ~ ≈".split(), "about"),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, from token to token (the last one not included)."""

    kind: str  #: "number", "percent", "money", "duration".
    first: int
    after: int
    means: tuple[Meaning, ...]  #: More than one where the writing leaves it open.
    hedge: str = ""  #: "about", "more", "less": what the fact itself may round.
    is_weak: bool = False  #: Counts only where the sources say otherwise: "one".
    is_of_the_text: bool = False
    is_unit_open: bool = False  #: May take the unit of what follows: "two to four days".
    factor: Decimal = Decimal(1)  #: How many of its dimension its unit is.


def quantities(tokens: Sequence[Token], taken: set[int]) -> list[Quantity]:
    """The numbers of a sentence, in order, but for tokens that are *taken* by dates, times or addresses."""
    found: list[Quantity] = []
    at = 0
    while at < len(tokens):
        one = None if at in taken else _quantity_at(tokens, at, taken)
        if one is None:
            at += 1
            continue
        found.append(one)
        at = max(one.after, at + 1)
    return _with_shared_units(tokens, found)


def _quantity_at(tokens: Sequence[Token], at: int, taken: set[int]) -> Quantity | None:
    token = tokens[at]
    before = tokens[at - 1] if at else None
    if share := _share_at(tokens, at):
        return replace(share, hedge=_hedge_before(tokens, share.first))
    read = number_at(tokens, at)
    if read is None:
        return _ordinal_at(tokens, at)
    found, after = read
    if any(place in taken for place in range(at, after)):
        return None
    # A letter or digit that touches it makes it a name: "B2B", "g1".
    glued = before is not None and before.end == token.start
    if glued and before is not None and (before.sort is Sort.WORD or before.text in "/\\=_@"):
        return None
    hedge = _hedge_before(tokens, at)
    if not found:
        return Quantity("number", at, after, (("text", token.text),), hedge)
    if glued and before is not None and before.text == "#":
        return Quantity("number", at - 1, after, (("id", token.text),))
    if before is not None and before.text in SIGNS:
        return Quantity(
            "money", at - 1, after, _of_each("money", SIGNS[before.text], found), _hedge_before(tokens, at - 1)
        )
    if before is not None and before.lower in _CURRENCIES and before.text.isupper():
        return Quantity("money", at - 1, after, _of_each("money", _CURRENCIES[before.lower], found), hedge)
    return _with_unit(tokens, at, after, found, hedge)


def _ordinal_at(tokens: Sequence[Token], at: int) -> Quantity | None:
    """ "second place": counts only where a source has another place."""
    place = _ORDINALS.get(tokens[at].lower if not at else tokens[at].text)
    if place is None or at + 1 == len(tokens) or tokens[at + 1].sort is not Sort.WORD:
        return None
    if tokens[at + 1].lower in OF_THE_TEXT | NUMBERS_A_PART:
        return None
    return Quantity("number", at, at + 1, (("ordinal", Decimal(place)),), is_weak=True)


def _of_each(dimension: str, unit: str, found: tuple[Decimal, ...]) -> tuple[Meaning, ...]:
    return tuple((dimension, unit, value) for value in found)


def _with_unit(tokens: Sequence[Token], at: int, after: int, found: tuple[Decimal, ...], hedge: str) -> Quantity:
    token = tokens[at]
    follows = tokens[after] if after < len(tokens) else None
    later = tokens[after + 1] if after + 1 < len(tokens) else None
    if follows is None:
        return _plain(tokens, at, after, found, hedge)
    unit, unit_at = follows, after
    # "18-month", "two-day"; "two full years" is left to the words.
    if (
        follows.text in "-‑–"
        and later is not None
        and follows.start == tokens[after - 1].end
        and later.start == follows.end
    ):
        unit, unit_at = later, after + 1
    elif (
        follows.lower in ("working", "full", "whole", "calendar", "business", "more", "straight") and later is not None
    ):
        unit, unit_at = (later, after + 1) if later.lower in UNITS else (follows, after)
    if unit.text == "%" or unit.lower in ("percent", "pc"):
        return Quantity("percent", at, unit_at + 1, tuple(("share", value / 100) for value in found), hedge)
    if unit.lower == "per" and later is not None and later.lower in ("cent", "cents"):
        return Quantity("percent", at, after + 2, tuple(("share", value / 100) for value in found), hedge)
    if unit.text in SIGNS:
        return Quantity("money", at, unit_at + 1, _of_each("money", SIGNS[unit.text], found), hedge)
    if unit.lower in _CURRENCIES:
        found, end = _with_coins(tokens, unit_at + 1, found)
        return Quantity("money", at, end, _of_each("money", _CURRENCIES[unit.lower], found), hedge)
    tight = unit.start == tokens[after - 1].end
    if unit.lower in _COINS and (unit.lower != "p" or tight):
        return Quantity(
            "money", at, unit_at + 1, _of_each("money", _COINS[unit.lower], tuple(v / 100 for v in found)), hedge
        )
    if unit.lower in UNITS and (unit.lower not in ("s", "h") or token.sort is Sort.NUMBER):
        dimension, factor = UNITS[unit.lower]
        end = unit_at + 1
        means: tuple[Meaning, ...] = tuple((dimension, value * factor) for value in found)
        if end < len(tokens) and tokens[end].lower == "old":
            means += tuple(("plain", value) for value in found)
        # Thirty days are a month.
        if unit.lower == "days":
            means += tuple(("months", value / 30) for value in found if value and value % 30 == 0)
        # "one day": rarely a statement.
        return Quantity(
            "duration",
            at,
            end,
            means,
            hedge,
            is_weak=found == (Decimal(1),) or _is_a_period(tokens, at, end),
            factor=factor,
        )
    if unit.lower in _MEASURES:
        dimension, factor = _MEASURES[unit.lower]
        means = tuple((dimension, value * factor) for value in found)
        return Quantity("number", at, unit_at + 1, means, hedge)
    if unit.text in ("x", "×") and tight:
        return Quantity("number", at, unit_at + 1, tuple(("times", value) for value in found), hedge)
    if unit.lower == "times":
        return Quantity(
            "number", at, unit_at + 1, (*(("times", v) for v in found), *(("plain", v) for v in found)), hedge
        )
    half = _and_a_half(tokens, after)
    if half and half < len(tokens) and tokens[half].lower in UNITS:
        dimension, factor = UNITS[tokens[half].lower]
        return Quantity(
            "duration", at, half + 1, tuple((dimension, (v + Decimal("0.5")) * factor) for v in found), hedge
        )
    if ratio := _ratio(tokens, at, after, found):
        return replace(ratio, hedge=hedge)
    return _plain(tokens, at, after, found, hedge)


def _is_a_period(tokens: Sequence[Token], at: int, after: int) -> bool:
    """ "the last two weeks", "the first six months of 2026"."""
    before = word_at(tokens, at - 1)
    return before in ("last", "next", "past") or (
        before == "first" and after < len(tokens) and tokens[after].lower == "of"
    )


def _with_coins(tokens: Sequence[Token], at: int, found: tuple[Decimal, ...]) -> tuple[tuple[Decimal, ...], int]:
    """ "four pounds twenty"."""
    read = number_at(tokens, at) if at < len(tokens) and tokens[at].sort is Sort.WORD else None
    if read and read[0] and read[0][0] < 100 and len(found) == 1:
        return (found[0] + read[0][0] / 100,), read[1]
    return found, at


def _and_a_half(tokens: Sequence[Token], after: int) -> int | None:
    words = [token.lower for token in tokens[after : after + 3]]
    return after + 3 if words == ["and", "a", "half"] else None


def _plain(tokens: Sequence[Token], at: int, after: int, found: tuple[Decimal, ...], hedge: str) -> Quantity:
    token = tokens[at]
    means: list[Meaning] = [("plain", value) for value in found]
    if token.sort is Sort.NUMBER and "." in token.text:
        means = [("text", token.text), *(("plain", v) for v in found if v == v.to_integral_value() and v >= 1_000)]
    elif token.sort is Sort.NUMBER and token.text.isdecimal() and len(token.text) > 2:
        means += [("id", token.text)]
    elif token.sort is Sort.NUMBER and "," in token.text:
        means += [("text", token.text.replace(",", "."))]
    is_of_the_text = _is_of_the_text(tokens, at, after)
    follows = tokens[after] if after < len(tokens) else None
    is_open = follows is not None and (follows.lower in ("to", "or", "and") or follows.text in "-–—‑")
    # "one" is mostly no number, "4.x" and "3+" are.
    if token.lower == "one" and _is_article(tokens, after):
        return Quantity("number", at, after, tuple(means), hedge, is_of_the_text=True)
    # And what is supposed: "For a choir of fifty", "at 50 singers".
    is_one = token.lower in ("one", "1") or _is_supposed(tokens, at)
    return Quantity("number", at, after, tuple(means), hedge, is_one, is_of_the_text, is_open)


def _is_article(tokens: Sequence[Token], after: int) -> bool:
    """ "one more Round", "one of them", "the national one"."""
    follows = tokens[after] if after < len(tokens) else None
    return follows is None or follows.sort is Sort.SIGN or follows.lower in ("more", "of", "another", "or", "day")


def _is_supposed(tokens: Sequence[Token], at: int) -> bool:
    before = [token.lower for token in tokens[max(0, at - 4) : at]]
    return before[-1:] in (["for"], ["at"]) or (before[-3:-2] == ["a"] and before[-1:] == ["of"])


def _is_of_the_text(tokens: Sequence[Token], at: int, after: int) -> bool:
    before = word_at(tokens, at - 1)
    # "[7]": a mark.
    if before == "[" and word_at(tokens, after) == "]":
        return True
    if before == "version" and "." in tokens[at].text:
        return False
    if before in ("of", "/") and at > 1 and "." in tokens[at - 2].text and tokens[at - 2].sort is Sort.NUMBER:
        return True
    if before in NUMBERS_A_PART or (
        before in ("-", "–", "to", "and", "of", ",", "/") and at > 2 and tokens[at - 3].lower in NUMBERS_A_PART
    ):
        return True
    # Nouns right behind, at most one word between: "five short lines".
    behind = [token.lower for token in tokens[after : after + 2]]
    if behind and behind[0] in "-‑" and len(tokens) > after + 1:
        behind = [tokens[after + 1].lower]
    if behind[:1] in (["by"], ["x"], ["×"]) and len(tokens) > after + 2:
        behind = [tokens[after + 2].lower]
    if tokens[at].lower == "one" or not behind:
        return False
    if len(tokens) > after + 1 and tokens[after + 1].text in "-‑":
        return False
    return behind[0] in OF_THE_TEXT or (len(behind) > 1 and behind[0].isalpha() and behind[1] in OF_THE_TEXT)


_FRACTIONS: Final = {
    "half": Decimal(1) / 2, "halves": Decimal(1) / 2, "third": Decimal(1) / 3, "thirds": Decimal(1) / 3,
    "quarter": Decimal(1) / 4, "quarters": Decimal(1) / 4, "fifth": Decimal(1) / 5, "fifths": Decimal(1) / 5,
    "tenth": Decimal(1) / 10,
}  # fmt: skip
_HOW_MANY: Final = {"a": 1, "one": 1, "every": 1, "two": 2, "three": 3, "four": 4}
_FRACTION_SIGNS: Final = {
    "½": _FRACTIONS["half"], "¼": _FRACTIONS["quarter"], "¾": 3 * _FRACTIONS["quarter"], "⅓": _FRACTIONS["third"],
    "⅔": 2 * _FRACTIONS["third"],
}  # fmt: skip


_VAGUE: Final = frozenset({"hundreds", "thousands", "dozens", "millions", "scores"})


def _share_at(tokens: Sequence[Token], at: int) -> Quantity | None:
    """ "half of", "a third of", "two thirds", "half an hour", "hundreds of", "a year and a half"."""
    words = [token.lower for token in tokens[at : at + 6]]
    word = words[0]
    if word in _VAGUE and words[1:2] == ["of"]:
        return Quantity("number", at, at + 2, (("vague", word),))
    if words[1:4] == ["and", "a", "half"] and word in UNITS:
        dimension, factor = UNITS[word]
        first = at - 1 if at and tokens[at - 1].lower in ("a", "an", "one") else at
        return Quantity("duration", first, at + 4, ((dimension, factor * Decimal("1.5")),))
    share: Decimal | None = None
    after = at
    if at and tokens[at - 1].lower in ("first", "second", "other", "latter", "last", "next"):
        return None
    if word == "half" or (word == "a" and words[1:2] == ["half"]):
        after = at + (1 if word == "half" else 2)
        share = _FRACTIONS["half"]
    elif word in _HOW_MANY and words[1:2] and words[1] in _FRACTIONS and words[1] != "half":
        share, after = _FRACTIONS[words[1]] * _HOW_MANY[word], at + 2
    elif word in _FRACTION_SIGNS:
        share, after = _FRACTION_SIGNS[word], at + 1
    if share is None:
        return None
    behind = [token.lower for token in tokens[after : after + 4]]
    skip = 1 if behind[:1] == ["of"] else 0
    if behind[skip : skip + 1] in (["an"], ["a"], ["-"]) and behind[skip + 1 : skip + 2] and behind[skip + 1] in UNITS:
        dimension, factor = UNITS[behind[skip + 1]]
        return Quantity("duration", at, after + skip + 2, ((dimension, (share * factor).quantize(Decimal("0.001"))),))
    if (
        behind[skip : skip + 1] in (["an"], ["a"], ["-"])
        and behind[skip + 1 : skip + 2]
        and behind[skip + 1] in _MEASURES
    ):
        dimension, factor = _MEASURES[behind[skip + 1]]
        return Quantity("number", at, after + skip + 2, ((dimension, (share * factor).normalize()),))
    paid = at > 0 and tokens[at - 1].lower in ("pay", "pays", "cost", "costs", "at")
    if paid and word == "half" and (not behind or not behind[0].isalpha()):
        return Quantity("percent", at, after, (("share", share),))
    if behind[:1] and behind[0] in (
        "of",
        "the",
        "as",
        "our",
        "your",
        "its",
        "their",
        "price",
        "off",
        "less",
        "more",
        "fewer",
    ):
        if word == "a" and words[1] in ("half", "quarter") and behind[0] not in ("of", "off", "less", "more", "fewer"):
            return None
        # A quarter is also three months: "the end of a quarter of" is not written.
        return Quantity("percent", at, after, (("share", share),))
    return None


def _ratio(tokens: Sequence[Token], at: int, after: int, found: tuple[Decimal, ...]) -> Quantity | None:
    """ "7 in 10", "seven out of ten", "one in four": a share, or two counts that are given as they stand."""
    words = [token.lower for token in tokens[after : after + 4]]
    # "three dogs in five"
    if words[1:2] == ["in"] and words[0].isalpha() and words[0] not in UNITS and found[:1] < (Decimal(10),):
        after, words = after + 1, words[1:]
    # "89 of 100", "nineteen of twenty"
    is_share = words[:1] == ["of"] and len(words) > 1 and words[1] in ("100", "hundred", "twenty", "ten")
    skip = 1 if words[:1] == ["in"] or is_share else 2 if words[:2] == ["out", "of"] else 0
    if words[:2] == ["in", "every"]:
        skip = 2
    if not skip or after + skip >= len(tokens):
        return None
    read = number_at(tokens, after + skip)
    if read is None or not read[0] or len(found) != 1:
        return None
    whole, end = read[0][0], read[1]
    follows = word_at(tokens, end)
    if whole <= found[0] or follows in UNITS or follows in _CURRENCIES or whole > 10_000:
        return None
    # "1,312 in 2025"
    if words[:1] == ["in"] and skip == 1 and FIRST_YEAR <= whole <= LAST_YEAR:
        return None
    return Quantity("percent", at, end, (("share", found[0] / whole), ("of", found[0], whole)))


def _hedge_before(tokens: Sequence[Token], at: int) -> str:
    before = [token.lower for token in tokens[max(0, at - 2) : at]]
    if before[-1:] and before[-1] in SIGNS:
        before = [token.lower for token in tokens[max(0, at - 3) : at - 1]]
    if before in (["more", "than"], ["at", "least"]):
        return "more"
    if before in (["fewer", "than"], ["less", "than"], ["not", "quite"]):
        return "less"
    if before in (["close", "to"], ["more", "or"], ["or", "so"]):
        return "about"
    return _HEDGES.get(before[-1], "") if before else ""


def _with_shared_units(tokens: Sequence[Token], found: list[Quantity]) -> list[Quantity]:
    """ "two to four days", "£30 to 50": a range's unit stands once and is meant twice."""
    found = _with_compounds(tokens, found)
    for place in range(len(found) - 1):
        one, two = found[place], found[place + 1]
        between = [token.lower for token in tokens[one.after : two.first]]
        if between not in (["to"], ["or"], ["-"], ["–"], ["—"], ["‑"], ["and"]):
            continue
        if one.is_unit_open and two.is_of_the_text and between != ["and"]:
            found[place] = replace(one, is_of_the_text=True)
        elif (
            one.is_unit_open
            and one.kind == "number"
            and two.kind in ("duration", "money", "percent")
            and (between != ["and"] or _is_between(tokens, one.first))
        ):
            found[place] = Quantity(two.kind, one.first, one.after, _taking_over(one.means, two), one.hedge)
        elif one.kind == "money" and two.kind == "number" and between != ["and"]:
            found[place + 1] = Quantity("money", two.first, two.after, _taking_over(two.means, one), two.hedge)
    return found


def _with_compounds(tokens: Sequence[Token], found: list[Quantity]) -> list[Quantity]:
    """ "3 hours 10 minutes", "two years and six months": one duration."""
    joined: list[Quantity] = []
    for two in found:
        one = joined[-1] if joined else None
        if (
            one
            and one.kind == two.kind == "duration"
            and one.means[0][0] == two.means[0][0]
            and one.factor > two.factor
            and [token.lower for token in tokens[one.after : two.first]] in ([], ["and"], [","])
            and len(one.means) == len(two.means) == 1
        ):
            value = one.means[0][1] + two.means[0][1]
            joined[-1] = replace(
                one, after=two.after, means=((one.means[0][0], value),), factor=two.factor, is_weak=False
            )
        else:
            joined.append(two)
    return joined


def _is_between(tokens: Sequence[Token], at: int) -> bool:
    return at > 0 and tokens[at - 1].lower in ("between", "from")


def _taking_over(means: tuple[Meaning, ...], other: Quantity) -> tuple[Meaning, ...]:
    plain = [meaning[1] for meaning in means if meaning[0] == "plain" and isinstance(meaning[1], Decimal)]
    like = other.means[0]
    if other.kind == "money":
        return tuple(("money", like[1], value) for value in plain)
    if other.kind == "percent":
        return tuple(("share", value / 100) for value in plain)
    return tuple((like[0], value * other.factor) for value in plain)
