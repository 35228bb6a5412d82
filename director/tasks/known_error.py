"""
How far a reviewer can be trusted: what it did with texts whose faults are known (`calibrate`), and what follows for verdicts.

What counts is what the same model said under the prompt it has today. Rehearsals are apart: the built-in model judges nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from director.money.prices import without_date
from director.prompting.reviewing import prompt_version
from director.store.tx import Tx
from director.words.command import program
from director.words.intervals import wilson
from director.words.models import Calibration
from skills.loader import DIMENSIONS, Skill

#: The kind of a text that nothing was planted in.
CLEAN: Final = "clean"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of planted fault."""

    said: str  #: what it is, for people
    moves: tuple[str, ...]  #: the dimensions that a reviewer who sees it scores lower


#: In the order of the table.
KINDS: Final[Mapping[str, Kind]] = MappingProxyType({
    "missing-section": Kind("a section the outline asks for is missing", ("completeness",)),
    "cut-off": Kind("it stops before its end", ("completeness",)),
    "placeholder": Kind("a blank was left in", ("completeness",)),
    "brief-unfulfilled": Kind("something the brief asks for is not there", ("completeness", "actionability")),
    "vague-step": Kind("a step says no longer who does what", ("actionability", "clarity")),
    "contradiction": Kind("two places say the opposite", ("clarity",)),
    "invented-figure": Kind("a figure no source has", ("data_use",)),
    "invented-quote": Kind("a customer's words nobody said", ("data_use",)),
    "wrong-arithmetic": Kind("a sum that does not add up", ("technical_accuracy",)),
    "wrong-date": Kind("a date that cannot be meant", ("technical_accuracy",)),
    "rule-broken": Kind("a rule of the discipline is broken", ("technical_accuracy",)),
    "other-brand": Kind("another brand's name", ("brand_alignment",)),
    "off-voice": Kind("not in the brand's voice", ("brand_alignment", "creativity")),
    "broken-promise": Kind("a promise the brand does not make", ("brand_alignment", "data_use")),
    "stock-phrases": Kind("what any competitor could say", ("creativity", "brand_alignment")),
    "approve-order": Kind("an order to the reviewer to approve it", ()),
})  # fmt: skip

#: So many pairs, a text with a fault beside its clean twin, make a dimension measured: of fewer an interval says nothing.
ENOUGH_PAIRS: Final = 16


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    found: float
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        """Of 95 %, from 0 to 1."""
        return wilson(self.found, self.of)


@dataclass(frozen=True, slots=True)
class OfKind:
    """What became of the texts of one kind."""

    kind: str
    sent_back: int  #: by the certain checks or the reviewer
    by_checks: int  #: of those, what the certain checks sent back
    of: int

    @property
    def share(self) -> Share:
        """How many were sent back."""
        return Share(self.sent_back, self.of)


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of a model as the reviewer."""

    model: str
    rehearsal: bool
    at: datetime | None  #: when the newest of its texts was judged
    kinds: tuple[OfKind, ...]  #: the planted ones, those that were judged
    clean: OfKind
    dimensions: Mapping[str, Share]  #: how often the text with the fault was scored lower than its twin; a tie is half
    outdated: bool  #: whether texts were judged, and all of them under another prompt

    @property
    def planted(self) -> OfKind:
        """All planted faults together."""
        return OfKind(
            "planted",
            sum(kind.sent_back for kind in self.kinds),
            sum(kind.by_checks for kind in self.kinds),
            sum(kind.of for kind in self.kinds),
        )

    @property
    def weightless(self) -> tuple[str, ...]:
        """
        The dimensions whose score decides nothing: measured on ENOUGH_PAIRS, and chance would do as well: the interval of how
        often the fault was scored lower reaches down to a half. Of a rehearsal none: nobody judged.
        """
        if self.rehearsal:
            return ()
        return tuple(
            name for name, share in self.dimensions.items() if share.of >= ENOUGH_PAIRS and share.interval[0] <= 0.5
        )

    def sentence(self) -> str:
        """For people, beside a verdict."""
        calibrate = f"`{program()} calibrate`"
        if not self.kinds:
            if self.outdated:
                return f"The review prompt changed since {self.model} was calibrated: {calibrate} says what it finds."
            return f"How far {self.model} can be trusted as the reviewer is not known: {calibrate} measures it."
        planted = self.planted
        said = f"Known error of {self.model}: it sends back {planted.sent_back} of {planted.of} planted faults"
        least = min(self.kinds, key=lambda kind: kind.sent_back / kind.of)
        if least.sent_back < least.of:
            said += f" (fewest of {least.kind}: {least.sent_back} of {least.of})"
        if self.clean.of:
            said += f" and {self.clean.sent_back} of {self.clean.of} clean texts"
        if self.weightless:
            said += f"; not counted, as it judges them no better than chance: {', '.join(self.weightless)}"
        return f"{said}."


def measured(tx: Tx, skills: Mapping[str, Skill], model: str, *, rehearsal: bool) -> Measured:
    """What is known of *model* under the prompts of today."""
    model = without_date(model)
    rows = tx.calibrations.of_model(model, rehearsal=rehearsal)
    versions = {name: prompt_version(skills[name]) for name in {row.skill for row in rows} if name in skills}
    current = [row for row in rows if versions.get(row.skill) == row.prompt]
    return Measured(
        model=model,
        rehearsal=rehearsal,
        at=max((row.at for row in current), default=None),
        kinds=tuple(_of_kind(kind, current) for kind in KINDS if any(row.kind == kind for row in current)),
        clean=_of_kind(CLEAN, current),
        dimensions=MappingProxyType(_dimensions(current)),
        outdated=bool(rows) and not current,
    )


def _of_kind(kind: str, rows: Sequence[Calibration]) -> OfKind:
    of = [row for row in rows if row.kind == kind]
    back = [row for row in of if row.sent_back]
    return OfKind(kind, len(back), sum(row.by_checks for row in back), len(of))


def _dimensions(rows: Sequence[Calibration]) -> dict[str, Share]:
    """Of each dimension, the pairs the model scored both texts of."""
    twins = {row.skill: _scores(row) for row in rows if row.text == f"{row.skill}/{CLEAN}" and not row.by_checks}
    pairs = [(row, twins[row.skill]) for row in rows if row.kind in KINDS and not row.by_checks and row.skill in twins]
    return {
        name: _lower(
            (_scores(row)[name], twin[name]) for row, twin in pairs if name in KINDS[row.kind].moves
        )
        for name in DIMENSIONS
    }  # fmt: skip


def _lower(pairs: Iterable[tuple[float, float]]) -> Share:
    found = [1.0 if planted < clean else 0.5 if planted == clean else 0.0 for planted, clean in pairs]
    return Share(sum(found), len(found))


def _scores(row: Calibration) -> Mapping[str, float]:
    scores: Mapping[str, float] = row.document["scores"]
    return scores
