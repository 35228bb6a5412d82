"""The facts behind a thing of the record, one at a time: when it happened, what it is about, in words and as data."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from director.calls.ask import digest_of
from director.store.tx import Tx
from director.words.amounts import usd
from director.words.characters import shortened
from director.words.models import (
    Approval,
    Call,
    Draft,
    Event,
    EventOutcome,
    Goal,
    JournalLine,
    Review,
    Slot,
    Task,
    Turn,
)
from director.words.states import CallState, SlotFate
from pipelines.plan import StepKind

#: Of others' words in a line.
_LONGEST: Final = 200

#: Of a part's name.
_LONGEST_PART: Final = 50

#: Characters of a digest that people are shown.
_DIGEST: Final = 12


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened."""

    at: datetime
    about: str  #: what `why` can be asked about next, where there is more
    said: str  #: a sentence or two
    more: tuple[str, ...] = ()  #: lines below it
    data: dict[str, Any] = field(default_factory=dict)  #: the same for programs


def event_came(event: Event) -> Fact:
    """An event, with what came with it: text from outside."""
    said = "" if event.said_at is None else f", said to be of {_moment(event.said_at)}"
    inside = "" if event.goal is None else f" It happened to {event.goal}."
    came = _line(json.dumps(event.data, ensure_ascii=False))
    words = f"The event {event.type} came from {event.source}{said}, with {came}.{inside}"
    return Fact(
        event.created_at, event.id, words, data={"type": event.type, "source": event.source, "goal": event.goal}
    )


def trigger_looked(outcome: EventOutcome) -> Fact:
    """What became of an event at a trigger."""
    words = f"The trigger {outcome.trigger}: {outcome.what}. {_line(outcome.why)}"
    return Fact(outcome.at, outcome.event, words, data={"trigger": outcome.trigger, "goal": outcome.goal})


def slot_was_due(slot: Slot) -> Fact:
    """A due time, or the moment a person ran a schedule, and its fate."""
    due = "A person ran" if slot.fate is SlotFate.RUN else "Was due:"
    words = f"{due} the schedule {slot.schedule}, {_moment(slot.slot)}: {slot.fate}. {_line(slot.why)}"
    return Fact(slot.at, name_of(slot), words, data={"fate": slot.fate, "goal": slot.goal})


def name_of(slot: Slot) -> str:
    """A slot as it is named: the schedule's name and its moment in UTC."""
    seconds = "minutes" if slot.slot.second == 0 and slot.slot.microsecond == 0 else "auto"
    return f"{slot.schedule}@{slot.slot.replace(tzinfo=None).isoformat(timespec=seconds)}Z"


def goal_given(goal: Goal, *, by_a_person: bool) -> Fact:
    """The goal as it was asked for."""
    who = "A person gave the goal" if by_a_person else "So the goal was given"
    made_by = "texts whose faults are known" if goal.is_calibration else f"a plan by {goal.plan_by}"
    plan = f"the pipeline {goal.pipeline}" if goal.pipeline else made_by
    words = (
        f"{who}: “{_line(goal.text)}” ({goal.category}, {goal.priority}, at most {usd(goal.given_nano)}, {plan}, "
        f"{'rehearsed' if goal.rehearsal else 'paid'})."
    )
    return Fact(goal.created_at, goal.id, words, data={"text": goal.text, "cap_nano": goal.given_nano})


def task_planned(task: Task, needs: tuple[Task, ...]) -> Fact:
    """A task's place in the plan."""
    does = {StepKind.DRAFT: "writes", StepKind.REVIEW: f"judges {task.target}", StepKind.REPORT: "reports"}[task.kind]
    after = f" Builds on {', '.join(f'{need.id} ({need.skill})' for need in needs)}." if needs else ""
    brief = f": {_line(task.brief)}" if task.brief else "."
    words = f"The plan has it: {task.skill} {does}{brief}{after}"
    return Fact(task.created_at, task.id, words, data={"skill": task.skill, "needs": [need.id for need in needs]})


def task_stands(task: Task, calls: Sequence[Call], since: datetime) -> Fact:
    """A task as a line of its goal: how it stands and since when, what it cost."""
    revised = "" if not task.revision else ", 1 revision" if task.revision == 1 else f", {task.revision} revisions"
    words = f"{task.skill}: {task.state}{revised}, {money(calls)}."
    return Fact(since, task.id, words, data={"state": task.state})


def money(calls: Sequence[Call]) -> str:
    """What calls cost; paid and rehearsed money are never added up."""
    paid = [call for call in calls if not call.rehearsal]
    rehearsed = [call for call in calls if call.rehearsal]
    said = [f"{usd(_cost(paid))} paid in {_calls(paid)}"] if paid else []
    said += [f"{usd(_cost(rehearsed))} rehearsed in {_calls(rehearsed)}"] if rehearsed else []
    return " and ".join(said) or "no call"


def turn_made(turn: Turn) -> Fact:
    """The message to an actor, for which calls are made."""
    claimed = (
        "not claimed yet" if not turn.epoch else "claimed once" if turn.epoch == 1 else f"claimed {turn.epoch} times"
    )
    words = f"{turn.actor} was to {turn.verb} {turn.subject}: turn {turn.id}, {claimed}, {turn.state}."
    return Fact(
        turn.created_at, turn.subject, words, data={"turn": turn.id, "key": turn.key, "attempts": turn.attempts}
    )


