"""Dates, weekdays and times of day in a sentence, in whatever writing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from director.evidence.numbers import FIRST_YEAR, LAST_YEAR, number_at
from director.evidence.quantities import Meaning
from director.evidence.tokens import Sort, Token, word_at

#: The names of months, and how they are shortened, in some languages.
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero gennaio", "february feb februar février febrero febbraio",
            "march mar märz mär mars marzo",
            "april apr avril abril aprile", "may mai mayo maggio", "june jun juni juin junio giugno",
            "july jul juli juillet julio luglio", "august aug août agosto", "september sep sept septembre septiembre settembre",
            "october oct oktober okt octobre octubre ottobre", "november nov novembre noviembre",
            "december dec dezember dez décembre diciembre dicembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

#: Words of everyday language too; a month only beside a number, or in the middle of a sentence behind "in", "by", "of" ….
_AMBIGUOUS: Final = frozenset(
    {"march", "may", "mar", "mars", "mai", "sep", "dec", "jan", "apr", "jun", "jul", "august"}
)
_BEFORE_A_MONTH: Final = frozenset(
    """in by of since until till from to and through early late mid before after during last next this every or
    between – - for each , (""".split()
)

#: Days everybody knows the date of, by their words.
_FEASTS: Final = {
    ("christmas", "eve"): (12, 24), ("christmas", "day"): (12, 25), ("boxing", "day"): (12, 26),
    ("new", "year's", "eve"): (12, 31), ("new", "year's", "day"): (1, 1), ("valentine's", "day"): (2, 14),
    ("valentine's",): (2, 14), ("halloween",): (10, 31),
    ("st", "patrick's", "day"): (3, 17), ("may", "day"): (5, 1),
}  # fmt: skip

_SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}

_WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        ("monday mondays mon", "tuesday tuesdays tue tues", "wednesday wednesdays wed", "thursday thursdays thu thur thurs",
         "friday fridays fri", "saturday saturdays sat", "sunday sundays sun")
    )
    for name in names.split()
}  # fmt: skip

_RANGE: Final = frozenset({"to", "–", "-", "—", "until", "till", "through"})


@dataclass(frozen=True, slots=True)
class When:
    """A date, weekdays or a time, from token to token (the last one not included)."""

    kind: str  #: "date" or "time".
    first: int
    after: int
    means: tuple[Meaning, ...]


def whens(tokens: Sequence[Token], taken: set[int]) -> list[When]:
    """The dates and times of a sentence, in order."""
    found: list[When] = []
    at = 0
    while at < len(tokens):
        one = None if at in taken else _at(tokens, at)
        if one is None:
            at += 1
            continue
        found.append(one)
        at = max(at + 1, one.after)
    return found


def _at(tokens: Sequence[Token], at: int) -> When | None:
    token = tokens[at]
    if token.sort is Sort.NUMBER:
        if _opens(tokens, at, at + 1) and (hour := _whole(token.text)) is not None and hour <= 24:
            return When("time", at, at + 1, (("time", hour * 60), ("time", (hour * 60 + 720) % 1440)))
        if hours := _bare_hours(tokens, at):
            return hours
        if (
            at
            and tokens[at - 1].end == token.start
            and (tokens[at - 1].sort is Sort.WORD or tokens[at - 1].text in "#/_=$£€")
        ):
            return None
        return (
            _clock(tokens, at)
            or _in_figures(tokens, at)
            or _day_and_month(tokens, at)
            or _year(tokens, at)
            or _nth(tokens, at)
        )
    if token.sort is Sort.WORD:
        return (
            _feast(tokens, at)
            or _weekdays(tokens, at)
            or _bare_hours(tokens, at)
            or _spoken_time(tokens, at)
            or _month_first(tokens, at)
            or _season(tokens, at)
        )
    return None


def _bare_hours(tokens: Sequence[Token], at: int) -> When | None:
    """ "9 to 17", "9 to 5", "until 17", with nothing behind them that they count: hours, or else a plain range."""
    for first in (at, at - 2):
        low, high = _hour_at(tokens, first), _hour_at(tokens, first + 2)
        if low is None or high is None or word_at(tokens, first + 1) not in (*_RANGE, "and"):
            continue
        is_spaced = tokens[first].end < tokens[first + 1].start or tokens[first + 1].text == "–"
        is_a_day = 6 <= low <= 12 and (12 < high <= 24 or high < low)
        if is_spaced and is_a_day and word_at(tokens, first + 3) in _BEHIND_HOURS and not _touch(tokens, first):
            return _hour_or_number(at, low if first == at else high)
    hour = _whole(tokens[at].text)
    is_until = word_at(tokens, at - 1) in ("until", "till") and word_at(tokens, at + 1) in _BEHIND_HOURS
    return _hour_or_number(at, hour) if is_until and hour is not None and 12 < hour <= 24 else None


def _hour_at(tokens: Sequence[Token], at: int) -> int | None:
    read = number_at(tokens, at) if 0 <= at < len(tokens) else None
    is_whole = read is not None and read[1] == at + 1 and len(read[0]) == 1 and read[0][0] == int(read[0][0])
    return int(read[0][0]) if read is not None and is_whole else None


def _hour_or_number(at: int, hour: int) -> When:
    times = dict.fromkeys((hour * 60 % 1440, (hour * 60 + 720) % 1440))
    return When("time", at, at + 1, (*(("time", minutes) for minutes in times), ("plain", Decimal(hour))))


#: What goes on behind hours that stand alone.
_BEHIND_HOURS: Final = frozenset(
    {"", ".", ",", ";", ":", ")", "?", "!", "|", '"', "”", "and", "or", "on", "at", "if", "in"}
)


def _touch(tokens: Sequence[Token], at: int) -> bool:
    """The token touches the one before it."""
    return 0 < at < len(tokens) and tokens[at - 1].end == tokens[at].start


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 4 else None


def _of_a_day(hour: int, minute: int, half: str) -> tuple[Meaning, ...]:
    """Minutes since midnight, by the hour as written where no half of the day is said."""
    if hour > 24 or minute > 59:
        return ()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return (("time", hour * 60 + minute),)


def _half(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """ "am", "p.m.", "in the evening": the half of the day and the token after it."""
    word = word_at(tokens, at)
    if word in ("am", "pm"):
        return word[0], at + 1
    if word in ("a", "p") and word_at(tokens, at + 1) == "." and word_at(tokens, at + 2) == "m":
        return word, at + (4 if word_at(tokens, at + 3) == "." else 3)
    if word == "in" and word_at(tokens, at + 1) == "the":
        when = word_at(tokens, at + 2)
        if when in ("morning", "afternoon", "evening"):
            return ("a" if when == "morning" else "p"), at + 3
    return "", at


def _clock(tokens: Sequence[Token], at: int) -> When | None:
    token = tokens[at]
    hour, minute, after, certain = _whole(token.text), 0, at + 1, False
    if "." in token.text:
        left, _, right = token.text.partition(".")
        if not (left.isdecimal() and right.isdecimal() and len(right) == 2 and len(left) <= 2):
            return None
        hour, minute = int(left), int(right)
        before = word_at(tokens, at - 1)
        half, _ = _half(tokens, after)
        certain = bool(half) or (
            before in ("at", "until", "till", "from", "to", "between", "by", "before") and minute in range(0, 60, 5)
        )
        if certain and not half and word_at(tokens, after) in ("%", "percent", "per", "€", "£", "$", "euros", "pounds"):
            return None
        if not certain:
            return None
    elif hour is None or len(token.text) > 2:
        return None
    elif (
        word_at(tokens, at + 1) == ":"
        and _touch(tokens, at + 1)
        and _touch(tokens, at + 2)
        and len(word_at(tokens, at + 2)) == 2
    ):
        read = _whole(word_at(tokens, at + 2))
        if read is None:
            return None
        minute, after, certain = read, at + 3, True
        if word_at(tokens, at + 3) == ":" and _touch(tokens, at + 3):
            return None
    elif word_at(tokens, at + 1) == "h" and _touch(tokens, at + 1) and _whole(word_at(tokens, at + 2)) is not None:
        minute, after, certain = _whole(word_at(tokens, at + 2)) or 0, at + 3, True
    half, end = _half(tokens, after)
    if word_at(tokens, after) in ("o'clock", "uhr"):
        certain, end = True, after + 1
        half, end = _half(tokens, end)
    if not (certain or half):
        return None
    means = _of_a_day(hour, minute, half)
    if not half and _later_half(tokens, end) == "p" and hour < 8:
        means = (*means, *_of_a_day(hour, minute, "p"))
    return When("time", at, end, means) if means else None


def _later_half(tokens: Sequence[Token], at: int) -> str:
    """ "from 2:30 to 6 pm": the half that stands behind the second time."""
    return next(
        (_half(tokens, place)[0] for place in range(at, min(at + 5, len(tokens))) if _half(tokens, place)[0]), ""
    )


def _spoken_time(tokens: Sequence[Token], at: int) -> When | None:
    word = tokens[at].lower
    if word in ("noon", "midday", "midnight"):
        return When("time", at, at + 1, (("time", 0 if word == "midnight" else 720),))
    minute, place = None, at
    if word in ("half", "quarter") and word_at(tokens, at + 1) in ("past", "to"):
        minute, place = {"half": 30, "quarter": 15}[word], at + 1
    elif (
        (read := number_at(tokens, at))
        and read[0]
        and word_at(tokens, read[1]) in ("past", "to")
        and read[0][0] in (5, 10, 20, 25)
    ):
        minute, place = int(read[0][0]), read[1]
        if word_at(tokens, place) == "to":
            return None
    if minute is not None:
        hour = number_at(tokens, place + 1) if place + 1 < len(tokens) else None
        if not hour or not hour[0] or not 1 <= hour[0][0] <= 12:
            return None
        if word_at(tokens, place) == "to":
            minute = -minute
        half, end = _half(tokens, hour[1])
        start = int(hour[0][0]) * 60 + minute
        means = [start % 1440, (start + 720) % 1440]
        if half:
            means = [start % 720 + (720 if half == "p" else 0)]
        return When("time", at, end, tuple(("time", minutes) for minutes in means))
    if read and read[0] and 1 <= read[0][0] <= 12 and read[0][0] == int(read[0][0]):
        half, end = _half(tokens, read[1])
        hour_of = int(read[0][0])
        if half:
            return When("time", at, end, _of_a_day(hour_of, 0, half))
        before, behind = word_at(tokens, at - 1), word_at(tokens, read[1])
        said = (
            _opens(tokens, at, read[1])
            or before in ("at", "until", "till", "by", "before")
            or (before in _RANGE | {"and"} and _is_time_before(tokens, at - 2))
            or (before in ("from", "between") and behind in (*_RANGE, "and") and _is_hour(tokens, read[1] + 1))
            or (
                before in (*_RANGE, "and")
                and _is_hour(tokens, at - 2)
                and word_at(tokens, at - 3) in ("from", "between")
            )
        )
        if behind == "o'clock" or (said and (behind in _BEHIND_A_TIME or behind in _WEEKDAYS)):
            end = read[1] + (1 if behind == "o'clock" else 0)
            hours: tuple[Meaning, ...] = (("time", hour_of * 60), ("time", (hour_of * 60 + 720) % 1440))
            # "Our classes stop at ten."
            if behind != "o'clock":
                hours += (("plain", read[0][0]),)
            return When("time", at, end, hours)
    return None


#: What goes on behind a time of day; behind a count stands what it counts.
_BEHIND_A_TIME: Final = frozenset(
    """. , ; ) ! ? on and or to until till – the each every in is are we you it they so when for""".split()
) | {"", '"', "”"}


def _opens(tokens: Sequence[Token], at: int, after: int) -> bool:
    """ "Tue to Fri 7 to 13", with dashes: bare hours behind a weekday."""
    if word_at(tokens, at - 1) in _WEEKDAYS and word_at(tokens, after) in _RANGE:
        return (_whole(word_at(tokens, after + 1)) or 25) <= 24 and word_at(tokens, after + 2) in _BEHIND_A_TIME
    return (
        word_at(tokens, at - 3) in _WEEKDAYS
        and word_at(tokens, at - 1) in _RANGE
        and word_at(tokens, after) in _BEHIND_A_TIME
    )


def _is_hour(tokens: Sequence[Token], at: int) -> bool:
    read = number_at(tokens, at) if 0 <= at < len(tokens) else None
    return bool(read and read[0] and 1 <= read[0][0] <= 12 and (word_at(tokens, read[1]) in _BEHIND_A_TIME))


def _is_time_before(tokens: Sequence[Token], at: int) -> bool:
    """ "half past seven until six": what stands before the "until" ends like a time."""
    near = [word_at(tokens, place) for place in range(max(0, at - 3), at + 1)]
    return any(word in ("past", "am", "pm", ":", "o'clock", "noon") for word in near)


def _in_figures(tokens: Sequence[Token], at: int) -> When | None:
    """2026-11-28, 28.11.2026, 11/28, 28/11/2026."""
    text = tokens[at].text
    if text.count(".") == 2 and "," not in text:
        parts, after = text.split("."), at + 1
        if not (len(parts[0]) <= 2 and len(parts[1]) <= 2 and len(parts[2]) == 4):
            return None
    elif word_at(tokens, at + 1) in ("-", "/", ".") and _touch(tokens, at + 1) and _touch(tokens, at + 2):
        sign = word_at(tokens, at + 1)
        parts, after = [text, word_at(tokens, at + 2)], at + 3
        if word_at(tokens, at + 3) == sign and _touch(tokens, at + 3) and _touch(tokens, at + 4):
            parts, after = [*parts, word_at(tokens, at + 4)], at + 5
        elif sign != "/":
            return None
    else:
        return None
    numbers = [_whole(part) for part in parts]
    if None in numbers:
        return None
    one, two, *rest = [number for number in numbers if number is not None]
    if parts == ["24", "7"]:
        return When("time", at, after, (("text", "24/7"),))
    tries: list[tuple[int | None, int, int]] = []
    if rest and len(parts[0]) == 4:
        tries = [(one, two, rest[0])]
    elif rest:
        year = rest[0] + 2000 if len(parts[2]) == 2 else rest[0]
        tries = [(year, two, one), (year, one, two)]
    elif max(len(part) for part in parts) == 2 or max(one, two) > 9:
        tries = [(None, two, one), (None, one, two)]
    means = tuple(("date", *day) for day in tries if 1 <= day[1] <= 12 and 1 <= day[2] <= 31 and _is_year(day[0]))
    return When("date", at, after, means) if means else None


def _is_year(year: int | None) -> bool:
    return year is None or FIRST_YEAR <= year <= LAST_YEAR


def _year_behind(tokens: Sequence[Token], at: int) -> tuple[int | None, int]:
    """The year that stands at a token or behind its comma, and the token after it."""
    place = at + 1 if word_at(tokens, at) == "," else at
    text = word_at(tokens, place)
    year = _whole(text) if len(text) == 4 else None
    return (year, place + 1) if year and _is_year(year) else (None, at)


def _is_ordinal(tokens: Sequence[Token], at: int) -> bool:
    """The ending of "28th" touches the number."""
    return word_at(tokens, at + 1) in ("st", "nd", "rd", "th") and _touch(tokens, at + 1)


def _ordinal(tokens: Sequence[Token], at: int) -> int:
    """The token behind "28th", "28." or "28", before a month."""
    at += 2 if _is_ordinal(tokens, at) or (word_at(tokens, at + 1) == "." and _touch(tokens, at + 1)) else 1
    return at + 1 if word_at(tokens, at) == "of" else at


def _day_and_month(tokens: Sequence[Token], at: int) -> When | None:
    day = _whole(tokens[at].text)
    behind = _ordinal(tokens, at)
    month = MONTHS.get(word_at(tokens, behind))
    # "1 to 5 March", "28 and 29 November"
    if (
        month is None
        and word_at(tokens, at + 1) in (*_RANGE, "and", "or")
        and _whole(word_at(tokens, at + 2)) is not None
    ):
        month = MONTHS.get(word_at(tokens, _ordinal(tokens, at + 2)))
        if month and day and 1 <= day <= 31:
            return When("date", at, at + 1, (("date", None, month, day),))
        return None
    if month is None or day is None or not 1 <= day <= 31 or not tokens[behind].is_capital:
        return None
    year, after = _year_behind(tokens, behind + 1)
    return When("date", at, after, (("date", year, month, day),))


#: What goes on behind a day of the month; behind a rank stands what is ranked.
_BEHIND_A_DAY: Final = frozenset(
    """. , ; : ) | ! ? " ” of and or to until on at in is as each every we you they he she it at""".split()
) | {""}


