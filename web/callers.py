"""Who asks over HTTP, and whether they may: whoever has the token, or, where none is set, a program of this machine."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from director.access.roles import Caller, Right, Role
from director.office import Office
from director.triggers import signatures
from director.triggers.signatures import NotVerified, Request, Scheme
from director.words.errors import DirectorError
from web.problems import Problem

#: What this machine calls itself, and a port. A name that leads here from outside (DNS rebinding) is another.
_THIS_MACHINE: Final = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
_LOOPBACK: Final = ("127.", "::1", "::ffff:127.")

#: How the names of headers begin that a proxy puts before a request of somebody else's, and a browser before one of a page's.
_ANOTHERS: Final = (
    "forwarded", "x-forwarded", "x-real-", "x-client-", "x-cluster-", "x-original-", "x-envoy-", "true-client-", "cf-", "cdn-",
    "fastly-", "via", "origin", "sec-fetch-",
)  # fmt: skip

#: What is said where no token is set.
OPEN: Final = (
    "No WEBHOOK_TOKEN is set: /webhooks/events, /health/detail and /metrics are for this machine's own programs only."
)


@dataclass(frozen=True, slots=True)
class Entered:
    """The office, and who came into it."""

    office: Office
    caller: Caller


async def enter(req: Any, opening: Callable[[], Office], right: Right) -> Entered:
    """
    The office that *opening* returns, for who may do *right*.

    Raises:
        Problem: they may not; or the office is not open, so that nobody knows yet who may.
    """
    office = await office_for(req, opening)
    caller = Caller("this machine", Role.ADMIN, office.brand)
    if not caller.may(right):
        raise Problem(HTTPStatus.FORBIDDEN, f"A {caller.role} cannot do this.")
    return Entered(office, caller)


async def office_for(req: Any, opening: Callable[[], Office]) -> Office:
    """
    The office that *opening* returns, for whoever may send events, who may also look.

    Raises:
        Problem: they may not; or the office is not open, so that nobody knows yet who may.
    """
    request, client = Request(req.headers_lower, b""), client_of(req)
    return await asyncio.to_thread(_office_for, opening, request, client)


def _office_for(opening: Callable[[], Office], request: Request, client: str) -> Office:
    try:
        office = opening()
    except DirectorError as problem:
        raise Problem(
            HTTPStatus.SERVICE_UNAVAILABLE, "The office is not open: /ready names what is not ready."
        ) from problem
    see_token(office, request, client)
    return office


def client_of(req: Any) -> str:
    """
    The address of who is at the other end of the line; empty where that has none, or is not known. So with HTTP/1.0: nginx
    speaks that to us unless it is told otherwise, in our own name, and without a word of whom it asks for.
    """
    host, *_ = (req.scope["http_version"] != "1.0" and req.scope.get("client")) or ("",)
    return str(host)


def see_token(office: Office, request: Request, client: str) -> None:
    """See that whoever asks has the token, or, where none is set, is a program of this machine."""
    token = office.settings.webhook_token
    if token is None:
        here = client.startswith(_LOOPBACK) and _THIS_MACHINE.fullmatch(request.headers.get("host", ""))
        if not here or any(name.startswith(_ANOTHERS) for name in request.headers):
            raise Problem(
                HTTPStatus.FORBIDDEN,
                "Without WEBHOOK_TOKEN only programs of this machine may come here, neither by a proxy nor from a page in a "
                "browser: set it, start the web app again, and send it as Authorization: Bearer.",
            )
        return
    try:
        key = signatures.key_of(Scheme.BEARER, token)
        signatures.verify(Scheme.BEARER, request, [key], now=office.clock())
    except NotVerified as problem:
        raise unauthorized(problem, Scheme.BEARER) from problem


def unauthorized(problem: NotVerified, scheme: Scheme) -> Problem:
    """What whoever is not who they say they are is answered."""
    headers = {"WWW-Authenticate": 'Bearer realm="webhooks"'} if scheme is Scheme.BEARER else {}
    return Problem(HTTPStatus.UNAUTHORIZED, f"{problem} The scheme here is {scheme}.", headers)
