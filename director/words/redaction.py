"""What a secret looks like, and how it is found."""

import re
from collections.abc import Sequence
from typing import Final

#: Shapes of secrets that must not leave the house: provider keys, private keys, bearer tokens, passwords in addresses.
SECRETS: Final[Sequence[tuple[str, re.Pattern[str]]]] = (
    ("an API key", re.compile(r"\b(?:sk|rk|pk)[-_](?:live|test|ant|proj)[-_][A-Za-z0-9_-]{16,}")),
    ("an API key", re.compile(r"\b(?:sk|rk|pk)-(?=[A-Za-z0-9]*[0-9])(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{20,}")),
    ("an AWS key", re.compile(r"\bA(?:KIA|SIA)[0-9A-Z]{16}\b")),
    ("a GitHub token", re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}\b|\bgithub_pat_[A-Za-z0-9_]{22,}")),
    ("a Google key", re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b")),
    ("a Slack token", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}")),
    ("a SendGrid key", re.compile(r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}")),
    ("a HubSpot token", re.compile(r"\bpat-[a-z]{2}\d-[0-9a-f]{8}-[0-9a-f-]{20,}")),
    ("a Mailchimp key", re.compile(r"\b[0-9a-f]{32}-us\d{1,2}\b")),
    ("a bearer token", re.compile(r"\b[Bb]earer +[A-Za-z0-9._~+/-]{20,}")),
    ("a private key", re.compile(r"\b(?<=-----)BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")),
    ("a password in an address", re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@]+:[^\s/@]{3,}@")),
    ("a signed token", re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")),
)

#: Any of them, in one look at the start of each word: a look for each costs five times as much, and nearly all texts have none.
_ANY_SECRET: Final = re.compile(rf"\b(?:{'|'.join(shape.pattern.removeprefix(chr(92) + 'b') for _, shape in SECRETS)})")


def find(text: str) -> tuple[str, ...]:
    """The kinds of secrets in *text*; nothing when there is none."""
    if not _ANY_SECRET.search(text):
        return ()
    return tuple(what for what, shape in SECRETS if shape.search(text))
