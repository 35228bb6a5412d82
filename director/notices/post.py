"""A notice sent over HTTP: one request, no redirects, and a sentence where it was not taken."""

from collections.abc import Mapping
from datetime import timedelta
from http.client import HTTPException, HTTPMessage
from typing import IO, Final, NoReturn
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from director.words.errors import ChannelAway

#: How long the server may be silent.
SILENCE: Final = timedelta(seconds=15)

#: Bytes of a complaint that are read, and characters that are repeated.
_READ: Final = 2_000
_SHOWN: Final = 120


class _Stay(HTTPRedirectHandler):
    """Follows none: what is signed for one address, or secret in it, is for no other."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """None at all."""


_opener: Final = build_opener(_Stay)


def post(address: str, body: bytes, headers: Mapping[str, str]) -> None:
    """
    Send *body*; any answer of 200 to 299 is a yes. Proxies are those of the environment.

    Raises:
        ChannelAway: it was not taken.
    """
    request = Request(address, data=body, headers={"User-Agent": "troupe", **headers}, method="POST")  # noqa: S310 - http or https, see words/receivers.py
    try:
        with _opener.open(request, timeout=SILENCE.total_seconds()):
            return
    except HTTPError as no:
        with no:
            _refused(no)
    except URLError as problem:
        raise ChannelAway(f"It cannot be reached: {_said(problem.reason)}.") from problem
    except (OSError, HTTPException, ValueError) as problem:
        raise ChannelAway(f"It did not answer as a web server does: {_said(problem)}.") from problem


def _refused(no: HTTPError) -> NoReturn:
    if 300 <= no.code < 400:
        raise ChannelAway(f"It answered with {no.code}, to ask elsewhere; set the address that takes notices itself.")
    try:
        said = " ".join(no.read(_READ).decode(errors="replace").split())[:_SHOWN]
    except (OSError, HTTPException):
        said = ""
    after = no.headers.get("Retry-After", "")
    wait = timedelta(seconds=int(after)) if after.isascii() and after.isdigit() and len(after) < 6 else None
    raise ChannelAway(f"It answered with {no.code}{f' ({said})' if said else ''}.", retry_after=wait)


def _said(problem: object) -> str:
    said = str(getattr(problem, "strerror", None) or problem) or type(problem).__name__
    return said.rstrip(".")[:_SHOWN]
