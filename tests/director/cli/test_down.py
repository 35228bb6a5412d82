"""`down`, where the team that is up cannot be told from here."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from director.launcher import state
from director.office import Office
from tests.director.cli.conftest import Said


def test_one_that_is_up_in_another_container_is_not_told_from_here(
    office: Office, say: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its number is nobody's here, or somebody else's: one sentence, no signal, and nobody waits for its end."""
    sent: list[int] = []
    monkeypatch.setattr(os, "kill", lambda _pid, number: sent.append(number))
    folder = office.settings.state_dir
    with state.held(folder, datetime.now(UTC)) as status:
        state.write(folder, replace(status, where="another pid:[4711]"))
        said = say("down")

    assert said.code == 1
    assert f"in another container or on another machine, as process {os.getpid()} there" in said.err
    assert signal.SIGTERM not in sent
