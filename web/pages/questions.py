"""Questions that wait for a person, and the card of one, which takes an answer to what it shows and to nothing newer."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from director.access import answering
from director.access.roles import Right
from director.office import Office
from director.store.tx import Tx
from director.views.question import card, inbox_document
from director.words.errors import AnsweredBefore, ChangedSince, NotAllowed, WrongCall
from director.words.models import Approval
from director.words.question import Kind
from director.words.states import Answer
from director.words.typed import amount
from web.callers import Entered
from web.pages.answers import Answers, form_of, found, see_other

_MOST: Final = 50


class QuestionsPage:
    """The inbox."""

    rights: Mapping[str, Right] = {"GET": Right.READ}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any) -> None:
        """The page."""
        entered = await self._answers.enter(req, self.rights["GET"])
        await self._answers.page(req, resp, entered, "questions.html", _waiting)


class QuestionPage:
    """One question."""

    rights: Mapping[str, Right] = {"GET": Right.READ, "POST": Right.WORK}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any, ident: str) -> None:
        """Its card."""
        entered = await self._answers.enter(req, self.rights["GET"])
        await self._card(req, resp, entered, ident)

    async def on_post(self, req: Any, resp: Any, ident: str) -> None:
        """Take the answer; the card again where it was of an older version, or cannot be taken."""
        entered = await self._answers.enter(req, self.rights["POST"])
        form = await form_of(req)
        try:
            with found():
                question = await asyncio.to_thread(_answer, entered, ident, form)
        except (AnsweredBefore, ChangedSince) as problem:
            await self._card(req, resp, entered, ident, HTTPStatus.CONFLICT, stale=str(problem))
            return
        except WrongCall as problem:
            allowed = not isinstance(problem, NotAllowed)
            await self._card(
                req,
                resp,
                entered,
                ident,
                HTTPStatus.UNPROCESSABLE_ENTITY if allowed else HTTPStatus.FORBIDDEN,
                problem=str(problem),
                typed=form.get("words", ""),
                typed_cap=form.get("at_most", ""),
            )
            return
        if form.get("back") == "today":
            see_other(resp, "/")
            return
        see_other(resp, f"/goals/{question.goal}" if question.kind is Kind.PLAN else f"/questions/{ident}")

    async def _card(
        self, req: Any, resp: Any, entered: Entered, ident: str, status: HTTPStatus = HTTPStatus.OK, **said: str
    ) -> None:
        def make(office: Office, tx: Tx) -> Mapping[str, Any]:
            question = _found(tx, entered, ident)
            following = [one.id for one in tx.approvals.waiting(office.brand, limit=2)[0] if one.id != ident]
            return {**card(office, tx, question), "following": following[0] if following else None}

        more = {"stale": None, "problem": None, "typed": "", "typed_cap": None, **said}
        await self._answers.page(req, resp, entered, "question.html", make, status=status, **more)


def _waiting(office: Office, tx: Tx) -> Mapping[str, Any]:
    return inbox_document(office, tx, most=_MOST)


def _found(tx: Tx, entered: Entered, ident: str) -> Approval:
    return tx.approvals.get(ident, brand=entered.caller.brand)


def _answer(entered: Entered, ident: str, form: Mapping[str, str]) -> Approval:
    with entered.office.store.read() as tx:
        _found(tx, entered, ident)
    said, words, cap_nano = answer_in(form)
    version = form.get("version", "")
    return answering.answer(entered.office, entered.caller, ident, said, words, version=version, cap_nano=cap_nano)


def answer_in(form: Mapping[str, str]) -> tuple[Answer, str | None, int | None]:
    """
    What the form of a card says: the answer, its words, and a person's own figure where another was proposed.

    Raises:
        WrongCall: it says nothing that can be taken.
    """
    try:
        said = Answer(form.get("answer", ""))
    except ValueError as problem:
        raise WrongCall("The form names no answer that there is; nothing was done.") from problem
    words = form.get("words", "").strip() or None
    if said is Answer.REVISE and words is None:
        raise WrongCall("Say what to change, in a sentence or a few.")
    own = form.get("at_most", "").strip()
    # The figure that the card proposes, sent back as it was shown, is a yes to that and no figure of their own.
    return said, words, None if own == form.get("proposed", "").strip() else amount("What it may cost at most", own)
