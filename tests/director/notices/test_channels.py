"""How a notice goes out, to real servers: what they get, and what is said where they do not take it."""

import json
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from director.notices import channels, post
from director.notices.channels import send
from director.notices.wording import message
from director.triggers.signatures import Request, Scheme, key_of, verify
from director.words.alert import Channel, News
from director.words.errors import ChannelAway
from director.words.models import Notice
from director.words.settings import Settings
from tests.director.receivers import HttpReceiver, MailReceiver, http_receiver, mail_receiver

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

SIGNS = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

DATA = {
    "alert": "al3",
    "rule": "question",
    "subject": "a1",
    "what": "Question a1 of g1 has waited for a day: Sell <gnomes> & elves?",
    "costs": "g1 stands still.",
    "does": "It waits until 2026-11-24.",
    "command": "troupe approve a1",
    "raised_at": "2026-11-22T09:00:00+00:00",
}

NOTICE = Notice("n1", "default", News.RAISED, "raised al3", "0815", DATA, NOW)


@pytest.fixture
def server() -> Iterator[HttpReceiver]:
    """A server that takes notices."""
    with http_receiver() as receiver:
        yield receiver


@pytest.fixture
def mailbox() -> Iterator[MailReceiver]:
    """A mail server that lets in whoever comes."""
    with mail_receiver() as receiver:
        yield receiver