def _nth(tokens: Sequence[Token], at: int) -> When | None:
    """ "by the 10th (of the month)", "from the 9th to the 14th", "on the 15th or 16th"; not "the 20th customer"."""
    day = _whole(tokens[at].text)
    if not day or not 1 <= day <= 31 or not _is_ordinal(tokens, at):
        return None
    before, behind = word_at(tokens, at - 1), word_at(tokens, at + 2)
    if before in ("or", "and") and at > 2 and _is_ordinal(tokens, at - 3):
        before = word_at(tokens, at - 4)
    is_alone = behind in _BEHIND_A_DAY or word_at(tokens, at - 2) in ("from", "until", "by", "on", "to")
    return When("date", at, at + 2, (("date", None, None, day),)) if is_alone and before == "the" else None


def _bare_day(tokens: Sequence[Token], at: int, *, is_next: bool) -> When | None:
    """ "(Monday 7)", "Tue 8" at the head of a row."""
    day = _whole(tokens[at].text)
    is_day = is_next and day is not None and 1 <= day <= 31 and word_at(tokens, at + 1) in ("", ")", ",", ".", ":")
    return When("date", at, at + 1, (("date", None, None, day),)) if is_day else None


def _year(tokens: Sequence[Token], at: int) -> When | None:
    text = tokens[at].text
    year = _whole(text)
    if len(text) != 4 or year is None or not _is_year(year):
        return None
    if at and tokens[at - 1].text in "£$€#":
        return None
    # A year that begins in one and ends in the next, "2024-25", is said by the one it begins in.
    following = f"{(year + 1) % 100:02d}"
    ends = (
        word_at(tokens, at + 1) in ("-", "–", "/") and word_at(tokens, at + 2) == following and _touch(tokens, at + 1)
    )
    return When("date", at, at + 3 if ends else at + 1, (("date", year, None, None),))


