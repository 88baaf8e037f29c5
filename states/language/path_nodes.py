"""The indefinite part of a path as a tree of jsonpath-ng nodes; the one module that imports that library.

Its parser is not used: its grammar refuses, or reads otherwise, much that AWS takes. Where Jayway's meaning differs from a node's, a node
of our own stands in: filters, slices with two ends of which one is negative (Jayway counts each index by itself), and several names in one
bracket, which give one object at the end of a path. Compared with Jayway on some 300,000 drawn paths and documents, the trees gave the
same values in the same order.

Measured: importing the library takes 40 ms, so it waits for the first such path; a step over one element costs about 1 microsecond.

Source: https://github.com/h2non/jsonpath-ng, https://github.com/json-path/JsonPath (package internal.path)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from jsonpath_ng.jsonpath import Child, DatumInContext, Descendants, Fields, Index, JSONPath, Slice, This, Wildcard

from states.language.path_filters import Test
from states.language.path_reading import UNUSABLE, PathError
from states.language.path_syntax import FILTER, INDEX, INDEXES, NAME, NAMES, SCAN, SLICE, WILDCARD, Step

Json = Any


class _Filters(NamedTuple):
    """The test of each filter by its text, and the document that `$` names in them."""

    tests: Mapping[str, Test]
    root: Json


def selector(steps: tuple[Step, ...], tests: Mapping[str, Test], *, leaf: bool) -> Callable[[Json, Json], list[Json]]:
    """What selects the values below a value, in the order of the document; the second argument is the document that filters know as `$`.

    `tests` has the test of each filter by its text; `leaf` is false when a function follows the last step.
    """
    if any(step.kind == FILTER for step in steps):
        return lambda value, root: [match.value for match in _tree(steps, leaf, _Filters(tests, root)).find(DatumInContext(value))]
    find = _tree(steps, leaf, _Filters(tests, None)).find
    return lambda value, _root: [match.value for match in find(DatumInContext(value))]


def _tree(steps: tuple[Step, ...], leaf: bool, filters: _Filters) -> JSONPath:
    tree: JSONPath = This()
    scanned = False
    for place, step in enumerate(steps):
        if step.kind != SCAN:
            node = _NODES[step.kind](step, leaf and place == len(steps) - 1, scanned, filters)
            tree = Descendants(tree, node) if scanned else Child(tree, node)
        scanned = step.kind == SCAN
    return tree


class _Names(JSONPath):
    """Several names: at the end of a path one object with those that exist (after `..` only if all do), before it each value."""

    def __init__(self, step: Step, last: bool, scanned: bool, _filters: _Filters) -> None:
        self.names = step.value
        self.last = last
        self.all_needed = last and scanned

    def find(self, data: Any) -> list[Any]:
        value = data.value
        if type(value) is not dict or (self.all_needed and not all(name in value for name in self.names)):
            return []
        found = {name: value[name] for name in self.names if name in value}
        return [DatumInContext(found)] if self.last else [DatumInContext(child) for child in found.values()]


class _Range(JSONPath):
    """A slice with two ends: every index between them, of which the negative ones count from the end."""

    def __init__(self, first: int, end: int) -> None:
        self.first, self.end = first, end

    def find(self, data: Any) -> list[Any]:
        length = len(data.value) if type(data.value) is list else 0
        return _members(data.value, range(max(self.first, -length), min(length, self.end))) if length else []


class _Filter(JSONPath):
    """An object is tested itself, an array member by member; after `..` an array must pass the test as well."""

    def __init__(self, step: Step, last: bool, scanned: bool, filters: _Filters) -> None:
        self.accept, self.root = filters.tests[step.value], filters.root
        self.last, self.scanned = last, scanned

    def find(self, data: Any) -> list[Any]:
        value, root, accept = data.value, self.root, self.accept
        if type(value) is dict:
            return [data] if accept(value, root) else []
        if type(value) is not list or (self.scanned and not accept(value, root)):
            return []
        if self.scanned and not self.last:
            raise PathError("'..[?(..)]' that takes an array, with steps after it, is not supported", kind=UNUSABLE)
        return _members(value, (place for place, item in enumerate(value) if accept(item, root)))


def _members(array: list[Json], places: Iterable[int]) -> list[Any]:
    return [DatumInContext(array[place]) for place in places]


def _name(step: Step, _last: bool, scanned: bool, filters: _Filters) -> JSONPath:
    if step.value == "*":  # which the library would take for a wildcard
        return _Names(Step(NAMES, ("*",), step.fragment), False, scanned, filters)
    return Fields(step.value)


def _slice(step: Step, _last: bool, _scanned: bool, _filters: _Filters) -> JSONPath:
    first, end = step.value
    return Slice(first, end) if first is None or end is None or (first >= 0 and end >= 0) else _Range(first, end)


#: For each kind of step what makes its node: from the step, whether it is the last, whether it follows `..`, and the filters.
_NODES: dict[str, Callable[[Step, bool, bool, _Filters], JSONPath]] = {
    NAME: _name,
    NAMES: _Names,
    INDEX: lambda step, _last, _scanned, _filters: Index(step.value),
    INDEXES: lambda step, _last, _scanned, _filters: Index(*step.value),
    SLICE: _slice,
    WILDCARD: lambda _step, _last, _scanned, _filters: Wildcard(),
    FILTER: _Filter,
}
