"""What was written: a version of a task as Markdown, and as HTML that can be shown on a page."""

from typing import Any, Final

import nh3

from director.claude.environment import own_secrets
from director.files.printable import fragment
from director.office import Office
from director.store.tx import Tx
from director.words.models import Draft, Review
from director.words.redaction import blank, distinctive
from director.words.scores import is_rehearsed

#: What Markdown makes; whatever else a text has become is not shown.
_TAGS: Final = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


def html_of(markdown: str) -> str:
    """
    The Markdown as HTML in which nothing runs and nothing is loaded: HTML in the text stays text, addresses are those of pages
    and mailboxes, and what is made is looked through once more.
    """
    return nh3.clean(
        fragment(markdown),
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


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
    """A version with its text, without secrets of ours."""
    text = blank(tx.text(draft.text_hash), distinctive(own_secrets(office.settings)))
    return {
        "task": draft.task, **draft_document(tx, draft, taken=taken), "markdown": text, "html": html_of(text)
    }  # fmt: skip


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
