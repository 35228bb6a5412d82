"""What the service says no to is not paid, in whatever form the no comes, and its words are what people read."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from director.calls.ask import ask
from director.claude.rehearsal.service import Reply
from director.mailbox.turns import Held
from director.mailbox.weather import LONGEST_TOLD
from director.office import Office
from director.words.errors import ModelAway, ModelError, ModelRefused
from director.words.models import Call
from director.words.states import CallState
from tests.conftest import SetClock
from tests.director.calls.test_ask import REQUEST, message
from tests.messages_server import MessagesServer, says_no

OpenWith = Callable[..., Office]
Claimed = Callable[..., Held]
Asked = Callable[..., tuple[ModelError, Call]]

#: Each type of error, and the status it comes with where the service is asked directly.
STATUSES = {
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
    "one_that_is_new": 500,
}

JSON = {"content-type": "application/json"}


@pytest.fixture
def asked(open_with: OpenWith, claimed: Claimed, clock: SetClock) -> Asked:
    """What asking comes to where the service answers with a reply: the error, and the call as it is in the ledger."""

    def play(reply: Reply) -> tuple[ModelError, Call]:
        with MessagesServer(front=lambda _: reply) as server:
            office = open_with(anthropic_base_url=server.url, call_timeout=timedelta(seconds=20))
            held = claimed()
            with pytest.raises(ModelError) as problem:
                ask(office, held, REQUEST)
        with office.store.read() as tx:
            [call] = tx.calls.of_goal(held.turn.goal or "")
        clock.forward(LONGEST_TOLD)  # what was told to wait is over when it is asked next
        return problem.value, call

    return play


@pytest.mark.parametrize("kind", STATUSES)
@pytest.mark.parametrize("as_events", [False, True], ids=["document", "event"])
def test_an_error_under_a_200_is_what_it_is_under_its_own_status(asked: Asked, kind: str, as_events: bool) -> None:
    """The same class, the same sentence, and as free: a gateway in between changes none of it."""
    plain, _ = asked(says_no(kind, "Come back later", status=STATUSES[kind]))
    hidden, call = asked(says_no(kind, "Come back later", as_events=as_events))

    assert (type(plain), str(plain)) == (type(hidden), str(hidden))
    assert "Come back later" in str(hidden)
    assert (CallState.REFUSED, 0) == (call.state, call.cost_nano)


def test_an_overloaded_service_that_says_so_under_a_200_is_waited_for(asked: Asked) -> None:
    """Not taken for a broken server, and its own word is shown."""
    problem, _ = asked(says_no("overloaded_error", "Overloaded"))

    assert isinstance(problem, ModelAway)
    assert "The model service is busy (529): Overloaded." == str(problem)


@pytest.mark.parametrize(("kind", "error"), [("overloaded_error", ModelAway), ("invalid_request_error", ModelRefused)])
def test_a_stream_that_had_begun_may_be_paid(asked: Asked, kind: str, error: type[ModelError]) -> None:
    """Nobody says whether what was written by then is billed: it counts at its worst, with the service's words."""
    problem, call = asked(says_no(kind, "Overloaded", as_events=True, begun=True))

    assert isinstance(problem, error)
    assert "Overloaded, after its answer had begun" in str(problem)
    assert (CallState.LOST, call.reserved_nano) == (call.state, call.cost_nano)


@pytest.mark.parametrize(
    "document",
    [
        {"error": {"message": "Out of slots", "type": "server_error", "code": None}},
        {"error": "Out of slots"},
        {"type": "error", "message": "Out of slots"},
        {"type": "error", "error": {"type": 7, "message": "Out of slots"}},
        {"object": "error", "message": "Out of slots", "code": 50001},
        {"detail": "Out of slots"},
        [{"error": {"code": 503, "message": "Out of slots", "status": "UNAVAILABLE"}}],
    ],
    ids=str,
)
def test_an_error_in_another_servers_form_is_a_no_too(asked: Asked, document: object) -> None:
    """Other servers speak the Messages API, and fail in their own words."""
    problem, call = asked(Reply(200, JSON, json.dumps(document).encode()))

    assert "Out of slots" in str(problem)
    assert (CallState.REFUSED, 0) == (call.state, call.cost_nano)


def test_an_event_that_lacks_its_last_line_is_heard(asked: Asked) -> None:
    """Whoever said no hung up right behind its words."""
    no = says_no("overloaded_error", "Overloaded", as_events=True)
    problem, call = asked(replace(no, body=no.body.rstrip(b"\n")))

    assert "The model service is busy (529): Overloaded." == str(problem)
    assert (CallState.REFUSED, 0) == (call.state, call.cost_nano)


def test_who_is_only_ever_sent_on_pays_nothing(asked: Asked) -> None:
    """Two gateways that each name the other: nobody was asked in the end."""
    problem, call = asked(Reply(307, {"location": "/v1/messages"}, b""))

    assert isinstance(problem, ModelAway)
    assert "redirects." == str(problem)[-10:]
    assert (CallState.REFUSED, 0) == (call.state, call.cost_nano)


