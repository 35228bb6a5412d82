"""
Whatever is not answered as asked is a problem (RFC 9457): a sentence for a person, and nothing of how it came to be.

A stack goes into the log and to nobody else.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import falcon
from falcon.asgi import App

from director.words.characters import visible
from director.words.errors import WrongCall
from director.words.redaction import blank

_log = logging.getLogger(__name__)

#: What Falcon itself refuses, in a sentence; the rest has its title.
_SAID: Final[Mapping[HTTPStatus, str]] = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address has to be asked with the method that Allow names.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong that should not; the log has more. Send it again later.",
}


#: What is said of it, wherever it comes.
NUL: Final = "the character U+0000, which is no text"


class Problem(Exception):
    """An answer that is no success: its status, one sentence, and, where single fields are wrong, which and why."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        headers: Mapping[str, str] | None = None,
        *,
        errors: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})
        self.errors = tuple(errors)


def add_problems(app: "App[Any, Any]") -> None:
    """Let *app* answer every error so."""
    app.add_error_handler(Exception, _on_fault)
    app.add_error_handler(falcon.HTTPError, _on_http_error)
    app.add_error_handler(WrongCall, _on_wrong_call)
    app.add_error_handler(Problem, _on_problem)


class OnlyText:
    """What no address can have, and PostgreSQL takes in no text, gets no further; SQLite would only find nothing by it."""

    async def process_request(self, req: Any, resp: Any) -> None:  # noqa: ARG002 - Falcon's signature
        """
        Look at the address.

        Raises:
            Problem: 404, its path has the character; 400, its query.
        """
        if "\0" in req.path:
            raise Problem(HTTPStatus.NOT_FOUND, f"There is nothing at this address: it has {NUL}.")
        if "%00" in req.query_string or "\0" in req.query_string:
            raise Problem(HTTPStatus.BAD_REQUEST, f"What is asked for has {NUL}: take it out.")


async def _on_problem(_req: Any, resp: Any, problem: Problem, _params: Any) -> None:
    _write(resp, problem.status, str(problem), problem.headers, problem.errors)


async def _on_wrong_call(_req: Any, resp: Any, problem: WrongCall, _params: Any) -> None:
    _write(resp, HTTPStatus.BAD_REQUEST, str(problem), {})


async def _on_http_error(_req: Any, resp: Any, problem: falcon.HTTPError, _params: Any) -> None:
    status = HTTPStatus(problem.status_code)
    detail = _SAID.get(status) or f"{problem.title or status.phrase}."
    _write(resp, status, detail, dict(problem.headers or {}))


async def _on_fault(req: Any, resp: Any, problem: Exception, _params: Any) -> None:
    _log.error("Answering %s %s failed", req.method, visible(blank(req.path)[:200]), exc_info=problem)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    _write(resp, status, _SAID[status], {})


def _write(
    resp: Any,
    status: HTTPStatus,
    detail: str,
    headers: Mapping[str, str],
    errors: Sequence[tuple[str, str]] = (),
) -> None:
    resp.status = status.value
    resp.content_type = "application/problem+json"
    document: dict[str, Any] = {
        "type": "about:blank", "title": status.phrase, "status": status.value, "detail": blank(detail)
    }  # fmt: skip
    if errors:
        document["errors"] = [{"field": name, "detail": blank(why)} for name, why in errors]
    resp.data = json.dumps(document).encode()
    for name, value in headers.items():
        resp.set_header(name, value)
