"""`why`: the chain of facts behind a goal, a task, a verdict, a question, a call, an event or a due time, oldest first."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from director.office import Office
from director.store.ledger import REVIEWING
from director.store.tx import Tx
from director.views import chain
from director.views.chain import Fact, revision_of
from director.words.amounts import usd
from director.words.characters import shortened
from director.words.command import program
from director.words.errors import NotFound, WrongCall
from director.words.models import Approval, Call, Draft, Goal, JournalLine, Review, Task
from director.words.scores import is_rehearsed
from director.words.states import SlotFate

#: More lines than a goal's journal has.
_ALL: Final = 1_000_000

#: Of a goal's words in a headline.
_LONGEST_GOAL: Final = 80

#: How each kind of thing is named.
_NAMED: Final = re.compile(
    r"(?P<goal>g[0-9]{1,18})|(?P<task>g[0-9]{1,18}-[0-9]{1,9})|(?P<question>a[0-9]{1,18})|(?P<event>e[0-9]{1,18})"
    r"|(?:r|verdict )(?P<verdict>[0-9]{1,18})|(?:c|call )(?P<call>[0-9]{1,18})|(?P<slot>[^@\0]{1,64}@.{1,64})"
)


@dataclass(frozen=True, slots=True)
class Why:
    """What is asked about, and the facts that led there; nano-dollars."""

    ident: str
    headline: str
    facts: Sequence[Fact]
    paid_nano: int  #: by all calls that were made for it
    rehearsed_nano: int


def why(tx: Tx, office: Office, ident: str) -> Why:
    """
    The chain behind what *ident* names: g1, g1-2, r3 (a verdict), a1, c17, e1, NAME@2026-11-29T06:00 (in UTC where it says no
    zone).

    Raises:
        WrongCall: it names nothing of these.
        NotFound: there is no such thing.
    """
    found = _NAMED.fullmatch(ident.strip())
    if found is not None and (kind := found.lastgroup):
        return _KINDS[kind](_Record(tx, office), found[kind])
    raise WrongCall(
        "why takes a goal (g1), a task (g1-2), a verdict (r3), a question (a1), a call (c17), an event (e1) or a due time "
        f"(daily-social@2026-11-29T06:00); {ident[:60]!r} is none."
    )


def why_document(found: Why) -> dict[str, Any]:
    """The chain, each fact with its time, in words and as data."""
    return {
        "id": found.ident,
        "is": found.headline,
        "paid_nano": found.paid_nano,
        "rehearsed_nano": found.rehearsed_nano,
        "facts": [
            {"at": fact.at.isoformat(), "about": fact.about, "said": fact.said, "data": fact.data}
            for fact in found.facts
        ],
    }


class _Record:
    """What is read for one question."""

    def __init__(self, tx: Tx, office: Office) -> None:
        self._tx, self._brand = tx, office.brand

    def goal(self, ident: str) -> Why:
        """Who asked, its plan, what its tasks came to, the Director's calls, questions, its end."""
        goal = self._tx.goals.get(ident)
        calls = self._tx.calls.of_goal(goal.id)
        tasks = self._tx.tasks.of_goal(goal.id)
        facts = [
            *self._cause(goal),
            *(chain.call_made(self._tx, call, with_parts=False) for call in calls if call.task is None),
            *(self._stands(task, calls) for task in tasks),
            *self._lines(goal, goal.id),
            *self._questions(goal),
        ]
        return self._why(goal.id, f"{goal.id} {_quoted(goal.text)}: {goal.state}", facts, calls)

    def task(self, ident: str) -> Why:
        """Its place in the plan, its calls, versions and verdicts, questions about it."""
        task = self._tx.tasks.get(ident)
        goal = self._tx.goals.get(task.goal)
        calls = [call for call in self._tx.calls.of_goal(goal.id) if call.task == task.id]
        facts = [
            *self._cause(goal),
            self._plan_of(task),
            *(chain.call_made(self._tx, call, with_parts=call.purpose not in REVIEWING) for call in calls),
            *self._written(task),
            *self._lines(goal, task.id),
            *self._questions(goal, task.id),
        ]
        return self._why(
            task.id, f"{task.id}, {task.skill} for {goal.id} {_quoted(goal.text)}: {task.state}", facts, calls
        )

    def verdict(self, ident: str) -> Why:
        """What was judged and by which calls, what was found, what followed."""
        review = self._tx.reviews.find(int(ident))
        draft = self._tx.drafts.get(review.draft)
        task = self._tx.tasks.get(review.task)
        goal = self._tx.goals.get(task.goal)
        calls = _behind(review, draft, self._tx.calls.of_goal(goal.id))
        facts = [
            *self._cause(goal),
            self._plan_of(task),
            *(chain.call_made(self._tx, call, with_parts=True) for call in calls),
            *self._written(task, revision=draft.revision),
            *(fact for fact in self._lines(goal, task.id) if fact.at >= review.created_at),
            *(fact for fact in self._questions(goal, task.id) if fact.at >= review.created_at),
        ]
        said = f"r{review.id}, {review.by} on revision {draft.revision} of {task.id}: {review.verdict}"
        return self._why(f"r{review.id}", said, facts, calls)

    def question(self, ident: str) -> Why:
        """What led to it, and its answer."""
        question = self._tx.approvals.get(ident)
        goal = self._tx.goals.get(question.goal)
        calls = self._tx.calls.of_goal(goal.id)
        facts = self._cause(goal)
        about = goal.id
        if question.task is not None:
            task = self._tx.tasks.get(question.task)
            about, calls = task.id, [call for call in calls if call.task == task.id]
            facts += [self._plan_of(task), *self._written(task)]
        calls = [call for call in calls if call.created_at <= question.created_at]
        facts += [
            *self._lines(goal, about),
            *(chain.call_made(self._tx, call, with_parts=False) for call in calls),
            *self._questions(goal, only=question.id),
        ]
        return self._why(question.id, f"{question.id}, a question about {about}: {question.state}", facts, calls)

    def call(self, ident: str) -> Why:
        """For what it was made, of what its prompt was made, and what became of its answer."""
        call = self._tx.calls.find(int(ident))
        goal = self._tx.goals.get(call.goal)
        lines = self._tx.journal(goal.id, limit=_ALL)
        facts = [
            *self._cause(goal),
            chain.turn_made(self._tx.turns.get(call.turn)),
            chain.call_made(self._tx, call, with_parts=True),
            *(chain.line_written(line) for line in lines if (line.detail or "").startswith(f"call {call.id} (")),
        ]
        if call.task is None:
            done = {"plan": ("planned",), "conclude": ("completed", "partial")}.get(call.purpose, ())
            facts += [chain.line_written(line) for line in lines if line.subject == goal.id and line.what in done]
            whose = goal.id
        else:
            task = self._tx.tasks.get(call.task)
            revision = revision_of(call)
            facts += [self._plan_of(task), *self._written(task, revision=revision)]
            facts += [fact for fact in self._questions(goal, task.id) if fact.at >= call.created_at]
            whose = f"{task.id} ({task.skill}, revision {revision})"
        kind = " rehearsed" if call.rehearsal else ""
        said = f"c{call.id}, {usd(call.cost_nano)}{kind}: {call.purpose} of {whose} for {goal.id} {_quoted(goal.text)}"
        return self._why(f"c{call.id}", said, facts, [call])

    def event(self, ident: str) -> Why:
        """What came, what became of it at each trigger, and the goals that it started."""
        event = self._tx.events.get(ident)
        outcomes = self._tx.events.outcomes(event.id)
        started = [outcome.goal for outcome in outcomes if outcome.goal is not None]
        facts = [chain.event_came(event), *(chain.trigger_looked(outcome) for outcome in outcomes)]
        return self._why(event.id, f"{event.id}, {event.type} from {event.source}", *self._came_of(facts, started))

    def slot(self, ident: str) -> Why:
        """Its fate, and the goal that it started."""
        name, _, typed = ident.partition("@")
        slot = self._tx.slots.get(self._brand, name, _moment(typed))
        if slot is None:
            hint = f"`{program()} schedules explain {name}` has those there are and what becomes of them"
            raise NotFound("due time with a fate", ident, hint)
        started = [] if slot.goal is None else [slot.goal]
        run = "a person ran it" if slot.fate is SlotFate.RUN else slot.fate
        said = f"{chain.name_of(slot)}: {run}"
        return self._why(chain.name_of(slot), said, *self._came_of([chain.slot_was_due(slot)], started))

    def _why(self, ident: str, headline: str, facts: Iterable[Fact], calls: Sequence[Call]) -> Why:
        paid = sum(call.cost_nano for call in calls if not call.rehearsal)
        rehearsed = sum(call.cost_nano for call in calls if call.rehearsal)
        return Why(ident, headline, sorted(facts, key=lambda fact: fact.at), paid, rehearsed)

    def _cause(self, goal: Goal) -> list[Fact]:
        """Who asked: a person, or the slot or event that started it; and what was asked."""
        facts: list[Fact] = []
        if (slot := self._tx.slots.behind(goal.id)) is not None:
            facts.append(chain.slot_was_due(slot))
        elif (found := self._tx.events.behind(goal.id)) is not None:
            event, _ = found
            facts.append(chain.event_came(event))
            outcomes = self._tx.events.outcomes(event.id)
            facts += [chain.trigger_looked(outcome) for outcome in outcomes if outcome.goal == goal.id]
        return [*facts, chain.goal_given(goal, by_a_person=not facts)]

    def _plan_of(self, task: Task) -> Fact:
        needs = self._tx.tasks.needs(task.goal).get(task.id, ())
        return chain.task_planned(task, tuple(self._tx.tasks.get(need) for need in needs))

    def _written(self, task: Task, *, revision: int | None = None) -> list[Fact]:
        """The task's versions and what was found about each, of one revision or of all."""
        drafts = {
            draft.id: draft
            for draft in self._tx.drafts.of_task(task.id)
            if revision is None or draft.revision == revision
        }
        # A task that judges another's work: what it found is about a version of that one.
        judged = [] if task.target is None else self._tx.reviews.of_task(task.target)
        theirs = [review for review in judged if review.by == task.id]
        calls = self._tx.calls.of_goal(task.goal)
        verdicts = [
            chain.verdict_given(
                review,
                drafts.get(review.draft) or self._tx.drafts.get(review.draft),
                rehearsed=is_rehearsed(calls, reviewed_for=_asked_in(review)),
            )
            for review in (*self._tx.reviews.of_task(task.id), *theirs)
            if review.draft in drafts or review in theirs
        ]
        return [*(chain.draft_kept(draft) for draft in drafts.values()), *verdicts]

    def _stands(self, task: Task, calls: Sequence[Call]) -> Fact:
        lines = [line for line in self._tx.journal(task.goal, limit=_ALL) if line.subject == task.id]
        since = lines[-1].at if lines else task.created_at
        return chain.task_stands(task, [call for call in calls if call.task == task.id], since)

    def _lines(self, goal: Goal, subject: str) -> list[Fact]:
        # What was asked is told with its answer.
        return [
            chain.line_written(line)
            for line in self._tx.journal(goal.id, limit=_ALL)
            if line.subject == subject and line.what not in ("asked", "planning")
        ]

    def _questions(self, goal: Goal, task: str | None = None, *, only: str | None = None) -> list[Fact]:
        asked = self._tx.approvals.of_goal(goal.id)
        lines = self._tx.journal(goal.id, limit=_ALL)
        facts: list[Fact] = []
        for question in asked:
            if only not in (None, question.id) or (only is None and question.task != task):
                continue
            facts.append(chain.question_asked(question))
            closed = chain.question_closed(question, _who(question, lines))
            facts += [] if closed is None else [closed]
        return facts

    def _came_of(self, facts: list[Fact], goals: Sequence[str]) -> tuple[list[Fact], list[Call]]:
        calls = [call for goal in goals for call in self._tx.calls.of_goal(goal)]
        for ident in goals:
            goal = self._tx.goals.get(ident)
            facts.append(chain.goal_given(goal, by_a_person=False))
            facts += self._lines(goal, goal.id)
        return facts, calls


