"""`costs --forecast`: the day on which the month's cap is reached at the pace of the last days."""

from datetime import timedelta

from director.bootstrap import opened
from director.cli.documents import print_document
from director.cli.terminal import console, counted
from director.money.pace import OVER
from director.money.periods import zone_of
from director.views.month_forecast import MonthForecast, month_forecasts, month_forecasts_document
from director.words.amounts import usd
from director.words.settings import from_env

_DAY = timedelta(days=1)


def print_forecast(*, json: bool) -> None:
    """What was spent, the pace, and when the cap is reached."""
    settings = from_env()
    with opened(settings) as office, office.store.read() as tx:
        found = month_forecasts(tx, office)
    if json:
        print_document(month_forecasts_document(found))
        return
    out = console()
    for number, one in enumerate(found):
        if number:
            out.print()
        for line in _lines(one, str(zone_of(settings))):
            out.print(line)


def _lines(one: MonthForecast, zone: str) -> list[str]:
    kind = "Rehearsed, nothing is paid" if one.rehearsal else "Paid"
    aside = f", and {usd(one.reserved_nano)} set aside for calls on the wire" if one.reserved_nano else ""
    lines = [f"{kind}: {usd(one.spent_nano)} of {usd(one.cap_nano)} in {one.month}{aside}."]
    if one.spent_nano >= one.cap_nano:
        return [*lines, "The cap is reached."]
    if one.at_end_nano is None:
        return [*lines, "Too little to tell a pace by: the first call was begun less than a day ago."]
    days = counted(one.pace.over // _DAY, "day")
    little = "" if one.pace.over >= OVER else ", all there are: this says little yet"
    lines.append(f"Pace: {usd(one.pace.cost_of(_DAY))} a day, of the last {days}{little}.")
    if one.reached is None:
        return [*lines, f"At this pace the month ends at {usd(one.at_end_nano)}; its cap is not reached."]
    return [
        *lines,
        f"At this pace the cap is reached on {one.reached:%A, %Y-%m-%d} ({zone}), and what is to be paid waits then.",
    ]
