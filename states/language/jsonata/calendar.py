"""Milliseconds since the epoch and the parts of a date in UTC, in the proleptic Gregorian calendar and without bounds.

Weeks begin on Monday; the first week of a year, or of a month, is the one with its first Thursday.

Source: ISO 8601; https://www.w3.org/TR/xpath-functions-31/#formatting-dates-and-times
"""

from __future__ import annotations

from typing import Final, NamedTuple

DAY: Final = 86_400_000


class Moment(NamedTuple):
    """A time taken apart; `month` is 1 to 12, `day_number` counts days from 1970-01-01."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    milli: int
    day_number: int


def day_number(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to a date; months and days beyond their bounds run on into the next."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year + day - 1 - 719_468


def moment(millis: int) -> Moment:
    """The parts of a time."""
    days, rest = divmod(millis, DAY)
    era, of_era = divmod(days + 719_468, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    day = of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    seconds, milli = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    return Moment(era * 400 + year + (month <= 2), month, day, minutes // 60, minutes % 60, second, milli, days)


def weekday(days: int) -> int:
    """1 (Monday) to 7 of a day number."""
    return (days + 3) % 7 + 1


def first_week(year: int, month: int) -> int:
    """The day number of the Monday of the first week of a month (of the year when it is January)."""
    first = day_number(year, month, 1)
    of_week = weekday(first)
    return first + 8 - of_week if of_week > 4 else first - (of_week - 1)


def week_of_year(at: Moment) -> int:
    return _week(at.day_number, [(at.year - 1, 1), (at.year, 1), (at.year + 1, 1)], 52)


def week_of_month(at: Moment) -> int:
    return _week(at.day_number, [(at.year, at.month - 1), (at.year, at.month), (at.year, at.month + 1)], 4)


def _week(day: int, months: list[tuple[int, int]], surely: int) -> int:
    """The number of a week counted from the first one of the second month; of the first or third month where the day belongs there."""
    before, own, after = months
    week = (day - first_week(*own)) / 7 + 1
    if week > surely:
        if day >= first_week(*after):
            return 1
    elif week < 1:
        week = (day - first_week(*before)) / 7 + 1
    return int(week // 1)


def week_year(at: Moment) -> int:
    """The year that the week of a day belongs to."""
    if at.day_number < first_week(at.year, 1):
        return at.year - 1
    return at.year + 1 if at.day_number >= first_week(at.year + 1, 1) else at.year


def week_month(at: Moment) -> int:
    """The month that the week of a day belongs to."""
    if at.day_number < first_week(at.year, at.month):
        return (at.month - 2) % 12 + 1
    return at.month % 12 + 1 if at.day_number >= first_week(at.year, at.month + 1) else at.month
