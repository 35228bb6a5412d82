"""The figures of a performance report are those of the record: counted here by hand, goal by goal."""

import re
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from director.goals.submit import submit
from director.inbox import approvals
from director.inbox.accept import accept
from director.inbox.revise_approved import revise
from director.office import Office
from director.progress import performance_record
from director.progress.performance_figures import Period, periods
from director.words.amounts import usd
from director.words.models import Goal
from director.words.states import Answer, GoalState
from tests.conftest import SetClock

Drain = Callable[[Office, Goal], Goal]
Pipeline = Callable[..., str]


def after(goal: Goal) -> Goal:
    """A goal that is given after all others."""
    return Goal(**{field.name: getattr(goal, field.name) for field in fields(Goal)} | {"id": "g99"})


def figures(office: Office, goal: Goal) -> tuple[Period, Period | None]:
    with office.store.read() as tx:
        return periods(tx, before=after(goal))


def record(office: Office, goal: Goal) -> str:
    with office.store.read() as tx:
        return performance_record.as_markdown(tx, before=after(goal))


def row(text: str, name: str) -> list[str]:
    (line,) = [line for line in text.splitlines() if line.startswith(f"| {name} |")]
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


@pytest.fixture
def worked(
    open_with: Callable[..., Office], drain: Drain, clock: SetClock, pipeline: Pipeline
) -> tuple[Office, list[Goal]]:
    """
    Two periods. In the first one goal is approved at once, one after it was sent back, one when a person took the draft after
    three hours. Then a review; and in the second one goal is approved at once, and one has waited for a person for five hours.
    """
    name = pipeline("copywriting")
    usual = open_with()
    goals = [drain(usual, submit(usual, "Sell gnomes", pipeline=name))]
    sent_back = open_with(rehearsal="send_back=1")
    goals.append(drain(sent_back, submit(sent_back, "Sell more gnomes", pipeline=name)))
    escalated = open_with(rehearsal="escalate=1")
    waiting = drain(escalated, submit(escalated, "Sell all gnomes", pipeline=name))
    clock.forward(timedelta(hours=3))
    with usual.store.read() as tx:
        (question,) = tx.approvals.open(waiting.id)
    approvals.answer(usual, question.id, Answer.APPROVE, by="person")
    goals.append(drain(usual, waiting))
    drain(usual, submit(usual, "Look back", pipeline="Performance Review"))
    goals.append(drain(usual, submit(usual, "Paint gnomes", pipeline=name)))
    goals.append(drain(escalated, submit(escalated, "Bury gnomes", pipeline=name)))
    clock.forward(timedelta(hours=5))
    return usual, goals


def test_figures_are_those_of_the_goals(worked: tuple[Office, list[Goal]]) -> None:
    """
    Each counted by hand: three goals and two, three deliverables of which one went through at once and one of one, three hours
    and five.
    """
    office, goals = worked
    now, earlier = figures(office, goals[0])

    assert earlier is not None
    assert [goal.id for goal in earlier.goals] == [goal.id for goal in goals[:3]]
    assert [goal.id for goal in now.goals] == [goal.id for goal in goals[3:]]
    assert (earlier.count(GoalState.COMPLETED), now.count(GoalState.COMPLETED)) == (3, 1)
    copy, before = now.skills["copywriting"], earlier.skills["copywriting"]
    assert (before.approved, before.at_first) == (3, 1)
    assert (copy.approved, copy.at_first) == (1, 1)
    assert (before.for_people, copy.for_people) == (timedelta(hours=3), timedelta(hours=5))
    assert before.for_money == copy.for_money == timedelta()
    assert (earlier.put_to_people, earlier.taken) == (1, 1)
    assert (now.put_to_people, now.taken) == (0, 0)


def test_a_review_whose_report_is_changed_still_ends_its_period(worked: tuple[Office, list[Goal]]) -> None:
    """
    Else what it was about would be counted again by the next, for as long as its author works on the change.
    """
    office, goals = worked
    revise(office, "g4-1", "Shorter.")
    now, _ = figures(office, goals[0])

    assert [goal.id for goal in now.goals] == [goal.id for goal in goals[3:]]


def test_a_persons_own_version_is_no_draft_that_was_taken_as_it_was(worked: tuple[Office, list[Goal]]) -> None:
    """
    The question is answered by it, and the reviewer was right that the draft was not good enough.
    """
    office, goals = worked
    accept(office, f"{goals[-1].id}-1", "Bury them deep.", file=Path("own.md"))
    now, _ = figures(office, goals[0])

    assert (now.put_to_people, now.taken) == (1, 0)


def test_costs_are_those_of_the_calls(worked: tuple[Office, list[Goal]]) -> None:
    """
    A skill has the calls of its tasks, reviews included, the Director the others; together they are what the goals cost.
    """
    office, goals = worked
    now, earlier = figures(office, goals[0])
    with office.store.read() as tx:
        calls = [call for goal in goals[:3] for call in tx.calls.of_goal(goal.id)]
        costs = tx.calls.costs([goal.id for goal in goals])

    assert earlier is not None
    assert earlier.skills["copywriting"].rehearsed_nano == sum(call.cost_nano for call in calls if call.task)
    assert earlier.skills["director"].rehearsed_nano == sum(call.cost_nano for call in calls if not call.task)
    assert earlier.all.rehearsed_nano == sum(costs[goal.id] for goal in goals[:3]) > 0
    assert now.all.rehearsed_nano == sum(costs.get(goal.id, 0) for goal in goals[3:])
    assert now.all.paid_nano == earlier.all.paid_nano == 0


def test_the_record_says_the_same_against_the_period_before(worked: tuple[Office, list[Goal]]) -> None:
    """
    In a table for all, one by skill, a chart in characters, and a list of what is stuck.
    """
    office, goals = worked
    text = record(office, goals[0])
    now, earlier = figures(office, goals[0])

    assert earlier is not None
    assert row(text, "goals given") == ["2", "3"]
    assert row(text, "of them at first try") == ["1 of 1 (100 %)", "1 of 3 (33 %)"]
    assert row(text, "hours that questions waited for people") == ["5.0", "3.0"]
    assert row(text, "of them taken as they were") == ["0", "1"]
    assert row(text, "copywriting") == [
        "1", "1 of 1 (100 %)", "1 of 3 (33 %)", usd(now.skills["copywriting"].rehearsed_nano),
        usd(earlier.skills["copywriting"].rehearsed_nano), "5.0", "0.0",
    ]  # fmt: skip
    assert re.search(r"(?m)^copywriting +█{20} 1 of 1", text)
    assert f"of {goals[4].id} has waited 5.0 hours." in text
    assert f"- Goal {goals[4].id} waits for person." in text


def test_the_first_report_has_no_period_before(office: Office, drain: Drain, pipeline: Pipeline) -> None:
    """
    It says so, and invents none.
    """
    goal = drain(office, submit(office, "Sell gnomes", pipeline=pipeline("copywriting")))

    assert figures(office, goal)[1] is None
    assert row(record(office, goal), "goals given") == ["1", "none"]
