"""What a text states: numbers, shares, money, dates, times, durations, names, quotes, addresses, comparisons."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from director.evidence import proposals, wording
from director.evidence.dates import whens
from director.evidence.passages import Cell, Passage, Span, code_in, passages, sentences
from director.evidence.quantities import SIGNS, UNITS, Meaning, quantities
from director.evidence.tokens import Sort, Token, content, content_of, plain_words, tokens_of, word_at

#: The words to either side that a fact is compared by.
_NEAR: Final = 24
_ABOUT: Final = 8
_LONGEST_SENTENCE: Final = 400
_LONGEST_UNIT: Final = 25
_LONGEST_LABEL: Final = 60
_LONGEST_PARAGRAPH: Final = 1_200


class Kind(StrEnum):
    """What a fact is."""

    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    NAME = "name"
    QUOTE = "quote"
    ADDRESS = "address"
    COMPARISON = "comparison"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a text states, with its place; what follows `sentence` is what it is compared by."""

    kind: Kind
    words: str
    line: int  #: From 1.
    sentence: str  #: What it stands in, cut after 400 characters.
    means: tuple[Meaning, ...] = field(repr=False)  #: More than one where the writing leaves it open.
    about: frozenset[str] = field(repr=False)  #: The words of its clause.
    near: frozenset[str] = field(repr=False)  #: The words of its sentence, table row and column.
    around: frozenset[str] = field(repr=False)  #: The words of its paragraph.
    block: int = field(repr=False)  #: Facts of one paragraph or table share it.
    at: int = field(repr=False)  #: Its sentence, counted through the text.
    head: str = field(default="", repr=False)  #: The noun it counts.
    counts: frozenset[str] = field(default=frozenset(), repr=False)  #: All words that noun may be.
    hedge: str = field(default="", repr=False)
    rate: str = field(default="", repr=False)  #: The unit a price is for: "month" of "£14 a month".
    is_wanted: bool = False  #: A goal, or in a sentence or paragraph that speaks of one.
    is_assumed: bool = False  #: The text itself says that nobody vouches for it.
    is_weak: bool = field(default=False, repr=False)  #: Counts only where a source says otherwise.
    cell: Cell | None = field(default=None, repr=False)

    @property
    def before(self) -> str:
        """What its sentence says before its words."""
        return self.sentence.partition(self.words)[0]

    @property
    def behind(self) -> str:
        """What its sentence says behind its words."""
        return self.sentence.partition(self.words)[2]


def facts_in(text: str) -> tuple[Fact, ...]:
    """The facts a text states, in order, also as an assumption; its own proposals, limits and numbering are none."""
    return tuple(_facts(text, is_source=False))


def given_in(text: str) -> tuple[Fact, ...]:
    """All facts of a source: there a target or a limit is given too."""
    return tuple(_facts(text, is_source=True))


def _facts(text: str, *, is_source: bool) -> Iterator[Fact]:
    count = 0
    coded = frozenset[str]() if is_source else frozenset(token.text for token in tokens_of(code_in(text)))
    for block, passage in enumerate(passages(text)):
        around = content_of(passage.text[:_LONGEST_PARAGRAPH])
        group = -passage.cell.table if passage.cell else block
        quoted = list(wording.quotations(passage.text))
        for span in sentences(passage.text):
            count += 1
            yield from _of_sentence(passage, span, quoted, around, group, count, coded, is_source=is_source)


