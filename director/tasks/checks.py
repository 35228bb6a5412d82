"""The certain checks of a draft: free, exact, never overruled by a model."""

import re
from collections.abc import Callable
from typing import Final

from director.prompting.drafting import LONGEST_DRAFT
from director.words.characters import has_visible
from director.words.redaction import find
from skills import markdown
from skills.loader import Skill

#: Text a writer leaves for later. `[needs source]` is no placeholder, it is asked for; a bracket that is a link is none either.
PLACEHOLDERS: Final = re.compile(
    r"(?i:lorem ipsum)|\b(?:TBD|TODO|FIXME|XXX|(?i:insert) [a-z ]{1,30} here)\b"
    r"|\[(?i:insert|your|placeholder|company|product|name)\b[^\]\n]{0,300}+\](?![(\[])"
    r"|<(?i:insert|your)\b[^>\n]{0,300}+>"
)

#: A merge field outside of code: in a letter or a template it stands in a code block, where it is meant.
MERGE_FIELD: Final = re.compile(r"\{\{[^}\n]{0,300}+\}\}")

#: Fenced blocks that hold a programming language; in others (letters, posts) people read every word.
_CODE: Final = frozenset({
    "json", "yaml", "yml", "toml", "xml", "html", "css", "js", "javascript", "ts", "typescript", "jsx", "tsx", "py",
    "python", "sh", "bash", "sql", "liquid", "php", "ruby", "go",
})  # fmt: skip


def faults(text: str, skill: Skill, *, cut_off: bool) -> tuple[str, ...]:
    """What is certainly wrong with a draft, as notes its author can act on; nothing when all is well."""
    if len(text) > LONGEST_DRAFT:
        # Nothing else is looked at, so nothing else is said.
        return (f"The document has {len(text):,} characters, and at most {LONGEST_DRAFT:,} are read: shorten it.",)
    found: list[str] = []
    if cut_off:
        found.append("The document stops before its end: write the whole of it, shorter where needed.")
    words = len(text.split())
    if words < skill.minimum_words:
        found.append(f"The document has {words} words; {skill.minimum_words} are the least that does this job.")
    headings = [title for _, _, title in markdown.headings(text)]
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


def unfit(text: str) -> str | None:
    """
    What is said of a draft that nobody may approve, a person neither: it is empty, or contains a secret; None of any other.

    What else is certainly wrong with it (too short, a section missing) a person may take all the same.
    """
    if is_empty(text):
        return "is empty"
    secrets = find(text)
    return f"contains {' and '.join(secrets)}" if secrets else None


def is_empty(text: str) -> bool:
    """Whether there is nothing to judge at all."""
    return not has_visible(re.sub(r"[#>*_`\-\s]", "", text))


def _plain(title: str) -> str:
    # "## 2. Page copy" and "## **Page copy**" are the section Page copy.
    return re.sub(r"^[\d.)\s]+|[*_`:]", "", title).strip().lower()


_INLINE: Final = re.compile(r"`[^`\n]+`")


def _read_by_people(text: str) -> str:
    # Code may say TODO or [name]; a letter in a fence may not.
    return _without(text, lambda fence: fence.language in _CODE)


def _outside_fences(text: str) -> str:
    return _without(text, lambda _: True)


def _without(text: str, is_left_out: Callable[[markdown.Fence], bool]) -> str:
    """The text without inline code and without some of its fenced code; what is not closed is no code, but a slip."""
    lines = text.split("\n")
    kept: list[str] = []
    after = 0
    for fence in markdown.fences(lines):
        if fence.closed and is_left_out(fence):
            kept += lines[after : fence.first]
            after = fence.last + 1
    return _INLINE.sub("", "\n".join(kept + lines[after:]))
