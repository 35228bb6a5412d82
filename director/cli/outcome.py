"""What came of a goal that was followed, said at the end."""

import sys

import typer

from director.cli.documents import print_document
from director.cli.tables import delivered, goal_view, where
from director.cli.terminal import console
from director.files.places import report_path
from director.goals.missing_files import write_missing
from director.office import Office
from director.views.goal import goal_document
from director.words.command import program
from director.words.models import Goal
from director.words.states import GoalState, is_final, stands


def finish(office: Office, goal: Goal, *, json: bool, standing: bool) -> None:
    """Say what came of it, exit code 1 unless all of it; *standing* is whether another process, a worker, did it."""
    rehearses = office.claude.rehearses and not standing
    out = console()
    with office.store.read() as tx:
        goal = tx.goals.get(goal.id)
    unwritten = write_missing(office, goal)
    with office.store.read() as tx:
        questions = len(tx.approvals.open(goal.id))
        document = goal_document(office, tx, goal, rehearses=rehearses) if json else None
        view = goal_view(tx, goal, out.width, rehearses=rehearses)
        files = delivered(office, tx, goal)
    if document is not None:
        print_document(document)
    else:
        out.print(view)
        if goal.is_calibration:
            out.print(f"`{program()} calibrate --show` has what is known of the reviewer.")
        elif goal.state in (GoalState.COMPLETED, GoalState.PARTIAL):
            out.print()
            out.print(files, soft_wrap=True)
            out.print(f"Report: {where(office, report_path(goal))}", soft_wrap=True)
    if unwritten:
        first, more = unwritten[0], f", nor could {len(unwritten) - 1} more" if len(unwritten) > 1 else ""
        print(  # noqa: T201
            f"{first.file} could not be written ({first.reason}){more}: `{program()} show {first.subject}` has the "
            f"text, and `{program()} watch {goal.id}` writes what is missing.",
            file=sys.stderr,
        )
    if goal.state is not GoalState.COMPLETED:
        print(why_not(goal, questions), file=sys.stderr)  # noqa: T201
    if unwritten or goal.state is not GoalState.COMPLETED:
        raise typer.Exit(1)


def why_not(goal: Goal, questions: int) -> str:
    """Why a goal is not completed, in one sentence."""
    if questions > 1 and not is_final(goal.state):
        return f"{goal.id} is waiting: {questions} questions are open, `{program()} approvals` lists them."
    why = " ".join(f": {goal.reason}".split()) if goal.reason else "."
    return f"{goal.id} {stands(goal.state)}{why}"
