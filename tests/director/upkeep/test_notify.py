"""Notices on their way: to every channel, in order, whatever is away meanwhile, and none twice under one number."""

import json
import logging
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from director.mailbox import admission, handling
from director.mailbox.turns import LEASE, MOST_ATTEMPTS, claim
from director.notices import channels
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.store import schema
from director.upkeep import notify
from director.upkeep.alerts import Watch
from director.upkeep.notify import (
    GIVE_UP_AFTER,
    LONGEST_WAIT,
    UNHEARD_AFTER,
    announce,
    deliver,
    deliver_unheard,
    mend,
)
from director.upkeep.sweep import sweep
from director.words.alert import Channel, News
from director.words.redaction import OWN
from director.words.states import TurnState
from tests.conftest import VERBS, SetClock
from tests.director.conftest import Impatience, RecordAway
from tests.director.receivers import HttpReceiver, MailReceiver, http_receiver, mail_receiver
from tests.director.store.test_postgresql import empty_url, server  # noqa: F401 - the fixtures

SIGNS = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

u, n, d = schema.turns, schema.notices, schema.deliveries


def tell(office: Office, said: str) -> None:
    """Make a notice, and ring."""
    with office.store.write() as tx:
        assert announce(tx, office, News.TEST, f"test {said}", {"said": said}) is not None
    admission.ring(office)


def work(office: Office) -> int:
    """Do the turns that may go out now, as workers would, until none may; how many."""
    done = 0
    while True:
        admission.ring(office)
        with office.store.read() as tx:
            out = tx.conn.execute(u.select().where(u.c.state == TurnState.DISPATCHED).order_by(u.c.id)).all()
        if not out:
            return done
        for turn in out:
            handling.handle(office, turn.id, VERBS, after_failure)
            done += 1


def said_in(receiver: HttpReceiver) -> list[str]:
    """What a program was told, in the order it came."""
    return [json.loads(got.body)["data"]["said"] for got in receiver.got]


def deliveries(office: Office) -> dict[str, list[str]]:
    """Of each channel, how its deliveries ended."""
    with office.store.read() as tx:
        rows = tx.conn.execute(d.select().order_by(d.c.id)).all()
    found: dict[str, list[str]] = {}
    for row in rows:
        end = "delivered" if row.delivered_at else "given up" if row.given_up_at else "on its way"
        found.setdefault(row.channel, []).append(end)
    return found


@pytest.fixture
def chat() -> Iterator[HttpReceiver]:
    """A chat that is there."""
    with http_receiver() as receiver:
        yield receiver


@pytest.fixture
def program() -> Iterator[HttpReceiver]:
    """A program that is there."""
    with http_receiver() as receiver:
        yield receiver


@pytest.fixture
def mailbox() -> Iterator[MailReceiver]:
    """A mail server that is there."""
    with mail_receiver() as receiver:
        yield receiver


@pytest.fixture
def telling(
    open_with: Callable[..., Office], chat: HttpReceiver, program: HttpReceiver, mailbox: MailReceiver
) -> Office:
    """An office with all three channels."""
    return open_with(
        notify_slack_url=f"{chat.url}/hook",
        notify_webhook_url=program.url,
        notify_webhook_secret=SIGNS,
        notify_email="owner@example.com",
        smtp_url=f"smtp://127.0.0.1:{mailbox.port}",
    )


def test_every_channel_gets_every_notice_once_in_order(
    telling: Office, chat: HttpReceiver, program: HttpReceiver, mailbox: MailReceiver
) -> None:
    """However many are made before anybody works."""
    for number in range(3):
        tell(telling, f"gnome {number}")

    work(telling)

    assert ["gnome 0", "gnome 1", "gnome 2"] == said_in(program)
    assert ["gnome 0", "gnome 1", "gnome 2"] == [json.loads(got.body)["text"].split("test: ")[1] for got in chat.got]
    assert 3 == len({mail["Message-ID"] for mail in mailbox.got}) == len(mailbox.got)
    assert {channel: ["delivered"] * 3 for channel in Channel} == deliveries(telling)
    assert 0 == work(telling)


def test_the_same_cause_makes_one_notice(telling: Office, program: HttpReceiver) -> None:
    """Whoever comes second finds that it was made."""
    tell(telling, "gnomes")
    with telling.store.write() as tx:
        assert announce(tx, telling, News.TEST, "test gnomes", {"said": "gnomes"}) is None

    work(telling)

    assert ["gnomes"] == said_in(program)


