"""A task's text, with its versions, what was found and where its facts come from; and what a person asks of it."""

import asyncio
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from director.access.roles import Right
from director.inbox import accept, revise_approved
from director.office import Office
from director.store.tx import Tx
from director.views.deliverable import deliverable_document
from director.words.errors import WrongCall
from director.words.models import Task
from web.callers import Entered
from web.pages.answers import Answers, form_of, found, see_other
from web.pages.goals import found_goal
from web.problems import Problem


class TaskPage:
    """A text to be read."""

    rights: Mapping[str, Right] = {"GET": Right.READ}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any, ident: str) -> None:
        """The version that counts, or `version`, beside the one before it, or `against`."""
        entered = await self._answers.enter(req, self.rights["GET"])
        version = req.get_param_as_int("version", min_value=1)
        against = req.get_param_as_int("against", min_value=1)
        await show_task(self._answers, req, resp, entered, ident, version=version, against=against)


class TaskAction:
    """What the forms of a text's page do."""

    rights: Mapping[str, Right] = {"GET": Right.READ, "POST": Right.WORK}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any, ident: str, action: str) -> None:
        """Back to the text, for who loads again what a form was answered with."""
        await self._answers.enter(req, self.rights["GET"])
        if action not in _ACTIONS:
            raise Problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
        see_other(resp, address_of(ident))

    async def on_post(self, req: Any, resp: Any, ident: str, action: str) -> None:
        """Back to the text; with a sentence where that could not be done, and with what was typed."""
        entered = await self._answers.enter(req, self.rights["POST"])
        does = _ACTIONS.get(action)
        if does is None:
            raise Problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
        form = await form_of(req)
        with found():
            await asyncio.to_thread(see_task, entered, ident)
        try:
            await asyncio.to_thread(does, entered, ident, form)
        except WrongCall as problem:
            status = HTTPStatus.CONFLICT if form.get("words", "").strip() else HTTPStatus.UNPROCESSABLE_ENTITY
            await show_task(
                self._answers,
                req,
                resp,
                entered,
                ident,
                status=status,
                problem=str(problem),
                typed=form.get("words", ""),
            )
            return
        see_other(resp, address_of(ident))


async def show_task(
    answers: Answers,
    req: Any,
    resp: Any,
    entered: Entered,
    ident: str,
    *,
    version: int | None = None,
    against: int | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    problem: str | None = None,
    typed: str = "",
) -> None:
    """Answer with the text's page, with a *problem* and what was *typed* where a form could not be taken."""

    def make(office: Office, tx: Tx) -> Mapping[str, Any]:
        return deliverable_document(office, tx, found_task(tx, entered, ident), version=version, against=against)

    chosen = {name: one for name, one in (("version", version), ("against", against)) if one is not None}
    await answers.page(
        req, resp, entered, "task.html", make, status=status, problem=problem, typed=typed, chosen=chosen
    )


def address_of(ident: str) -> str:
    """Where the text is."""
    return f"/tasks/{quote(ident, safe='')}"


def found_task(tx: Tx, entered: Entered, ident: str) -> Task:
    """
    The task, which is the caller's brand's.

    Raises:
        NotFound: there is none, or it is another's.
    """
    task = tx.tasks.get(ident)
    found_goal(tx, entered, task.goal)
    return task


def see_task(entered: Entered, ident: str) -> None:
    """As `found_task`, before anything is done about it."""
    with entered.office.store.read() as tx:
        found_task(tx, entered, ident)


def _change(entered: Entered, ident: str, form: Mapping[str, str]) -> None:
    words = form.get("words", "").strip()
    if not words:
        raise WrongCall("Say what to change, in a sentence or a few.")
    revise_approved.revise(
        entered.office,
        ident,
        words,
        dependents=form.get("resting") == "yes",
        by=entered.caller.by,
        version=form.get("version", ""),
    )


def _fine(entered: Entered, ident: str, _form: Mapping[str, str]) -> None:
    accept.say_fine(entered.office, ident, by=entered.caller.by)


_ACTIONS: Final[Mapping[str, Callable[[Entered, str, Mapping[str, str]], None]]] = {"change": _change, "fine": _fine}
