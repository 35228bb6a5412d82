"""What a person says about the work: answers to questions, changes of what is approved, and how far the reviewer is right."""

from pathlib import Path
from typing import Annotated, Final

import typer

from director.cli.commands.typed import EndsInWords, Json, app
from director.words.errors import WrongCall
from director.words.states import Answer

ApprovalId = Annotated[str, typer.Argument(metavar="APPROVAL")]

#: What can be sent back.
_TASK_OR_APPROVAL: Final = (
    "A question (a1), or a task whose deliverable is approved (g1-2), or the title or file of a piece."
)


@app.command()
def approvals(json: Json = False) -> None:
    """Questions that wait for you."""
    from director.cli.approvals import print_approvals

    print_approvals(json=json)


@app.command()
def approve(
    ident: ApprovalId,
    cap: Annotated[
        str | None,
        typer.Option(
            "--cap", metavar="USD", help="What the cap becomes that a yes raises, in place of what is proposed."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Say yes."""
    from director.cli.answer import answer

    answer(ident, Answer.APPROVE, cap=cap, json=json)


@app.command()
def reject(ident: ApprovalId, json: Json = False) -> None:
    """Say no."""
    from director.cli.answer import answer

    answer(ident, Answer.REJECT, json=json)


@app.command(cls=EndsInWords)
def revise(
    ident: Annotated[str, typer.Argument(metavar="ID", help=_TASK_OR_APPROVAL)],
    words: Annotated[str | None, typer.Argument(metavar="WORDS", help="What to change.")] = None,
    dependents: Annotated[
        bool,
        typer.Option("--dependents", help="Of a task: have what rests on it looked at again; without WORDS only that."),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask whether it may cost what it likely will.")
    ] = False,
    json: Json = False,
) -> None:
    """Send a draft back with your own instructions, or have a task's approved deliverable changed."""
    from director.cli.revise import revise

    revise(ident, words, dependents=dependents, yes=yes, json=json)


@app.command()
def accept(
    ident: Annotated[str, typer.Argument(metavar="TASK", help="A task (g1-2), or the title or file of a piece.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="A piece or the whole, as you want it; without: it is fine as it is."),
    ] = None,
    piece: Annotated[str | None, typer.Option(metavar="TITLE", help="The piece the file is, by its title.")] = None,
    json: Json = False,
) -> None:
    """Take your own version of a deliverable; or, where what it rests on was changed, say that it is fine."""
    from director.cli.accept import accept

    accept(ident, file, piece=piece, json=json)


@app.command()
def calibrate(
    kinds: Annotated[
        str | None,
        typer.Option(metavar="KIND,…", help="Only texts with these faults; the table names them, and clean."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Put at most N texts to the model, one in three of them clean."),
    ] = None,
    shuffle: Annotated[
        int | None, typer.Option(metavar="SEED", help="In an order that tells nothing; the same one for the same seed.")
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Show what is known, and ask nothing.")] = False,
    people: Annotated[bool, typer.Option("--people", help="How often people said what the reviewer had said.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before it is paid for.")] = False,
    json: Json = False,
) -> None:
    """How far the reviewer can be trusted: it judges texts whose faults are known."""
    from director.cli.calibrate import print_known, print_people, run

    if show and people:
        raise WrongCall(
            "--show is about texts whose faults are known, --people about people's answers: leave one of them out."
        )
    if show:
        print_known(json=json)
    elif people:
        print_people(json=json)
    else:
        run(kinds=kinds, limit=limit, shuffle=shuffle, yes=yes, json=json)
