"""
What the provider's limits let out, told by its answers: one view for all processes, of each family of models that shares them.

After a 429 nobody asks that family until the service's own time has come, LONGEST_TOLD at most; what is on the wire meanwhile
ends as it ends. Then one turn goes out. Each good answer lets one more out, up to half of what was out before the 429; from
there one more follows when as many as are out were answered, up to the usual number. So one request is refused a time, and
what waited does not ask all at once.

Where answers say that little is left of a limit, no more turns go out than it has requests left, and a request that is likely
to need more tokens than there are waits until they are there, and all behind it.

A service that says no is there: a 429 counts neither for nor against its being offline (`breaker`). Nobody's attempts are used.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from director.claude.limits import family
from director.mailbox.models_asked import models_asked
from director.office import Office
from director.store.presence import CLOCK_SLACK
from director.store.tx import Tx
from director.words.errors import LimitReached, MustWait
from director.words.limits import Left
from director.words.models import Limit

_log = logging.getLogger(__name__)

#: The longest a service's word is believed; then one request asks whether it still stands.
LONGEST_TOLD: Final = timedelta(minutes=10)

#: Where a 429 does not say how long to wait: doubling from the first to the last.
FIRST_UNTOLD: Final = timedelta(seconds=1)
LONGEST_UNTOLD: Final = timedelta(minutes=1)


def let_out(tx: Tx, service: str, model: str, tokens: int) -> None:
    """
    Count a request of likely *tokens* of prompt against what is left; called before its money is set aside.

    Raises:
        MustWait: it would be refused; the transaction must not commit.
    """
    of = family(model)
    if tx.limits.get(service, of) is None or (found := tx.limits.get(service, of, lock=True)) is None:
        return
    if told := until_told(tx, found):
        raise MustWait(of, told, found.reason)
    left = _left(tx, found)
    for limit in left:
        need = _need(limit, tokens)
        if wait := min(limit.wait_for(need), LONGEST_TOLD):
            there = f"{max(0, limit.left):,} of {limit.most:,} {limit.what.replace('-', ' ')} a minute"
            raise MustWait(of, tx.now + wait, f"{there} are left, and the next request needs {need:,}.")
    if left:
        taken = tuple(limit.less(_need(limit, tokens)) for limit in left)
        tx.limits.put(replace(found, left=taken, said_at=tx.now))


def refused(tx: Tx, service: str, problem: LimitReached, usual: int) -> None:
    """
    Note a 429 where *usual* turns may be out. Of those that were on the wire together the first halves that, and the longest
    wait stands.
    """
    found = _locked(tx, service, family(problem.model))
    waits_until = until_told(tx, found)
    wait = _told(problem)
    if wait is None:
        wait = timedelta(0) if waits_until else _untold(found)
    longest = max(tx.now + wait, waits_until or tx.now)
    changed = replace(found, told_at=tx.now, wait_until=longest, reason=str(problem), good=0)
    if waits_until is None or found.slots is None:
        before = usual if found.slots is None else min(found.slots, usual)
        changed = replace(changed, slots=1, steady=max(1, before // 2))
        _log.warning(
            "A limit of %s is reached: %s It is asked again in %.0f s.", found.family, problem, wait.total_seconds()
        )
    tx.limits.put(_with_news(tx, changed, problem.left))


def put_off(tx: Tx, service: str, error: MustWait) -> None:
    """Note that a request waits for a limit to fill, so that those behind it do not go out to find the same."""
    found = _locked(tx, service, error.family)
    if until_told(tx, found) is None:
        tx.limits.put(replace(found, told_at=tx.now, wait_until=error.until, reason=error.why))


def answered(tx: Tx, service: str, model: str, left: Sequence[Left], usual: int) -> None:
    """Note a good answer and what it said is *left*; writes nothing while that is far from every limit, as it mostly is."""
    of = family(model)
    if tx.limits.get(service, of) is None and not any(limit.is_near for limit in left):
        return
    found = _with_news(tx, _locked(tx, service, of), left)
    if until_told(tx, found) is None:  # else it was on the wire when the wait began
        found = _grown(found, usual)
        if found.slots is None and not found.left:
            tx.limits.forget(service, found.family)
            return
    tx.limits.put(found)


def until(tx: Tx, service: str, model: str) -> datetime | None:
    """Until when *model* is not asked; None: it may be now."""
    found = tx.limits.get(service, family(model))
    return None if found is None else until_told(tx, found)


def until_told(tx: Tx, limit: Limit) -> datetime | None:
    """Until when nobody asks; None: now. What a clock wrote that was set back since does not count."""
    if limit.told_at is None or limit.wait_until is None or limit.told_at > tx.now + CLOCK_SLACK:
        return None
    return limit.wait_until if limit.wait_until > tx.now else None


def waits(tx: Tx, office: Office) -> dict[str, MustWait]:
    """The actors whose models are not asked now, and what their next request would be told."""
    limits = tx.limits.of(office.claude.service)
    found = {
        limit.family: MustWait(limit.family, told, limit.reason) for limit in limits if (told := until_told(tx, limit))
    }
    families = _families(tx, office) if found else {}
    return {actor: found[its] for actor, its in families.items() if its in found}


@dataclass(slots=True)
class Rooms:
    """How many turns of each limited family may go out, counted down as they do."""

    families: dict[str, str]  #: of each actor
    free: dict[str, int]  #: of each family that is limited

    def full(self) -> list[str]:
        """The actors whose turns stay."""
        return [actor for actor, its in self.families.items() if self.free.get(its, 1) <= 0]

    def took(self, actor: str) -> None:
        """One of its turns went out."""
        its = self.families.get(actor)
        if its in self.free:
            self.free[its] -= 1


def rooms(tx: Tx, office: Office) -> Rooms | None:
    """The room of each limited family; None while nothing is limited."""
    limits = tx.limits.of(office.claude.service)
    if not limits:
        return None
    families = _families(tx, office)
    in_hand: dict[str, int] = {}
    for actor, count in tx.turns.in_hand_by_actor(office.reach.only).items():
        its = families.get(actor, "")
        in_hand[its] = in_hand.get(its, 0) + count
    usual = office.settings.max_parallel_agents
    free = {limit.family: _most_out(tx, limit, usual) - in_hand.get(limit.family, 0) for limit in limits}
    return Rooms(families, free)


def _most_out(tx: Tx, limit: Limit, usual: int) -> int:
    if until_told(tx, limit):
        return 0
    requests = [left.left for left in _left(tx, limit) if left.what == "requests"]
    return min([usual if limit.slots is None else limit.slots, *(max(1, left) for left in requests)])


def _families(tx: Tx, office: Office) -> dict[str, str]:
    """The family each actor asks now."""
    return {actor: family(model) for actor, model in models_asked(tx, office, office.brand).items()}


def _locked(tx: Tx, service: str, of: str) -> Limit:
    return tx.limits.get(service, of, lock=True) or Limit(service, of, said_at=tx.now)


def _with_news(tx: Tx, limit: Limit, left: Sequence[Left]) -> Limit:
    # An answer that says nothing leaves what was known.
    return replace(limit, left=tuple(news for news in left if news.is_near), said_at=tx.now) if left else limit


def _left(tx: Tx, limit: Limit) -> tuple[Left, ...]:
    """What little is left as it has filled since it was said."""
    since = tx.now - limit.said_at
    if since < -CLOCK_SLACK:
        return ()  # said by a clock that was set back since
    return tuple(left.after(max(since, timedelta(0))) for left in limit.left)


def _need(limit: Left, tokens: int) -> int:
    # What an answer takes nobody knows before.
    return tokens if limit.what in ("tokens", "input-tokens") else 1


def _told(problem: LimitReached) -> timedelta | None:
    """How long the service says to wait; None where it does not say, or says no time at all."""
    told = problem.retry_after or max((left.wait_for(1) for left in problem.left), default=timedelta(0))
    return min(told, LONGEST_TOLD) or None


def _untold(limit: Limit) -> timedelta:
    answered = limit.slots != 1 or limit.good > 0
    if answered or limit.told_at is None or limit.wait_until is None:
        return FIRST_UNTOLD
    return min(max(2 * (limit.wait_until - limit.told_at), FIRST_UNTOLD), LONGEST_UNTOLD)


def _grown(limit: Limit, usual: int) -> Limit:
    """As many may be out as one more good answer makes."""
    if limit.slots is None:
        return limit
    good = limit.good + 1
    if limit.slots >= (limit.steady or 1) and good < limit.slots:
        return replace(limit, good=good)
    if limit.slots + 1 < usual:
        return replace(limit, good=0, slots=limit.slots + 1)
    _log.warning("As many as usual ask %s again.", limit.family)
    return replace(limit, good=0, slots=None, steady=None, told_at=None, wait_until=None, reason="")
