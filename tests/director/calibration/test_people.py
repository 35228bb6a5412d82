"""What people answered about drafts that the reviewer had judged."""

from collections.abc import Callable

import pytest

from director.calibration.people import ENOUGH_ANSWERS, agreement
from director.claude.rehearsal.asked import Purpose
from director.goals.submit import submit
from director.inbox import disagreements
from director.inbox.approvals import answer
from director.office import REVIEWER, Office
from director.words.models import Draft, Goal
from director.words.states import Answer
from tests.director.calibration.test_calibrate import BAD
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]


def escalated(office: Office, claude: ClaudeDouble, drain: Drain) -> tuple[Goal, str]:
    """A goal whose only draft the reviewer puts to a person, and the question."""
    claude.always(Purpose.REVIEW, BAD.replace("8.0", "3.0"))
    goal = drain(office, submit(office, "Sell singing gnomes", pipeline="Social Week"))
    with office.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)
    return goal, question.id


def told(office: Office, goal: Goal) -> list[str | None]:
    with office.store.read() as tx:
        return [line.detail for line in tx.journal(goal.id) if line.what == "disagreement"]


@pytest.mark.parametrize(
    ("said", "agreed", "taken"), [(Answer.APPROVE, 0, 1), (Answer.REVISE, 1, 0), (Answer.REJECT, 1, 0)]
)
def test_taking_what_the_reviewer_did_not_approve_is_a_disagreement(
    open_with: Callable[..., Office], drain: Drain, said: Answer, agreed: int, taken: int
) -> None:
    """
    Whoever takes it says the opposite, whoever sends it back or rejects it the same; it is written with the answer.
    """
    with ClaudeDouble() as claude:
        office = open_with(anthropic_base_url=claude.url)
        goal, question = escalated(office, claude, drain)
        answer(office, question, said, "Sing louder." if said is Answer.REVISE else None)

    with office.store.read() as tx:
        found, left_out = agreement(tx)
    assert [(one.skill, one.agreed, one.taken, one.returned, one.of) for one in found] == [
        ("social-content", agreed, taken, 0, 1),
        ("all", agreed, taken, 0, 1),
    ]
    assert left_out == 0
    assert not found[0].tells
    assert len(told(office, goal)) == taken


def test_sending_back_what_the_reviewer_approved_is_one_too(open_with: Callable[..., Office], drain: Drain) -> None:
    """
    Whoever applies such an answer keeps it the same way.
    """
    with ClaudeDouble() as claude:
        office = open_with(anthropic_base_url=claude.url)
        goal = drain(office, submit(office, "Sell singing gnomes", pipeline="Social Week"))
    with office.store.write() as tx:
        (task,) = tx.tasks.of_goal(goal.id)
        draft: Draft = tx.drafts.get(task.deliverable or 0)
        disagreements.keep(tx, task, draft, "revise", by="person")

    with office.store.read() as tx:
        found, _ = agreement(tx)
    assert [(one.agreed, one.taken, one.returned) for one in found] == [(0, 0, 1), (0, 0, 1)]
    assert told(office, goal) == ["revision 0 was approved by the reviewer, and sent back by a person"]


def test_what_was_rehearsed_is_left_out(open_with: Callable[..., Office], drain: Drain) -> None:
    """
    Nobody judged it, so nobody agreed.
    """
    office = open_with(rehearsal="escalate=1")
    goal = drain(office, submit(office, "Sell singing gnomes", pipeline="Social Week"))
    with office.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)
    answer(office, question.id, Answer.APPROVE)

    with office.store.read() as tx:
        assert agreement(tx) == ([], 1)


def test_ten_answers_are_enough_to_tell(open_with: Callable[..., Office], drain: Drain) -> None:
    """
    Nine are too few.
    """
    with ClaudeDouble() as claude:
        office = open_with(anthropic_base_url=claude.url)
        goal = drain(office, submit(office, "Sell singing gnomes", pipeline="Social Week"))
    with office.store.write() as tx:
        (task,) = tx.tasks.of_goal(goal.id)
        kept = tx.tasks
        for number in range(1, ENOUGH_ANSWERS):
            kept.change(task.id, revision=number)
            draft = tx.drafts.add(kept.get(task.id), f"Gnome {number}", cut_off=False)
            tx.reviews.add(draft, by=REVIEWER, verdict="approve", score=8.0, document={"scores": {}})
            disagreements.keep(tx, task, draft, "approve", by="person")
        nine, _ = agreement(tx)
        kept.change(task.id, revision=ENOUGH_ANSWERS)
        draft = tx.drafts.add(kept.get(task.id), "The last gnome", cut_off=False)
        tx.reviews.add(draft, by=REVIEWER, verdict="approve", score=8.0, document={"scores": {}})
        disagreements.keep(tx, task, draft, "approve", by="person")
        ten, _ = agreement(tx)

    assert not nine[-1].tells
    assert ten[-1].tells
