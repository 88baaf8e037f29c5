"""Bench: a machine under test, with its tasks and mocks, from which runs are made.

Mocks come before tasks; a state or resource that the machine does not have is refused when it is mocked, not when it is missed.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from states.definition import every_block
from states.definition.hints import did_you_mean
from states.definition.naming import MACHINE_FILE as MACHINE_FILE
from states.definition.naming import machine_name, name_as_given
from states.interpreter.setup import Setup
from states.language.timestamps import parse
from states.machine import Machine, Map, Parallel
from states.orders.checks import check_every_order
from states.orders.every import LIMIT, Orders, every_order
from states.orders.every import Run as OrderedRun
from states.running import as_machine, block_of, prepare
from states.tasks import modules
from states.tasks.functions import Function, MockFault, as_function
from states.tasks.mocks import Answer, Mock, MockError, answers_of
from states.tasks.resources import Tasks, candidates, task_states
from states.testing import nearby
from states.testing.mockable import check_array, check_function, check_mockable, nobody, through
from states.testing.runs import Run
from states.testing.service_models import NONE, PRESENT
from states.testing.validation import checked_function, checked_mode, model_faults, request_check, unknown_call, warn_of_errors

if TYPE_CHECKING:
    from states.testing.mock_config import MockConfig

Json = Any


class Bench:
    """A machine on the bench. `machine` is a Machine, what `states.load` takes, or a definition as a dictionary.

    `tasks` are the callables, as `states.run` takes them; None is tasks.py beside the definition, where there is one. `strict` says that
    a run that ends with answers of a mock not given is a MockError. `validation` says what of a mocked answer of a service is checked
    against its API model: PRESENT fields, STRICT (required ones too), or NONE; all but NONE check its requests. `settings` are fields
    of RunSettings.
    """

    def __init__(
        self,
        machine: Machine | str | os.PathLike[str] | dict[str, Any],
        tasks: Any = None,
        *,
        strict: bool = True,
        validation: str = PRESENT,
        **settings: Any,
    ) -> None:
        self.machine = as_machine(nearby.checked(machine))
        self.strict = strict
        self.validation = checked_mode(validation)
        self.settings = settings
        self.mocks: dict[str, Mock] = {}
        self._name = name_as_given(str(machine), self.machine.source) if isinstance(machine, (str, os.PathLike)) else ""
        self._tasks: list[Any] = []
        self._states = {state.name: state for block in every_block(self.machine) for state in block.states.values()}
        found = modules.beside(self.machine.source) if tasks is None else None
        if tasks is not None or found is not None:
            self._tasks.append(tasks if found is None else modules.of_file(found))

    def tasks(self, *given: Any, **named: Any) -> Bench:
        """Gives more callables: mappings, modules, or `name=callable`; later ones come first. Gives the bench itself."""
        self._tasks += [*given, *([named] if named else [])]
        return self

    def mock(self, name: str, *answers: Any, where: str = "", validation: str | None = None) -> Bench:
        """Mocks a state, by its name, or all states of a resource, by a function's name, an ARN, or `service:api`.

        The answers are given in order, call by call; a plain value is a result; a single plain value is the result every time; a single
        callable does the work. A Parallel or Map is mocked as a whole. Raises MockError when the machine has nothing of that name.
        `where` is put before what is said of it later. `validation` None is the bench's.
        """
        try:
            self._check_name(name)
            made = answers_of(answers) if not _is_callable(answers) else None
            handler = through(answers[0]) if made is None else None
            mode = self.validation if validation is None else checked_mode(validation)
            self._check_answers(name, made or [], mode)
        except (ValueError, TypeError) as fault:
            raise MockError(f"{where}: {fault}" if where else f"mock of {name!r}: {fault}") from None
        if made is None:
            self.mocks.pop(name, None)
            function = checked_function(as_function(handler, name), request_check(self.machine, mode))  # type: ignore[arg-type]
            self._tasks.append(dict.fromkeys(self.mocked_states(name), function))
        elif not made:
            raise MockError(f"{where or f'mock of {name!r}'}: expected at least one answer")
        else:
            self.mocks[name] = Mock(name, made, where, request_check(self.machine, mode))
        return self

    def mock_config(
        self,
        config: str | os.PathLike[str] | dict[str, Json] | MockConfig,
        test_case: str,
        state_machine: str | None = None,
        *,
        validation: str | None = None,
    ) -> Bench:
        """Mocks the states of a test case of a mock configuration, the `MockConfigFile.json` of Step Functions Local.

        `state_machine` None is the only machine of the file, else the one with the name of this machine's file, folder or logical id.
        Raises InvalidMockConfig with every fault, MockError when there is no such test case, OSError when the file cannot be read.
        """
        from states.testing.mock_config import read_mock_config
        from states.testing.mocked_states import read_mocked_states

        own = self._name or machine_name(self.machine.source)
        mode = self.validation if validation is None else validation
        _, mocks = read_mocked_states(lambda: read_mock_config(config), self.machine, state_machine, own, test_case, mode)
        self.mocks.update(mocks)
        return self

    def run(self, input: Json = None, **options: Any) -> Run:
        """Runs to the end. `options` are fields of RunSettings, and those of `start`."""
        return self.start(input, **options).finish()

    def start(
        self,
        input: Json = None,
        *,
        start_at: str | None = None,
        variables: Mapping[str, Json] | None = None,
        retry_count: int = 0,
        at: float | str | None = None,
        **options: Any,
    ) -> Run:
        """Starts a run: it goes as far as its first wait or task. `run_until`, `clock.advance` and `finish` go on.

        `start_at` names the state to start with, at any depth, with `variables` in sight and each of its retriers used `retry_count`
        times. `at` is the start, seconds since the epoch or a timestamp. `options` are fields of RunSettings, and what `states.run` takes.
        """
        mocks = self._fresh()
        setup, given = self._asked(start_at, variables, retry_count, at, options=options)
        driver = prepare(self.machine, input, self._served(mocks), None, setup=setup, **given)
        return Run(driver, mocks, strict=self.strict, started_at_state=start_at).begin()

    def every_order(self, input: Json = None, *, limit: int = LIMIT, **options: Any) -> Iterator[Run]:
        """Finished runs, one for each order of what may happen at the same time, at most `limit`; `run(order=...)` repeats a run's `order`.

        `options` are those of `start`. The mocks begin anew in each run.
        """
        fresh, run_of, given = self._orders(options)
        return _told(map(run_of, every_order(self.machine, input, fresh, limit=limit, **given)))

    def check_every_order(self, check: Callable[[Run], Any], input: Json = None, *, limit: int = LIMIT, **options: Any) -> Orders:
        """Checks every order: `check(run)` raises, or gives False, when something is wrong. Gives the orders, which are over.

        Raises OrderFailed for the first order that fails, after looking for a shorter one; it tells how to repeat it, and what differs
        from an order that passes.
        """
        fresh, run_of, given = self._orders(options)
        try:
            return check_every_order(self.machine, input, fresh, lambda driver: check(run_of(driver)), limit=limit, **given)
        except MockFault as fault:
            raise MockError(str(fault)) from None

    def __repr__(self) -> str:
        mocked = f", mocks of {', '.join(self.mocks)}" if self.mocks else ""
        return f"<Bench {self.machine.source.removeprefix(f'{Path.cwd()}/')}{mocked}>"

    def _orders(self, options: dict[str, Any]) -> tuple[Callable[[], Tasks], Callable[[OrderedRun], Run], dict[str, Any]]:
        """How the tasks of each run are made, how its driver becomes a Run, and what `every_order` is given besides."""
        made: dict[int, dict[str, Mock]] = {}

        def fresh() -> Tasks:
            mocks = self._fresh()
            served = self._served(mocks)
            made[id(served)] = mocks
            return served

        def run_of(driver: OrderedRun) -> Run:
            run = Run(driver, made.pop(id(driver.given), {}), strict=self.strict, started_at_state=driver.execution.setup.start_at)
            run.go(lambda: None)
            return run

        own = {name: options.pop(name) for name in ("start_at", "variables", "retry_count", "at") if name in options}
        setup, given = self._asked(**own, options=options)
        return fresh, run_of, {**given, "setup": setup}

    def _asked(
        self,
        start_at: str | None = None,
        variables: Mapping[str, Json] | None = None,
        retry_count: int = 0,
        at: float | str | None = None,
        *,
        options: dict[str, Any],
    ) -> tuple[Setup, dict[str, Any]]:
        """What `start` was given, as a setup and as fields of RunSettings."""
        if start_at is not None:
            block_of(self.machine, start_at)
        moment = parse(at) if isinstance(at, str) else at
        setup = Setup(start_at, dict(variables or {}), retry_count, self._containers(self.mocks))
        return setup, {**self.settings, **options, **({} if moment is None else {"at": moment})}

    def _fresh(self) -> dict[str, Mock]:
        """The mocks, not asked yet."""
        return {name: mock.fresh() for name, mock in self.mocks.items()}

    # ------------------------------------------------------------ who serves what

    def _served(self, mocks: Mapping[str, Mock]) -> Tasks:
        """The tasks with the mocks before them: those of a state before those of its resource. Who is not served must not be asked."""
        by_resource = {name: mock.function() for name, mock in mocks.items() if name not in self._states}
        by_state = {state: function for name, function in by_resource.items() for state in self.mocked_states(name)}
        by_state.update({name: mock.function() for name, mock in mocks.items() if name in self._states})
        served = Tasks([*self._tasks, by_resource, by_state])
        refusing = {state.name: Function(nobody(state, names), state.name) for state, names in served.unserved(self.machine)}
        return Tasks([served, refusing]) if refusing else served

    def mocked_states(self, name: str) -> list[str]:
        """The states that a mock of this name, of a state or of a resource, is for."""
        if name in self._states:
            return [name]
        return [
            state.name
            for state, resource, function in task_states(self.machine)
            if name in candidates(resource, function) and state.name not in self.mocks
        ]

    def _containers(self, mocks: Mapping[str, Mock]) -> frozenset[str]:
        return frozenset(name for name in mocks if isinstance(self._states.get(name), (Parallel, Map)))

    def _check_answers(self, name: str, answers: list[Answer], validation: str) -> None:
        """ValueError when the service that a state or resource of this name calls could not give one of the answers."""
        state = self._states.get(name)
        if isinstance(state, (Parallel, Map)):
            for answer in answers:
                check_array(state, answer)
        mocked = set(self.mocked_states(name))
        for resource in dict.fromkeys(resource for state, resource, _ in task_states(self.machine) if state.name in mocked):
            if fault := unknown_call(resource, validation):
                raise ValueError(f"{fault}; validation={NONE!r} lets it pass")
            warn_of_errors(resource, answers, validation, stacklevel=4)
            for answer in answers:
                check_function(resource, answer)
                if faults := model_faults(resource, answer, validation):
                    raise ValueError(f"{faults[0]}, in the answer of {resource.arn}; validation={NONE!r} lets it pass")

    def _check_name(self, name: str) -> None:
        """ValueError when the machine has no such state or resource, or when the state does no work that could be mocked."""
        state = self._states.get(name)
        if state is not None:
            check_mockable(state)
            return
        known = {each for _, resource, function in task_states(self.machine) for each in candidates(resource, function)}
        if name in known or any(resource.is_invoke and function is None for _, resource, function in task_states(self.machine)):
            return
        hint = did_you_mean(name, [*self._states, *sorted(known)])
        raise ValueError(f"the machine has no state and no resource {name!r}{'; ' if hint else ''}{hint}")


def _told(runs: Iterator[Run]) -> Iterator[Run]:
    """The runs; what a mock has to say about one that does not come to its end is a MockError."""
    try:
        yield from runs
    except MockFault as fault:
        raise MockError(str(fault)) from None


def _is_callable(answers: tuple[Any, ...]) -> bool:
    return len(answers) == 1 and callable(answers[0])
