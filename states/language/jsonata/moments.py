"""Times as texts: `$fromMillis`, `$toMillis`, `$now`, with or without a picture such as `[Y0001]-[M01]-[D01]`.

Without a picture a text is ISO 8601; one without an offset is in UTC. A picture that is read back has to name the parts of a date without a
gap: parts before the first named one are taken from the moment of the evaluation, parts after the last are the smallest possible.

Source: https://www.w3.org/TR/xpath-functions-31/#formatting-dates-and-times, https://docs.jsonata.org/date-time-functions
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from math import isfinite
from typing import Any, Final, NamedTuple

from states.language.jsonata import calendar, integer_pictures
from states.language.jsonata.calendar import DAY, Moment
from states.language.jsonata.data import UNDEFINED
from states.language.jsonata.errors import JsonataError, internal
from states.language.jsonata.integer_pictures import LETTERS, ROMAN, SEQUENCE, UPPER, WORD_VALUES, WORDS, Format, leading_integer
from states.language.jsonata.limits import Run
from states.language.jsonata.regexes import compile_regex

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"
)  # fmt: skip
ISO: Final = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

_DEFAULTS: Final = {
    **dict.fromkeys("YMDdWwXxHhf", "1"),
    **dict.fromkeys("FPCE", "n"),
    **dict.fromkeys("ms", "01"),
    **dict.fromkeys("Zz", "01:01"),
}
_LONGEST: Final = 8_640_000_000_000_000  #: JavaScript's last moment


class Marker(NamedTuple):
    """A variable part of a picture: `[D1o]`, `[MNn,*-3]`. A literal part has no component."""

    component: str
    literal: str = ""
    names: str = ""  # n, N or Nn: how a name is written
    format: Format | None = None
    modifier: str = ""
    least: int | None = None
    most: int | None = None
    digits: int | None = None  # of a year, month or day: how many at most; -1 is any


@lru_cache(maxsize=256)
def analyse(picture: str) -> tuple[Marker, ...]:
    """The parts of a picture. Raises D3132, D3135 and what integer pictures raise."""
    parts: list[Marker] = []
    at = start = 0

    def literal(end: int) -> None:
        if end > start:
            parts.append(Marker("", picture[start:end].replace("]]", "]")))

    while at < len(picture):
        if picture[at] == "[":
            literal(at)
            if picture[at + 1 : at + 2] == "[":
                parts.append(Marker("", "["))
                at += 2
                start = at
                continue
            end = picture.find("]", at)
            if end < 0:
                raise JsonataError("D3135")
            parts.append(_marker("".join(picture[at + 1 : end].split())))
            at = end
            start = at + 1
        at += 1
    literal(at)
    return tuple(parts)


def _marker(text: str) -> Marker:
    component = text[:1]
    presentation, comma, width = text[1:].rpartition(",")
    if not comma:
        presentation, width = text[1:], ""
    least, most = _widths(width)
    modifier = ""
    if len(presentation) > 1 and presentation[-1] in "atco":
        presentation, modifier = presentation[:-1], presentation[-1]
    presentation = presentation or _DEFAULTS.get(component, "")
    if component not in _DEFAULTS:
        raise JsonataError("D3132", value=component)
    marker = Marker(component, modifier=modifier, least=least, most=most)
    if presentation[0] in "nN":
        return marker._replace(names="n" if presentation[0] == "n" else "Nn" if presentation[1:2] == "n" else "N")
    if component in "Zz":
        return marker._replace(format=integer_pictures.analyse(presentation))
    if component in "PCE":
        return marker
    form = integer_pictures.analyse(f"{presentation};{modifier}" if modifier else presentation)
    if least is not None and form.mandatory < least:
        form = form._replace(mandatory=least)
    digits = None
    if component in "YMD":
        digits = -1
        if most is not None:
            digits = most
            form = form._replace(mandatory=most)
        elif form.mandatory + form.optional >= 2:
            digits = form.mandatory + form.optional
    return marker._replace(format=form, digits=digits)


def _widths(text: str) -> tuple[int | None, int | None]:
    least, dash, most = text.partition("-")
    return _width(least), _width(most) if dash else None


def _width(text: str) -> int | None:
    number = leading_integer(text)
    return min(int(number), 1000) if number == number else None


# Writing


def from_millis(run: Run, millis: Any, picture: Any, zone: Any) -> Any:
    """The text of a time, in UTC or at an offset such as `+0530`."""
    if millis is UNDEFINED:
        return UNDEFINED
    offset = 0 if zone is UNDEFINED else leading_integer(zone)
    if not isfinite(millis) or abs(millis) > _LONGEST or not abs(offset) <= 10_000:
        raise internal("no such time")
    hours, minutes = int(offset) // 100, abs(int(offset)) % 100 * (1 if offset >= 0 else -1)
    at = calendar.moment(int(millis) + (60 * hours + minutes) * 60_000)
    parts = analyse(ISO if picture is UNDEFINED else picture)
    run.spend(len(parts))
    return run.text("".join(part.literal or _written(part, at, hours, minutes) for part in parts))


def _written(marker: Marker, at: Moment, hours: int, minutes: int) -> str:
    component = marker.component
    if component == "":
        return ""
    if component in "Zz":
        return _zone(marker, hours, minutes)
    value = fragment(at, component)
    if isinstance(value, str):
        return value.upper() if marker.names == "N" and component == "P" else value
    if marker.names:
        return _name(marker, value)
    assert marker.format is not None
    if component == "Y" and marker.digits is not None and marker.digits >= 0:
        value = value % 10**marker.digits if value >= 0 else -(-value % 10**marker.digits)
    return integer_pictures.formatted(value, marker.format)


def _name(marker: Marker, value: int) -> str:
    if marker.component in "Mx":
        name = MONTHS[value - 1]
    elif marker.component == "F":
        name = DAYS[value - 1]
    else:
        raise JsonataError("D3133", value=marker.component)
    name = {"N": name.upper(), "n": name.lower()}.get(marker.names, name)
    return name if marker.most is None else name[: marker.most]


def _zone(marker: Marker, hours: int, minutes: int) -> str:
    form = marker.format or integer_pictures.analyse("01:01")
    offset = hours * 100 + minutes
    if form.regular or form.mandatory in (3, 4):
        text = integer_pictures.formatted(offset, form)
    elif form.mandatory in (1, 2):
        text = integer_pictures.formatted(hours, form)
        if minutes:
            text += f":{abs(minutes):02d}"
    else:
        raise JsonataError("D3134", value=form.mandatory)
    if offset == 0 and marker.modifier == "t":
        return "Z"
    return ("GMT" if marker.component == "z" else "") + ("+" if offset >= 0 else "") + text


def fragment(at: Moment, component: str) -> Any:
    """A part of a moment, by the letter a picture names it with."""
    return _FRAGMENTS[component](at)


_FRAGMENTS: Final[dict[str, Callable[[Moment], Any]]] = {
    "Y": lambda at: at.year,
    "M": lambda at: at.month,
    "D": lambda at: at.day,
    "d": lambda at: at.day_number - calendar.day_number(at.year, 1, 1) + 1,
    "F": lambda at: calendar.weekday(at.day_number),
    "W": calendar.week_of_year,
    "w": calendar.week_of_month,
    "X": calendar.week_year,
    "x": calendar.week_month,
    "H": lambda at: at.hour,
    "h": lambda at: at.hour % 12 or 12,
    "P": lambda at: "pm" if at.hour >= 12 else "am",
    "m": lambda at: at.minute,
    "s": lambda at: at.second,
    "f": lambda at: at.milli,
    "C": lambda _: "ISO",
    "E": lambda _: "ISO",
}


# Reading

_ISO_FORM: Final = re.compile(
    r"(\d{4})(?:-([01]\d)(?:-([0-3]\d))?)?(?:T([0-2]\d):([0-5]\d):([0-5]\d))?(?:\.(\d+))?(?:Z|([+-])([0-2]\d):?([0-5]\d))?", re.ASCII
)


def to_millis(run: Run, text: Any, picture: Any) -> Any:
    """The time of a text. Raises D3110 for one that is not ISO 8601, D3136 for a picture from which no time can be made."""
    if text is UNDEFINED:
        return UNDEFINED
    if picture is not UNDEFINED:
        return _read(run, text, analyse(picture))
    found = _ISO_FORM.fullmatch(text)
    if found is None:
        raise JsonataError("D3110", value=text)
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    hour, minute, second = int(found[4] or 0), int(found[5] or 0), int(found[6] or 0)
    if not 1 <= month <= 12 or not 1 <= day <= 31 or hour > 24 or (hour == 24 and minute + second > 0):
        raise JsonataError("D3110", value=text)
    millis = calendar.day_number(year, month, day) * DAY + ((hour * 60 + minute) * 60 + second) * 1000
    millis += int(((found[7] or "") + "000")[:3])
    if found[8]:
        millis -= (int(found[9]) * 60 + int(found[10])) * 60_000 * (1 if found[8] == "+" else -1)
    return millis


def _pattern(marker: Marker) -> str:
    """What a part of a picture matches in a text."""
    if not marker.component:
        return re.sub(r"[.*+?^${}()|\[\]\\/]", r"\\\g<0>", marker.literal)
    form = marker.format
    if marker.component in "Zz":
        separator = form.separators[0][1] if form is not None and form.regular else ""
        return ("GMT" if marker.component == "z" else "") + "[-+][0-9]+" + (re.escape(separator) + "[0-9]+" if separator else "")
    if form is None or marker.names:
        if marker.component not in "MxFP":
            raise JsonataError("D3133", value=marker.component)
        return "[a-zA-Z]+"
    if form.primary == LETTERS:
        return "[A-Z]+" if form.case == UPPER else "[a-z]+"
    if form.primary == ROMAN:
        return "[MDCLXVI]+" if form.case == UPPER else "[mdclxvi]+"
    if form.primary == WORDS:
        return f"(?:{'|'.join([*WORD_VALUES, 'and', '[-, ]'])})+"
    if form.primary == SEQUENCE:
        raise JsonataError("D3130", value=form.token)
    count = "+"
    if marker.digits is not None and marker.digits > 0:
        count = f"{{{marker.digits}}}" if form.optional == 0 else f"{{{marker.digits - form.optional},{marker.digits}}}"
    return f"[0-9]{count}" + ("(?:th|st|nd|rd)" if form.ordinal else "")


def _value(marker: Marker, text: str) -> float | None:
    """The value of a part, None for a name that is none."""
    if marker.component in "Zz":
        return _offset(marker, text)
    if marker.format is not None and not marker.names:
        return integer_pictures.parse(text, marker.format)
    if marker.component == "P":
        return {"am": 0, "AM": 0, "pm": 1, "PM": 1}.get(text)
    names = DAYS if marker.component == "F" else MONTHS
    return next((place for place, name in enumerate(names, 1) if name[: marker.most] == text), None)


def _offset(marker: Marker, text: str) -> float:
    """Minutes of `+05:30`, `+0530`, `-5`."""
    if marker.component == "z":
        text = text[3:]
    form = marker.format
    separator = form.separators[0][1] if form is not None and form.regular else ""
    if separator:
        hours, _, minutes = text.partition(separator)
    elif len(text) <= 3:
        hours, minutes = text, "0"
    else:
        hours, minutes = text[:3], text[3:]
    return leading_integer(hours) * 60 + leading_integer(minutes)


def _read(run: Run, text: str, parts: tuple[Marker, ...]) -> Any:
    regex = compile_regex(f"^{''.join(f'({_pattern(part)})' for part in parts)}$", "i", 0)
    found = regex.find(text, 0, run)
    if found is None:
        return UNDEFINED
    values = {part.component: _value(part, group) for part, group in zip(parts, found.groups, strict=True) if part.component}
    if not values:
        return UNDEFINED
    names = {name for name, value in values.items() if value}

    def fits(allowed: str, of: str) -> bool:
        """Whether parts of a kind of date are named, and none that belong to another kind."""
        named = names & set(of)
        return bool(named) and named <= set(allowed)

    by_day = not fits("YMD", "YXMxWwdD") and fits("Yd", "YXMxWwdD")
    by_week = fits("XxwF", "YXMxWwdD") or fits("XWF", "YXMxWwdD")
    half_days = not fits("Hmsf", "PHhmsf") and fits("Phmsf", "PHhmsf")
    order = ("YD" if by_day else "XxwF" if fits("XxwF", "YXMxWwdD") else "XWF" if by_week else "YMD") + ("Phmsf" if half_days else "Hmsf")
    _complete(values, order, calendar.moment(run.millis))
    if by_week:
        raise JsonataError("D3136")
    return _assembled(values, by_day, half_days)


def _complete(values: dict[str, Any], order: str, now: Moment) -> None:
    """Fills in the parts that are not named, from now before the first named one and with the smallest value behind the last."""
    started = ended = False
    for part in order:
        if values.get(part) is not None:
            started = True
            if ended:
                raise JsonataError("D3136")
        elif started:
            values[part] = 1 if part in "MDd" else 0
            ended = True
        else:
            values[part] = fragment(now, part)


def _assembled(values: dict[str, Any], by_day: bool, half_days: bool) -> int:
    month, day = int(values.get("M") or 1), int(values.get("D") or 0)
    if by_day:
        month, day = 1, int(values["d"])
    if half_days:
        values["H"] = values["h"] % 12 + (12 if values["P"] == 1 else 0)
    year = int(values["Y"])
    year += 1900 if 0 <= year <= 99 else 0
    millis = calendar.day_number(year, month, day) * DAY
    millis += ((int(values["H"]) * 60 + int(values["m"])) * 60 + int(values["s"])) * 1000 + int(values["f"])
    return millis - int(values.get("Z") or values.get("z") or 0) * 60_000
