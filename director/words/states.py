"""Where things stand: the states of goals, tasks, turns, calls, approvals and learnings, and the moves between them.

Nothing else in the code lists states. The store's `move`s of goals, tasks and turns refuse what is not drawn here; claims,
settlements and answers are conditional updates whose one move is drawn here too.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Category(StrEnum):
    """What kind of goal it is; picks the template plan and what the Director is shown."""

    STRATEGIC = "strategic"
    CONTENT = "content"
    OPTIMIZATION = "optimization"
    RETENTION = "retention"
    COMPETITIVE = "competitive"
    MEASUREMENT = "measurement"


class Priority(StrEnum):
    """Which turns go first. Sorts by name: P0 before P3."""

    P0 = "P0"  #: critical
    P1 = "P1"  #: high
    P2 = "P2"  #: medium
    P3 = "P3"  #: low


class PlanBy(StrEnum):
    """Where a goal's plan comes from."""

    CLAUDE = "claude"
    TEMPLATE = "template"


class GoalState(StrEnum):
    """Where a goal stands."""

    PLANNING = "planning"  #: The Director makes its plan.
    RUNNING = "running"  #: Specialists and the reviewer work.
    WAITING = "waiting"  #: As `WaitFor` says.
    CONCLUDING = "concluding"  #: No task is open any more; the Director writes the report.
    COMPLETED = "completed"  #: Approved deliverables and a report are there.
    PARTIAL = "partial"  #: The same, but not all was approved; the report names what is missing.
    FAILED = "failed"  #: It cannot be completed; the row says why.
    CANCELLED = "cancelled"  #: A person stopped it.


class WaitFor(StrEnum):
    """Whom, or what, a waiting goal waits for."""

    PERSON = "person"
    MONEY = "money"
    MODEL = "model service"
    WORKER = "worker"  #: One that has what the work needs.
    PAUSE = "pause"  #: A person paused it, or its brand, until it is resumed.
    HEALTH = "health"  #: The level of operation, which falls by itself once what the team rests on is well again.


class TaskState(StrEnum):
    """Where a task stands."""

    PLANNED = "planned"  #: Tasks it needs are not approved yet.
    DRAFTING = "drafting"  #: A turn for its specialist exists.
    REVIEWING = "reviewing"  #: A draft is stored; a turn for the reviewer exists.
    ESCALATED = (
        "escalated"  #: The Director, by a turn to re-plan it, or a person has to decide; the approval says what.
    )
    APPROVED = "approved"  #: Its deliverable is set.
    FAILED = "failed"  #: Given up: turned down by a person, decided by nobody in time, or without what it needs.
    CANCELLED = "cancelled"  #: Its goal was stopped.
    LEFT_OUT = "left out"  #: No longer in the plan: another task took its place, or a person took it out.


class TurnState(StrEnum):
    """Where a turn, one message to one actor, stands."""

    QUEUED = "queued"  #: Waits to be admitted, not before `not_before`.
    DISPATCHED = "dispatched"  #: Admitted; its bell was rung or will be rung again.
    RUNNING = "running"  #: Someone holds its lease.
    HELD = "held"  #: Waits for something that is not time; `HeldWhy` says for what.
    DONE = "done"  #: Finished together with its consequences.
    FAILED = "failed"  #: Attempts used up, or not curable.
    CANCELLED = "cancelled"  #: Not wanted any more.


class HeldWhy(StrEnum):
    """Why a turn is held; `upkeep/sweep.py` has what lets it go."""

    MONEY = "money"  #: Its next call does not fit under a cap.
    PERSON = "person"  #: Another model answers than was asked, at a price nobody agreed to.
    SKILL = "skill"  #: No process that is there knows what it needs.


class Level(StrEnum):
    """How much of its month a brand has spent; `money/levels` has what follows."""

    NORMAL = "normal"
    WARNING = "warning"
    THROTTLE = "throttle"
    CRITICAL = "critical"
    EXHAUSTED = "exhausted"


