"""The Director's last turn: a look over everything that was approved, and the report for the goal's owner."""

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from director.calls.ask import ask_for
from director.files.mirror import (
    SHAPE_CHECKED,
    document,
    is_written,
    mirror_task,
    report_path,
    score_cell,
    scored,
    write,
)
from director.mailbox import turns
from director.mailbox.turns import Held
from director.office import DIRECTOR, Office
from director.progress.advance import awake, go_on
from director.progress.facts import context_of, deliverable_of, model_of, not_mended, situation_of
from director.prompting import concluding
from director.prompting.drafting import Input
from director.prompting.forms import Conclusion
from director.store.tx import Tx
from director.words.amounts import usd
from director.words.models import Approval, Call, Goal, Task
from director.words.question import Kind
from director.words.states import ApprovalState, CallState, GoalState, TaskState
from skills import markdown
from skills.rubric import PASS_MARK

_log = logging.getLogger(__name__)

#: Goals whose files are looked at when a process starts; of an older one `watch` does it.
_LATEST: Final = 100


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A file that could not be written."""

    file: Path
    subject: str  #: whose text it is: a task's or a goal's id
    reason: str


def conclude(office: Office, held: Held) -> None:
    """
    Check the deliverables against each other, write the report, end the goal: completed, or partial where not all was approved.
    Caused by the last task's end.

    The mirrors are written before the goal is over: who sees it completed finds its files.
    """
    with office.store.read() as tx:
        goal = tx.goals.get(held.turn.subject)
        context = context_of(tx, goal)
        deliverables = _deliverables(tx, goal)
        missing = _missing(tx.tasks.of_goal(goal.id))
    go_on(office, goal, by=DIRECTOR)
    if deliverables:
        request = concluding.conclude(
            model=model_of(office, DIRECTOR),
            goal=goal.text,
            context=context,
            situation=situation_of(goal),
            deliverables=deliverables,
            missing=[_named(task) for task in missing],
        )
        found = ask_for(office, held, request, Conclusion, about=f"The conclusion of {goal.id}")
    else:
        found = Conclusion(summary="Nothing was approved.", contradictions=[], next_steps=[])
    with office.store.read() as tx:
        for task in tx.tasks.of_goal(goal.id):
            mirror_task(office, tx, task)
        write(office, report_path(goal), report(office, tx, goal, found))
    with office.store.write() as tx:
        goal = awake(tx, tx.goals.get(goal.id, lock=True), by=DIRECTOR)
        turns.finish(tx, held)
        state, reason = GoalState.COMPLETED, None
        if missing:
            verb = "was" if len(missing) == 1 else "were"
            state, reason = GoalState.PARTIAL, f"{', '.join(map(_named, missing))} {verb} not approved."
        tx.goals.move(goal, state, by=DIRECTOR, summary=found.model_dump(), reason=reason)


def write_missing(office: Office, tx: Tx, goal: Goal) -> list[Unwritten]:
    """
    Write those of the goal's files that are not there; returns what still cannot be written.

    Files are made from the record, so a disk that was full, or a file that got lost, costs nothing but the time until somebody
    looks again.
    """
    folder = office.settings.workspace_dir
    found = [
        Unwritten(folder / task.path, task.id, why)
        for task in tx.tasks.of_goal(goal.id)
        if task.path and not is_written(office, task.path) and (why := mirror_task(office, tx, task, log=False))
    ]
    path = report_path(goal)
    if goal.summary is not None and not is_written(office, path):
        text = report(office, tx, goal, Conclusion.model_validate(goal.summary))
        if why := write(office, path, text, log=False):
            found.append(Unwritten(folder / path, goal.id, why))
    return found


def write_all_missing(office: Office) -> None:
    """`write_missing` for the latest goals: whoever starts to work makes up for what a full disk kept back."""
    with office.store.read() as tx:
        found = [one for goal in tx.goals.all(limit=_LATEST) for one in write_missing(office, tx, goal)]
    if found:
        _log.error(
            "%s still cannot be written: %s. %d missing; the record has all.",
            found[0].file,
            found[0].reason,
            len(found),
        )


def report(office: Office, tx: Tx, goal: Goal, found: Conclusion) -> str:
    """The report as a Markdown file: what was asked, what was delivered, what it cost, what is open."""
    tasks = tx.tasks.of_goal(goal.id)
    calls = tx.calls.of_goal(goal.id)
    rehearsed = any(call.rehearsal for call in calls)
    front = {
        "goal": goal.id,
        "category": goal.category.value,
        "priority": goal.priority.value,
        "plan": (goal.plan or {}).get("source", "none"),
        "model": "rehearsal" if rehearsed else ", ".join(sorted({call.answered_by for call in calls})),
    }
    parts = [f"# Report on {goal.id}"]
    if rehearsed:
        parts.append(_rehearsed(calls))
    if missing := _missing(tasks):
        parts.append(
            f"> Partial: {len(missing)} of {len(tasks)} tasks ended without an approved deliverable; see What is open."
        )
    parts += [
        "## What was asked\n\n" + "\n".join(f"> {line}" for line in markdown.as_paragraphs(goal.text).split("\n")),
        f"## What came of it\n\n{markdown.as_paragraphs(found.summary)}",
        "## What was delivered\n\n" + _delivered(office, goal, tasks, calls),
        "## What it cost\n\n" + _cost(goal, tasks, calls),
        *_not_mended(tx, tasks, calls),
        "## What is open\n\n" + _open(tasks, calls, found, tx.approvals.of_goal(goal.id)),
    ]
    return document(front, "\n\n".join(parts))


def _rehearsed(calls: list[Call]) -> str:
    real = [call for call in calls if not call.rehearsal]
    if not real:
        return "> Rehearsal: written by the built-in model, not by Claude. Costs are what the calls would have cost."
    return (
        f"> Partly a rehearsal: {len(calls) - len(real)} of {len(calls)} answers are the built-in model's, not Claude's; "
        f"their costs are what they would have cost. Paid was {usd(sum(call.cost_nano for call in real))}."
    )


def _deliverables(tx: Tx, goal: Goal) -> list[Input]:
    found = []
    for task in tx.tasks.of_goal(goal.id):
        text = deliverable_of(tx, task)
        if text is not None:
            found.append(Input(task.skill, text, findings=not_mended(tx, task)))
    return found


def _missing(tasks: list[Task]) -> list[Task]:
    return [task for task in tasks if task.state is not TaskState.APPROVED]


def _named(task: Task) -> str:
    return f"{task.skill} ({task.id})"


def _why_missing(task: Task, questions: list[Approval]) -> str:
    asked = [question for question in questions if question.task == task.id and question.kind == Kind.DRAFT]
    if not asked:
        return "was not begun, because what it needs was not approved"
    return f"was not approved: nobody answered {asked[-1].id} in time; `show {asked[-1].id}` has its best draft"


def _delivered(office: Office, goal: Goal, tasks: list[Task], calls: list[Call]) -> str:
    here = (office.settings.workspace_dir / report_path(goal)).parent
    lines = ["| task | deliverable | score | revisions |", "|---|---|---|---|"]
    for task in tasks:
        file = office.settings.workspace_dir / (task.path or "")
        link = f"[{task.skill}]({Path(os.path.relpath(file, here)).as_posix()})" if task.path else task.skill
        score = score_cell(task, calls, none="none")
        lines.append(f"| {task.id} | {link} | {score} | {task.revision} |")
    return "\n".join(lines)


def _cost(goal: Goal, tasks: list[Task], calls: list[Call]) -> str:
    lines = ["| for | calls | tokens in | from cache | tokens out | cost |", "|---|---|---|---|---|---|"]
    for subject, name in [
        (None, "planning and conclusion"),
        *((task.id, f"{task.skill} ({task.id})") for task in tasks),
    ]:
        mine = [call for call in calls if call.task == subject]
        if mine:
            lines.append(
                f"| {name} | {len(mine)} | {sum(c.input_tokens + c.cache_write_tokens for c in mine):,} "
                f"| {sum(c.cache_read_tokens for c in mine):,} | {sum(c.output_tokens for c in mine):,} "
                f"| {usd(sum(c.cost_nano for c in mine))} |"
            )
    spent = sum(call.cost_nano for call in calls)
    word = "would have been" if all(call.rehearsal for call in calls) else "was"
    lines.append(f"\n{usd(spent)} of {usd(goal.cap_nano)} {word} spent.")
    for asked, served in sorted({(call.model, call.served) for call in calls if call.served}):
        mine = [call for call in calls if (call.model, call.served) == (asked, served)]
        lines.append(
            f"{len(mine)} of the calls asked {asked} and were answered by {markdown.as_line(served)}; "
            f"they are counted at its price, {usd(sum(call.cost_nano for call in mine))}."
        )
    lost = [call for call in calls if call.state is CallState.LOST]
    if lost:
        lines.append(
            f"{len(lost)} of the calls may have been paid without an answer; they are counted at their worst case, "
            f"{usd(sum(call.cost_nano for call in lost))}."
        )
    twice = [call for call in calls if call.state is CallState.DUPLICATE]
    if twice:
        lines.append(
            f"{len(twice)} of the calls bought an answer a second time, because a process was taken for dead that was not; "
            f"that cost {usd(sum(call.cost_nano for call in twice))}."
        )
    return "\n".join(lines)


def _not_mended(tx: Tx, tasks: list[Task], calls: list[Call]) -> list[str]:
    # What a rehearsal finds was found by nobody.
    lines = [
        f"- {task.skill} ({task.id}): {markdown.as_line(finding)}"
        for task in tasks
        if task.deliverable is not None and scored(task, calls) != SHAPE_CHECKED
        for finding in not_mended(tx, task)
    ]
    return ["## What was found and not mended\n\n" + "\n".join(lines)] if lines else []


def _open(tasks: list[Task], calls: list[Call], found: Conclusion, questions: list[Approval]) -> str:
    lines = [f"- Missing: {_named(task)} {_why_missing(task, questions)}." for task in _missing(tasks)]
    lines += [f"- Contradiction: {markdown.as_line(said)}" for said in found.contradictions]
    lines += [f"- Question {q.id}: {markdown.as_line(q.question)}" for q in questions if q.state is ApprovalState.OPEN]
    lines += [
        f"- {task.skill} ({task.id}) was taken with a score of {score:.1f}; look at it before it is used."
        for task in tasks
        if isinstance(score := scored(task, calls), float) and score < PASS_MARK
    ]
    lines += [f"- Next: {markdown.as_line(step)}" for step in found.next_steps]
    return "\n".join(lines) or "Nothing."
