"""What a replay must know of a machine: where branches begin, which retriers draw lots, and how it runs without what is absent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from states.definition import every_block
from states.interpreter.retry import delay
from states.machine import Machine, Map, Parallel, State


class Constant:
    """An expression that always gives the same."""

    text = "$"

    def __init__(self, value: Any) -> None:
        self.value = value

    def evaluate(self, _: Any, __: Any) -> Any:
        return self.value


class Known:
    """What is looked up once a machine. `machine` is the one to run: without readers of items and writers of results."""

    def __init__(self, machine: Machine) -> None:
        self.definition = machine.definition
        self.states = {name: state for block in every_block(machine) for name, state in block.states.items()}
        self.branches = {
            name: {branch.start_at: index for index, branch in enumerate(state.branches)}
            for name, state in self.states.items()
            if isinstance(state, Parallel)
        }
        self.readers = frozenset(name for name, state in self.states.items() if isinstance(state, Map) and _is_fed_from_outside(state))
        self.machine = _without_readers(machine) if self.readers else machine

    def longest_delay(self, name: str, attempt: int) -> float | None:
        """Most seconds before a retry of a state whose delay is drawn by lot; None where none is."""
        retriers = [retrier for retrier in getattr(self.states.get(name), "retry", ()) if retrier.jitter]
        return max((delay(retrier, attempt) for retrier in retriers), default=None)


_known: WeakKeyDictionary[Machine, Known] = WeakKeyDictionary()


def known(machine: Machine) -> Known:
    """What is known of a machine, found out once."""
    found = _known.get(machine)
    if found is None:
        found = _known[machine] = Known(machine)
    return found


def _is_fed_from_outside(state: Map) -> bool:
    return state.item_reader is not None or state.result_writer is not None


def _without_readers(block: Any) -> Any:
    """The block with one unknown item in place of those a reader reads: what the Map gives comes from the recording anyway."""
    return replace(block, states={name: _without_reader(state) for name, state in block.states.items()})


def _without_reader(state: State) -> State:
    if isinstance(state, Parallel):
        return replace(state, branches=tuple(_without_readers(branch) for branch in state.branches))
    if not isinstance(state, Map):
        return state
    state = replace(state, processor=_without_readers(state.processor))
    if not _is_fed_from_outside(state):
        return state
    one: Any = Constant([None])
    return replace(state, item_reader=None, result_writer=None, items_path=one, items=one, item_selector=None, item_batcher=None)


def definition_at(definition: Any, location: str) -> Any:
    """The part of a definition that a location such as `/States/Fan out/Branches[0]/States/A` names; None where there is none."""
    from states.definition.positions import NUMBER, end_of_name

    start = 0
    while start < len(location):
        if isinstance(definition, list):
            number = NUMBER.match(location, start)
            if number is None or int(number[1]) >= len(definition):
                return None
            definition, start = definition[int(number[1])], number.end()
            continue
        if not isinstance(definition, dict) or location[start] != "/":
            return None
        end = end_of_name(definition, location, start + 1)
        if end < 0:
            return None
        definition, start = definition[location[start + 1 : end]], end
    return definition
