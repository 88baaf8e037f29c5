"""JSON as JSON: what equals what, what a value is called, its text and how many bytes that text has.

State data are plain Python values (None, bool, int, float, str, list, dict) that are shared and never changed in place.
JSON's `true` is not `1`, and `1` is `1.0`; Python thinks otherwise of the first, so unknown JSON is compared here and never with `==`.

Limits: a text may be nested MAX_DEPTH levels deep. A value that grew deeper while a machine ran can still
be compared, written and measured.

Source: RFC 8259; for sizes https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (256 KiB of UTF-8 text).
"""

from __future__ import annotations

import json
import json.encoder
import re
from collections.abc import Callable
from math import isfinite
from typing import Any

Json = Any

#: Levels of arrays and objects that a JSON text may have. AWS publishes no bound; this one is the same on every Python.
MAX_DEPTH = 500

_TYPE_NAMES = {type(None): "null", bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object"}


def type_name(value: Json) -> str:
    """`null`, `boolean`, `number`, `string`, `array` or `object`."""
    return _TYPE_NAMES[type(value)]


def equal(a: Json, b: Json) -> bool:
    """Deep equality of two JSON values. Numbers are equal by value (1 and 1.0), a boolean only to a boolean; order of keys is no matter."""
    if type(a) is not dict and type(a) is not list:
        return bool(a == b) and (type(a) is bool) is (type(b) is bool)
    pending = [(a, b)]
    while pending:
        a, b = pending.pop()
        if a is b:
            continue
        kind = type(a)
        if kind is dict:
            if type(b) is not dict or len(a) != len(b):
                return False
            for key, value in a.items():
                if key not in b:
                    return False
                pending.append((value, b[key]))
        elif kind is list:
            if type(b) is not list or len(a) != len(b):
                return False
            pending.extend(zip(a, b, strict=True))
        elif a != b or (kind is bool) is not (type(b) is bool):
            return False
    return True


def string_order(a: str, b: str) -> int:
    """-1, 0 or 1 as `a` stands before, with or after `b` by UTF-16 code units, as Java's String.compareTo does.

    Only beyond the Basic Multilingual Plane does this differ from Python's order.
    """
    if a == b:
        return 0
    if a.isascii() or b.isascii():
        return -1 if a < b else 1
    return -1 if a.encode("utf-16-be", "surrogatepass") < b.encode("utf-16-be", "surrogatepass") else 1


# Text


def _refuse(value: object) -> str:
    raise TypeError(f"{type(value).__name__} is no JSON value: {value!r}")


_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"), default=_refuse)
_quote: Callable[[str], str] = json.encoder.encode_basestring


def _chunks_maker() -> Callable[[Json, int], Any] | None:
    """The encoder in C, made once: `json` makes a new one for every text, which costs more than a small text itself."""
    make = getattr(json.encoder, "c_make_encoder", None)
    return make(None, _refuse, _quote, None, ":", ",", False, False, False) if make else None


_chunks = _chunks_maker()


def dumps(value: Json) -> str:
    """Compact JSON text: no blanks, keys in their order, non-ASCII characters as they are, `1.0` stays `1.0`.

    Raises ValueError for NaN and infinities, TypeError for what is no JSON value.
    """
    try:
        return "".join(_chunks(value, 0)) if _chunks else _ENCODER.encode(value)
    except RecursionError:
        return _dumps_deep(value)


def _dumps_deep(value: Json) -> str:
    """`dumps` without recursion, for values deeper than Python's stack."""
    out: list[str] = []
    pending: list[tuple[bool, Json]] = [(False, value)]  # (is it text already?, text or value)
    while pending:
        written, item = pending.pop()
        if written:
            out.append(item)
        elif type(item) is dict and item:
            pending.append((True, "}"))
            for key, child in reversed(item.items()):
                pending += [(False, child), (True, f",{_quote(key)}:")]
            pending[-1] = (True, "{" + pending[-1][1][1:])
        elif type(item) is list and item:
            pending.append((True, "]"))
            for child in reversed(item):
                pending += [(False, child), (True, ",")]
            pending[-1] = (True, "[")
        else:
            out.append(_ENCODER.encode(item))
    return "".join(out)


class _NotJsonError(ValueError):
    pass


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise _NotJsonError
    return number


def _constant(_: str) -> None:
    raise _NotJsonError


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_constant)
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|NaN|-?Infinity|-?[0-9][0-9.eE+-]*|[\[{]|[\]}]', re.DOTALL)


def loads(text: str) -> Json:
    """The value of a JSON text. The last of two equal keys wins, as on AWS.

    Raises ValueError (a `json.JSONDecodeError` with `lineno` and `colno`) when the text is no JSON, holds NaN, Infinity or a number
    beyond a double's range, or is nested deeper than MAX_DEPTH.
    """
    try:
        value = _DECODER.decode(text)
    except (_NotJsonError, RecursionError):
        raise _fault(text) from None
    if text.count("[") + text.count("{") > MAX_DEPTH and _deeper_than(value, MAX_DEPTH):
        raise _fault(text)
    return value


