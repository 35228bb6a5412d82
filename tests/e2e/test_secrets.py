"""What the program leaves behind and says, when the model writes keys and the service repeats ours."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from director.claude.rehearsal.asked import Purpose, understand
from director.claude.rehearsal.service import Reply, Script, write
from tests.e2e.installation import Done, Installation
from tests.messages_server import MessagesServer

Install = Callable[..., Installation]

#: Put together here, so that no scanner takes this file for a leak. No shape gives ours away.
PLANTED = "sk-" + "ant-api03-" + "hT7bQ2vXw9LmZr4KpYc8NdFs"
OURS = "-".join(("gnome", "proxy", "key", "0815"))


def leaves(place: Installation, secret: str) -> list[str]:
    """The files in which *secret* is: what was written, the record, and all that was said on either stream."""
    found = [file for file in place.folder.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()]
    return [str(file.relative_to(place.folder)) for file in found]


def plant(document: dict[str, Any]) -> str:
    """The rehearsal's answer with a key in it; a draft that was sent back leaves it out."""
    asked = understand(document)
    text = write(asked, Script())
    if asked.purpose is Purpose.DRAFT:
        return text if asked.text("notes") else text.replace("\n\n## ", f"\n\nUse {PLANTED}.\n\n## ", 1)
    form = json.loads(text)
    for name in ("reasoning", "summary"):
        if name in form:
            form[name] += f" Use {PLANTED}."
    for task in form.get("tasks", ()):
        task["brief"] += f" Use {PLANTED}."
    for finding in form.get("findings", ()):
        finding["what"] += f" Use {PLANTED}."
    if "next_steps" in form:
        form["next_steps"].append(f"Use {PLANTED}.")
    return json.dumps(form)


def test_no_key_the_model_writes_is_left_anywhere(install: Install) -> None:
    """
    A whole goal, and then everything a person can look at: neither on a screen nor in any file, the record among them.
    """
    with MessagesServer(front=plant) as server:
        place = install(anthropic_base_url=server.url)
        done = place.run("goal", "Win back churned customers", "--yes")
        shown = [place.run("show", "g1"), place.run("status", "g1"), place.run("status", "g1", "--json")]
        with place.record() as tx:
            tasks = [task.id for task in tx.tasks.of_goal("g1")]
        shown += [place.run("show", task) for task in tasks]
        shown += [place.run("show", "--prompt", task, "--json") for task in tasks]

    assert done.code == 0, done.err
    assert "secret removed (an API key" in done.out
    assert [0] * len(shown) == [one.code for one in shown]
    assert len(server.asked) > 2 * len(tasks)
    assert PLANTED not in json.dumps([exchange.document for exchange in server.asked])
    assert leaves(place, PLANTED) == []


def test_what_an_earlier_record_holds_is_not_shown(install: Install) -> None:
    """
    Written before answers were looked at: neither `show` nor a file that is made again repeats it.
    """
    place = install()
    place.run("pipeline", "Social Week", "Post about gnomes")
    report = place.workspace / "reports/g1.md"
    report.unlink()
    with closing(sqlite3.connect(place.state_dir / "troupe.sqlite")) as record, record:
        record.execute("update goals set summary = json_set(summary, '$.summary', ?)", (f"Use {PLANTED}.",))
        record.execute("update texts set text = ? where hash in (select text_hash from drafts)", (f"# Use {PLANTED}",))
    done = [place.run("show", "g1"), place.run("show", "g1-1"), place.run("watch", "g1")]

    assert [0, 0, 0] == [one.code for one in done]
    assert ["Use [removed: an API key]" in one.out for one in done] == [True, True, False]
    assert "Use [removed: an API key]." in report.read_text(encoding="utf-8")
    assert all(file.startswith("workspace/.state/") for file in leaves(place, PLANTED))


@pytest.mark.parametrize("status", [400, 401, 500])
def test_a_key_that_the_service_repeats_is_left_nowhere(install: Install, status: int) -> None:
    """
    On no screen, in no file, whatever it complains about; what else it said is there.
    """
    body = json.dumps({"error": {"type": "x", "message": f"gnomes: x-api-key {OURS} it says"}}).encode()
    with MessagesServer(front=lambda _: Reply(status, {"content-type": "application/json"}, body)) as server:
        place = install(anthropic_base_url=server.url, anthropic_api_key=OURS, log_level="debug", log_format="json")
        program = place.start("goal", "Win back churned customers", "--yes")
        place.until(
            lambda tx: any(call.error for call in tx.calls.of_goal("g1")) if tx.goals.count() else None, "it is said"
        )
        if status == 500:
            place.run("cancel", "g1")
        done = program.wait()
        place.run("show", "g1")
        place.run("status", "g1")
        place.run("status")

    assert done.code == 1
    assert "gnomes: x-api-key [removed: a secret of this installation] it says" in done.out + done.err
    assert leaves(place, OURS) == []


@pytest.mark.parametrize(
    "words",
    [
        ("goal", "Sell gnomes", "--plan", PLANTED),
        ("show", PLANTED),
        ("goal", "Sell gnomes", "--priority", PLANTED),
    ],
)
def test_a_key_in_the_wrong_place_of_a_command_is_not_repeated(install: Install, words: tuple[str, ...]) -> None:
    """
    The complaint says what is wrong with it all the same.
    """
    done: Done = install().run(*words)

    assert done.code == 2
    assert "[removed: an API key" in done.err
    assert PLANTED not in done.out + done.err


def test_a_context_is_begun_without_keys(install: Install) -> None:
    """
    Every call would be shown it. Whoever wrote it is told what was taken out; the notes themselves are left as they are.
    """
    place = install()
    notes = place.folder / "notes.md"
    notes.write_text(
        f"# Gnomeland\n\n## Pricing\n\nA gnome costs 12 EUR. Our shop's key is {PLANTED}.\n", encoding="utf-8"
    )
    done = place.run("init", "--from", str(notes))

    assert done.code == 0, done.err
    assert "What looks like an API key was taken out" in done.err
    assert "12 EUR. Our shop's key is [removed: an API key]." in (
        place.workspace / "context/product-marketing-context.md"
    ).read_text(encoding="utf-8")
    assert leaves(place, PLANTED) == ["notes.md"]
