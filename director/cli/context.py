"""`context check`: which sections of the product context say too little, and who misses them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer

from director.catalog import Catalog
from director.cli.documents import print_document
from director.cli.terminal import console, fitted
from director.files.context import context_file, read_context
from director.views.context import context_document
from director.words.command import program, with_brand
from director.words.errors import NotFound
from director.words.settings import from_env
from skills.context import WRITER, Found, Reader, judge, readers_of

#: Specialists a table shows, and sections it names of each; `--json` has all.
_MOST_SHOWN: Final = 8
_MOST_NAMED: Final = 3


def check(file: Path | None, *, json: bool) -> None:
    """Judge *file*, otherwise the workspace's context; exit code 1 when a section is missing or unknown."""
    settings = from_env()
    text = read_context(settings, file.absolute() if file else None)
    place = file or context_file(settings)
    if text is None:
        raise NotFound("product context", str(place), f"begin one with `{program()} init{with_brand(settings.brand)}`")
    catalog = Catalog(settings)
    skills = catalog.roster.skills
    found = judge(text, catalog.parts, skills[WRITER])
    readers = readers_of(found, skills.values())
    gaps = [one for one in found if one.standing.is_gap]
    if json:
        print_document(context_document(place, found, readers))
    else:
        _show(found, readers)
        print(f"{len(found) - len(gaps)} of {len(found)} sections say something: {place}")  # noqa: T201
    if gaps:
        raise typer.Exit(1)


def _show(found: Sequence[Found], readers: Sequence[Reader]) -> None:
    out = console()
    rows = []
    for one in found:
        hint = f"is it “{one.perhaps}”? Name it “{one.part.title}”" if one.perhaps else ""
        reading = sum(1 for reader in readers if one in reader.reads)
        rows.append((one.part.title, one.standing.value, str(one.words), str(reading), hint))
    columns, numbers = ("section", "state", "words", "read by", ""), ("words", "read by")
    out.print(fitted(rows, columns, out.width, text="", right=numbers, drop=("read by", "words")))
    out.print()
    suffering = [reader for reader in readers if reader.lacks or reader.thin]
    if not suffering:
        return
    lacking = []
    for reader in suffering[:_MOST_SHOWN]:
        names = [one.part.title for one in reader.lacks] + [f"{one.part.title} (thin)" for one in reader.thin]
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        share = f"{len(reader.lacks)} of {len(reader.reads)}"
        lacking.append((reader.skill, share, ", ".join(names[:_MOST_NAMED]) + more))
    head = ("specialist", "lacks", "of what it reads first")
    out.print(fitted(lacking, head, out.width, text=head[-1], right=("lacks",)))
    if len(suffering) > _MOST_SHOWN:
        out.print(f"and {len(suffering) - _MOST_SHOWN} more specialists; --json lists all.")
    out.print()
