"""The fields of a JSONPath state, compiled: paths, reference paths, payload templates, conditions, and the ...Path forms.

The other face of the same questions is `jsonata_fields`. Paths that say `$` are one shared object (IDENTITY, IDENTITY_REFERENCE).

Source: https://states-language.net/spec.html#data
"""

from __future__ import annotations

from typing import Any

from states.language import comparisons, paths, templates, timestamps
from states.machine import Expression, Reference

Fields = dict[str, Any]

IDENTITY: Expression = paths.compile_path("$")
IDENTITY_REFERENCE: Reference = paths.compile_reference_path("$")


def of_state(value: Fields) -> Fields:
    """What every state has."""
    return {
        "input_path": optional_path(value, "InputPath"),
        "output_path": optional_path(value, "OutputPath"),
        "assign": template(value, "Assign"),
    }


def of_work(value: Fields) -> Fields:
    """What a state has that makes a request and takes a result: Pass, Task, Parallel."""
    return {"parameters": template(value, "Parameters"), **of_result(value)}


def of_pass(value: Fields) -> Fields:
    return {"parameters": template(value, "Parameters"), "result_path": reference(value)}


def of_result(value: Fields) -> Fields:
    return {"result_selector": template(value, "ResultSelector"), "result_path": reference(value)}


def of_map(value: Fields) -> Fields:
    selector = "ItemSelector" if "ItemSelector" in value else "Parameters"
    return {"items_path": path(value.get("ItemsPath", "$")), "item_selector": template(value, selector), **of_result(value)}


def of_wait(value: Fields) -> Fields:
    return {
        "seconds": value.get("Seconds"),
        "seconds_path": path(value["SecondsPath"]) if "SecondsPath" in value else None,
        "timestamp": timestamps.parse(value["Timestamp"]) if "Timestamp" in value else None,
        "timestamp_path": path(value["TimestampPath"]) if "TimestampPath" in value else None,
    }


#: Fields of a choice rule that say nothing of when it holds.
NOT_THE_CONDITION = frozenset({"Next", "Comment", "Assign", "Output"})


def of_rule(value: Fields, place: str) -> Fields:  # noqa: ARG001
    rule = {name: item for name, item in value.items() if name not in NOT_THE_CONDITION}
    return {"condition": comparisons.compile_condition(rule), "assign": template(value, "Assign")}


def of_catcher(value: Fields, place: str) -> Fields:  # noqa: ARG001
    return {"result_path": reference(value), "assign": template(value, "Assign")}


# --- one field ---------------------------------------------------------------------------------------------------------------------


def path(text: str) -> Expression:
    return IDENTITY if text == "$" else paths.compile_path(text)


def optional_path(value: Fields, field: str) -> Expression | None:
    """`$` when the field is absent, None when it is null."""
    text = value.get(field, "$")
    return None if text is None else path(text)


def reference(value: Fields) -> Reference | None:
    """ResultPath: `$` when it is absent, None when it is null."""
    text = value.get("ResultPath", "$")
    if text is None:
        return None
    return IDENTITY_REFERENCE if text == "$" else paths.compile_reference_path(text)


def template(value: Fields, field: str, place: str = "") -> Expression | None:  # noqa: ARG001
    return templates.compile_template(value[field]) if field in value else None


def number(value: Fields, field: str, default: Any = None, place: str = "") -> Any:  # noqa: ARG001
    """A number, or the expression of the field's Path form."""
    if f"{field}Path" in value:
        return path(value[f"{field}Path"])
    return value.get(field, default)


def text(value: Fields, field: str) -> str | Expression | None:
    """A text, or the expression of the field's Path form (a path or an intrinsic call)."""
    if f"{field}Path" in value:
        return templates.compile_payload_field(value[f"{field}Path"], f"{field}Path")
    written: str | None = value.get(field)
    return written
