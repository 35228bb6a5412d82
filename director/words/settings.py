"""Settings: read once from the environment and `.env` into one frozen value."""

import difflib
import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import time, timedelta
from io import StringIO
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import parse_qs, quote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from director.words import receivers
from director.words.addresses import SentinelAddress, secrets_in, secrets_in_hook, secrets_in_login
from director.words.amounts import NANO, parse_usd
from director.words.brand import DEFAULT, NAMED, brand_name
from director.words.errors import WrongSetting
from director.words.redaction import find
from director.words.root import find_root
from director.words.tokens import PREFIX

T = TypeVar("T")

LOG_LEVELS: Final = ("debug", "info", "warning", "error")
#: Variables whose value is never repeated.
_SECRET: Final = (
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "WEBHOOK_TOKEN",
    "REDIS_URL",
    "DATABASE_URL",
    "NOTIFY_SLACK_URL",
    "NOTIFY_WEBHOOK_URL",
    "NOTIFY_WEBHOOK_SECRET",
    "SMTP_URL",
    "LINK_SECRET",
)
#: Characters of any other that are.
_SHOWN: Final = 80
LOG_FORMATS: Final = ("pretty", "json")

#: Where, in the workspace, the folders of all brands but the first are.
BRANDS: Final = "brands"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person can set. Field names are the variables' names in lower case."""

    #: Without a key (and without another server's address) the team rehearses.
    anthropic_api_key: str | None = field(default=None, repr=False)
    #: What other programs send in place of a key. Not used; only told of, and never shown.
    anthropic_auth_token: str | None = field(default=None, repr=False)
    #: Another server that speaks the Messages API.
    anthropic_base_url: str | None = field(default=None, repr=False)
    #: One model for every call instead of each squad's own; must have a price.
    model: str | None = None
    #: What the rehearsal plays, e.g. "latency_ms=200 overloaded=0.3"; see director/claude/rehearsal/script.py.
    rehearsal: str = ""
    #: How long one request may take before it is given up.
    call_timeout: timedelta = timedelta(minutes=10)
    #: None: the embedded server of the workspace.
    redis_url: str | None = field(default=None, repr=False)
    #: Goes before every key in Redis. None: of the database's own, so that installations can share a server.
    redis_namespace: str | None = None
    #: None: SQLite in the workspace.
    database_url: str | None = field(default=None, repr=False)
    workspace_dir: Path = Path("workspace")
    #: Whom what is done here is for, where nobody says another.
    brand: str = DEFAULT
    #: Where the brand is: it decides which day a goal is given on. None: where this machine is.
    time_zone: ZoneInfo | None = None
    #: Further collections of skills, searched after our own.
    skills_path: tuple[Path, ...] = ()
    #: Cap of one brand's month, nano-dollars. 0 spends nothing.
    budget_monthly: int = 1000 * NANO
    #: How many turns are in hand at once, over all processes.
    max_parallel_agents: int = 3
    #: How often a specialist may call tools for one draft. Not used yet.
    max_tool_iterations: int = 10
    #: What a sender of events has to show; without one, only this machine's own programs send.
    webhook_token: str | None = field(default=None, repr=False)
    #: Where notices go besides the log: an incoming webhook of Slack, or of a chat that takes the same.
    notify_slack_url: str | None = field(default=None, repr=False)
    #: A server that takes them as signed JSON (Standard Webhooks), and what they are signed with.
    notify_webhook_url: str | None = field(default=None, repr=False)
    notify_webhook_secret: str | None = field(default=None, repr=False)
    #: Whom they are mailed to, and through which server.
    notify_email: str | None = None
    smtp_url: str | None = field(default=None, repr=False)
    #: When the morning note goes out, by the brand's clock; None: never.
    morning_note: time | None = time(7, 30)
    #: Where people reach the web app from elsewhere, and what the links in notices are signed with.
    public_url: str | None = None
    link_secret: str | None = field(default=None, repr=False)
    web_host: str = "127.0.0.1"
    web_port: int = 8000
    log_level: str = "info"
    #: None: pretty on a terminal, else json.
    log_format: str | None = None

    @property
    def rehearses(self) -> bool:
        """Whether calls go to the built-in model instead of a real one."""
        return self.anthropic_api_key is None and self.anthropic_base_url is None

    @property
    def unused_token(self) -> str | None:
        """A sentence where a token is set in place of a key: somebody may have meant to pay with it."""
        if self.anthropic_auth_token is None or self.anthropic_api_key is not None:
            return None
        then = (
            "without ANTHROPIC_API_KEY this is a rehearsal" if self.rehearses else "a key goes into ANTHROPIC_API_KEY"
        )
        return f"ANTHROPIC_AUTH_TOKEN is set and not used: {then}."

    @property
    def secrets(self) -> tuple[str, ...]:
        """
        What nobody may be shown of these, in each form in which others could repeat it; with what the client reads by itself:
        `words.own_secrets`.
        """
        signs = self.notify_webhook_secret or ""
        keys = (
            self.anthropic_api_key,
            self.anthropic_auth_token,
            self.webhook_token,
            self.link_secret,
            signs,
            signs.removeprefix("whsec_"),
        )
        words = filter(None, keys)
        forms = dict.fromkeys(form for word in words for form in (word, quote(word, safe="")))
        addresses = filter(None, (self.anthropic_base_url, self.redis_url, self.database_url, self.smtp_url))
        found = [secret for address in addresses for secret in sorted(secrets_in(address))]
        hooks = filter(None, (self.notify_slack_url, self.notify_webhook_url))
        found += [secret for address in hooks for secret in sorted(secrets_in_hook(address))]
        found += sorted(secrets_in_login(self.smtp_url)) if self.smtp_url else []
        return (*forms, *found)

    @property
    def state_dir(self) -> Path:
        """Where the program's own files live: SQLite, the embedded server's socket and log."""
        return self.workspace_dir / ".state"

    @property
    def brand_dir(self) -> Path:
        """Where what people write for the brand lies, and what is kept for them to read besides deliverables and reports."""
        return self.workspace_dir if self.brand == DEFAULT else self.workspace_dir / BRANDS / self.brand

    @property
    def shared(self) -> Mapping[str, object]:
        """
        By their variables, those that have to be the same in all workers of a record: whoever comes first decides with its own
        for all how much goes out and how much is spent, and who takes over a call of another model asks anew.
        """
        return {
            "MODEL": self.model,
            "BUDGET_MONTHLY": self.budget_monthly,
            "MAX_PARALLEL_AGENTS": self.max_parallel_agents,
        }

    @property
    def call_cap(self) -> int:
        """What one call may cost at worst, nano-dollars."""
        return 5 * NANO


