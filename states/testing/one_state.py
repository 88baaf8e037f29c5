"""`test_state`: one state run alone, as the API TestState runs it: with a mock, variables and a Context Object of the test's own.

The same request and the same response as boto3's `client.test_state`; nothing is asked of AWS. A retry is not waited for: the answer
says that it would come. Time is virtual, ids and chance are the same each time.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html and recordings.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from states import errors
from states.drivers.virtual import EPOCH, Virtual
from states.errors import StatesError
from states.interpreter import setup
from states.interpreter.commands import Command, ScheduleTask, StartTimer
from states.interpreter.completions import TaskFailed, TaskSucceeded
from states.interpreter.context import Names
from states.interpreter.execution import FAILED, RUNNING, SUCCEEDED, TIMED_OUT, Execution
from states.interpreter.failures import RETRY
from states.interpreter.frame import Frame
from states.interpreter.inspection import Inspected, Inspector
from states.interpreter.map_run import TOO_MANY_FAILED, Tolerance
from states.interpreter.setup import Setup
from states.language.intrinsic_functions import uuid
from states.running import compiled
from states.tasks.resources import TaskNotServed, Tasks
from states.testing import one_state_request
from states.testing.inspected import Outcome, response_of
from states.testing.one_state_definition import NAME
from states.testing.one_state_request import CONTAINERS, Mock, Request, too_many_failures

Json = Any

ACCOUNT, REGION = "123456789012", "us-east-1"


def test_state(request: Mapping[str, Any] | None = None, /, *, tasks: Any = None, **parameters: Any) -> dict[str, Any]:  # noqa: PT028 - it is no test
    """The response of TestState to a request: a mapping, or the keyword arguments of boto3's `client.test_state`.

    `tasks` are callables for a Task state without a mock, as `states.run` takes them. Raises what boto3 would, without boto3:
    `states.testing.ApiError` (ValidationException, InvalidDefinition, InvalidExecutionInput, InvalidArn) or `ParamValidationError`,
    and TaskNotServed for a Task with neither mock nor callable.

    >>> test_state(definition='{"Type": "Pass", "Result": {"n": 1}, "Next": "Later"}')
    {'output': '{"n":1}', 'nextState': 'Later', 'status': 'SUCCEEDED'}
    """
    asked = one_state_request.read({**(request or {}), **parameters})
    return response_of(asked, run(asked, tasks))


test_state.__test__ = False  # type: ignore[attr-defined]  # pytest is not to collect it where a test module imports it


class Watcher:
    """The probe of a test: what the state saw, who took its failure, and where it went with which variables."""

    kinds = setup.DATA | {setup.FAILED, setup.RETRIED, setup.EXHAUSTED, setup.CAUGHT}

    def __init__(self) -> None:
        self.inspector = Inspector([NAME])
        self.failure: StatesError | None = None
        self.went_to: str | None = None
        self.variables: Mapping[str, Json] | None = None
        self.indexes: dict[str, int] = {}

    def note(self, frame: Frame, kind: str, value: Json) -> None:
        name = frame.step.name
        if name != NAME:
            if kind == setup.ENTERED:
                self.went_to = name
            elif kind == setup.VARIABLES:
                self.variables = value
        elif kind == setup.FAILED:
            self.failure = value
        elif kind in setup.DATA:
            self.inspector.note(frame, kind, value)
        else:
            self.indexes[kind] = value

    @property
    def seen(self) -> Inspected:
        """What the state saw and made."""
        return next(iter(self.inspector.attempts.values()))[0]


def run(request: Request, tasks: Any) -> Outcome:
    """Runs the state once."""
    watcher = Watcher()
    execution = _execution(request, watcher)
    if request.mock is not None:
        backoff = _mocked(execution, watcher, request, request.mock)
    else:
        backoff = _unmocked(execution, watcher, request, tasks)
    return Outcome(
        status=_status(execution, watcher),
        output=execution.result if execution.status == SUCCEEDED else None,
        failure=_failure(execution, watcher),
        next_state=request.tested.targets.get(watcher.went_to) if watcher.went_to is not None else None,
        seen=watcher.seen,
        variables=watcher.variables if watcher.variables is not None else request.variables,
        indexes=watcher.indexes,
        backoff=backoff,
    )


def _status(execution: Execution, watcher: Watcher) -> str:
    if execution.status == RUNNING:
        return "RETRIABLE"
    if execution.status != SUCCEEDED:
        return "FAILED"
    return "CAUGHT_ERROR" if setup.CAUGHT in watcher.indexes else "SUCCEEDED"


def _failure(execution: Execution, watcher: Watcher) -> StatesError | None:
    """What the state failed with, also where it is retried or caught; what a catcher itself failed with comes first."""
    if execution.status == TIMED_OUT:
        return StatesError(errors.TIMEOUT)
    return StatesError(execution.error, execution.cause) if execution.status == FAILED else watcher.failure


def _execution(request: Request, watcher: Watcher) -> Execution:
    tested = request.tested
    asked = Setup(
        variables=request.variables,
        retry_count=request.retry_count,
        mocked=frozenset({NAME}) if tested.type in CONTAINERS else frozenset(),
        probe=watcher,
        read={NAME: request.read.items} if request.read is not None else {},
        context=request.context,
    )
    return Execution(
        compiled(tested.machine), request.input, input_text=request.input_text, names=_names(request.role_arn), type="EXPRESS", setup=asked
    )


def _names(role_arn: str | None) -> Names:
    """The names of the Express execution that a test is: ids, the same each time; the account is the role's."""
    chance = Random(0)
    machine, execution = uuid(chance), uuid(chance)
    account = (role_arn or "").split(":")[4:5] or [""]
    prefix = f"arn:aws:states:{REGION}:{account[0] or ACCOUNT}"
    return Names(
        execution_arn=f"{prefix}:express:{machine}:{execution}",
        execution_name=execution,
        state_machine_arn=f"{prefix}:stateMachine:{machine}",
        state_machine_name=machine,
        role_arn=role_arn,
        region=REGION,
        account=account[0] or ACCOUNT,
        redrive_count=None,
    )


