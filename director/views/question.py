"""A question to a person as a card: what was written, what changed, what was found, and what each answer does and costs."""

from typing import Any, Final

from director.calls import caps
from director.inbox.kinds import rule_of, ways
from director.inbox.version import version_of_question
from director.office import Office
from director.progress.questions import is_overdue
from director.prompting.pieces import take_apart
from director.store.tx import Tx
from director.views.approval import approval_document, raises_document
from director.views.calibration import beside
from director.views.deliverable import readable, shown_document
from director.views.forecast import expected
from director.views.goal import cost
from director.views.plain_text import plain_text
from director.views.titles import ANSWERS, asked, goal_title, skill_title, task_title
from director.views.word_diff import word_diff
from director.words.amounts import as_number, plain_usd, typed_usd
from director.words.characters import shortened
from director.words.models import Approval, Goal
from director.words.question import (
    AboutDraft,
    AboutFailure,
    AboutPause,
    AboutPlan,
    AboutSpending,
    CapOf,
    raises,
    raises_for_all,
)
from director.words.rehearsal import without_label
from director.words.states import Answer, ApprovalState
from pipelines.plan import from_document

#: Characters of the first lines of a text.
_FIRST_LINES: Final = 280


def ways_document(office: Office, tx: Tx, question: Approval) -> dict[str, Any]:
    """The question with its ways: what each answer is called, what it does, and what that costs."""
    return {
        **approval_document(question),
        "version": version_of_question(tx, question),
        "overdue": is_overdue(question, tx.now),
        "raises": raises_document(question),
        "raises_for_all": raises_for_all(question.about),
        "proposed": _proposed(question),
        "most_usd": as_number(_most(office, tx, tx.goals.get(question.goal), question)),
        "ways": {str(said): _does(office, tx, question, said) for said in ways(question)},
    }


def _proposed(question: Approval) -> str | None:
    """The cap that a yes raises, as people type it, where they may name another: of one cap, which is known."""
    found = list(raises(question.about).values())
    return typed_usd(found[0]) if len(found) == 1 and found[0] is not None else None


def _most(office: Office, tx: Tx, goal: Goal, question: Approval) -> int:
    """What the goal may cost once the question is answered with yes; nano-dollars."""
    now = caps.allowed(tx, office, goal, caps.goal_scope(goal.id), rehearsal=goal.rehearsal)
    return max(now, raises(question.about).get(CapOf.GOAL) or 0)


def first_lines(tx: Tx, question: Approval) -> str | None:
    """How what is asked about begins: a draft's first piece, or what a plan hands over; None where there is nothing to read."""
    if isinstance(question.about, AboutDraft):
        text = without_label(tx.text(tx.drafts.get(question.about.best).text_hash))
        made = take_apart(text)
        return shortened(" ".join(plain_text(made.pieces[0].text if made.pieces else text).split()), _FIRST_LINES)
    goal = tx.goals.get(question.goal)
    if not isinstance(question.about, AboutPlan) or goal.plan is None:
        return None
    pieces = [piece for task in from_document(goal.plan).tasks for piece in task.pieces]
    return shortened(", ".join(dict.fromkeys(pieces)), _FIRST_LINES) or None


def inbox_document(office: Office, tx: Tx, *, most: int) -> dict[str, Any]:
    """The first questions that wait, by deadline, with as much as a person chooses by; their cards have the rest."""
    found, count = tx.approvals.waiting(office.brand, limit=most)
    goals = {question.goal: tx.goals.get(question.goal) for question in found}
    tasks, costs = tx.tasks.of_goals(goals), tx.calls.costs(list(goals))
    return {
        "questions": [
            {
                **approval_document(question),
                "goal_title": goal_title(goals[question.goal]),
                "asked": asked(goals[question.goal], question, {task.id: task for task in tasks[question.goal]}),
                "rehearsal": goals[question.goal].rehearsal,
                "overdue": is_overdue(question, tx.now),
                "spent_usd": as_number(costs.get(question.goal, 0)),
            }
            for question in found
        ],
        "more": count - len(found),
    }


