"""A person says what a call cost whose answer never came: the figure of the provider's bill in place of the worst case."""

from typing import Final

from director.calls import caps
from director.office import Office
from director.progress.questions import PERSON
from director.words.amounts import usd
from director.words.command import program
from director.words.errors import WrongCall
from director.words.models import Call
from director.words.states import CallState

#: Why what another call cost cannot be entered.
_WHY_NOT: Final = {
    CallState.RESERVED: "is on the wire, and its answer says what it cost",
    CallState.ANSWERED: "was answered, and its answer said what it cost",
    CallState.DUPLICATE: "was answered, and its answer said what it cost",
    CallState.REFUSED: "was refused, which costs nothing",
}


def enter(office: Office, ident: int, cost_nano: int) -> Call:
    """
    Count *cost_nano* for the call *ident*, which was counted at its worst case; the call as it was until now. More than its
    worst case is taken too, and may go over a cap: what is paid is paid. A second figure is counted in place of the first; an
    answer that comes after all, in place of both.

    Raises:
        NotFound: there is no such call.
        WrongCall: what it cost is known.
    """
    with office.store.write() as tx:
        call = tx.calls.find(ident)
        if not caps.settle(tx, call, CallState.ENTERED, cost_nano, error=call.error):
            now = tx.calls.get(ident)
            raise WrongCall(
                f"Call {ident} {_WHY_NOT[now.state]}: {usd(now.cost_nano)}. `{program()} costs --unknown` lists those that may "
                "be entered."
            )
        tx.note(
            call.goal,
            call.task or call.goal,
            "call entered",
            by=PERSON,
            detail=f"call {call.id} ({call.purpose}): {usd(cost_nano)} instead of {usd(call.cost_nano)}",
        )
    return call
