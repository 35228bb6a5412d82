"""The certain checks of a draft: free, exact, never overruled by a model."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from director.evidence.no_such_day import impossible
from director.prompting.drafting import LONGEST_DRAFT
from director.prompting.pieces import Deliverable, is_blank, lengths, plain, take_apart, words
from director.tasks.performance_report import own_words
from director.words.redaction import find
from pipelines.plan import PlannedTask, StepKind
from skills import markdown
from skills.loader import Skill
from skills.skill import DECIDED

#: Text a writer leaves for later. `[needs source]` is no placeholder, it is asked for; a bracket that is a link is none either.
PLACEHOLDERS: Final = re.compile(
    r"(?i:lorem ipsum)|\b(?:TBD|TODO|FIXME|XXX|(?i:insert) [a-z ]{1,30} here)\b"
    r"|\[(?i:insert|your|placeholder|company|product|name|date|price|amount|telephone|address)\b[^\]\n]{0,300}+\](?![(\[])"
    r"|<(?i:insert|your)\b[^>\n]{0,300}+>"
)

#: A merge field outside of code: in a letter or a template it stands in a code block, where it is meant.
MERGE_FIELD: Final = re.compile(r"\{\{[^}\n]{0,300}+\}\}")

#: Where a link leads: a field stands there without backticks, which would be part of the address.
_TARGET: Final = re.compile(r"(?<=\])\((?:[^(){}\n]|\{\{[^{}\s][^{}\n]{0,300}+\}\}){1,300}+\)")

#: How no text ends that was written to its end: in the middle of a sentence, or at a mark of a list with nothing behind it.
STOPS_SHORT: Final = re.compile(
    r"(?:[,;:(\u2013\u2014]|(?:^|\s)(?:a|(?i:an|and|or|the|than|whose|because|their|your|our|its))|^(?:[-*+]|\d{1,3}[.)]))\Z"
)

#: Of a text's last line, as many characters as tell how it ends.
_SHORTEST_END: Final = 20

#: Nobody counts words exactly, so a ceiling is meant a little lower than it is held.
_LEEWAY: Final = 1.15

#: Fenced blocks that hold a programming language; in others (letters, posts) people read every word.
_CODE: Final = frozenset({
    "json", "yaml", "yml", "toml", "xml", "html", "css", "js", "javascript", "ts", "typescript", "jsx", "tsx", "py",
    "python", "sh", "bash", "sql", "liquid", "php", "ruby", "go",
})  # fmt: skip


def faults(text: str, skill: Skill, task: PlannedTask, *, cut_off: bool) -> tuple[str, ...]:
    """What is certainly wrong with a draft, as notes its author can act on; nothing when all is well."""
    if len(text) > LONGEST_DRAFT:
        # Nothing else is looked at, so nothing else is said.
        return (f"The document has {len(text):,} characters, and at most {LONGEST_DRAFT:,} are read: shorten it.",)
    found: list[str] = []
    if cut_off or STOPS_SHORT.search(text.rstrip().rpartition("\n")[2].strip()[-_SHORTEST_END:]):
        found.append("The document stops before its end: write the whole of it, shorter where needed.")
    found += _lengths(text, skill, task)
    headings = [title for _, _, title in markdown.headings(text)]
    if not headings:
        found.append("The document has no heading: begin with one `# ` title and use `## ` sections.")
    there = {plain(heading) for heading in headings}
    missing = [title for title in skill.required_sections if plain(title) not in there]
    if missing:
        found.append(f"Required sections are missing: {', '.join(missing)}. Use exactly these `## ` titles.")
    wanted = {plain(title) for title in skill.required_sections}
    empty = [title for title, body in take_apart(text).sections() if plain(title) in wanted and is_blank(body)]
    if empty:
        found.append(f"Sections say nothing: {', '.join(empty)}. Where nothing belongs there, say so in a line.")
    found += [f"The document contains {what}: leave it out." for what in find(text)]
    found += [f"{why} Write the date that is meant." for why in impossible(_used(text))]
    outside = _TARGET.sub("", _outside_fences(text))
    if placeholder := PLACEHOLDERS.search(_read_by_people(text)) or MERGE_FIELD.search(outside):
        found.append(f"Placeholder text was left in: {placeholder.group(0)[:60]!r}. Write what belongs there.")
    return tuple(found)


def unfit(text: str) -> str | None:
    """
    What is said of a draft that nobody may approve, a person neither: it or a piece of it is empty, or it contains a secret;
    None of any other.

    What else is certainly wrong with it (too short, a section missing) a person may take all the same.
    """
    if is_empty(text):
        return "is empty"
    if nothing := [piece.title for piece in take_apart(text).pieces if is_blank(piece.text)]:
        return f"has nothing in its piece {nothing[0]!r}"
    secrets = find(text)
    return f"contains {' and '.join(secrets)}" if secrets else None


def is_empty(text: str) -> bool:
    """Whether there is nothing to judge at all."""
    made = take_apart(text)
    return all(map(is_blank, (made.title, made.notes, *(piece.text for piece in made.pieces))))


def _lengths(text: str, skill: Skill, task: PlannedTask) -> Iterator[str]:
    if task.kind is StepKind.REPORT:
        count = words(own_words(text))
        if count < skill.minimum_words:
            yield f"The document has {count} words; {skill.minimum_words} are the least that does this job."
        return
    count = words(text)
    least, most, most_in_notes = lengths(skill, task)
    if skill.is_one_document:
        if not least <= count <= most * _LEEWAY:
            yield f"The document has {count} words; at least {least} and at most {most} do this job."
        return
    made = take_apart(text)
    if count < least:
        yield f"The document has {count} words; {least} are the least that does this job."
    in_pieces, in_notes = sum(words(piece.text) for piece in made.pieces), words(made.notes)
    if in_pieces > most * _LEEWAY:
        yield f"The pieces have {in_pieces} words together; a {task.size} has at most {most}: cut what would not be missed."
    if in_notes > most_in_notes * _LEEWAY:
        yield f"The notes behind the pieces have {in_notes} words; at most {most_in_notes}: keep what others need to build on."
    yield from made.faults
    yield from _missing(made, task)


def _missing(made: Deliverable, task: PlannedTask) -> Iterator[str]:
    if not made.pieces:
        yield 'There is no piece: put what is used, final and alone, between a line `<piece title="…">` and a line `</piece>`.'
        return
    decided = plain(made.section(DECIDED))
    there = {plain(piece.title) for piece in made.pieces}
    missing = [title for title in task.pieces if plain(title) not in there and plain(title) not in decided]
    if missing:
        yield (
            f"Pieces of the plan are missing: {', '.join(missing)}. Use exactly these titles, or say under `## Decided` by its "
            "title why one does not apply."
        )


def _used(text: str) -> str:
    """The pieces, or all of it where there are none: notes may quote a date that somebody else got wrong."""
    return "\n\n".join(piece.text for piece in take_apart(text).pieces) or text


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