class CallState(StrEnum):
    """Where a call to the model, and the money reserved for it, stands."""

    RESERVED = "reserved"  #: Its worst case is set aside; the request may be on the wire.
    ANSWERED = "answered"  #: Paid, its answer kept. Never asked again.
    REFUSED = "refused"  #: Answered with an error that costs nothing; the reservation was released.
    LOST = "lost"  #: May have been paid without an answer; counted at its worst case until more is known.
    ENTERED = "entered"  #: Was lost, and a person said what it cost; until its answer comes after all.
    DUPLICATE = "duplicate"  #: Paid, but another call's answer was kept under its key before.


class ApprovalState(StrEnum):
    """Where a question to a person stands."""

    OPEN = "open"
    ANSWERED = "answered"
    LAPSED = "lapsed"  #: Its deadline passed; the default was applied.
    WITHDRAWN = "withdrawn"  #: Its subject went away.


class Answer(StrEnum):
    """What a person can say to an approval."""

    APPROVE = "approve"
    REJECT = "reject"
    REVISE = "revise"
    CANCEL = "cancel"


class ChangeKind(StrEnum):
    """What a person does about an approved deliverable."""

    REVISE = "revise"  #: Its author is asked for another version.
    ACCEPT = "accept"  #: The person's own version takes its place.


class Outcome(StrEnum):
    """What became of an event at one trigger."""

    STARTED = "started"  #: A goal was given.
    NOT_MET = "not met"  #: Its condition does not hold.
    NOT_EVALUATED = "not evaluated"  #: Its condition cannot be evaluated on this data.
    COOLED_DOWN = "cooled down"  #: The trigger started something too short a time ago.
    LOOP = "loop"  #: The event follows from what this very trigger started.
    NOT_STARTED = "not started"  #: The goal could not be given; the cooldown was not taken.


class SlotFate(StrEnum):
    """What became of a due time of a schedule."""

    FIRED = "fired"  #: A goal was given.
    RUN = "run"  #: A person had its goal given at this moment, which is no due time.
    SKIPPED = "skipped"  #: It was seen in time, and not wanted; the row says why.
    NOT_STARTED = "not started"  #: It was seen in time and wanted, and its goal could not be given; the row says why.
    MISSED = "missed"  #: Nobody looked in time, and the schedule's policy lets it go.


class LearningState(StrEnum):
    """What becomes of a learning."""

    PROPOSED = "proposed"  #: A person is asked; no prompt has it.
    ACTIVE = "active"  #: Shown where it fits.
    RETIRED = "retired"  #: Not shown any more; it does not come back by itself.


_G, _T, _U, _C, _A = GoalState, TaskState, TurnState, CallState, ApprovalState
_L: Final = LearningState
_GOAL_ENDS: Final = frozenset({_G.FAILED, _G.CANCELLED})
_TASK_ENDS: Final = frozenset({_T.FAILED, _T.CANCELLED})

