"""A definition that was found somewhere: what it is called, what kind it is, and how it is read.

Reading waits until somebody asks: of a template with twenty machines only those that are wanted become definitions. `read_source` is what
`definition.validate` and `definition.loads` call, so a Found goes wherever the text of a definition goes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from states.definition import diagnostics
from states.definition.diagnostics import ERROR, Diagnostic
from states.definition.source import Source, Unreadable

# Kinds, as they are written in the file.
PLAIN = "definition"
STATE_MACHINE = "AWS::StepFunctions::StateMachine"
SERVERLESS_STATE_MACHINE = "AWS::Serverless::StateMachine"
SERVERLESS_YML = "stepFunctions.stateMachines"
NO_DEFINITION = "none"  #: a file that could not be read, or that has no machine

# Codes of our own.
INVALID_YAML = "INVALID_YAML"
CANNOT_READ_FILE = "CANNOT_READ_FILE"
NO_DEFINITION_FOUND = "NO_DEFINITION_FOUND"
DEFINITION_ELSEWHERE = "DEFINITION_ELSEWHERE"

#: What each code says; they stand beside `diagnostics.CODES`.
CODES = {
    INVALID_YAML: "The text is not YAML, or larger than is read once its aliases are followed.",
    CANNOT_READ_FILE: "A file that is named cannot be read.",
    NO_DEFINITION_FOUND: "A template, or a machine in it, has no definition.",
    DEFINITION_ELSEWHERE: "The definition of a machine lies in S3 or is made by a macro; it was not looked at.",
}


class NoSuchMachine(ValueError):
    """A machine was asked for by a name that no machine of the file has; the text lists those it has."""


class Found(NamedTuple):
    """One definition.

    `name` is its logical id, empty for a file that is a definition itself. `source` is how one asks for it: the path, with `#name` in
    a template. `path` is the file it was found in, `line` and `column` the place of the machine there. `type` is STANDARD or EXPRESS,
    None when nothing says so.
    """

    name: str
    source: str
    path: str
    kind: str
    read: Callable[[], Source]
    type: str | None = None
    line: int | None = None
    column: int | None = None

    def read_source(self) -> Source:
        """Text, value and places. Raises Unreadable, with a diagnostic that has its place."""
        try:
            return self.read()
        except Unreadable as unreadable:
            fault = unreadable.diagnostic
            raise Unreadable(fault if fault.source != "<string>" else fault._replace(source=self.path)) from None

    @property
    def is_elsewhere(self) -> bool:
        """Whether there is a machine, but its definition is not among the files: nothing to check and no fault."""
        try:
            self.read()
        except Unreadable as unreadable:
            return unreadable.diagnostic.code == DEFINITION_ELSEWHERE
        return False


def is_template(value: Any) -> bool:
    """Whether a document holds machines instead of being one.

    >>> [is_template(value) for value in ({"Resources": {}}, {"stepFunctions": {}}, {"States": {}, "Resources": {}})]
    [True, True, False]
    """
    if type(value) is not dict or "States" in value or "StartAt" in value:
        return False
    return type(value.get("Resources")) is dict or "stepFunctions" in value or "AWSTemplateFormatVersion" in value


def unreadable(code: str, message: str, path: str, place: tuple[int, int] | None = None, severity: str = ERROR) -> Unreadable:
    line, column = place or (None, None)
    return Unreadable(Diagnostic(code, message, severity=severity, line=line, column=column, source=path))


def bad(path: str, fault: Unreadable, source: str | None = None) -> Found:
    """What stands for a file that gives no definition: reading it raises the fault."""

    def read() -> Source:
        raise fault

    return Found("", source or path, path, NO_DEFINITION, read)


def too_large(path: str, limit: int) -> Unreadable:
    return unreadable(diagnostics.DEFINITION_TOO_LARGE, f"The file is larger than the {limit:,} bytes that are read", path)
