"""
The texts whose faults are known: a clean one for each skill in `corpus/`, and from it its twins, each with one planted fault.

A twin is the clean text with an edit or a few, each of words that stand there once; or the text up to some words, where it is
cut off. The harmless twins have edits that make nothing wrong: they are clean too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import zip_longest
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

from director.tasks.known_error import CLEAN, KINDS
from pipelines.plan import PlannedTask, Size, StepKind

_FOLDER: Final = Path(__file__).parent / "corpus"

#: Of the texts that are put to a reviewer in a part of a calibration, one in so many has no fault.
ONE_CLEAN_IN: Final = 3


@dataclass(frozen=True, slots=True)
class Written:
    """What a text was written for and from: what its reviewer is shown besides."""

    skill: str
    goal: str
    day: date
    context: str
    task: PlannedTask


@dataclass(frozen=True, slots=True)
class Known:
    """A text, and what is wrong with it."""

    name: str  #: its skill and which of its texts it is: "cold-email/invented-figure"
    kind: str  #: one of `KINDS`, or CLEAN
    text: str
    written: Written

    @property
    def skill(self) -> str:
        """Whose work it is."""
        return self.written.skill


@cache
def texts() -> tuple[Known, ...]:
    """All of them, skill by skill, the clean ones of each first."""
    return tuple(known for file in sorted(_FOLDER.glob("*.yaml")) for known in _of_file(file))


def find(name: str) -> Known | None:
    """The text of that name."""
    return next((known for known in texts() if known.name == name), None)


def some(found: Sequence[Known], most: int, seed: int | None) -> list[Known]:
    """
    At most *most* of these, one in ONE_CLEAN_IN without a fault, of the others each kind in its turn; with a *seed* shuffled by
    it, which gives the same each time.
    """
    order = list(found)
    if seed is not None:
        Random(seed).shuffle(order)  # noqa: S311 - no secret
    clean = [known for known in order if known.kind == CLEAN]
    kinds: dict[str, list[Known]] = {}
    for known in order:
        if known.kind != CLEAN:
            kinds.setdefault(known.kind, []).append(known)
    planted = [known for row in zip_longest(*kinds.values()) for known in row if known is not None]
    of_clean = min(len(clean), max(-(-most // ONE_CLEAN_IN), most - len(planted)))
    chosen = {known.name for known in (*clean[:of_clean], *planted[: most - of_clean])}
    return [known for known in order if known.name in chosen]


def _of_file(file: Path) -> Iterable[Known]:
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    written, clean = _written(document), str(document["clean"]).strip()
    yield Known(f"{written.skill}/{CLEAN}", CLEAN, clean, written)
    for number, edits in enumerate(document["harmless"], 1):
        yield Known(f"{written.skill}/{CLEAN}-{number}", CLEAN, _edited(clean, edits, file), written)
    for kind in KINDS:
        yield Known(f"{written.skill}/{kind}", kind, _edited(clean, document["planted"][kind], file), written)


def _written(document: Mapping[str, Any]) -> Written:
    context = (_FOLDER / "contexts" / f"{document['context']}.md").read_text(encoding="utf-8").strip()
    task = PlannedTask(
        document["skill"],
        document["skill"],
        StepKind.DRAFT,
        (),
        brief=" ".join(document["brief"].split()),
        pieces=tuple(document["pieces"]),
        size=Size(document["size"]),
    )
    return Written(task.skill, document["goal"], document["day"], context, task)


def _edited(clean: str, edits: Any, file: Path) -> str:
    text = clean
    for edit in edits if isinstance(edits, list) else [edits]:
        words = str(edit.get("up_to", edit.get("old"))).rstrip("\n")
        if clean.count(words) != 1:
            raise ValueError(
                f"{file.name}: expected {words!r} once in the clean text, found it {clean.count(words)} times"
            )
        if "up_to" in edit:
            return text[: text.index(words) + len(words)]
        text = text.replace(words, str(edit["new"]).rstrip("\n"))
    return text.strip()
