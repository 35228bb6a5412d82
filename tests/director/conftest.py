"""What the tests of the mailbox, the calls and the money share: goals without a walk, a second process, turns to hold."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from director.calls import caps
from director.calls.caps import goal_scope
from director.concurrency.keyed_lock import KeyedLock
from director.mailbox import admission, turns
from director.mailbox.turns import Held
from director.office import DIRECTOR, Office
from director.prompting.request import Request
from director.store.database import Store
from director.store.opening import open_store
from director.store.presence import LONGEST_STAY
from director.store.tx import Tx
from director.words.amounts import NANO
from director.words.clock import Clock
from director.words.errors import OverCap
from director.words.models import Call, Goal, Turn
from director.words.reach import Reach
from director.words.settings import Settings
from director.words.states import CallState, Category, Priority, WaitFor, is_final
from skills.loader import DIMENSIONS
from tests.conftest import SITUATION, SetClock
from tests.director.claude_double import ClaudeDouble


def at_work(office: Office) -> None:
    """Say that this process is here and does turns, for as long as one may say so at once."""
    with office.store.write() as tx:
        tx.presence.announce(
            office.owner,
            standing=office.reach.only is None,
            reach=office.reach,
            until=tx.now + LONGEST_STAY,
            queue=office.queue,
        )


def add_goal(tx: Tx, **changes: object) -> Goal:
    """A goal's row and nothing else: no turn, no bell."""
    usual: dict[str, object] = {
        "brand": "default", "text": "Write it down", "category": Category.CONTENT, "priority": Priority.P2,
        "cap_nano": 100 * NANO, "plan_by": "template", "pipeline": None, "confirm": False, "rehearsal": True,
        "context_hash": None, "day": SITUATION.day,
    }  # fmt: skip
    return tx.goals.add(**{**usual, **changes})


def reserve(tx: Tx, office: Office, turn: Turn, request: Request, *, key: str, due_at: datetime | None = None) -> Call:
    """Set aside what *request* costs at most, for *turn*."""
    return caps.reserve(
        tx,
        office,
        goal=tx.goals.get(turn.goal),
        turn=turn,
        key=key,
        request=request,
        worst_nano=office.prices.worst_case(
            request.model, prompt=request.most_prompt_tokens(), output=request.max_tokens
        ),
        due_at=due_at or tx.now,
    )


def add_call(
    tx: Tx,
    *,
    goal: Goal | None = None,
    text: str = "Sell",
    worst_nano: int = 9,
    cost_nano: int | None = None,
    **said: Any,
) -> Call:
    """A call the Director made for a goal, new where none is named, in its accounts; lost where no cost is said."""
    goal = goal or add_goal(tx, text=text)
    turn = turns.create(tx, goal, actor=DIRECTOR, verb="plan", subject=goal.id, version=str(tx.number("version")))
    assert turn is not None
    call = {
        "brand": goal.brand, "goal": goal.id, "task": None, "turn": turn.id, "epoch": 1, "key": turn.key,
        "purpose": "plan", "model": "claude-opus-5-5", "rehearsal": False, "month": f"{tx.now:%Y-%m}",
        "reserved_nano": worst_nano, "due_at": tx.now, **said,
    }  # fmt: skip
    for scope in (goal_scope(goal.id), caps.month_scope(goal.brand, call["month"])):
        assert tx.accounts.reserve(scope, worst_nano, rehearsal=call["rehearsal"], cap_nano=10**15)
    made = tx.calls.add(**call)
    if cost_nano is None:
        caps.lose(tx, made, "no answer came in time")
    else:
        tokens = {"input_tokens": 100, "output_tokens": 20, "cache_write_tokens": 0, "cache_read_tokens": 300}
        caps.settle(tx, made, CallState.ANSWERED, cost_nano, **tokens)
    return tx.calls.get(made.id)


def over_cap(goal_id: str) -> OverCap:
    """A call that did not fit under its goal's cap by a nano-dollar."""
    return OverCap(
        "It does not fit.",
        scope=goal_scope(goal_id),
        rehearsal=True,
        worst_nano=100 * NANO + 1,
        cap_nano=100 * NANO,
        room_by=None,
    )


class RecordAway:
    """
    The office's record (SQLite) while its folder is not there, as with a disk that went away.

    The office's connections are closed: each use tries to open the record anew, and gets a StoreError.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._here = office.settings.state_dir
        self._gone = self._here.with_name("gone")

    def go(self) -> None:
        """It cannot be used from here on."""
        self._office.store.close()
        self._here.rename(self._gone)

    def come_back(self) -> None:
        """It can be used again, with all that was in it."""
        self._gone.rename(self._here)


class Impatience(threading.Event):
    """An office's `closing`: whoever waits for it waits no time at all; *meanwhile* happens at the second wait."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self.waits = 0
        self._meanwhile = meanwhile

    def wait(self, timeout: float | None = None) -> bool:
        """What happens while somebody waits."""
        assert timeout is not None
        self.waits += 1
        if self.waits == 2:
            self._meanwhile()
        return self.is_set()


