"""Following a goal: a live table on a terminal, plain lines otherwise, nothing with `--json`."""

import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, Protocol

from rich.console import Console
from rich.live import Live

from director.cli.tables import goal_view
from director.cli.terminal import console
from director.mailbox.turns import LEASE
from director.office import INSIST_EVERY_S, Office
from director.progress.questions import about_plan
from director.store.tx import Tx
from director.upkeep import sweep
from director.views.goal import rests
from director.words.errors import Cure, StoreError
from director.words.models import Goal, JournalLine
from director.words.states import GoalState, TaskState
from director.words.streams import guarding

#: How often the record is looked at. A look is one indexed query of a few rows.
_LOOK_EVERY: Final = timedelta(milliseconds=100)

#: As many lines of the journal are told at a look; a goal is not left while there are more.
_LINES_A_LOOK: Final = 1000

#: How often it is asked whether anybody hears the goal's bells.
_LISTEN_EVERY: Final = timedelta(seconds=5)

#: How often the goal is looked at, and the live table drawn, although nothing happened.
_DRAW_EVERY: Final = timedelta(milliseconds=500)


class View(Protocol):
    """Where progress goes."""

    def look(self, tx: Tx, goal: Goal, news: list[JournalLine]) -> Callable[[], None]:
        """
        Something happened, or a moment passed. What is returned shows it, after the transaction: who reads may pause, and
        the record is not kept open for that.
        """
        ...


@dataclass(slots=True)
class Lines:
    """
    One line for each thing that happened.

    What a person is asked is told once, by the line that it was asked. Nothing is, where nobody will be asked (*dry*): a plan
    that is only looked at.
    """

    dry: bool = False

    def look(self, tx: Tx, goal: Goal, news: list[JournalLine]) -> Callable[[], None]:
        """Prints the news."""
        names = {task.id: task.skill for task in tx.tasks.of_goal(goal.id)} if news else {}
        dry = self.dry and about_plan(tx, goal.id) is not None
        told = [
            line for line in news if not (dry and line.subject == goal.id and line.what in ("asked", GoalState.WAITING))
        ]
        return partial(self._print, told, names)

    @staticmethod
    def _print(news: list[JournalLine], names: dict[str, str]) -> None:
        for line in news:
            what = f"{names[line.subject]}: {line.what}" if line.subject in names else line.what
            detail = _detail(line)
            print(f"{line.at:%H:%M:%S} UTC  {line.subject}  {what}{f' ({detail})' if detail else ''}", flush=True)  # noqa: T201


class Quiet:
    """Nothing: a document follows at the end."""

    def look(self, tx: Tx, goal: Goal, news: list[JournalLine]) -> Callable[[], None]:  # noqa: ARG002 - it shows nothing
        """Says nothing."""
        return _nothing


class Table:
    """A live table."""

    def __init__(self, live: Live, out: Console, *, rehearses: bool) -> None:
        self._live = live
        self._out = out
        self._rehearses = rehearses

    def look(self, tx: Tx, goal: Goal, news: list[JournalLine]) -> Callable[[], None]:  # noqa: ARG002 - it draws all of it, new or not
        """Draws it anew."""
        view = goal_view(tx, goal, self._out.width, rehearses=self._rehearses)
        return partial(self._live.update, view, refresh=True)


def _nothing() -> None:
    pass


def follow(
    office: Office,
    goal_id: str,
    *,
    json: bool,
    dry: bool = False,
    rehearses: bool = False,
    told: int = 0,
    until: Callable[[Tx, Goal], bool] | None = None,
) -> tuple[Goal, int]:
    """
    Show the goal's progress until it is over, or until it waits for something only a person can give, or *until* says so.
    Returns it, and up to which line of the journal that was told.

    Waiting that ends by itself is followed on: for the model service, for money that calls on the wire may leave, for a
    database that is away.
    *rehearses* is whether this process does the work and rehearses it; *dry* as in `Lines`. What the journal has up to *told*
    was said before.

    Raises:
        KeyboardInterrupt: this process was told to stop.
    """
    out = console()
    if json:
        return _until(office, goal_id, Quiet(), told, until)
    if not out.is_terminal:
        return _until(office, goal_id, Lines(dry), told, until)
    # Who writes to standard error meanwhile is shown above the table, which would take colours from the words.
    redirect = sys.stderr.isatty()  # else it is a file, and stays one
    with Live(console=out, auto_refresh=False, transient=True, redirect_stderr=redirect) as live, guarding():
        return _until(office, goal_id, Table(live, out, rehearses=rehearses), told, until)


def _detail(line: JournalLine) -> str:
    detail = " ".join((line.detail or "").split())
    if line.what == TaskState.ESCALATED:
        return ""  # the question that follows says why
    asked = re.search(r"\(approval (a\d+)\)$", detail)
    return f"for {asked[1]}" if line.what == GoalState.WAITING and asked else detail


def _waits_for(tx: Tx, goal_id: str) -> str | None:
    """Why a turn of the goal was put back to wait, until it is done: a table has it in its cells, else nobody sees it."""
    return next((" ".join((turn.error or "").split()) for turn in tx.turns.open_of_goal(goal_id) if turn.waits), None)


def _until(
    office: Office, goal_id: str, view: View, told: int, until: Callable[[Tx, Goal], bool] | None
) -> tuple[Goal, int]:
    seen, looked, away, believes_at = told, 0.0, False, 0.0
    asked_at, unheard_told = time.monotonic(), False
    waits_for: str | None = None
    while True:
        show, over, unheard, waits = _nothing, None, None, waits_for
        try:
            with office.store.read() as tx:
                news = tx.journal(goal_id, after=seen, limit=_LINES_A_LOOK)
                # Whatever changes is in the journal, so most looks are one small query; the live table also has a clock.
                if news or time.monotonic() - looked >= _DRAW_EVERY.total_seconds():
                    goal = tx.goals.get(goal_id)
                    show = view.look(tx, goal, news)
                    seen = news[-1].id if news else seen
                    believes = time.monotonic() >= believes_at
                    leaves = rests(tx, goal) or (until is not None and believes and until(tx, goal))
                    if leaves and len(news) < _LINES_A_LOOK:
                        over = goal
                    waits = None if isinstance(view, Table) else _waits_for(tx, goal_id)
                    looked = time.monotonic()
                if not unheard_told and time.monotonic() - asked_at >= _LISTEN_EVERY.total_seconds():
                    asked_at, unheard = time.monotonic(), sweep.unheard(tx, goal_id)
            away = False
        except StoreError as problem:
            if problem.cure is not Cure.WAIT:
                raise
            if not away:
                # The live table takes what goes to standard error and puts it above itself.
                sentence = f"{str(problem).rstrip('.')}. Following {goal_id} goes on by itself when it can."
                print(sentence, file=sys.stderr)  # noqa: T201
            # No process could announce itself meanwhile; one that is there does so again within a lease.
            away, believes_at = True, time.monotonic() + LEASE.total_seconds()
            if office.closing.wait(INSIST_EVERY_S):
                raise
        if unheard is not None:
            print(f"{goal_id} does not go on: {unheard}.", file=sys.stderr)  # noqa: T201
            unheard_told = True
        show()
        if over is not None:
            return over, seen
        if (waits is None) is not (waits_for is None):
            said = f"goes on by itself when it can: {waits}" if waits else "goes on now."
            print(f"{goal_id} {said}", file=sys.stderr)  # noqa: T201
        waits_for = waits
        office.stopping.wait(_LOOK_EVERY.total_seconds())
