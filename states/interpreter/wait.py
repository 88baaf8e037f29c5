"""Wait: until so many seconds have passed, or until a time.

Source: https://states-language.net/spec.html#wait-state
"""

from __future__ import annotations

from typing import Any

from states import errors
from states.errors import StatesError
from states.interpreter import dataflow
from states.interpreter.commands import StartTimer
from states.interpreter.frame import Frame
from states.interpreter.program import Step
from states.language import timestamps
from states.language.paths import PathError
from states.language.values import dumps

LONGEST = 2**31 - 1  #: seconds; AWS takes 24,855 days and refuses 24,856


def enter(frame: Frame) -> Step | None:
    state = frame.step.state
    data = dataflow.effective_input(frame)
    frame.work = data
    if state.seconds is not None:
        until = frame.engine.now + _literal(frame, data, state.seconds)
    elif state.seconds_path is not None:
        until = frame.engine.now + _seconds(frame, data, state.seconds_path)
    elif state.timestamp is not None:
        until = _literal(frame, data, state.timestamp)
    else:
        until = _timestamp(frame, data, state.timestamp_path)
    if until - frame.engine.now > LONGEST:
        raise StatesError(errors.RUNTIME, "Wait state delay is too long.")
    if until <= frame.engine.now:
        return dataflow.pass_on(frame, data)
    frame.engine.ask(StartTimer(frame.command_id, until), frame)
    return None


def answer(frame: Frame, _: object) -> Step | None:
    """The time has come."""
    return dataflow.pass_on(frame, frame.work)


def _literal(frame: Frame, data: Any, value: Any) -> Any:
    """Seconds or a time as the definition gives it, or what its JSONata expression gives."""
    return value if isinstance(value, (int, float)) else value.evaluate(frame.view(data), frame)


def _look_up(frame: Frame, data: Any, field: str, path: Any) -> Any:
    try:
        return path.evaluate(data, frame)
    except PathError:
        raise StatesError(errors.RUNTIME, f"The {field} parameter does not reference an input value: {path.text}") from None


def _seconds(frame: Frame, data: Any, path: Any) -> int:
    value = _look_up(frame, data, "SecondsPath", path)
    if isinstance(value, bool) or not isinstance(value, int):
        raise StatesError(errors.RUNTIME, f"The SecondsPath parameter cannot be parsed as a long value: {path.text} == {_shown(value)}")
    if value < 0:
        raise StatesError(errors.RUNTIME, f"The SecondsPath parameter references a negative value: {path.text} == {value}")
    return value


def _timestamp(frame: Frame, data: Any, path: Any) -> float:
    value = _look_up(frame, data, "TimestampPath", path)
    try:
        if isinstance(value, str):
            return timestamps.parse(value)
    except ValueError:
        pass
    form = "valid ISO-8601 extended offset date-time format string"
    raise StatesError(errors.RUNTIME, f"The TimestampPath parameter does not reference a {form}: {path.text} == {_shown(value)}")


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else dumps(value)
