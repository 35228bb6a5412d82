"""
The rehearsal: a built-in model behind the Messages API, for when there is no key.

The SDK's real code runs above it; only the connection is replaced. It is the demo, the test double and the
price forecast. What it writes comes from `drafting` and `director_and_reviewer`, what goes wrong from `script`.
"""

import hashlib
import json
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from director.claude.limits import family
from director.claude.rehearsal import director_and_reviewer, drafting
from director.claude.rehearsal.asked import Asked, Purpose, understand
from director.claude.rehearsal.rate import Bucket
from director.claude.rehearsal.refusals import refusal
from director.claude.rehearsal.script import Script, Trouble
from director.claude.rehearsal.usage import PromptCache, PromptUsage, canonical
from director.money import prices
from director.prompting.request import BYTES_A_TOKEN, digest_of, estimated_tokens

__all__ = ["Rehearsal", "Reply", "Script", "Trouble"]

#: Tokens thought for each token written: a guess for the forecast, not a measurement.
THINKING_SHARES: Final[Mapping[str, float]] = {
    "low": 0.1,
    "medium": 0.3,
    "high": 0.6,
    "xhigh": 1.0,
    "max": 1.5,
}

_TYPES: Final[Mapping[int, str]] = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    404: "not_found_error",
    429: "rate_limit_error",
    529: "overloaded_error",
}

_STATUSES: Final[Mapping[Trouble, tuple[int, str]]] = {
    Trouble.RATE_LIMITED: (
        429,
        "This request would exceed your organization's rate limit. Please try again later.",
    ),
    Trouble.OVERLOADED: (529, "Overloaded"),
    Trouble.SERVER_ERROR: (500, "Internal server error"),
    Trouble.UNAVAILABLE: (503, "Service unavailable"),
}

_LIMITS: Final[Mapping[str, int]] = {
    "requests": 4_000,
    "tokens": 2_400_000,
    "input-tokens": 2_000_000,
    "output-tokens": 400_000,
}

NONSENSE: Final = "I had a look at it, and on the whole { it depends."


