"""Links in notices: what one says cannot be changed, and where one stands."""

import json
import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from director.notices.channels import send
from director.notices.links import GOOD_FOR, Link, NoGoodLink, read, sign, with_links
from director.notices.wording import message
from director.words.alert import Channel, News
from director.words.models import Notice
from director.words.redaction import blank, find
from director.words.settings import Settings
from tests.director.receivers import HttpReceiver, MailReceiver, http_receiver, mail_receiver

NOW = datetime(2026, 11, 22, 9, 0, 0, 250_000, tzinfo=UTC)
KEY = "k" * 32
LINK = Link("a1", "0123456789abcdef01234567", datetime(2026, 11, 25, 9, tzinfo=UTC), Channel.EMAIL, "owner@example.com")
SETTINGS = Settings(public_url="https://troupe.example.com", link_secret=KEY, notify_email="owner@example.com")

RAISED = Notice(
    "n1",
    "default",
    News.RAISED,
    "raised al3",
    "0815",
    {
        "alert": "al3",
        "rule": "question",
        "subject": "a1",
        "version": LINK.version,
        "what": "Question a1 of g1 has waited.",
        "costs": "g1 stands still.",
        "does": "It waits.",
        "command": "troupe approve a1",
        "raised_at": "2026-11-22T09:00:00+00:00",
    },
    NOW,
)


def morning(*questions: dict[str, str]) -> Notice:
    """A morning's note with these questions."""
    data = {
        "day": "2026-11-22",
        "since": NOW.isoformat(),
        "until": NOW.isoformat(),
        "done": [],
        "more_done": 0,
        "spent": "$0.00",
        "rehearsed": "",
        "questions": list(questions),
        "more_questions": 0,
        "alerts": [],
    }
    return replace(RAISED, news=News.MORNING, data=data)


@pytest.fixture
def mailbox() -> Iterator[MailReceiver]:
    """A mail server."""
    with mail_receiver() as receiver:
        yield receiver


@pytest.fixture
def server() -> Iterator[HttpReceiver]:
    """A chat."""
    with http_receiver() as receiver:
        yield receiver


def test_a_link_says_what_was_signed() -> None:
    """In letters that an address can have."""
    secret = sign(KEY, LINK)

    assert set(secret) <= {*string.ascii_letters, *string.digits, *"_-."}
    assert read(KEY, secret, NOW) == LINK


def test_a_link_of_which_a_letter_is_another_opens_nothing() -> None:
    """Wherever it is: what it is for, until when, and who signed it."""
    secret = sign(KEY, LINK)
    for place in range(len(secret)):
        other = "A" if secret[place] != "A" else "B"
        with pytest.raises(NoGoodLink) as caught:
            read(KEY, secret[:place] + other + secret[place + 1 :], NOW)
        assert caught.value.guessed
    for wrong in ("", "troupe_", "gnome", secret[:-2], secret.partition(".")[0], f"{secret}.{secret}", "\udcff", "é"):
        with pytest.raises(NoGoodLink, match="not made here"):
            read(KEY, wrong, NOW)


@pytest.mark.parametrize(
    "other",
    [
        "{}\n", "{}\r\n", "\n{}", "{} ", " {}", "{}\t", "{}\0", "{}=", "{}==", "{}.", "{}/", "{}gnome", "troupe_{}",
        "{}\u200b", "{}\udcff", "\ufeff{}",
    ],
)  # fmt: skip
def test_a_link_with_anything_beside_it_opens_nothing(other: str) -> None:
    """It is exactly the letters that were signed: line ends and blanks at its end are another link, and so is none of ours."""
    with pytest.raises(NoGoodLink, match="not made here"):
        read(KEY, other.format(sign(KEY, LINK)), NOW)


def test_other_letters_for_the_same_bytes_open_nothing() -> None:
    """What is written before it left out, a letter in the other alphabet or in another form, and bits that say nothing."""
    secret = sign(KEY, LINK)
    said, _, signature = secret.rpartition(".")
    letters = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    spare = letters[letters.index(secret[-1]) ^ 1]
    forms = {
        secret.removeprefix("troupe_"),
        secret[:-1] + spare,
        f"{said}.{signature[:9]}\n{signature[9:]}",
        f"{said}.{signature.replace('-', '+').replace('_', '/')}",
        secret.translate({ord(letter): ord(letter) + 0xFEE0 for letter in string.ascii_letters}),
    } - {secret}
    assert len(forms) >= 4
    for other in forms:
        with pytest.raises(NoGoodLink, match="not made here"):
            read(KEY, other, NOW)


