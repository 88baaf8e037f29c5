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
from states.interpreter import dataflow, failures
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
    timeout, heartbeat = state.timeout_seconds, state.heartbeat_seconds
    if timeout is not None or heartbeat is not None:
        timeout = _seconds(frame, "TimeoutSecondsPath", timeout)
        heartbeat = _seconds(frame, "HeartbeatSecondsPath", heartbeat)
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
    engine, names = frame.engine, frame.step.task
    scheduled = Scheduled(data, engine.names.region, timeout, heartbeat, credentials)
    last = engine.record(names.scheduled, frame.last, names.subject, scheduled)
    if frame.step.resource.family != ACTIVITY:
        last = engine.record(names.started, last, names.later_subject)
    frame.last = last


def _started(frame: Frame, completion: TaskStarted) -> Step | None:
    if frame.step.resource.family == ACTIVITY:
        frame.last = frame.engine.record("ActivityStarted", frame.last, completion.worker_name)
        if frame.work is not None:
            frame.work.start(frame)
    return None


def _submitted(frame: Frame, completion: TaskSubmitted) -> Step | None:
    names = frame.step.task
    frame.last = frame.engine.record(names.submitted, frame.last, names.subject, completion.output)
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
        return _failed_with(frame, completion.id, dataflow.too_large(resource.type if resource.family == SERVICE else resource.arn))
    _over(frame, completion.id)
    names = frame.step.task
    frame.last = frame.engine.record(names.succeeded, frame.last, names.later_subject, output)
    return dataflow.leave(frame, output, size)


def _failed(frame: Frame, completion: TaskFailed) -> Step | None:
    return _failed_with(frame, completion.id, StatesError(completion.error, completion.cause))


def _failed_with(frame: Frame, command_id: str, failure: StatesError) -> Step | None:
    _over(frame, command_id)
    return _fail(frame, frame.step.task.failed, failure)


def _fail(frame: Frame, kind: str, failure: StatesError) -> Step | None:
    subject = frame.step.task.later_subject
    if subject is not None:
        frame.last = frame.engine.record(kind, frame.last, subject, (failure.error, failure.cause))
    else:
        frame.last = frame.engine.record(kind, frame.last, failure.error, failure.cause)
    return failures.fail(frame, failure)


def _timer_fired(frame: Frame, completion: TimerFired) -> Step | None:
    missed_heartbeat = completion.id.endswith(HEARTBEAT)
    matched_as = (errors.HEARTBEAT_TIMEOUT,) if missed_heartbeat else ()
    frame.engine.forget(frame)
    return _fail(frame, frame.step.task.timed_out, StatesError(errors.TIMEOUT, None, matched_as))


def _over(frame: Frame, answered: str) -> None:
    """The task is done with: no clock of it runs on, and nobody need cancel the one command that was answered."""
    frame.engine.answered(answered, frame)
    if frame.pending:
        frame.engine.forget(frame)


def _seconds(frame: Frame, field: str, value: Any) -> Any:
    """Declared seconds: a literal, or what the ...Path form finds in the input after InputPath."""
    if value is None or isinstance(value, (int, float)):
        return value
    data = frame.input if frame.step.select is None else frame.step.select(frame.input, frame)
    try:
        found = value.evaluate(frame.view(data), frame)
    except PathError:
        raise StatesError(errors.RUNTIME, f"The {field} parameter does not reference an input value: {value.text}") from None
    if isinstance(found, bool) or not isinstance(found, int) or found <= 0:
        text = f"The {field} parameter does not reference a positive integer: {value.text} == {dumps(found)}"
        raise StatesError(errors.RUNTIME, text)
    return found


def _credentials(frame: Frame, data: Any) -> dict[str, str]:
    role = frame.step.state.credentials.evaluate(frame.view(data), frame).get("RoleArn")
    return {"roleArn": role}


ANSWERS: dict[type, Callable[[Frame, Any], Step | None]] = {
    TaskStarted: _started,
    TaskSubmitted: _submitted,
    TaskSucceeded: _succeeded,
    TaskFailed: _failed,
    TaskHeartbeat: _heartbeat,
    TimerFired: _timer_fired,
}
