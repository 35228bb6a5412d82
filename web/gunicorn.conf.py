"""How gunicorn serves the web app: `gunicorn -c web/gunicorn.conf.py`. WEB_HOST and WEB_PORT say where."""

import os
import sys
from typing import Any

from director.launcher.address import see_that_it_is_free
from director.words import log
from director.words.errors import DirectorError
from director.words.own_secrets import own_secrets
from director.words.settings import from_env
from director.words.streams import guard
from web.room import connections, make_room

guard()  # before gunicorn makes its loggers
try:
    _settings = from_env()
except DirectorError as _problem:
    sys.stderr.write(f"{_problem}\n")
    raise SystemExit(_problem.exit_code) from None
guard(own_secrets(_settings))  # a stack in the log says what a database said, which may be what it was given
log.configure(_settings.log_level, _settings.log_format, own_secrets(_settings))

wsgi_app = "web.app:get_app()"
_host = _settings.web_host.strip("[]")
bind = f"[{_host}]:{_settings.web_port}" if ":" in _host else f"{_host}:{_settings.web_port}"
worker_class = "web.connections.Worker"
make_room()
worker_connections = connections()
workers = 1
logger_class = "web.logs.Logger"
loglevel = _settings.log_level
# Two gunicorns of one user would take each other's socket.
control_socket_disable = True


def on_starting(server: Any) -> None:
    """
    See that gunicorn can listen where it was told to; by itself it tries for five seconds and says less.

    Not at import: this file is read again at each reload (SIGHUP), when the port is taken by gunicorn itself. So it is also
    where gunicorn is handed its sockets, by the one it takes over from (SIGUSR2) or by systemd.
    """
    if server.master_pid or os.environ.get("LISTEN_PID") == str(os.getpid()):
        return
    try:
        for address in server.address:
            if isinstance(address, tuple):
                see_that_it_is_free(*address)
    except DirectorError as problem:
        sys.stderr.write(f"{problem}\n")
        raise SystemExit(problem.exit_code) from None
