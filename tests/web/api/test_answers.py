"""Answers over HTTP take effect once, and only on the question that was seen."""

import pytest

from director.access import tokens
from director.access.roles import Role
from director.office import Office
from director.progress.questions import ask
from director.words.amounts import NANO
from director.words.models import Approval
from director.words.question import About, AboutPlan, AboutSpending
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


def raising(office: Office, question: Approval, about: About) -> Approval:
    """A question about the same goal whose yes raises a cap, in place of *question*."""
    with office.store.write() as tx:
        assert tx.approvals.close(question, ApprovalState.WITHDRAWN)
        asked = ask(tx, tx.goals.get(question.goal), about, "May it cost more?", version="more")
        assert asked is not None
    return asked


def bearer(office: Office, role: Role) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.create(office, role, role)[1]}"}


MONTH = "month default 2026-11"


@pytest.mark.parametrize(
    ("about", "of"),
    [
        (AboutSpending(MONTH, rehearsal=True, cap_nano=300 * NANO, of_nano=250 * NANO), "month"),
        (AboutSpending("day default 2026-11-22", rehearsal=True, cap_nano=9 * NANO, of_nano=8 * NANO), "day"),
        (AboutPlan(None, MONTH, 300 * NANO, 250 * NANO, rehearsal=True), "month"),
        (AboutPlan(3 * NANO, MONTH, 300 * NANO, 250 * NANO, rehearsal=True), "month"),
    ],
)
def test_a_yes_that_raises_what_all_goals_share_is_for_who_manages(
    api: Api, office: Office, question: Approval, about: About, of: str
) -> None:
    """As caps are: a marketer is told so, whatever is asked for the money, and may still say no. A viewer answers nothing."""
    asked = raising(office, question, about)
    path, yes = f"/approvals/{asked.id}/answer", {"answer": "approve"}
    shown = api.get(f"/approvals/{asked.id}")
    assert of in [one["of"] for one in shown.json["raises"]]
    seen = shown.headers["etag"]
    marketer, viewer, admin = (bearer(office, role) for role in (Role.MARKETER, Role.VIEWER, Role.ADMIN))

    problem(
        api.post(path, yes, version=seen, **marketer), 403, f"raises what the {of} may cost, which a marketer may not"
    )
    for answer in (yes, {"answer": "reject"}):
        problem(api.post(path, answer, version=seen, **viewer), 403)
    agreement = f"/goals/{asked.goal}/plan/agreement"
    if not isinstance(about, AboutPlan):
        assert state(office, asked) is ApprovalState.OPEN
        assert api.post(path, {"answer": "reject"}, version=seen, **marketer).status_code == 200
        return
    problem(api.post(agreement, version=seen, **marketer), 403, f"raises what the {of} may cost")
    assert state(office, asked) is ApprovalState.OPEN
    assert api.post(agreement, version=seen, **admin).status_code == 200
    with office.store.read() as tx:
        assert tx.accounts.get(MONTH, rehearsal=True).added_nano == 300 * NANO - 250 * NANO


def test_what_one_goal_may_cost_is_a_marketers_to_say(api: Api, office: Office, question: Approval) -> None:
    """A yes to its own cap, also with another figure than was proposed; a figure that cannot be names its field."""
    asked = raising(office, question, AboutPlan(160 * NANO, rehearsal=True))
    path, marketer = f"/approvals/{asked.id}/answer", bearer(office, Role.MARKETER)
    shown = api.get(f"/approvals/{asked.id}", headers=marketer)
    seen = shown.headers["etag"]
    assert shown.json["raises"] == [{"of": "goal", "to_usd": 160.0}]

    for figure in (9999, 100, 0.001):
        wrong = problem(api.post(path, {"answer": "approve", "at_most_usd": figure}, version=seen, **marketer), 422)
        assert [one["field"] for one in wrong["errors"]] == ["at_most_usd"]
    problem(api.post(path, {"answer": "reject", "at_most_usd": 150}, version=seen, **marketer), 422, "goes with a yes")
    assert state(office, asked) is ApprovalState.OPEN

    assert (
        api.post(path, {"answer": "approve", "at_most_usd": 171.123456789}, version=seen, **marketer).status_code == 200
    )
    with office.store.read() as tx:
        assert tx.goals.get(asked.goal).cap_nano == 171_123_456_789
