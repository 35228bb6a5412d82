"""JSON pointers (RFC 6901): where in a document a value stands."""

import re
from typing import Any, Final

#: Characters of a pointer; no document of ours is so deep.
LONGEST: Final = 200

_WRITTEN: Final = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")


class NothingThere(LookupError):
    """The document has no value at the pointer."""


def is_pointer(text: str) -> bool:
    """Whether it is written as a pointer: nothing, which is the whole document, or steps that begin with a slash each."""
    return len(text) <= LONGEST and _WRITTEN.fullmatch(text) is not None


def value_at(pointer: str, document: Any) -> Any:
    """
    The value at *pointer*, which is one.

    Raises:
        NothingThere: the document has none.
    """
    for written in pointer.split("/")[1:]:
        step = written.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list) and _INDEX.fullmatch(step) and int(step) < len(document):
            document = document[int(step)]
        else:
            raise NothingThere(pointer)
    return document


def is_there(pointer: str, document: Any) -> bool:
    """Whether the document has a value at *pointer*, which is one."""
    try:
        value_at(pointer, document)
    except NothingThere:
        return False
    return True
