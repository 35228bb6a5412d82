"""
Where each fact of a text stands: in the context, the goal's words, a reference, an input; it follows from others; or nowhere.

A number is given where a source has its value in the same unit, unless the words beside it belong to another value there
(£14 is the price of one bicycle, not of a cargo bicycle). Numbers up to twelve must share a word with the sentence that
gives them.

A number follows where it is the sum, difference, product or share of two given numbers of its paragraph; the sum of its
column; a given price times twelve, or times a number of its sentence. Of one sentence of a source that shares a word or a
number with it: the difference or the share of two counts, the difference of two prices where it says "more" or "less", their
sum where the words beside both are in its sentence. At most ten numbers of a paragraph or sentence are paired, in the order
they stand.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from typing import Final

from director.evidence.facts import Fact, Kind, facts_in, given_in
from director.evidence.quantities import Meaning
from director.evidence.tokens import content, plain_words, tokens_of


class Where(StrEnum):
    """Where a fact stands."""

    CONTEXT = "context"
    GOAL = "goal"
    BRIEF = "brief"
    REFERENCE = "reference"
    INPUT = "input"
    FOLLOWS = "follows"
    ASSUMED = "assumed"  #: Nowhere, and the text says so itself.
    NOWHERE = "nowhere"


_ORDER: Final = (Where.CONTEXT, Where.GOAL, Where.BRIEF, Where.REFERENCE, Where.INPUT)


@dataclass(frozen=True, slots=True)
class Source:
    """A text that facts may come from."""

    name: str
    kind: Where  #: Of the first five.
    text: str


@dataclass(frozen=True, slots=True)
class Traced:
    """A fact, where it stands, and by what: the source's name, or the numbers it follows from."""

    fact: Fact
    where: Where
    by: str = ""

    @property
    def is_open(self) -> bool:
        """Nobody vouches for it: it stands nowhere, or only in another's deliverable."""
        return self.where in (Where.NOWHERE, Where.INPUT)


#: Of facts with the same meaning, of sentences with a word, of numbers in a sentence: no more are compared.
_MOST: Final = 40
_MOST_PAIRED: Final = 10

_SMALL: Final = 12
_COUNTED: Final = (Kind.NUMBER, Kind.PERCENT, Kind.MONEY, Kind.DURATION)


def trace(text: str, sources: Sequence[Source]) -> tuple[Traced, ...]:
    """Every fact of a text with where it stands, in order of the text."""
    facts = facts_in(text)
    index = _indexed(tuple(sources))
    traced = [index.find(fact) for fact in facts]
    return tuple(
        replace(one, where=Where.ASSUMED) if one.fact.is_assumed and one.where is Where.NOWHERE else one
        for one in _following(facts, traced, index)
        if not one.fact.is_weak or (one.where is Where.NOWHERE and not one.fact.is_assumed)
    )


@dataclass(frozen=True, slots=True)
class Untraced:
    """What nobody vouches for, each once, in order of the text."""

    nowhere: tuple[Traced, ...]
    only_in_inputs: tuple[Traced, ...]  #: `by` names the input; it was approved, and nobody traced it.
    assumed: tuple[Traced, ...]  #: Stands nowhere, and the text says so: "[needs source]", "we assume".


def untraced(text: str, sources: Sequence[Source]) -> Untraced:
    """The facts of a text that no source vouches for."""
    kept: dict[Where, list[Traced]] = {Where.NOWHERE: [], Where.INPUT: [], Where.ASSUMED: []}
    seen: set[tuple[Where, Kind, str, str]] = set()
    for one in trace(text, sources):
        key = (one.where, one.fact.kind, one.fact.words.lower(), one.fact.head)
        if one.where in kept and key not in seen:
            seen.add(key)
            kept[one.where].append(one)
    return Untraced(*(tuple(kept[where]) for where in (Where.NOWHERE, Where.INPUT, Where.ASSUMED)))


