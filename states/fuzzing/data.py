"""Data that is followed through a machine without running it: where it comes from, and what is put over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from states.fuzzing.shapes import Path

Json = Any

INPUT = "the input"  #: the root of what is read of the execution's input; the others are names of Task states


@dataclass(frozen=True, slots=True)
class Ref:
    """What lies at a path of the input or of a result."""

    root: str
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Made:
    """An object put together: `base` with some fields put over it; a list has its items by index."""

    base: Data
    over: tuple[tuple[Any, Data], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A literal of the definition."""

    text: str


Data = Ref | Made | Known | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may read besides its data: variables, and parts of the context object by their path."""

    variables: Mapping[str, Data]
    context: Mapping[str, Data]


def targets(state: Json) -> list[str | None]:
    """Where a state leads without an error; None is the end of its block."""
    if state["Type"] == "Choice":
        named = [rule["Next"] for rule in state["Choices"]]
        return list(dict.fromkeys([*named, *([state["Default"]] if "Default" in state else [])]))
    return [] if state["Type"] == "Fail" else [state.get("Next")]
