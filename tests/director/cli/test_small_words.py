"""What a command says besides: its version, a document where scripts ask for one, a sentence for a file of the wrong kind."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from director.goals.submit import submit
from director.office import Office
from director.words.models import Goal
from tests.director.cli.conftest import Said

Drain = Callable[[Office, Goal], Goal]
Say = Callable[..., Said]


def test_the_version_is_told(say: Say) -> None:
    """And nothing else."""
    said = say("--version")

    assert (said.code, said.err) == (0, "")
    assert re.fullmatch(r"troupe (\d+\.\d+.*|, from a folder.*)\n", said.out)


@pytest.mark.parametrize(
    ("words", "state"), [(("approve",), "answered"), (("reject",), "answered"), (("revise", "Shorter"), "answered")]
)
def test_an_answer_is_a_document_too(
    open_with: Callable[..., Office], drain: Drain, say: Say, words: tuple[str, ...], state: str
) -> None:
    """The question as it is then, and its goal."""
    office = open_with(rehearsal="stuck=1")
    drain(office, submit(office, "Sell gnomes", pipeline="Social Week"))
    verb, *more = words
    said = say(verb, "a1", *more, "--json")
    document = json.loads(said.out)

    assert (said.code, said.err) == (0, "")
    assert (document["approval"]["id"], document["approval"]["state"], document["approval"]["answer"]) == (
        "a1",
        state,
        verb,
    )
    assert document["goal"]["id"] == "g1"


def test_a_cancel_is_a_document_too(office: Office, say: Say) -> None:
    """The goal as it is then."""
    submit(office, "Sell gnomes")

    assert json.loads(say("cancel", "g1", "--json").out)["goal"]["state"] == "cancelled"


def test_what_is_shown_is_a_document_too(
    open_with: Callable[..., Office], office: Office, drain: Drain, say: Say
) -> None:
    """A goal with its report's file and times, a task, a question; each with the text that is shown."""
    drain(office, submit(office, "Sell gnomes", pipeline="Social Week"))
    stuck = open_with(rehearsal="stuck=1")
    drain(stuck, submit(stuck, "Sell more gnomes", pipeline="Social Week"))
    goal, task, question = (json.loads(say("show", ident, "--json").out) for ident in ("g1", "g1-1", "a1"))

    assert Path(goal["goal"]["report"]).is_file()
    assert goal["goal"]["given_at"] <= goal["goal"]["finished_at"]
    assert say("show", "g1").out == f"{goal['text']}\n"
    assert (task["task"]["id"], task["text"]) == ("g1-1", say("show", "g1-1").out.rstrip("\n"))
    assert (question["approval"]["goal"], question["approval"]["state"]) == ("g2", "open")
    assert "what the reviewer found" in question["text"].partition("--- best version")[0]


def test_a_context_that_is_begun_is_a_document_too(say: Say, office: Office, tmp_path: Path) -> None:
    """Where it is, and where each heading of the notes went; nobody is asked."""
    notes = tmp_path / "notes.md"
    notes.write_text("# Gnomes\n\n## Competitors\n\nThe dwarves.\n", encoding="utf-8")
    asked = say("init", "--json")
    made = json.loads(say("init", "--from", str(notes), "--json").out)
    again = json.loads(say("init", "--template", "--force", "--json").out)

    assert asked.code == 2
    assert "--from FILE" in asked.err
    assert Path(made["context"]).is_file()
    assert made["placed"]
    assert (made["kept"], Path(again["kept"]).is_file()) == (None, True)


def test_each_specialist_is_told_in_a_sentence(say: Say) -> None:
    """What it does, for whoever looks for one."""
    out = " ".join(say("skills").out.split())

    assert "copywriting Writes words that should make a reader act" in out
    assert "26 specialists." in out


@pytest.mark.parametrize(
    ("raw", "cure"),
    [
        ("Zwerge für Gärten".encode("utf-16"), "looks like UTF-16; save it with the encoding UTF-8"),
        ("Zwerge".encode("utf-16-le"), "looks like UTF-16; save it with the encoding UTF-8"),
        ("Zwerge für Gärten".encode("cp1252"), "(cp1252); save it with the encoding UTF-8"),
        (
            b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xdf\xa4",
            "looks like a .docx, .odt or .zip file; save it as plain text",
        ),
        (b"%PDF-1.7\nhello", "is a PDF file; copy its text into a Markdown file"),
        (b"{\\rtf1\\ansi Zwerge}", "a document of a word processor; save it as plain text"),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x00\xc8\x08\x06",
            "like a picture, a program or an archive",
        ),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\xc8\xe4\x02", "like a picture, a program or an archive"),
    ],
    ids=["utf-16", "utf-16 without a mark", "cp1252", "docx", "pdf", "rtf", "png", "gzip"],
)
@pytest.mark.parametrize("words", [("context", "check"), ("init", "--force", "--from")], ids=["context", "notes"])
def test_a_file_of_another_kind_is_told_what_to_save_it_as(
    say: Say, tmp_path: Path, raw: bytes, cure: str, words: tuple[str, ...]
) -> None:
    """One sentence: what it is, and what to do."""
    file = tmp_path / "about us"
    file.write_bytes(raw)
    said = say(*words, str(file))

    assert said.code == 2
    assert cure in said.err
    assert len(said.err.splitlines()) == 1


def test_pipelines_say_for_whom_they_are(say: Say) -> None:
    """A local business, software, or anybody."""
    rows = {row.partition("  ")[0].strip(): row for row in say("pipelines").out.splitlines()}
    listed = {row["name"]: row["for"] for row in json.loads(say("pipelines", "--json").out)["pipelines"]}

    assert " a local business " in rows["Local Retention"]
    assert " software " in rows["Retention Sprint"]
    assert (listed["Local Retention"], listed["Retention Sprint"], listed["SEO Cycle"]) == ("local", "software", None)


def test_all_that_happened_to_a_goal_is_shown(office: Office, given_goal: Callable[..., Goal], say: Say) -> None:
    """However much it was, and the last of it most of all."""
    goal = given_goal()
    with office.store.write() as tx:
        for number in range(1_005):
            tx.note(goal.id, goal.id, f"line-{number}", by="test")
    shown = [line.split()[4] for line in say("show", goal.id).out.splitlines()[2:]]

    assert [f"line-{number}" for number in range(1_005)] == shown[-1_005:]
