"""
What the sources give, and whether a fact stands in them as it is.

A number is given where a source has its value in the same unit, unless the words beside it belong to another value there
(£14 is the price of one bicycle, not of a cargo bicycle). Numbers up to twelve must share a word with the sentence that
gives them, unless they count the rows of a table or the days of a week. A weekday must be that of its date.
"""

import calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from director.evidence.arithmetic import FINELY, WIDELY, in_words, is_share, rounds
from director.evidence.facts import Fact, Kind, given_in
from director.evidence.quantities import Meaning
from director.evidence.tokens import content, plain_words, tokens_of
from director.evidence.wording import is_known


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


_NO: Final = frozenset({"no", "not", "never", "closed", "except", "but"})
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

    def _listed(self, fact: Fact) -> int | None:
        if fact.kind is not Kind.NUMBER or not is_small(fact):
            return None
        counts = fact.counts | (_A_WEEK if " a week" in fact.sentence or " per week" in fact.sentence else frozenset())
        lists = self.lists.get(int(fact.means[0][-1]), ())
        return next((number for number, words in lists if words & counts), None)

    def _keep_date(self, number: int, meaning: Meaning) -> None:
        year, month, day, *weekday = meaning[1:]
        self.weekdays.setdefault((month, day), set()).update(weekday or _weekday(meaning))
        if year is None and month and day:
            self.without_year.setdefault((month, day), number)
        for key in {(y, m, d) for y in (year, None) for m in (month, None) for d in (day, None)}:
            self.dates.setdefault(key, number)

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
        words = [word for word in fact.means[0][1:] if word not in ("&", "and") and not is_known(word)]
        for number, known in enumerate(self.words):
            if all(_in_some_form(word, known) for word in words):
                return self.at(number, fact)
            # "four Rounds"
            if len(words) == 1 and words[0].removesuffix("s") in known:
                return self.at(number, fact)
        if all(any(_in_some_form(word, known) for known in self.words) for word in words):
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
        address = meaning[1]
        host, _, path = address.partition("/")
        if host in ("example.com", "example.org", "localhost"):
            return Traced(fact, Where.FOLLOWS, "an address for examples")
        words = plain_words(path.replace("/", " ").replace("_", " "))
        if path and host in ("github.com", "gitlab.com", "pypi.org") and self.hosts.get(path, host) == host:
            for number, known in enumerate(self.words):
                if all(word in known or word in ("pull", "issues", "project", "blob", "tree") for word in words):
                    return self.at(number, fact)
        return Traced(fact, Where.NOWHERE)

    def _comparison(self, fact: Fact) -> Traced:
        for number, given in self.by_meaning.get(fact.means[0], ()):
            if given.near & fact.near and not _is_reversed(fact, given):
                return self.at(number, fact)
        return Traced(fact, Where.NOWHERE)

    def _date(self, fact: Fact) -> Traced:
        for meaning in fact.means:
            if meaning[0] == "weekdays":
                each = [self._weekdays(fact, one[1], one[2]) for one in fact.means]
                return next((one for one in each if one.where is not Where.NOWHERE), each[0])
            if meaning[0] == "season":
                _, year, month = meaning
                number = next(
                    (self.dates[year, m, None] for m in range(month, month + 3) if (year, m, None) in self.dates),
                    None,
                )
                if meaning in self.by_meaning or number is not None:
                    return self.at(number or 0, fact)
            if meaning[0] == "date":
                if not self._is_its_weekday(meaning):
                    continue
                key = (meaning[1], meaning[2], meaning[3])
                if key in self.dates:
                    return self.at(self.dates[key], fact)
                # A source may leave the year out.
                if (
                    meaning[3]
                    and meaning[1]
                    and (number := self.without_year.get((meaning[2], meaning[3]))) is not None
                ):
                    return self.at(number, fact)
        if fact.means[0][0] == "date":
            return Traced(fact, Where.NOWHERE)
        return self._valued(fact)

    def _is_its_weekday(self, meaning: Meaning) -> bool:
        """Whether the weekday a date is given with is that of the sources' date, or of its own year."""
        if len(meaning) < 5:
            return True
        known = set(_weekday(meaning)) or self.weekdays.get((meaning[2], meaning[3]), set())
        return not known or meaning[4] in known

    def _weekdays(self, fact: Fact, first: int, last: int) -> Traced:
        opening = {"open", "clos"} & fact.about
        covering, says_when = [], False
        for number, given, low, high in self.ranges:
            says = (
                bool({"open", "offic", "clos"} & given.near) or place_of(number, given) in self.timed or high - low > 2
            )
            says_when = says_when or says
            if low <= first and last <= high and (says or not opening):
                covering.append((number, "clos" in given.near and "open" not in given.near))
        if "clos" in fact.about or not _NO.isdisjoint(fact.sentence.lower().split()):
            known = [number for number, is_closed in covering if is_closed]
            if known:
                return self.at(min(known), fact)
            is_free = says_when and not covering
            return Traced(fact, Where.FOLLOWS, "the opening days") if is_free else Traced(fact, Where.NOWHERE)
        return self.at(min(covering)[0], fact) if covering else Traced(fact, Where.NOWHERE)

    def _valued(self, fact: Fact) -> Traced:
        given = [one for meaning in fact.means for one in self.by_meaning.get(meaning, ())]
        if fact.hedge or fact.kind is Kind.PERCENT:
            given += self._rounded(fact)
        if not given and fact.means[-1][0] == "of":
            given = self._counted_of(fact)
        if not given:
            # What is weak is open only where a source has another number of the same noun.
            is_open = bool(fact.counts) or fact.kind is not Kind.NUMBER or fact.means[0][0] == "ordinal"
            if fact.is_weak and not (is_open and self._other(fact, 0, (), must_count=fact.kind is Kind.NUMBER)):
                return Traced(fact, Where.CONTEXT)
            for found in (self._unsaid_unit(fact), self._listed(fact)):
                if found is not None:
                    return self.at(found, fact)
            return Traced(fact, Where.NOWHERE)
        # A goal is no achievement.
        if fact.kind is Kind.NUMBER and fact.counts and not fact.is_wanted and all(one.is_wanted for _, one in given):
            return Traced(fact, Where.NOWHERE)
        best = max(_shared(fact, one) for _, one in given)
        number = min(number for number, one in given if _shared(fact, one) == best)
        # Words further off speak for it too, where there are two of them.
        if not best and fact.kind is not Kind.MONEY and fact.means[0][0] != "ordinal":
            unlike = [one for _, one in given if fact.counts and one.counts.isdisjoint(fact.counts) and one.counts]
            further = max(
                (len(one.near & (fact.near | fact.around)) for _, one in given if one not in unlike), default=0
            )
            best = int(further > 1 or (further == 1 and fact.kind is Kind.NUMBER and not fact.counts))
        if self._other(fact, best, [one for _, one in given], must_count=fact.kind is Kind.NUMBER):
            return Traced(fact, Where.NOWHERE)
        if (
            fact.kind is Kind.NUMBER
            and not fact.cell
            and (fact.counts or fact.means[0][0] == "times")
            and is_small(fact)
            and not any(fact.near & one.near for _, one in given)
            and self._listed(fact) is None
        ):
            return Traced(fact, Where.CONTEXT if fact.is_weak else Where.NOWHERE)
        return self.at(number, fact)

    def _counted_of(self, fact: Fact) -> list[tuple[int, Fact]]:
        """ "4.7 out of five" where a source says "4.7 of 5"."""
        _, many, whole = fact.means[-1]
        parts = [*self.by_meaning.get(("plain", many), ()), *self.by_meaning.get(("text", str(many)), ())]
        wholes = {(number, one.at) for number, one in self.by_meaning.get(("plain", whole), ())}
        return [(number, one) for number, one in parts if (number, one.at) in wholes]

    def _unsaid_unit(self, fact: Fact) -> int | None:
        """The source of a number whose unit is left to its words: "a visit is fifty-five euro, for the second thirty-five"."""
        if fact.kind is not Kind.NUMBER or fact.head:
            return None
        for number, given in self.by_value.get(fact.means[0][-1], ()):
            if given.near & fact.around:
                return number
        return None

    def _other(self, fact: Fact, best: int, given: Sequence[Fact], *, must_count: bool) -> bool:
        """Whether the words beside a number belong to another one in a source, and none of them to this."""
        if best > 1 or (must_count and best == 0 and any(_is_distinctive(one) for one in (fact, *given))):
            return False
        must_count = must_count and bool(fact.counts or fact.cell)
        heads = fact.counts or _label(fact)
        words = sorted(heads if must_count else fact.about)
        for word in words[:12]:
            for number, other in self.by_word.get((fact.kind, word), ()):
                if self.sources[number].kind is Where.REFERENCE or not set(other.means).isdisjoint(fact.means):
                    continue
                if other.means[0][:1] != fact.means[0][:1] or (must_count and other.counts.isdisjoint(heads)):
                    continue
                shared = _shared(fact, other)
                if must_count and ((other.is_weak and shared < 2) or (fact.is_weak and not is_small(other))):
                    continue
                if best == 0 and shared and (must_count or 2 * shared >= len(other.about)):
                    return True
                if best == 1 and shared > 2:
                    return True
        return False

    def _rounded(self, fact: Fact) -> list[tuple[int, Fact]]:
        """What a hedged number or a share may round: 41 is "about 40" and "more than 40", 0.667 is 67 %."""
        found: list[tuple[int, Fact]] = []
        near = fact.near if len(fact.near) > 1 else fact.near | fact.around
        for word in sorted(near)[:40]:
            places = self.places_of.get(word, ())
            for number, other in ((place[0], other) for place in places for other in self.by_place[place]):
                if other.kind is fact.kind and any(
                    _rounds(mine, theirs, fact) for mine in fact.means for theirs in other.means
                ):
                    found.append((number, other))
        return found[:MOST]


