"""Task: asks for work, watches its clocks, and takes its answer. One file for functions, activities and service integrations.

They differ in the family of their events; a callback task gets a token, an activity's clocks start when a worker takes it.

Source: https://states-language.net/spec.html#task-state
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from states import errors
from states.errors import StatesError
from states.history import Scheduled
from states.interpreter import dataflow
from states.interpreter.commands import ScheduleTask, StartTimer
from states.interpreter.completions import TaskFailed, TaskHeartbeat, TaskStarted, TaskSubmitted, TaskSucceeded, TimerFired
from states.interpreter.frame import Frame
from states.interpreter.program import Step
from states.interpreter.resources import ACTIVITY, CALLBACK, SERVICE
from states.language.paths import PathError
from states.language.values import dumps

TIMEOUT, HEARTBEAT = "/timeout", "/heartbeat"  #: endings of the ids of a task's two timers


class Clocks:
    """The seconds a running task may take in all and between two heartbeats; None where not declared."""

    __slots__ = ("heartbeat_seconds", "timeout_seconds")

    def __init__(self, timeout_seconds: float | None, heartbeat_seconds: float | None) -> None:
        self.timeout_seconds = timeout_seconds
        self.heartbeat_seconds = heartbeat_seconds

    def start(self, frame: Frame) -> None:
        if self.timeout_seconds is not None:
            frame.engine.ask(StartTimer(frame.command_id + TIMEOUT, frame.engine.now + self.timeout_seconds), frame)
        self.beat(frame)

    def beat(self, frame: Frame) -> None:
        if self.heartbeat_seconds is not None:
            frame.engine.ask(StartTimer(frame.command_id + HEARTBEAT, frame.engine.now + self.heartbeat_seconds), frame)


def enter(frame: Frame) -> Step | None:
    step, engine = frame.step, frame.engine
    state, resource = step.state, step.resource
    id = frame.command_id
    token = engine.issue_token(id) if resource.pattern == CALLBACK or resource.family == ACTIVITY else None
    if token is not None and resource.pattern == CALLBACK:
        frame.has_token(token)
    data = dataflow.effective_input(frame)
    timeout = _seconds(frame, "TimeoutSecondsPath", state.timeout_seconds)
    heartbeat = _seconds(frame, "HeartbeatSecondsPath", state.heartbeat_seconds)
    credentials = _credentials(frame, data) if state.credentials is not None else None
    _schedule(frame, data, timeout, heartbeat, credentials)
    engine.ask(ScheduleTask(id, resource, data, step.name, token, timeout, heartbeat, frame.attempt), frame)
    frame.work = None
    if timeout is not None or heartbeat is not None:
        frame.work = Clocks(timeout, heartbeat)
        if resource.family != ACTIVITY:
            frame.work.start(frame)
    return None


def answer(frame: Frame, completion: Any) -> Step | None:
    """Takes what the worker or a clock says."""
    return ANSWERS[type(completion)](frame, completion)


def _schedule(frame: Frame, data: Any, timeout: Any, heartbeat: Any, credentials: Any) -> None:
    engine, resource = frame.engine, frame.step.resource
    scheduled = Scheduled(data, engine.names.region, timeout, heartbeat, credentials)
    frame.last = engine.record(f"{resource.family}Scheduled", frame.last, _subject(frame), scheduled)
    if resource.family != ACTIVITY:
        subject = _subject(frame) if resource.family == SERVICE else None
        frame.last = engine.record(f"{resource.family}Started", frame.last, subject)


def _started(frame: Frame, completion: TaskStarted) -> Step | None:
    if frame.step.resource.family == ACTIVITY:
        frame.last = frame.engine.record("ActivityStarted", frame.last, completion.worker_name)
        if frame.work is not None:
            frame.work.start(frame)
    return None


def _submitted(frame: Frame, completion: TaskSubmitted) -> Step | None:
    frame.last = frame.engine.record("TaskSubmitted", frame.last, _subject(frame), completion.output)
    return None


def _heartbeat(frame: Frame, _: TaskHeartbeat) -> Step | None:
    if frame.work is not None:
        frame.work.beat(frame)
    return None


def _succeeded(frame: Frame, completion: TaskSucceeded) -> Step | None:
    resource, output = frame.step.resource, completion.output
    size = dataflow.measure(frame, output)
    if size > dataflow.LIMIT:
        size = frame.engine.measure(output)
    if size > dataflow.LIMIT:
        return _failed_with(frame, dataflow.too_large(resource.type if resource.family == SERVICE else resource.arn))
    _over(frame, completion.id)
    subject = _subject(frame) if resource.family == SERVICE else None
    frame.last = frame.engine.record(f"{resource.family}Succeeded", frame.last, subject, output)
    return dataflow.leave(frame, output, size)


def _failed(frame: Frame, completion: TaskFailed) -> Step | None:
    return _failed_with(frame, StatesError(completion.error, completion.cause))


def _failed_with(frame: Frame, failure: StatesError, kind: str = "Failed") -> Step | None:
    resource = frame.step.resource
    _over(frame, frame.command_id if kind == "Failed" else None)
    if resource.family == SERVICE:
        subject: Any = _subject(frame)
        value: Any = (failure.error, failure.cause)
    else:
        subject, value = failure.error, failure.cause
    frame.last = frame.engine.record(f"{resource.family}{kind}", frame.last, subject, value)
    return frame.engine.fail(frame, failure)


def _timer_fired(frame: Frame, completion: TimerFired) -> Step | None:
    missed_heartbeat = completion.id.endswith(HEARTBEAT)
    matched_as = (errors.HEARTBEAT_TIMEOUT,) if missed_heartbeat else ()
    return _failed_with(frame, StatesError(errors.TIMEOUT, None, matched_as), "TimedOut")


def _over(frame: Frame, answered: str | None) -> None:
    """The task is done with: no clock of it runs on, and nobody need cancel the one command that was answered."""
    if answered is not None:
        frame.engine.answered(answered, frame)
    if frame.pending:
        frame.engine.forget(frame)


def _subject(frame: Frame) -> Any:
    resource = frame.step.resource
    return (resource.type, resource.action) if resource.family == SERVICE else resource.arn


def _seconds(frame: Frame, field: str, value: Any) -> Any:
    """Declared seconds: a literal, or what the ...Path form finds in the input after InputPath."""
    if value is None or isinstance(value, (int, float)):
        return value
    data = frame.input if frame.step.select is None else frame.step.select(frame.input, frame)
    try:
        found = value.evaluate(data, frame)
    except PathError:
        raise StatesError(errors.RUNTIME, f"The {field} parameter does not reference an input value: {value.text}") from None
    if isinstance(found, bool) or not isinstance(found, int) or found <= 0:
        text = f"The {field} parameter does not reference a positive integer: {value.text} == {dumps(found)}"
        raise StatesError(errors.RUNTIME, text)
    return found


def _credentials(frame: Frame, data: Any) -> dict[str, str]:
    role = frame.step.state.credentials.evaluate(data, frame).get("RoleArn")
    return {"roleArn": role}


ANSWERS: dict[type, Callable[[Frame, Any], Step | None]] = {
    TaskStarted: _started,
    TaskSubmitted: _submitted,
    TaskSucceeded: _succeeded,
    TaskFailed: _failed,
    TaskHeartbeat: _heartbeat,
    TimerFired: _timer_fired,
}