def test_where_no_channel_is_set_nothing_is_on_its_way(office: Office) -> None:
    """The log is told by who makes it; there is no turn that would wait for ever."""
    tell(office, "gnomes")

    assert {} == deliveries(office)
    assert 0 == work(office)


def test_a_channel_that_is_away_holds_nobody(
    telling: Office, chat: HttpReceiver, program: HttpReceiver, mailbox: MailReceiver, clock: SetClock
) -> None:
    """The others have theirs at once; what is meant for it has one turn, which is tried ever less often."""
    chat.status = 503
    for number in range(5):
        tell(telling, f"gnome {number}")
    work(telling)

    assert (5, 5) == (len(program.got), len(mailbox.got))
    assert ["on its way"] * 5 == deliveries(telling)[Channel.SLACK]
    for _ in range(60):
        clock.forward(timedelta(minutes=1))
        work(telling)
    assert 10 < len(chat.got) < 20

    chat.status, before = 200, len(chat.got)
    clock.forward(LONGEST_WAIT)
    work(telling)

    assert 5 == len(chat.got) - before
    assert ["delivered"] * 5 == deliveries(telling)[Channel.SLACK]


@pytest.mark.parametrize(("said", "waits"), [("300", timedelta(minutes=5)), ("86400", LONGEST_WAIT)])
def test_how_long_a_receiver_says_to_wait_is_waited(
    open_with: Callable[..., Office], chat: HttpReceiver, clock: SetClock, said: str, waits: timedelta
) -> None:
    """Who asks sooner is shut out by some; nobody is waited for longer than between any two tries."""
    office = open_with(notify_slack_url=chat.url)
    chat.status, chat.reply_headers = 429, {"Retry-After": said}
    tell(office, "gnomes")
    work(office)
    clock.forward(waits - timedelta(seconds=1))
    work(office)
    assert 1 == len(chat.got)
    clock.forward(timedelta(seconds=1))
    work(office)
    assert 2 == len(chat.got)


def test_channels_that_go_away_and_come_back_get_each_notice_once(
    telling: Office, chat: HttpReceiver, program: HttpReceiver, mailbox: MailReceiver, clock: SetClock
) -> None:
    """Whenever each is there and whenever something is told: all of it comes, in order, and nothing twice under a number."""
    dice = random.Random(26)  # the same course each time
    for number in range(40):
        chat.status, program.status = (dice.choice((200, 200, 429, 503)) for _ in range(2))
        mailbox.refusal = dice.choice((None, None, "451 asleep"))
        taken = [len(chat.got), len(program.got)]
        if number % 2 == 0:
            tell(telling, f"gnome {number // 2}")
        work(telling)
        for receiver, before in zip((chat, program), taken, strict=True):
            if receiver.status != 200:
                del receiver.got[before:]  # what was not taken, nobody has
        clock.forward(timedelta(seconds=dice.choice((1, 30, 300))))
    chat.status = program.status = 200
    mailbox.refusal = None
    clock.forward(LONGEST_WAIT)
    work(telling)

    assert [f"gnome {number}" for number in range(20)] == said_in(program)
    assert 20 == len({got.headers["webhook-id"] for got in program.got})
    assert 20 == len({got.body for got in chat.got}) == len(chat.got)
    assert 20 == len({mail["Message-ID"] for mail in mailbox.got}) == len(mailbox.got)


