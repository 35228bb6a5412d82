"""Questions that only a person may answer: the list, one with what it is about, and the answer."""

from http import HTTPStatus
from typing import Final

from pydantic import ConfigDict, Field

from director.access import answering
from director.access.roles import Caller, Right
from director.inbox import approvals
from director.inbox.version import version_of_question
from director.office import Office
from director.views.answered import answered_document
from director.views.approval import drafts_asked_about, listed_question
from director.words.amounts import from_number
from director.words.states import Answer, ApprovalState
from web.api.cursors import Paged, number_of, page_of
from web.api.models import Goal, Learning, ListedQuestion, Question, Version
from web.api.operations import MOST_USD, Answered, Asked, Document, Given, Operation, SeenBefore
from web.api.texts import seen


class Questions(Document):
    """A page of questions, the newest first."""

    approvals: list[ListedQuestion]
    next: str | None = Field(description="The cursor of the next page; null: this is the last.")


class WhichQuestions(Paged):
    """Which questions."""

    state: ApprovalState | None = Field(None, description="Else all; `open` are those that wait.")


class AboutDraft(Document):
    """What a person decides by who is asked about a draft."""

    reason: str
    notes: str
    cannot_be_approved: str | None
    versions: list[Version]


class OneQuestion(ListedQuestion):
    """A question with what it is about."""

    about_draft: AboutDraft | None = Field(description="The versions' texts are the task's drafts.")


class GivenAnswer(Given):
    """What is said to a question."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"answer": "approve"}]})

    answer: Answer
    words: str | None = Field(
        None, max_length=16_000, description="What to change; needed with `revise`.",
        json_schema_extra={"anyOf": [{"type": "string", **seen(approvals.LONGEST_INSTRUCTIONS)}, {"type": "null"}]},
    )  # fmt: skip
    at_most_usd: float | None = Field(
        None, gt=0, le=MOST_USD,
        description="With `approve`, where a yes raises one cap: what it becomes, in place of what is proposed.",
    )  # fmt: skip


class AnsweredQuestion(Goal):
    """The question, its goal, and what may be learned from the answer."""

    approval: Question
    learning: Learning | None


def list_approvals(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A page of questions."""
    with office.store.read() as tx:
        found, following = page_of(
            "approvals",
            asked.query,
            lambda before, limit: tx.pages.approvals(caller.brand, before, limit, state=asked.query.state),
            number_of,
        )
        return Answered({"approvals": [listed_question(tx, one) for one in found], "next": following})


def get_approval(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A question."""
    with office.store.read() as tx:
        approval = tx.approvals.get(asked.path["approval"], brand=caller.brand)
        document = {**listed_question(tx, approval), "about_draft": drafts_asked_about(tx, approval)}
        return Answered(document, document["version"])


def answer_approval(office: Office, caller: Caller, asked: Asked) -> Answered:
    """An answer, to the question as it was seen."""
    body: GivenAnswer = asked.body
    ident = asked.path["approval"]
    cap_nano = None if body.at_most_usd is None else from_number(body.at_most_usd)
    answering.answer(office, caller, ident, body.answer, body.words, version=asked.version, cap_nano=cap_nano)
    with office.store.read() as tx:
        closed = tx.approvals.get(ident)
        return Answered(answered_document(office, tx, closed), version_of_question(tx, closed))


OPERATIONS: Final = (
    Operation(
        "GET", "/approvals", Right.READ, "Questions to people, the newest first.", Questions, list_approvals, WhichQuestions
    ),
    Operation("GET", "/approvals/{approval}", Right.READ, "A question and what it is about.", OneQuestion, get_approval),
    Operation(
        "POST", "/approvals/{approval}/answer", Right.WORK, "Answer a question as it was seen.", AnsweredQuestion,
        answer_approval, body=GivenAnswer, seen=SeenBefore.ALWAYS, refusals=frozenset({HTTPStatus.CONFLICT}),
    ),
)  # fmt: skip
