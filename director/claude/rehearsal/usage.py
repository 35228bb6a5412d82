"""The tokens of a rehearsed request's prompt: an estimate, and the prompt cache as the service keeps it."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from director.prompting.request import estimated_tokens

#: A shorter prefix is silently not cached.
LEAST_CACHED_TOKENS: Final = 512

#: How far before a breakpoint an earlier entry is looked for.
LOOK_BACK_BLOCKS: Final = 20

#: Tokens around each message.
MESSAGE_TOKENS: Final = 4

LIVES_S: Final[Mapping[str, float]] = {"5m": 300, "1h": 3600}


def canonical(document: object) -> bytes:
    """The bytes by which two documents are the same."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


@dataclass(frozen=True, slots=True)
class PromptUsage:
    """The prompt's tokens as they are billed; *input* was neither read from nor written to the cache."""

    input: int
    read: int = 0
    written_5m: int = 0
    written_1h: int = 0


@dataclass(slots=True)
class _Entry:
    life_s: float
    readable_at: float
    expires_at: float


@dataclass(frozen=True, slots=True)
class _Block:
    key: str  #: Of everything up to and with this block.
    tokens: int  #: Of the same.
    life: str | None  #: "5m" or "1h" where a breakpoint stands behind it.


@dataclass(slots=True)
class PromptCache:
    """The prefixes that were sent within their lives, by model. Not thread-safe."""

    clock: Callable[[], float]  #: Seconds, monotonic.
    _entries: dict[str, _Entry] = field(default_factory=dict)

    def charge(self, document: Mapping[str, Any], *, answered_in_s: float | None) -> PromptUsage:
        """
        Bill the prompt of a request that arrives now, and keep its prefixes.

        They can be read once the answer begins, *answered_in_s* seconds from now; with None it never does,
        and nothing is kept.
        """
        now = self.clock()
        self._entries = {key: entry for key, entry in self._entries.items() if entry.expires_at > now}
        blocks = list(_blocks(document))
        marked = [place for place, block in enumerate(blocks) if block.life]
        marked = [place for place in marked if blocks[place].tokens >= LEAST_CACHED_TOKENS]
        hit = self._longest(blocks, marked, now)
        read = blocks[hit].tokens if hit is not None else 0
        written = {"5m": 0, "1h": 0}
        done = read
        for place in marked:
            block = blocks[place]
            if hit is not None and place <= hit:
                continue
            written[block.life or "5m"] += block.tokens - done
            done = block.tokens
        if answered_in_s is not None:
            self._keep([blocks[place] for place in marked], None if hit is None else blocks[hit], now + answered_in_s)
        return PromptUsage(blocks[-1].tokens - done, read, written["5m"], written["1h"])

    def _longest(self, blocks: list[_Block], marked: list[int], now: float) -> int | None:
        for place in reversed(marked):
            for earlier in range(place, max(-1, place - LOOK_BACK_BLOCKS), -1):
                entry = self._entries.get(blocks[earlier].key)
                if entry is not None and entry.readable_at <= now:
                    return earlier
        return None

    def _keep(self, marked: list[_Block], hit: _Block | None, readable_at: float) -> None:
        for block in ([hit] if hit else []) + marked:
            entry = self._entries.get(block.key)
            if entry is None:
                life_s = LIVES_S[block.life or "5m"]
                self._entries[block.key] = _Entry(life_s, readable_at, readable_at + life_s)
            else:
                entry.expires_at = max(entry.expires_at, readable_at + entry.life_s)


def _blocks(document: Mapping[str, Any]) -> Iterator[_Block]:
    """The prompt in the order the cache sees it."""
    # A schema is put before the system prompt by the service, so another schema is another prefix.
    parts: list[tuple[str, Any]] = [("schema", (document.get("output_config") or {}).get("format"))]
    parts += [("tool", tool) for tool in document.get("tools") or ()]
    parts += [("system", block) for block in _listed(document.get("system"))]
    for message in document["messages"]:
        parts += [(message["role"], block) for block in _listed(message["content"])]
    hashed = hashlib.sha256(str(document["model"]).encode())
    total = MESSAGE_TOKENS * len(document["messages"])
    for number, (role, block) in enumerate(parts):
        if block is None:
            continue
        control = block.get("cache_control")
        if number == len(parts) - 1:
            control = control or document.get("cache_control")
        bare = {key: value for key, value in block.items() if key != "cache_control"}
        plain = bare["text"].encode(errors="replace") if bare.get("type") == "text" else canonical(bare)
        hashed.update(f"\0{role}\0{len(plain)}\0".encode() + plain)
        total += estimated_tokens(plain)
        yield _Block(hashed.hexdigest(), total, control.get("ttl", "5m") if control else None)


def _listed(content: Any) -> list[Any]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return list(content or ())
