"""Functions of arrays and objects, and the higher-order ones that call a function for their members.

Source: https://docs.jsonata.org/array-functions, object-functions, higher-order-functions, boolean-functions
"""

# ruff: noqa: ARG001 - every function of the table is given the run, whether it needs it or not

from __future__ import annotations

from math import floor
from typing import Any

from states.language.jsonata.data import UNDEFINED, Function, Sequence, same, truth
from states.language.jsonata.errors import JsonataError
from states.language.jsonata.frames import Lambda, call_with
from states.language.jsonata.limits import Run
from states.language.jsonata.path_names import look_up


def count(run: Run, array: Any) -> Any:
    return 0 if array is UNDEFINED else len(array)


def append(run: Run, first: Any, second: Any) -> Any:
    if first is UNDEFINED:
        return second
    if second is UNDEFINED:
        return first
    left = first if isinstance(first, list) else [first]
    right = second if isinstance(second, list) else [second]
    run.items(len(left) + len(right))
    return [*left, *right]


def exists(run: Run, value: Any) -> bool:
    return value is not UNDEFINED


def not_(run: Run, value: Any) -> Any:
    return UNDEFINED if value is UNDEFINED else not truth(value)


def type_of(run: Run, value: Any) -> Any:
    if value is UNDEFINED:
        return UNDEFINED
    if isinstance(value, Function):
        return "function"
    if isinstance(value, list):
        return "array"
    return {type(None): "null", bool: "boolean", int: "number", float: "number", str: "string"}.get(type(value), "object")


def reverse(run: Run, array: Any) -> Any:
    if array is UNDEFINED or len(array) <= 1:
        return array
    run.items(len(array))
    return array[::-1]


def shuffle(run: Run, array: Any) -> Any:
    if array is UNDEFINED or len(array) <= 1:
        return array
    run.items(len(array))
    run.spend(2 * len(array))
    result = list(array)
    for last in range(len(result) - 1, 0, -1):
        other = floor(run.chance.random() * (last + 1))
        result[last], result[other] = result[other], result[last]
    return result


def distinct(run: Run, array: Any) -> Any:
    """The members without those that equal an earlier one. Scalars are found by a set, others compared one by one."""
    if not isinstance(array, list) or len(array) <= 1:
        return array
    run.items(len(array))
    result: list[Any] = Sequence() if isinstance(array, Sequence) else []
    seen: set[Any] = set()
    others: list[Any] = []
    for member in array:
        if isinstance(member, (list, dict, Function)):
            run.spend(2 * len(others) + 1)
            if any(same(member, other) for other in others):
                continue
            others.append(member)
        else:
            key = (isinstance(member, bool), member)
            if key in seen:
                continue
            seen.add(key)
        result.append(member)
    return result


def zip_(run: Run, *arrays: Any) -> Any:
    size = min((len(array) if isinstance(array, list) else 0 for array in arrays), default=0)
    run.items(size * len(arrays))
    return [[array[place] for array in arrays] for place in range(size)]


# Objects


def keys(run: Run, value: Any) -> Any:
    names: dict[str, None] = {}
    _collect_keys(value, names)
    run.items(len(names))
    return Sequence(names)


def _collect_keys(value: Any, names: dict[str, None]) -> None:
    if isinstance(value, dict):
        names.update(dict.fromkeys(value))
    elif isinstance(value, list):
        for member in value:
            _collect_keys(member, names)


def lookup(run: Run, value: Any, key: Any) -> Any:
    return look_up(value, "undefined" if key is UNDEFINED else key)


def spread(run: Run, value: Any) -> Any:
    """An object for every member of an object, or of the objects in an array."""
    if isinstance(value, dict):
        run.items(len(value))
        return Sequence({key: member} for key, member in value.items())
    if not isinstance(value, list):
        return value
    if not value:
        return Sequence()
    result: list[Any] = []
    for member in value:
        parts = spread(run, member)
        if isinstance(parts, list):
            result.extend(parts)
        else:
            result.append(parts)
    run.items(len(result))
    return result


def merge(run: Run, objects: Any) -> Any:
    if objects is UNDEFINED:
        return UNDEFINED
    result: dict[str, Any] = {}
    for member in objects:
        run.spend(len(member) + 1)
        result.update(member)
    return result


def clone(run: Run, value: Any) -> Any:
    """A copy in which nothing is shared with the original."""
    run.spend(1)
    if isinstance(value, dict):
        return {key: clone(run, member) for key, member in value.items()}
    if isinstance(value, list):
        return [clone(run, member) for member in value]
    return "" if isinstance(value, Function) else value


# With functions


def map_(run: Run, array: Any, function: Any) -> Any:
    if array is UNDEFINED:
        return UNDEFINED
    function = _callable(function)
    result = Sequence()
    run.items(len(array))
    if type(function) is Lambda and function.arity <= 1 and function.signature is None:
        call = function.call
        for member in array:
            value = call(run, None, [member])
            if value is not UNDEFINED:
                result.append(value)
        return result
    for place, member in enumerate(array):
        value = call_with(function, run, member, place, array)
        if value is not UNDEFINED:
            result.append(value)
    return result


def filter_(run: Run, array: Any, function: Any) -> Any:
    if array is UNDEFINED:
        return UNDEFINED
    function = _callable(function)
    run.items(len(array))
    return Sequence(member for place, member in enumerate(array) if truth(call_with(function, run, member, place, array)))


def single(run: Run, array: Any, function: Any) -> Any:
    if array is UNDEFINED:
        return UNDEFINED
    run.items(len(array))
    found: Any = UNDEFINED
    matched = False
    for place, member in enumerate(array):
        if function is UNDEFINED or truth(call_with(function, run, member, place, array)):
            if matched:
                raise JsonataError("D3138", index=place)
            found, matched = member, True
    if not matched:
        raise JsonataError("D3139")
    return found


def reduce(run: Run, array: Any, function: Any, start: Any) -> Any:
    if array is UNDEFINED:
        return UNDEFINED
    function = _callable(function)
    if function.arity < 2:
        raise JsonataError("D3050", index=1)
    run.items(len(array))
    begin = 1 if start is UNDEFINED and array else 0
    result = array[0] if begin else start
    for place in range(begin, len(array)):
        result = function.call(run, None, [result, array[place], place, array][: max(2, min(function.arity, 4))])
    return result


def sift(run: Run, value: Any, function: Any) -> Any:
    """The members of an object that a function accepts; nothing when it accepts none."""
    if not isinstance(value, dict):
        return UNDEFINED
    function = _callable(function) if value else function
    run.items(len(value))
    result = {key: member for key, member in value.items() if truth(call_with(function, run, member, key, value))}
    return result or UNDEFINED


def each(run: Run, value: Any, function: Any) -> Any:
    result = Sequence()
    if not isinstance(value, dict):
        return result
    function = _callable(function) if value else function
    run.items(len(value))
    for key, member in value.items():
        made = call_with(function, run, member, key, value)
        if made is not UNDEFINED:
            result.append(made)
    return result


def _callable(function: Any) -> Function:
    if not isinstance(function, Function):
        raise JsonataError("T1006")
    return function


def error(run: Run, message: Any) -> Any:
    raise JsonataError("D3137", message=message if isinstance(message, str) and message else "$error() function evaluated")


def assert_(run: Run, condition: Any, message: Any) -> Any:
    if condition is not True:
        raise JsonataError("D3141", message=message if isinstance(message, str) and message else "$assert() statement failed")
    return UNDEFINED


def boolean(run: Run, value: Any) -> Any:
    return UNDEFINED if value is UNDEFINED else truth(value)
