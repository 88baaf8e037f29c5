"""A Python callable as a Lambda function: its event, its context, its exception as error name and cause.

The rules of the Python runtime of AWS Lambda: the event is the handler's own copy; the result must be JSON; an exception becomes
`errorMessage`, `errorType`, `requestId`, `stackTrace`; a `bytes` result is the raw payload. How time passes is the driver's business
and comes in as a `Clock`.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html and recordings.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from itertools import dropwhile
from typing import Any, NamedTuple, Protocol, TypeVar

from states.interpreter.resources import Resource
from states.language.values import copy_json, dumps, loads

Json = Any
Handler = Callable[..., Any]
H = TypeVar("H", bound=Handler)

DEFAULT_TIMEOUT_SECONDS = 3.0  #: of a function, as AWS has it; at most 900
LONGEST_TIMEOUT_SECONDS = 900.0
DEFAULT_MEMORY_MB = 128
DEEPEST = 500  #: levels of a result


class TaskError(Exception):
    """Raised by a callable to fail its task with exactly this error and cause.

    >>> raise TaskError("DynamoDb.ConditionalCheckFailedException", "The conditional request failed")
    Traceback (most recent call last):
    states.tasks.functions.TaskError: ('DynamoDb.ConditionalCheckFailedException', 'The conditional request failed')
    """

    def __init__(self, error: str | None = None, cause: str | None = None) -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause


class Response(NamedTuple):
    """Returned by a callable to give the whole result of its task, as the service would answer: for `lambda:invoke` with its envelope.

    `submitted` is what the service answered when it started the job of a `.sync` task; None is made of the result.

    >>> Response({"StatusCode": 200, "Payload": {"charged": 7}}).value["StatusCode"]
    200
    """

    value: Json
    submitted: Json = None


class TimedOut(BaseException):
    """Raised inside a callable whose time is up; no `except Exception` of the user's holds it back."""


class MockFault(BaseException):
    """Raised through a running execution by a mock that has no answer; no `Catch` of the machine may take it."""


class AssertedFault(MockFault):
    """The same for what a test's own callable asserts: `failed` is meant for the test."""

    def __init__(self, failed: AssertionError) -> None:
        super().__init__(str(failed))
        self.failed = failed


class Function(NamedTuple):
    """A callable with the configuration of its Lambda function; seconds at most 900, memory from 128 to 10,240 MB."""

    handler: Handler
    name: str
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    memory_mb: int = DEFAULT_MEMORY_MB
    version: str = "$LATEST"
    names: tuple[str, ...] = ()


def function(
    *names: str, timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS, memory_mb: int = DEFAULT_MEMORY_MB, version: str = "$LATEST"
) -> Callable[[H], H]:
    """Decorates a callable as a task: by function name, ARN, state name or `service:api`; by its own name when none is given.

    >>> @function("charge-card", timeout_seconds=30)
    ... def charge(event, context):
    ...     return {"charged": event["amount"]}
    """
    if not 0 < timeout_seconds <= LONGEST_TIMEOUT_SECONDS:
        raise ValueError(f"timeout_seconds must be above 0 and at most {LONGEST_TIMEOUT_SECONDS:.0f}, not {timeout_seconds}")
    if not 128 <= memory_mb <= 10_240:
        raise ValueError(f"memory_mb must be from 128 to 10240, not {memory_mb}")

    def decorate(handler: H) -> H:
        own = getattr(handler, "__name__", "function")
        configured = Function(handler, names[0] if names else own, timeout_seconds, memory_mb, version, names or (own,))
        handler.__states_function__ = configured  # type: ignore[attr-defined]
        return handler

    return decorate


def as_function(handler: Handler, name: str) -> Function:
    """The callable with the configuration it was decorated with, or AWS's defaults."""
    configured = getattr(handler, "__states_function__", None)
    if configured is None:
        return Function(handler, name)
    found: Function = configured
    return found


