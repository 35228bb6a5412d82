"""
Notices on their way: each goes to every channel that is set, one after the other in the order they were made.

Each channel has one turn at a time, about the oldest notice it has not got; the end of that turn begins the next. So a channel
that is away keeps back what is meant for it, in order, and nothing else; its one turn waits longer from try to try.

What is delivered is written down as soon as the receiver said yes. Only where a process dies, or stands still for longer than
its lease, between that yes and the record, is a notice sent again, under the same number.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

from director.mailbox import admission, handling, turns
from director.mailbox.turns import Held
from director.notices import channels
from director.office import DIRECTOR, Office
from director.progress.on_turn_failure import after_failure
from director.store.tx import Tx
from director.words.alert import Channel, News
from director.words.errors import ChannelAway, LostLease
from director.words.models import Delivery, Notice
from director.words.own_secrets import own_secrets
from director.words.redaction import blank
from director.words.states import Priority, TurnState, is_final

_log = logging.getLogger(__name__)

#: The Director's verb about a channel: to deliver what it has not got.
NOTIFY: Final = "notify"

#: How long a notice is tried before it is given up.
GIVE_UP_AFTER: Final = timedelta(hours=24)

#: How long a worker has to take one up, before whoever looks after notices does it itself.
UNHEARD_AFTER: Final = timedelta(seconds=20)

#: Waits between tries: doubling from the first to the last, or as long as the receiver says.
FIRST_WAIT: Final = timedelta(seconds=2)
LONGEST_WAIT: Final = timedelta(minutes=10)


def announce(tx: Tx, office: Office, news: News, key: str, data: Mapping[str, Any]) -> Notice | None:
    """
    Make a notice for every channel that is set here; None where one with that *key* was made. After the commit:
    `admission.ring`. Its *data* are kept without secrets.
    """
    there = channels.channels(office.settings)
    own = own_secrets(office.settings)
    for channel in there:
        _one_at_a_time(tx, channel)
    notice = tx.notices.add(
        office.brand, news, key, {name: _blanked(value, own) for name, value in data.items()}, there
    )
    for channel in there:
        _begin_next(tx, office.brand, channel)
    return notice


def deliver(office: Office, held: Held) -> None:
    """The turn about a channel: its oldest notice is sent; what came of it is one transaction with the end of the turn."""
    channel = Channel(held.turn.subject)
    with office.store.read() as tx:
        delivery = tx.notices.next_to(channel)
        if delivery is not None and key_of(delivery) != held.turn.key:
            delivery = None  # another holder of this turn delivered what it is about
        notice = None if delivery is None else tx.notices.get(delivery.notice)
    problem = None
    if notice is not None:
        try:
            channels.send(office.settings, channel, notice, office.clock())
        except ChannelAway as away:
            problem = _why(office, held, channel, notice, away)
            if office.clock() < notice.created_at + GIVE_UP_AFTER:
                raise problem from away
    # However long the record is away: what was delivered and is not written down would be sent again.
    office.insist(partial(_write_down, office, held, channel, delivery, problem))
    if problem is not None:
        _log.error("A notice is given up after %d h: %s", GIVE_UP_AFTER // timedelta(hours=1), problem)


def mend(office: Office) -> None:
    """
    See that every channel with notices on their way has a turn. Where that turn failed for good, which is a fault of ours or
    took its processes along, its notice is given up, so that the others go on.
    """
    with office.store.read() as tx:
        broken = [channel for channel in Channel if (head := tx.notices.next_to(channel)) and not _is_open(tx, head)]
    for channel in broken:
        with office.store.write() as tx:
            _one_at_a_time(tx, channel)
            delivery = tx.notices.next_to(channel)
            turn = None if delivery is None else tx.turns.keyed(key_of(delivery))
            if delivery is not None and turn is not None and is_final(turn.state):
                tx.notices.give_up(delivery, turn.error or "Its turn ended without a word.")
            _begin_next(tx, office.brand, channel)
        admission.ring(office)


def deliver_unheard(office: Office) -> None:
    """
    Deliver here and now what is let out and nobody takes up: Redis is away, or all threads are busy. That is when people have
    to be told. It takes as long as the receivers take; one that took processes along is left to workers, who do it alone.
    """
    with office.store.read() as tx:
        heads = [head for channel in Channel if (head := tx.notices.next_to(channel)) is not None]
        waited = [head for head in heads if tx.notices.get(head.notice).created_at <= tx.now - UNHEARD_AFTER]
        found = [turn for head in waited if (turn := tx.turns.keyed(key_of(head))) is not None]
    for turn in found:
        if turn.state is TurnState.DISPATCHED and not turn.crashes:
            handling.handle(office, turn.id, {NOTIFY: deliver}, after_failure)


def key_of(delivery: Delivery) -> str:
    """The key of the turn that delivers it."""
    return turns.key_of(NOTIFY, delivery.channel, str(delivery.id))


def _is_open(tx: Tx, delivery: Delivery) -> bool:
    turn = tx.turns.keyed(key_of(delivery))
    return turn is not None and not is_final(turn.state)


def _write_down(
    office: Office, held: Held, channel: Channel, delivery: Delivery | None, problem: ChannelAway | None
) -> None:
    with office.store.write() as tx:
        _one_at_a_time(tx, channel)
        if delivery is not None and problem is None:
            tx.notices.delivered(delivery)
            tx.note(None, delivery.notice, "delivered", by=channel)
        elif delivery is not None:
            tx.notices.give_up(delivery, str(problem))
            tx.note(None, delivery.notice, "given up", by=channel, detail=str(problem))
        try:
            turns.finish(tx, held)
        except LostLease:
            # The receiver has it, whoever holds the turn: that one finds nothing left to send.
            _log.info("the turn of %s is another's, what was delivered counts", channel)
        _begin_next(tx, held.turn.brand, channel)


def _one_at_a_time(tx: Tx, channel: Channel) -> None:
    # Else a notice that is made while the last turn ends could be seen by neither.
    tx.presence.one_at_a_time(f"{NOTIFY} {channel}")


def _begin_next(tx: Tx, brand: str, channel: Channel) -> None:
    """Give the channel's oldest notice its turn, where it has none yet."""
    delivery = tx.notices.next_to(channel)
    if delivery is not None:
        turns.create_without_goal(
            tx,
            brand=brand,
            priority=Priority.P1,
            actor=DIRECTOR,
            verb=NOTIFY,
            subject=channel,
            version=str(delivery.id),
        )


def _why(office: Office, held: Held, channel: Channel, notice: Notice, away: ChannelAway) -> ChannelAway:
    """What is said of a try that came to nothing: receivers may repeat what they were given, secrets too."""
    doublings: int = 2 ** min(held.turn.waits, 20)
    wait = max(FIRST_WAIT * doublings, away.retry_after or timedelta(0))
    said = f"{notice.id} is not delivered to {channel}. {away}"
    return ChannelAway(blank(said, own_secrets(office.settings)), retry_after=min(wait, LONGEST_WAIT))


def _blanked(value: Any, own: tuple[str, ...]) -> Any:
    match value:
        case str():
            return blank(value, own)
        case list():
            return [_blanked(part, own) for part in value]
        case dict():
            return {name: _blanked(part, own) for name, part in value.items()}
        case _:
            return value
