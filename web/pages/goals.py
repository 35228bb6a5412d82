"""Goals: given, listed, shown, paused, resumed, stopped."""

import asyncio
import json
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from director.access.once import Once, once
from director.access.roles import Right
from director.goals import cancel, pause
from director.goals.submit import begin, check
from director.mailbox import admission
from director.office import Office
from director.store.tx import Tx
from director.views.goal_list import SHOWN, goal_list_document
from director.views.goal_page import goal_page
from director.views.today import today_document
from director.words.errors import BrokenFile, WorkspaceError, WrongCall
from director.words.models import Goal
from director.words.typed import amount
from web.api.cursors import Paged, number_of, page_of
from web.callers import Entered
from web.pages.answers import Answers, form_of, see_other
from web.pages.today import empty_form
from web.problems import Problem

_ACTIONS: Final[Mapping[str, Callable[..., Goal]]] = {
    "pause": pause.pause,
    "resume": pause.resume,
    "stop": cancel.cancel,
}


#: Goals of a page of the list, and words that are looked for in theirs.
_MOST: Final = 25
_MOST_WORDS: Final = 8


class GoalsPage:
    """All goals, and what Today's form is sent to."""

    rights: Mapping[str, Right] = {"GET": Right.READ, "POST": Right.WORK}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any) -> None:
        """A page of the list: from `cursor` on, of `state`, with the words of `q`."""
        entered = await self._answers.enter(req, self.rights["GET"])
        said = req.get_param("q") or "", req.get_param("state") or "", req.get_param("cursor") or ""
        words, state, cursor = (value[:200] for value in said)
        if state and state not in SHOWN:
            raise Problem(HTTPStatus.BAD_REQUEST, f"state has to be one of {', '.join(SHOWN)}.")
        asked = Paged(limit=_MOST, cursor=cursor[:100] or None)

        def make(office: Office, tx: Tx) -> Mapping[str, Any]:
            goals, following = page_of(
                "goals",
                asked,
                lambda before, limit: tx.pages.goals(
                    office.brand,
                    before,
                    limit,
                    states=SHOWN[state][1] if state else None,
                    words=" ".join(words.split()[:_MOST_WORDS]),
                ),
                number_of,
            )
            return {
                "goals": goal_list_document(tx, goals),
                "next": following,
                "shown": SHOWN,
                "asked": {"q": words, "state": state, "cursor": asked.cursor or ""},
            }

        await self._answers.page(req, resp, entered, "goals.html", make)

    async def on_post(self, req: Any, resp: Any) -> None:
        """To the goal's page, where its plan is shown with its price; or the form again, with what is wrong."""
        entered = await self._answers.enter(req, self.rights["POST"])
        form = await form_of(req)
        try:
            ident = await asyncio.to_thread(_take, entered, form)
        except (WrongCall, BrokenFile, WorkspaceError) as problem:
            await self._answers.page(
                req,
                resp,
                entered,
                "today.html",
                today_document,
                status=HTTPStatus.UNPROCESSABLE_ENTITY,
                form=empty_form(form, str(problem)),
            )
            return
        see_other(resp, f"/goals/{ident}")


def _take(entered: Entered, form: Mapping[str, str]) -> str:
    office = entered.office
    budget = form.get("budget", "").strip() or None
    new = check(office.settings, office.catalog, form.get("text", ""), cap_nano=amount("A budget", budget))
    key = form.get("key", "")
    if not key:
        raise WrongCall("The form came without its key, so that it might be taken twice: open this page again.")
    # The same key with other words is another form: who goes back and writes another goal gives another.
    said = sha256(json.dumps([key, new.text, new.cap_nano]).encode()).hexdigest()

    def make(tx: Tx) -> dict[str, Any]:
        return {"id": begin(tx, office, new, confirm=True, by=entered.caller.by).id}

    with office.store.write() as tx:
        made, is_new = once(tx, entered.caller, Once.of(f"form {said}"), partial(make, tx))
    if is_new:
        admission.ring(office)
    return str(made["id"])


class GoalPage:
    """How a goal stands."""

    rights: Mapping[str, Right] = {"GET": Right.READ}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any, ident: str) -> None:
        """The page."""
        entered = await self._answers.enter(req, self.rights["GET"])
        await self._answers.page(req, resp, entered, "goal.html", of_goal(entered, ident), problem=None)


class GoalAction:
    """What the buttons of a goal's page do."""

    rights: Mapping[str, Right] = {"GET": Right.READ, "POST": Right.WORK}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any, ident: str, action: str) -> None:
        """Back to the goal's page, for who loads again what a button was answered with."""
        await self._answers.enter(req, self.rights["GET"])
        if action not in _ACTIONS:
            raise Problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
        see_other(resp, f"/goals/{quote(ident, safe='')}")

    async def on_post(self, req: Any, resp: Any, ident: str, action: str) -> None:
        """Back to the goal's page; with a sentence where that could not be done."""
        entered = await self._answers.enter(req, self.rights["POST"])
        does = _ACTIONS.get(action)
        if does is None:
            raise Problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
        await form_of(req)
        try:
            await asyncio.to_thread(_act, entered, ident, does)
        except WrongCall as problem:
            await self._answers.page(
                req,
                resp,
                entered,
                "goal.html",
                of_goal(entered, ident),
                status=HTTPStatus.CONFLICT,
                problem=str(problem),
            )
            return
        see_other(resp, f"/goals/{quote(ident, safe='')}")


def _act(entered: Entered, ident: str, does: Callable[..., Goal]) -> None:
    with entered.office.store.read() as tx:
        found_goal(tx, entered, ident)
    does(entered.office, ident, by=entered.caller.by)


def of_goal(entered: Entered, ident: str) -> Callable[[Office, Tx], Mapping[str, Any]]:
    """What makes the document of a goal's page."""
    return lambda office, tx: goal_page(office, tx, found_goal(tx, entered, ident))


def found_goal(tx: Tx, entered: Entered, ident: str) -> Goal:
    """
    The goal, which is the caller's brand's.

    Raises:
        NotFound: there is none, or it is another's.
    """
    return tx.goals.get(ident, brand=entered.caller.brand)
