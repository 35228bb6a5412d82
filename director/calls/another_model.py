"""Another model answered than was asked: what the goal's next calls may cost by that, and what a person has to agree to."""

from collections.abc import Iterable

from director.money.prices import without_date
from director.office import Office
from director.store.tx import Tx
from director.words.amounts import usd
from director.words.errors import AnotherModel
from director.words.models import Approval, Call, Goal
from director.words.states import Answer, HeldWhy


def others(tx: Tx, goal: Goal, model: str) -> set[str]:
    """Who answered in place of *model* in this goal so far, and may do so again."""
    return {call.answered_by for call in tx.calls.served_otherwise(goal.id) if call.model == model}


def note(tx: Tx, office: Office, call: Call, served: str, cost_nano: int) -> None:
    """Say that *served* answered the call, and what that cost."""
    price = "" if office.prices.has(served) else ", at the dearest prices there are, since it has none"
    detail = f"call {call.id} ({call.purpose}) asked {call.model} and was answered by {served}; it cost {usd(cost_nano)}{price}"
    tx.note(call.goal, call.task or call.goal, "another model", by="ledger", detail=detail)


def unagreed(tx: Tx, goal: Goal) -> AnotherModel | None:
    """
    What keeps the goal from asking, and from using what was answered: a model nobody asked, whose answer cost more than was
    set aside, and that no person has agreed to. Told by the record, so it is the same whoever died in between.
    """
    beyond = _beyond(tx.calls.served_otherwise(goal.id))
    return _not_agreed(beyond, tx.approvals.of_goal(goal.id)) if beyond else None


def agreed_of_held(tx: Tx, only: str | None = None) -> list[str]:
    """Of one goal or of all: those with turns put aside for a person of which nothing is `unagreed` any more."""
    calls: dict[str, list[Call]] = {}
    for call in _beyond(tx.calls.served_otherwise_of_held(HeldWhy.PERSON, only)):
        calls.setdefault(call.goal, []).append(call)
    questions: dict[str, list[Approval]] = {}
    for question in tx.approvals.of_held(HeldWhy.PERSON, only):
        questions.setdefault(question.goal, []).append(question)
    goals = [goal.id for goal in tx.goals.of_held(HeldWhy.PERSON, only)]
    return [goal for goal in goals if _not_agreed(calls.get(goal, ()), questions.get(goal, ())) is None]


def _beyond(calls: Iterable[Call]) -> list[Call]:
    return [call for call in calls if call.cost_nano > call.reserved_nano]


def _not_agreed(beyond: Iterable[Call], questions: Iterable[Approval]) -> AnotherModel | None:
    agreed = tuple(question.key for question in questions if question.answer is Answer.APPROVE)
    for call in beyond:
        # Who agreed to a model agreed to every state of it, also where the key of the question names one.
        which = f"{call.model} by {without_date(call.answered_by)}"
        if not any(without_date(key).endswith(f":{which}") for key in agreed):
            return AnotherModel(
                f"{call.model} was asked and {call.answered_by} answered: call {call.id} ({call.purpose}) cost "
                f"{usd(call.cost_nano)}, and {usd(call.reserved_nano)} was set aside.",
                which=which,
            )
    return None
