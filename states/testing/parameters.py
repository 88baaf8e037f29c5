"""The parameters of TestState: their types and bounds, as boto3 checks some and the service the others.

boto3 checks what is required, unknown, of a wrong type or too short, and names every fault; the service checks enumerations and maxima.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from states.language.values import dumps
from states.testing.api_errors import ParamValidationError, ValidationException

LARGEST = 262_144  #: characters of a JSON text: input, variables, context, mock.result


class Field(NamedTuple):
    """A parameter. `least` and `most` are characters of a text, or bounds of a number; `values` are the only ones there are."""

    kind: type
    least: int = 0
    most: int | None = None
    values: tuple[str, ...] = ()
    fields: Mapping[str, Field] = {}


JSON_TEXT = Field(str, most=LARGEST)
STATE_NAME = Field(str, least=1, most=80)

MOCK = {
    "result": JSON_TEXT,
    "errorOutput": Field(dict, fields={"error": Field(str, most=256), "cause": Field(str, most=32_768)}),
    "fieldValidationMode": Field(str, values=("STRICT", "PRESENT", "NONE")),
}

CONFIGURATION = {
    "retrierRetryCount": Field(int),
    "errorCausedByState": STATE_NAME,
    "mapIterationFailureCount": Field(int),
    "mapItemReaderData": JSON_TEXT,
}

REQUEST = {
    "definition": Field(str, least=1, most=1_048_576),
    "roleArn": Field(str, least=1, most=256),
    "input": JSON_TEXT,
    "inspectionLevel": Field(str, values=("INFO", "DEBUG", "TRACE")),
    "revealSecrets": Field(bool),
    "variables": JSON_TEXT,
    "stateName": STATE_NAME,
    "mock": Field(dict, fields=MOCK),
    "context": JSON_TEXT,
    "stateConfiguration": Field(dict, fields=CONFIGURATION),
}

REQUIRED = ("definition",)


def check(request: Mapping[str, Any]) -> None:
    """ParamValidationError in boto3's words, or ValidationException in the service's, for a parameter that is not what it must be."""
    faults = list(_client_faults(request, REQUEST, "", REQUIRED))
    if faults:
        raise ParamValidationError(faults)
    faults = list(_service_faults(request, REQUEST, ""))
    if faults:
        count = f"{len(faults)} validation error{'s' if len(faults) > 1 else ''} detected"
        raise ValidationException(f"{count}: {'; '.join(faults)}")


def _client_faults(given: Mapping[str, Any], fields: Mapping[str, Field], name: str, required: tuple[str, ...] = ()) -> Iterator[str]:
    where = name or "input"
    for missing in required:
        if missing not in given:
            yield f'Missing required parameter in {where}: "{missing}"'
    for key in given:
        if key not in fields:
            yield f'Unknown parameter in {where}: "{key}", must be one of: {", ".join(fields)}'
    for key, value in given.items():
        if key in fields:
            yield from _client_fault(value, fields[key], f"{name}.{key}" if name else key)


def _client_fault(value: Any, field: Field, name: str) -> Iterator[str]:
    kind: Any = field.kind
    if not isinstance(value, kind):
        yield f"Invalid type for parameter {name}, value: {value}, type: {type(value)}, valid types: {field.kind}"
    elif field.kind is dict:
        yield from _client_faults(value, field.fields, name)
    elif field.kind is str and len(value) < field.least:
        yield f"Invalid length for parameter {name}, value: {len(value)}, valid min length: {field.least}"
    elif field.kind is int and value < field.least:
        yield f"Invalid range for parameter {name}, value: {value}, valid min value: {field.least}"


def _service_faults(given: Mapping[str, Any], fields: Mapping[str, Field], name: str) -> Iterator[str]:
    for key, value in given.items():
        field, place = fields[key], f"{name}.{key}" if name else key
        if field.kind is dict:
            yield from _service_faults(value, field.fields, place)
        elif field.values and value not in field.values:
            must = f"Member must satisfy enum value set: [{', '.join(field.values)}]"
            yield f"Value '{value}' at '{place}' failed to satisfy constraint: {must}"
        elif field.most is not None and len(value) > field.most:
            yield f"Value at '{place}' failed to satisfy constraint: Member must have length less than or equal to {field.most}"


# ---------------------------------------------------------------- the Context Object


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


#: What a value must be -> (is it, the words for it).
KINDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "text": (lambda value: isinstance(value, str), "must be a string"),
    "number": (_is_number, "must be a number"),
    "object": (lambda value: isinstance(value, dict), "must be an object"),
    "any": (lambda _: True, ""),
}

#: The fields of a Context Object that a test may set.
CONTEXT: dict[str, dict[str, str]] = {
    "Execution": {
        "Id": "text",
        "Input": "any",
        "Name": "text",
        "RoleArn": "text",
        "StartTime": "text",
        "RedriveCount": "number",
        "RedriveTime": "text",
    },
    "State": {"EnteredTime": "text", "Name": "text", "RetryCount": "number"},
    "StateMachine": {"Id": "text", "Name": "text"},
    "Task": {"Token": "text"},
}


def check_context(context: Any) -> None:
    """ValidationException for a Context Object that TestState does not take."""
    for fault in _context_faults(context):
        raise ValidationException(f"Invalid Context object provided: {fault}")


def _context_faults(context: Any) -> Iterator[str]:
    if not isinstance(context, dict):
        yield f"Context object must be a JSON object but was: {dumps(context)[:100]}"
        return
    for part, fields in context.items():
        if part == "Map":
            yield "'Map' field is not supported when mocking a Context object"
        elif part not in CONTEXT:
            yield f"Field '{part}' is not allowed"
        elif not isinstance(fields, dict):
            yield f"{part} must be an object"
        else:
            yield from _part_faults(part, fields)


def _part_faults(part: str, fields: dict[str, Any]) -> Iterator[str]:
    for name, value in fields.items():
        kind = CONTEXT[part].get(name)
        if kind is None:
            yield f"Field '{name}' is not allowed"
        elif not KINDS[kind][0](value):
            yield f"{part}.{name} {KINDS[kind][1]}"
