"""What came back: a reply as the ledger keeps it, or which error the service's "no" is, by what cures that."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from director.claude.limits import left_of, retry_after
from director.money.prices import Usage
from director.words.characters import without_controls
from director.words.errors import LimitReached, ModelAway, ModelRefused
from director.words.limits import Left
from director.words.redaction import blank, distinctive, find

if TYPE_CHECKING:
    from anthropic import APIStatusError
    from httpx2 import Response

    from director.prompting.request import Request

#: More than any model reads or writes; what the ledger computes from it fits into its columns.
_MOST_TOKENS: Final = 10**9

#: What the ledger has room for of a reason to stop and of a request's id.
_LONGEST_WORD: Final = 64

#: What a model is called that does not say its name.
_UNNAMED: Final = "unnamed"

#: Of an answer that is no message, what is looked at, bytes, and what of that a person is shown, characters.
_LOOKED_AT: Final = 4_000
_SHOWN: Final = 60

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


#: Why a model stops that ran out of room before it was done, and one that will not answer.
CUT_OFF: Final = frozenset({"max_tokens", "model_context_window_exceeded"})
REFUSAL: Final = "refusal"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, and what it used."""

    text: str  #: without secrets
    model: str  #: who answered, by its own word
    stop_reason: str
    usage: Usage
    request_id: str | None
    removed: tuple[str, ...] = ()  #: the kinds of secrets that were taken out of the text
    left: tuple[Left, ...] = ()  #: what it said of the service's limits


def reply_of(message: Any, headers: Mapping[str, str], request: "Request", own: tuple[str, ...]) -> Reply:
    """What is kept of *message*, which came with *headers*; whatever it raises means that it is none."""
    request_id = headers.get("request-id")
    # What names nobody is no reason to throw away what was paid.
    named = message.model if isinstance(message.model, str) else ""
    said = _storable("".join(block.text for block in message.content if block.type == "text"))
    text = _without_secrets(said, request, own)
    return Reply(
        text=text,
        model=" ".join(heard(named, own).split())[:_LONGEST_WORD] or _UNNAMED,
        removed=find(text) if text != said else (),
        stop_reason=heard(message.stop_reason or "", own)[:_LONGEST_WORD],
        usage=_usage(message.usage),
        request_id=request_id and heard(request_id, own)[:_LONGEST_WORD],
        left=left_of(headers, datetime.now(UTC)),
    )


async def error_in(answer: "Response", request: "Request", own: tuple[str, ...]) -> ModelAway | ModelRefused:
    """What a 200 means that brought no message: the error that stands in it, else that somebody else answers there."""
    return await _no_in(answer, request, own) or _no_message(answer, own)


def error_of(problem: "APIStatusError", request: "Request", own: tuple[str, ...]) -> ModelAway | ModelRefused:
    """What an answer means whose status is none of a message's."""
    words = words_of(problem.body) or problem.message
    return _no(problem.status_code, words, problem.response, request, own)


def key_refused(host: str, status: int, said: str) -> str:
    """The sentence about a key that nobody is let in with."""
    return (
        f"ANTHROPIC_API_KEY was refused by {host} ({status}): {said}. "
        "Put a valid key into the environment or .env, or take it out to rehearse."
    )


def heard(text: str, own: tuple[str, ...]) -> str:
    """What somebody else said, as it may be kept and shown; before it is cut, or half a key would be no key any more."""
    return blank(_storable(text), own)


def _without_secrets(said: str, request: "Request", own: tuple[str, ...]) -> str:
    from director.prompting.forms import in_strings  # noqa: PLC0415 - as in client.py

    # Of ours only what is no ordinary word: people read this. Within a form escapes may hide one.
    def clean(text: str) -> str:
        return blank(without_controls(text), distinctive(own))

    return clean(said) if request.form is None else in_strings(said, clean)


def _usage(said: Any) -> Usage:
    written = _tokens(said.cache_creation_input_tokens or 0)
    # Other servers that speak the Messages API leave out how long it is kept.
    for_an_hour = _tokens(getattr(said.cache_creation, "ephemeral_1h_input_tokens", None) or 0)
    for_an_hour = min(for_an_hour, written)
    return Usage(
        input=_tokens(said.input_tokens),
        output=_tokens(said.output_tokens),
        cache_write=written - for_an_hour,
        cache_read=_tokens(said.cache_read_input_tokens or 0),
        cache_write_1h=for_an_hour,
    )


def _tokens(count: Any) -> int:
    # The SDK passes on whatever stands there, and money is computed from it.
    if not isinstance(count, int) or not 0 <= count <= _MOST_TOKENS:
        raise ValueError(f"{count!r} is no number of tokens")
    return count


def _no_message(answer: "Response", own: tuple[str, ...]) -> ModelAway:
    kind = heard(answer.headers.get("content-type", "no type"), own)
    start = heard(answer.content[:_LOOKED_AT].decode(errors="replace"), own)[:_SHOWN]
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
                return _no(status, words_of(document) or str(kind or "no reason"), answer, request, own, begun=begun)
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
    host, now = answer.url.host, datetime.now(UTC)
    said = " ".join(heard(words, own).split())[:300].rstrip(".") + (", after its answer had begun" if begun else "")
    match status:
        case 401 | 403:
            refused = key_refused(host, status, said)
        case 402:
            refused = f"The model service wants payment before it answers (402 from {host}): {said}."
        case 404 | 405:
            refused = (
                f"{host} has no {heard(answer.url.path, own)}, or no model {request.model} ({status}): {said}. "
                "Set ANTHROPIC_BASE_URL to what stands before /v1/messages, or MODEL to one it has."
            )
        case status if status in (408, 409, 429) or status >= 500 or status < 400:
            busy, after = f"The model service is busy ({status}): {said}.", retry_after(answer.headers, now)
            if status == 429:
                left = left_of(answer.headers, now)
                return LimitReached(busy, model=request.model, left=left, retry_after=after, may_be_paid=begun)
            return ModelAway(busy, retry_after=after, may_be_paid=begun)
        case status:
            refused = f"The model service refused the request ({status} from {host}): {said}."
    return ModelRefused(refused, may_be_paid=begun)


def words_of(document: object) -> str:
    """What a document that says no has to say to people; empty where that is not known."""
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
