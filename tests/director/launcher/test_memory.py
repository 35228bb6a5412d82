"""What processes take of the memory is read from /proc."""

import os
from pathlib import Path

import pytest

from director.launcher import memory

PAGE = os.sysconf("SC_PAGE_SIZE")


def add(proc: Path, pid: int, name: str, session: int, pages: int) -> None:
    """A process, as Linux writes it."""
    fields = ["S", "1", str(pid), str(session), *["0"] * 17, str(pages), *["0"] * 28]
    (proc / str(pid)).mkdir()
    (proc / str(pid) / "stat").write_text(f"{pid} ({name}) {' '.join(fields)}\n")


def test_a_sessions_memory_is_that_of_all_its_processes(tmp_path: Path) -> None:
    """Whatever they are called; one that ends meanwhile counts for nothing."""
    add(tmp_path, 10, "dramatiq", 10, 100)
    add(tmp_path, 11, "a) S 1 (b", 10, 20)
    add(tmp_path, 12, "web", 12, 7)
    (tmp_path / "13").mkdir()
    (tmp_path / "14").mkdir()
    (tmp_path / "14" / "stat").write_text("")

    assert memory.by_session(tmp_path) == {10: 120 * PAGE, 12: 7 * PAGE}
    assert memory.of(11, tmp_path) == 20 * PAGE
    assert memory.of(13, tmp_path) is None


def test_where_there_is_no_proc_nobody_knows(tmp_path: Path) -> None:
    """As on macOS."""
    assert memory.by_session(tmp_path / "none") == {}
    assert memory.of(os.getpid(), tmp_path / "none") is None


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")
def test_our_own_memory_is_what_the_system_says() -> None:
    """In the order of what a Python process takes."""
    ours = memory.of(os.getpid())

    assert ours is not None
    assert 5 * 2**20 < ours < 2**34
    assert memory.by_session()[os.getsid(0)] >= ours
