"""One request to the Messages API, before it is sent: what is asked, of which model, within which limits."""

import hashlib
import json
import math
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Block:
    """
    Parts of the prompt that are sent as one text, with a blank line between them.

    After a `stable` one stands a cache breakpoint.
    """

    parts: tuple[str, ...]
    stable: bool = True

    @property
    def text(self) -> str:
        """What is sent."""
        return "\n\n".join(self.parts)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. Equal requests have equal digests, byte for byte."""

    purpose: str  #: plan, draft, review, conclude, report: for the ledger, not for the model
    model: str
    effort: str
    max_tokens: int
    system: tuple[Block, ...]
    user: Block
    form: type[BaseModel] | None = None  #: what the text has to be; None: Markdown

    def body(self) -> dict[str, Any]:
        """
        The document that is sent.

        No temperature, no forced tool, no prefill, no thinking switch: the API refuses them (version 2026-10-21).
        """
        config: dict[str, Any] = {"effort": self.effort}
        if self.form is not None:
            config["format"] = {"type": "json_schema", "schema": schema(self.form)}
        return {
            "model": self.model,
            "max_tokens": self.max_tokens,
            "system": [_system(block) for block in self.system],
            "messages": [{"role": "user", "content": self.user.text}],
            "output_config": config,
        }

    def digest(self) -> str:
        """SHA-256 of the document: what makes two requests the same."""
        canonical = json.dumps(self.body(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def made_of(self) -> str:
        """The parts of the prompt without their texts, for who wants to know later what was shown: a JSON list of `part_of`."""
        blocks = (*self.system, self.user)
        parts = [part_of(part, stable=block.stable) for block in blocks for part in block.parts]
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))

    def most_prompt_tokens(self) -> int:
        """
        More tokens than the prompt can have.

        A token of a byte-level tokenizer stands for at least one byte, so the bytes bound the tokens. It costs no
        request and is never too little; about four times what is really used, which settling gives back.
        """
        return len(json.dumps(self.body(), ensure_ascii=False).encode()) + OVERHEAD_TOKENS


def _system(block: Block) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "text", "text": block.text}
    if block.stable:
        made["cache_control"] = {"type": "ephemeral"}
    return made


def name_of(part: str) -> str:
    """What a part of a prompt is called where people see it: its heading, its tag, or how it begins."""
    first = part.partition("\n")[0].strip("#<> ")
    return first if len(first) <= _LONGEST_NAME else f"{first[:_LONGEST_NAME]}…"


def part_of(part: str, *, stable: bool) -> dict[str, Any]:
    """A part of a prompt without its text: its name, its tokens, estimated, its SHA-256, and whether it is cached."""
    digest = hashlib.sha256(part.encode()).hexdigest()
    return {"name": name_of(part), "tokens": estimated_tokens(part), "sha256": digest, "cached": stable}


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
