"""
Asking Claude: one request, one answer, every failure named.

The domain is synchronous; the request itself runs on this process's event loop, where a time limit, a shutdown or a
person's cancel ends it at once (a thread that waits in a socket cannot be ended).
"""

import asyncio
import threading
from concurrent.futures import CancelledError, Future
from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from director.claude import environment, replies
from director.claude.replies import Reply
from director.words.errors import STOPPING, Interrupted, ModelAway
from director.words.models import Claim
from director.words.own_secrets import own_secrets
from director.words.settings import Settings

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic
    from httpx2 import Response

    from director.prompting.request import Request

_CONNECT_TIMEOUT_S: Final = 5.0

#: How long the words of a "no" are waited for; its status has said what counts.
_REST_OF_A_NO_S: Final = 5.0


class Claude:
    """
    The Messages API, or the rehearsal of it: the same SDK either way.

    Opens at the first request (the SDK takes 0.85 s to import; `warm` does it beforehand). Safe to share between threads.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._own = own_secrets(settings)
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: AsyncAnthropic | None = None
        self._in_flight: dict[Claim, Future[Reply]] = {}
        self._shut = False

    @property
    def rehearses(self) -> bool:
        """Whether the answers come from the built-in model."""
        return self._settings.rehearses

    @property
    def service(self) -> str:
        """Who answers, for the record: what one of them does says nothing about the other."""
        return "rehearsal" if self.rehearses else "claude"

    def warm(self) -> None:
        """
        Import the SDK, open the client and play one exchange in memory, now rather than at the first request: the SDK builds
        at its first what it keeps for all (a tenth of a call here).
        """
        loop, _ = self._open()
        asyncio.run_coroutine_threadsafe(_exercise(), loop).result()

    def ask(self, request: "Request", *, claim: Claim) -> Reply:
        """
        Send *request* and wait for the answer. No retries: whoever asks decides about them.

        Raises:
            ModelAway: limits, overload, no connection, no answer in time, or one that is no message.
            ModelRefused: the key, the request or the subject.
            Interrupted: `interrupt` was called for this holder.
        """
        if self._shut:
            raise Interrupted(STOPPING, may_be_paid=False)
        loop, client = self._open()
        future = asyncio.run_coroutine_threadsafe(_ask(client, request, self._settings.call_timeout, self._own), loop)
        self._in_flight[claim] = future
        try:
            return future.result()
        except CancelledError:
            raise Interrupted("The call was ended before its answer came.") from None
        finally:
            self._in_flight.pop(claim, None)

    def in_flight(self) -> set[Claim]:
        """Whose requests are on the wire now."""
        return set(self._in_flight)

    def interrupt(self, claims: set[Claim]) -> None:
        """End the requests of these holders, who get Interrupted."""
        for claim in claims:
            future = self._in_flight.get(claim)
            if future is not None:
                future.cancel()

    def shut(self) -> None:
        """End every request on the wire and begin no other: this process is stopping."""
        self._shut = True
        self.interrupt(self.in_flight())

    def close(self) -> None:
        """End what is on the wire and close the connections."""
        with self._lock:
            self.interrupt(self.in_flight())
            if self._loop is not None and self._client is not None:
                asyncio.run_coroutine_threadsafe(self._client.close(), self._loop).result()
                self._loop.call_soon_threadsafe(self._loop.stop)
            self._loop = self._client = None

    def _open(self) -> "tuple[asyncio.AbstractEventLoop, AsyncAnthropic]":
        with self._lock:
            if self._loop is None or self._client is None:
                self._loop = asyncio.new_event_loop()
                # A daemon, so that a process that is told to end does not wait for an answer.
                threading.Thread(target=_run, args=(self._loop,), name="requests", daemon=True).start()
                self._client = asyncio.run_coroutine_threadsafe(_client(self._settings), self._loop).result()
            return self._loop, self._client


def _run(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()


async def _client(settings: Settings) -> "AsyncAnthropic":
    from anthropic import AsyncAnthropic, DefaultAsyncHttpxClient  # noqa: PLC0415 - the SDK takes 0.85 s to import, and most commands ask nothing
    from anthropic.resources import messages  # noqa: F401, PLC0415 - else the first request pays for this import

    if settings.rehearses:
        from director.claude.rehearsal.service import Rehearsal, Script  # noqa: PLC0415 - as above
        from director.claude.rehearsal.transport import RehearsalTransport  # noqa: PLC0415 - as above

        transport = RehearsalTransport(Rehearsal(Script.parse(settings.rehearsal)))
        return AsyncAnthropic(
            api_key="rehearsal",
            # An address nobody can answer at, should the transport ever be bypassed.
            base_url="http://rehearsal.invalid",
            http_client=DefaultAsyncHttpxClient(transport=transport, trust_env=False),
            max_retries=0,
        )
    return AsyncAnthropic(
        # Other servers that speak the Messages API often want none; the SDK insists on one.
        api_key=settings.anthropic_api_key or "none",
        base_url=settings.anthropic_base_url,
        http_client=DefaultAsyncHttpxClient(event_hooks={"response": [_read_whole]}),
        max_retries=0,
    )


async def _read_whole(answer: "Response") -> None:
    """
    Read *answer* before the SDK does, for which one that cannot be read says nothing: a "no" is one also where its words are
    cut off, and words that are not packed as their header says are taken as they came.
    """
    import httpx2  # noqa: PLC0415 - as above

    said_no = answer.status_code >= 400
    stream = cast("httpx2.AsyncByteStream", answer.stream)
    came = bytearray()
    try:
        # Closed also when time is up, or the connection would not be given back.
        async with aclosing(stream), asyncio.timeout(_REST_OF_A_NO_S if said_no else None):
            async for part in stream:
                came += part
    except (httpx2.TransportError, TimeoutError):
        if not said_no:
            raise
    if "content-encoding" in answer.headers:
        try:
            httpx2.Response(200, headers=answer.headers, content=bytes(came))
        except httpx2.DecodingError:
            del answer.headers["content-encoding"]
    answer.stream = httpx2.ByteStream(bytes(came))


async def _exercise() -> None:
    import httpx2  # noqa: PLC0415 - as above
    from anthropic import AsyncAnthropic  # noqa: PLC0415 - as above

    from director.prompting.request import Block, Request  # noqa: PLC0415 - as above

    answer = {
        "id": "msg_0", "type": "message", "role": "assistant", "model": "none", "content": [{"type": "text", "text": ""}],
        "stop_reason": "end_turn", "stop_sequence": None, "usage": {"input_tokens": 0, "output_tokens": 0},
    }  # fmt: skip
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(200, json=answer))
    nowhere = httpx2.AsyncClient(transport=transport, trust_env=False)
    async with AsyncAnthropic(api_key="none", base_url="http://nowhere.invalid", http_client=nowhere) as client:
        words = Block(("",))
        await _ask(client, Request("warm", "none", "low", 1, (words,), words), timedelta(seconds=5))


async def _ask(client: "AsyncAnthropic", request: "Request", limit: timedelta, own: tuple[str, ...] = ()) -> Reply:
    import anthropic  # noqa: PLC0415 - as above
    import httpx2  # noqa: PLC0415 - as above

    timeout = httpx2.Timeout(limit.total_seconds(), connect=_CONNECT_TIMEOUT_S)
    try:
        async with asyncio.timeout(limit.total_seconds()):
            raw = await client.messages.with_raw_response.create(**request.body(), timeout=timeout)
            answer = raw.http_response
            try:
                return replies.reply_of(await raw.parse(), raw.headers, request, own)
            except Exception as problem:
                # A proxy's page, a document cut off: the SDK checks little of a 200, so it fails wherever it is first used.
                raise await replies.error_in(answer, request, own) from problem
    except anthropic.APIStatusError as problem:
        raise replies.error_of(problem, request, own) from problem
    except (TimeoutError, anthropic.APITimeoutError) as problem:
        connected = not isinstance(problem.__cause__, httpx2.ConnectTimeout | httpx2.PoolTimeout)
        message = f"The model service did not answer within {limit.total_seconds():.0f} s."
        raise ModelAway(message, may_be_paid=connected) from problem
    except anthropic.APIConnectionError as problem:
        cause = problem.__cause__
        said = replies.heard(str(cause or problem), own).strip().rstrip(".") or type(cause).__name__
        message = f"The model service cannot be reached{environment.proxy_of(str(problem.request.url))}: {said}."
        # Of these the request was never sent, or was only ever sent on.
        unsent = httpx2.ConnectError | httpx2.ProxyError | httpx2.LocalProtocolError | httpx2.UnsupportedProtocol
        unanswered = unsent | httpx2.TooManyRedirects
        raise ModelAway(message, may_be_paid=not isinstance(cause, unanswered)) from problem
