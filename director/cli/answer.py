"""`approve`, `reject`, `revise`: a person's answer to a question."""

from typing import Final

from director.cli.branded import opened_for
from director.cli.documents import print_document
from director.cli.left_goals import left_line
from director.cli.terminal import say_workspace
from director.inbox import approvals
from director.views.answered import answered_document
from director.views.memory import learned_from
from director.words.command import program
from director.words.models import Learning
from director.words.states import Answer, LearningState, stands
from director.words.typed import amount

_SAID: Final = {Answer.APPROVE: "approved", Answer.REJECT: "rejected", Answer.REVISE: "sent back"}


def answer(ident: str, said: Answer, words: str | None = None, *, cap: str | None = None, json: bool) -> None:
    """Apply the answer, and say what becomes of the goal; *cap* is a person's own figure, where a yes raises one."""
    cap_nano = amount("--cap", cap)
    with opened_for(ident) as office:
        approval = approvals.answer(office, ident, said, words, cap_nano=cap_nano)
        with office.store.read() as tx:
            goal = tx.goals.get(approval.goal)
            left = left_line(tx, [goal])
            learned = learned_from(tx, office.brand, ident)
            document = answered_document(office, tx, tx.approvals.get(ident)) if json else None
    if document is not None:
        print_document(document)
        return
    say_workspace(office.settings)
    if left is None:
        print(f"{ident} {_SAID[said]}. {goal.id} {stands(goal.state)}.")  # noqa: T201
    else:
        print(  # noqa: T201
            f"{ident} {_SAID[said]}. {left}"
        )
    if learned is not None:
        print(learned_line(learned))  # noqa: T201


def learned_line(learned: Learning) -> str:
    """What becomes of words about one piece that may be meant for all."""
    if learned.state is LearningState.PROPOSED:
        return f"Is it meant for all work of {learned.skill}? `{program()} memory accept {learned.id}`."
    return f"It holds for all work of {learned.skill}; `{program()} memory retire {learned.id}` ends that."
