"""What people ask of approved deliverables, or make of them."""

from __future__ import annotations

import hashlib

from sqlalchemy import bindparam, select, update

from director.store import schema
from director.store.transaction import Transaction
from director.words.models import Change, Task
from director.words.states import ChangeKind

c = schema.changes

_OF_GOAL = select(c).where(c.c.goal == bindparam("goal")).order_by(c.c.id)


class Changes:
    """Each once for a version and what is asked of it."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def add(
        self, task: Task, kind: ChangeKind, said: str, *, draft: int, by: str, because: str | None = None
    ) -> Change | None:
        """
        A change of that *draft* of the task: what is *said* of it, or the hash of the text that takes its place. None where the
        same was asked of this version before.
        """
        digest = hashlib.sha256(said.encode()).hexdigest()
        row = {
            "brand": task.brand, "goal": task.goal, "task": task.id, "kind": kind, "draft": draft,
            "revision": task.revision, "words": said, "because": because, "by": by, "created_at": self.tx.now,
            "key": f"{kind}:{task.id}:{draft}:{digest}",
        }  # fmt: skip
        statement = self.tx.insert(c).values(row).on_conflict_do_nothing(index_elements=[c.c.key]).returning(c)
        made = self.tx.conn.execute(statement).one_or_none()
        return None if made is None else Change(**made._asdict())

    def of_goal(self, goal_id: str) -> list[Change]:
        """Those of the goal's deliverables, first to last."""
        return [Change(**row._asdict()) for row in self.tx.conn.execute(_OF_GOAL, {"goal": goal_id})]

    def last(self, goal_id: str) -> int:
        """The latest for which the goal's authors had to work; 0 without. What was given up counts for nothing."""
        asked = [one.id for one in self.of_goal(goal_id) if one.kind is ChangeKind.REVISE and one.given_up_at is None]
        return asked[-1] if asked else 0

    def newest(self, goal_id: str) -> int:
        """As `last`, also of what was given up."""
        asked = [one.id for one in self.of_goal(goal_id) if one.kind is ChangeKind.REVISE]
        return asked[-1] if asked else 0

    def give_up(self, change: Change) -> None:
        """The version it is about stands; the same may be asked of it anew."""
        gone = {"given_up_at": self.tx.now, "key": f"{change.key}:{change.id}"}
        self.tx.conn.execute(update(c).where(c.c.id == change.id).values(gone))
