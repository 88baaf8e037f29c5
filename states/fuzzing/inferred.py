"""Shapes of what a machine reads: where nobody says what an input or a result is like, the readers say what they need."""

from __future__ import annotations

from typing import Any

from states.fuzzing.shapes import ITEM, Fields, Items, Path, Shape, Values, at, distinct, one_of, with_values
from states.fuzzing.uses import Use

Json = Any

#: Type -> the values of it, the plainest first.
PLAIN: dict[str, tuple[Json, ...]] = {
    "number": (1, 0, 2, 10, 100),
    "seconds": (1, 0, 60),
    "string": ("a",),
    "boolean": (True, False),
    "timestamp": ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2025-12-31T00:00:00Z"),
    "json": ("{}",),
}


def of_uses(uses: dict[Path, Use], *, nulls: bool = False, path: Path = ()) -> Shape:
    """The shape of what is read at and below a path; with `nulls` what is wanted of a certain type may be null, too."""
    use = uses.get(path, Use())
    below = list(dict.fromkeys(each[len(path)] for each in uses if len(each) > len(path) and each[: len(path)] == path))
    keys = [key for key in below if key != ITEM]
    made: list[Shape] = []
    if keys:
        optional = frozenset(key for key in keys if uses[(*path, key)].is_optional)
        made.append(Fields({key: of_uses(uses, nulls=nulls, path=(*path, key)) for key in keys}, optional))
    elif ITEM in below or "list" in use.types:
        made.append(Items(of_uses(uses, nulls=nulls, path=(*path, ITEM)), use.least, max(2, use.least)))
    elif "object" in use.types or not path:
        made.append(Fields())
    else:
        made.append(_leaf(use))
    if use.is_nullable or (nulls and path and use.types and not keys):
        made.append(Values((None,)))
    return one_of(made) if len(made) == 1 or isinstance(made[0], Values) else _null_last(made)


def _null_last(made: list[Shape]) -> Shape:
    from states.fuzzing.shapes import OneOf

    return OneOf(tuple(made))


def _leaf(use: Use) -> Shape:
    """A value of the types that are asked for: those of the rules first, a text where nobody says anything."""
    values = list(use.values)
    types = [name for name in use.types if name in PLAIN]
    if not types:
        return Values(distinct([*values, *({} if values else PLAIN["string"])]))
    for name in types:
        if not any(_is_of(name, value) for value in use.values):
            values += PLAIN[name]
    return Values(distinct(values))


def _is_of(name: str, value: Json) -> bool:
    wanted = {"number": (int, float), "seconds": (int, float), "boolean": bool}.get(name, str)
    return isinstance(value, wanted) and (name == "boolean" or not isinstance(value, bool))  # type: ignore[arg-type]


def with_boundaries(shape: Shape, uses: dict[Path, Use]) -> Shape:
    """A shape that was declared, with the boundaries of the rules that read it: only values of types it has."""
    for path, use in uses.items():
        if use.values:
            shape = at(shape, path, lambda found, values=tuple(use.values): with_values(found, values))  # type: ignore[misc]
    return shape
