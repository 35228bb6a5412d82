"""
Which figures of an installation there are, for whoever measures it: names, kinds, labels, and what they say.

Whatever only grows is a counter: it is summed from rows that never change again and that nobody deletes, so it does not go
back when a process starts anew. Money that may still come back, and calls that may still be answered, are therefore in gauges
of their own. No label holds what grows without end: no goal, no task, no text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """How a figure moves."""

    GAUGE = "gauge"  #: up and down
    COUNTER = "counter"  #: up only


@dataclass(frozen=True, slots=True)
class Family:
    """One figure: its name, by convention with its unit, what tells its samples apart, and what it says."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    help: str


#: Values of the labels of one sample, in their family's order, and its value.
Sample = tuple[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Metrics:
    """What was found."""

    samples: dict[str, list[Sample]] = field(default_factory=dict)  #: by the name of their family

    def add(self, family: Family, value: float, *labels: str) -> None:
        """One sample more."""
        if len(labels) != len(family.labels):
            raise TypeError(f"{family.name} has the labels {family.labels}, not {labels}")
        self.samples.setdefault(family.name, []).append((labels, value))


_FAMILIES: list[Family] = []


def _family(name: str, kind: Kind, labels: Sequence[str], says: str) -> Family:
    made = Family(f"troupe_{name}", kind, tuple(labels), says)
    _FAMILIES.append(made)
    return made


def _gauge(name: str, says: str, *labels: str) -> Family:
    return _family(name, Kind.GAUGE, labels, says)


def _counter(name: str, says: str, *labels: str) -> Family:
    return _family(name, Kind.COUNTER, labels, says)


_OF_CALLS: Final = ("purpose", "model", "money")

RECORD_UP = _gauge("record_up", "Whether the record could be read (1). While it cannot (0), nothing from it is here.")
REDIS_UP = _gauge("redis_up", "Whether Redis answered (1).")
SCRAPE = _gauge("scrape_duration_seconds", "How long it took to compute these figures.")
GOALS = _gauge("goals", "Goals, by state.", "state", "money")
TASKS = _gauge("tasks", "Tasks, by state and skill.", "state", "skill", "money")
SCORE = _gauge("score_mean", "The mean score, 0 to 10, of the drafts that count, by skill.", "skill", "money")
REVISIONS = _counter("revisions_total", "Drafts after the first of their task, by skill.", "skill", "money")
TURNS = _gauge("turns", "Turns that are not finished, by state.", "state")
TURNS_FINISHED = _counter("turns_finished_total", "Turns that are finished, by how.", "state")
TURNS_OLDEST = _gauge(
    "turns_oldest_age_seconds", "How long ago the oldest turn in that state was created; 0: there is none.", "state"
)
READY = _gauge("turns_ready", "Queued turns whose time has come.")
READY_OLDEST = _gauge(
    "turns_ready_oldest_seconds", "How long the oldest of them could have gone out; 0: there is none."
)
QUESTIONS = _gauge("questions_open", "Questions that wait for a person.")
QUESTIONS_OLDEST = _gauge("questions_oldest_age_seconds", "How long the oldest of them waits; 0: there is none.")
CALLS = _counter(
    "calls_total", "Calls that are settled for good, by state; the model is the one asked.", "state", *_OF_CALLS
)
CALLS_OPEN = _gauge(
    "calls_unsettled",
    "Calls that are being asked (reserved), or may have been paid and were not answered (lost).",
    "state",
    *_OF_CALLS,
)
ANSWERS = _counter("answer_seconds_total", "How long answered calls took together, from request to answer.", *_OF_CALLS)
TOKENS = _counter(
    "tokens_total",
    "Tokens paid for: input (neither written to the cache nor read from it), cache_write, cache_read, output.",
    "kind",
    *_OF_CALLS,
)
COST = _counter(
    "cost_usd_total",
    "What settled calls cost; rounded to nine places it is the ledger's figure, up to four million dollars.",
    *_OF_CALLS,
)
COST_LOST = _gauge(
    "cost_lost_usd",
    "What calls that may have been paid are counted at until they are answered; with the cost above it is all that is spent.",
    *_OF_CALLS,
)
CACHE_SHARE = _gauge(
    "cache_read_ratio", "The share of all input tokens ever that was read from the cache, 0 to 1.", "money"
)
SPENT = _gauge("budget_spent_usd", "Spent in this month, or on this day.", "brand", "period", "money")
RESERVED = _gauge("budget_reserved_usd", "Set aside for calls on the wire.", "brand", "period", "money")
CAP = _gauge(
    "budget_cap_usd", "The cap, with what people added; a period without a cap is not here.", "brand", "period", "money"
)
LEVEL = _gauge(
    "budget_level", "The month's level: 0 normal, 1 warning, 2 throttle, 3 critical, 4 exhausted.", "brand", "money"
)
OPERATION = _gauge(
    "operation_level", "How far the work goes on: 0 full, 1 reduced, 2 essential, 3 director only, 4 offline."
)
HEALTH = _gauge("component_health", "How it was at the last look: 0 healthy, 1 degraded, 2 offline.", "component")
LOOK_AGE = _gauge("health_look_age_seconds", "How long ago that look was; not here before the first.")
WORKERS = _gauge("workers", "Worker processes that stay, by the money they work for.", "money")
BELLS = _gauge("bells", "Bells in Redis that nobody has heard yet, by queue; not here while Redis is away.", "queue")

#: All there are, in the order in which they are shown.
FAMILIES: Final[Sequence[Family]] = tuple(_FAMILIES)
