"""What a task's writer is asked: built in this one place, for whoever sends it and for whoever wants to see it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from director.calls.ask import digest_of
from director.memory import recall
from director.office import Office
from director.progress.facts import Facts, gather
from director.progress.roles import model_of, skill_of
from director.prompting import concluding, drafting
from director.prompting.drafting import Revision
from director.prompting.request import Request
from director.tasks.performance_report import REPORTER
from director.words.command import program
from director.words.errors import WrongCall
from director.words.models import Call, Task
from director.words.states import TaskState
from pipelines.plan import StepKind


def of(office: Office, facts: Facts, *, model: str | None = None, anew: bool = False) -> Request:
    """
    The request for the current revision of a draft or a report; *model* is who was asked, else who would be now. *anew* asks
    for the whole text where edits were asked for and none of them could be made.

    The same facts, with the skill's folder as it is in this process, make the same request.
    """
    task = facts.task
    model = model or model_of(office, task.skill)
    revision = (
        None
        if facts.earlier is None
        else Revision(facts.asked, facts.earlier, task.notes or "", by_edits=facts.by_edits and not anew)
    )
    if task.kind is StepKind.REPORT:
        return concluding.performance_report(
            model=model,
            goal=facts.goal.text,
            brief=task.brief,
            context=facts.context,
            situation=facts.situation,
            record=facts.record,
            inputs=facts.inputs,
            requirements=drafting.requirements(REPORTER, facts.planned),
            revision=revision,
        )
    return drafting.draft(
        skill=skill_of(office, task.skill),
        task=facts.planned,
        model=model,
        goal=facts.goal.text,
        context=facts.context,
        situation=facts.situation,
        inputs=facts.inputs,
        learnings=facts.learnings,
        revision=revision,
    )


class Delivery(StrEnum):
    """Whether a request is what went over the wire."""

    SENT = "sent"  #: It was sent, byte for byte.
    NOT_SENT = "not sent"  #: It would be, with what is known now.
    CHANGED = "changed"  #: Another one was, and what it was made from is no longer there.


@dataclass(frozen=True, slots=True)
class Prompt:
    """The request for the latest revision of a task, and how it stands to what was sent."""

    task: Task
    request: Request
    delivery: Delivery
    call: Call | None  #: the one it was, or another was, sent with
    missing: tuple[Task, ...]  #: what it builds on and is not approved yet


def look(office: Office, task_id: str) -> Prompt:
    """
    The task's prompt, for a person to read. Asks nobody and writes nothing.

    Raises:
        NotFound: no such task, or its skill's folder went away.
        WrongCall: a review; what its reviewer is shown is not built here.
    """
    facts = gather(office, task_id)
    task = facts.task
    if task.kind is StepKind.REVIEW:
        raise WrongCall(
            f"{task.id} reviews {task.target}, and only prompts of drafts and reports can be shown; "
            f"`{program()} show {task.id}` has the review, `{program()} show --prompt {task.target}` what its author was asked."
        )
    facts = replace(facts, learnings=facts.learnings or recall.looked_at(office, facts.goal, task))
    with office.store.read() as tx:
        calls = [call for call in tx.calls.of_goal(task.goal) if call.task == task.id]
        needed = [tx.tasks.get(ident) for ident in tx.tasks.needs(task.goal).get(task.id, ())]
    written = bool(facts.drafts) and facts.drafts[-1].revision == task.revision
    # Reviews of the draft are calls about the same task.
    last = next((call for call in reversed(calls) if call.purpose in ("draft", "report")), None)
    model = last.model if last and written else None
    # Where no edit could be made the whole was asked for.
    possible = [of(office, facts, model=model, anew=anew) for anew in ((False, True) if facts.by_edits else (False,))]
    sent = next((request for request in possible if last and digest_of(last) == request.digest()), None)
    if sent is not None:
        delivery = Delivery.SENT
    else:
        delivery = Delivery.CHANGED if written else Delivery.NOT_SENT
    return Prompt(
        task=task,
        request=sent or possible[0],
        delivery=delivery,
        call=None if delivery is Delivery.NOT_SENT else last,
        missing=tuple(need for need in needed if need.state is not TaskState.APPROVED),
    )
