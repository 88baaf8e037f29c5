"""Objects that are made from items: `{key: value}` and `items{key: value}`.

Every item gives a key for each pair; the items with the same key are one group, and the value is evaluated once a group, with its item or
the array of its items as context. Rows of a path that binds names (Tuples) are joined name by name.

Source: https://docs.jsonata.org/sorting-grouping
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from states.language.jsonata.data import UNDEFINED, Tuples
from states.language.jsonata.errors import JsonataError
from states.language.jsonata.frames import Evaluate, Frame

Group = Callable[[Any, Frame], Any]


def compile_group(pairs: list[tuple[Evaluate, Evaluate]], position: int) -> Group:
    """What makes one object of a value, or of all the items of an array."""

    def group(value: Any, frame: Frame) -> dict[str, Any]:
        rows = isinstance(value, Tuples) and bool(value)
        items: list[Any] = value if isinstance(value, list) else [value]
        items = items or [UNDEFINED]
        frame.run.spend(len(items) * len(pairs))
        collected: dict[str, tuple[int, list[Any]]] = {}
        for item in items:
            context, inner = (item["@"], row_frame(item, frame)) if rows else (item, frame)
            for number, (key_of, _) in enumerate(pairs):
                key = key_of(context, inner)
                if key is UNDEFINED:
                    continue
                if type(key) is not str:
                    raise JsonataError("T1003", position, value=key)
                if key not in collected:
                    collected[key] = (number, [item])
                elif collected[key][0] != number:
                    raise JsonataError("D1009", position, value=key)
                else:
                    collected[key][1].append(item)
        made = {}
        for key, (number, members) in collected.items():
            if rows:
                row = joined(members)
                context = row.pop("@", UNDEFINED)
                result = pairs[number][1](context, row_frame(row, frame))
            else:
                result = pairs[number][1](appended(members), frame)
            if result is not UNDEFINED:
                made[key] = result
        return made

    return group


def row_frame(row: dict[str, Any], frame: Frame) -> Frame:
    """A frame in which the names of a row are bound."""
    return Frame({**row}, frame, frame.run, frame.base)


def appended(members: list[Any]) -> Any:
    """One value, or several in one array; arrays among them are spread."""
    members = [member for member in members if member is not UNDEFINED]
    if len(members) <= 1:
        return members[0] if members else UNDEFINED
    joined: list[Any] = []
    for member in members:
        if isinstance(member, list):
            joined.extend(member)
        else:
            joined.append(member)
    return joined


def joined(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Rows as one row: each name has the values of all of them."""
    if len(rows) == 1:
        return {**rows[0]}
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: appended([row[name] for row in rows if name in row]) for name in names}
