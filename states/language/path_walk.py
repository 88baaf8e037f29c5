"""An indefinite path, or one with a function at its end, as a getter.

The names and indexes before the first indefinite step are read directly, since what is missing or of the wrong type there is reported;
after it, everything that does not fit is skipped. What comes after is walked by jsonpath-ng (see `path_nodes`).

Source: https://github.com/json-path/JsonPath (package internal.path)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from states.language import path_functions
from states.language.path_filters import Test
from states.language.path_reading import NOT_CONTAINER, Getter, PathError, array_error, failure, places_getter, shown
from states.language.path_syntax import FILTER, INDEX, INDEXES, NAME, NAMES, SLICE, WILDCARD, Step, Syntax

Json = Any


def query(syntax: Syntax, text: str, function: path_functions.Call | None, tests: Mapping[str, Test]) -> Getter:
    """What reads the path from a root value. Raises PathError as Jayway does, also for an indefinite path whose parents are missing."""
    steps = syntax.steps[:-1] if function else syntax.steps
    cut = next((place for place, step in enumerate(steps) if step.kind not in (NAME, INDEX)), len(steps))
    read_prefix = places_getter(syntax.steps, text, cut)
    if cut == len(steps):
        return _with_function(read_prefix, function)
    if steps[cut].kind == NAMES and cut == len(syntax.steps) - 1:
        return _projection(read_prefix, syntax.steps, text)
    if function and path_functions.over_all(syntax):
        select_all = _selection(read_prefix, (*steps, *_every_child(syntax)), cut, text, tests)
        return lambda data, scope: function(data, data, select_all(data, scope))
    select = _selection(read_prefix, steps, cut, text, tests, syntax.steps)
    return _with_function_each(select, function) if function else select


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
            raise failure(steps, data, text)
        return {name: value[name] for name in names if name in value}

    return project


def _selection(
    read: Getter, steps: tuple[Step, ...], cut: int, text: str, tests: Mapping[str, Test], whole: tuple[Step, ...] = ()
) -> Getter:
    from states.language import path_nodes

    select_below = path_nodes.selector(steps[cut:], tests, leaf=len(whole) <= len(steps))
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
        return array_error(rest, value, "$", text)
    if kind == FILTER and type(value) is not dict and type(value) is not list:
        steps = "".join(step.fragment for step in rest)
        return PathError(f"Filter: {steps} can not be applied to primitives. Current context is: {shown(value)}", text, NOT_CONTAINER)
    if kind == NAMES and type(value) is not dict:
        return failure(rest, value, text)
    return None
