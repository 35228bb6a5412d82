"""Receivers of notices, real servers on ports of their own: what each got, and what it says to the next."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Got:
    """A request as it came."""

    path: str
    headers: dict[str, str]  #: by their names in lower case
    body: bytes


@dataclass
class HttpReceiver:
    """A chat, or a program that takes webhooks."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    status: int = 200
    reply_headers: dict[str, str] = field(default_factory=dict)
    says: bytes = b"ok"
    #: While it is not set, nobody is answered.
    answers: threading.Event = field(default_factory=threading.Event)


@contextmanager
def http_receiver() -> Iterator[HttpReceiver]:
    """One that is there, and says yes."""
    receiver = HttpReceiver()
    receiver.answers.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(Got(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            receiver.answers.wait(30)
            self.send_response(receiver.status)
            for name, value in receiver.reply_headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(receiver.says)))
            self.end_headers()
            self.wfile.write(receiver.says)

        do_GET = do_POST  # noqa: N815 - as the library wants it

        def log_message(self, *_: object) -> None:
            """Not into the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.answers.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


@dataclass
class MailReceiver:
    """A mail server."""

    port: int = 0
    got: list[Message] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    #: What it says instead of taking a mail.
    refusal: str | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail."""
        if self.refusal is not None:
            return self.refusal
        assert isinstance(envelope.content, bytes)
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        self.encrypted.append(session.ssl is not None)
        return "250 Message accepted for delivery"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        """Let in who knows the gnomes' word."""
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"gnomes only", handled=False)


class _OnAnyPort(Controller):
    """Listens where the system says."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_receiver(*, tls: ssl.SSLContext | None = None, login: bool = False) -> Iterator[MailReceiver]:
    """One that is there; with *tls* it offers STARTTLS, with *login* it lets people log in, encrypted or not."""
    receiver = MailReceiver()
    options = {"authenticator": receiver.authenticate, "auth_require_tls": False} if login else {}
    controller = _OnAnyPort(receiver, hostname="127.0.0.1", port=0, tls_context=tls, **options)
    controller.start()
    receiver.port = controller.port
    try:
        yield receiver
    finally:
        controller.stop()
