"""An indefinite path, or one with a function at its end, as a getter.

The names and indexes before the first indefinite step are read directly, since what is missing or of the wrong type there is reported;
after it, everything that does not fit is skipped. What comes after is walked by jsonpath-ng (see `path_nodes`).

Source: https://github.com/json-path/JsonPath (package internal.path)
"""

from __future__ import annotations

from typing import Any

from states.language import path_functions, paths
from states.language.path_syntax import FILTER, INDEX, INDEXES, NAME, NAMES, SLICE, WILDCARD, Step, Syntax
from states.language.paths import NOT_CONTAINER, Getter, PathError

Json = Any


def query(syntax: Syntax, text: str, function: path_functions.Call | None) -> Getter:
    """What reads the path from a root value. Raises PathError as Jayway does, also for an indefinite path whose parents are missing."""
    steps = syntax.steps[:-1] if function else syntax.steps
    cut = next((place for place, step in enumerate(steps) if step.kind not in (NAME, INDEX)), len(steps))
    read_prefix = _prefix(syntax.steps, cut, text)
    if cut == len(steps):
        return _with_function(read_prefix, function)
    if steps[cut].kind == NAMES and cut == len(syntax.steps) - 1:
        return _projection(read_prefix, syntax.steps, text)
    if function and path_functions.over_all(syntax):
        select_all = _selection(read_prefix, (*steps, *_every_child(syntax)), cut, text)
        return lambda data, scope: function(data, data, select_all(data, scope))
    select = _selection(read_prefix, steps, cut, text, syntax.steps)
    return _with_function_each(select, function) if function else select


def _prefix(steps: tuple[Step, ...], cut: int, text: str) -> Getter:
    keys = tuple((step.value, list if step.kind == INDEX else dict) for step in steps[:cut])

    def read(data: Json, _: Any) -> Json:
        value = data
        try:
            for key, container in keys:
                if type(value) is not container:
                    raise paths.failure(steps, data, text)
                value = value[key]
        except (KeyError, IndexError):
            raise paths.failure(steps, data, text) from None
        return value

    return read


def _with_function(read: Getter, function: path_functions.Call | None) -> Getter:
    return (lambda data, scope: function(read(data, scope), data)) if function else read


def _with_function_each(read: Getter, function: path_functions.Call) -> Getter:
    return lambda data, scope: [function(value, data) for value in read(data, scope)]


def _every_child(syntax: Syntax) -> tuple[Step, ...]:
    """`$..a.length()` counts what `$..a.*` selects."""
    return (Step(WILDCARD, None, "[*]"),) if syntax.steps[-1].value[0] in ("length", "size") else ()


def _projection(read: Getter, steps: tuple[Step, ...], text: str) -> Getter:
    names = steps[-1].value

    def project(data: Json, scope: Any) -> Json:
        value = read(data, scope)
        if type(value) is not dict:
            raise paths.failure(steps, data, text)
        return {name: value[name] for name in names if name in value}

    return project


def _selection(read: Getter, steps: tuple[Step, ...], cut: int, text: str, whole: tuple[Step, ...] = ()) -> Getter:
    from states.language import path_nodes

    select_below = path_nodes.selector(steps[cut:], leaf=len(whole) <= len(steps))
    rest = (whole or steps)[cut:]

    def select(data: Json, scope: Any) -> Json:
        value = read(data, scope)
        wrong = _cannot_start(rest, value, text)
        if wrong is not None:
            raise wrong
        return select_below(value, data)

    return select


def _cannot_start(rest: tuple[Step, ...], value: Json, text: str) -> PathError | None:
    """The error when the first indefinite step does not fit the value it meets; later ones just select nothing."""
    kind = rest[0].kind
    if kind in (SLICE, INDEXES):
        return paths.array_error(rest, value, "$", text)
    if kind == FILTER and type(value) is not dict and type(value) is not list:
        steps = "".join(step.fragment for step in rest)
        return PathError(f"Filter: {steps} can not be applied to primitives. Current context is: {paths.shown(value)}", text, NOT_CONTAINER)
    if kind == NAMES and type(value) is not dict:
        return paths.failure(rest, value, text)
    return None
