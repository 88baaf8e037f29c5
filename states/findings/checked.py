"""Checked: a history that can be asked why. What is cut off, out of order, edited by hand or of another machine is refused by its event.

Checks what every history of AWS holds to, and no more: events of branches may come in any order.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html and recordings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from states.findings.places import Places
from states.history import RENDER, details_of
from states.machine import Machine
from states.views.events import seconds_of
from states.views.saved import InvalidHistory

Json = Any

__all__ = ["InvalidHistory", "check"]

ENDS = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut")
CLOCK = 60.0  #: seconds by which an event may be earlier than the one before: clocks of a service differ a little

#: Of each family of events that work gives, those it may come after.
_AFTER = {"LambdaFunction": ("LambdaFunction",), "Activity": ("Activity",), "Task": ("Task",)}


def check(events: Sequence[Mapping[str, Json]], machine: Machine | None = None) -> None:
    """Raises InvalidHistory with the first event that makes no sense; `events` in the order of their ids."""
    if not events:
        raise InvalidHistory("it holds no events")
    places = Places(machine)
    entered: Counter[str] = Counter()
    before: Mapping[str, Json] | None = None
    for place, event in enumerate(events, 1):
        _check_order(event, place, before)
        kind = event["type"]
        if kind not in RENDER:
            raise InvalidHistory(f"event {place}: {str(kind)[:60]!r} is no type of event of Step Functions")
        previous = event.get("previousEventId") or 0
        if previous:
            _check_after(place, kind, previous, events[previous - 1]["type"])
            _check_end(event, events[previous - 1])
        _check_state(place, kind, details_of(dict(event)), entered, places)
        before = event


def _check_order(event: Mapping[str, Json], place: int, before: Mapping[str, Json] | None) -> None:
    if not isinstance(event, Mapping) or not isinstance(event.get("id"), int) or not isinstance(event.get("type"), str):
        raise InvalidHistory(f'event {place}: expected an object with "id" and "type"')
    id, kind = event["id"], event["type"]
    previous = event.get("previousEventId") or 0
    if not isinstance(previous, int) or isinstance(previous, bool) or not 0 <= previous < id:
        raise InvalidHistory(f"event {id}: previousEventId {previous!r} is not that of an earlier event")
    if before is None:
        if id != 1 or kind != "ExecutionStarted":
            raise InvalidHistory(f"event {id} ({kind}) is its first; expected event 1, ExecutionStarted: is a page missing?")
        return
    if kind == "ExecutionStarted":
        raise InvalidHistory(f"event {id}: a second ExecutionStarted; expected the history of one execution")
    if id != place:
        missing = f"event {place} is" if id == place + 1 else f"events {place} to {id - 1} are"
        raise InvalidHistory(f"{missing} missing: event {before['id']} ({before['type']}) is followed by event {id} ({kind})")
    if before["type"] in ENDS and kind != "ExecutionRedriven":
        raise InvalidHistory(f"event {id} ({kind}) comes after the end, event {before['id']} ({before['type']})")
    earlier = seconds_of(before.get("timestamp")) - seconds_of(event.get("timestamp"))
    if earlier > CLOCK:
        raise InvalidHistory(f"event {id} ({kind}) is {earlier:,.0f} s earlier than event {before['id']} ({before['type']})")


def _check_after(id: int, kind: str, previous: int, before: str) -> None:
    """An event of a task, a function or an activity follows one of the same kind."""
    family = next((name for name in _AFTER if kind.startswith(name) and "State" not in kind), None)
    if family is None:
        return
    if kind.endswith("Scheduled"):
        if not before.endswith(("StateEntered", *_FAILURES)):
            raise InvalidHistory(f"event {id} ({kind}) follows event {previous} ({before}); expected the start of its state or a failure")
    elif not before.startswith(family) or "State" in before:
        raise InvalidHistory(f"event {id} ({kind}) follows event {previous} ({before}); expected an event {family}...")


def _check_end(event: Mapping[str, Json], before: Mapping[str, Json]) -> None:
    """An execution that ends right after the failure of a task ends with its error."""
    if event["type"] != "ExecutionFailed" or not before["type"].endswith(_FAILURES) or "error" not in details_of(dict(before)):
        return
    error, failed = details_of(dict(event)).get("error"), details_of(dict(before))["error"]
    if error != failed and not str(error).startswith("States."):
        told = f"event {event['id']} (ExecutionFailed) has the error {error!r}, but follows event {before['id']} ({before['type']})"
        raise InvalidHistory(f"{told} with the error {failed!r}")


_FAILURES = ("Failed", "TimedOut", "Aborted")


def _check_state(id: int, kind: str, details: Mapping[str, Json], entered: Counter[str], places: Places) -> None:
    """A state is entered before it is left, and the machine has it."""
    stem, mark, what = kind.rpartition("State")
    if not mark or what not in ("Entered", "Exited"):
        return
    name = details.get("name")
    if not isinstance(name, str):
        raise InvalidHistory(f"event {id} ({kind}) does not name its state")
    entered[name] += 1 if what == "Entered" else -1
    if entered[name] < 0:
        raise InvalidHistory(f"event {id} ({kind}) leaves {name!r}, which no event before entered")
    if places.machine is None:
        return
    state = places.state(name)
    if state is None:
        raise InvalidHistory(f"event {id} ({kind}): {name!r} is no state of {places.machine.source}; is this another machine's history?")
    if state.type != stem:
        raise InvalidHistory(f"event {id} ({kind}): {name!r} is a {state.type} in {places.machine.source}, but a {stem} in the history")
