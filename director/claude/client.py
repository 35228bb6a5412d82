"""
Asking Claude: one request, one answer, every failure named.

The domain is synchronous; the request itself runs on this process's event loop, where a time limit, a shutdown or a
person's cancel ends it at once (a thread that waits in a socket cannot be ended).
"""

import asyncio
import json
import logging
import threading
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, cast

from director.claude import environment
from director.money.prices import Usage
from director.words.characters import without_controls
from director.words.errors import STOPPING, Interrupted, ModelAway, ModelRefused
from director.words.models import Claim
from director.words.redaction import blank, distinctive, find
from director.words.settings import Settings

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic
    from httpx2 import Response

    from director.prompting.request import Request

_log = logging.getLogger(__name__)

_CONNECT_TIMEOUT_S: Final = 5.0

#: More than any model reads or writes; what the ledger computes from it fits into its columns.
_MOST_TOKENS: Final = 10**9

#: What the ledger has room for of a reason to stop and of a request's id.
_LONGEST_WORD: Final = 64

#: What a model is called that does not say its name.
UNNAMED: Final = "unnamed"

#: Of an answer that is no message, what is looked at, bytes, and what of that a person is shown, characters.
_LOOKED_AT: Final = 4_000
_SHOWN: Final = 60

#: How long the words of a "no" are waited for; its status has said what counts.
_REST_OF_A_NO_S: Final = 5.0

#: The status each type of error stands for, where the status it came with is that of an answer. One that is not here is the
#: service's own fault, as `api_error` is.
_STATUSES: Final[Mapping[str, int]] = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "conflict_error": 409,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, and what it used."""

    text: str  #: without secrets
    model: str  #: who answered, by its own word
    stop_reason: str
    usage: Usage
    request_id: str | None
    removed: tuple[str, ...] = ()  #: the kinds of secrets that were taken out of the text


class Claude:
    """
    The Messages API, or the rehearsal of it: the same SDK either way.

    Opens at the first request (the SDK takes 0.85 s to import; `warm` does it beforehand). Safe to share between threads.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._own = environment.own_secrets(settings)
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
    from anthropic import AsyncAnthropic, DefaultAsyncHttpxClient  # noqa: PLC0415 - as above
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
                return _reply(await raw.parse(), raw.headers.get("request-id"), request, own)
            except Exception as problem:
                # A proxy's page, a document cut off: the SDK checks little of a 200, so it fails wherever it is first used.
                raise (await _no_in(answer, request, own) or _no_message(answer, own)) from problem
    except anthropic.APIStatusError as problem:
        raise _no(
            problem.status_code, _words(problem.body) or problem.message, problem.response, request, own
        ) from problem
    except (TimeoutError, anthropic.APITimeoutError) as problem:
        connected = not isinstance(problem.__cause__, httpx2.ConnectTimeout | httpx2.PoolTimeout)
        message = f"The model service did not answer within {limit.total_seconds():.0f} s."
        raise ModelAway(message, may_be_paid=connected) from problem
    except anthropic.APIConnectionError as problem:
        cause = problem.__cause__
        said = _heard(str(cause or problem), own).strip().rstrip(".") or type(cause).__name__
        message = f"The model service cannot be reached{environment.proxy_of(str(problem.request.url))}: {said}."
        # Of these the request was never sent, or was only ever sent on.
        unsent = httpx2.ConnectError | httpx2.ProxyError | httpx2.LocalProtocolError | httpx2.UnsupportedProtocol
        unanswered = unsent | httpx2.TooManyRedirects
        raise ModelAway(message, may_be_paid=not isinstance(cause, unanswered)) from problem


def _reply(message: Any, request_id: str | None, request: "Request", own: tuple[str, ...]) -> Reply:
    """What the ledger keeps of *message*; whatever it raises means that it is none."""
    usage = message.usage
    # What names nobody is no reason to throw away what was paid.
    named = message.model if isinstance(message.model, str) else ""
    said = _storable("".join(block.text for block in message.content if block.type == "text"))
    text = _without_secrets(said, request, own)
    return Reply(
        text=text,
        model=" ".join(_heard(named, own).split())[:_LONGEST_WORD] or UNNAMED,
        removed=find(text) if text != said else (),
        stop_reason=_heard(message.stop_reason or "", own)[:_LONGEST_WORD],
        usage=Usage(
            input=_tokens(usage.input_tokens),
            output=_tokens(usage.output_tokens),
            cache_write=_tokens(usage.cache_creation_input_tokens or 0),
            cache_read=_tokens(usage.cache_read_input_tokens or 0),
        ),
        request_id=request_id and _heard(request_id, own)[:_LONGEST_WORD],
    )


def _without_secrets(said: str, request: "Request", own: tuple[str, ...]) -> str:
    from director.prompting.forms import in_strings  # noqa: PLC0415 - as above

    # Of ours only what is no ordinary word: people read this. Within a form escapes may hide one.
    def clean(text: str) -> str:
        return blank(without_controls(text), distinctive(own))

    return clean(said) if request.form is None else in_strings(said, clean)


