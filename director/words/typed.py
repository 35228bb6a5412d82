"""Reading what people type into our vocabulary; what is no word of it gets a sentence."""

from enum import StrEnum
from typing import TypeVar

from director.words.amounts import SMALLEST, parse_usd
from director.words.errors import WrongCall

Word = TypeVar("Word", bound=StrEnum)


def word(kind: type[Word], name: str, given: str | None) -> Word | None:
    """
    The word of *kind* a person typed as *name*, in any case; None when they typed none.

    Raises:
        WrongCall: it is no word of that kind.
    """
    if given is None:
        return None
    for known in kind:
        if known.value.lower() == given.strip().lower():
            return known
    raise WrongCall(f"{name} has to be one of {', '.join(kind)}; it is {given[:40]!r}.")


def amount(name: str, given: str | None) -> int | None:
    """
    Nano-dollars a person typed in USD as *name*; None when they typed none.

    Raises:
        WrongCall: it is no amount.
    """
    if given is None:
        return None
    try:
        return parse_usd(given)
    except ValueError:
        raise WrongCall(
            f"{name} has to be an amount in USD such as 25 or 2.50 (0, or from {SMALLEST} on); it is {given[:40]!r}."
        ) from None
