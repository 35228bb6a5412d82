"""`why`: the chain of facts behind a thing of the record, oldest first, each with its time, and what it cost."""

from rich.text import Text

from director.bootstrap import opened
from director.cli.documents import print_document
from director.cli.terminal import console, fitted
from director.views.chain import Fact
from director.views.why import Why, why, why_document
from director.words.amounts import usd
from director.words.characters import visible
from director.words.command import program
from director.words.settings import from_env


def print_why(words: list[str], *, json: bool) -> None:
    """What led to it, and what it cost."""
    with opened(from_env()) as office, office.store.read() as tx:
        found = why(tx, office, " ".join(words))
    if json:
        print_document(why_document(found))
        return
    out = console()
    out.print(Text(found.headline, style="bold"))
    rows = [_row(fact) for fact in found.facts]
    out.print(fitted(rows, ("at (UTC)", "about", "what"), out.width, text="what", least=36, drop=("about",)))
    out.print(f"{_money(found)} What led to one of the second column: `{program()} why ID`.")


def _row(fact: Fact) -> tuple[str, str, str]:
    return (
        f"{fact.at:%Y-%m-%d %H:%M:%S}",
        visible(fact.about),
        "\n".join(visible(line) for line in (fact.said, *fact.more)),
    )


def _money(found: Why) -> str:
    said = [f"{usd(found.paid_nano)} paid"] if found.paid_nano or not found.rehearsed_nano else []
    said += [f"{usd(found.rehearsed_nano)} rehearsed, which nobody paid"] if found.rehearsed_nano else []
    return f"Cost: {', '.join(said)}."
