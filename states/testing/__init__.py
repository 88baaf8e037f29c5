"""The testing kit: a machine on the bench with its tasks, mocks, clock and order, runs to assert on, and one state at a time.

The public names; each is imported when it is first asked for.

>>> from states.testing import Bench, error
>>> task = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge", "End": True}
>>> task["Retry"] = [{"ErrorEquals": ["Busy"]}]
>>> bench = Bench({"StartAt": "Charge", "States": {"Charge": task}}).mock("Charge", error("Busy", times=2), {"receipt": 7})
>>> run = bench.run({"order": 1})
>>> run.status, run.output, run.attempts("Charge"), run.seconds
('SUCCEEDED', {'receipt': 7}, 3, 3.0)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from states.tasks.mocks import Answer, MockError, error, never, response, result
    from states.testing.api_errors import (
        ApiError,
        InvalidArn,
        InvalidDefinition,
        InvalidExecutionInput,
        ParamValidationError,
        ValidationException,
    )
    from states.testing.bench import Bench
    from states.testing.known_calls import UnknownServiceError
    from states.testing.mock_config import InvalidMockConfig, MockConfig, read_mock_config
    from states.testing.one_state import test_state
    from states.testing.one_state_request import NotChecked
    from states.testing.requests import check_request
    from states.testing.runs import Run
    from states.testing.service_models import check_result

__all__ = [
    "Answer",
    "ApiError",
    "Bench",
    "InvalidArn",
    "InvalidDefinition",
    "InvalidExecutionInput",
    "InvalidMockConfig",
    "MockConfig",
    "MockError",
    "NotChecked",
    "ParamValidationError",
    "Run",
    "UnknownServiceError",
    "ValidationException",
    "check_request",
    "check_result",
    "error",
    "never",
    "read_mock_config",
    "response",
    "result",
    "test_state",
]

#: Where each public name comes from.
_PLACES = {
    "states.tasks.mocks": ("Answer", "MockError", "error", "never", "response", "result"),
    "states.testing.api_errors": (
        "ApiError",
        "InvalidArn",
        "InvalidDefinition",
        "InvalidExecutionInput",
        "ParamValidationError",
        "ValidationException",
    ),
    "states.testing.bench": ("Bench",),
    "states.testing.known_calls": ("UnknownServiceError",),
    "states.testing.mock_config": ("InvalidMockConfig", "MockConfig", "read_mock_config"),
    "states.testing.one_state": ("test_state",),
    "states.testing.one_state_request": ("NotChecked",),
    "states.testing.requests": ("check_request",),
    "states.testing.runs": ("Run",),
    "states.testing.service_models": ("check_result",),
}


def __getattr__(name: str) -> Any:
    """Imports a public name at its first use."""
    from importlib import import_module

    for place, names in _PLACES.items():
        if name in names:
            return getattr(import_module(place), name)
    raise AttributeError(f"module 'states.testing' has no attribute {name!r}")
