"""The brand that a command is for: that of what it names by id, where it names anything; else --brand's."""

from collections.abc import Iterator
from contextlib import contextmanager

from director.access.brands import brand_of
from director.bootstrap import opened
from director.office import Office
from director.words.brand import DEFAULT
from director.words.errors import WrongCall
from director.words.settings import Settings, from_env


@contextmanager
def opened_for(ident: str | None, settings: Settings | None = None, *, begins: bool = False) -> Iterator[Office]:
    """
    As `opened`, for the brand that *ident* belongs to; None: for --brand's.

    Raises:
        WrongCall: *ident* belongs to one, and another was named.
    """
    with opened(settings or from_env(), begins=begins) as office:
        yield office if ident is None else for_brand_of(office, ident)


def for_brand_of(office: Office, ident: str) -> Office:
    """The office, for the brand that *ident* belongs to; as `opened_for`."""
    with office.store.read() as tx:
        brand = brand_of(tx, ident)
    if brand is None or brand == office.brand:
        return office
    if office.brand != DEFAULT:
        raise WrongCall(
            f"{ident} is of the brand {brand}, and {office.brand} was named: leave --brand (and BRAND) out."
        )
    return office.of(brand)
