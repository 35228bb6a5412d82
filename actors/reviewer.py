"""The reviewer's actor."""

import dramatiq

from actors.broker import answer, broker
from director.calibration.judge import CALIBRATE, calibrate
from director.mailbox.handling import Verb
from director.office import REVIEWER
from director.redis.bus import QUEUE
from director.tasks.review import review

#: review: a draft was kept. calibrate: a text whose fault is known is to be judged.
VERBS: dict[str, Verb] = {"review": review, CALIBRATE: calibrate}


@dramatiq.actor(actor_name=REVIEWER, queue_name=QUEUE, broker=broker)
def reviewer(turn_id: int) -> None:
    """Do the reviewer's part of a turn."""
    answer(turn_id, VERBS)
