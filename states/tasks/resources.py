"""Who serves a Resource: the user's callables, found by state name, ARN, function name or `service:api`.

`Tasks` is made once of what the user gave; `Tasks.call` makes of a ScheduleTask the Call a driver runs: which callable, with which
event, and what its result or exception means to the execution.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html and recordings.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from states.interpreter.commands import ScheduleTask
from states.interpreter.completions import Completion, TaskFailed, TaskStarted, TaskSubmitted, TaskSucceeded
from states.interpreter.context import Names
from states.interpreter.resources import ACTIVITY, CALLBACK, LAMBDA, SERVICE, SYNC, Resource, parse_resource
from states.language.values import dumps
from states.machine import Block, Machine, Map, Parallel, Task
from states.tasks import functions
from states.tasks.functions import Function, TaskError, as_function, copy_json, to_json

Json = Any
INVOKE = "lambda:invoke"


class TaskNotServed(LookupError):
    """No callable was given for the Resource of one or more states; the text names each and how to give one."""


class Tasks:
    """The user's callables by the names they answer to.

    Made of a mapping (name -> callable), a module, an object with callables as attributes, a list of those, or None.
    """

    def __init__(self, given: Any = None) -> None:
        self._by_name: dict[str, Function] = {}
        self._known: dict[tuple[str, str | None], Function | None] = {}
        self._give(given)

    def _give(self, given: Any) -> None:
        if given is None:
            return
        if isinstance(given, Tasks):
            self._by_name.update(given._by_name)
        elif isinstance(given, Mapping):
            for name, handler in given.items():
                self._add(str(name), handler)
        elif isinstance(given, (list, tuple)):
            for part in given:
                self._give(part)
        elif callable(given) and not isinstance(given, ModuleType):
            self._add(getattr(given, "__name__", "function"), given)
        else:
            for name, handler in _public(given):
                self._add(name, handler)

    def _add(self, name: str, handler: Any) -> None:
        if not callable(handler):
            raise TypeError(f"the task {name!r} must be a callable, not {type(handler).__name__}")
        found = as_function(handler, _short(name))
        for known in (name, *found.names):
            self._by_name[known] = found

    def serving(self, resource: Resource, state_name: str, function_name: str | None = None) -> Function | None:
        """The callable for a state's Resource; `function_name` is the FunctionName of a `lambda:invoke`."""
        found = self._by_name.get(state_name)
        if found is not None:
            return found
        key = (resource.arn, function_name)
        if key not in self._known:
            candidates = _candidates(resource, function_name)
            self._known[key] = next((self._by_name[name] for name in candidates if name in self._by_name), None)
        return self._known[key]

    def unserved(self, machine: Machine) -> list[tuple[Task, str]]:
        """The Task states no callable serves, as far as the definition says, each with the names that would serve it."""
        missing = []
        for state, resource, literal in task_states(machine):
            if _is_invoke(resource) and literal is None and (self._by_name or not state.parameters):
                continue
            if self.serving(resource, state.name, literal) is None:
                missing.append((state, _suggestion(resource, state.name, literal)))
        return missing

    def check(self, machine: Machine) -> None:
        """TaskNotServed when a state of the machine has nobody to do its work."""
        missing = self.unserved(machine)
        if missing:
            lines = [f'{state.location}: no task serves "{state.resource}"; give one as {names}' for state, names in missing]
            raise TaskNotServed("\n".join(lines))

    def call(self, command: ScheduleTask, names: Names, request_id: str) -> Call:
        """What a driver runs for the command."""
        resource = command.resource
        if resource.family == SERVICE and resource.type == "lambda" and resource.api == "invoke":
            return _invoke(self, command, names, request_id)
        found = self.serving(resource, command.state_name)
        return Call(command, found, command.input, request_id, _function_arn(names, resource, found))