#: Who is told of a setting that is wrong.
Tell = Callable[[WrongSetting], None]


def stop(wrong: WrongSetting) -> None:
    """Let the first that is wrong stop the start."""
    raise wrong


def from_env(environ: Mapping[str, str] | None = None, tell: Tell = stop) -> Settings:
    """
    Settings from *environ* (default: the process's, over the `.env` file of the installation it is called in).

    That is found from the current folder upwards (`find_root`); where WORKSPACE_DIR is in the environment, an `.env` here or
    else the one beside that workspace is read. An empty value counts as not set. Where *tell* takes what is wrong, the usual
    value stands in its place.

    Raises:
        WrongSetting: names the variable, what was expected and what came; the first of them.
    """
    root = Path.cwd()
    if environ is None:
        root = _root(root)
        environ = environment(tell)
    given = {name: value.strip() for name, value in environ.items() if value.strip()}

    def read(name: str, parse: Callable[[str], T], expected: str, default: T) -> T:
        if name not in given:
            return default
        try:
            return parse(given[name])
        except WrongSetting as said:
            tell(said)
        except (ValueError, OSError, RuntimeError) as problem:
            # Also a key that was put into the wrong line, or an address with somebody's password.
            hidden = name in _SECRET or "@" in given[name] or bool(find(given[name]))
            came = "something else (not shown, it may be a secret)" if hidden else repr(given[name][:_SHOWN])
            wrong = WrongSetting(name, expected, came)
            # Not chained: the cause would repeat what may be a secret.
            wrong.__cause__ = None if hidden else problem
            tell(wrong)
        return default

    default = Settings()
    for name, needed, expected in receivers.NEEDED_TOO:
        if name in given and needed not in given:
            tell(WrongSetting(needed, f"{expected}, where {name} is set", "not set"))
    return Settings(
        anthropic_api_key=read("ANTHROPIC_API_KEY", _printable, "one word of printable characters", None),
        anthropic_auth_token=read("ANTHROPIC_AUTH_TOKEN", _printable, "one word of printable characters", None),
        anthropic_base_url=read(
            "ANTHROPIC_BASE_URL", _base_url, "an http or https address with a host and without options", None
        ),
        model=given.get("MODEL"),
        rehearsal=given.get("REHEARSAL", ""),
        call_timeout=read("CALL_TIMEOUT_S", _seconds, "a number of seconds from 1 to 3600", default.call_timeout),
        redis_url=read(
            "REDIS_URL", _redis, "a redis://host:port/number, rediss://, unix:// or sentinel:// address", None
        ),
        redis_namespace=read("REDIS_NAMESPACE", _word, "letters, digits, '-' and '_'", None),
        database_url=read(
            "DATABASE_URL",
            _database,
            "an sqlite:/// or postgresql:// address (in a password @ is written %40, / is %2F, ? is %3F and # is %23)",
            None,
        ),
        workspace_dir=read("WORKSPACE_DIR", _folder, "a folder", root / default.workspace_dir),
        brand=read("BRAND", brand_name, NAMED, default.brand),
        skills_path=read("SKILLS_PATH", _folders, "folders that exist, separated by ':'", ()),
        time_zone=read("TIME_ZONE", _zone, "the name of a time zone such as Europe/London", None),
        budget_monthly=read(
            "BUDGET_MONTHLY", parse_usd, "an amount in USD such as 250 or 99.50", default.budget_monthly
        ),
        max_parallel_agents=read(
            "MAX_PARALLEL_AGENTS",
            _whole(1, 1000),
            "a whole number from 1 to 1000",
            default.max_parallel_agents,
        ),
        max_tool_iterations=read(
            "MAX_TOOL_ITERATIONS", _whole(1, 100), "a whole number from 1 to 100", default.max_tool_iterations
        ),
        webhook_token=read("WEBHOOK_TOKEN", _hard_to_guess, _HARD_TO_GUESS, None),
        notify_slack_url=read(
            "NOTIFY_SLACK_URL", receivers.hook, "the http or https address of a chat's incoming webhook", None
        ),
        notify_webhook_url=read("NOTIFY_WEBHOOK_URL", receivers.hook, "an http or https address with a host", None),
        notify_webhook_secret=read("NOTIFY_WEBHOOK_SECRET", receivers.signing_secret, receivers.SIGNS, None),
        notify_email=read("NOTIFY_EMAIL", receivers.mailbox, "one address such as owner@example.com", None),
        smtp_url=read("SMTP_URL", receivers.mail_server, receivers.MAIL_SERVER, None),
        morning_note=read("MORNING_NOTE", receivers.time_of_day, "a time such as 07:30, or off", default.morning_note),
        public_url=read("PUBLIC_URL", receivers.origin, receivers.ORIGIN, None),
        link_secret=read("LINK_SECRET", receivers.link_secret, receivers.SIGNS_LINKS, None),
        web_host=read("WEB_HOST", _printable, "a host's name or address", default.web_host),
        web_port=read("WEB_PORT", _whole(1, 65535), "a port from 1 to 65535", default.web_port),
        log_level=read("LOG_LEVEL", _one_of(LOG_LEVELS), f"one of {', '.join(LOG_LEVELS)}", default.log_level),
        log_format=read("LOG_FORMAT", _one_of(LOG_FORMATS), f"one of {', '.join(LOG_FORMATS)}", None),
    )


