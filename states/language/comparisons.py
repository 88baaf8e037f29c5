"""The operators of a choice rule, and a rule as one function from data to true or false.

A value of another type than the operator's makes the comparison false, never an error. A `Variable` (or the path of a `...Path`
operator) that selects nothing fails the state, except under IsPresent. And, Or and Not stop as soon as the answer is known.

Source: https://states-language.net/spec.html#choice-state and the recordings named in the docs of this project.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

from states.errors import RUNTIME, StatesError
from states.language import timestamps
from states.language.paths import InvalidPath, Path, PathError, compile_path, compile_reference_path
from states.language.values import string_order, type_name

Json = Any
Condition = Callable[[Json, Any], bool]
Test = Callable[[Json, Any], bool]

_MAX_NESTING = 100

#: A place within a rule, such as ("And", 0, "Variable"), and what is wrong there.
Fault = tuple[tuple[str | int, ...], str]


class InvalidCondition(ValueError):
    """A choice rule that AWS refuses; `faults` lists every place and what is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, place)) or 'rule'}: {message}" for place, message in faults))
        self.faults = faults


class Comparison(NamedTuple):
    """`test(value, operand)` of an operator, the type its literal must have, and what prepares the operand for the test.

    `prepare` raises ValueError for an operand of the right type that cannot be used (a string that is no timestamp).
    """

    takes: str
    test: Test
    prepare: Callable[[Json], Any] | None = None


# Tests: False for what has the wrong type


def _string(holds: Callable[[int, int], bool]) -> Test:
    def test(value: Json, operand: Json) -> bool:
        return type(value) is str and type(operand) is str and holds(string_order(value, operand), 0)

    return test


def _same_string(value: Json, operand: Json) -> bool:
    return type(value) is str and type(operand) is str and value == operand


def _number(holds: Callable[[Any, Any], bool]) -> Test:
    def test(value: Json, operand: Json) -> bool:
        kind, other = type(value), type(operand)
        return (kind is int or kind is float) and (other is int or other is float) and holds(value, operand)

    return test


def _same_boolean(value: Json, operand: Json) -> bool:
    return type(value) is bool and type(operand) is bool and value is operand


def _timestamp(holds: Callable[[float, float], bool]) -> Test:
    def test(value: Json, operand: float) -> bool:
        if type(value) is not str:
            return False
        try:
            return holds(timestamps.parse(value), operand)
        except ValueError:
            return False

    return test


def _moment(text: Json) -> float:
    if type(text) is not str:
        raise ValueError("no timestamp")
    return timestamps.parse(text)


def wildcard(pattern: str) -> tuple[str, ...]:
    r"""The texts between the `*` of a StringMatches pattern; `\*` is a star and `\\` a backslash."""
    parts, position = [""], 0
    while position < len(pattern):
        char = pattern[position]
        if char == "\\" and pattern[position + 1 : position + 2] in ("*", "\\"):
            position += 1
            parts[-1] += pattern[position]
        elif char == "*":
            parts.append("")
        else:
            parts[-1] += char
        position += 1
    return tuple(parts)


def matches_wildcard(value: Json, parts: tuple[str, ...]) -> bool:
    """Whether a text is made of the parts with anything between them; each part is looked for once, leftmost first."""
    if type(value) is not str:
        return False
    if len(parts) == 1:
        return bool(value == parts[0])
    first, last = parts[0], parts[-1]
    position, end = len(first), len(value) - len(last)
    if position > end or not value.startswith(first) or not value.endswith(last):
        return False
    for part in parts[1:-1]:
        position = value.find(part, position, end)
        if position < 0:
            return False
        position += len(part)
    return True


def _is(accepts: Callable[[Json], bool]) -> Test:
    return lambda value, wanted: accepts(value) is wanted


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "GreaterThan": operator.gt,
    "LessThanEquals": operator.le,
    "GreaterThanEquals": operator.ge,
}

#: Operators whose operand may also be a path, under the name with `Path` at its end.
_WITH_PATH: dict[str, Comparison] = {
    **{f"String{order}": Comparison("string", _string(holds)) for order, holds in _ORDERS.items()},
    "StringEquals": Comparison("string", _same_string),
    **{f"Numeric{order}": Comparison("number", _number(holds)) for order, holds in _ORDERS.items()},
    "BooleanEquals": Comparison("boolean", _same_boolean),
    **{f"Timestamp{order}": Comparison("string", _timestamp(holds), _moment) for order, holds in _ORDERS.items()},
}

#: The 39 operators by name.
COMPARISONS: dict[str, Comparison] = {
    **_WITH_PATH,
    **{f"{name}Path": comparison for name, comparison in _WITH_PATH.items()},
    "StringMatches": Comparison("string", matches_wildcard, wildcard),
    "IsNull": Comparison("boolean", _is(lambda value: value is None)),
    "IsPresent": Comparison("boolean", _is(lambda _: True)),
    "IsNumeric": Comparison("boolean", _is(lambda value: type(value) is int or type(value) is float)),
    "IsString": Comparison("boolean", _is(lambda value: type(value) is str)),
    "IsBoolean": Comparison("boolean", _is(lambda value: type(value) is bool)),
    "IsTimestamp": Comparison("boolean", _is(lambda value: type(value) is str and timestamps.is_timestamp(value))),
}

#: Fields of a rule that are no part of its condition.
_OTHER_FIELDS = frozenset({"Variable", "Next", "Comment", "Assign", "Output"})


# Rules


