"""What flows through an expression: JSON values, nothing, sequences, and functions; when they are true or equal, and their text.

JSON values are plain Python ones (None is null). Beside them:

- `UNDEFINED` is the absence of a value;
- a `Sequence` is an array that a query gave: one of length 0 is nothing and one of length 1 is its element, as soon as the part of the
  expression that gave it is done. A `Kept` one (`x[]`) stays an array. An array written out as a step of a path (`a.[b, c]`) is a
  `Constructed` one, which is not flattened into its surroundings;
- a `Function` is a lambda, a built-in, a regular expression, or made of these.

Numbers are ints and floats as they come. Their text is JavaScript's, of at most 15 significant digits; integers of 64 bits are written
out in full, as AWS does.

Source: https://docs.jsonata.org/processing (sequences), docs/jsonata.md (numbers)
"""

from __future__ import annotations

from json.encoder import encode_basestring as quote
from math import inf, isfinite, isnan
from typing import TYPE_CHECKING, Any, Final

from states.language.jsonata import errors
from states.language.jsonata.errors import JsonataError

if TYPE_CHECKING:
    from states.language.jsonata.limits import Run


class Undefined:
    """The one value that is no value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNDEFINED"

    def __bool__(self) -> bool:
        return False


UNDEFINED: Final = Undefined()


class Sequence(list[Any]):
    """An array that is the result of a query."""

    __slots__ = ()


class Kept(Sequence):
    """A sequence that stays an array however short it is."""

    __slots__ = ()


class Outer(Sequence):
    """The array that is the whole input, wrapped so that it counts as one item."""

    __slots__ = ()


class Tuples(Sequence):
    """Rows of a path that binds names: each a dict of `@` (the item) and the bound names."""

    __slots__ = ()


class Constructed(list[Any]):
    """An array constructor that is a step of a path."""

    __slots__ = ()


class Function:
    """Anything that can be called. `arity` says how many arguments a higher-order function hands it."""

    __slots__ = ()

    arity: int

    def call(self, run: Run, context: Any, arguments: list[Any]) -> Any:
        """The result, in which a sequence is not yet reduced to its element. `run.depth` is the depth of the call."""
        raise NotImplementedError


#: A lambda or function as the result of a whole expression.
FunctionValue = Function

NUMBERS: Final = frozenset({int, float})
LONG_LOW: Final = -(2**63)
LONG_HIGH: Final = 2**63
EXACT: Final = 2**53  #: integers up to here are the same as doubles


def settled(value: Any, keep: bool = False) -> Any:
    """What a sequence is once the part of the expression that gave it is done."""
    if isinstance(value, Sequence) and not isinstance(value, Tuples):
        if not value:
            return UNDEFINED
        if keep:
            return value if isinstance(value, Kept) else Kept(value)
        if len(value) == 1 and not isinstance(value, Kept):
            return value[0]
    return value


def is_number(value: Any) -> bool:
    """Whether it is a number; raises D1001 for an infinite one, as every operator does."""
    kind = type(value)
    if kind is int:
        return True
    if kind is float:
        if isfinite(value):
            return True
        if not isnan(value):
            raise JsonataError("D1001", value=value)
    return False


def truth(value: Any) -> bool:
    """The boolean a value counts as where a condition is asked for. Nothing is false."""
    if value is True or value is False:
        return bool(value)
    if isinstance(value, str):
        return value != ""
    if isinstance(value, list):
        return truth(value[0]) if len(value) == 1 else any(map(truth, value))
    if isinstance(value, dict):
        return len(value) > 0
    return is_number(value) and value != 0


def same(a: Any, b: Any) -> bool:
    """Deep equality of two values."""
    kind = type(a)
    if kind is str or kind is bool or a is None:
        return type(b) is kind and bool(a == b)
    if kind is int or kind is float:
        return type(b) in NUMBERS and bool(a == b)
    if a is b:
        return True
    if kind is dict and type(b) is dict:
        if len(a) != len(b):
            return False
        return all(key in b and same(value, b[key]) for key, value in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return False


def identical(a: Any, b: Any) -> bool:
    """What `in` asks: equal scalars, or the very same array or object."""
    if isinstance(a, (list, dict)) or isinstance(b, (list, dict)):
        return a is b
    return same(a, b)


# Text


def number_text(number: float) -> str:
    """JavaScript's text of a number rounded to 15 significant digits, but an integer of 64 bits in full and one below 1e21 as it is."""
    if type(number) is int:
        if LONG_LOW <= number < LONG_HIGH:
            return str(number)
        number = float(number) if abs(number) < 2**1023 else float("inf")
    if not isfinite(number):
        return "null"
    if number == int(number) and abs(number) < 1e21:
        return str(int(number)) if LONG_LOW <= number < LONG_HIGH else shortest(number)
    return shortest(float(f"{number:.15g}"))


