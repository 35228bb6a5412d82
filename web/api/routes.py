"""From operations to addresses: who may come in, what they sent, and what an error of a use case is answered as."""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any, Final, NoReturn

import falcon
from pydantic import BaseModel, ValidationError

from director.access.once import AnotherRequest, Once
from director.access.roles import Caller, Right
from director.office import Office
from director.words.errors import (
    AnsweredBefore,
    CannotChange,
    ChangedSince,
    DirectorError,
    NotAllowed,
    NotFound,
    StoreError,
    WrongCall,
    WrongField,
)
from director.words.json_values import has_nul
from web.api.operations import IDENTS, ROOT, Answered, Asked, Operation, SeenBefore
from web.bodies import read_body
from web.callers import enter
from web.problems import NUL, Problem

_log = logging.getLogger(__name__)

#: What a body may have: the longest text there is has 16,000 characters, each of which JSON may write with twelve bytes.
MOST_BYTES: Final = 256_000

#: Names in a body, all together. For each that a model does not know pydantic makes an error before it says one word: 105,000
#: of them in a megabyte kept everybody waiting for 2.9 s. To count them in the longest body takes about 10 ms.
MOST_NAMES: Final = 1_000

#: When who is told that the record is away may come again.
_AGAIN_S: Final = 5

_IDENTS: Final = {name: re.compile(pattern, re.ASCII) for name, pattern in IDENTS.items()}
_KEY: Final = re.compile(r"[!-~]{1,200}")
_ETAG: Final = re.compile(r'(W/)?"([!#-~]{0,100})"')

#: What is wrong with a use case's call, and the status that says so; the first that fits.
_STATUSES: Final[tuple[tuple[type[DirectorError], HTTPStatus], ...]] = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (ChangedSince, HTTPStatus.PRECONDITION_FAILED),
    (AnsweredBefore, HTTPStatus.CONFLICT),
    (CannotChange, HTTPStatus.CONFLICT),
    (AnotherRequest, HTTPStatus.CONFLICT),
)

#: What is wrong with a field, where pydantic says it for who wrote the model.
_SAID: Final = {"missing": "It is missing.", "extra_forbidden": "There is no such field."}

Respond = Callable[..., Awaitable[None]]


class Resource:
    """An address: its operations, by method, and the right that each needs."""

    def __init__(self, opening: Callable[[], Office], operations: Iterable[Operation]) -> None:
        self._opening = opening
        self.operations: Mapping[str, Operation] = {one.method: one for one in operations}
        self.rights: Mapping[str, Right] = {method: one.right for method, one in self.operations.items()}
        if "GET" in self.operations:
            self.rights = {**self.rights, "HEAD": self.rights["GET"]}
        for method in self.rights:
            setattr(self, f"on_{method.lower()}", self._responder("GET" if method == "HEAD" else method))

    def _responder(self, method: str) -> Respond:
        operation = self.operations[method]

        async def respond(req: Any, resp: Any, **path: str) -> None:
            entered = await enter(req, self._opening, operation.right)
            asked = await _asked(req, operation, path)
            answered = await asyncio.to_thread(_done, operation, entered.office, entered.caller, asked)
            _write(resp, operation.status, answered)

        return respond


def add_operations(app: Any, opening: Callable[[], Office], operations: Iterable[Operation]) -> None:
    """Give *app* the addresses of the operations."""
    by_path: dict[str, list[Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, []).append(operation)
    for path, here in by_path.items():
        app.add_route(ROOT + path, Resource(opening, here))


async def _asked(req: Any, operation: Operation, path: Mapping[str, str]) -> Asked:
    see_path(path)
    query = _valid(operation.query, partial(operation.query.model_validate, req.params))
    body = await _body(req, operation)
    return Asked(path, query, body, _version(req, operation), _once(req, operation, path, body))


def see_path(path: Mapping[str, str]) -> None:
    """See that each part of an address can be what it stands for."""
    for name, said in path.items():
        if not _IDENTS[name].fullmatch(said):
            raise Problem(HTTPStatus.NOT_FOUND, f"There is no {name} {said[:40]!r}.")


async def _body(req: Any, operation: Operation) -> BaseModel | None:
    if operation.method == "GET":
        return None
    raw = await read_body(req, MOST_BYTES, "send what is asked for")
    if operation.body is None:
        if raw.strip() not in (b"", b"{}"):
            raise Problem(HTTPStatus.BAD_REQUEST, "Nothing is to be sent here; a body came: leave it out.")
        return None
    media, _, parameters = (req.content_type or "").partition(";")
    name, _, charset = parameters.strip().rstrip(";").partition("=")
    is_utf8 = (name.strip().lower(), charset.strip().strip('"').lower()) in (("", ""), ("charset", "utf-8"))
    if media.strip().lower() != falcon.MEDIA_JSON or not is_utf8:
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "The body has to be JSON in UTF-8, and Content-Type has to say application/json.",
        )
    _see_names(raw)
    body = _valid(operation.body, partial(operation.body.model_validate_json, raw))
    if b"\\u0000" in raw:
        _see_text(body)
    return body


