"""The table of roles, found out by asking: every address, with every kind of caller, and from pages of other sites."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from falcon.testing import TestClient, create_scope

from director.access import tokens
from director.access.roles import RIGHTS, Right, Role
from director.access.sessions import make_link, open_session
from director.office import Office
from director.words.tokens import TokenKind
from tests.conftest import SetClock
from web.app import create_app

#: Addresses without a right, and why anybody may come there.
PUBLIC: Final = {
    "/health": "says that the process answers",
    "/ready": "names what is not ready, and nothing else",
    "/open/{secret}": "the secret in it is what opens",
    "/answer/{secret}": "the secret in it answers its one question",
    "/webhooks/{source}": "senders sign what they send",
    "/static/{name}": "files of the package, the same for everybody",
}

#: Methods that a resource may answer.
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

HERE: Final[Mapping[str, Any]] = {"remote_addr": "127.0.0.1", "host": "localhost", "port": 8000}


@dataclass(frozen=True)
class Address:
    """A method of a route."""

    method: str
    template: str
    right: Right | None

    @property
    def path(self) -> str:
        """The address with nobody's ids in it."""
        return "/".join("none" if part.startswith("{") else part for part in self.template.split("/"))


def routes(app: Any) -> Iterator[tuple[str, Any, set[str]]]:
    """All that Falcon's router knows: template, resource, and the methods it answers."""
    assert not app._static_routes
    assert not app._sinks
    nodes = list(app._router._roots)
    while nodes:
        node = nodes.pop()
        nodes += node.children
        if node.resource is not None:
            answers = {method for method in METHODS if hasattr(node.resource, f"on_{method.lower()}")}
            yield node.uri_template, node.resource, answers


def addresses(app: Any) -> list[Address]:
    """Every method of every route, with the right it declares."""
    return [
        Address(method, template, getattr(resource, "rights", {}).get("GET" if method == "HEAD" else method))
        for template, resource, methods in routes(app)
        for method in sorted(methods)
    ]


async def status_of(app: Any, scope: dict[str, Any]) -> int:
    """The status of an answer; its body, which a stream never ends, is not waited for."""
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    gone = asyncio.Event()
    body = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        for event in body:
            return event
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start" and not started.done():
            started.set_result(event["status"])

    answering = asyncio.create_task(app(scope, receive, send))
    await asyncio.wait([answering, started], return_when=asyncio.FIRST_COMPLETED)
    gone.set()
    answering.cancel()
    return started.result()


