"""What the rehearsal plays: how slow it is, what fails how often, how strict its reviewer is."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from director.words.errors import WrongSetting


class Trouble(StrEnum):
    """What can go wrong with one request. The value is its key in a script."""

    RATE_LIMITED = "rate_limited"  #: 429 with a retry-after header.
    OVERLOADED = "overloaded"  #: 529.
    SERVER_ERROR = "server_error"  #: 500.
    UNAVAILABLE = "unavailable"  #: 503.
    RESET = "reset"  #: The connection is reset before an answer.
    HANG = "hang"  #: No answer ever.
    CUT_OFF = "cut_off"  #: The connection ends in the middle of the answer.
    NONSENSE = "nonsense"  #: An answer that is not of the form that was asked for; an empty draft.
    TRUNCATED = "truncated"  #: Half the text, and stop_reason max_tokens.
    REFUSAL = "refusal"  #: No text, and stop_reason refusal.


@dataclass(frozen=True, slots=True)
class Script:
    """One performance. The default one is quick and nothing goes wrong."""

    latency_ms: tuple[int, int] = (0, 0)  #: Shortest and longest.
    seed: int = 0
    retry_after_s: float | None = None  #: What a 429 asks for, 1 where nothing is given, and a 503 where something is.
    rate: int | None = (
        None  #: Requests a minute of each family of models; those beyond get a 429 until there is one again.
    )
    shares: Mapping[Trouble, float] = field(default_factory=dict)  #: Of requests, 0 to 1.
    fail_first: int = 0  #: How often every distinct request fails before it is answered.
    fail_with: Trouble = Trouble.OVERLOADED
    send_back: int = 0  #: Revisions numbered below it are sent back.
    send_back_share: float = 0  #: Of drafts, the share that is sent back besides.
    escalate: bool = False  #: Every review scores about 3.
    stuck: bool = False  #: Every review sends back, and the score never rises.
    declines: str = ""  #: The specialist whose drafts are all declined, so that its task fails for good.
    impossible: str = ""  #: The specialist whose brief its reviewer finds impossible.
    bad_key: bool = False  #: 401 to everything.
    no_credit: bool = False  #: 402 to everything.
    away: bool = False  #: No connection at all.

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        The script a text such as `latency_ms=100-300 overloaded=0.3 seed=7` means; the order is free.

        Raises:
            WrongSetting: An unknown key, one given twice, or a value its key cannot have.
        """
        given: dict[str, Any] = {}
        shares: dict[Trouble, float] = {}
        for part in text.split():
            key, _, value = part.partition("=")
            if key not in _KEYS or key in given or key in shares:
                raise WrongSetting("REHEARSAL", _expected(), repr(part[:80]))
            parse, meant = _KEYS[key]
            try:
                if key in _TROUBLES:
                    shares[Trouble(key)] = parse(value)
                else:
                    given[key] = parse(value)
            except ValueError as problem:
                raise WrongSetting("REHEARSAL", _expected(f", with {key} {meant}"), repr(part[:80])) from problem
        return cls(shares=shares, **given)

    def trouble(self, digest: str, times: int) -> Trouble | None:
        """What goes wrong with a request that was asked *times* before, if anything."""
        if times < self.fail_first:
            return self.fail_with
        for trouble, share in self.shares.items():
            if self._draw(trouble, digest, times) < share:
                return trouble
        return None

    def sends_back(self, title: str, revision: int) -> bool:
        """Whether a good enough draft, named by its *title* and *revision*, goes back to its author all the same."""
        return revision < self.send_back or self._draw("send_back", title, revision) < self.send_back_share

    def delay_s(self, digest: str, times: int) -> float:
        """How long the answer takes, in seconds."""
        shortest, longest = self.latency_ms
        return (shortest + self._draw("latency", digest, times) * (longest - shortest)) / 1000

    def _draw(self, *about: object) -> float:
        """A number from 0 to below 1 that depends on nothing but the seed and what it is about."""
        hashed = hashlib.sha256("|".join(map(str, (self.seed, *about))).encode()).digest()
        return int.from_bytes(hashed[:7]) / 256**7


def _range(text: str) -> tuple[int, int]:
    shortest, dash, longest = text.partition("-")
    pair = (_whole(shortest), _whole(longest if dash else shortest))
    if pair[0] > pair[1]:
        raise ValueError(text)
    return pair


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise ValueError(text)
    return int(text)


def _at_least_one(text: str) -> int:
    if not (number := _whole(text)):
        raise ValueError(text)
    return number


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise ValueError(text)
    return share


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 86_400:
        raise ValueError(text)
    return seconds


def _specialist(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]{1,64}", text):
        raise ValueError(text)
    return text


def _switch(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(text)
    return text == "1"


_TROUBLES: Final = tuple(trouble.value for trouble in Trouble)

_KEYS: Final[Mapping[str, tuple[Callable[[str], Any], str]]] = {
    "latency_ms": (_range, "milliseconds such as 200, or a range such as 100-300"),
    "seed": (_whole, "a whole number"),
    "rate": (_at_least_one, "a whole number from 1, requests a minute"),
    "retry_after_s": (_seconds, "seconds from 0 to 86400"),
    **dict.fromkeys(_TROUBLES, (_share, "a share from 0 to 1")),
    "fail_first": (_whole, "a whole number"),
    "fail_with": (Trouble, f"one of {', '.join(_TROUBLES)}"),
    "send_back": (_whole, "a whole number"),
    "send_back_share": (_share, "a share from 0 to 1"),
    **dict.fromkeys(("declines", "impossible"), (_specialist, "the name of a specialist")),
    **dict.fromkeys(("escalate", "stuck", "bad_key", "no_credit", "away"), (_switch, "0 or 1")),
}


def _expected(more: str = "") -> str:
    return f"key=value pairs, each key once, of {', '.join(_KEYS)}{more}"
