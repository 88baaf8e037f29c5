"""The state that a TestState request names, and the small machine it runs in.

A definition is one state, or with a state name a whole machine, in which the state may stand at any depth. The state is run on its own,
under the name AWS gives it, and where it leads to there are states that end the execution: nobody else has to be there.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html and recordings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from states import definition
from states.definition.diagnostics import MISSING_END_STATE, errors
from states.definition.source import Unreadable, read
from states.machine import Machine
from states.testing.api_errors import InvalidDefinition, ValidationException

Fields = dict[str, Any]

NAME = "StateName"  #: the state under test goes by this name, whatever its definition calls it
STOP = {"Type": "Succeed"}


class Tested(NamedTuple):
    """`state` is its definition. In `machine` it stands under NAME; `targets` are the states it leads to there -> what its definition
    calls them, None for the end."""

    state: Fields
    machine: Machine
    targets: dict[str, str | None]

    @property
    def type(self) -> str:
        kind: str = self.state["Type"]
        return kind


def find(text: str, name: str | None) -> Tested:
    """The state of a request. Raises InvalidDefinition, and ValidationException when the machine has no such state."""
    if name is None:
        return _alone(_value(text))
    try:
        machine = definition.loads(text)
    except definition.InvalidDefinition as fault:
        raise InvalidDefinition.of(fault.diagnostics) from None
    states = (fields for block in blocks(machine.definition) for key, fields in block["States"].items() if key == name)
    found = next(states, None)
    if found is None:
        raise ValidationException("State not found in definition")
    return tested(found, machine.query_language)


def _value(text: str) -> Fields:
    try:
        value: Fields = read(text).value
    except Unreadable as fault:
        raise InvalidDefinition.of([fault.diagnostic]) from None
    return value


def _alone(state: Fields) -> Tested:
    """A state that was given alone: valid when a machine of it and what it leads to is; it may lead to itself."""
    around = {target: STOP for target in _targets(state) if target != NAME}
    _, _, found = definition.examine({"StartAt": NAME, "States": {NAME: state, **around}}, "STANDARD", "<string>")
    faults = [fault for fault in errors(found) if fault.code != MISSING_END_STATE]
    if faults:
        raise InvalidDefinition.of(faults)
    return tested(state, "JSONPath")


def tested(state: Fields, query_language: str) -> Tested:
    """A valid state, in the machine that runs it and stops."""
    new: dict[str | None, str] = {None: "0"}
    for target in _targets(state):
        new.setdefault(target, str(len(new)))
    moved = _retargeted(state, new)
    states = {NAME: moved, **dict.fromkeys(new.values(), STOP)}
    used = {name: fields for name, fields in states.items() if name == NAME or name in set(_targets(moved))}
    try:
        machine = definition.loads({"QueryLanguage": query_language, "StartAt": NAME, "States": used})
    except definition.InvalidDefinition as fault:  # it holds a substitution without a value
        raise InvalidDefinition.of(fault.diagnostics) from None
    return Tested(state, machine, {name: target for target, name in new.items()})


def _targets(state: Fields) -> list[str]:
    """The states that a state leads to, in the order of its text; what is no name is left to the validator."""
    handlers = [part for field in ("Choices", "Catch") for part in _objects(state.get(field))]
    named = [state.get("Next"), state.get("Default"), *(part.get("Next") for part in handlers)]
    return list(dict.fromkeys(name for name in named if isinstance(name, str) and name))


def _objects(value: Any) -> list[Fields]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _retargeted(state: Fields, new: dict[str | None, str]) -> Fields:
    """The state, leading to the new names; an End leads to a state too."""
    moved = {key: value for key, value in state.items() if key != "End"}
    for key in ("Next", "Default"):
        if key in moved:
            moved[key] = new[moved[key]]
    for key in ("Choices", "Catch"):
        if key in moved:
            moved[key] = [{**part, "Next": new[part["Next"]]} for part in moved[key]]
    if state.get("End"):
        moved["Next"] = new[None]
    return moved


def blocks(block: Fields) -> Iterator[Fields]:
    """A block of a valid definition and all blocks inside it, outermost first."""
    found = [block]
    for item in found:  # grows while it is walked
        yield item
        for state in item["States"].values():
            found += inner_blocks(state)


def inner_blocks(state: Fields) -> list[Fields]:
    """The branches of a Parallel, the processor of a Map."""
    return [*state.get("Branches", []), *(state[key] for key in ("ItemProcessor", "Iterator") if key in state)]


def names_inside(state: Fields) -> set[str]:
    """The states inside a Map or Parallel, at any depth."""
    return {name for block in inner_blocks(state) for inner in blocks(block) for name in inner["States"]}
