"""From the level critical on, what is still asked is asked of the cheapest model."""

from collections.abc import Callable
from dataclasses import replace

from director.mailbox import restrictions
from director.money.levels import ASK_CHEAPEST
from director.office import CHEAPEST, Office
from director.prompting.request import Request


def at_level(office: Office, goal_id: str, request: Request, key_of: Callable[[Request], str]) -> Request:
    """
    *request* as it is to be asked at the level of the goal's month. What was answered under either key stays what is asked: a
    level that changes between two attempts buys nothing again. MODEL, where it is set, is the model of every call.
    """
    if office.settings.model is not None or request.model == (model := office.prices.model_for(CHEAPEST)):
        return request
    cheap = replace(request, model=model)
    with office.store.read() as tx:
        if tx.calls.answered(key_of(request)) is not None:
            return request
        if tx.calls.answered(key_of(cheap)) is not None:
            return cheap
        goal = tx.goals.get(goal_id)
        level = restrictions.of_money(tx, office, goal.brand, rehearsal=office.claude.rehearses).level
    return cheap if level in ASK_CHEAPEST else request
