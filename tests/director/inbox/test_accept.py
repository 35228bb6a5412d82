"""A person's own version becomes the deliverable: their words, byte for byte, for nothing, and a person decides."""

from collections.abc import Callable
from pathlib import Path

import pytest

from director.claude.rehearsal.asked import Purpose
from director.files.own_version import read_own, whole_with
from director.files.places import places_of
from director.goals.submit import submit
from director.inbox.accept import accept
from director.inbox.revise_approved import revise
from director.office import Office
from director.progress import changes
from director.progress.facts import deliverable_of, gather, not_mended
from director.prompting.pieces import take_apart
from director.store.tx import Tx
from director.words.errors import CannotChange, WrongCall
from director.words.models import Goal
from director.words.states import Answer, ApprovalState, GoalState, TaskState
from tests.director.claude_double import ClaudeDouble
from tests.director.cli.conftest import do

Drain = Callable[[Office, Goal], Goal]

GNOMES = "Sell singing gnomes"
OWN = "Dear gnome,\n\n  sing *louder*.   \nYours, \u201cthe owner\u201d\t✓"
TWO = (
    '# Post\n\n<piece title="Post">\nSing.\n</piece>\n\n'
    '<piece title="Second post" use="print">\nSing\nagain.\n</piece>\n\n## Decided\n\nAll.\n'
)


@pytest.fixture
def done(office: Office, drain: Drain) -> Goal:
    """A completed goal of three tasks, each of which builds on the one before."""
    return drain(office, submit(office, GNOMES, pipeline="Outreach Campaign"))


def text_of(tx: Tx, ident: str) -> str:
    return deliverable_of(tx, tx.tasks.get(ident)) or ""


def piece_file(office: Office, ident: str, number: int = 0) -> Path:
    with office.store.read() as tx:
        place = places_of(tx.tasks.get(ident), text_of(tx, ident))[number]
    return office.settings.workspace_dir / place.path


def calls(office: Office) -> int:
    with office.store.read() as tx:
        return len(tx.calls.of_goal("g1"))


def test_a_piece_is_replaced_word_for_word_and_costs_nothing(office: Office, done: Goal, tmp_path: Path) -> None:
    """The file keeps its name, the notes behind it stay; the goal stays over, and its report is written anew."""
    asked, file = calls(office), piece_file(office, "g1-1")
    with office.store.read() as tx:
        before = take_apart(text_of(tx, "g1-1"))
    report = office.settings.workspace_dir / "reports" / "g1.md"
    report.unlink()

    done_ = accept(office, "g1-1", f"{OWN}\n", file=tmp_path / file.name)

    assert (done_.is_new, done_.revision, done_.goal.state) == (True, 1, GoalState.COMPLETED)
    assert file.read_text(encoding="utf-8") == f"{OWN}\n"
    assert calls(office) == asked
    assert report.exists()
    with office.store.read() as tx:
        after, task = take_apart(text_of(tx, "g1-1")), tx.tasks.get("g1-1")
    assert (after.title, after.notes, after.pieces[1:]) == (before.title, before.notes, before.pieces[1:])
    assert (task.state, task.score, task.revision) == (TaskState.APPROVED, None, 1)
    notes = office.settings.workspace_dir / "outputs" / "g1" / "notes" / "01-cold-email.md"
    assert "model: a person" in notes.read_text(encoding="utf-8")


def test_what_certain_checks_find_is_told_and_changes_nothing(office: Office, done: Goal, tmp_path: Path) -> None:
    """A person decides; who builds on it is told as well."""
    done_ = accept(office, "g1-1", "Buy [your name] gnomes.", file=tmp_path / "own.md")

    assert any("Placeholder text" in fault for fault in done_.faults)
    with office.store.read() as tx:
        assert not_mended(tx, tx.tasks.get("g1-1")) == done_.faults
    assert done_.task.state is TaskState.APPROVED


def test_the_same_words_again_change_nothing(office: Office, done: Goal, tmp_path: Path) -> None:
    """Also when they come as another file, or the process died before it said so."""
    assert accept(office, "g1-1", OWN, file=tmp_path / "own.md").is_new
    again = accept(office, "g1-1", f"\n{OWN}\n\n", file=tmp_path / "other.md")

    assert (again.is_new, again.revision) == (False, 1)


def test_what_rests_on_it_is_named(office: Office, done: Goal, tmp_path: Path) -> None:
    """Directly or through another."""
    done_ = accept(office, "g1-1", OWN, file=tmp_path / "own.md")

    assert [task.id for task in done_.rest_on_it] == ["g1-2", "g1-3"]
    with office.store.read() as tx:
        assert changes.outdated(tx, "g1") == {"g1-2": ("g1-1",), "g1-3": ("g1-1",)}
    assert gather(office, "g1-2").inputs[0].text == deliverable_now(office)


def deliverable_now(office: Office) -> str:
    with office.store.read() as tx:
        return text_of(tx, "g1-1")


def test_the_whole_deliverable_can_be_given(office: Office, done: Goal, tmp_path: Path) -> None:
    """Where it has pieces of its own it is all of it; each is mirrored as any."""
    done_ = accept(office, "g1-1", TWO, file=tmp_path / "all.md")

    assert deliverable_now(office) == TWO.strip()
    assert [Path(path).name for path in done_.paths] == ["01-1-post.md", "01-2-second-post.md"]
    assert piece_file(office, "g1-1", 1).with_suffix(".html").exists()


