"""Log lines: one form for ours and the libraries', and each says what it is about."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from director.claude import replies
from director.goals.submit import submit
from director.mailbox import admission, handling, turns
from director.mailbox.turns import Held
from director.office import DIRECTOR, Office
from director.progress.on_turn_failure import after_failure
from director.words import log
from director.words.errors import ModelRefused
from director.words.models import Goal, Turn
from tests.conftest import VERBS

#: A logger of somebody else's.
LIBRARY = logging.getLogger("a.library")

IDS = ("brand", "goal", "task", "turn", "epoch", "call")


@pytest.fixture
def configured() -> Iterator[Callable[..., None]]:
    """Sets up logging in a form; afterwards it is what it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield lambda form, level="info": log.configure(level, form, ())
    root.handlers = handlers
    root.setLevel(level)


def documents(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What was logged as JSON."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def ids(line: dict[str, Any]) -> dict[str, Any]:
    """The ids on a line."""
    return {name: line[name] for name in IDS if name in line}


def says(sentence: str) -> handling.Verb:
    """A verb during which a library logs something."""

    def verb(office: Office, held: Held) -> None:
        LIBRARY.warning(sentence)
        with office.store.write() as tx:
            turns.finish(tx, held)

    return verb


def do(office: Office, turn: Turn, verb: handling.Verb) -> None:
    """Do the turn, as an actor does when its bell rings."""
    handling.handle(office, turn.id, {turn.verb: verb}, after_failure)


@pytest.fixture
def given(office: Office, given_goal: Callable[..., Goal]) -> Callable[..., Turn]:
    """An admitted turn of a goal of its own: about the goal, or `given("-1")` about its first task."""

    def make(task: str = "") -> Turn:
        goal = given_goal()
        with office.store.write() as tx:
            turn = turns.create(tx, goal, actor=DIRECTOR, verb="plan", subject=f"{goal.id}{task}")
        assert turn is not None
        admission.ring(office)
        return turn

    return make


def test_a_line_in_a_verb_carries_the_ids(
    office: Office, given: Callable[..., Turn], configured: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Brand, goal, task, turn and which claim of it, as fields, also on lines of libraries that know of none."""
    turn = given("-1")
    configured("json")
    do(office, turn, says("a gnome fell over"))
    [line, done] = documents(capsys)

    assert line["event"] == "a gnome fell over"
    assert done["event"] == f"plan of {turn.goal}-1 is done"
    assert ids(done) == ids(line) == {
        "brand": "default", "goal": turn.goal, "task": f"{turn.goal}-1", "turn": turn.id, "epoch": 1,
    }  # fmt: skip


def test_a_turn_about_a_whole_goal_names_no_task(
    office: Office, given: Callable[..., Turn], configured: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Planning and concluding are about none."""
    turn = given()
    configured("json")
    do(office, turn, says("a plan"))
    [line, _] = documents(capsys)

    assert ids(line) == {"brand": "default", "goal": turn.goal, "turn": turn.id, "epoch": 1}


def test_a_failure_carries_the_ids_and_what_comes_after_carries_none(
    office: Office, given: Callable[..., Turn], configured: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether the verb ended well or not, nothing of it is on the thread's next lines."""

    def refused(_office: Office, _held: Held) -> None:
        raise ModelRefused("The key was refused.")

    def broken(_office: Office, _held: Held) -> None:
        raise ZeroDivisionError

    turn, other, third = given(), given(), given()
    configured("json")
    do(office, turn, refused)
    LIBRARY.warning("between")
    with pytest.raises(ZeroDivisionError):
        do(office, other, broken)
    LIBRARY.warning("between")
    do(office, third, says("done"))
    lines = [line for line in documents(capsys) if line["logger"] != "director.journal"]

    assert [ids(line).get("turn") for line in lines] == [turn.id, None, other.id, None, third.id, third.id]
    assert ids(lines[1]) == ids(lines[3]) == {}
    assert "The key was refused." in lines[0]["event"]


def test_what_happened_is_logged_once_it_has_and_without_its_detail(
    office: Office, given_goal: Callable[..., Goal], configured: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    """A line a line of the journal, with who did it; nothing of a transaction that was taken back, nor of people's words."""
    goal = given_goal()
    configured("json")
    with office.store.write() as tx:
        tx.note(goal.id, "a1", "revise", by="person", detail="say that the walrus sings")
        LIBRARY.warning("not written yet")
    with suppress(ZeroDivisionError), office.store.write() as tx:
        tx.note(goal.id, "a2", "approve", by="person")
        raise ZeroDivisionError
    lines = documents(capsys)

    assert [line["event"] for line in lines] == ["not written yet", "a1: revise"]
    assert {name: lines[1].get(name) for name in ("logger", "goal", "subject", "by")} == {
        "logger": "director.journal", "goal": goal.id, "subject": "a1", "by": "person",
    }  # fmt: skip


def test_two_threads_do_not_share_ids(
    office: Office, given: Callable[..., Turn], configured: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Turns are worked side by side; each line is about the one its thread works on."""
    both = threading.Barrier(2, timeout=30)

    def meet(office: Office, held: Held) -> None:
        both.wait()
        says(f"turn {held.turn.id}")(office, held)

    made = [given(), given()]
    configured("json")
    threads = [threading.Thread(target=do, args=(office, turn, meet)) for turn in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    found = {line["event"]: line["turn"] for line in documents(capsys) if line["logger"] == LIBRARY.name}
    assert found == {f"turn {turn.id}": turn.id for turn in made}


def test_what_is_asked_on_the_wire_carries_the_ids_too(
    office: Office,
    configured: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Requests run in an event loop of another thread; what a library logs there is about the turn that asked, and its call."""
    read = replies.reply_of

    def logs(*given: Any) -> replies.Reply:
        logging.getLogger("anthropic").warning("an answer came to %s", threading.current_thread().name)
        return read(*given)

    monkeypatch.setattr(replies, "reply_of", logs)
    goal = submit(office, "Sell the singing gnome", plan_by="claude")
    with office.store.read() as tx:
        [turn] = tx.turns.of_goal(goal.id)
    configured("json")
    handling.handle(office, turn.id, VERBS, after_failure)
    lines = [line for line in documents(capsys) if line["logger"] == "anthropic"]

    [line] = lines
    with office.store.read() as tx:
        [call] = tx.calls.of_goal(goal.id)
    assert line["event"] == "an answer came to requests"
    assert ids(line) == {"brand": "default", "goal": goal.id, "turn": turn.id, "epoch": 1, "call": call.id}


def test_people_see_them_briefly(
    office: Office, given: Callable[..., Turn], configured: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    """At a terminal: the task, whose id has the goal's in it, and the turn."""
    turn = given("-1")
    configured("pretty")
    do(office, turn, says("a gnome fell over"))
    line, _ = capsys.readouterr().err.splitlines()

    assert line.split("a gnome fell over")[1].split() == ["[a.library]", f"task={turn.goal}-1", f"turn={turn.id}"]