def _month_first(tokens: Sequence[Token], at: int) -> When | None:
    token = tokens[at]
    month = MONTHS.get(token.lower)
    if month is None or not token.is_capital:
        return None
    behind = at + 1 + (word_at(tokens, at + 1) == "." and token.lower in _AMBIGUOUS)
    year, after = _year_behind(tokens, behind)
    day = _whole(word_at(tokens, behind))
    if (
        year is None
        and day is not None
        and 1 <= day <= 31
        and tokens[behind].sort is Sort.NUMBER
        and len(tokens[behind].text) <= 2
    ):
        after = behind + (2 if _is_ordinal(tokens, behind) else 1)
        if word_at(tokens, after) not in (":", "%", "€", "£", "$"):
            year, after = _year_behind(tokens, after)
            return When("date", at, after, (("date", year, month, day),))
        after = behind
    if year is None and token.lower in _AMBIGUOUS and word_at(tokens, at - 1) not in _BEFORE_A_MONTH:
        return None
    return When("date", at, after, (("date", year, month, None),))


def _feast(tokens: Sequence[Token], at: int) -> When | None:
    if not tokens[at].is_capital:
        return None
    for length in (3, 2, 1):
        words = tuple(token.lower for token in tokens[at : at + length])
        if len(words) == length and words in _FEASTS:
            year, after = _year_behind(tokens, at + length)
            return When("date", at, after, (("date", year, *_FEASTS[words]),))
    return None


