"""Conditions: an expression over a moment, in JSONPath or JSONata, and whether it holds there.

A text that begins with `$.`, `$[`, `$$` or `States.`, or is `$`, is a path or an intrinsic call over the data of the moment, which may be
compared: `$.total > 100`. Anything else is JSONata: `$states.input` is the state's raw input, `$states.result` its result once there is
one, `$states.data` the data of the moment, `$name` a variable.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, NamedTuple

from states.debugging.moments import Moment
from states.errors import StatesError
from states.language import values
from states.language.timestamps import format_iso
from states.machine import ABSENT

Json = Any
Evaluate = Callable[[Moment], Json]

#: Operators between a path and a literal. Texts and numbers are in order among themselves only.
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": values.equal,
    "!=": lambda a, b: not values.equal(a, b),
    ">=": lambda a, b: _comparable(a, b) and operator.ge(a, b),
    "<=": lambda a, b: _comparable(a, b) and operator.le(a, b),
    ">": lambda a, b: _comparable(a, b) and operator.gt(a, b),
    "<": lambda a, b: _comparable(a, b) and operator.lt(a, b),
}

_COMPARED = re.compile(
    r"(?P<left>.+?)\s*(?P<operator>==|!=|>=|<=|>|<)\s*(?P<right>-?\d[\d.eE+-]*|\"(?:[^\"\\]|\\.)*\"|true|false|null)\s*", re.DOTALL
)
JSONATA_SECONDS = 1.0
LONGEST = 4_000  #: characters of an expression


class InvalidExpression(ValueError):
    """The text is no expression; says why."""


class Scope(NamedTuple):
    """What an expression may read besides its data; see `states.language.scope`."""

    variables: Mapping[str, Json]
    random: Random
    now: float
    moment: Moment
    jsonata_seconds: float = JSONATA_SECONDS

    def context(self) -> Json:
        moment = self.moment
        state = {"Name": moment.name, "RetryCount": moment.attempt - 1, "EnteredTime": format_iso(moment.at)}
        return {"State": state}

    def text(self, value: Json) -> str:
        return values.dumps(value)


def is_path(text: str) -> bool:
    """Whether an expression is a path or an intrinsic call, not JSONata."""
    return text.startswith(("$.", "$[", "$$", "States.")) or text == "$"


def value_of(text: str) -> Evaluate:
    """What an expression gives at a moment; ABSENT where it has no value there. Raises InvalidExpression."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise InvalidExpression("expected an expression such as $.total, or $states.input.total > 100")
    return _of_path(text) if is_path(text) else _of_jsonata(text)


def condition(text: str) -> Callable[[Moment], bool]:
    """Whether an expression holds at a moment: its value is there and is not false, null, 0 or empty. Raises InvalidExpression."""
    text = text.strip()
    compared = _COMPARED.fullmatch(text) if is_path(text) and len(text) <= LONGEST else None
    if compared is None or "?(" in compared["left"].rpartition(")")[2]:
        evaluate = value_of(text)
        return lambda moment: _holds(evaluate(moment))
    left, right, compare = value_of(compared["left"]), _literal(compared["right"]), OPERATORS[compared["operator"]]
    return lambda moment: (found := left(moment)) is not ABSENT and compare(found, right)


def _holds(value: Json) -> bool:
    return value is not ABSENT and bool(value)


def _literal(text: str) -> Json:
    try:
        return values.loads(text)
    except ValueError:
        raise InvalidExpression(f"expected a number, a text in double quotes, true, false or null, found {text}") from None


def _comparable(a: Json, b: Json) -> bool:
    numbers = all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in (a, b))
    return numbers or (isinstance(a, str) and isinstance(b, str))


def _of_path(text: str) -> Evaluate:
    from states.language.intrinsics import InvalidIntrinsic, compile_intrinsic
    from states.language.paths import InvalidPath, PathError, compile_path

    try:
        evaluate = compile_path(text).evaluate if text.startswith("$") else compile_intrinsic(text).evaluate
    except (InvalidPath, InvalidIntrinsic) as fault:
        raise InvalidExpression(f"{text} is no path: {fault}") from None

    def found(moment: Moment) -> Json:
        try:
            return evaluate(moment.value, Scope(moment.variables, Random(0), moment.at, moment))
        except (PathError, StatesError):
            return ABSENT

    return found


def _of_jsonata(text: str) -> Evaluate:
    from states.language import jsonata

    inner = text[2:-2].strip() if text.startswith("{%") and text.endswith("%}") and len(text) >= 4 else text
    faults = jsonata.faults(inner, in_catch=True)
    if faults:
        raise InvalidExpression(f"{inner} is no JSONata: {faults[0][1]}")
    compiled = jsonata.compile(inner)

    def found(moment: Moment) -> Json:
        states = {"input": moment.input, "data": moment.value, "result": moment.result}
        states = {key: value for key, value in states.items() if value is not ABSENT}
        if moment.kind in ("failed", "retried", "caught", "exhausted"):
            states["errorOutput"] = moment.value
        states["context"] = Scope(moment.variables, Random(0), moment.at, moment).context()
        try:
            value = compiled.evaluate({**moment.variables, "states": states}, random=Random(0))
        except jsonata.JsonataError:
            return ABSENT
        return ABSENT if value is jsonata.UNDEFINED or isinstance(value, jsonata.FunctionValue) else value

    return found
