"""Intervals of shares that were counted on few."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.words.intervals import wilson


@pytest.mark.parametrize(
    ("found", "of", "low", "high"), [(8, 8, 0.6756, 1.0), (7, 8, 0.5291, 0.9776), (1, 20, 0.0089, 0.2361), (0, 0, 0, 1)]
)
def test_the_interval_is_wilsons(found: int, of: int, low: float, high: float) -> None:
    """
    As published tables have it.
    """
    assert wilson(found, of) == pytest.approx((low, high), abs=1e-4)


@given(of=st.integers(1, 500), data=st.data())
def test_the_share_lies_in_its_interval(of: int, data: st.DataObject) -> None:
    """
    From 0 to 1, around the share, and narrower the more was counted.
    """
    found = data.draw(st.integers(0, of))
    low, high = wilson(found, of)

    assert 0 <= low <= found / of + 1e-9
    assert found / of - 1e-9 <= high <= 1
    wider = wilson(found, of)
    narrower = wilson(10 * found, 10 * of)
    assert narrower[1] - narrower[0] < wider[1] - wider[0]