_DENIED: Final = ("do not claim", "not to be claimed", "avoid:", "do not:", "not be claimed")


@lru_cache(maxsize=4)
def _indexed(sources: tuple[Source, ...]) -> "_Index":
    return _Index(sources)


class _Index:
    """The facts and words of all sources, looked up in steps that do not grow with them."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = sorted(sources, key=lambda source: _ORDER.index(Where(source.kind)))
        self.by_meaning: dict[Meaning, list[tuple[int, Fact]]] = defaultdict(list)
        self.by_word: dict[tuple[Kind, str], list[tuple[int, Fact]]] = defaultdict(list)
        self.by_sentence: dict[tuple[int, int], list[Fact]] = defaultdict(list)
        self.sentences_of: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.months: dict[tuple[object, object, object], int] = {}
        self.ranges: list[tuple[int, Fact, int, int]] = []
        self.words: list[frozenset[str]] = []
        self.runs: list[dict[tuple[str, ...], list[int]]] = []
        self.streams: list[list[str]] = []
        for number, source in enumerate(self.sources):
            self._read(number, source)

    def _read(self, number: int, source: Source) -> None:
        stream = plain_words(source.text)
        self.streams.append(stream)
        self.words.append(frozenset(stream))
        runs: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at in range(len(stream) - 2):
            places = runs[tuple(stream[at : at + 3])]
            if len(places) < _MOST:
                places.append(at)
        self.runs.append(runs)
        for fact in given_in(source.text):
            if fact.kind is Kind.COMPARISON and any(sign in fact.sentence.lower() for sign in _DENIED):
                continue
            for meaning in fact.means:
                same = self.by_meaning[meaning]
                if len(same) < _MOST:
                    same.append((number, fact))
                if meaning[0] == "date":
                    self._keep_date(number, meaning)
                if meaning[0] == "weekdays" and len(self.ranges) < 200:
                    self.ranges.append((number, fact, int(str(meaning[1])), int(str(meaning[2]))))
            for word in fact.about:
                like = self.by_word[fact.kind, word]
                if len(like) < _MOST:
                    like.append((number, fact))
            within = self.by_sentence[number, fact.at]
            if fact.kind in _COUNTED and len(within) < _MOST_PAIRED:
                within.append(fact)
                for word in fact.near:
                    sentences = self.sentences_of[word]
                    if len(sentences) < _MOST and (number, fact.at) not in sentences[-1:]:
                        sentences.append((number, fact.at))

    def _keep_date(self, number: int, meaning: Meaning) -> None:
        year, month, day = meaning[1:]
        for key in {(y, m, d) for y in (year, None) for m in (month, None) for d in (day, None)}:
            self.months.setdefault(key, number)

    def at(self, number: int, fact: Fact) -> Traced:
        source = self.sources[number]
        return Traced(fact, source.kind, source.name)

    def find(self, fact: Fact) -> Traced:
        """Where the fact stands as it is."""
        match fact.kind:
            case Kind.NAME:
                return self._name(fact)
            case Kind.QUOTE:
                return self._quote(fact)
            case Kind.ADDRESS:
                return self._address(fact)
            case Kind.COMPARISON:
                return self._comparison(fact)
            case Kind.DATE:
                return self._date(fact)
        return self._valued(fact)

    def _name(self, fact: Fact) -> Traced:
        words = [word for word in fact.means[0][1:] if word not in ("&", "and")]
        for number, known in enumerate(self.words):
            if all(_in_some_form(str(word), known) for word in words):
                return self.at(number, fact)
        if all(any(_in_some_form(str(word), known) for known in self.words) for word in words):
            return self.at(0, fact)
        return Traced(fact, Where.NOWHERE)

    def _quote(self, fact: Fact) -> Traced:
        parts = [plain_words(part) for part in fact.words.replace("...", "…").split("…")]
        parts = [part for part in parts if len(part) >= 2]
        for number in range(len(self.sources)):
            if parts and all(self._runs_in(number, part) for part in parts):
                return self.at(number, fact)
        return Traced(fact, Where.NOWHERE)

    def _runs_in(self, number: int, words: list[str]) -> bool:
        stream = self.streams[number]
        if len(words) < 3:
            return all(word in self.words[number] for word in words)
        return any(stream[at : at + len(words)] == words for at in self.runs[number].get(tuple(words[:3]), ()))

    def _address(self, fact: Fact) -> Traced:
        meaning = fact.means[0]
        if meaning in self.by_meaning:
            return self.at(self.by_meaning[meaning][0][0], fact)
        if meaning[0] != "address":
            return Traced(fact, Where.NOWHERE)
        address = str(meaning[1])
        host, _, path = address.partition("/")
        if host in ("example.com", "example.org", "localhost"):
            return Traced(fact, Where.FOLLOWS, "an address for examples")
        words = plain_words(path.replace("/", " ").replace("_", " "))
        if path and host in ("github.com", "gitlab.com", "pypi.org"):
            for number, known in enumerate(self.words):
                if all(word in known or word in ("pull", "issues", "project", "blob", "tree") for word in words):
                    return self.at(number, fact)
        return Traced(fact, Where.NOWHERE)

    def _comparison(self, fact: Fact) -> Traced:
        for number, given in self.by_meaning.get(fact.means[0], ()):
            if given.near & fact.near:
                return self.at(number, fact)
        return Traced(fact, Where.NOWHERE)

    def _date(self, fact: Fact) -> Traced:
        for meaning in fact.means:
            if meaning[0] == "weekdays":
                return self._weekdays(fact, int(str(meaning[1])), int(str(meaning[2])))
            if meaning[0] == "season":
                _, year, month = meaning
                number = next(
                    (
                        self.months[year, m, None]
                        for m in range(int(str(month)), int(str(month)) + 3)
                        if (year, m, None) in self.months
                    ),
                    None,
                )
                if meaning in self.by_meaning or number is not None:
                    return self.at(number or 0, fact)
            if meaning[0] == "date":
                key = (meaning[1], meaning[2], meaning[3])
                if key in self.months:
                    return self.at(self.months[key], fact)
                # A source may leave the year out.
                if meaning[3] and meaning[1] and (None, meaning[2], meaning[3]) in self.by_meaning:
                    return self.at(0, fact)
        return self._valued(fact)

    def _weekdays(self, fact: Fact, first: int, last: int) -> Traced:
        if "clos" in fact.near and "open" not in fact.near:
            covered = [
                number for number, given, low, high in self.ranges if "open" in given.near and low <= first <= high
            ]
            opened = any("open" in given.near for _, given, _, _ in self.ranges)
            return (
                Traced(fact, Where.NOWHERE)
                if covered or not opened
                else Traced(fact, Where.FOLLOWS, "the opening days")
            )
        opening = {"open", "clos"} & (fact.about | fact.near)
        best: int | None = None
        for number, given, low, high in self.ranges:
            says_when = not opening or bool({"open", "offic", "clos"} & given.near)
            if low <= first and last <= high and says_when:
                best = number if best is None else min(best, number)
        return Traced(fact, Where.NOWHERE) if best is None else self.at(best, fact)

    def _valued(self, fact: Fact) -> Traced:
        given = [one for meaning in fact.means for one in self.by_meaning.get(meaning, ())]
        if fact.hedge or fact.kind is Kind.PERCENT:
            given += self._rounded(fact)
        if not given:
            # What is weak is open only where a source has another number of the same noun.
            if fact.is_weak and not self._other(fact, 0, must_count=fact.kind is Kind.NUMBER):
                return Traced(fact, Where.CONTEXT)
            if (currency := self._unsaid_currency(fact)) is not None:
                return self.at(currency, fact)
            return Traced(fact, Where.NOWHERE)
        best = max(_shared(fact, one) for _, one in given)
        number = min(number for number, one in given if _shared(fact, one) == best)
        if self._other(fact, best, must_count=fact.kind is Kind.NUMBER):
            return Traced(fact, Where.NOWHERE)
        if (
            fact.kind is Kind.NUMBER
            and not fact.cell
            and fact.about
            and _is_small(fact)
            and not any(fact.near & one.near for _, one in given)
        ):
            return Traced(fact, Where.CONTEXT if fact.is_weak else Where.NOWHERE)
        return self.at(number, fact)

    def _unsaid_currency(self, fact: Fact) -> int | None:
        """The source of a price whose currency stands once for two: "fourteen pounds, for a cargo bicycle twenty-two"."""
        said = fact.sentence.lower()
        if fact.kind is not Kind.NUMBER or not any(sign in said for sign in ("£", "€", "$", "pound", "euro", "dollar")):
            return None
        for meaning in fact.means:
            for currency in ("GBP", "EUR", "USD"):
                for number, given in self.by_meaning.get(("money", currency, meaning[-1]), ()):
                    if given.about & fact.near:
                        return number
        return None

    def _other(self, fact: Fact, best: int, *, must_count: bool) -> bool:
        """Whether the words beside a number belong to another one in a source, and none of them to this."""
        if best > 1 or (must_count and not _is_small(fact)):
            return False
        heads = frozenset({fact.head}) if fact.head else _label(fact) if must_count else frozenset()
        words = sorted(heads if must_count else fact.about)
        for word in words[:12]:
            for number, other in self.by_word.get((fact.kind, word), ()):
                if self.sources[number].kind is Where.REFERENCE or not set(other.means).isdisjoint(fact.means):
                    continue
                if other.means[0][:1] != fact.means[0][:1] or (must_count and other.head not in heads):
                    continue
                if must_count and (other.is_weak or (fact.is_weak and not _is_small(other))):
                    continue
                shared = _shared(fact, other)
                if best == 0 and shared and (must_count or 2 * shared >= len(other.about)):
                    return True
                if best == 1 and shared > 2:
                    return True
        return False

    def _rounded(self, fact: Fact) -> list[tuple[int, Fact]]:
        """What a hedged number or a share may round: 41 is "about 40" and "more than 40", 0.667 is 67 %."""
        found: list[tuple[int, Fact]] = []
        for word in sorted(fact.near)[:40]:
            places = self.sentences_of.get(word, ())
            for number, other in ((place[0], other) for place in places for other in self.by_sentence[place]):
                if other.kind is fact.kind and any(
                    _rounds(mine, theirs, fact.hedge) for mine in fact.means for theirs in other.means
                ):
                    found.append((number, other))
        return found[:_MOST]


def _rounds(mine: Meaning, theirs: Meaning, hedge: str) -> bool:
    one, two = mine[-1], theirs[-1]
    if mine[:-1] != theirs[:-1] or not isinstance(one, Decimal) or not isinstance(two, Decimal):
        return False
    if mine[0] == "share" and abs(one - two) <= Decimal("0.005"):
        return True
    return {"about": abs(one - two) <= one * Decimal("0.06"), "more": one <= two <= one * Decimal("1.12"),
            "less": one * Decimal("0.88") <= two <= one}.get(hedge, False)  # fmt: skip


def _shared(fact: Fact, given: Fact) -> int:
    """How many words both have beside the number; one that has none is known by its sentence."""
    return len(fact.about & (given.about or given.near))


def _label(fact: Fact) -> frozenset[str]:
    return content(tokens_of(fact.cell.first)) if fact.cell else frozenset()


def _is_small(fact: Fact) -> bool:
    value = fact.means[0][-1]
    return isinstance(value, Decimal) and value <= _SMALL


def _in_some_form(word: str, known: frozenset[str]) -> bool:
    return word in known or word + "s" in known


def _following(facts: Sequence[Fact], traced: list[Traced], index: _Index) -> list[Traced]:
    given: dict[int, list[Fact]] = defaultdict(list)
    columns: dict[tuple[int, int], list[Fact]] = defaultdict(list)
    for one in traced:
        if (
            one.fact.kind in _COUNTED
            and one.where is not Where.NOWHERE
            and not one.fact.is_weak
            and len(given[one.fact.block]) < _MOST_PAIRED
        ):
            given[one.fact.block].append(one.fact)
        if one.fact.cell and one.fact.kind in _COUNTED:
            columns[one.fact.cell.table, one.fact.cell.column].append(one.fact)
    within: dict[int, list[Fact]] = defaultdict(list)
    for each in facts:
        if len(within[each.at]) < _MOST_PAIRED and each.kind in _COUNTED:
            within[each.at].append(each)
    result = []
    for one in traced:
        if one.where is not Where.NOWHERE:
            result.append(one)
            continue
        by = _follows(one.fact, given, columns, index, within[one.fact.at])
        result.append(replace(one, where=Where.FOLLOWS, by=by) if by else one)
    return result


def _follows(
    fact: Fact,
    given: dict[int, list[Fact]],
    columns: dict[tuple[int, int], list[Fact]],
    index: _Index,
    same_sentence: Sequence[Fact],
) -> str:
    if fact.kind is Kind.COMPARISON:
        return _compared(fact, given[fact.block])
    if fact.kind not in _COUNTED:
        return ""
    if fact.cell and any(word in fact.cell.first.lower() for word in ("total", "sum", "together")):
        return _total(fact, columns[fact.cell.table, fact.cell.column])
    if fact.kind is Kind.NUMBER and (between := _between_versions(fact, index)):
        return between
    if fact.cell and (total := _total(fact, columns[fact.cell.table, fact.cell.column])):
        return total
    sentences: list[list[Fact]] = [given[fact.block]]
    places: dict[tuple[int, int], int] = defaultdict(int)
    for one in given[fact.block]:
        for meaning in one.means[:1]:
            for number, same in index.by_meaning.get(meaning, ())[:4]:
                places[number, same.at] += 2
    for word in sorted(fact.near)[:30]:
        for place in index.sentences_of.get(word, ())[:_MOST]:
            places[place] += 1
    sentences += [index.by_sentence[place] for place in sorted(places, key=lambda place: (-places[place], place))[:8]]
    for rank, numbers in enumerate(sentences):
        if not rank:
            by = _from_pairs(fact, numbers, may_add=True)
        elif fact.kind is Kind.MONEY:
            told = [one for one in numbers if one.about & fact.near]
            differs = " more" in fact.sentence or " less" in fact.sentence
            by = _from_pairs(fact, told, may_add=True) or (_from_pairs(fact, numbers, may_add=False) if differs else "")
        elif fact.kind is Kind.DURATION:
            by = ""
        else:
            by = _from_pairs(fact, [one for one in numbers if one.kind in (Kind.NUMBER, Kind.PERCENT)], may_add=False)
        if by:
            return by
    if by := _of_a_price(fact, index, same_sentence):
        return by
    yearly = [one for meaning in fact.means if meaning[0] == "money" and isinstance(meaning[2], Decimal)
              for one in index.by_meaning.get(("money", meaning[1], meaning[2] / 12), ())]  # fmt: skip
    return f"12 × {yearly[0][1].words}" if yearly else ""


def _between_versions(fact: Fact, index: _Index) -> str:
    """ "Python 3.12" where a source says 3.10 to 3.14."""
    written = str(fact.means[0][1]) if fact.means[0][0] == "text" else ""
    major, dot, minor = written.partition(".")
    if not (dot and minor.isdecimal() and len(minor) < 6):
        return ""
    for word in sorted(fact.near)[:30]:
        for place in index.sentences_of.get(word, ())[:_MOST]:
            versions = [
                str(one.means[0][1]).partition(".") for one in index.by_sentence[place] if one.means[0][0] == "text"
            ]
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


def _numbers(fact: Fact) -> Iterable[tuple[Meaning, Decimal]]:
    for meaning in fact.means:
        if meaning[0] == "of":
            continue
        if isinstance(meaning[-1], Decimal):
            yield meaning[:-1], meaning[-1]


def _of_a_price(fact: Fact, index: _Index, numbers: Sequence[Fact]) -> str:
    """So many times a given price, where both stand in one sentence: three punctures at £12."""
    for meaning in fact.means:
        if meaning[0] != "money" or not isinstance(meaning[2], Decimal):
            continue
        for number in numbers[:_MOST_PAIRED]:
            many = number.means[0][-1]
            if number.kind in (Kind.NUMBER, Kind.DURATION) and isinstance(many, Decimal) and 1 < many <= 60:
                for _, price in index.by_meaning.get(("money", meaning[1], meaning[2] / many), ()):
                    if price.about & fact.near:
                        return f"{number.words} × {price.words}"
    return ""


def _from_pairs(fact: Fact, numbers: Sequence[Fact], *, may_add: bool) -> str:
    pairs = [(one, two) for one, two in combinations(numbers[:_MOST_PAIRED], 2)]
    for unit, value in _numbers(fact):
        if rest := next(
            (one for one in numbers if unit == ("share",) and (unit, 1 - value) in list(_numbers(one))), None
        ):
            return f"100 % less {rest.words}"
        for one, two in pairs:
            if fact.kind is Kind.NUMBER and one.head and two.head and one.head != two.head:
                continue
            for unit_a, a in _numbers(one):
                for unit_b, b in _numbers(two):
                    if _makes(unit, value, (unit_a, a), (unit_b, b), fact.hedge, may_add=may_add):
                        return f"{one.words} and {two.words}"
        same = [number for one in numbers for kind, number in list(_numbers(one))[:1] if kind == unit]
        if len(same) > 2 and sum(same) == value and unit != ("share",):
            return "the sum of " + ", ".join(one.words for one in numbers)
    return ""


def _makes(
    unit: Meaning,
    value: Decimal,
    one: tuple[Meaning, Decimal],
    two: tuple[Meaning, Decimal],
    hedge: str,
    *,
    may_add: bool,
) -> bool:
    (unit_a, a), (unit_b, b) = one, two
    if unit == ("share",):
        if unit_a != unit_b or not a or not b or unit_a[0] == "share":
            return False
        low, high = sorted((a, b))
        return any(abs(value - share) <= Decimal("0.0051") for share in (low / high, 1 - low / high)) or (
            hedge == "more" and value < low / high <= value * Decimal("1.12")
        )
    if unit_a == unit_b == unit and a != b and (value == abs(a - b) or (may_add and value == a + b)):
        return True
    if unit_a == ("plain",) and unit_b == unit and a * b == value and a > 1 and b > 1 and unit != ("plain",):
        return True
    if unit_b == ("plain",) and unit_a == unit and a * b == value and a > 1 and b > 1 and unit != ("plain",):
        return True
    # So many of so many per cent: 94 % of 651.
    for share, whole, kind in ((a, b, unit_b) if unit_a == ("share",) else (b, a, unit_a),):
        if ("share",) in (unit_a, unit_b) and kind == unit and abs(share * whole - value) <= Decimal("0.5"):
            return True
    return False


def _compared(fact: Fact, numbers: Sequence[Fact]) -> str:
    """A comparison of two given numbers of one kind that stand beside it."""
    for one, two in combinations([number for number in numbers if number.at == fact.at], 2):
        if one.kind is two.kind:
            return f"{one.words} and {two.words}"
    return ""
