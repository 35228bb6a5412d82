"""Where each fact of a text stands: in a source as it is; it follows from what sources give; it is assumed; or nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from director.evidence.facts import Kind, facts_in
from director.evidence.following import following
from director.evidence.sources import Given, Source, Traced, Where

__all__ = ["Source", "Traced", "Untraced", "Where", "trace", "untraced"]


def trace(text: str, sources: Sequence[Source]) -> tuple[Traced, ...]:
    """Every fact of a text with where it stands, in order of the text."""
    facts = facts_in(text)
    index = _given(tuple(sources))
    traced = [index.find(fact) for fact in facts]
    return tuple(
        replace(one, where=Where.ASSUMED) if one.fact.is_assumed and one.where is Where.NOWHERE else one
        for one in following(facts, traced, index)
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


@lru_cache(maxsize=16)
def _given(sources: tuple[Source, ...]) -> "Given":
    return Given(sources)
