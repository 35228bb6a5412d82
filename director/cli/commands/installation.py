"""The installation: set up, kept up, looked at; and what the team knows of the brand, its skills and plans."""

import os
from pathlib import Path
from typing import Annotated

import typer

from director.cli.commands.typed import Json, app
from director.cli.starting import say_it_starts
from director.words.errors import WrongCall

_context = typer.Typer(help="The product context.", no_args_is_help=True, rich_markup_mode=None)

_skills = typer.Typer(help="The specialists there are.", invoke_without_command=True, rich_markup_mode=None)


@app.command()
def init(
    notes: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="NOTES",
            help="Sort these notes by their own headings, without a model: nothing is rewritten, added or left out.",
        ),
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="Ask nothing: every section with a line that says what belongs there.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a context that is there; every earlier one is kept beside.")
    ] = False,
    json: Json = False,
) -> None:
    """Begin the brand's product context: by questions, from notes, or as a template."""
    from director.cli.init import begin

    begin(notes, template=template, force=force, json=json)


@app.command()
def up() -> int:
    """Start the team and keep it up: workers, clock, web app, and Redis where none is named. Ctrl-C stops it."""
    if os.name == "nt":
        raise WrongCall("The team stays up on Linux and macOS; on Windows start it in WSL.")
    say_it_starts()
    from director.cli.up import go_up

    return go_up()


@app.command()
def ps(json: Json = False) -> None:
    """What is up in this workspace, since when, how often it was started again, and its memory."""
    from director.cli.ps import print_parts

    print_parts(json=json)


@app.command()
def down(json: Json = False) -> None:
    """Stop what is up in this workspace, and wait until it is."""
    from director.cli.down import stop_all

    stop_all(json=json)


@app.command()
def doctor(
    json: Json = False,
    wait: Annotated[
        float | None,
        typer.Option("--wait", min=0.1, max=60, metavar="SECONDS", help="How long servers are waited for; else 0.4."),
    ] = None,
) -> int:
    """What is wrong with this installation, and the command that mends it; exit 1 where work could not be done."""
    from director.cli.doctor import print_findings

    return print_findings(json=json, wait_s=wait)


@_context.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The context to look at; otherwise the workspace's.")
    ] = None,
    json: Json = False,
) -> None:
    """
    Which sections are missing, unknown or thin, and who misses them most.

    Exit code 0 when all of them say something, 1 when one is missing or unknown; a thin one is only told.
    """
    from director.cli.context import check

    check(file, json=json)


@app.command()
def pipelines(json: Json = False) -> None:
    """The ready-made plans there are."""
    from director.cli.pipelines import print_pipelines

    print_pipelines(json=json)


@_skills.callback()
def skills(context: typer.Context, json: Json = False) -> None:
    """The specialists there are."""
    if context.invoked_subcommand is None:
        from director.cli.skills import print_skills

        print_skills(json=json)


@_skills.command()
def validate(
    folders: Annotated[list[Path] | None, typer.Argument(metavar="FOLDER", hidden=True)] = None,
    json: Json = False,
) -> None:
    """Check the skills in each FOLDER, otherwise in ours and in those of SKILLS_PATH; one line a fault."""
    from director.cli.skills import validate

    validate(folders, json=json)


app.add_typer(_context, name="context")
app.add_typer(_skills, name="skills")
