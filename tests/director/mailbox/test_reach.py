"""Which turns a process does: of goals that are paid for or rehearsed, and in a command's own process of its goal only."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from director.goals import submit
from director.mailbox import abilities, admission, turns
from director.mailbox.turns import LEASE, RING_AGAIN, create_without_goal
from director.office import DIRECTOR, Office
from director.progress import questions
from director.redis.embedded import EmbeddedServer
from director.store.presence import CLOCK_SLACK, LONGEST_STAY
from director.upkeep.sweep import sweep
from director.views.goal import is_left
from director.words.models import Goal, Turn
from director.words.question import AboutPlan
from director.words.reach import Reach
from director.words.states import ApprovalState, Priority, TurnState
from tests.conftest import SetClock
from tests.director.conftest import at_work

GivenGoal = Callable[..., Goal]
GivenTurn = Callable[..., Turn]
OpenWith = Callable[..., Office]


def working_for(office: Office, goal: Goal) -> Office:
    """A command's own process that works for that goal."""
    return replace(office, owner=f"for {goal.id}", reach=Reach(rehearsal=office.reach.rehearsal, only=goal.id))


def state_of(office: Office, turn: Turn) -> TurnState:
    """The turn's state now."""
    with office.store.read() as tx:
        return tx.turns.get(turn.id).state


@pytest.fixture
def paying(open_with: OpenWith) -> Office:
    """A process with a key, on the same record as `office`, which has none."""
    return open_with(anthropic_api_key="not-a-key")


