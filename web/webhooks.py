"""
`/webhooks`: where other programs tell what happened.

In this order: the size of the body, its bytes, who sent them, when; only then are they read, and written in one transaction.
Who gets 202 or 200 is told what is committed.
"""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, ClassVar, Final, TypeVar

from director.access.roles import Right
from director.mailbox import admission, events
from director.office import Office
from director.store.tx import Tx
from director.triggers import rules, signatures, sources, unmatched
from director.triggers.incoming import MOST_BYTES, NotAnEvent, Said, cleaned, document_in, envelope
from director.triggers.rules import Triggers
from director.triggers.signatures import NotVerified, Request, Scheme
from director.triggers.sources import Folder, Source, Sources
from director.words.command import program
from director.words.errors import DirectorError, NotFound, StoreError
from director.words.models import Told
from director.words.own_secrets import own_secrets
from director.words.redaction import distinctive
from web.batches import Batches
from web.bodies import read_body
from web.callers import BeingOpened, Entered, client_of, enter_or_send, unauthorized
from web.problems import Problem

_log = logging.getLogger(__name__)

#: The source of what comes in our own envelope.
ENVELOPE: Final = "events"

#: When who is told that the record is away may come again.
_AGAIN_S: Final = 5

#: How a form begins; curl calls whatever it sends one, unless it is told otherwise.
_FORM: Final = re.compile(r"[\w.%+\[\]-]+=")

#: How long one waits for whoever opens the office, and the pause between two looks.
_OPENED_WITHIN_S: Final = 5.0
_LOOKS_EVERY_S: Final = 0.05

#: The pause between two looks for turns to admit: each takes the database's one write lock from the next events.
_RINGS_EVERY_S: Final = 0.1

_Done = TypeVar("_Done")
_Answer = tuple[HTTPStatus, dict[str, Any]]