@dataclass(frozen=True, slots=True)
class Reply:
    """What comes back on the wire, and what happens to the connection instead or meanwhile."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    delay_s: float = 0
    fault: Trouble | Literal["away"] | None = None  #: RESET, HANG, CUT_OFF or away; else the body arrives.
    digest: str = ""  #: Of the request; empty where there was none to speak of.


class Rehearsal:
    """A model service in this process. It may be asked from several threads."""

    def __init__(self, script: Script, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.script = script
        #: How often each request came, by its digest (the same as `Request.digest`).
        self.asked: Counter[str] = Counter()
        #: How often a whole answer to it went out with status 200.
        self.answered: Counter[str] = Counter()
        self._cache = PromptCache(clock)
        self._clock = clock
        self._buckets: dict[tuple[str, int], Bucket] = {}  #: By family of models and their rate.
        self._lock = threading.Lock()
        prices.load()  # here rather than in the first answer

    def reply(self, document: object) -> Reply:
        """
        What the service does with one request to /v1/messages.

        Asking again counts: it may succeed where it failed before, and read from the cache what was written.
        """
        digest = digest_of(document) if isinstance(document, dict) else hashlib.sha256(canonical(document)).hexdigest()
        with self._lock:
            times = self.asked[digest]
            self.asked[digest] += 1
        about: dict[str, Any] = {
            "delay_s": self.script.delay_s(digest, times),
            "digest": digest,
            "times": times,
        }
        if self.script.away:
            return self._reply(0, b"", about, fault="away")
        if self.script.bad_key:
            return self.error(401, "invalid API key", about)
        if refused := refusal(document):
            return self.error(*refused, about)
        if self.script.no_credit:
            return self.error(402, "Your credit balance is too low to access the Claude API.", about)
        assert isinstance(document, dict)  # noqa: S101 - anything else was refused
        within = self._within_rate(document["model"], about)
        trouble = self.script.trouble(digest, times) if within else Trouble.RATE_LIMITED
        if trouble is not None and trouble in _STATUSES:
            return self.error(*_STATUSES[trouble], about)
        return self._play(document, trouble, about)

    def reply_with(self, document: Mapping[str, Any], text: str, *, stop_reason: str = "end_turn") -> Reply:
        """A given *text* as the service would bring it; for those who put their own words in front."""
        digest = digest_of(document)
        return self._say(document, text, stop_reason, {"digest": digest, "times": self.asked[digest]})

    def error(self, status: int, message: str, about: Mapping[str, Any] | None = None) -> Reply:
        """A failure in the API's form."""
        about = about or {}
        body = {
            "type": "error",
            "error": {"type": _TYPES.get(status, "api_error"), "message": message},
            "request_id": _ident("req", about),
        }
        return self._reply(status, json.dumps(body).encode(), about)

    def delivered(self, reply: Reply) -> None:
        """Note that the whole of *reply* went out."""
        if reply.status == 200:
            with self._lock:
                self.answered[reply.digest] += 1

    def _play(self, document: Mapping[str, Any], trouble: Trouble | None, about: Mapping[str, Any]) -> Reply:
        if trouble in (Trouble.RESET, Trouble.HANG):
            return self._reply(0, b"", about, fault=trouble)
        if trouble is Trouble.REFUSAL:
            return self._say(document, "", "refusal", about)
        asked = understand(document)
        if asked.purpose is Purpose.DRAFT and asked.skill == self.script.declines:
            return self._say(document, "", "refusal", about)
        text = write(asked, self.script)
        if trouble is Trouble.NONSENSE:
            text = NONSENSE if asked.schema else ""
        if trouble is Trouble.TRUNCATED:
            return self._say(document, text[: len(text) // 2], "max_tokens", about)
        return self._say(document, text, "end_turn", about, fault=trouble)

    def _within_rate(self, model: str, about: dict[str, Any]) -> bool:
        """Whether the script's rate lets one more request of *model* in; what is left is told *about* it."""
        if self.script.rate is None:
            return True
        with self._lock:
            bucket = self._buckets.setdefault((family(model), self.script.rate), Bucket(self.script.rate, self._clock))
            within = bucket.take()
            about["requests"] = (bucket.most, bucket.left, bucket.seconds_until(bucket.most))
            about["one_in_s"] = bucket.seconds_until(1)
        return within

    def _say(
        self,
        document: Mapping[str, Any],
        text: str,
        stop_reason: str,
        about: Mapping[str, Any],
        *,
        fault: Trouble | None = None,
    ) -> Reply:
        model, limit = document["model"], document["max_tokens"]
        thinks = "haiku" not in model and stop_reason != "refusal"
        effort = (document.get("output_config") or {}).get("effort") or "medium"
        thought = min(int(estimated_tokens(text) * THINKING_SHARES[effort]), limit // 4) if thinks else 0
        if estimated_tokens(text) > limit - thought:
            stop_reason = "max_tokens"
            text = text.encode(errors="replace")[: int((limit - thought) * BYTES_A_TOKEN)].decode(errors="ignore")
        content: list[dict[str, Any]] = []
        if thinks and limit:
            content.append({"type": "thinking", "thinking": "", "signature": _ident("rehearsal", about)})
        if stop_reason != "refusal" and limit:
            content.append({"type": "text", "text": text})
        with self._lock:
            prompt = self._cache.charge(document, answered_in_s=about.get("delay_s", 0))
        message = {
            "id": _ident("msg", about),
            "type": "message",
            "role": "assistant",
            "model": model,
            "content": content,
            "stop_reason": stop_reason,
            "stop_sequence": None,
            "stop_details": _REFUSED if stop_reason == "refusal" else None,
            "usage": _usage(prompt, estimated_tokens(text) + thought, thought),
        }
        return self._reply(200, json.dumps(message, ensure_ascii=False).encode(errors="replace"), about, fault=fault)

    def _reply(
        self,
        status: int,
        body: bytes,
        about: Mapping[str, Any],
        *,
        fault: Trouble | Literal["away"] | None = None,
    ) -> Reply:
        headers = {
            "content-type": "application/json",
            "content-length": str(len(body)),
            "request-id": _ident("req", about),
            **_rate_headers(about.get("requests"), used_up=status == 429 and "requests" not in about),
        }
        asked, one_in_s = self.script.retry_after_s, about.get("one_in_s", 0)
        if status == 429:
            headers["retry-after"] = f"{math.ceil(one_in_s) or (1 if asked is None else asked):g}"
        elif status == 503 and asked is not None:
            headers["retry-after"] = f"{asked:g}"
        return Reply(status, headers, body, about.get("delay_s", 0), fault, about.get("digest", ""))


def write(asked: Asked, script: Script) -> str:
    """The text of the answer: pure, so the same question has the same answer, byte for byte."""
    if asked.purpose is Purpose.REVIEW:
        return director_and_reviewer.review(asked, script)
    return _WRITERS[asked.purpose](asked)


_WRITERS: Final[Mapping[Purpose, Callable[[Asked], str]]] = {
    Purpose.PLAN: director_and_reviewer.plan,
    Purpose.REPLAN: director_and_reviewer.replanning,
    Purpose.CONCLUSION: director_and_reviewer.conclusion,
    Purpose.REPORT: director_and_reviewer.performance_report,
    Purpose.EDITS: director_and_reviewer.edits,
    Purpose.FORM: director_and_reviewer.filled,
    Purpose.DRAFT: drafting.draft,
    Purpose.WARM: director_and_reviewer.small_talk,
    Purpose.TALK: director_and_reviewer.small_talk,
}

_REFUSED: Final = {
    "type": "refusal",
    "category": "general_harms",
    "explanation": "The rehearsal was told to refuse this.",
}


def _ident(prefix: str, about: Mapping[str, Any]) -> str:
    made = hashlib.sha256(f"{prefix}|{about.get('digest', '')}|{about.get('times', 0)}".encode()).hexdigest()
    return f"{prefix}_{made[:24]}"


def _usage(prompt: PromptUsage, output: int, thought: int) -> dict[str, Any]:
    return {
        "input_tokens": prompt.input,
        "cache_creation_input_tokens": prompt.written_5m + prompt.written_1h,
        "cache_read_input_tokens": prompt.read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": prompt.written_5m,
            "ephemeral_1h_input_tokens": prompt.written_1h,
        },
        "output_tokens": output,
        "output_tokens_details": {"thinking_tokens": thought},
        "service_tier": "standard",
    }


def _rate_headers(requests: tuple[int, int, float] | None, *, used_up: bool) -> dict[str, str]:
    """Of each limit how many there are, how many are left, and when all are there again; *requests* as they are counted."""
    limits = {name: (most, 0 if used_up else most - 1, 60.0) for name, most in _LIMITS.items()}
    if requests is not None:
        limits["requests"] = requests
    headers: dict[str, str] = {}
    for name, (most, left, full_in_s) in limits.items():
        reset = datetime.now(UTC) + timedelta(seconds=math.ceil(full_in_s))
        headers[f"anthropic-ratelimit-{name}-limit"] = str(most)
        headers[f"anthropic-ratelimit-{name}-remaining"] = str(left)
        headers[f"anthropic-ratelimit-{name}-reset"] = reset.strftime("%Y-%m-%dT%H:%M:%SZ")
    return headers
