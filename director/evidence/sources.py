"""What the sources give: an index of their facts and words."""

import calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from director.evidence.facts import Fact, Kind, given_in
from director.evidence.quantities import Meaning
from director.evidence.tokens import content, plain_words, tokens_of


class Where(StrEnum):
    """Where a fact stands; of several sources the first in this order vouches for it."""

    CONTEXT = "context"
    GOAL = "goal"
    BRIEF = "brief"
    REFERENCE = "reference"
    INPUT = "input"
    FOLLOWS = "follows"
    ASSUMED = "assumed"  #: Nowhere, and the text says so itself.
    NOWHERE = "nowhere"


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
MOST: Final = 40
MOST_PAIRED: Final = 10

_SMALL: Final = 12
COUNTED: Final = (Kind.NUMBER, Kind.PERCENT, Kind.MONEY, Kind.DURATION)
PAIRED: Final = (*COUNTED, Kind.DATE, Kind.TIME)


_A_WEEK: Final = frozenset({"a week"})
_DENIED: Final = ("do not claim", "not to be claimed", "avoid:", "do not:", "not be claimed")


@lru_cache(maxsize=64)
def _given_in(text: str) -> tuple[Fact, ...]:
    # A brand's context and a skill's references are sources of all its texts.
    return given_in(text)


class Given:
    """The facts and words of all sources, looked up in steps that do not grow with them."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = sorted(sources, key=lambda source: list(Where).index(source.kind))
        self.by_meaning: dict[Meaning, list[tuple[int, Fact]]] = defaultdict(list)
        self.hosts: dict[str, str] = {}  #: By the path of an address.
        self.by_value: dict[object, list[tuple[int, Fact]]] = defaultdict(list)
        self.by_word: dict[tuple[Kind, str], list[tuple[int, Fact]]] = defaultdict(list)
        self.by_place: dict[tuple[int, int], list[Fact]] = defaultdict(list)
        self.updated: Fact | None = None  #: The date the context says it is of.
        self.timed: set[tuple[int, int]] = set()  #: The sentences that give a time of day.
        self.places_of: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.dates: dict[tuple[object, object, object], int] = {}  #: By year, month and day, any of them None.
        self.without_year: dict[tuple[object, object], int] = {}
        self.weekdays: dict[tuple[object, object], set[object]] = {}
        self.ranges: list[tuple[int, Fact, int, int]] = []
        self.words: list[frozenset[str]] = []
        self.runs: list[dict[tuple[str, ...], list[int]]] = []
        self.streams: list[list[str]] = []
        self.lists: dict[int, list[tuple[int, frozenset[str]]]] = defaultdict(list)  #: How many items, and what of.
        for number, source in enumerate(self.sources):
            self._read(number, source)
        self._count_lists()

    def _read(self, number: int, source: Source) -> None:
        stream = plain_words(source.text)
        self.streams.append(stream)
        self.words.append(frozenset(stream))
        runs: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at in range(len(stream) - 2):
            places = runs[tuple(stream[at : at + 3])]
            if len(places) < MOST:
                places.append(at)
        self.runs.append(runs)
        for fact in _given_in(source.text):
            if fact.kind is Kind.COMPARISON and any(sign in fact.sentence.lower() for sign in _DENIED):
                continue
            for meaning in fact.means:
                if meaning[0] in ("money", "share"):
                    written = meaning[-1] if meaning[0] == "money" else meaning[-1] * 100
                    self.by_value[written].append((number, fact))
                same = self.by_meaning[meaning]
                if len(same) < MOST:
                    same.append((number, fact))
                if meaning[0] == "address":
                    known, _, path = meaning[1].partition("/")
                    self.hosts[path] = known
                if meaning[0] == "date":
                    self._keep_date(number, meaning)
                if meaning[0] == "date" and len(meaning) == 5 and len(self.ranges) < 200:
                    self.ranges.append((number, fact, meaning[4], meaning[4]))
                if meaning[0] == "weekdays" and len(self.ranges) < 200:
                    self.ranges.append((number, fact, meaning[1], meaning[2]))
            for word in fact.about:
                like = self.by_word[fact.kind, word]
                if len(like) < MOST:
                    like.append((number, fact))
            place = place_of(number, fact)
            within = self.by_place[place]
            if fact.kind in PAIRED and not fact.is_weak and len(within) < MOST_PAIRED:
                within.append(fact)
                for word in fact.near:
                    near = self.places_of[word]
                    if len(near) < MOST and place not in near[-1:]:
                        near.append(place)
            if fact.kind is Kind.TIME:
                self.timed.add(place)
            if fact.kind is Kind.DATE and "updated" in fact.sentence.lower() and self.updated is None:
                self.updated = fact

    def _count_lists(self) -> None:
        """The rows of a table count what its titles name; "Tuesday, Thursday and Saturday" are three times a week."""
        days: dict[tuple[int, int], int] = defaultdict(int)
        for number, given, low, high in self.ranges:
            days[place_of(number, given)] += low == high
        rows: dict[tuple[int, int], int] = defaultdict(int)
        titles: dict[tuple[int, int], frozenset[str]] = {}
        for (number, _), facts in self.by_place.items():
            if facts and facts[0].cell and facts[0].cell.row:
                rows[number, facts[0].cell.table] += 1
                titles[number, facts[0].cell.table] = content(tokens_of(facts[0].cell.title))
        for (number, table), many in rows.items():
            self.lists[many].append((number, titles[number, table]))
        for (number, _), many in days.items():
            self.lists[many].append((number, _A_WEEK))

    def _keep_date(self, number: int, meaning: Meaning) -> None:
        year, month, day, *weekday = meaning[1:]
        self.weekdays.setdefault((month, day), set()).update(weekday or weekday_of(meaning))
        if year is None and month and day:
            self.without_year.setdefault((month, day), number)
        for key in {(y, m, d) for y in (year, None) for m in (month, None) for d in (day, None)}:
            self.dates.setdefault(key, number)

    def listed(self, fact: Fact) -> int | None:
        """The source that has a list of as many as the fact counts."""
        if fact.kind is not Kind.NUMBER or not is_small(fact):
            return None
        counts = fact.counts | (_A_WEEK if " a week" in fact.sentence or " per week" in fact.sentence else frozenset())
        lists = self.lists.get(int(fact.means[0][-1]), ())
        return next((number for number, words in lists if words & counts), None)

    def at(self, number: int, fact: Fact) -> Traced:
        """The fact, as standing in the source of that number."""
        source = self.sources[number]
        return Traced(fact, source.kind, source.name)


def place_of(number: int, fact: Fact) -> tuple[int, int]:
    """The sentence of a source, or the row of its table."""
    return (number, -100_000 * fact.cell.table - fact.cell.row) if fact.cell else (number, fact.at)


def weekday_of(date: Meaning) -> tuple[int, ...]:
    """The weekday of a date with a year, Monday as 0."""
    year, month, day = (part or 0 for part in date[1:4])
    try:
        return (calendar.weekday(year, month, day),) if year and day else ()
    except ValueError:
        return ()


def is_small(fact: Fact) -> bool:
    """Its number is up to twelve: many sentences have it by chance."""
    value = fact.means[0][-1]
    return isinstance(value, Decimal) and value <= _SMALL
