"""Intrinsic functions: `States.Format('Hello, {}!', $.name)`; the grammar of calls, and what makes them run.

A call is read once, by recursive descent, into closures. What cannot be read (an unknown name, a wrong number of arguments, an escape
other than `\\'` `\\{` `\\}` `\\\\`, calls nested more than ten deep) is an InvalidIntrinsic, at definition time. What fails while it
runs is States.IntrinsicFailure.

The functions themselves are in `intrinsic_functions`. Texts of causes are our own.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html, https://states-language.net/spec.html#appendix-b,
and the recordings named in the docs of this project.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from states.errors import INTRINSIC_FAILURE, RUNTIME, StatesError
from states.language import path_syntax
from states.language.intrinsic_functions import INTRINSICS, FailureError, Function, fill, placeholders
from states.language.paths import InvalidPath, PathError, compile_path
from states.language.values import java_text, loads

if TYPE_CHECKING:
    pass

Json = Any
Getter = Callable[[Json, Any], Json]

_MAX_NESTING = 10


class InvalidIntrinsic(ValueError):
    """A text that is no intrinsic call AWS takes; the message says what is wrong, and `position` where (0 is the first character)."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} (position {position})")
        self.position = position


class Intrinsic:
    """A compiled call: `text` as written, `evaluate(data, scope)` its value. Raises StatesError."""

    __slots__ = ("evaluate", "text")

    def __init__(self, text: str, evaluate: Getter) -> None:
        self.text: Final = text
        self.evaluate: Getter = evaluate

    def __repr__(self) -> str:
        return f"<Intrinsic {self.text}>"


@lru_cache(maxsize=4096)
def compile_intrinsic(text: str) -> Intrinsic:
    """The compiled call, the same object for the same text; blanks may follow it. Raises InvalidIntrinsic."""
    reader = _Reader(text)
    evaluate = reader.call(1)
    reader.skip()
    if reader.position < len(text):
        raise reader.refusal("expected the end of the call")
    return Intrinsic(text, evaluate)


# Grammar

