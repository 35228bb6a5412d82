"""The debug log says what the program did, and not what it works on or with."""

from collections.abc import Callable

import pytest

from director.files.context import CONTEXT
from tests.e2e.installation import Installation
from tests.messages_server import MessagesServer

OURS = "The gnomes of Crystal Meadow drink their tea cold at dawn."
GOAL = "Write a page about purple hedgehogs"
KEY = "sk-" + "planted-key-987"
PASSWORD = "planted-password-321"  # noqa: S105 - planted, to be looked for

#: What a person may set for more: our own level, and the switch of the SDK, which sets its loggers' levels itself.
SETTINGS = {"log_level": "debug", "anthropic_log": "debug"}


@pytest.mark.parametrize("rehearses", [True, False], ids=["rehearsed", "asked"])
def test_no_context_prompt_answer_key_or_password_is_in_the_debug_log(
    install: Callable[..., Installation], rehearses: bool
) -> None:
    """Whoever is sent the log is not sent the business, nor the way in; that calls were made they see."""
    with MessagesServer() as server:
        address = server.url.replace("http://", f"http://gnome:{PASSWORD}@")
        asked = {} if rehearses else {"anthropic_api_key": KEY, "anthropic_base_url": address}
        place = install(**SETTINGS, **asked)
        (place.workspace / CONTEXT).parent.mkdir(parents=True)
        (place.workspace / CONTEXT).write_text(f"# Product marketing context\n\n{OURS}\n", encoding="utf-8")
        done = place.run("goal", GOAL, "--plan", "claude", "--yes")
    assert done.code == 0, done.err
    if not rehearses:
        assert OURS in str([exchange.document for exchange in server.asked])
    answers = {line for file in (place.workspace / "outputs").rglob("*.md") for line in file.read_text().splitlines()}
    answers = {line for line in answers if len(line) > 40 and line.isascii() and '"' not in line}

    assert "dramatiq.worker" in done.err, "it is no debug log"
    assert answers
    for private in (OURS, GOAL, KEY, PASSWORD, *answers):
        assert private not in done.err
