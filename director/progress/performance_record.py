"""What the store says of goals, cost and quality, as Markdown for the Director's own report, and for its owner behind it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from director.progress.performance_figures import OfSkill, Period, periods
from director.store.tx import Tx
from director.words.amounts import usd
from director.words.characters import shortened
from director.words.models import Goal
from director.words.scores import SHAPE_CHECKED, scored
from director.words.states import GoalState, TaskState

#: What a bar has at most, and the room for names before it; characters.
_BAR: Final = 20
_LONGEST_NAME: Final = 28

#: Lines of what is stuck.
_MOST_STUCK: Final = 10

_ENDED: Final = (GoalState.COMPLETED, GoalState.PARTIAL, GoalState.FAILED, GoalState.CANCELLED)


def as_markdown(tx: Tx, *, before: Goal) -> str:
    """
    Goals given before *before* and since the last performance review, oldest first; what they come to, by skill as well, each
    against the period before; a chart in characters; and what is stuck now.
    """
    now, earlier = periods(tx, before=before)
    stuck = _stuck(tx, before)
    if not now.goals:
        return f"No goals were given since the last report.{f'{chr(10) * 2}{stuck}' if stuck else ''}"
    skills = _by_cost(now)
    parts = [
        _goals(tx, now.goals, before.brand),
        f"### Against the period before\n\n{_compared(now, earlier)}",
        f"### By skill\n\n{_by_skill(now, earlier, skills)}",
        _chart(now, skills),
        stuck,
    ]
    return "\n\n".join(filter(None, parts))


def _goals(tx: Tx, goals: Sequence[Goal], brand: str) -> str:
    costs = tx.calls.costs([goal.id for goal in goals])
    lines = [
        "| goal | asked | category | priority | state | approved | revisions | mean score | cost |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for goal in goals:
        tasks = [task for task in tx.tasks.of_goal(goal.id) if task.state is not TaskState.LEFT_OUT]
        approved = [task for task in tasks if task.state is TaskState.APPROVED]
        calls = tx.calls.of_goal(goal.id)
        scores = [scored(task, calls) for task in approved if task.score is not None]
        given = [score for score in scores if isinstance(score, float)]
        mean = f"{sum(given) / len(given):.1f}" if given else SHAPE_CHECKED if scores else "none"
        asked = " ".join(goal.text.split())[:80].replace("|", "/")
        lines.append(
            f"| {goal.id} | {asked} | {goal.category} | {goal.priority} | {goal.state} | {len(approved)} of {len(tasks)} | "
            f"{sum(task.revision for task in tasks)} | {mean} | {usd(costs.get(goal.id, 0))} |"
        )
    counted = "1 goal" if len(goals) == 1 else f"{len(goals)} goals"
    lines.append(f"\nTotal cost: {usd(sum(costs.values()))} for {counted}.")
    lines.append(f"Questions that wait for a person: {len(tx.approvals.open(brand=brand))}.")
    return "\n".join(lines)


def _compared(now: Period, earlier: Period | None) -> str:
    rows: list[tuple[str, Callable[[Period], str]]] = [
        ("goals given", lambda one: str(len(one.goals))),
        ("of them completed", lambda one: str(one.count(GoalState.COMPLETED))),
        ("completed in part", lambda one: str(one.count(GoalState.PARTIAL))),
        ("failed or cancelled", lambda one: str(one.count(GoalState.FAILED, GoalState.CANCELLED))),
        ("still under way", lambda one: str(len(one.goals) - one.count(*_ENDED))),
        ("deliverables approved", lambda one: str(one.all.approved)),
        ("of them at first try", lambda one: _share(one.all)),
        ("hours that questions waited for people", lambda one: _hours(one.all.for_people)),
        ("hours that questions waited for money", lambda one: _hours(one.all.for_money)),
        ("drafts the reviewer put to people", lambda one: str(one.put_to_people)),
        ("of them taken as they were", lambda one: str(one.taken)),
    ]
    both = [one for one in (now, earlier) if one]
    if any(one.all.paid_nano for one in both):
        rows.append(("paid", lambda one: usd(one.all.paid_nano)))
    if any(one.all.rehearsed_nano for one in both):
        rows.append(("rehearsed, at list prices", lambda one: usd(one.all.rehearsed_nano)))
    lines = ["| | this period | the one before |", "|---|---|---|"]
    lines += [f"| {name} | {say(now)} | {say(earlier) if earlier else 'none'} |" for name, say in rows]
    return "\n".join(lines)


def _by_skill(now: Period, earlier: Period | None, skills: Sequence[str]) -> str:
    lines = [
        "| skill | approved | at first try | before | cost | before | hours for people | hours for money |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in skills:
        own, was = now.skills[name], earlier.skills.get(name) if earlier else None
        lines.append(
            f"| {name} | {own.approved} | {_share(own)} | {_share(was) if was else 'none'} | {usd(_cost(now, own))} | "
            f"{usd(_cost(now, was)) if was else 'none'} | {_hours(own.for_people)} | {_hours(own.for_money)} |"
        )
    return "\n".join(lines)


def _chart(now: Period, skills: Sequence[str]) -> str:
    tried = [name for name in skills if now.skills[name].approved]
    most = max((_cost(now, now.skills[name]) for name in skills), default=0) or 1
    lines = ["At first try, of what was approved"]
    lines += [
        _bar(name, now.skills[name].at_first / now.skills[name].approved, _share(now.skills[name])) for name in tried
    ]
    lines += ["", "Cost"]
    lines += [_bar(name, (nano := _cost(now, now.skills[name])) / most, usd(nano)) for name in skills]
    return "```text\n" + "\n".join(lines) + "\n```"


def _bar(name: str, share: float, said: str) -> str:
    full = round(_BAR * share)
    return f"{shortened(name, _LONGEST_NAME):<{_LONGEST_NAME}} {'█' * full}{'░' * (_BAR - full)} {said}"


def _stuck(tx: Tx, before: Goal) -> str:
    """Questions that nobody answered, and goals that wait, without the report's own."""
    lines = [
        f"- Question {question.id} of {question.goal} has waited {_hours(tx.now - question.created_at)} hours."
        for question in tx.approvals.open(brand=before.brand)
        if question.goal != before.id
    ]
    lines += [
        f"- Goal {goal.id} waits for {goal.wait_for}."
        for goal in reversed(tx.goals.all(before.brand))
        if goal.state is GoalState.WAITING and goal.id != before.id
    ]
    if not lines:
        return ""
    more = [f"- And {len(lines) - _MOST_STUCK} more."] if len(lines) > _MOST_STUCK else []
    return "\n".join(["### What is stuck", "", *lines[:_MOST_STUCK], *more])


def _by_cost(period: Period) -> list[str]:
    """The skills, the dearest first."""
    return sorted(period.skills, key=lambda name: (-_cost(period, period.skills[name]), name))


def _cost(now: Period, own: OfSkill) -> int:
    # Paid and rehearsed money are never added up: where anything was paid in the period, that is what it cost.
    return own.paid_nano if now.all.paid_nano else own.rehearsed_nano


def _share(own: OfSkill) -> str:
    return f"{own.at_first} of {own.approved} ({100 * own.at_first / own.approved:.0f} %)" if own.approved else "none"


def _hours(waited: timedelta) -> str:
    return f"{waited / timedelta(hours=1):.1f}"
