"""A saved history -> its events: what `states run --history` and `aws stepfunctions get-execution-history` write.

Takes `{"events": [...]}` or a bare list, in either order, with ISO 8601 or epoch timestamps, and says which event is wrong.
"""

from __future__ import annotations

import json
from typing import Any

from states.histories.documents import InvalidHistory as InvalidHistory

Json = Any

EXPECTED = 'expected {"events": [...]} or a list of events, as `aws stepfunctions get-execution-history` prints'


def read_history(text: str | bytes) -> list[dict[str, Any]]:
    """The events in the order of their ids. Raises InvalidHistory.

    >>> read_history('[{"id": 1, "type": "ExecutionStarted", "timestamp": 0}]')[0]["type"]
    'ExecutionStarted'
    """
    document = _json(text)
    events = document.get("events") if isinstance(document, dict) else document
    if not isinstance(events, list):
        raise InvalidHistory(f"found {_found(document)}; {EXPECTED}")
    if not events:
        raise InvalidHistory("it holds no events")
    places: dict[int, int] = {}
    for place, event in enumerate(events, 1):
        _check(event, place)
        if event["id"] in places:
            raise InvalidHistory(f"event {place}: its id {event['id']} is that of event {places[event['id']]}")
        places[event["id"]] = place
    return sorted(events, key=_id)


def _json(text: str | bytes) -> Json:
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InvalidHistory(f"it is not UTF-8: byte 0x{fault.object[fault.start]:02x} at offset {fault.start}") from None
    if not decoded.strip():
        raise InvalidHistory(f"it is empty; {EXPECTED}")
    try:
        return json.loads(decoded)
    except RecursionError:
        raise InvalidHistory("it is nested too deeply") from None
    except ValueError as fault:
        raise InvalidHistory(f"it is not JSON: {fault}") from None


def _check(event: Json, place: int) -> None:
    """InvalidHistory unless it has what every event has."""
    if not isinstance(event, dict):
        raise InvalidHistory(f"event {place}: expected an object, found {_found(event)}")
    name = f"event {place}"
    id = event.get("id")
    if isinstance(id, bool) or not isinstance(id, int) or id < 1:
        raise InvalidHistory(f'{name}: expected "id" to be a whole number from 1, found {_found(id)}')
    name = f"event {place} (id {id})"
    if not isinstance(event.get("type"), str):
        raise InvalidHistory(f'{name}: expected "type" to be a string, found {_found(event.get("type"))}')
    previous = event.get("previousEventId", 0)
    if isinstance(previous, bool) or not isinstance(previous, int) or not 0 <= previous < id:
        raise InvalidHistory(f'{name}: expected "previousEventId" to be that of an earlier event, found {_found(previous)}')
    if not _is_timestamp(event.get("timestamp")):
        raise InvalidHistory(f'{name}: expected "timestamp" in ISO 8601 or as epoch seconds, found {_found(event.get("timestamp"))}')
    for key, details in event.items():
        if key.endswith("EventDetails") and not isinstance(details, dict):
            raise InvalidHistory(f'{name}: expected "{key}" to be an object, found {_found(details)}')


def _is_timestamp(given: Json) -> bool:
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        return 0 <= given < 253402300800
    if not isinstance(given, str):
        return False
    from datetime import datetime

    try:
        datetime.fromisoformat(given)
    except ValueError:
        return False
    return True


def _id(event: dict[str, Any]) -> int:
    id: int = event["id"]
    return id


def _found(value: Json) -> str:
    """What was found, in a few words."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return f"an object with the keys {', '.join(map(repr, list(value)[:5]))}" if value else "an empty object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"
