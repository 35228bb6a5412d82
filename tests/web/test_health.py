"""What the web app says about itself."""

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from falcon.testing import TestClient

from director.office import Office
from web.app import create_app

ROOT = Path(__file__).parents[2]


def test_it_is_live_whatever_else_is_away(office: Office) -> None:
    """
    /health needs nothing but the process.
    """
    client = TestClient(create_app(office))

    answer = client.simulate_get("/health")

    assert answer.status_code == 200
    assert answer.json == {"status": "live"}


def test_it_is_ready_when_the_database_answers(office: Office) -> None:
    """
    /ready looks at the record and says how many worker processes are there.
    """
    client = TestClient(create_app(office))

    answer = client.simulate_get("/ready")

    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "workers": 0}


def test_it_is_not_ready_when_the_database_does_not(office: Office) -> None:
    """
    A database that cannot be read is a 503 with the reason, no stack.
    """
    client = TestClient(create_app(office))
    with office.store.write() as tx:
        tx.conn.exec_driver_sql("drop table workers")

    answer = client.simulate_get("/ready")

    assert answer.status_code == 503
    assert "no such table" in answer.json["reason"]


def test_gunicorn_serves_it_and_a_taken_port_is_a_sentence(tmp_path: Path) -> None:
    """
    `gunicorn -c web/gunicorn.conf.py` serves the app; a second one on the same port says so in one line and exits 1.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environ = {"PATH": "/usr/bin:/bin", "WORKSPACE_DIR": str(tmp_path), "WEB_PORT": port}
    command = [sys.executable, "-m", "gunicorn", "-c", "web/gunicorn.conf.py"]
    served = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True)
    try:
        assert served.stderr is not None
        while "Application startup complete" not in (line := served.stderr.readline()) and "Booting worker" not in line:
            assert line, "gunicorn ended before it served"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=30) as answer:
            assert answer.status == 200
        second = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    finally:
        served.send_signal(signal.SIGTERM)
        served.communicate(timeout=30)

    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "WEB_PORT" in second.stderr
