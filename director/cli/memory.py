"""`memory`: what the team remembers, what waits for a word, what it is worth; and the words of people that change it."""

from collections.abc import Callable
from typing import Final

from rich.table import Table
from rich.text import Text

from director.bootstrap import opened
from director.cli.branded import opened_for
from director.cli.documents import print_document
from director.cli.terminal import console, counted, fitted, say_workspace
from director.memory import change
from director.memory.recall import ONE_IN
from director.memory.worth import LEAST, Compared, Interval, share
from director.office import Office
from director.store.learnings import Arm
from director.views.memory import (
    Measured,
    learning_document,
    measured,
    memory_document,
    proposed,
    remembered,
    report_document,
)
from director.words.characters import visible
from director.words.command import program
from director.words.errors import WrongCall
from director.words.models import Learning
from director.words.settings import from_env
from director.words.states import LearningState

#: What was done, for a line about it.
_SAID: Final = {
    LearningState.PROPOSED: "waits for you",
    LearningState.ACTIVE: "is followed where it fits",
    LearningState.RETIRED: "is shown no more",
}

_STYLE: Final = {LearningState.PROPOSED: "yellow", LearningState.ACTIVE: "green", LearningState.RETIRED: "dim"}


def print_memory(skill: str | None, state: str | None, *, json: bool) -> None:
    """The learnings, with why each is in its state."""
    wanted = _state(state)
    with opened(from_env()) as office, office.store.read() as tx:
        found = remembered(tx, office.brand, skill=skill, state=wanted)
    if json:
        print_document(memory_document(found))
        return
    out = console()
    if not found:
        is_all = skill is None and wanted is None
        out.print("Nothing is remembered yet." if is_all else "Nothing of that is remembered.")
        out.print(f'`{program()} memory add "…" --skill SKILL` says what to do in all work of a skill.')
        return
    out.print(_table(found, out.width))
    waiting = sum(one.state is LearningState.PROPOSED for one in found)
    if waiting:
        verb = "waits" if waiting == 1 else "wait"
        ways = f"`{program()} memory accept ID`, `edit ID` or `retire ID`"
        out.print(f"{counted(waiting, 'proposal')} {verb} for your word: {ways}.")


def _table(found: list[Learning], width: int) -> Table:
    rows = [
        (one.id, Text(one.state, style=_STYLE[one.state]), one.skill, f"{one.confidence:.2f}", one.text, _why(one))
        for one in found
    ]
    columns = ("id", "state", "skill", "trust", "what to do", "why")
    return fitted(rows, columns, width, text=("what to do", "why"), right=("trust",), drop=("trust",))


def _why(one: Learning) -> str:
    from_what = f" ({', '.join(one.evidence)})" if one.evidence else ""
    return f"{one.why}{from_what}{' Rehearsed goals only.' if one.rehearsal else ''}"


def _state(word: str | None) -> LearningState | None:
    if word is None:
        return None
    try:
        return LearningState(word)
    except ValueError as problem:
        raise WrongCall(f"--state is one of {', '.join(LearningState)}; {word!r} is none of them.") from problem


def add(text: str, skill: str, *, json: bool) -> None:
    """Keep a person's sentence."""
    _change(None, lambda office: change.add(office, text, skill), json=json)


def edit(ident: str, text: str, *, json: bool) -> None:
    """Put a learning in a person's words."""
    _change(ident, lambda office: change.edit(office, ident, text), json=json)


def accept(ident: str, *, json: bool) -> None:
    """Follow a proposal."""
    _change(ident, lambda office: change.accept(office, ident), json=json)


def retire(ident: str, *, json: bool) -> None:
    """Follow it no more."""
    _change(ident, lambda office: change.retire(office, ident), json=json)


def _change(ident: str | None, do: Callable[[Office], Learning], *, json: bool) -> None:
    settings = from_env()
    with opened_for(ident, settings, begins=True) as office:
        made = do(office)
    if json:
        print_document(learning_document(made))
        return
    say_workspace(settings)
    where = " in rehearsed goals" if made.rehearsal and made.state is LearningState.ACTIVE else ""
    print(visible(f"{made.id} ({made.skill}) {_SAID[made.state]}{where}: {made.text}"))  # noqa: T201


def print_report(*, json: bool) -> None:
    """What learnings are worth."""
    with opened(from_env()) as office, office.store.read() as tx:
        found = measured(tx, office.brand)
        waiting = proposed(tx, office.brand)
    if json:
        print_document(report_document(found))
        return
    _print_report(found, waiting)


def _print_report(found: Measured, waiting: int) -> None:
    out = console()
    if not found.skills and not found.learnings:
        out.print("No learning is followed in paid work yet, so there is nothing to compare.")
    else:
        out.print(
            f"First drafts of paid tasks that were approved at once, in percent, and their scores. One task in {ONE_IN} does "
            f"without any learning, and of the others one in {ONE_IN} without each. Behind a figure: the interval that holds "
            f"what is so in 95 of 100 cases. Fewer than {LEAST} tasks on a side are too few to tell."
        )
    if found.skills:
        out.print()
        rows = [(skill, *_figures(compared)) for skill, compared in found.skills]
        out.print(_fitted(rows, "skill", out.width))
    if found.learnings:
        out.print()
        rows = [(_named(one), *_figures(compared)) for one, compared in found.learnings]
        out.print(_fitted(rows, "learning", out.width))
        out.print()
        for one in (one for one, _ in found.learnings if one.state is LearningState.RETIRED):
            out.print(Text(visible(f"{one.id} is retired. {one.why}"), style="yellow"))
    if waiting:
        out.print(
            f"{counted(waiting, 'proposal')} {'waits' if waiting == 1 else 'wait'} for you: `{program()} memory`."
        )


def _fitted(rows: list[tuple[str, ...]], about: str, width: int) -> Table:
    columns = (about, "with", "without", "at once, with", "without it", "points", "score", "says")
    drop = ("without it", "at once, with", "score", "without", "with")
    return fitted(rows, columns, width, text=about, least=24, right=columns[1:-1], drop=drop)


def _figures(compared: Compared) -> tuple[str, ...]:
    return (
        str(compared.shown.tasks),
        str(compared.without.tasks),
        _share(compared.shown),
        _share(compared.without),
        _points(compared.approved()),
        _score(compared.score()),
        compared.worth(),
    )


def _named(one: Learning) -> str:
    return f"{one.id} {one.skill}: {one.text}"


def _share(arm: Arm) -> str:
    if not arm.tasks:
        return ""
    found = share(arm.approved, arm.tasks)
    return f"{found.value * 100:.0f} ({found.low * 100:.0f} to {found.high * 100:.0f})"


def _points(found: Interval | None) -> str:
    return "" if found is None else f"{found.value * 100:+.0f} ({found.low * 100:+.0f} to {found.high * 100:+.0f})"


def _score(found: Interval | None) -> str:
    return "" if found is None else f"{found.value:+.1f} ({found.low:+.1f} to {found.high:+.1f})"
