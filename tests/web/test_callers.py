"""Who is asking: this machine, a token, a session; what a browser's page may; how a link becomes a session; how often."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, ClassVar, Final

import pytest
from falcon.testing import ASGIConductor, Result, TestClient, create_scope

from director.access import tokens
from director.access.roles import Right, Role
from director.access.sessions import LASTS, LINK_WITHIN, make_link, open_session
from director.access.tokens import NotLetIn
from director.office import Office
from director.words.models import Token, TokenUse
from director.words.tokens import TokenKind
from tests.conftest import SetClock
from tests.director.conftest import RecordAway
from web.app import create_app
from web.bodies import read_body
from web.callers import enter
from web.limits import AT_ONCE, FAILURES, MOST, REQUESTS, Limits, Rate
from web.problems import Problem
from web.trail import OTHERS

#: More often than one is answered 401.
FAILURES_TRIED: Final = int(FAILURES.at_once) + 5

HERE: Final[Mapping[str, Any]] = {"remote_addr": "127.0.0.1", "host": "localhost", "port": 8000}


class WhoAmI:
    """A resource as those of the pages and of the interface: it says who came, and into which brand's office."""

    rights: ClassVar[Mapping[str, Right]] = {"GET": Right.READ, "POST": Right.WORK}

    def __init__(self, office: Callable[[], Office]) -> None:
        self._office = office

    async def on_get(self, req: Any, resp: Any) -> None:
        entered = await enter(req, self._office, self.rights[req.method])
        resp.media = [entered.caller.name, entered.caller.role, entered.office.brand]

    on_post = on_get


def web(office: Office) -> TestClient:
    app = create_app(lambda: office)
    app.add_route("/who", WhoAmI(lambda: office))
    return TestClient(app)


