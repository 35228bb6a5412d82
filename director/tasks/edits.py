"""A revision by edits: each `old` is replaced where it stands exactly once, and not a byte outside of that changes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from director.prompting.forms import Edit


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
    for edit in edits:
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


def _put(text: str, made: Iterable[tuple[int, Edit]]) -> str:
    parts: list[str] = []
    after = 0
    for at, edit in sorted(made, key=lambda placed: placed[0]):
        parts += (text[after:at], edit.new)
        after = at + len(edit.old)
    return "".join((*parts, text[after:]))