def _tokens(count: Any) -> int:
    # The SDK passes on whatever stands there, and money is computed from it.
    if not isinstance(count, int) or not 0 <= count <= _MOST_TOKENS:
        raise ValueError(f"{count!r} is no number of tokens")
    return count


def _no_message(answer: "Response", own: tuple[str, ...]) -> ModelAway:
    kind = _heard(answer.headers.get("content-type", "no type"), own)
    start = _heard(answer.content[:_LOOKED_AT].decode(errors="replace"), own)[:_SHOWN]
    return ModelAway(
        f"The model service answered with something that is no message ({answer.status_code} from {answer.url.host}, "
        f"{kind}: {start!r}): see who answers there (ANTHROPIC_BASE_URL).",
        # A page is somebody else's, and nobody is paid for it; a document may be a message that was cut off.
        may_be_paid="html" not in kind,
    )


async def _no_in(answer: "Response", request: "Request", own: tuple[str, ...]) -> ModelAway | ModelRefused | None:
    """
    The error a 200 brings instead of a message, as a document or as an event of a stream; None where it brings none.

    Nobody pays for it, unless the message had begun: nobody knows whether what was written by then is billed.
    """
    begun = False
    for document in await _documents(answer):
        match document:
            case {"type": "message_start"}:
                begun = True
            case {"type": "error"} | {"object": "error"} | {"error": {"message": _} | str()} | {"detail": str()}:
                kind = error.get("type") if isinstance(error := document.get("error"), dict) else None
                status = _STATUSES.get(kind, 500) if isinstance(kind, str) else 500
                return _no(status, _words(document) or str(kind or "no reason"), answer, request, own, begun=begun)
    return None


async def _documents(answer: "Response") -> list[Any]:
    import httpx2  # noqa: PLC0415 - as above
    from anthropic import AsyncStream  # noqa: PLC0415 - as above

    try:
        document = json.loads(answer.content)
    except (ValueError, RecursionError):
        pass
    else:
        return document if isinstance(document, list) else [document]
    found = []
    # Who says no and hangs up may leave out the empty line that ends an event.
    whole = httpx2.Response(answer.status_code, content=answer.content + b"\n\n")
    async for event in AsyncStream.raw_events(whole):
        try:
            found.append(event.json())
        except (ValueError, RecursionError):
            continue
    return found


def _storable(text: str) -> str:
    # Without what no database keeps, no file can hold and a terminal would obey: NUL, halves of characters, ESC.
    return without_controls(text).encode("utf-8", "replace").decode()


def _heard(text: str, own: tuple[str, ...]) -> str:
    """What somebody else said, as it may be kept and shown; before it is cut, or half a key would be no key any more."""
    return blank(_storable(text), own)


def _no(
    status: int,
    words: str,
    answer: "Response",
    request: "Request",
    own: tuple[str, ...],
    *,
    begun: bool = False,
) -> ModelAway | ModelRefused:
    """
    The service's "no" by what cures it (facts: 408, 409, 429 and 5xx pass by themselves). Nobody pays for it, unless an answer
    had *begun*.
    """
    host = answer.url.host
    said = " ".join(_heard(words, own).split())[:300].rstrip(".") + (", after its answer had begun" if begun else "")
    match status:
        case 401 | 403:
            refused = (
                f"ANTHROPIC_API_KEY was refused by {host} ({status}): {said}. "
                "Put a valid key into the environment or .env, or take it out to rehearse."
            )
        case 402:
            refused = f"The model service wants payment before it answers (402 from {host}): {said}."
        case 404 | 405:
            refused = (
                f"{host} has no {_heard(answer.url.path, own)}, or no model {request.model} ({status}): {said}. "
                "Set ANTHROPIC_BASE_URL to what stands before /v1/messages, or MODEL to one it has."
            )
        case status if status in (408, 409, 429) or status >= 500 or status < 400:
            busy = f"The model service is busy ({status}): {said}."
            return ModelAway(busy, retry_after=_retry_after(answer), may_be_paid=begun)
        case status:
            refused = f"The model service refused the request ({status} from {host}): {said}."
    return ModelRefused(refused, may_be_paid=begun)


def _words(document: object) -> str:
    # The SDK's message repeats the whole document; people want the sentence in it.
    match document:
        case (
            {"error": {"message": str(words)}}
            | {"error": str(words)}
            | {"message": str(words)}
            | {"detail": str(words)}
        ):
            return words
    return ""


def _retry_after(answer: "Response") -> timedelta | None:
    given = answer.headers.get("retry-after", "")
    try:
        return timedelta(seconds=max(0.0, float(given)))
    except OverflowError:
        return timedelta.max
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(given)
    except (ValueError, OverflowError):
        return None
    # "-0000" says that it is UTC, and comes without a zone.
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(timedelta(0), until - datetime.now(UTC))
