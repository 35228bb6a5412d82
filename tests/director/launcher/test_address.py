"""Where the web app listens is looked at before anything is started, and asked at where it can be."""

import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from director.launcher import address
from director.words.errors import WrongSetting
from director.words.settings import Settings


def test_a_port_that_is_taken_is_a_sentence() -> None:
    """It names the setting and what came; once it is free, there is nothing to say."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(WrongSetting, match=rf"WEB_PORT has to be a port that is free; it is 127\.0\.0\.1:{port}"):
            address.see_that_it_is_free("127.0.0.1", port)
    address.see_that_it_is_free("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "nobody.invalid", "a" * 64 + ".b"])
def test_a_host_that_is_not_this_machine_is_a_sentence(host: str) -> None:
    """An address of somebody else's, a name nobody has, one that cannot be."""
    with pytest.raises(WrongSetting, match="WEB_HOST has to be an address of this machine"):
        address.see_that_it_is_free(host, 0)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104 - it is only read
        ("::", "http://[::1]:8000"),
        ("[::1]", "http://[::1]:8000"),
        ("team.example", "http://team.example:8000"),
    ],
)
def test_a_person_is_told_an_address_that_can_be_opened(host: str, url: str) -> None:
    """All addresses are none to open."""
    assert address.url(Settings(workspace_dir=Path("workspace"), web_host=host)) == url


def test_what_answers_otherwise_is_not_ready() -> None:
    """Nobody there, and somebody who says nothing that is an answer."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        settings = Settings(web_port=silent.getsockname()[1])
        assert not address.answers(settings, "ours")
        silent.listen()
        assert not address.answers(settings, "ours")


@pytest.mark.parametrize(
    ("says", "ready"), [("", False), ("Troupe-Instance: theirs\r\n", False), ("troupe-instance: ours\r\n", True)]
)
def test_another_that_is_live_is_not_ours(says: str, ready: bool) -> None:
    """Such as the web app of another workspace, at a port that was free when ours began."""
    with socket.socket() as listening, ThreadPoolExecutor(1) as pool:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        looked = pool.submit(address.answers, Settings(web_port=listening.getsockname()[1]), "ours")
        with listening.accept()[0] as line:
            line.recv(1000)
            line.sendall(f"HTTP/1.1 200 OK\r\n{says}Content-Length: 0\r\n\r\n".encode())
        assert looked.result() is ready
