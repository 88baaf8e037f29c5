"""Expressions: paths, reference paths, payload templates, intrinsic calls, timestamps and names of variables are well formed.

JSONPath states only, except for timestamps and names of variables. A text that holds a `${substitution}` is not judged.

Source: https://states-language.net/spec.html#path; messages recorded from CreateStateMachine
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from states.definition.diagnostics import INVALID_VARIABLE_NAME, SCHEMA_VALIDATION_FAILED, WARNING, Diagnostic
from states.definition.outline import JSONATA, JSONPATH, Outline
from states.definition.rules.fields import COMPARISONS, is_jsonata
from states.language import paths, templates, timestamps

NOT_A_PATH = "Value must be a valid JSONPath."
NOT_A_TIMESTAMP = "String does not match RFC3339 timestamp"

Fault = str | None  #: the message, or None when there is no fault
Judge = Callable[[str], Fault]


def path_fault(text: str) -> Fault:
    """What is wrong with a JSONPath."""
    try:
        paths.compile_path(text)
    except paths.InvalidPath:
        return NOT_A_PATH
    return None


def reference_fault(text: str) -> Fault:
    """What is wrong with a reference path, be it into the data, the Context Object or a variable."""
    try:
        paths.compile_reference_path(text)
    except paths.InvalidPath as error:
        return f"Value is not a Reference Path: {error}"
    return None


def result_path_fault(text: str) -> Fault:
    """What is wrong with a reference path that is written to."""
    fault = reference_fault(text)
    if fault is None and paths.compile_reference_path(text).root != "$":
        return "Value is not a Reference Path: a result can be written only into the data, which begins with '$.'"
    return fault


#: The intrinsic functions that give a text, as the ErrorPath and CausePath of a Fail need it.
GIVES_TEXT = ("Format", "JsonToString", "ArrayGetItem", "Base64Encode", "Base64Decode", "Hash", "UUID")
CALL_OF_TEXT = tuple(f"States.{name}(" for name in GIVES_TEXT)


def text_fault(field: str) -> Judge:
    """What is wrong with the ErrorPath or CausePath of a Fail: a path, or a call that gives a text."""

    def judged(text: str) -> Fault:
        if not text.startswith(("$", *CALL_OF_TEXT)) or templates.template_faults({"k.$": text}):
            return f"The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call"
        return None

    return judged


def timestamp_fault(text: str) -> Fault:
    try:
        timestamps.parse(text)
    except ValueError:
        return NOT_A_TIMESTAMP
    return None


#: Fields that hold a path, and what judges it.
PATHS: dict[str, Judge] = {
    "InputPath": path_fault,
    "OutputPath": path_fault,
    "ResultPath": result_path_fault,
    "ItemsPath": reference_fault,
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
    "ErrorPath": text_fault("ErrorPath"),
    "CausePath": text_fault("CausePath"),
}

TEMPLATES = frozenset({"Parameters", "ResultSelector", "ItemSelector", "Credentials", "Assign", "BatchInput"})


@lru_cache(maxsize=4096)
def judge(judged: Judge, text: str) -> Fault:
    """What is wrong with a text; a definition says the same path many times."""
    return None if "${" in text else judged(text)


def paths_are_paths(outline: Outline) -> Iterator[Diagnostic]:
    """Every field that holds a path holds one of the right kind."""
    for node in outline.nodes:
        if node.language == JSONPATH:
            for place, fields in node.pieces:
                for field, text in fields.items():
                    if field in PATHS and type(text) is str and (message := judge(PATHS[field], text)):
                        yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{node.location}{place}/{field}")


def timestamps_are_timestamps(outline: Outline) -> Iterator[Diagnostic]:
    """A Wait's Timestamp has date, T, time and an offset; in JSONata it may be an expression."""
    for node in outline.nodes:
        text = node.value.get("Timestamp")
        if node.type == "Wait" and type(text) is str and not (node.language == JSONATA and is_jsonata(text)):
            message = judge(timestamp_fault, text)
            if message:
                yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{node.location}/Timestamp")


def comparisons_are_well_formed(outline: Outline) -> Iterator[Diagnostic]:
    """Variables and paths of choice rules at any depth, and the timestamps they are compared with."""
    for node in outline.nodes:
        if node.type == "Choice" and node.language == JSONPATH:
            for place, rule in node.rules:
                for field, text in rule.items() if type(rule) is dict else ():
                    if type(text) is str and (message := comparison_fault(field, text)):
                        yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, f"{node.location}{place}/{field}")


def comparison_fault(field: str, text: str) -> Fault:
    """What is wrong with the text of `Variable`, `StringEqualsPath`, `TimestampLessThan` ..."""
    if field == "Variable" or (field in COMPARISONS and field.endswith("Path")):
        return judge(reference_fault, text)
    if field in COMPARISONS and field.startswith("Timestamp"):
        return judge(timestamp_fault, text)
    return None


def templates_are_well_formed(outline: Outline) -> Iterator[Diagnostic]:
    """Every `.$` key of a payload template holds a path or an intrinsic call. AWS's place is the whole template."""
    for node in outline.nodes:
        if node.language == JSONPATH:
            for place, fields in node.pieces:
                for field, value in fields.items():
                    if field in TEMPLATES:
                        yield from template_faults(value, f"{node.location}{place}/{field}")


def template_faults(value: Any, location: str) -> Iterator[Diagnostic]:
    for path, key, message in templates.template_faults(value):
        written = at(value, (*path, key)) if key else None
        if not (type(written) is str and "${" in written):
            yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, location, key=place_of((*path, key)))


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def place_of(path: tuple[str | int, ...]) -> str:
    """A path inside a template as a location writes it, without the first slash."""
    return "".join(f"[{step}]" if isinstance(step, int) else f"/{step}" for step in path if step != "").removeprefix("/")


# --- variables ---------------------------------------------------------------------------------------------------------------------

MAX_VARIABLE = 80


def variables_have_names(outline: Outline) -> Iterator[Diagnostic]:
    """A key of Assign is an identifier of at most 80 characters, and not `states`."""
    for node in outline.nodes:
        for place, fields in node.pieces:
            assign = fields.get("Assign")
            if type(assign) is dict:
                for key in assign:
                    name = key.removesuffix(".$") if node.language == JSONPATH else key
                    if not name.isidentifier() or name == "states" or len(name) > MAX_VARIABLE:
                        yield from name_faults(name, f"{node.location}{place}/Assign", key)


def name_faults(name: str, location: str, key: str) -> Iterator[Diagnostic]:
    """That a name can be assigned but never read, as `top-level` can, is a warning: published definitions have such names."""
    if name == "states":
        yield Diagnostic(SCHEMA_VALIDATION_FAILED, "The variable name 'states' is reserved", location, key=key)
    elif len(name) > MAX_VARIABLE:
        message = f"The variable name '{name}' cannot be longer than {MAX_VARIABLE} characters"
        yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, location, key=key)
    elif not name[:1].isidentifier() and "${" not in name:
        message = f"The variable name '{name}' must begin with a letter or an underscore"
        yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, location, key=key)
    elif "${" not in name:
        message = f"The variable '{name}' cannot be read as ${name}: its name is not an identifier"
        yield Diagnostic(INVALID_VARIABLE_NAME, message, location, WARNING, key=key)


RULES = (
    paths_are_paths,
    comparisons_are_well_formed,
    timestamps_are_timestamps,
    templates_are_well_formed,
    variables_have_names,
)
