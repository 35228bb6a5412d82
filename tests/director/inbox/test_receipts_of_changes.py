"""What people change of approved work is covered by receipts as what was approved first: while it is changed, and after."""

from collections.abc import Callable
from pathlib import Path

import pytest

from director.goals.submit import submit
from director.inbox.accept import accept, say_fine
from director.inbox.revise_approved import revise
from director.office import Office
from director.receipts.receipt import from_text
from director.verification.verify import verify
from director.words.models import Goal
from director.words.states import GoalState

Drain = Callable[[Office, Goal], Goal]

OWN = "# Gnomes\n\nMy own words about gnomes, which I like better.\n"


def mismatches(office: Office) -> list[str]:
    """What `verify` finds, a sentence each."""
    return [str(one) for one in verify(office).mismatches]


@pytest.fixture
def done(office: Office, drain: Drain) -> Goal:
    """A goal that is completed, of three tasks that build on each other."""
    goal = drain(office, submit(office, "Sell more gnomes", pipeline="Outreach Campaign"))
    assert goal.state is GoalState.COMPLETED
    assert mismatches(office) == []
    return goal


def test_a_change_that_is_under_way_is_no_mismatch_and_what_came_of_it_is_covered(
    office: Office, done: Goal, drain: Drain
) -> None:
    """The version that stands until then is compared as before; the new one, and the goal's second end, have receipts."""
    revise(office, f"{done.id}-1", "Shorter.")
    assert mismatches(office) == []
    drain(office, done)

    assert mismatches(office) == []
    with office.store.read() as tx:
        (path,) = {tx.tasks.get(f"{done.id}-1").path}
    file = office.settings.workspace_dir / str(path)
    file.write_text(file.read_text(encoding="utf-8") + "!", encoding="utf-8")
    assert len(mismatches(office)) == 1


def test_a_persons_own_version_has_a_receipt_that_names_no_model(office: Office, done: Goal) -> None:
    """No model was asked for it; it is covered from the moment it is accepted."""
    accept(office, f"{done.id}-1", OWN, file=Path("own.md"))

    assert mismatches(office) == []
    with office.store.read() as tx:
        row = next(row for row in reversed(tx.receipts.of_goal(done.id)) if row.task == f"{done.id}-1")
        found = from_text(tx.text(row.hash))
    assert (found.model, found.prompt, found.by) == (None, None, "person")


def test_what_a_person_says_is_fine_is_covered_with_what_it_rests_on_then(office: Office, done: Goal) -> None:
    """Else the record would say another thing than its receipt."""
    accept(office, f"{done.id}-1", OWN, file=Path("own.md"))
    say_fine(office, f"{done.id}-2")

    assert mismatches(office) == []
