"""What a secret looks like, how it is found, and how it is taken out of what others say."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

#: Shapes of secrets that nobody may be shown: provider keys, private keys, bearer tokens, passwords in addresses.
SECRETS: Final[Sequence[tuple[str, re.Pattern[str]]]] = (
    ("an API key", re.compile(r"\b(?:sk|rk|pk)[-_](?:live|test|ant|proj)[-_][A-Za-z0-9_-]{16,}+")),
    ("an API key", re.compile(r"\b(?:sk|rk|pk)-(?=[A-Za-z0-9]*[0-9])(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{20,}+")),
    (
        "a Troupe token",
        re.compile(r"\btroupe_[A-Za-z0-9_-]{40,}+(?:\.[A-Za-z0-9_-]{20,}+)?+"),
    ),  # a signed one in two parts
    ("an AWS key", re.compile(r"\bA(?:KIA|SIA)[0-9A-Z]{16}\b")),
    ("a GitHub token", re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}+\b|\bgithub_pat_[A-Za-z0-9_]{22,}+")),
    ("a Google key", re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b")),
    ("a Slack token", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}+")),
    ("a SendGrid key", re.compile(r"\bSG\.[A-Za-z0-9_-]{16,}+\.[A-Za-z0-9_-]{16,}+")),
    ("a HubSpot token", re.compile(r"\bpat-[a-z]{2}\d-[0-9a-f]{8}-[0-9a-f-]{20,}+")),
    ("a Mailchimp key", re.compile(r"\b[0-9a-f]{32}-us\d{1,2}+\b")),
    ("a bearer token", re.compile(r"\b[Bb]earer +[A-Za-z0-9._~+/-]{20,}+")),
    ("a private key", re.compile(r"\b(?<=-----)BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")),
    # guest:guest is what a fresh RabbitMQ lets in, on its own machine only; it stands in every example.
    ("a password in an address", re.compile(r"\b[a-z][a-z0-9+.-]{0,40}+://[^\s/:@]+:(?!guest@)[^\s/@]{3,}+@")),
    ("a signed token", re.compile(r"\beyJ[A-Za-z0-9_-]{10,500}+\.eyJ[A-Za-z0-9_-]{10,}+\.[A-Za-z0-9_-]{10,}+")),
)

#: Any of them, in one look at the start of each word: a look for each costs five times as much, and nearly all texts have none.
_ANY_SECRET: Final = re.compile(rf"\b(?:{'|'.join(shape.pattern.removeprefix(chr(92) + 'b') for _, shape in SECRETS)})")

#: What stands where a secret stood.
_MARK: Final = "[removed: {}]"

#: What our own are called: keys and passwords from the settings, whatever they look like.
OWN: Final = "a secret of this installation"

_REMOVED: Final = re.compile(
    re.escape(_MARK).replace(r"\{\}", f"({'|'.join(dict.fromkeys([*(what for what, _ in SECRETS), OWN]))})")
)

#: The rest of a word that begins with a secret: a shape may find less than all of one.
_REST_OF_WORD: Final = r"(?:(?<=[\w-])[\w-]++)?"

#: What follows the first line of a private key: all to its last line; where that is cut off, all that looks like more of it.
_REST_OF_KEY: Final = (
    r"(?:(?:[^-]+|-(?!----))*+-----END (?:[A-Z]+ )*PRIVATE KEY-----|(?:\s*(?:(?:Proc-Type|DEK-Info): .*|\S{16,}))*+)"
)

_WHOLE: Final = tuple(
    (
        what,
        re.compile(
            f"-----{shape.pattern}{_REST_OF_KEY}" if what == "a private key" else f"(?:{shape.pattern}){_REST_OF_WORD}"
        ),
    )
    for what, shape in SECRETS
)

#: Characters of the shortest secret of ours that is taken out; a shorter one stands in half of all words, and guards nothing.
_SHORTEST: Final = 4


#: What Markdown writes with a backslash before it, as models do within a key.
_ESCAPED: Final = re.compile(r"\\([-_.~+/:@])")


def find(text: str) -> tuple[str, ...]:
    """The kinds of secrets that are in *text*, or were taken out of it; nothing when there is none."""
    text = _read(text)
    found = [what for what, shape in SECRETS if shape.search(text)] if _ANY_SECRET.search(text) else []
    return tuple(dict.fromkeys([*found, *_REMOVED.findall(text)]))


def blank(text: str, own: Iterable[str] = ()) -> str:
    """*text* with a mark in place of each secret: what has the shape of one, and what is one of our *own*."""
    values = sorted((value for value in set(own) if len(value) >= _SHORTEST), key=len, reverse=True)
    text = _read(text, values)
    if values:
        # own text: they are ours, word for word.
        text = re.sub("|".join(map(re.escape, values)), _MARK.format(OWN), text)
    if _ANY_SECRET.search(text):
        for what, whole in _WHOLE:
            text = whole.sub(_MARK.format(what), text)
    return text


def _read(text: str, own: Iterable[str] = ()) -> str:
    """*text* as its reader sees it, where there is a secret in that; else as it is written."""
    if "\\" not in text:
        return text
    read = _ESCAPED.sub(r"\1", text)
    return read if _ANY_SECRET.search(read) or any(value in read for value in own) else text


def distinctive(own: Iterable[str]) -> tuple[str, ...]:
    """Those of our *own* secrets that are no ordinary words, and so can be taken out of what was written for people."""
    return tuple(value for value in own if len(value) >= 20 or (len(value) >= 8 and any(map(str.isdigit, value))))
