"""Transitions: every target exists, every state is reached, every block ends, and a state either moves on or ends.

Source: https://states-language.net/spec.html#transitions; messages and interactions recorded from ValidateStateMachineDefinition
"""

from __future__ import annotations

from collections.abc import Iterator

from states.definition.diagnostics import (
    DUPLICATE_STATE_NAME,
    MISSING_END_STATE,
    MISSING_TRANSITION_TARGET,
    SCHEMA_VALIDATION_FAILED,
    Diagnostic,
)
from states.definition.graph import reached, transitions
from states.definition.hints import did_you_mean
from states.definition.outline import Node, Outline, Part

MAX_COMPARED = 10_000  #: names looked at for hints in all: in a machine of thousands of states a hint is dear
MOVING = frozenset({"Pass", "Task", "Wait", "Parallel", "Map"})
ENDING = frozenset({"Succeed", "Fail"})


def targets_exist(outline: Outline) -> Iterator[Diagnostic]:
    """StartAt, Next, Default and the Next of choice rules and catchers name a state of their own block."""
    budget = MAX_COMPARED
    for part in outline.parts:
        for node, target, place in dangling(part):
            hint = did_you_mean(target, part.nodes) if budget > 0 else ""
            budget -= len(part.nodes)
            location = (node or part).location + place
            yield Diagnostic(MISSING_TRANSITION_TARGET, f"Missing 'Next' target: {target}", location, hint=hint)


def dangling(part: Part) -> Iterator[tuple[Node | None, str, str]]:
    """The names that a block's transitions lead to and that are no state of it. A `${substitution}` may be one."""
    return (found for found in named(part) if found[1] not in part.nodes and "${" not in found[1])


def named(part: Part) -> Iterator[tuple[Node | None, str, str]]:
    """The names a block's transitions lead to: the state (None for StartAt), the name, the place within the state or block."""
    start = part.value.get("StartAt")
    if type(start) is str and part.nodes:
        yield None, start, "/StartAt"
    for node in part.nodes.values():
        for way in transitions(node):
            yield node, way.target, way.place


def blocks_end(outline: Outline) -> Iterator[Diagnostic]:
    """Every block has a state that ends it. AWS names no place when it is the machine itself.

    A block inside a state is not judged when a transition out of it leads nowhere: that fault says enough.
    """
    for part in outline.parts:
        if not ends(part) and (part.owner is None or not any(dangling(part))):
            yield Diagnostic(MISSING_END_STATE, "Workflow has no terminal state", part.location or None)


def ends(part: Part) -> bool:
    """Whether some state may end the block. One that leads nowhere at all has a fault of its own."""
    return not part.nodes or any(is_terminal(node) for node in part.nodes.values())


def is_terminal(node: Node) -> bool:
    if node.type in ENDING or node.value.get("End") is True:
        return True
    return not any(transitions(node)) if node.type == "Choice" else "Next" not in node.value


def states_are_reached(outline: Outline) -> Iterator[Diagnostic]:
    """Every state is reached from its block's StartAt. A block without an end is not judged: that fault says it all."""
    for part in outline.parts:
        if type(part.value.get("StartAt")) is str and ends(part) and not has_open_target(part):
            found = reached(part)
            for name, node in part.nodes.items():
                if name not in found and type(node.written) is dict:
                    yield Diagnostic(MISSING_TRANSITION_TARGET, f'State "{name}" is not reachable.', node.location)


def has_open_target(part: Part) -> bool:
    """Whether a transition leads to a `${substitution}`: it may reach any state."""
    return any("${" in target and target not in part.nodes for _, target, _ in named(part))


def next_or_end(outline: Outline) -> Iterator[Diagnostic]:
    """A state that may do either says exactly one of Next and End."""
    for node in outline.nodes:
        if node.type in MOVING:
            moves, stops = "Next" in node.value, node.value.get("End", False) is not False
            if moves and stops:
                message = "Only one of these fields is allowed: [Next, End]"
                yield Diagnostic(SCHEMA_VALIDATION_FAILED, message, node.location, key="End")
            elif not moves and not stops:
                yield Diagnostic(SCHEMA_VALIDATION_FAILED, "One of these fields is required: [Next, End]", node.location)


def names_are_unique(outline: Outline) -> Iterator[Diagnostic]:
    """No two states of a machine have one name, wherever they stand."""
    seen: set[str] = set()
    for node in outline.nodes:
        if node.name in seen:
            yield Diagnostic(DUPLICATE_STATE_NAME, f"Duplicate State name: {node.name}", node.location)
        seen.add(node.name)


RULES = (targets_exist, blocks_end, states_are_reached, next_or_end, names_are_unique)
