"""
The rehearsal behind a loopback HTTP server, for tests with real processes and real sockets.

    python -m tests.messages_server --script "latency_ms=200" --log asked.jsonl

prints its address and serves until Ctrl-C.
"""

import argparse
import json
import os
import select
import socket
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from director.claude.rehearsal.asked import understand
from director.claude.rehearsal.refusals import refusal
from director.claude.rehearsal.service import Rehearsal, Reply, Script, Trouble
from director.words.errors import WrongSetting

#: What may stand in front of the rehearsal: a whole reply, a text to answer with, a status to fail with.
Given = Reply | str | int | None


def says_no(kind: str, words: str, *, status: int = 200, as_events: bool = False, begun: bool = False) -> Reply:
    """
    An error of the type *kind*, under any *status*: as a document or as a stream's event, in one that had *begun* to answer.
    """
    no = json.dumps({"type": "error", "error": {"type": kind, "message": words}})
    if not as_events:
        return Reply(status, {"content-type": "application/json"}, no.encode())
    start = {"type": "message_start", "message": {"usage": {"input_tokens": 7, "output_tokens": 1}}}
    events = [("message_start", json.dumps(start))] * begun + [("error", no)]
    body = "".join(f"event: {name}\ndata: {data}\n\n" for name, data in [("ping", '{"type": "ping"}'), *events])
    return Reply(status, {"content-type": "text/event-stream; charset=utf-8"}, body.encode())


def answered_by(model: object, reply: Reply, **usage: int) -> Reply:
    """*reply*, but it is *model* that says so; it used what *usage* says, where that says something."""
    document = json.loads(reply.body)
    if document["type"] == "message":
        document |= {"model": model, "usage": {**document["usage"], **usage}}
    body = json.dumps(document).encode()
    return replace(reply, body=body, headers={**reply.headers, "content-length": str(len(body))})


@dataclass(slots=True)
class Exchange:
    """One request, and what became of it. Times are seconds since the epoch."""

    document: Any
    arrived_at: float
    answered_at: float | None = None  #: When the answer went out; None while it waits, or when none did.
    status: int | None = None  #: None when no whole answer went out.
    left_at: float | None = None  #: When the client gave up waiting, if it did.
    digest: str = ""  #: Of the request, as the ledger's keys end in it.
    request_id: str = ""  #: Of the answer, as the ledger keeps it.
    on_the_wire: bool = True  #: Whether its client waits for the answer now.


class MessagesServer:
    """
    A context manager: `with MessagesServer(script="latency_ms=200") as server: server.url, server.asked`.

    *replies* are given first, one a request; then *front* is called with each document; where it gives None,
    the rehearsal answers. Leaving ends what still waits.
    """

    def __init__(
        self,
        script: str = "",
        *,
        replies: Iterable[Given] = (),
        front: Callable[[dict[str, Any]], Given] | None = None,
        log: Path | None = None,
    ) -> None:
        self.rehearsal = Rehearsal(Script.parse(script))
        self.replies = deque(replies)
        self.front = front
        self.asked: list[Exchange] = []
        self._log = log
        self._lock = threading.Lock()
        self._ended, self._end = socket.socketpair()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.house = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="messages-server")

    @property
    def url(self) -> str:
        """What ANTHROPIC_BASE_URL is set to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.close()  # wakes every handler that waits
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._ended.close()

    def play(self, script: str) -> None:
        """From the next request on, play *script*: `play("unavailable=1")` is away, `play("")` is back."""
        self.rehearsal.script = Script.parse(script)

    def reply(self, document: Any) -> Reply:
        """What this request gets."""
        with self._lock:
            given = self.replies.popleft() if self.replies else None
        if given is None and self.front is not None:
            given = self.front(document)
        if isinstance(given, str):
            return self.rehearsal.reply_with(document, given)
        if isinstance(given, int):
            return self.rehearsal.error(given, "as the test asked for")
        return given or self.rehearsal.reply(document)

    def wait(self, connection: socket.socket, seconds: float | None) -> bool:
        """Wait before an answer; None is for ever. False when the client left or the server ends before."""
        ready, _, _ = select.select([connection, self._ended], [], [], seconds)
        return not ready

    def note(self, exchange: Exchange, reply: Reply) -> None:
        """Append the request to the log, if there is one."""
        if self._log is None:
            return
        known = refusal(exchange.document) is None
        line = {
            "purpose": understand(exchange.document).purpose.value if known else "unknown",
            "model": exchange.document.get("model") if isinstance(exchange.document, dict) else None,
            "status": exchange.status,
            "fault": reply.fault,
            "digest": reply.digest,
            "seconds": round((exchange.answered_at or exchange.left_at or time.time()) - exchange.arrived_at, 3),
        }
        with self._lock, self._log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for what is being answered, so that the log is whole
    request_queue_size = 128
    house: MessagesServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # a client that left is no news
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5  # for a client that connects and says nothing
    server: _Server

    def do_POST(self) -> None:
        # One request a connection, so that no thread waits for a second one when the server ends.
        self.close_connection = True
        house = self.server.house
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            return  # whoever was sending is gone, and nothing was asked
        if self.path != "/v1/messages":
            self._send(house.rehearsal.error(404, f"POST {self.path} is not part of the rehearsal"))
            return
        try:
            document = json.loads(body)
        except ValueError:
            document = None
        exchange = Exchange(document, time.time())
        house.asked.append(exchange)
        reply = house.reply(document)
        exchange.digest, exchange.request_id = reply.digest, reply.headers.get("request-id", "")
        self._answer(exchange, reply)

    def do_GET(self) -> None:
        self.close_connection = True
        self._send(self.server.house.rehearsal.error(404, f"GET {self.path} is not part of the rehearsal"))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing on standard error."""

    def _answer(self, exchange: Exchange, reply: Reply) -> None:
        house = self.server.house
        waited = house.wait(self.connection, None if reply.fault is Trouble.HANG else reply.delay_s)
        exchange.on_the_wire = False
        if not waited:
            exchange.left_at = time.time()
            house.note(exchange, reply)
            return
        if reply.fault is None:
            # Before it goes out, because whoever gets it may look at once.
            house.rehearsal.delivered(reply)
            exchange.status, exchange.answered_at = reply.status, time.time()
        house.note(exchange, reply)
        if reply.fault in (Trouble.RESET, "away"):
            # With no time to linger, closing sends a reset instead of an end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())
            return
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("connection", "close")
        self.end_headers()
        cut = len(reply.body) // 2 if reply.fault is Trouble.CUT_OFF else len(reply.body)
        self.wfile.write(reply.body[:cut])


def main() -> int:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.messages_server", description="The rehearsal over HTTP.")
    parser.add_argument("--script", default="", help='what it plays, e.g. "latency_ms=200 overloaded=0.3"')
    parser.add_argument("--log", type=Path, help="a file to append one JSON line a request to")
    options = parser.parse_args()
    try:
        server = MessagesServer(options.script, log=options.log)
    except WrongSetting as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    with server:
        print(server.url, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
