"""
Who asks over HTTP, and whether they may: whoever has a token or a session; and, where no token was ever made, programs of this
machine that run as who we do, or as root.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from director.access.roles import HERE, RIGHTS, Caller, Right, Role
from director.access.tokens import NotLetIn, caller_of, find, still_good
from director.office import Office
from director.triggers import signatures
from director.triggers.signatures import NotVerified, Request, Scheme
from director.words.command import program
from director.words.errors import DirectorError, StoreError
from director.words.models import Token
from director.words.tokens import PREFIX, TokenKind
from web.limits import whose
from web.problems import Problem
from web.visits import Visits, use_of

#: What this machine calls itself, and a port. A name that leads here from outside (DNS rebinding) is another.
_THIS_MACHINE: Final = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
_LOOPBACK: Final = ("127.", "::1", "::ffff:127.")

#: How the names of headers begin that a proxy puts before a request of somebody else's.
_PROXYS: Final = (
    "forwarded", "x-forwarded", "x-real-", "x-client-", "x-cluster-", "x-original-", "x-envoy-", "true-client-", "cf-", "cdn-",
    "fastly-", "via",
)  # fmt: skip

#: Methods that change nothing.
_SAFE: Final = ("GET", "HEAD", "OPTIONS")

#: How long one waits for whoever opens the office, and the pause between two looks.
_OPENED_WITHIN_S: Final = 5.0
_LOOKS_EVERY_S: Final = 0.05

#: When who is told that the record is away may come again.
_AGAIN_S: Final = 5

#: What is said where no token is set.
OPEN: Final = (
    "No WEBHOOK_TOKEN is set: until a token is made, /webhooks/events, /health/detail and /metrics are for this machine's own "
    "programs only."
)

#: Where a request has its place among those that are worked on, which ends with it.
PLACE: Final = "troupe.place"

#: What whoever comes with WEBHOOK_TOKEN is called.
SENDER: Final = "WEBHOOK_TOKEN"

_MAKE_ONE: Final = f"make one: `{program()} tokens create NAME --role ROLE`; they send it as Authorization: Bearer."


class BeingOpened(StoreError):
    """Somebody else is about to open the office."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The office, and who came into it. It is of the brand that they belong to."""

    office: Office
    caller: Caller
    client: str  #: the address they came from


async def enter(req: Any, opening: Callable[[], Office], right: Right) -> Entered:
    """
    The office that *opening* returns, for who may do *right*.

    Raises:
        Problem: 401, nobody knows who that is; 403, they may not, or another site's page asks through their browser; 429, they
            ask too often; 503, the office is not open, so that nobody knows yet who may.
    """
    office = await _opened(req, opening)
    visits: Visits = req.context.visits
    headers, client = req.headers_lower, client_of(req)
    bearer, cookie = _bearer(headers), req.cookies.get(cookie_name(office))
    if bearer is None and req.method not in _SAFE:
        see_own_site(headers, has_cookie=bool(req.headers_lower.get("cookie")))
    try:
        found = await asyncio.to_thread(_find, office, visits, bearer, cookie)
    except StoreError as problem:
        raise away() from problem
    if isinstance(found, Token):
        req.context.use = use_of(found.id, req, client, office.clock())
        visits.limits.of_token(found.id)
        caller = caller_of(office, found)
    else:
        visits.limits.of_address(client)
        # With WEBHOOK_TOKEN somebody is expected from outside, perhaps by a proxy that says nothing of it.
        if bearer is not None or visits.any_made or office.settings.webhook_token is not None:
            raise _refused(req, visits, found, client, office)
        await _see_that_it_is_here(req, visits, client)
        caller = Caller(HERE, Role.ADMIN, office.brand, whole=True)
    if not caller.may(right):
        who = " or ".join(role for role, rights in RIGHTS.items() if right in rights)
        raise Problem(
            HTTPStatus.FORBIDDEN,
            f"This needs the right '{right}', which a {caller.role} has not: ask with a token of a {who}.",
        )
    if req.method in _SAFE:
        if await _take_place(req, caller, client):
            await _see_still_good(office, caller)
    else:  # once its body is there: who sends slowly has no place of those that are worked on
        req.context.see_again = partial(_see_again, req, office, caller, client)
    return Entered(office.of(caller.brand), caller, client)


