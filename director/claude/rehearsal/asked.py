"""What a request asks for, read from its document alone, as any model would."""

import re
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any, Final

from skills.markdown import fences as code_blocks
from skills.markdown import headings

_OPENING: Final = re.compile(r'^<([a-z_]+)((?: [a-z_]+="[^"\n]*")*+)>\n', re.MULTILINE)
_CLOSING: Final = re.compile(r"</([a-z_]+)>$", re.MULTILINE)
_ATTRIBUTE: Final = re.compile(r'(?<![a-z_])([a-z_]+)="([^"]*)"')
_SKILL: Final = re.compile(r"\A# Your skill: (\S+)\n+")
_SECTIONS: Final = re.compile(r"`## ([^`]+)`")

#: Long enough to be a fact, short enough to be quoted.
_FACT_CHARACTERS: Final = (12, 260)

#: Of the head of a table's column.
_LONGEST_CELL: Final = 1_000


_VERY_MANY: Final = 20_000


class Purpose(StrEnum):
    """What sort of answer is wanted."""

    PLAN = "plan"
    REPLAN = "replan"
    REVIEW = "review"
    CONCLUSION = "conclude"
    DRAFT = "draft"
    REPORT = "report"
    EDITS = "edits"
    FORM = "form"  #: A structured answer none of ours asks for.
    WARM = "warm"  #: No answer, only that the cache keeps the prompt.
    TALK = "talk"  #: Anything else.


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a Markdown text, and what stands below it."""

    title: str
    body: str

    @property
    def facts(self) -> tuple[str, ...]:
        """Its sentences, list items and table rows, each on one line and fit to be quoted."""
        return facts(self.body)


@dataclass(frozen=True, slots=True)
class Fenced:
    """Text from outside, between tags."""

    tag: str
    text: str
    attributes: Mapping[str, str]


@dataclass(frozen=True)  # without slots, for the cached properties
class Asked:
    """One request, understood."""

    purpose: Purpose
    fences: tuple[Fenced, ...]
    context: str
    skill: str  #: The name of the skill whose knowledge was given; empty without.
    knowledge: str  #: Its text.
    role: str  #: The last system block.
    outside: str  #: What the user block says outside its fences.
    user: str
    schema: Mapping[str, Any] = field(default_factory=dict)

    def text(self, tag: str) -> str:
        """What stands in the first fence of that name; empty without."""
        return next((fenced.text for fenced in self.fences if fenced.tag == tag), "")

    def all(self, tag: str) -> tuple[Fenced, ...]:
        """All fences of that name, in order."""
        return tuple(fenced for fenced in self.fences if fenced.tag == tag)

    @cached_property
    def goal(self) -> str:
        """The goal in one line."""
        return excerpt(clean(self.text("goal")), 180) or "the work at hand"

    @cached_property
    def product(self) -> str:
        """What the product is called; "the product" where nobody says."""
        return _product(self.context) or "the product"

    @property
    def is_named(self) -> bool:
        """Whether the product has a name."""
        return bool(_product(self.context))

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The sections the answer must have, in order."""
        if self.purpose is Purpose.REPORT:
            return tuple(dict.fromkeys(_SECTIONS.findall(self.role)))
        _, _, listed = self.text("requirements").partition("sections, in this order:")
        return tuple(line[2:].strip() for line in listed.splitlines() if line.startswith("- "))

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """The titles of the pieces that are asked for; a kind of them where none is named; none where none is wanted."""
        before, named, listed = self.text("requirements").partition("and a line `</piece>`:\n")
        if named:
            return tuple(line[2:].strip() for line in listed.partition("\nOne that")[0].splitlines())
        kinds = re.search(r"of these kinds where they fit: ([^,.\n]{1,80})", before)
        if kinds:
            return (kinds[1][:1].upper() + kinds[1][1:],)
        return (title(self.knowledge) or self.skill,) if "`</piece>`" in before else ()

    @cached_property
    def least_words(self) -> int:
        """How many words the answer must have at least; 0 when nothing was said."""
        said = re.search(r"[Aa]t least (\d{1,6}) (?:words|in all)", self.text("requirements"))
        return min(int(said[1]), _VERY_MANY) if said else 0

    @cached_property
    def most_in_notes(self) -> int:
        """How many words the notes behind the pieces may have; very many where nothing was said."""
        said = re.search(r"words over all pieces and (\d{1,6}) in the notes", self.text("requirements"))
        return int(said[1]) if said else _VERY_MANY

    @cached_property
    def revision(self) -> int:
        """Which version is asked for or judged; 0 is the first."""
        for fenced in self.all("deliverable"):
            if fenced.attributes.get("revision", "").isdecimal():
                return int(fenced.attributes["revision"])
        said = re.search(r"(?m)^This is revision (\d+)\.", self.outside)
        return int(said[1]) if said else 0


