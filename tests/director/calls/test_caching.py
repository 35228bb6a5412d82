"""What of a prompt the service is asked to keep: what somebody is expected to read again, for as long as until then."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from director.calls import caching
from director.calls.ask import ask
from director.calls.caps import month_scope
from director.mailbox import turns
from director.mailbox.turns import Held
from director.office import Office
from director.prompting.forms import Edits
from director.prompting.request import Block, Life, Request
from director.store.tx import Tx
from director.words.models import Goal
from director.words.states import GoalState, TaskState
from pipelines.plan import Plan, PlannedTask, StepKind
from tests.conftest import SetClock
from tests.director.conftest import add_goal
from tests.messages_server import MessagesServer

MINUTES, HOUR = Life.MINUTES, Life.HOUR
LONG = "There are gnomes in the garden. " * 200


def asked(skill: str = "copywriting", model: str = "claude-sonnet-5-5", purpose: str = "draft") -> Request:
    """What its writer is asked: what all of a brand share, then the skill."""
    system = (Block((LONG,)), Block((f"You are {skill}. {LONG}",), skill=skill))
    return Request(purpose, model, "low", 100, system, Block(("Write.",), stable=False))


@pytest.fixture
def started(office: Office) -> Callable[..., Held]:
    """A goal with a task for each of the skills; the turn of the first."""

    def start(*skills: str) -> Held:
        with office.store.write() as tx:
            goal = running(tx, *skills)
            task = tx.tasks.of_goal(goal.id)[0]
            tx.tasks.move(task, TaskState.DRAFTING, by="test")
            made = turns.create(tx, goal, actor=task.skill, verb="draft", subject=task.id)
            assert made is not None
            return Held(made)

    return start


def running(tx: Tx, *skills: str) -> Goal:
    """A goal at work on a plan of these skills."""
    goal = add_goal(tx)
    planned = [PlannedTask(f"t{n}", skill, StepKind.DRAFT, ()) for n, skill in enumerate(skills)]
    tx.tasks.add(goal, Plan(tuple(planned), "claude"))
    return tx.goals.move(goal, GoalState.RUNNING, by="test")


def test_what_nobody_reads_again_is_not_kept(office: Office, started: Callable[..., Held]) -> None:
    """Writing it would cost a quarter more than showing it."""
    held = started("copywriting")

    assert caching.kept(office, held, asked()).lives == (None, None)


def test_what_the_brand_shares_is_kept_while_others_have_to_write(office: Office, started: Callable[..., Held]) -> None:
    """The skill's own text is kept where another task of that skill waits, of this goal or of another of the brand."""
    held = started("copywriting", "page-cro")

    assert caching.kept(office, held, asked()).lives == (MINUTES, None)
    with office.store.write() as tx:
        running(tx, "copywriting")
    assert caching.kept(office, held, asked()).lives == (MINUTES, MINUTES)


def test_who_comes_last_marks_what_was_kept_before(
    open_with: Callable[..., Office], claimed: Callable[..., Held], clock: SetClock
) -> None:
    """Only what is marked is looked for: while it lives, it is read though nobody comes after; later it is not written."""
    office, held = open_with(), claimed()
    with office.store.write() as tx:
        goal = running(tx, "page-cro", "popup-cro")
    ask(office, held, asked("page-cro"))
    with office.store.write() as tx:
        tx.goals.move(goal, GoalState.CANCELLED, by="test")

    assert caching.kept(office, held, asked("popup-cro")).lives == (MINUTES, None)
    clock.forward(timedelta(minutes=6))
    assert caching.kept(office, held, asked("popup-cro")).lives == (None, None)


def test_what_a_call_of_a_moment_ago_did_not_have_kept_is_not_there(
    open_with: Callable[..., Office], claimed: Callable[..., Held]
) -> None:
    """Asked again for a revision, its text would be written then, at a quarter more, and read by nobody."""
    office, held = open_with(), claimed()
    with office.store.write() as tx:
        running(tx, "copywriting", "popup-cro")
    ask(office, held, asked("page-cro"))
    again = replace(asked("page-cro"), user=Block(("Write it again.",), stable=False))

    assert caching.kept(office, held, again).lives == (MINUTES, None)


