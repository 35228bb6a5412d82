"""Fencing: text from outside stands between tags it cannot close, and is named as data."""

import re
from typing import Final

#: Characters of one input a specialist is shown; the rest is said to be left out.
INPUT_ALLOWANCE: Final = 24_000

#: Characters of the product context.
CONTEXT_ALLOWANCE: Final = 60_000

#: Characters of a skill's references; those beyond it are only named. Each of ours fits whole, as a test sees to.
REFERENCES_ALLOWANCE: Final = 24_000

#: Characters an ancestor's summary may have.
SUMMARY_ALLOWANCE: Final = 6_000


def fence(tag: str, text: str, **attributes: str) -> str:
    """*text* between `<tag>` and `</tag>`, unable to end the fence itself."""
    named = "".join(f' {name}="{_attribute(value)}"' for name, value in attributes.items())
    inner = re.sub(rf"<(/?)\s*{re.escape(tag)}", rf"< \1{tag}", text.strip(), flags=re.IGNORECASE)
    return f"<{tag}{named}>\n{inner}\n</{tag}>"


def _attribute(value: str) -> str:
    return re.sub(r'[<>"\n]', " ", value)


def within(text: str, allowance: int) -> str:
    """At most *allowance* characters of *text*, cut at a line, with a line that says so."""
    if len(text) <= allowance:
        return text
    kept = text[:allowance].rpartition("\n")[0] or text[:allowance]
    return f"{kept}\n\n(The rest, {len(text) - len(kept)} characters, was left out.)"
