"""The functions that AWS adds to JSONata.

What they answer to odd arguments was measured on AWS: sizes and seeds are cut towards zero, a missing or zero size or step gives
nothing, too many arguments or ones of a wrong type are T0410.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided
"""

from __future__ import annotations

from math import isfinite
from typing import Any, Final

from states.language.jsonata import errors
from states.language.jsonata.data import UNDEFINED, Sequence
from states.language.jsonata.errors import JsonataError
from states.language.jsonata.limits import Run


def _whole(number: float) -> int:
    return int(number) if isfinite(number) else 0


def partition(run: Run, array: Any, size: Any) -> Any:
    """The array in chunks of `size`, the last one shorter; in one chunk when no size is given."""
    if array is UNDEFINED:
        return UNDEFINED
    if not isinstance(array, list):
        raise JsonataError("T0412", value=array, index=1, type="values")
    if not array:
        return UNDEFINED
    if size is UNDEFINED:
        return [list(array)]
    chunk = _whole(size)
    if chunk < 0:
        raise JsonataError("D3137", message="Second argument must be zero or greater")
    if chunk == 0:
        return UNDEFINED
    run.items(len(array))
    return [list(array[start : start + chunk]) for start in range(0, len(array), chunk)]


def range_(run: Run, first: Any, last: Any, step: Any) -> Any:
    """The numbers from `first` to `last`, which is among them when a step lands on it."""
    if first is UNDEFINED or last is UNDEFINED or step is UNDEFINED:
        return UNDEFINED
    low, high, by = _whole(first), _whole(last), _whole(step)
    if by == 0:
        return UNDEFINED
    numbers = range(low, high + (1 if by > 0 else -1), by)
    count = max(0, (high - low) // by + 1)
    if count > run.limits.range_elements:
        raise errors.bound(errors.TOO_LARGE)
    run.items(count)
    return Sequence(numbers)


_ALGORITHMS: Final = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def hash_(run: Run, text: Any, algorithm: Any) -> Any:
    """The hash of a text's UTF-8 bytes, in hexadecimal digits."""
    if text is UNDEFINED or algorithm is UNDEFINED:
        return UNDEFINED
    name = _ALGORITHMS.get(algorithm)
    if name is None:
        raise JsonataError("D3137", message=f"Unsupported hash algorithm: {algorithm}. Use one of {', '.join(_ALGORITHMS)}")
    import hashlib

    run.spend(len(text) >> 6)
    return hashlib.new(name, text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


_MULTIPLIER: Final = 0x5DEECE66D
_MASK: Final = (1 << 48) - 1


def random(run: Run, seed: Any) -> Any:
    """A number from 0 to below 1; with a seed always the same one, that of java.util.Random."""
    if seed is UNDEFINED:
        return run.chance.random()
    state = (_whole(seed) ^ _MULTIPLIER) & _MASK
    state = (state * _MULTIPLIER + 0xB) & _MASK
    high = state >> 22
    state = (state * _MULTIPLIER + 0xB) & _MASK
    return ((high << 27) + (state >> 21)) / (1 << 53)


def uuid(run: Run) -> str:
    """A version 4 UUID."""
    bits = run.chance.getrandbits(128)
    bits = bits & ~(0xF << 76) & ~(0x3 << 62) | 4 << 76 | 2 << 62
    text = f"{bits:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def parse(run: Run, text: Any) -> Any:
    """The value of a JSON text, read strictly: one document, no key twice, no number beyond a double."""
    if text is UNDEFINED:
        return UNDEFINED
    from states.language import values

    run.spend(len(text) >> 3)
    try:
        value = values.loads(text)
        if text.count('"') >= 4:
            _unique(text)
    except ValueError:
        raise JsonataError("D3137", message="Invalid JSON") from None
    return _doubles(value)


def _unique(text: str) -> None:
    """Raises ValueError for an object with the same key twice."""
    import json

    def check(pairs: list[tuple[str, Any]]) -> None:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError("a key stands twice")

    json.loads(text, object_pairs_hook=check)


def _doubles(value: Any) -> Any:
    """The value with integers beyond 64 bits as doubles."""
    kind = type(value)
    if kind is int:
        return value if -(2**63) <= value < 2**63 else _double(value)
    if kind is dict:
        return {key: _doubles(member) for key, member in value.items()}
    if kind is list:
        return [_doubles(member) for member in value]
    return value


def _double(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        raise JsonataError("D3137", message="Invalid JSON") from None


def now(run: Run, picture: Any, zone: Any) -> Any:
    """The moment of this evaluation as a text."""
    from states.language.jsonata import moments

    return moments.from_millis(run, run.millis, picture, zone)


def millis(run: Run) -> int:
    return run.millis
