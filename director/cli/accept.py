"""`accept`: a person's own version of a deliverable, or their word that one is fine as it is."""

from pathlib import Path

from director.cli.branded import opened_for
from director.cli.documents import print_document
from director.cli.left_goals import left_line
from director.cli.named_task import task_named
from director.cli.resting import resting_lines
from director.cli.tables import where
from director.cli.terminal import say_workspace
from director.files.own_version import read_own
from director.inbox import accept as accepting
from director.inbox.accept import Accepted
from director.office import Office
from director.views.changed import accepted_document
from director.words.characters import visible
from director.words.errors import WrongCall


def accept(ident: str, file: Path | None, *, piece: str | None, json: bool) -> None:
    """Take the version in *file*; without one, what is approved is fine as it is."""
    if file is None and piece is not None:
        raise WrongCall("--piece says which piece a file is: name the file too.")
    own = None if file is None else read_own(file)
    with opened_for(ident) as office:
        with office.store.read() as tx:
            task = task_named(tx, ident, office.brand)
        done = None
        if own is None or file is None:
            task = accepting.say_fine(office, task.id)
        else:
            done = accepting.accept(office, task.id, own, file=file, piece=piece)
            task = done.task
        with office.store.read() as tx:
            left = left_line(tx, [tx.goals.get(task.goal)])
            document = accepted_document(office, tx, task, done) if json else None
        if document is not None:
            print_document(document)
            return
        say_workspace(office.settings)
        if done is None:
            print(f"{task.id} is fine as it is.")  # noqa: T201
        else:
            _say(office, done, left)


def _say(office: Office, done: Accepted, left: str | None) -> None:
    said = "is your version" if done.is_new else "was your version already"
    print(f"{done.task.id} {said}, revision {done.revision}.")  # noqa: T201
    for path in done.paths:
        print(where(office, path))  # noqa: T201
    for fault in done.faults:
        print(f"Found in it: {visible(fault)}")  # noqa: T201
    for line in resting_lines(done.task.id, done.rest_on_it):
        print(line)  # noqa: T201
    if left:
        print(left)  # noqa: T201
