"""From a story back to the Machine: the state of a name, its line in the file, and whether a retrier takes a failure."""

from __future__ import annotations

from states import errors
from states.definition.source import Source
from states.errors import StatesError
from states.machine import Block, Machine, Map, Parallel, Retrier, State
from states.views.visits import Attempt


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
    return Source(machine.text, machine.source).position(location) if machine.text else None


def takes(retrier: Retrier, attempt: Attempt) -> bool:
    """Whether the retrier matches the failure of an attempt."""
    return errors.matches(retrier.error_equals, StatesError(attempt.error, attempt.cause))