async def _take_place(req: Any, caller: Caller, client: str) -> bool:
    """Take one of the caller's places; whether it had to be waited for."""
    visits: Visits = req.context.visits
    waited: bool = await req.scope[PLACE].enter_async_context(visits.shares.place(whose(caller.token, client)))
    return waited


async def give_place_back(req: Any) -> None:
    """Let others of the same caller be worked on: what is left of this request is no work."""
    await req.scope[PLACE].aclose()


async def enter_or_send(req: Any, opening: Callable[[], Office], right: Right) -> Entered:
    """
    The same, also for whoever has WEBHOOK_TOKEN, where one is set: senders of events and monitors were given it before there
    were others, and it is of the whole installation.

    Raises:
        Problem: as `enter`.
    """
    office = await _opened(req, opening)
    if office.settings.webhook_token is not None:
        given, cookie = _bearer(req.headers_lower), req.cookies.get(cookie_name(office))
        if not (given.startswith(PREFIX) if given is not None else cookie):
            client = client_of(req)
            _see_webhook_token(req, office, office.settings.webhook_token, client)
            return Entered(office, Caller(SENDER, Role.MARKETER, office.brand, whole=True), client)
    return await enter(req, opening, right)


async def office_of(req: Any, opening: Callable[[], Office]) -> Office:
    """The office, for who shows a secret of their own; a problem while it cannot be opened."""
    return await _opened(req, opening)


def cookie_name(office: Office) -> str:
    """Of the session. Browsers keep cookies by host and not by port, and another workspace may have a web app beside this."""
    return f"troupe_session_{office.settings.web_port}"


