"""`alerts`: what is wrong, what was, who is told; and a test of every channel."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from director.files.room import Room
from director.mailbox import handling
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.upkeep import alert_rules
from director.upkeep.alerts import GONE, LOOK_EVERY, Watch
from tests.conftest import VERBS, SetClock
from tests.director.cli.conftest import Said
from tests.director.conftest import at_work
from tests.director.receivers import HttpReceiver, http_receiver, mail_receiver

Say = Callable[..., Said]

SIGNS = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def chat() -> Iterator[HttpReceiver]:
    """A chat that is there."""
    with http_receiver() as receiver:
        yield receiver


@pytest.fixture
def space(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """A disk that is nearly full: bytes that are free, and that there are."""
    found = [(9, 100)]
    monkeypatch.setattr(alert_rules, "room_of", lambda folder: Room(folder, *found[0]))
    return found


@pytest.fixture
def office(open_with: Callable[..., Office], chat: HttpReceiver, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office with a chat, as it is in the environment too."""
    monkeypatch.setenv("NOTIFY_SLACK_URL", f"{chat.url}/services/gnomes")
    return open_with(notify_slack_url=f"{chat.url}/services/gnomes")


def test_nothing_is_wrong_is_said_and_whether_anybody_looks(office: Office, say: Say, clock: SetClock) -> None:
    """Without a worker nobody would notice."""
    said = say("alerts")
    assert said.code == 0
    assert said.out.startswith("Nothing is wrong.\nNo worker is running, so nobody looks: ")
    assert "The log is told, and slack (" in said.out

    clock.now = datetime.now(UTC)  # which the command goes by
    at_work(office)
    assert "nobody looks" not in say("alerts").out


def test_what_is_wrong_is_shown_with_what_changes_it_and_then_as_over(
    office: Office, say: Say, space: list[tuple[int, int]], clock: SetClock
) -> None:
    """`status` names it in a line; as JSON it has all its parts."""
    watch = Watch(office)
    watch.look()
    said = say("alerts").out.splitlines()
    assert said[0] == "al1  disk, since 2026-11-22 09:00 UTC"
    begins = ("    Costs: ", "    The team: ", "    Changes it: du -xh ")
    assert 3 == sum(line.startswith(begins) for line in said)
    assert "Open alerts: 1 (" in say("status").out
    [found] = json.loads(say("alerts", "--json").out)["open"]
    assert ("al1", "disk", "workspace", None) == tuple(found[key] for key in ("id", "rule", "subject", "resolved_at"))
    assert [found] == json.loads(say("status", "--json").out)["alerts"]

    space[0] = (50, 100)
    for _ in range(GONE):
        clock.forward(LOOK_EVERY)
        watch.look()
    said = say("alerts").out
    assert said.startswith("Nothing is wrong.")
    assert "al1   disk  11-22 09:00  11-22 09:00  9% of the disk" in said
    assert "Open alerts" not in say("status").out


def test_what_has_not_reached_its_channel_is_told(
    office: Office, say: Say, chat: HttpReceiver, space: list[tuple[int, int]], clock: SetClock
) -> None:
    """How much, since when, why, and when it is tried again."""
    Watch(office).look()
    assert "On their way: 1 notice to slack, since 2026-11-22 09:00 UTC." in say("alerts").out
    chat.status, chat.says = 404, b"no_such_hook"
    handling.handle(office, 1, VERBS, after_failure)  # the record's first turn

    assert (
        "Not delivered: 1 notice to slack, since 2026-11-22 09:00 UTC: n1 is not delivered to slack. It answered with 404 "
        "(no_such_hook); tried again at 09:00:02 UTC."
    ) in " ".join(say("alerts").out.split())
    [waiting] = json.loads(say("alerts", "--json").out)["waiting"]
    assert ("n1", "slack") == (waiting["notice"], waiting["channel"])


class TestTest:
    """`alerts test`."""

    def test_each_channel_is_tried_and_what_came_of_it_is_said(
        self, office: Office, say: Say, chat: HttpReceiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With exit code 1 where one did not take it; nothing is kept of it."""
        with http_receiver() as program, mail_receiver() as mailbox:
            program.status, program.says = 401, f"{SIGNS} is wrong".encode()
            for name, value in {
                "NOTIFY_WEBHOOK_URL": program.url,
                "NOTIFY_WEBHOOK_SECRET": SIGNS,
                "NOTIFY_EMAIL": "owner@example.com",
                "SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}",
            }.items():
                monkeypatch.setenv(name, value)
            said = say("alerts", "test")
            also = json.loads(say("alerts", "test", "--json").out)["channels"]

        slack, webhook, email = said.out.splitlines()
        assert said.code == 1
        assert slack.startswith("slack: delivered in ")
        assert (
            webhook
            == "webhook: not delivered: It answered with 401 ([removed: a secret of this installation] is wrong)."
        )
        assert email.startswith("email: delivered in ")
        assert [True, False, True] == [one["delivered"] for one in also]
        assert (2, 2) == (len(chat.got), len(mailbox.got))
        with office.store.read() as tx:
            assert [] == tx.notices.on_their_way()

    def test_all_well_is_exit_code_0(self, office: Office, say: Say) -> None:
        """What was asked for happened."""
        assert say("alerts", "test").code == 0

    def test_where_no_channel_is_set_it_says_which_there_are(
        self, office: Office, say: Say, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The log needs no test."""
        monkeypatch.delenv("NOTIFY_SLACK_URL")
        said = say("alerts", "test")

        assert said.code == 0
        assert "NOTIFY_SLACK_URL, NOTIFY_WEBHOOK_URL or NOTIFY_EMAIL" in said.out
