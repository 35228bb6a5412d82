"""What reviewers said of texts whose faults are known, and where people and reviewers judged the same draft."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select

from director.store import schema
from director.store.transaction import Transaction
from director.words.models import Answered, Calibration

m, r, t, g = schema.calibrations, schema.reviews, schema.tasks, schema.goals

_KEY = (m.c.text, m.c.model, m.c.rehearsal, m.c.prompt)


class Calibrations:
    """Judged texts whose faults are known."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def put(self, row: Calibration) -> None:
        """Keep what came of a text. Of one that was judged before by the same model and prompt, in place of that."""
        values = asdict(row)
        statement = self.tx.insert(m).values(values)
        self.tx.conn.execute(statement.on_conflict_do_update(index_elements=list(_KEY), set_=values))

    def of_model(self, model: str, *, rehearsal: bool) -> list[Calibration]:
        """All of one model, of whichever prompt, by text."""
        query = select(m).where(m.c.model == model, m.c.rehearsal == rehearsal).order_by(m.c.text, m.c.at)
        return [Calibration(**row._asdict()) for row in self.tx.conn.execute(query)]

    def models(self) -> list[tuple[str, bool]]:
        """The models that judged any, each with whether that was a rehearsal."""
        query = select(m.c.model, m.c.rehearsal).distinct().order_by(m.c.rehearsal, m.c.model)
        return [(model, bool(rehearsal)) for model, rehearsal in self.tx.conn.execute(query)]

    def answered_by_people(self, reviewer: str, person: str) -> list[Answered]:
        """The drafts that both *reviewer* and *person*, as reviews name them, judged; oldest first."""
        other = r.alias("other")
        query = (
            select(
                t.c.id,
                t.c.skill,
                r.c.draft,
                r.c.verdict,
                r.c.document,
                other.c.verdict,
                g.c.rehearsal,
                other.c.created_at,
            )
            .join(other, other.c.draft == r.c.draft)
            .join(t, t.c.id == r.c.task)
            .join(g, g.c.id == t.c.goal)
            .where(r.c.by == reviewer, other.c.by == person)
            .order_by(other.c.id)
        )
        return [
            Answered(task, skill, draft, verdict, "certain" in document, said, bool(rehearsal), at)
            for task, skill, draft, verdict, document, said, rehearsal, at in self.tx.conn.execute(query)
        ]
