"""Machines made ready to run: who handles each of the eight types, and the programs of a machine's blocks.

Source: https://states-language.net/spec.html#state-types
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

from states.interpreter import choice, fail, map_, mocked, parallel, pass_, succeed, task, wait, watched
from states.interpreter.frame import Frame
from states.interpreter.program import Handler, Program, Step, programs
from states.interpreter.setup import PLAIN, Setup
from states.machine import Block, Machine, Map, Parallel

HANDLERS: Mapping[str, Handler] = {
    "Pass": (pass_.enter, None),
    "Task": (task.enter, task.answer),
    "Choice": (choice.enter, None),
    "Wait": (wait.enter, wait.answer),
    "Succeed": (succeed.enter, None),
    "Fail": (fail.enter, None),
    "Parallel": (parallel.enter, None),
    "Map": (map_.enter, None),
}

MOCKED_TYPES = frozenset({"Parallel", "Map"})  #: the types whose states a mock can stand for as a whole


def program_of(machine: Machine, block: Block, setup: Setup = PLAIN) -> Program:
    """The block of a machine made ready to run, made once; once more for each combination of mocked states and watched kinds."""
    known = programs(machine)
    key: Hashable = id(block) if setup is PLAIN else (id(block), setup.mocked, setup.kinds, setup.start_at, setup.retry_count)
    found = known.get(key)
    if found is None:
        found = known[key] = Program(block, HANDLERS, None if setup is PLAIN else _adapting(setup, block.start_at))
    return found


def _adapting(setup: Setup, start_at: str) -> Callable[[Step], None]:
    """What a setup changes of a block's steps."""
    first, names, kinds = setup.start_at or start_at, setup.mocked, setup.kinds

    def adapt(step: Step) -> None:
        if step.name in names and step.type in MOCKED_TYPES:
            mocked.mock(step)
        if kinds:
            watched.watch(step, kinds)
        if setup.retry_count and step.name == first:
            step.enter = _retried_before(step, setup.retry_count)

    return adapt


def _retried_before(step: Step, count: int) -> Callable[[Frame], Step | None]:
    """How a step is entered whose retriers were used before, when the execution starts with it."""
    enter = step.enter

    def entered(frame: Frame) -> Step | None:
        if frame.visits == frame.attempt == 1 and frame.join is None:
            frame.attempt += count
            frame.retries = dict.fromkeys(range(len(step.retry)), count)
        return enter(frame)

    return entered


def compile_machine(machine: Machine) -> None:
    """Makes every block of a machine ready to run, so that its first execution is as fast as the others."""
    waiting: list[Block] = [machine]
    for block in waiting:  # grows while it is walked
        program_of(machine, block)
        for state in block.states.values():
            if isinstance(state, Parallel):
                waiting += state.branches
            elif isinstance(state, Map):
                waiting.append(state.processor)
