"""Others' words in documents of ours: a model's, a person's. What they say is kept, and makes no structure of ours."""

import re
from typing import Final

#: What begins a heading, its underline, a quotation, a fence, a rule or a table; also behind the marks of a list.
_BLOCK: Final = re.compile(
    r"(?m)^((?:[ \t]*+(?:[-*+]|\d{1,9}+[.)])(?=[ \t])){0,9}[ \t]*+)"
    r"(?=#{1,6}(?:[ \t]|$)|>|`{3}|~{3}|=++[ \t]*+$|(?:-[ \t]*+){2,}+$|(?:[*_][ \t]*+){3,}+$|\|)"
)

#: What a reader of Markdown may take for HTML.
_TAG: Final = re.compile(r"<(?=[A-Za-z/!?])")


def paragraphs(text: str) -> str:
    """*text* as paragraphs and lists below a heading of ours."""
    return _BLOCK.sub(r"\1\\", _TAG.sub(r"\\<", "\n".join(text.strip().splitlines())))


def line(text: str) -> str:
    """*text* in one line, for an item of a list."""
    return _TAG.sub(r"\\<", " ".join(text.split()))
