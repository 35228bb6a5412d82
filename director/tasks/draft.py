"""A writer's turn: the prompt from stored facts, the call, the draft kept, the reviewer next."""

import logging

from director.calls.ask import ask
from director.mailbox import turns
from director.mailbox.turns import Held
from director.memory import recall
from director.office import REVIEWER, Office
from director.progress.advance import advance, go_on
from director.progress.facts import Facts, gather
from director.progress.roles import skill_of
from director.prompting.drafting import why_impossible
from director.prompting.forms import Edits, Unreadable, read
from director.tasks import checks, edits, on_verdict, performance_report, prompt
from director.words.errors import Impossible
from director.words.states import TaskState
from pipelines.plan import StepKind
from skills import markdown

_log = logging.getLogger(__name__)


def draft(office: Office, held: Held) -> None:
    """
    Write the task's current revision: a specialist's deliverable, or the Director's own report.

    Caused by its needs being met, or by a verdict or a person that sent it back.

    What its prompt has of the team's memory is chosen and kept first: asked again it is the same, whatever was learned since.
    Finishing the turn, keeping the draft and creating the review's turn is one transaction.

    Raises:
        Impossible: its writer says that the brief cannot be fulfilled; nothing is kept as a draft.
        As `calls.ask`.
    """
    recall.for_task(office, held.turn.subject)
    facts = gather(office, held.turn.subject)
    task = facts.task
    go_on(office, facts.goal, by=task.skill)
    text, cut_off = _written(office, held, facts)
    with office.store.write() as tx:
        goal = tx.goals.get(task.goal, lock=True)
        turns.finish(tx, held)
        tx.drafts.add(task, text, cut_off=cut_off, inputs=facts.given)
        if text == facts.earlier and not facts.for_repeats:
            # Another review would find the same, and send it back for the same.
            on_verdict.escalate(tx, task, "Its author wrote the same again.", task.notes or "", cause=held.turn.id)
            advance(tx, goal.id, by=task.skill)
            return
        tx.tasks.move(task, TaskState.REVIEWING, by=task.skill)
        turns.create(tx, goal, actor=REVIEWER, verb="review", subject=task.id, version=str(task.revision))


def _written(office: Office, held: Held, facts: Facts) -> tuple[str, bool]:
    """The text of the current revision, and whether the model ran out of room before its end."""
    if facts.by_edits:
        edited = _edited(office, held, facts)
        if edited is not None:
            return edited, False
        if facts.for_repeats and facts.earlier is not None:
            # Its author lets it stand, and whether that is good enough is the reviewer's to say.
            return facts.earlier, False
    answer = ask(office, held, prompt.of(office, facts, anew=True))
    if facts.earlier is None and (why := why_impossible(answer.text)) is not None:
        raise Impossible("writer", why)
    text = markdown.unwrapped(answer.text)
    if facts.task.kind is StepKind.REPORT and not checks.is_empty(text):
        text = performance_report.with_figures(text, facts.record)
    return text, answer.cut_off


def _edited(office: Office, held: Held, facts: Facts) -> str | None:
    """The earlier draft with its author's edits; None where none could be made, and the whole has to be asked for."""
    answer = ask(office, held, prompt.of(office, facts))
    try:
        proposed = read(Edits, answer.text).edits
    except Unreadable as problem:
        _log.warning("The edits of %s could not be read, the whole is asked for: %s", facts.task.id, problem)
        return None
    skill = skill_of(office, facts.task.skill)

    def fault(text: str) -> str | None:
        return next(iter(checks.faults(text, skill, facts.planned, cut_off=False)), None)

    made = edits.apply(facts.earlier or "", proposed, fault)
    for edit, why in made.left:
        _log.info("an edit of %s for notes %s was left: %s", facts.task.id, edit.findings, why)
    return made.text if made.made else None
