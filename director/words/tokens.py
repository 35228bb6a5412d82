"""By what somebody comes in over HTTP, and what they are to a brand."""

from enum import StrEnum
from typing import Final

#: How each secret we give out begins, so that whoever finds one knows what it opens, and `redaction.py` what to take out.
PREFIX: Final = "troupe_"


class Role(StrEnum):
    """What somebody is to a brand."""

    VIEWER = "viewer"
    MARKETER = "marketer"
    ADMIN = "admin"


class TokenKind(StrEnum):
    """What a secret is good for."""

    TOKEN = "token"  # noqa: S105 - a program's, sent with each request
    SESSION = "session"  #: a browser's, in a cookie
    LINK = "link"  #: good once, for a session
