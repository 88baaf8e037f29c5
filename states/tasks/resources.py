"""Who serves a Resource: the user's callables, found by state name, ARN, function name or `service:api`.

`Tasks` is made once of what the user gave; `Tasks.call` makes of a ScheduleTask the Call a driver runs: which callable, with which
event, and what its result or exception means to the execution.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html and recordings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from states.interpreter.commands import ScheduleTask
from states.interpreter.context import Names
from states.interpreter.resources import ACTIVITY, LAMBDA, SERVICE, Resource, parse_resource
from states.machine import Block, Machine, Map, Parallel, Task
from states.tasks.calls import Call
from states.tasks.functions import Function, TaskError, as_function
from states.tasks.invoke import event_of, not_found
from states.tasks.names import qualifier_of, short_name, unqualified

Json = Any


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
        if not isinstance(handler, Function) and not callable(handler):
            raise TypeError(f"the task {name!r} must be a callable, not {type(handler).__name__}")
        found = handler if isinstance(handler, Function) else as_function(handler, short_name(name))
        for known in (name, *found.names):
            self._by_name[known] = found

    def serving(self, resource: Resource, state_name: str, function_name: str | None = None) -> Function | None:
        """The callable for a state's Resource; `function_name` is the FunctionName of a `lambda:invoke`."""
        found = self._by_name.get(state_name)
        if found is not None:
            return found
        key = (resource.arn, function_name)
        if key not in self._known:
            names = candidates(resource, function_name)
            self._known[key] = next((self._by_name[name] for name in names if name in self._by_name), None)
        return self._known[key]

    def unserved(self, machine: Machine) -> list[tuple[Task, str]]:
        """The Task states no callable serves, as far as the definition says, each with the names that would serve it."""
        missing = []
        for state, resource, literal in task_states(machine):
            if resource.is_invoke and literal is None and (self._by_name or not state.parameters):
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
        if resource.is_invoke:
            return self._invoke(command, names, request_id)
        found = self.serving(resource, command.state_name)
        arn = resource.arn if resource.family == LAMBDA else _function_arn(names, resource, found)
        return Call(command, found, command.input, request_id, arn)

    def _invoke(self, command: ScheduleTask, names: Names, request_id: str) -> Call:
        """The call of a `lambda:invoke`: its function is named by the parameters."""
        parameters = command.input if isinstance(command.input, dict) else {}
        name = str(parameters.get("FunctionName", ""))
        found = self.serving(command.resource, command.state_name, name)
        qualifier = parameters.get("Qualifier") or qualifier_of(name) or "$LATEST"
        arn = f"arn:aws:lambda:{names.region}:{names.account}:function:{short_name(name)}"
        call = Call(command, found, None, request_id, arn if qualifier == "$LATEST" else f"{arn}:{qualifier}")
        call.invocation_type = parameters.get("InvocationType") or "RequestResponse"
        try:
            call.event = event_of(parameters.get("Payload"), request_id)
            call.fault = None if found is not None else not_found(f"{arn}:{qualifier}", request_id)
        except TaskError as fault:
            call.fault = fault
        return call


# ---------------------------------------------------------------- names

_task_states: WeakKeyDictionary[Machine, list[tuple[Task, Resource, str | None]]] = WeakKeyDictionary()


def task_states(machine: Machine) -> list[tuple[Task, Resource, str | None]]:
    """Every Task state, what its Resource names, and the FunctionName its definition gives a `lambda:invoke`; found once a machine."""
    found = _task_states.get(machine)
    if found is None:
        found = _task_states[machine] = []
        for state, raw in _tasks(machine, machine.definition):
            resource = parse_resource(state.resource)
            found.append((state, resource, function_name(raw) if resource.is_invoke else None))
    return found


def function_name(raw: Json) -> str | None:
    """The literal FunctionName in the definition of a `lambda:invoke` state, None when it is known only while it runs."""
    for field in ("Parameters", "Arguments"):
        parameters = raw.get(field)
        if isinstance(parameters, dict) and isinstance(parameters.get("FunctionName"), str):
            name: str = parameters["FunctionName"]
            return None if name.startswith("{%") else name
    return None


def candidates(resource: Resource, function_name: str | None) -> list[str]:
    """The names that would serve a Resource, after the name of the state; the most exact first."""
    names = [resource.arn]
    if function_name:
        short = short_name(function_name)
        names += [function_name, unqualified(function_name), short, short.replace("-", "_")]
    elif resource.family == LAMBDA:
        names += [unqualified(resource.arn), f"{resource.action}:{resource.qualifier}", resource.action, resource.action.replace("-", "_")]
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
        names = [short_name(function_name), state_name]
    elif resource.family == SERVICE:
        names = [state_name, f"{resource.type}:{resource.api}"]
    else:
        names = [resource.action, state_name]
    return " or ".join(f'"{name}"' for name in dict.fromkeys(names))


def _function_arn(names: Names, resource: Resource, found: Function | None) -> str:
    if resource.family == LAMBDA and resource.arn.startswith("arn:"):
        return resource.arn
    return f"arn:aws:lambda:{names.region}:{names.account}:function:{found.name if found is not None else resource.action}"


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