def _season(tokens: Sequence[Token], at: int) -> When | None:
    month = _SEASONS.get(tokens[at].lower)
    if month is None:
        return None
    year, after = _year_behind(tokens, at + 1)
    return When("date", at, after, (("season", year, month),)) if year else None


def _weekdays(tokens: Sequence[Token], at: int) -> When | None:
    token = tokens[at]
    if token.lower == "every" and word_at(tokens, at + 1) == "day" and word_at(tokens, at + 2) in ("but", "except"):
        out = _WEEKDAYS.get(word_at(tokens, at + 3))
        days = {0: ("weekdays", 1, 6), 6: ("weekdays", 0, 5), None: None}.get(out, ("text", "every day but", out))
        return When("date", at, at + 4, (days,)) if days else None
    if token.lower in ("weekends", "weekend"):
        return When("date", at, at + 1, (("weekdays", 5, 6),))
    if token.lower == "weekdays":
        return When("date", at, at + 1, (("weekdays", 0, 4), ("weekdays", 1, 4)))
    first = _WEEKDAYS.get(token.lower)
    if first is None or not token.is_capital:
        return None
    if word_at(tokens, at + 1) in _RANGE and (last := _WEEKDAYS.get(word_at(tokens, at + 2))) is not None:
        return When("date", at, at + 3, (("weekdays", first, last),))
    if dated := _dated(tokens, at):
        return replace(dated, first=at, means=tuple((*meaning, first) for meaning in dated.means))
    if (
        len(token.text) < len("Monday")
        and word_at(tokens, at + 1) not in ("", ".", ",", "–", "-", "|", "/", "and", "&")
        and not word_at(tokens, at + 1).isdecimal()
    ):
        return None
    return When("date", at, at + 1, (("weekdays", first, first),))


def _dated(tokens: Sequence[Token], at: int) -> When | None:
    """The date whose weekday stands at a token: "Thursday, 24 December", "Fri 18 Dec", "Thursday the 24th"."""
    place = at + 1
    while word_at(tokens, place) in (",", ".", "the") and place < at + 3:
        place += 1
    if place == len(tokens):
        return None
    found = _month_first(tokens, place)
    if tokens[place].sort is Sort.NUMBER:
        found = (
            _in_figures(tokens, place)
            or _day_and_month(tokens, place)
            or _nth(tokens, place)
            or _bare_day(tokens, place, is_next=place == at + 1)
        )
    is_day = found and all(meaning[0] == "date" and meaning[3] for meaning in found.means)
    return found if is_day else None
