"""
What questions to people are about: a class a kind, with what has to be known when the answer comes.

It is kept as JSON and read for as long as a question may be open: a field that comes later has a default, and one that went
is passed over.
"""

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar, Final, TypeAlias, get_args


class CapOf(StrEnum):
    """Whose cap an answer may raise."""

    GOAL = "goal"
    MONTH = "month"
    DAY = "day"


class Kind(StrEnum):
    """What is asked."""

    PLAN = "plan"  #: May this plan run?
    DRAFT = "draft"  #: A draft was not good enough; what about it?
    SPENDING = "spending"  #: May a cap be raised?
    FAILURE = (
        "failure"  #: A turn failed for good, or is held because another model answers at its price; go on with it?
    )
    PAUSE = "pause"  #: A goal, or all work, was paused because it seemed to go nowhere; may it go on?


@dataclass(frozen=True, slots=True)
class AboutPlan:
    """The goal says which plan; and the caps that a yes raises, because it would not fit under them as they are."""

    kind: ClassVar = Kind.PLAN
    cap_nano: int | None = None  #: what the goal's cap becomes; None: it fits
    month: str | None = None  #: the account of the month that gets more; None: it fits
    month_cap_nano: int | None = None  #: what that month's cap becomes
    of_nano: int | None = None  #: what a month might cost when it was asked
    rehearsal: bool | None = None  #: whether that money is rehearsed

    @property
    def raises(self) -> bool:
        """Whether a yes raises a cap."""
        return self.cap_nano is not None or self.month is not None


@dataclass(frozen=True, slots=True)
class AboutDraft:
    """What was written, and why none of it was approved."""

    kind: ClassVar = Kind.DRAFT
    best: int  #: the draft that is taken
    last: int  #: the draft that was judged last
    reason: str
    notes: str  #: what the reviewer found
    unfit: str | None = None  #: why nobody may approve it
    before: int | None = None  #: the approved draft that stands unless this is taken; None: there is none


@dataclass(frozen=True, slots=True)
class AboutSpending:
    """The account that has too little, and what is asked for."""

    kind: ClassVar = Kind.SPENDING
    scope: str
    rehearsal: bool
    cap_nano: int | None = None  #: what the cap becomes; None: as much as what waits needs
    of_nano: int | None = None  #: the cap when it was asked; None: what the settings say

    @property
    def account(self) -> tuple[str, bool]:
        """Whose money it is: questions about one account are one question."""
        return self.scope, self.rehearsal


@dataclass(frozen=True, slots=True)
class AboutFailure:
    """The turn that failed, or that is held until a person agrees to the price of the model that answers."""

    kind: ClassVar = Kind.FAILURE
    turn: int
    before: int | None = None  #: the approved draft that stands unless it is tried again; None: there is none


@dataclass(frozen=True, slots=True)
class AboutPause:
    """What was paused because it seemed to go nowhere."""

    kind: ClassVar = Kind.PAUSE
    brand: str | None = None  #: all of this brand's work; None: the goal alone
    scope: str | None = (
        None  #: the month or the day whose cap the last call did not fit under; None: its goal's own cap
    )
    rehearsal: bool | None = None  #: whether that money is rehearsed
    worst_nano: int | None = None  #: what that call could have cost


About: TypeAlias = AboutPlan | AboutDraft | AboutSpending | AboutFailure | AboutPause

_CLASSES: Final[dict[Kind, type[About]]] = {one.kind: one for one in get_args(About)}


def raises(about: About) -> dict[CapOf, int | None]:
    """The caps that a yes raises, each to what it becomes at most; None: to as much as what waits needs."""
    if isinstance(about, AboutSpending):
        return {CapOf(about.scope.partition(" ")[0]): about.cap_nano}
    found: dict[CapOf, int | None] = {}
    if isinstance(about, AboutPlan):
        found |= {} if about.cap_nano is None else {CapOf.GOAL: about.cap_nano}
        found |= {} if about.month is None else {CapOf.MONTH: about.month_cap_nano}
    return found


def raises_for_all(about: About) -> bool:
    """Whether a yes raises a cap that all of a brand's goals share, and not only its own goal's."""
    return bool(raises(about).keys() - {CapOf.GOAL})


def outlives_goal(about: About) -> bool:
    """Whether it still has to be answered when the goal at which it was asked is over."""
    return isinstance(about, AboutPause) and about.brand is not None


def to_document(about: About) -> dict[str, Any]:
    """As it is kept: what is None is left out."""
    return {name: value for name, value in asdict(about).items() if value is not None}


def from_document(kind: Kind, document: dict[str, Any]) -> About:
    """What was kept, also by an earlier Troupe."""
    made = _CLASSES[kind]
    return made(**{field.name: document[field.name] for field in fields(made) if field.name in document})
