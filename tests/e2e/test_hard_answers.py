"""A standing worker, and answers that are hard on whoever reads them: work goes on, and signals are heeded."""

import json
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from director.claude.rehearsal.asked import Purpose, understand
from director.claude.rehearsal.service import Reply, Script, write
from director.words.models import Goal, Turn
from director.words.states import GoalState
from tests.e2e.installation import Done, Installation, at_once, until
from tests.messages_server import MessagesServer

LONG = 64_000

STEP = {"id": "naming", "skill": "copywriting", "brief": "Name the gnome.", "needs": ["naming"] * 20}
LARGE_PLAN = json.dumps({"category": "content", "reasoning": "Many gnomes.", "tasks": [STEP] * 4_500})

#: What the model answers to each of some requests, by the name of the story.
ANSWERS: dict[str, tuple[Purpose, Callable[[str], str]]] = {
    "a heading with 64 kB of blanks": (Purpose.DRAFT, lambda draft: f"{draft}\n\n## Gnomes{' ' * LONG}sing\n"),
    "a fence that is not closed": (Purpose.PLAN, lambda _: "```json" + "\n" * (LONG - 10)),
    "a plan of 1 MB": (Purpose.PLAN, lambda _: LARGE_PLAN),
}


@dataclass(frozen=True, slots=True)
class Story:
    """A worker that was told to stop as soon as such an answer had gone out, and another one that went on."""

    stopped: Done
    goal: Goal
    turns: list[Turn]
    hard: int  #: How many such answers there were.


@pytest.fixture(scope="module")
def stories(install: Callable[..., Installation]) -> dict[str, Story]:
    """An installation for each, side by side."""
    return at_once(**{name: lambda name=name: a_story(install(), *ANSWERS[name]) for name in ANSWERS})


def a_story(place: Installation, kind: Purpose, harden: Callable[[str], str]) -> Story:
    """Every answer of a kind is hard."""

    def front(document: dict[str, Any]) -> Reply | None:
        asked = understand(document)
        if asked.purpose is not kind:
            return None
        # Said to be short, as by a service that keeps no limit: what it costs is another story.
        reply = server.rehearsal.reply_with(document, "Gnomes.")
        message = json.loads(reply.body)
        message["content"][-1]["text"] = harden(write(asked, Script()))
        body = json.dumps(message).encode()
        return replace(reply, body=body, headers={**reply.headers, "content-length": str(len(body))})

    def answered() -> int:
        return sum(
            understand(exchange.document).purpose is kind
            for exchange in list(server.asked)
            if exchange.answered_at is not None
        )

    place.add_pipeline("Gnome Page", "copywriting", "page-cro")
    words = (
        ("goal", "Write a blog post about gnomes") if kind is Purpose.PLAN else ("pipeline", "Gnome Page", "Sell it")
    )
    with MessagesServer(front=front) as server:
        address = {"anthropic_base_url": server.url}
        worker = place.worker(**address)
        place.run(*words, "--detach", "--yes", **address)
        until(answered, "a hard answer has gone out")
        worker.send(signal.SIGTERM)
        stopped = worker.wait()
        with place.working(**address):
            goal = place.until_over("g1")
        with place.record() as tx:
            return Story(stopped, goal, tx.turns.of_goal("g1"), answered())


@pytest.mark.parametrize("name", ANSWERS)
def test_a_signal_is_heeded_while_a_hard_answer_is_read(stories: dict[str, Story], name: str) -> None:
    """
    The worker leaves as after any other answer: of itself, with 0.
    """
    assert stories[name].stopped.code == 0, stories[name].stopped.err


@pytest.mark.parametrize("name", ANSWERS)
def test_a_goal_goes_on_whatever_it_was_answered(stories: dict[str, Story], name: str) -> None:
    """
    To its end, and nobody who read such an answer is taken for dead meanwhile: leases are renewed in time.
    """
    story = stories[name]

    assert story.goal.state is GoalState.COMPLETED, story.goal.reason
    assert story.hard >= 2
    assert [(turn.verb, turn.crashes) for turn in story.turns] == [(turn.verb, 0) for turn in story.turns]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a fence that is not closed", "The answer could not be read: not JSON"),
        ("a plan of 1 MB", f"The answer could not be read: it has {len(LARGE_PLAN):,} characters"),
    ],
)
def test_a_plan_that_cannot_be_read_is_replaced_by_the_usual_one(
    stories: dict[str, Story], name: str, reason: str
) -> None:
    """
    After it was asked for twice; the plan says why.
    """
    plan = stories[name].goal.plan

    assert plan is not None
    assert plan["note"].startswith(f"Claude's plans were not taken ({reason}")
