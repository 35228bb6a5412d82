"""An event comes in once, with the turn of who looks at it, and only where it can be kept."""

import json
from typing import Any

import pytest

from director.mailbox.events import receive, turn_of
from director.office import Office
from director.words.errors import WrongCall
from director.words.json_values import MOST_NESTED


def nested(levels: int) -> Any:
    """A list in a list in a list …"""
    value: Any = 1
    for _ in range(levels - 1):
        value = [value]
    return value


def come(office: Office, data: Any, delivery: str = "1", source: str = "shop") -> tuple[str, bool]:
    """Its id, and whether it is new."""
    with office.store.write() as tx:
        event, new = receive(tx, brand="default", source=source, delivery=delivery, type="gnome_stolen", data=data)
    return event.id, new


def test_a_delivery_comes_in_once(office: Office) -> None:
    """A copy is the first, whatever it says; another source's number is another delivery."""
    assert come(office, {"gnomes": 3}) == ("e1", True)
    assert come(office, {"gnomes": 4}) == ("e1", False)
    assert come(office, {"gnomes": 4}, source="garden") == ("e2", True)

    with office.store.read() as tx:
        event = tx.events.get("e1")
        turn = turn_of(tx, event)
    assert event.data == {"gnomes": 3}
    assert turn is not None
    assert (turn.verb, turn.goal, turn.priority) == ("event", None, "P1")


@pytest.mark.parametrize(
    "data",
    [
        None,
        "text",
        -0.0,
        [],
        {"": {"\x00": "\ud800"}},
        {"n": 10**99},
        "\u202e\x1b[31m",
        nested(MOST_NESTED),
    ],
)
def test_what_is_json_is_kept_as_it_came(office: Office, data: Any) -> None:
    """Whatever it is."""
    ident, _ = come(office, data)

    with office.store.read() as tx:
        assert tx.events.get(ident).data == data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (json.loads("1e999"), "numbers that are finite"),
        ({"a": [{"b": float("nan")}]}, "numbers that are finite"),
        ({"n": -(10**100)}, "numbers of at most 100 digits"),
        (nested(MOST_NESTED + 1), "at most 100 values inside each other"),
        (nested(100_000), "at most 100 values inside each other"),
    ],
    ids=["too large", "no number", "too long", "too deep", "very deep"],
)
def test_what_nobody_could_read_again_is_refused(office: Office, data: Any, why: str) -> None:
    """In a sentence, whichever door it came to; nothing is written."""
    with pytest.raises(WrongCall, match=f"The data of an event have to be {why}"):
        come(office, data)

    with office.store.read() as tx:
        assert tx.events.count() == 0
