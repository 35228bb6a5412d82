"""What was rehearsed and what was paid: the record says it, not the settings of whoever looks."""

import json
from collections.abc import Callable

import pytest

from director.cli.tables import goal_view
from director.goals.paid_or_rehearsed import go_on_as
from director.goals.submit import submit
from director.office import Office
from director.words.models import Goal
from tests.director.cli.conftest import Said, do, drawn

Drain = Callable[[Office, Goal], Goal]
Say = Callable[..., Said]

SPENT = r"\$\d+\.\d+"


@pytest.fixture
def mixed(office: Office, asking: Office) -> Goal:
    """A goal whose draft was rehearsed; the review and the conclusion were paid, after a yes."""
    goal = submit(office, "Sell gnomes", pipeline="Social Week")
    do(office, goal, most=2)
    return do(asking, go_on_as(asking, goal.id, rehearsal=False), most=8)


def view(office: Office, goal: Goal, *, rehearses: bool = False) -> str:
    """What a live table shows of the goal."""
    with office.store.read() as tx:
        return "\n".join(drawn(goal_view(tx, goal, 120, rehearses=rehearses), 120))


def test_real_spending_is_never_labelled_a_rehearsal(office: Office, asking: Office, drain: Drain, say: Say) -> None:
    """A worker with a key, and a terminal without one: what is seen there is money."""
    goal = drain(asking, submit(asking, "Sell gnomes", pipeline="Social Week"))
    said = say("status").out

    assert "rehears" not in view(office, goal, rehearses=True)
    assert "rehears" not in say("status", goal.id).out
    assert "Paid in all: $" in said
    assert "Rehearsed" not in said
    assert "nothing is paid" not in said


def test_a_rehearsal_is_labelled_wherever_it_is_looked_at(office: Office, drain: Drain, say: Say) -> None:
    """Also where the one who looks has a key."""
    goal = drain(office, submit(office, "Sell gnomes", pipeline="Social Week"))
    said = say("status").out

    assert "rehearsal, nothing is paid" in view(office, goal)
    assert "rehearsal, nothing is paid" in say("status", goal.id).out
    assert said.split()[:7] == ["goal", "state", "prio", "category", "approved", "rehearsed", "cap"]
    assert "Rehearsed in all: $" in said
    assert "Paid" not in said


def test_of_a_goal_that_was_both_each_part_is_told(office: Office, mixed: Goal, say: Say) -> None:
    """Paid and rehearsed money are two numbers, in the table, the list, the document and the report."""
    with office.store.read() as tx:
        calls = tx.calls.of_goal(mixed.id)
    rehearsed, paid = (sum(call.cost_nano for call in calls if call.rehearsal is kind) / 1e9 for kind in (True, False))
    document = json.loads(say("status", mixed.id, "--json").out)
    report = (office.settings.workspace_dir / "reports" / "g1.md").read_text(encoding="utf-8")

    assert 0 < rehearsed
    assert 0 < paid
    assert f"${rehearsed:.4f} of it rehearsed, ${paid:.4f} paid" in view(office, mixed, rehearses=True)
    assert "nothing is paid" not in view(office, mixed)
    assert {f"${rehearsed:.4f}", f"${paid:.4f}"} < set(say("status").out.splitlines()[1].split())
    assert document["cost"]["rehearsed_usd"] == pytest.approx(rehearsed, abs=1e-6)
    assert document["cost"]["spent_usd"] == pytest.approx(rehearsed + paid, abs=1e-6)
    assert f"Paid was ${paid:.4f}." in report


@pytest.mark.parametrize("rehearses", [True, False])
def test_before_the_first_call_only_who_does_the_work_can_say(office: Office, rehearses: bool) -> None:
    """Whoever only looks does not know whether the worker has a key."""
    goal = submit(office, "Sell gnomes", pipeline="Social Week")

    assert ("rehearsal" in view(office, goal, rehearses=rehearses)) is rehearses