def call_made(tx: Tx, call: Call, *, with_parts: bool) -> Fact:
    """A call: what it was for, what it cost, and of what its prompt was made."""
    parts = json.loads(tx.text(call.parts_hash)) if call.parts_hash else []
    tokens = (
        f"{call.input_tokens:,} tokens in, {call.output_tokens:,} out, {call.cache_write_tokens:,} written to the cache, "
        f"{call.cache_read_tokens:,} read from it"
    )
    request = f", request {call.request_id}" if call.request_id else ""
    words = (
        f"{call.purpose}, asked of {call.model}{', rehearsed' if call.rehearsal else ''}: {_became(call)} ({tokens}{request}, "
        f"prompt {digest_of(call)[:_DIGEST]})."
    )
    lines = _table_of(parts) if with_parts else ()
    data = {
        "call": call.id, "purpose": call.purpose, "model": call.answered_by, "state": call.state, "rehearsal": call.rehearsal,
        "cost_nano": call.cost_nano, "input_tokens": call.input_tokens, "output_tokens": call.output_tokens,
        "cache_write_tokens": call.cache_write_tokens, "cache_read_tokens": call.cache_read_tokens,
        "request_id": call.request_id, "seconds": call.seconds, "prompt": digest_of(call), "parts": parts,
    }  # fmt: skip
    return Fact(call.created_at, f"c{call.id}", words, lines, data)


def draft_kept(draft: Draft) -> Fact:
    """A version of a task's result."""
    cut = ", cut off" if draft.cut_off else ""
    words = f"Revision {draft.revision} was kept{cut} (text {draft.text_hash[:_DIGEST]})."
    return Fact(draft.created_at, draft.task, words, data={"revision": draft.revision, "text": draft.text_hash})


def verdict_given(review: Review, draft: Draft, *, rehearsed: bool) -> Fact:
    """What was found about a draft, by whom: certain checks where they decided, else the findings by their weight."""
    score = "" if review.score is None or rehearsed else f", score {review.score:.1f}"
    found = review.document.get("certain")
    if found:
        why = f"Certain checks: {'; '.join(map(str, found))}"
    else:
        weights = Counter(str(finding.get("severity")) for finding in review.document.get("findings", ()))
        findings = ", ".join(f"{count} {weight}" for weight, count in weights.items()) or "nothing"
        why = f"Found: {findings}. {review.document.get('summary', '')}"
    words = f"Verdict on revision {draft.revision} by {review.by}: {review.verdict}{score}. {_line(why)}"
    return Fact(review.created_at, f"r{review.id}", words, data={"verdict": review.verdict, "score": review.score})


def question_asked(question: Approval) -> Fact:
    """A question to a person."""
    return Fact(question.created_at, question.id, f"Asked: {_line(question.question)}", data={"kind": question.kind})


def question_closed(question: Approval, by: str | None) -> Fact | None:
    """What a person answered, or that nobody did; None while it is open."""
    if question.answered_at is None:
        return None
    words = (
        f"{question.state.capitalize()}{f': {question.answer}' if question.answer else ''}{f', by {by}' if by else ''}"
    )
    said = f". “{_line(question.said)}”" if question.said else "."
    return Fact(question.answered_at, question.id, words + said, data={"answer": question.answer, "by": by})


def line_written(line: JournalLine) -> Fact:
    """A line of the journal."""
    detail = f": {_line(line.detail)}" if line.detail else "."
    words = f"{line.what[:1].upper()}{line.what[1:]}, by {line.by}{detail}"
    return Fact(line.at, line.subject, words, data={"what": line.what, "by": line.by})


def revision_of(call: Call) -> int | None:
    """The revision a task's call was about, which its turn's key says; None of a goal's own."""
    found = re.match(r"[a-z]+:[^:]+:([0-9]+)", call.key)
    return int(found[1]) if found and call.task else None


def _table_of(parts: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """The parts of a prompt, a line each, under a line that says what is in it; those that are cached stand first."""
    lines = ["tokens  digest        part of the prompt"] if parts else []
    for number, part in enumerate(parts):
        if number and parts[number - 1]["cached"] and not part["cached"]:
            lines.append("        -- not cached from here")
        lines.append(f"{part['tokens']:>6,}  {part['sha256'][:_DIGEST]}  {shortened(part['name'], _LONGEST_PART)}")
    return tuple(lines)


def _became(call: Call) -> str:
    cost, worst = usd(call.cost_nano), usd(call.reserved_nano)
    took = "" if call.seconds is None else f" in {call.seconds:.1f} s"
    by = "" if call.served is None else f" by {call.served}"
    match call.state:
        case CallState.RESERVED:
            return f"on the wire, {worst} set aside"
        case CallState.ANSWERED:
            return f"{cost}, answered{by}{took}"
        case CallState.DUPLICATE:
            return f"{cost}, answered{by}{took}, and bought twice: another answer was kept before"
        case CallState.REFUSED:
            return f"refused, nothing paid. {_line(call.error or '')}"
        case CallState.LOST:
            return f"{cost} at worst, may have been paid without an answer. {_line(call.error or '')}"
        case CallState.ENTERED:
            return f"{cost}, as a person entered; no answer came. {_line(call.error or '')}"


def _cost(calls: Sequence[Call]) -> int:
    return sum(call.cost_nano for call in calls)


def _calls(calls: Sequence[Call]) -> str:
    return "1 call" if len(calls) == 1 else f"{len(calls)} calls"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _line(text: str) -> str:
    return shortened(" ".join(text.split()), _LONGEST)
