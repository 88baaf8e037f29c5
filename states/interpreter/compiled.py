"""Machines made ready to run: who handles each of the eight types, and the programs of a machine's blocks.

Source: https://states-language.net/spec.html#state-types
"""

from __future__ import annotations

from collections.abc import Mapping

from states.interpreter import choice, fail, map_, parallel, pass_, succeed, task, wait
from states.interpreter.program import Handler, Program, programs
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


def program_of(machine: Machine, block: Block) -> Program:
    """The block of a machine made ready to run, made once."""
    known = programs(machine)
    found = known.get(id(block))
    if found is None:
        found = known[id(block)] = Program(block, HANDLERS)
    return found


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
