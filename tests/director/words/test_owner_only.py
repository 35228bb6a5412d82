"""What the team keeps is its owner's, whatever the umask says: drafts, prompts and the product context are in it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from director.redis.embedded import EmbeddedServer
from director.store.opening import open_store
from director.words.clock import Clock


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """The one most systems have, with which new files can be read by everybody."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """The folder itself, and what is in it, that anybody else may look into."""
    return [str(path) for path in (folder, *folder.rglob("*")) if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_a_new_record_and_server_are_the_owners(tmp_path: Path) -> None:
    """Also the server's socket, through which anybody could ring, and its log."""
    state = tmp_path / "workspace" / ".state"
    store = open_store(None, state, Clock())
    with store.write() as tx, EmbeddedServer(state):
        tx.keep("A draft.")
        assert [] == open_to_others(state)
    store.close()


@pytest.mark.parametrize("options", ["", "?timeout=30"])
def test_a_record_in_a_file_that_is_named_is_the_owners(tmp_path: Path, options: str) -> None:
    """DATABASE_URL may put it beside other things, in a folder that stays as it is."""
    tmp_path.chmod(0o755)
    store = open_store(f"sqlite:///{tmp_path / 'gnomes.sqlite'}{options}", tmp_path / "unused", Clock())
    with store.write() as tx:
        tx.keep("A draft.")
        assert [str(tmp_path)] == open_to_others(tmp_path)
    store.close()


def test_a_file_that_was_there_is_as_people_share_it(tmp_path: Path) -> None:
    """Whoever named it may have given it to a group; and what is named may be no file at all."""
    file = tmp_path / "gnomes.sqlite"
    file.touch()
    file.chmod(0o660)
    open_store(f"sqlite:///{file}", tmp_path / "unused", Clock()).close()

    assert 0o660 == stat.S_IMODE(file.stat().st_mode)


def test_what_people_share_stays_as_they_have_it(tmp_path: Path) -> None:
    """The workspace around it is theirs."""
    open_store(None, tmp_path / "workspace" / ".state", Clock()).close()

    assert 0o755 == stat.S_IMODE((tmp_path / "workspace").stat().st_mode)


def test_an_older_installation_is_tightened_when_it_is_opened(tmp_path: Path) -> None:
    """It was made readable by everybody."""
    state = tmp_path / ".state"
    open_store(None, state, Clock()).close()
    state.chmod(0o755)
    (state / "troupe.sqlite").chmod(0o644)
    store = open_store(None, state, Clock())
    with store.write() as tx:
        tx.keep("A draft.")
        assert [] == open_to_others(state)
    store.close()
