"""Places: from a state to its part of the definition, and from a part to its line.

Works without a machine too: then nothing is known of any place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from states.machine import Machine, State
from states.views.lookup import find_state, position

Json = Any

_BLOCKS = ("ItemProcessor", "Iterator")
_INNER = ("Branches", *_BLOCKS)


class Leaf(NamedTuple):
    """A text, number or null of a state: `pointer` is its path below the state, `key` its last name."""

    pointer: str
    key: str
    value: Json


class Places:
    """What is known of a machine's places; each is found out once."""

    def __init__(self, machine: Machine | None) -> None:
        self.machine = machine
        self._states: dict[str, State | None] = {}
        self._parts: dict[str, Mapping[str, Json]] | None = None

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
        if self._parts is None:
            definition = self.machine.definition if self.machine is not None else None
            self._parts = dict(_states_of(definition)) if isinstance(definition, dict) else {}
        return self._parts.get(location, {})


def _states_of(definition: Json) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Every state of a definition with its location."""
    waiting: list[tuple[str, Json]] = [("", definition)]
    for location, block in waiting:  # grows while it is walked
        named = block.get("States") if isinstance(block, dict) else None
        for name, state in named.items() if isinstance(named, dict) else ():
            if not isinstance(state, dict):
                continue
            place = f"{location}/States/{name}"
            yield place, state
            waiting += [(f"{place}/{key}", state[key]) for key in _BLOCKS if key in state]
            branches = state.get("Branches")
            waiting += [(f"{place}/Branches[{index}]", each) for index, each in enumerate(branches if isinstance(branches, list) else ())]


def leaves(part: Mapping[str, Json]) -> Iterator[Leaf]:
    """Everything a state says itself, what its branches and iterations say left out."""
    waiting: list[tuple[str, str, Json]] = [(key, key, value) for key, value in reversed(list(part.items())) if key not in _INNER]
    while waiting:
        pointer, key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{pointer}/{name}", name, member) for name, member in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(f"{pointer}[{index}]", key, member) for index, member in reversed(list(enumerate(value)))]
        else:
            yield Leaf(pointer, key, value)
