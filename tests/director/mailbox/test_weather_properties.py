"""Whatever the service answers in whatever order, nobody asks while told to wait, and nobody waits for longer than told."""

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from director.mailbox import weather
from director.mailbox.weather import LONGEST_TOLD
from director.store.opening import open_store
from director.store.presence import CLOCK_SLACK
from director.words.errors import LimitReached, MustWait
from director.words.limits import Left
from tests.conftest import SetClock

USUAL = 6
MODELS = ("claude-sonnet-5-5", "claude-sonnet-5", "claude-opus-5-5")
SECOND = timedelta(seconds=1)
NEVER = datetime.max.replace(tzinfo=UTC)

models = st.sampled_from(MODELS)
seconds = st.integers(1, 2_000).map(lambda number: SECOND * number / 2)
lefts = st.builds(
    lambda what, most, left, full_in: (Left(what, most, min(left, most), full_in),),
    st.sampled_from(["requests", "input-tokens", "output-tokens"]), st.integers(1, 100), st.integers(0, 100), seconds,
)  # fmt: skip


class Weather(RuleBasedStateMachine):
    """Requests of two families, of which some are on the wire at any time, and every answer there is."""

    record: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="weather-"))
        shutil.copy(self.record, self.folder / "troupe.sqlite")
        self.clock = SetClock()
        self.store = open_store(None, self.folder, self.clock)
        self.wire: list[str] = []
        self.told: dict[str, datetime] = {}  #: The latest moment any answer told a family to wait for.
        self.fills: dict[str, datetime] = {}  #: When at the latest what is left is full, as far as anybody was told.

    def teardown(self) -> None:
        """Close the record."""
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(model=models, tokens=st.integers(1, 200))
    def ask(self, model: str, tokens: int) -> None:
        """Somebody is about to send a request."""
        now = self.clock.now
        told, fills = self.told.get(_family(model), now), self.fills.get(_family(model), now)
        no = self._may_go(model, tokens)
        if no is None:
            assert told <= now, "a request was sent while it was told to wait"
            self.wire.append(model)
            if _family(model) in self.fills:  # what was taken has to fill again
                self.fills[_family(model)] = NEVER
        else:
            assert now < no.until <= max(told, min(fills, now + LONGEST_TOLD))
            with self.store.write() as tx:
                weather.put_off(tx, "claude", no)
            self.told[_family(model)] = max(told, no.until)

    @precondition(lambda self: self.wire)
    @rule(which=st.integers(0, 100), left=st.one_of(st.just(()), lefts))
    def answer(self, which: int, left: tuple[Left, ...]) -> None:
        """One on the wire is answered well."""
        model = self.wire.pop(which % len(self.wire))
        with self.store.write() as tx:
            weather.answered(tx, "claude", model, left, USUAL)
        self._hear(model, left)

    @precondition(lambda self: self.wire)
    @rule(which=st.integers(0, 100), wait=st.one_of(st.none(), seconds), left=st.one_of(st.just(()), lefts))
    def refuse(self, which: int, wait: timedelta | None, left: tuple[Left, ...]) -> None:
        """One on the wire is told that a limit is used up."""
        model = self.wire.pop(which % len(self.wire))
        with self.store.write() as tx:
            weather.refused(tx, "claude", LimitReached("Busy.", model=model, left=left, retry_after=wait), USUAL)
            found = weather.until(tx, "claude", model)
        before = self.told.get(_family(model), self.clock.now)
        if wait is None:  # how long then is ours to say
            self.told[_family(model)] = max(before, found or before)
            assert found is None or found <= max(before, self.clock.now + LONGEST_TOLD)
        else:
            self.told[_family(model)] = max(before, self.clock.now + min(wait, LONGEST_TOLD))
        self._hear(model, left)

    @rule(passed=seconds)
    def time_passes(self, passed: timedelta) -> None:
        """So many seconds."""
        self.clock.forward(passed)

    @rule(by=st.integers(1, 5_000))
    def the_clock_is_set_back(self, by: int) -> None:
        """What was told before may be forgotten; nobody may wait the longer for it."""
        self.clock.forward(-SECOND * by)
        with self.store.read() as tx:
            found = {_family(model): weather.until(tx, "claude", model) for model in MODELS}
        self.told = {its: until for its, until in found.items() if until is not None}
        self.fills = dict.fromkeys(self.fills, NEVER)
        assert all(until - self.clock.now <= LONGEST_TOLD + CLOCK_SLACK for until in self.told.values())

    @invariant()
    def at_least_one_may_be_out(self) -> None:
        """And never more than usual."""
        with self.store.read() as tx:
            for limit in tx.limits.of("claude"):
                assert limit.slots is None or 1 <= limit.slots < USUAL
                assert limit.steady is None or 1 <= limit.steady <= USUAL // 2
                assert limit.wait_until is None or limit.told_at is not None
                assert (
                    limit.wait_until is None
                    or limit.told_at is None
                    or limit.wait_until - limit.told_at <= LONGEST_TOLD
                )

    def _may_go(self, model: str, tokens: int) -> MustWait | None:
        try:
            with self.store.write() as tx:
                weather.let_out(tx, "claude", model, tokens)
        except MustWait as no:
            return no
        return None

    def _hear(self, model: str, left: tuple[Left, ...]) -> None:
        if left:
            self.fills[_family(model)] = self.clock.now + max(news.full_in for news in left)


def _family(model: str) -> str:
    return "opus" if "opus" in model else "sonnet"


@pytest.mark.timeout(600)  # a busy machine is no failure
def test_nobody_asks_while_told_to_wait_and_nobody_waits_for_longer(
    fresh_record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In any order of requests, answers and clocks."""
    monkeypatch.setattr(Weather, "record", fresh_record, raising=False)
    run_state_machine_as_test(
        Weather,
        settings=settings(
            max_examples=30,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        ),
    )