class Doors:
    """The web app, and a secret of every kind of caller."""

    def __init__(self, office: Office, clock: SetClock) -> None:
        self.app = create_app(lambda: office)
        self._numbers = count()
        _, short = tokens.create(office, "expired", Role.ADMIN, days=1)
        clock.forward(timedelta(days=1))
        revoked, ended = tokens.create(office, "revoked", Role.ADMIN)
        tokens.revoke(office, revoked.id)
        with office.store.write() as tx:
            _, others = tokens.make(tx, "other", TokenKind.TOKEN, "theirs", Role.ADMIN, within=None)
        self._office = office
        link = make_link(office)
        _, session = open_session(office, link)
        self.good = {role: self.bearer(tokens.create(office, role, role)[1]) for role in Role}
        self.other = self.bearer(others)
        self.session = {"Cookie": f"troupe_session_8000={session}"}
        self.bad = {
            "nothing": {},
            "a strange one": self.bearer("troupe_gnome"),
            "no bearer": {"Authorization": "Basic Z25vbWU6Z25vbWU="},
            "expired": self.bearer(short),
            "revoked": self.bearer(ended),
            "a link": self.bearer(link),
            "a session as a token": self.bearer(session),
            "a strange cookie": {"Cookie": "troupe_session_8000=troupe_gnome"},
        }

    def begin_session(self) -> dict[str, str]:
        """Another session, as its browser says it."""
        _, session = open_session(self._office, make_link(self._office))
        return {"Cookie": f"troupe_session_8000={session}"}

    @staticmethod
    def bearer(secret: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {secret}"}

    def asked(self, address: Address, headers: Mapping[str, str]) -> int:
        """The status. Each comes from another address of this machine: what one is refused for keeps nobody else out."""
        number = next(self._numbers)
        client = f"127.1.{number >> 8}.{number & 255}"
        scope = create_scope(
            method=address.method, path=address.path, headers=headers, **{**HERE, "remote_addr": client}
        )
        return asyncio.run(status_of(self.app, scope))


def keep_table(file: Path, head: Sequence[object], rows: Iterable[Sequence[object]]) -> None:
    """Write what was found for a person who wants to read it."""
    lines = [head, ["---"] * len(head), *rows]
    file.write_text("".join(f"| {' | '.join(map(str, line))} |\n" for line in lines), encoding="utf-8")


@pytest.fixture
def doors(office: Office, clock: SetClock) -> Doors:
    return Doors(office, clock)


def test_every_address_declares_its_right_or_is_public(office: Office) -> None:
    """None can be forgotten: what is neither is found by walking the router; and each method of a resource is declared."""
    found = addresses(create_app(lambda: office))
    without = {one.template for one in found if one.right is None}

    assert len(found) > 8
    assert without <= set(PUBLIC)
    assert {one.template for one in found if one.right is not None} & set(PUBLIC) == set()


def test_nobody_may_do_more_than_their_role(doors: Doors, shots: Path) -> None:
    """Each role comes in exactly where the table of roles lets it; another brand's admin does too, and finds nothing."""
    table = {}
    for address in (one for one in addresses(doors.app) if one.right is not None):
        for role, headers in doors.good.items():
            let_in = doors.asked(address, headers) not in (401, 403)
            table[address.method, address.template, role] = (let_in, address.right in RIGHTS[role])
        assert doors.asked(address, doors.other) not in (401, 403)
        own = {**doors.begin_session(), "Sec-Fetch-Site": "same-origin"}  # one of them ends it
        assert doors.asked(address, own) not in (401, 403)

    keep_table(
        shots / "roles.md",
        ["method", "address", *Role],
        [
            [*asked, *("comes in" if table[*asked, role][0] else "refused" for role in Role)]
            for asked in sorted({(method, template) for method, template, _ in table})
        ],
    )
    assert {asked: found for asked, found in table.items() if found[0] is not found[1]} == {}
    assert len(table) >= 6


def test_nobody_without_a_good_secret_comes_in(doors: Doors) -> None:
    """Of whatever kind it is, also on this machine: since a token was made everybody is 401."""
    found = {
        (address.method, address.template, who): doors.asked(address, headers)
        for address in addresses(doors.app)
        if address.right is not None
        for who, headers in doors.bad.items()
    }

    # Where something would change a page's request without a token is refused before anybody looks who that is.
    assert {
        asked: status
        for asked, status in found.items()
        if status not in ((401,) if asked[0] in ("GET", "HEAD") else (401, 403))
    } == {}


#: What a browser says of a page that is not ours, by what it is.
ELSEWHERE: Final[Mapping[str, Mapping[str, str]]] = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "the same site": {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:8000"},
    "another host": {"Origin": "http://gnomes.example"},
    "another port": {"Origin": "http://localhost:9000"},
    "a file": {"Origin": "null"},
    "nothing said": {},
}


@pytest.mark.parametrize("where", ELSEWHERE)
def test_a_page_of_another_site_changes_nothing(doors: Doors, where: str, shots: Path) -> None:
    """Every form, replayed from there with the session of its visitor: 403, also where the browser does not say from where."""
    found = {
        (address.method, address.template): doors.asked(address, {**doors.session, **ELSEWHERE[where]})
        for address in addresses(doors.app)
        if address.method not in ("GET", "HEAD") and not address.template.startswith("/webhooks/")
    }

    keep_table(
        shots / f"forms-{where.replace(' ', '-')}.md",
        ["method", "address", where],
        [[*asked, status] for asked, status in sorted(found.items())],
    )
    assert {asked: status for asked, status in found.items() if status != 403} == {}


def test_what_every_answer_is_sent_with(office: Office) -> None:
    """Errors too: what a browser may load, that it may guess no type, and that it tells nobody where it came from."""
    client = TestClient(create_app(lambda: office))
    for path in ("/health", "/nowhere", "/metrics", "/open/none"):
        headers = client.simulate_get(path, **HERE).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