def _see_text(body: BaseModel) -> None:
    """See that no text of it has what no database takes."""
    sentence = f"It has {NUL}: take it out."
    errors = [(name, sentence) for name, said in body.model_dump().items() if has_nul(said)]
    if errors:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{errors[0][0]}: {sentence}", errors=errors)


def _see_names(raw: bytes) -> None:
    """See that a body has no more names than anybody needs. What is no JSON is told so by who reads it."""
    found = 0

    def count(pairs: list[tuple[str, Any]]) -> None:
        nonlocal found
        found += len(pairs)

    with suppress(ValueError, RecursionError):
        json.loads(raw, object_pairs_hook=count)
    if found > MOST_NAMES:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"The body has to have at most {MOST_NAMES} names in it; it has {found}: send what is asked for.",
        )


def _valid(model: type[BaseModel], validate: Callable[[], BaseModel]) -> BaseModel:
    try:
        return validate()
    except ValidationError as problem:
        found = problem.errors(include_url=False, include_context=False, include_input=False)
    if any(one["type"] == "json_invalid" for one in found):
        raise Problem(HTTPStatus.BAD_REQUEST, f"The body has to be JSON; it is none: {_said(found[0]['msg'])}")
    errors = [
        (".".join(map(str, one["loc"]))[:100] or "body", _SAID.get(one["type"]) or _said(one["msg"]))
        for one in found[:50]
    ]
    known = ", ".join(model.model_fields) or "none"
    raise Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        f"{errors[0][0]}: {errors[0][1]} The fields here are: {known}.",
        errors=errors,
    )


def _said(message: str) -> str:
    return f"{message.removeprefix('Invalid JSON: ')[:300].rstrip('.')}."


def _version(req: Any, operation: Operation) -> str | None:
    said = None if operation.seen is SeenBefore.NEVER else req.get_header("If-Match")
    if said is None or said.strip() == "*":
        if operation.seen is SeenBefore.ALWAYS:
            raise Problem(
                HTTPStatus.PRECONDITION_REQUIRED,
                "If-Match has to name the version that was seen, as ETag had it: else what is asked for could be done to "
                "something that nobody has seen.",
            )
        return None
    read = _ETAG.fullmatch(said.strip())
    if read is None:
        raise Problem(HTTPStatus.BAD_REQUEST, "If-Match has to be one version in quotation marks, as ETag had it.")
    return f"{read[1] or ''}{read[2]}"


def _once(req: Any, operation: Operation, path: Mapping[str, str], body: BaseModel | None) -> Once | None:
    key = req.get_header("Idempotency-Key") if operation.once else None
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise Problem(
            HTTPStatus.BAD_REQUEST,
            "Idempotency-Key has to have 1 to 200 characters from ! to ~, such as a UUID; it has not.",
        )
    said = "" if body is None else body.model_dump_json()
    return Once.of(key, operation.method, operation.path.format(**path), said)


def _done(operation: Operation, office: Office, caller: Caller, asked: Asked) -> Answered:
    try:
        return operation.do(office, caller, asked)
    except DirectorError as problem:
        _refuse(operation, problem)


def _refuse(operation: Operation, problem: DirectorError) -> NoReturn:
    for kind, status in _STATUSES:
        if isinstance(problem, kind):
            raise Problem(status, str(problem)) from problem
    if isinstance(problem, WrongField):
        errors = [(_as_sent(operation, problem.field), str(problem))]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(problem), errors=errors) from problem
    if isinstance(problem, WrongCall):
        raise Problem(operation.wrong, str(problem)) from problem
    _log.warning("%s could not be done: %s", operation.name, problem)
    said = (
        "The record cannot be used now, and nothing was done: ask again."
        if isinstance(problem, StoreError)
        else "Something of this installation has to be mended first; `doctor` on its machine says what. Nothing was done."
    )
    raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, said, {"Retry-After": str(_AGAIN_S)}) from problem


def _as_sent(operation: Operation, field: str) -> str:
    """What the body calls a field: a use case knows nothing of the unit behind its name."""
    known = () if operation.body is None else operation.body.model_fields
    return next((name for name in known if field in (name, name.removesuffix("_usd"))), field)


def _write(resp: Any, status: HTTPStatus, answered: Answered) -> None:
    resp.status = status.value
    resp.content_type = falcon.MEDIA_JSON
    resp.data = json.dumps(answered.document).encode()
    if answered.version is not None:
        resp.set_header("ETag", f'"{answered.version}"')
    if answered.location is not None:
        resp.set_header("Location", ROOT + answered.location)
