"""`schedules`: recurring work, what becomes of its due times, and the yes that switches it on."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

import typer
from rich.text import Text

from director.bootstrap import opened
from director.catalog import catalog_of
from director.cli.agreement import can_ask
from director.cli.documents import print_document
from director.cli.goal import Given, give
from director.cli.terminal import console, fitted, say_workspace
from director.goals.submit import will_rehearse
from director.triggers.schedules import Schedule, Schedules, load
from director.views.schedules import Standing, explained, explained_document, schedules_document, standing
from director.words.amounts import NANO, usd
from director.words.characters import visible
from director.words.command import program
from director.words.errors import WrongCall
from director.words.settings import Settings, from_env

#: Slots that are explained at once.
_MOST_EXPLAINED: Final = 500

#: Without --from and --to.
_AROUND_NOW: Final = timedelta(days=7)

#: Years in which somebody may ask.
_YEARS: Final = range(2000, 2100)


def print_schedules(*, json: bool) -> None:
    """Every schedule, when it is due next, and what it came to."""
    settings = from_env()
    found = load(settings, catalog_of(settings))
    with opened(settings) as office, office.store.read() as tx:
        settled = [standing(tx, office, schedule) for schedule in found.schedules.values()]
        now = tx.now
    if json:
        print_document(schedules_document(settled, found))
        return
    out = console()
    out.print(
        fitted(
            [_row(each, now) for each in settled],
            ("schedule", "when", "next", "last", "goals", "cost"),
            out.width,
            text="when",
            right=("goals", "cost"),
            drop=("cost", "goals", "last"),
        )
    )
    off = [each.schedule.name for each in settled if not each.on]
    if off:
        out.print(
            f"\nOff: {', '.join(off)}. `{program()} schedules enable NAME`, or `--all`, switches them on; until then they "
            "start nothing."
        )
    _say_broken(found)


def switch(names: Sequence[str], *, every: bool, on: bool, json: bool) -> None:
    """Switch schedules on or off; nothing is switched where one of the names is wrong."""
    settings = from_env()
    found = load(settings, catalog_of(settings))
    if bool(names) is every:
        raise WrongCall(f"Name the schedules, or say --all; there are: {', '.join(found.schedules)}.")
    with opened(settings, begins=True) as office:
        with office.store.write() as tx:
            for name in dict.fromkeys(found.schedules if every else names):
                # Also one whose file is broken or gone can be switched off.
                if on or tx.slots.schedule(office.brand, name) is None:
                    found.find(name)
                tx.slots.enable(office.brand, name, enabled=on)
        with office.store.read() as tx:
            settled = [standing(tx, office, each) for each in found.schedules.values() if every or each.name in names]
            now = tx.now
    if json:
        print_document(schedules_document(settled, found))
        return
    say_workspace(settings)
    out = console()
    for each in settled:
        out.print(_switched_on(settings, each, now) if on else f"{each.schedule.name} is off.")
    for name in dict.fromkeys(names):
        if name not in found.schedules:
            out.print(f"{visible(name)} is off.")
    if every:
        _say_broken(found)


def run(name: str, *, yes: bool, json: bool) -> None:
    """Give a schedule's goal now, as a person gives it; none of its slots is used up."""
    settings = from_env()
    schedule = load(settings, catalog_of(settings)).find(name)
    cap = settings.goal_cap if schedule.cap_nano is None else schedule.cap_nano
    with opened(settings, begins=True) as office:
        rehearses, now = will_rehearse(office), office.clock()
    if not (rehearses or yes):
        said = f"The goal of {name} is paid for, {usd(cap)} at most"
        if not can_ask(json=json):
            raise WrongCall(f"{said}, and nobody can be asked here: say --yes.")
        if not typer.confirm(f"{said}. Give it now?", default=False):
            raise WrongCall("No goal was given.")
    give(
        Given(
            text=schedule.text(now),
            category=None,
            priority=schedule.priority,
            budget=None if schedule.cap_nano is None else str(Decimal(schedule.cap_nano) / NANO),
            pipeline=schedule.pipeline,
            plan_by=schedule.plan_by,
            dry_run=False,
            yes=True,
            detach=True,
            json=json,
            context=None,
        )
    )


