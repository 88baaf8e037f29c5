"""What a replay found out, as values: the first difference with both sides, the state, the line of the definition, and the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from states.histories.alike import NOTHING
from states.histories.engine import Diverged
from states.histories.events import Event
from states.histories.machines import known
from states.histories.reasons import explained
from states.history import RENDER, History, timestamp
from states.machine import Machine

Json = Any


@dataclass(frozen=True, slots=True)
class Difference:
    """The first event that is not as recorded.

    `reason` is one of REASONS, `message` says it in a sentence. `event_id` is the recorded event, or the last before it where ours has
    one more. `place` is the visit (`Fan out#1[0]/Charge#1`), `state` the state whose definition decides, `location` the part of it, `line`
    and `column` where that stands. `path` leads to the first value that differs inside `field`; `was` and `now` are that value, absent ones
    None. `recorded` and `replayed` are the two events in AWS's shape, None where one side has none.
    """

    reason: str
    message: str
    event_id: int
    place: str = ""
    state: str | None = None
    location: str | None = None
    source: str | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None
    path: str | None = None
    was: Json = None
    now: Json = None
    recorded: dict[str, Json] | None = None
    replayed: dict[str, Json] | None = None

    def to_json(self) -> dict[str, Json]:
        """As JSON, absent parts left out."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether a machine would still do what a history tells. True when it would.

    `status` is how the recorded execution ended, `events` how many there are, `compared` how many were compared and found the same.
    `assumptions` say what the history does not show and what was taken instead.
    """

    same: bool
    status: str
    events: int
    compared: int
    difference: Difference | None = None
    assumptions: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.same

    def to_json(self) -> dict[str, Json]:
        """As JSON, for other tools."""
        told: dict[str, Json] = {"same": self.same, "status": self.status, "events": self.events, "compared": self.compared}
        if self.difference is not None:
            told["difference"] = self.difference.to_json()
        return {**told, "assumptions": list(self.assumptions)}


def difference_of(machine: Machine, found: Diverged, execution: Any) -> Difference:
    """The difference in words, with its line."""
    explanation = explained(known(machine), found, execution)
    location = explanation.location
    position = machine.position(location) if location is not None and machine.position is not None else None
    unlike = found.unlike
    return Difference(
        reason=explanation.reason,
        message=explanation.message,
        event_id=found.recorded.id if found.recorded is not None else explanation.after,
        place=explanation.place,
        state=explanation.state,
        location=location,
        source=machine.source if location is not None else None,
        line=position[0] if position is not None else None,
        column=position[1] if position is not None else None,
        field=found.key or None,
        path=unlike.path if unlike is not None else None,
        was=_value(found, 0),
        now=_value(found, 1),
        recorded=_recorded(found.recorded) if found.recorded is not None else None,
        replayed=_replayed(found.now, execution.history) if found.now is not None else None,
    )


def _value(found: Diverged, side: int) -> Json:
    """The value of one side: of a delay its seconds."""
    if "delay" in found.more:
        return round(found.more["delay"][side], 3)
    value = found.unlike[1 + side] if found.unlike is not None else NOTHING
    return None if value is NOTHING else value


def _recorded(event: Event) -> dict[str, Json]:
    told: dict[str, Json] = {
        "id": event.id,
        "type": event.type,
        "previousEventId": event.previous,
        "timestamp": timestamp(event.at).isoformat(),
    }
    entry = RENDER[event.type]
    return {**told, entry[0]: dict(event.details)} if entry is not None and event.details else told


def _replayed(raw: tuple[Any, ...], history: History) -> dict[str, Json]:
    told: dict[str, Json] = {"type": raw[0], "timestamp": timestamp(raw[2]).isoformat()}
    entry = RENDER[raw[0]]
    return {**told, entry[0]: entry[1](raw[3], raw[4], history.text)} if entry is not None else told
