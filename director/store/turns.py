"""
The rows of the mailbox, and which of them is next. What a turn is stands in `mailbox/turns`, how many go out and when in
`mailbox/admission`, who can do one in `mailbox/abilities`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)

from director.store import schema
from director.store.presence import CLOCK_SLACK
from director.store.transaction import Transaction
from director.words.errors import StaleState
from director.words.models import Claim, Need, Turn
from director.words.reach import Reach
from director.words.states import GoalState, HeldWhy, Priority, TurnState, WaitFor, is_final, may_move

g, u = schema.goals, schema.turns
_IN_HAND = (TurnState.DISPATCHED, TurnState.RUNNING)
_OPEN = (*_IN_HAND, TurnState.QUEUED, TurnState.HELD)


@dataclass(frozen=True, slots=True)
class Let:
    """Whose turns of goals may go out now; those that are no goal's always may."""

    kept_back: Set[tuple[str, Priority]] = frozenset()  #: brands and priorities that wait
    without: Set[str] = frozenset()  #: actors whose turns wait
    only: str | None = None  #: the actor whose turns alone do not


#: Nothing is held back.
EVERYTHING: Final = Let()

#: How many goals' oldest turns are looked at, should somebody be moving the first ones just now.
_CANDIDATES = 10

#: When a turn is looked at again, where that is not its `due_at`.
_LOOK = {TurnState.QUEUED: u.c.not_before}

_queued = schema.among(u.c.state, TurnState.QUEUED)
_in_hand = schema.among(u.c.state, *_IN_HAND)
_held = schema.among(u.c.state, TurnState.HELD)

