"""Where a list goes on: a word that says so to us, and nothing to anybody else."""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeVar

from pydantic import Field

from web.api.operations import Query
from web.problems import Problem

_Row = TypeVar("_Row")

#: Rows of a page, unless somebody says how many.
_USUAL: Final = 50
_MOST: Final = 200

_READ: Final = re.compile(r"([a-z]+):([1-9][0-9]{0,17})")


class Paged(Query):
    """Which part of a list."""

    limit: int = Field(_USUAL, ge=1, le=_MOST, description="How many rows at most.")
    cursor: str | None = Field(
        None, max_length=100, description="`next` of the page before; without it, the first page, which has the newest."
    )


def page_of(
    what: str,
    asked: Paged,
    rows: Callable[[int | None, int], Sequence[_Row]],
    number: Callable[[_Row], int],
) -> tuple[Sequence[_Row], str | None]:
    """
    The rows that *asked* asks for, and the cursor of the next page; None where this is the last.

    Raises:
        Problem: the cursor is none of this list.
    """
    found = rows(_number_in(what, asked.cursor), asked.limit + 1)
    if len(found) <= asked.limit:
        return found, None
    page = found[: asked.limit]
    return page, _cursor(what, number(page[-1]))


def number_of(row: Any) -> int:
    """The number in an id such as g12."""
    return int(str(row.id).lstrip("abcdefghijklmnopqrstuvwxyz"))


def _cursor(what: str, number: int) -> str:
    return base64.urlsafe_b64encode(f"{what}:{number}".encode()).decode().rstrip("=")


def _number_in(what: str, cursor: str | None) -> int | None:
    if cursor is None:
        return None
    try:
        said = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars="-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        said = ""
    read = _READ.fullmatch(said)
    if read is None or read[1] != what or _cursor(what, int(read[2])) != cursor:
        raise Problem(
            HTTPStatus.BAD_REQUEST,
            f"cursor has to be `next` of a page of {what} as it was answered; this one is not. Without it the first page "
            "is answered.",
        )
    return int(read[2])