def see_own_site(headers: Mapping[str, str], *, has_cookie: bool) -> None:
    """
    See that what changes something comes from one of our own pages, or from no page at all.

    Raises:
        Problem: 403, another site's page has sent it, or nobody knows which.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        ours = site in ("same-origin", "none")
    elif origin is not None:
        ours = bool(host := headers.get("host", "").lower()) and _host_of(origin) == host
    else:
        ours = not has_cookie
    if not ours:
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "A page of another site sent this, or a browser that does not say which: nothing was changed. Send it from our own "
            "page, or from a program with Authorization: Bearer.",
        )


def client_of(req: Any) -> str:
    """
    The address of who is at the other end of the line; empty where that has none, or is not known. So with HTTP/1.0: nginx
    speaks that to us unless it is told otherwise, in our own name, and without a word of whom it asks for.
    """
    host, *_ = (req.scope["http_version"] != "1.0" and req.scope.get("client")) or ("",)
    return str(host)


def _see_webhook_token(req: Any, office: Office, token: str, client: str) -> None:
    """See that whoever asks has WEBHOOK_TOKEN, which a person may have chosen."""
    limits, shown = req.context.visits.limits, "authorization" in req.headers_lower
    if shown:
        limits.see_room_for_failure(client)
    try:
        key = signatures.key_of(Scheme.BEARER, token)
        signatures.verify(Scheme.BEARER, Request(req.headers_lower, b""), [key], now=office.clock())
    except NotVerified as problem:
        if shown:
            limits.of_failure(client)
        raise unauthorized(problem, Scheme.BEARER) from problem


def unauthorized(problem: NotVerified, scheme: Scheme) -> Problem:
    """What whoever is not who they say they are is answered."""
    headers = {"WWW-Authenticate": 'Bearer realm="webhooks"'} if scheme is Scheme.BEARER else {}
    return Problem(HTTPStatus.UNAUTHORIZED, f"{problem} The scheme here is {scheme}.", headers)


def away() -> Problem:
    """What is answered while nobody knows who may come."""
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The record cannot be read now, so nobody knows who may come: ask again.",
        {"Retry-After": str(_AGAIN_S)},
    )


async def _opened(req: Any, opening: Callable[[], Office]) -> Office:
    """The office, waited for while somebody else opens it; no thread waits for that meanwhile, and none once it is open."""
    visits: Visits = req.context.visits
    if visits.opened is not None:
        return visits.opened
    until = asyncio.get_running_loop().time() + _OPENED_WITHIN_S
    while True:
        try:
            visits.opened = office = await asyncio.to_thread(opening)
        except DirectorError as problem:
            if not isinstance(problem, BeingOpened) or asyncio.get_running_loop().time() > until:
                raise Problem(
                    HTTPStatus.SERVICE_UNAVAILABLE, "The office is not open: /ready names what is not ready."
                ) from problem
        else:
            return office
        await asyncio.sleep(_LOOKS_EVERY_S)


def _find(office: Office, visits: Visits, bearer: str | None, cookie: str | None) -> Token | NotLetIn | None:
    """
    The token that was sent, why it opens nothing, or None where none was; and whether any was ever made, which decides for who
    has none that is good. While the record is away it is as it was when somebody last looked.
    """
    secret, kind = (cookie, TokenKind.SESSION) if bearer is None else (bearer, TokenKind.TOKEN)
    try:
        with office.store.read() as tx:
            refused: NotLetIn | None = None
            if secret is not None:
                try:
                    return find(tx, secret, kind=kind)
                except NotLetIn as problem:
                    refused = problem
            visits.any_made = visits.any_made or tx.tokens.any_made()
            return refused
    except StoreError:
        if secret is not None or visits.any_made is None:
            raise
        return None


def _bearer(headers: Mapping[str, str]) -> str | None:
    """What stands behind Authorization: Bearer; None without the header, "" where it says something else."""
    given = headers.get("authorization")
    if given is None:
        return None
    scheme, _, secret = given.strip().partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def _is_here(headers: Mapping[str, str], client: str) -> bool:
    here = client.startswith(_LOOPBACK) and _THIS_MACHINE.fullmatch(headers.get("host", ""))
    return bool(here) and not any(name.startswith(_PROXYS) for name in headers)


async def _see_that_it_is_here(req: Any, visits: Visits, client: str) -> None:
    if not _is_here(req.headers_lower, client):
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "While no token was made, only programs and browsers of this machine may come here, by its own names and by no "
            f"proxy. For others {_MAKE_ONE}",
        )
    if visits.is_ours is not None and not await asyncio.to_thread(visits.is_ours, req.scope):
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "While no token was made, only who we run as, and root, may come here; this connection is of somebody else on this "
            f"machine, such as a proxy, or nobody can say whose it is. `{program()} open` prints a link for a browser; for "
            f"programs {_MAKE_ONE}",
        )


async def _see_again(req: Any, office: Office, caller: Caller, client: str) -> None:
    """Take a place, and see that who came in may still."""
    req.context.see_again = None
    await _take_place(req, caller, client)
    await _see_still_good(office, caller)


async def _see_still_good(office: Office, caller: Caller) -> None:
    """What they sent, or those before them, took its time, and their token may have been revoked meanwhile."""
    try:
        good = await asyncio.to_thread(_is_still_good, office, caller)
    except StoreError as problem:
        raise away() from problem
    if not good:
        raise Problem(
            HTTPStatus.UNAUTHORIZED,
            "Who you are was known when this request began, and is not any more: nothing was done. Send it again with a token "
            "or a session that is good.",
            {"WWW-Authenticate": 'Bearer realm="troupe", error="invalid_token"'},
        )


def _is_still_good(office: Office, caller: Caller) -> bool:
    with office.store.read() as tx:
        return caller.token in still_good(tx, {caller.token})


def _refused(req: Any, visits: Visits, refused: NotLetIn | None, client: str, office: Office) -> Problem:
    if refused is None:
        said = (
            "Whoever comes here has to say who they are: send a token as Authorization: Bearer "
            f"(`{program()} tokens create NAME --role ROLE` makes one), or open the link that `{program()} open` prints."
        )
        return Problem(HTTPStatus.UNAUTHORIZED, said, {"WWW-Authenticate": 'Bearer realm="troupe"'})
    if refused.token is not None:
        req.context.use = use_of(refused.token.id, req, client, office.clock())
    visits.limits.of_failure(client)
    challenge = 'Bearer realm="troupe", error="invalid_token"'
    return Problem(HTTPStatus.UNAUTHORIZED, str(refused), {"WWW-Authenticate": challenge})


def _host_of(origin: str) -> str | None:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    return parts.netloc.lower() if parts.scheme in ("http", "https") else None
