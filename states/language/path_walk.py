"""Walks data along an indefinite path with jsonpath-ng, and applies a function at its end.

jsonpath-ng's own parser is not used: its grammar refuses or reads otherwise much that AWS takes. Our steps become a tree of its nodes;
where Jayway's meaning differs from a node's, a node of our own stands in: filters, slices with two ends of which one is negative (there
Jayway counts each index by itself), and several names in one bracket, which give one object.

The names and indexes before the first indefinite step are read directly, since what is missing or of the wrong type there is reported;
after it, everything that does not fit is skipped.

Source: https://github.com/json-path/JsonPath (package internal.path), https://github.com/h2non/jsonpath-ng
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from states.language import path_filters, path_functions, paths
from states.language.path_syntax import FILTER, FUNCTION, INDEX, INDEXES, NAME, NAMES, SCAN, SLICE, WILDCARD, Step, Syntax
from states.language.paths import UNUSABLE, Getter, PathError

Json = Any

#: Kind of PathError for a filter on a string, number, boolean or null.
NOT_CONTAINER = "not-container"


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
    from jsonpath_ng import jsonpath

    find = _tree(steps[cut:], leaf=len(whole) <= len(steps)).find
    datum = jsonpath.DatumInContext
    rest = (whole or steps)[cut:]

    def select(data: Json, scope: Any) -> Json:
        value = read(data, scope)
        wrong = _cannot_start(rest, value, text)
        if wrong is not None:
            raise wrong
        root = datum(data)
        return [match.value for match in find(datum(value, context=root) if cut else root)]

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


def _tree(steps: tuple[Step, ...], *, leaf: bool) -> Any:
    """The steps as a tree of jsonpath-ng nodes; `leaf` when no function follows the last one."""
    from jsonpath_ng import jsonpath

    nodes = _nodes()
    tree: Any = jsonpath.This()
    scanning = False
    for place, step in enumerate(steps):
        if step.kind == SCAN:
            scanning = True
            continue
        node = nodes[step.kind](step, leaf and place == len(steps) - 1, scanning)
        tree = jsonpath.Descendants(tree, node) if scanning else jsonpath.Child(tree, node)
        scanning = False
    return tree


def _nodes() -> dict[str, Callable[[Step, bool, bool], Any]]:
    """For each kind of step what makes its node, from the step, whether it is the last, and whether it follows `..`."""
    from jsonpath_ng import jsonpath
    from jsonpath_ng.jsonpath import DatumInContext, Fields, Index, JSONPath

    class Selection(JSONPath):
        """A node of our own: a function from a datum to the data it selects."""

        def __init__(self, select: Callable[[Any], list[Any]]) -> None:
            self.select = select

        def find(self, data: Any) -> list[Any]:
            return self.select(data)

    def children(parent: Any, indexes: Any) -> list[Any]:
        return [DatumInContext(parent.value[index], path=Index(index), context=parent) for index in indexes]

    def name(step: Step, _last: bool, _scanned: bool) -> Any:
        return Fields(step.value) if step.value != "*" else names(Step(NAMES, ("*",), ""), False, False)

    def names(step: Step, last: bool, scanned: bool) -> Any:
        wanted = step.value

        def merged(datum: Any) -> list[Any]:
            value = datum.value
            if type(value) is not dict or (scanned and not all(key in value for key in wanted)):
                return []
            return [DatumInContext({key: value[key] for key in wanted if key in value}, path=jsonpath.This(), context=datum)]

        def each(datum: Any) -> list[Any]:
            value = datum.value
            if type(value) is not dict:
                return []
            return [DatumInContext(value[key], path=jsonpath.This(), context=datum) for key in wanted if key in value]

        return Selection(merged if last else each)

    def index(step: Step, _last: bool, _scanned: bool) -> Any:
        return Index(step.value)

    def indexes(step: Step, _last: bool, _scanned: bool) -> Any:
        return Index(*step.value)

    def part(step: Step, _last: bool, _scanned: bool) -> Any:
        first, end = step.value
        if first is None or end is None or (first >= 0 and end >= 0):
            return jsonpath.Slice(first, end)

        def select(datum: Any) -> list[Any]:
            length = len(datum.value) if type(datum.value) is list else 0
            return children(datum, range(max(first, -length), min(length, end)) if length else ())

        return Selection(select)

    def wildcard(_step: Step, _last: bool, _scanned: bool) -> Any:
        return jsonpath.Wildcard()

    def root_of(datum: Any) -> Json:
        while datum.context is not None:
            datum = datum.context
        return datum.value

    def filtered(step: Step, last: bool, scanned: bool) -> Any:
        accept = path_filters.compile_filter(step.value)

        def select(datum: Any) -> list[Any]:
            value, root = datum.value, root_of(datum)
            if type(value) is dict:
                return [datum] if accept(value, root) else []
            if type(value) is not list or (scanned and not accept(value, root)):
                return []
            if scanned and not last:
                raise PathError("'..[?(..)]' that takes an array, with steps after it, is not supported", kind=UNUSABLE)
            return children(datum, (place for place, item in enumerate(value) if accept(item, root)))

        return Selection(select)

    return {
        NAME: name,
        NAMES: names,
        INDEX: index,
        INDEXES: indexes,
        SLICE: part,
        WILDCARD: wildcard,
        FILTER: filtered,
        FUNCTION: name,
    }
