"""`costs`: what calls cost, added up: as a table, a document, CSV or a chart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from director.cli.branded import opened_for
from director.cli.documents import print_document, print_text
from director.cli.terminal import console, counted, cut, fitted
from director.store.ledger import By, Sum, Which
from director.views.cost_chart import Bars, chart
from director.views.costs import Costs, Side, costs, costs_csv, costs_document
from director.words.amounts import usd
from director.words.characters import visible
from director.words.command import program
from director.words.errors import WrongCall
from director.words.typed import word

#: What a side is called above its table.
_SIDES: Final = {"paid": "Paid", "rehearsed": "Rehearsed, nothing is paid: what it would have cost"}

#: What the name beside a unit is called.
_NAMED: Final = {By.GOAL: "asked", By.TASK: "specialist"}

#: In, out, written to the cache and read from it are tokens; cached is the part of what the model was shown that was read.
_FIGURES: Final = ("calls", "in", "out", "written", "read", "cached", "cost", "unknown")

#: In this order, where a terminal is narrow: the share and the cost stay.
_LEFT_OUT: Final = ("written", "read", "asked", "specialist", "out", "in", "calls")


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the costs is asked for, and in which form."""

    by: str
    month: str | None
    goal: str | None
    most: int | None  #: rows that are shown; None: all
    json: bool
    csv: bool
    chart: Path | None


def print_costs(asked: Asked) -> None:
    """What calls cost, added up."""
    if asked.json and asked.csv:
        raise WrongCall("--json and --csv are two forms of the same: ask for one of them.")
    by = word(By, "--by", asked.by) or By.GOAL
    month = _month(asked.month)
    with opened_for(asked.goal) as office, office.store.read() as tx:
        if asked.goal is not None:
            tx.goals.get(asked.goal)
        most = None if asked.json or asked.csv else asked.most
        found = costs(tx, office, by, Which(office.brand, asked.goal, month), most=most)
    if asked.chart is not None:
        _write(asked.chart, _chart(found, asked.most))
    if asked.json:
        print_document(costs_document(found))
    elif asked.csv:
        print_text(costs_csv(found).rstrip("\n"))
    else:
        _print(found, asked.most)
        if asked.chart is not None:
            console().print(f"\nAs bars: {asked.chart}")


def _month(given: str | None) -> str | None:
    if given is not None and not re.fullmatch(r"20\d{2}-(0[1-9]|1[0-2])", given):
        raise WrongCall(f"--month has to be a month such as 2026-11; it is {given[:40]!r}.")
    return given


def _print(found: Costs, most: int | None) -> None:
    out = console()
    if not found.sides:
        out.print(f"No call was made yet{_of(found.which)}.")
    for number, side in enumerate(found.sides):
        if number:
            out.print()
        out.print(Text(f"{_SIDES[side.kind]}, by {found.by}{_of(found.which)}{_zone(found)}", style="bold"))
        out.print(_table(found, side, most, out.width))
        if side.left_out:
            out.print(
                f"The first {most} of {len(side.sums) + side.left_out:,}; `{program()} costs --by {found.by} --all` has all."
            )
        _say_uncertain(side)


def _table(found: Costs, side: Side, most: int | None, width: int) -> RenderableType:
    named = _NAMED.get(found.by)
    rows = [_row(found, one) for one in side.sums[:most]]
    rows.append(tuple(Text(str(cell), style="bold") for cell in _row(found, replace(side.total, unit="total"))))
    columns = [found.by.value, "name" if named is None else named, *_FIGURES]
    left_out = {"name", *(() if side.total.lost else ("unknown",))}
    shown = [n for n, column in enumerate(columns) if column not in left_out]
    return fitted(
        [[row[n] for n in shown] for row in rows],
        [columns[n] for n in shown],
        width,
        text=() if named is None else named,
        right=_FIGURES,
        drop=_LEFT_OUT,
    )


def _row(found: Costs, one: Sum) -> Sequence[str | Text]:
    share = one.cache_share
    return (
        visible(one.unit),
        cut(found.names.get(one.unit, "")),
        f"{one.calls:,}",
        f"{one.input_tokens:,}",
        f"{one.output_tokens:,}",
        f"{one.cache_write_tokens:,}",
        f"{one.cache_read_tokens:,}",
        "" if share is None else f"{share:.0%}",
        usd(one.cost_nano),
        usd(one.lost_nano) if one.lost else "",
    )


def _zone(found: Costs) -> str:
    return {By.DAY: f", days in {found.zone}", By.MONTH: f", months in {found.zone}"}.get(found.by, "")


def _say_uncertain(side: Side) -> None:
    out, total = console(), side.total
    if total.lost:
        out.print(
            f"Unknown: {counted(total.lost, 'call')} may have been paid without an answer, in the cost at worst: "
            f"{usd(total.lost_nano)}; `{program()} costs --unknown` lists them."
        )
    if total.open:
        out.print(
            f"On the wire: {counted(total.open, 'call')}, not in the cost yet; {usd(total.reserved_nano)} set aside at worst."
        )


def _of(which: Which) -> str:
    month = "" if which.month is None else f", {which.month}"
    return ("" if which.goal is None else f" of {which.goal}") + month


def _chart(found: Costs, most: int | None) -> str:
    sides = []
    for side in found.sides:
        shown = list(side.sums[:most])
        of = len(side.sums) + side.left_out
        left = f" ({len(shown)} of {of:,} shown)" if len(shown) < of else ""
        if found.by in (By.DAY, By.MONTH):
            shown.reverse()
        bars = [(f"{one.unit}  {found.names.get(one.unit, '')}".strip(), one.cost_nano) for one in shown]
        sides.append(Bars(side.kind, f"{_SIDES[side.kind]}: {usd(side.total.cost_nano)}{left}", bars))
    return chart(f"Cost by {found.by}{_of(found.which)}", sides)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise WrongCall(f"{file} cannot be written: {problem.strerror or problem}. Name another file.") from problem
