"""RFC 3339 timestamps as the States Language takes them: text to seconds since the epoch, and back.

An upper-case `T` and an upper-case `Z` or a numeric offset are required; a fraction of one to nine digits is allowed. The calendar is
checked (no 30 February, no hour 24, no second 60). Years 0001 to 9999.

Source: https://states-language.net/spec.html#timestamps, RFC 3339 section 5.6.
"""

from __future__ import annotations

import re
from datetime import date

_FORM = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII)
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def parse(text: str) -> float:
    """Seconds since 1970-01-01T00:00:00Z; a float, so exact to the microsecond for some three hundred years to come.

    Raises ValueError when the text is no such timestamp.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:60]!r} is no RFC 3339 timestamp such as 2026-01-31T12:00:00Z")
    year, month, day, hour, minute, second = (int(digits) for digits in match.group(1, 2, 3, 4, 5, 6))
    sign, offset_hours, offset_minutes = match.group(8), int(match.group(9) or 0), int(match.group(10) or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(f"{text!r} has a time of day that does not exist")
    if offset_hours > 18 or offset_minutes > 59:
        raise ValueError(f"{text!r} has an offset that does not exist")
    try:
        days = date(year, month, day).toordinal() - _EPOCH_DAY
    except ValueError:
        raise ValueError(f"{text!r} has a date that does not exist") from None
    offset = offset_hours * 3600 + offset_minutes * 60
    whole = days * 86400 + hour * 3600 + minute * 60 + second - (-offset if sign == "-" else offset)
    return whole + float(match.group(7) or 0)


def is_timestamp(text: str) -> bool:
    """Whether `parse` takes the text."""
    try:
        parse(text)
    except ValueError:
        return False
    return True


def format_iso(epoch: float) -> str:
    """ISO 8601 in UTC ending in Z, to the millisecond: no fraction on whole seconds, else three digits, as AWS writes context times.

    `epoch` is in seconds. Raises ValueError outside the years 0001 to 9999.
    """
    try:
        seconds, millis = divmod(round(epoch * 1000), 1000)
        days, rest = divmod(seconds, 86400)
        day = date.fromordinal(days + _EPOCH_DAY)
    except (ValueError, OverflowError):
        raise ValueError(f"{epoch!r} seconds are outside the years 0001 to 9999") from None
    fraction = f".{millis:03}" if millis else ""
    return f"{day.isoformat()}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}{fraction}Z"