def card(office: Office, tx: Tx, question: Approval) -> dict[str, Any]:
    """All a person decides by."""
    goal = tx.goals.get(question.goal)
    calls = tx.calls.of_goal(goal.id)
    task = None if question.task is None else tx.tasks.get(question.task)
    known = beside(tx, office, goal) if isinstance(question.about, AboutDraft) else None
    return {
        **ways_document(office, tx, question),
        "goal_title": goal_title(goal),
        "asked": asked(goal, question, {} if task is None else {task.id: task}),
        "rehearsal": goal.rehearsal,
        "task_title": None if task is None else task_title(goal, task),
        "who": None if task is None else skill_title(task.skill),
        "is_open": question.state is ApprovalState.OPEN,
        "became": None if question.state is ApprovalState.OPEN else _became(question),
        "answered_at": question.answered_at and question.answered_at.isoformat(),
        "said": question.said,
        "spent_usd": as_number(cost(calls)),
        "spent_on_task_usd": None if task is None else as_number(cost(c for c in calls if c.task == task.id)),
        "known_of_reviewer": None if known is None else known.sentence(),
        "draft": _draft(tx, question.about) if isinstance(question.about, AboutDraft) else None,
    }


def _draft(tx: Tx, about: AboutDraft) -> dict[str, Any]:
    best = tx.drafts.get(about.best)
    text = tx.text(best.text_hash)
    before = [draft for draft in tx.drafts.of_task(best.task) if draft.revision < best.revision]
    return {
        "task": best.task,
        "version": best.revision + 1,
        "versions": len(tx.drafts.of_task(best.task)),
        "score": best.score,
        "reason": about.reason,
        "notes": about.notes,
        "unfit": about.unfit,
        "text": shown_document(tx, best),
        "before": before[-1].revision + 1 if before else None,
        "diff": word_diff(readable(tx.text(before[-1].text_hash)), readable(text)) if before else [],
    }


def _became(question: Approval) -> str:
    if question.answer is not None:
        return ANSWERS[question.answer]
    if question.state is ApprovalState.LAPSED:
        return f"nobody answered in time, so {rule_of(question.about).unanswered}"
    return "it is not asked any more, because what it was about went away"


def _does(office: Office, tx: Tx, question: Approval, said: Answer) -> str:
    about = question.about
    if isinstance(about, AboutDraft) and said is Answer.REVISE:
        return f"Its author changes it as you say, and it is reviewed again. {_a_version(tx, question)}"
    match about:
        case AboutPlan():
            yes, no = _of_plan(office, tx, question), "The plan is not run, and the goal ends."
        case AboutDraft():
            yes = "This version counts, and the work that needs it goes on. The answer itself costs nothing."
            no = f"No more is written of it: {_kept(about.before)}. It costs nothing."
        case AboutSpending():
            yes = f"{' '.join(_raised(question))} The work goes on."
            no = "No more is spent: the goal ends with what there is."
        case AboutFailure():
            yes, no = "It is tried once more, and costs what it cost before.", f"It is given up: {_kept(about.before)}."
        case AboutPause():
            yes, no = "The work goes on, as far again.", "It does not go on."
    return yes if said is Answer.APPROVE else no


def _of_plan(office: Office, tx: Tx, question: Approval) -> str:
    goal = tx.goals.get(question.goal)
    cost_of = expected(office, tx, goal)
    likely = f"likely {plain_usd(cost_of.likely_nano)}, at most ${typed_usd(_most(office, tx, goal, question))}"
    begins = f"The team begins: {likely}."
    if goal.rehearsal:
        begins = f"The team rehearses it, which costs nothing; with Claude it would be {likely}."
    return " ".join([begins, *_raised(question, but=CapOf.GOAL)])


def _raised(question: Approval, *, but: CapOf | None = None) -> list[str]:
    """A sentence for each cap that a yes raises."""
    return [
        f"The {of} may then cost {'what it needs' if cap_nano is None else f'up to ${typed_usd(cap_nano)}'}."
        for of, cap_nano in raises(question.about).items()
        if of is not but
    ]


def _kept(before: int | None) -> str:
    return "the goal ends without it" if before is None else "the version that was approved before is kept"


def _a_version(tx: Tx, question: Approval) -> str:
    drafts = len(tx.drafts.of_task(question.task or ""))
    calls = [call for call in tx.calls.of_goal(question.goal) if call.task == question.task]
    if not drafts or not calls:
        return ""
    would = "would cost" if all(call.rehearsal for call in calls) else "will cost"
    return f"That {would} about {plain_usd(cost(calls) // drafts)}, as a version did so far."
