"""`skills` and `skills validate`: who is on the team, and what is wrong with their folders."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]

app = typer.Typer(help="The specialists there are.", invoke_without_command=True, rich_markup_mode=None)


@app.callback()
def skills(context: typer.Context, json: Json = False) -> None:
    """The specialists there are."""
    if context.invoked_subcommand is not None:
        return
    from director.catalog import Catalog  # noqa: PLC0415
    from director.cli.documents import print_document  # noqa: PLC0415
    from director.cli.tables import console, fitted  # noqa: PLC0415
    from director.views.catalog import skills_document  # noqa: PLC0415
    from director.words.settings import from_env  # noqa: PLC0415

    roster = Catalog(from_env()).roster
    found = sorted(roster.skills.values(), key=lambda skill: (skill.squad, skill.name))
    if json:
        print_document(skills_document(found))
        return
    out = console()
    columns, numbers = ("squad", "specialist", "works for", "words", "sections"), ("words", "sections")
    rows = [
        (s.squad, s.name, ", ".join(s.consumers), str(s.minimum_words), str(len(s.required_sections))) for s in found
    ]
    out.print(fitted(rows, columns, out.width, text="works for", right=numbers, drop=(*numbers, "squad")))
    out.print(f"{len(found)} specialists.")


@app.command()
def validate(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FOLDER", hidden=True),
    ] = None,
    json: Json = False,
) -> None:
    """Check the skills in each FOLDER, otherwise in ours and in those of SKILLS_PATH; one line a fault."""
    from director.cli.documents import print_document  # noqa: PLC0415
    from director.cli.words import counted  # noqa: PLC0415
    from director.views.catalog import faults_document  # noqa: PLC0415
    from director.words.errors import WrongCall  # noqa: PLC0415
    from director.words.settings import from_env  # noqa: PLC0415
    from skills import loader  # noqa: PLC0415

    places = folders or [loader.OWN, *from_env().skills_path]
    for place in places:
        if not place.is_dir():
            raise WrongCall(f"{place} is no folder: name one that holds skill folders.")
    faults = loader.validate(places)
    if json:
        print_document(faults_document(faults))
    else:
        for fault in faults:
            print(fault)  # noqa: T201
        count = len(loader.load(places).skills)
        print(f"{counted(count, 'skill')}, {counted(len(faults), 'fault')}.")  # noqa: T201
    if faults:
        raise typer.Exit(1)
