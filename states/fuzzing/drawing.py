"""Drawing from shapes without hypothesis, some ten thousand values a second: how many there are, the one of a number, one by chance.

What is found this way is made smaller by hypothesis; see `smaller`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from random import Random
from typing import Any

from states.fuzzing.shapes import Fields, Items, Numbers, OneOf, Shape, Texts, Values

Json = Any

MANY = 50_000  #: a space with more than so many values is not gone through one by one
LONG = 0.05  #: how often a list or text that may be long is long
LONGEST = 300_000


def count(shape: Shape) -> int:
    """How many values a shape has; more than MANY stands for too many to count."""
    if isinstance(shape, Values):
        return len(shape.values)
    if isinstance(shape, OneOf):
        return _bounded(sum(map(count, shape.shapes)))
    if isinstance(shape, Fields):
        return _bounded(prod(count(inner) + (name in shape.optional) for name, inner in shape.fields.items()))
    if isinstance(shape, Items) and not shape.is_long and not shape.is_unique:
        return _bounded(sum(min(count(shape.item) ** length, MANY + 1) for length in range(shape.least, min(shape.most, 20) + 1)))
    if isinstance(shape, Numbers) and shape.is_whole and shape.least is not None and shape.most is not None:
        return _bounded(int(shape.most - shape.least) + 1)
    return MANY + 1


def _bounded(number: int) -> int:
    return min(number, MANY + 1)


def nth(shape: Shape, number: int) -> Json:
    """The value of a number below `count`, the plainest is 0."""
    if isinstance(shape, Values):
        return shape.values[number]
    if isinstance(shape, OneOf):
        for inner in shape.shapes:
            if number < count(inner):
                return nth(inner, number)
            number -= count(inner)
    if isinstance(shape, Fields):
        made = {}
        for name, inner in shape.fields.items():
            is_optional = name in shape.optional
            number, place = divmod(number, count(inner) + is_optional)
            if not is_optional or place:
                made[name] = nth(inner, place - is_optional)
        return made
    if isinstance(shape, Items):
        base = count(shape.item)
        length = shape.least
        while number >= base**length:
            number -= base**length
            length += 1
        items = []
        for _ in range(length):
            number, place = divmod(number, base)
            items.append(nth(shape.item, place))
        return items
    assert isinstance(shape, Numbers)
    assert shape.least is not None
    return int(shape.least) + number


def some(shape: Shape, random: Random) -> Json:
    """A value by chance."""
    if isinstance(shape, Values):
        return shape.values[int(random.random() * len(shape.values))]
    if isinstance(shape, OneOf):
        return some(random.choice(shape.shapes), random)
    if isinstance(shape, Fields):
        return {name: some(inner, random) for name, inner in shape.fields.items() if name not in shape.optional or random.random() < 0.5}
    if isinstance(shape, Items):
        return _items(shape, random)
    return _number(shape, random) if isinstance(shape, Numbers) else _text(shape, random)


def _items(shape: Items, random: Random) -> Json:
    few = max(shape.least, min(shape.most, 3)) if shape.is_long else shape.most
    if shape.is_long and random.random() < LONG:
        return [some(shape.item, random)] * min(random.choice((shape.most, random.randint(few, int(shape.most)))), LONGEST)
    return [some(shape.item, random) for _ in range(random.randint(shape.least, few))]


def _number(shape: Numbers, random: Random) -> Json:
    if shape.also and random.random() < 0.5:
        return random.choice(shape.also)
    reach = random.choice((3, 20, 1000, 100_000))
    least = shape.least if shape.least is not None else (-reach if shape.most is None else shape.most - reach)
    most = shape.most if shape.most is not None else least + 2 * reach
    if shape.is_whole:
        near = min(most, least + reach) if random.random() < 0.5 else most
        return random.randint(int(least), int(near))
    number = round(random.uniform(least, most), random.randint(0, 3))
    return int(number) if number == int(number) and least <= int(number) <= most else number


def _text(shape: Texts, random: Random) -> str:
    if shape.also and random.random() < 0.5:
        return random.choice(shape.also)
    most = shape.most if shape.most is not None else max(shape.least, 8)
    if most > 8 and random.random() < LONG:
        return "x" * min(random.choice((most, random.randint(max(shape.least, 8), most))), LONGEST)
    return "".join(random.choice("abcxyz") for _ in range(random.randint(shape.least, max(shape.least, min(most, 8)))))


def every(shape: Shape, random: Random) -> Iterator[Json]:
    """The values of a shape in an order by chance: each once where they can be counted, else without end."""
    if count(shape) <= MANY:
        order = list(range(count(shape)))
        random.shuffle(order)
        yield from (nth(shape, number) for number in order)
    else:
        while True:
            yield some(shape, random)


def pairs(faults: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Every two faults of different states."""
    return [(one, other) for place, one in enumerate(faults) for other in faults[place + 1 :] if one.state != other.state]