def understand(document: Mapping[str, Any]) -> Asked:
    """What the request *document*, which the API would not refuse, asks for."""
    system = _texts(document.get("system"))
    user = "\n\n".join(_texts(document["messages"][-1]["content"]))
    form = (document.get("output_config") or {}).get("format") or {}
    schema = form.get("schema") or {}
    skills = [(found[1], text[found.end() :]) for text in system if (found := _SKILL.match(text))]
    skill, knowledge = skills[0] if skills else ("", "")
    given = [fenced for text in system for fenced in _fences(text)[0]]
    fences, outside = _fences(user)
    return Asked(
        purpose=Purpose.WARM if document.get("max_tokens", 2) <= 1 else _purpose(schema, fences, skill),
        fences=fences,
        context=next((fenced.text for fenced in given if fenced.tag == "product_context"), ""),
        skill=skill,
        knowledge=knowledge,
        role=system[-1] if system else "",
        outside=outside,
        user=user,
        schema=schema,
    )


def _purpose(schema: Mapping[str, Any], fences: tuple[Fenced, ...], skill: str) -> Purpose:
    properties = schema.get("properties") or {}
    for name, purpose in (
        ("tasks", Purpose.PLAN),
        ("replacement", Purpose.REPLAN),
        ("scores", Purpose.REVIEW),
        ("contradictions", Purpose.CONCLUSION),
        ("edits", Purpose.EDITS),
    ):
        if name in properties:
            return purpose
    tags = {fenced.tag for fenced in fences}
    if schema:
        return Purpose.FORM
    if "record" in tags:
        return Purpose.REPORT
    return Purpose.DRAFT if skill or "requirements" in tags else Purpose.TALK


def _texts(content: Any) -> list[str]:
    if isinstance(content, str):
        return [content]
    return [block["text"] for block in content or () if block.get("type") == "text"]


@lru_cache(maxsize=64)
def _fences(text: str) -> tuple[tuple[Fenced, ...], str]:
    """What stands in the fences of a text, and the text without them."""
    closings: defaultdict[str, deque[re.Match[str]]] = defaultdict(deque)
    for closing in _CLOSING.finditer(text):
        closings[closing[1]].append(closing)
    found: list[Fenced] = []
    kept: list[str] = []
    after = at = 0
    while opening := _OPENING.search(text, at):
        at = opening.end()
        ahead = closings[opening[1]]
        while ahead and ahead[0].start() < at:
            ahead.popleft()
        if ahead:
            kept.append(text[after : opening.start()])
            inner = text[at : ahead[0].start()].removesuffix("\n")
            found.append(Fenced(opening[1], inner, dict(_ATTRIBUTE.findall(opening[2]))))
            after = at = ahead[0].end()
    return tuple(found), "".join(kept) + text[after:]


