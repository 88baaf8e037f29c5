"""Expressions: paths, reference paths, payload templates, intrinsic calls, timestamps and names of variables are well formed.

JSONPath states only, except for timestamps and names of variables. A text that holds a `${substitution}` is not judged.

Source: https://states-language.net/spec.html#path; messages recorded from CreateStateMachine
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from states.definition.diagnostics import SCHEMA_VALIDATION_FAILED, Diagnostic
from states.definition.outline import JSONPATH, Node, Outline
from states.definition.rules.fields import is_jsonata, pieces
from states.language import paths, templates, timestamps

NOT_A_PATH = "Value must be a valid JSONPath."
NOT_A_TIMESTAMP = "String does not match RFC3339 timestamp"

Fault = str | None  #: the message, or None when there is no fault


def path_fault(text: str) -> Fault:
    """What is wrong with a JSONPath."""
    try:
        paths.compile_path(text)
    except paths.InvalidPath:
        return NOT_A_PATH
    return None


def reference_fault(text: str) -> Fault:
    """What is wrong with a reference path that is read: it may also start in the Context Object or a variable."""
    try:
        if paths.compile_path(text).is_reference:
            return None
    except paths.InvalidPath:
        pass
    return result_path_fault(text) or "Value is not a Reference Path"


def result_path_fault(text: str) -> Fault:
    """What is wrong with a reference path that is written to."""
    try:
        paths.compile_reference_path(text)
    except paths.InvalidPath as error:
        return f"Value is not a Reference Path: {error}"
    return None


def path_or_call_fault(text: str) -> Fault:
    """What is wrong with the ErrorPath or CausePath of a Fail."""
    return NOT_A_PATH if templates.template_faults({"k.$": text}) else None


def timestamp_fault(text: str) -> Fault:
    try:
        timestamps.parse(text)
    except ValueError:
        return NOT_A_TIMESTAMP
    return None


JUDGES: dict[str, Callable[[str], Fault]] = {
    "InputPath": path_fault,
    "OutputPath": path_fault,
    "ResultPath": result_path_fault,
    "ItemsPath": reference_fault,
    "Variable": reference_fault,
    "SecondsPath": reference_fault,
    "TimestampPath": reference_fault,
    "TimeoutSecondsPath": reference_fault,
    "HeartbeatSecondsPath": reference_fault,
    "MaxConcurrencyPath": reference_fault,
    "ToleratedFailureCountPath": reference_fault,
    "ToleratedFailurePercentagePath": reference_fault,
    "MaxItemsPath": reference_fault,
    "MaxItemsPerBatchPath": reference_fault,
    "MaxInputBytesPerBatchPath": reference_fault,
    "ErrorPath": path_or_call_fault,
    "CausePath": path_or_call_fault,
    "Timestamp": timestamp_fault,
}
#: Comparisons by what they compare with: `StringEqualsPath`, `TimestampLessThan` ...
COMPARISON_PATH, COMPARISON_TIME = "Path", "Timestamp"

TEMPLATES = frozenset({"Parameters", "ResultSelector", "ItemSelector", "Credentials", "Assign", "BatchInput"})


@lru_cache(maxsize=4096)
def judge(field: str, text: str) -> Fault:
    """What is wrong with the text of a field, by the field's name."""
    judged = JUDGES.get(field)
    return judged(text) if judged else None


def paths_are_paths(outline: Outline) -> Iterator[Diagnostic]:
    """Every field that holds a path holds one of the right kind."""
    for node in outline.nodes:
        if node.language == JSONPATH:
            for location, fields in pieces(node):
                for field, text in fields.items():
                    if type(text) is str and field in JUDGES and field != "Timestamp" and "${" not in text and (message := judge(field, text)):
                        yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{location}/{field}")


def timestamps_are_timestamps(outline: Outline) -> Iterator[Diagnostic]:
    """A Wait's Timestamp has date, T, time and an offset; in JSONata it may be an expression."""
    for node in outline.nodes:
        text = node.value.get("Timestamp")
        if node.type == "Wait" and type(text) is str and "${" not in text and not (node.language != JSONPATH and is_jsonata(text)):
            message = judge("Timestamp", text)
            if message:
                yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{node.location}/Timestamp")


def comparisons_are_well_formed(outline: Outline) -> Iterator[Diagnostic]:
    """Variables and paths of choice rules at any depth, and the timestamps they are compared with."""
    for node in outline.nodes:
        if node.type == "Choice" and node.language == JSONPATH:
            for location, rule in inner_rules(node):
                for field, text in rule.items():
                    if type(text) is str and "${" not in text and (message := comparison_fault(field, text)):
                        yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{location}/{field}")


def comparison_fault(field: str, text: str) -> Fault:
    if field == "Variable" or (field.endswith("Path") and field not in JUDGES):
        return judge("Variable", text)
    return judge("Timestamp", text) if field.startswith("Timestamp") and field != "Timestamp" else None


def inner_rules(node: Node) -> Iterator[tuple[str, dict[str, Any]]]:
    """Location and value of every choice rule, the rules inside And, Or and Not too."""
    written = node.value.get("Choices")
    waiting = entries(f"{node.location}/Choices", written)
    for location, rule in waiting:  # grows while it is walked
        yield location, rule
        for combinator in ("And", "Or"):
            waiting += entries(f"{location}/{combinator}", rule.get(combinator))
        if type(rule.get("Not")) is dict:
            waiting.append((f"{location}/Not", rule["Not"]))


def entries(location: str, value: Any) -> list[tuple[str, dict[str, Any]]]:
    if type(value) is not list:
        return []
    return [(f"{location}[{index}]", entry) for index, entry in enumerate(value) if type(entry) is dict]


def templates_are_well_formed(outline: Outline) -> Iterator[Diagnostic]:
    """Every `.$` key of a payload template holds a path or an intrinsic call. AWS's place is the whole template."""
    for node in outline.nodes:
        if node.language == JSONPATH:
            for location, fields in pieces(node):
                for field in TEMPLATES.intersection(fields):
                    yield from template_faults(fields[field], location, field)


def template_faults(value: Any, location: str, field: str) -> Iterator[Diagnostic]:
    for path, key, message in templates.template_faults(value):
        if "${" not in message:
            inner = "".join(f"[{step}]" if isinstance(step, int) else f"/{step}" for step in path)
            yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{location}/{field}", key=inner[1:] or key)


# --- variables ---------------------------------------------------------------------------------------------------------------------

MAX_VARIABLE = 80


def variables_have_names(outline: Outline) -> Iterator[Diagnostic]:
    """A key of Assign is an identifier of at most 80 characters, and not `states`."""
    for node in outline.nodes:
        for location, fields in pieces(node):
            assign = fields.get("Assign")
            if type(assign) is dict:
                for key in assign:
                    name = key.removesuffix(".$") if node.language == JSONPATH else key
                    message = name_fault(name)
                    if message:
                        yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{location}/Assign", key=key)


def name_fault(name: str) -> Fault:
    if "${" in name:
        return None
    if name == "states":
        return "The variable name 'states' is reserved"
    if not name.isidentifier():
        return f"The variable name '{name}' is invalid: it must be an identifier"
    if len(name) > MAX_VARIABLE:
        return f"The variable name '{name}' is longer than {MAX_VARIABLE} characters"
    return None


RULES = (
    paths_are_paths,
    comparisons_are_well_formed,
    timestamps_are_timestamps,
    templates_are_well_formed,
    variables_have_names,
)
