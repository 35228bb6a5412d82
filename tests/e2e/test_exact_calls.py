"""What goes over the wire for a goal: no call too many, none twice, none the service would refuse."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from director.claude.rehearsal.asked import Asked, Purpose, understand
from director.claude.rehearsal.refusals import refusal
from director.prompting.pieces import for_others
from director.words.models import Draft
from tests.e2e.installation import ROOT, Done, Installation, at_once, serving
from tests.messages_server import Exchange

GOAL = "Write a blog about the garden gnomes of Thuringia"


@dataclass(frozen=True, slots=True)
class Story:
    """A goal, and every request it made."""

    place: Installation
    done: Done
    exchanges: list[Exchange]
    most_often: int  #: How often the request came that came most often.

    @property
    def asked(self) -> list[Asked]:
        """The requests, understood."""
        return [understand(exchange.document) for exchange in self.exchanges]


@pytest.fixture(scope="module")
def stories(install: Callable[..., Installation]) -> dict[str, Story]:
    """A content goal, and a pipeline of two whose reviewer sends every first draft back."""

    def told(place: Installation, script: str, *arguments: str) -> Story:
        with serving(script) as server:
            done = place.run(*arguments, "--json", "--yes", anthropic_base_url=server.url)
            return Story(place, done, list(server.asked), max(server.rehearsal.asked.values()))

    content, revised = install(), install()
    context = content.workspace / "context" / "product-marketing-context.md"
    context.parent.mkdir(parents=True)
    context.write_bytes((ROOT / "examples/dramatiq/product-marketing-context.md").read_bytes())
    revised.add_pipeline("Gnome Page", "copywriting", "page-cro")
    return at_once(
        content=lambda: told(content, "latency_ms=200", "goal", GOAL),
        revised=lambda: told(revised, "send_back=1", "pipeline", "Gnome Page", "Sell the singing gnome"),
    )


@pytest.fixture
def content(stories: dict[str, Story]) -> Story:
    """A content goal, all approved at the first try."""
    assert stories["content"].done.code == 0
    return stories["content"]


@pytest.fixture
def revised(stories: dict[str, Story]) -> Story:
    """Copy and a page; every first draft was sent back."""
    assert stories["revised"].done.code == 0
    return stories["revised"]


def test_a_content_goal_makes_twelve_calls_and_one_for_each_draft_that_is_mended(content: Story) -> None:
    """A plan, five drafts, each with its review, and a conclusion, in this order; edits behind a review that found a fault."""
    expected = [Purpose.PLAN, *[Purpose.DRAFT, Purpose.REVIEW] * 5, Purpose.CONCLUSION]
    made = [asked.purpose for asked in content.asked]
    before = [made[place - 1] for place, purpose in enumerate(made) if purpose is Purpose.EDITS]

    assert [purpose for purpose in made if purpose is not Purpose.EDITS] == expected
    assert 0 < len(before) <= 5
    assert set(before) == {Purpose.REVIEW}
    assert content.done.document["calls"] == 12 + len(before)


def test_no_call_is_made_twice(content: Story, revised: Story) -> None:
    """No two requests of a goal are the same."""
    assert (content.most_often, revised.most_often) == (1, 1)


@pytest.mark.parametrize("name", ["content", "revised"])
def test_the_service_refuses_none_of_them(stories: dict[str, Story], name: str) -> None:
    """Every request is one the Messages API of 2026-10-21 takes, and was answered."""
    exchanges = stories[name].exchanges

    assert [refusal(exchange.document) for exchange in exchanges] == [None] * len(exchanges)
    assert {exchange.status for exchange in exchanges} == {200}


@pytest.mark.parametrize("name", ["content", "revised"])
def test_nothing_is_asked_that_the_models_do_not_take(stories: dict[str, Story], name: str) -> None:
    """No sampling, no thinking budget, no forced tool, no prefill; room for the answer is always given."""
    documents: list[dict[str, Any]] = [exchange.document for exchange in stories[name].exchanges]

    for document in documents:
        assert not {"temperature", "top_p", "top_k", "tool_choice", "stream"} & set(document)
        assert document.get("thinking", {"type": "adaptive"})["type"] in ("adaptive", "between_tools")
        assert document["messages"][-1]["role"] == "user"
        assert 0 < document["max_tokens"] <= 128_000


def test_every_answer_of_a_form_is_asked_for_with_its_schema(content: Story) -> None:
    """Plan, reviews, edits and conclusion come as structured output, drafts as text."""
    formats = {asked.purpose: bool(asked.schema) for asked in content.asked}

    assert formats.pop(Purpose.DRAFT) is False
    assert formats == dict.fromkeys((Purpose.PLAN, Purpose.REVIEW, Purpose.EDITS, Purpose.CONCLUSION), True)


def test_what_all_specialists_share_comes_first_and_is_the_same_bytes(content: Story) -> None:
    """House rules and context lead every draft's prompt, and are kept for the others of its model: paid once and read after."""
    drafts = [
        exchange.document for exchange in content.exchanges if understand(exchange.document).purpose is Purpose.DRAFT
    ]
    shared = {document["system"][0]["text"] for document in drafts}
    models = [document["model"] for document in drafts]

    assert len(shared) == 1
    assert "Dramatiq" in shared.pop()
    for document in drafts:
        # Each model has a cache of its own: where it writes but one draft, nobody reads that again.
        assert ("cache_control" in document["system"][0]) is (models.count(document["model"]) > 1)