def _is_reversed(fact: Fact, given: Fact) -> bool:
    """The one says that A is cheaper than B, the other that B is cheaper than A."""
    (_, than), (theirs, than_theirs) = _sides(fact), _sides(given)
    return bool(than & theirs - than_theirs) and not than & than_theirs - theirs


def _sides(fact: Fact) -> tuple[frozenset[str], frozenset[str]]:
    return content(tokens_of(fact.before)[-6:]), content(tokens_of(fact.behind)[:4])


def place_of(number: int, fact: Fact) -> tuple[int, int]:
    """The sentence of a source, or the row of its table."""
    return (number, -100_000 * fact.cell.table - fact.cell.row) if fact.cell else (number, fact.at)


def _weekday(date: Meaning) -> tuple[int, ...]:
    """The weekday of a date with a year, Monday as 0."""
    year, month, day = (part or 0 for part in date[1:4])
    try:
        return (calendar.weekday(year, month, day),) if year and day else ()
    except ValueError:
        return ()


def _rounds(mine: Meaning, theirs: Meaning, fact: Fact) -> bool:
    one, two = mine[-1], theirs[-1]
    if mine[:-1] != theirs[:-1] or not isinstance(one, Decimal) or not isinstance(two, Decimal):
        return False
    if mine[0] == "share":
        return is_share(fact, one, two)
    return rounds(fact, one, two, WIDELY if mine[0] == "seconds" and in_words(fact) else FINELY)


def _shared(fact: Fact, given: Fact) -> int:
    """How many words both have beside the number; one that has none is known by its sentence."""
    return len(fact.about & (given.about or given.near))


def _label(fact: Fact) -> frozenset[str]:
    return content(tokens_of(fact.cell.first)) if fact.cell else frozenset()


def is_small(fact: Fact) -> bool:
    """Its number is up to twelve: many sentences have it by chance."""
    value = fact.means[0][-1]
    return isinstance(value, Decimal) and value <= _SMALL


def _is_distinctive(fact: Fact) -> bool:
    """Nobody has it by chance for something else: neither small nor round."""
    value = fact.means[0][-1]
    return isinstance(value, Decimal) and value > 100 and value % (100 if value > 1_000 else 10) != 0


def _in_some_form(word: str, known: frozenset[str]) -> bool:
    return word in known or word + "s" in known