def explain(name: str, since: str | None, until: str | None, *, json: bool) -> None:
    """Each slot of a schedule in a span of days, and what became of it or will."""
    settings = from_env()
    schedule = load(settings, catalog_of(settings)).find(name)
    with opened(settings) as office, office.store.read() as tx:
        begin = _midnight(schedule, _day("--from", since) or _today(schedule, tx.now - _AROUND_NOW))
        last = _day("--to", until) or max(_today(schedule, tx.now + _AROUND_NOW), _today(schedule, begin))
        end = _midnight(schedule, last + timedelta(days=1))
        if end <= begin:
            raise WrongCall(f"--to {until} is before --from {since}: name them the other way round.")
        told = explained(tx, office, schedule, begin, end - datetime.resolution, most=_MOST_EXPLAINED + 1)
    more, told = len(told) > _MOST_EXPLAINED, told[:_MOST_EXPLAINED]
    if json:
        print_document({"schedule": name, "slots": [explained_document(each) for each in told], "more": more})
        return
    out = console()
    out.print(f"{name}: {schedule.cron.in_words} ({schedule.cron.zone.key}).")
    if not told:
        out.print(f"No slot from {_today(schedule, begin)} to {last}.")
        return
    rows = [(_moment(schedule, each.slot), each.fate or "", each.goal or "", each.why) for each in told]
    out.print(fitted(rows, ("slot", "fate", "goal", "why"), out.width, text="why", drop=("goal",)))
    if more:
        out.print(f"There are more; these are the first {_MOST_EXPLAINED}: name fewer days.")


def _row(each: Standing, now: datetime) -> tuple[str | Text, ...]:
    schedule, last = each.schedule, each.last
    coming = [_moment(schedule, slot, short=slot.year == now.year) for slot in each.next]
    return (
        schedule.name,
        f"{schedule.cron.in_words} ({schedule.cron.zone.key})",
        Text("\n".join(coming)) if each.on else Text("off", style="dim"),
        Text("" if last is None else f"{last.fate}\n{_moment(schedule, last.slot, short=last.slot.year == now.year)}"),
        str(each.goals) if each.goals else "",
        usd(each.cost_nano) if each.cost_nano else "",
    )


def _moment(schedule: Schedule, slot: datetime, *, short: bool = False) -> str:
    there = slot.astimezone(schedule.cron.zone)
    return f"{there:%a} {there.day} {there:%b %H:%M}" if short else f"{there:%a %Y-%m-%d %H:%M}"


def _switched_on(settings: Settings, each: Standing, now: datetime) -> str:
    schedule = each.schedule
    cap = settings.goal_cap if schedule.cap_nano is None else schedule.cap_nano
    money = "is rehearsed, nothing is paid" if settings.rehearses else f"may cost {usd(cap)}"
    return f"{schedule.name} is on, next at {schedule.local(each.next[0], now)}; each of its goals {money}."


def _say_broken(found: Schedules) -> None:
    for why in found.broken.values():
        console().print(Text(f"Rests, because its file is broken: {visible(why)}", style="yellow"), soft_wrap=True)


def _day(option: str, given: str | None) -> date | None:
    if given is None:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = date.min
    if day.year not in _YEARS:
        raise WrongCall(f"{option} has to be a day such as 2026-12-01; it is {given[:40]!r}.")
    return day


def _today(schedule: Schedule, now: datetime) -> date:
    return now.astimezone(schedule.cron.zone).date()


def _midnight(schedule: Schedule, day: date) -> datetime:
    return datetime.combine(day, time(), schedule.cron.zone).astimezone(UTC)
