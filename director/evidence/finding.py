"""
Whether a fact stands in the sources as it is.

A number is given where a source has its value in the same unit, unless the words beside it belong to another value there
(£14 is the price of one bicycle, not of a cargo bicycle). Numbers up to twelve must share a word with the sentence that
gives them, unless they count the rows of a table or the days of a week. A weekday must be that of its date.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from director.evidence.arithmetic import FINELY, WIDELY, in_words, is_share, rounds
from director.evidence.facts import Fact, Kind
from director.evidence.quantities import Meaning
from director.evidence.sources import MOST, Given, Traced, Where, is_small, place_of, weekday_of
from director.evidence.tokens import content, plain_words, tokens_of
from director.evidence.wording import is_known

_NO: Final = frozenset({"no", "not", "never", "closed", "except", "but"})


def find(fact: Fact, index: Given) -> Traced:
    """Where the fact stands as it is."""
    match fact.kind:
        case Kind.NAME:
            return _name(fact, index)
        case Kind.QUOTE:
            return _quote(fact, index)
        case Kind.ADDRESS:
            return _address(fact, index)
        case Kind.COMPARISON:
            return _comparison(fact, index)
        case Kind.DATE:
            return _date(fact, index)
    return _valued(fact, index)


def _name(fact: Fact, index: Given) -> Traced:
    each = (_named(fact, meaning[1:], index) for meaning in fact.means)
    return next((one for one in each if one.where is not Where.NOWHERE), Traced(fact, Where.NOWHERE))


def _named(fact: Fact, name: Sequence[str], index: Given) -> Traced:
    if fact.words.startswith("--") and _is_of_a_common_command(fact, index):
        return Traced(fact, Where.FOLLOWS, "an option of a command that is not the brand's")
    words = [word for word in name if word not in ("&", "and") and not is_known(word)]
    for number, known in enumerate(index.words):
        if all(_in_some_form(word, known) for word in words):
            return index.at(number, fact)
        # "four Rounds"
        if len(words) == 1 and words[0].removesuffix("s") in known:
            return index.at(number, fact)
    if all(any(_in_some_form(word, known) for known in index.words) for word in words):
        return index.at(0, fact)
    return Traced(fact, Where.NOWHERE)


#: Programs whose options a reader looks up where they are from.
_COMMON_COMMANDS: Final = frozenset(
    "docker podman pip pip3 git npm npx apt brew sudo curl wget uv kubectl systemctl".split()
)


def _is_of_a_common_command(fact: Fact, index: Given) -> bool:
    """ "--rm" of `docker run --rm redis`, where no source speaks of docker."""
    command = plain_words(fact.before.rpartition("`")[2])[:1]
    return bool(command) and command[0] in _COMMON_COMMANDS and not any(command[0] in known for known in index.words)


def _quote(fact: Fact, index: Given) -> Traced:
    parts = [plain_words(part) for part in fact.words.replace("...", "…").split("…")]
    parts = [part for part in parts if len(part) >= 2]
    for number in range(len(index.sources)):
        if parts and all(_runs_in(index, number, part) for part in parts):
            return index.at(number, fact)
    return Traced(fact, Where.NOWHERE)


def _runs_in(index: Given, number: int, words: list[str]) -> bool:
    stream = index.streams[number]
    if len(words) < 3:
        return all(word in index.words[number] for word in words)
    return any(stream[at : at + len(words)] == words for at in index.runs[number].get(tuple(words[:3]), ()))


def _address(fact: Fact, index: Given) -> Traced:
    meaning = fact.means[0]
    if meaning in index.by_meaning:
        return index.at(index.by_meaning[meaning][0][0], fact)
    if meaning[0] != "address":
        return Traced(fact, Where.NOWHERE)
    address = meaning[1]
    host, _, path = address.partition("/")
    if host in ("example.com", "example.org", "localhost"):
        return Traced(fact, Where.FOLLOWS, "an address for examples")
    words = plain_words(path.replace("/", " ").replace("_", " "))
    if path and host in ("github.com", "gitlab.com", "pypi.org") and index.hosts.get(path, host) == host:
        for number, known in enumerate(index.words):
            if all(word in known or word in ("pull", "issues", "project", "blob", "tree") for word in words):
                return index.at(number, fact)
    return Traced(fact, Where.NOWHERE)


def _comparison(fact: Fact, index: Given) -> Traced:
    for number, given in index.by_meaning.get(fact.means[0], ()):
        if given.near & fact.near and not _is_reversed(fact, given):
            return index.at(number, fact)
    return Traced(fact, Where.NOWHERE)


def _date(fact: Fact, index: Given) -> Traced:
    for meaning in fact.means:
        if meaning[0] == "weekdays":
            each = [_weekdays(fact, index, one[1], one[2]) for one in fact.means]
            return next((one for one in each if one.where is not Where.NOWHERE), each[0])
        if meaning[0] == "season":
            _, year, month = meaning
            number = next(
                (index.dates[year, m, None] for m in range(month, month + 3) if (year, m, None) in index.dates),
                None,
            )
            if meaning in index.by_meaning or number is not None:
                return index.at(number or 0, fact)
        if meaning[0] == "date":
            if not _is_its_weekday(meaning, index):
                continue
            key = (meaning[1], meaning[2], meaning[3])
            if key in index.dates:
                return index.at(index.dates[key], fact)
            # A source may leave the year out.
            if meaning[3] and meaning[1] and (number := index.without_year.get((meaning[2], meaning[3]))) is not None:
                return index.at(number, fact)
    if fact.means[0][0] == "date":
        return Traced(fact, Where.NOWHERE)
    return _valued(fact, index)


def _is_its_weekday(meaning: Meaning, index: Given) -> bool:
    """Whether the weekday a date is given with is that of the sources' date, or of its own year."""
    if len(meaning) < 5:
        return True
    known = set(weekday_of(meaning)) or index.weekdays.get((meaning[2], meaning[3]), set())
    return not known or meaning[4] in known


