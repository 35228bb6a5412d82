"""The body of a request, read no further and no longer than it may be."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

from web.problems import Problem

#: How long a body may take.
_WITHIN_S: Final = 10.0

#: Bytes of bodies that are read at the same time, those of short ones besides: thousands of slow senders fill no memory, and
#: who sends a few words is heard meanwhile. What a sender says that they will send is what counts.
_MOST_AT_ONCE: Final = 64_000_000
_SHORT: Final = 16_000

#: When who finds no room may come again.
_AGAIN_S: Final = 10


class _InHand:
    """Of what is read in this process."""

    bytes = 0


@contextmanager
def _room(size: int) -> Iterator[None]:
    if size <= _SHORT:
        yield
        return
    if _InHand.bytes + size > _MOST_AT_ONCE:
        raise Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Too much is being sent at the same time; nothing was done: send it again.",
            {"Retry-After": str(_AGAIN_S), "Connection": "close"},
        )
    _InHand.bytes += size
    try:
        yield
    finally:
        _InHand.bytes -= size


async def read_body(req: Any, most: int, what: str) -> bytes:
    """
    The bytes of the body, at most *most* of them; *what* is what a sender whose body is longer is told to do. Whoever came in
    by `callers.enter` is looked at again when it is there: that counts, and not what they could when they began to send.

    Raises:
        Problem: it is longer, encoded, cut off, or takes too long; or who sends it may not come in any more.
    """
    too_long = Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"The body has to have at most {most // 1000} kB; it has more: {what}.",
        {"Connection": "close"},
    )
    if (req.content_length or 0) > most:
        raise too_long
    if req.headers_lower.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body has to be sent as it is, without Content-Encoding.")
    try:
        with _room(most if req.content_length is None else req.content_length):
            async with asyncio.timeout(_WITHIN_S):
                body = bytes(await req.stream.read(most + 1))
    except TimeoutError:
        raise Problem(
            HTTPStatus.REQUEST_TIMEOUT,
            f"The body has to be here within {_WITHIN_S:.0f} s; it is not.",
            {"Connection": "close"},
        ) from None
    if len(body) > most:
        raise too_long
    if len(body) < (req.content_length or 0):
        raise Problem(HTTPStatus.BAD_REQUEST, "The body ends before its length is reached; nothing was done.")
    see_again = getattr(req.context, "see_again", None)
    if see_again is not None:
        await see_again()
    return body
