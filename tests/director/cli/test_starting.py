"""The first word at a terminal."""

from datetime import UTC, datetime

import pytest

from director.cli.starting import say_it_starts_or_is_up
from director.launcher import state
from director.office import Office


def test_a_team_that_is_up_is_not_got_ready(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`open` says which it is, before anything is loaded; nothing where nobody is at a terminal."""
    monkeypatch.setenv("WORKSPACE_DIR", str(office.settings.workspace_dir))
    say_it_starts_or_is_up()
    assert capsys.readouterr().err == ""
    for stream in ("stdout", "stderr"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True)

    say_it_starts_or_is_up()
    assert capsys.readouterr().err == "Getting the team ready; that takes some seconds.\n"
    with state.held(office.settings.state_dir, datetime.now(UTC)):
        say_it_starts_or_is_up()
    assert capsys.readouterr().err == "The team is up.\n"