def test_a_message_that_lacks_its_usage_is_no_no(asked: Asked) -> None:
    """It may be paid: only what says that it is an error is one."""
    _, call = asked(Reply(200, JSON, message(usage=None, error=None).encode()))

    assert CallState.LOST is call.state


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_no_that_lies_about_how_it_is_packed_is_heard(asked: Asked, encoding: str) -> None:
    """A proxy unpacked it and left the header: the status has said what counts, and the words are there."""
    no = says_no("overloaded_error", "Overloaded", status=529)
    problem, call = asked(replace(no, headers={**JSON, "content-encoding": encoding}))

    assert "The model service is busy (529): Overloaded." == str(problem)
    assert (CallState.REFUSED, 0) == (call.state, call.cost_nano)


def test_a_no_whose_words_are_cut_off_is_heard(asked: Asked) -> None:
    """The connection ended in the middle of them; the status came before."""
    no = says_no("overloaded_error", "Overloaded", status=529)
    problem, call = asked(replace(no, headers={**JSON, "content-length": "500"}))

    assert str(problem).startswith("The model service is busy (529)")
    assert (CallState.REFUSED, 0) == (call.state, call.cost_nano)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_a_message_is_read_whether_it_is_packed_as_it_says_or_not(
    open_with: OpenWith, claimed: Claimed, packed: bool
) -> None:
    """It is paid, so it is not thrown away for a header."""
    body = message(model=REQUEST.model).encode()
    reply = Reply(200, {**JSON, "content-encoding": "gzip"}, gzip.compress(body) if packed else body)
    with MessagesServer(front=lambda _: reply) as server:
        office = open_with(anthropic_base_url=server.url)

        assert "Hi" == ask(office, claimed(), REQUEST).text


def test_an_address_with_a_part_too_much_is_named(open_with: OpenWith, claimed: Claimed) -> None:
    """Who was asked, for what, and which variable says so."""
    with MessagesServer() as server:
        office = open_with(anthropic_base_url=f"{server.url}/v1/messages")
        with pytest.raises(ModelRefused) as problem:
            ask(office, claimed(), replace(REQUEST, model="claude-haiku-5-5"))
    assert "127.0.0.1 has no /v1/messages/v1/messages" in str(problem.value)
    assert "ANTHROPIC_BASE_URL" in str(problem.value)


@pytest.mark.parametrize("status", [400, 402, 403, 404, 405, 413, 422])
def test_who_refused_a_request_is_named(asked: Asked, status: int) -> None:
    """Between here and the service may stand somebody else, whose refusal it is."""
    problem, _ = asked(says_no("invalid_request_error", "no", status=status))

    assert isinstance(problem, ModelRefused)
    assert "127.0.0.1" in str(problem)


@pytest.mark.parametrize(
    ("given", "least_s", "most_s"),
    [
        ("7", 7, 7),
        ("0.5", 0.5, 0.5),
        ("-3", 0, 0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0, 0),
        ("10000000000", 10**10, 10**10),
    ],
)
def test_how_long_to_wait_is_read_in_seconds_or_as_a_date(
    asked: Asked, given: str, least_s: float, most_s: float
) -> None:
    """Both are in the rules of HTTP. What is past is now; the longest wait is limited where the turn is put back."""
    no = says_no("rate_limit_error", "Slow down", status=429)
    problem, _ = asked(replace(no, headers={**JSON, "retry-after": given}))

    assert isinstance(problem, ModelAway)
    assert problem.retry_after is not None
    assert timedelta(seconds=least_s) <= problem.retry_after <= timedelta(seconds=most_s)


@pytest.mark.parametrize("usegmt", [True, False])
def test_a_date_to_come_is_as_far_away_as_it_is(asked: Asked, usegmt: bool) -> None:
    """Its zone written as a name, or as a number."""
    before = datetime.now(UTC)
    given = format_datetime(before + timedelta(hours=3), usegmt=usegmt)
    problem, _ = asked(
        replace(says_no("rate_limit_error", "Slow down", status=429), headers={**JSON, "retry-after": given})
    )
    passed = datetime.now(UTC) - before

    assert isinstance(problem, ModelAway)
    assert problem.retry_after is not None
    # A date has whole seconds.
    assert timedelta(hours=3, seconds=-1) - passed <= problem.retry_after <= timedelta(hours=3)


def test_a_wait_beyond_all_bounds_is_as_long_as_any(asked: Asked) -> None:
    """It is no reason to wait as if nothing had been said."""
    no = says_no("rate_limit_error", "Slow down", status=429)
    problem, _ = asked(replace(no, headers={**JSON, "retry-after": "1e400"}))

    assert isinstance(problem, ModelAway)
    assert problem.retry_after == timedelta.max


@pytest.mark.parametrize(
    "given",
    [
        "",
        "soon",
        "Sun, 99 Nov 2026 08:49:37 GMT",
        "Sun, 06 Nov 999999999999 08:49:37 GMT",
        "Sun, 06 Nov 2027 08:49:37 +99999999999999",
    ],
)
def test_a_wait_that_cannot_be_read_is_none(asked: Asked, given: str) -> None:
    """Then the turn's own waits apply."""
    no = says_no("rate_limit_error", "Slow down", status=429)
    problem, _ = asked(replace(no, headers={**JSON, "retry-after": given}))

    assert isinstance(problem, ModelAway)
    assert problem.retry_after is None
