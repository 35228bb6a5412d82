"""What the team remembers, which task was shown it, and how first drafts went with and without."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, insert, or_, select, update

from director.store import schema
from director.store.presence import Presence
from director.store.transaction import Transaction
from director.words.command import program
from director.words.errors import NotFound, StaleState
from director.words.models import Learning, Recalled, Review
from director.words.states import LearningState, may_move

le, rc, rl = schema.learnings, schema.recalled, schema.recalled_learnings
g, d, r = schema.goals, schema.drafts, schema.reviews

#: Under which those pass one by one who look for a duplicate before they add a learning.
_ADDING = "learnings"


@dataclass(frozen=True, slots=True)
class Arm:
    """How the first drafts of some tasks went."""

    tasks: int = 0
    approved: int = 0  #: at once
    scored: int = 0  #: of the tasks; a draft that a certain check sent back has no score
    total: float = 0.0  #: of the scores
    squares: float = 0.0  #: of the scores, added up


class Learnings:
    """Learnings, and who was shown which."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def add(self, *, by: str | None = None, **values: Any) -> Learning:
        """A new learning; its id is the next number: m1, m2, … *by* stands in the journal, else where it was learned from."""
        ident = f"m{self.tx.number('learning')}"
        now = self.tx.now
        row = {**values, "id": ident, "evidence": list(values["evidence"]), "created_at": now, "said_at": now}
        made = self.tx.conn.execute(insert(le).values(row).returning(le)).one()
        self.tx.note(None, ident, values["state"], by=by or values["learned_from"], detail=values["why"])
        return _learning(made)

    def get(self, ident: str, *, brand: str | None = None) -> Learning:
        """
        The learning. With *brand* as of goals.

        Raises:
            NotFound
        """
        row = self.tx.conn.execute(select(le).where(le.c.id == ident)).one_or_none()
        if row is None or brand not in (None, row.brand):
            raise NotFound("learning", ident, f"`{program()} memory` lists them")
        return _learning(row)

    def all(
        self, brand: str, *, skills: Collection[str] | None = None, state: LearningState | None = None
    ) -> list[Learning]:
        """The brand's learnings, oldest first; only of those skills, in that state, where these are named."""
        query = select(le).where(le.c.brand == brand)
        if skills is not None:
            query = query.where(le.c.skill.in_(skills))
        if state is not None:
            query = query.where(le.c.state == state)
        rows = self.tx.conn.execute(query.order_by(func.length(le.c.id), le.c.id))
        return [_learning(row) for row in rows]

    def for_goals(self, brand: str, *, rehearsal: bool, skills: Collection[str]) -> list[Learning]:
        """The active ones that goals of this kind may be shown."""
        kind = or_(le.c.rehearsal.is_(None), le.c.rehearsal == rehearsal)
        query = select(le).where(le.c.brand == brand, le.c.skill.in_(skills), le.c.state == LearningState.ACTIVE, kind)
        return [_learning(row) for row in self.tx.conn.execute(query)]

    def one_at_a_time(self) -> None:
        """Until this transaction ends nobody else adds a learning: who finds out the same meanwhile finds this one."""
        Presence(self.tx).one_at_a_time(_ADDING)

    def move(self, learning: Learning, new: LearningState, *, by: str, why: str, **changes: Any) -> Learning:
        """
        Move *learning* from the state it was read in to *new*.

        Raises:
            StaleState: it is in another state by now, or that move is not drawn.
        """
        if not may_move(learning.state, new):
            raise StaleState(f"learning {learning.id} cannot go from {learning.state} to {new}")
        as_read = (le.c.id == learning.id, le.c.state == learning.state)
        changed = {"state": new, "why": why, **changes}
        row = self.tx.conn.execute(update(le).where(*as_read).values(changed).returning(le)).one_or_none()
        if row is None:
            raise StaleState(f"learning {learning.id} is no longer {learning.state}")
        self.tx.note(None, learning.id, new, by=by, detail=why)
        return _learning(row)

    def change(self, learning: Learning, **changes: Any) -> Learning:
        """Change what is not its state."""
        statement = update(le).where(le.c.id == learning.id).values(changes).returning(le)
        return _learning(self.tx.conn.execute(statement).one())

    def recall(self, chosen: Recalled) -> Recalled:
        """Keep what was chosen; what was chosen before stays, and is returned."""
        row = {name: getattr(chosen, name) for name in rc.c.keys() if name != "chosen_at"}  # noqa: SIM118 - columns are no mapping
        statement = self.tx.insert(rc).values(**row, chosen_at=self.tx.now).on_conflict_do_nothing()
        if self.tx.conn.execute(statement.returning(rc.c.subject)).one_or_none() is None:
            return self.recalled(chosen.subject) or chosen
        ids = [*((ident, True) for ident in chosen.shown), *((ident, False) for ident in chosen.left_out)]
        rows = [
            {"subject": chosen.subject, "learning": ident, "position": place, "shown": shown}
            for place, (ident, shown) in enumerate(ids)
        ]
        if rows:
            self.tx.conn.execute(insert(rl), rows)
        return chosen

    def recalled(self, subject: str) -> Recalled | None:
        """What was chosen for the task or plan; None: nothing was yet."""
        row = self.tx.conn.execute(select(rc).where(rc.c.subject == subject)).one_or_none()
        if row is None:
            return None
        found = self.tx.conn.execute(
            select(rl.c.learning, rl.c.shown).where(rl.c.subject == subject).order_by(rl.c.position)
        ).all()
        values = row._asdict()
        values.pop("chosen_at")
        return Recalled(
            **values,
            shown=tuple(ident for ident, shown in found if shown),
            left_out=tuple(ident for ident, shown in found if not shown),
        )

    def recalled_in(self, goal_id: str) -> set[str]:
        """The learnings that fitted any of the goal's tasks."""
        query = select(rl.c.learning).join(rc, rc.c.subject == rl.c.subject).where(rc.c.goal == goal_id)
        return set(self.tx.conn.execute(query).scalars())

    def first_reviews(self, brand: str, skill: str, *, rehearsal: bool, by: str, most: int) -> list[Review]:
        """What *by* said of the first drafts of the skill's last *most* tasks, the last first."""
        query = self._of_first_drafts(select(r), by=by, rehearsal=rehearsal)
        query = query.where(rc.c.brand == brand, rc.c.skill == skill)
        rows = self.tx.conn.execute(query.order_by(rc.c.chosen_at.desc(), r.c.id.desc()).limit(most))
        return [Review(**row._asdict()) for row in rows]

    def arms_of(self, ids: Collection[str], *, rehearsal: bool, by: str) -> dict[str, tuple[Arm, Arm]]:
        """
        For each learning the tasks that were shown it as it is said now, and those it was left out of since. Tasks that did
        without any are none of either: there the others were missing too.
        """
        query = self._of_first_drafts(select(rl.c.learning, rl.c.shown, *_sums()), by=by, rehearsal=rehearsal)
        query = query.join(rl, rl.c.subject == rc.c.subject).join(le, le.c.id == rl.c.learning)
        query = query.where(rl.c.learning.in_(ids), rc.c.held_out.is_(False), rc.c.chosen_at >= le.c.said_at)
        return _pairs(self.tx.conn.execute(query.group_by(rl.c.learning, rl.c.shown)).all())

    def arms_of_skills(self, brand: str, *, rehearsal: bool, by: str) -> dict[str, tuple[Arm, Arm]]:
        """For each skill the tasks with learnings, and those that did without although some fitted."""
        fitted = select(rl.c.subject).where(rl.c.subject == rc.c.subject).exists()
        query = self._of_first_drafts(select(rc.c.skill, ~rc.c.held_out, *_sums()), by=by, rehearsal=rehearsal)
        query = query.where(rc.c.brand == brand, fitted).group_by(rc.c.skill, rc.c.held_out)
        return _pairs(self.tx.conn.execute(query).all())

    @staticmethod
    def _of_first_drafts(query: Select[Any], *, by: str, rehearsal: bool) -> Select[Any]:
        """*query* over the first drafts of tasks that learnings were chosen for, and what *by* said of them."""
        query = query.select_from(rc).join(g, g.c.id == rc.c.goal).join(d, d.c.task == rc.c.subject)
        query = query.join(r, r.c.draft == d.c.id).where(d.c.revision == 0, r.c.by == by)
        # A person may have changed what the goal is since.
        return query.where(rc.c.rehearsal == rehearsal, g.c.rehearsal == rehearsal)


def _sums() -> Sequence[ColumnElement[Any]]:
    at_once = func.sum(case((r.c.verdict == "approve", 1), else_=0))
    score = r.c.score
    return func.count(), at_once, func.count(score), func.sum(score), func.sum(score * score)


def _pairs(rows: Sequence[Any]) -> dict[str, tuple[Arm, Arm]]:
    found: dict[str, dict[bool, Arm]] = {}
    for name, is_shown, tasks, approved, scored, total, squares in rows:
        arm = Arm(int(tasks), int(approved), int(scored), float(total or 0), float(squares or 0))
        found.setdefault(name, {})[bool(is_shown)] = arm
    return {name: (arms.get(True, Arm()), arms.get(False, Arm())) for name, arms in found.items()}


def _learning(row: Row[Any]) -> Learning:
    values = row._asdict()
    return Learning(**{**values, "evidence": tuple(values["evidence"])})
