"""A command works for its own goal only, paid or rehearsed as that is, and pays for nothing that nobody agreed to."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from director.claude.rehearsal.asked import Purpose, understand
from director.words.states import GoalState
from tests.e2e.installation import Done, Installation, asked, at_once, serving
from tests.messages_server import MessagesServer

WORDS = ("pipeline", "Gnome Page")
OTHER, OWN = "Sell the singing gnome", "Win back lapsed gnome owners"


@dataclass(frozen=True, slots=True)
class Interrupted:
    """What others did while a paid goal, g1, was left in the middle, and what became of that."""

    dry: Done  #: A dry run beside it.
    other: Done  #: Another goal.
    calls_between: set[str]  #: The goals that were asked about meanwhile.
    unpaid: Done  #: `watch` without a key.
    calls: int  #: What was asked of the paid service by then.
    rehearsed: Done  #: `watch --rehearse`.
    report: str
    state: GoalState


@dataclass(frozen=True, slots=True)
class Unasked:
    """A goal with a key and no terminal; and a dry run whose plan is run later."""

    refused: Done
    begun: bool  #: Whether anything had been made by then.
    dry: Done
    later: Done
    purposes: list[Purpose]
    again: Done


def interrupted(place: Installation) -> Interrupted:
    """Kill a paid goal in the middle of its second call; then do other things."""
    place.add_pipeline("Gnome Page", "copywriting", "page-cro")
    with serving(late={2: None}) as server:
        paid = {"anthropic_base_url": server.url}
        program = place.start(*WORDS, OTHER, "--yes", **paid)
        asked(server, 2)
        program.kill_all()
        before = len(server.asked)
        place.until(lambda tx: not tx.presence.here(), "the killed one counts as gone")
        dry = place.run("goal", OWN, "--dry-run", "--plan", "template", **paid)
        other = place.run(*WORDS, OWN, "--budget", "5", **paid)
        between = {understand(exchange.document).text("goal").strip() for exchange in server.asked[before:]}
        calls = len(server.asked)
        unpaid = place.run("watch", "g1")
        rehearsed = place.run("watch", "g1", "--rehearse")
        with place.record() as tx:
            state = tx.goals.get("g1").state
        calls = len(server.asked) - calls
        report = (place.workspace / "reports" / "g1.md").read_text(encoding="utf-8")
        return Interrupted(dry, other, between, unpaid, calls, rehearsed, report, state)


def unasked(place: Installation) -> Unasked:
    """No terminal, and a key."""
    with MessagesServer() as server:
        paid = {"anthropic_base_url": server.url}
        refused = place.run("goal", OWN, **paid)
        begun = place.has_record()
        dry = place.run("goal", OWN, "--plan", "claude", "--dry-run", **paid)
        later = place.run("watch", "g1", "--yes", **paid)
        purposes = [understand(exchange.document).purpose for exchange in server.asked]
        return Unasked(refused, begun, dry, later, purposes, place.run("watch", "g1", "--pay"))


@dataclass(frozen=True, slots=True)
class Stories:
    """All that happened."""

    interrupted: Interrupted
    unasked: Unasked


@pytest.fixture(scope="module")
def stories(install: Callable[..., Installation]) -> Stories:
    """Two installations, side by side."""
    one, two = install(), install()
    return Stories(**at_once(interrupted=lambda: interrupted(one), unasked=lambda: unasked(two)))  # type: ignore[arg-type]


def test_a_new_goal_does_nothing_for_one_that_was_left(stories: Stories) -> None:
    """Neither a dry run nor a goal: every request meanwhile is about their own."""
    told = stories.interrupted

    assert (told.dry.code, told.other.code) == (0, 0)
    assert told.calls_between == {OWN}


def test_what_waits_is_named_with_the_command_that_goes_on(stories: Stories) -> None:
    """By each of them, in one line."""
    for done in (stories.interrupted.dry, stories.interrupted.other):
        assert "Nobody works now on g1" in done.err
        assert "watch g1` goes on" in done.err


def test_a_paid_goal_is_not_rehearsed_without_a_yes(stories: Stories) -> None:
    """`watch` without a key does nothing, and says in one sentence why and what would."""
    said = stories.interrupted.unpaid

    assert said.code == 2
    assert said.out == ""
    assert "g1 is paid for, and there is no ANTHROPIC_API_KEY here" in said.err
    assert "watch g1 --rehearse" in said.err


def test_with_a_yes_the_rest_is_rehearsed_and_nothing_more_is_paid(stories: Stories) -> None:
    """And the report says what was paid and what was not."""
    told = stories.interrupted

    assert told.state is GoalState.COMPLETED
    assert told.calls == 0
    cost = told.report.split("## What it cost")[1]
    assert re.search(r"(?m)^\d+ calls?, .+ of your \$", cost)
    assert re.search(r"\d+ calls? rehearsed, which would have cost \S+ more\.", cost)


def test_with_a_key_and_nobody_to_ask_nothing_begins_unless_it_was_agreed_to(stories: Stories) -> None:
    """One sentence, exit code 2, no goal and no record either."""
    said = stories.unasked.refused

    assert (said.code, said.out, stories.unasked.begun) == (2, "", False)
    assert "--yes or --budget" in said.err
    assert said.err.count("\n") == 1


def test_the_plan_of_a_dry_run_is_run_later_and_not_bought_again(stories: Stories) -> None:
    """It says how; the plan is asked for once."""
    told = stories.unasked

    assert "watch g1 --yes` runs this plan" in " ".join(told.dry.out.split())
    assert told.later.code == 0
    assert told.purposes.count(Purpose.PLAN) == 1
    assert told.purposes[-1] is Purpose.CONCLUSION


def test_what_was_told_before_the_plan_was_agreed_to_is_not_told_again(stories: Stories) -> None:
    """The plan's question is among what happened, and what follows it goes on from there."""
    lines = [line.partition("UTC")[2] for line in stories.unasked.later.out.splitlines() if " UTC  " in line]

    assert "planned" in " ".join(lines)
    assert "completed" in " ".join(lines)
    assert len(lines) == len(set(lines))


def test_pay_without_a_key_is_a_wrong_call(stories: Stories) -> None:
    """One sentence that names the variable."""
    assert stories.unasked.again.code == 2
    assert "ANTHROPIC_API_KEY" in stories.unasked.again.err
