"""A notice for a program: JSON, signed as Standard Webhooks has it."""

import json
from datetime import datetime

from director.notices.post import post
from director.notices.wording import document
from director.words.models import Notice
from director.words.standard_webhooks import key_of, signature


def send(address: str, secret: str, notice: Notice, now: datetime) -> None:
    """
    Send *notice*, signed at *now*. Its `webhook-id` is the same at every try, so that a receiver can tell a second copy.

    Raises:
        ChannelAway: it was not taken.
    """
    body = json.dumps(document(notice), sort_keys=True).encode()
    post(address, body, headers(secret, notice, body, now))


def headers(secret: str, notice: Notice, body: bytes, now: datetime) -> dict[str, str]:
    """What shows who sent *body*, and when."""
    ident, timestamp = f"msg_{notice.reference}", str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "webhook-id": ident,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(key_of(secret), ident, timestamp, body),
    }
