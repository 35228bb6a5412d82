"""The web server's connections: one on which no request comes is closed."""

from typing import Final

from gunicorn.asgi.protocol import ASGIProtocol  # type: ignore[import-untyped]  # it has no types
from gunicorn.workers import gasgi  # type: ignore[import-untyped]  # as above

from web.changes import end_all

#: How long the headers of a first request may take. For each later one gunicorn has a limit of its own (`keepalive`).
HEADERS_WITHIN_S: Final = 5.0


class Connection(ASGIProtocol):  # type: ignore[misc]  # it has no types
    """
    gunicorn's connection, which waits for a first request for a limited time.

    By itself it waits for ever, and some hundreds of half-sent headers keep everybody else from being answered. Headers on
    which its parser breaks are answered like others that are wrong.
    """

    def _start_http1(self, buffered: bytes = b"") -> None:
        super()._start_http1(buffered)
        self.worker.loop.call_later(HEADERS_WITHIN_S, self._close_unless_asked)

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


class Worker(gasgi.ASGIWorker):  # type: ignore[misc]  # as above
    """gunicorn's ASGI worker with these connections; it has no setting for them."""

    def init_process(self) -> None:
        """Begins in the worker's own process."""
        gasgi.ASGIProtocol = Connection
        super().init_process()

    def handle_exit_signal(self) -> None:
        """End streams, which end by nothing else: gunicorn waits for connections before it tells the app that it stops."""
        super().handle_exit_signal()
        end_all()
