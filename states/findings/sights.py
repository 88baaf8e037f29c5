"""Sights: what the data of a failing expression was, and where it ends: `$.order has no total; it has id, items`.

Walks paths itself, name by name, so that it can say how far they came. What a history does not hold (the Context Object) is not told.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from states.errors import StatesError
from states.findings.finding import Seen
from states.language.path_syntax import INDEX, NAME
from states.language.paths import InvalidPath, Path, PathError, compile_path, compile_reference_path
from states.machine import Expression, State
from states.views.events import value_of
from states.views.visits import Visit

Json = Any

MOST = 6  #: paths of one expression, or of the rules of a Choice, that are looked at
MOST_NAMES = 8
LONGEST = 60  #: characters of a value in a sentence

#: A path in JSONata: a variable and names or indexes after it; no call of a function.
_JSONATA_PATH = re.compile(
    r"\$(?P<root>[A-Za-z_]\w*+)(?P<steps>(?:\s*\.\s*(?:[A-Za-z_]\w*+(?!\s*\()|`[^`]{1,200}`)|\[-?\d{1,9}\])*)(?!\s*\()"
)
_JSONATA_STEP = re.compile(r"\.\s*(?:(?P<name>[A-Za-z_]\w*)|`(?P<quoted>[^`]*)`)|\[(?P<index>-?\d+)\]")
_JSONATA_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')
_PATH = re.compile(r"\$[\w$]*(?:\.[\w-]+|\[(?:\d+|'[^'\]]*'|\"[^\"\]]*\")\])*")

_UNKNOWN = object()
_KINDS = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", int: "a number", float: "a number", type(None): "null"}


class Sight(NamedTuple):
    """What a state can look at. `result` is what its task, branches or iterations gave; `shaped` its output before OutputPath."""

    input: Json
    filtered: Json
    result: Json = _UNKNOWN
    shaped: Json = _UNKNOWN
    error_output: Json = _UNKNOWN
    variables: Mapping[str, Json] = {}


class _Scope:
    """The scope of an expression that is evaluated again: its variables, and nothing that a history does not hold."""

    def __init__(self, variables: Mapping[str, Json]) -> None:
        self.variables = variables


def of_visit(visit: Visit, part: Mapping[str, Json], handling: tuple[str | None, str | None] | None, state: State | None = None) -> Sight:
    """What a visit could look at; `handling` is the error a catcher was just taking."""
    scope = _Scope(variables_of(visit))
    input = value_of(visit.input)
    filtered = _filtered(input, part.get("InputPath", "$"), scope)
    result: Json = part.get("Result", _UNKNOWN)
    if visit.type == "Pass" and result is _UNKNOWN:
        result = _evaluated(getattr(state, "parameters", None), filtered, scope)
    elif visit.attempts and visit.attempts[-1].status == "SUCCEEDED":
        inner = [chain.visits[-1].output for chain in visit.chains if chain.visits]
        result = [value_of(each) for each in inner] if visit.chains else value_of(visit.attempts[-1].output)
    error_output = {"Error": handling[0], "Cause": handling[1]} if handling is not None else _UNKNOWN
    has_result = visit.type in ("Pass", "Task", "Parallel", "Map")
    selected = _evaluated(getattr(state, "result_selector", None), result, scope)
    shaped = _shaped(input, selected, part.get("ResultPath", "$")) if has_result else filtered
    return Sight(input, filtered, result, shaped, error_output, scope.variables)


def variables_of(visit: Visit) -> dict[str, Json]:
    """The variables in sight: those assigned before in its chain, and in those around it."""
    scopes: list[list[Visit]] = []
    each: Visit | None = visit
    while each is not None:
        scopes.append(each.chain.visits[: each.ordinal - 1])
        each = each.chain.owner
    return {name: value_of(value) for before in reversed(scopes) for one in before for name, value in (one.assigned or {}).items()}


def _filtered(input: Json, path: Json, scope: _Scope) -> Json:
    """The input after InputPath; the input itself where the path cannot be followed."""
    if path is None:
        return {}
    try:
        found = _evaluated(compile_path(path), input, scope) if isinstance(path, str) else input
    except InvalidPath:
        return input
    return input if found is _UNKNOWN else found


def _evaluated(expression: Expression | None, data: Json, scope: _Scope) -> Json:
    """What an expression gives, the data when there is none; unknown when it fails, or needs what no history holds."""
    if expression is None or data is _UNKNOWN:
        return data
    try:
        return expression.evaluate(data, scope)
    except (PathError, StatesError, AttributeError):
        return _UNKNOWN


def _shaped(input: Json, result: Json, path: Json) -> Json:
    """The input with the result where ResultPath puts it."""
    if path is None:
        return input
    if result is _UNKNOWN or not isinstance(path, str):
        return _UNKNOWN
    try:
        return compile_reference_path(path).put(input, result)
    except (InvalidPath, PathError, StatesError):
        return _UNKNOWN


# ---------------------------------------------------------------- paths


def of_jsonpath(text: str, pointer: str | None, sight: Sight, quoted: tuple[bool, Json]) -> list[Seen]:
    """What the paths of a JSONPath or an intrinsic call looked at; `quoted` is the data as the cause has it."""
    data = quoted[1] if quoted[0] else _base(pointer, sight)
    texts = [text] if text.startswith("$") else [found[0] for found in _PATH.finditer(_JSONATA_TEXT.sub("", text))]
    seen = []
    for each in dict.fromkeys(texts[: 4 * MOST]):
        try:
            path = compile_path(each)
        except InvalidPath:
            continue
        seen.append(_look(path, data, sight.variables))
    return [each for each in seen if each is not None][:MOST]


def _base(pointer: str | None, sight: Sight) -> Json:
    """The data that `$` names in a field."""
    for start, data in (
        ("InputPath", sight.input),
        ("ResultSelector", sight.result),
        ("OutputPath", sight.shaped),
        ("ResultPath", sight.input),
        ("Assign", sight.result),
    ):
        if (pointer or "").startswith(start):
            return data
    if (pointer or "").startswith("Catch["):
        return sight.input if "ResultPath" in (pointer or "") else sight.error_output
    return sight.filtered


def _look(path: Path, data: Json, variables: Mapping[str, Json]) -> Seen | None:
    root = path.root
    if root == "$$":
        return None
    if root != "$":
        name = root[1:]
        if name not in variables:
            return Seen(path.text, _missing(root, name, variables, "variables"), "$", name, None)
        data = variables[name]
    if data is _UNKNOWN:
        return None
    steps: list[str | int] = []
    for step in path.steps:
        if step.kind not in (NAME, INDEX):
            break
        steps.append(step.value)
    return walk(path.text, root, steps, data)


def of_jsonata(text: str, sight: Sight) -> list[Seen]:
    """What the paths of a JSONata expression looked at."""
    known = {"input": sight.input, "result": sight.result, "errorOutput": sight.error_output}
    seen = []
    for found in list(_JSONATA_PATH.finditer(_JSONATA_TEXT.sub('""', text)))[: 4 * MOST]:
        root, steps = found["root"], list(_jsonata_steps(found["steps"]))
        whole = re.sub(r"\s+", "", found[0])
        if root == "states":
            if not steps or known.get(str(steps[0]), _UNKNOWN) is _UNKNOWN:
                continue
            seen.append(walk(whole, f"$states.{steps[0]}", steps[1:], known[str(steps[0])], _mapped_step))
        elif root in sight.variables:
            seen.append(walk(whole, f"${root}", steps, sight.variables[root], _mapped_step))
        elif found[0] == text.strip():
            seen.append(Seen(whole, _missing(f"${root}", root, sight.variables, "variables"), "$", root))
    return list({each.expression: each for each in seen}.values())[:MOST]


def _jsonata_steps(text: str) -> Iterator[str | int]:
    for found in _JSONATA_STEP.finditer(text):
        yield int(found["index"]) if found["index"] is not None else found["name"] or found["quoted"]


def walk(
    expression: str, root: str, steps: Sequence[str | int], data: Json, step_into: Callable[[Json, str | int], Json] | None = None
) -> Seen:
    """Goes along the steps as far as there is something."""
    reached, value = root, data
    for step in steps:
        following = (step_into or _step)(value, step)
        if following is _UNKNOWN:
            return Seen(expression, _missing(reached, step, value), reached, step, value)
        value = following
        reached = f"{reached}[{step}]" if isinstance(step, int) else f"{reached}.{step}"
    return Seen(expression, f"{reached} is {told(value)}", reached, None, value)


def _step(value: Json, step: str | int) -> Json:
    if isinstance(step, int):
        if isinstance(value, list) and -len(value) <= step < len(value):
            return value[step]
        return _UNKNOWN
    if isinstance(value, dict):
        return value.get(step, _UNKNOWN)
    return _UNKNOWN


def _mapped_step(value: Json, step: str | int) -> Json:
    """As JSONata goes: a name is looked up in every item of an array."""
    if isinstance(value, list) and isinstance(step, str):
        found = [item[step] for item in value if isinstance(item, dict) and step in item]
        return found or _UNKNOWN
    return _step(value, step)


def _missing(reached: str, step: str | int, value: Json, holder: str = "") -> str:
    """`$.order has no total; it has id, items`."""
    if isinstance(step, int):
        if isinstance(value, list):
            return f"{reached} has {len(value)} item{'' if len(value) == 1 else 's'}, none at [{step}]"
        return f"{reached} is {told(value)}, not a list"
    if isinstance(value, list):
        has_some = any(isinstance(item, dict) and step in item for item in value)
        return f"{reached} is {told(value)}; " + (f"only its items have {step}" if has_some else f"no item has {step}")
    if not isinstance(value, Mapping):
        return f"{reached} is {told(value)}; it has no {step}"
    if holder:
        reached = f"no variable {reached} is assigned"
        return reached + (f"; there is {_names(value)}" if value else "")
    near = difflib.get_close_matches(step, [str(key)[:100] for key in list(value)[:200]], 1, 0.7)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{reached} has no {step}; it " + (f"has {_names(value)}{hint}" if value else "is empty")


def _names(value: Mapping[str, Json]) -> str:
    shown = [key if key.isprintable() and len(key) <= 40 else json.dumps(key[:40]) for key in list(value)[:MOST_NAMES]]
    rest = len(value) - len(shown)
    return ", ".join(shown) + (f" and {rest:,} more" if rest else "")


def told(value: Json) -> str:
    """A value in a few words: `"x", a string`, `a list of 3`, `null`."""
    if isinstance(value, (dict, list)):
        try:
            text = json.dumps(value, ensure_ascii=False) if len(value) <= 20 else ""
        except RecursionError:
            text = ""
        if 0 < len(text) <= LONGEST:
            return text
        return f"a list of {len(value):,}" if isinstance(value, list) else f"an object with {_names(value)}"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    text = json.dumps(value if not isinstance(value, str) else value[: LONGEST + 1], ensure_ascii=False)
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return f"{text}, {_KINDS.get(type(value), 'a value')}"


# ---------------------------------------------------------------- choices


def of_rules(rules: Json, sight: Sight, only: str | None = None) -> list[Seen]:
    """What the rules of a Choice looked at, those that lead to the state `only` when given: one line a comparison."""
    seen: list[Seen] = []
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        if not isinstance(rule, dict) or (only is not None and rule.get("Next") != only):
            continue
        condition = rule.get("Condition")
        found = of_jsonata(condition, sight) if isinstance(condition, str) else []
        for comparison in _comparisons(rule):
            found += of_jsonpath(str(comparison.get("Variable", "")), f"Choices[{index}]", sight, (False, None))
            found += [
                looked
                for key, operand in comparison.items()
                if key.endswith("Path") and isinstance(operand, str)
                for looked in of_jsonpath(operand, f"Choices[{index}]", sight, (False, None))
            ]
        seen += found
        if len(seen) >= 10 * MOST:
            break
    return list({each.expression: each for each in seen}.values())[:MOST]


def _comparisons(rule: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """The comparisons within a rule's And, Or and Not."""
    waiting: list[Json] = [rule]
    while waiting:
        each = waiting.pop(0)
        if not isinstance(each, Mapping):
            continue
        if "Variable" in each:
            yield each
        waiting += [inner for key in ("And", "Or") for inner in (each.get(key) or [])]
        if "Not" in each:
            waiting.append(each["Not"])