def test_another_text_of_the_same_place_is_not_there(
    open_with: Callable[..., Office], claimed: Callable[..., Held]
) -> None:
    """A product context that was changed a moment ago, and an answer of another form: each is another beginning."""
    office, held = open_with(), claimed()
    with office.store.write() as tx:
        goal = running(tx, "page-cro", "popup-cro")
    ask(office, held, asked("page-cro"))
    with office.store.write() as tx:
        tx.goals.move(goal, GoalState.CANCELLED, by="test")
    block, other = (
        asked("page-cro").system[0],
        Block(
            (
                LONG,
                "And a fountain.",
            )
        ),
    )

    assert caching.kept(office, held, asked("page-cro")).lives[:1] == (MINUTES,)
    assert caching.kept(office, held, replace(asked(), system=(other,))).lives == (None,)
    assert caching.kept(office, held, replace(asked(), system=(block,), form=Edits)).lives == (None,)


def test_another_model_s_calls_read_nothing_of_this_one_s(office: Office, started: Callable[..., Held]) -> None:
    """Each model has a cache of its own; who only has to be reviewed will not write again either."""
    held = started("copywriting", "launch-strategy")

    assert caching.kept(office, held, asked()).lives == (None, None)
    assert caching.kept(office, held, asked(purpose="review")).lives == (MINUTES, None)


def test_at_the_level_critical_all_write_for_the_cheapest_model(office: Office, started: Callable[..., Held]) -> None:
    """It is the one that they ask then, whichever was theirs; and nobody writes for that one any more."""
    held = started("copywriting", "launch-strategy")
    with office.store.write() as tx:
        scope = month_scope(office.brand, f"{tx.now:%Y-%m}")
        tx.accounts.allow(scope, 0, rehearsal=True)
        spent = office.settings.budget_monthly * 95 // 100
        tx.accounts.settle(scope, rehearsal=True, reserved_nano=0, spent_nano=spent)

    assert caching.kept(office, held, asked(model="claude-haiku-5-5")).lives == (MINUTES, None)
    assert caching.kept(office, held, asked()).lives == (None, None)


@pytest.mark.parametrize(("minutes", "life"), [(4, MINUTES), (6, HOUR), (59, HOUR), (61, MINUTES)])
def test_what_the_clock_brings_back_within_the_hour_is_kept_for_it(
    office: Office, started: Callable[..., Held], minutes: int, life: Life
) -> None:
    """Sooner, five minutes are enough; later, nothing is. What is written once a goal gains nothing by it."""
    held = started("copywriting", "copywriting")
    with office.store.write() as tx:
        tx.slots.begin(office.brand, "each-hour", enabled=True)
        tx.slots.look_until(office.brand, "each-hour", tx.now, next_at=tx.now + timedelta(minutes=minutes))

    assert caching.kept(office, held, asked()).lives == (life, MINUTES)
    with office.store.write() as tx:
        tx.slots.enable(office.brand, "each-hour", enabled=False)
    assert caching.kept(office, held, asked()).lives == (MINUTES, MINUTES)


def test_an_hour_is_billed_as_one_and_its_answer_found_again(
    open_with: Callable[..., Office], claimed: Callable[..., Held]
) -> None:
    """Set aside and settled at the dearer price; asked again when five minutes would do, nothing is bought."""
    with MessagesServer() as server:
        office = open_with(anthropic_base_url=server.url)
        held = claimed()
        with office.store.write() as tx:
            goal = running(tx, "page-cro", "popup-cro")
            tx.slots.begin(office.brand, "each-hour", enabled=True)
            tx.slots.look_until(office.brand, "each-hour", tx.now, next_at=tx.now + timedelta(minutes=30))
        ask(office, held, asked())
        with office.store.write() as tx:
            tx.slots.enable(office.brand, "each-hour", enabled=False)
            tx.goals.move(goal, GoalState.CANCELLED, by="test")
        assert ask(office, held, asked()).kept

    with office.store.read() as tx:
        [call] = tx.calls.of_goal(held.turn.goal or "")
    book, request = office.prices, replace(asked(), lives=(HOUR, None))
    worst = book.worst_case(
        request.model, prompt=request.most_prompt_tokens(), output=request.max_tokens, for_an_hour=True
    )
    assert len(server.asked) == 1
    assert 0 < call.cache_write_1h_tokens == call.cache_write_tokens
    assert call.reserved_nano == worst
    assert call.cost_nano == (
        call.input_tokens * 2_000 + call.output_tokens * 10_000 + call.cache_write_1h_tokens * 4_000
    )
