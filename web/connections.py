"""The web server's connections: there are only so many, and one on which nothing comes or goes is closed."""

import asyncio
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from gunicorn.asgi import protocol  # type: ignore[import-untyped]  # it has no types
from gunicorn.workers import gasgi  # type: ignore[import-untyped]  # as above

from web.changes import end_all

#: How long the headers of a first request may take. For each later one gunicorn has a limit of its own (`keepalive`).
HEADERS_WITHIN_S: Final = 5.0

#: How long somebody may leave what is sent to them unread.
READ_WITHIN_S: Final = 60.0

#: What is answered where there is no room for one more.
_FULL: Final = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

#: Where the app finds the connection of a request.
_KEY: Final = "troupe.connection"

# Its table of reasons lacks some, for which it says "Unknown".
for _status in HTTPStatus:
    protocol._REASON_PHRASES.setdefault(_status.value, _status.phrase)  # noqa: SLF001 - it has no other way


def stays(scope: dict[str, Any]) -> None:
    """Say of the connection of a request that it stays open, as a stream does: it makes no room for others."""
    connection = scope.get(_KEY)
    if connection is not None:
        connection.stays = True


class Connection(protocol.ASGIProtocol):  # type: ignore[misc]  # it has no types
    """
    gunicorn's connection, which waits for a first request, and for what it sends to be read, for a limited time.

    By itself it waits for ever, and there may be any number: some hundreds of half-sent headers, or bodies, took all the files
    the process may have open, and nobody else was answered. Where there are `worker_connections`, the newest has room made for
    it: by the oldest that is still sending or idle, else by the oldest that is answered, but by no stream. So whoever sends
    slowly keeps others who do from their place, and nobody who asks and goes. Headers on which its parser breaks are answered
    like others that are wrong.
    """

    def __init__(self, worker: "Worker") -> None:
        super().__init__(worker)
        self.stays = False
        #: What closes it, unless it is called off: a timer that goes on keeps all that was received.
        self._unasked: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Called when one is there."""
        super().connection_made(transport)
        there = self.worker.there
        if len(there) >= self.cfg.worker_connections:
            victim = next(_who_goes(there), None)
            if victim is None:
                self._safe_write(_FULL)
                self._close_transport()
                return
            there.pop(victim, None)
            victim.transport.abort()
        there[self] = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Called when it is gone."""
        self.worker.there.pop(self, None)
        for timer in (self._unasked, self._unread):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Called when what was written is not taken."""
        super().pause_writing()
        self._unread = self.worker.loop.call_later(READ_WITHIN_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Called when it was."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()

    @property
    def waits(self) -> bool:
        """Whether nothing is done for it until more of a request comes."""
        receiver = self._body_receiver
        return self._awaiting_request or (receiver is not None and not receiver._complete)  # noqa: SLF001 - as above

    def _build_http_scope(self, *of_request: Any) -> dict[str, Any]:
        self.stays = False  # what came before on it may have been a stream
        return {**super()._build_http_scope(*of_request), _KEY: self}

    def _start_http1(self, buffered: bytes = b"") -> None:
        super()._start_http1(buffered)
        self._unasked = self.worker.loop.call_later(HEADERS_WITHIN_S, self._close_unless_asked)

    def _feed_callback_parser(self, data: bytes) -> bool:
        try:
            return bool(super()._feed_callback_parser(data))
        except ValueError:
            # By itself it reads a Content-Length of any number of digits, for which Python has a limit, and breaks.
            self._send_error_response(400, "A header is not what it has to be")
            self._close_transport()
            return False

    def _close_unless_asked(self) -> None:
        if self.req_count <= 1 and not self._request_ready.is_set():
            self._keepalive_timeout()


def _who_goes(there: dict[Connection, None]) -> Iterator[Connection]:
    """Those that can be closed for one more, in this order."""
    yield from (one for one in there if one.waits)
    yield from (one for one in there if not one.stays)


class Worker(gasgi.ASGIWorker):  # type: ignore[misc]  # as above
    """gunicorn's ASGI worker with these connections; it has no setting for them, and does not heed `worker_connections`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Those that are open, oldest first.
        self.there: dict[Connection, None] = {}

    def init_process(self) -> None:
        """Begins in the worker's own process."""
        gasgi.ASGIProtocol = Connection
        super().init_process()

    def handle_exit_signal(self) -> None:
        """End streams, which end by nothing else: gunicorn waits for connections before it tells the app that it stops."""
        super().handle_exit_signal()
        end_all()