# ---------------------------------------------------------------- with a mock


def _mocked(execution: Execution, watcher: Watcher, request: Request, mock: Mock) -> float | None:
    """Answers the one task that the state asks for; gives the seconds until a retry, None when there is none."""
    commands = execution.start(EPOCH)
    asked = next((command for command in commands if type(command) is ScheduleTask), None)
    if asked is None:
        return _backoff(commands)  # it failed before, on its way to the task
    if mock.text is None:
        return _backoff(execution.receive(TaskFailed(asked.id, mock.error, mock.cause, EPOCH)))
    if _too_many_failed(watcher.seen, request, mock):
        failed = TaskFailed(asked.id, errors.EXCEED_TOLERATED_FAILURE_THRESHOLD, TOO_MANY_FAILED, EPOCH)
        return _backoff(execution.receive(failed))
    return _backoff(execution.receive(TaskSucceeded(asked.id, mock.value, EPOCH)))


def _backoff(commands: list[Command]) -> float | None:
    timers = [command.at for command in commands if type(command) is StartTimer and command.id.endswith(RETRY)]
    return timers[0] - EPOCH if timers else None


def _too_many_failed(seen: Inspected, request: Request, mock: Mock) -> bool:
    """Whether more iterations of a Map failed than it tolerates; without a tolerance the mocked result stands."""
    failed, count, percentage = request.failure_count, seen.get("toleratedFailureCount"), seen.get("toleratedFailurePercentage")
    if failed is None or request.tested.type != "Map":
        return False
    items = request.read.items if request.read is not None else seen.get("afterItemsPath")
    total = len(mock.value) if isinstance(mock.value, list) else len(items) if items is not None else failed
    if failed > total:
        raise too_many_failures()
    return (count is not None or percentage is not None) and Tolerance(count, percentage).exceeded(failed, total)


# ---------------------------------------------------------------- without


def _unmocked(execution: Execution, watcher: Watcher, request: Request, tasks: Any) -> float | None:
    """Runs a state that needs no mock, a Task by its callable, until its end or its first retry."""
    if request.tested.type == "Task":
        served = Tasks(tasks)
        if served.unserved(execution.machine):
            resource = request.tested.state["Resource"]
            raise TaskNotServed(
                f'no task serves "{resource}"; give a mock, or a callable as in test_state(..., tasks={{"name": callable}})'
            )
    else:
        served = Tasks()
    driver = Virtual(execution, served)
    driver.start()
    while execution.status == RUNNING and setup.RETRIED not in watcher.indexes and driver.step():
        pass
    if setup.RETRIED not in watcher.indexes:
        return None
    return next(at for id, at in execution.due().items() if id.endswith(RETRY)) - driver.now
