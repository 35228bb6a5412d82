"""A real browser before a real web app: Debian's Chromium, gunicorn, and the team's work done in this process."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from director.office import Office
from director.words.models import Goal
from director.words.settings import Settings
from tests.conftest import SetClock

ROOT = Path(__file__).parents[2]

CHROMIUM = Path("/usr/bin/chromium")

#: It is asked for nothing that is not on this machine.
QUIET = [
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--disable-default-apps", "--disable-domain-reliability", "--disable-client-side-phishing-detection",
]  # fmt: skip

PATIENCE_S = 30


@pytest.fixture(scope="module")  # while it is there an event loop runs, which tests of other files have their own of
def chromium() -> Iterator[Any]:
    """The browser; where there is none, what needs it is left out, and says so."""
    if not CHROMIUM.exists():
        pytest.skip("no Chromium here: `apt-get install chromium` brings it; nothing was seen as a person sees it")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def clock() -> SetClock:
    """It stands still at the real moment: the web app is another process, which has no clock of ours."""
    clock = SetClock()
    clock.now = datetime.now(UTC)
    return clock


@pytest.fixture
def drain(drain: Callable[..., Goal], clock: SetClock) -> Callable[..., Goal]:
    """As `drain`, at the moment it is by then."""

    def work(office: Office, goal: Goal) -> Goal:
        clock.now = datetime.now(UTC)
        return drain(office, goal)

    return work


@pytest.fixture
def site(office: Office, settings: Settings, tmp_path: Path) -> Iterator[str]:
    """The address of a web app that has its own office over the same record."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "WORKSPACE_DIR": str(settings.workspace_dir),
        "REDIS_URL": settings.redis_url or "",
        "WEB_HOST": "127.0.0.1",
        "WEB_PORT": str(port),
    }
    log = (tmp_path / "web.log").open("w")
    program = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "web/gunicorn.conf.py"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=log,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(PATIENCE_S * 20):
            try:
                with urllib.request.urlopen(f"{address}/ready", timeout=5):  # noqa: S310 - it is ours
                    break
            except OSError:
                assert program.poll() is None, (tmp_path / "web.log").read_text()
                time.sleep(0.05)
        yield address
    finally:
        program.terminate()
        program.wait(PATIENCE_S)
        log.close()
