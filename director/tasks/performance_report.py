"""
The Director's own report on the team's work, the one deliverable that is no specialist's: what it is held to, the figures that
the program puts behind it, and the certain check that its words state no others. The page a goal ends with is `goals/report`.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from skills.loader import Rubric, Skill, squads

_MEASURE = squads()["measure"]

#: Reviewed like a skill of the measure squad, whose kind of work it is.
REPORTER: Final = Skill(
    name="director",
    description="The Director's report on goals, cost and quality.",
    squad="director",
    consumers=(),
    pieces=(),
    minimum_words=120,
    required_sections=("At a glance", "Goals", "Cost", "Quality", "What to change"),
    tier="opus",
    effort="medium",
    tools=(),
    outline=(),
    rubric=Rubric(
        weights=_MEASURE.weights,
        minimums=_MEASURE.minimums,
        criteria=(
            "Every number stands in the record that was given.",
            "Names at most three things to change, each with who does it.",
        ),
        faults=("States a number that is not in the record.",),
    ),
    references=(),
    text="",
    folder=Path(),
)

#: What stands below it is the record's, word for word.
HEADING: Final = "## The figures"
_HEADING: Final = re.compile(rf"(?m)^{HEADING}[ \t]*$")

#: The number of a list's item, and names such as g12 and g12-3, are no figures.
_NO_FIGURE: Final = re.compile(r"(?m)^[ \t]*\d{1,3}[.)](?=\s)|\b[A-Za-z]+\d+(?:-\d+)?\b")
_FIGURE: Final = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*")

#: Figures a complaint names.
_MOST: Final = 10


def with_figures(text: str, record: str) -> str:
    """The Director's *text* with the record's figures behind it; what stood below that heading goes."""
    return f"{own_words(text)}\n\n{HEADING}\n\n{record.strip()}\n"


def own_words(text: str) -> str:
    """What the Director wrote of a report."""
    return _HEADING.split(text, maxsplit=1)[0].rstrip()


def fault(text: str, known: Iterable[str]) -> str | None:
    """Which figures of a report's words stand in none of the texts that are *known* to its author; None where all do."""
    there = {figure for one in known for figure in _figures(one)}
    strange = [figure for figure in dict.fromkeys(_figures(own_words(text))) if figure not in there]
    if not strange:
        return None
    more = f" and {len(strange) - _MOST} more" if len(strange) > _MOST else ""
    return (
        f"The report states figures that stand neither in the record nor in the inputs: {', '.join(strange[:_MOST])}{more}. "
        "Copy figures, compute none, and leave these out."
    )


def _figures(text: str) -> list[str]:
    # "1,200" and "1200" are one figure, and so are "7" and "7.0".
    found = (figure.replace(",", "") for figure in _FIGURE.findall(_NO_FIGURE.sub(" ", text)))
    return [figure.rstrip("0").rstrip(".") if figure.count(".") == 1 else figure for figure in found]
