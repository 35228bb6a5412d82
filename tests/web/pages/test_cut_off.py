"""A form whose sender went away in the middle, over the real server."""

import socket
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from director.bootstrap import open_office
from director.words.settings import from_env
from tests.web.test_health import PATIENCE_S, Gunicorn


def test_a_form_that_is_cut_off_is_not_taken(tmp_path: Path) -> None:
    """Half of an instruction is another instruction."""
    body = b"key=gnomes&text=Win+back+all+customers+but+do+not"
    with Gunicorn(tmp_path) as served:
        served.says("Booting worker")
        assert served.get("/ready")[0] == 200
        head = (
            f"POST /goals HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nSec-Fetch-Site: same-origin\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body) + 30}\r\n\r\n"
        )
        with closing(socket.create_connection(("127.0.0.1", int(served.port)), PATIENCE_S)) as sender:
            sender.sendall(head.encode() + body)
            sender.shutdown(socket.SHUT_WR)
            answer = sender.recv(4096)
        office = open_office(replace(from_env({}), workspace_dir=tmp_path, redis_url=f"unix://{tmp_path}/nobody.sock"))
        with closing(office), office.store.read() as tx:
            assert tx.goals.count() == 0

    assert not answer or b" 400 " in answer.partition(b"\r\n")[0]