@pytest.fixture
def claude() -> Iterator[ClaudeDouble]:
    """Claude, who is paid, and says what a test tells it to."""
    with ClaudeDouble() as double:
        yield double


@pytest.fixture
def asking(claude: ClaudeDouble, open_with: Callable[..., Office]) -> Office:
    """An office that asks `claude`."""
    return open_with(anthropic_base_url=claude.url)


@pytest.fixture
def record_away(office: Office) -> RecordAway:
    """The office's record, which can go away and come back."""
    return RecordAway(office)


@pytest.fixture
def rehearsed() -> bool:
    """Whether goals here are rehearsed; a file about what is paid says otherwise."""
    return True


@pytest.fixture
def given_goal(store: Store, rehearsed: bool) -> Callable[..., Goal]:
    """A goal nobody has looked at yet: `given_goal(priority=Priority.P0)`."""

    def make(**changes: object) -> Goal:
        with store.write() as tx:
            return add_goal(tx, **{"rehearsal": rehearsed, **changes})

    return make


@pytest.fixture
def given_turn(store: Store) -> Callable[..., Turn]:
    """A queued turn about the goal itself: `given_turn(goal, version="2")`."""

    def make(goal: Goal, *, version: str = "") -> Turn:
        with store.write() as tx:
            turn = turns.create(tx, goal, actor=DIRECTOR, verb="plan", subject=goal.id, version=version)
        assert turn is not None
        return turn

    return make


@pytest.fixture
def claimed(
    office: Office, given_goal: Callable[..., Goal], given_turn: Callable[..., Turn], rehearsed: bool
) -> Callable[..., Held]:
    """A turn this office holds: `claimed()`, or of a goal that is there, `claimed(goal, version="2")`."""
    office = replace(office, reach=Reach(rehearsed))

    def make(goal: Goal | None = None, *, version: str = "") -> Held:
        turn = given_turn(goal or given_goal(), version=version)
        admission.ring(office)
        held = turns.claim(office, turn.id)
        assert held is not None
        return held

    return make


@pytest.fixture
def another(office: Office, clock: Clock, rehearsed: bool) -> Iterator[Callable[[str], Office]]:
    """Another process on the same record: its own connections, its own name."""
    opened: list[Store] = []

    def make(owner: str) -> Office:
        settings = office.settings
        opened.append(open_store(settings.database_url, settings.state_dir, clock))
        return replace(office, owner=owner, store=opened[-1], in_hand=set(), asking=KeyedLock(), reach=Reach(rehearsed))

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def pipeline(settings: Settings) -> Callable[..., str]:
    """A pipeline of the workspace's own: `pipeline("copywriting", {"review": "page-cro"})` gives its name."""

    def write(*steps: object, name: str = "Gnome Line") -> str:
        folder = settings.workspace_dir / "pipelines"
        folder.mkdir(parents=True, exist_ok=True)
        document = {"name": name, "description": "For tests.", "priority": "P2", "steps": list(steps)}
        (folder / "own.yaml").write_text(json.dumps(document))
        return name

    return write


@pytest.fixture
def to_rest(drain: Callable[[Office, Goal], Goal], clock: SetClock) -> Callable[[Office, Goal], Goal]:
    """Go on with a goal, through every wait that time ends, until it is over or waits for a person."""

    def work(office: Office, goal: Goal) -> Goal:
        for _ in range(30):
            now = drain(office, goal)
            if is_final(now.state) or now.wait_for in (WaitFor.PERSON, WaitFor.MONEY):
                return now
            clock.forward(timedelta(minutes=2))
        raise AssertionError(f"goal {goal.id} does not come to rest: {now.state}, {now.reason}")

    return work


@pytest.fixture
def a_review() -> Callable[..., str]:
    """A review as Claude would answer it, the same score everywhere: `a_review(6.5, ("major", "Headline"))`."""

    def answer(score: float, *findings: tuple[str, str], **scores: float) -> str:
        return json.dumps(
            {
                "scores": {**dict.fromkeys(DIMENSIONS, score), **scores},
                "findings": [
                    {"severity": severity, "where": where, "what": "It is vague.", "change": "Say it plainly."}
                    for severity, where in findings
                ],
                "summary": f"The gnomes get {score:g}.",
            }
        )

    return answer
