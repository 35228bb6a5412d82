"""How the receivers of notices are written in settings: a chat, a server, a mailbox and its mail server, the time of a note."""

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

#: Settings that say nothing without another, and what that has to be.
NEEDED_TOO: Final = (
    ("NOTIFY_WEBHOOK_URL", "NOTIFY_WEBHOOK_SECRET", SIGNS),
    ("NOTIFY_EMAIL", "SMTP_URL", MAIL_SERVER),
)

#: How many bytes sign, by the specification.
_BYTES: Final = range(24, 65)


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
