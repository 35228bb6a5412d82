"""`triggers`: which events start which work, and which files are none."""

from datetime import datetime
from typing import Final

from director.bootstrap import opened
from director.cli.documents import print_document
from director.cli.terminal import console, fitted
from director.triggers import rules
from director.triggers.rules import Trigger
from director.views.events import in_order, triggers_document
from director.words.characters import visible
from director.words.durations import duration
from director.words.settings import from_env

#: A condition's pointer and a pipeline's name fit into so many columns, mostly.
_LEAST_TEXT: Final = 18


def print_triggers(*, json: bool) -> None:
    """Every trigger, ours and the workspace's."""
    with opened(from_env()) as office:
        found = rules.load(office.settings, office.catalog)
        with office.store.read() as tx:
            if json:
                print_document(triggers_document(tx, office.brand, found))
                return
            cooling = {
                trigger.name: tx.events.cooldown(trigger.cooldown_of(office.brand), trigger.cooldown)
                for trigger in in_order(found)
            }
    rows = [
        (
            trigger.event,
            trigger.name,
            " and ".join(map(str, trigger.when)),
            f"{'nothing here: ' if trigger.fault else ''}{trigger.pipeline or trigger.goal}",
            trigger.priority or "",
            _cooldown(trigger, cooling[trigger.name]),
        )
        for trigger in in_order(found)
    ]
    out = console()
    columns = ("event", "trigger", "if", "starts", "prio", "cooldown")
    out.print(fitted(rows, columns, out.width, text=("if", "starts"), least=_LEAST_TEXT, drop=("prio", "cooldown")))
    for trigger in in_order(found):
        if trigger.fault:
            out.print(visible(f"{trigger.name} starts nothing here: {trigger.fault}"), soft_wrap=True)
    for why in found.broken.values():
        out.print(visible(why), soft_wrap=True)


def _cooldown(trigger: Trigger, lasts: tuple[datetime, str] | None) -> str:
    if not trigger.enabled:
        return "off"
    if lasts is None:
        return duration(trigger.cooldown)
    return f"until {lasts[0]:%Y-%m-%d %H:%M} UTC"
