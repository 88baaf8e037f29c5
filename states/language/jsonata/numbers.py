"""Numeric functions, as doubles behave, and the text forms of numbers that need no picture.

Source: https://docs.jsonata.org/numeric-functions, https://docs.jsonata.org/aggregation-functions
"""

# ruff: noqa: ARG001 - every function of the table is given the run, whether it needs it or not

from __future__ import annotations

import math
import re
from typing import Any, Final

from states.language.jsonata.data import EXACT, UNDEFINED, shortest
from states.language.jsonata.errors import JsonataError
from states.language.jsonata.limits import Run

_DECIMAL: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?", re.ASCII)
_RADIX: Final = re.compile(r"0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+")


def number(run: Run, value: Any) -> Any:
    if value is UNDEFINED or type(value) is int or type(value) is float:
        return value
    if type(value) is bool:
        return int(value)
    if type(value) is str:
        if _DECIMAL.fullmatch(value):
            found = float(value)
            if math.isfinite(found):
                whole = int(value) if value.lstrip("-").isdigit() else None
                return whole if whole is not None and -(2**63) <= whole < 2**63 else found
        elif _RADIX.fullmatch(value):
            return int(value, 0)
    raise JsonataError("D3030", value=value, index=1)


def absolute(run: Run, value: Any) -> Any:
    return UNDEFINED if value is UNDEFINED else abs(value)


def floor(run: Run, value: Any) -> Any:
    return value if value is UNDEFINED or not math.isfinite(value) else math.floor(value)


def ceil(run: Run, value: Any) -> Any:
    return value if value is UNDEFINED or not math.isfinite(value) else math.ceil(value)


def round_(run: Run, value: Any, precision: Any) -> Any:
    """To the nearest number with so many decimals, a half to the even one. Shifts the decimal text, so that 2.675 has its half."""
    if value is UNDEFINED:
        return UNDEFINED
    return rounded(value, 0 if precision is UNDEFINED else precision)


def rounded(value: float, precision: float) -> float:
    """`value` rounded half to even at a decimal place."""
    if not math.isfinite(value):
        return value
    places = int(precision)
    if places == 0:
        return round(value)
    shifted = _shifted(value, places)
    if not math.isfinite(shifted):
        return math.nan
    return value if type(value) is int and places > 0 else _shifted(round(shifted), -places)


def _shifted(value: float, places: int) -> float:
    mantissa, _, power = shortest(value).partition("e") if type(value) is float else (str(value), "", "")
    return float(f"{mantissa}e{int(power or 0) + places}")


def square_root(run: Run, value: Any) -> Any:
    if value is UNDEFINED:
        return UNDEFINED
    if value < 0:
        raise JsonataError("D3060", value=value, index=1)
    return math.sqrt(value)


def power(run: Run, base: Any, exponent: Any) -> Any:
    if base is UNDEFINED:
        return UNDEFINED
    try:
        result = math.nan if exponent is UNDEFINED else math.pow(base, exponent)
    except (OverflowError, ValueError):
        result = math.nan
    if not math.isfinite(result):
        raise JsonataError("D3061", value=base, exp=exponent, index=1)
    return int(result) if result == int(result) and abs(result) <= EXACT else result


def format_base(run: Run, value: Any, radix: Any) -> Any:
    if value is UNDEFINED:
        return UNDEFINED
    base = 10 if radix is UNDEFINED else rounded(radix, 0)
    if base < 2 or base > 36:
        raise JsonataError("D3100", value=base)
    whole = rounded(value, 0)
    if not math.isfinite(whole):
        return shortest_or_name(whole)
    digits = ""
    rest = abs(int(whole))
    while rest:
        rest, digit = divmod(rest, int(base))
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return ("-" if whole < 0 else "") + (digits or "0")


def shortest_or_name(value: float) -> str:
    """JavaScript's text of any double."""
    if math.isnan(value):
        return "NaN"
    return ("Infinity" if value > 0 else "-Infinity") if math.isinf(value) else shortest(value)


# Of arrays


def total(run: Run, values: Any) -> Any:
    if values is UNDEFINED:
        return UNDEFINED
    run.spend(len(values))
    result: float = 0
    for value in values:
        result += value
    return result if type(result) is float or -EXACT <= result <= EXACT else float_total(values)


def float_total(values: list[Any]) -> float:
    result = 0.0
    for value in values:
        result += value
    return result


def average(run: Run, values: Any) -> Any:
    if values is UNDEFINED or not values:
        return UNDEFINED
    return total(run, values) / len(values)


def maximum(run: Run, values: Any) -> Any:
    if values is UNDEFINED or not values:
        return UNDEFINED
    run.spend(len(values))
    return math.nan if any(value != value for value in values) else max(values)


def minimum(run: Run, values: Any) -> Any:
    if values is UNDEFINED or not values:
        return UNDEFINED
    run.spend(len(values))
    return math.nan if any(value != value for value in values) else min(values)