def test_another_secret_ends_all_links() -> None:
    """Also none at all."""
    for key in ("l" * 32, None):
        with pytest.raises(NoGoodLink, match="LINK_SECRET"):
            read(key, sign(KEY, LINK), NOW)


def test_a_link_is_good_for_72_hours() -> None:
    """From when its notice was made, whenever it was delivered."""
    said = with_links(SETTINGS, Channel.EMAIL, RAISED).data["link"]
    secret = said.removeprefix("https://troupe.example.com/answer/")

    assert read(KEY, secret, NOW + GOOD_FOR - timedelta(seconds=1)).question == "a1"
    with pytest.raises(NoGoodLink, match=r"expired 2026-11-25 09:00 UTC") as caught:
        read(KEY, secret, NOW + GOOD_FOR)
    assert not caught.value.guessed


@pytest.mark.parametrize(
    ("channel", "by"),
    [
        (Channel.EMAIL, "the link in the mail to owner@example.com"),
        (Channel.SLACK, "the link in the chat"),
        (Channel.WEBHOOK, "the link in the notice to a program"),
    ],
)
def test_a_link_says_where_it_was_sent(channel: Channel, by: str) -> None:
    """Who answers with it is called by that, in as many characters as the journal has."""
    for mailbox in ("owner@example.com", f"{'g' * 64}@example.com"):
        said = with_links(replace(SETTINGS, notify_email=mailbox), channel, RAISED).data["link"]
        link = read(KEY, said.rpartition("/")[2], NOW)
        assert link.by == by or (channel is Channel.EMAIL and len(link.by) == 64)


def test_without_an_address_there_is_no_link() -> None:
    """Nor in what names no question, nor in what an older Troupe made: the notice is as it was."""
    assert with_links(Settings(link_secret=KEY), Channel.EMAIL, RAISED) is RAISED
    older = replace(RAISED, data={name: value for name, value in RAISED.data.items() if name != "version"})
    over = replace(RAISED, news=News.TEST, data={"said": "hello"})
    for notice in (older, over, morning({"id": "a1", "question": "May it?", "command": "troupe approve a1"})):
        assert with_links(SETTINGS, Channel.EMAIL, notice) == notice


def test_a_mail_has_the_link_on_a_line_of_its_own(mailbox: MailReceiver) -> None:
    """Below the command; the same at every try."""
    settings = replace(SETTINGS, smtp_url=f"smtp://127.0.0.1:{mailbox.port}")
    for at in (NOW, NOW + timedelta(hours=1)):
        send(settings, Channel.EMAIL, RAISED, at)

    first, second = (mail.get_content() for mail in mailbox.got)  # type: ignore[attr-defined]
    link = with_links(SETTINGS, Channel.EMAIL, RAISED).data["link"]
    assert first == second
    assert first.splitlines()[3:5] == ["What changes it: troupe approve a1", f"In a browser: {link}"]


def test_the_morning_note_has_one_below_each_question(server: HttpReceiver) -> None:
    """Each for its own; where a chat takes no more, the last that is there is whole."""
    asked = [
        {"id": f"a{n}", "question": f"May {n}? " + "x" * 80, "command": f"troupe approve a{n}", "version": LINK.version}
        for n in range(1, 21)
    ]
    lines = message(with_links(SETTINGS, Channel.EMAIL, morning(*asked))).lines
    links = [line.rpartition("/")[2] for line in lines if line.startswith("In a browser: ")]
    assert [read(KEY, link, NOW).question for link in links] == [one["id"] for one in asked]

    send(replace(SETTINGS, notify_slack_url=server.url), Channel.SLACK, morning(*asked), NOW)
    shown = json.loads(server.got[0].body)["text"].split("\n")
    links = [line.rpartition("/")[2] for line in shown if line.startswith("In a browser: ")]
    assert len(links) > 8
    assert [read(KEY, link, NOW).question for link in links] == [one["id"] for one in asked][: len(links)]


def test_a_link_is_a_secret_in_whatever_is_logged() -> None:
    """Both of its parts, and nothing behind them."""
    secret = sign(KEY, LINK)

    assert find(secret) == ("a Troupe token",)
    assert (
        blank(f"Answering POST /answer/{secret} failed.") == "Answering POST /answer/[removed: a Troupe token] failed."
    )
