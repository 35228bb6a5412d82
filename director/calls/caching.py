"""
How long the service is asked to keep the parts of a prompt in its cache: computed from what waits and what is scheduled.

In units of what a token of input costs (`money/prices.yaml`): to write it for five minutes is 1.25, for an hour 2, to read it
0.05 to 0.1. So five minutes pay from one reading on, and cost a quarter where nobody reads. An hour pays where a part is read
soon and again later: 2 and readings, instead of 1.25 now and 1.25 then. Each reading renews the time. Only a part that is
marked is looked for, so who comes last marks what those before it wrote.

It is an estimate, and costs a few cents where it is wrong. It changes nothing of what is asked (`Request.digest`).
"""

import json
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
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
    of a moment ago had it kept.
    """
    with office.store.read() as tx:
        goal = tx.goals.get(held.turn.goal or "")
        there = _are_there(tx, goal, request)
        is_read = [
            was or _is_read(tx, office, goal, held, request, block)
            for was, block in zip(there, request.system, strict=True)
        ]
        later = is_read[:1] == [True] and _comes_back(tx, goal)
    # A part is only found again behind all before it.
    lives: list[Life | None] = []
    for n, block in enumerate(request.system):
        again = block.stable and all(is_read[: n + 1])
        # What is a skill's own is written once a goal: kept for an hour it would save nothing.
        lives.append((Life.HOUR if later and n == 0 else Life.MINUTES) if again else None)
    return replace(request, lives=tuple(lives))


def is_there(tx: Tx, goal: Goal, request: Request) -> bool:
    """Whether the cache holds all that *request* begins with, as far as the ledger can say."""
    return all(_are_there(tx, goal, request))


def _comes_back(tx: Tx, goal: Goal) -> bool:
    """Whether the brand is known to be at work again later within the hour: a schedule is due then."""
    return tx.slots.any_due(goal.brand, tx.now + _SOON, tx.now + _LATEST)


def _are_there(tx: Tx, goal: Goal, request: Request) -> list[bool]:
    """
    Of each block, whether a call of the last minutes, or of the last hour where that was paid for, began with the same up to
    and with it, and had it kept. One that was not marked was not written, and would be now, for nobody.
    """
    calls = tx.calls.lately(goal.brand, request.model, tx.now - _SOON, tx.now - _LATEST)
    return [
        any(
            _cached_of(made_of)[: len(beginning)] == beginning
            for skill, made_of in calls
            if block.skill in (None, skill)
        )
        for block, beginning in zip(request.system, request.beginnings(), strict=True)
    ]


@lru_cache(maxsize=128)
def _cached_of(made_of: str) -> tuple[str, ...]:
    """The digests of the parts that were kept, which a prompt begins with."""
    return tuple(part["sha256"] for part in json.loads(made_of) if part["cached"])


def _is_read(tx: Tx, office: Office, goal: Goal, held: Held, request: Request, block: Block) -> bool:
    """Whether another call will begin with the same, up to and with *block*."""
    if request.purpose == "plan":
        return tx.goals.planning(goal.brand) > 1
    by_edits = (
        request.purpose == "draft" and request.form is not None
    )  # as edits are asked for, a draft begins as a mend
    states = _STILL_TO_ASK.get("mend" if by_edits else request.purpose)
    if states is None or (by_edits and block.skill is not None):
        return False
    left = tx.tasks.still_open(goal.brand, states)
    if request.purpose == "draft":
        models = models_asked(tx, office, goal.brand)
        left = {skill: count for skill, count in left.items() if models.get(skill) == request.model}
    own = 0 if held.turn.subject == goal.id else 1
    if block.skill is not None:
        return left.get(block.skill, 0) > own
    return sum(left.values()) > own
