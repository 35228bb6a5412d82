"""What the provider's limits let out: a 429 makes all wait, then one asks, then more; little that is left is not overdrawn."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from director.calls.ask import ask
from director.calls.caps import month_scope
from director.mailbox import admission, failures, handling, turns, weather
from director.mailbox.turns import Held
from director.mailbox.weather import FIRST_UNTOLD, LONGEST_TOLD, LONGEST_UNTOLD
from director.office import REVIEWER, Office
from director.progress.on_turn_failure import after_failure
from director.progress.tell_of_limits import name_waits
from director.prompting.request import Block, Request
from director.store import schema
from director.upkeep.sweep import stuck
from director.words.errors import LimitReached, ModelAway, MustWait
from director.words.limits import Left
from director.words.models import Goal, Limit, Turn
from director.words.states import GoalState, Priority, TurnState, WaitFor
from tests.conftest import SetClock

OpenWith = Callable[..., Office]
Another = Callable[[str], Office]
GivenGoal = Callable[..., Goal]
GivenTurn = Callable[..., Turn]
Claimed = Callable[..., Held]
Backlog = Callable[[int], list[Turn]]

SLOTS = 8
TOLD_S = 40
SECOND = timedelta(seconds=1)

#: What the Director's turns ask, as its own requests do.
MODEL = "claude-opus-5-5"
REQUEST = Request("plan", MODEL, "low", 1_000, (Block(("You plan.",)),), Block(("Plan.",), stable=False))
OTHER = Request("review", "claude-sonnet-5-5", "low", 1_000, (Block(("Hm.",)),), Block(("Read.",), stable=False))


def ask_and_finish(office: Office, held: Held) -> None:
    """A verb that asks once."""
    ask(office, held, REQUEST)
    with office.store.write() as tx:
        turns.finish(tx, held)


def out(office: Office) -> list[int]:
    """The turns that were let out and that nobody has taken yet, oldest first."""
    u = schema.turns
    with office.store.read() as tx:
        return list(tx.conn.execute(select(u.c.id).where(u.c.state == TurnState.DISPATCHED).order_by(u.c.id)).scalars())


def work(office: Office) -> Turn:
    """Somebody does the oldest turn that was let out, and what waits is rung for; the turn as it is then."""
    oldest = out(office)[0]
    handling.handle(office, oldest, {"plan": ask_and_finish, "review": ask_and_finish}, after_failure)
    return now_of(office, oldest)


def now_of(office: Office, turn_id: int) -> Turn:
    """The turn as it is now."""
    with office.store.read() as tx:
        return tx.turns.get(turn_id)


def limit_of(office: Office, family: str = "claude-opus") -> Limit | None:
    """What limits a family."""
    with office.store.read() as tx:
        return tx.limits.get(office.claude.service, family)


def calls_of(office: Office, goal_id: str | None) -> int:
    """How many requests were made for a goal."""
    with office.store.read() as tx:
        return len(tx.calls.of_goal(goal_id or ""))


def told(office: Office, *, wait: timedelta | None = None, left: tuple[Left, ...] = (), model: str = MODEL) -> None:
    """Somebody's call was answered with a 429."""
    with office.store.write() as tx:
        weather.refused(
            tx, office.claude.service, LimitReached("Busy.", model=model, left=left, retry_after=wait), SLOTS
        )


def answered(office: Office, *left: Left, times: int = 1) -> None:
    """Somebody's calls were answered well."""
    for _ in range(times):
        with office.store.write() as tx:
            weather.answered(tx, office.claude.service, MODEL, left, SLOTS)


@pytest.fixture
def limited(open_with: OpenWith) -> Office:
    """An office whose model answers every request with a 429."""
    return open_with(rehearsal=f"rate_limited=1 retry_after_s={TOLD_S}", max_parallel_agents=SLOTS)


@pytest.fixture
def free(open_with: OpenWith) -> Office:
    """The same installation when its model answers."""
    return open_with(max_parallel_agents=SLOTS)


@pytest.fixture
def backlog(given_goal: GivenGoal, given_turn: GivenTurn) -> Backlog:
    """Turns that wait, each of a goal of its own."""

    def make(count: int) -> list[Turn]:
        return [given_turn(given_goal()) for _ in range(count)]

    return make


