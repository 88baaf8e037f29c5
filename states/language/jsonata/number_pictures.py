"""`$formatNumber`: a number in the form that a picture such as `#,##0.00` shows.

The checks stand in JSONata's order, of which the last that fails is the one that is reported.

Source: https://www.w3.org/TR/xpath-functions-31/#formatting-numbers, https://docs.jsonata.org/numeric-functions#formatnumber
"""

from __future__ import annotations

from functools import lru_cache, reduce
from math import gcd, isfinite
from typing import Any, Final, NamedTuple

from states.language.jsonata.data import UNDEFINED
from states.language.jsonata.errors import JsonataError
from states.language.jsonata.limits import Run
from states.language.jsonata.numbers import rounded, shortest_or_name

DEFAULTS: Final = {
    "decimal-separator": ".",
    "grouping-separator": ",",
    "exponent-separator": "e",
    "infinity": "Infinity",
    "minus-sign": "-",
    "NaN": "NaN",
    "percent": "%",
    "per-mille": "\u2030",
    "zero-digit": "0",
    "digit": "#",
    "pattern-separator": ";",
}


class Symbols:
    """The characters a picture is written with."""

    def __init__(self, options: dict[str, Any]) -> None:
        found = {**DEFAULTS, **{name: text for name, text in options.items() if isinstance(text, str)}}
        self.decimal = found["decimal-separator"]
        self.grouping = found["grouping-separator"]
        self.exponent = found["exponent-separator"]
        self.minus = found["minus-sign"]
        self.percent = found["percent"]
        self.per_mille = found["per-mille"]
        self.zero = found["zero-digit"][:1] or "0"
        self.optional = found["digit"]
        self.pattern = found["pattern-separator"]
        self.digits = [chr(ord(self.zero) + value) for value in range(10)]
        self.active = {*self.digits, self.decimal, self.exponent, self.grouping, self.optional, self.pattern}

    def is_digit(self, char: str) -> bool:
        return char in self.digits


class Parts(NamedTuple):
    """A sub-picture, taken apart; `exponent` is None when there is none."""

    picture: str
    prefix: str
    suffix: str
    active: str
    mantissa: str
    exponent: str | None
    integer: str
    fraction: str


class Form(NamedTuple):
    """What a sub-picture says about the digits."""

    picture: str
    prefix: str
    suffix: str
    integer_groups: tuple[int, ...]
    regular: int
    fraction_groups: tuple[int, ...]
    least_integer: int
    scale: int
    least_fraction: int
    most_fraction: int
    least_exponent: int


def format_number(run: Run, value: Any, picture: Any, options: Any) -> Any:
    """The text of a number. Raises D3080 to D3093 for a picture that cannot be."""
    if value is UNDEFINED:
        return UNDEFINED
    if picture is UNDEFINED:
        raise JsonataError("T0410", index=2)
    pairs = tuple(options.items()) if isinstance(options, dict) else ()
    symbols, forms = _forms(picture, tuple((name, text) for name, text in pairs if isinstance(text, str)))
    if not isfinite(value):
        return shortest_or_name(value)
    form = forms[0] if value >= 0 or len(forms) == 1 else forms[1]
    if value < 0 and len(forms) == 1:
        form = form._replace(prefix=symbols.minus + form.prefix)
    run.length(len(picture) + 400)
    return _formatted(value, form, symbols)


@lru_cache(maxsize=256)
def _forms(picture: str, options: tuple[tuple[str, str], ...]) -> tuple[Symbols, list[Form]]:
    symbols = Symbols(dict(options))
    pictures = picture.split(symbols.pattern) if symbols.pattern else [picture]
    if len(pictures) > 2:
        raise JsonataError("D3080")
    parts = [_parts(sub, symbols) for sub in pictures]
    for part in parts:
        _check(part, symbols)
    return symbols, [_form(part, symbols) for part in parts]


def _parts(picture: str, symbols: Symbols) -> Parts:
    bounds = [place for place, char in enumerate(picture) if char in symbols.active and char != symbols.exponent]
    prefix, suffix = (picture[: bounds[0]], picture[bounds[-1] + 1 :]) if bounds else ("", "")
    active = picture[len(prefix) : len(picture) - len(suffix)]
    place = picture.find(symbols.exponent, len(prefix))
    if place < 0 or place > len(picture) - len(suffix):
        mantissa, exponent = active, None
    else:
        mantissa, exponent = active[:place], active[place + 1 :]
    integer, point, fraction = mantissa.partition(symbols.decimal)
    return Parts(picture, prefix, suffix, active, mantissa, exponent, integer, fraction if point else suffix)


