"""
Ask once, pay once: key → reserve → ask → settle → keep.

A call's key is what it is for and what is asked. An answer that is kept under a key is returned, never bought again. Before
a request is sent its worst case is reserved against the call's, the goal's, the month's and the day's cap in one transaction;
after it, the real usage is settled and the answer kept in one transaction. A process that dies in between leaves a reservation,
which is settled at its worst case, by the next holder of the turn or by the sweep, and listed as lost.

A process that lost its lease and is not dead (it was stopped, or cut off from the record) goes on with its call, which is paid
as it is. Its answer is settled and kept whoever holds the turn by then; where it was counted lost, what it cost is counted
instead. The turn's next holder in the same process waits for that answer. One in another process cannot tell the call from a
dead one's, and asks again; of two answers under one key the first to come is kept, the other is listed as a duplicate, and
each is counted at what it cost.
"""

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from director.calls import another_model, caching, caps
from director.calls.cheapest import at_level
from director.claude.replies import CUT_OFF, REFUSAL, Reply
from director.mailbox import breaker, turns, weather
from director.mailbox.turns import Held
from director.money.prices import is_same
from director.office import Office
from director.prompting.forms import Form, Unreadable, read
from director.prompting.request import Request, likely_tokens
from director.words import log
from director.words.amounts import usd
from director.words.errors import (
    STOPPING,
    Declined,
    Defect,
    DirectorError,
    Interrupted,
    LimitReached,
    ModelError,
    ModelUnreadable,
    Unkept,
)
from director.words.models import Call
from director.words.own_secrets import own_secrets
from director.words.states import CallState

_log = logging.getLogger(__name__)

#: How long after the longest possible request a reservation is taken for lost.
GRACE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model wrote, kept."""

    text: str
    stop_reason: str
    kept: bool  #: whether it was there already; False: it was asked for just now

    @property
    def cut_off(self) -> bool:
        """Whether the model ran out of room before it was done."""
        return self.stop_reason in CUT_OFF


def ask(office: Office, held: Held, request: Request, *, step: str = "") -> Completion:
    """
    The answer to *request*, for this turn and *step*. Asking the same again returns what is kept.

    Raises:
        NotNow: the month's level, a pause or a ceiling keeps the goal back; nothing was sent.
        OverCap: the worst case does not fit; nothing was sent.
        TooDear: it is more than any one call may cost; nothing was sent.
        MustWait: a limit of the service has to fill first; nothing was sent.
        AnotherModel: one answered that was not asked, at a price nobody agreed to. What was answered is kept, and returned by
            the next call once a person agrees.
        ModelError: no usable answer; see errors.py for what cures which.
        LostLease: the turn is somebody else's now; nothing was sent.
        Interrupted: this process was told to stop, before it was sent or while it was on the wire.
    """
    request = at_level(office, _goal_of(held), request, lambda one: _key(office, held, one, step))
    key = _key(office, held, request, step)
    request = caching.kept(office, held, request)
    # Until it is written down: an earlier holder of the turn, who lost it, may still be at it in this process.
    with office.asking.alone(key):
        call = _kept_or_reserved(office, held, request, key)
        if isinstance(call, Completion):
            return call
        with log.about(call=call.id):
            return _send(office, request, held, call)


def ask_for(office: Office, held: Held, request: Request, form: type[Form], *, about: str) -> Form:
    """
    The answer to *request* in its *form*. One that cannot be read is kept and paid like any other and never read again:
    the next attempt of the turn asks anew.

    Raises:
        ModelUnreadable: what came just now is not of this form; *about* says of what.
        As `ask`.
    """
    for step in range(turns.MOST_ATTEMPTS + 1):
        answer = ask(office, held, request, step=str(step))
        try:
            return read(form, answer.text)
        except Unreadable as problem:
            if not answer.kept:
                raise ModelUnreadable(f"{about} could not be read: {problem}.") from problem
    raise ModelUnreadable(f"{about} could not be read, however often it was asked for.")


def settle_overdue(office: Office) -> int:
    """The sweep's part: reservations of processes that died are counted at their worst case. Returns how many."""
    with office.store.read() as tx:
        overdue = tx.calls.overdue(office.reach.only)
    for call in overdue:
        with office.store.write() as tx:
            caps.lose(tx, call, "its process died while the request may have been on the wire")
    return len(overdue)


def _key(office: Office, held: Held, request: Request, step: str) -> str:
    return f"{held.turn.key}:{step}:{office.claude.service}:{request.digest()}"


def digest_of(call: Call) -> str:
    """The digest of the request a call was made with."""
    return call.key.rpartition(":")[2]


def _goal_of(held: Held) -> str:
    # Under whose cap a call of nobody's goal would be is not decided; no verb of such a turn asks.
    if held.turn.goal is None:
        raise RuntimeError(f"{held.turn.verb} of {held.turn.subject} is no goal's and cannot ask the model")
    return held.turn.goal


