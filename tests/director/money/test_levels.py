"""At which level a month is, and who waits there: the table of the spec."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.money.levels import kept_back, level_of
from director.words.states import Level, Priority

N, W, T, C, E = Level
P0, P1, P2, P3 = Priority


@pytest.mark.parametrize(
    ("spent", "cap", "level"),
    [
        (0, 100, N), (79, 100, N), (80, 100, W), (89, 100, W), (90, 100, T), (94, 100, T), (95, 100, C), (99, 100, C),
        (100, 100, E), (250, 100, E), (7_999_999_999, 10**10, N), (8 * 10**9, 10**10, W), (0, 0, N), (5, 0, E),
    ],
)  # fmt: skip
def test_a_level_begins_at_its_share_of_the_cap(spent: int, cap: int, level: Level) -> None:
    """Not a nano-dollar before it. A cap of 0 has none: everything is asked about."""
    assert level is level_of(spent, cap)


def test_each_level_holds_what_the_table_says() -> None:
    """Warning P3; throttle P2 and P3; critical and above all but P0."""
    assert {N: set(), W: {P3}, T: {P2, P3}, C: {P1, P2, P3}, E: {P1, P2, P3}} == {
        level: set(kept_back(level)) for level in Level
    }


@given(st.integers(1, 10**15), st.integers(0, 10**15), st.integers(0, 10**15))
def test_more_spent_never_holds_less(cap: int, one: int, other: int) -> None:
    """Whoever waits at a level waits at each above it."""
    less, more = sorted((one, other))
    assert kept_back(level_of(less, cap)) <= kept_back(level_of(more, cap))
