"""`approvals`, `approve`, `reject`, `revise`: the inbox."""

from typing import Annotated

import typer

from director.words.command import program

Ident = Annotated[str, typer.Argument(metavar="APPROVAL")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def approvals(json: Json = False) -> None:
    """Questions that wait for you."""
    from director.bootstrap import opened  # noqa: PLC0415 - heavy imports stay inside commands, so that --help is quick
    from director.cli.documents import print_document  # noqa: PLC0415
    from director.cli.tables import console, fitted  # noqa: PLC0415
    from director.views.approval import approvals_document  # noqa: PLC0415
    from director.words.settings import from_env  # noqa: PLC0415

    with opened(from_env()) as office, office.store.read() as tx:
        waiting = tx.approvals.open()
    if json:
        print_document(approvals_document(waiting))
        return
    out = console()
    if not waiting:
        out.print("Nothing waits for you.")
        return
    rows = [(a.id, a.goal, a.kind, f"{a.due_at:%Y-%m-%d %H:%M}", a.question) for a in waiting]
    columns = ("id", "goal", "kind", "until (UTC)", "question")
    out.print(fitted(rows, columns, out.width, text="question", drop=("kind", "until (UTC)")))
    out.print(f"Look closer with `{program()} show ID`; answer with approve, reject or revise.")


def approve(ident: Ident) -> None:
    """Say yes."""
    _answer(ident, "approve", None)


def reject(ident: Ident) -> None:
    """Say no."""
    _answer(ident, "reject", None)


def revise(ident: Ident, words: Annotated[str, typer.Argument(metavar="WORDS", help="What to change.")]) -> None:
    """Send a draft back with your own instructions."""
    _answer(ident, "revise", words)


def _answer(ident: str, said: str, words: str | None) -> None:
    from director.bootstrap import opened  # noqa: PLC0415
    from director.inbox import approvals as inbox  # noqa: PLC0415
    from director.words.settings import from_env  # noqa: PLC0415
    from director.words.states import Answer, is_final, stands  # noqa: PLC0415

    with opened(from_env()) as office:
        approval = inbox.answer(office, ident, Answer(said), words)
        with office.store.read() as tx:
            goal = tx.goals.get(approval.goal)
            workers, anybody = tx.presence.standing_workers(), tx.presence.anybody()
    done = {"approve": "approved", "reject": "rejected", "revise": "sent back"}[said]
    if workers or anybody or is_final(goal.state):
        print(f"{ident} {done}. {goal.id} {stands(goal.state)}.")  # noqa: T201
    else:
        print(f"{ident} {done}. Nobody works now: `{program()} watch {goal.id}` goes on with {goal.id}.")  # noqa: T201
