"""One request to the Messages API, before it is sent: what is asked, of which model, within which limits."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

#: Tokens the service may add around what we send (roles, the schema's wrapping). Generous, because it only reserves money.
OVERHEAD_TOKENS: Final = 2_000

#: More characters than a token of an answer stands for: about four in English, and nobody counts on an average.
CHARACTERS_A_TOKEN: Final = 8

#: About what English Markdown takes with the tokenizer of the 5.x models.
BYTES_A_TOKEN: Final = 3.6

_LONGEST_NAME: Final = 80


class Life(StrEnum):
    """How long the service keeps what it wrote to its cache, counted from the last time it was read."""

    MINUTES = "5m"
    HOUR = "1h"


@dataclass(frozen=True, slots=True)
class Block:
    """
    Parts of the prompt that are sent as one text, with a blank line between them.

    After a `stable` one stands a cache breakpoint, where somebody is expected to read from there (`calls/caching.py`).
    """

    parts: tuple[str, ...]
    stable: bool = True
    skill: str | None = None  #: whose text it is, where another skill's calls have another

    @property
    def text(self) -> str:
        """What is sent."""
        return "\n\n".join(self.parts)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. Equal requests have equal digests, byte for byte."""

    purpose: str  #: plan, replan, warm, draft, review, mend, report, conclude: for the ledger, not for the model
    model: str
    effort: str
    max_tokens: int
    system: tuple[Block, ...]
    user: Block
    form: type[BaseModel] | None = None  #: what the text has to be; None: Markdown
    lives: tuple[Life | None, ...] | None = None  #: how long the cache keeps each block of system; None: see `body`

    def body(self) -> dict[str, Any]:
        """
        The document that is sent. Where nobody says how long its blocks are kept, each stable one is for five minutes.

        No temperature, no forced tool, no prefill, no thinking switch: the API refuses them (version 2026-10-21).
        """
        config: dict[str, Any] = {"effort": self.effort}
        if self.form is not None:
            config["format"] = {"type": "json_schema", "schema": schema(self.form)}
        return {
            "model": self.model,
            "max_tokens": self.max_tokens,
            "system": [_system(block, life) for block, life in zip(self.system, self._lives(), strict=True)],
            "messages": [{"role": "user", "content": self.user.text}],
            "output_config": config,
        }

    def digest(self) -> str:
        """SHA-256 of what the model is shown: what makes two requests the same. How long it is kept is not part of it."""
        return digest_of(self.body())

    @property
    def for_an_hour(self) -> bool:
        """Whether anything is to be kept in the cache for an hour, which is dearer to write."""
        return Life.HOUR in self._lives()

    def _lives(self) -> tuple[Life | None, ...]:
        if self.lives is not None:
            return self.lives
        return tuple(Life.MINUTES if block.stable else None for block in self.system)

    def made_of(self) -> str:
        """
        The parts of the prompt without their texts, for who wants to know later what was shown: a JSON list of `part_of`, in
        the order in which the cache sees them.
        """
        parts = [part for parts in self._made_of_system() for part in parts]
        parts += [part_of(part, cached=False) for part in self.user.parts]
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))

    def beginnings(self) -> list[tuple[str, ...]]:
        """For each block of system the digests of all parts up to it and with it, as `made_of` has them."""
        made: list[tuple[str, ...]] = []
        before: tuple[str, ...] = ()
        for parts in self._made_of_system():
            before = (*before, *(part["sha256"] for part in parts))
            made.append(before)
        return made

    def _made_of_system(self) -> list[list[dict[str, Any]]]:
        marked = [place for place, life in enumerate(self._lives()) if life is not None]
        blocks = [
            [part_of(part, cached=place <= max(marked, default=-1)) for part in block.parts]
            for place, block in enumerate(self.system)
        ]
        if self.form is not None and blocks:
            # The service puts it before all else, so another form is another prefix.
            said = json.dumps(schema(self.form), sort_keys=True, ensure_ascii=False)
            blocks[0].insert(0, part_of(said, cached=bool(marked)) | {"name": "Form of the answer"})
        return blocks

    def most_prompt_tokens(self) -> int:
        """
        More tokens than the prompt can have.

        A token of a byte-level tokenizer stands for at least one byte, so the bytes bound the tokens. It costs no
        request and is never too little; about four times what is really used, which settling gives back. How long it is
        kept in the cache changes nothing, so that what fitted under a cap fits again.
        """
        return len(json.dumps(replace(self, lives=None).body(), ensure_ascii=False).encode()) + OVERHEAD_TOKENS


def _system(block: Block, life: Life | None) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "text", "text": block.text}
    if life is not None:
        # Five minutes is what everybody means who says nothing, also servers that know no other.
        made["cache_control"] = {"type": "ephemeral"} | ({"ttl": life.value} if life is Life.HOUR else {})
    return made


def digest_of(document: Mapping[str, Any]) -> str:
    """
    SHA-256 of a request's document without its cache breakpoints: whoever asks the same again finds the answer that is kept,
    also where it would be kept in the cache for another time.
    """
    bare = _without_breakpoints(document)
    canonical = json.dumps(bare, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode(errors="replace")).hexdigest()


def _without_breakpoints(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {key: _without_breakpoints(value) for key, value in part.items() if key != "cache_control"}
    return [_without_breakpoints(each) for each in part] if isinstance(part, list | tuple) else part


def name_of(part: str) -> str:
    """What a part of a prompt is called where people see it: its heading, its tag, or how it begins."""
    first = part.partition("\n")[0].strip("#<> ")
    return first if len(first) <= _LONGEST_NAME else f"{first[:_LONGEST_NAME]}…"


def part_of(part: str, *, cached: bool) -> dict[str, Any]:
    """A part of a prompt without its text: its name, its tokens, estimated, its SHA-256, and whether the cache has it then."""
    digest = hashlib.sha256(part.encode()).hexdigest()
    return {"name": name_of(part), "tokens": estimated_tokens(part), "sha256": digest, "cached": cached}


def estimated_tokens(text: str | bytes) -> int:
    """About the tokens of a text, from its bytes: for people, and for the rehearsal's bill; no worst case."""
    raw = text.encode(errors="replace") if isinstance(text, str) else text
    return math.ceil(len(raw) / BYTES_A_TOKEN)


def likely_tokens(most: int) -> int:
    """About the tokens of a prompt that has *most* at most, as `most_prompt_tokens` says."""
    return math.ceil((most - OVERHEAD_TOKENS) / BYTES_A_TOKEN)


@cache
def schema(answer: type[BaseModel]) -> dict[str, Any]:
    """
    The JSON schema of an answer's form, as structured output wants it: closed objects, no limits on numbers, and every field
    asked for, also one that earlier answers did not have.
    """
    made = answer.model_json_schema()
    for form in (made, *made.get("$defs", {}).values()):
        if fields := form.get("properties"):
            form["required"] = list(fields)
            for field in fields.values():
                field.pop("default", None)
    return made


@cache
def text(name: str) -> str:
    """The text file *name* of this package."""
    return (Path(__file__).parent / "texts" / f"{name}.md").read_text(encoding="utf-8").strip()
