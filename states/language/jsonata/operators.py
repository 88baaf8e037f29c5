"""Operators on two values: what each gives, and the error for values it does not take.

Source: https://docs.jsonata.org/numeric-operators, comparison-operators, boolean-operators, other-operators
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import copysign, fmod, inf, isfinite, nan
from typing import Any, Final

from states.language.jsonata.data import EXACT, UNDEFINED, Sequence, identical, is_number, same, text_of
from states.language.jsonata.errors import JsonataError
from states.language.jsonata.limits import Run
from states.language.values import string_order


def divide(a: float, b: float) -> float:
    """As doubles do: by zero it is infinite, or NaN."""
    if b == 0:
        if a == 0 or a != a:
            return nan
        return copysign(inf, a) * copysign(1.0, b)
    try:
        return a / b
    except OverflowError:
        return inf if (a > 0) == (b > 0) else -inf


def remainder(a: float, b: float) -> float:
    """With the sign of the dividend."""
    if b == 0 or not isfinite(a):
        return nan
    return fmod(a, b)


_ARITHMETIC: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": divide,
    "%": remainder,
}


def arithmetic(symbol: str, a: Any, b: Any) -> Any:
    """The result as a double's; ints stay ints as long as that is exact."""
    if a is not UNDEFINED and not is_number(a):
        raise JsonataError("T2001", value=a)
    if b is not UNDEFINED and not is_number(b):
        raise JsonataError("T2002", value=b)
    if a is UNDEFINED or b is UNDEFINED:
        return UNDEFINED
    return number(symbol, a, b)


def number(symbol: str, a: float, b: float) -> float:
    """`a symbol b` of two finite numbers."""
    work = _ARITHMETIC[symbol]
    if type(a) is int and type(b) is int:
        if symbol in "+-*":
            result = work(a, b)
            if -EXACT <= result <= EXACT:
                return result
        return work(float(a), float(b))
    return work(a, b)


def equals(a: Any, b: Any) -> bool:
    return a is not UNDEFINED and b is not UNDEFINED and same(a, b)


def differs(a: Any, b: Any) -> bool:
    return a is not UNDEFINED and b is not UNDEFINED and not same(a, b)


ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_COMPARABLE: Final = frozenset({str, int, float, type(UNDEFINED)})


def compare(symbol: str, a: Any, b: Any) -> Any:
    """The order of two numbers or two strings; nothing if either is."""
    left, right = type(a), type(b)
    if left not in _COMPARABLE or right not in _COMPARABLE:
        raise JsonataError("T2010", value=b if left in _COMPARABLE and a is not UNDEFINED else a)
    if a is UNDEFINED or b is UNDEFINED:
        return UNDEFINED
    if (left is str) is not (right is str):
        raise JsonataError("T2009", value=a, value2=b)
    if left is str:
        return ORDER[symbol](string_order(a, b), 0)
    return ORDER[symbol](a, b)


def includes(a: Any, b: Any) -> bool:
    """Whether `a` is among the members of `b`."""
    if a is UNDEFINED or b is UNDEFINED:
        return False
    if isinstance(b, list):
        return any(identical(a, member) for member in b)
    return identical(a, b)


def concatenate(a: Any, b: Any, run: Run) -> str:
    """The texts of two values, one behind the other; nothing is the empty text."""
    left = "" if a is UNDEFINED else text_of(a, run)
    right = "" if b is UNDEFINED else text_of(b, run)
    return run.text(left + right)


MOST_IN_RANGE: Final = 10_000_000


def _is_whole(value: Any) -> bool:
    kind = type(value)
    return kind is int or (kind is float and isfinite(value) and value == int(value))


def span(a: Any, b: Any, run: Run) -> Any:
    """`[a..b]`: the integers from a to b."""
    if a is not UNDEFINED and not _is_whole(a):
        raise JsonataError("T2003", value=a)
    if b is not UNDEFINED and not _is_whole(b):
        raise JsonataError("T2004", value=b)
    if a is UNDEFINED or b is UNDEFINED or a > b:
        return UNDEFINED
    size = int(b) - int(a) + 1
    if size > MOST_IN_RANGE:
        raise JsonataError("D2014", value=size)
    run.items(size)
    return Sequence(range(int(a), int(b) + 1))
