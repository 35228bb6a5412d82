"""`skills` and `skills validate`: who is on the team, and what is wrong with their folders."""

import re
from pathlib import Path

import typer

from director.catalog import Catalog
from director.cli.documents import print_document
from director.cli.terminal import console, counted, fitted
from director.views.catalog import faults_document, skills_document
from director.words.characters import visible
from director.words.command import program
from director.words.errors import WrongCall
from director.words.settings import from_env
from skills import loader


def print_skills(*, json: bool) -> None:
    """Every specialist, by squad."""
    roster = Catalog(from_env()).roster
    found = sorted(roster.skills.values(), key=lambda skill: (skill.squad, skill.name))
    if json:
        print_document(skills_document(found, roster.left_out))
        return
    out = console()
    rows = [(s.squad, s.name, _what_it_does(s.description)) for s in found]
    out.print(fitted(rows, ("squad", "specialist", "what it does"), out.width, text="what it does", drop=("squad",)))
    out.print(f"{len(found)} specialists.")
    if roster.left_out:
        out.print(
            f"\nLeft out of SKILLS_PATH (`{program()} skills validate` names the files and says all that is wrong):"
        )
    for name, why in roster.left_out.items():
        out.print(visible(f"  {name}: {why}"), soft_wrap=True)


def _what_it_does(description: str) -> str:
    """The first sentence, as far as it lists nothing: the rest is for whoever chooses among them."""
    return re.split(r"[:.;](?:\s|$)", " ".join(description.split()), maxsplit=1)[0] + "."


def validate(folders: list[Path] | None, *, json: bool) -> None:
    """Every fault of the skills in *folders*, otherwise of ours and of SKILLS_PATH's; exit code 1 when there is one."""
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
