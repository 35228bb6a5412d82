"""The readable copy of what the team remembers, in the workspace: `memory/learnings.md`."""

from typing import Final

from director.files.mirror import of_brand, write
from director.office import Office
from director.words.models import Learning
from director.words.states import LearningState

PATH: Final = "memory/learnings.md"

_TITLES: Final = {
    LearningState.ACTIVE: "Shown to specialists where they fit",
    LearningState.PROPOSED: "Proposed: shown to nobody until you accept them",
    LearningState.RETIRED: "Retired",
}


def mirror(office: Office) -> str | None:
    """Write the copy; why it could not be, or None. Where there is nothing to remember there is no file."""
    with office.store.read() as tx:
        found = tx.learnings.all(office.brand)
    return write(office, of_brand(office, PATH), document(found)) if found else None


def document(learnings: list[Learning]) -> str:
    """All of them as Markdown, what is followed first."""
    lines = ["# What the team remembers", "", "A copy; `memory` changes it, editing this file does not."]
    for state, title in _TITLES.items():
        found = [one for one in learnings if one.state is state]
        if not found:
            continue
        lines += ["", f"## {title}"]
        for skill in sorted({one.skill for one in found}):
            lines += ["", f"### {skill}", "", *(_line(one) for one in found if one.skill == skill)]
    return "\n".join(lines) + "\n"


def _line(one: Learning) -> str:
    learned = f" From {', '.join(one.evidence)}." if one.evidence else ""
    return f"- {one.id}: {one.text} ({one.why}{learned})"
