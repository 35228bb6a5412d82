"""`brands`: whom the team works for."""

from dataclasses import replace

from director.access import brands
from director.bootstrap import opened
from director.cli.documents import print_document
from director.cli.terminal import console, fitted, say_workspace
from director.files.context import context_file
from director.views.brands import brands_document
from director.words.brand import DEFAULT
from director.words.command import program
from director.words.settings import Settings, from_env


def print_brands(*, json: bool) -> None:
    """All of them, with their money, their work and their context."""
    with opened(_of_all()) as office, office.store.read() as tx:
        found = brands_document(office, tx)
    if json:
        print_document(found)
        return
    rows = [
        (
            one["name"], f"${one['month_spent_usd']:,.2f} of ${one['month_cap_usd']:,.2f}", str(one["goals"]),
            str(one["under_way"]), str(one["questions"]), "paused" if one["paused"] else "",
            one["context"] or "none yet",
        )
        for one in found
    ]  # fmt: skip
    out = console()
    columns = ("brand", "month", "goals", "under way", "questions", "", "context")
    out.print(
        fitted(rows, columns, out.width, text="context", right=("goals", "under way", "questions"), drop=("", "goals"))
    )
    if len(found) == 1:
        out.print(
            f"`{program()} brands add NAME` adds another, with a context, caps, schedules and a memory of its own."
        )


def add(name: str, *, json: bool) -> None:
    """One more."""
    settings = _of_all()
    with opened(settings, begins=True) as office:
        brands.add(office, name)
        with office.store.read() as tx:
            [made] = [one for one in brands_document(office, tx) if one["name"] == name]
    if json:
        print_document(made)
        return
    say_workspace(settings)
    print(f"The team works for {name}, too: nothing of another brand is shown to it.")  # noqa: T201
    place = context_file(replace(settings, brand=name))
    print(f"Its product context goes to {place}: `{program()} init --brand {name}` begins it.")  # noqa: T201
    print(f'Name it wherever something is given or looked at: `{program()} goal "…" --brand {name}`.')  # noqa: T201


def _of_all() -> Settings:
    # Also where BRAND names one that is not there yet.
    return replace(from_env(), brand=DEFAULT)
