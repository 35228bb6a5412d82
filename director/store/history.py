"""What goals took that are over: the calls a forecast of the next one is made from."""

from __future__ import annotations

from sqlalchemy import func, select

from director.store import schema
from director.store.transaction import Transaction
from director.words.models import PastCall
from director.words.states import CallState

c, g, t, x = schema.calls, schema.goals, schema.tasks, schema.texts

#: Of a brand's newest calls, those among which a goal's conclusion is looked for: as long a look in a large record as in a
#: small one, and the same whatever others do.
_LATEST_CALLS = 5_000

_ANSWERED = schema.among(c.c.state, CallState.ANSWERED)


class History:
    """A brand's newest goals that came to their conclusion."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def calls(self, brand: str, *, rehearsal: bool, goals: int) -> list[PastCall]:
        """
        The answered calls of the brand's last so many *goals* that were concluded, rehearsed or paid for; oldest first. Nothing
        of another brand's goals is in what is made of them.
        """
        newest = (
            select(c.c.id, c.c.goal, c.c.purpose, c.c.rehearsal, c.c.state)
            .where(c.c.brand == brand)
            .order_by(c.c.created_at.desc(), c.c.id.desc())
            .limit(_LATEST_CALLS)
            .subquery()
        )
        concluded = (
            select(newest.c.goal)
            .where(
                newest.c.purpose == "conclude",
                newest.c.rehearsal == rehearsal,
                newest.c.state == CallState.ANSWERED,
            )
            .order_by(newest.c.id.desc())
            .limit(goals)
        )
        idents = list(dict.fromkeys(self.tx.conn.execute(concluded).scalars()))
        if not idents:
            return []
        texts = select(g.c.id, func.length(x.c.text)).join(x, x.c.hash == g.c.context_hash).where(g.c.id.in_(idents))
        lengths = {goal: int(length) for goal, length in self.tx.conn.execute(texts)}
        columns = (
            c.c.goal, c.c.task, t.c.skill, t.c.kind, c.c.purpose, c.c.model,
            c.c.input_tokens, c.c.cache_write_tokens, c.c.cache_read_tokens, c.c.output_tokens,
        )  # fmt: skip
        rows = self.tx.conn.execute(
            select(*columns)
            .outerjoin(t, t.c.id == c.c.task)
            .where(c.c.goal.in_(idents), c.c.rehearsal == rehearsal, _ANSWERED)
            .order_by(c.c.id)
        )
        return [PastCall(**row._asdict(), context_length=lengths.get(row.goal, 0)) for row in rows]