def _asked_in(review: Review) -> str:
    """The task whose calls made the review: a colleague's own, or the one that was written."""
    return review.by if "-" in review.by else review.task


def _behind(review: Review, draft: Draft, calls: Sequence[Call]) -> list[Call]:
    """The calls that wrote what was judged, and those by which it was."""
    # What was mended is a revision of its own, made of the one before without its author.
    revision = draft.revision - 1 if review.document.get("mended") else draft.revision
    written = [call for call in calls if call.task == review.task and revision_of(call) == revision]
    if _asked_in(review) == review.task:
        return written
    written = [call for call in written if call.purpose not in REVIEWING]
    judged = [call for call in calls if call.task == review.by and call.created_at <= review.created_at]
    return [*written, *(call for call in judged if call.turn == judged[-1].turn)]


def _who(question: Approval, lines: Sequence[JournalLine]) -> str | None:
    return next((line.by for line in reversed(lines) if line.subject == question.id), None)


def _moment(typed: str) -> datetime:
    try:
        moment = datetime.fromisoformat(typed.strip())
    except ValueError:
        raise WrongCall(
            f"A due time is written like daily-social@2026-11-29T06:00, in UTC, or 06:00+01:00; {typed[:40]!r} is none."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _quoted(text: str) -> str:
    return f"“{shortened(' '.join(text.split()), _LONGEST_GOAL)}”"


#: What each kind of thing is told by.
_KINDS: Final[dict[str, Callable[[_Record, str], Why]]] = {
    "goal": _Record.goal,
    "task": _Record.task,
    "verdict": _Record.verdict,
    "question": _Record.question,
    "call": _Record.call,
    "event": _Record.event,
    "slot": _Record.slot,
}
