"""Money is exact: what calls cost, and that no account ever holds more than its cap or anything but the sum of its calls."""

import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from director.bootstrap import open_office
from director.calls import caps
from director.calls.ask import _kept_or_reserved, _settle, _settle_failed, settle_overdue
from director.claude.replies import Reply
from director.goals.pause import pause, pause_all, resume, resume_all
from director.goals.set_caps import set_caps
from director.mailbox import admission, turns
from director.mailbox.turns import Held
from director.money import prices
from director.money.prices import Usage
from director.prompting.request import Block, Request
from director.words.amounts import NANO, as_number, parse_usd, usd
from director.words.errors import LostLease, ModelAway, NoPrice, NotNow, OverCap, TooDear
from director.words.models import Account, Call, Goal, Turn
from director.words.settings import Settings
from director.words.states import CallState, Priority, may_move
from tests.conftest import SetClock, without_waiting_for_the_disk
from tests.director.conftest import add_goal, reserve

BOOK = prices.load()
HAIKU = "claude-haiku-5-5"
EDGE = 100_000  # tokens of the whole prompt up to which Haiku is cheap

#: The file as it is written, read by nobody's code but ours here.
FILE: dict[str, list[dict[str, Any]]] = yaml.safe_load(prices.FILE.read_text(encoding="utf-8"))["models"]

models = st.sampled_from(sorted(BOOK.models))
tokens = st.integers(0, 1_000_000)
usages = st.builds(Usage, tokens, tokens, tokens, tokens, tokens)

quick = settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck), database=None)


def exact(model: str, usage: Usage) -> Decimal:
    """What *usage* costs in nano-dollars, from the file, in decimal arithmetic."""
    band = next(band for band in FILE[model] if usage.prompt <= band.get("prompt_up_to", usage.prompt))
    dollars = sum(
        Decimal(str(band[kind])) * getattr(usage, kind) / 1_000_000
        for kind in ("input", "output", "cache_write", "cache_write_1h", "cache_read")
    )
    return dollars * NANO


class TestPrices:
    """List prices, exact to the nano-dollar."""

    @quick
    @given(models, usages)
    def test_a_cost_is_exactly_what_the_price_file_says(self, model: str, usage: Usage) -> None:
        """No rounding anywhere: every list price per token is a whole number of nano-dollars."""
        assert exact(model, usage) == BOOK.cost(model, usage)

    @quick
    @given(models, usages, usages)
    def test_the_worst_case_is_never_less_than_what_it_costs(self, model: str, most: Usage, used: Usage) -> None:
        """However a prompt of at most so many tokens is billed, and whatever band it falls into."""
        worst = BOOK.worst_case(model, prompt=most.prompt, output=most.output, for_an_hour=True)
        shrink = min(1.0, most.prompt / used.prompt) if used.prompt else 1.0
        fits = Usage(
            input=int(used.input * shrink),
            output=min(used.output, most.output),
            cache_write=int(used.cache_write * shrink),
            cache_read=int(used.cache_read * shrink),
            cache_write_1h=int(used.cache_write_1h * shrink),
        )

        assert fits.prompt <= most.prompt
        assert BOOK.cost(model, fits) <= worst
        assert BOOK.cost(model, Usage(0, most.output, cache_write=most.prompt)) <= worst

    @pytest.mark.parametrize(
        ("usage", "nano"),
        [
            (Usage(EDGE, 1_000), 100 * EDGE + 500 * 1_000),
            (Usage(EDGE + 1, 1_000), 500 * (EDGE + 1) + 2_500 * 1_000),
            (Usage(0, 0, cache_read=EDGE), 10 * EDGE),
            (Usage(0, 0, cache_read=EDGE + 1), 50 * (EDGE + 1)),
            (Usage(0, 0, cache_write=EDGE), 125 * EDGE),
            (Usage(1, 1, cache_write=1, cache_read=EDGE - 2), 100 + 500 + 125 + 10 * (EDGE - 2)),
            (Usage(1, 1, cache_write=1, cache_read=EDGE - 1), 500 + 2_500 + 625 + 50 * (EDGE - 1)),
        ],
        ids=repr,
    )
    def test_the_band_is_chosen_by_the_whole_prompt_and_applies_to_every_token(self, usage: Usage, nano: int) -> None:
        """Uncached, written and read tokens together decide; the output is dearer with them. The edge is in the first."""
        assert nano == BOOK.cost(HAIKU, usage)

    @pytest.mark.parametrize(("prompt", "nano"), [(EDGE, 125 * EDGE), (EDGE + 1, 625 * (EDGE + 1))])
    def test_a_worst_case_looks_at_the_bands_a_prompt_can_reach(self, prompt: int, nano: int) -> None:
        """And at no dearer one."""
        assert nano == BOOK.worst_case(HAIKU, prompt=prompt, output=0)

    @pytest.mark.parametrize("model", ["claude-opus-4", "", "gpt"])
    def test_a_model_without_a_price_is_refused_with_a_sentence(self, model: str) -> None:
        """It is not guessed; the sentence names those there are."""
        with pytest.raises(NoPrice, match=r"has no price .* name one of claude-haiku-5-5, "):
            BOOK.model_for("opus", model or "none")

    def test_every_tier_has_a_price(self) -> None:
        """A tier that names no priced model would stop every call of its skills."""
        assert set(BOOK.tiers.values()) <= set(BOOK.models)

    def test_a_price_that_is_no_whole_number_of_nano_dollars_is_refused(self, tmp_path: Path) -> None:
        """Exact arithmetic would end there."""
        file = tmp_path / "prices.yaml"
        row = "{input: 0.0001, output: 1, cache_write: 1, cache_write_1h: 1, cache_read: 1}"
        file.write_text(f"as_of: 2026-11-22\ntiers: {{}}\nmodels:\n  x:\n    - {row}\n")

        with pytest.raises(ValueError, match=r"input: 0\.0001 USD"):
            prices.load(file)


