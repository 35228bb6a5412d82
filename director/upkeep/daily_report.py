"""What a day cost and came to, as a page in the workspace: one for each day on which something happened, once it is over."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final

from director.calls.caps import month_cap
from director.files.mirror import is_written, of_brand, write
from director.files.places import report_path
from director.money.periods import month_of, start_of, zone_of
from director.office import Office
from director.progress.ends import over_before
from director.progress.questions import is_overdue
from director.store.ledger import By, Sum, Which, together
from director.store.tx import Tx
from director.words.amounts import usd
from director.words.characters import shortened
from director.words.command import program
from director.words.errors import StoreError
from director.words.models import Goal
from skills.markdown import as_line

_log = logging.getLogger(__name__)

#: Relative to the workspace.
FOLDER: Final = "metrics"

#: How far back days that have no page get one: who was away for longer reads `costs --by day`.
_DAYS: Final = 31

#: Rows of a table; the rest is added up in one.
_MOST: Final = 30

#: Of what a goal asked for, as of a question.
_LONGEST: Final = 120


def write_missing(office: Office) -> int:
    """
    Write the page of each day of each brand that is over, had calls or goals that ended, and has none; how many were written. A
    day is not over while one of its calls is on the wire: nobody knows yet what that costs, and the page is not written again.

    Safe to call at any time, by any number of processes: a page that is there is left as it is. What cannot be written is said
    in the log, once, and tried again by the next call.

    Raises:
        StoreError: the database cannot be used now.
    """
    try:
        with office.store.read() as tx:
            brands = [brand.name for brand in tx.brands.all()]
        return sum(_write_missing(office.of(brand)) for brand in brands)
    except StoreError:
        raise
    except Exception:  # noqa: BLE001 - a fault of ours in a page must not keep the clock from starting what is due
        _log.exception("A day's page could not be made.")
        return 0


def _write_missing(office: Office) -> int:
    """The pages of one brand."""
    with office.store.read() as tx:
        missing = [day for day in _days_with_work(tx, office) if not is_written(office, _place(office, day))]
        days = [day for day in missing if not _is_on_the_wire(tx, _of_day(office, day))]
        pages = {day: page(tx, office, day) for day in days}
    return sum(write(office, _place(office, day), text) is None for day, text in pages.items())


def path_of(day: date) -> str:
    """Where a day's page is, relative to the brand's folder."""
    return f"{FOLDER}/{day.isoformat()}.md"


def _place(office: Office, day: date) -> str:
    return of_brand(office, path_of(day))


def page(tx: Tx, office: Office, day: date) -> str:
    """The page of *day*: its money, the goals that ended on it, and what waits at this moment."""
    zone = zone_of(office.settings)
    ends = start_of(day + timedelta(days=1), zone)
    parts = [
        f"# {day:%A}, {day.day} {day:%B %Y}",
        f"Days and months are those of {zone}. Written on {tx.now:%Y-%m-%d at %H:%M} UTC.",
        "## Spent",
        *_spent(tx, office, _of_day(office, day), ends),
    ]
    sections = {
        "## Goals that ended": _ended(office, tx.goals.ended(office.brand, start_of(day, zone), ends), tx),
        f"## What waits, on {tx.now:%Y-%m-%d at %H:%M} UTC": _waits(tx, office),
        "## Calls of which nobody knows what they cost": _unknown(tx, office),
    }
    for title, lines in sections.items():
        if lines:
            parts += [title, "\n".join(lines)]
    return "\n\n".join([*parts, ""])


def _of_day(office: Office, day: date) -> Which:
    zone = zone_of(office.settings)
    return Which(office.brand, since=start_of(day, zone), before=start_of(day + timedelta(days=1), zone))


def _is_on_the_wire(tx: Tx, which: Which) -> bool:
    return any(tx.ledger.total(which, rehearsal=rehearsal).open for rehearsal in (False, True))


def _days_with_work(tx: Tx, office: Office) -> list[date]:
    zone = zone_of(office.settings)
    today = tx.now.astimezone(zone).date()
    since, ends = start_of(today - timedelta(days=_DAYS), zone), start_of(today, zone)
    days = {_day(goal.finished_at, zone) for goal in tx.goals.ended(office.brand, since, ends)}
    moment = tx.ledger.first_after(since, Which(office.brand, before=ends))
    while moment is not None:
        days.add(_day(moment, zone))
        moment = tx.ledger.first_after(
            start_of(_day(moment, zone) + timedelta(days=1), zone), Which(office.brand, before=ends)
        )
    return sorted(days)


def _day(moment: datetime | None, zone: tzinfo) -> date:
    assert moment is not None  # noqa: S101 - only what has ended, or was begun, is asked
    return moment.astimezone(zone).date()


def _spent(tx: Tx, office: Office, of_day: Which, ends: datetime) -> list[str]:
    parts: list[str] = []
    last = ends - timedelta(microseconds=1)
    month = month_of(last, office.settings.time_zone)
    until_then = Which(office.brand, month=month, before=ends)
    for rehearsal in (False, True):
        day = tx.ledger.total(of_day, rehearsal=rehearsal)
        if not day.calls:
            continue
        so_far = tx.ledger.total(until_then, rehearsal=rehearsal).cost_nano
        cap = month_cap(tx, office, month, rehearsal=rehearsal)
        share = f" ({so_far / cap:.0%})" if cap else ""
        parts.append(
            f"**{'Rehearsed, nothing is paid: ' if rehearsal else ''}{usd(day.cost_nano)}** in {_calls(day.calls)}. "
            f"{month} until then: {usd(so_far)} of {usd(cap)}{share}."
        )
        for by in (By.GOAL, By.SKILL, By.MODEL):
            found = tx.ledger.sums(by, of_day, zone_of(office.settings))
            parts.append(_table(tx, by, [one for one in found if one.rehearsal is rehearsal]))
    return parts or ["Nothing."]


def _table(tx: Tx, by: By, sums: Sequence[Sum]) -> str:
    dearest = sorted(sums, key=lambda one: (-one.cost_nano, one.unit))
    shown, rest = dearest[:_MOST], dearest[_MOST:]
    names = tx.ledger.names(by, [one.unit for one in shown])
    lines = [
        f"| {by} | calls | tokens in | out | written to the cache | read from it | cost |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for one in shown:
        name = _cell(names[one.unit]) if one.unit in names else ""
        lines.append(_row(f"{_cell(one.unit)} {name}".strip(), one))
    if rest:
        lines.append(_row(f"{len(rest)} more", together(rest, rehearsal=rest[0].rehearsal)))
    return "\n".join(lines)


def _row(name: str, one: Sum) -> str:
    figures = (one.calls, one.input_tokens, one.output_tokens, one.cache_write_tokens, one.cache_read_tokens)
    return f"| {name} | {' | '.join(f'{figure:,}' for figure in figures)} | {usd(one.cost_nano)} |"


def _ended(office: Office, goals: Sequence[Goal], tx: Tx) -> list[str]:
    costs = tx.calls.costs([goal.id for goal in goals])
    return [
        f"- {goal.id}, {_report(office, goal)}: {goal.state}{_again(tx, goal)}, {usd(costs.get(goal.id, 0))} in all"
        + (f". {_line(goal.reason)}" if goal.reason else "")
        for goal in goals
    ]


def _again(tx: Tx, goal: Goal) -> str:
    # Another day's page has it too.
    return " once more, after a change" if over_before(tx, goal) else ""


def _report(office: Office, goal: Goal) -> str:
    asked, path = _line(goal.text), report_path(goal)
    up = "../" * of_brand(office, FOLDER).count("/")
    return f"[{asked}](../{up}{Path(path).as_posix()})" if is_written(office, path) else asked


def _waits(tx: Tx, office: Office) -> list[str]:
    asked = tx.approvals.open(brand=office.brand)
    lines = [
        f"- Question {question.id} of {question.goal}, {'was due' if is_overdue(question, tx.now) else 'until'} "
        f"{question.due_at:%Y-%m-%d %H:%M} UTC: {_line(question.question)}"
        for question in asked
    ]
    of_goals = {question.goal for question in asked}
    lines += [
        f"- {goal.id} waits for {goal.wait_for}" + (f": {_line(goal.reason)}" if goal.reason else "")
        for goal in tx.goals.waiting(office.brand)
        if goal.id not in of_goals
    ]
    return lines


def _unknown(tx: Tx, office: Office) -> list[str]:
    calls = tx.ledger.unknown(office.brand)
    if not calls:
        return []
    shown = [
        f"- call {call.id}, {call.created_at:%Y-%m-%d %H:%M} UTC, {call.purpose} of {call.task or call.goal}: "
        f"{usd(call.cost_nano)} at worst{', rehearsed' if call.rehearsal else ''}. {_line(call.error or '')}".rstrip()
        for call in calls[-_MOST:]
    ]
    return [*shown, "", f"`{program()} costs --unknown` lists all of them, {len(calls):,}."]


def _calls(number: int) -> str:
    return "1 call" if number == 1 else f"{number:,} calls"


def _line(text: str) -> str:
    return as_line(shortened(" ".join(text.split()), _LONGEST))


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")
