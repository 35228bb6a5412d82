"""A person says what a brand may spend a month and a day, in place of the settings."""

from dataclasses import replace
from typing import Final

from director.calls import caps
from director.mailbox import admission
from director.money import periods
from director.office import Office
from director.progress import brakes, tell_of_restrictions
from director.progress.held_for_money import look_after_money
from director.progress.questions import PERSON
from director.store.tx import Tx
from director.words.amounts import usd
from director.words.errors import ChangedSince, WrongField
from director.words.reach import Reach
from director.words.version import version_of

#: Under which those who set a brand's caps follow each other, so that each sees what the one before said.
_SETTING: Final = "caps"


def set_caps(
    office: Office, *, monthly_nano: int, daily_nano: int | None, by: str = PERSON, version: str | None = None
) -> None:
    """
    Say the brand's caps; *daily_nano* is None where a day has none of its own. What people added to those of this month and
    this day by their answers is in them no longer: this is the newer word. With *version*, only where they are as they were
    seen (`version_of_caps`), or are these already.

    Work that was held under the old caps, and fits, goes on at once or with the next sweep; what is spent stays spent.

    Raises:
        WrongField: a day may cost more than its month.
        ChangedSince: somebody set others meanwhile, or an answer added to them; nothing changed.
    """
    if daily_nano is not None and daily_nano > monthly_nano:
        raise WrongField(
            "daily",
            f"A day may cost {usd(daily_nano)} and its month {usd(monthly_nano)}: name less for a day (or none), or more for a "
            "month.",
        )
    with office.store.write() as tx:
        tx.presence.one_at_a_time(_SETTING)
        now = tx.brands.get(office.brand)
        if version is not None and version_of_caps(tx, office) != version:
            if (now.monthly_nano, now.daily_nano) == (monthly_nano, daily_nano):
                return  # it was said before, such as by the same form
            raise ChangedSince("The caps changed since you saw them. Nothing was done; look again.")
        tx.brands.set_caps(office.brand, monthly_nano=monthly_nano, daily_nano=daily_nano)
        month, day = _scopes(tx, office)
        tx.accounts.take_back_added(month)
        tx.accounts.take_back_added(day)
        of_day = "none" if daily_nano is None else usd(daily_nano)
        tx.note(None, office.brand, "caps set", by=by, detail=f"a month {usd(monthly_nano)}, a day {of_day}")
    brakes.look_again(office)
    tell_of_restrictions.tell(office, office.brand)
    # Of every goal, also where this process works for none: nobody else may be here to look.
    look_after_money(replace(office, reach=Reach(office.reach.rehearsal)))
    admission.ring(office)


def version_of_caps(tx: Tx, office: Office) -> str:
    """Another as soon as a person sets the brand's caps, or an answer adds to those of this month or this day."""
    brand, scopes = tx.brands.get(office.brand), _scopes(tx, office)
    added = [tx.accounts.get(scope, rehearsal=kind).added_nano for scope in scopes for kind in (False, True)]
    return version_of({"monthly": brand.monthly_nano, "daily": brand.daily_nano, "scopes": scopes, "added": added})


def _scopes(tx: Tx, office: Office) -> tuple[str, str]:
    """The accounts of this month and this day."""
    zone = office.settings.time_zone
    return (
        caps.month_scope(office.brand, periods.month_of(tx.now, zone)),
        caps.day_scope(office.brand, periods.day_of(tx.now, zone)),
    )