_hand = select(u.c.priority, u.c.brand, u.c.goal).where(_in_hand).subquery()
_classes = select(_hand.c.priority, func.count().label("n")).group_by(_hand.c.priority).subquery()
_brands = select(_hand.c.brand, func.count().label("n")).group_by(_hand.c.brand).subquery()
_goals = select(_hand.c.goal, func.count().label("n")).group_by(_hand.c.goal).subquery()
#: Those a process may do, as `Reach.works_for` has it.
_mine = or_(bindparam("every", type_=Boolean), u.c.goal == bindparam("mine"))
_of_its_kind = (
    exists()
    .where(g.c.id == u.c.goal, g.c.rehearsal.in_((bindparam("one"), bindparam("other"))), g.c.paused_at.is_(None))
    .correlate(u)
)
_reached = and_(_mine, or_(u.c.goal.is_(None), _of_its_kind))
_of_goals = u.c.goal.is_not(None) == bindparam("of_goals", type_=Boolean)
_time_came_by = case(
    {priority: bindparam(f"by_{priority}", type_=schema.Moment) for priority in Priority}, value=u.c.priority
)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What is asked about queued turns whose time has come."""

    any: Select[Any]
    longest: Select[Any]
    next: Select[Any]  #: which go out first, as `Turns.admit` says


def _waiting(*also: ColumnElement[bool]) -> _Waiting:
    """The statements about those of whom *also* is true."""
    ready = (_queued, u.c.not_before <= bindparam("now"), _reached, _of_goals, *also)
    oldest = (  # of each goal and class, among the most urgent
        select(u.c.priority, u.c.brand, u.c.goal, func.min(u.c.id).label("id"))
        .where(_queued, u.c.not_before <= _time_came_by, _reached, _of_goals, *also)
        .group_by(u.c.priority, u.c.brand, u.c.goal)
        .subquery()
    )
    return _Waiting(
        any=select(u.c.id).where(*ready).limit(1),
        longest=select(u.c.priority, func.min(u.c.not_before)).where(*ready).group_by(u.c.priority),
        next=select(oldest.c.id, exists().where(*ready, u.c.id != oldest.c.id).label("others"))
        .outerjoin(_classes, _classes.c.priority == oldest.c.priority)
        .outerjoin(_brands, _brands.c.brand == oldest.c.brand)
        .outerjoin(_goals, _goals.c.goal.is_not_distinct_from(oldest.c.goal))
        .order_by(*(func.coalesce(of.c.n, 0) for of in (_classes, _brands, _goals)), oldest.c.id)
        .limit(_CANDIDATES),
    )


#: A brand and a priority as one word, as `Let` is asked for them.
_kind = u.c.brand + literal_column("' '") + type_coerce(u.c.priority, String)
_let = or_(
    u.c.goal.is_(None),
    and_(
        _kind.not_in(bindparam("kept_back", expanding=True)),
        u.c.actor.not_in(bindparam("without", expanding=True)),
        or_(bindparam("any_actor", type_=Boolean), u.c.actor == bindparam("only_actor")),
    ),
)

# Made once, compiled and keyed once (see transaction.py).
_TURN = select(u).where(u.c.id == bindparam("id"))
_LOCKED_TURN = _TURN.with_for_update()
_KEYED = select(u).where(u.c.key == bindparam("of_key"))
_counted_in_hand = (_in_hand, _of_goals, or_(_mine, u.c.due_at >= bindparam("since")))
_COUNT_IN_HAND = select(func.count()).where(*_counted_in_hand)
_IN_HAND_BY_ACTOR = select(u.c.actor, func.count().label("n")).where(*_counted_in_hand).group_by(u.c.actor)
_OVERDUE = select(u).where(_in_hand, u.c.due_at < bindparam("now"), _mine)
_ANY_OVERDUE = _OVERDUE.with_only_columns(u.c.id).limit(1)
_WAITING_SINCE = select(func.count()).where(
    or_(and_(_queued, u.c.not_before < bindparam("since")), and_(_in_hand, u.c.due_at < bindparam("since"))),
    or_(u.c.goal.is_(None), u.c.goal.not_in(bindparam("but_for", expanding=True))),
)
_OPEN_OF_GOAL = select(u).where(u.c.goal == bindparam("of_goal"), u.c.state.in_(_OPEN)).order_by(u.c.id)
_LOCKED_OPEN_OF_GOAL = _OPEN_OF_GOAL.with_for_update()
_put_aside = (_held, u.c.held_why == bindparam("why"), _mine)
_HELD = select(u).where(*_put_aside).order_by(u.c.id)
_ALL_WAITING = _waiting()
# The usual statements stay within their index; the actor is not in it.
_SOME_WAITING = _waiting(_let)
# Values come as parameters, so that each set of columns is compiled once.
_AS_READ = update(u).where(
    u.c.id == bindparam("which"), u.c.state == bindparam("was"), u.c.epoch == bindparam("of_epoch")
)
_CLAIM = (
    update(u)
    .where(
        u.c.id == bindparam("which"),
        schema.among(u.c.state, TurnState.DISPATCHED),
        u.c.crashes <= bindparam("most_crashes"),
        _reached,
    )
    .values(epoch=u.c.epoch + 1, rung_at=None)
    .returning(u)
)
# A turn that somebody is cancelling is passed over: waiting for it, with others locked, would be a deadlock.
_still_waiting = select(u.c.id).where(u.c.id == bindparam("which"), _queued).with_for_update(skip_locked=True)
_ADMIT = (
    update(u)
    .where(u.c.id == _still_waiting.scalar_subquery())
    .values(
        state=TurnState.DISPATCHED,
        due_at=bindparam("due"),
        rung_at=func.coalesce(u.c.rung_at, bindparam("rung", type_=schema.Moment)),
    )
    .returning(u)
)


#: For other statements, which are asked with `put_aside`: the goals with turns put aside, what those turns are about, and the
#: scopes of the accounts those that are held for money have to fit under. So one asks about all of them.
GOALS_OF_HELD: Final = select(u.c.goal).where(*_put_aside)
SUBJECTS_OF_HELD: Final = select(u.c.subject).where(*_put_aside)
ACCOUNTS_OF_HELD: Final = select(u.c.held_for["scope"].as_string()).where(*_put_aside)


def put_aside(why: HeldWhy, goal_id: str | None = None) -> dict[str, Any]:
    """What statements about turns put aside for that reason are asked with, of one goal or of all."""
    return {"why": why, **of_one_or_all(goal_id)}


def of_one_or_all(goal_id: str | None) -> dict[str, Any]:
    """What statements about one goal or all are asked with."""
    return {"every": goal_id is None, "mine": goal_id or ""}


class Turns:
    """Messages to actors."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def add(self, **values: Any) -> Turn | None:
        """A new queued turn; None when a turn with its key exists already."""
        statement = self.tx.insert(u).on_conflict_do_nothing(index_elements=[u.c.key])
        made = self.tx.conn.execute(statement.returning(u), self._new(values)).one_or_none()
        return None if made is None else _turn(made._asdict())

    def add_all(self, several: Sequence[dict[str, Any]]) -> None:
        """Several new queued turns in one statement; of those whose key exists already none is made."""
        statement = self.tx.insert(u).on_conflict_do_nothing(index_elements=[u.c.key])
        self.tx.conn.execute(statement, [self._new(values) for values in several])

    def _new(self, values: dict[str, Any]) -> dict[str, Any]:
        return {
            **values, "state": TurnState.QUEUED, "attempts": 0, "crashes": 0, "waits": 0, "epoch": 0,
            "created_at": self.tx.now,
        }  # fmt: skip

    def get(self, ident: int, *, lock: bool = False) -> Turn:
        """The turn; with *lock* nobody renews, claims or moves it until this transaction ends."""
        return _turn(self.tx.conn.execute(_LOCKED_TURN if lock else _TURN, {"id": ident}).one()._asdict())

    def keyed(self, key: str) -> Turn | None:
        """The turn with this key; None where none was made."""
        row = self.tx.conn.execute(_KEYED, {"of_key": key}).one_or_none()
        return None if row is None else _turn(row._asdict())

    def in_hand(self, goal_id: str | None = None, *, of_goals: bool = True) -> int:
        """
        How many are dispatched or running, of goals or of no goal. To who works for one goal, others' whose time passed are in
        nobody's hand: they are theirs to take back who work for those, and must not keep this one waiting until somebody does.
        """
        return int(self.tx.conn.execute(_COUNT_IN_HAND, self._counting(goal_id, of_goals=of_goals)).scalar_one())

    def in_hand_by_actor(self, goal_id: str | None = None) -> dict[str, int]:
        """As `in_hand`, of goals, for each actor that has any."""
        rows = self.tx.conn.execute(_IN_HAND_BY_ACTOR, self._counting(goal_id, of_goals=True))
        return {str(row.actor): int(row.n) for row in rows}

    def _counting(self, goal_id: str | None, *, of_goals: bool) -> dict[str, Any]:
        return {**of_one_or_all(goal_id), "of_goals": of_goals, "since": self.tx.now - CLOCK_SLACK}

    def admit(
        self,
        most: int,
        *,
        due_at: datetime,
        rises_every: timedelta,
        reach: Reach | None = None,
        of_goals: bool = True,
        let: Let = EVERYTHING,
    ) -> list[Turn]:
        """
        Dispatch up to *most* queued turns, of goals or of no goal, whose time has come, within *reach*, of no goal that is
        paused, those that are *let*. In their order: the most urgent, where one rises a class each time it has waited for
        *rises_every*; among equals of the class, then the brand, then the goal, with the fewest in hand; then the oldest. One
        that somebody is just moving is passed over.
        """
        admitted: list[Turn] = []
        waiting, within = _of_waiting(reach, let, of_goals=of_goals)
        while len(admitted) < most:
            most_urgent = self._most_urgent(waiting, rises_every, within)
            if most_urgent is None:
                break
            first = self.tx.conn.execute(waiting.next, {"now": self.tx.now, **within, **most_urgent}).all()
            turn = next(filter(None, (self._admit(row.id, due_at) for row in first)), None)
            if turn is None:
                break
            admitted.append(turn)
            if not first[0].others:
                break
        return admitted

    def _most_urgent(
        self, waiting: _Waiting, rises_every: timedelta, within: Mapping[str, Any]
    ) -> dict[str, datetime] | None:
        """
        For `_Waiting.next`: when a turn's time must have come, by its class, for it to be among the most urgent now. None where
        none waits.
        """
        longest = self.tx.conn.execute(waiting.longest, {"now": self.tx.now, **within}).all()
        if not longest:
            return None
        places = {priority: place for place, priority in enumerate(Priority)}
        best = min(places[priority] - (self.tx.now - since) // rises_every for priority, since in longest)
        return {
            # Of a class above the best nobody waits.
            f"by_{priority}": self.tx.now - max(0, place - max(0, best)) * rises_every
            for priority, place in places.items()
        }

    def _admit(self, ident: int, due_at: datetime) -> Turn | None:
        row = self.tx.conn.execute(_ADMIT, {"which": ident, "due": due_at, "rung": self.tx.now}).one_or_none()
        return None if row is None else _turn(row._asdict())

    def any_ready(self, reach: Reach | None = None, *, of_goals: bool = True, let: Let = EVERYTHING) -> bool:
        """Whether `admit` would find one. Locks nothing: who looks stands in nobody's way."""
        waiting, within = _of_waiting(reach, let, of_goals=of_goals)
        return self.tx.conn.execute(waiting.any, {"now": self.tx.now, **within}).first() is not None

    def claim(
        self, ident: int, *, owner: str, lease_until: datetime, most_crashes: int, reach: Reach | None = None
    ) -> Turn | None:
        """
        Take a dispatched turn of at most *most_crashes* and within *reach*; None when it is none. What a dead process held, the
        sweep dispatches again.
        """
        lease = {"state": TurnState.RUNNING, "owner": owner, "lease_until": lease_until, "due_at": lease_until}
        which = {"which": ident, "most_crashes": most_crashes, **_within(reach)}
        row = self.tx.conn.execute(_CLAIM, {**which, **lease}).one_or_none()
        return None if row is None else _turn(row._asdict())

    def renew(self, owner: str, claims: Collection[Claim], lease_until: datetime) -> set[Claim]:
        """Renew these leases of *owner*'s; those it still has. A later claim of the same turn is another lease."""
        mine = (u.c.owner == owner, u.c.state == TurnState.RUNNING, *_claimed_as(claims))
        self._lock(*mine)
        statement = update(u).where(*mine).values(lease_until=lease_until, due_at=lease_until)
        return {Claim(*row) for row in self.tx.conn.execute(statement.returning(u.c.id, u.c.epoch))}

    def cancelled(self, claims: Collection[Claim]) -> set[Claim]:
        """Those of them whose turns were cancelled, whoever has or had them."""
        query = select(u.c.id).where(u.c.id.in_({claim.turn for claim in claims}), u.c.state == TurnState.CANCELLED)
        cancelled = set(self.tx.conn.execute(query).scalars())
        return {claim for claim in claims if claim.turn in cancelled}

    def due_now(self, ids: Collection[int]) -> None:
        """Let the sweep look at these dispatched turns at once."""
        dispatched = (u.c.id.in_(ids), u.c.state == TurnState.DISPATCHED)
        self._lock(*dispatched)
        self.tx.conn.execute(update(u).where(*dispatched).values(due_at=self.tx.now))

    def move(self, turn: Turn, new: TurnState, **changes: Any) -> bool:
        """
        Move *turn* from the state and epoch it was read in; False when it is no longer so.

        Raises:
            StaleState: that move is not drawn, or it is to be held and nothing says why.
        """
        if not may_move(turn.state, new):
            raise StaleState(f"turn {turn.id} cannot go from {turn.state} to {new}")
        if new is TurnState.HELD and changes.get("held_why") is None:
            raise StaleState(f"turn {turn.id} cannot be held for nothing")
        if turn.state is TurnState.HELD:
            changes = {"held_why": None, "held_for": None, "due_at": None, **changes}
        if is_final(new):
            changes = {"due_at": None, "lease_until": None, "finished_at": self.tx.now, **changes}
        elif new is not TurnState.RUNNING:
            changes = {"lease_until": None, "owner": None, **changes}
        as_read = {"which": turn.id, "was": turn.state, "of_epoch": turn.epoch}
        return self.tx.conn.execute(_AS_READ, {**as_read, "state": new, **changes}).rowcount == 1

    def change(self, turn: Turn, **changes: Any) -> None:
        """Change what is not its state, where it still is as it was read."""
        if isinstance(need := changes.get("held_for"), Need):
            changes["held_for"] = asdict(need)
        as_read = {"which": turn.id, "was": turn.state, "of_epoch": turn.epoch}
        self.tx.conn.execute(_AS_READ, {**as_read, **changes})

    def overdue(self, goal_id: str | None = None) -> list[Turn]:
        """Turns in hand whose time passed, of one goal or of all: bells not heard, leases that ran out."""
        rows = self.tx.conn.execute(_OVERDUE, {"now": self.tx.now, **of_one_or_all(goal_id)})
        return [_turn(row._asdict()) for row in rows]

    def any_overdue(self, goal_id: str | None = None) -> bool:
        """Whether there is one."""
        given = {"now": self.tx.now, **of_one_or_all(goal_id)}
        return self.tx.conn.execute(_ANY_OVERDUE, given).first() is not None

    def waiting(self, since: datetime, *, but_for: Collection[str] = ()) -> int:
        """How many wait since then for somebody to let them out, or to answer their bell, but for those of the goals named."""
        given = {"since": since, "but_for": sorted(but_for) or [""]}  # never none, as in `_of_waiting`
        return int(self.tx.conn.execute(_WAITING_SINCE, given).scalar_one())

    def ahead(self, bound: Mapping[TurnState, datetime]) -> bool:
        """Whether any turn's next look is later than its state allows."""
        return (
            self.tx.conn.execute(
                _any_later(tuple(bound)), {state.value: latest for state, latest in bound.items()}
            ).first()
            is not None
        )

    def draw_in(self, bound: Mapping[TurnState, datetime], to: Mapping[TurnState, datetime]) -> None:
        """Put next looks that are later than *bound* at *to*."""
        self._lock(_later(bound))
        for state, latest in bound.items():
            new = {"not_before": to[state]} if state is TurnState.QUEUED else {"due_at": to[state]}
            if state is TurnState.RUNNING:
                new["lease_until"] = to[state]
            self.tx.conn.execute(update(u).where(_later({state: latest})).values(new))

    def look_again_now(self) -> None:
        """What was put back to wait need not wait any longer."""
        waiting = (_queued, u.c.waits > 0, u.c.not_before > self.tx.now)
        self._lock(*waiting)
        self.tx.conn.execute(update(u).where(*waiting).values(not_before=self.tx.now))

    def open_of_goal(self, goal_id: str, *, lock: bool = False) -> list[Turn]:
        """The goal's turns that are not finished, oldest first; *lock* as in `get`."""
        rows = self.tx.conn.execute(_LOCKED_OPEN_OF_GOAL if lock else _OPEN_OF_GOAL, {"of_goal": goal_id})
        return [_turn(row._asdict()) for row in rows]

    def held(self, why: HeldWhy, goal_id: str | None = None) -> list[Turn]:
        """Turns that are put aside for that reason, of one goal or of all."""
        return [_turn(row._asdict()) for row in self.tx.conn.execute(_HELD, put_aside(why, goal_id))]

    def goals_of_queued(self, actors: Collection[str]) -> list[str]:
        """
        The goals with queued turns of these *actors* that are not said to wait, or to have waited for the model until a moment
        that is past.
        """
        said = and_(g.c.state == GoalState.WAITING, or_(g.c.wait_for != WaitFor.MODEL, g.c.wait_until >= self.tx.now))
        query = (
            select(u.c.goal).join(g, g.c.id == u.c.goal).where(_queued, u.c.actor.in_(sorted(actors)), ~said).distinct()
        )
        return sorted(self.tx.conn.execute(query).scalars())

    def of_goal(self, goal_id: str) -> list[Turn]:
        """All of the goal's turns, oldest first."""
        rows = self.tx.conn.execute(select(u).where(u.c.goal == goal_id).order_by(u.c.id))
        return [_turn(row._asdict()) for row in rows]

    def _lock(self, *which: ColumnElement[bool]) -> None:
        # Several turns are locked in the order of their ids, as by a cancel, else two such transactions wait for each other.
        self.tx.conn.execute(select(u.c.id).where(*which).order_by(u.c.id).with_for_update())


def _of_waiting(reach: Reach | None, let: Let, *, of_goals: bool) -> tuple[_Waiting, dict[str, Any]]:
    """The statements about waiting turns, and what they are asked with."""
    within = {**_within(reach), "of_goals": of_goals}
    if let == EVERYTHING:
        return _ALL_WAITING, within
    # Never none: what stands in a statement for an empty list is a table that is read.
    some = {
        "kept_back": sorted(f"{brand} {priority}" for brand, priority in let.kept_back) or [""],
        "without": sorted(let.without) or [""],
        "any_actor": let.only is None,
        "only_actor": let.only or "",
    }
    return _SOME_WAITING, {**within, **some}


def _within(reach: Reach | None) -> dict[str, Any]:
    """What `_reached` is asked with; None is everything."""
    if reach is None:
        return {"every": True, "mine": "", "one": True, "other": False}
    return {"every": reach.only is None, "mine": reach.only or "", "one": reach.rehearsal, "other": reach.rehearsal}


def _claimed_as(claims: Collection[Claim]) -> tuple[ColumnElement[bool], ...]:
    # By id as well, since SQLite looks up no pairs in an index.
    pairs = [(claim.turn, claim.epoch) for claim in claims]
    return u.c.id.in_([turn for turn, _ in pairs]), tuple_(u.c.id, u.c.epoch).in_(pairs)


@cache
def _any_later(states: tuple[TurnState, ...]) -> Select[Any]:
    return select(u.c.id).where(_later({state: bindparam(state.value) for state in states})).limit(1)


def _later(bound: Mapping[TurnState, Any]) -> ColumnElement[bool]:
    return or_(*(and_(*_in_state(state), _LOOK.get(state, u.c.due_at) > latest) for state, latest in bound.items()))


def _in_state(state: TurnState) -> tuple[ColumnElement[bool], ...]:
    # SQLite takes a partial index only where the index's own words stand; that they follow from these it does not see.
    one = schema.among(u.c.state, state)
    return (_in_hand, one) if state in _IN_HAND else (one,)


def _turn(values: Any) -> Turn:
    row = {name: values[name] for name in Turn.__dataclass_fields__}
    return Turn(**row | {"held_for": row["held_for"] and Need(**row["held_for"])})
