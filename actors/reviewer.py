"""The reviewer's actor."""

import dramatiq

from actors.broker import answer, broker
from director.bus import QUEUE
from director.office import REVIEWER
from director.turns import Verb
from director.work.review import review

#: review: a draft was kept.
VERBS: dict[str, Verb] = {"review": review}


@dramatiq.actor(actor_name=REVIEWER, queue_name=QUEUE, broker=broker)
def reviewer(turn_id: int) -> None:
    """Do the reviewer's part of a turn."""
    answer(turn_id, VERBS)
