"""The process's one housekeeping thread: what it renews and sweeps, whatever clock, machine and database do."""

import logging
import threading
import time as real_time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from director.files.room import Room
from director.mailbox import admission, turns
from director.mailbox.turns import LEASE, RING_AGAIN, Held
from director.office import Office
from director.upkeep import alert_rules
from director.upkeep.alerts import LOOK_EVERY, Watch
from director.upkeep.heartbeat import BEAT, SETTLING, Heartbeat
from director.upkeep.sweep import SWEEP_EVERY
from director.words.alert import Rule
from director.words.models import Goal, Turn
from director.words.states import TurnState
from tests.conftest import SetClock
from tests.director.conftest import RecordAway

Another = Callable[[str], Office]
Claimed = Callable[..., Held]
GivenGoal = Callable[..., Goal]
GivenTurn = Callable[..., Turn]
AtWork = Callable[[], Held]
TakenFrom = Callable[[str], Turn]
Begun = Callable[[Office], Heartbeat]

HOUR = timedelta(hours=1)


#: Long enough for a loaded machine; nothing waits this long unless it is broken.
PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Hanging:
    """A bell that hangs."""

    heartbeat: Heartbeat
    over: threading.Event  #: Set when it is to hang no longer.


class Contested(threading.Event):
    """A wake-up that is set again while it is being cleared."""

    def __init__(self) -> None:
        super().__init__()
        self.clearing = threading.Event()
        self._again = threading.Event()

    def set(self) -> None:
        """Whoever is clearing it goes on when this is done."""
        super().set()
        if self.clearing.is_set():
            self._again.set()

    def clear(self) -> None:
        """Only after the next one set it."""
        self.clearing.set()
        assert self._again.wait(PATIENCE_S), "nobody sets it again"
        super().clear()


class Time:
    """Time as a process sees it: the clock on the wall, which can be set, and the one that only runs."""

    def __init__(self, clock: SetClock) -> None:
        self._clock = clock
        self._s = 1000.0

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return self._s

    def passes(self, by: timedelta) -> None:
        """On both clocks."""
        self._clock.forward(by)
        self._s += by.total_seconds()

    def is_set(self, by: timedelta) -> None:
        """The clock on the wall. So it also looks where a machine slept and the other clock stood still."""
        self._clock.forward(by)


@pytest.fixture
def time(clock: SetClock) -> Time:
    """Both clocks, running together until one is set."""
    return Time(clock)


@pytest.fixture
def heartbeat(office: Office, time: Time) -> Heartbeat:
    """The office's heartbeat, whose thread is not started: a test calls its beats."""
    return Heartbeat(office, standing=True, monotonic=time.monotonic)


@pytest.fixture
def begun(time: Time) -> Begun:
    """The heartbeat of a process that just began, whose threads have ended again: a test calls its beats."""

    def make(office: Office) -> Heartbeat:
        heartbeat = Heartbeat(office, standing=True, monotonic=time.monotonic)
        heartbeat.start()
        heartbeat.stop()
        return heartbeat

    return make


@pytest.fixture
def at_work(office: Office, claimed: Claimed) -> AtWork:
    """A turn this office works on: its heartbeat renews it."""

    def make() -> Held:
        held = claimed()
        office.in_hand.add(held.turn.claim)
        return held

    return make


@pytest.fixture
def taken_from(office: Office, another: Another, given_goal: GivenGoal, given_turn: GivenTurn) -> Callable[[str], Turn]:
    """A turn that another process took, before it was not heard of again."""

    def make(owner: str) -> Turn:
        turn = given_turn(given_goal())
        admission.ring(office)
        held = turns.claim(another(owner), turn.id)
        assert held is not None
        return held.turn

    return make


def now_of(office: Office, turn: Turn) -> Turn:
    """The turn as it is now."""
    with office.store.read() as tx:
        return tx.turns.get(turn.id)


def until(condition: Callable[[], bool], what: str) -> None:
    """Look again until it is so."""
    end = real_time.monotonic() + PATIENCE_S
    while not condition():
        assert real_time.monotonic() < end, f"waited {PATIENCE_S:.0f} s until {what}"
        real_time.sleep(0.02)