def _weekdays(fact: Fact, index: Given, first: int, last: int) -> Traced:
    opening = {"open", "clos"} & fact.about
    covering, says_when = [], False
    for number, given, low, high in index.ranges:
        says = bool({"open", "offic", "clos"} & given.near) or place_of(number, given) in index.timed or high - low > 2
        says_when = says_when or says
        if low <= first and last <= high and (says or not opening):
            covering.append((number, "clos" in given.near and "open" not in given.near))
    if "clos" in fact.about or not _NO.isdisjoint(fact.sentence.lower().split()):
        known = [number for number, is_closed in covering if is_closed]
        if known:
            return index.at(min(known), fact)
        is_free = says_when and not covering
        return Traced(fact, Where.FOLLOWS, "the opening days") if is_free else Traced(fact, Where.NOWHERE)
    return index.at(min(covering)[0], fact) if covering else Traced(fact, Where.NOWHERE)


def _valued(fact: Fact, index: Given) -> Traced:
    given = [
        one for meaning in fact.means for one in index.by_meaning.get(meaning, ()) if _is_rated_alike(fact, one[1])
    ]
    if fact.hedge or fact.kind is Kind.PERCENT:
        given += _rounded(fact, index)
    if not given and fact.means[-1][0] == "of":
        given = _counted_of(fact, index)
    if not given:
        # What is weak is open only where a source has another number of the same noun; tracing leaves out all other weak facts.
        is_open = bool(fact.counts) or fact.kind is not Kind.NUMBER or fact.means[0][0] == "ordinal"
        if fact.is_weak and not (is_open and _other(fact, index, 0, ())):
            return Traced(fact, Where.CONTEXT)
        for found in (_unsaid_unit(fact, index), index.listed(fact)):
            if found is not None:
                return index.at(found, fact)
        return Traced(fact, Where.NOWHERE)
    # A goal is no achievement.
    if fact.kind is Kind.NUMBER and fact.counts and not fact.is_wanted and all(one.is_wanted for _, one in given):
        return Traced(fact, Where.NOWHERE)
    best = max(_shared(fact, one) for _, one in given)
    # Whoever is closest vouches for it; an input, whose author may have read it there, never before a source.
    number = min(
        number
        for number, one in given
        if _shared(fact, one) == best
        or (index.sources[number].kind is not Where.INPUT and one.near & (fact.near | fact.around))
        # An amount that the brand states is its amount, in whatever sentence a script says it.
        or (index.sources[number].kind is Where.CONTEXT and fact.kind is Kind.MONEY)
    )
    # "The service was over £40" names no price of a service where "a repair of £40 or more" stands.
    if _is_a_threshold(fact) and any(_is_a_threshold(one) and one.near & fact.near for _, one in given):
        return index.at(number, fact)
    # Words further off speak for it too, where there are two of them.
    if not best and fact.kind is not Kind.MONEY and fact.means[0][0] != "ordinal":
        unlike = [one for _, one in given if fact.counts and one.counts.isdisjoint(fact.counts) and one.counts]
        further = max((len(one.near & (fact.near | fact.around)) for _, one in given if one not in unlike), default=0)
        best = int(further > 1 or (further == 1 and fact.kind is Kind.NUMBER and not fact.counts))
    if _other(fact, index, best, given):
        return Traced(fact, Where.NOWHERE)
    if (
        fact.kind is Kind.NUMBER
        and not fact.cell
        and (fact.counts or fact.means[0][0] == "times")
        and is_small(fact)
        and not any(fact.near & one.near for _, one in given)
        and index.listed(fact) is None
    ):
        return Traced(fact, Where.CONTEXT if fact.is_weak else Where.NOWHERE)
    return index.at(number, fact)