def test_a_key_is_not_needed_by_another_server(content: Story) -> None:
    """With ANTHROPIC_BASE_URL alone the goal is real: it is not rehearsed, and says which models answered."""
    assert content.done.document["model"] == "claude-opus-5-5, claude-sonnet-5-5"


def test_a_draft_that_was_sent_back_is_written_again_with_the_notes(revised: Story) -> None:
    """Revision 1 is asked with the earlier draft and with what to change; its review comes after it."""
    kinds = [(asked.purpose, asked.revision) for asked in revised.asked if asked.purpose is not Purpose.EDITS]
    one_task = [(Purpose.DRAFT, 0), (Purpose.REVIEW, 0), (Purpose.DRAFT, 1), (Purpose.REVIEW, 1)]
    first, again = _drafts(revised, "g1-1")
    asked = revised.asked[2]

    assert kinds == [*one_task, *one_task, (Purpose.CONCLUSION, 0)]
    assert _text(revised, first) in asked.text("earlier_draft")
    assert "Change:" in asked.text("notes")
    assert _text(revised, first) != _text(revised, again)


def test_the_next_task_is_given_the_revised_deliverable_and_not_the_first_draft(revised: Story) -> None:
    """What a task builds on is what was approved, whole; no earlier version of it goes along."""
    first, again = (_text(revised, draft) for draft in _drafts(revised, "g1-1"))
    asked = next(asked for asked in revised.asked if asked.skill == "page-cro")

    assert [fenced.text.strip() for fenced in asked.all("input")] == [for_others(again)]
    assert for_others(first) not in asked.user


def test_the_conclusion_sees_what_was_approved(revised: Story) -> None:
    """The last call is shown every deliverable, each in its approved version."""
    given = revised.asked[-1].user

    for task in ("g1-1", "g1-2"):
        assert for_others(_text(revised, _drafts(revised, task)[-1])) in given


def test_nothing_is_left_running(stories: dict[str, Story]) -> None:
    """The programs are over, their servers too."""
    assert [story.place.left_running() for story in stories.values()] == [[], []]


def _drafts(story: Story, task: str) -> list[Draft]:
    with story.place.record() as tx:
        return tx.drafts.of_task(task)


def _text(story: Story, draft: Draft) -> str:
    with story.place.record() as tx:
        return tx.text(draft.text_hash).strip()
