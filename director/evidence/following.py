"""
Whether a fact that no source gives as it is follows from what is given.

A number follows from two numbers of its paragraph; of one sentence or row of a source that shares words with it; of one of
its paragraph and one of a source that is about the same; of two of sources where its sentence says that it compares or adds;
from a price and how often it is paid; from counts of its sentence and their prices; from the total of its column. Which sums
count depends on what its sentence says: "more", "missing", "each", "with". At most ten numbers of a paragraph or sentence are
paired, in the order they stand.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, product
from typing import Final

from director.evidence.arithmetic import (
    differs,
    divides,
    is_months_of,
    is_rest,
    is_saved,
    is_span,
    multiplies,
    readings,
    shares,
    sums,
)
from director.evidence.facts import FOR_EACH, Fact, Kind
from director.evidence.quantities import Meaning
from director.evidence.sources import COUNTED, MOST, MOST_PAIRED, PAIRED, Given, Traced, Where, is_small, place_of
from director.evidence.tokens import content, tokens_of


def following(facts: Sequence[Fact], traced: list[Traced], index: Given) -> list[Traced]:
    """What was *traced* of a text, and of what stands nowhere by itself what follows from numbers that are given."""
    said: dict[int, list[Fact]] = defaultdict(list)
    columns: dict[tuple[int, int], list[Fact]] = defaultdict(list)
    for one in traced:
        if one.where is not Where.NOWHERE and not one.fact.is_weak:
            _keep(said[one.fact.block], one.fact)
        if one.fact.cell and one.fact.kind in COUNTED:
            columns[one.fact.cell.table, one.fact.cell.column].append(one.fact)
    within: dict[int, list[Fact]] = defaultdict(list)
    for each in facts:
        _keep(within[each.block], each)
    result = []
    for one in traced:
        by = ""
        if one.where is Where.NOWHERE:
            number = _source_of_price(one.fact, said[one.fact.block], index)
            if number is not None:
                result.append(index.at(number, one.fact))
                _keep(said[one.fact.block], one.fact)
                continue
            by = _Derivation(one.fact, said[one.fact.block], within[one.fact.block], index).found(columns)
        if by:
            _keep(said[one.fact.block], one.fact)
        result.append(replace(one, where=Where.FOLLOWS, by=by) if by else one)
    return result


def _source_of_price(fact: Fact, said: Sequence[Fact], index: Given) -> int | None:
    """The source of a price in whose row or sentence another number of its paragraph stands too."""
    if fact.kind is not Kind.MONEY:
        return None
    places = {
        place_of(*given) for one in said for meaning in one.means[:1] for given in index.by_meaning.get(meaning, ())
    }
    given = [one for meaning in fact.means for one in index.by_meaning.get(meaning, ())]
    return next((number for number, one in given if place_of(number, one) in places), None)


def _keep(facts: list[Fact], fact: Fact) -> None:
    if fact.kind in PAIRED and len(facts) < MOST_PAIRED:
        facts.append(fact)


#: Words of a sentence that says it compares two numbers, adds them, or gives one for each.
_DIFFERS: Final = frozenset(
    """
    more less fewer left missing remain remains remaining room save saves saved saving cheaper dearer difference short ahead
    later older old younger grew grown rose fell dropped
    """.split()
)
_ADDS: Final = frozenset("with plus including".split())
_IN_ALL: Final = frozenset("all makes make total together altogether".split())
_DIVIDES: Final = frozenset("head each per apiece every average averages mean instalments".split())
_TOGETHER: Final = frozenset({"together", "both", "total"})
#: Counts of a sentence, and prices of one of them, that are added up.
_MOST_COUNTED: Final = 4


class _Derivation:
    """What one fact may follow from: numbers its paragraph gives, and numbers of sources that its words point to."""

    def __init__(self, fact: Fact, said: list[Fact], beside: list[Fact], index: Given) -> None:
        self.fact, self.said, self.beside, self.index = fact, said, beside, index
        near = [*tokens_of(fact.before)[-4:], *tokens_of(fact.behind)[:3]]
        self.words_behind = frozenset(token.lower for token in tokens_of(fact.behind)[:1])
        self.words_beside = frozenset(token.lower for token in near)
        said_above = fact.cell.header if fact.cell else ""
        self.words = frozenset(token.lower for token in tokens_of(f"{fact.sentence} {said_above}"))

    def found(self, columns: dict[tuple[int, int], list[Fact]]) -> str:
        """What it follows from, in words; nothing where it does not."""
        fact = self.fact
        if fact.kind is Kind.COMPARISON:
            return _compared(self.said) or (self._twice() if fact.means[0][1] == "twice" else "")
        if fact.kind not in COUNTED:
            return ""
        if fact.cell:
            total = _total(fact, columns[fact.cell.table, fact.cell.column])
            if total or not {"total", "sum", "together"}.isdisjoint(fact.cell.first.lower().split()):
                return total
        return (
            _between_versions(fact, self.index)
            or self._of_what_is_said()
            or self._of_one_sentence()
            or self._of_said_and_given()
            or self._of_two_given()
            or self._of_its_list()
            or self._of_a_price()
            or " and ".join(f"{one.words} × {price:f}" for one, price in self._counted_prices(fact))
            or ("the price it multiplies" if fact.kind is Kind.NUMBER and self._is_a_factor() else "")
        )

    def _of_what_is_said(self) -> str:
        """Of two numbers that its own paragraph gives."""
        fact = self.fact
        for rest in self.said:
            if is_rest(fact, rest):
                return f"100 % less {rest.words}"
        for one, two in combinations(self.said, 2):
            if fact.kind is Kind.NUMBER and one.head and two.head and one.head != two.head:
                continue
            if (
                differs(fact, one, two, roughly=True)
                or sums(fact, one, two)
                or shares(fact, one, two, also_rest=True)
                or multiplies(fact, one, two, in_all=not _IN_ALL.isdisjoint(self.words))
                or is_span(fact, one, two)
            ):
                return _both(one, two)
        for unit, value in readings(fact):
            same = [number for one in self.said for kind, number in list(readings(one))[:1] if kind == unit]
            if len(same) > 2 and sum(same) == value and unit != ("share",):
                return "the sum of " + ", ".join(one.words for one in self.said)
        return ""

    def _of_one_sentence(self) -> str:
        """Of two numbers that stand in one sentence or one row of a source."""
        fact = self.fact
        for place in self._places():
            now = self.index.updated
            for one in self.index.by_place[place]:
                if now and one.kind is Kind.DATE and is_span(fact, one, now):
                    return f"the years since {one.words}"
                if is_rest(fact, one) and one.near & fact.near:
                    return f"100 % less {one.words}"
            for one, two in combinations(self.index.by_place[place], 2):
                is_row = bool(
                    one.cell and fact.kind is Kind.NUMBER and not is_small(fact) and fact.counts & (one.near | two.near)
                )
                if self._is_of(one, two) or (is_row and multiplies(fact, one, two, in_all=True)):
                    return _both(one, two)
        return ""

    def _is_of(self, one: Fact, two: Fact) -> bool:
        """Whether it follows from two numbers of one sentence or row."""
        fact, says = self.fact, self._says(_DIFFERS)
        if fact.kind is Kind.MONEY:
            about = not one.cell and bool(one.about & fact.near and two.about & fact.near)
            return (about and (sums(fact, one, two) or differs(fact, one, two))) or (
                says and (differs(fact, one, two) or is_saved(fact, one, two) or is_saved(fact, two, one))
            )
        if fact.kind is Kind.DURATION:
            return (
                (says and differs(fact, one, two))
                or is_span(fact, one, two)
                or is_months_of(fact, one, two)
                or is_months_of(fact, two, one)
            )
        if not {one.kind, two.kind} <= {Kind.NUMBER, Kind.PERCENT}:
            return False
        if fact.kind is Kind.PERCENT:
            if (
                one.head
                and two.head
                and one.head != two.head
                and not (one.about & fact.about and two.about & fact.about)
            ):
                return False
            return not (one.cell and two.cell) and (shares(fact, one, two, also_rest=says) or differs(fact, one, two))
        if not _DIVIDES.isdisjoint(self.words) and any(
            a.counts & fact.counts and divides(fact, a, b) for a, b in ((one, two), (two, one))
        ):
            return True
        if (is_small(fact) and not says) or (one.head and two.head and one.head != two.head):
            return False
        return differs(fact, one, two) or (
            bool(fact.head) and fact.head in (one.head, two.head) and sums(fact, one, two)
        )

    def _places(self) -> list[tuple[int, int]]:
        """The sentences of sources that share most with its own: a number counts as two words."""
        shared: dict[tuple[int, int], int] = defaultdict(int)
        for one in self.said:
            for meaning in one.means[:1]:
                for number, same in self.index.by_meaning.get(meaning, ())[:4]:
                    shared[place_of(number, same)] += 2
        near = self.fact.near if len(self.fact.near) > 1 else self.fact.near | self.fact.around
        for word in sorted(near)[:30]:
            for place in self.index.places_of.get(word, ()):
                shared[place] += 1
        return sorted(shared, key=lambda place: (-shared[place], place))[:8]

    def _of_said_and_given(self) -> str:
        """Of a number its paragraph gives, and one of a source that is about the same: how many are missing to a goal."""
        fact = self.fact
        says = self._says(_DIFFERS) or "of" in self.words_behind
        if not says and fact.kind not in (Kind.PERCENT, Kind.DURATION):
            return ""
        for one in self.said[-4:]:
            for given in self._given_beside(one):
                if (
                    (says and differs(fact, one, given))
                    or shares(fact, one, given, also_rest=says)
                    or is_span(fact, one, given)
                ):
                    return _both(one, given)
        return ""

    def _given_beside(self, said: Fact, words: frozenset[str] = frozenset()) -> list[Fact]:
        """The numbers of sources that share a word with one that is *said*, or one of these *words*."""
        found: list[Fact] = []
        same = [one for meaning in said.means for _, one in self.index.by_meaning.get(meaning, ())[:4]]
        for word in sorted(words or said.near.union(*(one.near for one in same)))[:20]:
            for place in self.index.places_of.get(word, ())[:8]:
                found += [one for one in self.index.by_place[place] if one.kind is said.kind]
        if self.index.updated and said.kind is Kind.DATE:
            found.append(self.index.updated)
        return found[:MOST]

    def _of_two_given(self) -> str:
        """Of two numbers of sources that both share a word with its sentence, where it says that it compares or adds."""
        fact = self.fact
        unique = self._near()
        added, differs_ = self._added(), self._says(_DIFFERS)
        if fact.kind is Kind.PERCENT:
            return self._share_of_a_whole(unique)
        together = not _TOGETHER.isdisjoint(self.words)
        if not (added or differs_ or together) or (fact.kind is Kind.NUMBER and is_small(fact)):
            return ""
        like = [one for one in (*self.said, *unique) if one.kind is fact.kind]
        for one, two in combinations(like[: 2 * MOST_PAIRED], 2):
            if fact.kind is Kind.NUMBER and (not one.head or one.head != two.head):
                continue
            mine, theirs = one.about & fact.near, two.about & fact.near
            extra = bool(added & one.about) != bool(added & two.about) or (
                together and bool(mine - theirs and theirs - mine)
            )
            if (extra and sums(fact, one, two)) or (differs_ and differs(fact, one, two)):
                return _both(one, two)
        return ""

    def _of_its_list(self) -> str:
        """ "four languages: English, Dutch, German and French"."""
        _, colon, listed = self.fact.behind.partition(":")
        items = listed.replace(" and ", ",").replace(" or ", ",").replace(",,", ",").split(",")
        is_it = (
            bool(colon) and self.fact.kind is Kind.NUMBER and len(items) > 1 and len(items) == self.fact.means[0][-1]
        )
        return "what it lists" if is_it else ""

    def _near(self) -> list[Fact]:
        """The numbers of sources whose sentence or row shares a word with its own."""
        words = sorted(self.fact.near | (self.fact.around if self.fact.kind is Kind.MONEY else frozenset()))
        places = [place for word in words[:20] for place in self.index.places_of.get(word, ())[:8]]
        return list(dict.fromkeys(one for place in places for one in self.index.by_place[place]))[:MOST]

    def _twice(self) -> str:
        for one, two in combinations([one for one in self._near() if one.kind in COUNTED][: 2 * MOST_PAIRED], 2):
            for unit_a, a in readings(one):
                for unit_b, b in readings(two):
                    if unit_a == unit_b and min(a, b) * 2 == max(a, b):
                        return _both(one, two)
        return ""

    def _share_of_a_whole(self, given: Sequence[Fact]) -> str:
        about = self.fact.about
        parts = [one for one in given if one.about & about and one.kind is Kind.NUMBER]
        for part in sorted(parts, key=lambda one: -len(one.about & about))[:4]:
            for whole in self._given_beside(part, part.about):
                if not (part.cell and whole.cell) and shares(self.fact, part, whole, also_rest=False):
                    return _both(part, whole)
        return ""

    def _of_a_price(self) -> str:
        """So many times a given price, a given price for each of so many, or twelve months of one."""
        for unit, value in readings(self.fact):
            if unit[0] != "money":
                continue
            many = [n for one in self.beside for n in _counts(one)]
            tries = [value / n for n in many]
            if self._says(_DIVIDES) or self.words_behind & FOR_EACH:
                for price in (one for one in (*self.said, *self._near()) if one.kind is Kind.MONEY):
                    if any(divides(self.fact, price, each) for each in self.beside if _counts(each)):
                        return f"the price {price.words}"
            tries += [value / part for share in self._shares_given() for part in (share, 1 - share) if part]
            if {"month", "year"} <= self.words:
                tries.append(value * 12)
            said = {price for one in self.said for a, price in readings(one) if a == unit}
            for once in tries:
                if once in said:
                    return f"the price {once}"
                for _, given in self.index.by_meaning.get((*unit, once.normalize()), ()):
                    if given.near & (self.fact.near | self.fact.around):
                        return f"the price {given.words}"
            if yearly := self.index.by_meaning.get((*unit, value / 12)):
                return f"12 × {yearly[0][1].words}"
        return ""

    def _counted_prices(self, money: Fact) -> list[tuple[Fact, Decimal]]:
        """ "Two brake adjustments and one service are £95": counts of its sentence in a row, each with its noun's price."""
        counted = [one for one in self.beside if one.at == money.at and one.kind is Kind.NUMBER and one.counts]
        for unit, value in readings(money):
            priced = [(one, self._prices_of(one, unit)) for one in counted[:_MOST_COUNTED]]
            for first, after in combinations(range(len(priced) + 1), 2):
                row = [one for one, _ in priced[first:after]]
                for prices in product(*(prices for _, prices in priced[first:after])):
                    if value == sum(one.means[0][-1] * price for one, price in zip(row, prices, strict=True)):
                        return list(zip(row, prices, strict=True))
        return []

    def _prices_of(self, counted: Fact, unit: Meaning) -> list[Decimal]:
        """The prices of sources that share most with the noun it counts."""
        priced = {
            given: len(given.about & counted.counts)
            for word in sorted(counted.counts)
            for _, given in self.index.by_word.get((Kind.MONEY, word), ())
        }
        most = max(priced.values(), default=0)
        alike = [given for given, shared in priced.items() if shared == most]
        found = [price for given in alike for a, price in readings(given) if a == unit]
        return list(dict.fromkeys(found))[:_MOST_COUNTED]

    def _shares_given(self) -> list[Decimal]:
        """The shares of sources whose words its sentence has: "20 % off for schools"."""
        found = []
        for place in self._places():
            for one in self.index.by_place[place]:
                if one.kind is Kind.PERCENT and one.near & self.fact.near:
                    found += [share for unit, share in readings(one) if unit == ("share",) and share < 1]
        return found

    def _is_a_factor(self) -> bool:
        """ "Three Small bags come to £12.60": a count that makes a given price of another number of its paragraph."""
        many = _counts(self.fact)
        for money in self.beside:
            for unit, value in readings(money):
                for n in many if unit[0] == "money" else ():
                    for _, given in self.index.by_meaning.get((*unit, (value / n).normalize()), ()):
                        if given.near & (self.fact.near | self.fact.around) or any(
                            one.means[0] == given.means[0] for one in self.said
                        ):
                            return True
        sums_ = (self._counted_prices(money) for money in self.beside if money.kind is Kind.MONEY)
        return any(one is self.fact for row in sums_ for one, _ in row)

    def _added(self) -> frozenset[str]:
        """What its sentence says is included: "with the drop"."""
        cell = self.fact.cell
        tokens = tokens_of(cell.header if cell else self.fact.behind)
        at = next((place for place, token in enumerate(tokens) if token.lower in _ADDS), len(tokens))
        return content(tokens[at : at + 4])

    def _says(self, words: frozenset[str]) -> bool:
        """Its sentence says so; of a count, the words right beside it."""
        return not words.isdisjoint(self.words_beside if self.fact.kind is Kind.NUMBER else self.words)


