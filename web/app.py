"""The web app: `gunicorn -c web/gunicorn.conf.py` serves what `create_app` makes."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from typing import Any

from falcon.asgi import App

from director.bootstrap import open_office
from director.office import Office
from director.words.errors import StoreError
from director.words.settings import from_env
from web.health import Health, Ready

_App = App[Any, Any]


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
            raise StoreError("The office is being opened; ask again.")
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


def create_app(office: Callable[[], Office]) -> _App:
    """The app over an office that somebody else opens and closes; *office* raises DirectorError while it cannot be opened."""
    app: _App = App(middleware=[_NoStore()])
    app.add_route("/health", Health())
    app.add_route("/ready", Ready(office))
    return app


def get_app() -> _App:
    """The app over an office of its own, for gunicorn; opened in each worker, never before a fork."""
    lazy = LazyOffice(lambda: open_office(from_env()))
    app = create_app(lazy.office)
    app.add_middleware(_Closing(lazy))
    return app


class _NoStore:
    """What is said about health is true now and not later."""

    async def process_response(self, req: Any, resp: Any, resource: object, req_succeeded: bool) -> None:  # noqa: ARG002 - Falcon's signature
        resp.set_header("Cache-Control", "no-store")
        resp.set_header("X-Content-Type-Options", "nosniff")


class _Closing:
    """Closes the office with the app."""

    def __init__(self, lazy: LazyOffice) -> None:
        self._lazy = lazy

    async def process_shutdown(self, scope: Mapping[str, Any], event: Mapping[str, Any]) -> None:  # noqa: ARG002 - Falcon's signature
        await asyncio.to_thread(self._lazy.close)
