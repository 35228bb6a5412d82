"""
`/open/SECRET`: the link that `director open` prints becomes this browser's session; `/signout` ends it.

GET only shows a button, so that a program that follows links, as mail scanners do, uses nothing up; POST makes the session.
"""

import asyncio
import html
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar, Final

from director.access.roles import Right
from director.access.sessions import LASTS, open_session, see_link
from director.access.tokens import NotLetIn, revoke
from director.office import Office
from director.words.command import program
from director.words.errors import StoreError
from web.callers import away, client_of, cookie_name, enter, office_of, see_own_site
from web.pages.static import address
from web.problems import Problem
from web.visits import Visits

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Troupe</title>
<link rel="stylesheet" href="{style}">
</head>
<body>
<main>
<h1>{title}</h1>
<p>{said}</p>
{form}</main>
</body>
</html>
"""

#: To this page's own address.
_FORM: Final = '<form method="post"><button>Open Troupe in this browser</button></form>\n'


class OpenLink:
    """The page with one button, and what the button does. Anybody may come: the secret in the address is what opens."""

    def __init__(self, office: Callable[[], Office]) -> None:
        self._office = office

    async def on_get(self, req: Any, resp: Any, secret: str) -> None:
        """200 with the button; 410 with a sentence where the link opens nothing any more."""
        try:
            link = await _asked(req, see_link, await office_of(req, self._office), secret)
        except NotLetIn as problem:
            _refuse(req, resp, problem)
            return
        ends = f"That ends after {LASTS.days} days, or when you sign out."
        _write(resp, HTTPStatus.OK, "Open Troupe", f"You will be here as {link.name} ({link.role}). {ends}", _FORM)

    async def on_post(self, req: Any, resp: Any, secret: str) -> None:
        """303 to the first page, with the session's cookie."""
        see_own_site(req.headers_lower, has_cookie=True)  # else a page elsewhere could give its visitor its own session
        office = await office_of(req, self._office)
        try:
            _, cookie = await _asked(req, open_session, office, secret)
        except NotLetIn as problem:
            _refuse(req, resp, problem)
            return
        resp.set_cookie(
            cookie_name(office),
            cookie,
            max_age=int(LASTS.total_seconds()),
            path="/",
            secure=_came_by_https(req),
            http_only=True,
            same_site="Strict",
        )
        resp.status = HTTPStatus.SEE_OTHER.value
        resp.set_header("Location", "/")


class SignOut:
    """What the button in each page's frame does."""

    rights: ClassVar[Mapping[str, Right]] = {"POST": Right.READ}

    def __init__(self, office: Callable[[], Office]) -> None:
        self._office = office

    async def on_post(self, req: Any, resp: Any) -> None:
        """200 with what to do to come back; the session opens nothing any more, in whatever browser its cookie is."""
        entered = await enter(req, self._office, self.rights["POST"])
        session = entered.caller.token if entered.caller.signed_in else None
        if session is None:
            raise Problem(
                HTTPStatus.CONFLICT, f"Nobody is signed in here; `{program()} tokens revoke ID` ends a program's token."
            )
        try:
            await asyncio.to_thread(revoke, entered.office, session, by=entered.caller.by)
        except StoreError as problem:
            raise away() from problem
        resp.unset_cookie(cookie_name(entered.office), path="/", same_site="Strict")
        _write(
            resp, HTTPStatus.OK, "Signed out", f"`{program()} open` prints a link that lets this browser in again.", ""
        )


async def _asked(req: Any, do: Callable[..., Any], office: Office, secret: str) -> Any:
    visits: Visits = req.context.visits
    visits.limits.of_address(client_of(req))
    try:
        return await asyncio.to_thread(do, office, secret)
    except StoreError as problem:
        raise away() from problem


def _refuse(req: Any, resp: Any, problem: NotLetIn) -> None:
    if problem.token is None:  # guessed, or of another installation
        req.context.visits.limits.of_failure(client_of(req))
    _write(resp, HTTPStatus.GONE, "This link opens nothing", str(problem), "")


def _came_by_https(req: Any) -> bool:
    """Also to a proxy that says so; who lies about it keeps nothing but their own cookie from being sent."""
    return bool(req.scheme == "https" or req.headers_lower.get("x-forwarded-proto", "").strip().lower() == "https")


def _write(resp: Any, status: HTTPStatus, title: str, said: str, form: str) -> None:
    resp.status = status.value
    resp.content_type = "text/html; charset=utf-8"
    resp.text = _PAGE.format(title=html.escape(title), said=html.escape(said), form=form, style=address("style.css"))
