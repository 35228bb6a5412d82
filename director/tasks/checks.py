"""The certain checks of a draft: free, exact, never overruled by a model."""

import re
from typing import Final

from director.words.redaction import find
from skills.loader import Skill

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
    found += [f"The document contains {what}: leave it out." for what in find(text)]
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
