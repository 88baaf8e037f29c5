"""Payload templates: JSON in which the value of every key that ends in `.$` is a path or an intrinsic call.

Such a value is replaced by what it selects and its key loses the `.$`; everything else stands for itself, at any depth. Parts without
such such keys are shared, not copied. A key and the same key with `.$` in one object are a fault.

Source: https://states-language.net/spec.html#payload-template; the messages are recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from states.errors import RUNTIME, StatesError
from states.language.intrinsics import InvalidIntrinsic, compile_intrinsic
from states.language.paths import InvalidPath, Path, PathError, compile_path

Json = Any
Getter = Callable[[Json, Any], Json]

#: Keys and positions from the root of a template to the object that holds a field, the field's key, and what is wrong with it.
Fault = tuple[tuple[str | int, ...], str, str]

_MAX_DEPTH = 150


class InvalidTemplate(ValueError):
    """A payload template that AWS refuses; `faults` has every field that is wrong."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(message for _, _, message in faults))
        self.faults = faults


class Template:
    """A compiled template: `evaluate(data, scope)` gives its value; `static` when it is the same for any data. Raises StatesError."""

    __slots__ = ("evaluate", "static", "text")

    def __init__(self, text: str, static: bool, evaluate: Getter) -> None:
        self.text: Final = text
        self.static: Final = static
        self.evaluate: Getter = evaluate

    def __repr__(self) -> str:
        return f"<Template {self.text}>"


class PayloadField:
    """A single field that is a path or an intrinsic call, such as a Fail state's ErrorPath."""

    __slots__ = ("evaluate", "text")

    def __init__(self, text: str, evaluate: Getter) -> None:
        self.text: Final = text
        self.evaluate: Getter = evaluate

    def __repr__(self) -> str:
        return f"<PayloadField {self.text}>"


def compile_template(value: Json, *, where: str = "") -> Template:
    """The compiled template. `where` names it in `text` (a field such as `Parameters`). Raises InvalidTemplate with every fault."""
    faults: list[Fault] = []
    evaluate = _compile(value, (), faults)
    if faults:
        raise InvalidTemplate(faults)
    text = where or "template"
    return Template(text, True, _constant(value)) if evaluate is None else Template(text, False, evaluate)


def template_faults(value: Json) -> list[Fault]:
    """Everything that AWS would refuse in a template; empty when it is in order."""
    faults: list[Fault] = []
    _compile(value, (), faults)
    return faults


def compile_payload_field(text: str, field: str = "") -> PayloadField:
    """A field that is a path or an intrinsic call; `field` is its name in the cause when nothing is found. Raises InvalidTemplate."""
    found = _expression(text)
    if found is None:
        raise InvalidTemplate([((), field, _refusal(field))])
    read, path = found
    if path is None:
        return PayloadField(text, read)

    def evaluate(data: Json, scope: Any) -> Json:
        try:
            return read(data, scope)
        except PathError as error:
            raise _not_found(error, path, field, data, scope) from None

    return PayloadField(text, evaluate)


def _refusal(field: str) -> str:
    return f"The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call"


def _expression(text: Json) -> tuple[Getter, Path | None] | None:
    """What a `.$` field evaluates, and its path when it is one; None when it is neither path nor call."""
    if type(text) is not str:
        return None
    try:
        if text.startswith("$"):
            path = compile_path(text)
            return path.evaluate, path
        return compile_intrinsic(text).evaluate, None
    except (InvalidPath, InvalidIntrinsic):
        return None


def _not_found(error: PathError, path: Path, field: str, data: Json, scope: Any) -> StatesError:
    if not error.missing:
        return StatesError(RUNTIME, error.message)
    searched = scope.context() if path.root == "$$" else data
    what = f"The JSONPath '{path.text}' specified for the field '{field}'"
    return StatesError(RUNTIME, f"{what} could not be found in the input '{scope.text(searched)}'")


def _constant(value: Json) -> Getter:
    return lambda _data, _scope: value


def _compile(value: Json, place: tuple[str | int, ...], faults: list[Fault]) -> Getter | None:
    """What evaluates a part of a template, or None when it stands for itself."""
    if type(value) is not dict and type(value) is not list:
        return None
    if len(place) > _MAX_DEPTH:
        faults.append((place, "", f"A payload template must not be nested deeper than {_MAX_DEPTH} levels"))
        return None
    return _compile_object(value, place, faults) if isinstance(value, dict) else _compile_array(value, place, faults)


def _compile_array(items: list[Json], place: tuple[str | int, ...], faults: list[Fault]) -> Getter | None:
    parts = [_compile(item, (*place, position), faults) for position, item in enumerate(items)]
    if all(part is None for part in parts):
        return None
    readers = [part or _constant(item) for part, item in zip(parts, items, strict=True)]
    return lambda data, scope: [read(data, scope) for read in readers]


def _compile_object(fields: dict[str, Json], place: tuple[str | int, ...], faults: list[Fault]) -> Getter | None:
    readers: dict[str, Getter] = {}
    paths: dict[str, tuple[str, Path]] = {}
    dynamic = False
    for key, value in fields.items():
        if key.endswith(".$"):
            found = _expression(value)
            if found is None:
                faults.append((place, key, _refusal(key)))
                continue
            dynamic = True
            read, path = found
            name = key[:-2]
            if path is not None:
                paths[name] = (key, path)
            if name in fields:
                faults.append((place, key, f"The fields '{name}' and '{key}' name the same field"))
        else:
            name, part = key, _compile(value, (*place, key), faults)
            dynamic = dynamic or part is not None
            read = part or _constant(value)
        readers[name] = read
    return _object_reader(tuple(readers.items()), paths) if dynamic else None


def _object_reader(readers: tuple[tuple[str, Getter], ...], paths: dict[str, tuple[str, Path]]) -> Getter:
    if len(readers) == 1:
        ((only, read_only),) = readers

        def one(data: Json, scope: Any) -> Json:
            try:
                return {only: read_only(data, scope)}
            except PathError as error:
                key, path = paths[only]
                raise _not_found(error, path, key, data, scope) from None

        return one

    def several(data: Json, scope: Any) -> Json:
        try:
            return {name: read(data, scope) for name, read in readers}
        except PathError:
            raise _first_miss(readers, paths, data, scope) from None

    return several


def _first_miss(readers: tuple[tuple[str, Getter], ...], paths: dict[str, tuple[str, Path]], data: Json, scope: Any) -> StatesError:
    """Reads the fields again, one by one, to name the one that finds nothing."""
    for name, read in readers:
        try:
            if name in paths:
                read(data, scope)
        except PathError as error:
            key, path = paths[name]
            return _not_found(error, path, key, data, scope)
    raise AssertionError("no field of the template fails any more")
