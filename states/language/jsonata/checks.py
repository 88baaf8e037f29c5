"""What AWS finds wrong with an expression when a definition is created, before anything runs.

`INVALID_JSONATA_EXPRESSION` is a text that does not parse, `UNSUPPORTED_JSONATA_EXPRESSION` one that reads what a state has not got.

Source: docs/jsonata.md (messages recorded from ValidateStateMachineDefinition)
"""

from __future__ import annotations

from typing import Final

from states.language.jsonata.errors import JsonataError
from states.language.jsonata.expression import Expression

INVALID: Final = "INVALID_JSONATA_EXPRESSION"
UNSUPPORTED: Final = "UNSUPPORTED_JSONATA_EXPRESSION"


def invalid(error: JsonataError) -> tuple[str, str, int]:
    """The fault of a text that does not parse."""
    return INVALID, error.message, error.position or 0


def unsupported(expression: Expression, in_catch: bool) -> list[tuple[str, str, int]]:
    """The faults of an expression that parses, in the order of the text."""
    scan = expression.scan
    found = [(UNSUPPORTED, "Reference to '$$' is not supported.", position) for position in scan.roots]
    found += [(UNSUPPORTED, f"Reference to '{at.name}' at the top level is not supported.", at.position) for at in scan.absent]
    if not in_catch:
        error_output = "Field '$states.errorOutput' does not exist."
        found += [(UNSUPPORTED, error_output, position) for name, position in scan.fields if name == "errorOutput"]
    return sorted(found, key=lambda fault: fault[2])
