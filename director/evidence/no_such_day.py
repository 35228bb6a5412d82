"""Dates that cannot be meant: a day its month has not, and a weekday that is another one in that year. English only."""

import re
from calendar import day_name, month_name, monthrange
from collections.abc import Iterator
from datetime import date
from typing import Final

_WEEKDAYS: Final = {name[:3].lower(): number for number, name in enumerate(day_name)}
_MONTHS: Final = {name[:3].lower(): number for number, name in enumerate(month_name) if name}

_MONTH: Final = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)

#: What stands before a date: a weekday, or a word behind which a number and a month are no count ("31 September orders").
_BEFORE: Final = (
    r"\b(?:(?P<weekday>Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:s|r|rs|day|sday|nesday|rsday|urday)?,? (?:the )?"
    r"|(?:on|until|till|by|from|before|after|since|to|through) (?:the )?)"
)

DATES: Final = re.compile(
    _BEFORE + r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)? (?:of )?" + _MONTH + r"\b(?:,? (?P<year>20\d\d)\b)?", re.IGNORECASE
)

#: A year in which February has its longest.
_A_LEAP_YEAR: Final = 2028


def impossible(text: str) -> Iterator[str]:
    """What is wrong with a date of *text*, a sentence each; a weekday is looked at only where the year is said."""
    for found in DATES.finditer(" ".join(text.replace("*", "").split())):
        month, day = _MONTHS[found["month"][:3].lower()], int(found["day"])
        year = int(found["year"] or _A_LEAP_YEAR)
        if not 1 <= day <= monthrange(year, month)[1]:
            yield f"There is no {day} {month_name[month]}{f' {year}' if found['year'] else ''}: “{found[0]}”."
        elif found["weekday"] and found["year"]:
            is_one = date(year, month, day).weekday()
            if is_one != _WEEKDAYS[found["weekday"].lower()]:
                yield f"{day} {month_name[month]} {year} is a {day_name[is_one]}: “{found[0]}”."
