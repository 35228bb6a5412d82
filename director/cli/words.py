"""Reading what people type into our vocabulary; what is no word of it gets a sentence."""

from enum import StrEnum
from typing import Final, TypeVar

from director.words.amounts import SMALLEST, parse_usd
from director.words.errors import WrongCall

#: Unicode's Bidi_Control.
_TURNS: Final = {
    code: f"\\u{code:04x}" for code in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}

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


def visible(text: str) -> str:
    """The text with marks that turn the direction of what is read, as U+202E does, written out."""
    return text.translate(_TURNS)


def counted(number: int, noun: str) -> str:
    """A number of things: "1 task", "3 tasks"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


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
        raise WrongCall(
            f"{option} has to be an amount in USD such as 25 or 2.50 (0, or from {SMALLEST} on); it is {given[:40]!r}."
        ) from None
