"""Where each fact of a text stands: in a source as it is; it follows from what sources give; it is assumed; or nowhere."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from director.evidence.facts import facts_in
from director.evidence.finding import find
from director.evidence.following import following
from director.evidence.sources import Given, Source, Traced, Where

__all__ = ["Source", "Traced", "Where", "trace", "untraced"]


def trace(text: str, sources: Sequence[Source]) -> tuple[Traced, ...]:
    """Every fact of a text with where it stands, in order of the text."""
    facts = facts_in(text)
    index = _given(tuple(sources))
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
            found.setdefault((one.where, one.fact.kind, one.fact.words.lower(), one.fact.head), one)
    return tuple(found.values())


@lru_cache(maxsize=16)
def _given(sources: tuple[Source, ...]) -> Given:
    return Given(sources)
