"""
What goals were forecast to cost, and what they did: how often the cost is within the range, and how wide that is.

    python -m tests.bench.forecast [--goals 20]

Rehearsed goals of all categories, as many for each script: drafts that are never sent back, some of them, all of them once or
twice; with several product contexts and none; plans of the Director, of a category's pipeline and of a named one. Cold is the
forecast of an installation that has done no goal yet, warm with its earlier ones. The numbers in `goals/past` and
`goals/forecast` were chosen by the first half of each script's goals; the other half is told separately. It decides nothing.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from director.calls.caps import goal_scope
from director.goals import forecast, past
from director.goals.forecast import Forecast
from director.progress.facts import context_of
from director.store.tx import Tx
from director.words.models import Goal
from director.words.states import Category, PlanBy
from pipelines.plan import from_document
from tests.bench.rehearsed import context, opened, planned, play

SCRIPTS = ("", "send_back_share=0.2", "send_back_share=0.5", "send_back=1", "send_back=2")

#: What is asked for, and of which category it is; both halves have all of them.
ASKED = (
    ("Find out where in Leeds and Ghent people would pay for what we do", Category.STRATEGIC),
    ("Write a series about how it is made, and who makes it", Category.CONTENT),
    ("Get more of those who open the page to begin a trial", Category.OPTIMIZATION),
    ("Win back who has not come since summer", Category.RETENTION),
    ("Say plainly why we are worth it beside the large ones", Category.COMPETITIVE),
    ("See which of our efforts brings anybody, and stop the others", Category.MEASUREMENT),
    ("Launch the yearly plan", Category.STRATEGIC),
    ("Be found by those who search for a repair near them", Category.CONTENT),
    ("Halve the questions before somebody pays", Category.OPTIMIZATION),
    ("Have members tell others", Category.RETENTION),
    ("Choose the three markets of next year and say why", Category.STRATEGIC),
    ("A handbook for beginners in five chapters, to be mailed", Category.CONTENT),
    ("Fewer steps from price to payment", Category.OPTIMIZATION),
    ("Keep those whose card expires", Category.RETENTION),
    ("Answer the newcomer that undercuts us by a third", Category.COMPETITIVE),
    ("Know by Monday what last month's campaign was worth", Category.MEASUREMENT),
    ("Prepare the opening of a second place", Category.STRATEGIC),
    ("Two months of posts that need no photographer", Category.CONTENT),
    ("Make the page say what happens after the click", Category.OPTIMIZATION),
    ("Ask every customer who left for one reason", Category.RETENTION),
)

PIPELINES = ("Product Launch", "Social Week", "SEO Cycle", "Copywriting Review Chain", "Outreach Campaign")


@dataclass(frozen=True, slots=True)
class Told:
    """One goal."""

    script: str
    place: int  #: in its installation, from 0
    cold: Forecast
    warm: Forecast
    nano: int  #: what it cost


def of_script(script: str, goals: int) -> Iterator[Told]:
    """An installation's goals, one after the other, each with what it was forecast and what it cost."""
    with tempfile.TemporaryDirectory() as folder:
        for place in range(goals):
            with opened(Path(folder), script) as office:
                text, wanted = _asked(place, Path(folder))
                goal = planned(office, text, **wanted)
                with office.store.read() as tx:
                    cold = forecast.of(
                        office,
                        from_document(goal.plan),
                        context_of(tx, goal),
                        past.Past(past.Goals(), past.shipped()),
                        paid=False,
                        spent_nano=_spent(tx, goal),
                    )
                warm = forecast.from_document(goal.forecast)
                assert warm is not None
                play(office, goal)
                with office.store.read() as tx:
                    yield Told(script, place, cold, warm, _spent(tx, goal))


def main() -> None:
    """Play and print."""
    options = argparse.ArgumentParser(description="What goals were forecast to cost, and what they did.")
    options.add_argument("--goals", type=int, default=20, help="of each script")
    goals = options.parse_args().goals
    told: list[Told] = []
    for script in SCRIPTS:
        told += of_script(script, goals)
        print(f"{script or 'never sent back'}: {goals} goals", file=sys.stderr)
    head = f"{'':<26}{'goals':>6}{'inside':>8}{'below':>7}{'above':>7}{'width':>7}{'widest':>8}{'likely off by':>15}"
    print(head)
    for name, kind in (("cold", False), ("warm", True)):
        for half, places in (("first half", range(goals // 2)), ("other half", range(goals // 2, goals))):
            line(f"{name}, {half}", [one for one in told if one.place in places], warm=kind)
    for script in SCRIPTS:
        mine = [one for one in told if one.script == script and one.place >= goals // 2]
        line(f"warm, {script or 'never sent back'}", mine, warm=True)


def line(name: str, told: Iterable[Told], *, warm: bool) -> None:
    """One row: the share inside the range, high over low (median, most), how far likely was from the cost (median)."""
    pairs = [(one.warm if warm else one.cold, one.nano) for one in told]
    if not pairs:
        return
    below = sum(nano < said.low_nano for said, nano in pairs)
    above = sum(nano > said.high_nano for said, nano in pairs)
    widths = [said.high_nano / said.low_nano for said, _ in pairs]
    off = statistics.median(abs(said.likely_nano - nano) / nano for said, nano in pairs)
    inside = (len(pairs) - below - above) / len(pairs)
    print(
        f"{name:<26}{len(pairs):>6}{inside:>8.0%}{below:>7}{above:>7}{statistics.median(widths):>7.2f}{max(widths):>8.2f}"
        f"{off:>15.0%}"
    )


def _asked(place: int, folder: Path) -> tuple[str, dict[str, Any]]:
    text, category = ASKED[place % len(ASKED)]
    wanted: dict[str, Any] = {"category": category, "context": _context(place, folder)}
    if place % 4 == 3:
        wanted["pipeline"] = PIPELINES[place // 4 % len(PIPELINES)]
    else:
        wanted["plan_by"] = (PlanBy.CLAUDE, PlanBy.TEMPLATE)[place % 2]
    return text, wanted


def _context(place: int, folder: Path) -> Path | None:
    """Several contexts and none: two whole ones, the first half of one, and one that is as long as two."""
    both = [context(name) for name in ("brindle-street-cycles", "dramatiq")]
    texts = [file.read_text(encoding="utf-8") for file in both if file is not None]
    made = (None, texts[0], texts[1], texts[0][: len(texts[0]) // 2], "\n\n".join(texts))[place % 5]
    if made is None:
        return None
    file = folder / "given.md"
    file.write_text(made, encoding="utf-8")
    return file


def _spent(tx: Tx, goal: Goal) -> int:
    return tx.accounts.get(goal_scope(goal.id), rehearsal=True).spent_nano


if __name__ == "__main__":
    main()
