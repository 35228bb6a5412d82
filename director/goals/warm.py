"""
Before several write side by side: what their prompts begin with is put into the service's cache once, by a call that is asked
for no answer. Else each of them would write it, since an entry can be read only once the answer that wrote it begins.
"""

import logging
from collections import Counter

from director.calls import caching
from director.calls.ask import ask
from director.mailbox import turns
from director.mailbox.turns import Held
from director.office import DIRECTOR, Office
from director.progress.advance import advance, go_on, startable
from director.progress.facts import context_of
from director.progress.roles import model_of, reviewing_model
from director.prompting import warming
from director.prompting.request import Request
from director.store.tx import Tx
from director.words.errors import ModelRefused, OverCap, TooDear
from director.words.models import Goal
from pipelines.plan import StepKind

_log = logging.getLogger(__name__)


def warm(office: Office, held: Held) -> None:
    """
    Ask for each beginning that several of the goal's next calls share and the cache does not hold already; then start the
    tasks. Caused by several tasks that can start at once. It is no reason to hold them up that it is refused.
    """
    with office.store.read() as tx:
        goal = tx.goals.get(held.turn.subject)
        wanted = _wanted(tx, office, goal)
    go_on(office, goal, by=DIRECTOR)
    for request in wanted:
        try:
            ask(office, held, request)
        except (ModelRefused, OverCap, TooDear) as problem:
            _log.info("nothing was put into the cache for %s: %s", goal.id, problem)
            break
    with office.store.write() as tx:
        goal = tx.goals.get(goal.id, lock=True)
        turns.finish(tx, held)
        advance(tx, goal.id, by=DIRECTOR)


def _wanted(tx: Tx, office: Office, goal: Goal) -> list[Request]:
    skills = [task.skill for task in startable(tx, goal) if task.kind is StepKind.DRAFT and task.skill in office.skills]
    if min(len(skills), office.settings.max_parallel_agents) < 2:
        return []
    context = context_of(tx, goal)
    writing = Counter(model_of(office, skill) for skill in skills)
    beginnings = [warming.for_writers(model, context) for model, count in sorted(writing.items()) if count > 1]
    beginnings.append(warming.for_reviewer(reviewing_model(office), context))
    return [beginning for beginning in beginnings if not caching.is_there(tx, goal, beginning)]
