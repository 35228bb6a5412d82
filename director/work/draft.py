"""A specialist's turn: the prompt from stored facts, the call, the draft kept, the reviewer next."""

from director import turns
from director.calls.ask import ask
from director.models import Task
from director.office import REVIEWER, Office
from director.prompting import concluding, drafting
from director.prompting.drafting import Revision
from director.prompting.request import Request
from director.states import TaskState
from director.turns import Held
from director.work import record
from director.work.facts import Facts, gather, model_of, skill_of
from director.work.reporter import REPORTER


def draft(office: Office, held: Held) -> None:
    """
    Write the task's current revision. Caused by its needs being met, or by a verdict or a person that sent it back.

    Finishing the turn, keeping the draft and creating the review's turn is one transaction.
    """
    facts = gather(office, held.turn.subject)
    skill = skill_of(office, facts.task.skill)
    request = drafting.draft(
        skill=skill,
        model=model_of(office, skill.name),
        goal=facts.goal.text,
        brief=facts.task.brief,
        context=facts.context,
        inputs=facts.inputs,
        revision=_revision(facts),
    )
    _write(office, held, facts.task, request)


def report(office: Office, held: Held) -> None:
    """The Director's own report on goals, cost and quality; reviewed like any draft. Caused by its needs being met."""
    facts = gather(office, held.turn.subject)
    with office.store.read() as tx:
        table = record.as_markdown(tx, before=facts.goal)
    request = concluding.report(
        model=model_of(office, facts.task.skill),
        goal=facts.goal.text,
        brief=facts.task.brief,
        context=facts.context,
        record=table,
        inputs=facts.inputs,
        requirements=drafting.requirements(REPORTER),
        revision=_revision(facts),
    )
    _write(office, held, facts.task, request)


def _write(office: Office, held: Held, task: Task, request: Request) -> None:
    answer = ask(office, held, request)
    with office.store.write() as tx:
        goal = tx.goals.get(task.goal, lock=True)
        turns.finish(tx, held)
        tx.drafts.add(task, answer.text, cut_off=answer.cut_off)
        tx.tasks.move(task, TaskState.REVIEWING, by=task.skill)
        turns.create(tx, goal, actor=REVIEWER, verb="review", subject=task.id, version=str(task.revision))


def _revision(facts: Facts) -> Revision | None:
    if facts.task.revision == 0 or facts.text is None:
        return None
    return Revision(facts.task.revision, facts.text, facts.task.notes or "")
