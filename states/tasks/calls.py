"""A Call: one piece of work for a callable, and what its result or exception means to the execution.

A driver runs `call.function` on `call.own_event()` and hands what comes of it to `returned`, `raised` or `timed_out`.

Source: recordings.
"""

from __future__ import annotations

from typing import Any

from states import errors
from states.interpreter.commands import ScheduleTask
from states.interpreter.completions import Completion, TaskFailed, TaskStarted, TaskSubmitted, TaskSucceeded
from states.interpreter.resources import ACTIVITY, CALLBACK, LAMBDA, SYNC
from states.language.values import copy_json
from states.tasks import functions
from states.tasks.accepted import job_of_cause, job_started
from states.tasks.functions import Function, Response, TaskError, to_json
from states.tasks.invoke import envelope

Json = Any


class Call:
    """One piece of work: `function` (None: nobody serves it), the `event` for it, and what becomes of its answer.

    `is_plain` says that it is a function named by its ARN: then there is nothing to say before it has run.
    """

    def __init__(self, command: ScheduleTask, function: Function | None, event: Json, request_id: str, arn: str) -> None:
        self.command = command
        self.function = function
        self.event = event
        self.request_id = request_id
        self.arn = arn
        self.is_invoke = command.resource.is_invoke
        self.is_plain = function is not None and command.resource.family == LAMBDA
        self.invocation_type = "RequestResponse"
        self.fault: TaskError | None = None
        self._began: float | None = None

    @property
    def is_function(self) -> bool:
        """Whether it is a Lambda function, with a timeout of its own."""
        return self.is_invoke or self.command.resource.family == LAMBDA

    @property
    def is_event(self) -> bool:
        """Whether the service answers at once and nobody hears of the function's result (InvocationType Event)."""
        return self.invocation_type == "Event" and self.fault is None and self.function is not None

    def own_event(self) -> Json:
        """The callable's own copy of the event."""
        return copy_json(self.event)

    def settled(self, at: float) -> list[Completion] | None:
        """The answer where nothing need be run: a request that the service refuses, a DryRun; None else."""
        if self.fault is not None:
            return self.raised(self.fault, at)
        if self.invocation_type == "DryRun":
            return self.gave(self._envelope(""), at)
        if self.function is None:
            return self.raised(TaskError("States.Runtime", f"No task serves the state '{self.command.state_name}'"), at)
        return None

    def started(self, at: float) -> list[Completion]:
        """What is known as soon as the work starts."""
        self._began = at
        if self.is_event:
            return self.gave(self._envelope(""), at)
        if self.command.resource.family == ACTIVITY:
            return [TaskStarted(self.command.id, at, self.function.name if self.function is not None else None)]
        return []

    def returned(self, result: Any, at: float) -> list[Completion]:
        """The callable gave a result."""
        if self.is_event:
            return []
        whole = type(result) is Response
        try:
            value = to_json(result.value if whole else result)
            submitted = to_json(result.submitted) if whole and result.submitted is not None else None
        except functions.NotJson as fault:
            return self.raised(fault, at)
        if submitted is not None and self.command.resource.pattern == SYNC:
            return [self._submitted(submitted, at), TaskSucceeded(self.command.id, value, at)]
        return self.gave(self._envelope(value) if self.is_invoke and not whole else value, at)

    @property
    def is_called_back(self) -> bool:
        """Whether a task token ends it, not the end of the call."""
        return self.command.resource.pattern == CALLBACK

    def gave(self, output: Json, at: float) -> list[Completion]:
        """The service answered with this output."""
        id, pattern = self.command.id, self.command.resource.pattern
        if pattern == CALLBACK:
            return [TaskSubmitted(id, output, at)]
        if pattern == SYNC:
            return [self._submitted(job_started(self.command.resource, output), at), TaskSucceeded(id, output, at)]
        return [TaskSucceeded(id, output, at)]

    def _submitted(self, output: Json, at: float) -> TaskSubmitted:
        """The service took the job when the work began."""
        return TaskSubmitted(self.command.id, output, at if self._began is None else self._began)

    def raised(self, fault: BaseException, at: float) -> list[Completion]:
        """The callable raised."""
        if self.is_event:
            return []
        if isinstance(fault, TaskError):
            failed = TaskFailed(self.command.id, fault.error, fault.cause, at)
            if self.command.resource.pattern == SYNC and fault.error == errors.TASK_FAILED:  # the job was taken, and then failed
                return [self._submitted(job_started(self.command.resource, job_of_cause(fault.cause)), at), failed]
            return [failed]
        if not self.is_function:
            return [TaskFailed(self.command.id, type(fault).__name__, functions.message_of(fault), at)]
        error, document = functions.error_document(fault, self.request_id)
        return self._failed(error, document, at)

    def timed_out(self, at: float) -> list[Completion]:
        """The function ran into its own timeout."""
        if self.is_event:
            return []
        assert self.function is not None
        error, document = functions.timeout_document(self.function, self.request_id)
        return self._failed(error, document, at)

    def _failed(self, error: str, document: dict[str, Any], at: float) -> list[Completion]:
        return [TaskFailed(self.command.id, error, functions.compact(document) if self.is_invoke else functions.spaced(document), at)]

    def _envelope(self, payload: Json) -> dict[str, Any]:
        parameters = self.command.input
        return envelope(
            payload,
            version=self.function.version if self.function is not None else "$LATEST",
            invocation_type=self.invocation_type,
            request_id=self.request_id,
            log=isinstance(parameters, dict) and parameters.get("LogType") == "Tail",
        )
