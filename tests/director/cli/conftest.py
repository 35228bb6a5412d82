"""Commands as a person types them, in this process and on the office's workspace; nobody is at a terminal."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from rich.console import Console

from director import cli
from director.mailbox import admission, handling
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.words.models import Goal
from director.words.states import TurnState
from tests.conftest import VERBS


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture
def say(office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """`say("status", "g1")` is `python -m director status g1`, without a key and without a worker."""
    monkeypatch.setenv("WORKSPACE_DIR", str(office.settings.workspace_dir))
    monkeypatch.delenv("COLUMNS", raising=False)

    def run(*words: str) -> Said:
        monkeypatch.setattr("sys.argv", ["director", *words])
        monkeypatch.setenv("BRAND", "")  # each command is a process of its own, and --brand is its own
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return run


def do(office: Office, goal: Goal, *, most: int = 1) -> Goal:
    """Do at most *most* of the goal's turns; the goal as it is then."""
    for _ in range(most):
        admission.ring(office)
        with office.store.read() as tx:
            waiting = [turn for turn in tx.turns.of_goal(goal.id) if turn.state is TurnState.DISPATCHED]
        if waiting:
            handling.handle(office, waiting[0].id, VERBS, after_failure)
    with office.store.read() as tx:
        return tx.goals.get(goal.id)


def drawn(what: object, width: int) -> list[str]:
    """What a terminal of *width* columns shows of something, line by line."""
    console = Console(width=width, highlight=False, markup=False)
    with console.capture() as capture:
        console.print(what)
    return [line.rstrip() for line in capture.get().splitlines()]
