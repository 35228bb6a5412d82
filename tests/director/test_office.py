"""What has happened is written down however long the database is away, unless the process has to end first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from director.bootstrap import open_office
from director.calls.ask import ask
from director.mailbox import admission, handling, turns
from director.mailbox.turns import Held
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.prompting.request import Block, Request
from director.store.tx import Tx
from director.words.errors import Interrupted, LostLease, ModelAway, StaleState, StoreError
from director.words.models import Call, Goal, Turn
from director.words.settings import Settings
from director.words.states import CallState, GoalState, TurnState
from tests.director.conftest import Impatience, RecordAway
from tests.messages_server import Given, MessagesServer

Claimed = Callable[..., Held]
GivenGoal = Callable[..., Goal]
GivenTurn = Callable[..., Turn]
OpenWith = Callable[..., Office]

PATIENCE_S = 30

REQUEST = Request(
    "draft", "claude-sonnet-5-5", "low", 1_000, (Block(("You write.",)),), Block(("Write a line.",), stable=False)
)


class Writing:
    """Something that is to be written, and how often that was tried."""

    def __init__(self, office: Office, what: Callable[[Tx], object]) -> None:
        self._office = office
        self._what = what
        self.tries = 0
        self.tried = Event()

    def __call__(self) -> object:
        """One try."""
        self.tries += 1
        try:
            with self._office.store.write() as tx:
                return self._what(tx)
        finally:
            self.tried.set()


@pytest.fixture
def patient(office: Office, record_away: RecordAway) -> Office:
    """The office; when something waits a second time for its record, the record comes back."""
    return replace(office, closing=Impatience(record_away.come_back))


def call_of(office: Office, held: Held) -> Call:
    """The one thing that was asked for the turn's goal."""
    with office.store.read() as tx:
        [call] = tx.calls.of_goal(held.turn.goal)
    return call


class TestInsisting:
    """A write is tried until it can be, where waiting helps."""

    def test_it_is_tried_until_the_database_is_back(self, patient: Office, record_away: RecordAway) -> None:
        """And what it gave is given."""
        write = Writing(patient, lambda tx: tx.number("goal"))
        record_away.go()

        assert patient.insist(write) == 1
        assert write.tries == 3

    def test_what_can_be_written_is_written_once(self, patient: Office) -> None:
        """Nobody waits for anything."""
        write = Writing(patient, lambda tx: tx.number("goal"))

        assert [patient.insist(write), write.tries] == [1, 1]

    @pytest.mark.parametrize("why", [LostLease, StaleState])
    def test_what_waiting_does_not_cure_is_told_at_once(
        self, patient: Office, claimed: Claimed, why: type[StoreError]
    ) -> None:
        """A turn that is somebody else's, a row that somebody else moved."""
        held = claimed()
        with patient.store.write() as tx:
            goal = tx.goals.get(held.turn.goal)
            turns.finish(tx, held)
            tx.goals.move(goal, GoalState.RUNNING, by="test")
        write = Writing(
            patient,
            (lambda tx: turns.finish(tx, held))
            if why is LostLease
            else (lambda tx: tx.goals.move(goal, GoalState.WAITING, by="test")),
        )

        with pytest.raises(why):
            patient.insist(write)
        assert write.tries == 1

    def test_a_process_that_has_to_end_tries_once_and_gives_up(self, office: Office, record_away: RecordAway) -> None:
        """It has no time left to wait."""
        write = Writing(office, lambda tx: tx.number("goal"))
        record_away.go()
        office.hurry()

        with pytest.raises(StoreError, match="cannot be used now"):
            office.insist(write)
        assert write.tries == 1

    def test_who_waits_is_told_at_once_that_the_process_has_to_end(
        self, office: Office, record_away: RecordAway, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """However long the pause is that it is in."""
        monkeypatch.setattr("director.office.INSIST_EVERY_S", 10 * PATIENCE_S)
        write = Writing(office, lambda tx: tx.number("goal"))
        record_away.go()
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(office.insist, write)
            assert write.tried.wait(PATIENCE_S)
            office.hurry()
            with pytest.raises(StoreError, match="cannot be used now"):
                waiting.result(PATIENCE_S)

        assert write.tries == 1

    def test_a_process_that_has_to_end_asks_nothing_any_more(self, office: Office, claimed: Claimed) -> None:
        """Nothing that may have to be paid is begun."""
        held = claimed()
        office.hurry()

        with pytest.raises(Interrupted, match="while this process is stopping"):
            ask(office, held, REQUEST)
        assert (CallState.REFUSED, 0) == ((call := call_of(office, held)).state, call.cost_nano)


class TestWhatHasHappened:
    """Answers that were paid, failures that would count as crashes: the database went away before they were written."""

    def test_an_answer_that_was_paid_is_kept(self, open_with: OpenWith, claimed: Claimed) -> None:
        """Nothing is asked again."""
        with MessagesServer(front=lambda _: away.go()) as server:
            real = open_with(anthropic_base_url=server.url)
            away = RecordAway(real)
            patient = replace(real, closing=Impatience(away.come_back))
            held = claimed()
            first = ask(patient, held, REQUEST)
            again = ask(patient, held, REQUEST)

        assert (first.text, True) == (again.text, again.kept)
        assert len(server.asked) == 1
        assert call_of(real, held).state is CallState.ANSWERED

    def test_a_refusal_of_the_service_gives_the_reservation_back(self, open_with: OpenWith, claimed: Claimed) -> None:
        """It costs nothing, and is not taken for a call that was lost."""

        def refuse(_: object) -> Given:
            away.go()
            return 529

        with MessagesServer(front=refuse) as server:
            real = open_with(anthropic_base_url=server.url)
            away = RecordAway(real)
            patient = replace(real, closing=Impatience(away.come_back))
            held = claimed()
            with pytest.raises(ModelAway):
                ask(patient, held, REQUEST)

        assert (CallState.REFUSED, 0) == ((call := call_of(real, held)).state, call.cost_nano)

    @pytest.mark.parametrize(
        ("problem", "attempts"), [(StoreError("It is away."), 0), (ModelAway("It is busy."), 0), (OSError("?"), 1)],
        ids=repr,
    )  # fmt: skip
    def test_a_failure_is_acted_on_by_its_class(
        self, patient: Office, record_away: RecordAway, given_goal: GivenGoal, given_turn: GivenTurn,
        problem: Exception, attempts: int,
    ) -> None:  # fmt: skip
        """Not as a crash, which it would be when its lease ran out."""
        turn = given_turn(given_goal())
        admission.ring(patient)

        def verb(_office: Office, _held: Held) -> None:
            record_away.go()
            raise problem

        with suppress(OSError):  # a defect's stack is for whoever rang
            handling.handle(patient, turn.id, {"plan": verb}, after_failure)
        with patient.store.read() as tx:
            now = tx.turns.get(turn.id)

        assert (TurnState.QUEUED, attempts) == (now.state, now.attempts)
        assert str(problem) in (now.error or "")
        assert patient.in_hand == set()


def test_installations_that_share_a_redis_do_not_hear_each_other(settings: Settings, tmp_path: Path) -> None:
    """What keys start with follows the record, whoever opens it; who names it decides."""
    opened = [
        open_office(replace(settings, workspace_dir=tmp_path / place, **changes))
        for place, changes in (("one", {}), ("other", {}), ("one", {}), ("named", {"redis_namespace": "gnomes"}))
    ]
    one, other, again, named = [office.bus.namespace for office in opened]
    for office in opened:
        office.close()

    assert one == again != other
    assert named == "gnomes"
