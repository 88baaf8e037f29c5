"""Smaller: what hypothesis may draw to make a case that was found smaller, so that it ends where a person would have begun.

Of each choice only what is not larger than in the case: the values that stand before, fewer items, fields and faults, smaller numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from states.fuzzing.shapes import Fields, Items, Numbers, OneOf, Shape, Texts, Values
from states.fuzzing.strategies import Strategy, of_shape
from states.language.values import equal, type_name

Json = Any

MANY = 12  #: items of a list that are tried one by one
_GONE = object()


def below(shape: Shape, value: Json) -> Strategy:
    """Values of a shape that are not larger than one of its values."""
    if isinstance(shape, Values):
        place = next((index for index, each in enumerate(shape.values) if equal(each, value)), 0)
        found = st.sampled_from(shape.values[: place + 1])
        return found if place < MANY else found | st.just(shape.values[place])
    if isinstance(shape, OneOf):
        place = next((index for index, each in enumerate(shape.shapes) if has(each, value)), 0)
        return st.one_of(*map(of_shape, shape.shapes[:place]), below(shape.shapes[place], value))
    if isinstance(shape, Fields):
        made = {name: below(inner, value[name]) for name, inner in shape.fields.items() if name in value}
        required = {name: inner for name, inner in made.items() if name not in shape.optional}
        return st.fixed_dictionaries(required, optional={name: made[name] for name in made if name in shape.optional})
    if isinstance(shape, Items):
        return _items(shape, value)
    return _number(shape, value) if isinstance(shape, Numbers) else _text(shape, value)


def has(shape: Shape, value: Json) -> bool:
    """Whether a value may be one of a shape, by its type."""
    if isinstance(shape, Values):
        return any(equal(each, value) for each in shape.values)
    if isinstance(shape, OneOf):
        return any(has(each, value) for each in shape.shapes)
    return type_name(value) == TYPES[type(shape)]


#: Kind of shape -> the type of its values.
TYPES: dict[type, str] = {Fields: type_name({}), Items: type_name([]), Numbers: type_name(1), Texts: type_name("")}


def _items(shape: Items, value: Json) -> Strategy:
    if len(value) > MANY or (len(value) > 3 and all(each is value[0] for each in value)):
        first = below(shape.item, value[0])
        return st.builds(lambda each, length: [each] * length, first, st.integers(shape.least, len(value)))
    slots = [st.just(_GONE) | below(shape.item, each) for each in value]
    kept = st.tuples(*slots).map(lambda items: [item for item in items if item is not _GONE])
    return kept.filter(lambda items: len(items) >= shape.least) if shape.least else kept


def _number(shape: Numbers, value: Json) -> Strategy:
    if not isinstance(value, int) or not shape.is_whole:
        return of_shape(shape) | st.just(value)
    least = shape.least if shape.least is not None else min(0, value)
    most = shape.most if shape.most is not None else max(0, value)
    nearest = int(max(least, min(0, most)))
    return st.integers(min(nearest, value), max(nearest, value))


def _text(shape: Texts, value: Json) -> Strategy:
    if len(value) > MANY:
        return st.integers(shape.least, len(value)).map(lambda length: value[:length])
    return of_shape(shape) | st.just(value)


def fewer(faults: Sequence[Any], among: Sequence[Any]) -> Strategy:
    """Some of the faults, each as it is or one of the same state that stands before it."""
    slots = []
    for fault in faults:
        own = [each for each in among if each.state == fault.state]
        plainer = own[: own.index(fault)] if fault in own else []
        slots.append(st.sampled_from([_GONE, *plainer, fault]))
    return st.tuples(*slots).map(lambda made: tuple(fault for fault in made if fault is not _GONE))
