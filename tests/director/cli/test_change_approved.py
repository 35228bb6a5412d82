"""`revise`, `accept` and `show --version` as a person types them about what was approved."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from director.cli.tables import goal_view
from director.goals.submit import submit
from director.office import Office
from director.words.amounts import NANO
from director.words.models import Goal
from director.words.states import TaskState
from tests.conftest import SetClock
from tests.director.cli.conftest import Said, drawn

Drain = Callable[[Office, Goal], Goal]
Say = Callable[..., Said]


@pytest.fixture
def done(office: Office, drain: Drain) -> Goal:
    """A completed goal of three tasks, each of which builds on the one before."""
    return drain(office, submit(office, "Sell singing gnomes", pipeline="Outreach Campaign"))


@pytest.fixture
def go_on(office: Office, drain: Drain, clock: SetClock) -> Callable[[], Goal]:
    """Do what is to be done for the goal behind what was typed, which is dated by the machine's clock."""

    def work() -> Goal:
        clock.now = datetime.now(UTC) + timedelta(minutes=1)
        with office.store.read() as tx:
            goal = tx.goals.get("g1")
        return drain(office, goal)

    return work


def changes_of(office: Office) -> int:
    with office.store.read() as tx:
        return len(tx.changes.of_goal("g1"))


def test_a_change_says_what_it_likely_costs_and_what_rests_on_it(office: Office, done: Goal, say: Say) -> None:
    """A rehearsal is not asked about; the same again is no second change."""
    said = say("revise", "g1-1", "Shorter.")

    lines = said.out.splitlines()
    assert (said.code, said.err) == (0, "")
    assert lines[1].startswith("It is a rehearsal and costs nothing; with Claude it would likely cost $0.")
    assert lines[2] == "g1-1 is to be changed; what is approved stands until then."
    assert [line.split(":")[1].split(",")[0] for line in lines[3:5]] == [
        " g1-2 ab-test-setup",
        " g1-3 analytics-tracking",
    ]
    assert "revise g1-1 --dependents` has them looked at again." in lines[5]
    assert "watch g1` goes on." in lines[6]
    again = say("revise", "g1-1", "Shorter.")
    assert (again.code, again.out.splitlines()[1]) == (0, "g1-1 is being changed so already; nothing changed.")
    assert changes_of(office) == 1


def test_what_is_paid_for_needs_a_yes(office: Office, done: Goal, say: Say) -> None:
    """Where nobody can be asked it is refused with its likely cost, and nothing is begun."""
    with office.store.write() as tx:
        tx.goals.change("g1", rehearsal=False)
    said = say("revise", "g1-1", "Shorter.")

    assert said.code == 2
    assert said.err.startswith("It will likely cost $0.")
    assert said.err.endswith("Say --yes to agree; nothing was done.\n")
    assert changes_of(office) == 0
    assert say("revise", "g1-1", "Shorter.", "--yes").code == 0
    assert changes_of(office) == 1


