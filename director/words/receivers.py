"""How the receivers of notices are written in settings: a chat, a server, a mailbox with its server, a note's time, links."""

import re
from datetime import time
from typing import Final
from urllib.parse import urlsplit

from director.words import standard_webhooks

#: What a person is told of the forms.
SIGNS: Final = "whsec_ and 24 to 64 bytes in base64"
MAIL_SERVER: Final = (
    "an smtp:// or smtps:// address such as smtps://name:password@smtp.example.com:465 (in a password @ is %40)"
)
ORIGIN: Final = "an http or https address without a path, such as https://troupe.example.com"
SIGNS_LINKS: Final = "one word of 32 characters or more, which nobody guesses"

#: Settings that say nothing without another, and what that has to be.
NEEDED_TOO: Final = (
    ("NOTIFY_WEBHOOK_URL", "NOTIFY_WEBHOOK_SECRET", SIGNS),
    ("NOTIFY_EMAIL", "SMTP_URL", MAIL_SERVER),
    ("PUBLIC_URL", "LINK_SECRET", SIGNS_LINKS),
)

#: How many bytes sign, by the specification.
_BYTES: Final = range(24, 65)

#: Characters of what signs links: 32 in hex are 128 bits.
_LEAST: Final = 32


def hook(text: str) -> str:
    """
    An http or https address with a host, of this machine's own too.

    Raises:
        ValueError: it is none.
    """
    parts = urlsplit(text)
    _ = parts.port  # raises for a port that is none
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment or parts.netloc.count("@") > 1:
        raise ValueError(text)
    if " " in text or not (text.isprintable() and text.isascii()):
        raise ValueError(text)
    return text


def signing_secret(text: str) -> str:
    """
    A secret of Standard Webhooks.

    Raises:
        ValueError: it is none.
    """
    if not text.startswith("whsec_") or len(standard_webhooks.key_of(text)) not in _BYTES:
        raise ValueError(text)
    return text


def mailbox(text: str) -> str:
    """
    One address; those that would have to be quoted in a header are not taken.

    Raises:
        ValueError: it is none.
    """
    if not re.fullmatch(r"[\w.+-]{1,64}@[\w-]+(\.[\w-]+)*", text, re.ASCII):
        raise ValueError(text)
    return text


def mail_server(text: str) -> str:
    """
    Where mail is handed in, and who logs in there, if anybody does.

    Raises:
        ValueError: it is none.
    """
    parts = urlsplit(text)
    _ = parts.port
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not text.isprintable():
        raise ValueError(text)
    if parts.path.strip("/") or parts.query or parts.fragment or parts.netloc.count("@") > 1:
        raise ValueError(text)
    if bool(parts.username) != bool(parts.password):
        raise ValueError(text)
    return text


def origin(text: str) -> str:
    """
    Where our pages are, without the last "/": they stand at the root of their host.

    Raises:
        ValueError: it is no such address.
    """
    parts = urlsplit(hook(text))
    if parts.path.strip("/") or parts.query or "@" in parts.netloc:
        raise ValueError(text)
    return text.rstrip("/?")


def link_secret(text: str) -> str:
    """
    What links are signed with.

    Raises:
        ValueError: it is too short to be kept from who can try for ever, or no word.
    """
    if len(text) < _LEAST or not text.isprintable() or " " in text:
        raise ValueError(text)
    return text


def time_of_day(text: str) -> time | None:
    """
    "07:30", or None for "off".

    Raises:
        ValueError: it is neither.
    """
    if text.lower() == "off":
        return None
    if not re.fullmatch("[0-9]{1,2}:[0-9]{2}", text):
        raise ValueError(text)
    hours, minutes = text.split(":")
    return time(int(hours), int(minutes))