def _check(parts: Parts, symbols: Symbols) -> None:
    picture = parts.picture
    point = picture.find(symbols.decimal)
    faults = []
    if picture.count(symbols.decimal) > 1:
        faults.append("D3081")
    if picture.count(symbols.percent) > 1:
        faults.append("D3082")
    if picture.count(symbols.per_mille) > 1:
        faults.append("D3083")
    if symbols.percent in picture and symbols.per_mille in picture:
        faults.append("D3084")
    if not any(symbols.is_digit(char) or char == symbols.optional for char in parts.mantissa):
        faults.append("D3085")
    if any(char not in symbols.active for char in parts.active):
        faults.append("D3086")
    if point >= 0:
        if symbols.grouping in (picture[point - 1 : point], picture[point + 1 : point + 2]):
            faults.append("D3087")
    elif parts.integer.endswith(symbols.grouping):
        faults.append("D3088")
    if symbols.grouping * 2 in picture:
        faults.append("D3089")
    optional = parts.integer.find(symbols.optional)
    if optional >= 0 and any(map(symbols.is_digit, parts.integer[:optional])):
        faults.append("D3090")
    optional = parts.fraction.rfind(symbols.optional)
    if optional >= 0 and any(map(symbols.is_digit, parts.fraction[optional:])):
        faults.append("D3091")
    if parts.exponent and (symbols.percent in picture or symbols.per_mille in picture):
        faults.append("D3092")
    if parts.exponent is not None and (not parts.exponent or not all(map(symbols.is_digit, parts.exponent))):
        faults.append("D3093")
    if faults:
        raise JsonataError(faults[-1])


def _form(parts: Parts, symbols: Symbols) -> Form:
    def digits_in(text: str, optional: bool) -> int:
        return sum(symbols.is_digit(char) or (optional and char == symbols.optional) for char in text)

    def groups(text: str, to_left: bool) -> tuple[int, ...]:
        places = []
        place = text.find(symbols.grouping)
        while place >= 0:
            places.append(digits_in(text[:place] if to_left else text[place:], True))
            place = parts.integer.find(symbols.grouping, place + 1)
        return tuple(places)

    integer_groups = groups(parts.integer, False)
    least_integer = scale = digits_in(parts.integer, False)
    least_fraction, most_fraction = digits_in(parts.fraction, False), digits_in(parts.fraction, True)
    if least_integer == 0 and most_fraction == 0:
        if parts.exponent is not None:
            least_fraction = most_fraction = 1
        else:
            least_integer = 1
    if parts.exponent is not None and least_integer == 0 and symbols.optional in parts.integer:
        least_integer = 1
    if least_integer == 0 and least_fraction == 0:
        least_fraction = 1
    return Form(
        parts.picture,
        parts.prefix,
        parts.suffix,
        integer_groups,
        regular_interval(integer_groups),
        groups(parts.fraction, True),
        least_integer,
        scale,
        least_fraction,
        most_fraction,
        digits_in(parts.exponent or "", False),
    )


def regular_interval(places: tuple[int, ...]) -> int:
    """The distance of separators that stand at every multiple of it; 0 when they are irregular or there are none."""
    if not places:
        return 0
    factor = reduce(gcd, places)
    return factor if all(number * factor in places for number in range(1, len(places) + 1)) else 0


def _formatted(value: float, form: Form, symbols: Symbols) -> str:
    if symbols.percent in form.picture:
        value = value * 100
    elif symbols.per_mille in form.picture:
        value = value * 1000
    mantissa, exponent = value, 0
    if form.least_exponent:
        mantissa, exponent = _scaled(value, form.scale)
    text = _digits(rounded(mantissa, form.most_fraction), form.most_fraction, symbols)
    whole, _, fraction = text.partition(".")
    whole = whole.lstrip(symbols.zero).rjust(form.least_integer, symbols.zero)
    fraction = fraction.rstrip(symbols.zero).ljust(form.least_fraction, symbols.zero)
    whole = _grouped(whole, form, symbols)
    for place in form.fraction_groups:
        fraction = fraction[:place] + symbols.grouping + fraction[place:]
    text = whole + symbols.decimal + fraction if fraction and symbols.decimal in form.picture else whole + fraction
    if form.least_exponent:
        digits = _digits(exponent, 0, symbols).rjust(form.least_exponent, symbols.zero)
        text += symbols.exponent + (symbols.minus if exponent < 0 else "") + digits
    return form.prefix + text + form.suffix


def _scaled(value: float, scale: int) -> tuple[float, int]:
    """(mantissa, exponent) such that the mantissa has `scale` digits before the point."""
    if value == 0:
        return 0, 0
    mantissa, exponent = value, 0
    while abs(mantissa) < 10.0 ** (scale - 1):
        mantissa *= 10
        exponent -= 1
    while abs(mantissa) > 10.0**scale:
        mantissa /= 10
        exponent += 1
    return mantissa, exponent


def _digits(value: float, decimals: int, symbols: Symbols) -> str:
    text = f"{abs(value):.{decimals}f}"
    if symbols.zero != "0":
        text = "".join(symbols.digits[int(char)] if char.isdigit() else char for char in text)
    return text


def _grouped(whole: str, form: Form, symbols: Symbols) -> str:
    if form.regular:
        parts = []
        while len(whole) > form.regular:
            parts.append(whole[-form.regular :])
            whole = whole[: -form.regular]
        return symbols.grouping.join([whole, *reversed(parts)])
    size = len(whole)
    for place in form.integer_groups:
        if size > place:
            whole = whole[: size - place] + symbols.grouping + whole[size - place :]
            size += 1
    return whole
