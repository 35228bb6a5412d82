"""A revision by edits: each `old` is replaced where it stands exactly once, and not a byte outside of that changes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from director.evidence.tracing import Source
from director.progress.open_facts import invented
from director.prompting.fences import unfenced
from director.prompting.forms import Edit
from director.prompting.pieces import take_apart
from director.tasks import checks
from pipelines.plan import PlannedTask
from skills.loader import Skill


@dataclass(frozen=True, slots=True)
class Edited:
    """A text after the edits that fit, in the order of the text, and why the others were left."""

    text: str
    made: tuple[Edit, ...]
    left: tuple[tuple[Edit, str], ...]


def apply(text: str, edits: Iterable[Edit], fault: Callable[[str], str | None]) -> Edited:
    """
    *text* with those of *edits* that fit: `old` stands in it exactly once, apart from every other edit, and the text with it
    has no *fault*.

    Places are those of *text* itself, so an edit never changes what another one put there.
    """
    made: list[tuple[int, Edit]] = []
    left: list[tuple[Edit, str]] = []
    for said in edits:
        edit = said if said.old in text else _unfenced(said, text)
        at = text.find(edit.old)
        if not edit.old or edit.old == edit.new:
            left.append((edit, "it changes nothing"))
        elif at < 0:
            left.append((edit, "its words do not stand in the text"))
        elif text.find(edit.old, at + 1) >= 0:
            left.append((edit, "its words stand in the text more than once"))
        elif any(at < begin + len(other.old) and begin < at + len(edit.old) for begin, other in made):
            left.append((edit, "it overlaps an earlier edit"))
        elif reason := fault(_put(text, [*made, (at, edit)])):
            left.append((edit, reason))
        else:
            made.append((at, edit))
    made.sort(key=lambda placed: placed[0])
    return Edited(_put(text, made), tuple(edit for _, edit in made), tuple(left))


def numbers(those: Iterable[Edit]) -> set[int]:
    """What they are to mend."""
    return {number for edit in those for number in edit.findings}


def unread(before: str, skill: Skill, task: PlannedTask, sources: Sequence[Source]) -> Callable[[str], str | None]:
    """
    What an edit of *before* breaks that nobody reads again before it is used: which pieces there are, a certain check that
    passed, or that what could harm has a source.
    """
    had = set(checks.faults(before, skill, task, cut_off=False))

    def fault(after: str) -> str | None:
        if _pieces(before) != _pieces(after):
            return "it changes which pieces there are"
        if new := invented(before, after, sources):
            return f"it states {new!r}, which no source vouches for"
        # A person may have taken it with a fault, which it may keep.
        return next((said for said in checks.faults(after, skill, task, cut_off=False) if said not in had), None)

    return fault


def _unfenced(edit: Edit, text: str) -> Edit:
    """What looks like a tag was shown to who writes edits as no tag, and is copied so."""
    old = unfenced(edit.old)
    return edit.model_copy(update={"old": old, "new": unfenced(edit.new)}) if old in text else edit


def _pieces(text: str) -> list[tuple[str, str]]:
    return [(piece.title, piece.use) for piece in take_apart(text).pieces]


def _put(text: str, made: Iterable[tuple[int, Edit]]) -> str:
    parts: list[str] = []
    after = 0
    for at, edit in sorted(made, key=lambda placed: placed[0]):
        parts += (text[after:at], edit.new)
        after = at + len(edit.old)
    return "".join((*parts, text[after:]))
