"""Running a machine from the library: `run` to the end, `start` to go on step by step.

Puts the parts together (definition, execution, tasks, driver) and refuses what AWS's StartExecution refuses.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from states import definition
from states.definition import every_block, unsupported
from states.definition.diagnostics import Diagnostic, InvalidDefinition, errors
from states.definition.hints import did_you_mean
from states.drivers.virtual import EPOCH, Virtual
from states.interpreter.compiled import compile_machine
from states.interpreter.context import default_names
from states.interpreter.dataflow import LIMIT
from states.interpreter.execution import Execution
from states.interpreter.setup import PLAIN, Setup
from states.language import values
from states.listeners import made
from states.machine import Block, Machine
from states.tasks.functions import NotJson, to_json
from states.tasks.resources import Tasks, task_states

_FORBIDDEN = re.compile(r"""[\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]""")
LONGEST_NAME = 80


class InvalidExecutionInput(ValueError):
    """The input is no JSON, or larger than 262,144 bytes."""


class InvalidName(ValueError):
    """An execution's name is empty, longer than 80 characters, or has characters AWS forbids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """What StartExecution and the machine's surroundings would say.

    `type` None is the machine's own. `synchronous` is StartSyncExecution of an Express machine. `at` is the start on the virtual
    clock, seconds since the epoch. `jsonata_seconds` bounds one JSONata evaluation, counted in steps. `seed` decides everything
    that is random: jitter, States.UUID, ids.
    """

    name: str = "execution"
    state_machine_name: str = "StateMachine"
    account: str = "123456789012"
    region: str = "us-east-1"
    role_arn: str | None = None
    type: str | None = None
    synchronous: bool = False
    seed: int | float | str | None = 0
    jsonata_seconds: float = 1.0
    at: float = EPOCH


_DEFAULTS = RunSettings()

#: Told of each execution made here before it starts, with the settings it was asked for; gives the setup it is to have.
#: A test session puts itself here, to see every run of its tests.
watchers: list[Callable[[Machine, Setup], Setup]] = []


def load(path: str | os.PathLike[str], *, type: str | None = None, substitutions: Mapping[str, str] | None = None) -> Machine:
    """The Machine of a file or of a template (`template.yaml#OrderMachine`), ready to run.

    `type` is STANDARD or EXPRESS; None is what a template says, else STANDARD. `substitutions` stand for `${Name}`. Raises OSError when
    the file cannot be read, InvalidDefinition (with every fault) when it holds no valid definition, ValueError when a template holds no
    such machine or several, ModuleNotFoundError when the file is YAML and PyYAML is not installed.
    """
    return compiled(definition.load(path, type=type, substitutions=substitutions))


def loads(text: str | bytes | dict[str, Any], *, type: str = "STANDARD", source: str = "<string>") -> Machine:
    """The Machine of a definition's text, or of its value; `source` names it in diagnostics. Raises InvalidDefinition."""
    return compiled(definition.loads(text, type=type, source=source))


def compiled(machine: Machine) -> Machine:
    """The machine, made ready to run once and for all."""
    compile_machine(machine)
    task_states(machine)
    return machine


def start(
    machine: Machine | str | os.PathLike[str] | dict[str, Any],
    input: Any = None,
    tasks: Any = None,
    settings: RunSettings | None = None,
    *,
    input_text: str | None = None,
    order: int | str | None = None,
    **options: Any,
) -> Virtual:
    """A driver with the execution started at its virtual time: `advance`, `step`, `run`, answer task tokens.

    `machine` is a Machine, what `load` takes, or a definition as a dictionary. `input` is a JSON value, `{}` when None is
    given without `input_text`; `input_text` is its text as the caller spelled it. `tasks` are the callables: a mapping by name, a
    module, or a list of those. `order` says what comes first of the things that may happen at the same time: a number seeds the
    choices, a text such as "0.2.1" repeats them, None is first-in first-out. `options` are fields of RunSettings. Raises
    InvalidDefinition, InvalidExecutionInput, InvalidName, InvalidOrder or TaskNotServed before anything runs.
    """
    driver = prepare(machine, input, tasks, settings, input_text=input_text, order=order, **options)
    driver.start()
    return driver


def run(
    machine: Machine | str | os.PathLike[str] | dict[str, Any],
    input: Any = None,
    tasks: Any = None,
    settings: RunSettings | None = None,
    *,
    real_time: bool = False,
    order: int | str | None = None,
    **options: Any,
) -> Execution:
    """Runs a machine to its end and gives the execution: `status`, `output`, `error`, `cause`, `history`.

    On the virtual clock, unless `real_time`. The arguments are those of `start`.

    >>> add = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:add", "End": True}
    >>> run({"StartAt": "Add", "States": {"Add": add}}, {"a": 1, "b": 2}, {"add": lambda event, context: event["a"] + event["b"]}).output
    3
    """
    if real_time:
        from states.drivers.realtime import RealTime

        if order is not None:
            raise ValueError("order is for virtual time; in real time things happen when they happen")
        execution, served, _ = prepared(machine, input, tasks, settings, options)
        with RealTime() as driver:
            return driver.start_execution(execution, served).result()
    return prepare(machine, input, tasks, settings, order=order, **options).run()


def prepare(
    machine: Any, input: Any, tasks: Any, settings: RunSettings | None, *, order: int | str | None = None, **options: Any
) -> Virtual:
    """The virtual driver of an execution that has not started yet."""
    execution, served, at = prepared(machine, input, tasks, settings, options)
    driver = _driver(execution, served, at, order)
    for tell in made:
        tell(driver)
    return driver


