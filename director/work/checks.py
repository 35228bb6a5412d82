"""The certain checks of a draft: free, exact, never overruled by a model."""

import re
from collections.abc import Sequence
from typing import Final

from skills.loader import Skill

#: Shapes of secrets that must not leave the house: provider keys, private keys, bearer tokens, passwords in addresses.
SECRETS: Final[Sequence[tuple[str, str]]] = (
    ("an API key", r"\b(?:sk|rk|pk)[-_](?:live|test|ant|proj)?[-_]?[A-Za-z0-9_-]{20,}"),
    ("an AWS key", r"\bA(?:KIA|SIA)[0-9A-Z]{16}\b"),
    ("a GitHub token", r"\bgh[pousr]_[A-Za-z0-9]{30,}\b"),
    ("a Google key", r"\bAIza[0-9A-Za-z_-]{35}\b"),
    ("a Slack token", r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    ("a private key", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    ("a password in an address", r"\b[a-z][a-z0-9+.-]*://[^\s/:@]+:[^\s/@]{3,}@"),
    ("a signed token", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
)

#: Text a writer leaves for later. `[needs source]` is no placeholder, it is asked for.
PLACEHOLDERS: Final = re.compile(
    r"lorem ipsum|\bTBD\b|\bTODO\b|\bFIXME\b|\bXXX+\b|\[(?:insert|your|placeholder|company|product|name)\b[^\]]*\]"
    r"|\binsert [a-z ]{1,30} here\b|<(?:insert|your)[^>]*>|\{\{[^}]*\}\}",
    re.IGNORECASE,
)


def faults(text: str, skill: Skill, *, cut_off: bool) -> tuple[str, ...]:
    """What is certainly wrong with a draft, as notes its author can act on; nothing when all is well."""
    found: list[str] = []
    if cut_off:
        found.append("The document stops before its end: write the whole of it, shorter where needed.")
    words = len(text.split())
    if words < skill.minimum_words:
        found.append(f"The document has {words} words; {skill.minimum_words} are the least that does this job.")
    headings = _headings(text)
    if not headings:
        found.append("The document has no heading: begin with one `# ` title and use `## ` sections.")
    missing = [title for title in skill.required_sections if _plain(title) not in {_plain(h) for h in headings}]
    if missing:
        found.append(f"Required sections are missing: {', '.join(missing)}. Use exactly these `## ` titles.")
    for what, pattern in SECRETS:
        if re.search(pattern, text):
            found.append(f"The document contains {what}: leave it out.")
    if placeholder := PLACEHOLDERS.search(_without_code(text)):
        found.append(f"Placeholder text was left in: {placeholder.group(0)[:60]!r}. Write what belongs there.")
    return tuple(found)


def is_empty(text: str) -> bool:
    """Whether there is nothing to judge at all."""
    return not re.sub(r"[#>*_`\-\s]", "", text)


def _headings(text: str) -> list[str]:
    return re.findall(r"(?m)^#{1,6} +(.+?) *#*$", text)


def _plain(title: str) -> str:
    # "## 2. Page copy" and "## **Page copy**" are the section Page copy.
    return re.sub(r"^[\d.)\s]+|[*_`:]", "", title).strip().lower()


def _without_code(text: str) -> str:
    # {{handlebars}} in a code sample or an ad template is not a placeholder.
    return re.sub(r"(?s)```.*?```|`[^`\n]*`", "", text)
