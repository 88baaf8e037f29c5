"""From a story back to the Machine: the state of a name, and its line in the file."""

from __future__ import annotations

from states.machine import Block, Machine, Map, Parallel, State


def find_state(block: Block, name: str) -> State | None:
    """The state of this name, wherever it is nested: names are unique over a whole machine."""
    waiting: list[Block] = [block]
    for each in waiting:  # grows while it is walked
        if name in each.states:
            return each.states[name]
        for state in each.states.values():
            if isinstance(state, Parallel):
                waiting.extend(state.branches)
            elif isinstance(state, Map):
                waiting.append(state.processor)
    return None


def position(machine: Machine, location: str) -> tuple[int, int] | None:
    """Line and column (from 1) of a location such as `/States/Charge`; None when the machine was not made of a text."""
    return machine.position(location) if machine.position is not None else None
