"""`plan`: a goal's plan as it stands, as a tree, a picture or a file; and its change by a person."""

import sys
from pathlib import Path
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from director.cli import editor
from director.cli.branded import opened_for
from director.cli.documents import print_document, print_text
from director.cli.tables import state_of
from director.cli.terminal import console, cut, fitted, say_workspace
from director.goals import change_plan, fitting
from director.goals.change_plan import Changed
from director.goals.checked import Refused
from director.office import Office
from director.store.tx import Tx
from director.views.forecast import expected
from director.views.plan import in_a_tree, mended, plan_document, steps
from director.views.plan_picture import picture
from director.words.amounts import usd
from director.words.characters import visible
from director.words.command import program
from director.words.errors import WorkspaceError, WrongCall
from director.words.models import Goal
from pipelines import written
from pipelines.written import WrongPlan

_COLUMNS: Final = ("plan", "task", "state", "cost", "also after", "hands over")
_ALWAYS: Final = ("plan", "task", "state", "hands over")

#: What a narrow terminal leaves out, in this order.
_DROPPED: Final = ("also after", "cost", "task")


def show(ident: str, *, svg: str | None, yaml: bool, json: bool) -> None:
    """The plan: a tree, or one of the other forms."""
    if sum((svg is not None, yaml, json)) > 1:
        raise WrongCall("--svg, --yaml and --json are three forms of the same: name one.")
    with opened_for(ident) as office:
        if yaml:
            print_text(change_plan.opened(office, ident).rstrip("\n"))
            return
        with office.store.read() as tx:
            goal = tx.goals.get(ident)
            document = plan_document(office, tx, goal) if json else None
            drawn = None if svg is None else picture(goal, steps(tx, goal), tx.now)
            shown = [] if document or drawn else _tree(office, tx, goal, console().width)
    if document is not None:
        print_document(document)
    elif drawn is not None and svg is not None:
        _write(svg, drawn)
    else:
        out = console()
        for part in shown:
            out.print(part)


def change(ident: str, file: str | None, *, json: bool) -> None:
    """Change the plan: as *file* says, or in an editor where none is named."""
    if file is None:
        if json:
            raise WrongCall("--edit opens an editor and --json is for programs: they take --file FILE.")
        editor.see_that_there_is_one(
            f"`{program()} plan {ident} --yaml > plan.yaml`, then `plan {ident} --file plan.yaml`"
        )
    with opened_for(ident) as office:
        if not json:
            say_workspace(office.settings)
        made = in_editor(office, ident) if file is None else _from_file(office, ident, file)
        with office.store.read() as tx:
            document = plan_document(office, tx, tx.goals.get(ident)) if json else None
            shown = _tree(office, tx, tx.goals.get(ident), console().width)
    if document is not None:
        print_document(document)
        return
    out = console()
    for part in shown:
        out.print(part)
    say_changed(ident, made)


def in_editor(office: Office, ident: str) -> Changed | None:
    """What a person changed in the editor; None where they closed it as it was."""
    made: list[Changed] = []

    def take(text: str) -> None:
        made.append(change_plan.change(office, ident, written.read(text)))

    took = editor.edited(f"plan-{ident}.yaml", change_plan.opened(office, ident), take)
    return made[-1] if took else None


def say_changed(ident: str, made: Changed | None) -> None:
    """What was changed, and what it will cost."""
    if made is None or made.expected is None:
        print(f"The plan of {ident} stays as it is.")  # noqa: T201
        return
    print(  # noqa: T201
        f"Changed: {visible(made.said)}. {ident} will likely cost {fitting.said(made.expected)} in all, with what is spent."
    )


def _from_file(office: Office, ident: str, file: str) -> Changed:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        why = getattr(problem, "strerror", None) or "it is no text in UTF-8"
        raise WrongCall(f"{file} cannot be read: {why}.") from None
    try:
        return change_plan.change(office, ident, written.read(text))
    except (Refused, WrongPlan) as problem:
        raise WrongCall(f"{problem} Nothing was changed.") from None


def _tree(office: Office, tx: Tx, goal: Goal, width: int) -> list[RenderableType]:
    found = steps(tx, goal)
    rows: list[tuple[str | Text, ...]] = []
    for lines, step, also in in_a_tree(found):
        word, style = state_of(step.task, step.turn, tx.now)
        name = Text(f"{lines}{step.number} {visible(step.does)}")
        hands_over = ", ".join(step.planned.pieces) or step.planned.brief
        rows.append(
            (
                name,
                step.task.id,
                Text(word, style=style),
                usd(step.cost_nano) if step.cost_nano else "",
                ", ".join(map(str, also)),
                cut(hands_over),
            )
        )
    # What would stand empty in every row is left out.
    said = [n for n, name in enumerate(_COLUMNS) if name in _ALWAYS or any(row[n] for row in rows)]
    columns, drop = [_COLUMNS[n] for n in said], [name for name in _DROPPED if any(_COLUMNS[n] == name for n in said)]
    likely, spent = expected(office, tx, goal), sum(call.cost_nano for call in tx.calls.of_goal(goal.id))
    parts: list[RenderableType] = [
        Text(f"{goal.id}  {visible(' '.join(goal.text.split()))}", style="bold"),
        fitted([[row[n] for n in said] for row in rows], columns, width, text="hands over", right=("cost",), drop=drop),
        Text(f"{usd(spent)} spent, likely {fitting.said(likely)} when it was planned, at most {usd(goal.cap_nano)}."),
    ]
    parts += [
        Text(f"Changed by {'you' if by == 'person' else f'the {by}'}: {visible(what)}") for by, what in mended(tx, goal)
    ]
    return parts


def _write(name: str, drawn: str) -> None:
    if name == "-":
        print_text(drawn.rstrip("\n"))
        return
    try:
        Path(name).write_text(drawn, encoding="utf-8")
    except OSError as problem:
        raise WorkspaceError(f"The picture cannot be written to {name}: {problem.strerror}.") from None
    print(f"{name} has the picture.")  # noqa: T201
