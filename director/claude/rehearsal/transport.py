"""The rehearsal as a transport under the SDK: what a connection does, without one."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx2

from director.claude.rehearsal.script import Trouble
from director.claude.rehearsal.service import Rehearsal, Reply


class RehearsalTransport(httpx2.AsyncBaseTransport):
    """Answers in the process; waiting, cancelling and time limits work as they do on a real connection."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """One exchange."""
        body = await request.aread()
        if request.method != "POST" or not request.url.path.endswith("/v1/messages"):
            reply = self._rehearsal.error(404, f"{request.method} {request.url.path} is not part of the rehearsal")
        else:
            try:
                document = json.loads(body)
            except ValueError:
                document = None
            reply = self._rehearsal.reply(document)
        if reply.fault == "away":
            raise httpx2.ConnectError("the rehearsal is away", request=request)
        await _wait(None if reply.fault is Trouble.HANG else reply.delay_s, request)
        if reply.fault is Trouble.RESET:
            raise httpx2.ReadError("connection reset by the rehearsal", request=request)
        if reply.fault is None:
            self._rehearsal.delivered(reply)
        return httpx2.Response(reply.status, headers=reply.headers, stream=_Stream(reply), request=request)


async def _wait(seconds: float | None, request: httpx2.Request) -> None:
    """Until the answer begins; None is never. The client's own time limit holds, as it would on a socket."""
    limit = request.extensions.get("timeout", {}).get("read")
    if limit is not None and (seconds is None or limit < seconds):
        await asyncio.sleep(limit)
        raise httpx2.ReadTimeout("no answer within the time limit", request=request)
    if seconds is None:
        await asyncio.Event().wait()
    elif seconds > 0:
        await asyncio.sleep(seconds)


class _Stream(httpx2.AsyncByteStream):
    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    async def __aiter__(self) -> AsyncIterator[bytes]:
        body = self._reply.body
        if self._reply.fault is Trouble.CUT_OFF:
            yield body[: len(body) // 2]
            raise httpx2.RemoteProtocolError("the connection ended in the middle of the answer")
        yield body
