"""The states and the moves between them: one table, and nothing beside it."""

from enum import StrEnum
from itertools import product

import pytest

from director.words.states import (
    MOVES,
    ApprovalState,
    CallState,
    GoalState,
    LearningState,
    TaskState,
    TurnState,
    is_final,
    may_move,
)

#: Written out a second time on purpose: whoever changes the table has to say so here. `a → b c` a line.
DRAWN: dict[type[StrEnum], str] = {
    GoalState: """
        planning → running waiting failed cancelled
        running → waiting concluding completed partial failed cancelled
        waiting → planning running concluding completed partial failed cancelled
        concluding → completed partial waiting failed cancelled
        completed → running
        partial → running
        failed →
        cancelled →
    """,
    TaskState: """
        planned → drafting reviewing approved left_out failed cancelled
        drafting → reviewing escalated approved failed cancelled
        reviewing → approved drafting escalated planned failed cancelled
        escalated → approved drafting reviewing left_out failed cancelled
        approved → drafting escalated planned
        failed →
        cancelled →
        left_out →
    """,
    TurnState: """
        queued → dispatched cancelled
        dispatched → running queued cancelled
        running → done queued held failed cancelled
        held → queued cancelled
        done →
        failed →
        cancelled →
    """,
    CallState: """
        reserved → answered duplicate refused lost
        entered → entered answered duplicate refused
        answered →
        duplicate →
        refused →
        lost → entered answered duplicate refused
    """,
    ApprovalState: """
        open → answered lapsed withdrawn
        answered →
        lapsed →
        withdrawn →
    """,
    LearningState: """
        proposed → active retired
        active → retired
        retired →
    """,
}

#: Where a thing of each kind begins.
FIRST = {
    GoalState: GoalState.PLANNING,
    TaskState: TaskState.PLANNED,
    TurnState: TurnState.QUEUED,
    CallState: CallState.RESERVED,
    ApprovalState: ApprovalState.OPEN,
    LearningState: LearningState.PROPOSED,
}

#: By kind, because words of two kinds can be equal and one of them would be lost in a set.
FINAL: dict[type[StrEnum], set[StrEnum]] = {
    GoalState: {GoalState.COMPLETED, GoalState.PARTIAL, GoalState.FAILED, GoalState.CANCELLED},
    TaskState: {TaskState.FAILED, TaskState.CANCELLED, TaskState.LEFT_OUT},
    TurnState: {TurnState.DONE, TurnState.FAILED, TurnState.CANCELLED},
    CallState: {CallState.ANSWERED, CallState.DUPLICATE, CallState.REFUSED},
    ApprovalState: {ApprovalState.ANSWERED, ApprovalState.LAPSED, ApprovalState.WITHDRAWN},
    LearningState: {LearningState.RETIRED},
}


def drawn(kind: type[StrEnum]) -> dict[StrEnum, set[StrEnum]]:
    """The moves of one kind as they stand above."""
    lines = [line.partition("→") for line in DRAWN[kind].strip().splitlines()]
    return {_word(kind, old): {_word(kind, new) for new in news.split()} for old, _, news in lines}


def _word(kind: type[StrEnum], drawn: str) -> StrEnum:
    return kind(drawn.strip().replace("_", " "))


def test_every_kind_of_thing_that_has_states_is_in_the_table() -> None:
    """A kind of thing without a row could move anywhere, or nowhere."""
    assert set(DRAWN) == set(MOVES)


@pytest.mark.parametrize("kind", DRAWN)
def test_every_state_of_a_kind_is_in_the_table(kind: type[StrEnum]) -> None:
    """A state that is added needs its moves, even if they are none."""
    assert set(kind) == set(MOVES[kind]) == set(drawn(kind))


@pytest.mark.parametrize("kind", DRAWN)
def test_a_move_is_allowed_when_it_is_drawn_and_refused_when_not(kind: type[StrEnum]) -> None:
    """Every pair of states of a kind is decided by the table, one way or the other."""
    allowed = {(old, new) for old, new in product(kind, kind) if may_move(old, new)}

    assert {(old, new) for old, news in drawn(kind).items() for new in news} == allowed


@pytest.mark.parametrize("kind", DRAWN)
def test_every_state_can_be_reached_from_the_first(kind: type[StrEnum]) -> None:
    """A state nothing leads to is a word without a meaning."""
    reached: set[StrEnum] = set()
    ahead = {FIRST[kind]}
    while ahead:
        state = ahead.pop()
        reached.add(state)
        ahead |= MOVES[kind][state] - reached

    assert set(kind) == reached


@pytest.mark.parametrize("kind", DRAWN)
def test_every_state_leads_to_an_end(kind: type[StrEnum]) -> None:
    """Nothing can get stuck in a state for want of a way out. An approved task ends with its goal."""
    leads = FINAL[kind] | ({TaskState.APPROVED} if kind is TaskState else set())
    while more := {state for state in kind if state not in leads and MOVES[kind][state] & leads}:
        leads |= more

    assert set(kind) == leads


@pytest.mark.parametrize("state", [state for kind in DRAWN for state in kind], ids=repr)
def test_a_state_is_final_when_nothing_can_follow(state: StrEnum) -> None:
    """
    An approved task is not final: a review that is a step of the plan may send it back. A goal that is over is: only a person's
    request has it go on.
    """
    assert is_final(state) is (state in FINAL[type(state)])


def test_words_that_two_kinds_share_do_not_let_one_become_the_other() -> None:
    """A goal that is running never becomes a turn that is done, although both say "running"."""
    shared = [(a, b) for one, other in product(DRAWN, DRAWN) if one is not other for a in one for b in other]

    assert [(a, b) for a, b in shared if may_move(a, b)] == []
