"""A task's text as its reader has it: pieces, what stands behind them, versions, what was found, where its facts are from."""

import re
from collections import Counter
from typing import Any

from director.office import Office
from director.prompting.forms import Finding, worst_first
from director.prompting.pieces import take_apart
from director.store.tx import Tx
from director.views import receipt
from director.views.beside import Text, beside
from director.views.changing import changing_document
from director.views.goal import cost
from director.views.titles import TASK_STATES, goal_title, skill_title, task_title
from director.views.word_diff import word_diff
from director.words.amounts import as_number
from director.words.errors import NotFound, WrongCall
from director.words.models import Draft, Task
from director.words.scores import scored


def deliverable_document(
    office: Office, tx: Tx, task: Task, *, version: int | None, against: int | None
) -> dict[str, Any]:
    """
    The task with the version that counts, or *version* (from 1), and what is different from the one before it, or *against*.

    Raises:
        NotFound: there is no such version.
    """
    goal = tx.goals.get(task.goal)
    drafts = tx.drafts.of_task(task.id)
    shown = version_shown(task, drafts, version)
    older = [draft for draft in drafts if shown is not None and draft.revision < shown.revision]
    other = version_shown(task, drafts, against) if against is not None else (older[-1] if older else None)
    calls = [call for call in tx.calls.of_goal(goal.id) if call.task == task.id]
    score = scored(task, calls)
    return {
        "id": task.id,
        "goal": goal.id,
        "goal_title": goal_title(goal),
        "title": task_title(goal, task, {one.id: one for one in tx.tasks.of_goal(goal.id)}),
        "who": skill_title(task.skill),
        "rehearsal": any(call.rehearsal for call in calls) or goal.rehearsal,
        "state": task.state,
        "state_said": TASK_STATES[task.state],
        "brief": task.brief,
        "score": score if isinstance(score, float) else None,
        "cost_usd": as_number(cost(calls)),
        "versions": [
            {
                "number": draft.revision + 1,
                "at": draft.created_at.isoformat(),
                "score": draft.score,
                "approved": draft.id == task.deliverable,
            }
            for draft in drafts
        ],
        "shown": None if shown is None else {**shown_document(tx, shown), "approved": shown.id == task.deliverable},
        "against": None if other is None else other.revision + 1,
        "diff": word_diff(readable(tx.text(other.text_hash)), readable(tx.text(shown.text_hash)))
        if other and shown
        else [],
        "receipt": _receipt(tx, task),
        "ways": changing_document(office, tx, task),
        "question": next((asked.id for asked in tx.approvals.open(goal.id) if asked.task == task.id), None),
        "file": task.path and str(office.settings.workspace_dir / task.path),
    }


def version_shown(task: Task, drafts: list[Draft], number: int | None) -> Draft | None:
    """
    The version of that *number*, from 1; else the one that counts, else the last; None where none is written yet.

    Raises:
        NotFound: there is no such version.
    """
    if number is not None:
        found = next((draft for draft in drafts if draft.revision + 1 == number), None)
        if found is None:
            raise NotFound("version", f"{number}", f"there are {len(drafts)}")
        return found
    counts = next((draft for draft in drafts if draft.id == task.deliverable), None)
    return counts or (drafts[-1] if drafts else None)


def readable(text: str) -> str:
    """The text with a piece's title in place of the marks around it."""
    return re.sub(r"(?m)^</piece>\n?", "", re.sub(r"(?m)^<piece title=\"([^\"\n]*)\"[^>\n]*>$", r"\1", text))


def shown_document(tx: Tx, draft: Draft) -> dict[str, Any]:
    """
    A version as it is read: its pieces, what stands behind them, and what reviews found, the worst first, each finding beside
    the words it quotes where they are found.
    """
    made = take_apart(tx.text(draft.text_hash))
    reviews = [review for review in tx.reviews.of_task(draft.task) if review.draft == draft.id]
    findings = worst_first(
        [Finding.model_validate(one) for review in reviews for one in review.document.get("findings", ())]
    )
    # A text without pieces is its reader's as it is; behind pieces stand notes.
    texts = [
        *(Text(piece.title, piece.text, 2) for piece in made.pieces),
        Text("", made.notes, 2 if made.pieces else 1),
    ]
    shown = beside(texts, findings)
    placed = {number for numbers in shown.placed for number in numbers}
    return {
        "version": draft.revision + 1,
        "score": draft.score,
        "pieces": [
            {"title": piece.title, "html": html, "text": piece.text, "findings": len(numbers)}
            for piece, html, numbers in zip(made.pieces, shown.html, shown.placed, strict=False)
        ],
        "notes": shown.html[-1],
        "notes_findings": len(shown.placed[-1]),
        "title": made.title,
        "verdicts": [
            {
                "by": skill_title(review.by) if review.by != "reviewer" else "The reviewer",
                "verdict": review.verdict,
                "score": review.score,
                "summary": str(review.document.get("summary", "")),
                "scores": dict(review.document.get("scores") or {}),
            }
            for review in reviews
        ],
        "certain": [str(said) for review in reviews for said in review.document.get("certain", ())],
        "findings": [
            {
                "number": number,
                "is_beside": number in placed,
                "severity": one.severity,
                "where": one.where,
                "what": one.what,
                "change": one.change,
            }
            for number, one in enumerate(findings, 1)
        ],
    }


def _receipt(tx: Tx, task: Task) -> dict[str, Any] | None:
    if task.deliverable is None:
        return None
    try:
        found = receipt.find(tx, task.id)
    except WrongCall:  # it is older than receipts
        return None
    known = found.receipt
    return {
        "by": known.by,
        "at": known.at,
        "model": known.model,
        "calls": known.calls,
        "cost_usd": as_number(known.cost_nano),
        "checks": list(known.checks or ()),
        "hash": found.hash,
        "where": dict(Counter(fact.where for fact in found.facts)),
        "facts": [
            {"words": fact.words, "where": fact.where, "by": fact.by, "piece": fact.piece} for fact in found.facts
        ],
    }
