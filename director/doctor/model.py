"""The model service: whether it takes the key and has the models in use, and what these cost."""

from collections.abc import Iterator
from contextlib import suppress

from director.catalog import catalog_of
from director.claude import look as service
from director.claude.look import Busy, KeyRefused
from director.doctor import clocks, mends
from director.money import prices
from director.money.prices import Prices
from director.office import TIERS
from director.words.clock import Clock
from director.words.errors import BrokenFile, ModelAway, ModelRefused, NoPrice
from director.words.finding import Finding, Level
from director.words.settings import Settings


def look(settings: Settings, clock: Clock, wait_s: float) -> Iterator[Finding]:
    """Prices and key; nothing is sent where the team rehearses. The service is waited for so long."""
    book = prices.load()
    try:
        models = _in_use(settings, book)
    except NoPrice as problem:
        mend = mends.setting("MODEL") if settings.model else mends.edit(prices.FILE)
        yield Finding("prices", Level.FAULT, str(problem), mend)
        models = set()
    else:
        yield Finding("prices", Level.WELL, f"of {', '.join(sorted(models))}, as of {book.as_of}")
    if settings.unused_token is not None:
        yield Finding("key", Level.WARNING, settings.unused_token, mends.set_to("ANTHROPIC_API_KEY", "…"))
    if settings.rehearses:
        if settings.unused_token is None:
            yield Finding("key", Level.WELL, "none is set: work is rehearsed, and nothing is paid")
        return
    before = clock()
    try:
        seen = service.look(settings, wait_s)
    except KeyRefused as problem:
        yield Finding("key", Level.FAULT, str(problem), mends.setting("ANTHROPIC_API_KEY"))
        return
    except ModelRefused as problem:
        yield Finding("key", Level.FAULT, str(problem), mends.setting("ANTHROPIC_BASE_URL"))
        return
    except Busy as problem:
        yield Finding("key", Level.WARNING, f"{problem} Work waits until that is over.", mends.command("doctor"))
        return
    except ModelAway as problem:
        yield Finding("key", Level.FAULT, str(problem), _reach(settings))
        return
    lacking = sorted(model for model in models if not seen.has(model))
    for model in lacking:
        says = (
            f"{seen.host} does not list the model {model}: what is done with it may be refused. Name another in MODEL."
        )
        yield Finding("key", Level.WARNING, says, _name_another(settings, book, seen))
    said = "takes the key" if seen.models is not None else "answers; it does not say which models it has"
    yield Finding("key", Level.WELL, f"{seen.host} {said}")
    if seen.time is not None:
        yield clocks.against(f"that of {seen.host}", seen.time, before, clock())


def _in_use(settings: Settings, book: Prices) -> set[str]:
    """
    The models the team works with: of the Director, the reviewer and each specialist.

    Raises:
        NoPrice: one of them has none.
    """
    tiers = set(TIERS.values())
    with suppress(BrokenFile):  # said where skills are looked at
        tiers |= {skill.tier for skill in catalog_of(settings).roster.skills.values()}
    return {book.model_for(tier, settings.model) for tier in tiers}


def _name_another(settings: Settings, book: Prices, seen: service.Service) -> str:
    known = sorted(model for model in book.models if seen.has(model))
    if settings.model is not None or not known:
        return mends.setting("MODEL")
    return mends.set_to("MODEL", known[0])


def _reach(settings: Settings) -> str:
    if settings.anthropic_base_url is not None:
        return mends.setting("ANTHROPIC_BASE_URL")
    return "curl -sS -o /dev/null -w '%{http_code}\\n' https://api.anthropic.com/v1/models"