def shortest(number: float) -> str:
    """JavaScript's text of a double: the shortest digits that read back as it, plain from 1e-6 to below 1e21."""
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, power = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(power or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if 0 < point <= 21:
        if len(digits) <= point:
            return sign + digits + "0" * (point - len(digits))
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def text_of(value: Any, run: Run, indent: int = 0) -> str:
    """The value as `$string` and `&` write it: a string bare, a function as nothing, everything else as JSON."""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is int or kind is float:
        if kind is float and not isfinite(value):
            raise JsonataError("D3001", value=value)
        return number_text(value)
    if isinstance(value, Function):
        return ""
    if isinstance(value, Outer):
        value = value[0]
    writer = _Writer(run, indent)
    writer.write(value, "\n")
    return "".join(writer.parts)


class _Writer:
    """JSON text of a value, piece by piece, so that a text beyond the memory bound is never finished."""

    def __init__(self, run: Run | None, indent: int) -> None:
        self.run = run
        self.parts: list[str] = []
        self.indent = " " * indent
        self.size = 0

    def add(self, piece: str) -> None:
        self.parts.append(piece)
        if self.run is not None:
            self.size += len(piece)
            if self.size > self.run.bytes:
                raise errors.bound(errors.TOO_LARGE)
            self.run.fuel -= 1
            if self.run.fuel < 0:
                self.run.refuel()

    def write(self, value: Any, newline: str) -> None:
        kind = type(value)
        if kind is str:
            self.add(quote(value))
        elif value is None or value is UNDEFINED:
            self.add("null")
        elif kind is bool:
            self.add("true" if value else "false")
        elif kind is int or kind is float:
            if kind is float and not isfinite(value) and not isnan(value) and self.run is not None:
                raise JsonataError("D1001", value=value)
            self.add(number_text(value) if self.run is not None or not isfinite(value) or type(value) is int else shortest(value))
        elif isinstance(value, Function):
            self.add('""')
        else:
            self.container(value, newline)

    def container(self, value: Any, newline: str) -> None:
        is_object = isinstance(value, dict)
        if not value:
            self.add("{}" if is_object else "[]")
            return
        inner = newline + self.indent
        separator = "{" if is_object else "["
        for entry in value:
            self.add(separator)
            if self.indent:
                self.add(inner)
            if is_object:
                self.add(quote(entry) + (": " if self.indent else ":"))
                self.write(value[entry], inner)
            else:
                self.write(entry, inner)
            separator = ","
        if self.indent:
            self.add(newline)
        self.add("}" if is_object else "]")


def in_sentence(value: Any) -> str:
    """A value as the sentence of an error shows it."""
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, Function):
        return '""'
    writer = _Writer(None, 0)
    writer.write(value, "")
    text = "".join(writer.parts)
    return text if len(text) <= 1000 else text[:1000] + "..."


errors.render_with(in_sentence)


# The result


def finished(value: Any, run: Run) -> Any:
    """A result as JSON: plain lists, 64-bit integers and doubles, `1.0` as 1, infinities as the strings AWS writes.

    Returns the value itself where nothing is to be changed, a Function when there is one anywhere in it. Raises the memory bound.
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is int or kind is float:
        return plain_number(value)
    if value is UNDEFINED or isinstance(value, Function):
        return value
    finisher = _Finisher(run.bytes)
    done = finisher.finish(value)
    return done if finisher.function is None else finisher.function


def plain_number(number: float) -> Any:
    """An int of 64 bits, a double that is no such int, or `Infinity`, `-Infinity`, `NaN` as a string."""
    if type(number) is int:
        if LONG_LOW <= number < LONG_HIGH:
            return number
        try:
            return float(number)
        except OverflowError:
            return "Infinity" if number > 0 else "-Infinity"
    if not isfinite(number):
        return "NaN" if isnan(number) else "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and LONG_LOW <= number < LONG_HIGH:
        return int(number)
    return number


def plain(value: Any) -> Any:
    """A JSON value with its numbers as JSONata gives them; the value itself when all of them are."""
    return _Finisher(inf).finish(value)


class _Finisher:
    def __init__(self, room: float) -> None:
        self.room = room
        self.function: Function | None = None

    def finish(self, value: Any) -> Any:
        """The value itself unless a part of it has to change; then copies down to that part."""
        kind = type(value)
        if kind is str:
            self.room -= len(value)
            return value
        if kind is bool or value is None:
            return value
        if kind is int or kind is float:
            self.room -= 8
            return plain_number(value)
        if self.room < 0:
            raise errors.bound(errors.TOO_LARGE)
        self.room -= 1
        if isinstance(value, dict):
            return self._finish_object(value)
        if isinstance(value, list):
            members = [self.finish(member) for member in value]
            if kind is list and all(a is b for a, b in zip(members, value, strict=True)):
                return value
            return members
        if isinstance(value, Function):
            self.function = value
        return None

    def _finish_object(self, value: dict[str, Any]) -> Any:
        changed: dict[str, Any] = {}
        for key, member in value.items():
            self.room -= len(key)
            done = self.finish(member)
            if done is not member:
                changed[key] = done
        return {**value, **changed} if changed else value