class Clock(Protocol):
    """How time passes for a running callable, and how it reaches the execution; each driver has its own."""

    def now(self) -> float:
        """Seconds since the epoch."""
        ...

    def sleep(self, seconds: float) -> None:
        """Lets so many seconds pass for the callable; TimedOut when its time is up before."""
        ...

    def heartbeat(self) -> None:
        """Tells the execution that the task is alive."""
        ...

    def answer(self, task_token: str, after: float, kind: str, *values: Any) -> None:
        """Answers a task token, `after` seconds from now: `success`, `failure` or `heartbeat`."""
        ...


class TaskContext:
    """The second argument of a callable: Lambda's context object, and how a callable tells about time and task tokens.

    `state_name`, `attempt` (from 1) and `task_token` (None unless the task has one) say what is being done for whom; `resource` is what
    the state's Resource names, `request` what it is asked for (of `lambda:invoke` with the FunctionName, not the event alone); `place` is
    where in the execution it is asked for, such as `Fan out#1[0]/Charge#2`.
    """

    client_context = None
    identity = None

    def __init__(
        self,
        called: Function,
        clock: Clock,
        arn: str,
        request_id: str,
        state_name: str,
        attempt: int,
        token: str | None,
        resource: Resource | None = None,
        place: str = "",
        request: Json = None,
    ) -> None:
        self.function_name = called.name
        self.function_version = called.version
        self.invoked_function_arn = arn
        self._memory_mb = called.memory_mb
        self.aws_request_id = request_id
        self.state_name = state_name
        self.attempt = attempt
        self.task_token = token
        self.resource = resource
        self.place = place
        self._request = request
        self._clock = clock
        self._started = clock.now()
        self._timeout_seconds = called.timeout_seconds

    @property
    def request(self) -> Json:
        """The Parameters or Arguments of the task after their evaluation, the caller's own copy."""
        return copy_json(self._request)

    @property
    def memory_limit_in_mb(self) -> str:
        """The memory of the function, as Lambda gives it: a text."""
        return str(self._memory_mb)

    @property
    def log_group_name(self) -> str:
        """The name of the function's log group."""
        return f"/aws/lambda/{self.function_name}"

    @property
    def log_stream_name(self) -> str:
        """The name of the function's log stream, as Lambda makes it."""
        return f"2026/01/01/[{self.function_version}]{self.aws_request_id.replace('-', '')}"

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function's own timeout."""
        left = self._started + self._timeout_seconds - self._clock.now()
        return max(0, round(left * 1000))

    def now(self) -> float:
        """The time of the execution, seconds since the epoch: virtual on the virtual clock."""
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        """Works for so many seconds: at once on the virtual clock, truly in real time."""
        self._clock.sleep(seconds)

    def heartbeat(self) -> None:
        """Sends a heartbeat for the task that is being done."""
        self._clock.heartbeat()

    def send_task_success(self, task_token: str, output: Json = None, *, after: float = 0.0) -> None:
        """SendTaskSuccess, `after` seconds from now; `output` is a JSON value."""
        self._clock.answer(task_token, after, "success", to_json(output))

    def send_task_failure(self, task_token: str, error: str | None = None, cause: str | None = None, *, after: float = 0.0) -> None:
        """SendTaskFailure, `after` seconds from now."""
        self._clock.answer(task_token, after, "failure", error, cause)

    def send_task_heartbeat(self, task_token: str, *, after: float = 0.0) -> None:
        """SendTaskHeartbeat, `after` seconds from now."""
        self._clock.answer(task_token, after, "heartbeat")


# ---------------------------------------------------------------- results


class NotJson(ValueError):
    """A result that is no JSON; the text is Lambda's."""


_PLAIN = (str, bool, type(None))
_LEAST, _MOST = -(10**4000), 10**4000  #: Python writes no number of more than 4,300 digits


def to_json(value: Any) -> Json:
    """A result as a JSON value of our own; NotJson for what Python's json does not write, and for NaN and infinities."""
    if type(value) in _PLAIN:
        return value
    try:
        return _copy_checked(value, 0)
    except (_Unusual, RecursionError):
        return _through_text(value)


class _Unusual(Exception):
    """A value that needs the json module to be understood."""


