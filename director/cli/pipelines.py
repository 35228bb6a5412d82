"""`pipelines`: the ready-made plans."""

from director.catalog import Catalog
from director.cli.documents import print_document
from director.cli.terminal import console, fitted
from director.views.catalog import pipelines_document
from director.words.characters import visible
from director.words.settings import from_env


def print_pipelines(*, json: bool) -> None:
    """Every ready-made plan, ours and the workspace's."""
    library = Catalog(from_env()).library
    found = library.templates.values()
    if json:
        print_document(pipelines_document(library))
        return
    out = console()
    rows = [
        (t.name, t.priority, t.category or "", t.business.said if t.business else "", ", ".join(k.key for k in t.tasks))
        for t in found
    ]
    columns = ("pipeline", "prio", "plans goals of", "for", "steps")
    out.print(fitted(rows, columns, out.width, text="steps", drop=("prio", "plans goals of", "for")))
    for why in library.left_out.values():
        out.print(visible(why), soft_wrap=True)
