"""The Director's first turn by itself."""

from collections.abc import Callable
from typing import Any

import pytest

from director.goals.submit import submit
from director.mailbox import handling
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.words.models import Goal
from tests.conftest import VERBS


@pytest.fixture
def planned() -> Callable[..., Goal]:
    """Give a goal and let the Director take the first turn; the goal as it is then."""

    def give(office: Office, text: str = "Reduce churn among gnome collectors", **options: Any) -> Goal:
        goal = submit(office, text, **options)
        with office.store.read() as tx:
            (turn,) = tx.turns.of_goal(goal.id)
        handling.handle(office, turn.id, VERBS, after_failure)
        with office.store.read() as tx:
            return tx.goals.get(goal.id)

    return give