def beats(heartbeat: Heartbeat, time: Time, lasting: timedelta) -> None:
    """A beat each second, as long as that."""
    for _ in range(int(lasting / BEAT)):
        time.passes(BEAT)
        heartbeat.beat()


def beats_until_taken_back(heartbeat: Heartbeat, time: Time, office: Office, dead: Turn) -> timedelta:
    """How long it takes until the dead one's crash is counted."""
    took = timedelta()
    while now_of(office, dead).attempts == 0:
        assert took < timedelta(minutes=1), "it is never taken back"
        beats(heartbeat, time, BEAT)
        took += BEAT
    return took


class TestUsually:
    """Nothing is away and nobody sets a clock."""

    def test_what_is_in_hand_is_renewed_at_each_beat(
        self, office: Office, heartbeat: Heartbeat, time: Time, at_work: AtWork
    ) -> None:
        """However long the work takes."""
        held = at_work()
        for _ in range(int(3 * LEASE / BEAT)):
            beats(heartbeat, time, BEAT)
            now = now_of(office, held.turn)
            assert (TurnState.RUNNING, office.clock() + LEASE) == (now.state, now.lease_until)

    def test_what_a_dead_process_held_is_taken_back(
        self, office: Office, heartbeat: Heartbeat, time: Time, taken_from: TakenFrom
    ) -> None:
        """Once its lease ran out, by the next sweep; this process's own work goes on."""
        dead = taken_from("dead")
        beats(heartbeat, time, LEASE)
        assert now_of(office, dead).attempts == 0

        assert beats_until_taken_back(heartbeat, time, office, dead) <= SWEEP_EVERY

    def test_a_process_that_just_began_takes_back_what_a_dead_one_held(
        self, office: Office, time: Time, taken_from: TakenFrom
    ) -> None:
        """Work that was left over does not wait for a whole lease, nor for the duty of whoever died."""
        dead = taken_from("dead")
        time.passes(HOUR)
        with office.store.write() as tx:
            assert tx.presence.take_duty("sweep", "dead", until=tx.now + SWEEP_EVERY)
        heartbeat = Heartbeat(office, standing=True, monotonic=time.monotonic)

        assert beats_until_taken_back(heartbeat, time, office, dead) <= SETTLING

    def test_one_of_two_heartbeats_sweeps_and_the_other_takes_over(
        self, office: Office, another: Another, time: Time, taken_from: TakenFrom
    ) -> None:
        """Sweeping is one process's duty until it leaves."""
        first, second = (Heartbeat(who, standing=True, monotonic=time.monotonic) for who in (office, another("second")))
        beats(first, time, BEAT)
        dead = taken_from("dead")
        for _ in range(int(LEASE / BEAT)):
            beats(first, time, BEAT)
            second.beat()
        # The lease is out with the next beat, and the first, who swept a moment ago, does not come to see it.
        beats(second, time, BEAT)
        assert now_of(office, dead).attempts == 0
        first.stop()

        assert beats_until_taken_back(second, time, office, dead) <= SWEEP_EVERY

    def test_it_begins_with_what_nobody_holds(
        self, office: Office, given_goal: GivenGoal, given_turn: GivenTurn, clock: SetClock
    ) -> None:
        """A bell that nobody heard is rung again at once."""
        turn = given_turn(given_goal())
        admission.ring(office)
        clock.forward(RING_AGAIN)
        assert now_of(office, turn).due_at != office.clock()
        heartbeat = Heartbeat(office, standing=True)
        heartbeat.start()
        heartbeat.stop()

        # Redis is away here: what was rung in vain is due again at that moment.
        assert (TurnState.DISPATCHED, office.clock()) == ((now := now_of(office, turn)).state, now.due_at)

    def test_it_leaves_with_a_goodbye(self, office: Office) -> None:
        """Nobody takes it for a worker that is still there."""
        heartbeat = Heartbeat(office, standing=True)
        heartbeat.start()
        heartbeat.stop()

        with office.store.read() as tx:
            assert tx.presence.standing_workers() == 0

    def test_whoever_stops_it_is_heard_while_a_beat_is_being_taken(self, heartbeat: Heartbeat) -> None:
        """The wake-up that says so is not cleared along with the beat's: there is no other, and the process would wait."""
        heartbeat._beaten = beaten = Contested()
        beaten.set()
        heartbeat._sweeper.start()
        assert beaten.clearing.wait(PATIENCE_S), "the beat is never taken"
        heartbeat.stop()
        try:
            until(lambda: not heartbeat._sweeper.is_alive(), "the sweeper ends")
        finally:
            beaten.set()