class TestAmounts:
    """What people write and read."""

    @quick
    @given(st.integers(0, 1_000_000 * NANO))
    def test_an_amount_that_is_written_out_comes_back(self, nano: int) -> None:
        """To the nano-dollar, with or without its sign."""
        written = f"{Decimal(nano) / NANO:f}"

        assert nano == parse_usd(written) == parse_usd(f"${written}")

    @pytest.mark.parametrize("text", ["-1", "nan", "inf", "1e99", "", "ten", "1,000", "1000000.01", "0x10"])
    def test_what_is_no_amount_is_refused(self, text: str) -> None:
        """A cap is finite, and not below nothing."""
        with pytest.raises(ValueError):  # noqa: PT011 - the setting's reader says which and why
            parse_usd(text)

    @pytest.mark.parametrize(
        ("nano", "text"),
        [
            (0, "$0.00"),
            (42_100_000, "$0.0421"),
            (NANO, "$1.00"),
            (12_300_000_000, "$12.30"),
            (1_000 * NANO, "$1000.00"),
        ],
    )
    def test_amounts_are_shown_in_dollars(self, nano: int, text: str) -> None:
        """Finer below a dollar."""
        assert (text, float(Decimal(nano) / NANO)) == (usd(nano), as_number(nano))


GOALS = 3
#: Of each goal, in dollars; the month allows less than their sum.
CAPS = (0, 1, 3)
MONTH = 3
PRIORITIES = (Priority.P0, Priority.P2, Priority.P3)

pick = st.integers(0, 10_000)
requests = st.builds(
    Request,
    purpose=st.just("draft"),
    model=models,
    effort=st.just("low"),
    max_tokens=st.integers(1, 60_000),
    system=st.just((Block(("You write.",)),)),
    user=st.builds(Block, st.tuples(st.text(max_size=20)), stable=st.just(False)),
)


