"""Who is up in a workspace holds a lock, and says in one file how it stands."""

import json
import multiprocessing
import os
import signal
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from director.launcher import state
from director.launcher.state import AlreadyUp, PartStatus, State, Status
from director.words.errors import WorkspaceError

SINCE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

STATUS = Status(
    os.getpid(),
    SINCE,
    stopping=False,
    parts=(
        PartStatus("workers", State.RUNNING, 4711, SINCE, 2, "it was ended by SIGKILL"),
        PartStatus("web", State.GIVEN_UP, None, None, 4, "it ended with 1 (the port is taken)", 5),
    ),
)


def test_whoever_looks_finds_what_was_written(tmp_path: Path) -> None:
    """All of it, and for its owner's eyes only."""
    with state.held(tmp_path / "state", SINCE):
        state.write(tmp_path / "state", STATUS)

        assert state.find(tmp_path / "state") == STATUS
        assert (tmp_path / "state" / state.STATUS).stat().st_mode & 0o777 == 0o600
        assert sorted(file.name for file in (tmp_path / "state").iterdir()) == [state.STATUS, state.LOCK]


def test_nothing_is_up_before_and_after(tmp_path: Path) -> None:
    """Who only looks makes nothing."""
    assert state.find(tmp_path / "state") is None
    assert not (tmp_path / "state").exists()
    with state.held(tmp_path / "state", SINCE):
        state.write(tmp_path / "state", STATUS)
    assert state.find(tmp_path / "state") is None


def test_a_second_one_is_told_who_is_up(tmp_path: Path) -> None:
    """One sentence with the process and since when; what the first has written stays."""
    with state.held(tmp_path, SINCE):
        state.write(tmp_path, STATUS)
        with (
            pytest.raises(AlreadyUp, match=rf"process {os.getpid()}, since 2026-11-22 09:00 UTC"),
            state.held(tmp_path, SINCE),
        ):
            pass

        assert state.find(tmp_path) == STATUS


def test_what_one_that_was_killed_has_left_is_no_obstacle(tmp_path: Path) -> None:
    """Its file says that it is up, and it is not."""
    killed = multiprocessing.get_context("spawn").Process(target=_be_killed, args=(tmp_path,))
    killed.start()
    killed.join()

    assert killed.exitcode == -signal.SIGKILL
    assert json.loads((tmp_path / state.STATUS).read_text())["pid"] == killed.pid
    assert not state.is_up(tmp_path)
    assert state.find(tmp_path) is None
    with state.held(tmp_path, SINCE):
        assert state.is_up(tmp_path)
        assert state.find(tmp_path) == Status(os.getpid(), SINCE, where=state.here())


def test_one_of_another_container_is_known_as_such(tmp_path: Path) -> None:
    """The numbers of its processes are others' here. What an older one wrote says nothing of that."""
    with state.held(tmp_path, SINCE) as status:
        assert not status.is_elsewhere
        state.write(tmp_path, replace(status, where="another pid:[4711]"))
        found = state.find(tmp_path)
        assert found is not None
        assert found.is_elsewhere

        document = json.loads((tmp_path / state.STATUS).read_text())
        del document["where"]
        (tmp_path / state.STATUS).write_text(json.dumps(document))
        found = state.find(tmp_path)
        assert found is not None
        assert not found.is_elsewhere


@pytest.mark.parametrize("written", [None, "{", '{"pid": 1}'])
def test_a_status_that_cannot_be_read_is_a_sentence(tmp_path: Path, written: str | None) -> None:
    """A full disk, somebody's slip: nobody waits for ever, and nobody says that nothing is up."""
    with state.held(tmp_path, SINCE):
        (tmp_path / state.STATUS).unlink()
        if written is not None:
            (tmp_path / state.STATUS).write_text(written)
        with pytest.raises(WorkspaceError, match=r"up\.json"):
            state.find(tmp_path)


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    """It names the folder and the setting."""
    (tmp_path / "state").write_text("no folder")

    with pytest.raises(WorkspaceError, match="WORKSPACE_DIR"), state.held(tmp_path / "state", SINCE):
        pass


def _be_killed(folder: Path) -> None:
    with state.held(folder, SINCE):
        state.write(folder, STATUS)
        os.kill(os.getpid(), signal.SIGKILL)