class TestABellThatHangs:
    """Nobody answers where it is rung, or the workspace's own server is being brought back: that can outlast a lease."""

    @pytest.fixture
    def hanging(self, office: Office, given_goal: GivenGoal, given_turn: GivenTurn) -> Iterator[Hanging]:
        """A heartbeat at work that is ringing for a turn; the bell ends when the test does."""
        hanging, over = threading.Event(), threading.Event()

        def hang() -> None:
            hanging.set()
            over.wait()

        office.bus.revive = hang
        heartbeat = Heartbeat(office, standing=True)
        heartbeat.start()
        given_turn(given_goal())
        assert hanging.wait(PATIENCE_S), "it never rings"
        yield Hanging(heartbeat, over)
        over.set()
        heartbeat.stop()
        until(lambda: not any(thread.name == "sweeper" for thread in threading.enumerate()), "the bell is over")

    def test_what_is_in_hand_is_renewed(
        self, office: Office, clock: SetClock, hanging: Hanging, claimed: Claimed
    ) -> None:
        """No lease runs out because of it."""
        office.bus.revive = None  # for this thread; the one that hangs has begun
        held = claimed()
        office.in_hand.add(held.turn.claim)
        clock.forward(2 * BEAT)

        until(lambda: now_of(office, held.turn).lease_until == office.clock() + LEASE, "the lease is renewed")
        assert not hanging.over.is_set()

    def test_nobody_who_leaves_waits_for_it(self, office: Office, hanging: Hanging) -> None:
        """The process is gone from the record, while the bell is still being rung."""
        hanging.heartbeat.stop()

        assert not hanging.over.is_set()
        with office.store.read() as tx:
            assert tx.presence.standing_workers() == 0


