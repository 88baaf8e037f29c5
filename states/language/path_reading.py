"""Definite paths (names and single indexes) as getters, and what Jayway says of a path that leads nowhere.

A getter takes the root value and the scope; the scope is only handed on. Four of five paths in real machines are of this kind, so each
shape has its own closure, and the reason of a failure is looked for only when there is one.

Source: https://github.com/json-path/JsonPath (package internal.path); the messages are recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from states.language.path_syntax import INDEX, NAME, NAMES, Step, Syntax
from states.language.values import dumps

Json = Any
Getter = Callable[[Json, Any], Json]
#: What makes a getter of any path, also of those within filters and arguments.
GetterMaker = Callable[[Syntax, str], Getter]

#: Why a path gave nothing: no such property or index; an index or slice on what is no array; a filter on what is neither array nor object;
#: a function or an operator that cannot work.
MISSING: Final = "missing"
NOT_ARRAY: Final = "not-array"
NOT_CONTAINER: Final = "not-container"
UNUSABLE: Final = "unusable"


class PathError(Exception):
    """A path found nothing in the data. `message` is Jayway's text, `path` the path as written, `kind` one of the four above."""

    def __init__(self, message: str, path: str = "", kind: str = MISSING) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.kind = kind

    @property
    def missing(self) -> bool:
        """Whether AWS treats it as "could not be found"; otherwise it passes the message on as it is."""
        return self.kind == MISSING


def definite_getter(steps: tuple[Step, ...], text: str) -> Getter | None:
    """What reads names and single indexes, from a root value that is handed in as `data`; None when there are other steps."""
    if not steps:
        return _whole
    if all(step.kind == NAME for step in steps):
        return _names_getter(steps, text)
    if all(step.kind in (NAME, INDEX) for step in steps):
        return places_getter(steps, text)
    return None


def _whole(data: Json, _: Any) -> Json:
    return data


def _names_getter(steps: tuple[Step, ...], text: str) -> Getter:
    names = tuple(step.value for step in steps)
    if len(names) == 1:
        (only,) = names

        def one(data: Json, _: Any) -> Json:
            try:
                return data[only]
            except (KeyError, TypeError):
                raise failure(steps, data, text) from None

        return one
    if len(names) == 2:
        first, second = names

        def two(data: Json, _: Any) -> Json:
            try:
                return data[first][second]
            except (KeyError, TypeError):
                raise failure(steps, data, text) from None

        return two
    if len(names) == 3:
        first, second, third = names

        def three(data: Json, _: Any) -> Json:
            try:
                return data[first][second][third]
            except (KeyError, TypeError):
                raise failure(steps, data, text) from None

        return three

    def many(data: Json, _: Any) -> Json:
        value = data
        try:
            for name in names:
                value = value[name]
        except (KeyError, TypeError):
            raise failure(steps, data, text) from None
        return value

    return many


def places_getter(steps: tuple[Step, ...], text: str, count: int | None = None) -> Getter:
    """What reads the first `count` steps, names and indexes; its messages speak of the whole path."""
    keys = tuple((step.value, list if step.kind == INDEX else dict) for step in steps[:count])

    def places(data: Json, _: Any) -> Json:
        value = data
        try:
            for key, container in keys:
                if type(value) is not container:
                    raise failure(steps, data, text)
                value = value[key]
        except (KeyError, IndexError):
            raise failure(steps, data, text) from None
        return value

    return places


_JAVA_NAMES = {
    type(None): "null",
    str: "java.lang.String",
    bool: "java.lang.Boolean",
    float: "java.lang.Double",
    list: "net.minidev.json.JSONArray",
}


def _java_name(value: Json) -> str:
    if type(value) is int:
        return "java.lang.Integer" if -(2**31) <= value < 2**31 else "java.lang.Long"
    return _JAVA_NAMES[type(value)]


def failure(steps: tuple[Step, ...], data: Json, text: str) -> PathError:
    """Jayway's message for a definite path that leads nowhere: where the first step that cannot be taken stands."""
    whole = "$" + "".join(step.fragment for step in steps)
    at, value = "$", data
    for place, step in enumerate(steps):
        if step.kind == NAME or step.kind == NAMES:
            if type(value) is not dict:
                return PathError(
                    f"Expected to find an object with property {step.fragment} in path {at} but found '{_java_name(value)}'. This is not a "
                    "json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JsonSmartJsonProvider'.",
                    text,
                )
            if step.value not in value and place < len(steps) - 1:
                return PathError(f"Missing property in path {at}['{step.value}']", text)
        elif (wrong := array_error(steps[place:], value, at, text)) is not None:
            return wrong
        try:
            value = value[step.value]
        except (KeyError, IndexError):
            break
        at += f"['{step.value}']" if step.kind == NAME else step.fragment
    return PathError(f"No results for path: {whole}", text)


def shown(value: Json, depth: int = 0) -> str:
    """A value as Jayway's messages print it: objects as Java does (`{a=1}`), arrays as JSON, strings bare."""
    if type(value) is dict and depth < 100:
        return "{" + ", ".join(f"{key}={shown(child, depth + 1)}" for key, child in value.items()) + "}"
    return value if type(value) is str else dumps(value)


def array_error(rest: tuple[Step, ...], value: Json, at: str, text: str) -> PathError | None:
    """Jayway's message for an index or a slice on what is no array, or None."""
    if value is None:
        return PathError(f"The path {at} is null", text)
    if type(value) is not list:
        filter_text = "".join(step.fragment for step in rest)
        return PathError(f"Filter: {filter_text} can only be applied to arrays. Current context is: {shown(value)}", text, NOT_ARRAY)
    return None
