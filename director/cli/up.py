"""`up`: the team that stays, and what a person wants to know before its lines begin."""

import sys
from collections.abc import Callable, Iterator
from textwrap import fill
from typing import Final

from director.bootstrap import open_office
from director.catalog import catalog_of
from director.cli.terminal import console, say_workspace
from director.files.writable import check_places
from director.goals.submit import goal_cap
from director.launcher import address, state
from director.launcher.children import NAMES, parts
from director.launcher.lines import Lines
from director.launcher.state import Status
from director.launcher.supervisor import SPEAKER, Supervisor
from director.mailbox.restrictions import monthly_cap
from director.office import Office
from director.triggers.clock import upcoming
from director.triggers.rules import load
from director.words import log
from director.words.amounts import usd
from director.words.clock import Clock
from director.words.command import program
from director.words.own_secrets import own_secrets
from director.words.settings import from_env

#: Columns before what a line of the first screen says.
_INDENT: Final = 10


def go_up(watching: Callable[[Office], Callable[[Status], None]] | None = None) -> int:
    """
    Start everything, and stay until somebody says stop. Whatever can be wrong beforehand is said before anything starts.

    With *watching* somebody waits for the page: what it returns for the office is told each new status, and the web app is
    started before the workers.
    """
    settings = from_env()
    check_places(settings)
    _ = catalog_of(settings).roster
    clock = Clock()
    with state.held(settings.state_dir, clock()) as status:
        address.see_that_it_is_free(settings.web_host.strip("[]"), settings.web_port)
        office = open_office(settings, clock=clock)
        try:
            if settings.redis_url is not None:
                office.bus.check()
            say_workspace(settings)
            for line in first_screen(office):
                print(_folded(line) if sys.stdout.isatty() else line)  # noqa: T201
            sys.stdout.flush()
            as_json = not log.is_pretty(settings.log_format)
            lines = Lines(sys.stderr, (SPEAKER, *NAMES), own_secrets(settings), as_json=as_json)
            told = watching(office) if watching is not None else None

            def tell(news: Status) -> None:
                state.write(settings.state_dir, news)
                if told is not None:
                    told(news)

            ours = parts(settings, office, lines, web_first=watching is not None)
            supervisor = Supervisor(ours, lines, clock, tell)
            return 0 if supervisor.run(status) else 1
        finally:
            office.close()


def first_screen(office: Office) -> Iterator[str]:
    """Where to look, how to give a goal, what begins by itself, what is paid, and how to stop."""
    settings, us = office.settings, program()
    yield f"Look      {address.url(settings)}/ in a browser, `{us} open` lets one in, `{us} status`, `{us} ps`"
    yield f'Give      {us} goal "Increase signup conversion by 20%"   from another terminal'
    yield f"Clock     {_what_starts(office)}"
    yield f"Events    {_what_answers(office)}"
    if settings.rehearses:
        yield "Work      is rehearsed, nothing is paid: ANTHROPIC_API_KEY is not set"
    else:
        where = (settings.anthropic_base_url and "by the service of ANTHROPIC_BASE_URL") or "by Claude"
        yield f"Work      is paid: done {where}"
    verb = "would cost" if settings.rehearses else "costs"
    with office.store.read() as tx:
        brand = tx.brands.get(office.brand)
    month, goal = usd(monthly_cap(settings, brand)), usd(goal_cap(settings, brand))
    yield f"A month   {verb} {month} at most (`{us} budget`), a goal {goal}"
    if said := settings.unused_token:
        yield f"          {said}"
    yield f"Stop      Ctrl-C, or `{us} down`; calls on the wire may finish, nothing is lost"


def _folded(line: str) -> str:
    """The line as wide as the terminal, what follows of it below where it began to say something."""
    width = max(console().width, 2 * _INDENT)
    return fill(line, width, subsequent_indent=" " * _INDENT, break_long_words=False, break_on_hyphens=False)


def _what_starts(office: Office) -> str:
    """What begins by itself, and when; nothing does before a person said yes to it."""
    for slot, schedule in upcoming(office, 1):
        return f"starts {schedule.name} next, {schedule.local(slot, office.clock())}"
    return f"starts nothing: all schedules are off (`{program()} schedules`; `schedules enable NAME` switches one on)"


def _what_answers(office: Office) -> str:
    """How many triggers start work by themselves, and who may tell of what happens."""
    settings = office.settings
    count = sum(one.enabled and not one.fault for one in load(settings, office.catalog).triggers.values())
    who = (
        "who has WEBHOOK_TOKEN or a token"
        if settings.webhook_token
        else "who has a token (until one is made: this machine)"
    )
    return f"{count} triggers start work (`{program()} triggers`), told to {address.url(settings)}/webhooks/events by {who}"
