"""What the client of the Messages API reads from the environment by itself: looked at before it does, and named."""

import importlib.metadata
import importlib.util
import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from director.words.errors import WrongSetting
from director.words.own_secrets import PROXIES
from director.words.redaction import find
from director.words.settings import Tell, stop

_FILES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")

_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\s*:[^\x00-\x08\x0a-\x1f\x7f]*")

_PORTS: Final = range(1, 65536)

#: What names a part of OpenTelemetry, and where such parts are registered; one that is not there is a stack in the log.
_TRACING: Final = {
    "OTEL_PYTHON_CONTEXT": "opentelemetry_context",
    "OTEL_PYTHON_TRACER_PROVIDER": "opentelemetry_tracer_provider",
}

#: Characters of a value that are shown.
_SHOWN: Final = 80


def check(environ: Mapping[str, str] = os.environ, tell: Tell = stop) -> None:
    """
    Look at the variables that would fail with a stack when the client is made, or at each request; *tell* as in `from_env`.

    Raises:
        WrongSetting: names the variable, what was expected and what came; the first of them.
    """
    given = {name: value for name, value in environ.items() if value}
    looks: list[Callable[[], None]] = [partial(look, given) for look in (_headers, _certificates, _tracing)]
    # As urllib reads them: what is written small counts.
    named = {name.lower(): name for name in sorted(given) if name.lower() in (*PROXIES, "no_proxy")}
    for which, name in named.items():
        looks.append(partial(_no_proxy if which == "no_proxy" else _proxy, name, given[name]))
    for look in looks:
        try:
            look()
        except WrongSetting as wrong:
            tell(wrong)


def own_headers(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The headers a person gave the client, by ANTHROPIC_CUSTOM_HEADERS; it sends them with each request."""
    lines = environ.get("ANTHROPIC_CUSTOM_HEADERS", "").split("\n")
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


def proxy_of(address: str) -> str:
    """The variable whose proxy a request to *address* goes through, in words; empty where it goes there itself."""
    parts = urlsplit(address)
    proxies = getproxies()
    if not parts.hostname or proxy_bypass(parts.hostname):
        return ""
    which = next((name for name in (parts.scheme, "all") if proxies.get(name)), None)
    if which is None:
        return ""
    small = f"{which}_proxy"
    return f" through the proxy in {small if os.environ.get(small) else small.upper()}"


def _proxy(name: str, value: str) -> None:
    import httpx2  # noqa: PLC0415 - only where there is one to look at

    try:
        proxy = httpx2.Proxy(value if "://" in value else f"http://{value}")
    except (ValueError, httpx2.InvalidURL):
        proxy = None
    if proxy is None or not proxy.url.host or not (proxy.url.port is None or proxy.url.port in _PORTS):
        raise WrongSetting(name, "the http:// or https:// address of a proxy", _came(value))
    if proxy.url.scheme.startswith("socks") and importlib.util.find_spec("socksio") is None:
        expected = f"the http:// or https:// address of a proxy ({proxy.url.scheme}:// needs the package socksio)"
        raise WrongSetting(name, expected, _came(value))


def _no_proxy(name: str, value: str) -> None:
    import httpx2  # noqa: PLC0415 - as above

    for host in (part.strip() for part in value.split(",")):
        try:
            httpx2.URL(host if "://" in host else f"all://[{host}]" if _is_ipv6(host) else f"all://*{host}")
        except httpx2.InvalidURL:
            expected = "names and addresses of hosts, separated by commas (IPv6 without brackets and ranges)"
            raise WrongSetting(name, expected, _came(host)) from None


def _is_ipv6(host: str) -> bool:
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return True


def _certificates(given: Mapping[str, str]) -> None:
    if not any(name in given for name in _FILES):
        return
    import ssl  # noqa: PLC0415 - as above

    keys = given.get("SSLKEYLOGFILE")
    try:
        if keys:
            Path(keys).open("ab").close()
    except OSError as problem:
        raise WrongSetting("SSLKEYLOGFILE", "a file that can be written", _why(keys or "", problem)) from None
    if (file := given.get("SSL_CERT_FILE")) is not None:
        try:
            ssl.create_default_context(cafile=file)
        except (OSError, ValueError) as problem:
            raise WrongSetting("SSL_CERT_FILE", "a file of certificates (PEM)", _why(file, problem)) from None
    elif not Path(folder := given["SSL_CERT_DIR"]).is_dir():
        raise WrongSetting("SSL_CERT_DIR", "a folder of certificates", _came(folder))


def _headers(given: Mapping[str, str]) -> None:
    lines = given.get("ANTHROPIC_CUSTOM_HEADERS", "").split("\n")
    for number, line in enumerate(lines, 1):
        # What has no colon the client leaves out.
        if ":" in line and not _HEADER.fullmatch(line.strip()):
            came = f"not in line {number} (not shown, it may be a secret)"
            raise WrongSetting("ANTHROPIC_CUSTOM_HEADERS", "made of lines such as Name: value", came)


def _tracing(given: Mapping[str, str]) -> None:
    for name, group in _TRACING.items():
        if name in given and not importlib.metadata.entry_points(group=group, name=given[name]):
            raise WrongSetting(name, "the name of one that is installed", _came(given[name]))


def _why(value: str, problem: Exception) -> str:
    # What is no certificate has no number of the system's, and its own words say nothing to people.
    known = type(problem) in (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)
    return f"{_came(value)} ({getattr(problem, 'strerror', '') if known else 'it holds none'})"


def _came(value: str) -> str:
    hidden = "@" in value or bool(find(value))
    return "something else (not shown, it may be a secret)" if hidden else repr(value[:_SHOWN])
