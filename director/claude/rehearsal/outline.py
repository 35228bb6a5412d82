"""What a skill's outline, its method and a reviewer's notes ask of a document."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from director.claude.rehearsal.asked import Section, clean, excerpt, facts, sections, shorten, statements

#: Above what the outline wants in a section; the list below it says nothing yet about the goal.
ASKED: Final = "Asked for here:"
#: What a rehearsed document says where it has nothing to say.
UNKNOWN: Final = "Nothing is known here yet: a product context would say what to build on."
UNDECIDED: Final = "to be decided"

#: A point of the outline that is longer is taken apart.
_LONGEST_POINT: Final = 200

#: Which section of the product context speaks to what a heading or a column asks for, by stems.
_SPEAKS_TO: Final = {
    "Product overview": "product|what it is|feature|offer|plan|schema|structure|page|screen|name",
    "Target audience": "audience|segment|reader|where|traffic|visitor|channel|entrant|goes to|who",
    "Personas": "persona|role|user|owner|person|people|recipient|for whom",
    "Problems and pain points": "problem|pain|diagnos|loss|drop|cost|finding|before|issue|why|risk|now",
    "Competitive landscape": "compet|rival|alternativ|market|compar|current|other",
    "Differentiation": "differ|messag|belief|claim|recommend|change|after|angle|pillar|new|idea|edge",
    "Objections and anti-personas": "objection|doubt|fear|concern|answer|reply|question|if false|if red",
    "Switching dynamics": "switch|trigger|moment|step|sequence|flow|onboard|migrat|wait|stage|when",
    "Customer language": "words|language|headline|subject|query|topic|keyword|search|title|text|line",
    "Brand voice": "voice|tone|copy|edit|style|wording|post|email|hook",
    "Proof points": "proof|evidence|source|support|check|trust|quote|case",
    "Goals": "goal|measur|metric|test|event|target|baseline|success|decision|outcome|priority|threshold",
}
#: Limits, and what is left of a sentence that only introduced a table.
_NO_POINT: Final = re.compile(
    r"(?i).{0,12}$|(?:a )?table\b.{0,12}$|at (?:most|least) \d+|\d+ to \d+ (?:rows|words|lines)|title:"
    r"|\w+: table$"
)
_COLUMNS: Final = re.compile(
    r"`([^`|]++(?:\|[^`|]*+)++)`"
    r"|(?:^|[:.] |[Tt]able )(?:table )?([^|:.`(]{1,300}+(?:\|[^|.`?]+(?:\?(?: \([^)]{0,300}\))?)?\s*)+)",
    re.MULTILINE,
)
#: Characters that only say that a table comes, "A table by importance: ".
_INTRODUCTION: Final = 30
#: An explanation in brackets, long enough to hide the sentence it stands in.
_ASIDE: Final = re.compile(r"(?<!\s)\s*+\([^()]{40,}+\)")
_HEADINGS: Final = (("`### ` headings", "sub-headings"), ("`### `", "sub-heading"), ("`## `", "section"))


@lru_cache(maxsize=128)
def of(knowledge: str) -> Mapping[str, str]:
    """The titles under `## Deliverable` of a skill that are not optional, with what belongs there."""
    deliverable = next((s.body for s in sections(knowledge) if s.title == "Deliverable"), "")
    found = sections(deliverable, 3)
    return {s.title: s.body for s in found if not s.title.lower().endswith("(optional)")}


@lru_cache(maxsize=128)
def method(knowledge: str) -> tuple[tuple[str, str], ...]:
    """The named steps under `## Method`, each with its first sentence."""
    body = next((s.body for s in sections(knowledge) if s.title == "Method"), "")
    steps = re.findall(r"(?m)^(?:\d+\.|[-*]) +\*\*(.+?)\*\*(.*(?:\n +\S.*)*)", body)
    return tuple(
        (clean(step).rstrip(" .:,;"), why) for step, rest in steps if (why := next(iter(facts(rest.strip(" .:,"))), ""))
    )


@lru_cache(maxsize=1024)
def points(guidance: str) -> tuple[str, ...]:
    """What the outline asks of a section, a statement each; a table it asks for is not among them."""
    for mark, words in _HEADINGS:
        guidance = guidance.replace(mark, words)
    found: list[str] = []
    for statement in statements(_ASIDE.sub("", _COLUMNS.sub("\n\n", guidance))):
        whole = clean(statement)
        found += [whole] if len(whole) <= _LONGEST_POINT else re.split(r"; (?![^()]{0,400}+\))", whole)
    return tuple(point for part in found if not _NO_POINT.match(point := _point(part)))


def _point(text: str) -> str:
    """One point as a sentence of its own, without what joined it to the one before or to a table."""
    bare = re.sub(r"(?i)^(?:[^\w\"'“#]+|then |and |(?:per|by) consumer[,:] see below)+", "", text).rstrip(" .:;,(")
    bare = re.sub(r"(?i)[.,;:] then (?:as )?a table$", "", bare)
    return excerpt(bare[:1].upper() + bare[1:], _LONGEST_POINT)


@lru_cache(maxsize=1024)
def columns(guidance: str) -> tuple[str, ...]:
    """The columns of the first table the outline asks for; nothing when it asks for none."""
    found = _COLUMNS.search(" ".join(guidance.split()))
    if not found:
        return ()
    named = (clean(re.sub(r"\([^)]*\)?", "", name)) or "#" for name in (found[1] or found[2]).split("|"))
    titles = tuple(shorten(name, 40).rstrip(" ,;:") for name in named)[:6]
    return titles if len(titles) > 1 else ()


def subject(guidance: str) -> str:
    """What a section is about, in the outline's words: the table it begins with, else its first point; empty without."""
    table = _COLUMNS.search(guidance)
    titles = columns(guidance)
    asked = points(guidance)
    if table and titles and (table.start() < _INTRODUCTION or not asked):
        return f"A table of {', '.join(name.lower() for name in titles)}"
    return asked[0] if asked else ""


