"""
The list of facts against a corpus of our own: plausible inventions it must find, and true statements it must leave alone.

What was tuned to what. The first two hundred were developed on, and so was the developed half of the third corpus (its odd
pieces and the second). The third was written by somebody who had seen neither the list nor the others; before anything was
changed for it, the list found 165 of its 204 inventions (81 %), and raised alarms on 78 of 188 true statements (41 %) and on 12
of 42 texts that state nothing.

Nobody who worked on the list has read the other half, and it is to stay so: its texts are not printed. On it the list found 74
of 89 before and after; alarms fell from 36 to 21 of 82 true statements, and stayed at 5 of 17 others. That is what to expect of
texts nobody has tuned to: more than one true statement in five raises an alarm. The two hundred reach 95 found and 5 alarms in
100, and so does the developed half but for what stands elsewhere; the held out half reaches neither.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from director.evidence.facts import Kind
from director.evidence.tokens import Sort, tokens_of
from director.evidence.tracing import Source, Traced, Where, trace

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[2] / "examples"

CONTEXTS = {
    "brindle": EXAMPLES / "brindle-street-cycles" / "product-marketing-context.md",
    "dramatiq": EXAMPLES / "dramatiq" / "product-marketing-context.md",
    **{brand: HERE / f"{brand}.md" for brand in ("accountant", "bakery", "vet", "choir")},
}

Piece = dict[str, Any]


def _read(name: str) -> list[Piece]:
    return yaml.safe_load((HERE / "planted" / f"{name}.yaml").read_text())  # type: ignore[no-any-return]


THIRD = _read("third")

#: What the list was developed on, and what it was not.
SETS = {
    "two hundred": [*_read("first"), *_read("second")],
    "third, developed on": [piece for number, piece in enumerate(THIRD, 1) if number % 2 or number == 2],
    "third, held out": [piece for number, piece in enumerate(THIRD, 1) if not (number % 2 or number == 2)],
}
HELD_OUT = "third, held out"


@cache
def context_of(brand: str) -> Source:
    return Source("context", Where.CONTEXT, CONTEXTS[brand].read_text())


def nowhere(text: str, brand: str) -> list[Traced]:
    return [one for one in trace(text, [context_of(brand)]) if one.where is Where.NOWHERE]


def telling(text: str) -> set[str]:
    """The words by which a fact is known again: of "until the 25th" it is "25"."""
    small = {"up", "to", "the", "of", "and", "until", "a", "than", "on", "at", "over", "is", "in"}
    return {token.lower for token in tokens_of(text) if token.sort is not Sort.SIGN} - small


def inventions(name: str, *, elsewhere: bool = False) -> Iterator[tuple[Piece, dict[str, Any]]]:
    """The planted facts of a set; those whose value stands *elsewhere* in the context are asked for apart."""
    for piece in SETS[name]:
        for planted in piece["invented"]:
            if planted.get("elsewhere", False) is elsewhere:
                yield piece, planted


def missed(planted: Sequence[tuple[Piece, dict[str, Any]]]) -> list[tuple[str, str, str]]:
    return [
        (piece["piece"], one["planted"], one["text"])
        for piece, one in planted
        if not any(
            telling(found.fact.words) & telling(one["planted"]) for found in nowhere(one["text"], piece["brand"])
        )
    ]


def alarms(name: str, kind: str) -> tuple[list[tuple[str, list[str], str]], int]:
    """The texts of a kind, "stated" or "neither", that have a fact standing nowhere; and of how many."""
    texts = [(piece, text) for piece in SETS[name] for text in piece.get(kind, ())]
    found = [
        (piece["piece"], [one.fact.words for one in open_facts], text)
        for piece, text in texts
        if (open_facts := nowhere(text, piece["brand"]))
    ]
    return found, len(texts)


def told(name: str, what: str, wrong: Sequence[object], of: int) -> int:
    """How often it went wrong, and for who develops the list where; not so of the held out half."""
    print(f"\n{name}: {what} {len(wrong)} of {of}", *(wrong if name != HELD_OUT else ()), sep="\n  ")
    return len(wrong)


def test_the_corpus_is_as_large_and_as_varied_as_it_says() -> None:
    """
    Of each 200 developed on and 200 by a stranger, over ten kinds of pieces and six brands; every invention in its statement.
    """
    third = [*SETS["third, developed on"], *SETS[HELD_OUT]]
    planted = [one for pieces in SETS.values() for piece in pieces for one in piece["invented"]]

    assert (200, 204) == tuple(sum(len(p["invented"]) for p in pieces) for pieces in (SETS["two hundred"], third))
    assert (200, 188, 42) == (
        sum(len(piece["stated"]) for piece in SETS["two hundred"]),
        sum(len(piece["stated"]) for piece in third),
        sum(len(piece.get("neither", ())) for piece in third),
    )
    assert 10 <= len({piece["piece"] for pieces in SETS.values() for piece in pieces})
    assert set(CONTEXTS) == {piece["brand"] for pieces in SETS.values() for piece in pieces}
    assert [] == [one for one in planted if one["planted"] not in one["text"]]


@pytest.mark.parametrize(("name", "least"), [("two hundred", 0.95), ("third, developed on", 0.95), (HELD_OUT, 0.84)])
def test_inventions_are_found(name: str, least: float) -> None:
    """
    At least 95 in 100 planted facts are listed as standing nowhere; of those nobody tuned to, 84 in 100.
    """
    planted = list(inventions(name))
    wrong = told(name, "missed", missed(planted), len(planted))

    assert len(planted) - wrong >= least * len(planted)


def test_a_value_of_something_else_is_found_at_times() -> None:
    """
    The price of another tier, two counts swapped: of twelve, the list finds at least four, and it is not to be relied on.
    """
    planted = [one for name in SETS for one in inventions(name, elsewhere=True)]

    wrong = len(missed(planted))

    assert 12 == len(planted)
    assert wrong <= 8


@pytest.mark.parametrize(("name", "most"), [("two hundred", 0.05), ("third, developed on", 0.05), (HELD_OUT, 0.27)])
def test_true_statements_are_left_alone(name: str, most: float) -> None:
    """
    At most 5 in 100 true statements, rephrased or reckoned as careful writers do, raise an alarm; of those nobody tuned to, 27.
    """
    found, of = alarms(name, "stated")
    wrong = told(name, "alarms on", found, of)

    assert wrong <= most * of


@pytest.mark.parametrize(("name", "most"), [("third, developed on", 1), (HELD_OUT, 5)])
def test_what_states_nothing_raises_few_alarms(name: str, most: int) -> None:
    """
    Proposals, instructions, targets and headings: of 25 that were tuned to at most one, of 17 that were not at most five.
    """
    found, of = alarms(name, "neither")
    wrong = told(name, "alarms on", found, of)

    assert wrong <= most


def test_every_kind_of_fact_is_planted_and_found() -> None:
    """
    No kind is carried by the others.
    """
    found = {
        one.fact.kind
        for name in SETS
        for piece, planted in inventions(name)
        for one in nowhere(planted["text"], piece["brand"])
    }

    assert set(Kind) == found