def _of_sentence(
    passage: Passage,
    span: Span,
    quoted: Sequence[tuple[int, int]],
    around: frozenset[str],
    block: int,
    number: int,
    coded: frozenset[str],
    *,
    is_source: bool,
) -> Iterator[Fact]:
    text = passage.text
    tokens = tokens_of(text, span.start, span.end)
    if not tokens:
        return
    raw = (passage.raw if passage.cell else passage.raw[span.start : span.end]).strip()
    proposed = frozenset[str]() if is_source else proposals.proposed(passage, tokens, raw, in_quotes=False)
    even_in_quotes = frozenset[str]() if is_source else proposals.proposed(passage, tokens, raw, in_quotes=True)
    # Of a source, the nearest words decide; of a text, whatever may speak of a goal.
    above = passage.headings[-1:] if is_source else (*passage.headings, passage.text[:_LONGEST_PARAGRAPH])
    is_wanted = (not is_source or " by " in raw) and proposals.is_wanted((*above, raw), widely=not is_source)
    is_assumed = not is_source and proposals.is_assumed(passage, span, [token.lower for token in tokens])
    if is_assumed:
        proposed = even_in_quotes = frozenset()
    stated = proposals.stated(tokens) if proposed else set()
    condition = set() if is_source else proposals.conditions(tokens)
    label = content_of(f"{passage.cell.header} {passage.cell.first}") if passage.cell else frozenset()
    row = content_of(passage.raw[:_LONGEST_SENTENCE]) if passage.cell else frozenset()
    if passage.cell and is_source:
        row |= content_of(passage.cell.headers)
    if is_source and not passage.cell:
        label |= content_of(_bold_label(passage.raw))
    title = content_of(passage.headings[-1]) if passage.headings and is_source else frozenset()
    starts = [token.start for token in tokens]
    here = _quoted_in(span, quoted)

    def is_quoted(place: int) -> bool:
        return any(start <= place < end for start, end in here[:60])

    taken: set[int] = set()
    found: list[tuple[Kind, int, int, tuple[Meaning, ...], str, bool]] = []
    for start, end, address in wording.addresses(text[span.start : span.end]):
        first, after = bisect_left(starts, span.start + start), bisect_left(starts, span.start + end)
        taken |= set(range(first, after))
        found.append((Kind.ADDRESS, first, after, (("address", address),), "", False))
    for first, after, meaning in wording.phones_and_streets(tokens):
        if first not in taken:
            taken |= set(range(first, after))
            found.append((Kind.ADDRESS, first, after, (meaning,), "", False))
    for when in whens(tokens, taken):
        taken |= set(range(when.first, when.after))
        found.append((Kind(when.kind), when.first, when.after, when.means, "", False))
    for one in quantities(tokens, taken):
        taken |= set(range(one.first, one.after))
        if is_source or not one.is_of_the_text:
            found.append((Kind(one.kind), one.first, one.after, one.means, one.hedge, one.is_weak))
    for first, after, what in wording.comparisons(tokens, taken):
        found.append((Kind.COMPARISON, first, after, (("comparison", what),), "", False))
    begins = _beginnings(tokens, text)
    for first, after in wording.names(tokens, begins, taken, is_heading=passage.is_heading):
        words = tuple(plain_words(text[tokens[first].start : tokens[after - 1].end]))
        means: tuple[Meaning, ...] = (("name", *words),)
        # "Put Periodiq beside it": who begins a sentence with an order may mean the rest.
        if first in begins and len(words) > 1 and wording.is_everyday(words[0]):
            means += (("name", *words[1:]),)
        found.append((Kind.NAME, first, after, means, "", False))
    found.sort(key=lambda one: one[1])
    numeric = [one for one in found if one[0] not in (Kind.NAME, Kind.COMPARISON)]
    clauses = _clauses(tokens, numeric)
    for kind, first, after, means, hedge, is_weak in found:
        exempt = even_in_quotes if first in stated or is_quoted(tokens[first].start) else proposed
        if kind in exempt or (
            first in condition
            and not is_quoted(tokens[first].start)
            and kind in ("number", "percent", "duration", "date")
        ):
            continue
        # "The 30 seconds" of `sleep(30)` are what the text's own code does.
        if kind == "duration" and tokens[first].text in coded and tokens[after - 1].lower in _SECONDS:
            continue
        # Rows of a sheet to write in are numbered.
        if kind == "number" and passage.cell and _numbers_its_row(passage.cell, text):
            continue
        # "or half of one": no share of anything that is counted.
        if (
            kind == "percent"
            and not any(map(str.isdigit, text[tokens[first].start : tokens[after - 1].end]))
            and (
                tokens[after - 1].lower == "half"
                and [word_at(tokens, after), word_at(tokens, after + 1)] == ["of", "one"]
            )
        ):
            continue
        if kind in ("money", "percent", "number") and all(meaning[-1] == 0 for meaning in means):
            continue
        about, nouns = clauses(first, after)
        head = nouns[-1] if nouns else ""
        if not head and first and tokens[first - 1].lower in _NUMBERED_PLACES:
            head = f"{tokens[first - 1].lower} number"
        near = content(tokens[max(0, first - _NEAR) : after + _NEAR])
        yield Fact(
            kind, text[tokens[first].start : tokens[after - 1].end].strip(), passage.line_at(tokens[first].start),
            raw[:_LONGEST_SENTENCE], _with_header(means, passage.cell), about | label, near | label | row | title, around,
            block, number, head, frozenset(nouns), hedge, _rate(tokens, after) if kind is Kind.MONEY else "",
            is_wanted, is_assumed, is_weak, passage.cell,
        )  # fmt: skip
    if is_source:
        return
    for kind, written, start, meaning in _word_for_word(passage, span, raw, () if "quote" in proposed else here):
        yield Fact(
            kind, written, passage.line_at(start), raw[:_LONGEST_SENTENCE], (meaning,), frozenset(), frozenset(), frozenset(),
            block, number, is_assumed=is_assumed,
        )  # fmt: skip


def _word_for_word(
    passage: Passage, span: Span, raw: str, quoted: Sequence[tuple[int, int]]
) -> Iterator[tuple[Kind, str, int, Meaning]]:
    """The options in a sentence's code and what somebody is said to have said: their words, place and meaning."""
    text = passage.text
    is_script = passage.cell is not None and wording.is_script(passage.cell.headers)
    for start, option in wording.options(raw):
        yield Kind.NAME, option, span.start + start, ("name", *plain_words(option))
    for start, end in quoted:
        if not span.start <= start < span.end:
            continue
        words = plain_words(text[start:end])
        before = tokens_of(text[span.start : start - 1][-200:])
        behind = tokens_of(text, end + 1, min(len(text), end + 60))
        if (
            len(words) >= 3
            and not is_script
            and wording.is_attributed(before, behind, alone=not before, quoted_block=passage.is_quoted)
        ):
            yield Kind.QUOTE, text[start:end], start, ("quote", *words)


