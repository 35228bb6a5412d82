"""
The calls of rehearsed goals that a forecast is made from while an installation has no goals of its own.

    python -m tests.bench.rehearsed_calls

Writes director/goals/rehearsed_calls.csv: every specialist, the Director's report, and reviews that are steps of a plan, with
and without a product context; of four goals two are never sent back, one is once, one twice.
"""

import csv
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path

import yaml

from director.goals.past import FILE
from director.goals.submit import submit
from director.words.brand import DEFAULT
from director.words.models import PastCall
from tests.bench.rehearsed import context, opened, play

#: Tasks of a goal, each after the one before: more than one, so that prompts begin as others did.
TASKS = 5

GOAL = "Bring back those who tried it once and did not come again"

#: The script, and the example whose context is given.
PLAYED = (("", ""), ("", "brindle-street-cycles"), ("send_back=1", ""), ("send_back=2", "brindle-street-cycles"))


def main() -> None:
    """Play and write."""
    calls = list(played())
    rows = [{name: "" if value is None else value for name, value in asdict(call).items()} for call in calls]
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(PastCall)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(calls)} calls of {len({call.goal for call in calls})} goals: {FILE}", file=sys.stderr)


def played() -> Iterator[PastCall]:
    """The calls of all goals."""
    number = 0
    for script, example in PLAYED:
        for pipeline in (*chains(), "Performance Review", "Copywriting Review Chain"):
            number += 1
            # A place for each, so that no goal reads what another left in the cache.
            with tempfile.TemporaryDirectory() as folder:
                yield from _played(Path(folder), script, example, pipeline, f"r{number}")


def chains() -> list[tuple[str, ...]]:
    """Every specialist of ours, some at a time."""
    names = sorted(path.parent.name for path in Path("skills").glob("*/SKILL.md"))
    return [tuple(names[first : first + TASKS]) for first in range(0, len(names), TASKS)]


def _played(folder: Path, script: str, example: str, pipeline: str | tuple[str, ...], name: str) -> Iterator[PastCall]:
    if not isinstance(pipeline, str):
        (folder / "pipelines").mkdir()
        chain = {"name": "A chain", "description": "Some of all.", "priority": "P2", "steps": list(pipeline)}
        (folder / "pipelines" / "a-chain.yaml").write_text(yaml.safe_dump(chain))
        pipeline = "A chain"
    with opened(folder, script) as office:
        play(office, submit(office, GOAL, pipeline=pipeline, context=context(example)))
        with office.store.read() as tx:
            for call in tx.history.calls(DEFAULT, rehearsal=True, goals=1):
                task = call.task and f"{name}-{call.task.partition('-')[2]}"
                yield replace(call, goal=name, task=task)


if __name__ == "__main__":
    main()
