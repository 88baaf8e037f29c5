"""VALUE TWO: a History, what happened. Events as small tuples when recorded, AWS's dictionaries when read.

Only grows. Event 25,000 is the last an execution of type Standard may have; `History.full` says when only that one is left.
Knows the shape of every event type; who records what and when is the interpreter's business.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, overload

LIMIT = 25_000  #: events of a Standard execution; the last one is its failure

Json = Any
Details = dict[str, Any]
_dumps: Callable[[Any], str] = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


class HistoryEvent(NamedTuple):
    """One event as it is recorded: plain tuples with these five places are as good, and cheaper.

    `at` is seconds since the epoch. `subject` and `value` mean what the type's entry in `RENDER` reads there: the name and the
    data of a state, the resource and the data of a task, the error and the cause of a failure.
    """

    type: str
    previous: int
    at: float
    subject: Any = None
    value: Any = None


# ---------------------------------------------------------------- details, by type


def _entered(name: str, value: Json, text: Callable[[Json], str]) -> Details:
    return {"name": name, "input": text(value), "inputDetails": {"truncated": False}}


def _exited(name: str, value: Json, text: Callable[[Json], str]) -> Details:
    if isinstance(value, Assigned):
        assigned = {variable: text(new) for variable, new in value.variables.items()}
        return {**_exited(name, value.output, text), "assignedVariables": assigned, "assignedVariablesDetails": {"truncated": False}}
    return {"name": name, "output": text(value), "outputDetails": {"truncated": False}}


def _output(_: None, value: Json, text: Callable[[Json], str]) -> Details:
    return {"output": text(value), "outputDetails": {"truncated": False}}


def _started(role_arn: str | None, value: Json, text: Callable[[Json], str]) -> Details:
    details = {"input": text(value), "inputDetails": {"truncated": False}}
    return {**details, "roleArn": role_arn} if role_arn else details


def _failed(error: str | None, cause: str | None, _: Callable[[Json], str]) -> Details:
    return {k: v for k, v in (("error", error), ("cause", cause)) if v is not None}


def _length(length: int, _: None, __: Callable[[Json], str]) -> Details:
    return {"length": length}


def _iteration(name: str, index: int, _: Callable[[Json], str]) -> Details:
    return {"name": name, "index": index}


def _map_run(arn: str, _: None, __: Callable[[Json], str]) -> Details:
    return {"mapRunArn": arn}


def _lambda_scheduled(resource: str, value: Scheduled, text: Callable[[Json], str]) -> Details:
    details = {"resource": resource, "input": text(value.input), "inputDetails": {"truncated": False}}
    return {**details, **_declared(value, "timeoutInSeconds", "taskCredentials")}


def _activity_scheduled(resource: str, value: Scheduled, text: Callable[[Json], str]) -> Details:
    details = {"resource": resource, "input": text(value.input), "inputDetails": {"truncated": False}}
    return {**details, **_declared(value, "timeoutInSeconds", "heartbeatInSeconds")}


def _task_scheduled(resource: tuple[str, str], value: Scheduled, text: Callable[[Json], str]) -> Details:
    details = {**_resource(resource), "region": value.region, "parameters": text(value.input)}
    return {**details, **_declared(value, "timeoutInSeconds", "heartbeatInSeconds", "taskCredentials")}


def _declared(value: Scheduled, *names: str) -> Details:
    known = {
        "timeoutInSeconds": value.timeout_seconds,
        "heartbeatInSeconds": value.heartbeat_seconds,
        "taskCredentials": value.credentials,
    }
    return {name: known[name] for name in names if known[name] is not None}


def _resource(resource: tuple[str, str]) -> Details:
    return {"resourceType": resource[0], "resource": resource[1]}


def _task_started(resource: tuple[str, str], _: None, __: Callable[[Json], str]) -> Details:
    return _resource(resource)


def _task_output(resource: tuple[str, str], value: Json, text: Callable[[Json], str]) -> Details:
    return {**_resource(resource), **_output(None, value, text)}


def _task_failed(resource: tuple[str, str], value: tuple[str | None, str | None], text: Callable[[Json], str]) -> Details:
    return {**_resource(resource), **_failed(*value, text)}


def _worker(name: str | None, _: None, __: Callable[[Json], str]) -> Details:
    return {"workerName": name} if name else {}


def _evaluation_failed(failure: tuple[str, str], place: tuple[str | None, str], text: Callable[[Json], str]) -> Details:
    location, state = place
    return {**_failed(*failure, text), **({"location": location} if location else {}), "state": state}


def _redriven(count: int, map_run_arn: str | None, _: Callable[[Json], str]) -> Details:
    return {**({"mapRunArn": map_run_arn} if map_run_arn else {}), "redriveCount": count}


class Scheduled(NamedTuple):
    """What a ...Scheduled event holds besides the resource; seconds are None when not declared."""

    input: Json
    region: str | None = None
    timeout_seconds: int | None = None
    heartbeat_seconds: int | None = None
    credentials: dict[str, str] | None = None


class Assigned(NamedTuple):
    """The value of a ...StateExited event of a state that assigned variables."""

    output: Json
    variables: dict[str, Json]


#: Event type -> (name of its details, how they are made), None when it has none.
RENDER: dict[str, tuple[str, Callable[[Any, Any, Callable[[Json], str]], Details]] | None] = {
    **{f"{state}StateEntered": ("stateEnteredEventDetails", _entered) for state in ("Pass", "Task", "Choice", "Wait", "Succeed", "Fail")},
    **{f"{state}StateExited": ("stateExitedEventDetails", _exited) for state in ("Pass", "Task", "Choice", "Wait", "Succeed")},
    "ParallelStateEntered": ("stateEnteredEventDetails", _entered),
    "ParallelStateStarted": None,
    "ParallelStateSucceeded": None,
    "ParallelStateFailed": None,
    "ParallelStateAborted": None,
    "ParallelStateExited": ("stateExitedEventDetails", _exited),
    "MapStateEntered": ("stateEnteredEventDetails", _entered),
    "MapStateStarted": ("mapStateStartedEventDetails", _length),
    "MapIterationStarted": ("mapIterationStartedEventDetails", _iteration),
    "MapIterationSucceeded": ("mapIterationSucceededEventDetails", _iteration),
    "MapIterationFailed": ("mapIterationFailedEventDetails", _iteration),
    "MapIterationAborted": ("mapIterationAbortedEventDetails", _iteration),
    "MapRunStarted": ("mapRunStartedEventDetails", _map_run),
    "MapRunSucceeded": None,
    "MapRunFailed": ("mapRunFailedEventDetails", _failed),
    "MapRunAborted": None,
    "MapRunRedriven": ("mapRunRedrivenEventDetails", _redriven),
    "MapStateSucceeded": None,
    "MapStateFailed": None,
    "MapStateAborted": None,
    "MapStateExited": ("stateExitedEventDetails", _exited),
    "TaskStateAborted": None,
    "WaitStateAborted": None,
    "ExecutionStarted": ("executionStartedEventDetails", _started),
    "ExecutionSucceeded": ("executionSucceededEventDetails", _output),
    "ExecutionFailed": ("executionFailedEventDetails", _failed),
    "ExecutionAborted": ("executionAbortedEventDetails", _failed),
    "ExecutionTimedOut": ("executionTimedOutEventDetails", _failed),
    "ExecutionRedriven": ("executionRedrivenEventDetails", _redriven),
    "EvaluationFailed": ("evaluationFailedEventDetails", _evaluation_failed),
    "LambdaFunctionScheduled": ("lambdaFunctionScheduledEventDetails", _lambda_scheduled),
    "LambdaFunctionScheduleFailed": ("lambdaFunctionScheduleFailedEventDetails", _failed),
    "LambdaFunctionStarted": None,
    "LambdaFunctionStartFailed": ("lambdaFunctionStartFailedEventDetails", _failed),
    "LambdaFunctionSucceeded": ("lambdaFunctionSucceededEventDetails", _output),
    "LambdaFunctionFailed": ("lambdaFunctionFailedEventDetails", _failed),
    "LambdaFunctionTimedOut": ("lambdaFunctionTimedOutEventDetails", _failed),
    "ActivityScheduled": ("activityScheduledEventDetails", _activity_scheduled),
    "ActivityScheduleFailed": ("activityScheduleFailedEventDetails", _failed),
    "ActivityStarted": ("activityStartedEventDetails", _worker),
    "ActivitySucceeded": ("activitySucceededEventDetails", _output),
    "ActivityFailed": ("activityFailedEventDetails", _failed),
    "ActivityTimedOut": ("activityTimedOutEventDetails", _failed),
    "TaskScheduled": ("taskScheduledEventDetails", _task_scheduled),
    "TaskStarted": ("taskStartedEventDetails", _task_started),
    "TaskStartFailed": ("taskStartFailedEventDetails", _task_failed),
    "TaskSubmitted": ("taskSubmittedEventDetails", _task_output),
    "TaskSubmitFailed": ("taskSubmitFailedEventDetails", _task_failed),
    "TaskSucceeded": ("taskSucceededEventDetails", _task_output),
    "TaskFailed": ("taskFailedEventDetails", _task_failed),
    "TaskTimedOut": ("taskTimedOutEventDetails", _task_failed),
}


class History(Sequence[Details]):
    """The events of one execution, in the shape of boto3's `get_execution_history()["events"]`, made when read.

    A sequence of dictionaries `{"timestamp": datetime, "type", "id", "previousEventId", "...EventDetails"}`; ids are 1 ... n.
    `recorded` holds the tuples themselves; `verbatim` is a value and its text as the caller spelled it, spaces and all.
    """

    __slots__ = ("_last", "_moment", "limit", "recorded", "verbatim")

    def __init__(self, recorded: Iterable[tuple[Any, ...]] = (), *, limit: int | None = LIMIT) -> None:
        self.recorded: list[tuple[Any, ...]] = list(recorded)
        self.limit = limit
        self.verbatim: tuple[Json, str] = (None, "null")
        self._last: tuple[Json, str] = (None, "null")
        self._moment: tuple[float, Any] = (0.0, timestamp(0.0))

    @property
    def full(self) -> bool:
        """Whether only the event that fails the execution fits any more."""
        return self.limit is not None and len(self.recorded) >= self.limit - 1

    def __len__(self) -> int:
        return len(self.recorded)

    @overload
    def __getitem__(self, index: int) -> Details: ...
    @overload
    def __getitem__(self, index: slice) -> list[Details]: ...
    def __getitem__(self, index: int | slice) -> Details | list[Details]:
        places = range(len(self.recorded))[index]
        return self._render(places) if isinstance(places, int) else [self._render(place) for place in places]

    def __iter__(self) -> Iterator[Details]:
        return map(self._render, range(len(self.recorded)))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, History):
            return list(self) == list(other)
        return list(self) == other if isinstance(other, list) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<History of {len(self.recorded)} events>"

    def types(self) -> list[str]:
        """The types of the events, in order."""
        return [event[0] for event in self.recorded]

    def to_json(self, *, indent: int | None = None) -> str:
        """The text that `aws stepfunctions get-execution-history` prints: `{"events": [...]}` with ISO 8601 timestamps."""
        events = [{**event, "timestamp": event["timestamp"].isoformat()} for event in self]
        return json.dumps({"events": events}, indent=indent, ensure_ascii=False)

    def _render(self, place: int) -> Details:
        kind, previous, at, subject, value = self.recorded[place]
        if self._moment[0] != at:
            self._moment = (at, timestamp(at))
        event = {"timestamp": self._moment[1], "type": kind, "id": place + 1, "previousEventId": previous}
        entry = RENDER[kind]
        if entry is not None:
            name, details = entry
            event[name] = details(subject, value, self.text)
        return event

    def text(self, value: Json) -> str:
        """JSON text of a value as events show it; the output of a state is the input of the next, so that the last text is kept."""
        for known, text in (self._last, self.verbatim):
            if known is value and isinstance(value, (dict, list)):
                return text
        text = _dumps(value)
        self._last = (value, text)
        return text


def timestamp(at: float) -> Any:
    """Seconds since the epoch as a datetime in UTC with milliseconds, as boto3 gives it."""
    from datetime import UTC, datetime, timedelta

    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=round(at * 1000))


LATEST = 253_402_300_800.0  #: the year 10000


def seconds_of(found: Any) -> float | None:
    """A timestamp as seconds since the epoch: a datetime, a number, or ISO 8601, UTC where nothing else is said; None when it is none."""
    if isinstance(found, (int, float)) and not isinstance(found, bool):
        return float(found) if 0 <= found < LATEST else None
    from datetime import UTC, datetime

    if isinstance(found, str):
        try:
            found = datetime.fromisoformat(found)
        except ValueError:
            return None
    if not isinstance(found, datetime):
        return None
    return (found if found.tzinfo is not None else found.replace(tzinfo=UTC)).timestamp()


def details_of(event: Details) -> Details:
    """The `...EventDetails` of an event in AWS's shape, `{}` when it has none."""
    for key, value in event.items():
        if key.endswith("EventDetails") and isinstance(value, dict):
            return value
    return {}
