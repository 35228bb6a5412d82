"""The record: whether it can be opened and written, by this version, and what its clock says."""

import os
from collections.abc import Iterator
from typing import Final

from director.doctor import clocks, mends
from director.store.look import Look
from director.store.look import look as look_at
from director.store.opening import RECORD
from director.words.addresses import shown
from director.words.brand import DEFAULT
from director.words.clock import Clock
from director.words.errors import NewerDatabase, StoreError, WrongSetting
from director.words.finding import Finding, Level
from director.words.settings import Settings

#: What PostgreSQL's client says where no server listens.
_NOBODY_THERE: Final = ("Connection refused", "No such file", "timeout")


def look(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """The database and its schema, and the clocks."""
    before = clock()
    try:
        seen = look_at(settings.database_url, settings.state_dir)
    except NewerDatabase as problem:
        yield Finding("database", Level.FAULT, str(problem), mends.update())
        return
    except StoreError as problem:
        yield Finding("database", Level.FAULT, str(problem), _mend(settings, problem))
        return
    except WrongSetting as problem:
        missing = isinstance(problem.__cause__, ModuleNotFoundError)
        yield Finding(
            "database", Level.FAULT, str(problem), mends.driver() if missing else mends.setting("DATABASE_URL")
        )
        return
    if seen is None:
        yield Finding("database", Level.WELL, "there is no record yet; the first goal makes one")
        yield from _brand(settings, frozenset())
        return
    yield Finding("database", Level.WELL, _said(seen, settings))
    yield from _brand(settings, seen.brands)
    if seen.time is not None:
        yield clocks.against("the database's", seen.time, before, clock())
    elif off := clocks.against_the_record(seen.newest, clock):
        yield off


def _brand(settings: Settings, there: frozenset[str] | None) -> Iterator[Finding]:
    """Whom commands are for by BRAND, where there is no such brand."""
    if settings.brand != DEFAULT and there is not None and settings.brand not in there:
        says = f"BRAND names {settings.brand}, and there is no such brand"
        yield Finding("settings", Level.FAULT, says, mends.command(f"brands add {settings.brand}"))


def _said(seen: Look, settings: Settings) -> str:
    where = "in the workspace" if settings.database_url is None else f"at {shown(settings.database_url)}"
    schema = "the next start brings its tables up to date" if seen.behind else f"tables at {seen.revision}, the newest"
    pages = "" if seen.whole else "; too large to look at all its pages now"
    return f"{seen.server} {where} can be written; {schema}{pages}"


def _mend(settings: Settings, problem: StoreError) -> str:
    if settings.database_url is not None:
        return (
            mends.start("postgresql")
            if any(word in str(problem) for word in _NOBODY_THERE)
            else mends.setting("DATABASE_URL")
        )
    file = settings.state_dir / RECORD
    for folder in (settings.workspace_dir, settings.state_dir):
        if not folder.is_dir():
            return mends.put_aside(folder)
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            return mends.ours(folder)
    return mends.put_aside(file) if file.is_dir() or os.access(file, os.R_OK | os.W_OK) else mends.ours(file)
