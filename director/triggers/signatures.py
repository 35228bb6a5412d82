"""
Who sent it: the schemes by which senders of events sign, each a function of the headers, the raw body, the secrets and the
time.

By `hmac` alone: each is a dozen lines, and a package for one of them would bring more than it saves. Nothing here reads the
body; the signature is looked at before the time, so that who has no secret learns nothing but that.
"""

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from director.words import standard_webhooks
from director.words.errors import WrongCall

#: How far from now a signed time may be, before or after.
WINDOW: Final = timedelta(seconds=300)

#: Where a token stands, and what somebody does who sent another or none: there is nothing to be signed.
_AUTHORIZATION: Final = "Authorization"
_AUTHORIZE: Final = "send `Authorization: Bearer TOKEN`, with the token that is set"

#: What HubSpot decodes in the address before it signs, and nothing else.
_DECODED: Final = {f"%{ord(character):02X}": character for character in ":/?@!$'()*,;"}


class NotVerified(WrongCall):
    """It is not shown that a request comes from whom it says."""


class Scheme(StrEnum):
    """How a sender shows that it is one."""

    BEARER = "bearer"
    STANDARD = "standard"
    GITHUB = "github"
    STRIPE = "stripe"
    SHOPIFY = "shopify"
    HUBSPOT = "hubspot"
    SLACK = "slack"


@dataclass(frozen=True, slots=True)
class Request:
    """What was sent, as it came."""

    headers: Mapping[str, str]  #: by their names in lower case
    body: bytes


def key_of(scheme: Scheme, secret: str) -> bytes:
    """
    The key that a secret stands for, as its sender shows it.

    Raises:
        ValueError: the scheme has other secrets.
    """
    return standard_webhooks.key_of(secret) if scheme is Scheme.STANDARD else secret.encode()


def verify(scheme: Scheme, request: Request, keys: Sequence[bytes], *, now: datetime, url: str = "") -> str | None:
    """
    See that whoever sent *request* has one of *keys*, and sent it now; returns the sender's own number for the delivery, None
    where the scheme has none. *url* is where HubSpot sends to, as it was told.

    Raises:
        NotVerified: it is not so; the sentence names the scheme and the header.
    """
    return _SCHEMES[scheme](_Asked(request.headers, request.body, keys, now, url))


@dataclass(frozen=True, slots=True)
class _Asked:
    headers: Mapping[str, str]
    body: bytes
    keys: Sequence[bytes]
    now: datetime
    url: str

    def header(self, *names: str) -> str:
        """The first of these headers that is there."""
        for name in names:
            if value := self.headers.get(name.lower(), "").strip():
                return value
        do = _AUTHORIZE if names == (_AUTHORIZATION,) else "sign it"
        raise NotVerified(f"The request has to have the header {names[0]}; it has none: {do}.")

    def signed(self, *parts: bytes) -> list[bytes]:
        """HMAC-SHA256 of the parts, by each of the keys."""
        return [hmac.new(key, b"".join(parts), hashlib.sha256).digest() for key in self.keys]

    def see_time(self, header: str, text: str, per_second: int = 1) -> None:
        """See that it was signed now, by the number the header says."""
        now = self.now.timestamp()
        # No more digits than a time has: longer ones are slow to read, or none.
        sent = int(text) / per_second if re.fullmatch("[0-9]{1,16}", text) else None
        if sent is None or abs(now - sent) > WINDOW.total_seconds():
            said = "is no time" if sent is None else "is too old" if sent < now else "is of a time to come"
            raise NotVerified(
                f"The time in {header} has to be within {WINDOW.total_seconds():.0f} s of ours; it {said}: sign it anew, and "
                "set the clocks."
            )