def environment(tell: Tell = stop) -> dict[str, str]:
    """
    The process's environment, over the `.env` file of the installation it is called in.

    Raises:
        WrongSetting: that file cannot be read; *tell* is told of it, and of each line, instead.
    """
    return {**_dotenv(_root(Path.cwd()), tell), **os.environ}


def env_file() -> Path:
    """The `.env` file of the installation it is called in, whether or not it is there."""
    return _root(Path.cwd()) / ".env"


def _root(here: Path) -> Path:
    named = os.environ.get("WORKSPACE_DIR", "").strip()
    if not named:
        return find_root(here) or here
    with suppress(RuntimeError):  # somebody's home whom nobody knows: the setting is complained of where it is read
        beside = _folder(named).parent
        return here if os.path.lexists(".env") else beside
    return here


def _dotenv(root: Path, tell: Tell) -> dict[str, str]:
    """What the `.env` file in *root* says; relative folders in it are seen from there."""
    file = root / ".env"
    called = ".env" if root == Path.cwd() else str(file)
    # A virtual environment may be called so as well.
    if not os.path.lexists(file) or (file / "pyvenv.cfg").exists():
        return {}
    from dotenv import dotenv_values  # noqa: PLC0415 - only where a file is there to be read
    from dotenv.parser import parse_stream  # noqa: PLC0415

    if file.exists() and not file.is_file():
        tell(WrongSetting(called, "a text file in UTF-8 that can be read", "a folder, a pipe or a device"))
        return {}
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as problem:
        wrong = WrongSetting(called, "a text file in UTF-8 that can be read", "something else")
        wrong.__cause__ = problem
        tell(wrong)
        return {}
    lines: dict[str, int] = {}
    for statement in parse_stream(StringIO(text)):
        before = len(statement.original.string) - len(statement.original.string.lstrip())
        line = statement.original.line + statement.original.string[:before].count("\n")
        # A name alone is a setting that is not set; "ANTHROPIC_API_KEY:sk-…" is one that was meant to be.
        if statement.error or (statement.key and statement.value is None and not statement.key.isidentifier()):
            came = f"not in line {line} (not shown, it may be a secret)"
            tell(WrongSetting(called, "made of lines such as NAME=value", came))
        elif statement.key:
            lines[statement.key] = line
    _check_names(lines, called, tell)
    values = {name: value for name, value in dotenv_values(stream=StringIO(text)).items() if value is not None}
    return {name: _seen_from(root, name, value) for name, value in values.items()}