class Ledger(RuleBasedStateMachine):
    """Reservations, settlements and losses in any order, some of them twice, some by nobody at all."""

    record: ClassVar[Path]  #: An empty SQLite file that is up to date.

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="ledger-"))
        state = self.folder / ".state"
        state.mkdir()
        shutil.copy(self.record, state / "troupe.sqlite")
        self.clock = SetClock()
        rehearsing = Settings(workspace_dir=self.folder, redis_url="unix:///nobody.sock", budget_monthly=MONTH * NANO)
        # The same record with and without a key: accounts of two kinds side by side.
        real = replace(rehearsing, anthropic_api_key="not-a-key")
        self.offices = [without_waiting_for_the_disk(open_office(one, clock=self.clock)) for one in (rehearsing, real)]
        self.calls: list[Call] = []
        self.questions = 0
        self.month = MONTH * NANO
        self.day: int | None = None
        self.lowered: set[tuple[str, bool]] = set()  #: accounts whose cap a person set, perhaps below what is spent

    def teardown(self) -> None:
        """Close everything; nothing was left reserved by those that were settled."""
        for office in self.offices:
            office.close()
        shutil.rmtree(self.folder)

    @initialize()
    def goals_are_given(self) -> None:
        """Each with a turn to ask for."""
        self.turns: list[Turn] = []
        with self.offices[0].store.write() as tx:
            for cap, priority in zip(CAPS, PRIORITIES, strict=True):
                goal: Goal = add_goal(tx, cap_nano=cap * NANO, priority=priority)
                turn = turns.create(tx, goal, actor="director", verb="plan", subject=goal.id)
                assert turn is not None
                self.turns.append(turn)

    @rule(goal=st.integers(0, GOALS - 1), request=requests, real=st.booleans())
    def reserve(self, goal: int, request: Request, real: bool) -> None:
        """A call of any size, of a goal with any cap; refused exactly when it does not fit, or its priority is held now."""
        office = self.offices[real]
        self.questions += 1
        held = self._is_held(goal, real=real)
        worst = BOOK.worst_case(request.model, prompt=request.most_prompt_tokens(), output=request.max_tokens)
        room = self._left(goal, real=real)
        before = self._accounts()
        try:
            with office.store.write() as tx:
                call = reserve(
                    tx,
                    office,
                    self.turns[goal],
                    request,
                    key=f"call {self.questions}",
                    due_at=tx.now + timedelta(minutes=11),
                )
        except NotNow:
            assert held, "what may go on was kept back"
            assert before == self._accounts(), "a refusal changed an account"
        except TooDear:
            assert worst > office.settings.call_cap
            assert before == self._accounts(), "a refusal changed an account"
        except OverCap:
            assert worst > room, "a call that fits was refused"
            assert before == self._accounts(), "a refusal changed an account"
        else:
            assert not held, "what is kept back was sent"
            assert worst <= min(room, office.settings.call_cap), "a call that does not fit was let through"
            assert (CallState.RESERVED, worst) == (call.state, call.reserved_nano)
            self.calls.append(call)

    @rule(call=pick, share=st.floats(0, 1))
    def answer_comes(self, call: int, share: float) -> None:
        """Perhaps to a call that was settled before, which counts nothing; instead of its worst case, where it was lost."""
        self._settle(call, CallState.ANSWERED, share)

    @rule(call=pick)
    def service_refuses(self, call: int) -> None:
        """It costs nothing."""
        self._settle(call, CallState.REFUSED, 0)

    @rule(call=pick)
    def answer_is_lost(self, call: int) -> None:
        """It may have been paid."""
        if self.calls:
            with self.offices[0].store.write() as tx:
                caps.lose(tx, self.calls[call % len(self.calls)], "test")

    @rule(minutes=st.sampled_from((1, 5, 12)))
    def processes_die_and_the_sweep_comes(self, minutes: int) -> None:
        """What is overdue is counted at its worst, once."""
        self.clock.forward(timedelta(minutes=minutes))
        settle_overdue(self.offices[0])
        assert settle_overdue(self.offices[0]) == 0

    @rule(days=st.sampled_from((1, 31)))
    def the_day_and_perhaps_the_month_turn(self, days: int) -> None:
        """New accounts for the brand; what is on the wire still belongs to the old ones."""
        self.clock.forward(timedelta(days=days))

    @rule(month=st.integers(1, 6), day=st.none() | st.integers(0, 3))
    def a_person_sets_the_caps(self, month: int, day: int | None) -> None:
        """Perhaps to less than is spent, a day at most to its month; what people added to the old ones is gone."""
        day = None if day is None else min(day, month)
        set_caps(self.offices[0], monthly_nano=month * NANO, daily_nano=None if day is None else day * NANO)
        self.month, self.day = month * NANO, None if day is None else day * NANO
        for scope in (self._month(), self._day()):
            self.lowered |= {(scope, real) for real in (False, True)}

    @rule(goal=st.integers(0, GOALS - 1))
    def a_person_pauses_and_resumes(self, goal: int) -> None:
        """A goal, or, where it is paused, all."""
        ident = str(self.turns[goal].goal)
        with self.offices[0].store.read() as tx:
            paused = tx.goals.get(ident).paused_at is not None
        if paused:
            resume(self.offices[0], ident)
            if not resume_all(self.offices[0]):
                pause_all(self.offices[0])
        else:
            pause(self.offices[0], ident)

    @rule(goal=st.integers(0, GOALS - 1), dollars=st.integers(0, 3), real=st.booleans(), month=st.booleans())
    def a_person_raises_a_cap(self, goal: int, dollars: int, real: bool, month: bool) -> None:
        """Of a goal or of the month, as an approval does; perhaps before anything was spent, or less than it is already."""
        goal_id = self.turns[goal].goal
        scope = self._month() if month else caps.goal_scope(goal_id)
        with self.offices[0].store.write() as tx:
            tx.accounts.allow(scope, dollars * NANO, rehearsal=not real)

    @invariant()
    def no_account_holds_more_than_its_cap(self) -> None:
        """Spent and reserved together, at every moment, under the cap and what people added to it."""
        of_goals = {
            caps.goal_scope(turn.goal): cap for turn, cap in zip(getattr(self, "turns", ()), CAPS, strict=False)
        }
        for scope, (added, spent, reserved) in self._accounts().items():
            assert spent >= 0, scope
            assert reserved >= 0, scope
            if scope in self.lowered or scope[0].startswith("day "):
                continue  # whether it fits is looked at where it is reserved
            assert spent + reserved <= of_goals.get(scope[0], MONTH) * NANO + added, scope

    @invariant()
    def every_account_is_the_sum_of_its_calls(self) -> None:
        """Nothing is counted twice, and nothing forgotten."""
        sums: dict[tuple[str, bool], tuple[int, int]] = {}
        with self.offices[0].store.read() as tx:
            calls = [tx.calls.get(call.id) for call in self.calls]
        for call in calls:
            for scope in (f"goal {call.goal}", f"month {call.brand} {call.month}", f"day {call.brand} {call.day}"):
                spent, reserved = sums.get((scope, call.rehearsal), (0, 0))
                waits = call.state is CallState.RESERVED
                sums[scope, call.rehearsal] = (
                    spent + call.cost_nano,
                    reserved + (call.reserved_nano if waits else 0),
                )
        counted = {scope: (spent, reserved) for scope, (_, spent, reserved) in self._accounts().items()}
        assert sums == {scope: held for scope, held in counted.items() if scope in sums}
        assert {held for scope, held in counted.items() if scope not in sums} <= {(0, 0)}

    def _settle(self, which: int, state: CallState, share: float) -> None:
        if not self.calls:
            return
        call = self.calls[which % len(self.calls)]
        with self.offices[0].store.write() as tx:
            now = tx.calls.get(call.id)
            settled = caps.settle(tx, call, state, int(call.reserved_nano * share))
        assert settled is may_move(now.state, state)

    def _left(self, goal: int, *, real: bool) -> int:
        caps_of = {caps.goal_scope(self.turns[goal].goal): CAPS[goal] * NANO, self._month(): self.month}
        if self.day is not None:
            caps_of[self._day()] = self.day
        accounts = self._accounts()
        left = []
        for scope, cap in caps_of.items():
            added, spent, reserved = accounts.get((scope, not real), (0, 0, 0))
            left.append(cap + added - spent - reserved)
        return min(left)

    def _is_held(self, goal: int, *, real: bool) -> bool:
        """By a pause, or as the table of levels has it, of what is spent and not of what is set aside."""
        with self.offices[0].store.read() as tx:
            paused = tx.goals.get(self.turns[goal].goal).paused_at or tx.brands.get("default").paused_at
        added, spent, _ = self._accounts().get((self._month(), not real), (0, 0, 0))
        share = Decimal(spent) / (self.month + added)
        held = {"P3"} if share >= Decimal("0.8") else set()
        held |= {"P2"} if share >= Decimal("0.9") else set()
        held |= {"P1"} if share >= Decimal("0.95") else set()
        return paused is not None or PRIORITIES[goal] in held

    def _month(self) -> str:
        return caps.month_scope("default", f"{self.clock():%Y-%m}")

    def _day(self) -> str:
        return caps.day_scope("default", f"{self.clock():%Y-%m-%d}")

    def _accounts(self) -> dict[tuple[str, bool], tuple[int, int, int]]:
        with self.offices[0].store.read() as tx:
            return {
                (one.scope, one.rehearsal): (one.added_nano, one.spent_nano, one.reserved_nano)
                for one in tx.accounts.all()
            }