@pytest.fixture
def client(office: Office) -> TestClient:
    return web(office)


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def session(client: TestClient, office: Office, **sent: Any) -> str:
    """The cookie of a session that was begun by a link."""
    answer = client.simulate_post(
        f"/open/{make_link(office)}", headers={"Sec-Fetch-Site": "same-origin"}, **{**HERE, **sent}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    return str(answer.headers["set-cookie"])


def trail(office: Office, ident: str) -> list[TokenUse]:
    with office.store.read() as tx:
        return tx.tokens.uses(ident, most=100)


class TestWithoutTokens:
    """No token was ever made."""

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            ({}, 200),
            ({"Sec-Fetch-Site": "same-origin"}, 200),
            ({"Origin": "http://localhost:8000"}, 200),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Origin": "http://gnomes.example"}, 403),
            ({"Origin": "null"}, 403),
            ({"Cookie": "theme=dark"}, 403),
        ],
    )
    def test_this_machine_is_an_admin_and_no_page_of_another_site(
        self, client: TestClient, office: Office, sent: dict[str, str], status: int
    ) -> None:
        """Its programs and its browsers; a browser that does not say whose page asks is not believed."""
        answer = client.simulate_post("/who", headers=sent, **HERE)

        assert answer.status_code == status
        assert status != 200 or answer.json == ["this machine", "admin", office.brand]

    @pytest.mark.parametrize(
        ("peer", "headers"),
        [
            ("192.0.2.1", {}),
            ("127.0.0.1", {"Host": "gnomes.example"}),
            ("127.0.0.1", {"Host": "127.0.0.1.nip.example", "Sec-Fetch-Site": "same-origin"}),
            ("127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}),
            ("127.0.0.1", {"Via": "1.1 gnomes"}),
        ],
    )
    def test_nobody_else_comes_in(self, client: TestClient, peer: str, headers: dict[str, str]) -> None:
        """From elsewhere, by a name that is pointed at loopback, or through a proxy."""
        host = headers.pop("Host", "localhost")
        answer = client.simulate_get("/who", headers=headers, remote_addr=peer, host=host, port=8000)

        assert (answer.status_code, "tokens create" in answer.json["detail"]) == (403, True)

    def test_where_webhook_token_is_set_somebody_from_outside_is_expected(
        self, open_with: Callable[..., Office]
    ) -> None:
        """A proxy may hand on requests as if they were this machine's: everybody says who they are, by a token or session."""
        office = open_with(webhook_token="gnome-token-0815")  # noqa: S106 - of nothing
        client = web(office)

        assert client.simulate_get("/who", **HERE).status_code == 401
        assert client.simulate_get("/who", headers=bearer("gnome-token-0815"), **HERE).status_code == 401
        assert client.simulate_get("/who", headers={"Cookie": session(client, office)}, **HERE).status_code == 200

    def test_an_old_cookie_is_no_worse_than_none(self, client: TestClient) -> None:
        """Of an installation that was made anew: who would come in without it does with it."""
        for _ in range(int(FAILURES.at_once) + 2):
            answer = client.simulate_get("/who", headers={"Cookie": "troupe_session_8000=gnome"}, **HERE)
            assert answer.status_code == 200

    def test_while_the_record_is_away_it_is_as_it_was_before(self, client: TestClient, office: Office) -> None:
        """So that a monitor is told that it is away; who shows a secret is asked to come again, as is everybody at first."""
        away = RecordAway(office)
        away.go()
        first = client.simulate_get("/metrics", **HERE)
        away.come_back()
        known = client.simulate_get("/metrics", **HERE)
        away.go()
        later = client.simulate_get("/metrics", **HERE)
        secret = client.simulate_get("/metrics", headers=bearer("troupe_gnome"), **HERE)

        assert [one.status_code for one in (first, known, later, secret)] == [503, 200, 200, 503]
        assert secret.headers["retry-after"] == "5"


class TestTokens:
    """Whoever sends one."""

    def test_a_caller_is_shown_their_own_brand(self, client: TestClient, office: Office) -> None:
        """The office that a use case is handed is of the token's brand, whichever that is."""
        with office.store.write() as tx:
            _, theirs = tokens.make(tx, "other", TokenKind.TOKEN, "troll", Role.MARKETER, within=None)
        _, ours = tokens.create(office, "gnome", Role.VIEWER)
        far = {"remote_addr": "192.0.2.7", "host": "gnomes.example"}

        assert client.simulate_post("/who", headers=bearer(theirs), **far).json == ["troll", "marketer", "other"]
        assert client.simulate_get("/who", headers=bearer(ours), **far).json == ["gnome", "viewer", office.brand]

    def test_what_is_missing_is_said(self, client: TestClient, office: Office, clock: SetClock) -> None:
        """401 with how to say who one is, or since when a token is over; 403 with the right, and who has it."""
        made, secret = tokens.create(office, "gnome", Role.VIEWER, days=1)
        nothing = client.simulate_get("/who", **HERE)
        viewer = client.simulate_post("/who", headers=bearer(secret), **HERE)
        clock.forward(timedelta(days=1))
        expired = client.simulate_get("/who", headers=bearer(secret), **HERE)
        tokens.revoke(office, made.id)
        revoked = client.simulate_get("/who", headers=bearer(secret), **HERE)

        assert (nothing.status_code, nothing.headers["www-authenticate"]) == (401, 'Bearer realm="troupe"')
        assert (viewer.status_code, "'work', which a viewer has not" in viewer.json["detail"]) == (403, True)
        assert "a marketer or admin." in viewer.json["detail"]
        assert (expired.status_code, "expired 2026-11-23 09:00" in expired.json["detail"]) == (401, True)
        assert 'error="invalid_token"' in expired.headers["www-authenticate"]
        assert (revoked.status_code, "was revoked" in revoked.json["detail"]) == (401, True)

    def test_a_page_of_another_site_may_show_a_token_of_its_own(self, client: TestClient, office: Office) -> None:
        """A browser adds no token by itself, so who sends one meant to."""
        _, secret = tokens.create(office, "gnome", Role.MARKETER)
        headers = {**bearer(secret), "Origin": "https://gnomes.example", "Sec-Fetch-Site": "cross-site"}

        assert client.simulate_post("/who", headers=headers, **HERE).status_code == 200

    def test_monitors_may_have_one(self, open_with: Callable[..., Office]) -> None:
        """Besides WEBHOOK_TOKEN, which goes on to work."""
        office = open_with(webhook_token="gnome-token-0815")  # noqa: S106 - of nothing
        _, secret = tokens.create(office, "prometheus", Role.VIEWER)
        client = web(office)

        for path in ("/metrics", "/health/detail"):
            for given, status in ((secret, 200), ("gnome-token-0815", 200), ("troupe_gnome", 401), ("gnome", 401)):
                assert client.simulate_get(path, headers=bearer(given), **HERE).status_code == status


class TestASlowBody:
    """What somebody could when they began to send counts for nothing."""

    @pytest.mark.parametrize("path", ["/api/v1/goals", "/goals", "/webhooks/events"])
    def test_who_is_revoked_meanwhile_has_done_nothing(self, client: TestClient, office: Office, path: str) -> None:
        """At every address that takes a body: the right is decided when it is there."""
        made, secret = tokens.create(office, "gnome", Role.MARKETER)
        form = path == "/goals"
        body = b"text=Gnomes&key=1" if form else b'{"text": "Gnomes"}'

        async def ask() -> list[int]:
            scope = create_scope(
                method="POST",
                path=path,
                headers={
                    **bearer(secret),
                    "Content-Type": "application/x-www-form-urlencoded" if form else "application/json",
                    "Content-Length": str(len(body)),
                },
                **HERE,
            )
            statuses: list[int] = []

            async def receive() -> dict[str, Any]:
                await asyncio.to_thread(tokens.revoke, office, made.id)
                return {"type": "http.request", "body": body, "more_body": False}

            async def send(event: dict[str, Any]) -> None:
                statuses.extend([event["status"]] if event["type"] == "http.response.start" else [])

            await client.app(scope, receive, send)
            return statuses

        assert asyncio.run(ask()) == [401]
        with office.store.read() as tx:
            assert tx.pages.goals(office.brand, None, 1) == []
            assert tx.pages.events(office.brand, None, 1) == []

    def test_who_has_no_token_and_one_is_made_meanwhile(self, client: TestClient, office: Office) -> None:
        """They were this machine's person, and are nobody now."""

        class Slow(WhoAmI):
            async def on_post(self, req: Any, resp: Any) -> None:
                await super().on_get(req, resp)
                await asyncio.to_thread(tokens.create, office, "first", Role.ADMIN)
                await read_body(req, 10, "send less")

        client.app.add_route("/slow", Slow(lambda: office))

        assert client.simulate_post("/slow", **HERE).status_code == 401


class TestTheTrail:
    """What was done with a token."""

    def test_each_change_is_kept_and_reads_of_the_same_are_counted(
        self, client: TestClient, office: Office, clock: SetClock
    ) -> None:
        """With time, address and what was answered; also what was refused, and what came once it was revoked."""
        made, secret = tokens.create(office, "gnome", Role.VIEWER)
        sent = {"headers": bearer(secret), **HERE, "remote_addr": "192.0.2.7"}
        for minutes in (0, 1, 2):
            client.simulate_get("/who", **sent)
            client.simulate_post("/who", **sent)
            clock.forward(timedelta(minutes=minutes))
        last = clock.now - timedelta(minutes=2)
        tokens.revoke(office, made.id)
        client.simulate_get("/who", **sent)
        found = {(one.method, one.status, one.times, one.at) for one in trail(office, made.id)}
        hour = last.replace(minute=0)

        assert found == {
            ("GET", 200, 3, hour), ("GET", 401, 1, clock.now), ("POST", 403, 2, hour), ("POST", 403, 1, last),
        }  # fmt: skip
        assert {(one.address, one.path) for one in trail(office, made.id)} == {("192.0.2.7", "/who")}
        assert tokens.listed(office)[0].used_at == last

    def test_what_is_refused_is_one_line_a_minute_of_each_address(
        self, client: TestClient, office: Office, clock: SetClock
    ) -> None:
        """The first of it, with how often: who has nothing any more can ask for ever, and for whatever they like."""
        made, secret = tokens.create(office, "gnome", Role.VIEWER)
        for number in range(5):
            client.simulate_post("/who", headers=bearer(secret), **HERE)
            client.simulate_post(f"/api/v1/goals/g{number + 1}/pause", headers=bearer(secret), **HERE)
        tokens.revoke(office, made.id)
        clock.forward(timedelta(minutes=1))
        for number in range(FAILURES_TRIED):
            sent = {"headers": bearer(secret), **HERE, "remote_addr": f"2001:db8::{number:x}"}
            client.simulate_get(f"/api/v1/goals/g{number + 1}", **sent)
        found = [(one.method, one.path, one.status, one.times, one.at) for one in trail(office, made.id)]

        assert found == [
            ("GET", "/api/v1/goals/g1", 401, FAILURES_TRIED, clock.now),
            ("POST", "/who", 403, 10, clock.now - timedelta(minutes=1)),
        ]

    def test_of_a_token_that_asks_for_everything_there_are_so_many_lines_an_hour(
        self, client: TestClient, office: Office, clock: SetClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is more is counted, by what was answered; what had a line goes on to be counted there."""
        monkeypatch.setattr("web.trail.MOST_AN_HOUR", 3)
        made, secret = tokens.create(office, "gnome", Role.VIEWER)
        for number in (1, 2, 3, 4, 5, 1, 6):
            client.simulate_get(f"/api/v1/goals/g{number}", headers=bearer(secret), **HERE)
        clock.forward(timedelta(hours=1))
        client.simulate_get("/api/v1/goals/g4", headers=bearer(secret), **HERE)
        found = sorted((one.method, one.path, one.status, one.times) for one in trail(office, made.id))

        assert found == [
            ("", OTHERS, 404, 3),
            ("GET", "/api/v1/goals/g1", 404, 2),
            ("GET", "/api/v1/goals/g2", 404, 1),
            ("GET", "/api/v1/goals/g3", 404, 1),
            ("GET", "/api/v1/goals/g4", 404, 1),
        ]

    def test_who_is_told_to_wait_has_not_used_it(
        self, client: TestClient, office: Office, clock: SetClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It stands in the trail; `last used` is when something was last answered, and a session lasts from then."""
        monkeypatch.setattr("web.limits.REQUESTS", Rate(1, 0.001))
        made, secret = tokens.create(office, "gnome", Role.VIEWER)
        first = clock.now
        statuses = []
        for _ in range(2):
            statuses.append(client.simulate_get("/who", headers=bearer(secret), **HERE).status_code)
            clock.forward(timedelta(hours=1))

        assert statuses == [200, 429]
        assert sorted(one.status for one in trail(office, made.id)) == statuses
        assert tokens.listed(office)[0].used_at == first

    def test_it_is_known_for_ninety_days(self, client: TestClient, office: Office, clock: SetClock) -> None:
        """And then forgotten by the clock; the token stays."""
        made, secret = tokens.create(office, "gnome", Role.VIEWER)
        client.simulate_get("/who", headers=bearer(secret), **HERE)
        clock.forward(tokens.USES_KEPT)
        client.simulate_get("/who", headers=bearer(secret), **HERE)
        kept = tokens.forget_old_uses(office)
        clock.forward(timedelta(seconds=1))

        assert (kept, tokens.forget_old_uses(office)) == (0, 1)
        assert [one.at for one in trail(office, made.id)] == [clock.now - timedelta(seconds=1)]
        assert tokens.listed(office) != []

    def test_a_record_that_is_away_keeps_nobody_waiting_and_what_is_lost_is_said(
        self, office: Office, clock: SetClock, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The answer is sent before anything is written down of it."""
        made, secret = tokens.create(office, "gnome", Role.VIEWER)
        away = RecordAway(office)

        class Leaving(WhoAmI):
            async def on_get(self, req: Any, resp: Any) -> None:
                await super().on_get(req, resp)
                away.go()

        app = create_app(lambda: office)
        app.add_route("/who", Leaving(lambda: office))
        with caplog.at_level(logging.WARNING):
            answer = TestClient(app).simulate_get("/who", headers=bearer(secret), **HERE)
        away.come_back()

        assert answer.status_code == 200
        assert trail(office, made.id) == []
        assert "1 uses of tokens were not written down." in caplog.text


class TestSessions:
    """A browser's."""

    def test_a_link_becomes_one_once_and_by_a_click(self, client: TestClient, office: Office) -> None:
        """Whoever follows it is shown a button, however often; the first click makes the session, the second nothing."""
        tokens.create(office, "gnome", Role.ADMIN)
        link = f"/open/{make_link(office)}"
        pages = [client.simulate_get(link, **HERE) for _ in range(3)]
        ours = {"Sec-Fetch-Site": "same-origin"}
        answers = [client.simulate_post(link, headers=ours, **HERE) for _ in range(2)]
        after = client.simulate_get(link, **HERE)
        cookie = answers[0].headers["set-cookie"]

        assert [page.status_code for page in pages] == [200] * 3
        assert '<form method="post"><button>' in pages[0].text
        assert [answer.status_code for answer in answers] == [303, 410]
        assert (after.status_code, "This link was used 2026-11-22" in after.text) == (410, True)
        for word in ("troupe_session_8000=troupe_", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=2592000"):
            assert word in cookie
        assert "Secure" not in cookie
        assert client.simulate_get("/who", headers={"Cookie": cookie}, **HERE).json[1:] == ["admin", office.brand]

    def test_by_https_its_cookie_never_goes_without(self, client: TestClient, office: Office) -> None:
        """Also where a proxy in front of us speaks it."""
        assert "Secure" in session(client, office, protocol="https")

    def test_a_link_is_good_for_ten_minutes(self, client: TestClient, office: Office, clock: SetClock) -> None:
        """And is no session, nor a token."""
        secret = make_link(office)
        assert client.simulate_get("/who", headers=bearer(secret), **HERE).status_code == 401
        clock.forward(LINK_WITHIN)

        answer = client.simulate_post(f"/open/{secret}", headers={"Sec-Fetch-Site": "same-origin"}, **HERE)
        assert (answer.status_code, "expired" in answer.text) == (410, True)

    def test_another_site_gives_its_visitor_no_session(self, client: TestClient, office: Office) -> None:
        """Else they would work under somebody else's name; the link is not used up."""
        link = f"/open/{make_link(office)}"

        assert client.simulate_post(link, headers={"Sec-Fetch-Site": "cross-site"}, **HERE).status_code == 403
        assert client.simulate_post(link, **HERE).status_code == 403
        assert client.simulate_get(link, **HERE).status_code == 200

    def test_it_ends_after_thirty_days_however_it_is_used(
        self, client: TestClient, office: Office, clock: SetClock
    ) -> None:
        """As its cookie does in the browser; or at once when somebody revokes it."""
        tokens.create(office, "gnome", Role.ADMIN)
        headers = {"Cookie": session(client, office)}
        for _ in range(3):
            clock.forward((LASTS - timedelta(minutes=1)) / 3)
            assert client.simulate_get("/who", headers=headers, **HERE).status_code == 200
        clock.forward(timedelta(minutes=1))
        assert "expired" in client.simulate_get("/who", headers=headers, **HERE).json["detail"]
        headers = {"Cookie": session(client, office)}
        [_, _, another] = tokens.listed(office)
        tokens.revoke(office, another.id)

        assert another.kind is TokenKind.SESSION
        assert "revoked" in client.simulate_get("/who", headers=headers, **HERE).json["detail"]

    def test_signing_out_ends_it_wherever_its_cookie_is(self, client: TestClient, office: Office) -> None:
        """From a button on each page, of our own site; the record says who did it. A program has a token, and no session."""
        _, secret = tokens.create(office, "gnome", Role.ADMIN)
        cookie = session(client, office)
        ours = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
        page = client.simulate_get("/", headers=ours, **HERE)
        elsewhere = client.simulate_post("/signout", headers={**ours, "Sec-Fetch-Site": "cross-site"}, **HERE)
        still = client.simulate_get("/who", headers=ours, **HERE)
        out = client.simulate_post("/signout", headers=ours, **HERE)
        after = client.simulate_get("/who", headers=ours, **HERE)
        program = client.simulate_post("/signout", headers=bearer(secret), **HERE)

        assert '<form method="post" action="/signout"><button>' in page.text
        assert (elsewhere.status_code, still.status_code) == (403, 200)
        assert (out.status_code, "Signed out" in out.text) == (200, True)
        assert out.headers["set-cookie"].startswith('troupe_session_8000=""; expires=')
        assert (after.status_code, "was revoked" in after.json["detail"]) == (401, True)
        assert (program.status_code, "Nobody is signed in" in program.json["detail"]) == (409, True)
        assert tokens.listed(office)[1].revoked_at is not None

    def test_without_one_there_is_nothing_to_sign_out_of(self, client: TestClient) -> None:
        """Whoever is at this machine while no token was made."""
        assert "/signout" not in client.simulate_get("/", **HERE).text


class TestLimits:
    """How often one may ask."""

    def test_who_comes_with_wrong_secrets_is_told_to_wait(self, client: TestClient, office: Office) -> None:
        """By their address; who has a good one comes in from there all the same."""
        _, secret = tokens.create(office, "gnome", Role.VIEWER)

        def wrong(address: str) -> Result:
            return client.simulate_get("/who", headers=bearer("troupe_gnome"), **{**HERE, "remote_addr": address})

        statuses = [wrong("192.0.2.1").status_code for _ in range(int(FAILURES.at_once))]
        refused = wrong("192.0.2.1")

        assert set(statuses) == {401}
        assert (refused.status_code, 0 < int(refused.headers["retry-after"]) <= 1 / FAILURES.per_second) == (429, True)
        assert wrong("192.0.2.2").status_code == 401
        good = client.simulate_get("/who", headers=bearer(secret), **{**HERE, "remote_addr": "192.0.2.1"})
        assert good.status_code == 200

    def test_webhook_token_is_guessed_no_faster(self, open_with: Callable[..., Office]) -> None:
        """Once an address is told to wait, nothing is compared: a right guess is answered as a wrong one. A token is none."""
        office = open_with(webhook_token="gnome-token-0815")  # noqa: S106 - of nothing
        _, secret = tokens.create(office, "gnome", Role.MARKETER)
        client = web(office)

        def ask(path: str, method: str, given: str, address: str = "192.0.2.1") -> int:
            sent = {"headers": bearer(given) if given else {}, **HERE, "remote_addr": address}
            return client.simulate_request(method, path, **sent).status_code

        for path, method in (("/metrics", "GET"), ("/webhooks/events", "POST"), ("/webhooks/events/e1", "GET")) * 10:
            assert ask(path, method, "") == 401  # who shows nothing guesses nothing
        for path, method in (("/metrics", "GET"), ("/webhooks/events", "POST")) * (int(FAILURES.at_once) // 2):
            assert ask(path, method, "gnome-token-4711") == 401
        assert ask("/health/detail", "GET", "gnome-token-4711") == 429
        assert ask("/health/detail", "GET", "gnome-token-0815") == 429
        assert ask("/health/detail", "GET", secret) == 200
        assert ask("/health/detail", "GET", "gnome-token-0815", "192.0.2.2") == 200

    def test_a_bucket_fills_again(self) -> None:
        """So many at once, then as many as time brings; each token and each address has its own."""
        now = [0.0]
        limits = Limits(lambda: now[0])
        for _ in range(int(REQUESTS.at_once)):
            limits.of_token("k1")
            limits.of_address("192.0.2.1")
        for ask in (lambda: limits.of_token("k1"), lambda: limits.of_address("::ffff:192.0.2.1")):
            with pytest.raises(Problem, match="come again in 1 s"):
                ask()
        limits.of_token("k2")
        limits.of_address("192.0.2.2")
        now[0] += 10 / REQUESTS.per_second
        for _ in range(10):
            limits.of_token("k1")
        with pytest.raises(Problem):
            limits.of_token("k1")

    def test_a_customer_of_ipv6_is_one_whatever_address_they_take(self) -> None:
        """They have a network of their own, of 2 to the 64 addresses."""
        limits = Limits(lambda: 0.0)
        for number in range(int(FAILURES.at_once)):
            limits.of_failure(f"2001:db8::{number:x}")

        with pytest.raises(Problem):
            limits.of_failure("2001:db8::ffff")
        limits.of_failure("2001:db8:0:1::1")

    def test_who_sends_many_at_once_waits_for_themselves(self, office: Office) -> None:
        """
        So many of a caller's are worked on, the others wait for these; another caller's is answered meanwhile. Who may when
        their turn comes is what counts.
        """
        secrets = [tokens.create(office, name, Role.VIEWER)[1] for name in ("many", "one")]
        visits: list[Any] = []

        async def ask() -> None:
            go, full = asyncio.Event(), asyncio.Event()

            class Busy(WhoAmI):
                async def on_get(self, req: Any, resp: Any) -> None:
                    await super().on_get(req, resp)
                    visits.append(req.context.visits)
                    if resp.media[0] == "many":
                        full.set() if len(visits) == AT_ONCE else None
                        await go.wait()

            app = create_app(lambda: office)
            app.add_route("/busy", Busy(lambda: office))
            async with ASGIConductor(app) as conductor:
                many = [
                    asyncio.create_task(conductor.simulate_get("/busy", headers=bearer(secrets[0]), **HERE))
                    for _ in range(3 * AT_ONCE)
                ]
                await full.wait()
                other = await conductor.simulate_get("/busy", headers=bearer(secrets[1]), **HERE)
                assert (other.status_code, len(visits)) == (200, AT_ONCE + 1)
                await asyncio.to_thread(tokens.revoke, office, "k1")
                go.set()
                statuses = [answer.status_code for answer in await asyncio.gather(*many)]
                assert sorted(statuses) == [200] * AT_ONCE + [401] * 2 * AT_ONCE

        asyncio.run(ask())
        assert len(visits) == AT_ONCE + 1
        assert visits[0].shares._of == {}

    def test_memory_is_bounded(self) -> None:
        """However many addresses come."""
        limits = Limits(lambda: 0.0)
        for number in range(MOST + 500):
            limits.of_address(f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")

        assert len(limits._left) == MOST


def test_of_many_who_open_a_link_at_once_one_has_the_session(office: Office) -> None:
    """The link is used up in the transaction that begins it."""
    secret = make_link(office)

    def begin(_: int) -> Token | None:
        try:
            return open_session(office, secret)[0]
        except NotLetIn:
            return None

    with ThreadPoolExecutor(8) as pool:
        found = [one for one in pool.map(begin, range(16)) if one is not None]

    assert [one.kind for one in found] == [TokenKind.SESSION]
