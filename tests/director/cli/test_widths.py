"""What people see at a narrow terminal: ids and states stay whole, texts give way, and nothing is wider than the screen."""

import re
from collections.abc import Callable

import pytest
from rich.console import Group
from rich.text import Text

from director.cli.status import _overview
from director.cli.tables import delivered, goal_view
from director.cli.terminal import console, cut, fitted
from director.goals.submit import submit
from director.office import Office
from director.words.models import Goal
from director.words.states import GoalState, WaitFor
from tests.director.cli.conftest import drawn

Drain = Callable[[Office, Goal], Goal]

WIDTHS = pytest.mark.parametrize("width", [40, 80, 120])


@pytest.fixture
def reviewed(office: Office, drain: Drain) -> Goal:
    """A rehearsed goal with reviews as steps, whose rows are the longest."""
    return drain(office, submit(office, "Rewrite the page about gnomes " * 3, pipeline="Copywriting Review Chain"))


@WIDTHS
def test_ids_and_states_of_tasks_stay_whole(office: Office, reviewed: Goal, width: int) -> None:
    """Whoever wants to type an id has to see it; names of specialists are cut."""
    with office.store.read() as tx:
        lines = drawn(goal_view(tx, reviewed, width), width)
        tasks = tx.tasks.of_goal(reviewed.id)

    assert max(map(len, lines)) <= width
    rows = [line for line in lines if re.match(r"g1-\d", line)]
    assert [row.split()[0] for row in rows] == [task.id for task in tasks]
    assert all(" approved" in row for row in rows)


@WIDTHS
def test_ids_and_states_of_goals_stay_whole(office: Office, reviewed: Goal, width: int) -> None:
    """Also that of one that waits for something with a long name."""
    waiting = submit(office, "Sell gnomes", pipeline="Social Week")
    with office.store.write() as tx:
        tx.goals.move(waiting, GoalState.WAITING, by="test", wait_for=WaitFor.MODEL)
    with office.store.read() as tx:
        lines = drawn(_overview(office, tx, tx.goals.all(), width), width)

    assert max(map(len, lines)) <= width
    assert [line.split("  ")[0] for line in lines[1:3]] == ["g2", "g1"]
    assert "waiting (model service)" in lines[1]
    assert "completed" in lines[2]


@WIDTHS
def test_a_headline_breaks_between_its_parts(office: Office, reviewed: Goal, width: int) -> None:
    """No amount and no label is torn."""
    with office.store.read() as tx:
        lines = drawn(goal_view(tx, reviewed, width), width)

    for piece in (r"\$\d\.\d+ of \$100\.00", r"content, P1", r"\d+ calls", r"rehearsal, nothing is paid"):
        assert any(re.search(piece, line) for line in lines), piece


def test_columns_are_left_out_in_the_order_they_are_missed_least() -> None:
    """The text keeps twelve columns; what is left out is left out whole."""
    table = fitted(
        [("g1", "12345678", "abcdefgh", "a long text " * 3)],
        ("id", "one", "two", "text"),
        26,
        text="text",
        drop=("two", "one"),
    )

    assert drawn(table, 26)[0].split() == ["id", "one", "text"]


def test_the_scores_of_deliverables_stand_below_their_header(office: Office, drain: Drain) -> None:
    """A line a piece, by its specialist."""
    goal = drain(office, submit(office, "Sell gnomes", pipeline="Copywriting Review Chain"))
    with office.store.read() as tx:
        head, *rows = delivered(office, tx, goal).splitlines()

    assert rows
    assert {row.index("/") for row in rows} == {head.index("file")}
    assert all("  shape checked  " in row for row in rows)


@pytest.mark.parametrize("columns", ["", "0", "40"])
def test_in_a_pipe_a_row_is_a_line_unless_columns_says_otherwise(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """For grep and its like nothing is folded, cut, left out or filled up with blanks; in a file neither."""
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    text = "What is written for gnomes, " * 20
    out = console()
    out.print(fitted([("g1", text), ("g2", cut(text))], ("id", "text"), out.width, text="text"))
    out.print(text)
    rows = capsys.readouterr().out.splitlines()

    assert all(row == row.rstrip() for row in rows)
    if columns == "40":
        assert max(map(len, rows)) <= 40
        assert len(rows) > 20
    else:
        assert rows == ["id  text", f"g1  {text}".rstrip(), f"g2  {text}".rstrip(), text.rstrip()]


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_line_ends_between_words_and_never_within_one(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A path or a command that is longer than the screen stays whole, so that it can be copied; shorter words are folded."""
    path = f"/home/gnome/{'workspace/' * 9}g1-1.md"
    words = f"What is written for gnomes lies in {path} and nowhere else, says whoever looked."
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(width))
    console().print(words)
    console().print(Group(Text("A heading\n"), Text(f"    {words}", style="dim")))
    rows = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()

    assert words.split() == [word for row in rows[: rows.index("A heading")] for word in row.split()]
    assert 2 == sum(row.strip() == path for row in rows)
    assert all(len(row) <= width for row in rows if path not in row)
    assert all(row == row.rstrip() for row in rows)