def _copy_checked(value: Any, depth: int) -> Json:
    kind = type(value)
    if kind is dict:
        if depth > DEEPEST:
            raise _Unusual
        copied = {}
        for key, member in value.items():
            if type(key) is not str:
                raise _Unusual
            kind = type(member)
            copied[key] = member if kind in _PLAIN or (kind is int and _LEAST < member < _MOST) else _copy_checked(member, depth + 1)
        return copied
    if kind is list:
        if depth > DEEPEST:
            raise _Unusual
        return [
            member if type(member) in _PLAIN or (type(member) is int and _LEAST < member < _MOST) else _copy_checked(member, depth + 1)
            for member in value
        ]
    if kind in _PLAIN or (kind is int and _LEAST < value < _MOST) or (kind is float and value - value == 0):
        return value
    raise _Unusual


def _through_text(value: Any) -> Json:
    if isinstance(value, (bytes, bytearray)):
        text = bytes(value).decode("utf-8", "replace")
        try:
            return loads(text)
        except ValueError:
            return text
    try:
        return loads(json.dumps(value, allow_nan=False))
    except RecursionError:
        raise NotJson("Unable to marshal response: the result is nested too deeply") from None
    except (TypeError, ValueError, OverflowError) as fault:
        raise NotJson(f"Unable to marshal response: {fault}") from None


# ---------------------------------------------------------------- failures


def error_document(fault: BaseException, request_id: str) -> tuple[str, dict[str, Any]]:
    """The error name of an exception and the document that Lambda writes of it."""
    if isinstance(fault, NotJson):
        return "Runtime.MarshalError", _document(str(fault), "Runtime.MarshalError", request_id, [])
    if isinstance(fault, SystemExit):
        end = f"with error: exit status {fault.code}" if fault.code else "without providing a reason"
        text = f"RequestId: {request_id} Error: Runtime exited {end}"
        return "Runtime.ExitError", {"errorType": "Runtime.ExitError", "errorMessage": text}
    name = type(fault).__name__
    return name, _document(message_of(fault), name, request_id, _stack_trace(fault))


def timeout_document(called: Function, request_id: str) -> tuple[str, dict[str, Any]]:
    """What Lambda reports of a function that ran into its own timeout."""
    text = f"RequestId: {request_id} Error: Task timed out after {called.timeout_seconds:.2f} seconds"
    return "Sandbox.Timedout", {"errorType": "Sandbox.Timedout", "errorMessage": text}


def spaced(document: dict[str, Any]) -> str:
    """The document as the runtime writes it, which a Task by Lambda ARN keeps."""
    return json.dumps(document, ensure_ascii=False)


def compact(document: dict[str, Any]) -> str:
    """The document as `lambda:invoke` shows it."""
    return dumps(document)


def _document(message: str, kind: str, request_id: str, trace: list[str]) -> dict[str, Any]:
    return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace}


def message_of(fault: BaseException) -> str:
    """The text of an exception, whatever its `__str__` does."""
    try:
        return str(fault)
    except Exception as worse:
        return f"<{type(worse).__name__} while writing the message of a {type(fault).__name__}>"


def _stack_trace(fault: BaseException) -> list[str]:
    """The frames from the user's handler inwards, as the runtime formats them."""
    import traceback

    frames = list(dropwhile(_is_ours, traceback.extract_tb(fault.__traceback__)))
    return traceback.format_list([(frame.filename, frame.lineno or 0, frame.name, frame.line) for frame in frames[-DEEPEST_TRACE:]])


def _is_ours(frame: Any) -> bool:
    """Whether a frame belongs to this package, or to the event loop a coroutine runs on."""
    return str(frame.filename).startswith(_our_folders())


@lru_cache(maxsize=1)
def _our_folders() -> tuple[str, ...]:
    from pathlib import Path

    folders = (Path(__file__).parent.parent, Path(json.__file__).parent.parent / "asyncio")
    return tuple(str(folder / "_")[:-1] for folder in folders)  # with the separator at the end


DEEPEST_TRACE = 50  #: frames of a stack trace
