"""
Links in notices, each for one answer to one question as it was: made when a notice is sent, read when somebody follows one.

Nothing of a link is kept. Whoever holds LINK_SECRET can make one, and another LINK_SECRET ends all of them.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from director.words.alert import Channel, News
from director.words.errors import DirectorError
from director.words.models import Notice
from director.words.settings import Settings
from director.words.tokens import PREFIX

#: How long a link is good for, from when its notice was made: as long as a question usually waits.
GOOD_FOR: Final = timedelta(hours=72)

#: Tells this use of the secret from others there may be.
_SALT: Final = "the answer to a question"

#: How the journal begins to say who answered with one.
BY_LINK: Final = "the link in the "

#: Characters the journal has for who did something.
_BY: Final = 64


class NoGoodLink(DirectorError):
    """A link opens nothing. *guessed*: it was not signed here, or not with the secret of now."""

    def __init__(self, sentence: str, *, guessed: bool = False) -> None:
        super().__init__(sentence)
        self.guessed = guessed


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says, and nobody can change."""

    question: str  #: its id
    version: str  #: of what it asked when the notice was made (`inbox/version.py`)
    until: datetime  #: in whole seconds
    channel: Channel
    mailbox: str  #: the one it was mailed to; "" in a chat and to a program

    @property
    def by(self) -> str:
        """Who answers with it, as the journal has them."""
        where = {
            Channel.EMAIL: f"mail to {self.mailbox}",
            Channel.SLACK: "chat",
            Channel.WEBHOOK: "notice to a program",
        }
        return f"{BY_LINK}{where[self.channel]}"[:_BY]


def with_links(settings: Settings, channel: Channel, notice: Notice) -> Notice:
    """
    The notice as it is sent on *channel*: with `link` beside each question that it names with its `version`. Without PUBLIC_URL
    as it is. The same at every try.
    """
    if settings.public_url is None or settings.link_secret is None:
        return notice

    def linked(question: str, said: Mapping[str, Any]) -> dict[str, Any]:
        if "version" not in said:
            return dict(said)
        mailbox = settings.notify_email or "" if channel is Channel.EMAIL else ""
        until = notice.created_at.replace(microsecond=0) + GOOD_FOR
        secret = sign(settings.link_secret or "", Link(question, said["version"], until, channel, mailbox))
        return {**said, "link": f"{settings.public_url}/answer/{secret}"}

    data = notice.data
    if notice.news is News.RAISED:
        data = linked(data["subject"], data)
    elif notice.news is News.MORNING:
        data = {**data, "questions": [linked(one["id"], one) for one in data["questions"]]}
    return replace(notice, data=data)


def sign(key: str, link: Link) -> str:
    """The link in letters that can stand in an address, signed with *key*."""
    said = [link.question, link.version, int(link.until.timestamp()), link.channel, link.mailbox]
    written = json.dumps(said, separators=(",", ":"), ensure_ascii=True)
    return PREFIX + _signer(key).sign(base64_encode(written)).decode()


def read(key: str | None, secret: str, now: datetime) -> Link:
    """
    What a link says that was signed with *key*.

    Raises:
        NoGoodLink: it was not signed with it, or expired.
    """
    if key is None:
        raise NoGoodLink("No LINK_SECRET is set here, so no link opens anything.", guessed=True)
    try:
        written = base64_decode(_signer(key).unsign(secret.removeprefix(PREFIX).encode("utf-8", "surrogateescape")))
        question, version, until, channel, mailbox = json.loads(written)
        link = Link(question, version, datetime.fromtimestamp(until, UTC), Channel(channel), mailbox)
        _see_letters(sign(key, link), secret)
    except (BadData, ValueError, TypeError) as problem:  # also what another version of ours has signed
        raise NoGoodLink(
            "This link was not made here, is not whole, or was ended with all others by another LINK_SECRET.",
            guessed=True,
        ) from problem
    if link.until <= now:
        raise NoGoodLink(f"This link expired {link.until:%Y-%m-%d %H:%M} UTC.")
    return link


def _see_letters(signed: str, secret: str) -> None:
    """See that it is what was signed, letter by letter: who reads base64 passes over line ends and bits that say nothing."""
    if not hmac.compare_digest(signed.encode(), secret.encode("utf-8", "surrogateescape")):
        raise ValueError


def _signer(key: str) -> Signer:
    return Signer(key, salt=_SALT, key_derivation="hmac", digest_method=hashlib.sha256)
