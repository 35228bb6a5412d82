"""How gunicorn serves the web app: `gunicorn -c web/gunicorn.conf.py`. WEB_HOST and WEB_PORT say where."""

import socket
import sys

from director.errors import DirectorError, WrongSetting
from director.settings import from_env

try:
    _settings = from_env()
    with socket.socket() as _probe:
        _probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            _probe.bind((_settings.web_host, _settings.web_port))
        except OSError as _problem:
            _where = f"{_settings.web_host}:{_settings.web_port}"
            raise WrongSetting("WEB_PORT", "a port that is free", f"{_where} ({_problem.strerror})") from _problem
except DirectorError as _problem:
    sys.stderr.write(f"{_problem}\n")
    raise SystemExit(_problem.exit_code) from None

wsgi_app = "web.app:get_app()"
bind = f"{_settings.web_host}:{_settings.web_port}"
worker_class = "asgi"
workers = 1
# Two gunicorns of one user would take each other's socket.
control_socket_disable = True
