"""What was written: a version of a task as Markdown, and as HTML that can be shown on a page."""

from html import escape
from typing import Any

from director.inbox.version import version_of_text
from director.office import Office
from director.prompting.pieces import take_apart
from director.store.tx import Tx
from director.views.rendered import rendered
from director.words.models import Draft, Review, Task
from director.words.own_secrets import own_secrets
from director.words.redaction import blank, distinctive
from director.words.scores import is_rehearsed


def draft_document(tx: Tx, draft: Draft, *, taken: bool) -> dict[str, Any]:
    """A version by itself; *taken* is whether it counts. Of what was rehearsed there is no score that somebody gave."""
    rehearsed = _was_rehearsed(tx, draft.task)
    return {
        "revision": draft.revision,
        "score": None if rehearsed else draft.score,
        "rehearsed": rehearsed,
        "cut_off": draft.cut_off,
        "written_at": draft.created_at.isoformat(),
        "characters": len(tx.text(draft.text_hash)),
        "counts": taken,
    }


def text_document(office: Office, tx: Tx, draft: Draft, *, taken: bool) -> dict[str, Any]:
    """
    A version with its text, without secrets of ours: as it was written, and each piece alone, as somebody uses it, with the
    notes behind them. A text without pieces is all of it one to be used.
    """
    text = blank(tx.text(draft.text_hash), distinctive(own_secrets(office.settings)))
    made = take_apart(text)
    pieces = [(one.title, str(one.use), one.text) for one in made.pieces]
    return {
        "task": draft.task,
        **draft_document(tx, draft, taken=taken),
        "markdown": text,
        "html": "".join(
            [
                *(f"<h2>{escape(title)}</h2>{rendered(words, below=2)}" for title, _, words in pieces),
                rendered(made.notes if pieces else text, below=1),
            ]
        ),
        "pieces": [
            {"title": title, "use": use, "markdown": words, "html": rendered(words, below=1)}
            for title, use, words in pieces
        ],
        "notes": made.notes if pieces else "",
    }


def deliverable_document(office: Office, tx: Tx, task: Task) -> dict[str, Any] | None:
    """The approved version of a task, and whose it is; None while there is none."""
    if task.deliverable is None:
        return None
    text = text_document(office, tx, tx.drafts.get(task.deliverable), taken=True)
    return {"skill": task.skill, "version": version_of_text(task), **text}


def review_document(tx: Tx, review: Review) -> dict[str, Any]:
    """What was found about a version; of what was rehearsed there is no score that somebody gave."""
    rehearsed = _was_rehearsed(tx, review.task)
    return {
        "id": review.id,
        "task": review.task,
        "revision": tx.drafts.get(review.draft).revision,
        "by": review.by,
        "verdict": review.verdict,
        "score": None if rehearsed else review.score,
        "rehearsed": rehearsed,
        "document": review.document,
        "at": review.created_at.isoformat(),
    }


def _was_rehearsed(tx: Tx, task: str) -> bool:
    return is_rehearsed(tx.calls.of_goal(tx.tasks.get(task).goal), reviewed_for=task)