def _counts(fact: Fact) -> list[Decimal]:
    """What a count or a duration may be as the factor of a price."""
    if fact.kind not in (Kind.NUMBER, Kind.DURATION):
        return []
    return [value for _, value in list(readings(fact))[:1] if 1 < value <= 1_000]


def _both(one: Fact, two: Fact) -> str:
    return f"{one.words} and {two.words}"


def _between_versions(fact: Fact, index: Given) -> str:
    """ "Python 3.12" where a source says 3.10 to 3.14."""
    written = fact.means[0][1] if fact.means[0][0] == "text" else ""
    major, dot, minor = written.partition(".")
    if not (dot and minor.isdecimal() and len(minor) < 6):
        return ""
    for word in sorted(fact.near)[:30]:
        for place in index.places_of.get(word, ())[:MOST]:
            versions = [one.means[0][1].partition(".") for one in index.by_place[place] if one.means[0][0] == "text"]
            minors = [int(two) for one, _, two in versions if one == major and two.isdecimal() and len(two) < 6]
            if len(minors) > 1 and min(minors) < int(minor) < max(minors):
                return f"between {major}.{min(minors)} and {major}.{max(minors)}"
    return ""


def _total(fact: Fact, column: list[Fact]) -> str:
    above = [one for one in column[:200] if one.cell and fact.cell and one.cell.row < fact.cell.row]
    for meaning in fact.means:
        same = [value for one in above if (value := _value(one, meaning)) is not None]
        if len(same) > 1 and sum(same) == meaning[-1]:
            return "the sum of its column"
    return ""


def _value(fact: Fact, like: Meaning) -> Decimal | None:
    return next((m[-1] for m in fact.means if m[:-1] == like[:-1] and isinstance(m[-1], Decimal)), None)


def _compared(numbers: Sequence[Fact]) -> str:
    """What a comparison rests on: two given numbers of one kind in its paragraph."""
    for one, two in combinations(numbers, 2):
        if one.kind is two.kind:
            return _both(one, two)
    return ""
