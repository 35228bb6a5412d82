"""`approvals`: the questions that wait for a person."""

from director.bootstrap import opened
from director.cli.documents import print_document
from director.cli.tables import until
from director.cli.terminal import console, counted, fitted
from director.views.approval import approvals_document
from director.views.calibration import beside
from director.views.memory import proposed
from director.words.command import program
from director.words.question import Kind
from director.words.settings import from_env


def print_approvals(*, json: bool) -> None:
    """Every question that waits for a person."""
    with opened(from_env()) as office, office.store.read() as tx:
        waiting, now = tx.approvals.open(brand=office.brand), tx.now
        learnings = proposed(tx, office.brand)
        judged = [tx.goals.get(one.goal) for one in waiting if one.kind is Kind.DRAFT and not json]
        known = dict.fromkeys(one.sentence() for goal in judged if (one := beside(tx, office, goal)) is not None)
    if json:
        print_document(approvals_document(waiting))
        return
    out = console()
    if learnings:
        verb = "waits" if learnings == 1 else "wait"
        out.print(f"{counted(learnings, 'proposed learning')} {verb} for your word: `{program()} memory`.")
    if not waiting:
        out.print("No question waits for you." if learnings else "Nothing waits for you.")
        return
    rows = [(a.id, a.goal, a.kind, until(a, now), a.question) for a in waiting]
    columns = ("id", "goal", "kind", "until (UTC)", "question")
    out.print(fitted(rows, columns, out.width, text="question", drop=("kind", "until (UTC)")))
    for sentence in known:
        out.print(sentence)
    out.print(f"Look closer with `{program()} show ID`; answer with approve, reject or revise.")
