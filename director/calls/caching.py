"""
How long the service is asked to keep the parts of a prompt in its cache: computed from what waits and what is scheduled.

In units of what a token of input costs (`money/prices.yaml`): to write it for five minutes is 1.25, for an hour 2, to read it
0.05 to 0.1. So five minutes pay from one reading on, and cost a quarter where nobody reads. An hour pays where a part is read
soon and again later: 2 and readings, instead of 1.25 now and 1.25 then. Each reading renews the time. Only a part that is
marked is looked for, so who comes last marks what those before it wrote.

It is an estimate, and costs a few cents where it is wrong. It changes nothing of what is asked (`Request.digest`).
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from director.mailbox.models_asked import models_asked
from director.mailbox.turns import Held
from director.office import Office
from director.prompting.request import Block, Life, Request
from director.store.tx import Tx
from director.words.models import Goal
from director.words.states import TaskState

#: Used again sooner, five minutes are enough; later than an hour, nothing is.
_SOON: Final = timedelta(minutes=5)
_LATEST: Final = timedelta(hours=1)

#: Calls of other purposes that begin with the same.
_ALIKE: Final = {"draft": ("draft", "warm"), "review": ("review", "warm")}

#: The tasks that will ask for a text of each purpose: of a review not those that wait to be written only.
_STILL_TO_ASK: Final = {
    "draft": (TaskState.PLANNED, TaskState.DRAFTING),
    "warm": (TaskState.PLANNED, TaskState.DRAFTING),
    "review": (TaskState.PLANNED, TaskState.DRAFTING, TaskState.REVIEWING),
    "mend": (TaskState.PLANNED, TaskState.DRAFTING, TaskState.REVIEWING),
}


def kept(office: Office, held: Held, request: Request) -> Request:
    """
    *request* with the time each of its parts is to be kept: none where no other call is expected that begins with it, and none
    was made a moment ago.
    """
    with office.store.read() as tx:
        goal = tx.goals.get(held.turn.goal or "")
        used = _used(tx, goal, request)
        is_read = [
            _was_used(used, block) or _is_read(tx, office, goal, held, request, block) for block in request.system
        ]
        later = is_read[:1] == [True] and _comes_back(tx, goal)
    # A part is only found again behind all before it.
    lives: list[Life | None] = []
    for n, block in enumerate(request.system):
        again = block.stable and all(is_read[: n + 1])
        # What is a skill's own is written once a goal: kept for an hour it would save nothing.
        lives.append((Life.HOUR if later and n == 0 else Life.MINUTES) if again else None)
    return replace(request, lives=tuple(lives))


def _comes_back(tx: Tx, goal: Goal) -> bool:
    """Whether the brand is known to be at work again later within the hour: a schedule is due then."""
    return tx.slots.any_due(goal.brand, tx.now + _SOON, tx.now + _LATEST)


def _used(tx: Tx, goal: Goal, request: Request) -> list[str | None]:
    """The skills of those calls of the last minutes, or of the last hour where that was paid for, that begin alike."""
    alike = _ALIKE.get(request.purpose, (request.purpose,))
    calls = tx.calls.lately(goal.brand, request.model, alike)
    return [skill for skill, at, for_an_hour in calls if at > tx.now - (_LATEST if for_an_hour else _SOON)]


def _was_used(used: list[str | None], block: Block) -> bool:
    return bool(used) if block.skill is None else block.skill in used


def _is_read(tx: Tx, office: Office, goal: Goal, held: Held, request: Request, block: Block) -> bool:
    """Whether another call will begin with the same, up to and with *block*."""
    if request.purpose == "plan":
        return tx.goals.planning(goal.brand) > 1
    states = _STILL_TO_ASK.get(request.purpose)
    if states is None:
        return False
    left = tx.tasks.still_open(goal.brand, states)
    if request.purpose == "draft":
        models = models_asked(tx, office, goal.brand)
        left = {skill: count for skill, count in left.items() if models.get(skill) == request.model}
    own = 0 if held.turn.subject == goal.id else 1
    if block.skill is not None:
        return left.get(block.skill, 0) > own
    return sum(left.values()) > own
