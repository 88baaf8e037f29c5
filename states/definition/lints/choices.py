"""Choice rules: what they leave out, and what can never be true.

Rules are tried out, not argued about: the constants of all rules say at which values anything can change, and a handful of values around
them stand for all others. Where that does not hold (patterns, timestamps, other paths) nothing is said.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise, product
from typing import Any, Final

from states.definition.diagnostics import WARNING, Diagnostic
from states.definition.outline import JSONATA, JSONPATH, Fields, Node, Outline

MAX_TRIED = 256  #: inputs a Choice is tried with; nothing is said of one that needs more
MAX_RULES = 60

Absent = object()
ABSENT: Final = Absent
Values = dict[str, Any]  #: by Variable
Rule = Callable[[Values], bool]

NUMERIC = {
    "NumericEquals": lambda a, b: a == b,
    "NumericLessThan": lambda a, b: a < b,
    "NumericGreaterThan": lambda a, b: a > b,
    "NumericLessThanEquals": lambda a, b: a <= b,
    "NumericGreaterThanEquals": lambda a, b: a >= b,
}
TYPES: dict[str, tuple[type, ...]] = {"IsNull": (type(None),), "IsString": (str,), "IsNumeric": (int, float), "IsBoolean": (bool,)}


class NotKnown(Exception):
    """A rule of which nothing certain can be said."""


class Missing(Exception):
    """A comparison with a variable that is not there: the execution fails."""


def comparison(rule: Fields) -> tuple[str, Any]:
    """Operator and constant of a plain comparison that can be tried out."""
    tests = [name for name in rule if name not in ("Variable", "Next", "Comment", "Assign")]
    if len(tests) != 1 or type(rule.get("Variable")) is not str or "${" in rule["Variable"] or not rule["Variable"].startswith("$"):
        raise NotKnown
    name = tests[0]
    constant = rule[name]
    wanted: tuple[type, ...] = ()
    if name == "StringEquals":
        wanted = (str,)
    elif name in NUMERIC:
        wanted = (int, float)
    elif name in TYPES or name in ("BooleanEquals", "IsPresent"):
        wanted = (bool,)
    if type(constant) not in wanted or (type(constant) is str and "${" in constant):
        raise NotKnown
    return name, constant


def plain(rules: list[Any]) -> Iterator[Fields]:
    """The comparisons inside rules, however deep. Raises NotKnown."""
    waiting = list(rules)
    while waiting:
        rule = waiting.pop()
        if type(rule) is not dict:
            raise NotKnown
        inner = [*rule.get("And", ()), *rule.get("Or", ()), *([rule["Not"]] if "Not" in rule else ())]
        if inner:
            waiting += inner
        else:
            comparison(rule)
            yield rule


def compiled(rule: Fields) -> Rule:
    """A rule as a function of the values of its variables."""
    if "And" in rule:
        every = [compiled(inner) for inner in rule["And"]]
        return lambda values: all(test(values) for test in every)
    if "Or" in rule:
        some = [compiled(inner) for inner in rule["Or"]]
        return lambda values: any(test(values) for test in some)
    if "Not" in rule:
        other = compiled(rule["Not"])
        return lambda values: not other(values)
    name, constant = comparison(rule)
    variable = rule["Variable"]
    return lambda values: holds(name, values[variable], constant)


def holds(name: str, value: Any, constant: Any) -> bool:
    if name == "IsPresent":
        return (value is not ABSENT) is constant
    if value is ABSENT:
        raise Missing
    if name in TYPES:
        return (type(value) in TYPES[name]) is constant
    if name in NUMERIC:
        return type(value) in (int, float) and NUMERIC[name](value, constant)
    return type(value) is type(constant) and value == constant


# --- values that stand for all -----------------------------------------------------------------------------------------------------


def samples(rules: list[Any], *, any_type: bool) -> dict[str, list[Any]]:
    """For each variable, values that stand for all it may have: with `any_type`, of every type; else of the types it is compared with."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for rule in plain(rules):
        found.setdefault(rule["Variable"], []).append(comparison(rule))
    return {variable: list(around(tests, any_type)) for variable, tests in sorted(found.items())}


def around(tests: list[tuple[str, Any]], any_type: bool) -> Iterator[Any]:
    texts = sorted({constant for name, constant in tests if name == "StringEquals"})
    numbers = sorted({constant for name, constant in tests if name in NUMERIC})
    named = {name for name, _ in tests}
    if texts or any_type or "IsString" in named:
        yield next(text for text in ("something else", *(f"something else {n}" for n in range(len(texts)))) if text not in texts)
        yield from texts
    if numbers:
        yield numbers[0] - 1
        for low, high in pairwise(numbers):
            yield from (low, (low + high) / 2)
        yield from (numbers[-1], numbers[-1] + 1)
    elif any_type or "IsNumeric" in named:
        yield 0
    if "BooleanEquals" in named or any_type or "IsBoolean" in named:
        yield from (True, False)
    if "IsNull" in named or any_type:
        yield None
    if any_type:
        yield from ([], {})
    if "IsPresent" in named or any_type:
        yield ABSENT
    if named <= {"IsNull", "IsPresent"} and not any_type:
        yield "something"


