"""Goals that are rehearsed in this process, one turn after the other, for benches that look at what they cost."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from director.bootstrap import open_office
from director.goals.submit import submit
from director.inbox import approvals
from director.mailbox import admission, handling
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.words.models import Goal
from director.words.settings import Settings
from director.words.states import Answer, TurnState, is_final
from tests.conftest import VERBS, without_waiting_for_the_disk

EXAMPLES = Path(__file__).parents[2] / "examples"


@contextmanager
def opened(folder: Path, script: str) -> Iterator[Office]:
    """
    An office over *folder* with a rehearsal that plays *script*. Its prompt cache is empty: what an earlier goal left there
    is another opening's.
    """
    settings = Settings(workspace_dir=folder, redis_url=f"unix://{folder}/nobody.sock", rehearsal=script)
    office = without_waiting_for_the_disk(open_office(settings))
    try:
        yield office
    finally:
        office.close()


def context(name: str) -> Path | None:
    """An example's product context; none for an empty name."""
    return EXAMPLES / name / "product-marketing-context.md" if name else None


def planned(office: Office, text: str, **wanted: object) -> Goal:
    """A goal that was given and has its plan; nothing of the plan is begun."""
    return play(office, submit(office, text, confirm=True, **wanted), until_planned=True)  # type: ignore[arg-type]


def play(office: Office, goal: Goal, *, until_planned: bool = False) -> Goal:
    """The goal when it is over; whoever is asked about anything says yes. Or when it is asked whether its plan may run."""
    while True:
        admission.ring(office)
        with office.store.read() as tx:
            now = tx.goals.get(goal.id)
            rung = [turn for turn in tx.turns.of_goal(goal.id) if turn.state is TurnState.DISPATCHED]
            asked = tx.approvals.open(goal.id)
        if is_final(now.state) or (until_planned and asked):
            return now
        if rung:
            handling.handle(office, rung[0].id, VERBS, after_failure)
        elif asked:
            approvals.answer(office, asked[0].id, Answer.APPROVE)
        else:
            raise RuntimeError(f"{goal.id} does not go on: {now.state}, {now.reason}")
