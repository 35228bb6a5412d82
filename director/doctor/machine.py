"""The machine: room on the disk, a workspace that can be written, and a port of our own."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from director.doctor import mends
from director.files.room import LOW, room_of
from director.files.writable import check_places, obstacle
from director.launcher import address, state
from director.words.errors import WorkspaceError, WrongSetting
from director.words.finding import Finding, Level
from director.words.settings import Settings

#: What SQLite, its log and the files of a goal need at least, bytes.
_LEAST: Final = 50 * 2**20

#: How long who listens at our port is asked who it is: it is on this machine.
_ANSWER_S: Final = 0.3

#: How many ports above the one that is taken are tried.
_NEAR: Final = 20


def look(settings: Settings) -> Iterator[Finding]:
    """Whether files can be written, and for how long."""
    workspace = settings.workspace_dir
    if (problem := _in_the_way(settings)) is not None:
        yield Finding("workspace", Level.FAULT, problem, _mend(settings))
    else:
        is_there = "can be written" if workspace.is_dir() else "can be made; what acts makes it"
        yield Finding("workspace", Level.WELL, f"{workspace} {is_there}")
    room = room_of(workspace)
    free = f"{room} at {room.place}"
    files = os.statvfs(room.place)
    if room.free < _LEAST or (files.f_files and not files.f_favail):
        what = "no room" if room.free < _LEAST else "no room for another file (inodes)"
        says = f"There is {what} on the disk: {free}. Free some, or name a folder elsewhere in WORKSPACE_DIR."
        yield Finding("disk", Level.FAULT, says, _what_is_large(room.place))
    elif room.share < LOW:
        yield Finding("disk", Level.WARNING, f"The disk is nearly full: {free}.", _what_is_large(room.place))
    else:
        yield Finding("disk", Level.WELL, free)


def look_at_port(settings: Settings) -> Iterator[Finding]:
    """Whether `up` could listen at its port, or does."""
    try:
        status = state.find(settings.state_dir)
    except WorkspaceError as problem:
        yield Finding("port", Level.FAULT, str(problem), mends.end_who_holds(settings.state_dir / state.LOCK))
        return
    if status is not None:
        says = f"the team is up (process {status.pid}); its web app is at {address.url(settings)}"
        yield Finding("port", Level.WELL, says)
        for part in status.parts:
            if part.state is state.State.GIVEN_UP:
                says = f"Of the team that is up, {part.name} was given up: {part.why or 'it never was ready'}."
                again = f"{mends.command('down')} && {mends.command('up')}"
                yield Finding("team", Level.FAULT, says, again)
        return
    try:
        address.see_that_it_is_free(settings.web_host.strip("[]"), settings.web_port)
    except WrongSetting as problem:
        who = address.who_answers(settings, _ANSWER_S) if problem.variable == "WEB_PORT" else None
        if who == "":
            says = f"a web app of Troupe that nobody's `up` started listens at {address.url(settings)}"
            yield Finding("port", Level.WELL, says)
            return
        another = " Another Troupe listens there." if who else ""
        yield Finding("port", Level.FAULT, f"{problem}{another}", _other_port(settings, problem.variable))
    else:
        yield Finding("port", Level.WELL, f"{address.url(settings)} is free for `up`")


def _in_the_way(settings: Settings) -> str | None:
    try:
        check_places(settings)
    except WorkspaceError as problem:
        return str(problem)
    if (what := obstacle(settings.state_dir)) is None:
        return None
    return f"The record cannot be written to {settings.state_dir} ({what}): mend that, or name another folder in WORKSPACE_DIR."


def _mend(settings: Settings) -> str:
    for place in (
        settings.workspace_dir,
        *(settings.workspace_dir / name for name in ("outputs", "reports", ".state")),
    ):
        if os.path.lexists(place):
            if not place.is_dir():
                return mends.put_aside(place)
            if not os.access(place, os.W_OK | os.X_OK):
                return mends.ours(place)
    return mends.setting("WORKSPACE_DIR")


def _what_is_large(place: Path) -> str:
    return f"du -xh {mends.path(place)} | sort -h | tail"


def _other_port(settings: Settings, variable: str) -> str:
    if variable == "WEB_PORT":
        for port in range(settings.web_port + 1, min(settings.web_port + _NEAR, 65536)):
            tried = replace(settings, web_port=port)
            try:
                address.see_that_it_is_free(tried.web_host.strip("[]"), port)
            except WrongSetting:
                continue
            return f"WEB_PORT={port} {mends.command('up')}"
    return mends.setting(variable)
