"""Playing: one case on the virtual clock, and how it ended, as far as that is a fault.

A Player keeps what is alike in all cases of a machine: one set of tasks, which asks the case of the moment what to answer. An end in a
Fail state is designed, so is an execution that succeeds; everything else has an Ending whose `key` is the same for the same cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from states import errors
from states.drivers.virtual import Virtual
from states.findings.finding import Finding
from states.findings.why import why
from states.fuzzing.adversaries import Fault
from states.interpreter.execution import FULL, Execution
from states.language.values import dumps
from states.machine import Machine, Task
from states.running import RunSettings, make_execution
from states.tasks.functions import Function, TaskContext, TaskError, TimedOut, message_of
from states.tasks.mocks import Answer, give, result
from states.tasks.resources import Tasks, task_states

Json = Any

RUNTIME, UNHANDLED, TIMEOUT, LIMIT, EVENTS, OVERTIME = "runtime", "unhandled", "timeout", "limit", "events", "overtime"
IDLE = "retry"  #: a retrier that names the error was not asked
SETTINGS = RunSettings()
LAST = 400  #: events at the end that tell what a loop goes through


@dataclass(frozen=True)
class Case:
    """What a machine is given: its input, faults of its tasks, and the results of those tasks that nobody serves."""

    input: Json
    faults: tuple[Fault, ...] = ()
    results: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Ending:
    """How a case ended. `kind` is runtime, unhandled, timeout, limit, events, overtime or retry.

    `loop` are the states it went round in. Of the kind retry an error went on although a retrier of its state names it and may try again:
    one before it takes the error first.
    """

    kind: str
    error: str | None
    state: str | None
    location: str | None
    execution: Execution
    finding: Finding | None = None
    loop: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[Any, ...]:
        return (self.kind, self.error, self.state, self.location, self.loop)


@dataclass
class Asked:
    """What a task was asked for and answered: for the scenario of a case."""

    answers: list[Answer] = field(default_factory=list)


class Player:
    """Plays cases of one machine. `tasks` are the callables that are given; states without one get the results of the case."""

    def __init__(self, machine: Machine, tasks: Any = None) -> None:
        self.machine = machine
        self._given = tasks if isinstance(tasks, Tasks) else Tasks(tasks)
        self.unserved = tuple(state.name for state, _ in self._given.unserved(machine))
        self._real = self._functions()
        self.served = frozenset(self._real)
        self.timed: set[str] = set()  #: states whose given task let time pass
        self._tasks: dict[frozenset[str], Tasks] = {}
        self._case = Case({})
        self._faults: dict[str, Fault] = {}
        self.asked: dict[str, Asked] = {}

    def _functions(self) -> dict[str, Function]:
        found: dict[str, Function] = {}
        for state, resource, literal in task_states(self.machine):
            function = self._given.serving(resource, state.name, literal)
            if function is not None:
                found[state.name] = function
        return found

    def play(self, case: Case) -> Ending | None:
        """How the case ends, None when it succeeds or ends in a Fail state. Raises InvalidExecutionInput."""
        execution = self.run(case)
        ending = ending_of(execution)
        return ending if ending is not None or len(case.faults) != 1 else self._idle(case.faults[0], execution)

    def _idle(self, fault: Fault, execution: Execution) -> Ending | None:
        """The ending where the task of a state of the outermost block was not tried again as often as a retrier says."""
        state, times, asked = self.machine.states.get(fault.state), fault.answer.times, self.asked.get(fault.state)
        if not isinstance(state, Task) or times is None or asked is None or len(asked.answers) > times or execution.status == "TIMED_OUT":
            return None
        named = {errors.TIMEOUT, errors.HEARTBEAT_TIMEOUT} if fault.answer.kind == "never" else {fault.answer.error}
        for retrier in state.retry:
            if named & set(retrier.error_equals) and retrier.max_attempts >= times:
                return Ending(IDLE, fault.answer.error or errors.TIMEOUT, state.name, retrier.location, execution)
        return None

    def run(self, case: Case) -> Execution:
        """Plays the case and gives its execution; `asked` has what each task answered."""
        self._case = case
        self._faults = {fault.state: fault for fault in case.faults}
        self.asked = {}
        silent = frozenset(fault.state for fault in case.faults if fault.answer.kind == "never")
        if silent not in self._tasks:
            self._tasks[silent] = self._served(silent)
        execution, served, at = make_execution(self.machine, case.input, self._tasks[silent], SETTINGS, None)
        Virtual(execution, served, at=at).run()
        return execution

    def _served(self, silent: frozenset[str]) -> Tasks:
        """The tasks; one that is to fall silent has no time limit of its own."""
        made: dict[str, Function] = {name: Function(self._answer, name, float("inf")) for name in self.unserved}
        for name, real in self._real.items():
            limit = float("inf") if name in silent else real.timeout_seconds
            made[name] = Function(self._answer, real.name, limit, real.memory_mb, real.version, (name,))
        return Tasks([self._given, made])

    def _answer(self, event: Json, context: TaskContext) -> Any:
        """What the task of a state answers in this case."""
        name = context.state_name
        asked = self.asked.setdefault(name, Asked())
        fault = self._faults.get(name)
        if fault is not None and (fault.answer.times is None or len(asked.answers) < fault.answer.times):
            asked.answers.append(fault.answer)
            return give(fault.answer, event, context)
        real = self._real.get(name)
        if real is None:
            answer = result(self._case.results.get(name))
            asked.answers.append(answer)
            return give(answer, event, context)
        began = context.now()
        given = None
        try:
            given = real.handler(event, context)
        except BaseException as raised:
            asked.answers.append(_raised(raised, context.now() - began))
            raise
        finally:
            if context.now() != began:
                self.timed.add(name)
        if hasattr(given, "__await__"):
            self.timed.add(name)
            asked.answers.append(Answer("result", value={}))  # what a coroutine gives is known only later
        else:
            asked.answers.append(Answer("result", value=given, after=context.now() - began))
        return given


def _raised(fault: BaseException, after: float) -> Answer:
    """What a task that raised answered."""
    if isinstance(fault, TaskError):
        return Answer("error", error=fault.error, cause=fault.cause, after=after)
    if isinstance(fault, TimedOut):
        return Answer("never")
    name = type(fault).__name__
    return Answer("error", error=name, cause=dumps({"errorMessage": message_of(fault), "errorType": name}), after=after)


def ending_of(execution: Execution) -> Ending | None:
    """How an execution ended, None when that is a designed end."""
    if execution.status == "SUCCEEDED":
        return None
    recorded = execution.history.recorded
    if execution.cause == FULL or (execution.status == "TIMED_OUT" and len(recorded) > 100_000):
        loop = _loop(execution)
        return Ending(EVENTS, execution.error, None, None, execution, loop=loop)
    finding = why(execution)
    if execution.status == "TIMED_OUT":
        return Ending(OVERTIME, execution.error, None, None, execution, finding)
    if _is_designed(finding, execution.machine):
        return None
    return Ending(_kind(finding.error), finding.error, finding.state, finding.location, execution, finding)


def _loop(execution: Execution) -> tuple[str, ...]:
    """The states at the end of a history that is full."""
    return tuple(sorted({event[3] for event in execution.history.recorded[-LAST:] if event[0].endswith("StateEntered")}))


def _is_designed(finding: Finding, machine: Machine) -> bool:
    """Whether the end is a Fail state's doing, and its own paths found what they looked for."""
    from states.definition import every_block

    fails = {name for block in every_block(machine) for name, state in block.states.items() if state.type == "Fail"}
    if finding.state in fails:
        return finding.field is None
    return any(step.state in fails for step in finding.became)


def _kind(error: str | None) -> str:
    if error in (errors.TIMEOUT, errors.HEARTBEAT_TIMEOUT):
        return TIMEOUT
    if error == errors.DATA_LIMIT_EXCEEDED:
        return LIMIT
    return RUNTIME if error in DATA_ERRORS else UNHANDLED


#: Errors that say that data was not as a state needs it.
DATA_ERRORS = frozenset(
    {
        errors.RUNTIME,
        errors.RESULT_PATH_MATCH_FAILURE,
        errors.PARAMETER_PATH_FAILURE,
        errors.NO_CHOICE_MATCHED,
        errors.INTRINSIC_FAILURE,
        errors.QUERY_EVALUATION_ERROR,
    }
)
