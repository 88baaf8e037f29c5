"""Where two JSON values differ, with the path of each place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from states.language.values import equal
from states.machine import ABSENT
from states.testing.scenarios import patterns

Json = Any

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class Difference(NamedTuple):
    """A place where something else was found; ABSENT on the side that has nothing there."""

    path: str
    expected: Json
    found: Json


def differences(expected: Json, found: Json, path: str = "$") -> Iterator[Difference]:
    """Every place where the values differ, by JSON's equality: 1 is 1.0, true is not 1.

    >>> [tuple(one)[:1] for one in differences({"a": 1, "b": [1, 2]}, {"a": 1.0, "b": [1, 3, 4]})]
    [('$.b[1]',), ('$.b[2]',)]
    """
    if not equal(expected, found):
        yield from _inside(expected, found, path, differences, _every_name)


def missing(expected: Json, found: Json, path: str = "$") -> Iterator[Difference]:
    """Every place where `found` lacks a part of what is expected: objects may have more members, texts may be patterns.

    >>> list(missing({"a": {"b": "x..."}}, {"a": {"b": "xyz", "c": 1}}))
    []
    """
    if type(expected) is str and type(found) is str and patterns.matches(expected, found):
        return
    if type(expected) in (dict, list):
        yield from _inside(expected, found, path, missing, _expected_names)
    elif not equal(expected, found):
        yield Difference(path, expected, found)


def _inside(
    expected: Json, found: Json, path: str, compare: Callable[[Json, Json, str], Iterator[Difference]], names_of: Any
) -> Iterator[Difference]:
    if type(expected) is dict and type(found) is dict:
        for name in names_of(expected, found):
            place = f"{path}{step(name)}"
            if name in expected and name in found:
                yield from compare(expected[name], found[name], place)
            else:
                yield Difference(place, expected.get(name, ABSENT), found.get(name, ABSENT))
    elif type(expected) is list and type(found) is list:
        for index in range(max(len(expected), len(found))):
            place = f"{path}[{index}]"
            if index < len(expected) and index < len(found):
                yield from compare(expected[index], found[index], place)
            else:
                yield Difference(place, *(each[index] if index < len(each) else ABSENT for each in (expected, found)))
    else:
        yield Difference(path, expected, found)


def _every_name(expected: dict[str, Json], found: dict[str, Json]) -> list[str]:
    return [*expected, *(name for name in found if name not in expected)]


def _expected_names(expected: dict[str, Json], _: dict[str, Json]) -> list[str]:
    return [*expected]


def step(name: str) -> str:
    """A member as a path has it.

    >>> step("paid") + step("two words")
    ".paid['two words']"
    """
    return f".{name}" if _PLAIN.fullmatch(name) else f"[{name!r}]"
