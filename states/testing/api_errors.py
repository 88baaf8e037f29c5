"""What the API answers when it refuses a request: the exceptions of boto3's client, without boto3.

`str()` of each is what botocore's is, and `response` has the shape of `ClientError.response`.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html#API_TestState_Errors and recordings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from states import definition
from states.definition.diagnostics import Diagnostic, aws_message
from states.running import InvalidExecutionInput as InvalidInput

OPERATION = "TestState"


class ApiError(ValueError):
    """A request that AWS refuses. `code` and `message` are AWS's; `response` is boto3's `ClientError.response`."""

    def __init__(self, message: str) -> None:
        self.code = type(self).__name__
        self.message = message
        self.operation_name = OPERATION
        self.response: dict[str, Any] = {"Error": {"Code": self.code, "Message": message}, "message": message}
        Exception.__init__(self, f"An error occurred ({self.code}) when calling the {OPERATION} operation: {message}")


class ValidationException(ApiError):
    """The request does not fit the operation, or its parts do not fit each other."""


class InvalidArn(ApiError):
    """An ARN is no ARN."""


class InvalidExecutionInput(ApiError, InvalidInput):
    """The input is no JSON."""


class InvalidDefinition(ApiError, definition.InvalidDefinition):
    """The definition is not valid; `diagnostics` are its faults."""

    def __init__(self, message: str, diagnostics: Sequence[Diagnostic] = ()) -> None:
        super().__init__(message)
        self.diagnostics = list(diagnostics)

    @classmethod
    def of(cls, found: Sequence[Diagnostic]) -> InvalidDefinition:
        """The answer to a definition with these faults."""
        return cls(aws_message(found), found)


class ParamValidationError(ValueError):
    """A request that boto3 does not even send: a parameter is missing, unknown, of a wrong type, or too short."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("Parameter validation failed:\n" + "\n".join(faults))
