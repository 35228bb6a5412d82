"""What the team learned."""

from typing import Annotated

import typer

from director.cli.commands.typed import EndsInWords, Json, app

_memory = typer.Typer(
    help="What the team learned, what waits for your word, and what it is worth.",
    invoke_without_command=True,
    rich_markup_mode=None,
)


LearningId = Annotated[str, typer.Argument(metavar="ID", help="`memory` lists them: m1, m2, …")]
LearningText = Annotated[str, typer.Argument(metavar="TEXT", help="A sentence that says what to do.")]


@_memory.callback()
def memory(
    context: typer.Context,
    skill: Annotated[str | None, typer.Option(metavar="SKILL", help="Only of this specialist.")] = None,
    state: Annotated[str | None, typer.Option(help="Only those that are proposed, active or retired.")] = None,
    json: Json = False,
) -> None:
    """What the team learned, what waits for your word, and what it is worth."""
    if context.invoked_subcommand is None:
        from director.cli.memory import print_memory

        print_memory(skill, state, json=json)


@_memory.command("add", cls=EndsInWords)
def add_learning(
    text: LearningText,
    skill: Annotated[str, typer.Option(metavar="SKILL", help="Whose work it is about; director: everybody's.")],
    json: Json = False,
) -> None:
    """Say what to do in all work of a skill."""
    from director.cli.memory import add

    add(text, skill, json=json)


@_memory.command("edit", cls=EndsInWords)
def edit_learning(ident: LearningId, text: LearningText, json: Json = False) -> None:
    """Put a learning in your own words; a proposal is followed then. Its figures begin anew."""
    from director.cli.memory import edit

    edit(ident, text, json=json)


@_memory.command("accept")
def accept_learning(ident: LearningId, json: Json = False) -> None:
    """Follow a proposal."""
    from director.cli.memory import accept

    accept(ident, json=json)


@_memory.command("retire")
def retire_learning(ident: LearningId, json: Json = False) -> None:
    """Follow a learning no more, or refuse a proposal."""
    from director.cli.memory import retire

    retire(ident, json=json)


@_memory.command("report")
def report_memory(json: Json = False) -> None:
    """What learnings are worth: first drafts with and without them."""
    from director.cli.memory import print_report

    print_report(json=json)


app.add_typer(_memory, name="memory")
