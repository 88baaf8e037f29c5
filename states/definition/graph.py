"""Who leads to whom: the transitions of a state, what a start reaches, and the whole machine as a networkx graph.

`transitions` and `reached` are plain and fast, for the rules; `graph` is for pictures and questions, and alone imports networkx.

Source: https://states-language.net/spec.html#transitions
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from states.definition.outline import Fields, Node, Outline, Part, entries

if TYPE_CHECKING:
    import networkx

    from states.machine import Machine


class Transition(NamedTuple):
    """A way out of a state. `kind` is next, choice, default or catch; `place` is the field, within the state, that names the target."""

    kind: str
    target: str
    place: str


def transitions(node: Node) -> Iterator[Transition]:
    """Every transition of a state, in the order Next, Choices, Default, Catch."""
    value = node.value
    if type(value.get("Next")) is str:
        yield Transition("next", value["Next"], "/Next")
    if node.type == "Choice":
        yield from listed("choice", value, "Choices")
        if type(value.get("Default")) is str:
            yield Transition("default", value["Default"], "/Default")
    if "Catch" in value:
        yield from listed("catch", value, "Catch")


def listed(kind: str, value: Fields, field: str) -> Iterator[Transition]:
    """The targets of a list of choice rules or catchers."""
    for place, entry in entries(f"/{field}", value.get(field)):
        if type(entry.get("Next")) is str:
            yield Transition(kind, entry["Next"], f"{place}/Next")


def reached(part: Part) -> set[str]:
    """Names of the states of a block that its StartAt leads to; empty when StartAt names none."""
    start = part.value.get("StartAt")
    found: set[str] = set()
    waiting = [start] if type(start) is str and start in part.nodes else []
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(way.target for way in transitions(part.nodes[name]) if way.target in part.nodes)
    return found


def graph(machine: Machine) -> networkx.DiGraph[str]:
    """The machine as a networkx.DiGraph, states inside states included.

    A node is a state's name, with `type`, `location` and `block` (the location of its block, "" at the top). An edge has `kind`: next,
    choice, default or catch, or for the way into a Parallel or Map, branch or processor; `kinds` lists them all when several transitions
    join the same two states.
    """
    import networkx

    made: networkx.DiGraph[str] = networkx.DiGraph(start_at=machine.start_at)
    outline = Outline(machine.definition, machine.type)
    for node in outline.nodes:
        made.add_node(node.name, type=node.type, location=node.location, block=node.block.location)
    for node in outline.nodes:
        for way in transitions(node):
            add_edge(made, node.name, way.target, way.kind)
    for part in outline.parts:
        if part.owner is not None:
            add_edge(made, part.owner.name, part.value["StartAt"], part.kind)
    return made


def add_edge(made: networkx.DiGraph[str], source: str, target: str, kind: str) -> None:
    if made.has_edge(source, target):
        made.edges[source, target]["kinds"] += (kind,)
    else:
        made.add_edge(source, target, kind=kind, kinds=(kind,))