def _numbers_its_row(cell: Cell, text: str) -> bool:
    return not cell.column and text.strip(" .)") == str(cell.row)


def _bold_label(raw: str) -> str:
    """What a paragraph of a source begins with in bold: "**Hours:** …"."""
    first, _, rest = raw.removeprefix("**").partition("**")
    return first if rest and raw.startswith("**") and len(first) < _LONGEST_LABEL else ""


def _quoted_in(span: Span, quoted: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The quotations of a passage that a sentence has a part in."""
    low = bisect_left(quoted, (span.start - wording.LONGEST_QUOTE, 0))
    return [pair for pair in quoted[low : bisect_left(quoted, (span.end, 0))] if pair[1] > span.start][:200]


def _beginnings(tokens: Sequence[Token], text: str) -> set[int]:
    """The tokens something begins with: the sentence, a line, a quotation, what follows a colon or a dash."""
    found = {0}
    for at in range(1, len(tokens)):
        before = tokens[at - 1]
        between = text[before.end : tokens[at].start]
        if (
            "\n" in between
            or "*" in between
            or (before.text in ":–—(\"“„«»‘'[/;|!?.,…" and not (before.text in ",." and at > 1))
        ) or (before.text in ".!?" and at > 1):
            found.add(at)
    return found


#: What is known by its number: another number behind it is another one.
_NUMBERED_PLACES: Final = frozenset("line bus route tram platform gate room track size class model article".split())

_BREAKS: Final = frozenset(",;–—|")
_JOINTS: Final = frozenset({"and", "but", "or", "while", "plus", "versus", "than", "where", "against", "instead"})


def _clauses(tokens: Sequence[Token], numeric: Sequence[tuple[Kind, int, int, tuple[Meaning, ...], str, bool]]):  # type: ignore[no-untyped-def]
    """For a fact from token to token: the words of its clause, and the noun it counts."""
    inside = {place for one in numeric for place in range(one[1], one[2])}

    def breaks(at: int) -> bool:
        return at not in inside and (tokens[at].text in _BREAKS or tokens[at].lower in _JOINTS)

    def clause(first: int, after: int) -> tuple[frozenset[str], list[str]]:
        left = first
        while left > 0 and first - left < _ABOUT and not breaks(left - 1) and left - 1 not in inside:
            left -= 1
        right = after
        while right < len(tokens) and right - after < _ABOUT and not breaks(right) and right not in inside:
            right += 1
        words = content([*tokens[left:first], *tokens[after:right]])
        # Its clause has none: what stands before the comma is its label.
        if not words and left > 0 and tokens[left - 1].text in _BREAKS:
            further = left - 1
            while further > 0 and left - further < _ABOUT and further - 1 not in inside:
                further -= 1
            words = content(tokens[further:left])
        return words, _nouns(tokens, after, right)

    return clause


def _nouns(tokens: Sequence[Token], after: int, right: int) -> list[str]:
    """The words behind a number up to the first that says nothing: "part-time developers" of "two part-time developers"."""
    nouns: list[str] = []
    for token in tokens[after : min(right, after + 5)]:
        if token.text in "-‑":
            continue
        if token.sort is not Sort.WORD or not content([token]) or token.lower.endswith("ly"):
            break
        nouns.append(next(iter(content([token]))))
    return nouns


_SECONDS: Final = frozenset({"second", "seconds", "s"})
#: Before the unit that a price is for.
FOR_EACH: Final = frozenset({"a", "an", "per", "each", "every", "/"})
_RATES: Final = {"monthly": "month", "yearly": "year", "annually": "year", "weekly": "week", "daily": "day"}


def _rate(tokens: Sequence[Token], after: int) -> str:
    """The unit that a price is for: "month" of "£14 a month", "£14/month" and "£14 monthly"."""
    first, unit = word_at(tokens, after), word_at(tokens, after + 1)
    if first in FOR_EACH and unit in UNITS:
        return unit
    return _RATES.get(first, "")


def _with_header(means: tuple[Meaning, ...], cell: Cell | None) -> tuple[Meaning, ...]:
    """A bare number under "Price in €" or "Minutes" is one of those."""
    if cell is None or means[0][0] != "plain":
        return means
    title = f"{cell.header} {cell.first}".lower()
    numbers = [meaning[1] for meaning in means if isinstance(meaning[1], Decimal)]
    more: list[Meaning] = []
    for sign, currency in SIGNS.items():
        if sign in title:
            more += [("money", currency, number) for number in numbers]
    if "%" in title:
        more += [("share", number / 100) for number in numbers]
    for last in (cell.header, cell.first):
        unit = last.lower().rstrip(")* ").rpartition(" ")[2].lstrip("(")
        if unit in UNITS and unit.endswith("s") and len(last) < _LONGEST_UNIT:
            dimension, factor = UNITS[unit]
            more += [(dimension, number * factor) for number in numbers]
    return (*means, *more)
