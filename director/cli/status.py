"""`status` and `show`: how things stand, and what was written."""

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from director.words.command import program, worker
from director.words.errors import WrongCall
from director.words.redaction import blank, distinctive

if TYPE_CHECKING:
    from rich.console import RenderableType

    from director.office import Office
    from director.store.tx import Tx
    from director.words.models import Approval, Goal

#: Goals that are shown unless all are asked for, the newest: a look takes as long on a record of years.
_MOST_SHOWN: Final = 50

#: Goals that are named in a line.
_MOST_NAMED: Final = 5

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def status(
    ident: Annotated[str | None, typer.Argument(metavar="GOAL")] = None,
    json: Json = False,
    stuck: Annotated[
        bool, typer.Option("--stuck", help="Only what should go on and does not; exit 1 if there is any.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help=f"All goals, not only the newest {_MOST_SHOWN}.")] = False,
) -> int:
    """The newest goals, or one with its tasks."""
    if stuck:
        return _stuck(ident, json=json)
    from director.bootstrap import opened  # noqa: PLC0415 - heavy imports stay inside commands, so that --help is quick
    from director.cli.documents import print_document  # noqa: PLC0415
    from director.cli.tables import console, goal_view  # noqa: PLC0415
    from director.views.goal import goal_document, goals_document, is_left  # noqa: PLC0415
    from director.words.settings import from_env  # noqa: PLC0415

    with opened(from_env()) as office, office.store.read() as tx:
        if ident is not None:
            goal = tx.goals.get(ident)
            if json:
                print_document(goal_document(office, tx, goal))
            else:
                out = console()
                out.print(goal_view(tx, goal, out.width))
                if is_left(tx, goal):
                    out.print(f"Nobody works on it now; `{program()} watch {goal.id}` goes on.")
        else:
            count = tx.goals.count()
            goals = tx.goals.all(limit=count if every else _MOST_SHOWN)
            if json:
                print_document(goals_document(office, tx, goals, left_out=count - len(goals)))
            else:
                out = console()
                out.print(_overview(office, tx, goals, out.width))
                if count > len(goals):
                    out.print(
                        f"{count - len(goals):,} older goals are not shown: `status --all`, or `status GOAL` for one."
                    )
    return 0


def show(
    ident: Annotated[str, typer.Argument(metavar="ID")],
    prompt: Annotated[
        bool, typer.Option("--prompt", help="Of a task: what its writer was, or would be, asked.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="The prompt, part by part, as one JSON document.")] = False,
) -> None:
    """A goal's report, a task's text or its prompt, or a question with what it is about."""
    from director.bootstrap import opened  # noqa: PLC0415
    from director.cli.words import visible  # noqa: PLC0415
    from director.words.settings import from_env  # noqa: PLC0415

    if prompt:
        _prompt(ident, json=json)
        return
    if json:
        raise WrongCall("Only a prompt is shown as a document; say --prompt as well.")
    settings = from_env()
    with opened(settings) as office, office.store.read() as tx:
        plan = _plan_asked_about(tx, ident)
        if plan is not None:
            _show_plan(office, tx, plan)
            return
        if ident.startswith("a"):
            text = _question(tx, ident)
        elif "-" in ident:
            text = _task(tx, ident)
        else:
            text = _goal(office, tx, ident)
    text = blank(text, distinctive(settings.secrets))
    # What goes into a file is as it was written; on a screen nothing may turn around what is read.
    print(visible(text) if sys.stdout.isatty() else text)  # noqa: T201


def _plan_asked_about(tx: "Tx", ident: str) -> "Approval | None":
    """The question about a plan that *ident* is, or that keeps the goal *ident* from being begun."""
    if ident.startswith("a"):
        question = tx.approvals.get(ident)
        return question if question.kind == "plan" else None
    if "-" in ident:
        return None
    return next((question for question in tx.approvals.open(ident) if question.kind == "plan"), None)


def _show_plan(office: "Office", tx: "Tx", question: "Approval") -> None:
    from director.cli.plans import plan_view  # noqa: PLC0415
    from director.cli.tables import answers, console  # noqa: PLC0415
    from director.cli.words import visible  # noqa: PLC0415

    goal = tx.goals.get(question.goal)
    out = console()
    out.print(f"{goal.id}: {visible(goal.text)}")
    out.print(plan_view(office, tx, goal, out.width))
    if question.state == "open":
        out.print(f"{question.id}: may it run?\n{answers(question)}")
    else:
        out.print(f"{question.id}: {question.state}{f': {question.answer}' if question.answer else ''}")


def _stuck(ident: str | None, *, json: bool) -> int:
    from director.bootstrap import opened  # noqa: PLC0415
    from director.cli.documents import print_document  # noqa: PLC0415
    from director.cli.tables import console, fitted  # noqa: PLC0415
    from director.upkeep import sweep  # noqa: PLC0415
    from director.views.stuck import stuck_document  # noqa: PLC0415
    from director.words.settings import from_env  # noqa: PLC0415

    with opened(from_env()) as office:
        with office.store.read() as tx:
            goal = None if ident is None else tx.goals.get(ident).id
        found = [row for row in sweep.stuck(office) if goal in (None, row.goal)]
        with office.store.read() as tx:
            anybody = tx.presence.anybody()
    if json:
        print_document(stuck_document(found))
    elif not found:
        print("Nothing is stuck.")  # noqa: T201
    else:
        out = console()
        rows = [(row.kind, row.id, row.goal, f"{row.since:%Y-%m-%d %H:%M:%S}", row.why) for row in found]
        columns = ("kind", "id", "goal", "since (UTC)", "why")
        out.print(fitted(rows, columns, out.width, text="why", drop=("since (UTC)",)))
        if not anybody:
            out.print(f"\nNo worker is running: start one ({worker()}), or follow a goal ({program()} watch GOAL).")
    return 1 if found else 0


def _overview(office: "Office", tx: "Tx", goals: "Sequence[Goal]", width: int) -> "RenderableType":
    from rich.console import Group  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from director.calls.caps import goal_scope, is_month  # noqa: PLC0415
    from director.cli.tables import cut, fitted  # noqa: PLC0415
    from director.views.goal import is_left  # noqa: PLC0415
    from director.words.amounts import usd  # noqa: PLC0415
    from director.words.states import TaskState  # noqa: PLC0415

    if not goals:
        return Text(f'No goals yet. Give one: {program()} goal "Increase signup conversion by 20%"')
    accounts = tx.accounts.all()
    spent = {(account.scope, account.rehearsal): account.spent_nano for account in accounts}
    rehearsed, paid = ({goal.id: spent.get((goal_scope(goal.id), kind), 0) for goal in goals} for kind in (True, False))
    # Two kinds of money, never in one column: of one there is often nothing.
    money = [(name, of) for name, of in (("paid", paid), ("rehearsed", rehearsed)) if any(of.values())]
    money = money or [("paid", paid)]
    names = [name for name, _ in money]
    rows: list[tuple[str | Text, ...]] = []
    for goal in goals:
        tasks = tx.tasks.of_goal(goal.id)
        done = sum(task.state is TaskState.APPROVED for task in tasks)
        state = goal.state if goal.wait_for is None else f"{goal.state} ({goal.wait_for})"
        rows.append((
            goal.id, state, goal.priority, goal.category, f"{done}/{len(tasks)}", *(usd(of[goal.id]) for _, of in money),
            usd(goal.cap_nano), cut(goal.text),
        ))  # fmt: skip
    table = fitted(
        rows,
        ("goal", "state", "prio", "category", "approved", *names, "cap", "asked"),
        width,
        text="asked",
        right=("approved", *names, "cap"),
        drop=("cap", "prio", "category", "approved", *names),
    )
    workers = tx.presence.standing_workers()
    questions = len(tx.approvals.open())
    lines: list[RenderableType] = [table, Text("")]
    lines.append(Text(_who_works(tx, workers)))
    if left := [goal.id for goal in goals if is_left(tx, goal)]:
        named = ", ".join(left[:_MOST_NAMED]) + (
            f" and {len(left) - _MOST_NAMED} more" if len(left) > _MOST_NAMED else ""
        )
        lines.append(Text(f"Nobody works now on {named}; `{program()} watch {left[0]}` goes on."))
    if questions:
        lines.append(Text(f"Questions that wait for you: {questions} ({program()} approvals).", style="yellow"))
    service = tx.components.get(office.claude.service)
    if service is not None and service.offline_since is not None and service.look_at is not None:
        said = f"The model service is offline since {_time(service.offline_since)} ({service.reason.rstrip('.')}); "
        lines.append(Text(f"{said}it is asked again at {_time(service.look_at)}.", style="red"))
    months = [account for account in accounts if is_month(account.scope)]
    for kind, said in ((False, "Paid in all: {}."), (True, "Rehearsed in all: {}; that was not paid.")):
        if nano := sum(account.spent_nano for account in months if account.rehearsal is kind):
            lines.append(Text(said.format(usd(nano)), style="magenta" if kind else ""))
    if office.claude.rehearses and not workers:
        lines.append(Text("No ANTHROPIC_API_KEY here: what is worked on from here is a rehearsal.", style="magenta"))
    return Group(*lines)


def _who_works(tx: "Tx", workers: int) -> str:
    if workers:
        return f"Worker processes: {workers}."
    return "A command works on its goal; no worker stays." if tx.presence.anybody() else "No worker is running."


def _time(moment: datetime) -> str:
    return f"{moment:%H:%M:%S} UTC"


def _goal(office: "Office", tx: "Tx", ident: str) -> str:
    from director.goals.conclude import report  # noqa: PLC0415
    from director.prompting.answers import Conclusion  # noqa: PLC0415

    goal = tx.goals.get(ident)
    if goal.summary is not None:
        return report(office, tx, goal, Conclusion.model_validate(goal.summary)).rstrip()
    lines = [f"{goal.id}: {goal.text}", f"{goal.state}, {goal.category}, {goal.priority}"]
    if goal.reason:
        lines.append(goal.reason)
    lines += [
        f"{line.at:%Y-%m-%d %H:%M:%S} UTC  {line.subject}  {line.what}  {line.detail or ''}".rstrip()
        for line in tx.journal(ident)
    ]
    return "\n".join(lines)


def _task(tx: "Tx", ident: str) -> str:
    task = tx.tasks.get(ident)
    drafts = tx.drafts.of_task(ident)
    if not drafts:
        return f"{ident} ({task.skill}) is {task.state}; nothing is written yet."
    counts = next((draft for draft in drafts if draft.id == task.deliverable), drafts[-1])
    return str(tx.text(counts.text_hash)).rstrip()


def _prompt(ident: str, *, json: bool) -> None:
    from director.bootstrap import opened  # noqa: PLC0415
    from director.cli.documents import print_document  # noqa: PLC0415
    from director.cli.prompts import print_prompt  # noqa: PLC0415
    from director.tasks.prompt import Standing, look  # noqa: PLC0415
    from director.views.prompt import prompt_document  # noqa: PLC0415
    from director.words.settings import from_env  # noqa: PLC0415

    if "-" not in ident:
        hint = f"`{program()} status GOAL` lists a goal's tasks"
        raise WrongCall(f"Only a task has a prompt, such as g1-1; {ident!r} is none; {hint}.")
    with opened(from_env()) as office:
        found = look(office, ident)
    if json:
        print_document(prompt_document(found))
    else:
        print_prompt(found)
    if found.standing is Standing.CHANGED:
        raise typer.Exit(1)


def _question(tx: "Tx", ident: str) -> str:
    from director.cli.tables import answers  # noqa: PLC0415

    approval = tx.approvals.get(ident)
    lines = [approval.question, f"{approval.state}{f': {approval.answer}' if approval.answer else ''}"]
    if approval.state == "open":
        lines.append(answers(approval))
    for which in ("best", "last"):
        if which in approval.document and (which == "best" or approval.document["last"] != approval.document["best"]):
            draft = tx.drafts.get(approval.document[which])
            lines += [
                "",
                f"--- {which} version: revision {draft.revision}, score {draft.score} ---",
                tx.text(draft.text_hash).rstrip(),
            ]
    if notes := approval.document.get("notes"):
        lines += ["", "--- what the reviewer found ---", notes]
    return "\n".join(lines)
