"""The certain checks of a draft: free, exact, never overruled by a model."""

import re
from collections.abc import Sequence
from typing import Final

from skills.loader import Skill

#: Shapes of secrets that must not leave the house: provider keys, private keys, bearer tokens, passwords in addresses.
SECRETS: Final[Sequence[tuple[str, re.Pattern[str]]]] = (
    ("an API key", re.compile(r"\b(?:sk|rk|pk)[-_](?:live|test|ant|proj)[-_][A-Za-z0-9_-]{16,}")),
    ("an API key", re.compile(r"\b(?:sk|rk|pk)-(?=[A-Za-z0-9]*[0-9])(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{20,}")),
    ("an AWS key", re.compile(r"\bA(?:KIA|SIA)[0-9A-Z]{16}\b")),
    ("a GitHub token", re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}\b|\bgithub_pat_[A-Za-z0-9_]{22,}")),
    ("a Google key", re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b")),
    ("a Slack token", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}")),
    ("a SendGrid key", re.compile(r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}")),
    ("a HubSpot token", re.compile(r"\bpat-[a-z]{2}\d-[0-9a-f]{8}-[0-9a-f-]{20,}")),
    ("a Mailchimp key", re.compile(r"\b[0-9a-f]{32}-us\d{1,2}\b")),
    ("a bearer token", re.compile(r"\b[Bb]earer +[A-Za-z0-9._~+/-]{20,}")),
    ("a private key", re.compile(r"\b(?<=-----)BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")),
    ("a password in an address", re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@]+:[^\s/@]{3,}@")),
    ("a signed token", re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")),
)

#: Any of them, in one look at the start of each word: a look for each costs five times as much, and nearly all texts have none.
_ANY_SECRET: Final = re.compile(rf"\b(?:{'|'.join(shape.pattern.removeprefix(chr(92) + 'b') for _, shape in SECRETS)})")

#: Text a writer leaves for later. `[needs source]` is no placeholder, it is asked for; a bracket that is a link is none either.
PLACEHOLDERS: Final = re.compile(
    r"(?i:lorem ipsum)|\b(?:TBD|TODO|FIXME|XXX|(?i:insert) [a-z ]{1,30} here)\b"
    r"|\[(?i:insert|your|placeholder|company|product|name)\b[^\]\n]*\](?![(\[])"
    r"|<(?i:insert|your)\b[^>\n]*>"
)

#: A merge field outside of code: in a letter or a template it stands in a code block, where it is meant.
MERGE_FIELD: Final = re.compile(r"\{\{[^}\n]*\}\}")

#: Fenced blocks that hold a programming language; in others (letters, posts) people read every word.
_CODE: Final = frozenset({
    "json", "yaml", "yml", "toml", "xml", "html", "css", "js", "javascript", "ts", "typescript", "jsx", "tsx", "py",
    "python", "sh", "bash", "sql", "liquid", "php", "ruby", "go",
})  # fmt: skip


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
    there = {_plain(heading) for heading in headings}
    missing = [title for title in skill.required_sections if _plain(title) not in there]
    if missing:
        found.append(f"Required sections are missing: {', '.join(missing)}. Use exactly these `## ` titles.")
    if _ANY_SECRET.search(text):
        for what, shape in SECRETS:
            if shape.search(text):
                found.append(f"The document contains {what}: leave it out.")
    if placeholder := PLACEHOLDERS.search(_read_by_people(text)) or MERGE_FIELD.search(_outside_fences(text)):
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


_FENCE: Final = re.compile(r"(?ms)^(```+|~~~+)[ \t]*([A-Za-z0-9_+-]*)[^\n]*\n(.*?)^\1[`~]*[ \t]*$")
_INLINE: Final = re.compile(r"`[^`\n]+`")


def _read_by_people(text: str) -> str:
    # Code may say TODO or [name]; a letter in a fence may not.
    return _INLINE.sub("", _FENCE.sub(lambda fence: "" if fence[2].lower() in _CODE else fence[3], text))


def _outside_fences(text: str) -> str:
    return _INLINE.sub("", _FENCE.sub("", text))