class Webhooks:
    """What the addresses share: the office, the sources, and the way from a request to the record."""

    def __init__(self, office: Callable[[], Office]) -> None:
        self._office = office
        self._folder: Folder | None = None
        #: Of each brand that was told something.
        self._triggers: dict[str, rules.Folder] = {}
        #: The sources when our own secrets were looked up, and those.
        self._own: tuple[Sources | None, tuple[str, ...]] = (None, ())
        #: What the log has said of sources that cannot be used.
        self._said: set[str] = set()
        self._requests = Batches(self._accept_all)
        self._rings = Batches(self._ring, most=1_000_000, pause_s=_RINGS_EVERY_S)

    def office(self) -> Office:
        """The office; a problem while it cannot be opened."""
        try:
            return self._office()
        except BeingOpened:
            raise
        except DirectorError as problem:
            raise _away() from problem

    async def accept(self, resp: Any, asked: "_Asked") -> None:
        """Answer with what was written of a request, once it is committed."""
        status, document = await _opened(lambda: self._requests.done(asked))
        resp.status = status.value
        resp.data = json.dumps(document).encode()
        resp.content_type = "application/json"
        if "event" in document:
            resp.set_header("Location", f"/webhooks/events/{document['event']}")
        if status is HTTPStatus.ACCEPTED:
            # After the answer: who sent an event waits neither for Redis nor for the turns before it.
            resp.schedule(partial(self._rings.done, None))

    async def rest(self) -> None:
        """Wait until what was asked for is done, so that the office can be closed."""
        await self._requests.rest()
        await self._rings.rest()

    def _accept_all(self, asked: Sequence["_Asked"]) -> list[_Answer | Exception]:
        """What each is answered. What is to be written of all is one transaction."""
        office = self.office()
        # Of all at once: each look at the files lets the event loop's thread take over, and waits until that lets go.
        found = self._sources(office)
        answers: list[_Answer | Exception | None] = []
        to_write: list[_Received] = []
        for one in asked:
            try:
                answer = self._look_at(office, found, one)
                to_write += [answer] if isinstance(answer, _Received) else []
                answers.append(None if isinstance(answer, _Received) else answer)
            except Exception as problem:  # noqa: BLE001 - of this one alone
                answers.append(problem)
        written = iter(self._write(office, to_write))
        return [next(written) if answer is None else answer for answer in answers]

    def _look_at(self, office: Office, found: Sources, asked: "_Asked") -> "_Received | _Answer":
        if asked.source is None:
            return self._of_envelope(office, found, asked)
        return self._of_source(office, found, asked.source, asked)

    def _of_envelope(self, office: Office, found: Sources, asked: "_Asked") -> "_Received":
        document = self._document(asked.request)
        try:
            told = self._told(office, found, ENVELOPE, envelope(document, office.clock()))
            return _Received([told], asked.brand or office.brand)
        except NotAnEvent as problem:
            raise Problem(HTTPStatus.BAD_REQUEST, str(problem)) from problem

    def _of_source(self, office: Office, found: Sources, name: str, asked: "_Asked") -> "_Received | _Answer":
        source, request = self._source(found, name), asked.request
        # Nobody guesses a signature, and whoever signs may come by the same proxy as who guesses.
        if source.scheme is Scheme.BEARER and asked.told_to_wait is not None:
            raise asked.told_to_wait
        try:
            delivery = signatures.verify(source.scheme, request, source.keys, now=office.clock(), url=source.url)
        except NotVerified as problem:
            raise unauthorized(problem, source.scheme) from problem
        document = self._document(request)
        if source.scheme is Scheme.SLACK and (challenge := _challenge(document)):
            return HTTPStatus.OK, {"challenge": challenge}
        try:
            said = sources.events_in(source, document, request.headers, delivery, office.clock())
            return _Received([self._told(office, found, name, one) for one in said], source.brand)
        except NotAnEvent as problem:
            raise Problem(HTTPStatus.BAD_REQUEST, f"{problem} The source {name} says so in its file.") from problem

    async def enter(self, req: Any, right: Right) -> Entered:
        """Who sends events, or looks at one: by WEBHOOK_TOKEN, or as everybody who may do *right*."""
        return await enter_or_send(req, self._office, right)

    def event(self, entered: Entered, ident: str) -> dict[str, Any]:
        """An event that came to the caller's brand, and what became of it."""
        try:
            with entered.office.store.read() as tx:
                event, outcomes = tx.events.get(ident, brand=entered.caller.brand), tx.events.outcomes(ident)
        except NotFound as problem:
            raise Problem(HTTPStatus.NOT_FOUND, f"There is no event {ident[:40]!r}.") from problem
        except StoreError as problem:
            raise _away() from problem
        return {
            "event": event.id,
            "source": event.source,
            "type": event.type,
            "received": event.created_at.isoformat(),
            "status": "accepted" if event.looked_at is None else "looked at",
            "outcomes": [
                {"trigger": one.trigger, "what": one.what, "why": one.why, "goal": one.goal} for one in outcomes
            ],
        }

    def _ring(self, rings: Sequence[None]) -> Sequence[None]:
        admission.ring(self._office())
        return rings

    def _source(self, found: Sources, name: str) -> Source:
        for sentence in found.broken.values():
            self._say(sentence)
        source = found.sources.get(name)
        if source is None:
            raise Problem(
                HTTPStatus.NOT_FOUND, "There is no such source: a file in workspace/sources makes one, with its name."
            )
        if source.lacks:
            self._say(source.lacks)
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, source.lacks, {"Retry-After": str(60)})
        return source

    def _sources(self, office: Office) -> Sources:
        if self._folder is None:
            self._folder = Folder(office.settings)
        return self._folder.now()

    def _told(self, office: Office, found: Sources, source: str, said: Said) -> Told:
        data = cleaned(said.data, self._own_secrets(office, found))
        return Told(source=source, delivery=said.delivery, type=said.type, data=data, said_at=said.said_at)

    def _own_secrets(self, office: Office, found: Sources) -> tuple[str, ...]:
        if self._own[0] is not found:
            # A short one is an ordinary word, and would be taken out of all that is said.
            self._own = (found, distinctive(own_secrets(office.settings)))
        return self._own[1]

    def _say(self, sentence: str) -> None:
        if sentence not in self._said:
            self._said.add(sentence)
            _log.warning("%s", sentence)

    def _document(self, request: Request) -> Any:
        try:
            return document_in(request.body)
        except NotAnEvent as problem:
            form = request.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded")
            if form and _FORM.match(request.body[:200].decode("latin-1")):
                raise Problem(
                    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                    "The body has to be JSON; it is a form: let its sender send JSON.",
                ) from problem
            raise Problem(HTTPStatus.BAD_REQUEST, str(problem)) from problem

    def _write(self, office: Office, received: Sequence["_Received"]) -> list[_Answer | Exception]:
        if not received:
            return []
        try:
            with office.store.write() as tx:
                missing = _missing(tx, {one.brand for one in received} - {office.brand})
                written = {
                    brand: iter(events.receive_all(tx, brand=brand, told=_all_told(received, brand)))
                    for brand in dict.fromkeys(one.brand for one in received)
                    if brand not in missing
                }
        except StoreError:
            return [_away() for _ in received]
        except Exception as problem:  # noqa: BLE001 - one that cannot be kept keeps nobody else's out
            if len(received) == 1:
                return [problem]
            return [answer for one in received for answer in self._write(office, [one])]
        return [
            _no_brand(one.brand)
            if one.brand in missing
            else _written(
                [next(written[one.brand]) for _ in one.told],
                unmatched.said_of(self._triggers_of(office.of(one.brand)), (each.type for each in one.told)),
            )
            for one in received
        ]

    def _triggers_of(self, office: Office) -> Triggers:
        if office.brand not in self._triggers:
            self._triggers[office.brand] = rules.Folder(office.settings)
        return self._triggers[office.brand].now()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request, and where it came."""

    request: Request
    brand: str | None = None  #: of who sent it; None: the installation's
    source: str | None = None  #: None: in our own envelope
    told_to_wait: Problem | None = None  #: whoever sends it has shown too many wrong secrets


@dataclass(frozen=True, slots=True)
class _Received:
    """The events of a request that was found right."""

    told: list[Told]
    brand: str  #: whom it was told to


def _all_told(received: Sequence[_Received], brand: str) -> list[Told]:
    return [one for each in received if each.brand == brand for one in each.told]


def _missing(tx: Tx, brands: set[str]) -> set[str]:
    """Those of *brands* that are not there."""
    return {brand for brand in brands if not tx.brands.is_there(brand)}


def _no_brand(brand: str) -> Problem:
    """What a sender is told whose file names a brand that nobody has added; it may come again."""
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        f"This source is for the brand {brand}, and there is none: `{program()} brands add {brand}` adds it.",
    )


def _written(found: list[tuple[str, bool]], note: str) -> _Answer:
    new = [ident for ident, is_new in found if is_new]
    ids = [ident for ident, _ in found]
    answer: dict[str, Any] = {"event": (new or ids)[0], "status": "accepted" if new else "accepted before"}
    if len(ids) > 1:
        answer["events"] = ids
    if note:
        answer["note"] = note
    return HTTPStatus.ACCEPTED if new else HTTPStatus.OK, answer


class Events:
    """POST: an event in our own envelope."""

    rights: ClassVar[Mapping[str, Right]] = {"POST": Right.WORK}

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks

    async def on_post(self, req: Any, resp: Any) -> None:
        """202 with the event's address, or 200 with that of the first, of which this is a copy."""
        entered = await self._webhooks.enter(req, self.rights["POST"])
        await self._webhooks.accept(resp, _Asked(await _read(req), entered.caller.brand))


