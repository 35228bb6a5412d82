"""Goals that end at the same moment: what they learned alike is one learning, what did harm is retired once."""

import threading
from concurrent.futures import ThreadPoolExecutor

from director.memory import harm, learn
from director.prompting.forms import Lesson
from director.store.database import Store
from director.words.models import Goal
from director.words.states import LearningState
from tests.director.memory.conftest import add_task, write_judged

#: Goals that end together.
MANY = 8

#: Tasks by which harm is proven.
ENOUGH = 100


class TestAtOnce:
    """On either database."""

    def test_what_many_learn_at_once_is_one_learning(self, store: Store) -> None:
        """With all of them as its evidence."""
        with store.write() as tx:
            goals = [add_task(tx)[0] for _ in range(MANY)]
        start = threading.Barrier(MANY)

        def end(goal: Goal) -> None:
            start.wait()
            with store.write() as tx:
                tx.goals.get(goal.id, lock=True)
                learn.from_goal(tx, goal, [Lesson(skill="copywriting", lesson="Name the day.", result="success")])

        with ThreadPoolExecutor(MANY) as threads:
            list(threads.map(end, goals))
        with store.read() as tx:
            (made,) = tx.learnings.all("default")

        assert {goal.id for goal in goals} == set(made.evidence)

    def test_what_did_harm_is_retired_once(self, store: Store) -> None:
        """The sums over rows are the same here as there, and of two who see it at once one says so."""
        with store.write() as tx:
            bad = learn.from_person(tx, "default", "copywriting", "Begin with a poem.")
        goals = [write_judged(store, lambda it: (bad.id not in it.shown, 7.0)).goal for _ in range(ENOUGH)]
        start = threading.Barrier(2)

        def end(goal: Goal) -> int:
            start.wait()
            with store.write() as tx:
                tx.goals.get(goal.id, lock=True)
                return len(harm.retire_harmful(tx, goal))

        with ThreadPoolExecutor(2) as threads:
            assert 1 == sum(threads.map(end, goals[-2:]))
        with store.read() as tx:
            assert LearningState.RETIRED is tx.learnings.get(bad.id).state
