"""What the Messages API (version 2026-10-21) refuses, said the way it says it; so does the rehearsal."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from director.money import prices

#: The most a model of the 5.5 family writes.
MOST_OUTPUT_TOKENS: Final = 128_000

EFFORTS: Final = ("low", "medium", "high", "xhigh", "max")

_KNOWN: Final = frozenset(
    [
        "model",
        "max_tokens",
        "messages",
        "system",
        "output_config",
        "thinking",
        "tool_choice",
        "tools",
        "metadata",
        "stop_sequences",
        "service_tier",
        "stream",
        "cache_control",
        "inference_geo",
        "diagnostics",
        "temperature",
        "top_p",
        "top_k",
        "container",
        "context_management",
        "mcp_servers",
        "speed",
    ]
)

_UNSUPPORTED_IN_SCHEMAS: Final = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "maxItems",
    "uniqueItems",
]


def refusal(document: object) -> tuple[int, str] | None:
    """The status and the message a request is refused with; None when there is nothing to refuse."""
    if not isinstance(document, dict):
        return 400, "The request body is not a JSON object."
    for name in ("model", "max_tokens", "messages"):
        if document.get(name) is None:
            return 400, f"{name}: Field required"
    model = document["model"]
    if not isinstance(model, str):
        return 400, "model: Input should be a valid string"
    if model not in prices.load().models:
        return 404, f"model: {model}"
    message = next(_faults(document, model), None)
    return None if message is None else (400, message)


def _faults(document: Mapping[str, Any], model: str) -> Iterator[str]:
    for name in document:
        if name not in _KNOWN:
            yield f"{name}: Extra inputs are not permitted"
    for name in ("temperature", "top_p", "top_k"):
        if name in document:
            yield f"`{name}` is not supported by this model."
    for name in ("thinking", "tool_choice", "output_config", "cache_control"):
        if not isinstance(document.get(name, {}), dict | None):
            yield f"{name}: Input should be a valid dictionary"
    if not isinstance(document.get("tools") or [], list):
        yield "tools: Input should be a valid list"
    elif not all(isinstance(tool, dict) and _is_marked(tool) for tool in document.get("tools") or []):
        yield "tools: Input should be a list of dictionaries"
    limit = document["max_tokens"]
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
        yield "max_tokens: Input should be a valid integer, 0 or greater"
    elif limit > MOST_OUTPUT_TOKENS:
        most = f"{limit} > {MOST_OUTPUT_TOKENS}, which is the maximum allowed number of output tokens"
        yield f"max_tokens: {most} for {model}"
    yield from _in_messages(document["messages"])
    yield from _in_blocks(document)
    yield from _in_thinking(document, model)
    if document.get("stream"):
        yield "stream: streaming is not part of the rehearsal"


def _in_messages(messages: object) -> Iterator[str]:
    if not isinstance(messages, list):
        yield "messages: Input should be a valid list"
        return
    if not messages:
        yield "messages: at least one message is required"
        return
    for number, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in ("user", "assistant", "system"):
            yield f"messages.{number}.role: Input should be 'user', 'assistant' or 'system'"
            return
        if not _is_content(message.get("content")):
            yield f"messages.{number}.content: Input should be a valid string or a list of blocks"
            return
        if message["content"] == []:
            yield f"messages.{number}: all messages must have non-empty content"
            return
    if messages[-1]["role"] == "assistant":
        yield ("This model does not support assistant message prefill. The conversation must end with a user message.")


def _is_content(content: object) -> bool:
    if isinstance(content, list):
        return all(isinstance(block, dict) and _is_text(block) and _is_marked(block) for block in content)
    return isinstance(content, str)


def _is_text(block: Mapping[str, Any]) -> bool:
    return block.get("type") != "text" or isinstance(block.get("text"), str)


def _is_marked(block: Mapping[str, Any]) -> bool:
    """Whether its cache breakpoint is one, if it has one."""
    control = block.get("cache_control")
    if control is None:
        return True
    return isinstance(control, dict) and control.get("ttl", "5m") in ("5m", "1h")


def _in_blocks(document: Mapping[str, Any]) -> Iterator[str]:
    system = document.get("system") or []
    if not _is_content(system):
        yield "system: Input should be a valid string or a list of text blocks"
        return
    held = [("system", system)]
    held += [
        (f"messages.{number}.content", message["content"])
        for number, message in enumerate(document["messages"])
        if isinstance(message, dict)
    ]
    marked = 1 if document.get("cache_control") else 0
    for where, content in held:
        if isinstance(content, str):
            if not content.strip():
                yield f"{where}: text content blocks must be non-empty"
            continue
        for block in content:
            marked += 1 if block.get("cache_control") else 0
            if block.get("type") == "text" and not block["text"].strip():
                yield f"{where}: text content blocks must be non-empty"
    yield from _in_lives([block for _, content in held if not isinstance(content, str) for block in content])
    if marked > 4:
        yield f"A maximum of 4 blocks with cache_control may be provided. Found {marked}."


def _in_lives(blocks: list[Mapping[str, Any]]) -> Iterator[str]:
    lives = [control.get("ttl", "5m") for block in blocks if (control := block.get("cache_control"))]
    if "5m" in lives and "1h" in lives[lives.index("5m") :]:
        yield "cache_control: a block with ttl '1h' must not come after a block with ttl '5m'."


def _in_thinking(document: Mapping[str, Any], model: str) -> Iterator[str]:
    config = document.get("output_config") or {}
    effort = config.get("effort")
    if effort is not None and effort not in EFFORTS:
        yield f"output_config.effort: Input should be one of {', '.join(EFFORTS)}"
    thinking = document["thinking"].get("type") if document.get("thinking") else None
    haiku = "haiku" in model
    if thinking == "enabled":
        yield 'thinking: "enabled" is not supported by this model; use "adaptive" and output_config.effort'
    if thinking == "disabled" and (not haiku or effort in ("xhigh", "max")):
        yield "thinking: thinking cannot be disabled for this model"
    if thinking == "between_tools" and "sonnet" not in model:
        yield 'thinking: "between_tools" is not supported by this model'
    choice = document["tool_choice"].get("type") if document.get("tool_choice") else None
    if choice in ("any", "tool") and not haiku:
        yield "tool_choice: forcing a tool is not supported by this model; use `auto` or `none`"
    form = config.get("format")
    if form is not None:
        if not isinstance(form, dict) or form.get("type") != "json_schema" or not isinstance(form.get("schema"), dict):
            yield "output_config.format: Input should be a json_schema with a schema"
        else:
            yield from _in_schema(form["schema"])


def _in_schema(schema: object) -> Iterator[str]:
    if isinstance(schema, list):
        for part in schema:
            yield from _in_schema(part)
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        yield ("output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false")
    for name, value in schema.items():
        if name in _UNSUPPORTED_IN_SCHEMAS and not isinstance(value, dict):
            kind = schema.get("type")
            yield f"output_config.format.schema: For '{kind}' type, property '{name}' is not supported"
        # Under `properties` the names are the asker's own, not the schema language's.
        for part in value.values() if name in ("properties", "$defs") and isinstance(value, dict) else [value]:
            yield from _in_schema(part)
