"""Near duplicates are found by their words; what may be the opposite is never taken for the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.memory.similar import is_same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Name the day.", "name the DAY"),
        ("Name the source of each figure.", "Name the sources of the figures, each."),
        ("Always name the source of every figure in a letter", "Name the source of every figure in letters, please."),
        ("Don't promise a delivery day.", "Don\u2019t promise delivery days."),
        ("Préparez la réponse au client", "preparez la reponse au client"),
    ],
)
def test_what_says_the_same_in_nearly_the_same_words_is_one(one: str, other: str) -> None:
    """Case, accents, endings, order, small words and little that is added make no other sentence."""
    assert is_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Name prices in headlines.", "Do not name prices in headlines."),
        ("Promise a delivery day.", "Don't promise a delivery day."),
        ("Write letters with a price.", "Write letters without a price."),
        ("Keep each headline shorter than its first line", "Keep each headline longer than its first line"),
        ("At most 90 words in a letter to members", "At most 120 words in a letter to members"),
        ("Name the day.", "Name the day, the street, the price, the team and the bus."),
        ("Name the day.", "Count the visitors."),
        ("", ""),
        ("the of and", "of the"),
    ],
)  # fmt: skip
def test_what_may_be_something_else_is_another(one: str, other: str) -> None:
    """Turned around, with another word or another number in its place, much longer, or about nothing."""
    assert not is_same(one, other)


@given(st.text(max_size=80), st.text(max_size=80))
def test_it_is_the_same_whichever_comes_first(one: str, other: str) -> None:
    """Of any two sentences."""
    assert is_same(one, other) is is_same(other, one)
