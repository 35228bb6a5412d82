"""The Director looks at an event: which triggers are for it, and what becomes of it at each."""

from dataclasses import dataclass

from director.goals import submit
from director.goals.submit import NewGoal
from director.mailbox import operation, restrictions, turns
from director.mailbox.turns import Held
from director.office import Office
from director.store.tx import Tx
from director.triggers import rules
from director.triggers.conditions import CannotEvaluate, first_unmet
from director.triggers.rules import Trigger
from director.words.durations import duration
from director.words.errors import DirectorError, StoreError, TriggersRest, WrongCall
from director.words.models import Event
from director.words.states import Level, Outcome


@dataclass(frozen=True, slots=True)
class _Refused:
    """Why a trigger starts nothing, as far as its file and the event say."""

    what: Outcome
    why: str


def look(office: Office, held: Held) -> None:
    """
    The Director's turn about an event: each trigger for its type starts a goal, or its outcome says why not.

    All that becomes of the event is one transaction with the end of the turn: repeated after a crash as if it were the first
    time, and nothing the second time. A goal that cannot be given takes no cooldown.

    Raises:
        TriggersRest: the month is spent, or the level of operation lets no trigger fire; the turn waits.
    """
    with office.store.read() as tx:
        month = restrictions.of_money(tx, office, office.brand, rehearsal=office.claude.rehearses)
        if month.level is Level.EXHAUSTED or not operation.effects(tx).triggers_fire:
            raise TriggersRest
        event = tx.events.get(held.turn.subject)
    triggers = rules.load(office.settings, office.catalog)
    found = triggers.of(event.type)
    ready = {trigger.name: _prepare(office, trigger, event) for trigger in found}
    with office.store.write() as tx:
        turns.finish(tx, held)
        tx.events.looked_at(event.id)
        for file, why in triggers.broken_for(event.type):
            tx.events.add_outcome(event.id, file, Outcome.NOT_STARTED, why)
        # All cooldowns are taken before any goal gets its number, or of two looks each could wait for the other.
        for trigger, goal in [_may_start(tx, office, trigger, event, ready[trigger.name]) for trigger in found]:
            if goal is not None:
                _start(tx, office, trigger, event, goal)


def _prepare(office: Office, trigger: Trigger, event: Event) -> NewGoal | _Refused:
    """What can be known before anything is written."""
    try:
        unmet = first_unmet(trigger.when, event.data)
    except CannotEvaluate as problem:
        return _Refused(Outcome.NOT_EVALUATED, f"{trigger.name}: {problem}")
    if unmet is not None:
        return _Refused(Outcome.NOT_MET, f"It has to hold that {unmet}.")
    try:
        return submit.check(office.settings, office.catalog, trigger.words(event.data), **trigger.wanted)
    except StoreError:
        raise
    except DirectorError as problem:
        return _Refused(Outcome.NOT_STARTED, str(problem))


def _may_start(
    tx: Tx, office: Office, trigger: Trigger, event: Event, ready: NewGoal | _Refused
) -> tuple[Trigger, NewGoal | None]:
    """The goal the trigger starts, its cooldown taken; None, and why is written."""
    name = trigger.cooldown_of(event.brand)
    if isinstance(ready, _Refused):
        tx.events.add_outcome(event.id, trigger.name, ready.what, ready.why)
    elif round_of := _own_effect(tx, trigger, event):
        tx.events.add_outcome(event.id, trigger.name, Outcome.LOOP, round_of)
    elif too_dear := _too_dear(tx, office, ready):
        tx.events.add_outcome(event.id, trigger.name, Outcome.NOT_STARTED, too_dear)
    elif trigger.cooldown and not tx.events.take_cooldown(name, lasts=trigger.cooldown, event=event.id):
        tx.events.add_outcome(event.id, trigger.name, Outcome.COOLED_DOWN, _why_cooled(tx, name, trigger))
    else:
        return trigger, ready
    return trigger, None


def _start(tx: Tx, office: Office, trigger: Trigger, event: Event, new: NewGoal) -> None:
    goal = submit.begin(tx, office, new)
    tx.events.add_outcome(event.id, trigger.name, Outcome.STARTED, f"Started {goal.id}.", goal.id)


def _too_dear(tx: Tx, office: Office, new: NewGoal) -> str:
    """Why the goal is refused, where its trigger's budget is more than the month in force may cost."""
    try:
        submit.cap_of(tx, office, new, rehearsal=submit.will_rehearse_in(tx, office))
    except WrongCall as problem:
        return str(problem)
    return ""


def _own_effect(tx: Tx, trigger: Trigger, event: Event) -> str | None:
    """Why the event is one this trigger must not answer: it follows, at however many steps, from what it started."""
    goal = event.goal
    while goal is not None and (behind := tx.events.behind(goal)) is not None:
        cause, by = behind
        if by == trigger.name:
            return f"It follows from {goal}, which this trigger started for {cause.id}: stopped after one round."
        goal = cause.goal
    return None


def _why_cooled(tx: Tx, name: str, trigger: Trigger) -> str:
    lasts = tx.events.cooldown(name, trigger.cooldown)
    for_whom = "" if lasts is None else f" for {lasts[1]}, and again from {lasts[0]:%Y-%m-%d %H:%M:%S} UTC"
    return f"It started something{for_whom}: once in {duration(trigger.cooldown)}."
