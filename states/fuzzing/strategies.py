"""Strategies for hypothesis: inputs and results drawn from shapes, so that shrinking ends at what a person would have written.

A choice shrinks to the first and plainest of its values, an optional field goes away, a list gets short, a number small, a long
text or list as short as the fault allows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from string import ascii_lowercase
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from states.fuzzing.data import INPUT
from states.fuzzing.inferred import of_uses, with_boundaries
from states.fuzzing.schemas import of_schema, validator
from states.fuzzing.shapes import Fields, Items, Numbers, OneOf, Shape, Texts, Values, of_examples
from states.fuzzing.uses import read
from states.language.values import dumps

Json = Any
Strategy = st.SearchStrategy[Any]

SHORT = 8  #: characters of a text whose schema does not say how many
LONGEST = 300_000  #: characters or items: above the 256 KiB that an input may have


def of_shape(shape: Shape) -> Strategy:
    """The strategy of a shape."""
    return MAKE[type(shape)](shape)


def _values(shape: Values) -> Strategy:
    return st.sampled_from(shape.values)


def _numbers(shape: Numbers) -> Strategy:
    ways: list[Strategy] = []
    if shape.is_whole:
        ways.append(st.integers(_whole(shape.least), _whole(shape.most)))
    else:
        ways.append(st.floats(shape.least, shape.most, allow_nan=False, allow_infinity=False).map(_plain))
    return st.one_of(*ways, *([st.sampled_from(shape.also)] if shape.also else []))


def _whole(bound: float | None) -> int | None:
    return None if bound is None else int(bound)


def _plain(number: float) -> Json:
    """A whole number without a point, as a person writes it."""
    return int(number) if number == int(number) and abs(number) < 1e15 else number


def _texts(shape: Texts) -> Strategy:
    if shape.pattern is not None:
        return st.from_regex(shape.pattern, alphabet=st.characters(min_codepoint=32, max_codepoint=126))
    most = min(shape.most if shape.most is not None else max(shape.least, SHORT), LONGEST)
    ways: list[Strategy] = [st.text(ascii_lowercase, min_size=shape.least, max_size=max(shape.least, min(most, SHORT)))]
    if shape.also:
        ways.append(st.sampled_from(shape.also))
    if most > SHORT:
        ways.append(st.one_of(st.integers(max(shape.least, SHORT), most), st.just(most)).map(lambda length: "x" * length))
    return st.one_of(*ways)


def _items(shape: Items) -> Strategy:
    item = of_shape(shape.item)
    few = max(shape.least, min(shape.most, 3)) if shape.is_long else shape.most
    short = st.lists(item, min_size=shape.least, max_size=few, unique_by=dumps if shape.is_unique else None)
    if not shape.is_long or shape.is_unique:
        return short
    most = min(shape.most, LONGEST)
    lengths = st.one_of(st.integers(few, most), st.just(most))
    return st.one_of(short, st.builds(lambda each, length: [each] * length, item, lengths))


def _fields(shape: Fields) -> Strategy:
    made = {name: of_shape(inner) for name, inner in shape.fields.items()}
    required = {name: inner for name, inner in made.items() if name not in shape.optional}
    return st.fixed_dictionaries(required, optional={name: made[name] for name in made if name in shape.optional})


def _one_of(shape: OneOf) -> Strategy:
    return st.one_of(*map(of_shape, shape.shapes))


#: Kind of shape -> its strategy.
MAKE: Mapping[type, Callable[[Any], Strategy]] = {
    Values: _values,
    Numbers: _numbers,
    Texts: _texts,
    Items: _items,
    Fields: _fields,
    OneOf: _one_of,
}


def from_schema(schema: Json, definition: Json = None) -> Strategy:
    """Values that are valid by a JSON Schema, and none else. With a machine's `definition`, boundaries of its rules are among them.

    Raises InvalidSchema, or TooDeep for a schema that needs itself without end.
    """
    is_valid = validator(schema)
    shape = of_schema(schema)
    if definition is not None:
        shape = with_boundaries(shape, read(definition)[INPUT])
    return of_shape(shape).filter(is_valid)


def from_examples(examples: Sequence[Json], definition: Json = None) -> Strategy:
    """Values like the examples: of their fields, types, texts, numbers and lengths, each combined with each.

    A field is optional only where an example lacks it. With a machine's `definition`, the values at and around the boundaries of its Choice
    rules are added where they are of a type that was seen.
    """
    shape = of_examples(examples)
    return of_shape(shape if definition is None else with_boundaries(shape, read(definition)[INPUT]))


def from_machine(definition: Json) -> Strategy:
    """Inputs that have what the machine reads: a field is optional only where a rule asks whether it is there."""
    return of_shape(of_uses(read(definition)[INPUT]))


def without_patterns(shape: Shape) -> Shape:
    """The shape with some texts in place of each regular expression, the shortest first: what can be drawn without hypothesis."""
    if isinstance(shape, Texts) and shape.pattern is not None:
        return Values(_texts_of(shape))
    if isinstance(shape, OneOf):
        return OneOf(tuple(map(without_patterns, shape.shapes)))
    if isinstance(shape, Items):
        return replace(shape, item=without_patterns(shape.item))
    if isinstance(shape, Fields):
        return replace(shape, fields={name: without_patterns(inner) for name, inner in shape.fields.items()})
    return shape


def _texts_of(shape: Texts) -> tuple[str, ...]:
    found: dict[str, None] = {}

    @seed(0)
    @settings(max_examples=60, database=None, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
    @given(_texts(shape))
    def draw(text: str) -> None:
        if shape.least <= len(text) <= (shape.most if shape.most is not None else LONGEST):
            found[text] = None

    draw()
    return tuple(sorted(found, key=lambda text: (len(text), text)))[:30] or ("",)
