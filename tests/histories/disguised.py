"""Histories as others would print them: in another order of concurrent events, later, as log lines, in pages."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from datetime import timedelta
from random import Random
from typing import Any

from states.histories.recording import recording_of

Events = list[dict[str, Any]]


def events_of(history: Iterable[dict[str, Any]]) -> Events:
    """The events as JSON would give them."""
    return [json.loads(json.dumps({**event, "timestamp": event["timestamp"].isoformat()})) for event in history]


def shuffled(history: Iterable[dict[str, Any]], seed: int) -> Events:
    """The same events with concurrent ones in another order, ids and all; without times, since those would tell of the old one."""
    events = [copy.deepcopy(dict(event)) for event in history]
    recording = recording_of(events)
    places = recording.places()
    chain_of = {id: path for path, chain in places.chains.items() for id in chain.events}
    before: dict[int, set[int]] = {event["id"]: {event["previousEventId"]} - {0} for event in events}
    last: dict[str, int] = {}
    for event in events:
        id = event["id"]
        path = chain_of.get(id)
        if path is None:  # not compared: stays behind all before it
            before[id] |= set(range(1, id))
            continue
        if path in last:
            before[id].add(last[path])
        inner = [other for other, where in last.items() if other != path and other.startswith(path)]
        if not event["type"].startswith("MapIteration") or event["type"] == "MapIterationFailed":
            before[id] |= {
                last[other] for other in inner if events[id - 1]["type"].endswith(("StateSucceeded", "StateFailed", "StateExited"))
            }
        last[path] = id
    random, done, order = Random(seed), set[int](), []
    left = {event["id"] for event in events}
    while left:
        ready = sorted(id for id in left if before[id] <= done)
        id = random.choice(ready)
        order.append(id)
        done.add(id)
        left.remove(id)
    number = {id: place for place, id in enumerate(order, 1)} | {0: 0}
    found = []
    for id in order:
        event = events[id - 1]
        event["previousEventId"] = number[event["previousEventId"]]
        event["id"] = number[id]
        event["timestamp"] = "taken out"
        found.append(event)
    return found


def later(history: Iterable[dict[str, Any]], seed: int, most: float = 0.04) -> Events:
    """The same events, each a little later than it could have been, as on AWS: also what follows it."""
    random, delay, found = Random(seed), 0.0, []
    for event in history:
        delay += random.random() * most
        found.append({**event, "timestamp": (event["timestamp"] + timedelta(seconds=delay)).isoformat()})
    return found


def log_lines(history: Iterable[dict[str, Any]], arn: str) -> list[dict[str, Any]]:
    """The events as Step Functions writes them to CloudWatch."""
    lines = []
    for event in history:
        details = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
        lines.append(
            {
                "id": str(event["id"]),
                "type": event["type"],
                "details": details,
                "redrive_count": "0",
                "previous_event_id": str(event["previousEventId"]),
                "event_timestamp": str(round(event["timestamp"].timestamp() * 1000)),
                "execution_arn": arn,
            }
        )
    return lines


def pages(events: Events, size: int) -> str:
    """What a loop over pages of the command prints: documents after each other."""
    parts = [events[start : start + size] for start in range(0, len(events), size)]
    return "\n".join(
        json.dumps({"events": part, **({"nextToken": f"token-{number}"} if number < len(parts) else {})}, indent=4, default=str)
        for number, part in enumerate(parts, 1)
    )
