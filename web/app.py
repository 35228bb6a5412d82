"""The web app: `gunicorn -c web/gunicorn.conf.py` serves what `create_app` makes."""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from typing import Any, Final

from falcon.asgi import App

from director.bootstrap import open_office
from director.office import Office
from director.upkeep.health import Looker
from director.words.brand import DEFAULT
from director.words.errors import DirectorError
from director.words.settings import from_env
from web.api.registry import add_api
from web.callers import OPEN, PLACE, BeingOpened
from web.changes import Changes
from web.health import Detail, Health, Ready
from web.metrics import MetricsPage
from web.pages import add_pages
from web.peers import is_ours
from web.problems import OnlyText, add_problems
from web.sessions import OpenLink, SignOut
from web.visits import Visits
from web.webhooks import Event, Events, FromSource, Webhooks

_App = App[Any, Any]


class _EarlyApp(App[Any, Any]):
    """Falcon's app, which answers before any of the body has come where it needs none of it."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # type: ignore[override]  # typed as if of WSGI
        """By itself it waits for the first of the body, for as long as gunicorn lets it, and is then answered for with 500."""
        if scope["type"] == "websocket":  # there is none here; Falcon would hand it to what answers requests
            await send({"type": "websocket.close"})
            return
        began = scope["type"] != "http"

        async def received() -> Any:
            nonlocal began
            if began:
                return await receive()
            began = True
            return {"type": "http.request", "body": b"", "more_body": True}

        async with AsyncExitStack() as scope[PLACE]:
            await super().__call__(scope, received, send)


_log = logging.getLogger(__name__)

#: Of every answer. Nothing is loaded from elsewhere or runs that does not stand in a file of ours, and no page of another site
#: shows ours in a frame, is told by a link which one that was, or reads what is here.
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # With no-referrer a browser says "Origin: null" of our own forms, too, where it sends nothing else by plain HTTP.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class LazyOffice:
    """An office that is opened when it is first asked for, and tried again at the next while it cannot be opened yet."""

    def __init__(self, opening: Callable[[], Office]) -> None:
        self._opening = opening
        self._office: Office | None = None
        self._lock = threading.Lock()

    def office(self) -> Office:
        """
        The office.

        Raises:
            DirectorError: it cannot be opened; or not yet, because somebody else is about to.
        """
        if self._office is not None:
            return self._office
        # A database may let its caller wait for minutes; threads that wait for that caller would be missing elsewhere.
        if not self._lock.acquire(blocking=False):
            raise BeingOpened("The office is being opened; ask again.")
        try:
            self._office = office = self._office or self._opening()
        finally:
            self._lock.release()
        return office

    def close(self) -> None:
        """Close what was opened."""
        with self._lock:
            if self._office is not None:
                self._office.close()
                self._office = None


def create_app(
    office: Callable[[], Office],
    close: Callable[[], None] = lambda: None,
    is_ours: Callable[[Any], bool] | None = None,
) -> _App:
    """
    The app over an office that somebody else opens, and that is closed with the app by *close*; *office* raises DirectorError
    while it cannot be opened. *is_ours* says whether the socket at the other end is of who we run as; None: nobody can.
    """
    visits = Visits(office, is_ours)
    app: _App = _EarlyApp(middleware=[_Headers(), visits, OnlyText()])
    add_problems(app)
    app.add_route("/health", Health())
    app.add_route("/ready", Ready(office))
    app.add_route("/health/detail", Detail(office))
    app.add_route("/metrics", MetricsPage(office))
    app.add_route("/open/{secret}", OpenLink(office))
    app.add_route("/signout", SignOut(office))
    webhooks = Webhooks(office)
    app.add_route("/webhooks/events", Events(webhooks))
    app.add_route("/webhooks/events/{ident}", Event(webhooks))
    app.add_route("/webhooks/{source}", FromSource(webhooks))
    changes = Changes(office)
    add_api(app, office, changes)
    app.add_middleware(_Closing(webhooks, changes, visits, close))
    add_pages(app, office)
    return app


def get_app() -> _App:
    """The app over an office of its own, for gunicorn; opened in each worker, never before a fork."""
    # BRAND says whom commands are for; who comes here belongs to one, and events say it.
    lazy = LazyOffice(lambda: open_office(replace(from_env(), brand=DEFAULT)))
    # Other systems tell of a socket only to root. There a proxy that adds no header is taken for a program of this machine, as
    # README says; to refuse everybody would leave a Mac, which is somebody's own, without its first page.
    app = create_app(lazy.office, lazy.close, is_ours if sys.platform == "linux" else None)
    app.add_middleware(_SayingWhoMayCome())
    app.add_middleware(_Looking(Looker(lazy.office, team=True, stands_in=True)))
    return app


class _Headers:
    """What every answer is sent with, errors too: what a browser may do with it, and for how long it is true."""

    async def process_response(self, req: Any, resp: Any, resource: object, req_succeeded: bool) -> None:  # noqa: ARG002 - Falcon's signature
        for name, value in HEADERS.items():
            if (
                name != "Referrer-Policy" or resp.get_header(name) is None
            ):  # a page whose address is a secret has its own
                resp.set_header(name, value)
        if resp.get_header("Cache-Control") is None:  # what is said of health or a goal is true now and not later
            resp.set_header("Cache-Control", "no-store")


class _Closing:
    """Closes the office with the app, when nothing is done with it any more."""

    def __init__(self, webhooks: Webhooks, changes: Changes, visits: Visits, close: Callable[[], None]) -> None:
        self._webhooks = webhooks
        self._changes = changes
        self._visits = visits
        self._close = close

    async def process_shutdown(self, scope: Mapping[str, Any], event: Mapping[str, Any]) -> None:  # noqa: ARG002 - Falcon's signature
        await self._changes.rest()
        await self._webhooks.rest()
        await self._visits.rest()
        await asyncio.to_thread(self._close)


class _Looking:
    """Looks at what work rests on while no worker does: else nobody would see that none is left."""

    def __init__(self, looker: Looker) -> None:
        self._looker = looker

    async def process_startup(self, scope: Mapping[str, Any], event: Mapping[str, Any]) -> None:  # noqa: ARG002 - Falcon's signature
        self._looker.start()

    async def process_shutdown(self, scope: Mapping[str, Any], event: Mapping[str, Any]) -> None:  # noqa: ARG002 - Falcon's signature
        await asyncio.to_thread(self._looker.stop)


class _SayingWhoMayCome:
    """Says at the start where anybody on this machine may send events, and look."""

    async def process_startup(self, scope: Mapping[str, Any], event: Mapping[str, Any]) -> None:  # noqa: ARG002 - Falcon's signature
        with suppress(DirectorError):  # complained of when the office is opened
            if from_env().webhook_token is None:
                _log.warning(OPEN)
