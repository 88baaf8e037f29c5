"""A situation: where a replay left the recorded way, what came before, and what the definition says there."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from states.histories import facts
from states.histories.engine import Diverged
from states.histories.events import Event
from states.histories.machines import Known, definition_at
from states.histories.places import Visit
from states.machine import State


class Explanation(NamedTuple):
    reason: str
    message: str
    location: str | None = None
    state: str | None = None
    place: str = ""
    after: int = 0


class Situation:
    """What an explanation is made of. `was` and `now` are the types of the two events, `` where there is none."""

    def __init__(self, known: Known, found: Diverged, execution: Any, visit: Visit | None) -> None:
        self.known = known
        self.found = found
        self.execution = execution
        self.visit = visit
        self.recorded: Event | None = found.recorded
        self.was = facts.kind_of(found.recorded.type) if found.recorded is not None else ""
        self.now: str = found.now[0] if found.now is not None else ""

    @property
    def name(self) -> str:
        return self.visit.name if self.visit is not None else ""

    @property
    def state(self) -> State | None:
        return self.known.states.get(self.name)

    def field(self, *names: str, name: str | None = None) -> str | None:
        """The location of the first of these fields that a state has, else of the state."""
        state = self.known.states.get(self.name if name is None else name)
        if state is None:
            return None
        present = written(self.known, state)
        return next((f"{state.location}/{each}" for each in names if each.partition("[")[0] in present), state.location)

    def told(self, reason: str, message: str, *fields: str, name: str | None = None) -> Explanation:
        state = self.name if name is None else name
        evaluated = self._evaluated() if reason == "failure" else None
        return Explanation(reason, message, evaluated or self.field(*fields, name=state), state or None)

    def _evaluated(self) -> str | None:
        """The location of the field whose JSONata fails or failed, as EvaluationFailed names it: `Items`, `Output/a[1]`."""
        raw, recorded = self.found.now, self.recorded
        place = raw[4][0] if raw is not None and self.now == "EvaluationFailed" else None
        if place is None and recorded is not None and recorded.type == "EvaluationFailed":
            place = recorded.details.get("location")
        if self.state is None or not isinstance(place, str):
            return None
        location = f"{self.state.location}/{place}"
        is_there = definition_at(self.known.definition, location) is not None
        return location if is_there else self.field(re.split(r"[/\[]", place)[0])


def visit_of(found: Diverged, execution: Any) -> Visit | None:
    """The visit of ours that the difference is in: that of the event, of a failure the one that failed, else the one that waits."""
    chain, places = found.chain, execution.places
    visit: Visit | None = None
    if found.now is not None:
        ends = found.now[0].startswith("Execution") or found.now[0] == "MapIterationFailed"
        visit = places.visit_of(found.now[1] if ends else chain.events[-1])
    return visit or chain.open or chain.owner


def failed_before(context: Situation) -> bool:
    """Whether the state leaves after a failure."""
    return (
        context.visit is not None
        and (last := context.execution.last_of(context.found.chain.path)) is not None
        and _before_failed(context, last)
    )


def _before_failed(context: Situation, exit: Event) -> bool:
    known = context.execution.recorded.chains[context.found.chain.path].events
    place = known.index(exit.id)
    before = context.execution.recording[known[place - 1]] if place else exit
    return before.type.endswith(("Failed", "TimedOut"))


def visit_before(context: Situation) -> Visit | None:
    """The visit before in the chain."""
    execution, chain = context.execution, context.found.chain
    for id in reversed(chain.events[:-1]):
        visit: Visit | None = execution.places.visit_of(id)
        if visit is not None and visit.chain is chain:
            return visit
    return chain.owner


def was_caught(context: Situation) -> bool:
    before = context.execution.last_of(context.found.chain.path)
    known = context.execution.recorded.chains[context.found.chain.path].events
    place = known.index(before.id) if before is not None else 0
    return place >= 2 and context.execution.recording[known[place - 2]].type.endswith(("Failed", "TimedOut"))


def last_error(context: Situation) -> str:
    """The last failure of the state."""
    execution = context.execution
    for id in reversed(
        execution.recorded.chains[context.found.chain.path].events if context.found.chain.path in execution.recorded.chains else []
    ):
        event = execution.recording[id]
        if (context.recorded is None or id < context.recorded.id) and event.details.get("error"):
            return str(event.details["error"])
    return "the failure"


def after_failure(context: Situation) -> bool:
    """Whether the event before was a failure of a task, a branch or an iteration, or a timeout."""
    execution, chain = context.execution, context.found.chain
    known = execution.recorded.chains.get(chain.path)
    if known is None or context.recorded is None:
        return False
    place = known.events.index(context.recorded.id)
    before = execution.recording[known.events[place - 1]] if place else None
    return before is not None and before.type.endswith(("Failed", "TimedOut", "ParallelStateStarted", "MapStateStarted", "MapRunStarted"))


def written(known: Known, state: State | None) -> set[str]:
    """The fields that the definition of a state has."""
    if state is None:
        return set()
    found = definition_at(known.definition, state.location)
    return set(found) if isinstance(found, dict) else set()
