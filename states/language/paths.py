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
from states.language.path_syntax import INDEX, NAME, InvalidPath, Step, Syntax
from states.language.values import dumps

__all__ = ["InvalidPath", "Path", "PathError", "ReferencePath", "compile_path", "compile_reference_path"]

Json = Any
Getter = Callable[[Json, Any], Json]
Putter = Callable[[Json, Json], Json]

#: Why a path gave nothing: no such property or index; an index or slice on what is no array; a filter on what is neither array nor object;
#: a function or an operator that cannot work.
MISSING: Final = "missing"
NOT_ARRAY: Final = "not-array"
NOT_CONTAINER: Final = "not-container"
UNUSABLE: Final = "unusable"


class PathError(Exception):
    """A path found nothing in the data. `message` is Jayway's text, `path` the path as written, `kind` one of the four above."""

    def __init__(self, message: str, path: str = "", kind: str = MISSING) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.kind = kind

    @property
    def missing(self) -> bool:
        """Whether AWS treats it as "could not be found"; otherwise it passes the message on as it is."""
        return self.kind == MISSING


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
    steps = syntax.steps
    if not steps:
        return _whole
    if all(step.kind == NAME for step in steps):
        return _names_getter(steps, text)
    if all(step.kind == NAME or step.kind == INDEX for step in steps):
        return _places_getter(steps, text)
    return _query_getter(syntax, text, strict=strict or syntax.definite)


def _whole(data: Json, _: Any) -> Json:
    return data


def _names_getter(steps: tuple[Step, ...], text: str) -> Getter:
    names = tuple(step.value for step in steps)
    if len(names) == 1:
        (only,) = names

        def one(data: Json, _: Any) -> Json:
            try:
                return data[only]
            except (KeyError, TypeError):
                raise failure(steps, data, text) from None

        return one
    if len(names) == 2:
        first, second = names

        def two(data: Json, _: Any) -> Json:
            try:
                return data[first][second]
            except (KeyError, TypeError):
                raise failure(steps, data, text) from None

        return two
    if len(names) == 3:
        first, second, third = names

        def three(data: Json, _: Any) -> Json:
            try:
                return data[first][second][third]
            except (KeyError, TypeError):
                raise failure(steps, data, text) from None

        return three

    def many(data: Json, _: Any) -> Json:
        value = data
        try:
            for name in names:
                value = value[name]
        except (KeyError, TypeError):
            raise failure(steps, data, text) from None
        return value

    return many


def _places_getter(steps: tuple[Step, ...], text: str) -> Getter:
    keys = tuple((step.value, list if step.kind == INDEX else dict) for step in steps)

    def places(data: Json, _: Any) -> Json:
        value = data
        try:
            for key, container in keys:
                if type(value) is not container:
                    raise failure(steps, data, text)
                value = value[key]
        except (KeyError, IndexError):
            raise failure(steps, data, text) from None
        return value

    return places


def _query_getter(syntax: Syntax, text: str, *, strict: bool) -> Getter:
    """Anything with wildcards, slices, lists, filters, `..` or functions; the module that walks is imported at the first evaluation."""
    from states.language import path_filters, path_functions

    for step in syntax.steps:
        if step.kind == path_syntax.FILTER:
            path_filters.compile_filter(step.value, scans=not any(other.kind == path_syntax.SCAN for other in syntax.steps))
    function = path_functions.split(syntax)
    prepared: list[Getter] = []

    def query(data: Json, scope: Any) -> Json:
        if not prepared:
            from states.language import path_walk

            prepared.append(path_walk.query(syntax, text, function))
        try:
            return prepared[0](data, scope)
        except PathError as error:
            if error.kind == MISSING and not strict:
                return []
            error.path = text
            raise

    return query


_JAVA_NAMES = {
    type(None): "null",
    str: "java.lang.String",
    bool: "java.lang.Boolean",
    float: "java.lang.Double",
    list: "net.minidev.json.JSONArray",
}


def _java_name(value: Json) -> str:
    if type(value) is int:
        return "java.lang.Integer" if -(2**31) <= value < 2**31 else "java.lang.Long"
    return _JAVA_NAMES[type(value)]


def failure(steps: tuple[Step, ...], data: Json, text: str) -> PathError:
    """Jayway's message for a definite path that leads nowhere: where the first step that cannot be taken stands."""
    whole = "$" + "".join(step.fragment for step in steps)
    at, value = "$", data
    for place, step in enumerate(steps):
        if step.kind == NAME or step.kind == path_syntax.NAMES:
            if type(value) is not dict:
                return PathError(
                    f"Expected to find an object with property {step.fragment} in path {at} but found '{_java_name(value)}'. This is not a "
                    "json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JsonSmartJsonProvider'.",
                    text,
                )
            if step.value not in value and place < len(steps) - 1:
                return PathError(f"Missing property in path {at}['{step.value}']", text)
        elif (wrong := array_error(steps[place:], value, at, text)) is not None:
            return wrong
        try:
            value = value[step.value]
        except (KeyError, IndexError):
            break
        at += f"['{step.value}']" if step.kind == NAME else step.fragment
    return PathError(f"No results for path: {whole}", text)


def shown(value: Json, depth: int = 0) -> str:
    """A value as Jayway's messages print it: objects as Java does (`{a=1}`), arrays as JSON, strings bare."""
    if type(value) is dict and depth < 100:
        return "{" + ", ".join(f"{key}={shown(child, depth + 1)}" for key, child in value.items()) + "}"
    return value if type(value) is str else dumps(value)


def array_error(rest: tuple[Step, ...], value: Json, at: str, text: str) -> PathError | None:
    """Jayway's message for an index or a slice on what is no array, or None."""
    if value is None:
        return PathError(f"The path {at} is null", text)
    if type(value) is not list:
        filter_text = "".join(step.fragment for step in rest)
        return PathError(f"Filter: {filter_text} can only be applied to arrays. Current context is: {shown(value)}", text, NOT_ARRAY)
    return None


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