class TestToldToWait:
    """One 429 is everybody's."""

    def test_nobody_asks_before_the_time_has_come(
        self, limited: Office, free: Office, another: Another, backlog: Backlog, clock: SetClock
    ) -> None:
        """Of eight that are out one asks; the others, in any process, go back without a request, and nobody else goes out."""
        made = backlog(20)
        admission.ring(limited)
        work(limited)
        for _ in range(SLOTS - 1):
            work(another("second"))

        assert out(free) == []
        assert sum(calls_of(free, turn.goal) for turn in made) == 1
        for turn in made[:SLOTS]:
            now = now_of(free, turn.id)
            assert (TurnState.QUEUED, 0, clock.now + SECOND * TOLD_S) == (now.state, now.attempts, now.not_before)
        clock.forward(SECOND * TOLD_S - timedelta(microseconds=1))
        admission.ring(free)
        assert out(free) == []
        assert stuck(free) == []
        clock.forward(timedelta(microseconds=1))
        admission.ring(free)
        assert len(out(free)) == 1

    def test_what_is_kept_is_returned_all_the_same(
        self, free: Office, limited: Office, claimed: Claimed, clock: SetClock
    ) -> None:
        """An answer that is there needs nobody."""
        held, other = claimed(), claimed()
        first = ask(free, held, REQUEST)
        told(free, wait=SECOND * TOLD_S)

        assert first.text == ask(limited, held, REQUEST).text
        with pytest.raises(MustWait, match="claude-opus is used up, it is asked again at 09:00:40 UTC: Busy"):
            ask(limited, other, REQUEST)

    def test_a_family_of_models_waits_for_itself(
        self, free: Office, claimed: Claimed, given_goal: GivenGoal, backlog: Backlog
    ) -> None:
        """The Director's limit keeps no reviewer from work, nor from going out."""
        held = claimed()
        told(free, wait=SECOND * TOLD_S)
        backlog(2)
        goal = given_goal()
        with free.store.write() as tx:
            review = turns.create(tx, goal, actor=REVIEWER, verb="review", subject=goal.id)
        admission.ring(free)

        assert review is not None
        assert out(free) == [review.id]
        assert ask(free, held, OTHER).text
        with pytest.raises(MustWait):
            ask(free, held, REQUEST)

    def test_at_the_level_critical_all_wait_for_the_cheapest_family(
        self, free: Office, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """It is the one that is asked then: what limits the Director's own keeps it from nothing."""
        given_turn(given_goal(priority=Priority.P0))
        with free.store.write() as tx:
            scope = month_scope("default", f"{tx.now:%Y-%m}")
            tx.accounts.allow(scope, 0, rehearsal=True)
            tx.accounts.settle(
                scope, rehearsal=True, reserved_nano=0, spent_nano=free.settings.budget_monthly * 95 // 100
            )
        told(free, wait=SECOND * TOLD_S, model="claude-haiku-5-5")
        told(free, wait=SECOND * TOLD_S)
        admission.ring(free)
        assert out(free) == []

        with free.store.write() as tx:
            tx.limits.forget(free.claude.service, "claude-haiku")
        admission.ring(free)
        assert len(out(free)) == 1

    def test_the_longest_word_stands_and_is_believed_for_ten_minutes(self, free: Office, clock: SetClock) -> None:
        """What those that were on the wire together were told; a day is asked about again before it is over."""
        for wait, until in ((30, 30), (50, 50), (20, 50), (86_400, 600)):
            told(free, wait=SECOND * wait)
            found = limit_of(free)
            assert found is not None
            assert found.wait_until == clock.now + SECOND * until
        assert SECOND * 600 == LONGEST_TOLD

    def test_a_wait_nobody_was_told_grows_until_an_answer_comes(self, free: Office, clock: SetClock) -> None:
        """From a second to a minute; where the answer says when there is one again, that is told."""
        waits = []
        for _ in range(8):
            told(free)
            found = limit_of(free)
            assert found is not None
            assert found.wait_until is not None
            waits.append(found.wait_until - clock.now)
            clock.now = found.wait_until
        assert (FIRST_UNTOLD, SECOND * 2, SECOND * 4, LONGEST_UNTOLD) == (*waits[:3], waits[-1])
        answered(free)
        told(free, left=(Left("requests", 60, 0, SECOND * 60),))
        found = limit_of(free)
        assert found is not None
        assert clock.now + SECOND == found.wait_until

    @pytest.mark.parametrize("by", [timedelta(hours=-1), timedelta(hours=1)])
    def test_a_clock_that_was_set_makes_nobody_wait_longer(
        self, free: Office, claimed: Claimed, clock: SetClock, by: timedelta
    ) -> None:
        """What was told by a clock that was ahead is forgotten."""
        told(free, wait=LONGEST_TOLD, left=(Left("input-tokens", 1_000, 0, SECOND * 60),))
        clock.forward(by)

        assert ask(free, claimed(), REQUEST).text

    def test_a_service_that_says_no_is_there(self, limited: Office, backlog: Backlog, clock: SetClock) -> None:
        """However many 429s there are, it is not offline; each wait costs one request."""
        made = backlog(10)
        for _ in range(10):
            admission.ring(limited)
            while out(limited):
                work(limited)
            clock.forward(SECOND * TOLD_S)
        with limited.store.read() as tx:
            assert tx.components.get(limited.claude.service) is None
        assert sum(calls_of(limited, turn.goal) for turn in made) == 10
        assert {now_of(limited, turn.id).attempts for turn in made} == {0}


class TestComingBack:
    """First one, then one more for each good answer up to half of what it was, then slowly up to what is usual."""

    def test_so_many_may_be_out_after_each_good_answer(
        self, free: Office, clock: SetClock, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Eight were; up to four it is quick, beyond that as many answers as may be out let one more out."""
        told(free, wait=SECOND)
        clock.forward(SECOND)
        slots = []
        while (found := limit_of(free)) is not None:
            slots.append(found.slots)
            answered(free)

        assert slots == [1, 2, 3, *[4] * 4, *[5] * 5, *[6] * 6, *[7] * 7]
        assert [line.levelno for line in caplog.records] == [logging.WARNING] * 2
        assert caplog.records[-1].message == "As many as usual ask claude-opus again."

    def test_no_more_go_out_than_that(self, free: Office, backlog: Backlog, clock: SetClock) -> None:
        """Also while others are still at work from before."""
        backlog(20)
        told(free, wait=SECOND)
        clock.forward(SECOND)
        admission.ring(free)
        most = []
        while out(free):
            most.append(len(out(free)))
            work(free)

        assert most[:4] == [1, 2, 3, 4]
        assert max(most) < SLOTS

    def test_another_429_halves_again_and_one_of_those_together_does_not(self, free: Office, clock: SetClock) -> None:
        """Eight, four, two, one; five that were on the wire together are one."""
        steady = []
        for _ in range(4):
            for _ in range(5):
                told(free, wait=SECOND)
            found = limit_of(free)
            assert found is not None
            steady.append(found.steady)
            clock.forward(SECOND)
            answered(free, times=(found.steady or 0) - 1)

        assert steady == [4, 2, 1, 1]

    def test_an_answer_to_what_was_on_the_wire_lets_nobody_out(self, free: Office, clock: SetClock) -> None:
        """It was let in before."""
        told(free, wait=SECOND * TOLD_S)
        answered(free, times=5)
        clock.forward(SECOND * TOLD_S)
        found = limit_of(free)

        assert found is not None
        assert found.slots == 1


class TestWhatIsLeft:
    """Answers say how much is left: who needs more waits for it, and nobody goes out to find that."""

    def test_far_from_a_limit_nothing_is_written(self, free: Office, claimed: Claimed) -> None:
        """Nor looked for at all but once."""
        with free.store.write() as tx:
            seen: list[str] = []
            event.listen(free.store.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
            weather.answered(tx, "claude", MODEL, (Left("requests", 50, 40, SECOND * 12),), SLOTS)
        assert len([statement for statement in seen if "limits" in statement]) == 1
        ask(free, claimed(), REQUEST)
        assert limit_of(free) is None

    def test_a_request_that_needs_more_tokens_waits_until_they_are_there(
        self, free: Office, claimed: Claimed, clock: SetClock
    ) -> None:
        """And those behind it, so that it is not overtaken for ever. Nothing was sent, no attempt used."""
        answered(free, Left("input-tokens", 2_000, 0, SECOND * 60))
        held = claimed()
        with pytest.raises(
            MustWait, match=r"0 of 2,000 input tokens a minute are left, and the next request needs \d+\."
        ) as no:
            ask(free, held, REQUEST)
        failures.fail(free, held, no.value, after_failure)
        turn = now_of(free, held.turn.id)

        assert clock.now < turn.not_before == no.value.until < clock.now + SECOND * 60
        assert (TurnState.QUEUED, 0, 0) == (turn.state, turn.attempts, calls_of(free, turn.goal))
        admission.ring(free)
        assert out(free) == []
        clock.now = no.value.until + SECOND
        admission.ring(free)
        assert work(free).state is TurnState.DONE
        assert limit_of(free) is None

    def test_what_is_bigger_than_the_limit_asks_when_that_is_full(
        self, free: Office, claimed: Claimed, clock: SetClock
    ) -> None:
        """Most of it may be read from the cache, which does not count; nobody waits for what never comes."""
        answered(free, Left("input-tokens", 5, 0, SECOND * 30))
        with pytest.raises(MustWait) as no:
            ask(free, claimed(), REQUEST)
        assert no.value.until == clock.now + SECOND * 30
        clock.now = no.value.until
        assert ask(free, claimed(), REQUEST).text

    def test_those_who_ask_before_an_answer_comes_share_what_is_left(self, free: Office) -> None:
        """Each takes its part at once; the third finds nothing."""
        answered(free, Left("requests", 50, 2, SECOND * 48))
        for _ in range(2):
            with free.store.write() as tx:
                weather.let_out(tx, free.claude.service, MODEL, 10)
        with free.store.write() as tx, pytest.raises(MustWait):
            weather.let_out(tx, free.claude.service, MODEL, 10)

    def test_no_more_turns_go_out_than_requests_are_left(self, free: Office, backlog: Backlog) -> None:
        """Two of fifty; the third would come back with nothing."""
        answered(free, Left("requests", 50, 2, SECOND * 48))
        backlog(5)
        admission.ring(free)

        assert len(out(free)) == 2

    def test_a_rate_is_kept_without_a_refusal(self, open_with: OpenWith, backlog: Backlog) -> None:
        """The rehearsal lets five in a minute and says so: the sixth is not sent."""
        office = open_with(rehearsal="rate=5", max_parallel_agents=SLOTS)
        made = backlog(7)
        admission.ring(office)
        while out(office):
            work(office)

        assert [TurnState.DONE] * 5 + [TurnState.QUEUED] * 2 == [now_of(office, turn.id).state for turn in made]
        assert [1] * 5 + [0] * 2 == [calls_of(office, turn.goal) for turn in made]


class TestWhereTheGoalIs:
    """A goal that waits for a limit says so, until when, and goes on by itself."""

    def test_one_that_was_refused_and_one_that_never_went_out_say_the_same(
        self, limited: Office, backlog: Backlog, clock: SetClock
    ) -> None:
        """The first by its turn, the others by the sweep, once."""
        made = backlog(1)
        admission.ring(limited)
        work(limited)
        made += backlog(2)
        admission.ring(limited)

        assert name_waits(limited) == 2
        assert name_waits(limited) == 0
        for turn in made:
            with limited.store.read() as tx:
                goal = tx.goals.get(turn.goal)
            assert (GoalState.WAITING, WaitFor.MODEL) == (goal.state, goal.wait_for)
            assert goal.wait_until == clock.now + SECOND * TOLD_S
            assert "busy (429)" in (goal.reason or "")
        clock.forward(SECOND * TOLD_S)
        assert name_waits(limited) == 0

    def test_a_short_wait_is_not_worth_telling(self, free: Office, backlog: Backlog) -> None:
        """It would be over before anybody read it."""
        backlog(1)
        told(free, wait=SECOND * 4)

        assert name_waits(free) == 0

    def test_who_failed_for_another_reason_waits_no_longer_for_it(
        self, free: Office, claimed: Claimed, clock: SetClock
    ) -> None:
        """The wait for its place in the limits is no failure of the service in a row."""
        held = claimed()
        for _ in range(3):
            failures.fail(free, held, MustWait("claude-opus", clock.now + SECOND, "Busy."), after_failure)
            clock.forward(SECOND)
            admission.ring(free)
            again = turns.claim(free, held.turn.id)
            assert again is not None
            held = again
        failures.fail(free, held, ModelAway("away"), after_failure)

        assert now_of(free, held.turn.id).not_before == clock.now + failures.FIRST_WAIT * 2