#: For each kind of thing, from each state, the states it may move to. A state without moves is final.
#: By kind first, because words of two vocabularies can be equal: GoalState.RUNNING == TurnState.RUNNING.
MOVES: Final[Mapping[type[StrEnum], Mapping[StrEnum, frozenset[StrEnum]]]] = {
    GoalState: {
        _G.PLANNING: frozenset({_G.RUNNING, _G.WAITING, *_GOAL_ENDS}),
        # One that was concluded before ends as it was then, when the change that a person asked for is given up. A calibration
        # has no tasks and no report: it is completed by the last of its turns.
        _G.RUNNING: frozenset({_G.WAITING, _G.CONCLUDING, _G.COMPLETED, _G.PARTIAL, *_GOAL_ENDS}),
        _G.WAITING: frozenset({_G.PLANNING, _G.RUNNING, _G.CONCLUDING, _G.COMPLETED, _G.PARTIAL, *_GOAL_ENDS}),
        _G.CONCLUDING: frozenset({_G.COMPLETED, _G.PARTIAL, _G.WAITING, *_GOAL_ENDS}),
        _G.COMPLETED: frozenset(),
        _G.PARTIAL: frozenset(),
        _G.FAILED: frozenset(),
        _G.CANCELLED: frozenset(),
    },
    TaskState: {
        # To approved from here and from drafting: a change is given up, and the version before it stands.
        _T.PLANNED: frozenset({_T.DRAFTING, _T.REVIEWING, _T.APPROVED, _T.LEFT_OUT, *_TASK_ENDS}),
        _T.DRAFTING: frozenset({_T.REVIEWING, _T.ESCALATED, _T.APPROVED, *_TASK_ENDS}),
        # A reviewing task of the plan goes back to planned while its target is revised.
        _T.REVIEWING: frozenset({_T.APPROVED, _T.DRAFTING, _T.ESCALATED, _T.PLANNED, *_TASK_ENDS}),
        _T.ESCALATED: frozenset({_T.APPROVED, _T.DRAFTING, _T.REVIEWING, _T.LEFT_OUT, *_TASK_ENDS}),
        # A reviewing task of the plan (Copywriting Review Chain) may send an approved task back, or to a person; a person
        # may ask for a change, which begins once what the task needs is approved.
        _T.APPROVED: frozenset({_T.DRAFTING, _T.ESCALATED, _T.PLANNED}),
        _T.FAILED: frozenset(),
        _T.CANCELLED: frozenset(),
        _T.LEFT_OUT: frozenset(),
    },
    TurnState: {
        _U.QUEUED: frozenset({_U.DISPATCHED, _U.CANCELLED}),
        _U.DISPATCHED: frozenset({_U.RUNNING, _U.QUEUED, _U.CANCELLED}),
        _U.RUNNING: frozenset({_U.DONE, _U.QUEUED, _U.HELD, _U.FAILED, _U.CANCELLED}),
        _U.HELD: frozenset({_U.QUEUED, _U.CANCELLED}),
        _U.DONE: frozenset(),
        _U.FAILED: frozenset(),
        _U.CANCELLED: frozenset(),
    },
    CallState: {
        _C.RESERVED: frozenset({_C.ANSWERED, _C.DUPLICATE, _C.REFUSED, _C.LOST}),
        _C.ANSWERED: frozenset(),
        _C.DUPLICATE: frozenset(),
        _C.REFUSED: frozenset(),
        # The process that asked was taken for dead, and was only stopped or cut off from the record.
        _C.LOST: frozenset({_C.ENTERED, _C.ANSWERED, _C.DUPLICATE, _C.REFUSED}),
        # A person may have mistyped it.
        _C.ENTERED: frozenset({_C.ENTERED, _C.ANSWERED, _C.DUPLICATE, _C.REFUSED}),
    },
    ApprovalState: {
        _A.OPEN: frozenset({_A.ANSWERED, _A.LAPSED, _A.WITHDRAWN}),
        _A.ANSWERED: frozenset(),
        _A.LAPSED: frozenset(),
        _A.WITHDRAWN: frozenset(),
    },
    LearningState: {
        _L.PROPOSED: frozenset({_L.ACTIVE, _L.RETIRED}),
        _L.ACTIVE: frozenset({_L.RETIRED}),
        _L.RETIRED: frozenset(),
    },
}


#: The moves out of a final state, which nothing but a person's request makes: a change of a deliverable.
ON_REQUEST: Final[Mapping[StrEnum, StrEnum]] = {_G.COMPLETED: _G.RUNNING, _G.PARTIAL: _G.RUNNING}


def may_move(old: StrEnum, new: StrEnum) -> bool:
    """Whether *old* may become *new*; both of the same kind of thing."""
    if type(old) is not type(new):
        return False
    return new in MOVES[type(old)][old] or (type(old) is GoalState and ON_REQUEST.get(old) is new)


def is_final(state: StrEnum) -> bool:
    """
    Whether nothing happens to a thing in this state any more, unless a person asks for a change.

    An approved task is not final: a review that is a step of the plan may still send it back.
    """
    return not MOVES[type(state)][state]


def stands(state: GoalState) -> str:
    """A goal's state behind its id: "is waiting", "has failed"."""
    return {GoalState.FAILED: "has failed", GoalState.CANCELLED: "was cancelled"}.get(state, f"is {state}")
