"""Addresses are shown without what is secret in them, whoever shows them and however it is written there."""

import string
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from redis import ConnectionPool
from redis.connection import parse_url

from director.redis.bus import Bus, RedisAway
from director.store.opening import open_store
from director.words.addresses import blanked, secrets_in, shown
from director.words.clock import Clock
from director.words.errors import StoreError, WrongSetting
from director.words.settings import _REDIS_OPTIONS, from_env

#: What can be written into an address as it is.
PLAIN = string.ascii_letters + string.digits + "-._~"

passwords = st.text(
    string.ascii_letters + string.digits + " !\"#$%&'()*+,-./:;<=>?@[]^_`{|}~é", min_size=4, max_size=20
)
#: Where a login, a host and a path were, and an option that may be a secret.
places = st.sampled_from(
    (
        "redis://gnome:{}@h:1/2",
        "redis://:{}@h",
        "rediss://h?password={}",
        "rediss://h/0?ssl_password={}&socket_timeout=5",
        "unix:///run/r.sock?db=1&password={}",
        "sentinel://gnome:{}@a:1,b/team/3",
        "sentinel://a,b/team?sentinel_password={}",
        "postgresql://gnome:{}@h:1/x",
        "postgresql+psycopg://gnome@h/x?password={}",
        "postgresql:///x?host=/run&sslpassword={}&sslmode=require",
        "https://gnome:{}@h/v1",
        "https://{}@h/v1",
    )
)


class TestShown:
    """What of an address people and logs are shown."""

    @pytest.mark.parametrize(
        ("address", "seen"),
        [
            ("redis://h:6380/1", "redis://h:6380/1"),
            ("redis://gnome:s3cret@h:6380/1", "redis://***@h:6380/1"),
            ("redis://h?password=s3cret&socket_timeout=5", "redis://h?password=***&socket_timeout=5"),
            ("redis://h?s3cret@x", "redis://h?***"),
            ("unix:///run/r.sock?db=1", "unix:///run/r.sock?db=1"),
            (
                "sentinel://gnome:s3cret@a:1,b/team/3?sentinel_password=s3cret",
                "sentinel://***@a:1,b/team/3?sentinel_password=***",
            ),
            ("postgresql://gnome:s3cret@/x?host=/run", "postgresql://***@/x?host=/run"),
            ("postgresql://h/x?sslmode=require&sslkey=k", "postgresql://h/x?sslmode=require&sslkey=***"),
            ("sqlite:////srv/g@home.sqlite", "sqlite:////srv/g@home.sqlite"),
            ("https://s3cret@h/v1", "https://***@h/v1"),
        ],
    )
    def test_where_it_leads_is_seen_and_who_logs_in_is_not(self, address: str, seen: str) -> None:
        """Options are seen whose names are known to be harmless; of any other only the name."""
        assert seen == shown(address)

    @given(places, passwords)
    def test_no_password_is_seen_or_repeated(self, place: str, password: str) -> None:
        """Nor is what somebody says who was given the address, in whatever way they write it."""
        written = quote(password, safe="")
        address = place.format(written)
        # What stands there without any password is no secret.
        assume(password not in place and written not in place)

        assert written not in shown(address)
        assert {password, written} <= secrets_in(address)
        for said in (f"cannot log in with {password!s}!", f"what is {address}?"):
            assert password not in blanked(said, address)
            assert written not in blanked(said, address)

    @given(st.text(PLAIN, min_size=4, max_size=10))
    def test_a_name_without_a_password_is_no_secret_at_postgresql(self, name: str) -> None:
        """There one logs in as somebody the machine knows, and is told who that is when it fails."""
        assert set() == secrets_in(f"postgresql://{name}@h/x")
        assert {name, b64encode(f"{name}:".encode()).decode()} == secrets_in(f"https://{name}@h/v1")

    @pytest.mark.parametrize(
        ("address", "secrets"),
        [
            ("sqlite:////srv/gnomes.sqlite", set()),
            ("redis://localhost:6379/3", set()),
            ("redis://:hunter2@localhost", {"hunter2"}),
            ("redis://localhost/0?password=hunter2&db=3", {"hunter2"}),
            ("rediss://gnome:p%40ss%2Fword@localhost", {"p%40ss%2Fword", "p@ss/word"}),
            ("sentinel://gnome:hunter2@one,two:26380/mymaster?sentinel_password=hunter3", {"hunter2", "hunter3"}),
            ("postgresql+psycopg://gnome:hunter2@localhost/gnomes?sslpassword=hunter3", {"hunter2", "hunter3"}),
            ("postgresql://gnome@localhost/gnomes", set()),
            ("https://gnome:hunter2@proxy.example", {"hunter2", "Z25vbWU6aHVudGVyMg=="}),
            ("https://t0ken@proxy.example", {"dDBrZW46", "t0ken"}),
        ],
    )
    def test_an_address_may_carry_secrets(self, address: str, secrets: set[str]) -> None:
        """
        The password, as it stands there and as it is meant, and as HTTP sends it; passwords among the options. No user's name.
        """
        assert secrets_in(address) == secrets

    def test_what_is_too_short_to_be_secret_stays(self) -> None:
        """Else half of every sentence would be blank."""
        address = "redis://:a@127.0.0.1?gnomes=1"

        assert "no bell at 127.0.0.1" == blanked("no bell at 127.0.0.1", address)
        assert "redis://***@127.0.0.1?gnomes=***" == shown(address)


