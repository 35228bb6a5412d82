"""What goals took that are over is read back whole, the newest first to count, paid and rehearsed apart."""

from collections.abc import Callable

import pytest

from director.goals.submit import submit
from director.office import Office
from director.store import history
from director.words.models import Goal
from pipelines.plan import StepKind

Drain = Callable[[Office, Goal], Goal]


def give(office: Office, drain: Drain, **wanted: object) -> Goal:
    return drain(office, submit(office, "Sell gnomes", pipeline="Social Week", **wanted))  # type: ignore[arg-type]


class TestHistory:
    """What the store says of goals that are over."""

    def test_the_calls_of_a_goal_that_is_over_are_its_history(self, office: Office, drain: Drain) -> None:
        """
        Every answered call with its tokens as the ledger has them, its task's skill, and how long the context was.
        """
        goal = give(office, drain)
        with office.store.read() as tx:
            calls, told = tx.calls.of_goal(goal.id), tx.history.calls("default", rehearsal=True, goals=5)

        assert [(one.purpose, one.model, one.input_tokens, one.output_tokens) for one in told] == [
            (call.purpose, call.model, call.input_tokens, call.output_tokens) for call in calls
        ]
        assert {(one.skill, one.kind) for one in told} == {("social-content", StepKind.DRAFT), (None, None)}
        assert {one.context_length for one in told} == {0}

    def test_only_the_newest_goals_count_and_none_that_is_under_way(self, office: Office, drain: Drain) -> None:
        """
        Of three goals the two that were concluded last; one that was only planned is not among them.
        """
        goals = [give(office, drain) for _ in range(3)]
        give(office, drain, confirm=True)
        with office.store.read() as tx:
            told = tx.history.calls("default", rehearsal=True, goals=2)

        assert {one.goal for one in told} == {goal.id for goal in goals[1:]}

    def test_what_was_rehearsed_says_nothing_of_what_is_paid(self, office: Office, drain: Drain) -> None:
        """
        Each kind of goal has a history of its own.
        """
        give(office, drain)
        with office.store.read() as tx:
            assert tx.history.calls("default", rehearsal=False, goals=5) == []

    def test_a_large_ledger_is_not_read_through(
        self, office: Office, drain: Drain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """
        Conclusions are looked for among the newest calls only.
        """
        goals = [give(office, drain) for _ in range(3)]
        with office.store.read() as tx:
            latest = len(tx.calls.of_goal(goals[-1].id))
            monkeypatch.setattr(history, "_LATEST_CALLS", latest)
            assert {one.goal for one in tx.history.calls("default", rehearsal=True, goals=50)} == {goals[-1].id}
