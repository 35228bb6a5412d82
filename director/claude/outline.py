"""What a skill's outline, its method and a reviewer's notes ask of a document."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from director.claude.asked import clean, facts, sections, shorten

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
)
_COLUMNS: Final = re.compile(r"`([^`|]+(?:\|[^`|]*)+)`[.,:]?|(?:^|[:.] |Table )([^|:.`]+(?:\|[^|.`]+)+)", re.MULTILINE)


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
        (clean(step).rstrip(".:"), why) for step, rest in steps if (why := next(iter(facts(rest.strip(" .:,"))), ""))
    )


@lru_cache(maxsize=1024)
def points(guidance: str) -> tuple[str, ...]:
    """What the outline asks of a section, a statement each."""
    found = (re.sub(r"\s*\([^()]{40,}\)", "", point).rstrip(" .:;") for point in facts(_COLUMNS.sub("\n\n", guidance)))
    return tuple(shorten(point, 200) for point in found if not _NO_POINT.match(point) and not point[0].islower())


@lru_cache(maxsize=1024)
def columns(guidance: str) -> tuple[str, ...]:
    """The columns of the first table the outline asks for; nothing when it asks for none."""
    found = _COLUMNS.search(" ".join(guidance.split()))
    if not found:
        return ()
    named = (clean(re.sub(r"\([^)]*\)?", "", name)) or "#" for name in (found[1] or found[2]).split("|"))
    titles = tuple(shorten(name, 40) for name in named)[:6]
    return titles if len(titles) > 1 else ()


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
    lowered = about.lower()
    scores = [len(set(_stems(name).findall(lowered))) for name in names]
    return max(
        zip(scores, range(len(names)), names, strict=True),
        key=lambda found: (found[0], -((found[1] - number) % len(names))),
    )[2]


@cache
def _stems(name: str) -> re.Pattern[str]:
    return re.compile(_SPEAKS_TO.get(name) or re.escape(name.lower()))