def _seen_from(root: Path, name: str, value: str) -> str:
    """A value of `.env` in *root*, whose folders and files are none of the current folder's."""
    value = value.strip()
    if name in ("WORKSPACE_DIR", "SKILLS_PATH"):
        parts = value.split(os.pathsep) if name == "SKILLS_PATH" else [value]
        return os.pathsep.join(part if not part or part.startswith("~") else str(root / part) for part in parts)
    if name == "DATABASE_URL":
        return re.sub(r"^(sqlite(?:\+\w+)?:///)(?=[\w.-])(?!file:)", lambda scheme: f"{scheme[1]}{root}/", value)
    return value


def _check_names(lines: Mapping[str, int], file: str, tell: Tell) -> None:
    """A name that is nearly one of ours was mistyped, unless the one it is like is there too, be it empty."""
    ours = ["CALL_TIMEOUT_S" if f.name == "call_timeout" else f.name.upper() for f in fields(Settings)]
    missing = [name for name in ours if name not in lines and name not in os.environ]
    for name, line in lines.items():
        # A letter or two: other programs have names that are closer to ours than one would think (DATABASE_USER, MODE).
        meant = difflib.get_close_matches(_SHORTENED.get(name.upper(), name.upper()), missing, n=1, cutoff=0.95)
        if meant and name not in ours:
            tell(WrongSetting(name, f"spelled {meant[0]}", f"no setting (line {line} of {file})"))


#: What people write by heart.
_SHORTENED: Final = {"ANTHROPIC_KEY": "ANTHROPIC_API_KEY", "CALL_TIMEOUT": "CALL_TIMEOUT_S"}


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except ZoneInfoNotFoundError as problem:
        raise ValueError(text) from problem


def _printable(text: str) -> str:
    if not text.isprintable() or " " in text:
        raise ValueError(text)
    return text


#: Whoever reaches the port may try one; a limit of tries is no help against a word of a list. One that began as our tokens do
#: would be looked for among those.
_SHORTEST: Final = 16
_HARD_TO_GUESS: Final = (
    f"one word of at least {_SHORTEST} printable characters that nobody guesses (`openssl rand -hex 24` prints one), and none "
    "of our tokens"
)


def _hard_to_guess(text: str) -> str:
    if len(_printable(text)) < _SHORTEST or text.startswith(PREFIX):
        raise ValueError(text)
    return text


def _word(text: str) -> str:
    if not text.replace("-", "").replace("_", "").isalnum() or not text.isascii():
        raise ValueError(text)
    return text


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise ValueError(text)
        return number

    return parse


def _seconds(text: str) -> timedelta:
    seconds = float(text)
    if not 1 <= seconds <= 3600:
        raise ValueError(text)
    return timedelta(seconds=seconds)


def _one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(text)
        return text.lower()

    return parse


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        parts = urlsplit(text)
        # "postgresql+psycopg://" names the driver as well.
        if parts.scheme.partition("+")[0] not in schemes or not (parts.netloc or parts.path):
            raise ValueError(text)
        _ = parts.port  # raises ValueError for a port that is none
        return text

    return parse


