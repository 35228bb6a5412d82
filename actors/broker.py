"""The broker every actor is declared on, and the office they work in. Importing this connects to nothing."""

import os
import sys
from functools import cache

import dramatiq

from actors.doorbell_broker import DoorbellBroker
from actors.middleware import OfficeHours
from actors.ticks import Ticks
from director.bootstrap import open_office, redis_url
from director.catalog import catalog_of
from director.concurrency.stopping import Stopping
from director.files.writable import check_places
from director.goals.missing_files import write_all_missing
from director.mailbox import handling
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.words import log
from director.words.errors import DirectorError
from director.words.own_secrets import own_secrets
from director.words.settings import from_env
from director.words.streams import guard
from skills.loader import Roster

guard()
try:
    settings = from_env()
    check_places(settings)
    roster: Roster = catalog_of(settings).roster
except DirectorError as problem:
    # Dramatiq's command line imports us first; a person who set something wrong wants the sentence, not the stack.
    print(problem, file=sys.stderr)  # noqa: T201
    raise SystemExit(problem.exit_code) from None


stopping = Stopping()


@cache
def office() -> Office:
    """This process's office; opened at first use, never before a fork. Files that could not be written are made up for."""
    opened = open_office(settings, stopping=stopping, only=hours.only)
    if hours.standing:
        write_all_missing(opened)
    return opened


def answer(turn_id: int, verbs: dict[str, handling.Verb]) -> None:
    """What every actor does when its bell rings."""
    handling.handle(office(), turn_id, verbs, after_failure)


def _log_format() -> str | None:
    """
    What is read at a terminal is for people. Dramatiq puts a pipe in the place of its workers' standard error and writes what
    comes out of it to its own, so that they do not see where they are read.
    """
    to_a_file = any(word.startswith("--log-file") for word in sys.argv)
    return "pretty" if not to_a_file and os.isatty(2) else None


log.configure(settings.log_level, settings.log_format or _log_format(), own_secrets(settings))
catalog_of(settings).say_who_is_left_out()

# No retries, limits or callbacks of Dramatiq's: the row is the record, and the sweep rings again for what did not move.
hours = OfficeHours(settings, office, stopping)
# Its namespace is the office's, which a worker knows when it opens (middleware.py).
broker = DoorbellBroker(url=redis_url(settings), middleware=[hours, Ticks()])
dramatiq.set_broker(broker)
