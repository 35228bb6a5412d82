"""`status --stuck`: what should go on and does not."""

from director.cli.branded import opened_for
from director.cli.documents import print_document
from director.cli.terminal import console, fitted
from director.upkeep import sweep
from director.views.stuck import stuck_document
from director.words.command import program


def print_stuck(ident: str | None, *, json: bool) -> int:
    """What is stuck, of one goal or of all; the exit code, 1 when anything is."""
    with opened_for(ident) as office:
        with office.store.read() as tx:
            goal = None if ident is None else tx.goals.get(ident).id
        found = [row for row in sweep.stuck(office) if goal in (None, row.goal)]
        with office.store.read() as tx:
            anybody = tx.presence.anybody() or tx.presence.without_queue()
    if json:
        print_document(stuck_document(found))
    elif not found:
        print("Nothing is stuck.")  # noqa: T201
    else:
        out = console()
        rows = [(row.kind, row.id, row.goal or "", f"{row.since:%Y-%m-%d %H:%M:%S}", row.why) for row in found]
        columns = ("kind", "id", "goal", "since (UTC)", "why")
        out.print(fitted(rows, columns, out.width, text="why", drop=("since (UTC)",)))
        if not anybody:
            out.print(f"\nNo worker is running: start one ({program()} up), or follow a goal ({program()} watch GOAL).")
    return 1 if found else 0
