"""What runs, in the order in which it is started: Redis where none is named, the workers, the clock, the web app."""

import os
import secrets
import sys
import sysconfig
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

import director
from director.bootstrap import embedded_server
from director.concurrency.stopping import CLOSING_TIME
from director.launcher import address
from director.launcher.lines import Lines
from director.launcher.process import Process, Program
from director.launcher.server import Server
from director.launcher.supervisor import Part
from director.office import Office
from director.words.errors import StoreError
from director.words.settings import Settings

#: Who speaks.
NAMES: Final = ("redis", "workers", "clock", "web")

#: What a worker does once its calls are over: Dramatiq looks each second, three times.
_WORKERS_SLACK: Final = timedelta(seconds=15)

_WEB_GRACE: Final = timedelta(seconds=5)
_CLOCK_GRACE: Final = timedelta(seconds=2)

#: The clock has nothing that could be asked; one that stays up that long has read its settings.
_CLOCK_STAYS_S: Final = 2.0

#: The folder our packages are in.
_OURS: Final = Path(director.__file__).parents[1]


def parts(settings: Settings, office: Office, lines: Lines, *, web_first: bool = False) -> list[Part]:
    """
    All that runs for these settings. *office* is only looked into, for who is there. *web_first*: somebody waits for the page,
    which needs nobody to be there for it; the workers take seconds.
    """
    ours: list[Part] = []
    if settings.redis_url is None:
        ours.append(Server(embedded_server(settings), settings.state_dir, _environment(settings)))
    programs = [_workers(settings, office), _clock(settings)]
    programs.insert(0 if web_first else len(programs), _web(settings))
    return [*ours, *(Process(program, lines) for program in programs)]


def _workers(settings: Settings, office: Office) -> Program:
    # One process: turns wait for the network. A thread more than there are turns at once, so that a tick waits for none.
    threads = str(settings.max_parallel_agents + 1)
    # Without a path of its own, which by itself is the folder that somebody stands in.
    words = ("dramatiq.cli:main", "actors", "--processes", "1", "--threads", threads, "--skip-logging", "--path")
    return Program(
        "workers",
        _logged(*words),
        _announced(office),
        CLOSING_TIME + _WORKERS_SLACK,
        knows_second=True,
        environment=_environment(settings),
    )


def _clock(settings: Settings) -> Program:
    words = ("periodiq:entrypoint", "actors", "--path")
    return Program(
        "clock",
        _logged(*words),
        lambda _session, after_s: after_s >= _CLOCK_STAYS_S,
        _CLOCK_GRACE,
        environment=_environment(settings),
    )


def _web(settings: Settings) -> Program:
    config = str(_OURS / "web" / "gunicorn.conf.py")
    instance = secrets.token_hex(8)
    graceful = str(int(_WEB_GRACE.total_seconds()) - 1)
    words = ("-m", "gunicorn", "-c", config, "--pythonpath", str(_OURS), "--graceful-timeout", graceful)
    return Program(
        "web",
        _python(*words),
        lambda _session, _after_s: address.answers(settings, instance),
        _WEB_GRACE,
        environment={**_environment(settings), address.INSTANCE: instance},
    )


def _logged(*words: str) -> tuple[str, ...]:
    return _python("-m", "director.launcher.logged", *words)


def _python(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-P", *words)


def _environment(settings: Settings) -> dict[str, str]:
    """What they are told besides what the launcher was: how to log where a person reads, and where we are."""
    told = {}
    if settings.log_format is None and os.isatty(2):
        told["LOG_FORMAT"] = "pretty"
    if str(_OURS) != sysconfig.get_path("purelib"):
        told["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_OURS), os.environ.get("PYTHONPATH", ""))))
    return told


def _announced(office: Office) -> Callable[[int, float], bool]:
    def ready(session: int, _after_s: float) -> bool:
        try:
            with office.store.read() as tx:
                here = [worker for worker in tx.presence.here() if worker.standing and worker.threads]
        except StoreError:
            return False
        own = f"{office.owner.split(':', maxsplit=1)[0]}:"
        return any(_session_of(int(w.owner.split(":")[1])) == session for w in here if w.owner.startswith(own))

    return ready


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:
        return None
