"""A person's answer about a draft that the reviewer judged is kept beside its review, and said where the two differ."""

from director.office import REVIEWER
from director.progress.questions import PERSON
from director.store.tx import Tx
from director.words.models import Draft, Task


def keep(tx: Tx, task: Task, draft: Draft, verdict: str, *, by: str, asked: str | None = None) -> None:
    """
    Keep what a person made of *draft*, in the words of a review ("approve", "revise", "reject"), in the transaction that
    applies it; *asked* is the change of an approved one that was asked for. Taking what the reviewer sent back, or sending back
    what it approved, is told as a disagreement.

    A second answer about the same draft takes the place of the first.
    """
    tx.reviews.add(
        draft,
        by=PERSON,
        verdict=verdict,
        score=draft.score,
        document={"by": by} | ({} if asked is None else {"asked": asked}),
    )
    judged = [found for found in tx.reviews.of_task(task.id) if found.draft == draft.id and found.by == REVIEWER]
    if judged and (judged[-1].verdict == "approve") is not (verdict == "approve"):
        said = {"approve": "approved", "revise": "sent back", "escalate": "put to a person"}
        person = {"approve": "taken", "revise": "sent back"}.get(verdict, "rejected")
        detail = f"revision {draft.revision} was {said[judged[-1].verdict]} by the reviewer, and {person} by a person"
        tx.note(task.goal, task.id, "disagreement", by=by, detail=detail)
