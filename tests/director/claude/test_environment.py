"""What the client reads from the environment by itself: a wrong value is one sentence that names the variable."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from director.bootstrap import open_office
from director.calls.ask import ask
from director.claude import environment
from director.mailbox.turns import Held
from director.office import Office
from director.words.errors import ModelAway, WrongSetting
from director.words.settings import Settings
from tests.director.calls.test_ask import REQUEST

WRONG = [
    ("ALL_PROXY", "socks5://127.0.0.1:1"),
    ("all_proxy", "socks5h://127.0.0.1:1"),
    ("HTTPS_PROXY", "gopher://proxy.example.com"),
    ("https_proxy", "http://[::1"),
    ("HTTP_PROXY", "http://proxy.example.com:port"),
    ("HTTP_PROXY", "http://"),
    ("HTTP_PROXY", "http://127.0.0.1:99999"),
    ("HTTPS_PROXY", "http://proxy.example.com:0"),
    ("OTEL_PYTHON_CONTEXT", "gnome_context"),
    ("OTEL_PYTHON_TRACER_PROVIDER", "gnome_provider"),
    ("NO_PROXY", "localhost,[::bad"),
    ("no_proxy", "example.com:port"),
    ("SSL_CERT_FILE", "/nonexistent"),
    ("SSL_CERT_FILE", "/"),
    ("SSL_CERT_FILE", __file__),
    ("SSL_CERT_DIR", "/nonexistent"),
    ("ANTHROPIC_CUSTOM_HEADERS", "X-Gnome: 1\nbad name: 2"),
    ("ANTHROPIC_CUSTOM_HEADERS", ": 1"),
    ("ANTHROPIC_CUSTOM_HEADERS", "X-Gnome: 1\x00"),
]

#: Everything at once that people really set.
RIGHT = {
    "HTTP_PROXY": "proxy.example.com:3128",
    "HTTPS_PROXY": "http://gnome:s3cret@proxy.example.com:3128",
    "ALL_PROXY": "",
    "NO_PROXY": "localhost, 127.0.0.1,::1,10.0.0.0/8,.example.com,*.example.org,example.net:443,",
    "ANTHROPIC_CUSTOM_HEADERS": "X-Gnome: 1\nX-Other:2\nno header",
    "OTEL_PYTHON_CONTEXT": "contextvars_context",
}

VARIABLES = {name.upper() for name, _ in WRONG}


def client_made_with(variables: dict[str, str]) -> bool:
    """Whether the SDK itself takes these, in a process of its own."""
    clean = {name: value for name, value in os.environ.items() if name.upper() not in VARIABLES}
    program = "import anthropic; anthropic.AsyncAnthropic(api_key='none')"
    done = subprocess.run([sys.executable, "-c", program], env={**clean, **variables}, capture_output=True, check=False)
    return done.returncode == 0


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_a_sentence_with_the_variables_name(name: str, value: str) -> None:
    """Not a stack, and not "No such file" of a file nobody named."""
    with pytest.raises(WrongSetting) as problem:
        environment.check({name: value})

    assert str(problem.value).startswith(f"{name} has to be ")
    assert "\n" not in str(problem.value)


def test_what_people_set_is_taken() -> None:
    """By us, and by the client it is meant for."""
    environment.check(RIGHT)

    assert client_made_with(RIGHT)


def test_a_password_of_a_proxy_is_not_repeated() -> None:
    """What is wrong may be the scheme."""
    with pytest.raises(WrongSetting) as problem:
        environment.check({"HTTPS_PROXY": "gopher://gnome:s3cret@proxy.example.com"})

    assert "s3cret" not in str(problem.value)


def test_a_file_for_keys_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Python writes to it whenever certificates are read from a file."""
    with pytest.raises(WrongSetting, match="SSLKEYLOGFILE"):
        environment.check({"SSL_CERT_DIR": str(tmp_path), "SSLKEYLOGFILE": str(tmp_path / "none" / "keys")})


def test_what_is_written_small_counts() -> None:
    """As the client has it: the other is not looked at."""
    environment.check({"HTTPS_PROXY": "gopher://x", "https_proxy": "http://proxy.example.com"})


def test_it_stops_the_start_where_the_service_is_asked_and_nowhere_else(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rehearsal asks nobody, so it does not care."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent")
    open_office(Settings(workspace_dir=settings.workspace_dir)).close()

    with pytest.raises(WrongSetting, match="SSL_CERT_FILE"):
        open_office(Settings(workspace_dir=settings.workspace_dir, anthropic_base_url="http://127.0.0.1:1"))


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_that_is_not_there_is_named(
    open_with: Callable[..., Office], claimed: Callable[..., Held], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The service's address is right, and nobody looks there for what is wrong; and nothing was sent."""
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.lower(), raising=False)
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    office = open_with(anthropic_base_url="http://messages.example.com")
    with pytest.raises(ModelAway, match=f"cannot be reached through the proxy in {name}: ") as problem:
        ask(office, claimed(), REQUEST)

    assert not problem.value.may_be_paid


def test_who_wants_to_hear_of_all_that_is_wrong_is_told_of_each() -> None:
    """So that a person mends them in one go."""
    told: list[WrongSetting] = []
    environment.check(
        {"HTTPS_PROXY": "http://gnome:x", "NO_PROXY": "localhost,[::bad", "SSL_CERT_DIR": "/nowhere"}, told.append
    )

    assert {wrong.variable for wrong in told} == {"HTTPS_PROXY", "NO_PROXY", "SSL_CERT_DIR"}
