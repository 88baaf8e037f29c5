"""What a JSONata state reads, as far as its text says it plainly: `$states.input.a.b`, `$states.result.x`, `$variable.y`.

The operator beside such a path tells its type, a literal beside it the boundary. What an expression makes is known when it is one path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from states.fuzzing.boundaries import OTHER
from states.fuzzing.data import INPUT, Data, Known, Made, Ref, Scope, targets
from states.language.values import dumps

if TYPE_CHECKING:
    from states.fuzzing.uses import Walk

Json = Any

_NAME = r"(?:[^\W\d]\w*|`[^`]*`)"
_PATH = re.compile(rf"\$({_NAME})((?:\.{_NAME}|\[\d+\])*)(?![\w(])")
_AFTER = re.compile(r"\s*(!=|<=|>=|=|<|>|[-+*/%&]|\bin\b)\s*(-?\d+(?:\.\d+)?|'[^']*'|\"[^\"]*\"|true|false)?")
_BEFORE = re.compile(r"(\$[a-zA-Z]+)\(\s*\[?\s*$")
_ARITHMETIC_BEFORE = re.compile(r"[-*/%]\s*$")

#: Function -> the type of what it is given first.
FUNCTIONS = {
    **dict.fromkeys(("$count", "$sum", "$max", "$min", "$average", "$sort", "$filter", "$map", "$reduce", "$reverse", "$distinct"), "list"),
    **dict.fromkeys(("$round", "$floor", "$ceil", "$abs", "$sqrt", "$power", "$formatNumber"), "number"),
    **dict.fromkeys(("$uppercase", "$lowercase", "$substring", "$split", "$trim", "$contains", "$length", "$number"), "string"),
    **dict.fromkeys(("$keys", "$merge", "$each"), "object"),
    "$toMillis": "timestamp",
    "$parse": "json",
}


def state(walk: Walk, name: str, state: Json, data: Data, scope: Scope) -> list[tuple[str | None, Data, Mapping[str, Data]]]:
    """Where a JSONata state leads, with which data and variables; what it reads is told to the walk."""

    reader = _Reader(walk, data, scope, None)
    for key in ("Arguments", "Seconds", "Timestamp", "TimeoutSeconds", "HeartbeatSeconds", "Error", "Cause", "MaxConcurrency"):
        if key in state:
            reader.value(state[key], "seconds" if key.endswith("Seconds") else "timestamp" if key == "Timestamp" else None)
    for rule in state.get("Choices", ()):
        reader.value(rule["Condition"])
    if state["Type"] == "Map":
        items = reader.value(state["Items"], "list") if "Items" in state else data
        walk.touch(items, ["list"])
        item = walk.get(items, ["*"])
        within = {**scope.context, "$$.Map.Item.Value": item}
        given = _Reader(walk, data, Scope(scope.variables, within), None).value(state["ItemSelector"]) if "ItemSelector" in state else item
        walk.block(state.get("ItemProcessor") or state.get("Iterator"), given, scope.variables, within)
        result: Data = None
    else:
        given = reader.value(state["Arguments"]) if "Arguments" in state else data
        result = walk.result(name, state, given, data, scope)
    reader = _Reader(walk, data, scope, result)
    ways: list[tuple[str | None, Data, Mapping[str, Data]]] = []
    own = result if state["Type"] in ("Task", "Parallel", "Map") else data
    for parts, default, target in _exits(state, own, targets(state)):
        assigned = reader.value(parts["Assign"]) if "Assign" in parts else None
        variables = {**scope.variables, **({str(k): v for k, v in assigned.over} if isinstance(assigned, Made) else {})}
        ways.append((target, reader.value(parts["Output"]) if "Output" in parts else default, variables))
    for catcher in state.get("Catch", ()):
        caught = _Reader(walk, data, scope, None)
        ways.append((catcher["Next"], caught.value(catcher["Output"]) if "Output" in catcher else None, dict(scope.variables)))
    return ways


def _exits(state: Json, own: Data, nexts: list[str | None]) -> Iterator[tuple[Json, Data, str | None]]:
    if state["Type"] == "Choice":
        for rule in state["Choices"]:
            yield rule, own, rule["Next"]
        if "Default" in state:
            yield state, own, state["Default"]
    else:
        for target in nexts:
            yield state, own, target


class _Reader:
    def __init__(self, walk: Walk, data: Data, scope: Scope, result: Data) -> None:
        self.walk, self.data, self.scope, self.result = walk, data, scope, result

    def value(self, value: Json, wanted: str | None = None) -> Data:
        """A field: what it makes; every path in it is told as read."""

        if isinstance(value, dict):
            return Made(None, tuple((key, self.value(each)) for key, each in value.items()))
        if isinstance(value, list):
            return Made(None, tuple((index, self.value(each)) for index, each in enumerate(value)))
        if not (isinstance(value, str) and value.startswith("{%") and value.endswith("%}")):
            return Known(dumps(value))
        text = value[2:-2].strip()
        found: Data = None
        for match in _PATH.finditer(text):
            read = self._data(match[1], match[2])
            if read is None:
                continue
            is_whole = match.span() == (0, len(text))
            self._tell(read, text, match, [wanted] if is_whole and wanted else [])
            found = read if is_whole else found
        return found

    def _tell(self, read: Data, text: str, match: re.Match[str], types: list[str]) -> None:
        before, after = _BEFORE.search(text, 0, match.start()), _AFTER.match(text, match.end())
        values: list[Json] = []
        is_asked = before is not None and before[1] == "$exists"
        if before is not None and before[1] in FUNCTIONS:
            types.append(FUNCTIONS[before[1]])
        if after is not None:
            found, values = _compared(after[1], after[2])
            types += found
        elif _ARITHMETIC_BEFORE.search(text, 0, match.start()):
            types.append("number")
        use = self.walk.touch(read, types, values)
        if use is not None and is_asked:
            use.is_optional = True

    def _data(self, root: str, rest: str) -> Data:
        steps: list[Any] = [
            int(each[1:-1]) if each.startswith("[") else each[1:].strip("`") for each in re.findall(rf"\.{_NAME}|\[\d+\]", rest)
        ]
        if root != "states":
            return self.walk.get(self.scope.variables.get(root), steps)
        start, steps = (steps[0] if steps else None), steps[1:]
        if start == "input":
            return self.walk.get(self.data, steps)
        if start == "result":
            return self.walk.get(self.result, steps)
        if start == "context" and steps[:2] == ["Execution", "Input"]:
            return self.walk.get(Ref(INPUT), steps[2:])
        if start == "context" and steps[:3] == ["Map", "Item", "Value"]:
            return self.walk.get(self.scope.context.get("$$.Map.Item.Value"), steps[3:])
        return None


def _compared(operator: str, literal: str | None) -> tuple[list[str], list[Json]]:
    """Type and values that an operator and the literal after it tell of.

    >>> _compared(">=", "100"), _compared("=", "'new'"), _compared("*", None)
    ((['number'], [100, 99, 101]), (['string'], ['new', 'other']), (['number'], []))
    """
    if operator == "&":
        return ["string"], []
    if literal is None:
        return (["number"] if operator not in ("=", "!=", "in") else []), []
    if literal[0] in "'\"":
        return ["string"], [literal[1:-1], OTHER]
    if literal in ("true", "false"):
        return ["boolean"], [True, False]
    value = json.loads(literal)
    return ["number"], [value, value - 1, value + 1] if operator in ("=", "!=", "<", "<=", ">", ">=") else []