def _counted_of(fact: Fact, index: Given) -> list[tuple[int, Fact]]:
    """ "4.7 out of five" where a source says "4.7 of 5"."""
    _, many, whole = fact.means[-1]
    parts = [*index.by_meaning.get(("plain", many), ()), *index.by_meaning.get(("text", str(many)), ())]
    wholes = {(number, one.at) for number, one in index.by_meaning.get(("plain", whole), ())}
    return [(number, one) for number, one in parts if (number, one.at) in wholes]


def _unsaid_unit(fact: Fact, index: Given) -> int | None:
    """The source of a number whose unit is left to its words: "a visit is fifty-five euro, for the second thirty-five"."""
    if fact.kind is not Kind.NUMBER or fact.head:
        return None
    for number, given in index.by_value.get(fact.means[0][-1], ()):
        if given.near & fact.around:
            return number
    return None


def _other(fact: Fact, index: Given, best: int, given: Sequence[tuple[int, Fact]]) -> bool:
    """Whether the words beside a number belong to another one in a source, and none of them to this."""
    must_count = fact.kind is Kind.NUMBER
    if best > 1 or (
        must_count and best == 0 and any(_is_distinctive(one) for one in (fact, *(one for _, one in given)))
    ):
        return False
    must_count = must_count and bool(fact.counts or fact.cell)
    heads = fact.counts or _label(fact)
    words = sorted(heads if must_count else fact.about)
    # "£14 a month" is no other value of what "a repair of £40" names.
    rated = {place_of(number, one) for number, one in given if fact.rate and one.rate == fact.rate}
    for word in words[:12]:
        for number, other in index.by_word.get((fact.kind, word), ()):
            if index.sources[number].kind is Where.REFERENCE or not set(other.means).isdisjoint(fact.means):
                continue
            if (_is_a_threshold(other) and not _is_a_threshold(fact)) or (
                rated and other.rate != fact.rate and place_of(number, other) not in rated
            ):
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


def _is_rated_alike(fact: Fact, given: Fact) -> bool:
    """Not "£14 a year" where a source says "£14 a month"; what leaves the unit to its words is either."""
    return not (fact.rate and given.rate) or fact.rate == given.rate


def _is_a_threshold(given: Fact) -> bool:
    """ "a bill over £80", "a repair of £40 or more": no price of what its words name."""
    return given.kind is Kind.MONEY and (
        given.hedge in ("more", "less") or given.behind.startswith((" or more", " or less"))
    )


def _rounded(fact: Fact, index: Given) -> list[tuple[int, Fact]]:
    """What a hedged number or a share may round: 41 is "about 40" and "more than 40", 0.667 is 67 %."""
    found: list[tuple[int, Fact]] = []
    near = fact.near if len(fact.near) > 1 else fact.near | fact.around
    for word in sorted(near)[:40]:
        places = index.places_of.get(word, ())
        for number, other in ((place[0], other) for place in places for other in index.by_place[place]):
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


def _is_distinctive(fact: Fact) -> bool:
    """Nobody has it by chance for something else: neither small nor round."""
    value = fact.means[0][-1]
    return isinstance(value, Decimal) and value > 100 and value % (100 if value > 1_000 else 10) != 0


def _in_some_form(word: str, known: frozenset[str]) -> bool:
    return word in known or word + "s" in known
