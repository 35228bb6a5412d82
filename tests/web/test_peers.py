"""Whose socket is at the other end: what Linux says of it, in each way it can be asked."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

import pytest

from tests.web.test_health import PATIENCE_S, Gunicorn
from web import peers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems tell of a socket only to root")

#: A user that is neither root nor who runs the tests.
ANOTHER: Final = 7919

#: Asks /metrics as another user, who may read nothing of ours.
ASK: Final = """
import os, socket, sys
os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
line = socket.socket()
line.connect(("127.0.0.1", int(sys.argv[1])))
line.sendall(b"GET /metrics HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nConnection: close\\r\\n\\r\\n")
os.write(1, line.recv(100))
"""

Asked = Callable[[tuple[str, int], tuple[str, int]], int | None]


def by_netlink(theirs: tuple[str, int], ours: tuple[str, int]) -> int | None:
    try:
        return peers._asked(ip_address(theirs[0]), theirs[1], ip_address(ours[0]), ours[1])
    except FileNotFoundError:
        return None


def by_tables(theirs: tuple[str, int], ours: tuple[str, int]) -> int | None:
    return peers._read(ip_address(theirs[0]), theirs[1], ip_address(ours[0]), ours[1])


@pytest.fixture(params=["4 to 4", "4 to 6", "6 to 4", "6 to 6"])
def pair(request: pytest.FixtureRequest) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Who asks, and who is asked, over loopback in each way of writing it."""
    asks, asked = request.param.split(" to ")
    with socket.socket(socket.AF_INET if asked == "4" else socket.AF_INET6) as listening:
        if asked == "6":
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listening.bind(("127.0.0.1" if asked == "4" else "::", 0))
        listening.listen()
        to = {"4 to 4": "127.0.0.1", "4 to 6": "127.0.0.1", "6 to 4": "::ffff:127.0.0.1", "6 to 6": "::1"}
        with socket.socket(socket.AF_INET if asks == "4" else socket.AF_INET6) as client:
            client.connect((to[request.param], listening.getsockname()[1]))
            with listening.accept()[0] as served:
                yield client, served


@pytest.mark.parametrize("asked", [peers.owner_of, by_netlink, by_tables])
def test_the_owner_is_found_by_each_way_until_the_socket_is_closed(
    asked: Asked, pair: tuple[socket.socket, socket.socket]
) -> None:
    """Of one that was closed while its answer was to come the kernel says it is root's: nobody's, then."""
    client, served = pair
    ends = served.getpeername()[:2], served.getsockname()[:2]

    assert asked(*ends) == os.geteuid()
    client.close()
    assert asked(*ends) is None


def test_only_who_we_run_as_and_root_are_ours(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not who is nobody to us, whom several may be; nor whose socket is in another namespace and not to be found."""
    _, served = pair
    scope: dict[str, Any] = {"client": served.getpeername()[:2], "server": served.getsockname()[:2]}
    assert peers.is_ours(scope)
    for owner, ours in ((0, True), (os.geteuid(), True), (ANOTHER, False), (None, False)):
        monkeypatch.setattr(peers, "owner_of", lambda *_, found=owner: found)
        assert peers.is_ours(scope) is ours
    monkeypatch.setattr(os, "geteuid", peers._nobody)
    monkeypatch.setattr(peers, "owner_of", lambda *_: peers._nobody())
    assert not peers.is_ours(scope)


def test_where_nothing_is_told_nobody_is_ours(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sandbox with neither netlink nor the tables; with the tables alone it is as ever."""
    _, served = pair
    scope: dict[str, Any] = {"client": served.getpeername()[:2], "server": served.getsockname()[:2]}
    monkeypatch.setattr(peers, "_SOCK_DIAG", 9999)
    assert peers.is_ours(scope)
    monkeypatch.setattr(peers, "_TABLE", Path("/proc/net/none"))
    monkeypatch.setattr(peers, "_TABLE_6", Path("/proc/net/none"))
    assert not peers.is_ours(scope)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_another_user_of_this_machine_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """A proxy that adds no header, as nginx under its own user can be told to be; who we run as comes in as before."""
    with Gunicorn(tmp_path) as served:
        served.says("Booting worker")
        command = [sys.executable, "-c", ASK, served.port]
        status = {
            user: subprocess.run(
                [*command, str(user)], check=True, capture_output=True, text=True, timeout=PATIENCE_S
            ).stdout
            for user in (os.geteuid(), ANOTHER)
        }
        with closing(socket.create_connection(("127.0.0.1", int(served.port)), PATIENCE_S)) as line:
            line.sendall(b"GET /api/v1/goals HTTP/1.1\r\nHost: localhost\r\n\r\n")
            with closing(line.makefile("rb")) as answer:
                ours = answer.readline().decode()

    assert [line.split()[1] for line in (status[os.geteuid()], status[ANOTHER], ours)] == ["200", "403", "200"]
