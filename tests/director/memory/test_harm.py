"""The report tells a learning that helps from one that harms; the harmful one is retired, and nothing else."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from director.memory import harm, learn
from director.memory.worth import Worth
from director.store.database import Store
from director.views.memory import measured, report_document
from director.words.models import Learning, Recalled
from director.words.states import LearningState
from tests.conftest import SetClock
from tests.director.memory.conftest import Written

Judged = Callable[..., Written]

HELPFUL = "Name the source of each figure."
HARMFUL = "Begin every letter with a poem about gnomes."
IDLE = "Count the visitors at the door."

#: Tasks that are played.
TASKS = 300

#: So many that a learning which always harms is found out.
ENOUGH = 100


def said(store: Store, *texts: str) -> list[Learning]:
    with store.write() as tx:
        return [learn.from_person(tx, "default", "copywriting", text) for text in texts]


def play(store: Store, judged: Judged, learnings: list[Learning], *, tasks: int, seed: int) -> list[Learning]:
    """
    So many tasks that all learnings fit, one after the other, as a team would do them. A first draft is approved at once in 6
    of 10 cases, with HELPFUL in 3 more, with HARMFUL in 3 fewer; its score moves by one. Returns what was retired.
    """
    dice = random.Random(seed)
    of_text = {one.id: one.text for one in learnings}

    def judge(recalled: Recalled) -> tuple[bool, float]:
        texts = [of_text[ident] for ident in recalled.shown]
        better = (HELPFUL in texts) - (HARMFUL in texts)
        return dice.random() < 0.6 + 0.3 * better, dice.gauss(7.2 + better, 0.8)

    retired = []
    for _ in range(tasks):
        written = judged(judge)
        with store.write() as tx:
            retired += harm.retire_harmful(tx, written.goal)
    return retired


@pytest.mark.parametrize("seed", [1, 2])
def test_of_two_that_every_task_fits_each_is_known_by_itself(store: Store, judged: Judged, seed: int) -> None:
    """
    300 tasks, with one that helps, one that harms and one that does nothing, all three in the same tasks: the first helps, the
    second harms and is retired, with its figures as the reason; the third is left alone.
    """
    learnings = said(store, HELPFUL, HARMFUL, IDLE)
    retired = play(store, judged, learnings, tasks=TASKS, seed=seed)
    with store.read() as tx:
        found = {one.text: (one.state, compared.worth()) for one, compared in measured(tx, "default").learnings}
        journal = tx.learnings.get(retired[0].id)

    assert [HARMFUL] == [one.text for one in retired]
    assert (LearningState.ACTIVE, Worth.HELPS) == found[HELPFUL]
    assert (LearningState.RETIRED, Worth.HARMS) == found[HARMFUL]
    assert LearningState.ACTIVE is found[IDLE][0]
    assert journal.why.startswith("It did harm: of ")


def test_tasks_that_do_without_any_are_no_figure_of_one(store: Store, judged: Judged) -> None:
    """There the others are missing too: they are the skill's other side, and of a learning neither."""
    learnings = said(store, HELPFUL, IDLE)
    written = [judged(lambda _: (True, 8.0)) for _ in range(ENOUGH)]
    held_out = sum(one.recalled.held_out for one in written)
    with store.read() as tx:
        found = measured(tx, "default")
    ((_, skill),) = found.skills

    assert (ENOUGH - held_out, held_out) == (skill.shown.tasks, skill.without.tasks)
    assert [ENOUGH - held_out] * len(learnings) == [one.shown.tasks + one.without.tasks for _, one in found.learnings]


def test_with_four_tasks_nothing_is_said(store: Store, judged: Judged) -> None:
    """Whatever came of them: too few to tell, for the skill and for each learning."""
    retired = play(store, judged, said(store, HELPFUL, HARMFUL), tasks=4, seed=1)
    with store.read() as tx:
        document = report_document(measured(tx, "default"))

    assert [] == retired
    assert {"too few to tell"} == {row["worth"] for row in (*document["skills"], *document["learnings"])}
    assert {None} == {row["score_difference"] for row in document["learnings"]}


def test_what_was_rehearsed_proves_nothing(store: Store, judged: Judged) -> None:
    """Nobody judged it: nothing is retired by it, and the report has none of it."""
    (bad,) = said(store, HARMFUL)
    for _ in range(ENOUGH):
        written = judged(lambda recalled: (bad.id not in recalled.shown, 7.0), rehearsal=True)
    with store.write() as tx:
        assert [] == harm.retire_harmful(tx, written.goal)
        assert ["too few to tell"] == [one.worth() for _, one in measured(tx, "default").learnings]
        assert [] == measured(tx, "default").skills


def test_said_anew_its_figures_begin_anew(store: Store, judged: Judged, clock: SetClock) -> None:
    """What was shown in other words says nothing of these."""
    (bad,) = said(store, HARMFUL)
    for _ in range(ENOUGH):
        judged(lambda recalled: (bad.id not in recalled.shown, 7.0))
    with store.read() as tx:
        ((_, before),) = measured(tx, "default").learnings
    assert Worth.HARMS is before.worth()
    clock.forward(timedelta(minutes=1))
    with store.write() as tx:
        learn.in_persons_words(tx, bad, "End every letter with a poem.")
        ((_, after),) = measured(tx, "default").learnings

    assert 0 == after.shown.tasks == after.without.tasks
