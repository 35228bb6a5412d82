"""Each rule the bench checks finds the fault it is there for, and finds nothing where there is none."""

import json
import sqlite3
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from sqlalchemy import insert, select, text

from director.goals.submit import submit
from director.office import Office
from director.store import schema
from director.words.models import Goal
from director.words.settings import Settings
from director.words.states import CallState
from tests.chaos.invariants import broken, file_is_whole
from tests.e2e.installation import Installation
from tests.messages_server import MessagesServer


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    """The model service."""
    with MessagesServer() as server:
        yield server


@pytest.fixture
def place(
    settings: Settings,
    server: MessagesServer,
    open_with: Callable[..., Office],
    drain: Callable[[Office, Goal], Goal],
) -> Iterator[Installation]:
    """Where a goal was completed and nothing went wrong."""
    office = open_with(anthropic_base_url=server.url)
    drain(office, submit(office, "Sell the singing gnome", pipeline="Social Week"))
    with Installation(settings.workspace_dir.parent) as place:
        yield place


def test_where_nothing_went_wrong_nothing_is_found(place: Installation, server: MessagesServer) -> None:
    """No rule is broken by a goal that was simply done."""
    assert broken(place, server) == []


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("update goals set state = 'running'", "g1 is running"),
        ("update goals set state = 'waiting', reason = 'nobody knows'", "g1 is waiting"),
        (
            "update turns set state = 'dispatched', due_at = null where id = 1",
            "turn 1 is dispatched and never looked at",
        ),
        ("update turns set state = 'held' where id = 1", "turn 1 is held and nobody is asked"),
        ("update calls set state = 'reserved', due_at = null where id = 1", "call 1 is reserved and never looked at"),
        ("update accounts set spent_nano = spent_nano + 1 where scope = 'goal g1'", "the account of goal g1 says"),
        ("update goals set cap_nano = 1", "the account of goal g1 is over its cap"),
        ("update turns set verb = 'conclude' where verb = 'review'", "report g1 exists 2 times"),
        ("update calls set turn = 2, purpose = 'draft'", "turn 2 \\(draft\\) was answered 4 times"),
        ("update calls set request_id = 'req_of_nobody' where id = 1", "an answer the service did not give"),
        ("update calls set key = 'another' where id = 1", "came 1 times and is listed 0 times"),
    ],
)
def test_damage_to_the_record_is_found(place: Installation, server: MessagesServer, damage: str, sentence: str) -> None:
    """One row that is not as it has to be, and the sentence that names it."""
    with place.record() as tx:
        engine = tx.conn.engine
    with engine.begin() as conn:
        conn.execute(text(damage))

    with pytest.raises(AssertionError, match=sentence):
        assert not "\n".join(broken(place, server))


def test_a_report_that_is_missing_is_found(place: Installation, server: MessagesServer) -> None:
    """A completed goal has one."""
    (place.workspace / "reports" / "g1.md").unlink()

    assert broken(place, server) == ["reports of [] too many, of ['g1'] missing"]


def test_a_request_nobody_listed_is_found(place: Installation, server: MessagesServer) -> None:
    """The service was asked once more than the ledger says."""
    _ask_again(server)

    assert any("came 2 times and is listed 1 times" in sentence for sentence in broken(place, server))


def test_an_answer_that_was_kept_and_asked_for_again_is_found(place: Installation, server: MessagesServer) -> None:
    """A listed call that was lost before does not excuse a request that came after the answer was kept."""
    with place.record() as tx:
        engine = tx.conn.engine
    with engine.begin() as conn:
        kept = conn.execute(select(schema.calls).where(schema.calls.c.id == 1)).one()._asdict()
        earlier = {"id": -1, "state": CallState.LOST, "cost_nano": 0, "request_id": None, "answer_hash": None}
        conn.execute(insert(schema.calls).values({**kept, **earlier}))
    _ask_again(server)

    assert [sentence[:35] for sentence in broken(place, server)] == ["call 1 (draft) was kept and asked f"]


def test_an_answer_that_was_asked_for_again_while_it_was_taken_for_lost_is_no_fault(
    place: Installation, server: MessagesServer
) -> None:
    """Who asked first came back with it after all; both requests are listed, under the same key."""
    with place.record() as tx:
        engine = tx.conn.engine
    with engine.begin() as conn:
        kept = conn.execute(select(schema.calls).where(schema.calls.c.id == 1)).one()._asdict()
        again = {"id": 99, "state": CallState.DUPLICATE, "cost_nano": 0, "request_id": None, "answer_hash": None}
        conn.execute(insert(schema.calls).values({**kept, **again}))
    _ask_again(server)
    assert [sentence[:35] for sentence in broken(place, server)] == ["call 1 (draft) was kept and asked f"]
    with engine.begin() as conn:
        line = {"goal": "g1", "subject": "g1-1", "what": "call lost", "detail": "call 1 (draft): gone", "by": "ledger"}
        conn.execute(insert(schema.journal).values(**line, at=kept["created_at"]))

    assert broken(place, server) == []


def test_a_file_that_is_damaged_is_found(place: Installation) -> None:
    """SQLite itself is asked."""
    file = place.state_dir / "troupe.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    with file.open("r+b") as damaged:
        damaged.seek(4096)
        damaged.write(b"gnome" * 4096)

    assert [sentence[:23] for sentence in file_is_whole(place)] == ["the database is corrupt"]


def _ask_again(server: MessagesServer) -> None:
    body = json.dumps(server.asked[0].document).encode()
    urllib.request.urlopen(f"{server.url}/v1/messages", body).close()  # noqa: S310 - our own server
