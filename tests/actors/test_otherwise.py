"""A bell for an actor that this process has not."""

import dramatiq
import pytest
from dramatiq.errors import ActorNotFound

from actors.doorbell_broker import DoorbellBroker


def test_who_answers_for_others_is_found_by_any_other_name() -> None:
    """Dramatiq would put the message away, and the turn would be put aside by nobody; a name that is there is its own."""
    broker = DoorbellBroker(url="redis://127.0.0.1:1", middleware=[])
    first, second = (
        dramatiq.actor(lambda _turn: None, actor_name=name, broker=broker) for name in ("naming", "pricing")
    )
    with pytest.raises(ActorNotFound):
        broker.get_actor("gnome-care")

    broker.otherwise = first

    assert [first, second] == [broker.get_actor(name) for name in ("gnome-care", "pricing")]
    broker.close()
