"""The text of a JSONPath, read into steps. Knows the grammar and no data.

The grammar is that of Jayway's JsonPath, which AWS runs: dots and brackets, quoted and unquoted names, indexes, lists of both, slices,
`*`, `..`, filters `[?(...)]` and functions at the end; `[(@.length-1)]`, which Jayway read until 2.0, is `[-1]`.
Roots are `$` (the data), `$$` (the Context Object) and `$name` (a variable).

Refused with InvalidPath, though Jayway takes them: a `[` that nothing closes; `..` twice in one path (a query may then cost the square
of the data); steps after a function; after `..` an index, slice or wildcard with further steps, where Jayway's answer depends on what
the same compiled path was asked before. In a quoted name a backslash before a double quote stays, as recorded on AWS.

Source: https://github.com/json-path/JsonPath, https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

#: The kinds of steps. The value of each: name str, names tuple of str, index int, indexes tuple of int, slice (from, to) with None
#: where open, filter the text within `[?(` and `)]`, function (name, text of its arguments); the others None.
NAME: Final = "name"
NAMES: Final = "names"
INDEX: Final = "index"
INDEXES: Final = "indexes"
SLICE: Final = "slice"
WILDCARD: Final = "wildcard"
SCAN: Final = "scan"
FILTER: Final = "filter"
FUNCTION: Final = "function"


class InvalidPath(ValueError):
    """A text that is no path AWS takes, or one that this project refuses; the message says what is wrong and where."""


class Step(NamedTuple):
    """One step of a path; `fragment` is how Jayway's messages write it: `['a']`, `[0]`, `[*]`, `[?]`."""

    kind: str
    value: Any
    fragment: str


class Syntax(NamedTuple):
    """A path as read: root `$`, `$$`, `@` or `$name`, then its steps."""

    root: str
    steps: tuple[Step, ...]

    @property
    def definite(self) -> bool:
        """Whether the path can select one value only; an indefinite path gives a list, always."""
        last = len(self.steps) - 1
        return all(step.kind in (NAME, INDEX, FUNCTION) or (step.kind == NAMES and place == last) for place, step in enumerate(self.steps))


FUNCTIONS = frozenset({"length", "size", "min", "max", "avg", "stddev", "sum", "keys", "first", "last", "index", "concat", "append"})

_ROOT = re.compile(r"\$\$(?=[.\[]|$)|\$(?=[.\[]|$)|\$[^\W\d]\w*(?=[.\[]|$)")
_NAME = re.compile(r"[^.\[(]+")
_NUMBERS = re.compile(r"\[ *(-?\d{1,10}(?: *, *-?\d{1,10})*) *\]", re.ASCII)
_FROM_END = re.compile(r"\[ *\( *@\.length *- *([1-9]\d{0,9}) *\) *\]", re.ASCII)  # as AWS's own samples write the last item
_SLICE = re.compile(r"\[ *(-?\d{1,10})?:(-?\d{1,10})?(?::[-\d:]*)? *\]", re.ASCII)
_STAR = re.compile(r"\[\s*\*\s*\]")
_FILTER = re.compile(r"\[\s*\?\s*(?=\()")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|[^\"])", re.DOTALL)
_CONTROL = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
#: Characters of a path; ours, so that no definition keeps the reader busy.
MAX_LENGTH: Final = 10_000

_LARGEST_INDEX = 2**31 - 1


def read(text: str, *, roots: str = "$") -> Syntax:
    """The steps of a path. `roots` is `$` for the paths of a definition (that is `$`, `$$` and `$name`), `$@` within a filter.

    Raises InvalidPath.
    """
    if not text or len(text) > MAX_LENGTH:
        raise InvalidPath(f"A path must have 1 to {MAX_LENGTH} characters")
    trimmed = text.strip(" ")
    if "@" in roots and trimmed[:1] == "@":
        root, position = "@", 1
    else:
        match = _ROOT.match(trimmed)
        if match is None:
            wrong = "expected '.' or '[' after its root" if trimmed[:1] == "$" else "must start with '$', '$$' or '$' and a variable's name"
            raise InvalidPath(f"{text!r}: {wrong}")
        root, position = match.group(), match.end()
    if trimmed[-1] == ".":
        raise InvalidPath(f"{text!r}: Path must not end with a '.' or '..'")
    return Syntax(root, _Reader(trimmed, position).steps())


