"""The command line refuses what the use case refuses, in its words: nobody gets another answer by another way."""

from collections.abc import Callable

import pytest

from director.goals.submit import submit
from director.office import Office
from director.words.amounts import NANO
from director.words.errors import WrongCall
from director.words.models import Goal
from tests.director.cli.conftest import Said

Drain = Callable[[Office, Goal], Goal]
Say = Callable[..., Said]

GNOMES = "Sell singing gnomes"


def test_a_budget_over_the_month_is_refused_with_the_same_sentence(office: Office, say: Say) -> None:
    """Never lowered in silence."""
    with pytest.raises(WrongCall) as refused:
        submit(office, GNOMES, cap_nano=5000 * NANO)

    assert say("goal", GNOMES, "--budget", "5000", "--detach") == Said(2, "", f"{refused.value}\n")
    with office.store.read() as tx:
        assert tx.goals.all() == []


def test_a_goal_is_stopped_by_its_questions_id_and_once(office: Office, drain: Drain, say: Say) -> None:
    """Which goal it was is said; a second time is a wrong call."""
    drain(office, submit(office, GNOMES, plan_by="template", confirm=True))

    assert say("cancel", "a1") == Said(0, f"Workspace {office.settings.workspace_dir}\ng1 was cancelled.\n", "")
    assert say("cancel", "g1") == Said(2, "", "Goal g1 was cancelled already; there is nothing to cancel.\n")
