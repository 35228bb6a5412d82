"""The one deliverable that is no specialist's: what the Director's own report is held to."""

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