class TestSaid:
    """The sentences that name an address."""

    @pytest.mark.parametrize(
        "address",
        [
            "redis://gnome:s3cret@127.0.0.1:1/0",
            "redis://127.0.0.1:1/0?password=s3cret",
            "rediss://127.0.0.1:1?ssl_password=s3cret",
            "sentinel://gnome:s3cret@127.0.0.1:1/team",
            "sentinel://127.0.0.1:1/team?sentinel_password=s3cret",
        ],
    )
    def test_a_redis_that_is_away_is_named_without_its_password(self, address: str) -> None:
        """And without redis-py's own objects, of which it shows some."""
        bus = Bus(address, "test")
        with pytest.raises(RedisAway, match=r"names \w+://(\*\*\*@)?127\.0\.0\.1:1") as away:
            bus.check()
        bus.close()

        assert "s3cret" not in str(away.value)
        assert "object at" not in str(away.value)

    @pytest.mark.parametrize(
        "address",
        [
            "postgresql://gnome:s3cret@127.0.0.1:1/x",
            "postgresql://gnome@127.0.0.1:1/x?password=s3cret",
            "postgresql://127.0.0.1:1/x?user=gnome&sslpassword=s3cret",
            "postgresql://127.0.0.1:1/x?options=s3cret&gnomes=s3cret",
        ],
    )
    def test_a_database_that_is_away_is_named_without_its_password(self, address: str, tmp_path: Path) -> None:
        """Also where it is an option, or one that nobody knows."""
        with pytest.raises(StoreError, match=r"The database postgresql://(\*\*\*@)?127\.0\.0\.1:1/x") as away:
            open_store(address, tmp_path, Clock())

        assert "s3cret" not in str(away.value)

    @pytest.mark.parametrize("option", ["timeout=abc", "check_same_thread=s3cret", "gnomes=s3cret", "password=s3cret"])
    def test_an_option_of_sqlite_that_is_none_is_a_sentence(self, option: str, tmp_path: Path) -> None:
        """It stops the start, without a stack or a warning of somebody else's."""
        with pytest.raises(WrongSetting, match="DATABASE_URL has to be an address ") as wrong:
            open_store(f"sqlite:///{tmp_path}/x.sqlite?{option}", tmp_path, Clock())

        assert "s3cret" not in str(wrong.value)
        assert not (tmp_path / "x.sqlite").exists()


#: Of the options of a Redis that are more than words, a good value each.
VALUES = {
    "db": "1",
    "protocol": "3",
    "max_connections": "9",
    "socket_read_size": "4096",
    "health_check_interval": "0",
    "socket_timeout": "0.5",
    "socket_connect_timeout": "2",
    "ssl_cert_reqs": "none",
    "ssl_min_version": "771",
    "ssl_include_verify_flags": "VERIFY_X509_STRICT",
    "ssl_exclude_verify_flags": "[VERIFY_X509_PARTIAL_CHAIN]",
}


@pytest.mark.parametrize(
    ("scheme", "option"), [(scheme, option) for scheme, options in _REDIS_OPTIONS.items() for option in options]
)
def test_what_the_settings_take_redis_py_takes(scheme: str, option: str) -> None:
    """An option that passed the start makes a connection, and stops no work with a stack."""
    address = f"{scheme}:///run/r.sock" if scheme == "unix" else f"{scheme}://h"
    address = f"{address}?{option}={VALUES.get(option, 'word')}"

    assert address == from_env({"REDIS_URL": address}).redis_url
    pool = ConnectionPool(**parse_url(address))
    assert pool.make_connection()
