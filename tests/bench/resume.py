"""
How soon a goal that waits for a person goes on after the answer: real programs, the worker hears the bell.

    python -m tests.bench.resume [--goals 10]

Goals whose drafts never get better wait for a person, without a turn and so without a slot; each is sent back from a terminal,
a program of its own. Measured, by the record's own times, from the answer to the first call the goal makes again. It prints
milliseconds and decides nothing; 2 s is what was promised.
"""

import argparse
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from director.store.tx import Tx
from director.words.states import ApprovalState
from tests.e2e.installation import Installation


def measure(goals: int, folder: Path) -> list[float]:
    """Milliseconds of each goal."""
    taken: list[float] = []
    with Installation(folder, rehearsal="stuck=1") as place, place.working():
        for _ in range(goals):
            place.run("pipeline", "Social Week", "Post about gnomes", "--detach")
        place.until(lambda tx: len(tx.approvals.open()) == goals, "all goals wait for a person")
        with place.record() as tx:
            asked = tx.approvals.open()
            held = sum(len(tx.turns.open_of_goal(question.goal)) for question in asked)
        print(f"{goals} goals wait, with {held} open turns between them.")
        for question in asked:
            with place.record() as tx:
                before = {call.id for call in tx.calls.of_goal(question.goal)}
            done = place.run("revise", question.id, "Sing in every line.")
            assert done.code == 0, done.err
            place.until(partial(_goes_on, question.goal, len(before)), "it goes on")
            with place.record() as tx:
                answered = tx.approvals.get(question.id)
                first = min(call.created_at for call in tx.calls.of_goal(question.goal) if call.id not in before)
            assert answered.state is ApprovalState.ANSWERED
            assert answered.answered_at is not None
            taken.append((first - answered.answered_at).total_seconds() * 1000)
    return taken


def _goes_on(goal: str, calls: int, tx: Tx) -> bool:
    return len(tx.calls.of_goal(goal)) > calls


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--goals", type=int, default=10)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        taken = sorted(measure(wanted.goals, Path(folder)))
    print(
        f"from the answer to the next call: median {median(taken):.0f} ms, longest {taken[-1]:.0f} ms ({len(taken)} answers)"
    )


if __name__ == "__main__":
    main()
