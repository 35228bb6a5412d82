"""Addresses of several servers behind one name, which `urllib` cannot read."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

#: Where a Sentinel listens unless its address says otherwise.
SENTINEL_PORT: Final = 26379


@dataclass(frozen=True, slots=True)
class SentinelAddress:
    """A Redis that Sentinels watch: who is asked for the present master, and how it is spoken to."""

    sentinels: tuple[tuple[str, int], ...]
    service: str
    db: int
    username: str | None
    password: str | None
    sentinel_password: str | None

    @classmethod
    def parse(cls, text: str) -> "SentinelAddress":
        """
        Read `sentinel://[user:password@]host[:port][,host[:port]…]/service[/db][?sentinel_password=…]`.

        Raises:
            ValueError: it is something else.
        """
        parts = urlsplit(text)
        given, _, hosts = parts.netloc.rpartition("@")
        username, _, password = given.partition(":")
        service, _, db = parts.path.strip("/").partition("/")
        query = parse_qs(parts.query, strict_parsing=bool(parts.query))
        if parts.scheme != "sentinel" or not service or set(query) - {"sentinel_password"}:
            raise ValueError(text)
        return cls(
            sentinels=tuple(_host(host) for host in hosts.split(",")),
            service=service,
            db=int(db or 0),
            username=unquote(username) or None,
            password=unquote(password) or None,
            sentinel_password=query.get("sentinel_password", [None])[0],
        )


def _host(text: str) -> tuple[str, int]:
    name, _, port = text.partition(":")
    if not name:
        raise ValueError(text)
    return name, int(port or SENTINEL_PORT)
