"""What is wrong with a definition: diagnostics as values, AWS's codes, and the one exception that carries them.

A Diagnostic is made by whoever finds the fault, with AWS's code, message and location; `source.place` adds line and column before
anybody sees it. Nothing here knows a rule.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

ERROR = "ERROR"
WARNING = "WARNING"

# AWS's own codes.
INVALID_JSON_DESCRIPTION = "INVALID_JSON_DESCRIPTION"
SCHEMA_VALIDATION_FAILED = "SCHEMA_VALIDATION_FAILED"
MISSING_TRANSITION_TARGET = "MISSING_TRANSITION_TARGET"
MISSING_END_STATE = "MISSING_END_STATE"
DUPLICATE_STATE_NAME = "DUPLICATE_STATE_NAME"
INVALID_STATE_NAME = "INVALID_STATE_NAME"
DUPLICATE_LABEL_NAME = "DUPLICATE_LABEL_NAME"
INVALID_LABEL_NAME = "INVALID_LABEL_NAME"
TOO_DEEPLY_NESTED = "TOO_DEEPLY_NESTED"
INVALID_JSONATA_EXPRESSION = "INVALID_JSONATA_EXPRESSION"
UNSUPPORTED_JSONATA_EXPRESSION = "UNSUPPORTED_JSONATA_EXPRESSION"

# Our own, where AWS has none.
DEFINITION_TOO_LARGE = "DEFINITION_TOO_LARGE"
DUPLICATE_KEY = "DUPLICATE_KEY"
RESERVED_ERROR_NAME = "RESERVED_ERROR_NAME"
INVALID_VARIABLE_NAME = "INVALID_VARIABLE_NAME"
NOT_SUPPORTED = "NOT_SUPPORTED"
UNKNOWN_CODE = "UNKNOWN_CODE"

#: What each code says of a definition.
CODES = {
    INVALID_JSON_DESCRIPTION: "The text is not JSON.",
    SCHEMA_VALIDATION_FAILED: "A part has not the form the States Language asks for.",
    MISSING_TRANSITION_TARGET: "A transition leads to no state, or no transition leads to a state.",
    MISSING_END_STATE: "No state ends the machine.",
    DUPLICATE_STATE_NAME: "Two states have one name; names are unique over all nesting.",
    INVALID_STATE_NAME: "A state's name is empty or longer than 80 characters.",
    DUPLICATE_LABEL_NAME: "Two Map states have one Label.",
    INVALID_LABEL_NAME: "A Map's Label is empty, longer than 40 characters, or holds a character that is not allowed.",
    TOO_DEEPLY_NESTED: "Objects and arrays lie deeper in each other than can be read.",
    INVALID_JSONATA_EXPRESSION: "A JSONata expression does not parse.",
    UNSUPPORTED_JSONATA_EXPRESSION: "A JSONata expression reads what a state has not got.",
    DEFINITION_TOO_LARGE: "The definition is larger than 1 MiB.",
    DUPLICATE_KEY: "An object holds a key twice; the last one counts.",
    RESERVED_ERROR_NAME: "An ErrorEquals has a name that begins with `States.` and that AWS does not raise.",
    INVALID_VARIABLE_NAME: "A variable has a name by which it cannot be read.",
    NOT_SUPPORTED: "The definition is right, but cannot be run here yet.",
    UNKNOWN_CODE: "A Comment changes the severity of a code that there is not, or that cannot be changed.",
    "NO_DOLLAR": "A field that looks like a path or an intrinsic call has no `.$`.",
    "NO_PATH": "A value looks like a path, but the field's name does not end in `Path`.",
    "PASS_RESULT_IS_STATIC": "The Result of a Pass holds a path, which is not read.",
    "ERROR_NEVER_CAUGHT": "A retrier or catcher names States.Runtime, which none takes.",
    "ERROR_ALREADY_TAKEN": "A retrier or catcher names an error that one before it takes.",
    "ERROR_NOT_RAISED": "A retrier or catcher names an error that its Task cannot end with.",
    "CALLBACK_WITHOUT_TIMEOUT": "A Task waits for a token or an activity without a timeout or a heartbeat.",
    "TOKEN_NOT_PASSED": "A Task waits for a token that it hands to nobody.",
    "CHOICE_WITHOUT_DEFAULT": "The rules of a Choice leave out a case, and it has no Default.",
    "CHOICE_RULE_NEVER_TRUE": "A choice rule is true for no input that gets to it.",
    "PATH_NEVER_PRODUCED": "A path leads to something that no state before puts there.",
    "RESULT_REPLACES_INPUT": "A path needs data that the result of a state before has replaced.",
    "VARIABLE_NOT_ASSIGNED": "A variable is read that no state on the way there assigns.",
    "VARIABLE_OF_OUTER_SCOPE": "A branch or iteration assigns a variable of a block around it.",
    "LOOP_WITHOUT_EXIT": "From a state no way leads to an end.",
    "LOOP_EXCEEDS_HISTORY": "A counting loop makes more events than a history holds.",
}

#: The codes whose faults are warnings, unless somebody makes them errors.
WARNINGS = frozenset({DUPLICATE_KEY, RESERVED_ERROR_NAME, INVALID_VARIABLE_NAME, *list(CODES)[list(CODES).index(UNKNOWN_CODE) :]})


class Diagnostic(NamedTuple):
    """One fault. `location` is AWS's (`/States/Charge/Next`), None where AWS gives none.

    `key` names the field of `location` that is at fault where AWS's location is the whole state; line and column (from 1, in characters)
    then point at that key. They are None when the definition was not a text. `offset` is the place within the text of `location` that
    is at fault (an expression's), None for the whole. `hint` is a likely remedy, or empty.
    """

    code: str
    message: str
    location: str | None = None
    severity: str = ERROR
    hint: str = ""
    key: str = ""
    line: int | None = None
    column: int | None = None
    source: str = "<string>"
    offset: int | None = None

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}:{self.column}"
        parts = [place, f"{self.severity} {self.code}", self.location or "", self.message + (f"  ({self.hint})" if self.hint else "")]
        return "  ".join(part for part in parts if part)


class InvalidDefinition(ValueError):
    """A definition that AWS would refuse, or that cannot run here. `diagnostics` holds every fault, warnings too; its text lists them."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("\n".join(str(diagnostic) for diagnostic in diagnostics))
        self.diagnostics = list(diagnostics)


def errors(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Those that make a definition invalid."""
    return [diagnostic for diagnostic in diagnostics if diagnostic.severity == ERROR]


def aws_message(diagnostics: Iterable[Diagnostic]) -> str:
    """The text with which CreateStateMachine refuses a definition.

    >>> aws_message([Diagnostic(MISSING_END_STATE, "Workflow has no terminal state")])
    "Invalid State Machine Definition: 'MISSING_END_STATE: Workflow has no terminal state at null'"
    """
    faults = (f"{fault.code}: {fault.message} at {fault.location or 'null'}" for fault in errors(diagnostics))
    return f"Invalid State Machine Definition: '{', '.join(faults)}'"
