"""Differences: a JSON value as lines, with what a filter took away and added.

What did not change stays on one line as far as it fits; what did is taken apart until the lines show it. Bounded in lines and in depth.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from states.language.values import equal
from states.machine import ABSENT
from states.views.words import clean, clip, data_lines

Json = Any

SAME, GONE, NEW = " ", "-", "+"
DEEPEST = 12
LONGEST = 400  #: characters of a value on one line
WIDEST = 2000  #: members of one value that are compared


class Line(NamedTuple):
    """One line: `mark` says whether it is there as before, gone, or new."""

    mark: str
    text: str


def lines(before: Json, after: Json, width: int, most: int) -> tuple[Line, ...]:
    """At most so many lines of at most so many characters; ABSENT before shows the value as it is."""
    if before is ABSENT or equal(before, after):
        return tuple(Line(SAME, clip(text, width)) for text in data_lines(after, width, most))
    if after is ABSENT:
        return tuple(Line(GONE, clip(text, width)) for text in data_lines(before, width, most))
    if _is_another(before, after):
        gone = (Line(GONE, one_line(before, width)),) if most > 1 else ()
        return (*gone, *(Line(NEW, clip(text, width)) for text in data_lines(after, width, max(1, most - 1))))
    found = list(islice(_changed(before, after, "", "", 0, width), most * 4 + 100))
    if len(found) > most:
        found = [line for line in found if line.mark != SAME or line.text.lstrip()[:1] in "{}[]"]
    if len(found) > most:
        found = [*found[: most - 1], Line(SAME, clip(f"… {len(found) - most + 1} more lines", width))]
    return tuple(found)


def _changed(before: Json, after: Json, key: str, comma: str, depth: int, width: int) -> Iterator[Line]:
    """Two values that differ, behind the key they stand at."""
    if depth >= DEEPEST or _is_another(before, after):
        yield from _whole(GONE, before, key, comma, depth, width, most=1)
        yield from _whole(NEW, after, key, comma, depth, width)
        return
    brackets = "{}" if isinstance(after, dict) else "[]"
    pad = "  " * depth
    yield Line(SAME, clip(f"{pad}{key}{brackets[0]}", width))
    members = list(_members(before, after))
    for number, (name, was, now) in enumerate(members[:WIDEST]):
        end = "," if number < len(members) - 1 else ""
        if was is ABSENT:
            yield from _whole(NEW, now, name, end, depth + 1, width)
        elif now is ABSENT:
            yield from _whole(GONE, was, name, end, depth + 1, width, most=1)
        elif equal(was, now):
            yield from _whole(SAME, now, name, end, depth + 1, width, most=1)
        else:
            yield from _changed(was, now, name, end, depth + 1, width)
    yield Line(SAME, clip(f"{pad}{brackets[1]}{comma}", width))


def _is_another(before: Json, after: Json) -> bool:
    """Whether two values have nothing in common that would be worth a comparison of their members."""
    if type(before) is not type(after) or not isinstance(after, (dict, list)) or not (before and after):
        return True
    return isinstance(after, dict) and before.keys().isdisjoint(after)


def _members(before: Json, after: Json) -> Iterator[tuple[str, Json, Json]]:
    """The members of both, new ones last, each with the text before it."""
    if isinstance(after, dict):
        for key in (*before, *(key for key in after if key not in before)):
            yield f"{clean(data_lines(key, 200, 1)[0])}: ", before.get(key, ABSENT), after.get(key, ABSENT)
        return
    for index in range(max(len(before), len(after))):
        yield "", before[index] if index < len(before) else ABSENT, after[index] if index < len(after) else ABSENT


def one_line(value: Json, width: int) -> str:
    """The beginning of a value, on one line."""
    return clip(data_lines(value, max(width, LONGEST), 1)[0], width)


def _whole(mark: str, value: Json, key: str, comma: str, depth: int, width: int, most: int = 20) -> Iterator[Line]:
    pad = "  " * depth
    room = max(8, width - len(pad) - len(key) - len(comma))
    found = [one_line(value, room)] if most == 1 else data_lines(value, room, most)
    for number, text in enumerate(found):
        end = comma if number == len(found) - 1 else ""
        yield Line(mark, clip(f"{pad}{key if number == 0 else ''}{text}{end}", width))