@lru_cache(maxsize=256)
def sections(markdown: str, level: int = 2) -> tuple[Section, ...]:
    """The parts of a text under headings of one *level*, deeper ones inside them; the rest is left out."""
    lines = markdown.split("\n")
    found = [heading for heading in headings(markdown) if heading[1] <= level]
    ends = [*(number for number, _, _ in found), len(lines)][1:]
    return tuple(
        Section(clean(name), "\n".join(lines[number + 1 : end]).strip())
        for (number, depth, name), end in zip(found, ends, strict=True)
        if depth == level
    )


def title(markdown: str) -> str:
    """The first `# ` heading; empty without."""
    return next((clean(name) for _, level, name in headings(markdown) if level == 1), "")


@lru_cache(maxsize=2048)
def facts(markdown: str) -> tuple[str, ...]:
    """What can be quoted from a text: sentences, list items and table rows, whole and on one line each."""
    shortest, longest = _FACT_CHARACTERS
    kept = (clean(line) for line in statements(markdown) if len(line) <= 2 * longest)
    return tuple(dict.fromkeys(fact for fact in kept if shortest <= len(fact) <= longest))


def statements(markdown: str) -> list[str]:
    """The sentences, list items and table rows of a text, however long, as they are written."""
    found: list[str] = []
    header: list[str] = []
    paragraph: list[str] = []
    for line in [*_without_code(markdown).splitlines(), ""]:
        bare = line.strip()
        if bare.startswith("|") or not bare or re.match(r"(#{1,6} |[-*+] |\d{1,3}[.)] |> )", bare):
            found += _sentences(" ".join(paragraph))
            paragraph = []
        if not bare.startswith("|"):
            header = []
            if bare and not bare.startswith("#"):
                paragraph.append(re.sub(r"^([-*+]|\d{1,3}[.)]|>) +", "", bare))
            continue
        cells = [cell.strip() for cell in bare.strip("|").split("|")]
        if not header:
            # Each row repeats them; of one that is longer nothing is ever shown.
            header = [cell[:_LONGEST_CELL] for cell in cells]
        elif not re.fullmatch(r"[-:| ]+", bare):
            found.append(_row(header, cells))
    return found


def _row(header: list[str], cells: list[str]) -> str:
    others = [f"{name.lower()}: {cell}" for name, cell in zip(header[1:], cells[1:], strict=False) if cell]
    return cells[0] + (f" ({'; '.join(others[:2])})" if others else "")


def _sentences(paragraph: str) -> list[str]:
    # A line on where a section's facts come from says nothing about the product.
    if paragraph.startswith(("Evidence:", "Rehearsal:")):
        return []
    found: list[list[str]] = []
    left_open = (0, 0, 0)
    # Not after an initial or an abbreviation such as "e.g.", and not within quotation marks.
    for piece in re.split(r'(?<=[^\W_]{2}[.!?])\s+(?=["“A-Z\d])', paragraph):
        if left_open == (0, 0, 0):
            found.append([])
        found[-1].append(piece)
        quotes, curly, brackets = (sum(pair) for pair in zip(left_open, _left_open(piece), strict=True))
        left_open = quotes % 2, curly, brackets
    return [" ".join(pieces) for pieces in found]


def is_paired(text: str) -> bool:
    """Whether every quotation mark and bracket of it is opened and closed."""
    return _left_open(text) == (0, 0, 0)


def _left_open(text: str) -> tuple[int, int, int]:
    return text.count('"') % 2, text.count("“") - text.count("”"), text.count("(") - text.count(")")


def _without_code(markdown: str) -> str:
    """The same text with fenced code blanked."""
    lines = markdown.split("\n")
    for fence in code_blocks(lines):
        lines[fence.first : fence.last + 1] = [""] * (fence.last + 1 - fence.first)
    return "\n".join(lines)


#: The subject of a first sentence such as "Acme Two is ...".
_SUBJECT: Final = re.compile(
    r"(?m)^[^\w\n]*+([A-Z][\w.&'-]*+(?: [A-Z][\w.&'-]*+){0,3}+)\W++(?<= )(?:is|helps|lets|gives)\b"
)