class TestSlack:
    """A chat."""

    def test_it_is_said_with_all_its_lines(self, server: HttpReceiver) -> None:
        """What happened, what it costs, what the team does, what changes it; nothing in it is a mark to the chat."""
        send(Settings(notify_slack_url=f"{server.url}/services/x"), Channel.SLACK, NOTICE, NOW)

        [got] = server.got
        assert ("/services/x", "application/json") == (got.path, got.headers["content-type"])
        assert json.loads(got.body)["text"].split("\n") == [
            "Alert: Question a1 of g1 has waited for a day: Sell &lt;gnomes&gt; &amp; elves?",
            "What happened: Question a1 of g1 has waited for a day: Sell &lt;gnomes&gt; &amp; elves?",
            "What it costs: g1 stands still.",
            "What the team does: It waits until 2026-11-24.",
            "What changes it: troupe approve a1",
            "(al3, question, since 2026-11-22 09:00 UTC)",
        ]

    @pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503])
    def test_what_is_no_yes_is_said(self, server: HttpReceiver, status: int) -> None:
        """With the status and the first of its words."""
        server.status, server.says = status, b"no_service\nfor   gnomes"

        with pytest.raises(ChannelAway, match=rf"answered with {status} \(no_service for gnomes\)\.$"):
            send(Settings(notify_slack_url=server.url), Channel.SLACK, NOTICE, NOW)

    def test_how_long_it_says_to_wait_is_handed_on(self, server: HttpReceiver) -> None:
        """Chats that are asked too often say when again."""
        server.status, server.reply_headers = 429, {"Retry-After": "30"}

        with pytest.raises(ChannelAway) as caught:
            send(Settings(notify_slack_url=server.url), Channel.SLACK, NOTICE, NOW)

        assert timedelta(seconds=30) == caught.value.retry_after

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_it_is_sent_nowhere_else(self, server: HttpReceiver, status: int) -> None:
        """A redirect is no yes, and nobody follows it."""
        server.status, server.reply_headers = status, {"Location": f"{server.url}/elsewhere"}

        with pytest.raises(ChannelAway, match=rf"answered with {status}, to ask elsewhere"):
            send(Settings(notify_slack_url=server.url), Channel.SLACK, NOTICE, NOW)

        assert ["/"] == [got.path for got in server.got]

    def test_one_that_is_not_there_is_said(self) -> None:
        """Nobody listens at that port."""
        with http_receiver() as gone:
            url = gone.url

        with pytest.raises(ChannelAway, match=r"cannot be reached: Connection refused\.$"):
            send(Settings(notify_slack_url=url), Channel.SLACK, NOTICE, NOW)

    def test_one_that_is_silent_is_not_waited_for(self, server: HttpReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
        """It has the notice, perhaps; nobody waits longer than the limit."""
        monkeypatch.setattr(post, "SILENCE", timedelta(seconds=0.05))
        server.answers.clear()

        with pytest.raises(ChannelAway, match="did not answer as a web server does: timed out"):
            send(Settings(notify_slack_url=server.url), Channel.SLACK, NOTICE, NOW)

    def test_one_that_hangs_anywhere_is_not_waited_for(
        self, server: HttpReceiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """In whatever it hangs: there is a limit for all of it."""
        monkeypatch.setattr(channels, "LIMIT", timedelta(seconds=0.05))
        server.answers.clear()

        with pytest.raises(ChannelAway, match="was not taken within"):
            send(Settings(notify_slack_url=server.url), Channel.SLACK, NOTICE, NOW)


class TestWebhook:
    """A program."""

    def test_it_is_signed_as_what_comes_in_is_verified(self, server: HttpReceiver) -> None:
        """Our own verifying of the same scheme takes it, and finds the number."""
        send(Settings(notify_webhook_url=server.url, notify_webhook_secret=SIGNS), Channel.WEBHOOK, NOTICE, NOW)

        [got] = server.got
        found = verify(Scheme.STANDARD, Request(got.headers, got.body), [key_of(Scheme.STANDARD, SIGNS)], now=NOW)
        assert "msg_0815" == found
        assert json.loads(got.body) == {"type": "alert.raised", "timestamp": NOW.isoformat(), "data": DATA}

    def test_a_second_try_has_the_same_number_and_body(self, server: HttpReceiver) -> None:
        """Only when it was signed differs."""
        for later in (0, 3600):
            at = NOW + timedelta(seconds=later)
            send(Settings(notify_webhook_url=server.url, notify_webhook_secret=SIGNS), Channel.WEBHOOK, NOTICE, at)

        first, second = server.got
        assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
        assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]


class TestEmail:
    """A mailbox."""

    def test_it_comes_as_a_mail(self, mailbox: MailReceiver) -> None:
        """From the mailbox itself where nobody logs in; with a number of its own, and marked as written by a program."""
        settings = Settings(smtp_url=f"smtp://127.0.0.1:{mailbox.port}", notify_email="owner@example.com")
        send(settings, Channel.EMAIL, NOTICE, NOW)

        [got] = mailbox.got
        assert got["Subject"] == "Troupe: Alert: Question a1 of g1 has waited for a day: Sell <gnomes> & elves?"
        assert (got["From"], got["To"]) == ("owner@example.com", "owner@example.com")
        assert (got["Message-ID"], got["Auto-Submitted"]) == ("<0815@troupe.invalid>", "auto-generated")
        assert "What changes it: troupe approve a1" in got.get_content()

    def test_who_logs_in_is_who_writes(self) -> None:
        """Where the name is an address; on this machine without encryption too."""
        with mail_receiver(login=True) as receiver:
            url = f"smtp://gnome%40example.com:gnomes%20only@127.0.0.1:{receiver.port}"
            send(Settings(smtp_url=url, notify_email="owner@example.com"), Channel.EMAIL, NOTICE, NOW)

        assert [(b"gnome@example.com", b"gnomes only")] == receiver.logins
        assert ["gnome@example.com"] == [got["From"] for got in receiver.got]

    def test_a_wrong_password_is_said(self) -> None:
        """With the server's own words."""
        with mail_receiver(login=True) as receiver:
            url = f"smtp://gnome:elves@127.0.0.1:{receiver.port}"
            with pytest.raises(ChannelAway, match=r"The mail server said 535 \(.*invalid\)"):
                send(Settings(smtp_url=url, notify_email="owner@example.com"), Channel.EMAIL, NOTICE, NOW)

    def test_one_that_cannot_take_it_now_is_said(self, mailbox: MailReceiver) -> None:
        """With its number and its words."""
        mailbox.refusal = "451 4.3.0 The gnomes are asleep"
        settings = Settings(smtp_url=f"smtp://127.0.0.1:{mailbox.port}", notify_email="owner@example.com")

        with pytest.raises(ChannelAway, match=r"said 451 \(4\.3\.0 The gnomes are asleep\)"):
            send(settings, Channel.EMAIL, NOTICE, NOW)

    def test_what_it_offers_to_encrypt_is_encrypted_for_whom_we_trust_only(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A certificate that nobody vouches for is none; with one that somebody does the mail goes encrypted."""
        key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
        made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost")
        names = ("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate)
        subprocess.run((*made, *names), check=True, capture_output=True)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        with mail_receiver(tls=tls) as receiver:
            url = f"smtp://127.0.0.1:{receiver.port}"
            settings = Settings(smtp_url=url, notify_email="owner@example.com")
            with pytest.raises(ChannelAway, match=r"The mail server cannot be used: .*certificate verify failed"):
                send(settings, Channel.EMAIL, NOTICE, NOW)
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            send(settings, Channel.EMAIL, NOTICE, NOW)

        assert [True] == receiver.encrypted


def test_a_channel_that_is_not_set_here_is_said() -> None:
    """Another worker may have it."""
    with pytest.raises(ChannelAway, match="NOTIFY_SLACK_URL is not set for this process"):
        send(Settings(), Channel.SLACK, NOTICE, NOW)


def test_what_comes_from_outside_is_one_line_and_obeyed_by_nobody() -> None:
    """A goal's words may have ends of lines, and what a terminal would obey."""
    notice = replace(NOTICE, data={**DATA, "what": "Sell\r\nBcc: elves@example.com \x1b[2Jgnomes" + " gnomes" * 50})

    said = message(notice)

    assert said.title.startswith("Alert: Sell Bcc: elves@example.com \\x1b[2Jgnomes gnomes")
    assert len(said.title) <= 122
    assert not any(control in "".join((said.title, *said.lines)) for control in "\r\n\x1b")
