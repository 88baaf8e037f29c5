"""Durations as people write them: `90`, `"90s"`, `"2h 30m"`, `"1 day"`, `"PT2H"`, a timedelta.

Source: none; the letters are those of ISO 8601
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

#: Seconds of each unit, by every way to write it.
UNITS = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 86400.0),
    **dict.fromkeys(("w", "week", "weeks"), 604800.0),
    **dict.fromkeys(("y", "year", "years"), 365 * 86400.0),
}
LONGEST = 100 * 365 * 86400.0  #: seconds; longer ones are taken for mistakes

_PART = re.compile(r"\s*(\d{1,15}(?:\.\d{1,9})?)\s*([a-z]+)\s*", re.IGNORECASE)
_ISO = re.compile(r"P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?", re.IGNORECASE)
_NUMBER = re.compile(r"\s*\d{1,15}(?:\.\d{1,9})?\s*")


def seconds_of(duration: Any) -> float:
    """The seconds of a duration, at least 0 and at most a hundred years. Raises ValueError with what was expected.

    >>> [seconds_of(each) for each in (90, "90", "90s", "2h 30m", "1 day", "PT2H", "500ms")]
    [90.0, 90.0, 90.0, 9000.0, 86400.0, 7200.0, 0.5]
    """
    found = _seconds(duration)
    if found is None or not 0 <= found <= LONGEST:
        raise ValueError(f'expected a duration such as 90, "90s", "2h 30m" or "PT2H", at most a hundred years, not {_shown(duration)}')
    return found


def _seconds(duration: Any) -> float | None:
    if isinstance(duration, timedelta):
        return duration.total_seconds()
    if isinstance(duration, (int, float)) and not isinstance(duration, bool):
        return float(duration) if abs(duration) <= LONGEST else None
    if not isinstance(duration, str) or len(duration) > 200:
        return None
    if _NUMBER.fullmatch(duration):
        return float(duration)
    if (iso := _ISO.fullmatch(duration.strip())) and any(iso.groups()):
        return sum(float(number) * unit for number, unit in zip(iso.groups(), (604800, 86400, 3600, 60, 1), strict=True) if number)
    return _parts(duration)


def _parts(text: str) -> float | None:
    """The sum of `2h 30m`; None when a part is no number with a unit."""
    total, place = 0.0, 0
    while place < len(text):
        part = _PART.match(text, place)
        unit = UNITS.get(part[2].lower()) if part is not None else None
        if part is None or unit is None:
            return None
        total += float(part[1]) * unit
        place = part.end()
    return total if text.strip() else None


def _shown(duration: Any) -> str:
    text = repr(duration)
    return text if len(text) <= 60 else f"{text[:57]}..."
