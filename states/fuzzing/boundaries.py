"""Boundaries: what the operators of Choice rules, the path fields and the intrinsics say about the values they read.

Tables: operator -> type and the values at and around its operand; field -> type; intrinsic -> types of its arguments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from states.language import timestamps

Json = Any

OTHER = "other"  #: a text that is none of those a rule names
Touch = Callable[[str, Iterable[str], Iterable[Json]], Any]

#: Type of state -> the fields that hold a path, and the type of what they read.
PATH_FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "Wait": {"SecondsPath": ("seconds",), "TimestampPath": ("timestamp",)},
    "Task": {"TimeoutSecondsPath": ("seconds",), "HeartbeatSecondsPath": ("seconds",)},
    "Map": {"MaxConcurrencyPath": ("seconds",)},
    "Fail": {"ErrorPath": ("string",), "CausePath": ("string",)},
}

#: Intrinsic -> the types of its first arguments.
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "ArrayPartition": ("list", "number"),
    "ArrayContains": ("list",),
    "ArrayRange": ("number", "number", "number"),
    "ArrayGetItem": ("list", "number"),
    "ArrayLength": ("list",),
    "ArrayUnique": ("list",),
    "Base64Encode": ("string",),
    "Hash": ("string", "string"),
    "JsonMerge": ("object", "object"),
    "MathRandom": ("number", "number"),
    "MathAdd": ("number", "number"),
    "StringSplit": ("string", "string"),
    "StringToJson": ("json",),
}

_CALL = re.compile(r"States\.(\w+)\s*\(")
_PATH = re.compile(r"\$\$?(?:[^\W\d]\w*)?(?:\.[^\W\d][\w-]*|\[[^\]]*\]|\.\*)*")


def arguments(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The paths among the arguments of an intrinsic call, and the types they are wanted in.

    >>> list(arguments("States.Format('{} $', States.MathAdd($.n, 1), $.a)"))
    [('$.n', ('number',)), ('$.a', ())]
    """
    open_calls: list[list[Any]] = []
    place = 0
    while place < len(text):
        if text[place] == "'":
            end = re.compile(r"'(?:[^'\\]|\\.)*'").match(text, place)
            place = end.end() if end else len(text)
        elif call := _CALL.match(text, place):
            open_calls.append([call[1], 0])
            place = call.end()
        elif path := _PATH.match(text, place):
            types = ARGUMENTS.get(open_calls[-1][0], ()) if open_calls else ()
            index = open_calls[-1][1] if open_calls else 0
            yield path[0], types[index : index + 1]
            place = path.end()
        else:
            if text[place] == "," and open_calls:
                open_calls[-1][1] += 1
            elif text[place] == ")" and open_calls:
                open_calls.pop()
            place += 1


def rules(state: Json, touch: Touch) -> None:
    """Tells of every variable that the rules of a Choice state read."""
    waiting = list(state["Choices"])
    while waiting:
        rule = waiting.pop()
        waiting += [*rule.get("And", ()), *rule.get("Or", ()), *([rule["Not"]] if "Not" in rule else [])]
        if "Variable" in rule:
            _rule(rule, touch)


def _rule(rule: Json, touch: Touch) -> None:
    variable = rule["Variable"]
    for operator, operand in rule.items():
        if operator in ("Variable", "Next", "Comment", "Assign", "Output"):
            continue
        if operator == "IsPresent":
            use = touch(variable, (), ())
            if use is not None:
                use.is_optional = True
        elif operator == "IsNull":
            use = touch(variable, (), ())
            if use is not None:
                use.is_nullable = True
        elif operator.startswith("Is"):
            touch(variable, (operator[2:].lower().replace("numeric", "number"), "string"), ())
        elif operator.endswith("Path"):
            for text in (variable, operand):
                touch(text, (type_of(operator),), ())
        else:
            touch(variable, (type_of(operator),), around(operator, operand))


def type_of(operator: str) -> str:
    """The type an operator compares: of NumericLessThan number."""
    for start, name in (("Numeric", "number"), ("String", "string"), ("Boolean", "boolean"), ("Timestamp", "timestamp")):
        if operator.startswith(start):
            return name
    return "string"


def around(operator: str, operand: Json) -> list[Json]:
    """The values at and around the boundary of a rule, that of the operand first.

    >>> around("NumericLessThan", 5000), around("StringEquals", "EUR"), around("StringMatches", "C-*")
    ([5000, 4999, 5001], ['EUR', 'other'], ['C-x', 'other'])
    """
    kind = type_of(operator)
    if kind == "number":
        return [operand, operand - 1, operand + 1]
    if kind == "boolean":
        return [True, False]
    if kind == "timestamp":
        moment = timestamps.parse(operand)
        return [operand, *(_timestamp(moment + seconds) for seconds in (-1, 1))]
    if operator == "StringMatches":
        return [re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)\*", "x", operand)), OTHER]
    if operator == "StringEquals":
        return [operand, OTHER if operand != OTHER else "another"]
    return [operand, f"{operand}a", operand[:-1]]


def _timestamp(moment: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