class _Reader:
    """Walks over the text once, left to right."""

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.position = position
        self.found: list[Step] = []

    def steps(self) -> tuple[Step, ...]:
        while self.position < len(self.text):
            if self.found and self.found[-1].kind == FUNCTION:
                raise self.refusal("a step after a function is not supported")
            self.found.append(self.step())
        for place, step in enumerate(self.found):
            if step.kind == SCAN:
                self.check_scan(self.found[place + 1 :])
        return tuple(self.found)

    def refusal(self, what: str) -> InvalidPath:
        return InvalidPath(f"{self.text!r}: {what} (position {self.position})")

    def check_scan(self, rest: list[Step]) -> None:
        if any(step.kind == SCAN for step in rest):
            raise self.refusal("'..' more than once is not supported")
        target, further = rest[0].kind, rest[1:]
        if target == FUNCTION or (further and target in (INDEX, INDEXES, SLICE, WILDCARD)):
            raise self.refusal(f"'..{rest[0].fragment.lstrip('.')}{'...' if further else ''}' is not supported")

    def step(self) -> Step:
        char = self.text[self.position]
        if char == "[":
            return self.bracket()
        if char == ".":
            if self.text.startswith("..", self.position):
                self.position += 2
                if self.text.startswith(".", self.position):
                    raise self.refusal("a third '.' is not valid")
                return Step(SCAN, None, "..")
            self.position += 1
            if self.text.startswith(".", self.position):
                raise self.refusal("'.' is not valid here")
            return self.step()
        if char == "*":
            self.position += 1
            return Step(WILDCARD, None, "[*]")
        return self.name_or_function()

    def name_or_function(self) -> Step:
        match = _NAME.match(self.text, self.position)
        if match is None:
            raise self.refusal("a name is missing")
        name = match.group()
        if " " in name:
            raise self.refusal("a name with blanks must be written in brackets and quotes")
        self.position = match.end()
        if self.text.startswith("(", self.position):
            return self.function(name)
        return Step(NAME, name, f"['{name}']")

    def function(self, name: str) -> Step:
        if name not in FUNCTIONS:
            raise self.refusal(f"Function with name: {name} does not exist.")
        end = closing(self.text, self.position)
        if end < 0:
            raise self.refusal(f"Arguments to function: '{name}' are not closed properly.")
        arguments = self.text[self.position + 1 : end].strip()
        self.position = end + 1
        return Step(FUNCTION, (name, arguments), f".{name}({'...' if arguments else ''})")

    def bracket(self) -> Step:
        text, start = self.text, self.position
        if match := _NUMBERS.match(text, start):
            self.position = match.end()
            return self.indexes([int(number) for number in match.group(1).split(",")])
        if match := _FROM_END.match(text, start):
            self.position = match.end()
            return self.indexes([-int(match.group(1))])
        if match := _SLICE.match(text, start):
            self.position = match.end()
            return self.slice(match.group(1), match.group(2))
        if match := _STAR.match(text, start):
            self.position = match.end()
            return Step(WILDCARD, None, "[*]")
        if match := _FILTER.match(text, start):
            return self.filter(match.end())
        if text[start + 1 :].lstrip()[:1] in ("'", '"'):
            return self.names()
        raise self.refusal(f"Could not parse token starting at position {start}. Expected ?, ', 0-9, * ")

    def indexes(self, numbers: list[int]) -> Step:
        if any(abs(number) > _LARGEST_INDEX for number in numbers):
            raise self.refusal("an index is too large")
        if len(numbers) == 1:
            return Step(INDEX, numbers[0], f"[{numbers[0]}]")
        return Step(INDEXES, tuple(numbers), f"[{','.join(map(str, numbers))}]")

    def slice(self, first: str | None, end: str | None) -> Step:
        if first is None and end is None:
            raise self.refusal("Failed to parse SliceOperation: a slice needs a number before or after its first ':'")
        bounds = (None if first is None else int(first), None if end is None else int(end))
        if any(bound is not None and abs(bound) > _LARGEST_INDEX for bound in bounds):
            raise self.refusal("an index is too large")
        return Step(SLICE, bounds, f"[{'' if bounds[0] is None else bounds[0]}:{'' if bounds[1] is None else bounds[1]}]")

    def filter(self, opening: int) -> Step:
        end = closing(self.text, opening)
        bracket = -1 if end < 0 else end + 1 + len(self.text[end + 1 :]) - len(self.text[end + 1 :].lstrip())
        if bracket < 0 or not self.text.startswith("]", bracket):
            raise self.refusal("Filter must start with '[?(' and end with ')]'")
        self.position = bracket + 1
        return Step(FILTER, self.text[opening + 1 : end], "[?]")

    def names(self) -> Step:
        """`['a']` or `['a', 'b']`; one kind of quote throughout."""
        text = self.text
        position = _skip_blanks(text, self.position + 1)
        quote = text[position]
        names: list[str] = []
        while True:
            if not text.startswith(quote, position):
                raise self.refusal("Found empty property")
            end = _end_of_string(text, position)
            if end < 0:
                raise self.refusal(f"Property has not been closed - missing closing {quote}")
            names.append(unescape(text[position + 1 : end]))
            position = _skip_blanks(text, end + 1)
            if text.startswith("]", position):
                break
            if not text.startswith(",", position):
                raise self.refusal("Property must be separated by comma or Property must be terminated close square bracket")
            position = _skip_blanks(text, position + 1)
        self.position = position + 1
        fragment = "[" + ",".join(f"{quote}{name}{quote}" for name in names) + "]"
        return Step(NAME, names[0], fragment) if len(names) == 1 else Step(NAMES, tuple(names), fragment)


def unescape(text: str) -> str:
    """A quoted name or string with its escapes resolved; a backslash before a double quote stays."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    escape = match.group(1)
    return chr(int(escape[1:], 16)) if len(escape) == 5 else _CONTROL.get(escape, escape)


def _skip_blanks(text: str, position: int) -> int:
    while text.startswith(" ", position):
        position += 1
    return position


def _end_of_string(text: str, opening: int) -> int:
    """Position of the quote that closes the string that opens here, or -1."""
    quote, position = text[opening], opening + 1
    while position < len(text):
        if text[position] == "\\":
            position += 1
        elif text[position] == quote:
            return position
        position += 1
    return -1


_PAIRS = {"(": ")", "[": "]", "{": "}"}


def closing(text: str, opening: int) -> int:
    """Position of the bracket that closes the one at `opening`, or -1; strings and regular expressions (`=~ /../`) are skipped."""
    expected: list[str] = []
    position = opening
    while position < len(text):
        char = text[position]
        if char in _PAIRS:
            expected.append(_PAIRS[char])
        elif char in ")]}":
            if expected.pop() != char:
                return -1
            if not expected:
                return position
        elif char in "'\"" or (char == "/" and text[max(opening, position - 10) : position].rstrip()[-2:] == "=~"):
            position = _end_of_string(text, position)
            if position < 0:
                return -1
        position += 1
    return -1
