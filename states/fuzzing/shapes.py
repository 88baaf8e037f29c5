"""Shapes: what values an input or a result may have, as frozen records; made from examples, from a JSON Schema, or from what is read.

A shape knows no chance and no hypothesis: `strategies` draws from it. In every list of choices the plainest stands first, because
shrinking goes there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from states.language.values import dumps, type_name

Json = Any
Path = tuple[Any, ...]

ITEM = "*"  #: the step into the items of a list, in the path of a shape or a use
DEEPEST = 40


class TooDeep(ValueError):
    """A value or a schema is nested deeper than anybody means."""


@dataclass(frozen=True, slots=True)
class Values:
    """One of these values."""

    values: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A number from `least` to `most`, both included; `also` are numbers to try first of all."""

    least: float | None = None
    most: float | None = None
    is_whole: bool = True
    also: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class Texts:
    """A text of so many characters; `most` None is not said. `pattern` is a regular expression that it has somewhere."""

    least: int = 0
    most: int | None = None
    pattern: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list of so many items; `is_long` says that it may have as many as `most`, not only a few."""

    item: Shape
    least: int = 0
    most: int = 3
    is_long: bool = False
    is_unique: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """An object: those fields, of which some may be missing."""

    fields: Mapping[str, Shape] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several shapes."""

    shapes: tuple[Shape, ...]


Shape = Values | Numbers | Texts | Items | Fields | OneOf


def distinct(values: Iterable[Json]) -> tuple[Json, ...]:
    """Each JSON value once: `true` is not `1`.

    >>> distinct([1, True, 1, None])
    (1, True, None)
    """
    return tuple({dumps(value): value for value in values}.values())


def one_of(shapes: Iterable[Shape]) -> Shape:
    """One of these; lists of values become one."""
    each = list(shapes)
    plain = [shape for shape in each if isinstance(shape, Values)]
    others: list[Shape] = [shape for shape in each if not isinstance(shape, Values)]
    if plain:
        others.insert(0, Values(distinct(value for shape in plain for value in shape.values)))
    return others[0] if len(others) == 1 else OneOf(tuple(others))


def of_examples(examples: Sequence[Json], depth: int = 0) -> Shape:
    """What the examples have in common: values and lengths as seen, a field is optional where one of them lacks it.

    >>> of_examples([{"n": 1}, {"n": 2, "b": True}])
    Fields(fields={'n': Values(values=(1, 2)), 'b': Values(values=(True,))}, optional=frozenset({'b'}))
    """
    if depth > DEEPEST:
        raise TooDeep(f"an example is nested deeper than {DEEPEST} levels")
    objects = [value for value in examples if isinstance(value, dict)]
    lists = [value for value in examples if isinstance(value, list)]
    scalars = [value for value in examples if not isinstance(value, (dict, list))]
    made: list[Shape] = []
    if scalars:
        made.append(Values(_most_frequent_first(scalars)))
    if objects:
        names = dict.fromkeys(name for value in objects for name in value)
        fields = {name: of_examples([value[name] for value in objects if name in value], depth + 1) for name in names}
        made.append(Fields(fields, frozenset(name for name in names if not all(name in value for value in objects))))
    if lists:
        items = [item for value in lists for item in value]
        lengths = [len(value) for value in lists]
        item = of_examples(items, depth + 1) if items else Values((None,))
        made.append(Items(item, min(lengths), max(lengths)))
    return one_of(made)


def _most_frequent_first(values: Sequence[Json]) -> tuple[Json, ...]:
    counted = Counter(map(dumps, values))
    return tuple(sorted(distinct(values), key=lambda value: -counted[dumps(value)]))


def at(shape: Shape, path: Path, change: Callable[[Shape], Shape]) -> Shape:
    """The shape with what lies at a path changed; unchanged where nothing lies there."""
    if not path:
        return change(shape)
    step, rest = path[0], path[1:]
    if isinstance(shape, OneOf):
        return OneOf(tuple(at(each, path, change) for each in shape.shapes))
    if isinstance(shape, Fields) and step in shape.fields:
        return replace(shape, fields={**shape.fields, step: at(shape.fields[step], rest, change)})
    if isinstance(shape, Items) and step == ITEM:
        return replace(shape, item=at(shape.item, rest, change))
    return shape


def with_values(shape: Shape, values: Iterable[Json]) -> Shape:
    """The shape with further values, as far as they are of a type it has: the boundaries of the rules that read it."""
    if isinstance(shape, OneOf):
        return OneOf(tuple(with_values(each, values) for each in shape.shapes))
    if isinstance(shape, Values):
        types = {type_name(value) for value in shape.values}
        return Values(distinct([*shape.values, *(value for value in values if type_name(value) in types)]))
    if isinstance(shape, Numbers):
        return replace(shape, also=distinct([*shape.also, *(value for value in values if _fits(value, shape))]))
    if isinstance(shape, Texts) and shape.pattern is None:
        most = shape.most if shape.most is not None else 10_000
        fitting = [value for value in values if isinstance(value, str) and shape.least <= len(value) <= most]
        return replace(shape, also=distinct([*shape.also, *fitting]))
    return shape


def _fits(value: Json, shape: Numbers) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    is_inside = (shape.least is None or value >= shape.least) and (shape.most is None or value <= shape.most)
    return is_inside and (not shape.is_whole or value == int(value))
