"""A goal's journal in words: what happened to it, newest first."""

import re
from collections.abc import Mapping
from typing import Any, Final

from director.progress.questions import PERSON
from director.store.tx import Tx
from director.views.titles import GOAL_STATES, TASK_STATES, task_titles
from director.words.characters import shortened
from director.words.models import Goal, JournalLine, Task

#: Lines that are shown, and characters of what is said in one.
_MOST: Final = 60
_LONGEST: Final = 200

#: What the journal's words are in a sentence about a goal, a task or a question; what is missing stands as it is written.
_SAID: Final[Mapping[str, str]] = {
    "planned": "was planned",
    "asked": "a question was asked",
    "approve": "you said yes",
    "reject": "you said no",
    "revise": "you asked for a change",
    "cancel": "you stopped it",
    "lapsed": "nobody answered in time",
    "paused": "was paused",
    "resumed": "goes on",
    "replanned": "was planned anew",
    "corrected": "was corrected",
}

#: Who did something that nobody else could have done is not told.
_ACTORS: Final = frozenset({"director", "reviewer", "troupe", "submit", "ledger"})


def timeline_document(tx: Tx, goal: Goal) -> list[dict[str, Any]]:
    """The last lines of the goal's journal, newest first; times are ISO 8601."""
    tasks = {task.id: task for task in tx.tasks.of_goal(goal.id)}
    titles = task_titles(goal, tasks)
    lines: list[JournalLine] = []
    after = 0
    while more := tx.journal(goal.id, after=after):
        lines = [*lines, *more][-_MOST:]
        after = more[-1].id
    return [
        {
            "at": line.at.isoformat(),
            "subject": titles.get(line.subject, "The goal" if line.subject == goal.id else "A question"),
            "task": line.subject if line.subject in tasks else None,
            "what": _what(line, tasks),
            "detail": _detail(line),
            "by": _by(line, tasks),
        }
        for line in reversed(lines)
    ]


def _detail(line: JournalLine) -> str:
    words = re.sub(r" \(approval a\d+\)", "", " ".join((line.detail or "").split()))
    said = shortened(words, _LONGEST)
    return re.sub(r"\brevision (\d{1,4})\b", lambda found: f"version {int(found[1]) + 1}", said)


def _by(line: JournalLine, tasks: Mapping[str, Task]) -> str:
    if line.by in _ACTORS or line.by in {task.skill for task in tasks.values()}:
        return ""
    if line.by == PERSON:
        return "" if _SAID.get(line.what, "").startswith("you") else "you"
    return line.by


def _what(line: JournalLine, tasks: Mapping[str, Task]) -> str:
    states: Mapping[str, str] = TASK_STATES if line.subject in tasks else GOAL_STATES  # type: ignore[assignment]  # words are text
    return states.get(line.what) or _SAID.get(line.what, line.what)
