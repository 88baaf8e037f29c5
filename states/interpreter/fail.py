"""Fail: ends its block with an error and a cause, each a text, a path, or absent.

Source: https://states-language.net/spec.html#fail-state
"""

from __future__ import annotations

from typing import Any

from states import errors
from states.errors import StatesError
from states.interpreter import failures
from states.interpreter.frame import Frame
from states.interpreter.program import Step
from states.language.values import dumps


def enter(frame: Frame) -> Step | None:
    state = frame.step.state
    error = _text(frame, "ErrorPath", state.error)
    cause = _text(frame, "CausePath", state.cause)
    return failures.fail(frame, StatesError(error, cause))


def _text(frame: Frame, field: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    found = value.evaluate(frame.view(frame.input), frame)
    if isinstance(found, str):
        return found
    raise StatesError(errors.RUNTIME, f"The {field} field '{value.text}' must give a string but gave: {dumps(found)}")
