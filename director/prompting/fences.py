"""Fencing: text from outside stands between tags it cannot close, and is named as data."""

import re
from typing import Final

from skills.markdown import headings

#: Characters of one input a specialist is shown; the rest is said to be left out.
INPUT_ALLOWANCE: Final = 24_000

#: Characters of the product context.
CONTEXT_ALLOWANCE: Final = 60_000

#: Characters of a skill's references; those beyond it are only named. Each of ours fits whole, as a test sees to.
REFERENCES_ALLOWANCE: Final = 24_000

#: Characters an ancestor's summary may have.
SUMMARY_ALLOWANCE: Final = 6_000

#: Characters of a section that is shown by its beginning only.
_BEGINNING: Final = 200

#: How the titles of sections begin that are written for those who come later.
_FOR_OTHERS: Final = ("handover", "assumption")


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


def summary(text: str) -> str:
    """
    A deliverable for those who do not build on it directly: what it hands over and what it assumes, whole and first, because
    that speaks to them; then its other headings with the beginning under each.
    """
    lines = text.strip().split("\n")
    starts = [(number, level, title) for number, level, title in headings("\n".join(lines)) if level <= 3]
    ends = [*(number for number, _, _ in starts), len(lines)][1:]
    for_others: list[str] = []
    beginnings: list[str] = []
    is_for_others = False
    for (start, level, title), end in zip(starts, ends, strict=True):
        if level <= 2:
            is_for_others = level == 2 and title.lower().startswith(_FOR_OTHERS)
        if is_for_others:
            for_others.append("\n".join(lines[start:end]).strip())
        else:
            beginning = " ".join(" ".join(lines[start + 1 : end]).split())[:_BEGINNING]
            beginnings.append(f"{lines[start]}\n{beginning}".strip())
    if not starts:
        beginnings.append(" ".join(text.split())[:_BEGINNING])
    return within("\n\n".join(filter(None, ["\n\n".join(for_others), "\n".join(beginnings)])), SUMMARY_ALLOWANCE)
