"""A person says what a brand may spend a month and a day, in place of the settings."""

from dataclasses import replace

from director.calls import caps
from director.mailbox import admission
from director.money import periods
from director.office import Office
from director.progress import held_back
from director.progress.held_for_money import look_after_money
from director.progress.questions import PERSON
from director.words.amounts import usd
from director.words.reach import Reach


def set_caps(office: Office, *, monthly_nano: int, daily_nano: int | None) -> None:
    """
    Say the brand's caps; *daily_nano* is None where a day has none of its own. What people added to those of this month and
    this day by their answers is in them no longer: this is the newer word.

    Work that was held under the old caps, and fits, goes on at once or with the next sweep; what is spent stays spent.
    """
    with office.store.write() as tx:
        tx.brands.set_caps(office.brand, monthly_nano=monthly_nano, daily_nano=daily_nano)
        zone = office.settings.time_zone
        tx.accounts.take_back_added(caps.month_scope(office.brand, periods.month_of(tx.now, zone)))
        tx.accounts.take_back_added(caps.day_scope(office.brand, periods.day_of(tx.now, zone)))
        day = "none" if daily_nano is None else usd(daily_nano)
        tx.note(None, office.brand, "caps set", by=PERSON, detail=f"a month {usd(monthly_nano)}, a day {day}")
    held_back.tell(office, office.brand)
    # Of every goal, also where this process works for none: nobody else may be here to look.
    look_after_money(replace(office, reach=Reach(office.reach.rehearsal)))
    admission.ring(office)
