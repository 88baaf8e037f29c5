"""What looks like a path or an intrinsic call, and is none where it stands: AWS's own three warnings.

A text that holds a `${substitution}` is not judged. AWS's wording is not recorded; this is that of its manual.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from states.definition.diagnostics import WARNING, Diagnostic
from states.definition.outline import JSONPATH, Node, Outline
from states.definition.rules.expressions import TEMPLATES, place_of
from states.definition.rules.fields import COMPARISONS

LOOKS_LIKE_A_PATH = re.compile(r"\$\$?[.\[]|\$\$?\Z")
LOOKS_LIKE_A_CALL = re.compile(r"States\.[A-Z][A-Za-z0-9]*\(.*\)\s*\Z", re.DOTALL)

#: Fields outside payload templates that hold any text, and have a sister whose name ends in Path.
TEXTS = frozenset({"Error", "Cause", *(name for name in COMPARISONS if name.startswith("String") and f"{name}Path" in COMPARISONS)})


def is_path(value: Any) -> bool:
    return type(value) is str and value.startswith("$") and "${" not in value and LOOKS_LIKE_A_PATH.match(value) is not None


def is_dynamic(value: Any) -> bool:
    """Whether a value looks as if it were to be computed."""
    return is_path(value) or (type(value) is str and value.startswith("States.") and LOOKS_LIKE_A_CALL.match(value) is not None)


def members(value: Any) -> Iterator[tuple[tuple[str | int, ...], str | int, Any]]:
    """Every member of a value at any depth: the way to what holds it, its key, itself."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while waiting:
        way, holder = waiting.pop()
        pairs = list(holder.items()) if type(holder) is dict else list(enumerate(holder)) if type(holder) is list else []
        for key, member in pairs:
            yield way, key, member
        waiting += reversed([((*way, key), member) for key, member in pairs if type(member) in (dict, list)])


def keys_of_paths_end_in_dollar(outline: Outline) -> Iterator[Diagnostic]:
    """A field of a payload template whose value is a path or an intrinsic call has a name that ends in `.$`.

    Why: without `.$` the text itself is handed on, `"$.order.id"` and not the id.
    Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
    """
    for node in outline.nodes:
        if node.language == JSONPATH:
            for place, fields in node.pieces:
                for field, value in fields.items():
                    if field in TEMPLATES:
                        yield from without_dollar(node, f"{place}/{field}", value)


def without_dollar(node: Node, place: str, template: Any) -> Iterator[Diagnostic]:
    for way, key, value in members(template):
        if type(key) is str and not key.endswith(".$") and is_dynamic(value):
            message = f"No .$ on a field that appears to be a JSONPath or Intrinsic Function: '{key}'"
            location = f"{node.location}{place}/{place_of((*way, key))}"
            yield Diagnostic("NO_DOLLAR", message, location, WARNING, f'did you mean "{key}.$"?')


def fields_of_paths_end_in_path(outline: Outline) -> Iterator[Diagnostic]:
    """A field that takes its value from a path has a name that ends in `Path`.

    Why: `StringEquals: "$.wanted"` compares with these nine characters; `StringEqualsPath` compares with what they name.
    Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
    """
    for node in outline.nodes:
        if node.language == JSONPATH:
            if node.type == "Fail":
                yield from without_path(node, "", node.value)
            elif node.type == "Choice":
                for place, rule in node.rules:
                    if type(rule) is dict:
                        yield from without_path(node, place, rule)


def without_path(node: Node, place: str, fields: dict[str, Any]) -> Iterator[Diagnostic]:
    for field, value in fields.items():
        if field in TEXTS and is_path(value):
            message = f"Field value looks like a path, but field name does not end with 'Path': '{field}'"
            yield Diagnostic("NO_PATH", message, f"{node.location}{place}/{field}", WARNING, f'did you mean "{field}Path"?')


def results_are_literal(outline: Outline) -> Iterator[Diagnostic]:
    """The Result of a Pass holds no path: it stands for itself.

    Why: nothing in a Result is computed, keys that end in `.$` neither; Parameters are.
    Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
    """
    for node in outline.nodes:
        if node.type == "Pass" and node.language == JSONPATH and "Result" in node.value:
            result = node.value["Result"]
            if is_dynamic(result) or any(is_dynamic(value) for _, _, value in members(result)):
                message = "Attempt to use a path in the result of a Pass state"
                yield Diagnostic("PASS_RESULT_IS_STATIC", message, f"{node.location}/Result", WARNING, 'did you mean "Parameters"?')
