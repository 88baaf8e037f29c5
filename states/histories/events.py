"""Events of a history -> checked one by one, whatever stands around them.

`event_of` takes what every honest event holds, and nothing else; `read_events` is lenient: events of types that are not known here, and
gaps between them, are left to who shows them. Both refuse an event with the same words.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from states.histories.documents import InvalidHistory, documents_of, shown
from states.history import RENDER, details_of, seconds_of

Json = Any

#: Details without which an event says nothing, by the ending of its type.
NEEDED = (
    ("StateEntered", ("name",)),
    ("StateExited", ("name",)),
    ("MapIterationStarted", ("name", "index")),
    ("MapIterationSucceeded", ("name", "index")),
    ("MapIterationFailed", ("name", "index")),
    ("MapIterationAborted", ("name", "index")),
    ("EvaluationFailed", ("state",)),
    ("LambdaFunctionScheduled", ("resource",)),
    ("ActivityScheduled", ("resource",)),
    ("TaskScheduled", ("resource", "resourceType")),
)


class Event(NamedTuple):
    """An event of a recording. `at` is seconds since the epoch; `details` are AWS's, data as JSON text."""

    id: int
    type: str
    previous: int
    at: float
    details: Mapping[str, Json]

    @property
    def name(self) -> str | None:
        """The state it names."""
        name: str | None = self.details.get("name", self.details.get("state"))
        return name

    def __str__(self) -> str:
        name = self.name
        return f"event {self.id} {self.type}" if name is None else f'event {self.id} {self.type} "{name}"'


def read_events(given: Any, execution: str | None = None) -> list[dict[str, Any]]:
    """The events of a history in any form, in AWS's shape and in the order of their ids. Raises InvalidHistory.

    >>> read_events('[{"id": 1, "type": "ExecutionStarted", "timestamp": 0}]')[0]["type"]
    'ExecutionStarted'
    """
    events = in_order(documents_of(given, execution).events)
    has_times = any(seconds_of(raw.get("timestamp")) is not None for raw in events)
    for place, raw in enumerate(events, 1):
        _check(raw, place, has_times)
    return events


def in_order(events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events by id, those that stand twice once: pages may overlap."""
    found: dict[int, dict[str, Any]] = {}
    for place, raw in enumerate(events, 1):
        id = raw.get("id")
        if isinstance(id, bool) or not isinstance(id, int) or id < 1:
            raise InvalidHistory(f'event {place}: expected "id" to be a whole number from 1, found {shown(id)}')
        if id in found and found[id] != raw:
            raise InvalidHistory(f"event {place}: its id {id} is that of another event")
        found[id] = raw
    return [found[id] for id in sorted(found)]


def event_of(raw: dict[str, Any], place: int, *, has_times: bool = True) -> Event:
    """The event, of a type that Step Functions has and with the details that this type needs. Raises InvalidHistory."""
    name = _check(raw, place, has_times)
    kind = raw["type"]
    if kind not in RENDER:
        import difflib

        near = difflib.get_close_matches(kind, RENDER, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise InvalidHistory(f"{_numbered(raw, place)}: there is no event type {shown(kind)}{hint}")
    at = seconds_of(raw.get("timestamp")) if has_times else raw["id"] / 1000
    assert at is not None
    return Event(raw["id"], kind, raw.get("previousEventId", 0), at, _details(raw, kind, name))


def _check(raw: dict[str, Any], place: int, has_times: bool) -> str:
    """InvalidHistory unless it has what every event has; how messages call it."""
    kind = raw.get("type")
    name = _numbered(raw, place)
    if not isinstance(kind, str):
        raise InvalidHistory(f'{name}: expected "type" to be a string, found {shown(kind)}')
    name = f"{name} {kind if kind in RENDER else shown(kind)}"
    previous = raw.get("previousEventId", 0)
    if isinstance(previous, bool) or not isinstance(previous, int) or not 0 <= previous < raw["id"]:
        raise InvalidHistory(f'{name}: expected "previousEventId" to be that of an earlier event, found {shown(previous)}')
    if has_times and seconds_of(raw.get("timestamp")) is None:
        raise InvalidHistory(f'{name}: expected "timestamp" in ISO 8601 or as epoch seconds, found {shown(raw.get("timestamp"))}')
    for key, found in raw.items():
        if key.endswith("EventDetails") and found is not None and not isinstance(found, dict):
            raise InvalidHistory(f'{name}: expected "{key}" to be an object, found {shown(found)}')
    return name


def _numbered(raw: dict[str, Any], place: int) -> str:
    return f"event {place}" if raw["id"] == place else f"event {place} (id {raw['id']})"


def _details(raw: dict[str, Any], kind: str, name: str) -> Mapping[str, Json]:
    """The details, which are those of this type, with what it needs."""
    entry = RENDER[kind]
    for key, found in raw.items():
        if key.endswith("EventDetails") and found is not None and (entry is None or key != entry[0]):
            expected = f'"{entry[0]}"' if entry is not None else "no details"
            raise InvalidHistory(f'{name}: found "{key}"; expected {expected}')
    details = details_of(raw)
    for key in next((keys for ending, keys in NEEDED if kind.endswith(ending)), ()):
        wanted: type = int if key == "index" else str
        if not isinstance(details.get(key), wanted) or isinstance(details[key], bool):
            raise InvalidHistory(f'{name}: expected "{key}" in its details, found {shown(details.get(key))}')
    return details
