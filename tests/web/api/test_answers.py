"""Answers over HTTP take effect once, and only on the question that was seen."""

from director.office import Office
from director.words.models import Approval
from director.words.states import ApprovalState
from tests.web.api.asked import Api, problem


def state(office: Office, question: Approval) -> ApprovalState:
    with office.store.read() as tx:
        return tx.approvals.get(question.id).state


def test_an_answer_names_the_version_it_saw(api: Api, office: Office, question: Approval) -> None:
    """428 without one, or with any; 400 where it is none; 412 where it is another's. Nothing is answered."""
    path = f"/approvals/{question.id}/answer"
    yes = {"answer": "approve"}

    problem(api.post(path, yes), 428, "If-Match")
    problem(api.post(path, yes, version="*"), 428)
    problem(api.post(path, yes, version="a1"), 400, "quotation marks")
    problem(api.post(path, yes, version='"a1"'), 412, "changed since you saw it")
    problem(api.post(path, yes, version=f"W/{api.get(f'/approvals/{question.id}').headers['etag']}"), 412)

    assert state(office, question) is ApprovalState.OPEN


def test_what_cannot_be_said_to_a_question_is_refused_with_its_field(
    api: Api, office: Office, question: Approval
) -> None:
    """422, and it stays open."""
    path, seen = f"/approvals/{question.id}/answer", api.get(f"/approvals/{question.id}").headers["etag"]

    refused = problem(api.post(path, {"answer": "revise", "words": "x"}, version=seen), 422, "can be answered with")
    assert [one["field"] for one in refused["errors"]] == ["answer"]
    problem(api.post(path, {"answer": "maybe"}, version=seen), 422)

    assert state(office, question) is ApprovalState.OPEN


def test_a_stale_answer_is_told_what_happened(api: Api, office: Office, question: Approval) -> None:
    """Two saw the same question, and one answered: the other's answer is refused and says how it was answered."""
    path, seen = f"/approvals/{question.id}/answer", api.get(f"/approvals/{question.id}").headers["etag"]
    assert api.post(path, {"answer": "approve"}, version=seen).status_code == 200

    problem(api.post(path, {"answer": "cancel"}, version=seen), 412, "was answered before (approve)")

    problem(api.post(path, {"answer": "cancel"}, version=api.get(f"/approvals/{question.id}").headers["etag"]), 409)


def test_two_hundred_answers_to_one_version_have_one_effect(api: Api, office: Office, question: Approval) -> None:
    """Half of them say yes and half of them no, all at the same time: one is taken, and the journal has one line of it."""
    path, seen = f"/approvals/{question.id}/answer", api.get(f"/approvals/{question.id}").headers["etag"]
    words = ["approve", "cancel"] * 100
    answers = api.post_at_once(path, [{"answer": word} for word in words], **{"If-Match": seen})

    statuses = [one.status_code for one in answers]
    assert (statuses.count(200), statuses.count(412)) == (1, 199)
    with office.store.read() as tx:
        lines = [line for line in tx.journal(question.goal) if line.subject == question.id]
        assert len(lines) == 1
        assert tx.approvals.get(question.id).answer == lines[0].what