def _driver(execution: Execution, served: Tasks, at: float, order: int | str | None) -> Virtual:
    if order is None:
        return Virtual(execution, served, at=at)
    from states.drivers.ordered import Ordered, chooser

    return Ordered(execution, served, choose=chooser(order), at=at)


def inspect(run: Any, *names: str) -> dict[str, list[dict[str, Any]]]:
    """What each visit of the states of these names (none: of all) saw and made of it, filter by filter, attempt by attempt.

    `run` is a finished or running Execution, or its driver. The keys are places such as `Fan out#1[0]/Charge#1`; the fields of a record
    are those of `Inspector`. Found out by replaying what the tasks answered, so that it costs nothing before it is asked for; no
    callable runs again. Raises ValueError for a name that no state has, or where nobody kept the answers.
    """
    from states.interpreter.inspection import inspected

    execution: Execution = run if isinstance(run, Execution) else run.execution
    for name in names:
        block_of(execution.machine, name)
    return inspected(execution, names or None)


def prepared(machine: Any, input: Any, tasks: Any, settings: RunSettings | None, options: dict[str, Any]) -> tuple[Execution, Tasks, float]:
    """The execution, its tasks and its start time, of the arguments of `start`."""
    input_text = options.pop("input_text", None)
    setup = options.pop("setup", PLAIN)
    if options:
        from dataclasses import replace

        settings = replace(settings or _DEFAULTS, **options)
    return make_execution(as_machine(machine), input, tasks, settings or _DEFAULTS, input_text, setup)


def make_execution(
    machine: Machine, input: Any, tasks: Any, settings: RunSettings, input_text: str | None, setup: Setup = PLAIN
) -> tuple[Execution, Tasks, float]:
    """The execution, its tasks and its start time; refuses what cannot run before anything runs."""
    served = tasks if isinstance(tasks, Tasks) else Tasks(tasks)
    check_name(settings.name)
    value = checked_input(input, input_text)
    if settings.type is not None and settings.type != machine.type:
        check_type(machine, settings.type)
    check_runnable(machine, setup.mocked)
    served.check(machine)
    names = default_names(
        machine,
        name=settings.name,
        state_machine_name=settings.state_machine_name,
        account=settings.account,
        region=settings.region,
        role_arn=settings.role_arn,
        type=settings.type,
        synchronous=settings.synchronous,
    )
    for watcher in watchers:
        setup = watcher(machine, setup)
    execution = Execution(
        machine,
        value,
        input_text=input_text,
        seed=settings.seed,
        jsonata_seconds=settings.jsonata_seconds,
        names=names,
        type=settings.type,
        setup=setup,
        block=block_of(machine, setup.start_at) if setup.start_at is not None else None,
    )
    return execution, served, settings.at


def as_machine(machine: Machine | str | os.PathLike[str] | dict[str, Any]) -> Machine:
    """A Machine of what names one."""
    if isinstance(machine, Machine):
        return machine
    return loads(machine) if isinstance(machine, dict) else load(machine)


def checked_input(input: Any, input_text: str | None) -> Any:
    """The input as a JSON value of our own; InvalidExecutionInput as StartExecution answers."""
    if input_text is not None:
        size = len(input_text.encode("utf-8", "surrogatepass"))
        if input is None and size <= LIMIT:
            input = _read(input_text)
    elif input is None:
        return {}
    else:
        try:
            input = to_json(input)
        except NotJson as fault:
            raise InvalidExecutionInput(f"the input is no JSON: {fault}") from None
        size = values.size(input)
    if size > LIMIT:
        raise InvalidExecutionInput(f"the input has {size:,} bytes; the limit is {LIMIT:,} bytes (256 KiB)")
    return input


def _read(input_text: str) -> Any:
    try:
        return values.loads(input_text)
    except ValueError as fault:
        raise InvalidExecutionInput(f"the input is no JSON: {fault}") from None


_runnable: WeakSet[Machine] = WeakSet()


def check_runnable(machine: Machine, mocked: frozenset[str] = frozenset()) -> None:
    """InvalidDefinition when the machine has a state that cannot run here yet and is not mocked; found out once a machine."""
    if machine not in _runnable:
        refused = [fault for name, fault in unsupported(machine) if name not in mocked]
        if refused:
            raise InvalidDefinition(refused)
        if not mocked:
            _runnable.add(machine)


_of_type: WeakKeyDictionary[Machine, list[Diagnostic]] = WeakKeyDictionary()


def check_type(machine: Machine, type: str) -> None:
    """InvalidDefinition when a machine could not be of another type than it was read as; found out once a machine."""
    faults = _of_type.get(machine)
    if faults is None:
        faults = _of_type[machine] = errors(definition.validate(machine.definition, type=type))
    if faults:
        raise InvalidDefinition(faults)


def block_of(machine: Machine, name: str) -> Block:
    """The block of a machine that has the state, the outermost first. Raises ValueError when there is none."""
    for block in every_block(machine):
        if name in block.states:
            return block
    hint = did_you_mean(name, [known for block in every_block(machine) for known in block.states])
    raise ValueError(f"the machine has no state {name!r}{'; ' if hint else ''}{hint}")


def check_name(name: str) -> None:
    """InvalidName as StartExecution answers."""
    if not 1 <= len(name) <= LONGEST_NAME:
        raise InvalidName(f"an execution's name has 1 to {LONGEST_NAME} characters; {name[:100]!r} has {len(name)}")
    if bad := _FORBIDDEN.findall(name):
        raise InvalidName(f"an execution's name may not contain {' '.join(sorted(map(repr, set(bad))))}: {name!r}")
