"""The eighteen intrinsic functions: what each makes of its arguments, as a table by name.

A function that cannot work with its arguments raises FailureError; the caller makes States.IntrinsicFailure of it. Where AWS has
published or shown nothing, the choice is: Base64 is written in one line and read with or without line breaks and padding; ArrayGetItem
outside the array fails; MathAdd fails when its sum leaves 32 bits; a MathRandom with a seed draws `start` plus java.util.Random's
`nextInt(end - start)`; a single `{` or `}` in Format stands for itself.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html and the recordings named in the docs of this project.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import floor
from typing import TYPE_CHECKING, Any, NamedTuple

from states.language.values import dumps, equal, java_text, loads, type_name

if TYPE_CHECKING:
    from random import Random

Json = Any

_MAX_TEXT = 10_000  # characters that Base64 and Hash functions take
_MAX_RANGE = 1_000  # items of an ArrayRange
_LEAST, _MOST = -(2**31), 2**31 - 1


class FailureError(Exception):
    """A function cannot work with its arguments; the message becomes part of the cause."""


class Function(NamedTuple):
    """An intrinsic function, how many arguments it takes (`most` None: any number), and whether it draws from the scope's generator.

    One that draws gets the generator before its arguments.
    """

    apply: Callable[..., Json]
    fewest: int
    most: int | None
    draws: bool = False


# Types


def _array(value: Json, what: str) -> list[Json]:
    if type(value) is not list:
        raise FailureError(f"{what} must be an array, not {type_name(value)}")
    return value


def _text(value: Json, what: str, most: int | None = None) -> str:
    if type(value) is not str:
        raise FailureError(f"{what} must be a string, not {type_name(value)}")
    if most is not None and len(value) > most:
        raise FailureError(f"{what} must have at most {most} characters, not {len(value)}")
    return value


def _integer(value: Json, what: str) -> int:
    """Rounded half up, as Java's Math.round does: 1.5 is 2 and -1.5 is -1."""
    if type(value) is not int and type(value) is not float:
        raise FailureError(f"{what} must be a number, not {type_name(value)}")
    rounded = value if type(value) is int else floor(value + 0.5)
    if not _LEAST <= rounded <= _MOST:
        raise FailureError(f"{what} must be between {_LEAST} and {_MOST}, not {rounded}")
    return rounded


# Functions

_FORMAT_PIECE = re.compile(r"\{\}|\\(.)", re.DOTALL)


def placeholders(template: str) -> list[str]:
    """The texts around the `{}` of a template, escapes resolved."""
    pieces, start = [""], 0
    for match in _FORMAT_PIECE.finditer(template):
        pieces[-1] += template[start : match.start()]
        if match.group(1) is None:
            pieces.append("")
        else:
            pieces[-1] += match.group(1)
        start = match.end()
    pieces[-1] += template[start:]
    return pieces


def shown(value: Json) -> str:
    return value if type(value) is str else java_text(value)


def fill(pieces: list[str], values: tuple[Json, ...]) -> str:
    if len(pieces) - 1 != len(values):
        raise FailureError(f"the template has {len(pieces) - 1} '{{}}', but there are {len(values)} arguments for them")
    out = [pieces[0]]
    for value, piece in zip(values, pieces[1:], strict=True):
        out.append(value if type(value) is str else java_text(value))
        out.append(piece)
    return "".join(out)


def _format(template: Json, *values: Json) -> str:
    return fill(placeholders(_text(template, "the template")), values)


def _string_to_json(text: Json) -> Json:
    if not _text(text, "the argument").strip():
        return None
    try:
        return loads(text)
    except ValueError as error:
        raise FailureError(f"the argument is no JSON: {error}") from None


def _array_of(*values: Json) -> list[Json]:
    return list(values)


def _array_partition(array: Json, chunk: Json) -> list[Json]:
    items, length = _array(array, "the first argument"), _integer(chunk, "the size of a chunk")
    if length < 1:
        raise FailureError(f"the size of a chunk must be a positive integer, not {length}")
    return [items[start : start + length] for start in range(0, len(items), length)]


def _array_contains(array: Json, value: Json) -> bool:
    return any(equal(item, value) for item in _array(array, "the first argument"))


def _array_range(first: Json, last: Json, step: Json) -> list[Json]:
    start, end, by = _integer(first, "the first number"), _integer(last, "the last number"), _integer(step, "the step")
    if by == 0:
        raise FailureError("the step must not be 0")
    found = range(start, end + (1 if by > 0 else -1), by)
    if len(found) > _MAX_RANGE:
        raise FailureError(f"the range would have {len(found)} items; {_MAX_RANGE} are allowed")
    return list(found)


def _array_get_item(array: Json, index: Json) -> Json:
    items, place = _array(array, "the first argument"), index
    if type(place) is float and place.is_integer():
        place = int(place)
    if type(place) is not int:
        raise FailureError(f"the index must be an integer, not {dumps(index)[:100]}")
    if not 0 <= place < len(items):
        raise FailureError(f"the index {place} is outside an array of {len(items)} items")
    return items[place]


