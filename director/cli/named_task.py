"""The task a person means: by its id, or by the title or the file of a piece of it."""

import re
from pathlib import Path
from typing import Final

from director.files.places import notes_path, places_of
from director.progress.facts import deliverable_of
from director.prompting.pieces import plain
from director.store.tx import Tx
from director.words.command import program
from director.words.errors import NotFound, WrongCall
from director.words.models import Task

#: A task's id.
_ID: Final = re.compile(r"g\d{1,9}-\d{1,4}")

#: A file among the outputs of a goal.
_FILE: Final = re.compile(r"(?:^|/)outputs/(g\d{1,9})/(?:notes/)?(\d\d)-[^/]+$")

#: Goals among whose deliverables a title is looked for.
_LATEST: Final = 50


def task_named(tx: Tx, said: str, brand: str) -> Task:
    """
    The brand's task with that id, or the one of whose deliverable a piece has that title or that file.

    Raises:
        NotFound: there is none.
        WrongCall: several have such a piece.
    """
    if _ID.fullmatch(said):
        return tx.tasks.get(said, brand=brand)
    if found := _FILE.search(Path(said).as_posix()):
        return tx.tasks.get(f"{found[1]}-{int(found[2])}", brand=brand)
    tasks = (task for goal in tx.goals.all(brand, limit=_LATEST) for task in tx.tasks.of_goal(goal.id))
    meant = [task for task in tasks if _has(tx, task, said)]
    if not meant:
        raise NotFound("task", said, f"`{program()} status GOAL` lists a goal's tasks, like g1-2")
    if len(meant) > 1:
        raise WrongCall(f"Several tasks have “{said}”: {', '.join(task.id for task in meant)}. Name one by its id.")
    return meant[0]


def _has(tx: Tx, task: Task, said: str) -> bool:
    text = deliverable_of(tx, task)
    if text is None:
        return False
    names = {plain(place.title) for place in places_of(task, text)}
    files = {Path(place.path).name for place in places_of(task, text)} | {Path(notes_path(task)).name}
    return plain(said) in names or said in files
