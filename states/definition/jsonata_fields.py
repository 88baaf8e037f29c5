"""The fields of a JSONata state, compiled: Arguments, Output, Assign, Items, Condition, and expressions where a number or a text may stand.

The other face of the same questions is `jsonpath_fields`. Imported only for a machine that has a JSONata state.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from typing import Any

from states.definition.jsonpath_fields import IDENTITY, IDENTITY_REFERENCE
from states.language import timestamps
from states.language.jsonata_templates import compile_jsonata, compile_moment, compile_number, is_expression
from states.machine import Expression

Fields = dict[str, Any]

#: Fields whose value is an object; a text in its place must give one.
OBJECTS = frozenset({"Assign", "Credentials"})

#: Least and greatest number of a field; one without a greatest number takes integers only, one that is not named here from 0 on.
RANGES: dict[str, tuple[int, int | None]] = {
    "TimeoutSeconds": (1, None),
    "HeartbeatSeconds": (1, None),
    "ToleratedFailurePercentage": (0, 100),
    "MaxItemsPerBatch": (1, None),
    "MaxInputBytesPerBatch": (1, None),
}


def of_state(value: Fields) -> Fields:
    """What every state has."""
    return {
        "input_path": IDENTITY,
        "output_path": IDENTITY,
        "assign": template(value, "Assign"),
        "output": template(value, "Output"),
    }


def of_work(value: Fields) -> Fields:
    """What a state has that makes a request and takes a result: Task, Parallel."""
    return {"arguments": template(value, "Arguments"), "result_path": IDENTITY_REFERENCE}


def of_pass(value: Fields) -> Fields:  # noqa: ARG001
    return {"result_path": IDENTITY_REFERENCE}


def of_map(value: Fields) -> Fields:
    items = compile_jsonata(value["Items"], "Items", "array") if "Items" in value else None
    return {"items": items, "item_selector": template(value, "ItemSelector"), "result_path": IDENTITY_REFERENCE}


def of_wait(value: Fields) -> Fields:
    return {
        "seconds": number(value, "Seconds"),
        "timestamp": moment(value["Timestamp"]) if "Timestamp" in value else None,
    }


def moment(timestamp: str) -> float | Expression:
    """Seconds since the epoch, or the expression of a time."""
    return compile_moment(timestamp, "Timestamp") if is_expression(timestamp) else timestamps.parse(timestamp)


def of_rule(value: Fields, place: str) -> Fields:
    condition = compile_jsonata(value["Condition"], f"{place}/Condition", "boolean")
    return {
        "condition": condition.evaluate,
        "assign": template(value, "Assign", f"{place}/Assign"),
        "output": template(value, "Output", f"{place}/Output"),
    }


def of_catcher(value: Fields, place: str) -> Fields:
    return {
        "result_path": IDENTITY_REFERENCE,
        "assign": template(value, "Assign", f"{place}/Assign"),
        "output": template(value, "Output", f"{place}/Output"),
    }


# --- one field ---------------------------------------------------------------------------------------------------------------------


def template(value: Fields, field: str, place: str = "") -> Expression | None:
    types = ("object",) if field in OBJECTS else ()
    return compile_jsonata(value[field], place or field, *types) if field in value else None


def number(value: Fields, field: str, default: Any = None, place: str = "") -> Any:
    """A number, or the expression in its place."""
    written = value.get(field, default)
    return compile_number(written, place or field, *RANGES.get(field, (0, None))) if is_expression(written) else written


def text(value: Fields, field: str) -> str | Expression | None:
    """A text, or the expression in its place."""
    written: str | None = value.get(field)
    return compile_jsonata(written, field, "string") if is_expression(written) else written