_NAME = re.compile(r"States\.([A-Za-z0-9_]+)\s*\(")
_STRING = re.compile(r"'([^'\\]*(?:\\.[^'\\]*)*)'", re.DOTALL)
_LITERAL = re.compile(r"(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?=\s*[,)])")
_BLANKS = re.compile(r"\s*")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class _Reader:
    """Walks over the text of a call once, left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def refusal(self, what: str) -> InvalidIntrinsic:
        return InvalidIntrinsic(what, self.position)

    def skip(self) -> None:
        match = _BLANKS.match(self.text, self.position)
        if match:
            self.position = match.end()

    def call(self, depth: int) -> Getter:
        start = self.position
        match = _NAME.match(self.text, start)
        if match is None:
            raise self.refusal("expected a call of an intrinsic function, such as States.UUID()")
        name = match.group(1)
        function = INTRINSICS.get(name)
        if function is None:
            raise self.refusal(f"there is no intrinsic function States.{name}")
        if depth > _MAX_NESTING:
            raise self.refusal(f"intrinsic functions are nested more than {_MAX_NESTING} deep")
        self.position = match.end()
        template, arguments = self.arguments(depth)
        if len(arguments) < function.fewest or (function.most is not None and len(arguments) > function.most):
            self.position = start
            raise self.refusal(f"States.{name} takes {_count(function)}, found {len(arguments)}")
        text = self.text[start : self.position]
        if name == "Format" and template is not None:
            return _format_call(placeholders(template), arguments[1:], text)
        return _call(function, arguments, text)

    def arguments(self, depth: int) -> tuple[str | None, list[Getter]]:
        """The arguments to the closing parenthesis; and the first one as it is written, when it is a string."""
        found: list[Getter] = []
        first: str | None = None
        self.skip()
        if self.text.startswith(")", self.position):
            self.position += 1
            return None, found
        while True:
            self.skip()
            match = _STRING.match(self.text, self.position)
            if match:
                found.append(self.string(match))
                first = match.group(1) if len(found) == 1 else first
            else:
                found.append(self.argument(depth))
            self.skip()
            if self.text.startswith(")", self.position):
                self.position += 1
                return first, found
            if not self.text.startswith(",", self.position):
                raise self.refusal("expected ',' or ')'")
            self.position += 1

    def string(self, match: re.Match[str]) -> Getter:
        for escape in _ESCAPE.finditer(match.group(1)):
            if escape.group(1) not in "'{}\\":
                self.position = match.start(1) + escape.start()
                raise self.refusal(f"the escape {escape.group()} is not allowed; only \\' \\{{ \\}} and \\\\ are")
        self.position = match.end()
        return _constant(_ESCAPE.sub(r"\1", match.group(1)))

    def argument(self, depth: int) -> Getter:
        text, position = self.text, self.position
        if text.startswith("$", position):
            return self.path()
        if text.startswith("States.", position):
            return self.call(depth + 1)
        match = _LITERAL.match(text, position)
        if match is None:
            raise self.refusal("expected a string in single quotes, a number, true, false, null, a path or a call")
        self.position = match.end()
        try:
            return _constant(loads(match.group()))
        except ValueError as error:
            raise self.refusal(str(error)) from None

    def path(self) -> Getter:
        """A path ends at the `,` or `)` that no bracket of its own holds."""
        start = position = self.position
        while position < len(self.text) and self.text[position] not in ",)":
            if self.text[position] in "[(":
                end = path_syntax.closing(self.text, position)
                if end < 0:
                    raise self.refusal("a bracket of the path is not closed")
                position = end
            position += 1
        try:
            path = compile_path(self.text[start:position].strip())
        except InvalidPath as error:
            raise self.refusal(str(error)) from None
        self.position = position
        return path.evaluate


def _count(function: Function) -> str:
    if function.most is None:
        return f"at least {function.fewest} arguments"
    if function.fewest == function.most:
        return f"{function.fewest} argument{'' if function.fewest == 1 else 's'}"
    return f"{function.fewest} to {function.most} arguments"


# Evaluation


def _constant(value: Json) -> Getter:
    return lambda _data, _scope: value


def _not_found(error: PathError, data: Json, scope: Any) -> StatesError:
    if not error.missing:
        return StatesError(RUNTIME, error.message)
    return StatesError(RUNTIME, f"The JsonPath argument for the field '{error.path}' could not be found in the input '{scope.text(data)}'")


def _failed(text: str, error: Exception) -> StatesError:
    what = "its value is nested too deep" if isinstance(error, RecursionError) else str(error)
    return StatesError(INTRINSIC_FAILURE, f"The function '{text}' had the following error: {what}")


def _format_call(pieces: list[str], arguments: list[Getter], text: str) -> Getter:
    """States.Format with a literal template: its pieces are known beforehand."""
    if len(arguments) == 1 and len(pieces) == 2:
        (before, after), (read,) = pieces, arguments

        def format_one(data: Json, scope: Any) -> str:
            try:
                value = read(data, scope)
                return f"{before}{value if type(value) is str else java_text(value)}{after}"
            except PathError as error:
                raise _not_found(error, data, scope) from None
            except RecursionError as error:
                raise _failed(text, error) from None

        return format_one

    def format_all(data: Json, scope: Any) -> str:
        try:
            return fill(pieces, tuple([read(data, scope) for read in arguments]))
        except PathError as error:
            raise _not_found(error, data, scope) from None
        except (FailureError, RecursionError) as error:
            raise _failed(text, error) from None

    return format_all


def _call(function: Function, arguments: list[Getter], text: str) -> Getter:
    apply = function.apply
    if function.draws:

        def drawing(data: Json, scope: Any) -> Json:
            try:
                return apply(scope.random, *[read(data, scope) for read in arguments])
            except PathError as error:
                raise _not_found(error, data, scope) from None
            except FailureError as error:
                raise _failed(text, error) from None

        return drawing

    def call(data: Json, scope: Any) -> Json:
        try:
            return apply(*[read(data, scope) for read in arguments])
        except PathError as error:
            raise _not_found(error, data, scope) from None
        except (FailureError, RecursionError) as error:
            raise _failed(text, error) from None

    return call
