"""`costs --unknown`: calls that may have been paid without an answer; `costs enter`: what a person knows that one cost."""

import re

from director.bootstrap import opened
from director.cli.branded import opened_for
from director.cli.documents import print_document
from director.cli.terminal import console, fitted, say_workspace
from director.inbox import enter_cost
from director.views.costs import unknown_document
from director.words.amounts import as_number, usd
from director.words.command import program
from director.words.errors import WrongCall
from director.words.models import Call
from director.words.settings import from_env
from director.words.typed import amount


def print_unknown(*, json: bool) -> None:
    """Each of them, what it was for, what is counted for it, and why nobody knows."""
    with opened(from_env()) as office, office.store.read() as tx:
        calls = tx.ledger.unknown(office.brand)
    if json:
        print_document(unknown_document(calls))
        return
    out = console()
    if not calls:
        out.print("Of every call it is known what it cost.")
        return
    rows = [
        (
            str(call.id),
            f"{call.created_at:%Y-%m-%d %H:%M}",
            call.task or call.goal,
            f"{call.purpose}, rehearsed" if call.rehearsal else call.purpose,
            usd(call.cost_nano),
            call.error or "",
        )
        for call in calls
    ]
    columns = ("call", "at (UTC)", "of", "for", "counted", "why")
    out.print(fitted(rows, columns, out.width, text="why", least=24, right=("call", "counted"), drop=("for", "of")))
    out.print(
        "\nThese may have been paid, and no answer came; each is counted at its worst case. What your provider's bill says of "
        f"one is entered with `{program()} costs enter CALL AMOUNT`."
    )


def enter(typed_call: str, typed_amount: str, *, json: bool) -> None:
    """Count for a call what a person says it cost."""
    ident = _number(typed_call)
    cost_nano = amount("AMOUNT", typed_amount) or 0
    settings = from_env()
    with opened_for(f"c{ident}", settings, begins=True) as office:
        before = enter_cost.enter(office, ident, cost_nano)
    if json:
        print_document(
            {
                "call": ident,
                "goal": before.goal,
                "counted_before_usd": as_number(before.cost_nano),
                "counted_usd": as_number(cost_nano),
                "counted_nano": cost_nano,
            }
        )
        return
    say_workspace(settings)
    console().print(_entered(before, cost_nano))


def _number(typed: str) -> int:
    found = re.fullmatch(r"(?:call|c)? ?([0-9]{1,18})", typed.strip().lower())
    if found is None:
        raise WrongCall(
            f"A call is named by its number, as `{program()} costs --unknown` lists it; {typed[:40]!r} is none."
        )
    return int(found[1])


def _entered(before: Call, cost_nano: int) -> str:
    said = (
        f"Call {before.id} ({before.purpose} of {before.task or before.goal}) is counted at {usd(cost_nano)}, and was at "
        f"{usd(before.cost_nano)}."
    )
    if cost_nano > before.reserved_nano:
        said += (
            f" That is more than its worst case by the list prices we have ({usd(before.reserved_nano)}): a cap may be passed, "
            "and the prices may have changed."
        )
    return said