def test_what_nobody_takes_for_a_day_is_given_up_and_said(
    telling: Office, chat: HttpReceiver, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has an error and the record the reason; what is newer goes on."""
    chat.status = 404
    tell(telling, "an old gnome")
    work(telling)
    clock.forward(GIVE_UP_AFTER)
    tell(telling, "a new gnome")
    with caplog.at_level(logging.ERROR, "director.upkeep.notify"):
        work(telling)

    assert ["given up", "on its way"] == deliveries(telling)[Channel.SLACK]
    said = [record.getMessage() for record in caplog.records if record.name == notify.__name__]
    assert ["A notice is given up after 24 h: n1 is not delivered to slack. It answered with 404 (ok)."] == said
    with telling.store.read() as tx:
        assert ["n1"] == [delivery.notice for delivery in tx.notices.given_up(limit=9)]
        assert [] == tx.events.all(), "it is no agent's failure"


def test_one_that_waited_for_a_worker_for_longer_is_tried_all_the_same(
    telling: Office, program: HttpReceiver, clock: SetClock
) -> None:
    """It was nobody's refusal that kept it."""
    tell(telling, "a patient gnome")
    clock.forward(2 * GIVE_UP_AFTER)
    work(telling)

    assert ["a patient gnome"] == said_in(program)


class TestCrashes:
    """Between the receiver's yes and the record."""

    @pytest.fixture
    def telling(self, open_with: Callable[..., Office], program: HttpReceiver) -> Office:
        """An office that tells a program."""
        return open_with(notify_webhook_url=program.url, notify_webhook_secret=SIGNS)

    def test_it_is_sent_again_under_the_same_number(
        self, telling: Office, program: HttpReceiver, clock: SetClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Who receives it can tell that it is the same."""
        tell(telling, "gnomes")

        def die(*_: Any) -> None:
            raise SystemExit(1)

        with monkeypatch.context() as dying:
            dying.setattr(notify, "_write_down", die)
            with pytest.raises(SystemExit):
                work(telling)
        clock.forward(LEASE + timedelta(seconds=1))
        sweep(telling)
        work(telling)

        assert ["gnomes", "gnomes"] == said_in(program)
        assert 1 == len({(got.headers["webhook-id"], got.body) for got in program.got})
        assert ["delivered"] == deliveries(telling)[Channel.WEBHOOK]

    def test_one_that_lost_its_lease_meanwhile_counts_as_delivered(
        self, telling: Office, program: HttpReceiver, clock: SetClock
    ) -> None:
        """Whoever holds the turn by then finds nothing to send, and what is next is sent once."""
        tell(telling, "a slow gnome")
        tell(telling, "another gnome")
        with telling.store.read() as tx:
            [turn] = tx.conn.execute(u.select()).all()
        held = claim(telling, turn.id)
        assert held is not None
        clock.forward(LEASE + timedelta(seconds=1))
        sweep(telling)
        other = claim(replace(telling, owner="another"), turn.id)
        assert other is not None
        deliver(telling, held)
        deliver(telling, other)
        assert ["a slow gnome"] == said_in(program), "what is next has a turn of its own"
        work(telling)

        assert ["a slow gnome", "another gnome"] == said_in(program)
        assert ["delivered"] * 2 == deliveries(telling)[Channel.WEBHOOK]

    def test_one_that_takes_its_workers_along_is_given_up_and_the_others_go_on(
        self, telling: Office, program: HttpReceiver, monkeypatch: pytest.MonkeyPatch, clock: SetClock
    ) -> None:
        """A fault of ours in one notice keeps no other back."""
        tell(telling, "a cursed gnome")
        tell(telling, "gnomes")

        def fault(*_: Any) -> None:
            raise ZeroDivisionError

        with monkeypatch.context() as broken:
            broken.setattr(channels, "send", fault)
            for _ in range(MOST_ATTEMPTS):
                with pytest.raises(ZeroDivisionError):
                    work(telling)
                clock.forward(timedelta(minutes=1))
        mend(telling)
        work(telling)

        assert ["gnomes"] == said_in(program)
        assert ["given up", "delivered"] == deliveries(telling)[Channel.WEBHOOK]

    def test_what_a_receiver_took_is_not_sent_again_because_the_record_went_away(
        self, telling: Office, program: HttpReceiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Between its yes and the record: it is written down as soon as that is possible, however long it takes."""
        tell(telling, "gnomes")
        away, send = RecordAway(telling), channels.send

        def send_and_lose_the_record(*given: Any) -> None:
            send(*given)
            away.go()

        monkeypatch.setattr(channels, "send", send_and_lose_the_record)
        handling.handle(replace(telling, closing=Impatience(away.come_back)), 1, VERBS, after_failure)
        work(telling)

        assert ["gnomes"] == said_in(program)
        assert ["delivered"] == deliveries(telling)[Channel.WEBHOOK]

    def test_whoever_looks_for_alerts_gives_up_what_failed_and_delivers_what_is_next(
        self, telling: Office, program: HttpReceiver, monkeypatch: pytest.MonkeyPatch, clock: SetClock
    ) -> None:
        """Where the bell of what is next is heard by nobody, too: one look does all of it."""
        tell(telling, "a cursed gnome")
        tell(telling, "gnomes")
        with telling.store.write() as tx:
            tx.conn.execute(u.update().values(state=TurnState.FAILED, due_at=None, error="ZeroDivisionError"))
        clock.forward(UNHEARD_AFTER)
        Watch(telling).look()

        assert ["gnomes"] == said_in(program)
        assert ["given up", "delivered"] == deliveries(telling)[Channel.WEBHOOK]
        with telling.store.read() as tx:
            assert ["ZeroDivisionError"] == [one.problem for one in tx.notices.given_up(limit=9)]

    def test_mending_what_is_well_changes_nothing(self, telling: Office, program: HttpReceiver) -> None:
        """It may be called at any time."""
        mend(telling)
        tell(telling, "gnomes")
        mend(telling)
        work(telling)
        mend(telling)

        assert ["gnomes"] == said_in(program)


class TestUnheard:
    """Redis is away in these tests, so no bell rings: whoever looks after notices delivers them itself."""

    @pytest.fixture
    def telling(self, open_with: Callable[..., Office], program: HttpReceiver) -> Office:
        """An office that tells a program."""
        return open_with(notify_webhook_url=program.url, notify_webhook_secret=SIGNS)

    def test_it_is_delivered_without_a_bell(self, telling: Office, program: HttpReceiver, clock: SetClock) -> None:
        """Once a worker has had the time to; once, although it is looked for again."""
        tell(telling, "gnomes")
        deliver_unheard(telling)
        assert [] == program.got
        clock.forward(UNHEARD_AFTER)
        for _ in range(2):
            deliver_unheard(telling)

        assert ["gnomes"] == said_in(program)

    def test_what_a_worker_has_is_left_to_it(self, telling: Office, program: HttpReceiver, clock: SetClock) -> None:
        """However long the receiver takes."""
        tell(telling, "gnomes")
        held = claim(telling, 1)
        assert held is not None
        clock.forward(UNHEARD_AFTER)
        deliver_unheard(telling)
        assert [] == program.got

        deliver(telling, held)
        assert ["gnomes"] == said_in(program)

    def test_one_that_took_a_process_along_is_left_to_workers(
        self, telling: Office, program: HttpReceiver, clock: SetClock
    ) -> None:
        """They do it alone; who looks after everything else must not be the next it takes along."""
        tell(telling, "a cursed gnome")
        with telling.store.write() as tx:
            tx.conn.execute(u.update().values(crashes=1))
        clock.forward(UNHEARD_AFTER)
        deliver_unheard(telling)

        assert [] == program.got

    def test_one_that_is_away_waits_its_time(self, telling: Office, program: HttpReceiver, clock: SetClock) -> None:
        """It is no reason to try more often."""
        program.status = 503
        tell(telling, "gnomes")
        clock.forward(UNHEARD_AFTER)
        for _ in range(3):
            deliver_unheard(telling)

        assert ["gnomes"] == said_in(program)


def test_no_secret_is_told_or_kept(open_with: Callable[..., Office], chat: HttpReceiver, program: HttpReceiver) -> None:
    """Neither those in what happened, nor those a receiver repeats."""
    token = "-".join(("hook", "of", "gnomeland", "0815"))
    office = open_with(
        notify_slack_url=f"{chat.url}/services/{token}", notify_webhook_url=program.url, notify_webhook_secret=SIGNS
    )
    chat.status, chat.says = 404, f"no channel for services/{token} and {SIGNS}".encode()
    with office.store.write() as tx:
        announce(tx, office, News.TEST, "test", {"said": f"Found {SIGNS}", "more": [{"deep": token}]})
    work(office)

    with office.store.read() as tx:
        kept = repr([tx.conn.execute(table.select()).all() for table in (u, n, d)])
    assert token not in kept
    assert SIGNS not in kept
    assert f"[removed: {OWN}]" in kept
    assert [f"Found [removed: {OWN}]"] == said_in(program)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_what_is_made_while_the_last_is_delivered_is_not_forgotten(
    database: str, open_with: Callable[..., Office], program: HttpReceiver, request: pytest.FixtureRequest
) -> None:
    """Who ends a channel's turn waits for who is making a notice: else neither would begin the next turn."""
    url = request.getfixturevalue("empty_url") if database == "postgresql" else None
    office = open_with(notify_webhook_url=program.url, notify_webhook_secret=SIGNS, database_url=url)
    tell(office, "gnomes")
    with ThreadPoolExecutor(1) as pool:
        with office.store.write() as tx:
            announce(tx, office, News.TEST, "test elves", {"said": "elves"})
            working = pool.submit(handling.handle, office, 1, VERBS, after_failure)
            with pytest.raises(TimeoutError):
                working.result(0.5)
        working.result(30)
    work(office)

    assert ["gnomes", "elves"] == said_in(program)
    assert ["delivered"] * 2 == deliveries(office)[Channel.WEBHOOK]