@lru_cache(maxsize=32)
def _product(context: str) -> str:
    named = re.sub(r"(?i)\bproduct[- ]?marketing[- ]context\b", "", title(context))
    named = " ".join(re.sub(r"^\W+|(?<![^\w.!)])[^\w.!)]++$", "", named).split())
    if not named:
        found = _SUBJECT.search(context)
        named = found[1] if found and found[1] not in ("It", "This", "The", "There") else ""
    return shorten(named, 60)


#: Never repeated, wherever it came from. Personal data counts.
_SECRETS: Final = re.compile(
    r"""
    -----BEGIN\ .*  # a key in PEM form, to the end of what is quoted
    | \b(?:sk|pk|rk)[-_][\w-]{8,}
    | \b(?:gh[pousr]_|github_pat_|glpat-|xox[a-z]-|AKIA|ASIA|AIza|ya29\.)[\w./+=-]{6,}
    | \beyJ[\w-]{8,500}\.[\w.-]+
    | \b(?:password|passwd|pwd|secret|token|api[ _-]?key)\s*[:=]\s*\S+ | \bbearer\s+\S{12,}
    | \b\w+://[^\s/@:]+:[^\s/@]+@\S+
    | (?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{36,}
    | (?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_LEFTOVERS: Final = re.compile(
    r"\b(?:TBD|TBC|TODO|FIXME|XXX+|lorem ipsum|placeholder text"
    r"|insert [\w ]{0,30}here|your [\w ]{1,20} here)\b",
    re.IGNORECASE,
)
#: Nothing longer is ever quoted.
_MOST_CLEANED: Final = 4_000
_MARKUP: Final = re.compile(
    r"<!--.{0,1000}?-->|</?[A-Za-z][^>]{0,1000}+>|\{\{|\}\}|`+|\*+|^#+ |(?<!\w)_+|(?<!_)_++(?!\w)",
    re.DOTALL | re.MULTILINE,
)


@lru_cache(maxsize=8192)
def clean(text: str) -> str:
    """*text* as it may be quoted: one line, no markup, nothing secret, nothing left to be filled in."""
    text = _SECRETS.sub("(left out)", text[:_MOST_CLEANED])
    text = re.sub(r"!?\[([^\]\[]*)\]\([^)\s]{0,1000}+\)", r"\1", text)
    text = re.sub(r"\[(?!needs source\])([^\]\[]*)\]", r"\1", text)
    text = _MARKUP.sub("", text.replace("|", "/"))
    text = re.sub(r"<(?=[A-Za-z/!])", "", text)
    text = re.sub(r"(?<= )\(\s*\)", "", _LEFTOVERS.sub("open", text).replace("...", "…"))
    return re.sub(r" ([,;.:)])(?= |$)", r"\1", " ".join(text.split()))


def shorten(text: str, characters: int) -> str:
    """At most *characters* of *text*, cut between words."""
    if len(text) <= characters:
        return text
    return text[: characters + 1].rpartition(" ")[0].rstrip(" ,;:(-") or text[:characters]


def excerpt(text: str, characters: int) -> str:
    """At most about *characters* of *text*, with an ellipsis where it is cut and no bracket or quotation mark left open."""
    if len(text) <= characters:
        return text
    cut = shorten(text, characters)
    if cut.count("(") > cut.count(")"):
        cut = cut[: cut.rindex("(")]
    if not is_paired(cut):
        cut = re.sub('["“”]', "", cut)
    return f"{cut.rstrip(' ,;:(-.')}…"


def quoted(text: str, characters: int = 260) -> str:
    """*text* in quotation marks, those within it made single."""
    within = re.sub(r'"([^"]*)"|“([^“”]*)”', r"'\1\2'", excerpt(text, characters))
    return "“" + re.sub('["“”]', "", within) + "”"


def quote(text: str) -> str:
    """The first thing a text says that can be quoted, in quotation marks."""
    return quoted(next(iter(facts(text)), clean(text)), 200)
