"""`show --prompt`: what a specialist was asked, for people and for scripts."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.installation import Done, Installation, at_once, lines

GOAL = "Sell the singing gnome"


@pytest.fixture(scope="module")
def place(install: Callable[..., Installation]) -> Installation:
    """An installation where copy was written and a page built on it; every first draft was sent back."""
    place = install(rehearsal="send_back=1")
    place.add_pipeline("Gnome Page", "copywriting", "page-cro")
    assert place.run("pipeline", "Gnome Page", GOAL, "--json", "--yes").code == 0
    return place


@pytest.fixture(scope="module")
def shown(place: Installation) -> dict[str, Done]:
    """The prompts of its tasks."""
    return at_once(
        text=lambda: place.run("show", "--prompt", "g1-2"),
        first=lambda: place.run("show", "--prompt", "g1-1", "--json"),
        second=lambda: place.run("show", "--prompt", "g1-2", "--json"),
    )


def texts(document: Any) -> list[str]:
    """The texts of the blocks, each put together from its parts."""
    return ["\n\n".join(part["text"] for part in block["parts"]) for block in document["blocks"]]


@pytest.mark.parametrize("name", ["first", "second"])
def test_the_parts_add_up_to_what_was_sent(place: Installation, shown: dict[str, Done], name: str) -> None:
    """From the document alone the request can be put together again; its digest is the one the ledger has for the call."""
    document = shown[name].document
    *system, user = texts(document)
    body = {
        "model": document["model"],
        "max_tokens": document["max_tokens"],
        "system": [
            {"type": "text", "text": text}
            for text in system  # how long each is kept in the cache is no part of what makes it the same
        ],
        "messages": [{"role": "user", "content": user}],
        "output_config": {"effort": document["effort"]},
    }
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    with place.record() as tx:
        call = tx.calls.get(document["call"]["id"])

    assert (shown[name].code, document["standing"], document["revision"]) == (0, "sent", 1)
    assert digest == document["digest"]
    assert call.key.endswith(digest)


def test_two_specialists_share_their_first_block(shown: dict[str, Done]) -> None:
    """House rules and context: the same bytes, under a breakpoint, before each one's own skill and references."""
    first, second = (shown[name].document for name in ("first", "second"))

    assert texts(first)[0] == texts(second)[0]
    assert texts(first)[1] != texts(second)[1]
    assert [block["cache_breakpoint"] for block in first["blocks"]] == [True, True, False]


def test_each_part_has_its_name(shown: dict[str, Done]) -> None:
    """Rules, context, skill, references, goal, inputs, requirements, the earlier draft and the notes."""
    names = [part["name"] for block in shown["second"].document["blocks"] for part in block["parts"]]

    names = [name.partition("(")[0].strip() for name in names]
    references = [name for name in names if name.startswith("Reference: ")]

    assert references
    # Whether the writer before left something unmended is up to the rehearsal's reviewer.
    assert [name for name in names if name not in references and not name.startswith("not_mended")] == [
        "House rules",
        "The brand's product context",
        "Your skill: page-cro",
        "Write the deliverable of page-cro for the goal below.",
        "goal",
        "situation",
        'input by="copywriting" kind="approved deliverable"',
        'open_facts by="copywriting"',
        "requirements",
        "This is revision 1. Your earlier draft was sent back. Keep what was good, change…",
        "earlier_draft",
        "notes",
    ]


def test_people_get_a_table_and_then_the_texts(shown: dict[str, Done]) -> None:
    """Every part with its size and every breakpoint on a line, then each part's text, whole and unfolded."""
    done, document = shown["text"], shown["second"].document
    parts = [part for block in document["blocks"] for part in block["parts"]]
    table = lines(done.out.partition("=====")[0])

    assert (done.code, done.err) == (0, "")
    assert table[1].startswith("Sent exactly like this to the rehearsal at ")
    assert "tokens, estimated" in table[3]
    assert len(table) == 4 + len(parts) + 2 + 1
    assert sum("cache breakpoint" in line for line in table) == 2
    for part in parts:
        assert f"\n===== {part['name']} =====\n\n{part['text']}\n" in done.out


def test_estimates_are_those_of_the_rehearsal(place: Installation, shown: dict[str, Done]) -> None:
    """Without a key there is one estimate: the ledger's own count of the prompt is the blocks' and a message's frame."""
    document = shown["second"].document
    with place.record() as tx:
        call = tx.calls.get(document["call"]["id"])

    estimated = sum(block["tokens_estimated"] for block in document["blocks"])
    assert 0 <= call.input_tokens + call.cache_write_tokens + call.cache_read_tokens - estimated <= 4