def told(section: Section) -> tuple[str, ...]:
    """What a section of a deliverable says, without what a rehearsed one was only asked for or does not know."""
    if UNKNOWN in section.body:
        return ()
    body = re.sub(rf"(?m)^{ASKED}\n\n(?:- .*(?:\n|\Z))+", "", section.body)
    return tuple(fact for fact in facts(body) if not fact.endswith(":") and UNDECIDED not in fact)


def notes(text: str) -> list[str]:
    """The findings in a reviewer's notes; every line where there are none marked as such."""
    lines = [line for line in text.splitlines() if line.strip()]
    marked = [line for line in lines if re.match(r"\s*([-*]|\d+[.)]) ", line)]
    return [bare for line in (marked or lines)[:12] if (bare := clean(re.sub(r"^\s*([-*]|\d+[.)]) ", "", line)))]


def fitting(note: str, titles: Sequence[str]) -> int:
    """The place of the section a note is about: named in it, first of all."""
    lowered = note.lower()
    named = [(lowered.find(name.lower()), place) for place, name in enumerate(titles) if name.lower() in lowered]
    if named:
        return min(named)[1]
    shared = [len(set(re.findall(r"\w{4,}", name.lower())) & set(re.findall(r"\w{4,}", lowered))) for name in titles]
    return shared.index(max(shared))


@lru_cache(maxsize=4096)
def most_telling(names: tuple[str, ...], about: str, number: int) -> str:
    """The section that speaks most to *about*; of equal ones the next after *number*: they take turns."""
    scores = [_score(name, about) for name in names]
    return max(
        zip(scores, range(len(names)), names, strict=True),
        key=lambda found: (found[0], -((found[1] - number) % len(names))),
    )[2]


def _score(name: str, about: str) -> int:
    return len(set(_stems(name).findall(about.lower())))


@lru_cache(maxsize=1024)
def _stems(name: str) -> re.Pattern[str]:
    return re.compile(_SPEAKS_TO.get(name) or re.escape(name.lower()))  # own text: plain words between bars