def _base_url(text: str) -> str:
    parts = urlsplit(_url("http", "https")(text))
    # With options in it the SDK would ask for another path; with a second "@" it would take half a password for the host.
    if not parts.hostname or parts.query or parts.fragment or parts.netloc.count("@") > 1 or not text.isprintable():
        raise ValueError(text)
    return text


def _database(text: str) -> str:
    netloc = urlsplit(_url("sqlite", "postgresql")(text)).netloc
    # SQLAlchemy lets a password go up to the first "@"; where others read another login, half of one would be shown as a host.
    login = re.match("[^:/]*(:[^@]*)?@", text.partition("://")[2])
    if (login[0] if login else "") != "".join(netloc.rpartition("@")[:2]):
        raise ValueError(text)
    return text


def _redis(text: str) -> str:
    if text.startswith("sentinel:"):
        SentinelAddress.parse(text)
        return text
    parts = urlsplit(_url(*_REDIS_OPTIONS)(text))
    # The client reads schemes as they are written; what is no number it takes for none, and would work in the first database.
    if not text.startswith(tuple(f"{scheme}://" for scheme in _REDIS_OPTIONS)):
        raise ValueError(text)
    if parts.fragment or (parts.scheme != "unix" and not re.fullmatch("[0-9]*", parts.path.strip("/"))):
        raise ValueError(text)
    options = _REDIS_OPTIONS[parts.scheme]
    for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items():
        if name not in options:
            # With "@" after "?" it may be the rest of a password.
            came = f"one with {name}=" if name.isidentifier() and "@" not in parts.query else "one with others"
            raise WrongSetting(
                "REDIS_URL", f"a {parts.scheme}:// address with options it can have, such as socket_timeout=5", came
            )
        try:
            options[name](values[0])
        except ValueError:
            expected = "a number above 0" if options[name] is _above_0 else "a value it can have"
            came = "one with another (not shown, it may be a secret)"
            raise WrongSetting("REDIS_URL", f"an address in which {name} has {expected}", came) from None
    return text


def _above_0(text: str) -> float:
    number = float(text)
    if not 0 < number < 10**6:
        raise ValueError(text)
    return number


def _verify_flags(text: str) -> str:
    from ssl import VerifyFlags  # noqa: PLC0415 - 20 ms, for an option few need

    if not {flag.strip() for flag in text.strip("[]").split(",")} <= set(VerifyFlags.__members__):
        raise ValueError(text)
    return text


#: What a Redis's address may say after "?", and how it is read: the rest redis-py refuses with a stack, some when it connects.
_Options = Mapping[str, Callable[[str], object]]
_ON_SOCKETS: Final[_Options] = {
    **dict.fromkeys(("username", "password", "client_name"), str),
    "db": _whole(0, 10**6),
    "protocol": _whole(2, 3),
    "max_connections": _whole(1, 10**6),
    "socket_read_size": _whole(1, 10**9),
    "health_check_interval": _whole(0, 10**6),
    **dict.fromkeys(("socket_timeout", "socket_connect_timeout"), _above_0),
    **dict.fromkeys(("retry_on_timeout", "legacy_responses"), str),
}
_OVER_TCP: Final[_Options] = {**_ON_SOCKETS, "socket_keepalive": str}
_OVER_TLS: Final[_Options] = {
    **_OVER_TCP,
    **dict.fromkeys(("ssl_keyfile", "ssl_certfile", "ssl_password", "ssl_ca_certs", "ssl_ca_path", "ssl_ca_data"), str),
    **dict.fromkeys(("ssl_check_hostname", "ssl_ciphers"), str),
    "ssl_cert_reqs": _one_of(("none", "optional", "required")),
    "ssl_min_version": _whole(769, 772),
    **dict.fromkeys(("ssl_include_verify_flags", "ssl_exclude_verify_flags"), _verify_flags),
}
_REDIS_OPTIONS: Final = {"unix": _ON_SOCKETS, "redis": _OVER_TCP, "rediss": _OVER_TLS}


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _folders(text: str) -> tuple[Path, ...]:
    folders = tuple(_folder(part) for part in text.split(os.pathsep) if part)
    for folder in folders:
        if not folder.is_dir():
            raise ValueError(str(folder))
    return folders
