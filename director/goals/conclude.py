"""The Director's last turn: a look over everything that was approved, the report for the goal's owner, and the goal's end."""

from director.calls.ask import ask_for
from director.files.mirror import as_written, mirror_task, write
from director.files.places import report_path
from director.goals.correct import correct
from director.goals.report import report
from director.mailbox import turns
from director.mailbox.turns import Held
from director.memory import harm, learn, readable
from director.office import DIRECTOR, Office
from director.progress.advance import awake, go_on, how_it_ends, missing_of, named
from director.progress.facts import as_input, context_of, deliverable_of, planned_of, situation_of
from director.progress.roles import model_of
from director.prompting import concluding
from director.prompting.drafting import Input
from director.prompting.forms import Conclusion
from director.prompting.pieces import plain, take_apart
from director.receipts.keep import keep_ended
from director.store.tx import Tx
from director.words.models import Goal


def conclude(office: Office, held: Held) -> None:
    """
    Check the deliverables against each other, write the report, end the goal: completed, or partial where not all was approved.
    Caused by the last task's end, and once more after a change that a person asked for. What it taught is kept with its end.

    The mirrors are written before the goal is over: who sees it completed finds its files.
    """
    with office.store.read() as tx:
        goal = tx.goals.get(held.turn.subject)
        is_kept = goal.summary is not None and goal.concluded == tx.changes.last(goal.id)
    go_on(office, goal, by=DIRECTOR)
    # Once it is kept the deliverables are corrected, and are not asked about again by whoever takes over.
    found = Conclusion.model_validate(goal.summary) if is_kept else _found(office, held, goal)
    with office.store.read() as tx:
        tasks = tx.tasks.of_goal(goal.id)
        text = report(office, tx, goal, found)
    for task in tasks:
        mirror_task(office, task.id)
    write(office, report_path(goal), text)
    with office.store.write() as tx:
        goal = awake(tx, tx.goals.get(goal.id, lock=True), by=DIRECTOR)
        turns.finish(tx, held)
        learn.from_goal(tx, goal, found.lessons)
        harm.retire_harmful(tx, goal)
        state, reason = how_it_ends(tasks)
        tx.goals.move(goal, state, by=DIRECTOR, reason=reason)
        keep_ended(tx, goal.id, by=DIRECTOR, files={report_path(goal): as_written(office, text)})
    readable.mirror(office)


def _found(office: Office, held: Held, goal: Goal) -> Conclusion:
    """What the Director says of all that was approved, after its corrections were made."""
    with office.store.read() as tx:
        context, situation = context_of(tx, goal), situation_of(tx, goal)
        deliverables = _deliverables(office, tx, goal)
        missing = [
            *(named(task) for task in missing_of(tx.tasks.of_goal(goal.id))),
            *_without_their_piece(tx, goal, deliverables),
        ]
    found = Conclusion(summary="Nothing was approved.", contradictions=[], next_steps=[])
    if deliverables:
        request = concluding.conclude(
            model=model_of(office, DIRECTOR),
            goal=goal.text,
            context=context,
            situation=situation,
            deliverables=deliverables,
            missing=missing,
        )
        found = ask_for(office, held, request, Conclusion, about=f"The conclusion of {goal.id}")
    return correct(office, held, goal, found)


def _without_their_piece(tx: Tx, goal: Goal, deliverables: list[Input]) -> list[str]:
    """The planned pieces of what was approved that its specialist left out; a skill that hands over one document has none."""
    there = {plain(piece.title) for given in deliverables for piece in take_apart(given.text).pieces}
    return [
        f"the piece “{piece}” of {task.skill}"
        for task in tx.tasks.of_goal(goal.id)
        if task.deliverable is not None and take_apart(deliverable_of(tx, task) or "").pieces
        for piece in planned_of(tx, goal, task).pieces
        if plain(piece) not in there
    ]


def _deliverables(office: Office, tx: Tx, goal: Goal) -> list[Input]:
    found = []
    for task in tx.tasks.of_goal(goal.id):
        text = deliverable_of(tx, task)
        if text is not None:
            found.append(as_input(office, tx, goal, task, text))
    return found
