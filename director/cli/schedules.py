"""`schedules`: recurring work, what becomes of its due times, and the yes that switches it on."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import typer
from rich.text import Text

from director.bootstrap import opened
from director.catalog import catalog_of
from director.cli.consent import can_ask
from director.cli.documents import print_document
from director.cli.goal import say_given
from director.cli.run import worker_runs
from director.cli.terminal import console, fitted, say_workspace
from director.goals.forecast import Forecast
from director.goals.submit import goal_cap, will_rehearse
from director.triggers import change_schedule as changing
from director.triggers import switch as switching
from director.triggers.clock import run_now
from director.triggers.schedules import Schedule, Schedules, load
from director.views.schedules import (
    AROUND_NOW,
    Around,
    Standing,
    day_of,
    days_shown,
    explained_around,
    explained_days,
    explained_document,
    likely,
    schedules_document,
    standing,
)
from director.words.amounts import plain_usd, usd
from director.words.characters import visible
from director.words.command import program
from director.words.errors import WrongCall, WrongField
from director.words.settings import Settings, from_env

#: Slots that are explained at once: as many as the longest day has minutes, so that every slot can be asked for.
_MOST_EXPLAINED: Final = 25 * 60

#: Without --from and --to: the slots that are shown on either side of now.
_BESIDE_NOW: Final = 250

#: Days that may be said by a word, and how many they are from today.
_WORDS: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}

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
        switching.switch(office, found, found.schedules if every else names, on=on)
        with office.store.read() as tx:
            settled = [standing(tx, office, each) for each in found.schedules.values() if every or each.name in names]
            now, usual = tx.now, goal_cap(settings, tx.brands.get(office.brand))
        costs = {each.schedule.name: likely(office, each.schedule) if on else None for each in settled}
    if json:
        print_document(schedules_document(settled, found))
        return
    say_workspace(settings)
    out = console()
    for each in settled:
        out.print(
            _switched_on(settings, each, costs[each.schedule.name], now, usual)
            if on
            else f"{each.schedule.name} is off."
        )
    for name in dict.fromkeys(names):
        if name not in found.schedules:
            out.print(f"{visible(name)} is off.")
    if every:
        _say_broken(found)


def change(name: str, cron: str | None, cap: str | None, *, json: bool) -> None:
    """Change when a schedule starts and what each of its goals may cost, and say how it is then."""
    if cron is None and cap is None:
        raise WrongCall("Say what to change: --cron LINE, --cap USD, or both.")
    settings = from_env()
    with opened(settings, begins=True) as office:
        schedule = changing.change(office, name, cron=cron, cap=cap)
        with office.store.read() as tx:
            settled = standing(tx, office, schedule)
            usual = goal_cap(settings, tx.brands.get(office.brand))
    if json:
        print_document(schedules_document([settled], Schedules({name: schedule}, {})))
        return
    say_workspace(settings)
    most = usd(usual if schedule.cap_nano is None else schedule.cap_nano)
    console().print(
        f"{name} starts {schedule.cron.in_words} ({schedule.cron.zone.key}), {most} a goal at most: "
        f"{visible(str(schedule.file))}",
        soft_wrap=True,
    )
    if not settled.on:
        console().print(f"It is off; `{program()} schedules enable {name}` switches it on.")


def run(name: str, *, yes: bool, json: bool) -> None:
    """Start a schedule's goal now; none of its slots is used up."""
    settings = from_env()
    schedule = load(settings, catalog_of(settings)).find(name)
    with opened(settings, begins=True) as office:
        with office.store.read() as tx:
            usual = goal_cap(settings, tx.brands.get(office.brand))
        cap = usual if schedule.cap_nano is None else schedule.cap_nano
        rehearsal = will_rehearse(office)
        if not (rehearsal or yes):
            said = f"The goal of {name} is paid for, {usd(cap)} at most"
            if not can_ask(json=json):
                raise WrongCall(f"{said}, and nobody can be asked here: say --yes.")
            if not typer.confirm(f"{said}. Give it now?", default=False):
                raise WrongCall("No goal was given.")
        goal = run_now(office, schedule, rehearsal=rehearsal)
        say_given(office, goal, standing=worker_runs(office, rehearsal=rehearsal), json=json)


def explain(name: str, since: str | None, until: str | None, *, json: bool) -> None:
    """Each slot of a schedule in a span of days, and what became of it or will."""
    settings = from_env()
    schedule = load(settings, catalog_of(settings)).find(name)
    with opened(settings) as office, office.store.read() as tx:
        today = day_of(schedule, tx.now)
        named = _day("--from", since, today), _day("--to", until, today)
        try:
            first, last = days_shown(schedule, tx.now, *named)
        except WrongField:
            raise WrongCall(f"--to {until} is before --from {since}: name them the other way round.") from None
        if named == (None, None):
            around = explained_around(tx, office, schedule, AROUND_NOW, most=_BESIDE_NOW)
            told, more = around.told, _left_out(around)
        else:
            told, is_cut = explained_days(tx, office, schedule, first, last, most=_MOST_EXPLAINED)
            more = f"There are more; these are the first {_MOST_EXPLAINED:,}: name fewer days." if is_cut else ""
    if json:
        print_document({"schedule": name, "slots": [explained_document(each) for each in told], "more": bool(more)})
        return
    out = console()
    out.print(f"{name}: {schedule.cron.in_words} ({schedule.cron.zone.key}).")
    if not told:
        out.print(f"No slot from {first} to {last}.")
        return
    rows = [(_moment(schedule, each.slot), each.fate or "", each.goal or "", each.why) for each in told]
    out.print(fitted(rows, ("slot", "fate", "goal", "why"), out.width, text="why", drop=("goal",)))
    if more:
        out.print(more)


def _left_out(around: Around) -> str:
    if not (around.earlier or around.later):
        return ""
    return (
        f"Left out of {AROUND_NOW.days} days before and after now: {around.earlier:,} earlier and {around.later:,} later "
        "ones; --from DATE --to DATE shows other days, such as --from today --to today."
    )


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


def _switched_on(settings: Settings, each: Standing, cost: Forecast | None, now: datetime, usual_cap_nano: int) -> str:
    schedule = each.schedule
    cap = usd(usual_cap_nano if schedule.cap_nano is None else schedule.cap_nano)
    if cost is None:
        paid, with_key = f"may cost {cap}", f"it may cost {cap}"
    else:
        likely_cost = f"{plain_usd(cost.low_nano)} to {plain_usd(cost.high_nano)}, {cap} at most"
        paid, with_key = f"will likely cost {likely_cost}", f"it will likely cost {likely_cost}"
    money = f"is rehearsed, nothing is paid; with a key {with_key}" if settings.rehearses else paid
    return f"{schedule.name} is on, next at {schedule.local(each.next[0], now)}; each of its goals {money}."


def _say_broken(found: Schedules) -> None:
    for why in found.broken.values():
        console().print(Text(f"Rests, because its file is broken: {visible(why)}", style="yellow"), soft_wrap=True)


def _day(option: str, given: str | None, today: date) -> date | None:
    if given is None:
        return None
    if given in _WORDS:
        return today + timedelta(days=_WORDS[given])
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = date.min
    if day.year not in _YEARS:
        raise WrongCall(f"{option} has to be a day such as 2026-12-01 or today; it is {given[:40]!r}.")
    return day
