"""Dates that cannot be meant."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.evidence.no_such_day import impossible


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Open until 31 September.", "There is no 31 September: “until 31 September”."),
        ("It goes out on Tuesday 31 November", "There is no 31 November: “Tuesday 31 November”."),
        ("until the 30th of February", "There is no 30 February: “until the 30th of February”."),
        ("by 29 February 2027", "There is no 29 February 2027: “by 29 February 2027”."),
        ("**to** Friday 13 January 2027", "13 January 2027 is a Wednesday: “Friday 13 January 2027”."),
        ("on Wed, 11 Jan 2027", "11 January 2027 is a Monday: “Wed, 11 Jan 2027”."),
    ],
)
def test_a_date_that_cannot_be_is_found(text: str, said: str) -> None:
    """
    A day the month has not, whatever the year; a weekday where the year is said.
    """
    assert list(impossible(text)) == [said]


@pytest.mark.parametrize(
    "text",
    [
        "Monday 11 January 2027, and Wed 13 January",
        "by 29 February",
        "of 31 September orders, 4 came back",
        "to 40 March letters",
        "Friday 13 January",
        "on 5 May 2027",
        "Thursdays from 9 to 12",
    ],
)
def test_any_other_is_left_alone(text: str) -> None:
    """
    What may be meant: a weekday in some year, a leap day, a count of something monthly.
    """
    assert list(impossible(text)) == []


@given(st.dates(date(2020, 1, 1), date(2090, 12, 31)))
def test_a_day_that_there_is_is_never_complained_of(day: date) -> None:
    """
    With its own weekday and year.
    """
    assert list(impossible(f"on {day:%A} {day.day} {day:%B} {day.year}")) == []
