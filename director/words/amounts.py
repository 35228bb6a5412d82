"""Amounts of money: integer nano-dollars inside, USD where people write and read."""

from decimal import Decimal, InvalidOperation
from typing import Final

#: Nano-dollars in a dollar. Small enough that every list price per token is a whole number.
NANO: Final = 1_000_000_000

#: The largest amount that is taken as meant: a million dollars.
MOST: Final = 1_000_000 * NANO


#: The smallest amount there is, as people write it.
SMALLEST: Final = "0.000000001"


def parse_usd(text: str) -> int:
    """
    Nano-dollars from what a person writes: "25", "$2.50", "25 USD".

    Raises:
        ValueError: not a finite amount from 0 to a million dollars, or less than the smallest and not 0.
    """
    try:
        amount = Decimal(text.strip().removesuffix("USD").removeprefix("$"))
    except InvalidOperation as problem:
        raise ValueError(text) from problem
    if not amount.is_finite() or not 0 <= amount <= MOST // NANO or 0 < amount < Decimal(SMALLEST):
        raise ValueError(text)
    return int(amount * NANO)


def usd(nano: int) -> str:
    """For people: "$0.0421" below a dollar, "$12.30" from there."""
    dollars = Decimal(nano) / NANO
    return f"${dollars:.4f}" if 0 < nano < NANO else f"${dollars:.2f}"


def plain_usd(nano: int) -> str:
    """For a page that is no account: to the cent, "$0.18"; what is less than one says so."""
    dollars = Decimal(nano) / NANO
    return "less than $0.01" if 0 < nano < NANO // 100 else f"${dollars:.2f}"


def typed_usd(nano: int) -> str:
    """As people type it, to the digit: "25.00", "12.3456". Read again it is the same amount."""
    cents = Decimal(nano) / (NANO // 100)
    return (
        f"{Decimal(nano) / NANO:.2f}"
        if cents == cents.to_integral_value()
        else f"{(Decimal(nano) / NANO).normalize():f}"
    )


def as_number(nano: int) -> float:
    """For documents: USD, to the digit, so that who sends it back has changed nothing."""
    return float(Decimal(nano) / NANO)


def from_number(amount: float) -> int:
    """Nano-dollars from a document's USD, read as it is written: 0.1 is a tenth."""
    return int(Decimal(str(amount)) * NANO)


def plain_number(amount: float) -> str:
    """A document's USD as people type it: 0.1, and no power of ten."""
    return f"{Decimal(str(amount)):f}"
