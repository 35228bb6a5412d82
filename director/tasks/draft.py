"""A writer's turn: the prompt from stored facts, the call, the draft kept, the reviewer next."""

from director.calls.ask import ask
from director.mailbox import turns
from director.mailbox.turns import Held
from director.office import REVIEWER, Office
from director.progress.advance import go_on
from director.progress.facts import gather
from director.tasks import prompt
from director.words.states import TaskState
from skills import markdown


def draft(office: Office, held: Held) -> None:
    """
    Write the task's current revision: a specialist's deliverable, or the Director's own report.

    Caused by its needs being met, or by a verdict or a person that sent it back.

    Finishing the turn, keeping the draft and creating the review's turn is one transaction.
    """
    facts = gather(office, held.turn.subject)
    task = facts.task
    go_on(office, facts.goal, by=task.skill)
    answer = ask(office, held, prompt.of(office, facts))
    with office.store.write() as tx:
        goal = tx.goals.get(task.goal, lock=True)
        turns.finish(tx, held)
        tx.drafts.add(task, markdown.unwrapped(answer.text), cut_off=answer.cut_off)
        tx.tasks.move(task, TaskState.REVIEWING, by=task.skill)
        turns.create(tx, goal, actor=REVIEWER, verb="review", subject=task.id, version=str(task.revision))