def _array_length(array: Json) -> int:
    return len(_array(array, "the argument"))


def _array_unique(array: Json) -> list[Json]:
    found: dict[Any, Json] = {}
    for item in _array(array, "the argument"):
        found.setdefault(_identity(item, 0), item)
    return list(found.values())


def _identity(value: Json, depth: int) -> Any:
    """Something hashable that is the same for equal values only."""
    if depth > 200:
        raise FailureError("the array is nested too deep")
    if type(value) is dict:
        return frozenset((key, _identity(child, depth + 1)) for key, child in value.items())
    if type(value) is list:
        return tuple(_identity(child, depth + 1) for child in value)
    return (bool, value) if type(value) is bool else value


def _base64_encode(text: Json) -> str:
    from base64 import b64encode

    return b64encode(_text(text, "the argument", _MAX_TEXT).encode("utf-8", "replace")).decode("ascii")


def _base64_decode(text: Json) -> str:
    from base64 import b64decode

    packed = "".join(_text(text, "the argument", _MAX_TEXT).split()).rstrip("=")
    try:
        return b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode("utf-8", "replace")
    except ValueError as error:
        raise FailureError(f"the argument is no Base64: {error}") from None


_ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def _hash(data: Json, algorithm: Json) -> str:
    import hashlib

    name = _ALGORITHMS.get(_text(algorithm, "the algorithm"))
    if name is None:
        raise FailureError(f"the algorithm must be one of {', '.join(_ALGORITHMS)}, not {algorithm[:40]!r}")
    return hashlib.new(name, _text(data, "the data", _MAX_TEXT).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def _json_merge(first: Json, second: Json, deep: Json) -> dict[str, Json]:
    for value in (first, second):
        if type(value) is not dict:
            raise FailureError(f"an object is needed to merge, not {type_name(value)}")
    if deep is not False:
        raise FailureError("the third argument must be false: objects are merged shallowly only")
    return {**first, **second}


def _math_add(a: Json, b: Json) -> int:
    return _integer(_integer(a, "the first number") + _integer(b, "the second number"), "the sum")


def _math_random(random: Random, first: Json, last: Json, seed: Json = None) -> int:
    start, end = _integer(first, "the first number"), _integer(last, "the second number")
    if start >= end:
        raise FailureError(f"the first number, {start}, must be less than the second, {end}")
    if seed is None:
        return random.randrange(start, end)
    return start + java_next_int(_integer(seed, "the seed"), end - start)


def java_next_int(seed: int, bound: int) -> int:
    """What `new java.util.Random(seed).nextInt(bound)` gives; for a bound beyond 31 bits, 63 bits of the same generator modulo it."""
    state = (seed ^ 0x5DEECE66D) & (2**48 - 1)

    def draw() -> int:
        nonlocal state
        state = (state * 0x5DEECE66D + 0xB) & (2**48 - 1)
        return state >> 17

    if bound > _MOST:
        return (draw() << 31 | draw()) % bound
    if bound & (bound - 1) == 0:
        return bound * draw() >> 31
    while True:
        bits = draw()
        if bits - bits % bound + bound - 1 <= _MOST:
            return bits % bound


def _string_split(text: Json, delimiters: Json) -> list[Json]:
    """Every character of the second argument is a delimiter; empty pieces are dropped."""
    value, marks = _text(text, "the first argument"), _text(delimiters, "the second argument")
    if not marks:
        return [value] if value else []
    if len(marks) > 1:
        value = value.translate(dict.fromkeys(map(ord, marks), marks[0]))
    return [piece for piece in value.split(marks[0]) if piece]


def uuid(random: Random) -> str:
    number = random.getrandbits(128) & ~(0xF << 76) & ~(0x3 << 62) | 4 << 76 | 2 << 62
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


#: The eighteen functions, by the name after `States.`.
INTRINSICS: dict[str, Function] = {
    "Format": Function(_format, 1, None),
    "StringToJson": Function(_string_to_json, 1, 1),
    "JsonToString": Function(dumps, 1, 1),
    "Array": Function(_array_of, 0, None),
    "ArrayPartition": Function(_array_partition, 2, 2),
    "ArrayContains": Function(_array_contains, 2, 2),
    "ArrayRange": Function(_array_range, 3, 3),
    "ArrayGetItem": Function(_array_get_item, 2, 2),
    "ArrayLength": Function(_array_length, 1, 1),
    "ArrayUnique": Function(_array_unique, 1, 1),
    "Base64Encode": Function(_base64_encode, 1, 1),
    "Base64Decode": Function(_base64_decode, 1, 1),
    "Hash": Function(_hash, 2, 2),
    "JsonMerge": Function(_json_merge, 3, 3),
    "MathRandom": Function(_math_random, 2, 3, draws=True),
    "MathAdd": Function(_math_add, 2, 2),
    "StringSplit": Function(_string_split, 2, 2),
    "UUID": Function(uuid, 0, 0, draws=True),
}
