"""What people see: tables and lines about goals, tasks and questions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from textwrap import indent
from typing import Final

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.text import Text

from director.cli.terminal import cut, fitted
from director.files.mirror import is_written
from director.files.places import places_of
from director.goals import fitting, forecast
from director.inbox.kinds import rule_of, ways
from director.office import Office
from director.progress import changes
from director.progress.cause import cause_of
from director.progress.facts import deliverable_of
from director.progress.questions import is_overdue
from director.progress.replanning import REPLAN
from director.store.tx import Tx
from director.views.goal import cost, took
from director.words.amounts import usd
from director.words.characters import visible
from director.words.command import program
from director.words.models import Approval, Call, Goal, Task, Turn
from director.words.scores import score_cell
from director.words.states import Answer, ApprovalState, GoalState, HeldWhy, TaskState, TurnState, WaitFor, is_final

#: How a task's state is said and coloured.
_TASK: Final = {
    TaskState.PLANNED: ("next", "dim"),
    TaskState.DRAFTING: ("writing", "cyan"),
    TaskState.REVIEWING: ("in review", "magenta"),
    TaskState.ESCALATED: ("waits for you", "yellow"),
    TaskState.APPROVED: ("approved", "green"),
    TaskState.FAILED: ("not approved", "yellow"),
    TaskState.CANCELLED: ("cancelled", "dim"),
    TaskState.LEFT_OUT: ("left out", "dim"),
}

#: What a held turn waits for.
_HELD: Final = {
    HeldWhy.MONEY: "waits for money",
    HeldWhy.PERSON: "waits for you",
    HeldWhy.SKILL: "waits for a worker",
}

_GOAL: Final = {
    GoalState.COMPLETED: "green",
    GoalState.PARTIAL: "yellow",
    GoalState.FAILED: "red",
    GoalState.WAITING: "yellow",
    GoalState.CANCELLED: "dim",
}


def goal_view(tx: Tx, goal: Goal, width: int, *, rehearses: bool = False) -> RenderableType:
    """
    A goal as it stands: what runs, what is next, what was spent of what, who is waited for.

    *rehearses* as in `goal_document`.
    """
    tasks = tx.tasks.of_goal(goal.id)
    calls = tx.calls.of_goal(goal.id)
    needs = tx.tasks.needs(goal.id)
    questions = tx.approvals.open(goal.id)
    turns = {turn.subject: turn for turn in tx.turns.open_of_goal(goal.id)}
    parts: list[RenderableType] = [headline(goal, calls, tx, width, rehearses=rehearses, asked=bool(questions))]
    if tasks:
        rows = [
            task_row(task, calls, needs.get(task.id, ()), state_of(task, turns.get(task.id), tx.now)) for task in tasks
        ]
        columns = ("task", "specialist", "state", "rev", "score", "cost", "after")
        parts.append(
            fitted(
                rows,
                columns,
                width,
                text="specialist",
                right=("rev", "score", "cost"),
                drop=("rev", "after", "cost", "score"),
            )
        )
    parts += [Text(line, style="yellow") for line in outdated_lines(changes.outdated(tx, goal.id))]
    for question in questions:
        parts.append(Text(f"{question.id}: {visible(' '.join(question.question.split()))}", style="yellow"))
        parts.append(Text(indent(answers(question, tx.now), "    "), style="dim"))
    return Group(*parts)


def outdated_lines(outdated: Mapping[str, Sequence[str]]) -> list[str]:
    """Which tasks rest on versions of others that were changed, and what can be done about it: a line for all of the same."""
    by_inputs: dict[tuple[str, ...], list[str]] = {}
    for ident, inputs in outdated.items():
        by_inputs.setdefault(tuple(inputs), []).append(ident)
    return [
        f"{' and '.join(those)} {'rests' if len(those) == 1 else 'rest'} on an earlier version of {' and '.join(inputs)}: "
        f"`{program()} revise {inputs[-1]} --dependents` has {'it' if len(those) == 1 else 'them'} looked at again, "
        f"`{program()} accept {those[0]}` says that it is fine."
        for inputs, those in by_inputs.items()
    ]


def headline(goal: Goal, calls: Sequence[Call], tx: Tx, width: int, *, rehearses: bool, asked: bool) -> Text:
    """
    What was asked for; below it how it stands, its money and time, as many lines as that needs.

    Why it waits is not said where a question below says it (*asked*).
    """
    spent = cost(calls)
    line = Text(f"{goal.id}  ", style="bold")
    words = visible(" ".join(goal.text.split()))
    line.append(words if len(words) <= 100 else f"{words[:99]}…", style="default")
    state = Text(goal.state, style=_GOAL.get(goal.state, "cyan"))
    if goal.wait_for is not None:
        state.append(f" for {_whom(goal, tx.now)}", style="yellow")
    made = "1 call" if len(calls) == 1 else f"{len(calls)} calls"
    pieces: list[str | Text] = [
        state,
        f"{goal.category}, {goal.priority}",
        f"{usd(spent)} of {usd(goal.cap_nano)}",
        *([f"likely {fitting.said(expected)}"] if (expected := forecast.from_document(goal.forecast)) else []),
        made,
        _took(took(tx, goal).total_seconds()),
    ]
    if label := rehearsal(calls, rehearses=rehearses):
        pieces.append(Text(label, style="magenta"))
    line.append("\n").append_text(_flowing(pieces, width))
    if cause := cause_of(tx, goal.id):
        line.append(f"\nStarted by {visible(cause)}.", style="dim")
    told = asked and goal.state is GoalState.WAITING
    if goal.reason and not told and (goal.state is GoalState.WAITING or is_final(goal.state)):
        mild = goal.state in (GoalState.WAITING, GoalState.PARTIAL)
        line.append(f"\n{visible(' '.join(goal.reason.split()))}", style="yellow" if mild else "red")
    return line


def _flowing(pieces: Sequence[str | Text], width: int) -> Text:
    """The pieces behind each other; a line ends between two of them, never within one."""
    text, here = Text(), 0
    for piece in pieces:
        gap = "" if not here else "\n" if here + 2 + cell_len(str(piece)) > width else "  "
        here = cell_len(str(piece)) + (here + 2 if gap == "  " else 0)
        text.append(gap).append_text(piece if isinstance(piece, Text) else Text(piece))
    return text


def rehearsal(calls: Sequence[Call], *, rehearses: bool) -> str:
    """
    What of a goal's calls was rehearsed; nothing where all was real.

    The calls say it, not the settings of who looks: a worker may have a key that this terminal has not, or the other way.
    """
    rehearsed = [call for call in calls if call.rehearsal]
    if len(rehearsed) == len(calls):
        return "rehearsal, nothing is paid" if calls or rehearses else ""
    if not rehearsed:
        return ""
    return f"{usd(cost(rehearsed))} of it rehearsed, {usd(cost(calls) - cost(rehearsed))} paid"


def state_of(task: Task, turn: Turn | None, now: datetime) -> tuple[str, str]:
    """
    The word for a task's state, and its style: what somebody does now, not what could be done.

    *turn* is the open turn about the task, if there is one. What a process left behind when it died is done by nobody.
    """
    if turn is None or task.state not in (TaskState.DRAFTING, TaskState.REVIEWING):
        is_replanned = turn is not None and turn.verb == REPLAN
        return ("in re-planning", "cyan") if is_replanned else _TASK[task.state]
    match turn.state:
        case TurnState.RUNNING if turn.lease_until is None or turn.lease_until >= now:
            return _TASK[task.state]
        case TurnState.HELD:
            return _HELD[turn.held_why or HeldWhy.MONEY], "yellow"
        case TurnState.QUEUED if turn.not_before > now:
            return "waits for the model", "yellow"
        case TurnState.QUEUED:
            return "waits for a slot", "dim"
        case _:
            return "next", "dim"


def task_row(task: Task, calls: Sequence[Call], needs: Sequence[str], state: tuple[str, str]) -> tuple[str | Text, ...]:
    """The task's row of the table."""
    word, style = state
    spent = cost(call for call in calls if call.task == task.id)
    return (
        task.id,
        cut(task.skill if task.target is None else f"{task.skill} reviews {task.target}"),
        Text(word, style=style),
        str(task.revision),
        score_cell(task, calls),
        usd(spent) if spent else "",
        ", ".join(need.rpartition("-")[2] for need in needs),
    )


