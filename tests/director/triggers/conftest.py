"""Events that came in, triggers that a person wrote, and somebody who looks."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from director.mailbox import handling
from director.mailbox.events import receive, turn_of
from director.mailbox.turns import RING_AGAIN
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.words.models import Event
from director.words.states import TurnState
from tests.conftest import VERBS

_numbers = count(1)


def happened(office: Office, event_type: str, data: Any, *, delivery: str = "", goal: str | None = None) -> Event:
    """An event that came in; under a number of its own, unless it is said which."""
    with office.store.write() as tx:
        event, _ = receive(
            tx,
            brand=office.brand,
            source="events",
            delivery=delivery or f"delivery-{next(_numbers)}",
            type=event_type,
            data=data,
            goal=goal,
        )
    return event


def look_at(office: Office, event: Event) -> None:
    """Whoever is at work does the event's turn, once it goes out, as often as its bell is heard."""
    with office.store.write() as tx:
        turn = turn_of(tx, event)
        assert turn is not None
        if turn.state is TurnState.QUEUED and turn.not_before <= tx.now:
            tx.turns.move(turn, TurnState.DISPATCHED, due_at=tx.now + RING_AGAIN)
    handling.handle(office, turn.id, VERBS, after_failure)


def became(office: Office, event: Event) -> dict[str, tuple[str, str]]:
    """What became of it, by trigger: what, and why."""
    with office.store.read() as tx:
        return {outcome.trigger: (outcome.what, outcome.why) for outcome in tx.events.outcomes(event.id)}


def goals_of(office: Office) -> list[str]:
    """The goals' words, in their order."""
    with office.store.read() as tx:
        return [goal.text for goal in reversed(tx.goals.all())]


@pytest.fixture
def write_trigger(office: Office) -> Callable[[str, str], Path]:
    """A file of a person's: `write_trigger("gnome-alarm", "event: gnome_stolen …")`."""

    def write(name: str, text: str) -> Path:
        file = office.settings.workspace_dir / "triggers" / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write
