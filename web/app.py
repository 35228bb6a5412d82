"""The web app: `gunicorn -c web/gunicorn.conf.py` serves what `create_app` makes."""

import asyncio
from collections.abc import Mapping
from typing import Any

from falcon.asgi import App

from director.bootstrap import open_office
from director.office import Office
from director.settings import from_env
from web.health import Health, Ready

_App = App[Any, Any]


def create_app(office: Office) -> _App:
    """The app over an office that somebody else opened and closes."""
    app: _App = App(middleware=[_NoStore()])
    app.add_route("/health", Health())
    app.add_route("/ready", Ready(office))
    return app


def get_app() -> _App:
    """The app over an office of its own, for gunicorn; opened in each worker, never before a fork."""
    office = open_office(from_env())
    app = create_app(office)
    app.add_middleware(_Closing(office))
    return app


class _NoStore:
    """What is said about health is true now and not later."""

    async def process_response(self, req: Any, resp: Any, resource: object, req_succeeded: bool) -> None:  # noqa: ARG002 - Falcon's signature
        resp.set_header("Cache-Control", "no-store")
        resp.set_header("X-Content-Type-Options", "nosniff")


class _Closing:
    """Closes the office with the app."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def process_shutdown(self, scope: Mapping[str, Any], event: Mapping[str, Any]) -> None:  # noqa: ARG002 - Falcon's signature
        await asyncio.to_thread(self._office.close)
