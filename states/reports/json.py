"""Diagnostics as JSON, with the fields of AWS's ValidateStateMachineDefinition and the places beside them.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
"""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps
from typing import Any

from states.definition.diagnostics import Diagnostic, errors
from states.reports.checked import Checked, ordered


def write(checked: Sequence[Checked]) -> str:
    definitions = [
        {
            "source": one.source,
            "result": "FAIL" if errors(one.diagnostics) else "OK",
            "diagnostics": [fields(fault) for fault in ordered(one.diagnostics)],
        }
        for one in checked
    ]
    return dumps({"definitions": definitions}, indent=2) + "\n"


def fields(fault: Diagnostic) -> dict[str, Any]:
    """What is known of a fault; what is not, is null."""
    return {
        "severity": fault.severity,
        "code": fault.code,
        "message": fault.message,
        "location": fault.location,
        "hint": fault.hint or None,
        "file": fault.source,
        "line": fault.line,
        "column": fault.column,
    }
