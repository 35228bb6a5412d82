"""The Director's actor."""

import dramatiq

from actors.broker import answer, broker
from director.goals.conclude import conclude
from director.goals.plan import plan
from director.goals.replan import replan
from director.goals.warm import warm
from director.mailbox.events import LOOK
from director.mailbox.handling import Verb
from director.office import DIRECTOR
from director.progress.replanning import REPLAN
from director.redis.bus import QUEUE
from director.tasks.draft import draft
from director.tasks.review import judge
from director.triggers.fire import look
from director.upkeep.notify import NOTIFY, deliver

#: plan: a goal was given. warm: several of its tasks can start at once. judge, report: a step of its plan. conclude: none of
#: its tasks is open any more. replan: one of its tasks failed for good.
#: event: something happened, outside or inside. notify: a channel has not got a notice.
VERBS: dict[str, Verb] = {
    "plan": plan,
    "warm": warm,
    "judge": judge,
    "report": draft,
    "conclude": conclude,
    REPLAN: replan,
    LOOK: look,
    NOTIFY: deliver,
}


@dramatiq.actor(actor_name=DIRECTOR, queue_name=QUEUE, broker=broker)
def director(turn_id: int) -> None:
    """Do the Director's part of a turn."""
    answer(turn_id, VERBS)
