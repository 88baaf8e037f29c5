"""JSONata in the fields of a state: any JSON whose strings `{% ... %}` are expressions, and what a field makes of their results.

Only a string that begins with `{%` and ends with `%}` is an expression; everything else is literal. An expression that gives nothing,
a function, or a value of another type than the field takes fails the state by the path of the field (`Output/a/b[0]`).

The data of an evaluation is the `$states` object; its `context` is built only for an expression that may read it.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html; the texts of the causes are recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from states.errors import QUERY_EVALUATION_ERROR, StatesError
from states.language import jsonata, timestamps
from states.language.intrinsic_functions import uuid
from states.language.scope import Scope
from states.language.values import dumps, type_name

Json = Any
Evaluate = Callable[[Json, Scope], Json]
DEEPEST = 100  #: levels of arrays and objects a field may have, as many as a definition


def is_expression(value: Json) -> bool:
    """Whether a value of a JSONata field is an expression."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}") and len(value) >= 4


def inner(text: str) -> str:
    """The expression between `{%` and `%}`."""
    return text[2:-2].strip()


class JsonataTemplate:
    """A compiled field: `evaluate(states, scope)` gives its value, or raises States.QueryEvaluationError with the place."""

    __slots__ = ("evaluate", "static", "text")

    def __init__(self, text: str, evaluate: Evaluate, static: bool) -> None:
        self.text = text
        self.evaluate = evaluate
        self.static = static

    def __repr__(self) -> str:
        return f"JsonataTemplate({self.text!r})"


def compile_jsonata(value: Json, field: str, *types: str) -> JsonataTemplate:
    """Compiles a field; `types` are the JSON types the whole of it may have (`array`, `number` ...), any when none is named.

    Raises jsonata.JsonataError for an expression that does not parse.
    """
    evaluate = _compile(value, field, 0)
    static = evaluate is None
    found = evaluate or _literal(value)
    if types and not (isinstance(value, (dict, list)) and type_name(value) in types):
        found = _typed(found, value, field, types)
    return JsonataTemplate(value if isinstance(value, str) else dumps(value), found, static)


def compile_moment(value: str, field: str) -> JsonataTemplate:
    """Compiles a field that gives a time: a string in RFC 3339, whose value is seconds since the epoch."""
    template = compile_jsonata(value, field, "string")
    found = template.evaluate

    def evaluate(states: Json, scope: Scope) -> Json:
        text = found(states, scope)
        try:
            return timestamps.parse(text)
        except ValueError:
            form = "a valid ISO-8601 extended offset date-time format string"
            raise _failure(inner(value), field, f"returned a value that is not {form}: {text}") from None

    return JsonataTemplate(value, evaluate, template.static)


def compile_number(value: str, field: str, least: int, most: int | None = None) -> JsonataTemplate:
    """Compiles a field that gives an integer of at least `least`, or, when `most` is named, any number from the one to the other."""
    template = compile_jsonata(value, field, "number")
    found = template.evaluate
    wanted = f"number from {least} to {most}" if most is not None else "positive integer" if least > 0 else "non-negative integer"

    def evaluate(states: Json, scope: Scope) -> Json:
        number = found(states, scope)
        whole = number == int(number)
        if number < least or (number > most if most is not None else not whole):
            raise _failure(inner(value), field, f"returned a value that is not a {wanted}: {dumps(number)}")
        return int(number) if whole else number

    return JsonataTemplate(value, evaluate, template.static)


def _literal(value: Json) -> Evaluate:
    return lambda _, __: value


def _compile(value: Json, place: str, depth: int) -> Evaluate | None:
    """The evaluation of a part of a field; None when it holds no expression."""
    if depth > DEEPEST:
        raise ValueError(f"{place} is nested too deeply")
    if is_expression(value):
        return _expression(inner(value), place)
    if isinstance(value, dict):
        parts = {key: _compile(member, f"{place}/{key}", depth + 1) for key, member in value.items()}
        return _object(value, {key: part for key, part in parts.items() if part is not None})
    if isinstance(value, list):
        members = [_compile(member, f"{place}[{index}]", depth + 1) for index, member in enumerate(value)]
        return _array(value, members) if any(member is not None for member in members) else None
    return None


def _object(value: dict[str, Json], parts: dict[str, Evaluate]) -> Evaluate | None:
    if not parts:
        return None
    if len(parts) == len(value):
        return lambda states, scope: {key: part(states, scope) for key, part in parts.items()}
    return lambda states, scope: {**value, **{key: part(states, scope) for key, part in parts.items()}}


def _array(value: list[Json], members: list[Evaluate | None]) -> Evaluate:
    pairs = list(zip(value, members, strict=True))
    return lambda states, scope: [literal if member is None else member(states, scope) for literal, member in pairs]


def _expression(text: str, place: str) -> Evaluate:
    compiled = jsonata.compile(text)
    reads_context = "context" in compiled.states_fields or _WHOLE_STATES.search(text) is not None
    run = compiled.evaluate

    def evaluate(states: Json, scope: Scope) -> Json:
        if reads_context:
            states = {**states, "context": scope.context()}
        try:
            value = run({**scope.variables, "states": states}, limits=limits(scope.jsonata_seconds), random=scope.random, now=scope.now)
        except jsonata.JsonataError as fault:
            raise _failure(text, place, _thrown(fault, scope)) from None
        if value is jsonata.UNDEFINED:
            raise _failure(text, place, "returned nothing (undefined).")
        if isinstance(value, jsonata.FunctionValue):
            raise _failure(text, place, "returned an unsupported result type.")
        return value

    return evaluate


@lru_cache(maxsize=16)
def limits(seconds: float) -> jsonata.Limits:
    """AWS's limits, with this many seconds for an evaluation."""
    return jsonata.Limits(seconds=seconds)


_WHOLE_STATES = re.compile(r"\$states\b(?!\s*\.\s*[\w`])")  # `$states` itself is handed on, or searched


def _thrown(fault: jsonata.JsonataError, scope: Scope) -> str:
    if fault.kind == jsonata.INTERNAL:
        return f"threw an internal error during evaluation. {uuid(scope.random)}"
    return f"threw an error during evaluation{fault.tail}"


def _typed(evaluate: Evaluate, value: Json, field: str, types: tuple[str, ...]) -> Evaluate:
    text = inner(value) if is_expression(value) else dumps(value)

    def checked(states: Json, scope: Scope) -> Json:
        found = evaluate(states, scope)
        kind = type_name(found)
        if kind not in types:
            told = f"returned an unexpected result type. Expected '{types[0]}', but was '{kind}' for value: {dumps(found)}"
            raise _failure(text, field, told)
        return found

    return checked


def _failure(text: str, place: str, what: str) -> StatesError:
    cause = f"The JSONata expression '{text}' specified for the field '{place}' {what}"
    return StatesError(QUERY_EVALUATION_ERROR, cause, location=place)
