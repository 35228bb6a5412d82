"""Prices: one dated file, exact, and a worst case that is the worst."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from director.catalog import Catalog
from director.money import prices
from director.money.prices import Prices, Usage
from director.words.errors import NoPrice
from director.words.settings import Settings

BOOK = prices.load()
MODELS = st.sampled_from(sorted(BOOK.models))

#: List prices in USD for a million tokens (facts 3.2): input, output, 5-minute write, cache read, 1-hour write, by prompt size.
LISTED = {
    ("claude-opus-5-5", 1_000): ("4", "20", "5", "0.20", "8"),
    ("claude-sonnet-5-5", 1_000): ("2", "10", "2.50", "0.10", "4"),
    ("claude-haiku-5-5", 1_000): ("0.10", "0.50", "0.125", "0.01", "0.20"),
    ("claude-haiku-5-5", 200_000): ("0.50", "2.50", "0.625", "0.05", "1"),
}

tokens = st.integers(0, 1_000_000)


@pytest.mark.parametrize(("model", "prompt"), LISTED)
def test_a_token_costs_its_list_price(model: str, prompt: int) -> None:
    """
    To the nano-dollar, in the band of the whole prompt.
    """
    per_million = [int(float(price) * 1000 * 1000) for price in LISTED[model, prompt]]
    base = BOOK.cost(model, Usage(input=prompt, output=0))

    assert base * 1000 == prompt * per_million[0]
    assert (BOOK.cost(model, Usage(input=prompt, output=7)) - base) * 1000 == 7 * per_million[1]
    assert BOOK.cost(model, Usage(input=0, output=0, cache_write=prompt)) * 1000 == prompt * per_million[2]
    assert BOOK.cost(model, Usage(input=0, output=0, cache_read=prompt)) * 1000 == prompt * per_million[3]
    assert BOOK.cost(model, Usage(input=0, output=0, cache_write_1h=prompt)) * 1000 == prompt * per_million[4]


def test_a_band_is_picked_by_the_whole_prompt() -> None:
    """
    Cache reads and writes count, output does not; the limit itself is in the cheaper band, which applies to every token.
    """
    within = Usage(input=40_000, output=90_000, cache_write=30_000, cache_read=30_000)
    beyond = Usage(input=40_001, output=90_000, cache_write=30_000, cache_read=30_000)

    assert BOOK.cost("claude-haiku-5-5", within) == 40_000 * 100 + 90_000 * 500 + 30_000 * 125 + 30_000 * 10
    assert BOOK.cost("claude-haiku-5-5", beyond) == 40_001 * 500 + 90_000 * 2_500 + 30_000 * 625 + 30_000 * 50


@given(model=MODELS, parts=st.tuples(tokens, tokens, tokens), output=tokens, more=st.tuples(tokens, tokens))
def test_nothing_costs_more_than_its_worst_case(
    model: str, parts: tuple[int, int, int], output: int, more: tuple[int, int]
) -> None:
    """
    However a prompt of at most so many tokens is billed, and however little is written, in whichever band it falls.
    """
    usage = Usage(input=parts[0], cache_write=parts[1], cache_read=parts[2], output=output)
    worst = BOOK.worst_case(model, prompt=usage.prompt + more[0], output=output + more[1])
    for_an_hour = replace(usage, cache_write=0, cache_write_1h=usage.cache_write)
    worst_for_an_hour = BOOK.worst_case(model, prompt=usage.prompt, output=output, for_an_hour=True)

    assert 0 <= BOOK.cost(model, usage) <= worst
    assert BOOK.cost(model, for_an_hour) <= worst_for_an_hour


@given(model=MODELS, usage=st.builds(Usage, tokens, tokens, tokens, tokens, tokens))
def test_without_a_cache_each_token_of_the_prompt_is_input(model: str, usage: Usage) -> None:
    """
    Reading is cheaper than that and writing dearer, so a call that only wrote cost more than it would have.
    """
    plain = BOOK.without_cache(model, usage)

    assert plain == BOOK.cost(model, Usage(usage.prompt, usage.output))
    assert BOOK.without_cache(model, replace(usage, cache_read=0)) <= BOOK.cost(model, replace(usage, cache_read=0))
    assert BOOK.cost(model, replace(usage, cache_write=0, cache_write_1h=0)) <= BOOK.without_cache(
        model, replace(usage, cache_write=0, cache_write_1h=0)
    )


@given(model=MODELS, prompt=tokens, output=tokens)
def test_a_larger_request_has_no_smaller_worst_case(model: str, prompt: int, output: int) -> None:
    """
    Otherwise asking for more would make room under a cap.
    """
    worst = BOOK.worst_case(model, prompt=prompt, output=output)

    assert BOOK.worst_case(model, prompt=prompt + 1, output=output) >= worst
    assert BOOK.worst_case(model, prompt=prompt, output=output + 1) > worst


@pytest.mark.parametrize("model", ["gpt-9", "claude-opus", "Claude-Opus-5-5", ""])
def test_a_model_that_is_not_in_the_file_is_refused(model: str) -> None:
    """
    Not guessed: the sentence says which, which file, of which date, and what can be named instead.
    """
    with pytest.raises(NoPrice) as refused:
        BOOK.model_for(model)

    sentence = str(refused.value)
    assert repr(model) in sentence
    assert BOOK.as_of in sentence
    for known in BOOK.models:
        assert known in sentence


def test_the_setting_goes_before_the_tier() -> None:
    """
    One model for all, but only one that has a price.
    """
    assert BOOK.model_for("opus") == "claude-opus-5-5"
    assert BOOK.model_for("opus", "claude-haiku-5-5") == "claude-haiku-5-5"
    with pytest.raises(NoPrice, match="gnome-1"):
        BOOK.model_for("opus", "gnome-1")


def test_every_tier_anybody_names_has_a_price() -> None:
    """
    The file's own tiers, and every skill's.
    """
    named = {skill.tier for skill in Catalog(Settings()).roster.skills.values()} | set(BOOK.tiers)

    assert named <= set(BOOK.tiers)
    for tier in named:
        assert BOOK.model_for(tier) in BOOK.models


def test_the_file_is_dated_and_every_models_last_band_has_no_limit() -> None:
    """
    A date a person can check, and a price for every prompt.
    """
    assert date.fromisoformat(BOOK.as_of) <= date(2100, 1, 1)
    for bands in BOOK.models.values():
        limits = [band.prompt_up_to for band in bands]
        assert limits[-1] is None
        assert all(limit is not None for limit in limits[:-1])
        assert limits[:-1] == sorted(limits[:-1], key=lambda limit: limit or 0)


def test_another_file_is_another_book(tmp_path: Path) -> None:
    """
    What stands in the file is what is charged: nothing about prices is in code.
    """
    file = tmp_path / "prices.yaml"
    band = {"input": 1, "output": 2, "cache_write": 3, "cache_write_1h": 4, "cache_read": 0.5}
    file.write_text(
        yaml.safe_dump({"as_of": "2026-01-01", "tiers": {"small": "gnome-1"}, "models": {"gnome-1": [band]}})
    )
    book: Prices = prices.load(file)

    assert book.as_of == "2026-01-01"
    assert book.cost(book.model_for("small"), Usage(10, 10, 10, 10, 10)) == 10 * (1000 + 2000 + 3000 + 500 + 4000)


def test_the_worst_case_is_the_dearest_band_a_prompt_may_fall_into(tmp_path: Path) -> None:
    """
    Also where long prompts are the cheaper ones: a prompt may turn out shorter than its bound.
    """
    file = tmp_path / "prices.yaml"
    short = {"prompt_up_to": 1000, "input": 10, "output": 100, "cache_write": 12, "cache_write_1h": 20, "cache_read": 1}
    long = {"input": 1, "output": 5, "cache_write": 2, "cache_write_1h": 2, "cache_read": 0.1}
    file.write_text(yaml.safe_dump({"as_of": "2026-01-01", "tiers": {}, "models": {"gnome-1": [short, long]}}))
    book = prices.load(file)

    assert book.worst_case("gnome-1", prompt=1001, output=50) >= book.cost("gnome-1", Usage(0, 50, cache_write=1000))


def test_a_price_that_is_no_whole_number_of_nano_dollars_is_refused(tmp_path: Path) -> None:
    """
    Rather than rounded call by call.
    """
    file = tmp_path / "prices.yaml"
    band = {"input": 0.0001, "output": 2, "cache_write": 3, "cache_write_1h": 4, "cache_read": 1}
    file.write_text(yaml.safe_dump({"as_of": "2026-01-01", "tiers": {}, "models": {"gnome-1": [band]}}))

    with pytest.raises(ValueError, match="input"):
        prices.load(file)
