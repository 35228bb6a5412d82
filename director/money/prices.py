"""What a call costs: list prices from one dated file, exact in nano-dollars."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from director.words.errors import NoPrice
from director.words.models import Call

#: What stands behind a model's name where one state of it is meant, or whichever is the latest.
_DATE: Final = re.compile(r"[-@](?:20[0-9]{6}|latest)\Z")

FILE: Final = Path(__file__).parent / "prices.yaml"


@dataclass(frozen=True, slots=True)
class Usage:
    """
    The tokens of one call, each counted once. `input` is what was neither read from nor written to the cache; `cache_write` was
    written to it for five minutes, `cache_write_1h` for an hour.
    """

    input: int
    output: int
    cache_write: int = 0
    cache_read: int = 0
    cache_write_1h: int = 0

    @property
    def prompt(self) -> int:
        """All tokens of the prompt, however they were billed."""
        return self.input + self.cache_write + self.cache_write_1h + self.cache_read


@dataclass(frozen=True, slots=True)
class Band:
    """Prices in nano-dollars a token, for prompts of at most `prompt_up_to` tokens (None: no limit)."""

    prompt_up_to: int | None
    input: int
    output: int
    cache_write: int
    cache_write_1h: int
    cache_read: int

    def cost(self, usage: Usage) -> int:
        """What *usage* costs at these prices, in nano-dollars."""
        return (
            usage.input * self.input
            + usage.output * self.output
            + usage.cache_write * self.cache_write
            + usage.cache_write_1h * self.cache_write_1h
            + usage.cache_read * self.cache_read
        )


@dataclass(frozen=True, slots=True)
class Prices:
    """The price file."""

    as_of: str
    tiers: Mapping[str, str]
    models: Mapping[str, tuple[Band, ...]]

    def model_for(self, tier: str, override: str | None = None) -> str:
        """
        The model a tier means; *override* (the setting MODEL) goes first.

        Raises:
            NoPrice: the model is not in the file.
        """
        model = override or self.tiers.get(tier, tier)
        if model not in self.models:
            named = "MODEL names" if override else f"The tier {tier} means"
            raise NoPrice(
                f"{named} {model!r}, which has no price in director/money/prices.yaml ({self.as_of}); "
                f"name one of {', '.join(sorted(self.models))}, or add its prices there."
            )
        return model

    def has(self, model: str) -> bool:
        """Whether *model*, or the model it is a dated name of, has a price."""
        return any(is_same(known, model) for known in self.models)

    def cost(self, model: str, usage: Usage) -> int:
        """
        What *usage* of *model* costs, in nano-dollars; the band is picked by the whole prompt.

        Of a model without a price, which can only be one that answered unasked: what the dearest of the file would.
        """
        return max(self._cost(bands, usage) for bands in self._may_be(model))

    def without_cache(self, model: str, usage: Usage) -> int:
        """
        What *usage* of *model* would cost if nothing were kept: each token of the prompt at the price of input. Nano-dollars.

        Less than `cost` where more was written to the cache than was read from it.
        """
        return self.cost(model, Usage(usage.prompt, usage.output))

    def saved(self, calls: Iterable[Call]) -> int:
        """
        What the cache saved on *calls*, at these prices, nano-dollars; less than nothing where more was kept than was read.

        Of a call that counts at its worst case no tokens are known, and nothing was saved.
        """
        used = [(call.answered_by, usage_of(call)) for call in calls]
        return sum(self.without_cache(model, usage) - self.cost(model, usage) for model, usage in used)

    def worst_case(self, model: str, *, prompt: int, output: int, for_an_hour: bool = False) -> int:
        """
        The most a call can cost, in nano-dollars: every prompt token written to the cache, all of *output* used. *for_an_hour*
        is whether anything is to be kept there that long, which is dearer.

        The dearest of all bands a prompt of up to *prompt* tokens can fall into.
        """
        written = Usage(0, output, cache_write_1h=prompt) if for_an_hour else Usage(0, output, cache_write=prompt)
        most = 0
        for bands in self._may_be(model):
            for band in bands:
                most = max(most, band.cost(written))
                if band.prompt_up_to is not None and prompt <= band.prompt_up_to:
                    break
        return most

    def _may_be(self, model: str) -> list[tuple[Band, ...]]:
        if model in self.models:
            return [self.models[model]]
        return [bands for known, bands in self.models.items() if is_same(known, model)] or list(self.models.values())

    @staticmethod
    def _cost(bands: tuple[Band, ...], usage: Usage) -> int:
        for band in bands:
            if band.prompt_up_to is None or usage.prompt <= band.prompt_up_to:
                return band.cost(usage)
        raise NoPrice(f"There is no price for a prompt of {usage.prompt} tokens.")


def usage_of(call: Call) -> Usage:
    """The tokens of a call of the ledger, which counts all that was written to the cache, and of that what for an hour."""
    return Usage(
        call.input_tokens,
        call.output_tokens,
        cache_write=call.cache_write_tokens - call.cache_write_1h_tokens,
        cache_read=call.cache_read_tokens,
        cache_write_1h=call.cache_write_1h_tokens,
    )


def is_same(model: str, other: str) -> bool:
    """Whether both name one model: a date behind a name says only which state of it is meant."""
    return without_date(model) == without_date(other)


def without_date(model: str) -> str:
    """The model a name means, whichever state of it."""
    return _DATE.sub("", model)


@cache
def load(file: Path = FILE) -> Prices:
    """The prices of *file*, read once a process."""
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Prices(
        as_of=str(document["as_of"]),
        tiers=document["tiers"],
        models={model: tuple(_band(row) for row in bands) for model, bands in document["models"].items()},
    )


def _band(row: dict[str, Any]) -> Band:
    def nano(name: str) -> int:
        # USD for a million tokens is a thousand nano-dollars a token.
        exact = Decimal(str(row[name])) * 1000
        if exact != int(exact):
            raise ValueError(f"{name}: {row[name]} USD for a million tokens is no whole number of nano-dollars a token")
        return int(exact)

    return Band(
        row.get("prompt_up_to"),
        input=nano("input"),
        output=nano("output"),
        cache_write=nano("cache_write"),
        cache_write_1h=nano("cache_write_1h"),
        cache_read=nano("cache_read"),
    )