class Call:
    """One piece of work: `function` (None: nobody serves it), the `event` for it, and what becomes of its answer."""

    def __init__(self, command: ScheduleTask, function: Function | None, event: Json, request_id: str, arn: str) -> None:
        self.command = command
        self.function = function
        self.event = event
        self.request_id = request_id
        self.arn = arn
        self.invocation_type = "RequestResponse"
        self.fault: TaskError | None = None

    @property
    def is_invoke(self) -> bool:
        return self.command.resource.family == SERVICE and self.command.resource.type == "lambda" and self.command.resource.api == "invoke"

    @property
    def is_function(self) -> bool:
        """Whether it is a Lambda function, with a timeout of its own."""
        return self.is_invoke or self.command.resource.family == LAMBDA

    def own_event(self) -> Json:
        """The callable's own copy of the event."""
        return copy_json(self.event)

    def settled(self, at: float) -> list[Completion] | None:
        """The answer where nothing need be run: a request that the service refuses, a DryRun; None else."""
        if self.fault is not None:
            return self.raised(self.fault, at)
        if self.invocation_type == "DryRun":
            return self.gave(_envelope(self, ""), at)
        if self.function is None:
            return self.raised(TaskError("States.Runtime", f"No task serves the state '{self.command.state_name}'"), at)
        return None

    def started(self, at: float) -> list[Completion]:
        """What is known as soon as the work starts."""
        if self.command.resource.family == ACTIVITY:
            return [TaskStarted(self.command.id, at, self.function.name if self.function is not None else None)]
        return []

    def returned(self, result: Any, at: float) -> list[Completion]:
        """The callable gave a result."""
        try:
            value = to_json(result)
        except functions.NotJson as fault:
            return self.raised(fault, at)
        return self.gave(_envelope(self, value) if self.is_invoke else value, at)

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
            return [TaskSubmitted(id, output, at), TaskSucceeded(id, output, at)]
        return [TaskSucceeded(id, output, at)]

    def raised(self, fault: BaseException, at: float) -> list[Completion]:
        """The callable raised."""
        if isinstance(fault, TaskError):
            return [TaskFailed(self.command.id, fault.error, fault.cause, at)]
        if not self.is_function:
            return [TaskFailed(self.command.id, type(fault).__name__, functions._message(fault), at)]
        error, document = functions.error_document(fault, self.request_id)
        return self._failed(error, document, at)

    def timed_out(self, at: float) -> list[Completion]:
        """The function ran into its own timeout."""
        assert self.function is not None
        error, document = functions.timeout_document(self.function, self.request_id)
        return self._failed(error, document, at)

    def _failed(self, error: str, document: dict[str, Any], at: float) -> list[Completion]:
        if self.invocation_type == "Event":
            return self.gave(_envelope(self, ""), at)
        return [TaskFailed(self.command.id, error, functions.compact(document) if self.is_invoke else functions.spaced(document), at)]


# ---------------------------------------------------------------- lambda:invoke


class _Payload(NamedTuple):
    value: Json
    fault: TaskError | None = None


def _invoke(tasks: Tasks, command: ScheduleTask, names: Names, request_id: str) -> Call:
    parameters = command.input if isinstance(command.input, dict) else {}
    name = str(parameters.get("FunctionName", ""))
    found = tasks.serving(command.resource, command.state_name, name)
    qualifier = parameters.get("Qualifier") or _qualifier(name) or "$LATEST"
    arn = f"arn:aws:lambda:{names.region}:{names.account}:function:{_short(name)}"
    payload = _payload(parameters.get("Payload"))
    call = Call(command, found, payload.value, request_id, arn if qualifier == "$LATEST" else f"{arn}:{qualifier}")
    call.fault = payload.fault
    call.invocation_type = parameters.get("InvocationType") or "RequestResponse"
    if found is None:
        text = f"Function not found: {arn}:{qualifier}"
        call.fault = _service_error(404, "ResourceNotFoundException", text, request_id)
    return call


def _payload(given: Json) -> _Payload:
    """The event of a Payload: absent or null is `{}`, a string is the JSON text itself."""
    if given is None:
        return _Payload({})
    if not isinstance(given, str):
        return _Payload(given)
    try:
        return _Payload(json.loads(given))
    except ValueError:
        text = f"Could not parse request body into json: Unrecognized token '{given[:40]}'"
        return _Payload(None, _service_error(400, "InvalidRequestContentException", text, "00000000-0000-0000-0000-000000000000"))


def _service_error(status: int, code: str, message: str, request_id: str) -> TaskError:
    place = f"(Service: AWSLambda; Status Code: {status}; Error Code: {code}; Request ID: {request_id}; Proxy: null)"
    return TaskError(f"Lambda.{code}", f"{message} {place}")


STATUS_CODES = {"RequestResponse": 200, "Event": 202, "DryRun": 204}


def _envelope(call: Call, payload: Json) -> dict[str, Any]:
    """The result of `lambda:invoke`, as AWS gives it."""
    answered = call.invocation_type == "RequestResponse"
    status = STATUS_CODES.get(call.invocation_type, 200)
    length = str(len(dumps(payload).encode())) if answered else "0"
    version = call.function.version if call.function is not None else "$LATEST"
    headers = {
        "X-Amz-Executed-Version": version,
        "x-amzn-Remapped-Content-Length": "0",
        "Connection": "keep-alive",
        "x-amzn-RequestId": call.request_id,
        "Content-Length": length,
        "X-Amzn-Trace-Id": f"root=1-00000000-{call.request_id.replace('-', '')[:24]};sampled=0",
        "Content-Type": "application/json",
    }
    result: dict[str, Any] = {"ExecutedVersion": version} if answered else {}
    if _asks_for_log(call):
        result["LogResult"] = "U1RBUlQ="
    result["Payload"] = payload if answered else ""
    result["SdkHttpMetadata"] = {
        "AllHttpHeaders": {key: [value] for key, value in headers.items()},
        "HttpHeaders": headers,
        "HttpStatusCode": status,
    }
    result["SdkResponseMetadata"] = {"RequestId": call.request_id}
    result["StatusCode"] = status
    return result


