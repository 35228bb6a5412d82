"""Readable copies of the record: whole or not at all, and never in the way of the work."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from director.claude.rehearsal.asked import Purpose
from director.files.mirror import document, is_written, mirror_task, write
from director.files.places import notes_path
from director.goals.submit import submit
from director.office import Office
from director.words.models import Goal, Task
from director.words.states import GoalState
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]
Pipeline = Callable[..., str]

LETTERS = """# Gnomes come back

<piece title="Letter to gnomes">
Subject: Come back

Dear gnome, it rains.
</piece>

<piece title="What to say at the counter" use="print">
It rains.
Shall I put a gnome by?
</piece>

<piece title="Tally sheet" use="fill in">
| Day | Came |
|---|---|
| Tue | |
| Wed | |
</piece>

## Decided

The rain is the reason. Gnomes are written to before the first frost, by their own names, and nobody promises them a hat. It is
one letter to each house, however many gnomes live there, and it goes out on the first dry evening after the clocks went back,
because on wet ones nobody opens the box. Whoever does not answer is not written to again before the spring.

## Assumptions and open facts

Gnomes read letters in the evening [needs source]. The house has a letter box of its own, and the person who gave the goal can
reach it without a ladder. That it rains is known from the window and was looked up nowhere.

## Handover

Nobody builds on this.
"""

GNOMES = 'Sell "singing" gnomes: 100% rain-proof #1\nto people without gardens'


def only_task(office: Office, goal: Goal) -> Task:
    with office.store.read() as tx:
        (task,) = tx.tasks.of_goal(goal.id)
    return task


def deliverable(office: Office, task: Task) -> str:
    with office.store.read() as tx:
        return tx.text(tx.drafts.get(task.deliverable or 0).text_hash)


def files(office: Office) -> set[str]:
    root = office.settings.workspace_dir
    return {
        path.relative_to(root).as_posix()
        for folder in ("outputs", "reports")
        for path in (root / folder).rglob("*")
        if path.is_file()
    }


@pytest.fixture
def done(office: Office, drain: Drain) -> Goal:
    """A goal of one task, completed."""
    return drain(office, submit(office, GNOMES, pipeline="Social Week"))


@pytest.fixture
def letters(asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain) -> Goal:
    """A goal of one task whose deliverable has three pieces, completed."""
    claude.says(Purpose.DRAFT, LETTERS)
    return drain(asking, submit(asking, GNOMES, pipeline=pipeline("email-sequence")))


def written(office: Office, path: str) -> str:
    return (office.settings.workspace_dir / path).read_text(encoding="utf-8")


def test_each_piece_is_a_file_by_its_title(asking: Office, letters: Goal) -> None:
    """
    `outputs/<goal>/<task>-<place>-<title>.md`; what is printed is a page too, what is filled in a table for a spreadsheet.
    What stands behind them is beside, and so is the report; nothing else is left there.
    """
    assert only_task(asking, letters).path == "outputs/g1/01-1-letter-to-gnomes.md"
    assert files(asking) == {
        "outputs/g1/01-1-letter-to-gnomes.md",
        "outputs/g1/01-2-what-to-say-at-the-counter.md",
        "outputs/g1/01-2-what-to-say-at-the-counter.html",
        "outputs/g1/01-3-tally-sheet.md",
        "outputs/g1/01-3-tally-sheet.html",
        "outputs/g1/01-3-tally-sheet.csv",
        "outputs/g1/notes/01-email-sequence.md",
        "reports/g1.md",
    }


def test_a_piece_is_its_words_and_nothing_else(asking: Office, letters: Goal) -> None:
    """
    Whoever opens it copies all of it: no front matter, no marks of ours. One for paper keeps its lines where it is viewed.
    """
    assert written(asking, "outputs/g1/01-2-what-to-say-at-the-counter.md") == "It rains.  \nShall I put a gnome by?\n"
    assert written(asking, "outputs/g1/01-1-letter-to-gnomes.md") == "Subject: Come back\n\nDear gnome, it rains.\n"
    assert written(asking, "outputs/g1/01-3-tally-sheet.csv").splitlines() == ["Day,Came", "Tue,", "Wed,"]


def test_the_notes_are_front_matter_and_what_stands_behind_the_pieces(asking: Office, letters: Goal) -> None:
    """
    What was asked, who wrote it, how good it was found, and with which model; where the pieces are; then the notes.
    """
    notes = written(asking, "outputs/g1/notes/01-email-sequence.md")
    _, head, body = notes.split("---\n", 2)

    assert yaml.safe_load(head)["skill"] == "email-sequence"
    assert yaml.safe_load(head)["model"] == "claude-sonnet-5-5"
    assert "[Letter to gnomes](../01-1-letter-to-gnomes.md)" in body
    assert body.index("## Decided\n\nThe rain is the reason.") < body.index("## Handover")
    assert "Dear gnome" not in body


def test_a_rehearsal_says_in_the_notes_what_it_found(office: Office, done: Goal) -> None:
    """
    It found nothing good or bad, so it says what it did.
    """
    notes = written(office, notes_path(only_task(office, done)))
    _, head, _ = notes.split("---\n", 2)

    assert yaml.safe_load(head) == {
        "goal": GNOMES,
        "skill": "social-content",
        "squad": "creative",
        "revision": 0,
        "score": "shape checked",
        "model": "rehearsal",
    }
    assert notes.endswith("\n")


def test_the_same_goal_gives_the_same_bytes(open_with: Callable[..., Office], drain: Drain, tmp_path: Path) -> None:
    """
    No id, date or cost in a deliverable's mirror: two installations write the same file.
    """
    found = []
    for place in ("here", "there"):
        office = open_with(workspace_dir=tmp_path / place)
        drain(office, submit(office, GNOMES, pipeline="Social Week"))
        found.append(
            {path: (office.settings.workspace_dir / path).read_bytes() for path in files(office) if "outputs" in path}
        )

    assert found[0] == found[1]


@pytest.mark.parametrize(
    "text", ["a: b", "--- \n---\n", "'quoted' \"twice\"", "🧙\nlines\n", "- list", "yes", "#", " "]
)
def test_front_matter_survives_any_value(text: str) -> None:
    """
    Whatever a goal's words are, YAML reads them back, and the text below is not touched.
    """
    found = document({"goal": text}, "Body\n\n---\n\nmore")
    head, _, body = found.removeprefix("---\n").partition("\n---\n")

    assert yaml.safe_load(head) == {"goal": text}
    assert body.strip() == "Body\n\n---\n\nmore"


def test_a_file_is_written_whole(office: Office) -> None:
    """
    It takes the place of the earlier one in a single step, and leaves no scraps.
    """
    for text in ("first\n", "second\n"):
        assert write(office, "reports/gnome.md", text) is None
        assert (office.settings.workspace_dir / "reports" / "gnome.md").read_text() == text

    assert files(office) == {"reports/gnome.md"}


def test_whoever_reads_meanwhile_sees_the_old_file(office: Office) -> None:
    """
    A reader that opened the file before keeps a whole text: it was replaced, not overwritten.
    """
    write(office, "reports/gnome.md", "first\n")
    with (office.settings.workspace_dir / "reports" / "gnome.md").open() as reader:
        write(office, "reports/gnome.md", "second, and longer than before\n")

        assert reader.read() == "first\n"


@pytest.mark.parametrize("blocked", ["reports", "reports/gnome.md"])
def test_a_file_that_cannot_be_written_is_said_and_no_more(
    office: Office, caplog: pytest.LogCaptureFixture, blocked: str
) -> None:
    """
    A file where the folder should be, or a folder where the file should be: the reason, a line in the log, no scraps.
    """
    place = office.settings.workspace_dir / blocked
    place.parent.mkdir(parents=True, exist_ok=True)
    if blocked == "reports":
        place.write_text("a file")
    else:
        (place / "inside").mkdir(parents=True)

    with caplog.at_level(logging.ERROR):
        assert write(office, "reports/gnome.md", "text")
    assert "could not be written" in caplog.text
    assert "The record has it." in caplog.text
    assert not list(office.settings.workspace_dir.rglob("*.part"))


def test_no_earlier_version_stays_where_a_new_one_cannot_be_written(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Whoever saw it would take it for the new one, and nobody would write what is there; what is missing is written again.
    """
    write(office, "reports/gnome.md", "first\n")

    def full(part: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device", str(part))

    with monkeypatch.context() as disk:
        disk.setattr(Path, "replace", full)
        assert write(office, "reports/gnome.md", "second\n") == "No space left on device"

    assert not is_written(office, "reports/gnome.md")
    assert not list((office.settings.workspace_dir / "reports").iterdir())


def test_work_goes_on_without_its_mirror(office: Office, drain: Drain, caplog: pytest.LogCaptureFixture) -> None:
    """
    With a file where `outputs` should be since the goal was given, it completes all the same, and the record has the text.
    """
    goal = submit(office, GNOMES, pipeline="Social Week")
    (office.settings.workspace_dir / "outputs").write_text("a file")
    with caplog.at_level(logging.ERROR):
        goal = drain(office, goal)

    task = only_task(office, goal)
    assert goal.state is GoalState.COMPLETED
    assert deliverable(office, task).startswith("# ")
    assert "could not be written" in caplog.text


def test_a_full_disk_is_one_line_in_the_log(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """
    Not one for each file and attempt; when it had room meanwhile, the next time is news again.
    """
    reports = office.settings.workspace_dir / "reports"
    for _ in range(2):
        reports.write_text("in the way")
        for path in ("reports/a.md", "reports/b.md", "reports/a.md", "outputs/../reports/c.md"):
            write(office, path, "text")
        reports.unlink()
        for path in ("reports/a.md", "reports/b.md"):
            assert write(office, path, "text") is None
        (reports / "a.md").unlink()
        (reports / "b.md").unlink()
        reports.rmdir()

    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]


def test_a_mirror_can_be_written_again_later(office: Office, done: Goal) -> None:
    """
    A lost file is made anew from the record, byte for byte.
    """
    task = only_task(office, done)
    file = office.settings.workspace_dir / (task.path or "")
    before = file.read_bytes()
    file.unlink()
    mirror_task(office, task.id)

    assert file.read_bytes() == before


def test_what_is_not_approved_is_not_mirrored(open_with: Callable[..., Office], drain: Drain) -> None:
    """
    People find only approved work where they look.
    """
    office = open_with(rehearsal="escalate=1")
    drain(office, submit(office, GNOMES, pipeline="Social Week"))

    assert files(office) == set()


def test_a_report_is_mirrored_as_the_directors(office: Office, drain: Drain) -> None:
    """
    The Director's own report is one piece, by its title.
    """
    goal = drain(office, submit(office, GNOMES, pipeline="Performance Review"))

    assert goal.state is GoalState.COMPLETED
    with office.store.read() as tx:
        report = next(task for task in tx.tasks.of_goal(goal.id) if task.skill == "director")
    assert report.path == "outputs/g1/02-performance-report.md"
    assert (office.settings.workspace_dir / report.path).is_file()


def test_front_matter_ends_where_ours_ends() -> None:
    """A value of several lines stands in one, so that no line of it is taken for the end, and reads as it was."""
    goal = "Sell\n---\nscore: 10\n  ---\u2028: x"
    text = document({"goal": goal, "score": 7.0}, "# T")
    head = text.split("---\n")[1]

    assert len(head.splitlines()) == 2
    assert yaml.safe_load(head) == {"goal": goal, "score": 7.0}