def test_the_front_matter_of_a_copy_is_no_word_of_a_person(office: Office, done: Goal, tmp_path: Path) -> None:
    """A deliverable without pieces is mirrored with it; who edits that file means what stands below."""
    with office.store.read() as tx:
        task = tx.tasks.get("g1-1")
    front = "---\ngoal: Sell\nskill: cold-email\nsquad: creative\nrevision: 0\n---\n\n"

    assert whole_with(task, "# One\n\nSing.", tmp_path / "x.md", f"{front}# One\n\nHum.\n", None) == "# One\n\nHum."


def test_which_piece_it_is_has_to_be_clear(office: Office, done: Goal, tmp_path: Path) -> None:
    """By the file's name, or by its title; else it is asked for, and nothing changes."""
    accept(office, "g1-1", TWO, file=tmp_path / "all.md")
    with pytest.raises(WrongCall, match="Which piece of g1-1"):
        accept(office, "g1-1", "Hum.", file=tmp_path / "own.md")
    with pytest.raises(WrongCall, match="has no piece “Third”"):
        accept(office, "g1-1", "Hum.", file=tmp_path / "own.md", piece="Third")
    accept(office, "g1-1", "Hum.", file=tmp_path / "own.md", piece="second post")
    accept(office, "g1-1", "Hum too.", file=tmp_path / "01-1-post.md")

    with office.store.read() as tx:
        assert [piece.text for piece in take_apart(text_of(tx, "g1-1")).pieces] == ["Hum too.", "Hum."]


@pytest.mark.parametrize("own", ["One\n</piece>\nTwo", "```\nnever closed", "x\n</piece>\n<piece nonsense\ny"])
def test_words_that_would_change_more_than_their_piece_are_refused(
    office: Office, done: Goal, tmp_path: Path, own: str
) -> None:
    """A line that ends a piece, a fence that is not closed: nothing changed, and what to do instead is said."""
    accept(office, "g1-1", TWO.replace("All.", "```\nAll.\n```"), file=tmp_path / "all.md")
    before = deliverable_now(office)

    with pytest.raises(WrongCall, match="cannot be put in the place"):
        accept(office, "g1-1", own, file=tmp_path / "own.md", piece="Post")
    assert deliverable_now(office) == before


def test_a_secret_is_refused(office: Office, done: Goal, tmp_path: Path) -> None:
    """Nobody may approve that, a person neither."""
    before = deliverable_now(office)
    with pytest.raises(WrongCall, match="cannot be accepted"):
        accept(office, "g1-1", "Key: sk-ant-api03-" + "a" * 40, file=tmp_path / "own.md")

    assert deliverable_now(office) == before


def test_it_answers_the_question_about_a_draft(
    asking: Office, claude: ClaudeDouble, drain: Drain, a_review: Callable[..., str], tmp_path: Path
) -> None:
    """Which is closed as answered; the goal goes on with the person's version."""
    claude.says(Purpose.REVIEW, a_review(2))
    goal = drain(asking, submit(asking, GNOMES, pipeline="Outreach Campaign"))
    with asking.store.read() as tx:
        (question,) = tx.approvals.open("g1")
    assert accept(asking, "g1-1", OWN, file=tmp_path / "own.md").is_new

    assert drain(asking, goal).state is GoalState.COMPLETED
    with asking.store.read() as tx:
        closed = tx.approvals.get(question.id)
    assert (closed.state, closed.answer) == (ApprovalState.ANSWERED, Answer.APPROVE)
    assert not accept(asking, "g1-1", OWN, file=tmp_path / "own.md").is_new


def test_it_takes_the_place_of_what_the_director_would_have_done(
    open_with: Callable[..., Office], drain: Drain, tmp_path: Path
) -> None:
    """A draft of what cannot be done is there, and the Director was to re-plan the task: it is not asked any more."""
    office = open_with(rehearsal="impossible=cold-email")
    goal = submit(office, GNOMES, pipeline="Outreach Campaign")
    while state_of(office, "g1-1") is not TaskState.ESCALATED:
        goal = do(office, goal)
    assert accept(office, "g1-1", OWN, file=tmp_path / "own.md").is_new
    goal = drain(office, goal)

    assert goal.state is GoalState.COMPLETED, goal.reason
    with office.store.read() as tx:
        assert [task.state for task in tx.tasks.of_goal("g1")] == [TaskState.APPROVED] * 3
        assert "replan" not in [call.purpose for call in tx.calls.of_goal("g1")]
        assert tx.approvals.of_goal("g1") == []


def state_of(office: Office, ident: str) -> TaskState | None:
    with office.store.read() as tx:
        return next((task.state for task in tx.tasks.of_goal("g1") if task.id == ident), None)


def test_while_its_author_writes_it_is_refused(office: Office, done: Goal, tmp_path: Path) -> None:
    """Two versions at once would be one too many."""
    revise(office, "g1-1", "Shorter.")

    with pytest.raises(CannotChange, match="g1-1 is drafting"):
        accept(office, "g1-1", OWN, file=tmp_path / "own.md")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b"caf\xe9", "not UTF-8"),
        (b"a\x00b", "no text"),
        (b"a" * 300_000, "at most"),
    ],
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, raw: bytes, said: str) -> None:
    """With what to do about it."""
    file = tmp_path / "own.md"
    file.write_bytes(raw)
    with pytest.raises(WrongCall, match=said):
        read_own(file)


def test_a_file_of_another_system_says_the_same(tmp_path: Path) -> None:
    """Its line ends, and the mark before its first letter, are none of a person's words."""
    file = tmp_path / "own.md"
    file.write_bytes(b"\xef\xbb\xbfDear gnome,\r\n\r\n  sing.  \r\n")

    assert read_own(file) == "Dear gnome,\n\n  sing.  \n"