def _asks_for_log(call: Call) -> bool:
    parameters = call.command.input
    return isinstance(parameters, dict) and parameters.get("LogType") == "Tail"


# ---------------------------------------------------------------- names


_task_states: WeakKeyDictionary[Machine, list[tuple[Task, Resource, str | None]]] = WeakKeyDictionary()


def task_states(machine: Machine) -> list[tuple[Task, Resource, str | None]]:
    """Every Task state, what its Resource names, and the FunctionName its definition gives a `lambda:invoke`; found once a machine."""
    found = _task_states.get(machine)
    if found is None:
        found = _task_states[machine] = []
        for state, raw in _tasks(machine, machine.definition):
            resource = parse_resource(state.resource)
            found.append((state, resource, function_name(raw) if _is_invoke(resource) else None))
    return found


def function_name(raw: Json) -> str | None:
    """The literal FunctionName in the definition of a `lambda:invoke` state, None when it is known only while it runs."""
    for field in ("Parameters", "Arguments"):
        parameters = raw.get(field)
        if isinstance(parameters, dict) and isinstance(parameters.get("FunctionName"), str):
            name: str = parameters["FunctionName"]
            return None if name.startswith("{%") else name
    return None


def _candidates(resource: Resource, function_name: str | None) -> list[str]:
    """The names that would serve a Resource, after the name of the state; the most exact first."""
    names = [resource.arn]
    if function_name:
        short = _short(function_name)
        names += [function_name, _unqualified(function_name), short, short.replace("-", "_")]
    elif resource.family == LAMBDA:
        unqualified = _unqualified(resource.arn)
        names += [unqualified, f"{resource.action}:{resource.qualifier}", resource.action, resource.action.replace("-", "_")]
        if resource.arn.startswith("${"):
            names.append(resource.arn.strip("${}"))
    elif resource.family == ACTIVITY:
        names += [resource.action, resource.action.replace("-", "_")]
    if resource.family == SERVICE:
        names += [f"{resource.type}:{resource.action}", f"{resource.type}:{resource.api}"]
    return names


def _suggestion(resource: Resource, state_name: str, function_name: str | None) -> str:
    """The names under which the user may give a callable, most natural first."""
    if function_name:
        names = [_short(function_name), state_name]
    elif resource.family == SERVICE:
        names = [state_name, f"{resource.type}:{resource.api}"]
    else:
        names = [resource.action, state_name]
    return " or ".join(f'"{name}"' for name in dict.fromkeys(names))


def _short(name: str) -> str:
    """The bare name of a function: of an ARN, a partial ARN, or a name with a qualifier."""
    if ":function:" in name:
        return name.rpartition(":function:")[2].partition(":")[0]
    return name if name.startswith("arn:") else name.partition(":")[0]


def _qualifier(name: str) -> str | None:
    rest = name.rpartition(":function:")[2] if ":function:" in name else name
    return rest.partition(":")[2] or None


def _unqualified(name: str) -> str:
    qualifier = _qualifier(name)
    return name[: -len(qualifier) - 1] if qualifier else name


def _function_arn(names: Names, resource: Resource, found: Function | None) -> str:
    if resource.family == LAMBDA and resource.arn.startswith("arn:"):
        return resource.arn
    return f"arn:aws:lambda:{names.region}:{names.account}:function:{found.name if found is not None else resource.action}"


def _is_invoke(resource: Resource) -> bool:
    return f"{resource.type}:{resource.api}" == INVOKE


def _tasks(block: Block, raw: Json) -> Iterator[tuple[Task, Json]]:
    """Every Task state of a block with its definition, nested ones included."""
    for name, state in block.states.items():
        written = raw["States"][name]
        if isinstance(state, Task):
            yield state, written
        elif isinstance(state, Parallel):
            for branch, inner in zip(state.branches, written["Branches"], strict=True):
                yield from _tasks(branch, inner)
        elif isinstance(state, Map):
            yield from _tasks(state.processor, written["ItemProcessor"] if "ItemProcessor" in written else written["Iterator"])


def _public(given: Any) -> Iterator[tuple[str, Any]]:
    """The callables a module defines, or an object has."""
    for name in dir(given):
        if name.startswith("_"):
            continue
        handler = getattr(given, name)
        if not callable(handler) or isinstance(handler, type):
            continue
        if (
            isinstance(given, ModuleType)
            and getattr(handler, "__module__", given.__name__) != given.__name__
            and not hasattr(handler, "__states_function__")
        ):
            continue
        yield name, handler
