"""What the pieces of a deliverable state and no source vouches for: for reviewers, for who builds on it, for the owner."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from director.evidence.facts import Fact, Kind
from director.evidence.tracing import Source, Traced, Where, said_as, trace, untraced
from director.prompting.pieces import take_apart
from skills.loader import Skill

#: Lines of one deliverable; with more, its author was at odds with the sources, and the first of them show it.
MOST: Final = 20

#: Digits of a number from which it is a claim more often than a count of what stands beside it.
_TELLING: Final = 2

#: Characters of the sentence a fact stands in.
_SHOWN: Final = 160


#: The name of what was planned, as a source.
_PLAN: Final = "the plan"

#: What of a plan is its own to set, and no claim about the brand or the world.
_SET_BY_A_PLAN: Final = (Kind.DATE, Kind.TIME, Kind.DURATION)


def sources_of(
    *, context: str | None, goal: str, brief: str = "", plan: str = "", skill: Skill | None = None
) -> tuple[Source, ...]:
    """
    What vouches for a fact: the product context, the owner's words; for the discipline's figures the skill's references; for
    days and times, which are the team's to set, its *plan*.
    """
    given = [Source("the goal", Where.GOAL, goal), Source("the brief", Where.BRIEF, brief)]
    if context:
        given.insert(0, Source("the product context", Where.CONTEXT, context))
    if plan:
        given.append(Source(_PLAN, Where.INPUT, plan))
    if skill is not None:
        given += [Source(reference.title, Where.REFERENCE, reference.text) for reference in skill.references]
    return tuple(source for source in given if source.text)


def as_source(skill: str, text: str) -> Source:
    """A deliverable of *skill*, which vouches for nothing by itself: who else states a fact of it is told who says so."""
    return Source(f"the deliverable of {skill}", Where.INPUT, text)


def open_facts(text: str, sources: Sequence[Source]) -> tuple[str, ...]:
    """
    What each piece of *text* states that stands in none of *sources*, or only in one that is an input, in the text's order.

    Found by a program that knows numbers, names, quotes, dates and addresses, not meaning: some stand there in other words.
    """
    return tuple(_line(one, title) for one, title in _open_in(text, sources))


def to_check(deliverables: Iterable[tuple[str, Sequence[Source]]]) -> tuple[str, ...]:
    """
    Of what all *deliverables*, each with its sources, leave open what would harm, each fact once, however often it is said:
    dates and names are as often the team's own plan or a person's words in a script. Addresses, which are checked by opening
    them, are one line.
    """
    found: dict[object, str] = {}
    addresses: dict[str, None] = {}
    for text, sources in deliverables:
        for one, title in _open_in(text, sources):
            if one.fact.kind is Kind.ADDRESS:
                addresses[one.fact.words] = None
            elif _is_harmful(one.fact):
                found.setdefault((one.where, *said_as(one.fact)), _line(one, title))
    opened = [f"addresses that nobody has opened: {', '.join(addresses)}"] if addresses else []
    return (*found.values(), *opened)


def listed(lines: Sequence[str], most: int = MOST) -> tuple[str, ...]:
    """The *lines* as a list, the first of many, and how many more there are."""
    more = [f"and {len(lines) - most} more"] if len(lines) > most else []
    return tuple(f"- {line}" for line in (*lines[:most], *more))


def all_facts(text: str, sources: Sequence[Source]) -> Iterator[tuple[Traced, str]]:
    """Every fact that each piece of *text* states, with the piece's title, in the text's order."""
    those = _without_plan(sources)
    for title, part in _parts(text):
        for one in trace(part, those):
            yield one, title


def _open_in(text: str, sources: Sequence[Source]) -> Iterator[tuple[Traced, str]]:
    """What is open in each piece, with the piece's title."""
    for title, part in _parts(text):
        for one in _untraced(part, tuple(sources)):
            yield one, title


def _parts(text: str) -> list[tuple[str, str]]:
    made = take_apart(text)
    return [(piece.title, piece.text) for piece in made.pieces] or [(made.title, made.notes)]


def _line(one: Traced, title: str) -> str:
    return f"{_said(one)} in “{title}”: “{_shortened(one.fact.sentence)}”"


def invented(before: str, after: str, sources: Sequence[Source]) -> str | None:
    """
    A harmful fact that *after* states and that neither *before*, its pieces and its notes, nor a source has; None where there
    is none.
    """
    known = (*sources, Source("the text before", Where.INPUT, before))
    there = {one.fact.words for one in _untraced(before, known) if one.where is Where.NOWHERE}
    new = (one.fact for one in _untraced(after, known) if one.where is Where.NOWHERE and _is_harmful(one.fact))
    return next((fact.words for fact in new if fact.words not in there), None)


@lru_cache(maxsize=64)
def _untraced(text: str, sources: tuple[Source, ...]) -> tuple[Traced, ...]:
    those = _without_plan(sources)
    found = untraced(text, those)
    if len(those) == len(sources):
        return found
    own = {said_as(one.fact) for one in trace(text, sources) if one.by == _PLAN and one.fact.kind in _SET_BY_A_PLAN}
    return tuple(one for one in found if said_as(one.fact) not in own)


def _without_plan(sources: Sequence[Source]) -> tuple[Source, ...]:
    return tuple(source for source in sources if source.name != _PLAN)


def _is_harmful(fact: Fact) -> bool:
    if fact.kind is Kind.NUMBER:
        # What counts nothing is a day of the month ("Tue 19"), or what was counted a sentence before ("of the 96").
        return bool(fact.counts) and sum(map(str.isdigit, fact.words)) >= _TELLING
    return fact.kind in (Kind.MONEY, Kind.PERCENT, Kind.ADDRESS)


def _said(one: Traced) -> str:
    only = f" (only {one.by} says so)" if one.where is Where.INPUT else ""
    return f"“{one.fact.words}”{only}"


def _shortened(sentence: str) -> str:
    sentence = " ".join(sentence.split())
    return sentence if len(sentence) <= _SHOWN else f"{sentence[:_SHOWN]}…"
