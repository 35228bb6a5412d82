"""
What the body of a request says: JSON, read strictly and within bounds, and our own envelope of an event.

What its sender wrote is kept as it came, but for what no database or reader could take (halves of characters, NUL), and for
secrets. What tells it from others is read before that is taken out: two may differ in nothing else.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from director.triggers.signatures import WINDOW
from director.words.characters import unreadable
from director.words.errors import WrongCall
from director.words.json_values import MOST_DIGITS
from director.words.redaction import blank
from skills.documents import shown

#: Bytes of the longest body.
MOST_BYTES: Final = 256_000

#: Values inside each other; nobody's document has more.
MOST_NESTED: Final = 32

#: How the type of an event is written.
EVENT_TYPE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}")

#: Characters of a delivery's number that are kept as they are.
_LONGEST_DELIVERY: Final = 200

_FIELDS: Final = ("id", "type", "timestamp", "source", "data")
_SOURCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")

_HALF_OR_NUL: Final = re.compile("[\0\ud800-\udfff]")
_STRING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)


class NotAnEvent(WrongCall):
    """A body is not what it has to be: no JSON, or the fields of an event are not in it. Nothing of it was written."""


@dataclass(frozen=True, slots=True)
class Said:
    """An event as its sender tells of it."""

    delivery: str
    type: str
    said_at: datetime | None
    data: Any


def document_in(raw: bytes) -> Any:
    """
    The document that a body is.

    Raises:
        NotAnEvent: it is no JSON in UTF-8, or is such that different readers would read different things in it.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        found = f"the byte 0x{raw[problem.start]:02x} at position {problem.start}"
        raise NotAnEvent(f"The body has to be JSON in UTF-8; {found} is none: send it as UTF-8.") from None
    if not text.strip():
        raise NotAnEvent("The body has to be JSON; it is empty.")
    _see_depth(text)
    try:
        document = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_number
        )
    except json.JSONDecodeError as problem:
        raise NotAnEvent(
            f"The body has to be JSON; it is none in line {problem.lineno}, column {problem.colno}: {problem.msg}."
        ) from None
    return document


def cleaned(data: Any, own: Iterable[str]) -> Any:
    """
    *data* as it may be kept and shown: without secrets, what has the shape of one and those of our *own*, and without what is
    no text.

    Raises:
        NotAnEvent: two keys of an object differ in nothing else.
    """
    own = tuple(own)
    text = json.dumps(data, ensure_ascii=False)
    # Nearly all are as they may be; what an escape stands for is looked at one by one.
    if "\\" not in text and not _HALF_OR_NUL.search(text) and blank(text, own) == text:
        return data
    return _clean(data, lambda words: blank(_HALF_OR_NUL.sub("\ufffd", words), own))


def envelope(document: Any, now: datetime) -> Said:
    """
    The event in our own envelope. Its number is its source's: two sources may have the same.

    Raises:
        NotAnEvent: a field is missing or wrong, or is none.
    """
    if not isinstance(document, dict):
        raise NotAnEvent(f"The body has to be an object with {', '.join(_FIELDS)}; it is {shown(document)}.")
    for field in _FIELDS:
        if field not in document:
            raise NotAnEvent(f"The field {field} has to be there, beside {_others(field)}; it is missing.")
    for field in document:
        if field not in _FIELDS:
            raise NotAnEvent(f"The body has to have no fields but {', '.join(_FIELDS)}; it has {shown(field)}.")
    source = document["source"]
    if not isinstance(source, str) or not _SOURCE.fullmatch(source):
        raise wrong("source", "a word of up to 64 letters, digits and '_.:-'", source)
    if not isinstance(document["data"], dict):
        raise wrong("data", "an object", document["data"])
    return Said(
        delivery=delivery_of("id", f"{source}/", document["id"]),
        type=type_of("type", document["type"]),
        said_at=moment_of("timestamp", document["timestamp"], now, numbers=False),
        data=document["data"],
    )


def delivery_of(field: str, before: str, *values: Any) -> str:
    """
    What tells a delivery from others: text or a number, or several. One that is long, cannot be read, or looks like a
    secret, by its hash.

    Raises:
        NotAnEvent: it is none.
    """
    for value in values:
        if isinstance(value, bool) or not isinstance(value, (str, int)) or not str(value).strip():
            raise wrong(field, "text or a whole number", value)
    # As a list where there are several: ["1", "23"] is another than ["12", "3"].
    found = before + (str(values[0]) if len(values) == 1 else json.dumps(values))
    if len(found) <= _LONGEST_DELIVERY and unreadable(found) is None and blank(found) == found:
        return found
    return f"{before}sha256:{hashlib.sha256(found.encode('utf-8', 'surrogatepass')).hexdigest()}"


def type_of(field: str, value: Any) -> str:
    """
    The type of an event, known or not.

    Raises:
        NotAnEvent: it is no word.
    """
    if not isinstance(value, str) or not EVENT_TYPE.fullmatch(value) or blank(value) != value:
        raise wrong(field, "a word of up to 64 letters, digits and '_.:/-' such as new_blog_post", value)
    return value


def moment_of(field: str, value: Any, now: datetime, *, numbers: bool) -> datetime | None:
    """
    When it happened: ISO 8601 with its zone; for senders that write *numbers*, seconds or milliseconds since 1970 as well.

    Raises:
        NotAnEvent: it is no such time, or one to come.
    """
    expected = "a time in ISO 8601 with its zone, such as 2026-11-22T09:00:00Z"
    found = None
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
        elif numbers and isinstance(value, (int, float)) and not isinstance(value, bool):
            found = datetime.fromtimestamp(value / 1000 if value > 10**11 else value, now.tzinfo)
        # Years beyond ours cannot be told in another zone.
        found = found if found is None or found.tzinfo is None else found.astimezone(now.tzinfo)
    except (ValueError, OverflowError, OSError):
        found = None
    if found is None or found.tzinfo is None:
        raise wrong(field, expected, value)
    if found > now + WINDOW:
        raise wrong(field, f"a time that has come (ours is {now:%Y-%m-%dT%H:%M:%SZ})", value)
    return found


def wrong(field: str, expected: str, came: Any) -> NotAnEvent:
    """The complaint about a field."""
    return NotAnEvent(f"The field {field} has to be {expected}; it is {blank(shown(came))}.")


def _others(field: str) -> str:
    return ", ".join(other for other in _FIELDS if other != field)


def _see_depth(text: str) -> None:
    """Before anything is made of it: the reader calls itself for each value in another."""
    if text.count("[") + text.count("{") <= MOST_NESTED:
        return
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MOST_NESTED:
            raise NotAnEvent(f"The body has to have at most {MOST_NESTED} values inside each other; it has more.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise NotAnEvent(f"The body has to have each key of an object once; it has {shown(twice)} twice.")
    return found


def _constant(word: str) -> Any:
    raise NotAnEvent(f"The body has to be JSON; {word} is no value of it.")


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise NotAnEvent(f"The body has to have numbers of at most {MOST_DIGITS} digits; it has one of {len(digits)}.")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise NotAnEvent(f"The body has to have numbers that can be kept; {digits[:40]} is too large.")
    return number


def _clean(value: Any, words: Callable[[str], str]) -> Any:
    """The same value, with every text of it cleaned; its depth is known to be small."""
    if isinstance(value, str):
        return words(value)
    if isinstance(value, list):
        return [_clean(item, words) for item in value]
    if isinstance(value, dict):
        return _object([(words(key), _clean(item, words)) for key, item in value.items()])
    return value
