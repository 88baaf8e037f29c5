"""From a story back to the Machine: the state of a name, its part of the definition, and its line in the file.

A Lookup works without a machine too: then nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from states.definition import every_block
from states.histories.machines import definition_at
from states.machine import Machine, State

Json = Any


def find_state(machine: Machine, name: str) -> State | None:
    """The state of this name, wherever it is nested: names are unique over a whole machine."""
    return next((block.states[name] for block in every_block(machine) if name in block.states), None)


def position(machine: Machine, location: str) -> tuple[int, int] | None:
    """Line and column (from 1) of a location such as `/States/Charge`; None when the machine was not made of a text."""
    return machine.position(location) if machine.position is not None else None


class Lookup:
    """What is known of the states of a machine; each is found once."""

    def __init__(self, machine: Machine | None) -> None:
        self.machine = machine
        self._states: dict[str, State | None] = {}

    @property
    def name(self) -> str | None:
        """The file, or whatever the definition came from."""
        return self.machine.source if self.machine is not None and self.machine.text else None

    def state(self, name: str) -> State | None:
        if self.machine is None:
            return None
        if name not in self._states:
            self._states[name] = find_state(self.machine, name)
        return self._states[name]

    def position(self, location: str | None) -> tuple[int, int] | None:
        """Line and column of a location; of the nearest part around it when the text has no such part."""
        while self.machine is not None and location:
            found = position(self.machine, location)
            if found is not None:
                return found
            location = location.rpartition("/")[0]
        return None

    def line(self, location: str | None) -> int | None:
        found = self.position(location)
        return found[0] if found is not None else None

    def part(self, location: str) -> Mapping[str, Json]:
        """The JSON of the state at a location, `{}` when it is not known."""
        found = definition_at(self.machine.definition, location) if self.machine is not None else None
        return found if isinstance(found, dict) else {}
