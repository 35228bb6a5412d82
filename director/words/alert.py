"""What may be wrong with the team's work, and what is told of it."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What an alert is about."""

    STUCK = "stuck"  #: Something should go on and does not.
    RESTARTING = "restarting"  #: A process of `up` ends again and again, or was given up.
    BUDGET = "budget"  #: What is spent of the month has reached a level.
    SERVICE = "service offline"  #: The model service does not answer.
    SLOT = "slot missed"  #: A schedule was due and started nothing.
    DISK = "disk"  #: The workspace's disk is nearly full.
    QUESTION = "question"  #: A question has waited for a person for over a day.
    GOAL = "goal failed"

    @property
    def ends_quietly(self) -> bool:
        """Whether nobody is told of its end: what happened stays as it is, and after a while is no news."""
        return self is Rule.GOAL


class News(StrEnum):
    """What a notice tells of."""

    RAISED = "alert.raised"
    RESOLVED = "alert.resolved"
    MORNING = "morning.note"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong now, in sentences for a person."""

    rule: Rule
    subject: str  #: what it is about; of a rule and a subject one alert is open at most
    what: str  #: what happened
    costs: str  #: what it costs
    does: str  #: what the team does about it
    command: str  #: the one that changes it
    grade: int = 0  #: how bad, where one and the same thing gets worse or better


class Channel(StrEnum):
    """Where notices go besides the log."""

    SLACK = "slack"
    WEBHOOK = "webhook"
    EMAIL = "email"
