"""`/openapi.json`: the interface described from its operations, as OpenAPI 3.1."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Final

import falcon
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from director.access.roles import Right
from director.office import Office
from web.api.operations import IDENTS, ROOT, Document, Nothing, Operation, SeenBefore
from web.callers import enter

_REFERENCE: Final = "#/components/schemas/{model}"

#: What may be answered to anything, and why.
_EVERYWHERE: Final[Mapping[HTTPStatus, str]] = {
    HTTPStatus.BAD_REQUEST: "What is asked for is no text, a header is wrong, or the body is no JSON.",
    HTTPStatus.UNAUTHORIZED: "Nobody is known by this token.",
    HTTPStatus.FORBIDDEN: "Whoever asks may not do this.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "A value is wrong; `errors` says which and why.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too much was asked; Retry-After says when to ask again.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The record, or something else, cannot be used now; nothing was done.",
}
_WITH_A_BODY: Final[Mapping[HTTPStatus, str]] = {
    HTTPStatus.REQUEST_TIMEOUT: "The body did not come in time.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too long.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is no JSON in UTF-8.",
}
_SEEN: Final[Mapping[HTTPStatus, str]] = {
    HTTPStatus.BAD_REQUEST: "If-Match is no version.",
    HTTPStatus.PRECONDITION_FAILED: "It is not any more as it was seen; nothing was done.",
}


class FieldError(Document):
    """What is wrong with one field."""

    field: str
    detail: str


class ProblemDetails(Document):
    """An answer that is no success (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = Field(description="A sentence: what was expected, what came, what to do.")
    errors: list[FieldError] | None = None


class Description:
    """GET: the description, for whoever may read."""

    def __init__(self, opening: Callable[[], Office], operations: Sequence[Operation]) -> None:
        self._opening = opening
        self._operations = operations
        self.rights: Mapping[str, Right] = {"GET": Right.READ, "HEAD": Right.READ}

    @cached_property
    def _written(self) -> bytes:
        return json.dumps(describe(self._operations)).encode()

    async def on_get(self, req: Any, resp: Any) -> None:
        """200 with the document."""
        await enter(req, self._opening, Right.READ)
        resp.content_type, resp.data = falcon.MEDIA_JSON, self._written

    on_head = on_get


def describe(operations: Iterable[Operation]) -> dict[str, Any]:
    """The description of the operations, and of the streams."""
    operations = list(operations)
    answers: list[type[BaseModel]] = [ProblemDetails, *(one.answer for one in operations)]
    bodies = [one.body for one in operations if one.body is not None]
    wanted = [(model, "serialization") for model in answers] + [(model, "validation") for model in bodies]
    names, schemas = models_json_schema(list(dict.fromkeys(wanted)), ref_template=_REFERENCE)  # type: ignore[arg-type]
    references: dict[Any, Any] = {model: schema for (model, _), schema in names.items()}
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(ROOT + one.path, {})[one.method.lower()] = _operation(one, references)
    for path in ("/stream", "/goals/{goal}/stream"):
        paths[ROOT + path] = {"get": _stream(path)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Troupe",
            "version": version("troupe"),
            "description": "A self-operating marketing team: give it goals, read what it wrote, answer its questions.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}, {}],
    }


def _operation(one: Operation, references: Mapping[type[BaseModel], Any]) -> dict[str, Any]:
    parameters = [*_of_path(one.path), *_of_query(one)]
    refusals = {status: status.phrase for status in one.refusals} | dict(_EVERYWHERE)
    headers: dict[str, Any] = {}
    if "{" in one.path or one.query is not Nothing:
        refusals[HTTPStatus.NOT_FOUND] = "There is nothing of that name."
    if "cursor" in one.query.model_fields:
        refusals[HTTPStatus.BAD_REQUEST] = "The cursor is none of this list."
    if one.method != "GET":
        refusals |= _WITH_A_BODY
    if one.seen is not SeenBefore.NEVER:
        refusals |= _SEEN
        parameters.append(_header("If-Match", "The version that was seen, as ETag has it.", r'^"[!#-~]{1,100}"$'))
        parameters[-1]["required"] = one.seen is SeenBefore.ALWAYS
        refusals[HTTPStatus.CONFLICT] = "It cannot be done as it stands now."
    if one.seen is SeenBefore.ALWAYS:
        refusals[HTTPStatus.PRECONDITION_REQUIRED] = "No version was named in If-Match."
    if one.once:
        said = "The same key with the same body is answered as before, for 24 hours, and makes nothing more."
        parameters.append(_header("Idempotency-Key", said, "^[!-~]{1,200}$"))
        refusals[HTTPStatus.CONFLICT] = "The key was given to another request."
        headers["Location"] = {"description": "Where what was made can be read.", "schema": {"type": "string"}}
    problem = {"application/problem+json": {"schema": references[ProblemDetails]}}
    described: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "description": f"Needs the right `{one.right}`.",
        "tags": [one.path.split("/")[1]],
        "parameters": parameters,
        "responses": {
            str(one.status.value): {
                "description": one.summary,
                "content": {"application/json": {"schema": references[one.answer]}},
                **({"headers": headers} if headers else {}),
            },
            **{str(status.value): {"description": why, "content": problem} for status, why in sorted(refusals.items())},
        },
    }
    if one.body is not None:
        content = {"application/json": {"schema": references[one.body]}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _of_path(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": f"^{pattern}$"}}
        for name, pattern in IDENTS.items()
        if f"{{{name}}}" in path
    ]


def _of_query(one: Operation) -> list[dict[str, Any]]:
    schema = one.query.model_json_schema(ref_template=_REFERENCE)
    described = []
    for name, said in schema.get("properties", {}).items():
        said = _without_null(_resolved(said, schema.get("$defs", {})))  # noqa: PLW2901 - the same, told plainly
        described.append({"name": name, "in": "query", "required": False, "schema": said})
    return described


def _resolved(said: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with what it refers to in its place: parameters have no list of words of their own."""
    if (reference := said.get("$ref")) is not None:
        rest = {key: value for key, value in said.items() if key != "$ref"}
        return {**known[reference.rsplit("/", 1)[1]], **rest}
    if "anyOf" in said:
        return {**said, "anyOf": [_resolved(one, known) for one in said["anyOf"]]}
    return said


def _without_null(said: dict[str, Any]) -> dict[str, Any]:
    """An address cannot say null: what may be left out is left out."""
    several = [one for one in said.get("anyOf", ()) if one.get("type") != "null"]
    if len(several) != 1:
        return said
    rest = {key: value for key, value in said.items() if key not in ("anyOf", "default")}
    return {**several[0], **rest}


def _header(name: str, said: str, pattern: str) -> dict[str, Any]:
    return {
        "name": name, "in": "header", "required": False, "description": said,
        "schema": {"type": "string", "pattern": pattern},
    }  # fmt: skip


def _stream(path: str) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": _REFERENCE.format(model="ProblemDetails")}}}
    statuses = (HTTPStatus.NOT_FOUND, *_EVERYWHERE)
    last = _header("Last-Event-ID", "The id of the last event that came.", "^[0-9]{1,18}$")
    return {
        "operationId": "stream" if path == "/stream" else "stream_of_goal",
        "summary": "Server-sent events: `changed`, with a number as id and the goal's id as data, or `*` for any.",
        "description": "Needs the right `read`. One comes at each connect; what changed has to be read again.",
        "tags": ["stream"],
        "parameters": [*_of_path(path), last],
        "responses": {
            "200": {"description": "The stream.", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
            **{str(status.value): {"description": status.phrase, "content": problem} for status in sorted(statuses)},
        },
    }
