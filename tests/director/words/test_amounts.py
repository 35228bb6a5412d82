"""Amounts of money: exact inside, readable outside."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.words.amounts import MOST, NANO, as_number, from_number, parse_usd, typed_usd, usd

amounts = st.integers(0, MOST)


@pytest.mark.parametrize(
    ("text", "nano"),
    [
        ("0", 0),
        ("25", 25 * NANO),
        ("$2.50", 5 * NANO // 2),
        (" 2.5 ", 5 * NANO // 2),
        ("25 USD", 25 * NANO),
        (" 2.50USD ", 5 * NANO // 2),
        ("$25 USD", 25 * NANO),
        (".5", NANO // 2),
        ("1e3", 1000 * NANO),
        ("0.000000001", 1),
        ("1000000", MOST),
        ("-0", 0),
    ],
)
def test_what_people_write_is_an_amount(text: str, nano: int) -> None:
    """
    Dollars with or without the sign before or USD behind, blanks around, as many places as there are nano-dollars.
    """
    assert parse_usd(text) == nano


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "$",
            "-1",
            "$-1",
            "-0.01",
            "1000000.01",
            "1,000",
            "1.2.3",
            "ten",
            "12 EUR",
            "USD",
            "$ USD",
            "USD 12",
            "12 USD USD",
            "€5",
            "$$5",
            "5$",
            "0x10",
            "1e-20",
        ),
        *("nan", "snan", "inf", "-inf", "1e7", "1e999999", "-1e999999", "1e999999999999999999999"),
    ],
)
def test_what_is_no_amount_is_a_value_error(text: str) -> None:
    """
    Negative, beyond a million, no number: always the one error its readers know.
    """
    with pytest.raises(ValueError):  # noqa: PT011 - the sentence is the caller's
        parse_usd(text)


@given(st.text(max_size=30) | st.text(alphabet="0123456789.eE+-_$ nianf", max_size=20))
def test_any_text_is_an_amount_in_bounds_or_a_value_error(text: str) -> None:
    """
    Never another exception, never less than nothing or more than a million.
    """
    try:
        nano = parse_usd(text)
    except ValueError:
        return
    assert 0 <= nano <= MOST


@given(amounts)
def test_an_amount_written_out_is_read_back_exactly(nano: int) -> None:
    """
    Nine places hold every nano-dollar; nothing is lost to floats.
    """
    assert parse_usd(str(Decimal(nano) / NANO)) == nano
    assert parse_usd(f"${nano // NANO}.{nano % NANO:09d}") == nano


@given(amounts)
def test_an_amount_in_a_form_or_a_document_is_read_back_exactly(nano: int) -> None:
    """
    What is shown to the digit and sent back as it was has changed nothing; whole cents look as prices do.
    """
    assert parse_usd(typed_usd(nano)) == nano
    assert from_number(as_number(nano)) == nano
    assert len(typed_usd(nano).partition(".")[2]) >= 2


@given(amounts)
def test_a_shown_amount_is_off_by_less_than_its_last_place(nano: int) -> None:
    """
    Four places below a dollar, two from there; what is shown can be typed again.
    """
    shown = usd(nano)
    places = 4 if 0 < nano < NANO else 2

    assert shown.startswith("$")
    assert len(shown.partition(".")[2]) == places
    assert abs(parse_usd(shown) - nano) <= NANO // 10**places // 2


@pytest.mark.parametrize(
    ("nano", "shown"),
    [
        (0, "$0.00"),
        (42_100_000, "$0.0421"),
        (NANO - 1, "$1.0000"),
        (NANO, "$1.00"),
        (12_300_000_000, "$12.30"),
        (MOST, "$1000000.00"),
    ],
)
def test_people_see_dollars(nano: int, shown: str) -> None:
    """
    Cents where they matter, fractions of them where a call costs less.
    """
    assert usd(nano) == shown


@given(amounts, amounts)
def test_documents_keep_the_order(one: int, other: int) -> None:
    """
    More stays more in a JSON document.
    """
    assert (as_number(one) <= as_number(other)) or one > other
