"""How a page is made and sent: who is asking, one look at the record, a template with every value escaped."""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from director.access.roles import Right, who_may
from director.money.periods import zone_of
from director.office import Office
from director.store.tx import Tx
from director.views.titles import skill_title
from director.words.amounts import NANO, from_number, plain_usd, typed_usd
from director.words.brand import DEFAULT
from director.words.characters import visible
from director.words.command import program, with_brand
from director.words.errors import NotFound
from director.words.json_values import has_nul
from web.bodies import read_body
from web.callers import Entered, enter
from web.pages.static import address
from web.problems import NUL, Problem

#: Bytes of a form: the longest instructions, each character written as nine.
_LARGEST_FORM: Final = 128 * 1024

Make = Callable[[Office, Tx], Mapping[str, Any]]


def _finalize(value: object) -> object:
    # What turns the text around it is written out, but in a text that was rendered: there it may be its language.
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _dollars(amount: float) -> str:
    return plain_usd(round(amount * NANO))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Answers:
    """What all pages share."""

    def __init__(self, opening: Callable[[], Office]) -> None:
        self.opening = opening
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.filters |= {
            "dollars": _dollars,
            "skill": skill_title,
            "html": Markup,  # of what is sanitised
            "month": lambda text: f"{date.fromisoformat(f'{text}-01'):%B %Y}",
            "share": lambda part: f"{part:.0%}",
            "unfilled": lambda text: re.sub(
                r"\{[^{}]{1,80}+\}", "…", text
            ),  # what an event says is known when it comes
            "cap": lambda amount: f"${typed_usd(from_number(amount))}",  # to the digit, where others go by it
        }
        self._templates.globals |= {"address": address, "program": program, "who_may": who_may}

    async def enter(self, req: Any, right: Right) -> Entered:
        """As `callers.enter`, over this office."""
        return await enter(req, self.opening, right)

    async def page(
        self,
        req: Any,
        resp: Any,
        entered: Entered,
        template: str,
        make: Make,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        **more: object,
    ) -> None:
        """
        Answer with *template*, filled with what *make* reads in one transaction and with *more*.

        Raises:
            Problem: there is no such thing.
        """
        resp.data = await asyncio.to_thread(self._made, req.path, entered, template, make, more)
        resp.status = status.value
        resp.content_type = "text/html; charset=utf-8"

    def problem(self, status: HTTPStatus, detail: str) -> bytes:
        """The page of an error, which needs neither a caller nor the record."""
        made = self._templates.get_template("error.html").render(
            path="",
            brand=None,
            now=datetime.now(UTC),
            nav={"questions": 0},
            status=status,
            detail=detail,
            caller=None,
            rehearses=False,
        )
        return made.encode()

    def alone(self, office: Office | None, template: str, document: Mapping[str, Any]) -> bytes:
        """A page that leads nowhere else, for who may see only what is on it; its times need an *office*, and `now`."""
        times = {} if office is None else _times(office, document["now"])
        return self._templates.get_template(template).render({**times, **document}).encode(errors="replace")

    def _made(self, path: str, entered: Entered, template: str, make: Make, more: Mapping[str, object]) -> bytes:
        office = entered.office
        with found(), office.store.read() as tx:
            document = make(office, tx)
            _, waiting = tx.approvals.waiting(office.brand, limit=0)
            now = tx.now
        said = {
            **_times(office, now),
            "path": path,
            "brand": None if office.brand == DEFAULT else office.brand,
            "with_brand": with_brand(office.brand),
            "nav": {"questions": waiting},
            "caller": entered.caller,
            "may_work": entered.caller.may(Right.WORK),
            "may_manage": entered.caller.may(Right.MANAGE),
            "rehearses": office.settings.rehearses,
        }
        # A surrogate that is half a character can be kept by a file and by no encoding.
        return self._templates.get_template(template).render({**said, **document, **more}).encode(errors="replace")


def _times(office: Office, now: datetime) -> dict[str, Any]:
    zone = zone_of(office.settings)
    return {
        "now": now,
        "zone": zone.key,
        "when": lambda text: when(_moment(text), now.astimezone(zone)),
        "exactly": lambda text: f"{_moment(text).astimezone(zone):%Y-%m-%d %H:%M}",
    }


def when(moment: datetime, now: datetime) -> str:
    """A moment as people say it on the day *now*, in the zone of that: "14:05", "yesterday 09:00", "Fri 4 Dec 09:00"."""
    there = moment.astimezone(now.tzinfo)
    days = (there.date() - now.date()) // timedelta(days=1)
    if days in (-1, 0, 1):
        return f"{('yesterday ', '', 'tomorrow ')[days + 1]}{there:%H:%M}"
    year = "" if there.year == now.year else f" {there.year}"
    return f"{there:%a} {there.day} {there:%b}{year}, {there:%H:%M}"


@contextmanager
def found() -> Iterator[None]:
    """
    What is not there is a page that says so.

    Raises:
        Problem
    """
    try:
        yield
    except NotFound as problem:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is nothing here by the name of {problem.ident}.") from problem


async def form_of(req: Any, most: int = _LARGEST_FORM) -> dict[str, str]:
    """
    The fields of a form of at most *most* bytes; of one that is there twice the first.

    Raises:
        Problem: it is no form, or too large.
    """
    kind = (req.content_type or "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "A form of a page is expected here; programs use /api/v1.")
    raw = await read_body(req, most, "nothing was done")
    try:
        fields = parse_qs(raw.decode(), keep_blank_values=True, max_num_fields=50, errors="strict")
    except ValueError as problem:
        raise Problem(HTTPStatus.BAD_REQUEST, "The form cannot be read; nothing was done.") from problem
    if has_nul(fields):
        raise Problem(HTTPStatus.BAD_REQUEST, f"The form has {NUL}: take it out. Nothing was done.")
    return {name: values[0] for name, values in fields.items()}


def see_other(resp: Any, path: str) -> None:
    """Send the browser on, so that a reload sends nothing twice."""
    resp.status = HTTPStatus.SEE_OTHER.value
    resp.set_header("Location", path)
