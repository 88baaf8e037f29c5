"""JSONPath and reference paths: compiled once, then read (`evaluate`) and written (`put`) many times.

A definite path (names and single indexes: four of five in real machines) is a few dictionary reads; it raises PathError when nothing is
there. An indefinite path (`*`, slices, lists, `..`, filters) gives a list, an empty one when nothing is there, even where a parent is
missing; it is walked by jsonpath-ng, which is imported when the first such path is evaluated (see `path_walk`).

The messages of PathError are Jayway's, since AWS passes them on. Data are never changed: `put` makes a new document that shares
everything beside the path.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html; the messages are recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from states.errors import RESULT_PATH_MATCH_FAILURE, StatesError
from states.language import path_syntax
from states.language.path_reading import MISSING, Getter, PathError, definite_getter
from states.language.path_syntax import FILTER, INDEX, NAME, SCAN, InvalidPath, Syntax
from states.language.values import dumps

__all__ = ["InvalidPath", "Path", "PathError", "ReferencePath", "compile_path", "compile_reference_path"]

Json = Any
Putter = Callable[[Json, Json], Json]


class Path:
    """A compiled path.

    `root` is `$`, `$$` or `$name`; `definite` is false when the value is always a list; `is_reference` when the path is made of names
    and indexes from 0 only. `evaluate(data, scope)` gives the value or raises PathError.
    """

    __slots__ = ("definite", "evaluate", "is_reference", "root", "steps", "text")

    def __init__(self, text: str, syntax: Syntax, evaluate: Getter) -> None:
        self.text: Final = text
        self.root: Final = syntax.root
        self.steps: Final = syntax.steps
        self.definite: Final = syntax.definite
        self.is_reference: Final = all(step.kind == NAME or (step.kind == INDEX and step.value >= 0) for step in syntax.steps)
        self.evaluate: Getter = evaluate

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.text}>"

    @property
    def names(self) -> tuple[str, ...] | None:
        """The names of a path that is made of nothing else, or None."""
        return tuple(step.value for step in self.steps) if all(step.kind == NAME for step in self.steps) else None


class ReferencePath(Path):
    """A path that names one place. `put(data, value)` gives a new document with the value there (`$` roots only)."""

    __slots__ = ("put",)

    def __init__(self, path: Path, put: Putter) -> None:
        super().__init__(path.text, Syntax(path.root, path.steps), path.evaluate)
        self.put: Putter = put


@lru_cache(maxsize=4096)
def compile_path(text: str) -> Path:
    """The compiled path; the same object for the same text. Raises InvalidPath when AWS takes no such path."""
    syntax = path_syntax.read(text)
    return Path(text, syntax, _rooted(syntax.root, text, getter(syntax, text)))


@lru_cache(maxsize=4096)
def compile_reference_path(text: str) -> ReferencePath:
    """The compiled reference path: names and indexes from 0. Raises InvalidPath with AWS's wording where one is recorded."""
    if not text.startswith("$"):
        raise InvalidPath("Reference path didn't start with '$'")
    path = compile_path(_checked_reference(text))
    if not path.is_reference:
        raise InvalidPath(f"'{text}' selects more than one place; a reference path is made of names and single indexes")
    steps = tuple(step.value for step in path.steps)
    return ReferencePath(path, _putter(steps) if path.root == "$" else _read_only(text))


def _checked_reference(text: str) -> str:
    position = text.find("[")
    while 0 <= position < path_syntax.MAX_LENGTH:
        if text[position + 1 : position + 2] not in tuple("'\"0123456789"):
            raise InvalidPath("'[' must be followed by ' or '['")
        end = path_syntax.closing(text, position)
        position = text.find("[", end) if end > 0 else -1
    return text


# Reading


def _rooted(root: str, text: str, get: Getter) -> Getter:
    """A getter that starts at the data, at the Context Object, or at a variable."""
    if root == "$":
        return get
    if root == "$$":

        def from_context(_: Json, scope: Any) -> Json:
            return get(scope.context(), scope)

        return from_context

    name = root[1:]

    def from_variable(_: Json, scope: Any) -> Json:
        try:
            value = scope.variables[name]
        except KeyError:
            raise PathError(f"The variable path '{text}' references an invalid value.", text) from None
        return get(value, scope)

    return from_variable


def getter(syntax: Syntax, text: str, *, strict: bool = False) -> Getter:
    """What reads the steps, from a root value that is handed in as `data`.

    `strict` lets an indefinite path fail where a parent is missing, as within filters, instead of giving an empty list.
    """
    return definite_getter(syntax.steps, text) or _query_getter(syntax, text, strict=strict or syntax.definite)


def _strict_getter(syntax: Syntax, text: str) -> Getter:
    return getter(syntax, text, strict=True)


def _query_getter(syntax: Syntax, text: str, *, strict: bool) -> Getter:
    """Anything with wildcards, slices, lists, filters, `..` or functions; the module that walks is imported at the first evaluation."""
    from states.language import path_filters, path_functions

    scans = all(step.kind != SCAN for step in syntax.steps)
    tests = {
        step.value: path_filters.compile_filter(step.value, _strict_getter, scans=scans) for step in syntax.steps if step.kind == FILTER
    }
    function = path_functions.split(syntax, getter)
    prepared: list[Getter] = []

    def query(data: Json, scope: Any) -> Json:
        if not prepared:
            from states.language import path_walk

            prepared.append(path_walk.query(syntax, text, function, tests))
        try:
            return prepared[0](data, scope)
        except PathError as error:
            if error.kind == MISSING and not strict:
                return []
            error.path = text
            raise

    return query


# Writing


def _putter(keys: tuple[str | int, ...]) -> Putter:
    if not keys:
        return _replace_all
    if len(keys) == 1 and type(keys[0]) is str:
        key = keys[0]

        def put_one(data: Json, value: Json) -> Json:
            if type(data) is dict:
                return {**data, key: value}
            raise _cannot_apply(key, data)

        return put_one

    def put(data: Json, value: Json) -> Json:
        parents: list[Json] = []
        current = data
        for key in keys:
            if isinstance(key, str):
                if type(current) is not dict:
                    raise _cannot_apply(key, current)
                parents.append(current)
                current = current.get(key, _NOTHING)
                if current is _NOTHING:
                    current = {}
            else:
                if type(current) is not list or key >= len(current):
                    raise _cannot_apply(key, current)
                parents.append(current)
                current = current[key]
        for key, parent in zip(reversed(keys), reversed(parents), strict=True):
            changed = parent.copy()
            changed[key] = value
            value = changed
        return value

    return put


_NOTHING: Final = object()


def _replace_all(_: Json, value: Json) -> Json:
    return value


def _read_only(text: str) -> Putter:
    def refuse(_: Json, __: Json) -> Json:
        raise StatesError(RESULT_PATH_MATCH_FAILURE, f"A value can be written below '$' only, not at '{text}'")

    return refuse


def _cannot_apply(key: str | int, value: Json) -> StatesError:
    return StatesError(RESULT_PATH_MATCH_FAILURE, f'Unable to apply step "{key}" to input {dumps(value)}')
