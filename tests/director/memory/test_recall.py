"""Which learnings a task is shown: chosen once, by skill, category and words, within the allowance; some do without."""

from dataclasses import replace
from typing import Any

import pytest

from director.memory import learn, recall
from director.memory.recall import ONE_IN
from director.office import DIRECTOR, Office
from director.progress.facts import gather
from director.prompting.allowances import LEARNINGS_ALLOWANCE
from director.prompting.learnings import MOST
from director.store.database import Store
from director.store.tx import Tx
from director.words.learning import LearnedFrom
from director.words.models import Learning, Recalled
from director.words.states import Category, LearningState
from tests.director.memory.conftest import add_task

#: Enough to say something about one in five.
MANY = 400

#: Words that have no beginning in common, so that no two sentences of one are the same.
WORDS = ("apples", "bridges", "candles", "drums", "elms", "ferns", "geese", "hats", "inks", "jars", "kites", "lamps")


def keep(tx: Tx, text: str, **changes: Any) -> Learning:
    usual: dict[str, Any] = {
        "brand": "default", "rehearsal": None, "skill": "copywriting", "category": None, "text": text,
        "learned_from": LearnedFrom.PERSON, "result": None, "confidence": 0.5, "state": LearningState.ACTIVE,
        "why": "For a test.", "evidence": (),
    }  # fmt: skip
    return tx.learnings.add(**{**usual, **changes})


def fitting(tx: Tx, **changes: Any) -> tuple[str, ...]:
    """Ids of what fits a task, whether it is shown to that one or not."""
    found = recall.chosen(tx, *add_task(tx, **changes))
    return (*found.shown, *found.left_out)


def a_task_that_is_shown(tx: Tx, **changes: Any) -> Recalled:
    """What a task is shown of which nothing is left out."""
    for _ in range(MANY):
        found = recall.chosen(tx, *add_task(tx, **changes))
        if not found.left_out:
            return found
    raise AssertionError("every task had something left out")


def test_a_specialist_is_shown_its_own_and_the_directors(store: Store) -> None:
    """Nobody else's; no proposal, nothing retired."""
    with store.write() as tx:
        mine, his = keep(tx, "Name apples."), keep(tx, "Name bridges.", skill=DIRECTOR)
        keep(tx, "Name candles.", skill="seo-audit")
        keep(tx, "Name drums.", state=LearningState.PROPOSED)
        keep(tx, "Name elms.", state=LearningState.RETIRED)
        keep(tx, "Name ferns.", brand="another")

        assert {mine.id, his.id} == set(fitting(tx))


def test_rehearsed_and_paid_goals_are_shown_what_each_learned(store: Store) -> None:
    """And both what a person said."""
    with store.write() as tx:
        said, played, paid = (
            keep(tx, f"Name {word}.", rehearsal=kind) for word, kind in zip(WORDS, (None, True, False), strict=False)
        )

        assert {said.id, played.id} == set(fitting(tx, rehearsal=True))
        assert {said.id, paid.id} == set(fitting(tx, rehearsal=False))


def test_what_fits_best_stands_first(store: Store) -> None:
    """More words of goal and brief before fewer, then the goal's category, then more trust, then what is newer."""
    with store.write() as tx:
        old, new = keep(tx, "Weigh apples."), keep(tx, "Weigh bridges.")
        trusted = keep(tx, "Weigh candles.", confidence=0.9)
        alike = keep(tx, "Weigh drums.", category=Category.RETENTION)
        near = keep(tx, "Paint the garden gnomes of members red.")
        found = a_task_that_is_shown(
            tx, text="Sell painted garden gnomes", brief="For members", category=Category.RETENTION
        )

    assert (near.id, alike.id, trusted.id, new.id, old.id) == found.shown


def test_no_prompt_has_more_than_its_allowance(store: Store) -> None:
    """Ten sentences, and a twentieth of what the context may have."""
    with store.write() as tx:
        for word in WORDS:
            keep(tx, f"Name {word}.")
        assert MOST == len(fitting(tx))
        for word in WORDS:
            keep(tx, f"{word} {'x' * 280}", confidence=0.9)
        found = a_task_that_is_shown(tx)

    assert len(found.text) <= LEARNINGS_ALLOWANCE < len(found.text) + 290
    assert MOST == len(found.shown)