class TestPaidAndRehearsed:
    """Neither is gone on with by who does the other."""

    def test_who_is_not_of_a_goals_kind_lets_none_of_its_turns_out(
        self, office: Office, paying: Office, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """A worker without a key leaves a paid goal waiting, and one with a key a rehearsal."""
        paid, rehearsed = (given_turn(given_goal(rehearsal=kind)) for kind in (False, True))

        admission.ring(office)
        assert [TurnState.QUEUED, TurnState.DISPATCHED] == [state_of(office, turn) for turn in (paid, rehearsed)]
        admission.ring(paying)
        assert [TurnState.DISPATCHED] * 2 == [state_of(office, turn) for turn in (paid, rehearsed)]

    def test_who_is_not_of_a_goals_kind_claims_none_of_its_turns(
        self, office: Office, paying: Office, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """However it heard of it: the row is looked at, not the bell."""
        paid, rehearsed = (given_turn(given_goal(rehearsal=kind)) for kind in (False, True))
        for one in (office, paying):
            admission.ring(one)

        assert turns.claim(office, paid.id) is None
        assert turns.claim(paying, rehearsed.id) is None
        assert turns.claim(paying, paid.id) is not None
        assert turns.claim(office, rehearsed.id) is not None

    def test_a_bell_is_rung_where_only_those_hear_it_who_may_do_the_turn(
        self, office: Office, paying: Office, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """Heard by anybody else it would be lost. A command hears its own goal's bells, beside a worker of the same kind."""
        goal, beside = given_goal(), given_goal()
        paid = given_turn(given_goal(rehearsal=False))
        command = working_for(office, goal)
        for one in (office, paying, command):
            at_work(one)

        with office.store.read() as tx:
            heard = [abilities.queues(tx, turn) for turn in (paid, given_turn(beside), given_turn(goal))]
        assert [{paying.queue}, {office.queue}, {office.queue, command.queue}] == heard
        assert 3 == len({paying.queue, office.queue, command.queue})

    @pytest.mark.parametrize(
        ("key", "workers", "rehearsal"),
        [
            (False, [], True),
            (True, [], False),
            (False, [False], False),
            (False, [False, True], True),
            (True, [True], False),
        ],
        ids=["no key", "a key", "no key, a worker has one", "no key, one worker has one", "a key, the worker has none"],
    )
    def test_a_goal_is_what_its_giver_is_unless_only_paying_workers_stand(
        self, open_with: OpenWith, key: bool, workers: list[bool], rehearsal: bool
    ) -> None:
        """It stands on the goal's row from the start; no worker without a key makes a rehearsal of what is given with one."""
        office = open_with(anthropic_api_key="not-a-key" if key else None)
        with office.store.write() as tx:
            for n, kind in enumerate(workers):
                until = tx.now + LEASE
                tx.presence.announce(f"worker {n}", standing=True, reach=Reach(rehearsal=kind), until=until)

        assert rehearsal is submit.submit(office, "Sell the singing gnome", plan_by="template").rehearsal


@pytest.mark.parametrize("only", [None, "", "g1", "g2"])
@pytest.mark.parametrize("rehearsal", [True, False])
@pytest.mark.parametrize("kind", [True, False, None], ids=["a rehearsed goal's", "a paid goal's", "no goal's"])
def test_what_rows_are_asked_and_what_workers_are_asked_is_the_same(
    office: Office, given_goal: GivenGoal, given_turn: GivenTurn, only: str | None, rehearsal: bool, kind: bool | None
) -> None:
    """Who may claim a turn is whom its bell is rung for."""
    asked = replace(office, reach=Reach(rehearsal, only))
    goal = None if kind is None else given_goal(rehearsal=kind)
    if goal is None:
        with office.store.write() as tx:
            about = {"actor": DIRECTOR, "verb": "plan", "subject": "x"}
            turn = create_without_goal(tx, brand="default", priority=Priority.P2, **about)
    else:
        turn = given_turn(goal)
    assert turn is not None
    at_work(asked)
    with office.store.write() as tx:
        due_at = tx.now + RING_AGAIN
        tx.turns.admit(1, due_at=due_at, rises_every=admission.RISES_EVERY, of_goals=goal is not None)
        works = tx.presence.here()[0].reach.works_for(goal)

    assert works is (turns.claim(asked, turn.id) is not None)


class TestOneGoal:
    """A command's own process works for its goal only."""

    def test_it_lets_out_no_turn_of_another_goal(
        self, office: Office, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """However urgent the other is, and nobody is there to do it."""
        mine, others = given_goal(), given_goal(priority=Priority.P0)
        turn, other = given_turn(mine), given_turn(others)

        admission.ring(working_for(office, mine))

        assert [TurnState.DISPATCHED, TurnState.QUEUED] == [state_of(office, one) for one in (turn, other)]

    def test_it_claims_no_turn_of_another_goal_and_none_of_no_goal(
        self, office: Office, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """Also one that somebody let out before; what is no goal's is done by who works for all."""
        mine, other = given_goal(), given_turn(given_goal())
        with office.store.write() as tx:
            nobodys = create_without_goal(
                tx, brand="default", priority=Priority.P2, actor=DIRECTOR, verb="plan", subject="x"
            )
        assert nobodys is not None
        admission.ring(office)

        command = working_for(office, mine)
        assert [None, None] == [turns.claim(command, turn.id) for turn in (other, nobodys)]
        assert None not in [turns.claim(office, turn.id) for turn in (other, nobodys)]

    def test_before_it_has_a_goal_it_does_nothing(
        self, office: Office, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """It starts before the goal is given, so that one that cannot start leaves none behind."""
        command = replace(office, reach=Reach(rehearsal=True, only=""))
        turn = given_turn(given_goal())

        admission.ring(command)
        sweep(command)
        assert TurnState.QUEUED is state_of(office, turn)
        goal = submit.take(
            command, submit.check(office.settings, office.catalog, "Sell the gnome"), rehearsal=True, here=True
        )
        admission.ring(command)

        with office.store.read() as tx:
            assert [TurnState.DISPATCHED] == [one.state for one in tx.turns.of_goal(goal.id)]
        assert TurnState.QUEUED is state_of(office, turn)

    def test_its_sweep_closes_no_question_of_another_goal(
        self, office: Office, given_goal: GivenGoal, clock: SetClock
    ) -> None:
        """A deadline that passed is for who works for that goal, or for all."""
        mine, other = given_goal(), given_goal()
        with office.store.write() as tx:
            asked = [questions.ask(tx, goal, AboutPlan(), "Run it?", version="1") for goal in (mine, other)]
        clock.forward(questions.DEADLINE + timedelta(seconds=1))

        sweep(working_for(office, mine))

        with office.store.read() as tx:
            states = [tx.approvals.get(question.id).state for question in asked if question]
        assert [ApprovalState.LAPSED, ApprovalState.OPEN] == states

    def test_its_sweep_takes_no_turn_of_another_goal_back(
        self, office: Office, given_goal: GivenGoal, given_turn: GivenTurn, clock: SetClock
    ) -> None:
        """Nor counts a crash of it; whoever works for that goal does."""
        goals = [given_goal(), given_goal()]
        made = [given_turn(goal) for goal in goals]
        admission.ring(office)
        assert None not in [turns.claim(office, turn.id) for turn in made]
        clock.forward(LEASE + timedelta(seconds=1))

        sweep(working_for(office, goals[0]))

        with office.store.read() as tx:
            assert [1, 0] == [tx.turns.get(turn.id).crashes for turn in made]

    def test_what_a_killed_one_left_does_not_keep_another_waiting(
        self, open_with: OpenWith, given_goal: GivenGoal, given_turn: GivenTurn, clock: SetClock
    ) -> None:
        """It holds every slot, and nobody works for that goal now."""
        office = open_with(max_parallel_agents=1)
        left, mine = given_goal(), given_goal()
        given_turn(left)
        admission.ring(working_for(office, left))
        turn, command = given_turn(mine), working_for(office, mine)
        admission.ring(command)
        assert TurnState.QUEUED is state_of(office, turn)

        clock.forward(RING_AGAIN + CLOCK_SLACK + timedelta(seconds=1))
        admission.ring(command)

        assert TurnState.DISPATCHED is state_of(office, turn)

    def test_a_goal_is_left_while_commands_work_only_for_others(
        self, office: Office, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """What is said of a goal that nobody works on does not depend on who works on another."""
        mine, other = given_goal(), given_goal()
        command = working_for(office, mine)
        at_work(command)

        with office.store.read() as tx:
            assert [False, True] == [is_left(tx, goal) for goal in (mine, other)]

    def test_a_bell_that_lies_where_a_killed_one_heard_it_does_not_count_as_waiting(
        self, redis_server: EmbeddedServer, open_with: OpenWith, given_goal: GivenGoal, given_turn: GivenTurn,
        clock: SetClock,
    ) -> None:  # fmt: skip
        """Nobody will ever hear it; whoever works for the goal next rings again, where it hears it itself."""
        goal = given_goal()
        turn, office = given_turn(goal), open_with(redis_url=redis_server.url)
        killed, watch = (replace(working_for(office, goal), owner=f"host:{n}:gnome{n}") for n in (1, 2))
        at_work(killed)
        admission.ring(killed)
        clock.forward(LONGEST_STAY + timedelta(seconds=1))
        at_work(watch)

        sweep(watch)

        assert {turn.id} == watch.bus.unheard(watch.queue)

    def test_where_nobody_hears_none_is_rung_and_whoever_comes_looks_at_once(
        self, redis_server: EmbeddedServer, open_with: OpenWith, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """A process that only hands goals in lets them out; its bells would wait for nobody."""
        turn, office = given_turn(given_goal()), open_with(redis_url=redis_server.url)

        admission.ring(office)

        with office.store.read() as tx:
            assert [turn.id] == [
                one.id for one in tx.turns.of_goal("g1") if one.due_at is not None and one.due_at <= tx.now
            ]
        assert set() == office.bus.unheard(office.queue)

    def test_it_leaves_nothing_behind_in_redis(self, redis_server: EmbeddedServer, open_with: OpenWith) -> None:
        """Its bells are its own, and nobody else would ever take them away."""
        office = open_with(redis_url=redis_server.url)
        command = replace(office, reach=Reach(rehearsal=True, only=""))
        assert command.bus.ring(DIRECTOR, 1, command.queue)
        client = command.bus._open().client
        assert client.keys(f"*{command.queue}*")

        command.bus.forget(command.queue)

        assert [] == client.keys(f"*{command.queue}*")


@pytest.fixture
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A Redis of this test's own."""
    with EmbeddedServer(tmp_path_factory.mktemp("redis")) as server:
        yield server
