"""Functions at the end of a JSONPath: `length() size() min() max() avg() stddev() sum() keys() first() last() index(n) concat() append()`.

As in Jayway: numbers come out as doubles, length of what is neither array nor object is null, `last()` of an array with one element
fails, `max()` of negative numbers is 5e-324. `$..a.f()` calls the function on the root with all that `$..a` selects as argument; at the
end of any other indefinite path it is called on each value selected.

Source: https://github.com/json-path/JsonPath (package internal.function)
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

from states.language import path_syntax
from states.language.path_reading import UNUSABLE, GetterMaker, PathError
from states.language.path_syntax import FUNCTION, InvalidPath, Syntax
from states.language.values import dumps, loads

Json = Any
#: (the value the function is called on, the document that `$` names in its arguments, further arguments) -> result
Call = Callable[..., Json]


def split(syntax: Syntax, make_getter: GetterMaker) -> Call | None:
    """The call at the end of a path, or None; `make_getter` compiles the paths among its arguments. Raises InvalidPath."""
    if not syntax.steps or syntax.steps[-1].kind != FUNCTION:
        return None
    name, text = syntax.steps[-1].value
    arguments = [_argument(part, make_getter) for part in _parts(text)]
    if arguments and name not in _TAKES_ARGUMENTS:
        raise InvalidPath(f"{name}({text}): this function takes no arguments")
    if name == "index" and len(arguments) != 1:
        raise InvalidPath("index(n) takes one argument")
    over_all(syntax)
    function = _FUNCTIONS[name]
    return lambda value, root, *more: function(value, [*(read(root) for read in arguments), *more])


def over_all(syntax: Syntax) -> bool:
    """Whether the path is `$..a.f()`, where the function is called once, on all that is selected."""
    if len(syntax.steps) < 2 or syntax.steps[0].kind != path_syntax.SCAN or syntax.steps[-1].kind != FUNCTION:
        return False
    if syntax.steps[-1].value[0] not in ("length", "size", *_AGGREGATES):
        raise InvalidPath(f"'..' and {syntax.steps[-1].fragment} are not supported together")
    return True


def _parts(text: str) -> list[str]:
    """Arguments between commas; commas within brackets and strings do not count."""
    parts, start, position = [], 0, 0
    while position < len(text):
        char = text[position]
        if char in "([{":
            position = path_syntax.closing(text, position)
            if position < 0:
                raise InvalidPath(f"Arguments ({text}) are not closed properly.")
        elif char == '"':
            position = text.find('"', position + 1)
            if position < 0:
                raise InvalidPath(f"Arguments ({text}) are not closed properly.")
        elif char == ",":
            parts.append(text[start:position])
            start = position + 1
        position += 1
    return [*parts, text[start:]] if text else []


def _argument(text: str, make_getter: GetterMaker) -> Callable[[Json], Json]:
    text = text.strip()
    if text.startswith("$"):
        syntax = path_syntax.read(text)
        if syntax.root != "$" or any(step.kind in (FUNCTION, path_syntax.SCAN) for step in syntax.steps):
            raise InvalidPath(f"{text} is not supported as an argument of a function")
        get = make_getter(syntax, text)
        return lambda root: get(root, None)
    try:
        value = loads(text)
    except ValueError as error:
        raise InvalidPath(f"{text[:60]!r} is neither JSON nor a path: {error}") from None
    return lambda _root: value


def _fail(message: str) -> PathError:
    return PathError(message, kind=UNUSABLE)


def _numbers(value: Json, arguments: list[Json]) -> list[float]:
    found = [*(value if type(value) is list else ())]
    for argument in arguments:
        found += argument if type(argument) is list else [argument]
    try:
        numbers = [float(number) for number in found if type(number) is int or type(number) is float]
    except OverflowError:
        raise _fail("A number is beyond the range of a double") from None
    if not numbers:
        raise _fail("Aggregation function attempted to calculate value using empty array")
    return numbers


def _length(value: Json, selected: list[Json]) -> Json:
    if selected:
        return len(selected[0])
    return len(value) if type(value) is list or type(value) is dict else None


def _keys(value: Json, _: list[Json]) -> Json:
    return list(value) if type(value) is dict else None


def _deviation(numbers: list[float]) -> float:
    count, total = float(len(numbers)), sum(numbers)
    return sqrt(max(0.0, sum(number * number for number in numbers) / count - total * total / count / count))


def _aggregate(reduce: Callable[[list[float]], float]) -> Callable[[Json, list[Json]], Json]:
    return lambda value, arguments: reduce(_numbers(value, arguments))


def _at(value: Json, index: int) -> Json:
    if type(value) is not list:
        raise _fail("Aggregation function attempted to calculate value using empty array")
    if index < 0:
        if len(value) + index <= 0:
            raise _fail(f"Target index:{index} larger than object count:{len(value)}")
        return value[index]
    if index >= len(value):
        raise _fail(f"Index {index} out of bounds for length {len(value)}")
    return value[index]


def _index(value: Json, arguments: list[Json]) -> Json:
    if type(arguments[0]) is not int:
        raise _fail("index(n) takes an integer")
    return _at(value, arguments[0])


def _concat(value: Json, arguments: list[Json]) -> Json:
    found = [text for text in (value if type(value) is list else ()) if type(text) is str]
    for argument in arguments:
        members = argument if type(argument) is list else [argument]
        found += [member if type(member) is str else dumps(member) for member in members if member is not None]
    return "".join(found)


def _append(value: Json, arguments: list[Json]) -> Json:
    return [*value, *arguments] if type(value) is list else value


_AGGREGATES: dict[str, Callable[[Json, list[Json]], Json]] = {
    "min": _aggregate(min),
    "max": _aggregate(lambda numbers: max(5e-324, *numbers)),  # Jayway starts from Java's Double.MIN_VALUE
    "avg": _aggregate(lambda numbers: sum(numbers) / len(numbers)),
    "stddev": _aggregate(_deviation),
    "sum": _aggregate(sum),
}
_FUNCTIONS: dict[str, Callable[[Json, list[Json]], Json]] = {
    **_AGGREGATES,
    "length": _length,
    "size": _length,
    "keys": _keys,
    "first": lambda value, _: _at(value, 0),
    "last": lambda value, _: _at(value, -1),
    "index": _index,
    "concat": _concat,
    "append": _append,
}
_TAKES_ARGUMENTS = frozenset({*_AGGREGATES, "index", "concat", "append"})
