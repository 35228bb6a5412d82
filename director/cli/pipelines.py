"""`pipelines`: the ready-made plans."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def pipelines(json: Json = False) -> None:
    """The ready-made plans there are."""
    from director.catalog import Catalog  # noqa: PLC0415
    from director.cli.documents import print_document  # noqa: PLC0415
    from director.cli.tables import console, fitted  # noqa: PLC0415
    from director.views.catalog import pipelines_document  # noqa: PLC0415
    from director.words.settings import from_env  # noqa: PLC0415

    library = Catalog(from_env()).library
    found = list(library.templates.values())
    if json:
        print_document(pipelines_document(found))
        return
    out = console()
    rows = [(t.name, t.priority, t.category or "", ", ".join(k.key for k in t.tasks)) for t in found]
    columns = ("pipeline", "prio", "plans goals of", "steps")
    out.print(fitted(rows, columns, out.width, text="steps", drop=("plans goals of", "prio")))