def test_a_goal_without_money_is_changed_under_its_cap(
    office: Office, done: Goal, say: Say, go_on: Callable[[], Goal]
) -> None:
    """The cap that is there holds: what does not fit under it waits for a person, and what was approved stands."""
    with office.store.write() as tx:
        tx.goals.change("g1", cap_nano=NANO // 1000)
    assert "$0.00 of what g1 may cost is left" in say("revise", "g1-1", "Shorter.").out

    assert go_on().wait_for == "money"
    assert say("cancel", "g1").out.endswith("g1 is completed.\n")


@pytest.mark.parametrize(
    "named", ["Cold email", "cold email", "01-cold-email.md", "workspace/outputs/g1/01-cold-email.md"]
)
def test_a_task_can_be_named_by_a_piece(office: Office, done: Goal, say: Say, named: str) -> None:
    """By its title, or by its file, where that is only one's."""
    assert "g1-1 is to be changed" in say("revise", named, "Shorter.").out


def test_a_title_of_several_is_refused(office: Office, drain: Drain, done: Goal, say: Say) -> None:
    """With those that have it; nothing is guessed."""
    drain(office, submit(office, "Sell more", pipeline="Outreach Campaign"))

    said = say("revise", "Cold email", "Shorter.")
    assert (said.code, said.err) == (2, "Several tasks have “Cold email”: g2-1, g1-1. Name one by its id.\n")
    assert say("revise", "No such thing", "Shorter.").err.startswith("There is no task 'No such thing'")


def test_words_are_needed_but_for_a_look_again(done: Goal, say: Say, go_on: Callable[[], Goal]) -> None:
    """`--dependents` alone is for those that rest on an earlier version."""
    assert say("revise", "g1-1").code == 2
    assert say("revise", "a1", "Shorter.", "--dependents").err.startswith("--dependents is about a task")
    assert "Nothing that is approved rests" in say("revise", "g1-1", "--dependents").err
    say("revise", "g1-1", "Shorter.")
    go_on()
    said = say("revise", "g1-1", "--dependents")

    assert "g1-2 and g1-3 are to be changed" in said.out
    go_on()
    assert "earlier version" not in say("status", "g1").out


def test_a_persons_own_version_is_taken_and_marked(office: Office, done: Goal, say: Say, tmp_path: Path) -> None:
    """What certain checks find is said; `status`, `show` and `--json` say what rests on the earlier version."""
    file = tmp_path / "01-cold-email.md"
    file.write_text("Dear [your name], sing.\n", encoding="utf-8")
    said = say("accept", "g1-1", str(file))

    assert said.code == 0
    assert said.out.splitlines()[1] == "g1-1 is your version, revision 1."
    assert said.out.splitlines()[2].endswith("outputs/g1/01-cold-email.md")
    assert "Found in it: Placeholder text was left in" in said.out
    assert "Rests on it: g1-2 ab-test-setup, approved" in said.out
    assert say("accept", "g1-1", str(file)).out.splitlines()[1] == "g1-1 was your version already, revision 1."
    assert "g1-2 and g1-3 rest on an earlier version of g1-1" in say("status", "g1").out
    shown = say("show", "g1-2")
    assert shown.out.startswith("# ")
    assert shown.err.startswith("g1-2 rests on an earlier version of g1-1: ")
    document = json.loads(say("accept", "g1-2", "--json").out)
    assert {task["id"]: task["rests_on_earlier"] for task in document["tasks"]} == {
        "g1-1": [], "g1-2": [], "g1-3": ["g1-1"],
    }  # fmt: skip
    assert say("accept", "g1-2").err.startswith("Nothing that g1-2 rests on was changed")


def test_every_version_can_be_shown(office: Office, done: Goal, say: Say, tmp_path: Path) -> None:
    """The one before a person's own is still there, and can be taken again."""
    before = say("show", "g1-1").out
    (tmp_path / "own.md").write_text("Sing.\n", encoding="utf-8")
    say("accept", "g1-1", str(tmp_path / "own.md"))

    assert say("show", "g1-1").out != before
    assert say("show", "g1-1", "--version", "0").out == before
    assert say("show", "g1-1", "--version", "7").err == "There is no version 'g1-1 7'; g1-1 has the versions 0, 1.\n"
    assert say("show", "g1", "--version", "0").code == 2
    (tmp_path / "before.md").write_text(before, encoding="utf-8")
    say("accept", "g1-1", str(tmp_path / "before.md"))
    assert say("show", "g1-1").out == before


@pytest.mark.parametrize("width", [80, 120])
def test_the_mark_fits_a_terminal(office: Office, done: Goal, say: Say, tmp_path: Path, width: int) -> None:
    """One sentence for all that rest on the same."""
    (tmp_path / "own.md").write_text("Sing.\n", encoding="utf-8")
    say("accept", "g1-1", str(tmp_path / "own.md"))
    with office.store.read() as tx:
        lines = drawn(goal_view(tx, tx.goals.get("g1"), width), width)
        assert {task.state for task in tx.tasks.of_goal("g1")} == {TaskState.APPROVED}

    assert len([line for line in lines if "earlier version" in line]) == 1
