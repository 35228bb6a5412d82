"""The specialists' actors: one for each skill folder, all alike. What differs is in the folders."""

from typing import Any

import dramatiq

from actors.broker import answer, broker, roster
from director.mailbox.handling import Verb
from director.redis.bus import QUEUE
from director.tasks.draft import draft
from director.tasks.review import judge
from skills.loader import Skill

#: draft: its task's needs are met, or the draft was sent back. judge: the plan asks for this colleague's review.
VERBS: dict[str, Verb] = {"draft": draft, "judge": judge}


def declare(skill: Skill) -> dramatiq.Actor[..., Any]:
    """Declare the actor of *skill*, by its name."""

    @dramatiq.actor(actor_name=skill.name, queue_name=QUEUE, broker=broker)
    def specialist(turn_id: int) -> None:
        answer(turn_id, VERBS)

    return specialist


SPECIALISTS = {name: declare(skill) for name, skill in roster.skills.items()}

# A bell for a specialist without a folder here: whoever hears it sees that it cannot do the turn, and passes it on or puts it
# aside (`mailbox.abilities`). All are alike, so any of them can.
broker.otherwise = next(iter(SPECIALISTS.values()), None)