def _see(header: str, expected: Iterable[bytes], given: Sequence[str]) -> None:
    """See that one of the signatures is one of ours. All are compared, so that the time it takes tells nothing."""
    found = False
    for ours in expected:
        for theirs in given:
            found |= hmac.compare_digest(ours, _raw(theirs))
    if not found:
        do = "sign the body as it is sent, with the secret that is set"
        raise NotVerified(f"What {header} says does not match: {_AUTHORIZE if header == _AUTHORIZATION else do}.")


def _raw(header: str) -> bytes:
    """The bytes of a header, which HTTP reads as Latin-1."""
    return header.encode("latin-1", "replace")


def _hex(digests: Iterable[bytes], prefix: str = "") -> list[bytes]:
    return [f"{prefix}{digest.hex()}".encode() for digest in digests]


def _base64(digests: Iterable[bytes]) -> list[bytes]:
    return [b64encode(digest) for digest in digests]


def _bearer(asked: _Asked) -> None:
    word, _, token = asked.header(_AUTHORIZATION).partition(" ")
    if word.lower() != "bearer":
        raise NotVerified(f"The header Authorization says something else than Bearer and a token: {_AUTHORIZE}.")
    _see(_AUTHORIZATION, asked.keys, [token.strip()])


def _standard(asked: _Asked) -> str:
    ident, time = asked.header("webhook-id"), asked.header("webhook-timestamp")
    given = asked.header("webhook-signature").split(" ")
    expected = (standard_webhooks.signature(key, ident, time, asked.body).encode() for key in asked.keys)
    _see("webhook-signature", expected, given)
    asked.see_time("webhook-timestamp", time)
    return ident


def _github(asked: _Asked) -> str:
    given = asked.header("X-Hub-Signature-256")
    _see("X-Hub-Signature-256", _hex(asked.signed(asked.body), "sha256="), [given])
    return asked.header("X-GitHub-Delivery")


def _stripe(asked: _Asked) -> None:
    parts = [part.strip().partition("=") for part in asked.header("Stripe-Signature").split(",")]
    time = next((value for name, _, value in parts if name == "t"), "")
    given = [value for name, _, value in parts if name == "v1"]
    _see("Stripe-Signature", _hex(asked.signed(_raw(f"{time}."), asked.body)), given)
    asked.see_time("Stripe-Signature", time)


def _shopify(asked: _Asked) -> str:
    # What it sends events by since 2026 has the same headers without "X-".
    given = asked.header("X-Shopify-Hmac-Sha256", "Shopify-Hmac-Sha256")
    _see("X-Shopify-Hmac-Sha256", _base64(asked.signed(asked.body)), [given])
    return asked.header("X-Shopify-Webhook-Id", "Shopify-Webhook-Id")


def _hubspot(asked: _Asked) -> None:
    time = asked.header("X-HubSpot-Request-Timestamp")
    given = asked.header("X-HubSpot-Signature-v3")
    url = re.sub("%[0-9A-Fa-f]{2}", lambda found: _DECODED.get(found[0].upper(), found[0]), asked.url)
    expected = asked.signed(f"POST{url}".encode(), asked.body, _raw(time))
    _see("X-HubSpot-Signature-v3", _base64(expected), [given])
    asked.see_time("X-HubSpot-Request-Timestamp", time, per_second=1000)


def _slack(asked: _Asked) -> None:
    time = asked.header("X-Slack-Request-Timestamp")
    given = asked.header("X-Slack-Signature")
    _see("X-Slack-Signature", _hex(asked.signed(_raw(f"v0:{time}:"), asked.body), "v0="), [given])
    asked.see_time("X-Slack-Request-Timestamp", time)


_SCHEMES: Final[Mapping[Scheme, Callable[[_Asked], str | None]]] = {
    Scheme.BEARER: _bearer,
    Scheme.STANDARD: _standard,
    Scheme.GITHUB: _github,
    Scheme.STRIPE: _stripe,
    Scheme.SHOPIFY: _shopify,
    Scheme.HUBSPOT: _hubspot,
    Scheme.SLACK: _slack,
}
