"""Whom the team works for: what brands are called."""

import re
from typing import Final

#: The one that is there from the beginning, and whose files stand in the workspace itself.
DEFAULT: Final = "default"

#: What a person is told of the names of others: each is a folder's name, and a part of other names.
NAMED: Final = "a word of small letters, digits and '-', at most 32, that begins with a letter or digit"

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


def brand_name(text: str) -> str:
    """
    *text*, which can be a brand's name.

    Raises:
        ValueError: it can not.
    """
    if not _NAME.fullmatch(text):
        raise ValueError(text)
    return text
