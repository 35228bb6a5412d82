"""Whether the model service is there: five failures in a row say no, one turn a minute asks again, three answers say yes."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from director.calls.ask import ask
from director.mailbox import admission, failures, handling, turns
from director.mailbox.breaker import GOOD_PROBES, OFFLINE_AFTER, PROBE_EVERY
from director.mailbox.failures import FIRST_WAIT
from director.mailbox.turns import Held
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.prompting.request import Block, Request
from director.store import schema
from director.words.errors import DirectorError, Interrupted, ModelRefused, ModelUnreadable, StoreError
from director.words.models import Component, Goal, Turn
from director.words.states import GoalState, TurnState, WaitFor
from tests.conftest import SetClock
from tests.messages_server import MessagesServer

OpenWith = Callable[..., Office]
Another = Callable[[str], Office]
GivenGoal = Callable[..., Goal]
GivenTurn = Callable[..., Turn]
Claimed = Callable[..., Held]
Backlog = Callable[[int], list[Turn]]

SLOTS = 3
PATIENCE_S = 30

REQUEST = Request(
    "draft", "claude-sonnet-5-5", "low", 1_000, (Block(("You write.",)),), Block(("Write a line.",), stable=False)
)


def ask_and_finish(office: Office, held: Held) -> None:
    """A verb that asks once."""
    ask(office, held, REQUEST)
    with office.store.write() as tx:
        turns.finish(tx, held)


def finish_without_asking(office: Office, held: Held) -> None:
    """A verb that needs no model, as a plan from a template."""
    with office.store.write() as tx:
        turns.finish(tx, held)


def answer_with_nonsense(_office: Office, _held: Held) -> None:
    """A verb that cannot read what it was told."""
    raise ModelUnreadable("It was nonsense.")


def out(office: Office) -> list[int]:
    """The turns that were let out and that nobody has taken yet, oldest first."""
    u = schema.turns
    with office.store.read() as tx:
        return list(tx.conn.execute(select(u.c.id).where(u.c.state == TurnState.DISPATCHED).order_by(u.c.id)).scalars())


def work(office: Office, *, verb: handling.Verb = ask_and_finish) -> int:
    """Somebody answers the oldest turn that was let out, and what waits is rung for; which turn it was."""
    oldest = out(office)[0]
    handling.handle(office, oldest, {"plan": verb}, after_failure)
    return oldest


def now_of(office: Office, turn_id: int) -> Turn:
    """The turn as it is now."""
    with office.store.read() as tx:
        return tx.turns.get(turn_id)


def service_of(office: Office) -> Component | None:
    """What is written down about the service the office asks."""
    with office.store.read() as tx:
        return tx.components.get(office.claude.service)


def is_offline(office: Office) -> bool:
    """Whether the service counts as offline."""
    found = service_of(office)
    return found is not None and found.offline_since is not None


@pytest.fixture
def down(open_with: OpenWith) -> Office:
    """An office whose model answers nothing, and says that it will not for five minutes."""
    return open_with(rehearsal="unavailable=1 retry_after_s=300", max_parallel_agents=SLOTS)


@pytest.fixture
def up(open_with: OpenWith) -> Office:
    """The same installation when its model answers."""
    return open_with(max_parallel_agents=SLOTS)


@pytest.fixture
def backlog(given_goal: GivenGoal, given_turn: GivenTurn) -> Backlog:
    """Turns that wait, each of a goal of its own."""

    def make(count: int) -> list[Turn]:
        return [given_turn(given_goal()) for _ in range(count)]

    return make


@pytest.fixture
def offline(down: Office, backlog: Backlog) -> list[int]:
    """
    Ten turns, and the service is offline: the first seven found it away, of which two were out when the fifth was told.

    The first four were told to wait for five minutes, the next three for a minute; the last three were never out.
    """
    made = backlog(10)
    admission.ring(down)
    for _ in range(OFFLINE_AFTER + SLOTS - 1):
        work(down)
    assert is_offline(down)
    assert out(down) == []
    return [turn.id for turn in made]


class TestGoingOffline:
    """One limit or one hiccup is waited out by its own turn; five in a row are the service's."""

    def test_four_failures_in_a_row_leave_everything_as_usual(
        self, open_with: OpenWith, backlog: Backlog, clock: SetClock
    ) -> None:
        """Slots are filled again, and who failed waits as long as it always would."""
        office = open_with(rehearsal="overloaded=1", max_parallel_agents=SLOTS)
        backlog(OFFLINE_AFTER - 1 + SLOTS)
        admission.ring(office)
        for _ in range(OFFLINE_AFTER - 1):
            failed = now_of(office, work(office))
            assert (TurnState.QUEUED, clock.now + FIRST_WAIT, 0) == (failed.state, failed.not_before, failed.attempts)
            assert len(out(office)) == SLOTS
        found = service_of(office)

        assert found is not None
        assert (OFFLINE_AFTER - 1, None, None) == (found.failures, found.offline_since, found.look_at)

    def test_the_fifth_makes_it_offline(
        self, down: Office, backlog: Backlog, clock: SetClock, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Nobody else goes out, who failed waits for the next look, and the log says so once, whoever fails after it."""
        backlog(10)
        admission.ring(down)
        for _ in range(OFFLINE_AFTER - 1):
            work(down)
        caplog.clear()
        fifth = now_of(down, work(down))

        assert is_offline(down)
        assert len(out(down)) == SLOTS - 1
        assert (clock.now + PROBE_EVERY, 0, 1) == (fifth.not_before, fifth.attempts, fifth.waits)
        while out(down):
            work(down)
        said = [(line.levelno, line.message) for line in caplog.records if line.name == "director.mailbox.breaker"]
        [(level, sentence)] = said
        assert level == logging.ERROR
        assert sentence.startswith("The model service is offline (")
        assert sentence.endswith(f" no attempt is used; it is asked every {PROBE_EVERY.total_seconds():.0f} s.")

    def test_a_success_in_between_starts_the_count_again(self, down: Office, up: Office, backlog: Backlog) -> None:
        """However many failures there are in all."""
        backlog(3 * OFFLINE_AFTER + SLOTS)
        admission.ring(down)
        for _ in range(3):
            for _ in range(OFFLINE_AFTER - 1):
                work(down)
            assert len(out(down)) == SLOTS
            work(up)

        assert not is_offline(down)

    @pytest.mark.parametrize(
        "error", [Interrupted("It was ended."), StoreError("It is away."), ModelRefused("No."), ModelUnreadable("?")],
        ids=repr,
    )  # fmt: skip
    def test_what_is_not_the_services_fault_is_not_counted(
        self, office: Office, claimed: Claimed, error: DirectorError
    ) -> None:
        """A call that was ended on purpose, a database that is away, an answer that came and was no use."""
        for _ in range(OFFLINE_AFTER):
            failures.fail(office, claimed(), error, after_failure)

        assert service_of(office) is None

    def test_a_goal_says_that_it_waits_for_the_service_and_until_when(
        self, down: Office, offline: list[int], clock: SetClock
    ) -> None:
        """What it is told is when somebody looks again, not what the service said before it was given up on."""
        fifth = now_of(down, offline[4])
        with down.store.read() as tx:
            goal = tx.goals.get(fifth.goal)
        found = service_of(down)

        assert found is not None
        assert (GoalState.WAITING, WaitFor.MODEL, found.reason) == (goal.state, goal.wait_for, goal.reason)
        assert goal.wait_until == found.look_at == clock.now + PROBE_EVERY

    def test_an_answered_call_touches_nothing_where_there_was_no_trouble(
        self, down: Office, up: Office, backlog: Backlog
    ) -> None:
        """Every call says that it was answered; only the first after a failure is written down."""
        backlog(4)
        admission.ring(up)
        work(up)
        assert service_of(up) is None
        work(down)
        work(up)
        with up.store.write() as tx:
            connection = tx.conn.connection.driver_connection
            assert connection is not None
            before = connection.total_changes
            assert tx.components.answered(up.claude.service) is None
            assert before == connection.total_changes


class TestWhileOffline:
    """One turn a minute goes out, and its call is the probe."""

    def test_nobody_goes_out_before_the_minute_is_over(
        self, down: Office, up: Office, offline: list[int], clock: SetClock
    ) -> None:
        """Whoever rings."""
        clock.forward(PROBE_EVERY - timedelta(microseconds=1))
        for office in (down, up, down):
            admission.ring(office)
        assert out(down) == []
        clock.forward(timedelta(microseconds=1))
        admission.ring(up)
        assert out(down) == [offline[4]]  # the first four wait for what the service itself said

    def test_one_goes_out_however_many_ring(
        self, down: Office, another: Another, offline: list[int], clock: SetClock
    ) -> None:
        """Several processes at the same moment, and again while that one is out, however long it takes."""
        offices = [down, another("second"), another("third")]
        clock.forward(PROBE_EVERY)
        start = threading.Barrier(6)

        def hurry(n: int) -> None:
            start.wait(PATIENCE_S)
            admission.ring(offices[n % 3])

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(hurry, range(6)))
        assert out(down) == [offline[4]]
        clock.forward(3 * PROBE_EVERY)
        for office in offices:
            admission.ring(office)
        assert out(down) == [offline[4]]

    def test_who_is_still_at_work_from_before_counts_as_the_one(
        self, down: Office, backlog: Backlog, clock: SetClock
    ) -> None:
        """It may hear from the service any moment."""
        backlog(10)
        admission.ring(down)
        for _ in range(OFFLINE_AFTER):
            work(down)
        still_out = out(down)
        clock.forward(PROBE_EVERY)
        admission.ring(down)

        assert len(still_out) == SLOTS - 1
        assert out(down) == still_out

    def test_a_turn_that_asked_nothing_was_the_minutes_one_all_the_same(
        self, down: Office, up: Office, offline: list[int], clock: SetClock
    ) -> None:
        """It says nothing about the service, and nobody follows it at once."""
        clock.forward(PROBE_EVERY)
        admission.ring(down)
        work(up, verb=finish_without_asking)
        assert out(down) == []
        clock.forward(PROBE_EVERY)
        admission.ring(down)
        assert out(down) == [offline[5]]

    def test_a_failed_probe_puts_the_next_look_a_minute_on_and_uses_no_attempt(
        self, down: Office, offline: list[int], clock: SetClock, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Ten times over; nothing is said again."""
        caplog.clear()
        for _ in range(10):
            clock.forward(PROBE_EVERY)
            admission.ring(down)
            probe = now_of(down, work(down))
            found = service_of(down)
            assert found is not None
            assert (TurnState.QUEUED, 0) == (probe.state, probe.attempts)
            assert probe.not_before == found.look_at == clock.now + PROBE_EVERY
            assert out(down) == []

        assert not [line for line in caplog.records if line.name == "director.mailbox.breaker"]
        assert {now_of(down, turn_id).attempts for turn_id in offline} == {0}

    def test_a_clock_that_was_set_back_does_not_put_the_next_look_off(
        self, down: Office, backlog: Backlog, offline: list[int], clock: SetClock
    ) -> None:
        """A look that is further away than anybody puts it was written by a clock that was ahead."""
        assert offline
        clock.forward(-timedelta(hours=1))
        [early, _] = backlog(2)
        admission.ring(down)

        assert out(down) == [early.id]

    def test_the_rehearsal_and_claude_are_two_services(
        self,
        down: Office,
        up: Office,
        offline: list[int],
        given_goal: GivenGoal,
        given_turn: GivenTurn,
        open_with: OpenWith,
        clock: SetClock,
    ) -> None:
        """What one of them does says nothing about the other: while the rehearsal is away, paid goals go on as usual."""
        with MessagesServer() as server:
            real = open_with(anthropic_base_url=server.url, max_parallel_agents=SLOTS)
            paid = [given_turn(given_goal(rehearsal=False)).id for _ in range(SLOTS)]
            admission.ring(real)
            assert offline
            assert out(real) == paid
            for _ in range(SLOTS):
                work(real)

        assert is_offline(down)
        assert service_of(real) is None
        found = service_of(up)
        assert found is not None
        assert (0, clock.now + PROBE_EVERY) == (found.good, found.look_at)


class TestComingBack:
    """Three good probes, one after the other; then everything goes on, oldest first."""

    @pytest.fixture
    def probing(self, down: Office, offline: list[int], clock: SetClock) -> list[int]:
        """The minute is over, and one is out."""
        clock.forward(PROBE_EVERY)
        admission.ring(down)
        return offline

    def test_a_good_probe_lets_the_next_out_at_once(self, up: Office, probing: list[int]) -> None:
        """One, not as many as there are slots."""
        for n in range(GOOD_PROBES - 1):
            assert work(up) == probing[4 + n]
            assert out(up) == [probing[5 + n]]
            assert is_offline(up)

    def test_a_failure_in_between_starts_the_count_again(
        self, down: Office, up: Office, probing: list[int], clock: SetClock
    ) -> None:
        """Three in a row, not in all."""
        for office in (up, up, down):
            work(office)
        assert out(up) == []
        clock.forward(PROBE_EVERY)
        admission.ring(up)
        assert out(up) == [probing[6]]
        for left in reversed(range(GOOD_PROBES)):
            work(up)
            assert is_offline(up) == (left > 0)

    def test_after_three_everything_goes_on_oldest_first(
        self, up: Office, probing: list[int], caplog: pytest.LogCaptureFixture
    ) -> None:
        """All slots are used again, and nobody waits any longer for what he was told to, be it five minutes."""
        caplog.clear()
        done = [work(up) for _ in range(GOOD_PROBES)]
        [said] = [line.message for line in caplog.records if line.name == "director.mailbox.breaker"]

        assert probing[4:7] == done
        assert not is_offline(up)
        assert probing[:SLOTS] == out(up)
        assert said == "The model service is back, after 60 s."
        while out(up):
            done.append(work(up))
        assert [*probing[4:7], *probing[:4], *probing[7:]] == done
        assert {now_of(up, turn_id).attempts for turn_id in probing} == {0}

    def test_who_waits_for_something_else_goes_on_waiting(
        self, down: Office, up: Office, backlog: Backlog, clock: SetClock
    ) -> None:
        """An answer that was nonsense is asked for again in its own time."""
        backlog(10)
        admission.ring(down)
        for _ in range(OFFLINE_AFTER):
            work(down)
        work(up)
        nonsense = work(up, verb=answer_with_nonsense)
        for _ in range(GOOD_PROBES - 1):
            work(up)

        assert not is_offline(up)
        assert len(out(up)) == SLOTS
        assert clock.now + FIRST_WAIT == now_of(up, nonsense).not_before

    def test_the_next_trouble_is_counted_from_the_start(
        self, down: Office, up: Office, probing: list[int], backlog: Backlog
    ) -> None:
        """Four failures after it came back are a hiccup again."""
        for _ in probing:
            work(up)
        backlog(OFFLINE_AFTER - 1 + SLOTS)
        admission.ring(up)
        for _ in range(OFFLINE_AFTER - 1):
            work(down)

        assert not is_offline(down)
        assert len(out(down)) == SLOTS
