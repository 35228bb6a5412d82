"""What changed from one version of a text to the next: by paragraph, and within a paragraph by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

#: Paragraphs around a change that are shown with it.
_AROUND: Final = 1

#: How alike two paragraphs have to be for a comparison of their words to say something.
_ALIKE: Final = 0.35

_WORD: Final = re.compile(r"\s+|[^\s]+")

How = Literal["same", "new", "gone"]


@dataclass(frozen=True, slots=True)
class Part:
    """Some words of a paragraph."""

    how: How
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with what changed in it; one without parts stands for some that did not change and are not shown."""

    parts: Sequence[Part]
    left_out: int = 0


def word_diff(before: str, after: str) -> list[Paragraph]:
    """The paragraphs that changed, each with its neighbours; none where the texts are the same."""
    old, new = _paragraphs(before), _paragraphs(after)
    all_of_it: list[tuple[bool, Paragraph]] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            all_of_it += [(False, Paragraph([Part("same", text)])) for text in old[i:j]]
        else:
            all_of_it += [(True, one) for one in _compared(old[i:j], new[k:m])]
    return list(_around(all_of_it))


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    for number in range(max(len(old), len(new))):
        if number >= len(new):
            yield Paragraph([Part("gone", old[number])])
        elif number >= len(old):
            yield Paragraph([Part("new", new[number])])
        else:
            yield from _by_words(old[number], new[number])


def _by_words(old: str, new: str) -> Iterator[Paragraph]:
    a, b = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < _ALIKE:
        yield Paragraph([Part("gone", old)])
        yield Paragraph([Part("new", new)])
        return
    parts: list[Part] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            parts.append(Part("same", "".join(a[i:j])))
            continue
        if i < j:
            parts.append(Part("gone", "".join(a[i:j])))
        if k < m:
            parts.append(Part("new", "".join(b[k:m])))
    yield Paragraph(parts)


def _around(all_of_it: Sequence[tuple[bool, Paragraph]]) -> Iterator[Paragraph]:
    changed = [number for number, (is_changed, _) in enumerate(all_of_it) if is_changed]
    shown = {
        near
        for number in changed
        for near in range(number - _AROUND, number + _AROUND + 1)
        if 0 <= near < len(all_of_it)
    }
    left_out = 0
    for number, (_, paragraph) in enumerate(all_of_it):
        if number not in shown:
            left_out += 1
            continue
        if left_out:
            yield Paragraph((), left_out)
            left_out = 0
        yield paragraph
    if left_out and changed:
        yield Paragraph((), left_out)
