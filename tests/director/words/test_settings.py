"""Settings: every variable's default, a good value, and wrong ones that stop the start with one sentence."""

import base64
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, fields, replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.bootstrap import open_office
from director.goals.submit import goal_cap
from director.office import Office
from director.words.amounts import NANO
from director.words.errors import DirectorError, WrongSetting
from director.words.models import Brand
from director.words.settings import Settings, from_env

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Variable:
    """What is known of one variable. *good* are what a person may write, and what is made of it; *beside*: what it needs."""

    field: str
    default: Any
    good: dict[str, Any]
    wrong: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


KEY = "sk-" + "gnome-0123456789"
REDIS = "redis://:s3cret@redis.example.com:6380/1"
HOOK = "https://hooks.example.com/services/T0/B0/s3cret-of-gnomes"
SIGNS = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LINKS = "0123456789abcdef" * 2
SMTP = "smtps://gnome:s3cret@smtp.example.com:465"
POSTGRESQL = "postgresql+psycopg://gnome:s3cret@db.example.com/gnomes"

VARIABLES = {
    "ANTHROPIC_API_KEY": Variable(
        "anthropic_api_key", None, {KEY: KEY, f"  {KEY} ": KEY}, ("two words", "tab\tinside", "bell\x07")
    ),
    "ANTHROPIC_AUTH_TOKEN": Variable("anthropic_auth_token", None, {KEY: KEY}, ("two words", "bell\x07")),
    "ANTHROPIC_BASE_URL": Variable(
        "anthropic_base_url",
        None,
        {
            "http://127.0.0.1:8080": "http://127.0.0.1:8080",
            "https://proxy.example.com/v1": "https://proxy.example.com/v1",
        },
        (
            "proxy.example.com",
            "ftp://example.com",
            "http://",
            "https:",
            "http://example.com:99999",
            "http://example.com:port",
            "http:/messages",
            "http://gnome:s3cret@",
            "http://example.com/?api_key=s3cret",
            "http://example.com/#s3cret",
            "http://gnome:s3@cret@example.com",
            "http://example.com/\x07",
        ),
    ),
    "TIME_ZONE": Variable(
        "time_zone",
        None,
        {"Europe/London": ZoneInfo("Europe/London"), "UTC": ZoneInfo("UTC")},
        ("Gnomeland", "Europe/Gnomeland", "../UTC", "/etc/passwd", "CET-1", "x" * 5000),
    ),
    "MODEL": Variable("model", None, {"claude-haiku-5-5": "claude-haiku-5-5"}),
    "REHEARSAL": Variable("rehearsal", "", {"latency_ms=200 send_back=1": "latency_ms=200 send_back=1"}),
    "CALL_TIMEOUT_S": Variable(
        "call_timeout",
        timedelta(minutes=10),
        {"1": timedelta(seconds=1), "2.5": timedelta(seconds=2.5), "3600": timedelta(hours=1)},
        ("0", "0.9", "3600.1", "-5", "ten", "nan", "inf", "10 s"),
    ),
    "REDIS_URL": Variable(
        "redis_url",
        None,
        {
            REDIS: REDIS,
            "rediss://redis.example.com": "rediss://redis.example.com",
            "unix:///run/r.sock": "unix:///run/r.sock",
            "unix:///run/r.sock?db=3": "unix:///run/r.sock?db=3",
            "redis://localhost/": "redis://localhost/",
            "redis://localhost?socket_timeout=0.5&client_name=gnome": "redis://localhost?socket_timeout=0.5&client_name=gnome",
        },
        (
            "localhost:6379",
            "http://localhost",
            "redis:",
            "redis://localhost:sixthousand",
            "redis://localhost/abc",
            "rediss://localhost/0/1",
            "redis://localhost/-1",
            "unix:///run/r.sock?db=abc",
            "unix:///run/r.sock?socket_keepalive=1",
            "redis://localhost?socket_timeout=abc",
            "redis://localhost?socket_timeout=0",
            "redis://localhost?socket_timeout=nan",
            "redis://localhost?socket_connect_timeout=-1",
            "redis://localhost?max_connections=many",
            "redis://localhost?protocol=4",
            "redis://localhost?gnomes=1",
            "redis+gnomes://localhost",
            "Redis://localhost",
            "redis://localhost?ssl_password=s3cret",
            "redis://gnome:1?s3cret@localhost",
            "redis://gnome:1?s3cret=@localhost",
            "redis://gnome:1#s3cret@localhost",
            "rediss://localhost?gnomes=1",
            "rediss://localhost?ssl_cert_reqs=maybe",
            "rediss://localhost?ssl_min_version=1.2",
            "rediss://localhost?ssl_include_verify_flags=GNOMES",
            "sentinel://localhost:99999/team",
        ),
    ),
    "REDIS_NAMESPACE": Variable(
        "redis_namespace", None, {"gnomes-2_b": "gnomes-2_b"}, ("with blank", "a:b", "zwölf", "-_-", "*")
    ),
    "DATABASE_URL": Variable(
        "database_url",
        None,
        {POSTGRESQL: POSTGRESQL, "sqlite:////srv/gnomes.sqlite": "sqlite:////srv/gnomes.sqlite"},
        (
            "mysql://localhost/gnomes",
            "gnomes.sqlite",
            "postgresql:",
            "postgresql://db:port/gnomes",
            "postgresql://gnome:s3@cret@db/gnomes",
            "postgresql://gnome:1/s3cret@db/gnomes",
            "postgresql://gnome:1?s3cret@db/gnomes",
            "postgresql://gnome:1#s3cret@db/gnomes",
            "postgresql://db:5432/gnomes?password=s3@cret",
        ),
    ),
    "WORKSPACE_DIR": Variable(
        "workspace_dir",
        Path("workspace").absolute(),
        {
            "/srv/gnomes": Path("/srv/gnomes"),
            "gnomes": Path("gnomes").absolute(),
            "~/gnomes": Path.home() / "gnomes",
        },
        ("~nobody-by-this-name/gnomes",),
    ),
    "SKILLS_PATH": Variable(
        "skills_path",
        (),
        {str(ROOT / "skills"): (ROOT / "skills",), f"{ROOT}:{ROOT / 'tests'}:": (ROOT, ROOT / "tests")},
        ("/nowhere/at/all", f"{ROOT}:/nowhere", str(ROOT / "pyproject.toml"), "~nobody-by-this-name/skills"),
    ),
    "BUDGET_MONTHLY": Variable(
        "budget_monthly",
        1000 * NANO,
        {"0": 0, "250": 250 * NANO, "99.50": 99 * NANO + NANO // 2, "$12": 12 * NANO, "1000000": 1_000_000 * NANO},
        ("-1", "1,000", "ten", "nan", "inf", "1e999999", "1000001", "12 EUR", "$"),
    ),
    "MAX_PARALLEL_AGENTS": Variable(
        "max_parallel_agents", 3, {"1": 1, "1000": 1000}, ("0", "-1", "1001", "2.5", "three", "0x10", "9" * 5000)
    ),
    "MAX_TOOL_ITERATIONS": Variable("max_tool_iterations", 10, {"1": 1, "100": 100}, ("0", "101", "many")),
    "WEBHOOK_TOKEN": Variable(
        "webhook_token",
        None,
        {"s3cret-of-senders": "s3cret-of-senders"},
        ("sixteen or more in words", "sixteen-or-more\x07", "fifteen-s3crets", "troupe_s3cret-of-senders"),
    ),
    "NOTIFY_SLACK_URL": Variable(
        "notify_slack_url",
        None,
        {HOOK: HOOK, "http://127.0.0.1:8065/hooks/x": "http://127.0.0.1:8065/hooks/x"},
        (
            "hooks.example.com/x",
            "ftp://hooks.example.com/s3cret",
            "https:///s3cret",
            "https://h:x/",
            f"{HOOK} twice",
            "https://h/#s",
        ),
    ),
    "NOTIFY_WEBHOOK_URL": Variable(
        "notify_webhook_url", None, {HOOK: HOOK}, ("example.com", "https://a@b@c/s3cret"), ("NOTIFY_WEBHOOK_SECRET",)
    ),
    "NOTIFY_WEBHOOK_SECRET": Variable(
        "notify_webhook_secret",
        None,
        {SIGNS: SIGNS},
        ("s3cret", SIGNS.removeprefix("whsec_"), "whsec_", "whsec_s3cret", "whsec_" + "A" * 28, "whsec_" + "A" * 88),
    ),
    "NOTIFY_EMAIL": Variable(
        "notify_email",
        None,
        {"owner@example.com": "owner@example.com", "g.nome+alerts@localhost": "g.nome+alerts@localhost"},
        ("owner", "@example.com", "a@example.com,b@example.com", "A Gnome <a@example.com>", "a\nb@example.com"),
        ("SMTP_URL",),
    ),
    "SMTP_URL": Variable(
        "smtp_url",
        None,
        {
            SMTP: SMTP,
            "smtp://127.0.0.1:25": "smtp://127.0.0.1:25",
            "smtp://mail.example.com": "smtp://mail.example.com",
        },
        (
            "smtp.example.com",
            "http://example.com",
            "smtps://gnome:s3@cret@h",
            "smtps://gnome@h",
            "smtp://h/s3cret",
            "smtp://h:x",
        ),
    ),
    "MORNING_NOTE": Variable(
        "morning_note",
        time(7, 30),
        {"07:30": time(7, 30), "6:05": time(6, 5), "23:59": time(23, 59), "OFF": None},
        ("7", "24:00", "07:60", "7:30 am", "0730", "never"),
    ),
    "PUBLIC_URL": Variable(
        "public_url",
        None,
        {
            "https://troupe.example.com": "https://troupe.example.com",
            "http://10.0.0.7:8000/": "http://10.0.0.7:8000",
        },
        (
            "troupe.example.com",
            "https://example.com/troupe",
            "ftp://example.com",
            "https://h:x",
            "https://h/?s3",
        ),
        ("LINK_SECRET",),
    ),
    "LINK_SECRET": Variable(
        "link_secret", None, {LINKS: LINKS}, ("s3cret", LINKS[:31], f"{LINKS} twice", f"{LINKS}\x07")
    ),
    "BRAND": Variable("brand", "default", {"acme": "acme", "b-2": "b-2"}, ("Acme", "../acme", "a" * 33, "-b")),
    "WEB_HOST": Variable(
        "web_host",
        "127.0.0.1",
        {"0.0.0.0": "0.0.0.0", "localhost": "localhost", "::1": "::1"},  # noqa: S104
        ("two hosts", "host\tname", "bell\x07"),
    ),
    "WEB_PORT": Variable("web_port", 8000, {"1": 1, "65535": 65535}, ("0", "65536", "http", "-80")),
    "LOG_LEVEL": Variable("log_level", "info", {"debug": "debug", "WARNING": "warning"}, ("loud", "warn", "10")),
    "LOG_FORMAT": Variable("log_format", None, {"json": "json", "Pretty": "pretty"}, ("xml",)),
}

SECRET = (
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "REDIS_URL",
    "DATABASE_URL",
    "WEBHOOK_TOKEN",
    "NOTIFY_SLACK_URL",
    "NOTIFY_WEBHOOK_URL",
    "NOTIFY_WEBHOOK_SECRET",
    "NOTIFY_EMAIL",
    "SMTP_URL",
    "LINK_SECRET",
)

GOOD = [(name, text) for name, variable in VARIABLES.items() for text in variable.good]
WRONG = [(name, text) for name, variable in VARIABLES.items() for text in variable.wrong]


def beside(name: str) -> dict[str, str]:
    """A good value of each variable that this one says nothing without."""
    return {needed: next(iter(VARIABLES[needed].good)) for needed in VARIABLES[name].beside}


def short(value: str) -> str:
    return value[:40]


@pytest.fixture
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No variable of ours in the environment, no `.env` in the current folder, which is returned."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_setting_is_in_this_table() -> None:
    """
    A setting that is added is tested: its default, a good value, a wrong one.
    """
    assert {variable.field for variable in VARIABLES.values()} == {field.name for field in fields(Settings)}
    assert all(variable.good for variable in VARIABLES.values())


@pytest.mark.parametrize("name", VARIABLES)
def test_what_is_not_set_has_its_default(name: str) -> None:
    """
    Nothing has to be set; an empty or blank value counts as not set.
    """
    variable = VARIABLES[name]

    for environ in ({}, {name: ""}, {name: "  \t "}):
        assert getattr(from_env(environ), variable.field) == variable.default


@pytest.mark.parametrize(("name", "text"), GOOD, ids=short)
def test_a_good_value_is_taken(name: str, text: str) -> None:
    """
    What a person may write becomes a value of its kind, and touches no other setting.
    """
    variable = VARIABLES[name]
    found = from_env({name: text, **beside(name)})

    assert getattr(found, variable.field) == variable.good[text]
    for called, other in VARIABLES.items():
        if other is not variable and called not in variable.beside:
            assert getattr(found, other.field) == other.default


@pytest.mark.parametrize(("name", "text"), WRONG, ids=short)
def test_a_wrong_value_is_one_sentence(name: str, text: str) -> None:
    """
    It names the variable, says what was expected and where to change it, and stops the start.
    """
    with pytest.raises(WrongSetting) as wrong:
        from_env({name: text, **beside(name)})

    sentence = str(wrong.value)
    assert wrong.value.variable == name
    assert wrong.value.exit_code == 1
    assert sentence.startswith(f"{name} has to be ")
    assert sentence.isprintable()
    assert len(sentence) < 400
    assert not any(part in sentence for part in ("s3cret", "s3@", "cret@"))
    if name not in SECRET:
        assert repr(text[:20])[1:-1] in sentence


@pytest.mark.parametrize(
    ("name", "text", "secret"),
    [
        ("ANTHROPIC_API_KEY", f"{KEY} pasted twice", KEY),
        ("ANTHROPIC_BASE_URL", "ftp://gnome:s3cret@messages.example.com", "s3cret"),
        ("ANTHROPIC_BASE_URL", "http://gnome:s3cret@[::1", "s3cret"),
        ("REDIS_URL", "amqp://gnome:s3cret@redis.example.com", "s3cret"),
        ("DATABASE_URL", "mysql://gnome:s3cret@db.example.com/gnomes", "s3cret"),
        ("WEBHOOK_TOKEN", "s3cret and more of it", "s3cret"),
        ("WEBHOOK_TOKEN", "fifteen-s3crets", "s3cret"),
    ],
)
def test_a_complaint_repeats_no_secret(name: str, text: str, secret: str) -> None:
    """
    Complaints end in terminals, logs and bug reports; what was wrong with a secret can be said without it.
    """
    with pytest.raises(WrongSetting) as wrong:
        from_env({name: text})

    assert secret not in str(wrong.value)


def test_settings_show_no_secret() -> None:
    """
    Nor does the value itself when it is printed.
    """
    server = "https://gnome:s3cret@messages.example.com"
    secrets = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": server, "WEBHOOK_TOKEN": "s3cret-of-senders"}
    secrets |= {"NOTIFY_SLACK_URL": HOOK, "NOTIFY_WEBHOOK_URL": HOOK, "NOTIFY_WEBHOOK_SECRET": SIGNS, "SMTP_URL": SMTP}
    secrets |= {"LINK_SECRET": LINKS}
    shown = repr(from_env({**secrets, "REDIS_URL": REDIS, "DATABASE_URL": POSTGRESQL}))

    assert KEY not in shown
    assert SIGNS not in shown
    assert LINKS not in shown
    assert "s3cret" not in shown


@pytest.mark.parametrize("name", [name for name, variable in VARIABLES.items() if variable.beside])
def test_what_says_nothing_alone_is_refused_alone(name: str) -> None:
    """
    A server that nothing is signed for, a mailbox that nothing is sent through: the sentence names what has to be set too.
    """
    with pytest.raises(
        WrongSetting, match=rf"{VARIABLES[name].beside[0]} has to be .*, where {name} is set; it is not set"
    ):
        from_env({name: next(iter(VARIABLES[name].good))})


def test_what_lets_in_at_a_receiver_of_notices_is_a_secret_of_ours() -> None:
    """
    The path of a chat's webhook, the signing secret, the mail server's password, also as it is said to the server.
    """
    settings = from_env({"NOTIFY_SLACK_URL": HOOK, "NOTIFY_WEBHOOK_SECRET": SIGNS, "SMTP_URL": SMTP})

    said = base64.b64encode(b"\0gnome\0s3cret").decode()
    plain = {
        "NOTIFY_WEBHOOK_URL": "https://example.com/marketing/notifications?brand=gnomes",
        "NOTIFY_WEBHOOK_SECRET": SIGNS,
    }
    assert {SIGNS, SIGNS.removeprefix("whsec_")} == set(from_env(plain).secrets), (
        "what is an ordinary word may stand in any draft"
    )
    assert {"services/T0/B0/s3cret-of-gnomes", "s3cret-of-gnomes", SIGNS, "s3cret", said} <= set(settings.secrets)


def test_the_env_file_is_read(nothing_set: Path) -> None:
    """
    `.env` in the current folder: comments, quotes, `export`, empty values.
    """
    (nothing_set / ".env").write_text(
        '# gnomes\nBUDGET_MONTHLY=25 # a month\nLOG_LEVEL="debug"\nexport WEB_PORT=8080\n'
        "MAX_PARALLEL_AGENTS=\nREDIS_NAMESPACE\n"
    )
    found = from_env()

    assert (found.budget_monthly, found.log_level, found.web_port) == (25 * NANO, "debug", 8080)
    assert found.max_parallel_agents == 3
    assert found.redis_namespace is None


def test_the_environment_goes_before_the_env_file(nothing_set: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What is said for one run goes before what is written for all.
    """
    (nothing_set / ".env").write_text("BUDGET_MONTHLY=25\nLOG_LEVEL=debug\n")
    monkeypatch.setenv("BUDGET_MONTHLY", "5")
    found = from_env()

    assert (found.budget_monthly, found.log_level) == (5 * NANO, "debug")


def test_a_wrong_value_in_the_env_file_is_named_too(nothing_set: Path) -> None:
    """
    Wherever it was written.
    """
    (nothing_set / ".env").write_text("WEB_PORT=http\n")

    with pytest.raises(WrongSetting, match=r"WEB_PORT .*'http'.* \.env"):
        from_env()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00B", b"BUDGET_MONTHLY=\xe4\n"])
def test_an_env_file_that_is_no_text_is_one_sentence(nothing_set: Path, content: bytes) -> None:
    """
    A `.env` saved in another encoding is named, not a stack.
    """
    (nothing_set / ".env").write_bytes(content)

    with pytest.raises(DirectorError, match=r"\.env"):
        from_env()


def test_a_virtual_environment_named_env_is_no_env_file(nothing_set: Path) -> None:
    """
    Some people keep one there.
    """
    (nothing_set / ".env").mkdir()
    (nothing_set / ".env" / "pyvenv.cfg").touch()

    assert from_env() == Settings(workspace_dir=nothing_set / "workspace")


def test_an_env_file_that_cannot_be_read_is_one_sentence(nothing_set: Path) -> None:
    """
    Another folder, or a link to nowhere, has settings in it that nobody would read.
    """
    (nothing_set / ".env").mkdir()
    with pytest.raises(WrongSetting, match=r"^\.env has to be "):
        from_env()

    (nothing_set / ".env").rmdir()
    (nothing_set / ".env").symlink_to("nowhere")
    with pytest.raises(WrongSetting, match=r"^\.env has to be "):
        from_env()


@pytest.mark.parametrize(
    "line",
    [
        "ANTHROPIC_API_KEY sk-gnome",
        "ANTHROPIC_API_KEY: sk-gnome",
        "ANTHROPIC_API_KEY:sk-gnome",
        'ANTHROPIC_API_KEY="sk-gnome',
        "ANTHROPIC_API_KEY='sk-gnome' pasted",
        "=sk-gnome",
        "sk-gnome",
        "set ANTHROPIC_API_KEY=sk-gnome",
    ],
)
def test_a_line_that_cannot_be_read_stops_the_start(nothing_set: Path, line: str) -> None:
    """
    A key whose line is broken would be a rehearsal nobody asked for. The sentence has the line's number, not its words.
    """
    (nothing_set / ".env").write_text(f"# gnomes\nBUDGET_MONTHLY=25\n\n{line}\nLOG_LEVEL=debug\n")

    with pytest.raises(WrongSetting, match=r"^\.env has to be .* line 4 ") as wrong:
        from_env()

    assert "gnome" not in str(wrong.value)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ANTHROPIC_APIKEY", "ANTHROPIC_API_KEY"),
        ("ANTHROPIC_KEY", "ANTHROPIC_API_KEY"),
        ("anthropic_api_key", "ANTHROPIC_API_KEY"),
        ("BUDGET_MONTLY", "BUDGET_MONTHLY"),
        ("CALL_TIMEOUT", "CALL_TIMEOUT_S"),
    ],
)
def test_a_mistyped_name_in_the_env_file_is_named(nothing_set: Path, typed: str, meant: str) -> None:
    """
    What is set under it would have no effect: the sentence has the line, and how it is spelled.
    """
    (nothing_set / ".env").write_text(f"LOG_LEVEL=debug\n{typed}=1\n")

    with pytest.raises(WrongSetting, match=rf"^{typed} has to be spelled {meant}; .*line 2 of \.env"):
        from_env()


def test_names_that_are_not_ours_are_left_alone(nothing_set: Path) -> None:
    """
    A `.env` may be shared: what is like none of ours, or stands beside the one it is like, is somebody else's.
    """
    foreign = [
        "OPENAI_API_KEY",
        "REDIS_HOST",
        "my-app.name",
        "DATABASE_USER",
        "DATABASE_URI",
        "MODE",
        "WORKSPACE_ID",
        "DB_URL",
    ]
    (nothing_set / ".env").write_text("".join(f"{name}=x\n" for name in foreign) + "REDIS_URI=x\nREDIS_URL=\n")

    assert from_env() == Settings(workspace_dir=nothing_set / "workspace")


def test_settings_are_read_once(nothing_set: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A frozen value: a variable that changes later changes nothing.
    """
    found = from_env()
    monkeypatch.setenv("BUDGET_MONTHLY", "5")

    assert found.budget_monthly == 1000 * NANO
    with pytest.raises(FrozenInstanceError):
        found.budget_monthly = 5  # type: ignore[misc]


@given(st.dictionaries(st.sampled_from(sorted(VARIABLES)), st.text(max_size=30), max_size=6))
def test_any_environment_is_settings_or_a_sentence(environ: dict[str, str]) -> None:
    """
    Whatever is set, the start succeeds or names a variable that was set.
    """
    try:
        found = from_env(environ)
    except WrongSetting as problem:
        named = problem.variable
    else:
        assert isinstance(found, Settings)
        return
    assert named in {*environ, *(needed for one in environ for needed in VARIABLES[one].beside)}


@pytest.mark.parametrize(
    ("environ", "rehearses"),
    [({}, True), ({"ANTHROPIC_API_KEY": KEY}, False), ({"ANTHROPIC_BASE_URL": "http://127.0.0.1:1"}, False)],
)
def test_without_a_key_and_another_server_the_team_rehearses(environ: dict[str, str], rehearses: bool) -> None:
    """
    Either of them makes it real.
    """
    assert from_env(environ).rehearses is rehearses


@pytest.mark.parametrize(
    ("budget", "goal", "call"),
    [("1000", 100 * NANO, 5 * NANO), ("20 USD", 2 * NANO, 5 * NANO), ("2", NANO // 5, 5 * NANO), ("0", 0, 5 * NANO)],
)
def test_caps_follow_from_the_month(budget: str, goal: int, call: int) -> None:
    """
    A tenth of it for a goal; five dollars for a single call, whatever the month.
    """
    found = from_env({"BUDGET_MONTHLY": budget})

    assert (goal_cap(found, Brand("default")), found.call_cap) == (goal, call)


def test_a_model_without_a_price_stops_the_start(open_with: Callable[..., Office]) -> None:
    """
    Before anything runs, in a sentence that names the variable, what came, and the models that can be had.
    """
    with pytest.raises(DirectorError, match=r"gpt-9.*claude-sonnet-5-5") as refused:
        open_with(model="gpt-9")

    assert "MODEL" in str(refused.value)


@pytest.mark.parametrize("script", ["gnomes=1", "latency_ms=slow", "overloaded=2", "send_back=1 send_back=2"])
def test_a_wrong_rehearsal_stops_the_start(script: str, nothing_set: Path) -> None:
    """
    Not the first turn of the first goal: a person who mistyped it is told at once.
    """
    with pytest.raises(WrongSetting, match="REHEARSAL"):
        open_office(from_env({"REHEARSAL": script})).close()


def test_a_workspace_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    """
    The sentence names the folder and the variable.
    """
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(DirectorError, match=r"file.*WORKSPACE_DIR"):
        open_office(from_env({"WORKSPACE_DIR": str(tmp_path / "file")}))


@pytest.mark.parametrize(
    "setting", ["BUDGET_MONTHLY=lots", "SKILLS_PATH=/nowhere/at/all", "DATABASE_URL=mysql://localhost/x"]
)
def test_a_command_says_the_sentence_and_stops(tmp_path: Path, setting: str) -> None:
    """
    One line on standard error, nothing on standard output, exit code 1, no stack.
    """
    name, _, value = setting.partition("=")
    done = subprocess.run(
        [sys.executable, "-m", "director", "status"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), name: value},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"{name} has to be ")
    assert done.stderr.count("\n") == 1


def test_who_wants_to_hear_of_all_that_is_wrong_is_told_of_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the environment and in `.env`, its lines and its names; what is right counts, the usual stands for the rest."""
    (tmp_path / ".env").write_text("WEB_PORT=x\nno setting\nBUDGET_MONTHY=5\nMAX_PARALLEL_AGENTS=7\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOG_LEVEL", "loud")
    monkeypatch.setenv("REDIS_URL", "redis://localhost/0?gnomes=7")
    monkeypatch.delenv("WORKSPACE_DIR", raising=False)
    told: list[WrongSetting] = []
    settings = from_env(tell=told.append)

    assert {wrong.variable for wrong in told} == {".env", "BUDGET_MONTHY", "WEB_PORT", "LOG_LEVEL", "REDIS_URL"}
    assert settings == replace(Settings(), workspace_dir=tmp_path / "workspace", max_parallel_agents=7)
