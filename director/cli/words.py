"""Reading what people type into our vocabulary; what is no word of it gets a sentence."""

from enum import StrEnum
from typing import TypeVar

from director.errors import WrongCall
from director.money.amounts import parse_usd
from director.states import GoalState

Word = TypeVar("Word", bound=StrEnum)


def word(kind: type[Word], option: str, given: str | None) -> Word | None:
    """
    The word of *kind* a person typed, in any case; None when they typed none.

    Raises:
        WrongCall: it is no word of that kind.
    """
    if given is None:
        return None
    for known in kind:
        if known.value.lower() == given.strip().lower():
            return known
    raise WrongCall(f"{option} has to be one of {', '.join(kind)}; it is {given[:40]!r}.")


def stands(state: GoalState) -> str:
    """A goal's state behind its id: "is waiting", "has failed"."""
    return {GoalState.FAILED: "has failed", GoalState.CANCELLED: "was cancelled"}.get(state, f"is {state}")


def amount(option: str, given: str | None) -> int | None:
    """
    Nano-dollars a person typed as USD; None when they typed none.

    Raises:
        WrongCall: it is no amount.
    """
    if given is None:
        return None
    try:
        return parse_usd(given)
    except ValueError:
        raise WrongCall(f"{option} has to be an amount in USD such as 25 or 2.50; it is {given[:40]!r}.") from None
