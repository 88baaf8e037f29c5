"""Adversaries: what may go wrong with the tasks of a machine, as answers in place of their work.

A sound machine is expected to survive what it says itself that it handles: an error that a retrier names, as often as that one tries
again; an error that a catcher takes, for ever; silence where a timeout or a heartbeat is declared. LEVELS says how much is done to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from states import errors
from states.errors import StatesError, matches
from states.interpreter.resources import CALLBACK, LAMBDA, Resource
from states.language.values import dumps
from states.machine import Block, Catcher, Machine, Map, Parallel, Retrier, Task
from states.tasks import mocks
from states.tasks.mocks import EVERY_TIME, Answer
from states.tasks.resources import task_states

Json = Any

NONE, HANDLED, ANY = "none", "handled", "any"
LEVELS = (NONE, HANDLED, ANY)
SHAPED, NULLS = "shaped", "nulls"
RESULTS = (SHAPED, NULLS, ANY)

UNKNOWN = "Unexpected"  #: an error that no machine names
MESSAGE = "on purpose"
HUGE = "x" * 262_145  #: characters: with its quotes more than 256 KiB
MOST_TIMES = 10  #: an error is tried 1, 2, 3 ... up to so many times, and the number a retrier promises

#: Results that a task without a shape may give.
WRONG_RESULTS: tuple[Json, ...] = (None, {}, [], "a", 1, True, HUGE)


@dataclass(frozen=True, slots=True)
class Fault:
    """What a state's task answers, the first so many times it is asked."""

    state: str
    answer: Answer

    @property
    def is_persistent(self) -> bool:
        return self.answer.times is None


@dataclass(frozen=True, slots=True)
class _Handled:
    """A Task with the Retry and Catch around it, from the inside out; the first ones are its own."""

    task: Task
    resource: Resource
    retry: tuple[Retrier, ...]
    catch: tuple[Catcher, ...]

    def names(self) -> list[str]:
        """The errors that are named, each once."""
        return list(dict.fromkeys(name for each in self._named() for name in each))

    def _named(self) -> list[tuple[str, ...]]:
        return [*(retrier.error_equals for retrier in self.retry), *(catcher.error_equals for catcher in self.catch)]

    def catches(self, error: str, *matched_as: str) -> bool:
        failure = StatesError(error, None, matched_as)
        return any(matches(catcher.error_equals, failure) for catcher in self.catch)

    def promised(self, *names: str) -> int:
        """How many times one of these errors may come, as a retrier that names it says."""
        return max((retrier.max_attempts for retrier in self.retry if set(names) & set(retrier.error_equals)), default=0)


def faults_of(
    machine: Machine, level: str = HANDLED, results: str = SHAPED, *, served: Collection[str] = (), timed: Collection[str] = ()
) -> list[Fault]:
    """The faults that the tasks of a machine may have, the plainest of each state first.

    `served` are states whose task is given, `timed` those of them that let time pass by themselves: such a one is believed, and is
    silent only where the machine says what is done then.
    """
    resources = {state.name: resource for state, resource, _ in task_states(machine)}
    found: list[Fault] = []
    for handled in _handled(machine, resources, (), ()):
        name = handled.task.name
        made = list(_errors(handled, level)) if level != NONE else []
        made += _silences(handled, level, name in timed) if level != NONE else []
        if results == ANY:
            made += [mocks.result(value) for value in WRONG_RESULTS] + [mocks.result(value, times=EVERY_TIME) for value in WRONG_RESULTS]
        if handled.resource.pattern == CALLBACK and name in served:
            made = [answer for answer in made if answer.times is EVERY_TIME]  # what a token is answered later cannot be told beforehand
        found += [Fault(name, answer) for answer in {repr(answer): answer for answer in made}.values()]
    return found


def _handled(block: Block, resources: Mapping[str, Resource], retry: tuple[Retrier, ...], catch: tuple[Catcher, ...]) -> Iterator[_Handled]:
    for state in block.states.values():
        if isinstance(state, Task):
            yield _Handled(state, resources[state.name], (*state.retry, *retry), (*state.catch, *catch))
        elif isinstance(state, Parallel):
            for branch in state.branches:
                yield from _handled(branch, resources, (*state.retry, *retry), (*state.catch, *catch))
        elif isinstance(state, Map):
            yield from _handled(state.processor, resources, (*state.retry, *retry), (*state.catch, *catch))


def _errors(handled: _Handled, level: str) -> Iterator[Answer]:
    """Errors by name: as often as is promised, and for ever where they are caught."""
    for name in handled.names():
        if name in (errors.ALL, errors.TASK_FAILED):
            yield from _of_error(handled, UNKNOWN, handled.promised(errors.ALL, errors.TASK_FAILED))
        elif not name.startswith("States."):
            yield from _of_error(handled, name, handled.promised(name))
    if level == ANY:
        for times in (1, EVERY_TIME):
            yield mocks.error(UNKNOWN, cause_of(UNKNOWN, handled.resource), times=times)
            yield mocks.error(UNKNOWN, None, times=times)


def _of_error(handled: _Handled, error: str, promised: int) -> Iterator[Answer]:
    cause = cause_of(error, handled.resource)
    for times in counts(promised):
        yield mocks.error(error, cause, times=times)
    if handled.catches(error):
        yield mocks.error(error, cause, times=EVERY_TIME)


def counts(promised: int) -> list[int]:
    """How often an error is tried that may come so many times.

    >>> counts(3), counts(50)
    ([1, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 50])
    """
    return list(dict.fromkeys([*range(1, min(promised, MOST_TIMES) + 1), *([promised] if MOST_TIMES < promised < 1000 else [])]))


def cause_of(error: str, resource: Resource) -> str:
    """A cause as AWS writes it: of a function's own exception JSON, else a sentence."""
    is_function = (resource.family == LAMBDA or resource.is_invoke) and not error.startswith("Lambda.")
    return dumps({"errorMessage": MESSAGE, "errorType": error}) if is_function else MESSAGE


def _silences(handled: _Handled, level: str, is_timed: bool) -> list[Answer]:
    """No answer, where a bound is declared: none at all, and signs of life until the time is up."""
    task = handled.task
    made: list[Answer] = []
    heartbeat, timeout = task.heartbeat_seconds, task.timeout_seconds
    if heartbeat is not None:
        made += _silent(handled, level, is_timed, mocks.never(), (errors.TIMEOUT, errors.HEARTBEAT_TIMEOUT))
    if timeout is not None and heartbeat is None:
        made += _silent(handled, level, is_timed, mocks.never(), (errors.TIMEOUT,))
    elif isinstance(timeout, (int, float)) and isinstance(heartbeat, (int, float)) and timeout / heartbeat < 1000:
        every = heartbeat / 2
        alive = mocks.never(heartbeat=every, beats=int(timeout / every) + 1)
        made += _silent(handled, level, is_timed, alive, (errors.TIMEOUT,))
    return made


def _silent(handled: _Handled, level: str, is_timed: bool, answer: Answer, names: Sequence[str]) -> list[Answer]:
    is_caught = handled.catches(names[0], *names[1:])
    promised = handled.promised(*names, errors.ALL)
    made = [answer * times for times in counts(promised)]
    if is_caught or (not promised and not is_timed) or level == ANY:
        made.append(answer * EVERY_TIME)
    return made