def test_one_task_in_five_does_without_by_its_id(store: Store) -> None:
    """Always the same ones; of the others one in five does without each learning, of two not the same ones."""
    with store.write() as tx:
        one, other = keep(tx, "Name apples."), keep(tx, "Name bridges.")
        tasks = [add_task(tx) for _ in range(MANY)]
        chosen = [recall.chosen(tx, *task) for task in tasks]
        assert chosen == [recall.chosen(tx, *task) for task in tasks]
    held_out = [found for found in chosen if found.held_out]
    rest = [found for found in chosen if not found.held_out]
    without_one = {found.subject for found in rest if one.id in found.left_out}
    without_other = {found.subject for found in rest if other.id in found.left_out}

    assert all(found.text == "" and set(found.left_out) == {one.id, other.id} for found in held_out)
    assert MANY / ONE_IN * 0.7 < len(held_out) < MANY / ONE_IN * 1.3
    assert len(rest) / ONE_IN * 0.6 < len(without_one) < len(rest) / ONE_IN * 1.4
    assert without_one & without_other != without_one


def test_what_was_chosen_stays_whatever_is_learned_since(office: Office, store: Store) -> None:
    """Asked again after a crash, or revised, it is shown the same sentences in the same words."""
    with store.write() as tx:
        said = keep(tx, "Name apples.")
        _, task = add_task(tx)
    recall.for_task(office, task.id)
    with store.write() as tx:
        before = tx.learnings.recalled(task.id)
        keep(tx, "Name bridges.")
        learn.in_persons_words(tx, said, "Name all apples.")
    recall.for_task(office, task.id)
    with store.write() as tx:
        assert before == tx.learnings.recalled(task.id)
        # As with another process that chose at the same moment.
        assert before == tx.learnings.recall(recall.chosen(tx, tx.goals.get(task.goal), task))


@pytest.mark.parametrize("skills", [["copywriting"], ["seo-audit"]])
def test_a_plan_is_shown_what_those_learned_whom_it_may_use(office: Office, store: Store, skills: list[str]) -> None:
    """By whose each is, with the Director's own; chosen once, too."""
    with store.write() as tx:
        for skill in ("copywriting", "seo-audit", DIRECTOR):
            keep(tx, f"Ask {skill} for apples.", skill=skill)
        goal, _ = add_task(tx)
    shown = recall.for_plan(office, goal, skills)

    assert {f"- {skill}: Ask {skill} for apples." for skill in (*skills, DIRECTOR)} == set(shown.splitlines())
    with store.write() as tx:
        keep(tx, "Ask for candles.", skill=DIRECTOR)
    assert shown == recall.for_plan(office, goal, skills)


def test_a_task_that_was_begun_before_there_was_a_memory_goes_on_without(office: Office, store: Store) -> None:
    """Its first draft was asked for without, and so are its revisions."""
    with store.write() as tx:
        keep(tx, "Name apples.")
        _, task = add_task(tx)
        tx.tasks.change(task.id, revision=1)
    recall.for_task(office, task.id)
    with store.read() as tx:
        assert tx.learnings.recalled(task.id) is None


def test_what_goes_on_paid_is_shown_nothing_that_was_rehearsed(office: Office, store: Store) -> None:
    """A person can let a rehearsed goal go on with Claude."""
    with store.write() as tx:
        keep(tx, "Name apples.", rehearsal=True, skill=DIRECTOR)
        goal, task = add_task(tx, rehearsal=True)
        tx.learnings.recall(replace(recall.chosen(tx, goal, task), text="- Name apples."))
    assert recall.for_plan(office, goal, ["copywriting"])
    assert gather(office, task.id).learnings
    with store.write() as tx:
        tx.goals.change(goal.id, rehearsal=False)
        paid = tx.goals.get(goal.id)

    assert "" == recall.for_plan(office, paid, ["copywriting"])
    assert "" == gather(office, task.id).learnings
