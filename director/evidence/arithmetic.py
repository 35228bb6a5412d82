"""
Whether a number follows from two others: their sum, difference, product or share, or the time between two dates.

Pure arithmetic on what two facts mean; which facts may be paired is following's.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from director.evidence.facts import Fact, Kind
from director.evidence.quantities import Meaning

_SHARE: Final = ("share",)
#: Months by which "two and a half years" may be off.
_A_LITTLE: Final = 2
#: "a third", "three quarters": whoever writes so has rounded.
_IN_WORDS: Final = Decimal("0.02")

#: How many times the number a hedge names what it rounds may be: at least for "less", at most for "more".
FINELY: Final = (Decimal("0.88"), Decimal("1.12"))
WIDELY: Final = (Decimal("0.65"), Decimal("1.3"))
_A_DIFFERENCE: Final = (Decimal("0.8"), Decimal("1.2"))


def readings(fact: Fact) -> Iterator[tuple[Meaning, Decimal]]:
    """The numbers a fact may be reckoned with, each with its unit."""
    for meaning in fact.means:
        if meaning[0] not in ("of", "date", "time", "ordinal") and isinstance(meaning[-1], Decimal):
            yield meaning[:-1], meaning[-1]


def sums(fact: Fact, one: Fact, two: Fact) -> bool:
    """It is what two numbers of its unit make together."""
    return any(
        unit == a[0] == b[0] and value == a[1] + b[1]
        for unit, value in readings(fact)
        for a in readings(one)
        for b in readings(two)
        if unit != _SHARE
    )


def differs(fact: Fact, one: Fact, two: Fact, *, roughly: bool = False) -> bool:
    """It is what one number of its unit has more than another; *roughly* also what it rounds by its own words."""
    return any(
        unit == a[0] == b[0]
        and a[1] != b[1]
        and (value == abs(a[1] - b[1]) or (roughly and rounds(fact, value, abs(a[1] - b[1]), _A_DIFFERENCE)))
        for unit, value in readings(fact)
        for a in readings(one)
        for b in readings(two)
    )


def shares(fact: Fact, one: Fact, two: Fact, *, also_rest: bool) -> bool:
    """It is the share one number is of another; with *also_rest*, what is missing to it or has been added."""
    for unit, value in readings(fact):
        for unit_a, a in readings(one):
            for unit_b, b in readings(two):
                if unit != _SHARE or unit_a != unit_b or unit_a == _SHARE or not a or not b:
                    continue
                low, high = sorted((a, b))
                share = low / high
                made = (share, 1 - share, high / low - 1) if also_rest else (share,)
                if any(is_share(fact, value, each) for each in made):
                    return True
    return False


def is_rest(fact: Fact, one: Fact) -> bool:
    """It is what a share leaves of the whole."""
    return any(
        a == b == _SHARE and is_share(fact, mine, 1 - theirs)
        for a, mine in readings(fact)
        for b, theirs in readings(one)
    )


def multiplies(fact: Fact, one: Fact, two: Fact, *, in_all: bool) -> bool:
    """It is so many times a number of its unit, or so many per cent of one; *in_all* also so many a week for so many weeks."""
    for unit, value in readings(fact):
        for many, other in ((one, two), (two, one)):
            for unit_a, a in readings(many):
                for unit_b, b in readings(other):
                    if (
                        in_all
                        and unit == unit_a == ("plain",)
                        and any(a * times == value for times in _times(unit_b, b))
                    ):
                        return True
                    if unit_b != unit:
                        continue
                    if unit_a == ("plain",) and unit != ("plain",) and a > 1 and b and a * b == value:
                        return True
                    if unit_a == _SHARE and abs(a * b - value) <= Decimal("0.5"):
                        return True
    return False


def divides(fact: Fact, one: Fact, two: Fact) -> bool:
    """It is a number of its unit shared out among so many: a price for each head, an average."""
    for unit, value in readings(fact):
        for unit_a, a in readings(one):
            for unit_b, b in readings(two):
                if (
                    unit_a == unit
                    and unit_b == ("plain",)
                    and b > 1
                    and abs(a / b - value) <= Decimal("0.5") * _step(value)
                ):
                    return True
    return False


def is_span(fact: Fact, one: Fact, two: Fact) -> bool:
    """It is the time from one date to another: whole years, or days with or without the last."""
    if fact.kind is not Kind.DURATION:
        return False
    for dimension, value in readings(fact):
        for a in one.means:
            for b in two.means:
                if a[0] == b[0] == "time" and dimension == ("seconds",) and value == 60 * abs(a[1] - b[1]):
                    return True
                if a[0] != "date" or b[0] != "date":
                    continue
                if dimension == ("months",) and a[1] and b[1]:
                    if a[2] and b[2] and value % 12 and abs(value - abs(_months(a) - _months(b))) <= _A_LITTLE:
                        return True
                    if value == 12 * abs(a[1] - b[1]):
                        return True
                elif (
                    dimension == ("seconds",)
                    and (days := _days(a, b)) is not None
                    and value / 86_400 in (days, days + 1)
                ):
                    return True
    return False


def is_months_of(fact: Fact, monthly: Fact, yearly: Fact) -> bool:
    """So many months' price is the year's, or so many are free."""
    return any(
        unit == ("months",) and unit_a == unit_b and a and (value * a == b or (12 - value) * a == b)
        for unit, value in readings(fact)
        for unit_a, a in readings(monthly)
        for unit_b, b in readings(yearly)
    )


def is_saved(fact: Fact, monthly: Fact, yearly: Fact) -> bool:
    """What twelve months cost more than the year."""
    return any(
        unit == unit_a == unit_b and value and value == 12 * a - b
        for unit, value in readings(fact)
        for unit_a, a in readings(monthly)
        for unit_b, b in readings(yearly)
    )


def _times(unit: Meaning, value: Decimal) -> list[Decimal]:
    """How many days, weeks or months a duration is."""
    return [value / 86_400, value / 604_800] if unit == ("seconds",) else [value] if unit == ("months",) else []


def _months(date_: Meaning) -> int:
    return int(12 * date_[1] + date_[2])


def _days(one: Meaning, two: Meaning) -> int | None:
    ends = []
    for meaning in (one, two):
        year, month, day = (part or 0 for part in meaning[1:4])
        if not month or not day:
            return None
        ends.append((year, month, day))
    known = max(year for year, _, _ in ends) or 2_001
    try:
        first, last = (date(year or known, month, day) for year, month, day in ends)
        if last < first and not (ends[0][0] and ends[1][0]):
            last = last.replace(year=last.year + 1)
    except ValueError:
        return None
    return abs((last - first).days)


def _step(value: Decimal) -> Decimal:
    """The last place a number is written to."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(min(0, exponent) if isinstance(exponent, int) else 0)


def in_words(fact: Fact) -> bool:
    """Its number is written without figures."""
    return not any(sign.isdecimal() for sign in fact.words)


def rounds(fact: Fact, value: Decimal, made: Decimal, bounds: tuple[Decimal, Decimal]) -> bool:
    """Whether *value* is *made* as the fact's hedge rounds it: "about", "more than", "almost"."""
    least, most = bounds
    return {
        "about": abs(value - made) <= value * Decimal("0.06"),
        "more": value <= made <= value * most,
        "less": value * least <= made <= value,
    }.get(fact.hedge, False)


def is_share(fact: Fact, value: Decimal, share: Decimal) -> bool:
    """Whether a share, as the fact writes it, is another one rounded."""
    if in_words(fact):
        return abs(value - share) <= _IN_WORDS or rounds(fact, value, share, WIDELY)
    is_near = abs(value - share) <= Decimal("0.51") * _step(value * 100) / 100
    return is_near or (fact.hedge != "about" and rounds(fact, value, share, FINELY))
