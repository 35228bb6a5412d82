"""Which workspace a command is about, wherever it is called."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.installation import Done, Installation

pytestmark = pytest.mark.measured

#: A goal of one task.
GOAL = ("goal", "Sell the singing gnome", "--pipeline", "Social Week", "--plan", "template")


@contextmanager
def standing_in(place: Installation, folder: Path) -> Iterator[Callable[..., Done]]:
    """Run commands in *folder*, with no workspace named."""
    folder.mkdir(parents=True, exist_ok=True)
    before, place.folder = place.folder, folder
    try:
        yield lambda *words, **settings: place.run(*words, **{"workspace_dir": "", **settings})
    finally:
        place.folder = before


@pytest.fixture(scope="module")
def place(install: Callable[..., Installation]) -> Installation:
    """A workspace with a goal that is done."""
    place = install()
    assert place.run(*GOAL).code == 0
    return place


def test_an_empty_status_says_where_it_looked(install: Callable[..., Installation]) -> None:
    """
    "No goals yet" of another folder's workspace would be believed.
    """
    place = install()
    with standing_in(place, place.folder / "empty") as run:
        done = run("status")

    assert done.out.startswith(f"No goals yet in {place.folder / 'empty' / 'workspace'}.\n")


@pytest.mark.parametrize("below", ["docs/drafts", "workspace", "workspace/outputs"])
def test_a_goal_is_seen_from_every_folder_below(place: Installation, below: str) -> None:
    """
    The workspace is found as a repository's root is.
    """
    with standing_in(place, place.folder / below) as run:
        shown, listed = run("show", "g1"), run("status")
        nothing_made = not (place.folder / "workspace").exists()

    assert (shown.code, listed.code) == (0, 0)
    assert "Sell the singing gnome" in listed.out
    assert nothing_made


def test_the_first_line_of_what_acts_says_which_workspace(place: Installation) -> None:
    """
    It can be called from anywhere; an id alone, which scripts read, stays alone on standard output.
    """
    says = f"Workspace {place.workspace}"
    with standing_in(place, place.folder / "docs") as run:
        goal, again, begun = run(*GOAL), run("watch", "g1"), run("init", "--template", "--force")
        waits = run(*GOAL, "--detach")
        number = waits.out.strip()
        stopped = run("cancel", number)
        document = run(*GOAL, "--json")

    for done in (goal, again, begun, stopped):
        assert done.out.splitlines()[0] == says
        assert says not in done.err
    assert (waits.out, waits.err.splitlines()[0]) == (f"{number}\n", says)
    assert says not in document.out + document.err


def test_settings_are_read_beside_the_workspace(place: Installation) -> None:
    """
    A key in `.env` is found from below as well, or the goal would be a rehearsal by accident.
    """
    (place.folder / ".env").write_text("BUDGET_MONTHLY=gnomes\n")
    try:
        with standing_in(place, place.folder / "docs") as run:
            done = run("status")
    finally:
        (place.folder / ".env").unlink()

    assert (done.code, "BUDGET_MONTHLY" in done.err) == (1, True)