@pytest.mark.timeout(600)  # a busy machine is no failure
def test_no_order_of_events_breaks_a_cap_or_loses_a_cent(fresh_record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reserve, settle, lose, crash, twice and late: accounts stay under their caps and equal the sums of their calls."""
    monkeypatch.setattr(Ledger, "record", fresh_record, raising=False)
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=15,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        ),
    )


SOUGHT = Request("draft", HAIKU, "low", 1_000, (Block(("You write.",)),), Block(("A line.",), stable=False))
WORST = BOOK.worst_case(HAIKU, prompt=SOUGHT.most_prompt_tokens(), output=SOUGHT.max_tokens)
OWNERS = ("ann", "bob")


class Holders(RuleBasedStateMachine):
    """
    One turn, one request, and holders that lose their leases with it on the wire, to another process or to their own.

    What comes to them comes in any order, or not at all. (That a holder waits for an earlier one of its own process is told in
    test_lost_leases.py; here it does not even wait.)
    """

    record: ClassVar[Path]  #: An empty SQLite file that is up to date.

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="holders-"))
        state = self.folder / ".state"
        state.mkdir()
        shutil.copy(self.record, state / "troupe.sqlite")
        self.clock = SetClock()
        given = Settings(
            workspace_dir=self.folder,
            redis_url="unix:///nobody.sock",
            anthropic_api_key="not-a-key",
            budget_monthly=NANO,
        )
        self.office = without_waiting_for_the_disk(open_office(given, clock=self.clock))
        self.offices = {owner: replace(self.office, owner=owner) for owner in OWNERS}
        with self.office.store.write() as tx:
            goal: Goal = add_goal(tx, cap_nano=4 * WORST, rehearsal=False)
            turn = turns.create(tx, goal, actor="director", verb="plan", subject=goal.id)
        assert turn is not None
        self.scope, self.turn = caps.goal_scope(goal.id), turn
        self.holders: list[Held] = []
        self.on_the_wire: list[Call] = []
        self.costs: dict[int, int] = {}  #: By call: of each reply and each refusal, what it really cost.
        self.kept: str | None = None  #: The first answer that came.

    def teardown(self) -> None:
        """Close everything."""
        self.office.close()
        shutil.rmtree(self.folder)

    @rule(owner=st.sampled_from(OWNERS))
    def the_turn_is_claimed(self, owner: str) -> None:
        """By whoever hears the bell; where somebody held it, nobody renewed that."""
        with self.office.store.write() as tx:
            if self.holders:
                turns.release(tx, tx.turns.get(self.turn.id))
        admission.ring(self.office)
        held = turns.claim(self.offices[owner], self.turn.id)
        assert held is not None
        self.holders.append(held)

    @precondition(lambda self: self.holders)
    @rule()
    def its_holder_asks(self) -> None:
        """An answer that is kept is never asked for; what is not goes out when it fits."""
        held = self.holders[-1]
        try:
            found = _kept_or_reserved(self.offices[held.turn.owner or ""], held, SOUGHT, "the key")
        except OverCap:
            assert self.kept is None
            account = self._account()
            assert account.spent_nano + account.reserved_nano > 3 * WORST
        else:
            assert self.kept == (None if isinstance(found, Call) else found.text)
            if isinstance(found, Call):
                self.on_the_wire.append(found)

    @precondition(lambda self: len(self.holders) > 1)
    @rule(which=pick)
    def an_earlier_holder_asks(self, which: int) -> None:
        """It is told that it has the turn no more, and nothing goes out."""
        held = self.holders[which % (len(self.holders) - 1)]
        with pytest.raises(LostLease):
            _kept_or_reserved(self.offices[held.turn.owner or ""], held, SOUGHT, "the key")

    @precondition(lambda self: self.on_the_wire)
    @rule(which=pick, prompt=st.integers(0, SOUGHT.most_prompt_tokens()), output=st.integers(0, SOUGHT.max_tokens))
    def an_answer_comes(self, which: int, prompt: int, output: int) -> None:
        """To any of those that asked, whoever holds the turn by now: all of them have the first one's words."""
        call = self.on_the_wire.pop(which % len(self.on_the_wire))
        usage = Usage(prompt, output)
        self.costs[call.id] = BOOK.cost(call.model, usage)
        self.kept = self.kept or f"answer to {call.id}"
        answer = _settle(
            self.office, call, Reply(f"answer to {call.id}", call.model, "end_turn", usage, None), seconds=1
        )
        assert (answer.text, answer.kept) == (self.kept, self.kept != f"answer to {call.id}")

    @precondition(lambda self: self.on_the_wire)
    @rule(which=pick, may_be_paid=st.booleans())
    def no_answer_comes(self, which: int, may_be_paid: bool) -> None:
        """The service refuses, or breaks off."""
        call = self.on_the_wire.pop(which % len(self.on_the_wire))
        if not may_be_paid:
            self.costs[call.id] = 0
        _settle_failed(self.office, call, ModelAway("busy", may_be_paid=may_be_paid))

    @precondition(lambda self: self.on_the_wire)
    @rule(which=pick)
    def a_process_dies(self, which: int) -> None:
        """Nothing is ever heard of its call."""
        self.on_the_wire.pop(which % len(self.on_the_wire))

    @rule()
    def the_sweep_comes(self) -> None:
        """Long after."""
        self.clock.forward(self.office.settings.call_timeout + timedelta(minutes=2))
        settle_overdue(self.office)

    @invariant()
    def every_reply_is_counted_once_at_what_it_cost(self) -> None:
        """And what nothing was heard of at its worst case; never more than the cap in all; one answer is kept."""
        with self.office.store.read() as tx:
            calls = tx.calls.of_goal(self.turn.goal)
        account = self._account()
        for call in calls:
            if call.id in self.costs:
                assert call.cost_nano == self.costs[call.id]
            else:
                assert (call.state, call.cost_nano) in ((CallState.RESERVED, 0), (CallState.LOST, WORST))
        answered = [call for call in calls if call.state is CallState.ANSWERED]
        assert [self.kept] == ([f"answer to {call.id}" for call in answered] or [None])
        open_nano = sum(call.reserved_nano for call in calls if call.state is CallState.RESERVED)
        assert (sum(call.cost_nano for call in calls), open_nano) == (account.spent_nano, account.reserved_nano)
        assert account.spent_nano + account.reserved_nano <= 4 * WORST

    def _account(self) -> Account:
        with self.office.store.read() as tx:
            return tx.accounts.get(self.scope, rehearsal=False)


@pytest.mark.timeout(600)  # a busy machine is no failure
def test_whoever_holds_the_turn_when_an_answer_comes_it_is_kept_and_counted_once(
    fresh_record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leases lost with calls on the wire, turns claimed again, answers in any order: one is kept, each is counted."""
    monkeypatch.setattr(Holders, "record", fresh_record, raising=False)
    run_state_machine_as_test(
        Holders,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        ),
    )


@pytest.mark.parametrize("kind", ["goal", "month"])
def test_of_many_who_reserve_at_once_as_many_get_it_as_fit(
    open_with: Callable[..., Any], kind: str, given_turn: Callable[..., Turn]
) -> None:
    """Each in a thread of its own; the rest is told that it does not fit."""
    request = Request("draft", "claude-sonnet-5-5", "low", 1_000, (Block(("x",)),), Block(("y",), stable=False))
    worst = BOOK.worst_case(request.model, prompt=request.most_prompt_tokens(), output=request.max_tokens)
    office = open_with(budget_monthly=100 * NANO if kind == "goal" else 5 * worst)
    with office.store.write() as tx:
        goals = [add_goal(tx, cap_nano=5 * worst if kind == "goal" else 100 * NANO)]
        goals += [add_goal(tx) for _ in range(11)] if kind == "month" else []
    jobs = [given_turn(goals[n % len(goals)], version=str(n)) for n in range(12)]

    def fits(turn: Turn) -> bool:
        try:
            with office.store.write() as tx:
                reserve(tx, office, turn, request, key=turn.key)
        except OverCap:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        got = list(pool.map(fits, jobs))

    assert got.count(True) == 5