def inputs(values: dict[str, list[Any]]) -> list[Values]:
    """Every combination. Raises NotKnown when there are too many, or when one variable is a part of another."""
    names = list(values)
    count = 1
    for some in values.values():
        count *= len(some)
        if count > MAX_TRIED:
            raise NotKnown
    if any(a != b and a.startswith((f"{b}.", f"{b}[")) for a in names for b in names):
        raise NotKnown
    return [dict(zip(names, chosen, strict=True)) for chosen in product(*values.values())]


def is_true(rule: Rule, values: Values) -> bool | None:
    """None when the rule fails for want of a variable."""
    try:
        return rule(values)
    except Missing:
        return None


# --- lints -------------------------------------------------------------------------------------------------------------------------


def choices_of(outline: Outline, language: str) -> Iterator[tuple[Node, list[Any]]]:
    for node in outline.nodes:
        rules = node.value.get("Choices")
        if node.type == "Choice" and node.language == language and type(rules) is list and 0 < len(rules) <= MAX_RULES:
            yield node, rules


def choices_cover(outline: Outline) -> Iterator[Diagnostic]:
    """A Choice whose rules leave out a case has a Default.

    Why: when no rule is true and there is no Default, the execution fails with States.NoChoiceMatched, which a Choice cannot catch.
    Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
    """
    for node, rules in choices_of(outline, JSONPATH):
        if "Default" not in node.value and (left_out := first_left_out(rules)) is not None:
            shown = ", ".join(f"{variable} is {show(value)}" for variable, value in left_out.items())
            message = f"No rule takes the case that {shown}, and there is no Default"
            yield Diagnostic("CHOICE_WITHOUT_DEFAULT", message, node.location, WARNING)
    for node, rules in choices_of(outline, JSONATA):
        if "Default" not in node.value and all(map(is_equation, rules)):
            message = "The rules compare with single texts only, and there is no Default for any other"
            yield Diagnostic("CHOICE_WITHOUT_DEFAULT", message, node.location, WARNING)


def first_left_out(rules: list[Any]) -> Values | None:
    """Values that make every rule false, if there are any."""
    try:
        tests = [compiled(rule) for rule in rules if next(plain([rule]))]
        for values in inputs(samples(rules, any_type=False)):
            if all(is_true(test, values) is False for test in tests):
                return values
    except NotKnown:
        pass
    return None


def show(value: Any) -> str:
    return "absent" if value is ABSENT else json.dumps(value)


EQUATION = re.compile(r"""\{%\s*\(?\s*\$[\w.]+\s*=\s*("[^"]*"|'[^']*')\s*\)?\s*%\}""")


def is_equation(rule: Any) -> bool:
    """Whether a JSONata rule compares one thing with one text."""
    condition = rule.get("Condition") if type(rule) is dict else None
    return type(condition) is str and "${" not in condition and EQUATION.fullmatch(condition) is not None


def rules_can_be_true(outline: Outline) -> Iterator[Diagnostic]:
    """Every choice rule is true for some input, and not only for inputs that a rule before it takes.

    Why: the way behind a rule that is never taken is dead, and what was meant for it goes elsewhere.
    Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
    """
    for language in (JSONPATH, JSONATA):
        for node, rules in choices_of(outline, language):
            seen: dict[str, int] = {}
            for index in range(len(rules)):
                reason = why_never(rules, index, seen, language)
                if reason:
                    yield Diagnostic("CHOICE_RULE_NEVER_TRUE", reason, f"{node.location}/Choices[{index}]", WARNING)


def why_never(rules: list[Any], index: int, seen: dict[str, int], language: str) -> str:
    """Why a rule is never taken, or nothing."""
    rule = rules[index]
    if type(rule) is not dict:
        return ""
    condition = {name: part for name, part in rule.items() if name not in ("Next", "Comment", "Assign", "Output")}
    text = json.dumps(condition, sort_keys=True)
    earlier = seen.setdefault(text, index)
    if earlier != index:
        return "" if is_by_chance(text) else f"Choices[{earlier}] asks the same and comes first"
    if language == JSONATA:
        return "" if condition.get("Condition") is not False else "The Condition is never true"
    return never_true(rule)


def is_by_chance(text: str) -> bool:
    return "$random(" in text or "$uuid(" in text or "${" in text


def never_true(rule: Fields) -> str:
    try:
        if not ("And" in rule or "Not" in rule or "Or" in rule):
            return ""
        tried = inputs(samples([rule], any_type=True))
        test = compiled(rule)
    except NotKnown:
        return ""
    return "" if any(is_true(test, values) for values in tried) else "No value makes this rule true"
