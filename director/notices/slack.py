"""A notice for a chat: the form of Slack's incoming webhooks, which Mattermost, Rocket.Chat and others take as well."""

import json
from typing import Final

from director.notices.post import post
from director.notices.wording import message
from director.words.models import Notice

#: Characters of a text; Slack cuts those of over 40,000 and wants fewer.
_LONGEST: Final = 3_500

#: What Slack reads as its own marks.
_ESCAPED: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def send(address: str, notice: Notice) -> None:
    """
    Say *notice* there. The chat knows no number of ours: one that is sent twice stands there twice.

    Raises:
        ChannelAway: it was not taken.
    """
    body = json.dumps({"text": text(notice)}).encode()
    post(address, body, {"Content-Type": "application/json"})


def text(notice: Notice) -> str:
    """What stands in the chat: no mark and no name in it does anything."""
    said = message(notice)
    whole = "\n".join((said.title, said.text)).translate(_ESCAPED)
    # Not within a line: half a link leads nowhere.
    return whole if len(whole) <= _LONGEST else (whole[:_LONGEST].rpartition("\n")[0] or whole[:_LONGEST])