def _kept_or_reserved(office: Office, held: Held, request: Request, key: str) -> Completion | Call:
    # Before the transaction begins: on SQLite nobody else writes while it lasts.
    prompt = request.most_prompt_tokens()
    with office.store.write() as tx:
        # A cancel locks the goal too, so it comes before this or sees the reservation.
        goal = tx.goals.get(_goal_of(held), lock=True)
        turns.check(tx, held)
        if stopped := another_model.unagreed(tx, goal):
            raise stopped
        kept = tx.calls.answered(key)
        if kept is not None:
            return _answer(tx.text(kept.answer_hash or ""), kept.stop_reason or "", kept=True)
        if office.stopping.told:
            # A turn may ask more than once; what it was answered is kept, and the next holder goes on behind it.
            raise Interrupted(STOPPING, may_be_paid=False)
        weather.let_out(tx, office.claude.service, request.model, likely_tokens(prompt))
        left = tx.calls.reserved(key)
        if left is not None:
            # An earlier holder of this turn asked, in a process that died or is taken for dead.
            caps.lose(tx, left, "an earlier process asked and did not come back")
        return caps.reserve(
            tx,
            office,
            goal=goal,
            turn=held.turn,
            key=key,
            request=request,
            worst_nano=max(
                office.prices.worst_case(
                    model, prompt=prompt, output=request.max_tokens, for_an_hour=request.for_an_hour
                )
                for model in {request.model, *another_model.others(tx, goal, request.model)}
            ),
            due_at=tx.now + office.settings.call_timeout + GRACE,
        )


def _settle(office: Office, call: Call, reply: Reply, *, seconds: float) -> Completion:
    other, cost = _served(office, call, reply)
    with office.store.write() as tx:
        # Of two answers under one key the second sees the first; and who is about to ask waits, and gets this one.
        goal = tx.goals.get(call.goal, lock=True)
        # Before the accounts, as in `_kept_or_reserved`: else two such transactions could wait for each other.
        weather.answered(tx, office.claude.service, call.model, reply.left, office.settings.max_parallel_agents)
        kept = tx.calls.answered(call.key)
        if kept is not None and kept.id == call.id:
            kept = None  # its own: this was committed before, and nobody heard of it
        settled = caps.settle(
            tx,
            call,
            CallState.ANSWERED if kept is None else CallState.DUPLICATE,
            cost,
            served=other,
            input_tokens=reply.usage.input,
            output_tokens=reply.usage.output,
            cache_write_tokens=reply.usage.cache_write + reply.usage.cache_write_1h,
            cache_write_1h_tokens=reply.usage.cache_write_1h,
            cache_read_tokens=reply.usage.cache_read,
            request_id=reply.request_id,
            stop_reason=reply.stop_reason,
            answer_hash=tx.keep(reply.text),
            seconds=seconds,
        )
        if reply.removed:
            detail = f"{', '.join(reply.removed)}, from the answer of call {call.id} ({call.purpose})"
            tx.note(call.goal, call.task or call.goal, "secret removed", by="ledger", detail=detail)
        if settled and other is not None:
            another_model.note(tx, office, call, other, cost)
        breaker.went_well(tx, office.claude.service)
        text = reply.text if kept is None else tx.text(kept.answer_hash or "")
        stopped = another_model.unagreed(tx, goal)
    if stopped:
        raise stopped
    stop_reason = reply.stop_reason if kept is None else kept.stop_reason or ""
    return _answer(text, stop_reason, kept=kept is not None)


def _send(office: Office, request: Request, held: Held, call: Call) -> Completion:
    began = time.monotonic()
    try:
        reply = office.claude.ask(request, claim=held.turn.claim)
    except Exception as problem:
        # Also what has no sentence: a reservation left behind would be settled by who comes next, as a process that died.
        office.insist(partial(_settle_failed, office, call, problem))
        raise
    seconds = time.monotonic() - began
    _log.info("call %s (%s) was answered after %.1f s", call.id, call.purpose, seconds)
    try:
        return office.insist(partial(_settle, office, call, reply, seconds=seconds))
    except DirectorError:
        raise
    except Exception as problem:
        # The next attempt would buy the same again, and not be able to keep it either.
        raise _unkept(office, call, reply, problem) from problem


def _served(office: Office, call: Call, reply: Reply) -> tuple[str | None, int]:
    """Which model answered, where it is another than was asked, and what that costs in nano-dollars."""
    other = None if is_same(reply.model, call.model) else reply.model
    return other, office.prices.cost(other or call.model, reply.usage)


def _settle_failed(office: Office, call: Call, problem: Exception) -> None:
    why = str(problem if isinstance(problem, DirectorError) else Defect(problem, own_secrets(office.settings)))
    # Of what is no ModelError nobody knows how far the request came.
    may_be_paid = problem.may_be_paid if isinstance(problem, ModelError) else True
    with office.store.write() as tx:
        if isinstance(problem, LimitReached):
            weather.refused(tx, office.claude.service, problem, office.settings.max_parallel_agents)
        if may_be_paid:
            caps.lose(tx, call, why)
        else:
            caps.settle(tx, call, CallState.REFUSED, 0, error=why)


def _unkept(office: Office, call: Call, reply: Reply, problem: Exception) -> Unkept:
    """Count a call whose answer cannot be kept at what it cost; what is to be said of it."""
    _, cost = _served(office, call, reply)
    why = Defect(problem, own_secrets(office.settings))

    def settle() -> None:
        # Nothing of the answer, nor of the error that may repeat it: that is what could not be written.
        with office.store.write() as tx:
            caps.settle(tx, call, CallState.LOST, cost, error="its answer could not be kept")

    try:
        office.insist(settle)
    except Exception:  # noqa: BLE001 - whatever it was, the call must not be made again
        _log.exception("call %s was paid (%s) and could not be counted", call.id, usd(cost))
    _log.error("The answer of call %s (%s) could not be kept: %s", call.id, call.purpose, why)
    return Unkept(
        f"An answer that was paid ({usd(cost)}) could not be kept: {type(problem).__name__}; the log has more."
    )


def _answer(text: str, stop_reason: str, *, kept: bool) -> Completion:
    # Settled and kept like any answer, since it was paid; what it says is that there will be none.
    if stop_reason == REFUSAL:
        raise Declined("The model declined to answer this request.")
    return Completion(text, stop_reason, kept)