def compile_condition(rule: Json) -> Condition:
    """The condition of a choice rule (its Next, Comment, Assign and Output are not looked at). Raises InvalidCondition."""
    faults: list[Fault] = []
    condition = _condition(rule, (), faults)
    if condition is None or faults:
        raise InvalidCondition(faults)
    return condition


def _condition(rule: Json, place: tuple[str | int, ...], faults: list[Fault]) -> Condition | None:
    if type(rule) is not dict:
        faults.append((place, f"a choice rule must be an object, not {type_name(rule)}"))
        return None
    if len(place) > 2 * _MAX_NESTING:
        faults.append((place, f"choice rules are nested deeper than {_MAX_NESTING}"))
        return None
    combined = [name for name in ("And", "Or", "Not") if name in rule]
    compared = [name for name in rule if name in COMPARISONS]
    if len(combined) + len(compared) != 1:
        faults.append((place, _not_one(rule, combined + compared)))
        return None
    if compared:
        return _comparison(rule, compared[0], place, faults)
    (name,) = combined
    if name == "Not":
        inner = _condition(rule["Not"], (*place, "Not"), faults)
        return None if inner is None else _negation(inner)
    members = rule[name]
    if type(members) is not list or not members:
        empty = "Value cannot be empty"
        faults.append(((*place, name), empty if members == [] else f"must be an array of choice rules, not {type_name(members)}"))
        return None
    conditions = [_condition(member, (*place, name, position), faults) for position, member in enumerate(members)]
    found = tuple(condition for condition in conditions if condition is not None)
    return _conjunction(found) if name == "And" else _disjunction(found)


def _not_one(rule: dict[str, Json], found: list[str]) -> str:
    if found:
        return f"a choice rule has one operator, found {', '.join(found)}"
    unknown = [name for name in rule if name not in _OTHER_FIELDS]
    return f"no comparison operator{', but ' + ', '.join(unknown) if unknown else ''}"


def _negation(inner: Condition) -> Condition:
    return lambda data, scope: not inner(data, scope)


def _conjunction(conditions: tuple[Condition, ...]) -> Condition:
    def every(data: Json, scope: Any) -> bool:
        for condition in conditions:  # noqa: SIM110 - all() would make a generator for each choice
            if not condition(data, scope):
                return False
        return True

    return every


def _disjunction(conditions: tuple[Condition, ...]) -> Condition:
    def some(data: Json, scope: Any) -> bool:
        for condition in conditions:  # noqa: SIM110 - as above
            if condition(data, scope):
                return True
        return False

    return some


def _comparison(rule: dict[str, Json], name: str, place: tuple[str | int, ...], faults: list[Fault]) -> Condition | None:
    comparison, operand = COMPARISONS[name], rule[name]
    variable = None
    if "Variable" not in rule:
        faults.append((place, "These fields are required: [Variable]"))
    else:
        variable = _path(rule["Variable"], (*place, "Variable"), faults)
    if name.endswith("Path"):
        other = _path(operand, (*place, name), faults)
        return None if variable is None or other is None else _against_path(variable, comparison, other)
    if type_name(operand) != comparison.takes:
        faults.append(((*place, name), f"Expected value of type [{comparison.takes.upper()}]"))
        return None
    try:
        prepared = comparison.prepare(operand) if comparison.prepare else operand
    except ValueError:
        faults.append(((*place, name), "String does not match RFC3339 timestamp"))
        return None
    if variable is None:
        return None
    if name == "IsPresent":
        return _presence(variable, operand)
    return _against_literal(variable, comparison.test, prepared)


def _path(text: Json, place: tuple[str | int, ...], faults: list[Fault]) -> Path | None:
    if type(text) is not str:
        faults.append((place, "Expected value of type [STRING]"))
        return None
    if not text.startswith("$"):
        faults.append((place, "Value is not a Reference Path: Reference path didn't start with '$'"))
        return None
    try:
        return compile_path(text)
    except InvalidPath as error:
        faults.append((place, f"Value is not a Reference Path: {_recorded_wording(text) or error}"))
        return None


def _recorded_wording(text: str) -> str | None:
    """What AWS says of the text as a reference path, where that is recorded."""
    try:
        compile_reference_path(text)
    except InvalidPath as error:
        return str(error) if str(error).startswith("'['") else None
    return None


def _absent(path: Path) -> StatesError:
    return StatesError(RUNTIME, f"Invalid path '{path.text}': The choice state's condition path references an invalid value.")


def _presence(variable: Path, wanted: bool) -> Condition:
    read = variable.evaluate

    def present(data: Json, scope: Any) -> bool:
        try:
            read(data, scope)
        except PathError:
            return not wanted
        return wanted

    return present


def _against_literal(variable: Path, test: Test, operand: Any) -> Condition:
    read = variable.evaluate

    def compare(data: Json, scope: Any) -> bool:
        try:
            value = read(data, scope)
        except PathError:
            raise _absent(variable) from None
        return test(value, operand)

    return compare


def _against_path(variable: Path, comparison: Comparison, other: Path) -> Condition:
    read, read_other, test, prepare = variable.evaluate, other.evaluate, comparison.test, comparison.prepare

    def compare(data: Json, scope: Any) -> bool:
        try:
            value = read(data, scope)
        except PathError:
            raise _absent(variable) from None
        try:
            operand = read_other(data, scope)
        except PathError:
            raise _absent(other) from None
        if prepare is not None:
            try:
                operand = prepare(operand)
            except ValueError:
                return False
        return test(value, operand)

    return compare