class Event:
    """GET: what became of one."""

    rights: ClassVar[Mapping[str, Right]] = {"GET": Right.READ}

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks

    async def on_get(self, req: Any, resp: Any, ident: str) -> None:
        """200, for whoever may read, or send events."""
        entered = await self._webhooks.enter(req, self.rights["GET"])
        resp.media = await asyncio.to_thread(self._webhooks.event, entered, ident)


class FromSource:
    """POST: what a sender tells in its own format."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks

    async def on_post(self, req: Any, resp: Any, source: str) -> None:
        """As for our own envelope."""
        limits, client, told_to_wait = req.context.visits.limits, client_of(req), None
        try:
            limits.see_room_for_failure(client)
        except Problem as problem:
            told_to_wait = problem
        try:
            await self._webhooks.accept(resp, _Asked(await _read(req), source=source, told_to_wait=told_to_wait))
        except Problem as problem:
            if "WWW-Authenticate" in problem.headers:  # a bearer's
                limits.of_failure(client)
            raise


async def _opened(ask: Callable[[], Awaitable[_Done]]) -> _Done:
    """What *ask* returns, asked again while somebody else opens the office; no thread waits for that meanwhile."""
    until = asyncio.get_running_loop().time() + _OPENED_WITHIN_S
    while True:
        try:
            return await ask()
        except BeingOpened as problem:
            if asyncio.get_running_loop().time() > until:
                raise _away() from problem
        await asyncio.sleep(_LOOKS_EVERY_S)


async def _read(req: Any) -> Request:
    return Request(req.headers_lower, await read_body(req, MOST_BYTES, "send what the event needs"))


def _away() -> Problem:
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The record cannot be written now, and nothing was: send it again.",
        {"Retry-After": str(_AGAIN_S)},
    )


def _challenge(document: Any) -> str:
    """What Slack wants to see once, before it sends anything."""
    if isinstance(document, dict) and document.get("type") == "url_verification":
        return str(document.get("challenge", ""))[:200]
    return ""
