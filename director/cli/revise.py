"""`revise`: an answer to a question about a draft, or a change of what was approved."""

import re
import sys
from typing import Final

import typer

from director.cli.answer import answer, learned_line
from director.cli.branded import opened_for
from director.cli.consent import can_ask
from director.cli.documents import print_document
from director.cli.left_goals import left_line
from director.cli.named_task import task_named
from director.cli.resting import resting_lines
from director.cli.terminal import say_workspace
from director.inbox import revise_approved
from director.inbox.approvals import instructions
from director.inbox.revise_approved import Asked
from director.views.changed import asked_document
from director.views.likely_change import likely_change
from director.words.command import program
from director.words.errors import WrongCall
from director.words.states import Answer, stands

_QUESTION: Final = re.compile(r"a\d+")


def revise(ident: str, words: str | None, *, dependents: bool, yes: bool, json: bool) -> None:
    """Answer the question *ident*, or ask for the change once it is said what it will likely cost."""
    if _QUESTION.fullmatch(ident):
        if dependents:
            raise WrongCall(f"--dependents is about a task, like g1-2; {ident} is a question.")
        answer(ident, Answer.REVISE, words, json=json)
        return
    with opened_for(ident) as office:
        with office.store.read() as tx:
            task = task_named(tx, ident, office.brand)
            likely = likely_change(office, tx, task, itself=words is not None, dependents=dependents)
            told = None if likely is None else likely.sentence(task.goal)
        if words is None and not dependents:
            raise WrongCall(f'Say what to change: `{program()} revise {task.id} "…"`.')
        if words is not None:
            instructions(task.id, words)
        if likely is not None and told is not None and not (yes or likely.rehearsal):
            _agree(told, json=json)
        if words is None:
            asked = revise_approved.look_again(office, task.id)
        else:
            asked = revise_approved.revise(office, task.id, words, dependents=dependents)
        with office.store.read() as tx:
            left = left_line(tx, [asked.goal])
            document = asked_document(office, tx, asked) if json else None
    if document is not None:
        print_document(document)
        return
    say_workspace(office.settings)
    if told is not None and asked.is_new:
        print(told)  # noqa: T201
    _say(asked, left)


def _agree(told: str, *, json: bool) -> None:
    if not can_ask(json=json):
        raise WrongCall(f"{told} Say --yes to agree; nothing was done.")
    print(told, file=sys.stderr)  # noqa: T201
    if not typer.confirm("Go on?", default=True):
        raise WrongCall("Nothing was done.")


def _say(asked: Asked, left: str | None) -> None:
    named = " and ".join(task.id for task in asked.tasks)
    are = "is" if len(asked.tasks) == 1 else "are"
    if asked.is_new:
        print(f"{named} {are} to be changed; what is approved stands until then.")  # noqa: T201
    else:
        print(f"{named} {are} being changed so already; nothing changed.")  # noqa: T201
    for line in resting_lines(asked.tasks[0].id, asked.rest_on_it, once="Once the new version is approved, "):
        print(line)  # noqa: T201
    print(left or f"{asked.goal.id} {stands(asked.goal.state)}.")  # noqa: T201
    if asked.learned is not None:
        print(learned_line(asked.learned))  # noqa: T201
