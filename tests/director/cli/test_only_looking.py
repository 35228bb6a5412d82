"""A command that only looks leaves nothing behind, wherever it is called."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.director.cli.conftest import Said


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("status",), 0),
        (("status", "--json"), 0),
        (("status", "g1"), 2),
        (("status", "--stuck"), 0),
        (("approvals",), 0),
        (("show", "g1"), 2),
        (("show", "--prompt", "g1-1"), 2),
        (("watch", "g1"), 2),
        (("cancel", "g1"), 2),
        (("approve", "a1"), 2),
        (("revise", "a1", "Shorter"), 2),
        (("costs",), 0),
        (("costs", "--unknown"), 0),
        (("skills",), 0),
        (("pipelines",), 0),
        (("context", "check"), 2),
        (("doctor",), 0),
    ],
    ids=lambda what: " ".join(what) if isinstance(what, tuple) else str(what),
)
@pytest.mark.parametrize("elsewhere", [{}, {"DATABASE_URL": "sqlite:///record.sqlite"}], ids=["here", "named"])
def test_what_only_looks_makes_nothing(
    say: Callable[..., Said],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    code: int,
    elsewhere: dict[str, str],
) -> None:
    """
    Nor does what needs something that is not there: a folder one was in by mistake stays as it was.
    """
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name, value in {"WORKSPACE_DIR": str(folder / "workspace"), **elsewhere}.items():
        monkeypatch.setenv(name, value)
    said = say(*words)

    assert said.code == code
    assert list(folder.iterdir()) == []


def test_what_keeps_a_record_from_being_there_is_still_said(
    say: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A workspace that cannot be looked into is not one without goals.
    """
    (tmp_path / "file").touch()
    monkeypatch.setenv("WORKSPACE_DIR", str(tmp_path / "file"))
    said = say("status")

    assert said.code == 1
    assert "file cannot be written" in said.err
