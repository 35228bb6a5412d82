"""What tables say of goals."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from director.cli.tables import _whom
from director.store.database import Store
from director.words.states import WaitFor
from tests.director.conftest import add_goal


@pytest.mark.parametrize("wait_for", WaitFor)
def test_whatever_a_goal_waits_for_has_a_word(store: Store, wait_for: WaitFor) -> None:
    """A person reads it behind "waiting for"."""
    with store.write() as tx:
        goal = replace(add_goal(tx), wait_for=wait_for)
    assert _whom(goal, datetime(2026, 11, 29, tzinfo=UTC))
