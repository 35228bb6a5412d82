"""Where each fact of a text stands: in a source as it is; it follows from what sources give; it is assumed; or nowhere."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from director.evidence.facts import Fact, Kind, facts_in
from director.evidence.finding import find
from director.evidence.following import following
from director.evidence.sources import Given, Source, Traced, Where

__all__ = ["Source", "Traced", "Where", "said_as", "trace", "untraced"]


def trace(text: str, sources: Sequence[Source]) -> tuple[Traced, ...]:
    """Every fact of a text with where it stands, in order of the text."""
    return _traced(text, tuple(sources))


@lru_cache(maxsize=64)
def _traced(text: str, sources: tuple[Source, ...]) -> tuple[Traced, ...]:
    # One deliverable is looked at for its reviewer, for its receipt, for each who builds on it, and for the owner.
    facts = facts_in(text)
    index = _given(sources)
    traced = [find(fact, index) for fact in facts]
    return tuple(
        replace(one, where=Where.ASSUMED) if one.fact.is_assumed and one.where is Where.NOWHERE else one
        for one in following(facts, traced, index)
        if not one.fact.is_weak or (one.where is Where.NOWHERE and not one.fact.is_assumed)
    )


def untraced(text: str, sources: Sequence[Source]) -> tuple[Traced, ...]:
    """The facts of a text that nobody vouches for, each once, in order of the text."""
    found: dict[object, Traced] = {}
    for one in trace(text, sources):
        if one.is_open:
            found.setdefault((one.where, *said_as(one.fact)), one)
    return tuple(found.values())


def said_as(fact: Fact) -> tuple[object, ...]:
    """What makes two facts the same in other words: "£14" and "fourteen pounds"; of a count also what is counted."""
    return (fact.kind, fact.means, fact.head if fact.kind is Kind.NUMBER else fact.rate)


@lru_cache(maxsize=16)
def _given(sources: tuple[Source, ...]) -> Given:
    return Given(sources)
