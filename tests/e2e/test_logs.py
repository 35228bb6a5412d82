"""What a team that is up logs: one document a line, whoever speaks, and nothing of what it works on or with."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from director.claude.rehearsal.service import Reply
from director.files.context import CONTEXT
from director.words.models import Approval
from tests.e2e.installation import Installation
from tests.e2e.standing import ORDER, Up, free_port
from tests.messages_server import MessagesServer, says_no

pytestmark = pytest.mark.timeout(300)

# Put together here, so that no scanner takes this file for a leak.
KEY = "-".join(("gnome", "proxy", "key", "0815"))
TOKEN = "-".join(("gnome", "webhook", "token", "0816"))
PASSWORD = "-".join(("gnome", "password", "0817"))
FOREIGN = "sk-" + "ant-api03-" + "hT7bQ2vXw9LmZr4KpYc8NdFs"

BUSINESS = "The gnomes of Crystal Meadow drink their tea cold at dawn."
GOAL = "Write a page about purple hedgehogs"
NOTES = "Say that the green walrus sings on Tuesdays"
DATA = "a silver otter complained of the soup"


class Failing:
    """Stands before the rehearsal: some requests fail, and say our key and another's; some are answered with nonsense."""

    def __init__(self) -> None:
        self._numbers = count()

    def __call__(self, document: dict[str, Any]) -> Reply | str | None:
        """What this request is answered with."""
        match next(self._numbers):
            case 1:
                return says_no("api_error", f"no upstream for {KEY} and {FOREIGN}", status=500)
            case 3 | 4:
                return says_no("overloaded_error", f"busy with {FOREIGN}", status=529)
            case 5:
                return "This is no form."
        return None


def first_question(place: Installation, *, but: str = "") -> Approval:
    """The open question that is not *but*."""
    return place.until(
        lambda tx: next((one for one in tx.approvals.open() if one.id != but), None), "somebody is asked"
    )


def test_every_line_is_a_document_and_none_says_what_the_work_is_about(install: Callable[..., Installation]) -> None:
    """
    At its most talkative, with the service failing, a person answering and an event coming in: no context, goal, notes,
    data, draft or secret is in it; brand, goal, task, turn and call are, on what is logged while a call is made.
    """
    port = str(free_port())
    with MessagesServer(script="escalate=1", front=Failing()) as server:
        address = server.url.replace("http://", f"http://gnome:{PASSWORD}@")
        place = install(
            log_level="debug", anthropic_log="debug", web_port=port, webhook_token=TOKEN,
            anthropic_api_key=KEY, anthropic_base_url=address,
        )  # fmt: skip
        (place.workspace / CONTEXT).parent.mkdir(parents=True)
        (place.workspace / CONTEXT).write_text(f"# Product marketing context\n\n{BUSINESS}\n", encoding="utf-8")
        up = Up(place)
        up.until_running(*ORDER)
        body = {
            "id": "1",
            "type": "soup",
            "source": "blog",
            "timestamp": "2026-11-22T09:00:00Z",
            "data": {"text": DATA},
        }
        for token in (TOKEN, "another"):
            asked = urllib.request.Request(
                f"http://127.0.0.1:{port}/webhooks/events",
                json.dumps(body).encode(),
                {"Authorization": f"Bearer {token}"},
            )
            try:
                urllib.request.urlopen(asked, timeout=30).close()  # noqa: S310 - our own web app
            except urllib.error.HTTPError as problem:
                problem.close()
        given = place.run("goal", GOAL, "--plan", "claude", "--detach", "--yes")
        question = first_question(place)
        revised = place.run("revise", question.id, NOTES)
        first_question(place, but=question.id)
        place.run("cancel", "g1")
        with place.record() as tx:
            drafts = [
                tx.text(draft.text_hash) for task in tx.tasks.of_goal("g1") for draft in tx.drafts.of_task(task.id)
            ]
        place.run("down")
        said = up.program.wait().err
    lines = [json.loads(line) for line in said.splitlines()]

    assert (given.code, revised.code) == (0, 0), given.err + revised.err
    assert BUSINESS in str([exchange.document for exchange in server.asked])
    assert NOTES in str([exchange.document for exchange in server.asked])
    assert {"up", "workers", "web"} <= {line["process"] for line in lines} <= {"up", *ORDER}
    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)
    about_a_call = [line for line in lines if {"brand", "goal", "task", "turn", "epoch", "call"} <= line.keys()]
    assert "was answered after" in str(about_a_call)
    assert "[removed: " in said
    # As they would stand in a document.
    sentences = {json.dumps(line)[1:-1] for draft in drafts for line in draft.splitlines() if len(line) > 40}
    assert sentences
    for private in (BUSINESS, GOAL, NOTES, DATA, KEY, TOKEN, PASSWORD, FOREIGN, *sentences):
        assert private not in said