def delivered(office: Office, tx: Tx, goal: Goal) -> str:
    """What was handed over and where it is, a line a piece; paths are not folded, so that they can be copied."""
    calls = tx.calls.of_goal(goal.id)
    rows = [("deliverable", "score", "file")]
    for task in tx.tasks.of_goal(goal.id):
        text = deliverable_of(tx, task)
        places = places_of(task, text) if text is not None else ()
        rows += [(task.skill, score_cell(task, calls), where(office, place.path)) for place in places]
    width, wide = (max(len(row[column]) for row in rows) for column in (0, 1))
    return "\n".join(f"{skill:<{width}}  {score:>{wide}}  {file}" for skill, score, file in rows)


def where(office: Office, path: str) -> str:
    """The file of a mirror, where there is one."""
    return str(office.settings.workspace_dir / path) if is_written(office, path) else "not written"


def answers(question: Approval, now: datetime) -> str:
    """How to answer: a command a line, so that none is folded and each can be copied."""
    rule = rule_of(question.about)
    said = [f"{program()} {verb} {question.id}" + (' "…"' if verb is Answer.REVISE else "") for verb in ways(question)]
    due = f"{question.due_at:%Y-%m-%d %H:%M} UTC"
    if is_overdue(question, now):
        then = f"was due until {due}: {rule.unanswered}, as soon as somebody works on {question.goal}"
    else:
        then = f"until {due}, then {rule.unanswered}"
    return "\n".join([*said, f"({then})"])


def until(question: Approval, now: datetime) -> str:
    """The question's deadline, for a column."""
    return f"{question.due_at:%Y-%m-%d %H:%M}" + (" (passed)" if is_overdue(question, now) else "")


def closed(question: Approval) -> str:
    """What became of a question that is not open any more."""
    if question.state is ApprovalState.LAPSED and question.answer is None:
        return f"Nobody answered until {question.due_at:%Y-%m-%d %H:%M} UTC: {rule_of(question.about).unanswered}."
    return f"{question.state}: {question.answer}" if question.answer else question.state


def _whom(goal: Goal, now: datetime) -> str:
    # A moment that has passed promises nothing: whoever works on the goal looks at it then, and nobody may have.
    ahead = goal.wait_until is not None and goal.wait_until > now and goal.wait_for is WaitFor.MODEL
    until = f" until {goal.wait_until:%H:%M:%S} UTC" if ahead else ""
    who = {
        WaitFor.PERSON: "you",
        WaitFor.MONEY: "money",
        WaitFor.MODEL: "the model service",
        WaitFor.WORKER: "a worker that has what it needs",
        WaitFor.PAUSE: "a resume",
        WaitFor.HEALTH: "the team to be well",
    }[goal.wait_for or WaitFor.PERSON]
    return f"{who}{until}"


def _took(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{seconds:.1f} s" if seconds < 10 else f"{minutes}:{rest:02d} min"
