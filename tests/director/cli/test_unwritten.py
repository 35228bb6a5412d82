"""Files that cannot be written: the work goes on, and nobody is shown a path that leads nowhere."""

import json
from collections.abc import Callable

import pytest

from director.goals.submit import submit
from director.office import Office
from director.words.models import Goal
from tests.director.cli.conftest import Said

Drain = Callable[[Office, Goal], Goal]
Say = Callable[..., Said]


@pytest.fixture
def kept_back(office: Office, drain: Drain) -> Goal:
    """A completed goal; a file is where the folder of its deliverables should be."""
    folder = office.settings.workspace_dir / "outputs"
    folder.mkdir(parents=True)
    (folder / "g1").write_text("in the way")
    return drain(office, submit(office, "Sell gnomes", pipeline="Social Week"))


def path_of(office: Office) -> str:
    """Where the record says that the deliverable is."""
    with office.store.read() as tx:
        return tx.tasks.get("g1-1").path or ""


def test_a_file_that_is_not_there_is_called_not_written(office: Office, kept_back: Goal, say: Say) -> None:
    """One sentence names the file, the reason and where the text is; that is not what was asked for, so the code is 1."""
    said = say("watch", "g1")

    assert said.code == 1
    assert "not written" in said.out
    assert path_of(office) not in said.out
    assert "Report: " + str(office.settings.workspace_dir / "reports" / "g1.md") in said.out
    assert said.err.count("\n") == 1
    assert path_of(office) in said.err
    assert "python -m director show g1-1" in said.err


def test_a_script_is_not_given_a_file_that_is_not_there(kept_back: Goal, say: Say) -> None:
    """`deliverable` is a path that leads somewhere, or null."""
    said = say("watch", "g1", "--json")

    assert said.code == 1
    assert [task["deliverable"] for task in json.loads(said.out)["tasks"]] == [None]


def test_watching_writes_what_is_missing(office: Office, kept_back: Goal, say: Say) -> None:
    """Also of a goal that is over: when the place is free, the file is there and the code is 0."""
    (office.settings.workspace_dir / "outputs" / "g1").unlink()
    said = say("watch", "g1")

    assert (said.code, said.err) == (0, "")
    assert path_of(office) in said.out
    assert (office.settings.workspace_dir / path_of(office)).is_file()
