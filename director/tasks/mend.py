"""What is left to mend in a draft that is good enough: its findings become edits, in one cheap call, once a task."""

import logging
from dataclasses import dataclass
from typing import Any, Final

from director.calls.ask import ask_for
from director.mailbox.turns import Held
from director.office import Office
from director.progress.facts import Facts
from director.progress.roles import reviewing_model
from director.prompting import mending
from director.prompting.forms import Edits, ReviewForm
from director.tasks import edits
from director.words.errors import ModelRefused, ModelUnreadable, OverCap, Unkept
from pipelines.plan import StepKind
from skills.loader import Skill

_log = logging.getLogger(__name__)

#: How heavy a finding is that is mended; a suggestion is its author's to take or leave.
_MENDED: Final = ("major", "minor")

#: Findings of one review that are mended; a text with more of them was hardly good enough.
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Mended:
    """The next revision of an approved draft, and its review: what was found in the one before, without what was mended."""

    text: str
    document: dict[str, Any]
    said: str  #: how much was mended, for the journal


def mend(office: Office, held: Held, facts: Facts, skill: Skill, text: str, found: ReviewForm) -> Mended | None:
    """
    *text*, approved with *found*, as its edits make it; None where nothing was mended: no finding asks for it, it was done
    for this task before, or there is no usable answer. An approved draft is never worse off for having been tried.

    The reviewer's model is asked: the brand's context was just cached for it.
    """
    findings = [finding for finding in found.findings if finding.severity in _MENDED][:_MOST]
    if not findings or facts.planned.kind is StepKind.REPORT or facts.mended:
        return None
    request = mending.mend(
        skill=skill,
        task=facts.planned,
        model=reviewing_model(office),
        goal=facts.goal.text,
        brief=facts.task.brief,
        context=facts.context,
        deliverable=text,
        findings=findings,
    )
    try:
        answer = ask_for(office, held, request, Edits, about=f"The edits of {facts.task.id}")
    except (OverCap, ModelUnreadable, ModelRefused, Unkept) as problem:
        # No reason to hold, to ask again or to fail: the draft is good enough as it is.
        _log.warning("%s is approved as it is, nothing in it was mended: %s", facts.task.id, problem)
        return None
    known = range(1, len(findings) + 1)
    asked = [edit for edit in answer.edits if edit.findings and all(number in known for number in edit.findings)]
    edited = edits.apply(text, asked, edits.unread(text, skill, facts.planned, facts.with_inputs()))
    for edit, why in edited.left:
        _log.info("an edit of %s for %s was left: %s", facts.task.id, edit.findings, why)
    # One that was meant in two places and fits in one is not mended.
    done = edits.numbers(edited.made) - edits.numbers(edit for edit, _ in edited.left)
    if not edited.made:
        return None
    mended = [finding for number, finding in enumerate(findings, 1) if number in done]
    left = [finding for finding in found.findings if finding not in mended]
    document = found.model_copy(update={"findings": left}).model_dump()
    document["mended"] = [finding.model_dump() for finding in mended]
    document["edits"] = [edit.model_dump() for edit in edited.made]
    return Mended(edited.text, document, f"{len(mended)} of {len(findings)} findings mended by {_count(edited.made)}")


def _count(made: tuple[object, ...]) -> str:
    return f"{len(made)} {'edit' if len(made) == 1 else 'edits'}"
