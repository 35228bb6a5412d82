"""`down`: what is up is stopped."""

import os
import signal
import sys
import time
from contextlib import suppress
from typing import Final

from director.cli.documents import print_document
from director.cli.terminal import say_workspace
from director.launcher import state
from director.launcher.state import State
from director.words.command import program
from director.words.errors import WorkspaceError
from director.words.settings import from_env

_LOOK_S: Final = 0.1


def stop_all(*, json: bool) -> None:
    """
    Tell the launcher to stop and wait until it is gone, saying meanwhile what is waited for. Where nothing is up, that is what
    was asked for.
    """
    settings = from_env()
    if not json:
        say_workspace(settings)
    status = state.find(settings.state_dir)
    if status is not None:
        if status.is_elsewhere:
            raise WorkspaceError(
                f"The team is up in another container or on another machine, as process {status.pid} there: stop it there, "
                f"with `{program()} down` or a SIGTERM to that process."
            )
        with suppress(ProcessLookupError):  # it has just gone
            try:
                os.kill(status.pid, signal.SIGTERM)
            except PermissionError:
                raise WorkspaceError(
                    f"Process {status.pid} has to be stopped by who started it, and that was somebody else; ask them."
                ) from None
    told = ""
    while (now := state.find(settings.state_dir)) is not None and status is not None and now.pid == status.pid:
        stopping = next((part.name for part in now.parts if part.state is State.STOPPING), "")
        if stopping != told and stopping:
            print(f"Stopping {stopping}.", file=sys.stderr, flush=True)  # noqa: T201
            told = stopping
        time.sleep(_LOOK_S)
    if json:
        print_document({"up": False, "stopped": status is not None})
    else:
        print("Stopped." if status is not None else "Nothing was up.")  # noqa: T201
