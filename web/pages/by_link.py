"""
`/answer/SECRET`: the page of a link in a notice, with its question and nothing else of the team.

GET and HEAD change nothing, however often a program that looks at mails follows the link; the answer is the form on the page.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from director.access import by_link
from director.inbox.version import what_happened
from director.notices.links import NoGoodLink
from director.office import Office
from director.views.goal_page import planned
from director.views.question import card
from director.views.titles import ANSWERS
from director.words.errors import ChangedSince, StoreError, WrongCall
from director.words.question import AboutPlan
from director.words.states import ApprovalState
from web.callers import away, client_of, office_of, see_own_site
from web.limits import Limits
from web.pages.answers import Answers, form_of, see_other
from web.pages.questions import answer_in
from web.visits import Visits

#: Whom our own forms and style are asked from is said, as the server that takes the answer wants to know it; the address, which
#: is the secret, never is.
_REFERRER: Final = ("Referrer-Policy", "strict-origin")


@dataclass(frozen=True, slots=True)
class _Came:
    office: Office
    limits: Limits
    client: str


class AnswerLink:
    """The page. Anybody may come: the secret in the address is what opens."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any, secret: str) -> None:
        """200 with the question, or with what became of it; 410 where the link opens nothing."""
        came = await self._came(req, resp)
        await self._page(came, resp, secret, HTTPStatus.OK)

    on_head = on_get

    async def on_post(self, req: Any, resp: Any, secret: str) -> None:
        """303 to this page with what became of it; 412 with that where the question is not as the link has it."""
        resp.set_header(*_REFERRER)
        see_own_site(
            req.headers_lower, has_cookie=True
        )  # a program that looks at mails and sends forms comes from no page
        came = await self._came(req, resp)
        form = await form_of(req)
        try:
            await _asked(_answer, came.office, secret, form)
        except NoGoodLink as problem:
            self._refuse(came, resp, problem)
        except ChangedSince:
            await self._page(came, resp, secret, HTTPStatus.PRECONDITION_FAILED)
        except WrongCall as problem:
            said = {"problem": str(problem), "typed": form.get("words", ""), "typed_cap": form.get("at_most")}
            await self._page(came, resp, secret, HTTPStatus.UNPROCESSABLE_ENTITY, said)
        else:
            see_other(resp, req.path)

    async def _came(self, req: Any, resp: Any) -> _Came:
        resp.set_header(*_REFERRER)
        visits: Visits = req.context.visits
        client = client_of(req)
        visits.limits.of_address(client)
        return _Came(await office_of(req, self._answers.opening), visits.limits, client)

    async def _page(
        self,
        came: _Came,
        resp: Any,
        secret: str,
        status: HTTPStatus,
        said: Mapping[str, str | None] | None = None,
    ) -> None:
        try:
            document = await _asked(_seen, came.office, secret)
        except NoGoodLink as problem:
            self._refuse(came, resp, problem)
            return
        refused = status is HTTPStatus.PRECONDITION_FAILED
        shown = {"problem": None, "typed": "", "typed_cap": None, "refused": refused, **document, **(said or {})}
        self._write(resp, status, self._answers.alone(came.office, "by_link.html", shown))

    def _refuse(self, came: _Came, resp: Any, problem: NoGoodLink) -> None:
        if problem.guessed:
            came.limits.of_failure(came.client)
        page = self._answers.alone(None, "no_link.html", {"why": str(problem)})
        self._write(resp, HTTPStatus.GONE, page)

    @staticmethod
    def _write(resp: Any, status: HTTPStatus, page: bytes) -> None:
        resp.status = status.value
        resp.content_type = "text/html; charset=utf-8"
        resp.data = page


async def _asked(do: Callable[..., Any], *of: object) -> Any:
    try:
        return await asyncio.to_thread(do, *of)
    except StoreError as problem:
        raise away() from problem


def _seen(office: Office, secret: str) -> dict[str, Any]:
    with office.store.read() as tx:
        seen = by_link.see(office, tx, secret)
        if not seen.is_as_it_was:
            return {"asks": False, "now": tx.now, "became": _became(seen)}
        goal = tx.goals.get(seen.question.goal)
        is_plan = isinstance(seen.question.about, AboutPlan) and goal.plan is not None
        return {
            "asks": True,
            "now": tx.now,
            "until": min(seen.link.until, seen.question.due_at).isoformat(),
            **card(seen.office, tx, seen.question),
            "planned": planned(seen.office, tx, goal) if is_plan else None,
        }


def _became(seen: by_link.Seen) -> str:
    question = seen.question
    if question.state is ApprovalState.ANSWERED and question.answer is not None:
        return f"It was answered: {ANSWERS[question.answer]}."
    return what_happened(question)


def _answer(office: Office, secret: str, form: Mapping[str, str]) -> None:
    said, words, cap_nano = answer_in(form)
    by_link.answer(office, secret, said, words, cap_nano=cap_nano)
