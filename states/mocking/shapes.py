"""Shapes: what values have in common, and what another value has otherwise: a key that is gone or new, another type.

A shape is made of all that was seen: the types of a place, its keys with how often each was there, the shape of items.

Limits: as deep as JSON is here; of arrays all items have one shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from states.language.values import type_name

Json = Any

GONE, NEW, TYPE = "gone", "new", "type"


@dataclass(slots=True)
class Shape:
    """`types` seen at a place; of objects `keys` and in how many of the `objects` each was; of arrays `items`."""

    types: set[str] = field(default_factory=set)
    objects: int = 0
    keys: dict[str, Shape] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    items: Shape | None = None


class Unlike(NamedTuple):
    """One difference: gone, new or type, at a JSON path, with the types that were known and the one that was found."""

    kind: str
    path: str
    known: str = ""
    found: str = ""

    def __str__(self) -> str:
        if self.kind == TYPE:
            return f"{self.path}: {self.found}; mocked: {self.known}"
        return f"{self.path}: the key is {self.kind}"


def shape_of(values: Iterable[Json]) -> Shape:
    """What values have in common."""
    shape = Shape()
    for value in values:
        _learn(shape, value)
    return shape


def _learn(shape: Shape, value: Json) -> None:
    shape.types.add(type_name(value))
    if isinstance(value, dict):
        shape.objects += 1
        for key, each in value.items():
            shape.seen[key] = shape.seen.get(key, 0) + 1
            _learn(shape.keys.setdefault(key, Shape()), each)
    elif isinstance(value, list):
        for each in value:
            shape.items = shape.items or Shape()
            _learn(shape.items, each)


def unlike(shape: Shape, value: Json, path: str = "$") -> Iterator[Unlike]:
    """What a value has otherwise than all that was seen."""
    found = type_name(value)
    if found not in shape.types:
        yield Unlike(TYPE, path, " or ".join(sorted(shape.types)), found)
    elif isinstance(value, dict):
        for key, count in shape.seen.items():
            if key not in value and count == shape.objects:
                yield Unlike(GONE, f"{path}{_member(key)}")
        for key, each in value.items():
            if key in shape.keys:
                yield from unlike(shape.keys[key], each, f"{path}{_member(key)}")
            else:
                yield Unlike(NEW, f"{path}{_member(key)}")
    elif isinstance(value, list) and shape.items is not None:
        for each in value:
            yield from unlike(shape.items, each, f"{path}[*]")


def _member(key: str) -> str:
    return f".{key}" if key.isidentifier() else f"['{key}']"