class TestClocksThatAreSet:
    """Every lease looks expired, or as if it lasted for ever. Those who live get the time to renew."""

    @pytest.fixture(params=["forward", "back", "sleep"])
    def jump(self, request: pytest.FixtureRequest, time: Time) -> Callable[[], None]:
        """The clock is set an hour forward or back, or the machine sleeps for one, and both clocks see it."""
        return {
            "forward": lambda: time.is_set(HOUR),
            "back": lambda: time.is_set(-HOUR),
            "sleep": lambda: time.passes(HOUR),
        }[request.param]

    def test_what_is_in_hand_is_renewed_at_the_next_beat_and_never_taken(
        self, office: Office, heartbeat: Heartbeat, time: Time, at_work: AtWork, jump: Callable[[], None]
    ) -> None:
        """No attempt is used."""
        held = at_work()
        beats(heartbeat, time, LEASE)
        jump()
        beats(heartbeat, time, BEAT)
        now = now_of(office, held.turn)
        assert (TurnState.RUNNING, office.clock() + LEASE) == (now.state, now.lease_until)
        beats(heartbeat, time, 3 * LEASE)
        now = now_of(office, held.turn)
        assert (TurnState.RUNNING, 0, held.turn.epoch) == (now.state, now.attempts, now.epoch)

    def test_nothing_is_swept_for_a_lease_and_then_as_ever(
        self,
        office: Office,
        heartbeat: Heartbeat,
        time: Time,
        taken_from: TakenFrom,
        jump: Callable[[], None],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """Another process, which may be alive, has the time to renew; one that is dead loses its work after that."""
        beats(heartbeat, time, LEASE)
        dead = taken_from("dead")
        caplog.clear()
        jump()
        beats(heartbeat, time, LEASE)
        assert dead == now_of(office, dead)

        # Where the clock was set back its lease has to be drawn in first, and runs out then.
        assert beats_until_taken_back(heartbeat, time, office, dead) <= LEASE + 2 * SWEEP_EVERY
        said = [line.message for line in caplog.records if line.levelno >= logging.WARNING]
        assert said == ["The clock was set, or this machine slept; sweeping waits until everybody has renewed."]

    def test_a_process_that_was_slow_to_renew_keeps_its_work(
        self, office: Office, heartbeat: Heartbeat, another: Another, time: Time, taken_from: TakenFrom
    ) -> None:
        """It woke a few seconds after the one that sweeps."""
        slow = taken_from("slow")
        beats(heartbeat, time, BEAT)
        time.is_set(HOUR)
        beats(heartbeat, time, LEASE - BEAT)
        other = another("slow")
        other.in_hand.add(slow.claim)
        slows = Heartbeat(other, standing=True, monotonic=time.monotonic)
        slows.beat()
        for _ in range(int(2 * LEASE / BEAT)):
            beats(heartbeat, time, BEAT)
            slows.beat()

        now = now_of(office, slow)
        assert (TurnState.RUNNING, "slow", 0) == (now.state, now.owner, now.attempts)

    def test_who_begins_before_the_living_have_renewed_takes_nothing_from_them(
        self, office: Office, heartbeat: Heartbeat, another: Another, time: Time, at_work: AtWork, begun: Begun,
        jump: Callable[[], None],
    ) -> None:  # fmt: skip
        """It was not there before and cannot know. The lease of an hour ago is no sign of death: everybody's is."""
        held = at_work()
        jump()
        new = begun(another("new"))
        beats(new, time, SETTLING - BEAT)
        for _ in range(int(2 * LEASE / BEAT)):
            heartbeat.beat()
            beats(new, time, BEAT)

        now = now_of(office, held.turn)
        assert (TurnState.RUNNING, 0, held.turn.epoch) == (now.state, now.attempts, now.epoch)

    def test_a_bell_that_nobody_heard_is_rung_again_all_the_same(
        self, office: Office, heartbeat: Heartbeat, time: Time, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """That takes nothing from anybody."""
        turn = given_turn(given_goal())
        admission.ring(office)
        time.is_set(HOUR)
        beats(heartbeat, time, BEAT)

        assert (TurnState.DISPATCHED, office.clock()) == ((now := now_of(office, turn)).state, now.due_at)

    def test_a_clock_that_is_a_little_off_changes_nothing(
        self, office: Office, heartbeat: Heartbeat, time: Time, taken_from: TakenFrom
    ) -> None:
        """It is corrected by a second now and then; that keeps nobody from sweeping."""
        dead = taken_from("dead")
        for _ in range(int(LEASE / BEAT)):
            time.is_set(timedelta(milliseconds=500))
            beats(heartbeat, time, BEAT)

        assert beats_until_taken_back(heartbeat, time, office, dead) <= SWEEP_EVERY


class TestADatabaseThatIsAway:
    """Work stops and goes on by itself; nobody loses an attempt over it."""

    def test_it_is_said_once_and_once_when_it_is_back(
        self, heartbeat: Heartbeat, time: Time, record_away: RecordAway, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Each time it goes away."""
        beats(heartbeat, time, LEASE)
        for _ in range(2):
            caplog.clear()
            record_away.go()
            beats(heartbeat, time, timedelta(minutes=1))
            [(level, sentence)] = [(line.levelno, line.message) for line in caplog.records]
            assert level == logging.ERROR
            assert sentence == (
                "The database cannot be used now: unable to open database file. "
                "Work stops, and goes on by itself when it can."
            )
            caplog.clear()
            record_away.come_back()
            beats(heartbeat, time, timedelta(minutes=1))
            [again] = [line.message for line in caplog.records]
            assert again.startswith("The database can be used again, after ")

    def test_what_is_in_hand_keeps_its_lease_and_its_attempts(
        self, office: Office, heartbeat: Heartbeat, time: Time, at_work: AtWork, record_away: RecordAway
    ) -> None:
        """It is renewed at the first beat that can, before anybody sweeps."""
        held = at_work()
        beats(heartbeat, time, LEASE)
        record_away.go()
        beats(heartbeat, time, timedelta(minutes=1))
        record_away.come_back()
        beats(heartbeat, time, BEAT)
        assert office.clock() + LEASE == now_of(office, held.turn).lease_until
        beats(heartbeat, time, 3 * LEASE)
        now = now_of(office, held.turn)
        assert (TurnState.RUNNING, 0, held.turn.epoch) == (now.state, now.attempts, now.epoch)

    def test_nothing_is_swept_for_a_lease_and_then_as_ever(
        self, office: Office, heartbeat: Heartbeat, time: Time, taken_from: TakenFrom, record_away: RecordAway
    ) -> None:
        """Another process could not renew either; one that is dead loses its work after that."""
        beats(heartbeat, time, LEASE)
        dead = taken_from("dead")
        record_away.go()
        beats(heartbeat, time, timedelta(minutes=1))
        record_away.come_back()
        beats(heartbeat, time, LEASE - BEAT)
        assert dead == now_of(office, dead)

        assert beats_until_taken_back(heartbeat, time, office, dead) <= SWEEP_EVERY + BEAT

    def test_who_begins_when_it_is_back_takes_nothing_from_the_living(
        self, office: Office, heartbeat: Heartbeat, another: Another, time: Time, at_work: AtWork, begun: Begun,
        record_away: RecordAway,
    ) -> None:  # fmt: skip
        """It may look before their next beat."""
        held = at_work()
        beats(heartbeat, time, BEAT)
        record_away.go()
        beats(heartbeat, time, timedelta(minutes=1))
        record_away.come_back()
        beats(begun(another("new")), time, BEAT)
        beats(heartbeat, time, BEAT)

        now = now_of(office, held.turn)
        assert (TurnState.RUNNING, 0, office.clock() + LEASE) == (now.state, now.attempts, now.lease_until)

    def test_a_bell_that_was_lost_meanwhile_is_rung_again(
        self, office: Office, heartbeat: Heartbeat, time: Time, given_goal: GivenGoal, given_turn: GivenTurn,
        record_away: RecordAway,
    ) -> None:  # fmt: skip
        """A turn that waits goes out at the first beat after; nobody has to wait for the sweep."""
        beats(heartbeat, time, LEASE)
        turn = given_turn(given_goal())
        record_away.go()
        beats(heartbeat, time, 2 * RING_AGAIN)
        record_away.come_back()
        beats(heartbeat, time, SWEEP_EVERY)

        assert now_of(office, turn).state is TurnState.DISPATCHED


class TestWhatIsWrong:
    """A process that stays looks for it; one that leaves with its goal does not."""

    @pytest.fixture(autouse=True)
    def full_disk(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
        """A disk that is nearly full; bytes that are free, and that there are."""
        space = [(9, 100)]
        monkeypatch.setattr(alert_rules, "room_of", lambda folder: Room(folder, *space[0]))
        return space

    def test_it_looks_with_its_first_beat_and_then_every_ten_seconds(
        self, office: Office, time: Time, full_disk: list[tuple[int, int]]
    ) -> None:
        """Beats between two looks find nothing."""
        heartbeat = Heartbeat(office, standing=True, monotonic=time.monotonic, watch=Watch(office))
        heartbeat.beat()
        assert [Rule.DISK] == self._open(office)
        full_disk[0] = (50, 100)
        looks = 0
        while self._open(office):
            time.passes(BEAT)
            heartbeat.beat()
            looks += 1

        assert 2 * LOOK_EVERY // BEAT == looks

    def test_a_command_for_one_goal_does_not_look(self, office: Office, time: Time) -> None:
        """Who gave it sees it; it has no business with the rest."""
        heartbeat = Heartbeat(office, standing=False, monotonic=time.monotonic, watch=Watch(office))
        heartbeat.beat()

        assert [] == self._open(office)

    def test_it_looks_again_when_the_database_is_back(
        self, office: Office, time: Time, record_away: RecordAway
    ) -> None:
        """What cannot be looked at keeps nothing else from going on."""
        heartbeat = Heartbeat(office, standing=True, monotonic=time.monotonic, watch=Watch(office))
        record_away.go()
        heartbeat.beat()
        record_away.come_back()
        time.passes(LOOK_EVERY)
        heartbeat.beat()

        assert [Rule.DISK] == self._open(office)

    def _open(self, office: Office) -> list[Rule]:
        with office.store.read() as tx:
            return [alert.rule for alert in tx.alerts.open("default")]