def _deeper_than(value: Json, depth: int) -> bool:
    level = [value] if type(value) is dict or type(value) is list else []
    for _ in range(depth):
        level = [
            child
            for container in level
            for child in (container.values() if type(container) is dict else container)
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return False
    return True


def _fault(text: str) -> json.JSONDecodeError:
    """The first thing in a text that JSON's grammar allows in Python's reading of it, but we do not."""
    depth = 0
    for token in _TOKEN.finditer(text):
        word = token.group()
        if word in "[{":
            depth += 1
        elif word in "]}":
            depth -= 1
        if depth > MAX_DEPTH:
            return json.JSONDecodeError(f"Nested deeper than {MAX_DEPTH} levels", text, token.start())
        if word[0] in "NI" or word.startswith("-I"):
            return json.JSONDecodeError(f"{word} is no JSON", text, token.start())
        if word[0] in "-0123456789" and any(c in word for c in ".eE") and not isfinite(float(word)):
            return json.JSONDecodeError(f"The number {word[:30]} is too large", text, token.start())
    return json.JSONDecodeError("Nested too deep", text, 0)


def java_text(value: Json) -> str:
    """A value as Java's `toString` writes it: `{Arg1=1, Arg2=[]}`, strings bare. States.Format and Jayway's messages print so."""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is dict:
        return "{" + ", ".join(f"{key}={java_text(child)}" for key, child in value.items()) + "}"
    if kind is list:
        return "[" + ", ".join(map(java_text, value)) + "]"
    return dumps(value)


# Size


def size(value: Json) -> int:
    """Bytes of the value's compact JSON text in UTF-8."""
    return _bytes(dumps(value))


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


class Sizes:
    """Measures values that share parts, each unchanged part once.

    States hand the same large lists and objects on, a key added here and there. Containers of WORTH bytes and more are remembered
    by identity (a reference is held, so that the identity stays theirs), the rest is written anew in C. Values must not be
    changed in place between two measurements.
    """

    WORTH = 1024
    _DEPTH = 3  # levels that are looked through for known parts
    _WIDTH = 256  # a container with more entries is one block
    _MANY = 512  # remembered containers a generation; two generations are kept

    __slots__ = ("_known", "_older")

    def __init__(self) -> None:
        self._known: dict[int, tuple[Json, int]] = {}
        self._older: dict[int, tuple[Json, int]] = {}

    def measure(self, value: Json) -> int:
        """Bytes of the value's compact JSON text in UTF-8, as `size` gives."""
        if not self._known and not self._older:
            text = dumps(value)
            total = len(text) if text.isascii() else _bytes(text)
            if total >= self.WORTH and (type(value) is dict or type(value) is list):
                self._remember(value, total)
                self._explore(value, total, self._DEPTH)
            return total
        known = self._recall(value)
        if known is not None:
            return known
        if self._knows_part(value, self._DEPTH):
            return self._sum(value, self._DEPTH)
        return self._block(value, self._DEPTH)

    def _recall(self, value: Json) -> int | None:
        key = id(value)
        entry = self._known.get(key)
        if entry is None:
            entry = self._older.get(key)
            if entry is None:
                return None
            self._remember(*entry)
        return entry[1]

    def _remember(self, value: Json, total: int) -> None:
        if len(self._known) >= self._MANY:
            self._older, self._known = self._known, {}
        self._known[id(value)] = (value, total)

    def _knows_part(self, value: Json, depth: int) -> bool:
        known, older = self._known, self._older
        kind = type(value)
        if (kind is not dict and kind is not list) or len(value) > self._WIDTH:
            return False
        for child in value.values() if kind is dict else value:
            kind = type(child)
            if kind is dict or kind is list:
                key = id(child)
                if key in known or key in older or (depth > 1 and child and self._knows_part(child, depth - 1)):
                    return True
        return False

    def _block(self, value: Json, depth: int) -> int:
        """Size of a value of which nothing is known; its large parts are remembered."""
        total = _bytes(dumps(value))
        if total >= self.WORTH and (type(value) is dict or type(value) is list):
            self._remember(value, total)
            self._explore(value, total, depth)
        return total

    def _explore(self, value: Json, total: int, depth: int) -> None:
        """Remembers the large parts of a container whose size is known; that of the part with most entries comes by subtraction."""
        if not depth or len(value) > self._WIDTH:
            return
        rest, parts = self._frame(value)
        if parts:
            largest = max(parts, key=len)
            left = total - rest - sum(self._part(child, depth - 1) for child in parts if child is not largest)
            left //= sum(child is largest for child in parts)
            if left >= self.WORTH and self._recall(largest) is None:
                self._remember(largest, left)
                self._explore(largest, left, depth - 1)

    def _sum(self, value: Json, depth: int) -> int:
        """Size of a container of which parts are known, as the sum of its parts."""
        total, parts = self._frame(value)
        for child in parts:
            total += self._part(child, depth - 1)
        if total >= self.WORTH:
            self._remember(value, total)
        return total

    def _frame(self, value: Json) -> tuple[int, list[Json]]:
        """Bytes of a container without its own containers (braces, commas, keys and colons, scalars); and those containers."""
        total = 1 + len(value) if value else 2
        parts: list[Json] = []
        children = value
        if type(value) is dict:
            total += len(value)
            for key in value:
                total += len(key) + 2 if key.isidentifier() and key.isascii() else _bytes(_quote(key))
            children = value.values()
        for child in children:
            kind = type(child)
            if kind is str:
                total += _bytes(_quote(child))
            elif kind is int:
                total += len(int.__repr__(child))
            elif kind is dict or kind is list:
                parts.append(child)
            else:
                total += len(dumps(child))
        return total, parts

    def _part(self, child: Json, depth: int) -> int:
        known = self._recall(child)
        if known is not None:
            return known
        return self._sum(child, depth) if depth > 0 and self._knows_part(child, depth) else self._block(child, depth)


# Copies


def copy_json(value: Json) -> Json:
    """A copy that shares nothing with the value: for whoever may change it."""
    try:
        return _copy(value)
    except RecursionError:
        return json.loads(dumps(value))


def _copy(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _copy(member) if isinstance(member, (dict, list)) else member for key, member in value.items()}
    if isinstance(value, list):
        return [_copy(member) if isinstance(member, (dict, list)) else member for member in value]
    return value
