"""A piece of a text by itself: as plain text to be copied, and with a person's own words in its place."""

import asyncio
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from director.access.roles import Right
from director.files.own_version import own_words
from director.inbox import accept
from director.office import Office
from director.prompting.drafting import LONGEST_DRAFT
from director.store.tx import Tx
from director.views.own_piece import own_piece_document, piece_of, piece_to_replace
from director.views.plain_text import plain_text
from director.words.errors import NotFound, WrongCall
from web.callers import Entered
from web.pages.answers import Answers, form_of, found, see_other
from web.pages.tasks import address_of, found_task, see_task

#: Bytes of a form with a text in it: each of its characters written as nine.
_LARGEST: Final = 9 * LONGEST_DRAFT + 16_000

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,2}")


class PieceText:
    """A piece as plain text: what is copied, also where no script runs."""

    rights: Mapping[str, Right] = {"GET": Right.READ}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any, ident: str, piece: str) -> None:
        """The piece of that number, with `.txt` behind it, of the version that counts or of `version`."""
        entered = await self._answers.enter(req, self.rights["GET"])
        version = req.get_param_as_int("version", min_value=1)

        def read() -> str:
            with entered.office.store.read() as tx:
                task = found_task(tx, entered, ident)
                return piece_of(tx, task, _number(piece.removesuffix(".txt")), version).text

        with found():
            if not piece.endswith(".txt"):
                raise NotFound("piece", piece, "it is asked for as 1.txt")
            text = await asyncio.to_thread(read)
        resp.content_type = "text/plain; charset=utf-8"
        resp.data = plain_text(text).encode(errors="replace")


class OwnPiece:
    """Where a person writes their own version of a piece."""

    rights: Mapping[str, Right] = {"GET": Right.READ, "POST": Right.WORK}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any, ident: str, piece: str) -> None:
        """The piece as it is, to be changed."""
        entered = await self._answers.enter(req, self.rights["GET"])
        await self._show(req, resp, entered, ident, piece)

    async def on_post(self, req: Any, resp: Any, ident: str, piece: str) -> None:
        """To the text, which is theirs then; or the form again with what they wrote, where it cannot be taken."""
        entered = await self._answers.enter(req, self.rights["POST"])
        form = await form_of(req, _LARGEST)
        try:
            with found():
                await asyncio.to_thread(see_task, entered, ident)
                await asyncio.to_thread(_take, entered, ident, _number(piece), form)
        except WrongCall as problem:
            await self._show(
                req, resp, entered, ident, piece, HTTPStatus.CONFLICT, problem=str(problem), typed=form.get("words", "")
            )
            return
        see_other(resp, f"{address_of(ident)}#piece-{piece}")

    async def _show(
        self,
        req: Any,
        resp: Any,
        entered: Entered,
        ident: str,
        piece: str,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        problem: str | None = None,
        typed: str | None = None,
    ) -> None:
        def make(office: Office, tx: Tx) -> Mapping[str, Any]:
            return own_piece_document(office, tx, found_task(tx, entered, ident), _number(piece))

        await self._answers.page(req, resp, entered, "own.html", make, status=status, problem=problem, typed=typed)


def _number(said: str) -> int:
    if not _NUMBER.fullmatch(said):
        raise NotFound("piece", said[:40], "pieces have numbers from 1 on")
    return int(said)


def _take(entered: Entered, ident: str, number: int, form: Mapping[str, str]) -> None:
    office = entered.office
    own = own_words(form.get("words", ""))
    with office.store.read() as tx:
        title = piece_to_replace(tx, tx.tasks.get(ident), number).title
    accept.accept(
        office, ident, own, file=None, piece=title or None, by=entered.caller.by, version=form.get("version", "")
    )
