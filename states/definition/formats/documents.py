"""The text of a file -> a value whose every part knows its place: JSON, JSON with comments, or YAML.

Source: RFC 8259; https://code.visualstudio.com/docs/languages/json#_json-with-comments
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any, NamedTuple

from states.definition.formats.places import Piece, Scalar, Text, spread
from states.definition.positions import Entry, index
from states.definition.source import parse

STRING = r'"(?:[^"\\\n]|\\.)*+"?'
COMMENT = re.compile(rf"({STRING})|//[^\n]*|/\*(?:.*?\*/|.*)", re.DOTALL)
TRAILING_COMMA = re.compile(rf"({STRING})|,(?=\s*[}}\]])")
JSON_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


class Document:
    """The value of a file, and where its parts stand."""

    __slots__ = ("_lines", "_scalars", "path", "repeated", "root", "text", "value", "written")

    def __init__(self, text: str, path: str, value: Any, root: Entry, repeated: list[str], scalars: dict[int, Scalar] | None) -> None:
        self.text = text
        self.path = path
        self.value = value
        self.root = root
        self.repeated = repeated
        self._scalars = scalars
        self._lines: list[int] = []  # where each begins, once somebody asks
        self.written = text  #: without the comments, of the same length

    def scalar(self, offset: int) -> Scalar | None:
        """The scalar whose value stands at an offset."""
        if self._scalars is not None:
            return self._scalars.get(offset)
        match = JSON_STRING.match(self.text, offset)
        if match is None:
            return None
        from json import loads

        return Scalar(offset, match.end(), '"', loads(match[0], strict=False))

    def whole(self) -> Part:
        return Part(self, self.value, self.root, "")

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column (from 1) of an offset."""
        if not self._lines:
            self._lines = [0, *(match.end() for match in re.finditer("\n", self.text))]
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1


class Part(NamedTuple):
    """A part of a document."""

    document: Document
    value: Any
    entry: Entry
    location: str

    def get(self, name: str) -> Part | None:
        """A member, None when there is none."""
        if type(self.value) is not dict or name not in self.value or type(self.entry.inner) is not dict:
            return None
        return Part(self.document, self.value[name], self.entry.inner[name], f"{self.location}/{name}")

    def members(self) -> list[tuple[str, Part]]:
        """Name and part of every member of an object."""
        names = self.value if type(self.value) is dict else ()
        return [(name, member) for name in names if (member := self.get(name)) is not None]

    def items(self) -> list[Part]:
        """The parts of an array."""
        if type(self.value) is not list or type(self.entry.inner) is not list:
            return []
        pairs = zip(self.value, self.entry.inner, strict=True)
        return [Part(self.document, value, entry, f"{self.location}[{number}]") for number, (value, entry) in enumerate(pairs)]

    def text(self) -> Text:
        """A string (or what stands for one) as a text whose characters know their places."""
        string = self.value if type(self.value) is str else plain(self.value)
        at = self.entry.value
        scalar = self.document.scalar(at)
        if scalar is None or scalar.value != string:
            return Text([Piece(string, at, lambda: [at] * len(string))])
        found: list[list[int]] = []  # the places, once somebody asks

        def origin() -> list[int]:
            if not found:
                found.append(spread(self.document.text, scalar))
            return found[0]

        return Text([Piece(string, at, origin)])

    @property
    def place(self) -> tuple[int, int]:
        return self.document.place(self.entry.key if self.entry.key >= 0 else self.entry.value)


def plain(value: Any) -> str:
    """A scalar as CloudFormation writes it into a text."""
    from json import dumps

    return value if type(value) is str else dumps(value)


def read_json(text: str, path: str) -> Document:
    """Raises Unreadable."""
    value, _ = parse(text)
    root, repeated = index(text)
    return Document(text, path, value, root, repeated, None)


def read_yaml(text: str, path: str, *, functions: bool = True) -> Document:
    """`functions` says whether tags such as `!Sub` are CloudFormation's. Raises Unreadable, and ModuleNotFoundError without PyYAML."""
    from states.definition.formats import yamls

    tree = yamls.read_yaml(text, path, functions=functions)
    return Document(text, path, tree.value, tree.root, tree.repeated, tree.scalars)


def without_comments(text: str) -> str:
    """JSON with comments as JSON: a comment, and a comma before a closing bracket, become blanks, so that places stay.

    >>> without_comments('[1, // one\\n "//",]')
    '[1,       \\n "//" ]'
    """
    text = COMMENT.sub(lambda match: match[1] or re.sub(r"[^\n]", " ", match[0]), text)
    return TRAILING_COMMA.sub(lambda match: match[1] or " ", text)
