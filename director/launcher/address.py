"""Where the web app listens: whether it can, and how it is asked."""

import errno
import http.client
import socket
from contextlib import suppress
from typing import Final

from director.words.errors import WrongSetting
from director.words.settings import Settings

#: The variable in which the launcher tells its web app a word, and the header in which that gives it back: another program may
#: listen at the same port and be live, such as the web app of another workspace.
INSTANCE: Final = "TROUPE_WEB_INSTANCE"
INSTANCE_HEADER: Final = "Troupe-Instance"

#: What the web app answers at /health.
LIVE: Final = b'{"status": "live"}'

#: How long an answer to a look may take, and how much of it is read.
_ANSWER_S: Final = 1.0
_MOST_BYTES: Final = 100


def see_that_it_is_free(host: str, port: int) -> None:
    """
    See that somebody can listen there.

    Raises:
        WrongSetting: says why not.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET  # as gunicorn will
        [(*_, address), *_] = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as problem:
        why = f"{host}:{port} ({problem.strerror})"
        if problem.errno in (errno.EADDRINUSE, errno.EACCES):
            raise WrongSetting("WEB_PORT", "a port that is free", why) from problem
        raise WrongSetting("WEB_HOST", "an address of this machine, or a name of one", why) from problem
    except UnicodeError as problem:
        raise WrongSetting("WEB_HOST", "an address of this machine, or a name of one", repr(host)) from problem


def url(settings: Settings) -> str:
    """Where a person on this machine finds the web app."""
    host = _asked_at(settings)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.web_port}"


def answers(settings: Settings, instance: str) -> bool:
    """Whether the web app that was told *instance* says that it is live."""
    return who_answers(settings) == instance


def who_answers(settings: Settings, within_s: float = _ANSWER_S) -> str | None:
    """What the web app that says there that it is live was told; "" where it was told nothing, None where none does."""
    with suppress(OSError, http.client.HTTPException):
        asked = http.client.HTTPConnection(_asked_at(settings), settings.web_port, timeout=within_s)
        try:
            asked.request("GET", "/health")
            answer = asked.getresponse()
            if answer.status == http.client.OK:
                said = answer.getheader(INSTANCE_HEADER)
                return said or ("" if answer.read(_MOST_BYTES) == LIVE else None)
        finally:
            asked.close()
    return None


def _asked_at(settings: Settings) -> str:
    host = settings.web_host.strip("[]")
    # All addresses of this machine are none to ask at.
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with, not listened at
