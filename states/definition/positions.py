"""Where the parts of a JSON text stand: from an AWS location to line and column.

Imported and run only when somebody asks: a definition without a fault needs no positions.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html (locations)
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import NamedTuple

from states.definition.outline import MAX_SHOWN

#: Strings, empty containers, punctuation, and the other scalars.
SCAN = re.compile(r'"(?:[^"\\]|\\.)*"|\{\s*\}|\[\s*\]|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)

#: One character of a JSON string, as it is written.
CHARACTER = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|.", re.DOTALL)


class Entry(NamedTuple):
    """Offsets of a part's key (-1 when it has none) and value, and what is inside: entries by name, in order, or None for a scalar."""

    key: int
    value: int
    inner: dict[str, Entry] | list[Entry] | None


class Positions:
    """The parts of one text. `repeated` are the locations of keys that stand in their object for a second time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._root, self.repeated = index(text)
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def find(self, location: str, key: bool | None = None) -> tuple[int, int] | None:
        """Line and column (both from 1) of the part an AWS location names, or None when there is no such part.

        A member whose value is an object or array is pointed at by its key, any other by its value; `key` True or False decides instead.
        """
        found = find(self._root, "" if location == "/" else location)
        if found is None:
            return None
        if key is None:
            key = found.inner is not None
        return self.line_and_column(found.key if key and found.key >= 0 else found.value)

    def find_within(self, location: str, offset: int) -> tuple[int, int] | None:
        """Line and column of the character that stands `offset` characters into a string, escapes counted as what they mean."""
        found = find(self._root, location)
        if found is None or self._text[found.value : found.value + 1] != '"':
            return None
        place = found.value + 1
        for _ in range(offset):
            place = CHARACTER.match(self._text, place).end()  # type: ignore[union-attr]
        return self.line_and_column(place)

    def line_and_column(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1


def index(text: str) -> tuple[Entry, list[str]]:
    """Where every part of a JSON text stands, and the locations of keys met for a second time. The text is known to be JSON."""
    again: list[str] = []
    root = Entry(-1, 0, None)
    stack: list[Entry] = []  # the open containers
    names: list[str] = []  # and the key or index each of them has
    name, key, expects_key = "", -1, False
    for match in SCAN.finditer(text):
        token, offset = match[0], match.start()
        first = token[0]
        if first == ":":
            continue
        if first == ",":
            expects_key = type(stack[-1].inner) is dict
        elif first in "}]":
            stack.pop()
            names.pop()
        elif expects_key:
            name, key, expects_key = unquote(token), offset, False
        else:
            entry = Entry(key, offset, {} if first == "{" else [] if first == "[" else None)
            holder = stack[-1].inner if stack else None
            if type(holder) is dict:
                if name in holder and len(again) < MAX_REPEATED:
                    again.append("".join([*names, f"/{shown(name)}"]))
                holder[name] = entry
                step = f"/{shown(name)}"
            elif type(holder) is list:
                step = f"[{len(holder)}]"
                holder.append(entry)
            else:
                root, step = entry, ""
            if entry.inner is not None and len(token) == 1:
                stack.append(entry)
                names.append(step)
                expects_key = first == "{"
            key = -1
    return root, again


MAX_REPEATED = 100


def unquote(token: str) -> str:
    name: str = json.loads(token) if "\\" in token else token[1:-1]
    return name


def shown(name: str) -> str:
    return name if len(name) <= MAX_SHOWN else f"{name[:MAX_SHOWN]}..."


def find(entry: Entry, location: str) -> Entry | None:
    """The entry an AWS location names: `/States/C/Choices[0]/Next`. A name may itself hold a `/` or a `[`."""
    start = 0
    while start < len(location):
        inner = entry.inner
        if type(inner) is list:
            number = NUMBER.match(location, start)
            if not number or int(number[1]) >= len(inner):
                return None
            entry, start = inner[int(number[1])], number.end()
        elif type(inner) is dict and location[start] == "/":
            end = end_of_name(inner, location, start + 1)
            if end < 0:
                return None
            entry, start = inner[location[start + 1 : end]], end
        else:
            return None
    return entry


NUMBER = re.compile(r"\[(\d{1,9})\]")
NAME_END = re.compile(r"[/\[]|$")


def end_of_name(members: dict[str, Entry], location: str, start: int) -> int:
    """Where the name of one of the members ends that begins here, or -1."""
    for match in NAME_END.finditer(location, start):
        if location[start : match.start()] in members:
            return match.start()
    return -1
