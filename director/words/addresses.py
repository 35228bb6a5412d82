"""The addresses of servers: reading those that `urllib` cannot, and showing any without what is secret in it."""

import base64
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, unquote_plus, urlsplit

from director.words.redaction import distinctive

#: Stands where something secret stood.
BLANK: Final = "***"

#: Options that say where, for how long and how something is connected. The value of any other may be a secret.
_HARMLESS: Final = frozenset(
    {
        *("db", "protocol", "max_connections", "health_check_interval", "retry_on_timeout"),
        *("socket_timeout", "socket_connect_timeout", "socket_keepalive", "ssl_cert_reqs", "ssl_check_hostname"),
        *("host", "hostaddr", "port", "dbname", "connect_timeout", "tcp_user_timeout", "keepalives", "sslmode"),
        *("application_name", "target_session_attrs", "timeout", "mode", "cache", "uri"),
    }
)

#: Shorter ones stand in half of all sentences, so blanking them there would say more than it hides.
_SHORTEST_SECRET: Final = 4

#: Of a line in PostgreSQL's file of passwords: all before the password, and what stands behind a backslash.
_FIELDS: Final = re.compile(r"^(?:(?:[^:\\]|\\.)*+:){4}")
_ESCAPED: Final = re.compile(r"\\(.)")

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


def shown(address: str) -> str:
    """*address* for people and logs: without who logs in, and without the value of any option that may be a secret."""
    parts = urlsplit(address)
    login, at, hosts = parts.netloc.rpartition("@")
    options = "&".join(_shown_option(option) for option in _options(parts.query))
    return f"{parts.scheme}://{BLANK if login else ''}{at}{hosts}{parts.path}{'?' if options else ''}{options}"


def secrets_in(address: str) -> set[str]:
    """
    What of *address* nobody is shown, as it is written there, as it is meant (`%40` for `@`) and as HTTP sends it: passwords,
    and the values of options that may be secrets. A name alone is a token, except at PostgreSQL, where names log in without
    a password.
    """
    parts = urlsplit(address)
    name, _, password = parts.netloc.rpartition("@")[0].partition(":")
    token = "" if parts.scheme.startswith("postgresql") else name
    values = [option.partition("=")[2] or option for option in _options(parts.query) if not _is_harmless(option)]
    written = {password or token, *values}
    meant = {form(text) for text in written for form in (unquote, unquote_plus)}
    sent = set()
    if parts.scheme in ("http", "https") and (name or password):
        sent.add(base64.b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode())
    return {text for text in written | meant | sent if len(text) >= _SHORTEST_SECRET}


def secrets_in_hook(address: str) -> set[str]:
    """
    What of an incoming webhook's address nobody is shown: whoever knows its path can write there. Only what is no ordinary
    word, since it is taken out of all that is written: "notifications" in a path is no secret.
    """
    parts = urlsplit(address)
    words = distinctive([*parts.path.split("/"), *(option.partition("=")[2] for option in _options(parts.query))])
    whole = {parts.path.strip("/")} if distinctive(parts.path.split("/")) else set()
    return {*words, *whole, *secrets_in(parts._replace(query="").geturl())}


def secrets_in_login(address: str) -> set[str]:
    """Who logs in at a mail server, as is said there: a name and a password together, or the password alone, in base64."""
    parts = urlsplit(address)
    if not parts.password:
        return set()
    name, password = unquote(parts.username or ""), unquote(parts.password)
    return {base64.b64encode(said.encode()).decode() for said in (f"\0{name}\0{password}", password)}


def blanked(text: str, address: str) -> str:
    """*text*, said by somebody who was given *address*, without what is secret in it."""
    own = secrets_in(address) | (secrets_beside() if address.startswith("postgresql") else set())
    for secret in sorted(own, key=len, reverse=True):
        text = text.replace(secret, BLANK)
    return text


def secrets_beside(environ: Mapping[str, str] = os.environ) -> set[str]:
    """
    What PostgreSQL's client logs in with where the address has no password: from its variable, its file of passwords, its file
    of services. Who is given it may repeat it too.
    """
    found = {environ.get("PGPASSWORD", "")}
    home = environ.get("HOME", "")
    for name, usual in (("PGPASSFILE", ".pgpass"), ("PGSERVICEFILE", ".pg_service.conf")):
        file = Path(environ.get(name) or Path(home) / usual)
        with suppress(OSError):  # the client says so itself
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else []
            for line in lines:
                option, _, value = line.partition("=")
                if name == "PGPASSFILE":
                    value = _ESCAPED.sub(r"\1", _FIELDS.sub("", line))
                elif option.strip() not in ("password", "sslpassword"):
                    continue
                found.add(value.strip())
    return {text for text in found if len(text) >= _SHORTEST_SECRET}


def _options(query: str) -> list[str]:
    return query.split("&") if query else []


def _is_harmless(option: str) -> bool:
    return option.partition("=")[0] in _HARMLESS


def _shown_option(option: str) -> str:
    if _is_harmless(option):
        return option
    name, equals, _ = option.partition("=")
    # What is no name may be the rest of a password with "?" in it.
    return f"{name}={BLANK}" if equals and name.isidentifier() else BLANK


def _host(text: str) -> tuple[str, int]:
    name, _, given = text.partition(":")
    port = int(given or SENTINEL_PORT)
    if not name or not 0 < port <= 65535:
        raise ValueError(text)
    return name, port
