"""
Who reads may pause (`status | less`), and a disk may hang: no transaction stays open meanwhile, else the database keeps all
that is written.
"""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from director import cli
from director.cli.follow import follow
from director.goals.missing_files import write_all_missing
from director.goals.submit import submit
from director.office import Office
from director.store.database import Store
from director.store.tx import Tx
from director.words.models import Goal

Drain = Callable[[Office, Goal], Goal]

COMMANDS = [
    "status", "status --all --json", "status g1", "status g1 --json", "status --stuck", "show g1", "show g1-1", "show g2",
    "show g1-1 --prompt", "show a1", "approvals", "approvals --json", "watch g1", "watch g1 --json",
]  # fmt: skip


class Screen(io.StringIO):
    """A standard output that knows which transactions are open when it is written to."""

    def __init__(self, open_ones: list[str]) -> None:
        super().__init__()
        self._open = open_ones
        self.during: list[str] = []

    def write(self, text: str) -> int:
        """Takes the text, and remembers what was written too early."""
        if self._open:
            self.during.append(text)
        return super().write(text)


@pytest.fixture
def open_ones(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One for each transaction that is open now."""
    open_ones: list[str] = []

    def counted(usual: Callable[[Store], Iterator[Tx]]) -> Callable[[Store], Iterator[Tx]]:
        def one(store: Store) -> Iterator[Tx]:
            with usual(store) as tx:  # type: ignore[attr-defined]  # it is a context manager
                open_ones.append("one")
                try:
                    yield tx
                finally:
                    open_ones.pop()

        return contextmanager(one)

    for name in ("read", "write"):
        monkeypatch.setattr(Store, name, counted(getattr(Store, name)))
    return open_ones


@pytest.fixture
def screen(open_ones: list[str]) -> Screen:
    """What a person or a pipe reads from."""
    return Screen(open_ones)


@pytest.fixture
def goals(office: Office, drain: Drain) -> list[Goal]:
    """One that is over, and one whose plan waits for a yes."""
    return [drain(office, submit(office, "Sell gnomes")), drain(office, submit(office, "More gnomes", confirm=True))]


@pytest.mark.usefixtures("goals")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_reads_then_closes_the_record_then_prints(
    office: Office, screen: Screen, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is looked at, and in which form."""
    monkeypatch.setenv("WORKSPACE_DIR", str(office.settings.workspace_dir))
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr("sys.argv", ["director", *command.split()])
    with pytest.raises(SystemExit):
        cli.main()

    assert screen.getvalue().strip()
    assert [] == screen.during


@pytest.mark.parametrize("terminal", [False, True])
def test_who_follows_a_goal_keeps_nothing_open_either(
    office: Office, screen: Screen, goals: list[Goal], terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither with lines nor with a live table."""
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(screen, "isatty", lambda: terminal)
    monkeypatch.setenv("TERM", "xterm")
    follow(office, goals[0].id, json=False)

    assert screen.getvalue().strip()
    assert [] == screen.during


def test_files_are_written_when_the_record_is_closed(
    office: Office, open_ones: list[str], drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of a task, the report, and those that a process which starts finds missing: the workspace's disk may be slow."""
    written: list[tuple[str, int]] = []
    usual = Path.replace

    def seen(part: Path, file: Path) -> Path:
        written.append((file.name, len(open_ones)))
        return usual(part, file)

    monkeypatch.setattr(Path, "replace", seen)
    drain(office, submit(office, "Sell gnomes"))
    report = office.settings.workspace_dir / "reports" / "g1.md"
    outputs = list((office.settings.workspace_dir / "outputs").rglob("*.md"))
    for file in (report, *outputs):
        file.unlink()
    before = len(written)
    write_all_missing(office)

    assert len(outputs) > 1
    assert {file.name for file in (report, *outputs)} == {name for name, _ in written[before:]}
    assert {0} == {count for _, count in written}
