"""Goals: what the tests of a machine should have seen happen, each with a name, its place in the definition, and what is to happen there.

`goals_of` reads a definition as it is written, branches and processors too, and gives its goals in the order of the text. A goal is told
by its place and its outcome: `/States/Charge/Retry[0] exhausted`. The same fact is one goal only: a choice rule that is true is its
transition, and so is a catcher that is taken.

Source: https://states-language.net/spec.html#transitions and the fields of each state
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from states.definition.outline import Node, Outline, entries

Json = Any

# Kinds of goals, in the order of the reports.
STATE, TRANSITION, CHOICE, RETRY, CATCH, TIMEOUT, MAP, PARALLEL = (
    "state",
    "transition",
    "choice",
    "retry",
    "catch",
    "timeout",
    "map",
    "parallel",
)
KINDS = (STATE, TRANSITION, CHOICE, RETRY, CATCH, TIMEOUT, MAP, PARALLEL)

# Outcomes.
ENTERED, TAKEN, TRUE, FALSE = "entered", "taken", "true", "false"
RECOVERED, EXHAUSTED, FIRED, ENDED = "recovered", "exhausted", "fired", "ended"
NONE, ONE, MANY = "no items", "one item", "many items"

CLOCKS = ("TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath")


class Goal(NamedTuple):
    """`state` is the location of the state it belongs to, empty for the machine's own; `location` is the place of the goal itself."""

    kind: str
    state: str
    location: str
    outcome: str

    @property
    def name(self) -> str:
        return f"{self.location} {self.outcome}"


def goals_of(definition: Json) -> tuple[Goal, ...]:
    """Every goal of a valid definition.

    >>> [goal.name for goal in goals_of({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}})]
    ['/States/A entered', '/States/A/Next taken', '/States/B entered']
    """
    found = [Goal(TIMEOUT, "", "/TimeoutSeconds", FIRED)] if "TimeoutSeconds" in definition else []
    for node in Outline(definition).nodes:
        found += of_state(node)
    return tuple(found)


def of_state(node: Node) -> Iterator[Goal]:
    """The goals of one state, those of the states inside it left out."""
    place, value = node.location, node.value

    def goal(kind: str, within: str, outcome: str) -> Goal:
        return Goal(kind, place, place + within, outcome)

    yield goal(STATE, "", ENTERED)
    for field in CLOCKS:
        if node.type == "Task" and field in value:
            yield goal(TIMEOUT, f"/{field}", FIRED)
    for within, _ in entries("/Choices", value.get("Choices")) if node.type == "Choice" else ():
        yield goal(CHOICE, within, TRUE)
        yield goal(CHOICE, within, FALSE)
    if node.type == "Choice" and "Default" in value:
        yield goal(CHOICE, "/Default", TAKEN)
    if node.type == "Map":
        at = next((f"/{field}" for field in ("ItemReader", "ItemsPath", "Items") if field in value), "")
        for outcome in (NONE, ONE, MANY):
            yield goal(MAP, at, outcome)
    for within, _ in entries("/Branches", value.get("Branches")) if node.type == "Parallel" else ():
        yield goal(PARALLEL, within, ENDED)
    for within, retrier in entries("/Retry", value.get("Retry")):
        if retrier.get("MaxAttempts") != 0:
            yield goal(RETRY, within, RECOVERED)
        yield goal(RETRY, within, EXHAUSTED)
    for within, _ in entries("/Catch", value.get("Catch")):
        yield goal(CATCH, within, TAKEN)
    for field in ("Next", "End"):
        if value.get(field):
            yield goal(TRANSITION, f"/{field}", TAKEN)
