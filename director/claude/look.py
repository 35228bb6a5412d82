"""Whether the model service answers and takes the key, asked without paying: which models it has."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from director.claude import environment, replies
from director.money.prices import is_same
from director.words.errors import ModelAway, ModelRefused
from director.words.own_secrets import own_secrets
from director.words.settings import Settings

if TYPE_CHECKING:
    from httpx2 import Response

#: Of the time there is, what connecting may take: an address from which nothing comes back is told from a slow service.
_CONNECTING: Final = 0.8

#: Where the SDK sends to unless ANTHROPIC_BASE_URL says otherwise, and the version it says.
_USUAL: Final = "https://api.anthropic.com"
_VERSION: Final = "2023-06-01"

#: The most models one answer may list.
_MOST: Final = 1000


class KeyRefused(ModelRefused):
    """The service lets nobody in with this key."""


class Busy(ModelAway):
    """It answers, and does no work now; that passes by itself."""


@dataclass(frozen=True, slots=True)
class Service:
    """What the service said."""

    host: str
    models: frozenset[str] | None  #: those it has; None: it lists none, or not all
    time: datetime | None  #: what its clock says

    def has(self, model: str) -> bool:
        """Whether it may have *model*, under this name or a dated one."""
        return self.models is None or any(is_same(model, known) for known in self.models)


def look(settings: Settings, wait_s: float) -> Service:
    """
    Ask the service for its models, which costs nothing, and wait so long. Not through the SDK, whose import takes longer than
    all else here.

    Raises:
        ModelAway: it does not answer; Busy: it does, and says so.
        ModelRefused: who answers there is no model service; KeyRefused: it takes no such key.
    """
    import httpx2  # noqa: PLC0415 - as in client.py

    own = own_secrets(settings)
    address = f"{(settings.anthropic_base_url or _USUAL).rstrip('/')}/v1/models"
    headers = {"x-api-key": settings.anthropic_api_key or "none", "anthropic-version": _VERSION}
    headers |= environment.own_headers()
    connecting_s = _CONNECTING * wait_s
    try:
        with httpx2.Client(timeout=httpx2.Timeout(wait_s, connect=connecting_s)) as client:
            answer = client.get(address, params={"limit": _MOST}, headers=headers)
    except httpx2.ConnectTimeout as problem:
        said = f"no connection within {connecting_s:.2g} s"
        raise ModelAway(f"The model service cannot be reached{environment.proxy_of(address)}: {said}.") from problem
    except httpx2.TimeoutException as problem:
        raise ModelAway(f"The model service did not answer within {wait_s:g} s.") from problem
    except httpx2.HTTPError as problem:
        said = replies.heard(str(problem), own).strip().rstrip(".") or type(problem).__name__
        raise ModelAway(f"The model service cannot be reached{environment.proxy_of(address)}: {said}.") from problem
    return Service(answer.url.host, _models(answer, settings, own), _time(answer))


def _models(answer: "Response", settings: Settings, own: tuple[str, ...]) -> frozenset[str] | None:
    document: Any = None
    with suppress(ValueError, RecursionError):
        document = answer.json()
    host = answer.url.host
    said = " ".join(replies.heard(replies.words_of(document) or answer.reason_phrase, own).split())[:300].rstrip(".")
    match answer.status_code, document:
        case 200, {"data": [*rows]}:
            names = frozenset(str(row["id"]) for row in rows if isinstance(row, dict) and "id" in row)
            return None if document.get("has_more") or not names else names
        case (401 | 403) as status, _:
            raise KeyRefused(replies.key_refused(host, status, said))
        case ((301 | 302 | 307 | 308 | 404 | 405 | 501), _) if settings.anthropic_base_url is not None:
            return None  # others that speak the Messages API often list nothing
        case status, _ if status in (408, 409, 429) or status >= 500:
            raise Busy(f"The model service is busy ({status}): {said}.")
    raise ModelRefused(
        f"The model service of {host} did not say which models it has ({answer.status_code}: {said}): see who answers there "
        "(ANTHROPIC_BASE_URL, or a proxy)."
    )


def _time(answer: "Response") -> datetime | None:
    try:
        said = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, OverflowError):
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)
