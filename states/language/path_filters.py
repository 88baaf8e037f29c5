"""Filters of a JSONPath, `[?(@.price < 10 && @.tags)]`: text to a test of one item, with Jayway's meaning of each operator.

Where it surprises: `==` takes a number and a string with the same number for equal; `!=` and `nin` are true of what is missing; `<` and
its kin compare numbers with numbers and strings with strings only; `=~` must match the whole text; a path alone asks whether it exists.
A bare word on one side is read as a string, since published machines have it.

Limits: filters are nested at most 20 deep; the operators ALL, TYPE, MATCHES and EXISTS are refused, and so is asking whether `@..a` or
`@.a[*].b` exists. Regular expressions are bounded (see `_Pattern`), so that none can run for ever.

Source: https://github.com/json-path/JsonPath (FilterCompiler, EvaluatorFactory, ValueNodes)
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple

from states.language import path_syntax
from states.language.path_reading import MISSING, NOT_ARRAY, NOT_CONTAINER, UNUSABLE, Getter, GetterMaker, PathError
from states.language.path_syntax import FILTER, FUNCTION, INDEX, NAME, SCAN, InvalidPath
from states.language.values import dumps, equal, loads, string_order, type_name

Json = Any
#: Whether the filter takes an item; the second argument is the document that `$` names.
Test = Callable[[Json, Json], bool]

_MAX_NESTING = 20


class _Undefined:
    """What a path that finds nothing stands for; equal to nothing, itself included."""


UNDEFINED: Final = _Undefined()


class _RejectedError(Exception):
    """An operator met an operand it has no use for: the item is not taken, whatever surrounds the operator."""


class Operand(NamedTuple):
    """One side of an operator: `read(item, root)` gives its value."""

    read: Callable[[Json, Json], Json]
    is_path: bool = False
    is_pattern: bool = False
    is_json: bool = False


@lru_cache(maxsize=1024)
def compile_filter(text: str, make_getter: GetterMaker, *, scans: bool = True) -> Test:
    """The test for the text between `[?(` and `)]`. Raises InvalidPath.

    `make_getter` compiles the paths in it; a getter must fail where a parent is missing. `scans` says whether `..` may occur in them.
    """
    reader = _Reader(text, make_getter, scans)
    test = reader.any_of(0)
    if reader.rest():
        raise reader.refusal(f"expected the end of the filter instead of: {reader.rest()}")

    def accept(item: Json, root: Json) -> bool:
        try:
            return test(item, root)
        except _RejectedError:
            return False

    return accept


# Operators


def _is_number(value: Json) -> bool:
    return type(value) is int or type(value) is float


_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def _same_number(number: Json, text: str) -> bool:
    if len(text) > 400 or not _NUMBER.fullmatch(text):
        return False
    return bool(number == (int(text) if text.lstrip("+-").isdigit() else float(text)))


def _equals(a: Json, b: Json) -> bool:
    if a is UNDEFINED or b is UNDEFINED:
        return False
    if _is_number(a) and type(b) is str:
        return _same_number(a, b)
    if type(a) is str and _is_number(b):
        return a == dumps(b)
    return equal(a, b)


def _equals_in_type(a: Json, b: Json) -> bool:
    return a is not UNDEFINED and b is not UNDEFINED and type_name(a) == type_name(b) and _equals(a, b)


def _ordered(holds: Callable[[Any, Any], bool]) -> Callable[[Json, Json], bool]:
    def test(a: Json, b: Json) -> bool:
        if _is_number(a) and _is_number(b):
            return holds(a, b)
        return type(a) is str and type(b) is str and holds(string_order(a, b), 0)

    return test


def _among(value: Json, array: list[Json]) -> bool:
    return any(_equals(value, member) for member in array)


def _array(value: Json) -> list[Json] | None:
    """The array, None for an object; anything else cannot stand where an array is expected."""
    if type(value) is list:
        if any(type(member) is list or type(member) is dict for member in value):
            raise PathError("Could not determine value type", kind=UNUSABLE)
        return value
    if type(value) is dict:
        return None
    raise _RejectedError


def _in(a: Json, b: Json) -> bool:
    array = _array(b)
    return array is not None and _among(a, array)


def _over_arrays(holds: Callable[[list[Json], list[Json]], bool]) -> Callable[[Json, Json], bool]:
    def test(a: Json, b: Json) -> bool:
        right = _array(b)
        if right is None:
            return False
        left = _array(a)
        return left is not None and holds(left, right)

    return test


def _contains(a: Json, b: Json) -> bool:
    if type(a) is str and type(b) is str:
        return b in a
    return type(a) is list and _among(b, _array(a) or [])


def _size(a: Json, b: Json) -> bool:
    if not _is_number(b):
        return False
    if type(a) is str or type(a) is list:
        return len(a) == int(b)
    return type(a) is dict and int(b) == -1


def _empty(a: Json, b: Json) -> bool:
    if type(a) is not str and type(a) is not list:
        if type(a) is dict:
            raise PathError("EMPTY cannot be asked of an object", kind=UNUSABLE)
        return False
    if type(b) is not bool:
        raise _RejectedError
    return (not a) is b


def _matches(a: Json, b: Json) -> bool:
    if isinstance(a, _Pattern) is isinstance(b, _Pattern):
        return False
    pattern, subject = (a, b) if isinstance(a, _Pattern) else (b, a)
    if type(subject) is list:
        return any(pattern.matches(member) for member in _array(subject) or [])
    return bool(pattern.matches(subject))


OPERATORS: dict[str, Callable[[Json, Json], bool]] = {
    "==": _equals,
    "===": _equals_in_type,
    "!=": lambda a, b: not _equals(a, b),
    "!==": lambda a, b: not _equals_in_type(a, b),
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "=~": _matches,
    "IN": _in,
    "NIN": lambda a, b: not _in(a, b),
    "CONTAINS": _contains,
    "SIZE": _size,
    "EMPTY": _empty,
    "SUBSETOF": _over_arrays(lambda a, b: all(_among(member, b) for member in a)),
    "ANYOF": _over_arrays(lambda a, b: any(_among(member, b) for member in a)),
    "NONEOF": _over_arrays(lambda a, b: not any(_among(member, b) for member in a)),
}

_UNSUPPORTED = frozenset({"ALL", "TYPE", "MATCHES", "EXISTS"})


class _Pattern:
    """A regular expression `/../flags`, bounded so that a definition cannot keep the machine busy.

    Refused are expressions over 256 characters, quantified groups that hold a quantifier or an alternative, back references, and
    subjects so long that length to the power of open quantifiers exceeds ten million.
    """

    _FLAGS = {"i": re.IGNORECASE, "x": re.VERBOSE, "m": re.MULTILINE, "s": re.DOTALL, "u": re.UNICODE, "U": re.UNICODE, "d": re.NOFLAG}
    _STEPS = 10_000_000
    _SKIPPED = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)

    def __init__(self, text: str, flags: str) -> None:
        bare = self._SKIPPED.sub("x", text)
        if len(text) > 256 or re.search(r"\\[1-9k]|\(\?P", text) or self._nests(bare):
            raise InvalidPath(f"The regular expression /{text[:256]}/ is not supported: too long, back references, or nested quantifiers")
        try:
            self.compiled = re.compile(text, sum((self._FLAGS[flag] for flag in set(flags)), re.NOFLAG))
        except (re.error, OverflowError, RecursionError) as error:
            raise InvalidPath(f"The regular expression /{text}/ cannot be read: {error}") from None
        self.open = len(re.findall(r"[*+]|\{\d*,\d*\}", re.sub(r"\.[*+]$", "", bare)))

    @staticmethod
    def _nests(bare: str) -> bool:
        opened: list[int] = []
        for match in re.finditer(r"\(|\)([*+?{]?)", bare):
            if match.group() == "(":
                opened.append(match.end())
            elif opened and (start := opened.pop()) and match.group(1) and re.search(r"[*+{|]|[^(]\?", bare[start : match.start()]):
                return True
        return False

    def matches(self, value: Json) -> bool:
        subject = value if type(value) is str else dumps(value) if type(value) in (int, float, bool) else ""
        if self.open > 1 and len(subject) ** self.open > self._STEPS:
            raise PathError(f"A text of {len(subject)} characters is too long for /{self.compiled.pattern}/: not supported", kind=UNUSABLE)
        return self.compiled.fullmatch(subject) is not None


# Grammar


_OPERATOR = re.compile(r"\s*([<>=~!]+|[^\s<>=~!&|()'\"]+(?=\s))")
_LITERAL_NUMBER = re.compile(r"-?[0-9.]+(?:[eE][+-]?\d+)?", re.ASCII)
_WORD = re.compile(r"[^\W\d][\w-]*")
_LITERAL_STRING = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
_REGEX = re.compile(r"/((?:[^/\\]|\\.)*)/([dixmsuU]*)", re.DOTALL)
_WORDS: dict[str, Json] = {"true": True, "false": False, "null": None}


def _literal(value: Json) -> Operand:
    return Operand(lambda _item, _root: value, is_pattern=isinstance(value, _Pattern))


class _Reader:
    """OR of ANDs of operands; an operand is `(..)`, `!` operand, a comparison, or a path whose existence is asked."""

    def __init__(self, text: str, make_getter: GetterMaker, scans: bool) -> None:
        self.text = text
        self.make_getter = make_getter
        self.scans = scans
        self.position = 0

    def refusal(self, what: str) -> InvalidPath:
        return InvalidPath(f"Filter ({self.text[:200]}): {what} (position {self.position})")

    def rest(self) -> str:
        return self.text[self.position :].strip()

    def skip(self) -> None:
        while self.text.startswith((" ", "\t", "\n", "\r"), self.position):
            self.position += 1

    def take(self, token: str) -> bool:
        self.skip()
        if self.text.startswith(token, self.position):
            self.position += len(token)
            return True
        return False

    def any_of(self, depth: int) -> Test:
        tests = [self.all_of(depth)]
        while self.take("||"):
            tests.append(self.all_of(depth))
        return tests[0] if len(tests) == 1 else lambda item, root: any(test(item, root) for test in tests)

    def all_of(self, depth: int) -> Test:
        tests = [self.one(depth)]
        while self.take("&&"):
            tests.append(self.one(depth))
        return tests[0] if len(tests) == 1 else lambda item, root: all(test(item, root) for test in tests)

    def one(self, depth: int) -> Test:
        if depth > _MAX_NESTING:
            raise self.refusal("nested too deep")
        if self.take("!"):
            self.skip()
            if self.text.startswith(("@", "$"), self.position):
                return self.comparison(negated=True)
            test = self.one(depth + 1)
            return lambda item, root: not test(item, root)
        if self.take("("):
            test = self.any_of(depth + 1)
            if not self.take(")"):
                raise self.refusal("')' is missing")
            return test
        return self.comparison(negated=False)

    def comparison(self, *, negated: bool) -> Test:
        start = self.position
        left = self.operand()
        match = _OPERATOR.match(self.text, self.position)
        if match is None:
            return self.existence(start, left, negated)
        name = match.group(1).upper()
        if name in _UNSUPPORTED:
            raise self.refusal(f"the operator {match.group(1)} is not supported")
        if name not in OPERATORS:
            raise self.refusal(f"Filter operator {match.group(1)} is not supported!")
        self.position = match.end()
        right = self.operand()
        if name != "=~":
            left, right = (_literal(UNDEFINED) if operand.is_pattern else operand for operand in (left, right))
        if left.is_json and name in ("==", "!=", "===", "!=="):
            left = _literal(UNDEFINED)  # Jayway compares the text of a literal on the left, which equals nothing
        holds, read_left, read_right = OPERATORS[name], left.read, right.read
        return lambda item, root: holds(read_left(item, root), read_right(item, root))

    def operand(self) -> Operand:
        self.skip()
        text, position = self.text, self.position
        char = text[position : position + 1]
        if not char:
            raise self.refusal("a value is missing")
        if char in "@$":
            return self.path()
        if char in "[{":
            return self.json()
        if match := _LITERAL_STRING.match(text, position):
            self.position = match.end()
            return _literal(path_syntax.unescape(match.group(1) if match.group(1) is not None else match.group(2).replace('\\"', '"')))
        if match := _REGEX.match(text, position):
            self.position = match.end()
            return _literal(_Pattern(match.group(1).replace("\\/", "/"), match.group(2)))
        if match := _LITERAL_NUMBER.match(text, position):
            self.position = match.end()
            return self.number(match.group())
        if match := _WORD.match(text, position):
            self.position = match.end()
            return _literal(_WORDS.get(match.group(), match.group()))
        raise self.refusal(f"{char!r} starts no value")

    def number(self, text: str) -> Operand:
        try:
            return _literal(int(text) if text.lstrip("-").isdigit() else float(text))
        except ValueError:
            raise self.refusal(f"{text[:40]} is no number") from None

    def json(self) -> Operand:
        end = path_syntax.closing(self.text, self.position)
        if end < 0:
            raise self.refusal("an array or object is not closed")
        text = self.text[self.position : end + 1]
        self.position = end + 1
        try:
            return _literal(loads(_LITERAL_STRING.sub(_double_quoted, text)))._replace(is_json=True)
        except ValueError as error:
            raise self.refusal(f"{text[:60]} is no JSON: {error}") from None

    def path_text(self) -> str:
        """From `@` or `$` to the blank, operator or closing parenthesis that ends the path."""
        start = self.position
        self.position += 1
        while self.position < len(self.text) and self.text[self.position] not in "<>=~! \t\r\n":
            char = self.text[self.position]
            if char == "[":
                end = path_syntax.closing(self.text, self.position)
                if end < 0:
                    raise self.refusal("Square brackets does not match")
                self.position = end
            elif char == ")" and self.text[self.position - 1] != "(":
                break
            self.position += 1
        return self.text[start : self.position]

    def path(self) -> Operand:
        text = self.path_text()
        syntax = path_syntax.read(text, roots="$@")
        if syntax.root not in ("$", "@"):
            raise self.refusal(f"{text} is not supported within a filter")
        if any(step.kind == FUNCTION and step.value[0] == "keys" for step in syntax.steps):
            raise self.refusal("keys() is not supported within a filter")
        if not self.scans and any(step.kind == SCAN for step in syntax.steps):
            raise self.refusal("'..' more than once is not supported")
        get = self.make_getter(syntax, text)
        if syntax.root == "@":
            return Operand(lambda item, _root: _value_or_undefined(get, item), is_path=True)
        seen: list[tuple[Json, Json]] = [(UNDEFINED, UNDEFINED)]  # the last document and what the path gave there

        def read_root(_item: Json, root: Json) -> Json:
            document, value = seen[0]
            if document is not root:
                value = _value_or_undefined(get, root)
                seen[0] = (root, value)
            return value

        return Operand(read_root, is_path=True)

    def existence(self, start: int, left: Operand, negated: bool) -> Test:
        if not left.is_path:
            raise self.refusal("an operator is missing")
        syntax = path_syntax.read(self.text[start : self.position].strip(" !"), roots="$@")
        kinds = [step.kind for step in syntax.steps]
        if SCAN in kinds or any(kind not in (NAME, INDEX) for kind in kinds[:-1]):
            raise self.refusal("whether '..' or a path beyond a wildcard, slice or filter exists is not supported")
        if kinds and kinds[-1] == FILTER:
            raise self.refusal("whether a filtered path exists is not supported")
        read = left.read
        return lambda item, root: (read(item, root) is UNDEFINED) is negated


def _value_or_undefined(get: Getter, data: Json) -> Json:
    try:
        return get(data, None)
    except PathError as error:
        if error.kind in (MISSING, NOT_ARRAY):
            return UNDEFINED
        if error.kind == NOT_CONTAINER:
            raise _RejectedError from None
        raise


def _double_quoted(match: re.Match[str]) -> str:
    if match.group(1) is None:
        return match.group()
    return dumps(path_syntax.unescape(match.group(1)))
