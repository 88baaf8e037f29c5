"""Roots: all about the visit where the error arose. Its field and line, the data it saw, its handlers, the error inside its cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from states import errors
from states.errors import StatesError
from states.findings import handlers, nested, origins, sights, times
from states.findings.expressions import Failed, failed_field
from states.findings.finding import Failure, Finding, Nested, Seen
from states.machine import State
from states.views import visits, words
from states.views.events import value_of
from states.views.lookup import Lookup
from states.views.visits import Attempt, Visit

Json = Any
Part = Mapping[str, Json]

#: Errors that a task may end with, of which no field of the state is the cause.
OF_TASKS = (errors.TIMEOUT, errors.TASK_FAILED, errors.PERMISSIONS)


def root_of(visit: Visit, failure: StatesError, caught_by: Visit | None, lookup: Lookup, last_event_id: int) -> Finding:
    """The finding of a visit that failed; `last_event_id` is the event that tells it when it has no event of its own."""
    error, cause = failure.error, failure.cause
    state = lookup.state(visit.name)
    part = lookup.part(state.location) if state is not None else {}
    last = visit.attempts[-1] if visit.attempts else None
    told = _event(visit, error, cause)
    is_own = (error or "").startswith("States.") and error not in OF_TASKS
    field = failed_field(cause, part, told.location if told is not None else None, in_catch=_has_failed(last)) if is_own else None
    handling = _handling(visit, failure, field, lookup)
    heartbeat = times.heartbeat_seconds(last, state) if last is not None and times.missed_heartbeat(last, state) else None
    matched_as = (errors.HEARTBEAT_TIMEOUT,) if heartbeat is not None else ()
    if error == errors.TIMEOUT and handling is None and _has_failed(last):
        field = _timeout_field(part, heartbeat is not None)
    first = StatesError(error, cause, matched_as) if handling is None else StatesError(handling.error, handling.cause, matched_as)
    unfolded = tuple(nested.unfolded(cause))
    pointer = field.pointer if field is not None else None
    sight = sights.of_visit(visit, part, (handling.error, handling.cause) if handling is not None else None, state)
    found = Finding(
        status=visits.FAILED,
        error=error,
        cause=cause,
        message=_message(last, failure, unfolded, heartbeat, pointer),
        field=pointer,
        expression=field.text if field is not None else None,
        event_id=told.event_id if told is not None else last_event_id,
        seen=tuple(_seen(field, part, sight, error)),
        nested=unfolded,
        reasons=handlers.reasons(visit, first, lookup, caught_by=caught_by, own=failure if handling is not None else None),
        handling=handling,
        notes=tuple(_notes(visit, error, is_own)),
        **of_visit(visit),
    )
    if visit.type == "Fail":
        found = _with_choice(found, visit, lookup)
    return placed(found, lookup, _location(state, pointer))


def of_visit(visit: Visit) -> dict[str, Any]:
    """What a finding says of a visit, whatever happened."""
    last = visit.attempts[-1] if visit.attempts else None
    return {
        "state": visit.name,
        "type": visit.type,
        "place": visit.place,
        "way": visit.way,
        "attempts": len(visit.attempts),
        "has_input": visit.input is not None,
        "input": value_of(visit.input),
        "given": value_of(last.input) if last is not None else None,
    }


def placed(found: Finding, lookup: Lookup, location: str | None) -> Finding:
    """The finding with a part of the definition to look at, and its line."""
    line, column = lookup.position(location) or (None, None)
    return replace(found, location=location, line=line, column=column)


def _location(state: State | None, pointer: str | None) -> str | None:
    if state is None:
        return None
    return f"{state.location}/{pointer}" if pointer else state.location


def _event(visit: Visit, error: str | None, cause: str | None) -> Failure | None:
    """The event that tells a failure of the visit."""
    return next((each for each in reversed(visit.failures) if (each.error, each.cause) == (error, cause)), None)


def _has_failed(attempt: Attempt | None) -> bool:
    return attempt is not None and attempt.status in (visits.FAILED, visits.TIMED_OUT)


def _handling(visit: Visit, failure: StatesError, field: Failed | None, lookup: Lookup) -> Failure | None:
    """The error that a catcher was taking when its own path failed."""
    last = visit.attempts[-1] if visit.attempts else None
    if last is None or not _has_failed(last) or not (failure.error or "").startswith("States."):
        return None
    if (last.error, last.cause) == (failure.error, failure.cause):
        return None
    in_catch = ((field.pointer if field is not None else None) or "").startswith("Catch[")
    if not in_catch and (lookup.state(visit.name) is not None or last.error is None):
        return None
    inner = origins.innermost(visit)
    if last.error is None and inner.type == "Fail":
        return Failure(inner.event_id, inner.entered, *origins.literals(lookup.state(inner.name)))
    return _event(visit, last.error, last.cause) or Failure(visit.event_id, visit.entered, last.error, last.cause)


def _timeout_field(part: Part, missed_heartbeat: bool) -> Failed:
    stem = "HeartbeatSeconds" if missed_heartbeat else "TimeoutSeconds"
    key = next((key for key in (stem, f"{stem}Path") if key in part), None)
    value = part.get(key) if key is not None else None
    return Failed(key, value if isinstance(value, str) else None)


def _message(last: Attempt | None, failure: StatesError, unfolded: Sequence[Nested], heartbeat: float | None, pointer: str | None) -> str:
    """What happened, in a few words; `heartbeat` are the seconds without one when that was it."""
    if failure.error == errors.TIMEOUT and last is not None and not failure.cause:
        if heartbeat is not None:
            return f"no heartbeat for {words.duration(heartbeat)}"
        if last.timeout_seconds is not None:
            return f"no answer within {words.duration(last.timeout_seconds)}"
    if pointer == "Choices":
        return "no rule matched and there is no Default"
    return words.first_line(unfolded[-1].message) if unfolded else words.brief_cause(failure.cause)


def _seen(field: Failed | None, part: Part, sight: sights.Sight, error: str | None) -> list[Seen]:
    """What the failing expression looked at."""
    if field is None:
        return []
    if field.pointer == "Choices":
        return sights.of_rules(part.get("Choices"), sight)
    if field.text is None:
        return []
    if field.text.startswith("{%") or error == errors.QUERY_EVALUATION_ERROR:
        return sights.of_jsonata(field.text, sight)
    return sights.of_jsonpath(field.text, field.pointer, sight, (field.has_data, field.data))


def _notes(visit: Visit, error: str | None, is_own: bool) -> list[str]:
    """What else there is to know: where a child execution tells more, and that the input is what a catcher left."""
    notes = []
    arn = visit.attempts[-1].map_run_arn if visit.attempts else None
    if error == errors.EXCEED_TOLERATED_FAILURE_THRESHOLD and arn:
        notes.append(f"the histories of its child executions tell more: {arn}")
    left = _error_output_of(visit) if is_own else None
    if left is not None:
        notes.append(f"its input is the error output that the catcher of {left.name} left")
    return notes


def _error_output_of(visit: Visit) -> Visit | None:
    """The visit whose catcher put nothing but its error output where this visit's input is."""
    data = value_of(visit.input)
    if not isinstance(data, dict) or data.keys() != {"Error", "Cause"}:
        return None
    before = reversed(visit.chain.visits[: visit.ordinal - 1])
    return next((each for each in before if each.status == visits.CAUGHT and each.error == data["Error"]), None)


def _with_choice(found: Finding, visit: Visit, lookup: Lookup) -> Finding:
    """Of a Fail state that a Choice led to: what its rules looked at, unless a field of the Fail state itself failed."""
    before = visit.chain.visits[visit.ordinal - 2] if visit.ordinal > 1 else None
    if before is None or before.type != "Choice":
        return found
    state = lookup.state(before.name)
    if state is None:
        return replace(found, notes=(*found.notes, f"{before.name} chose it"))
    part = lookup.part(state.location)
    rules = part.get("Choices")
    leads = [index for index, rule in enumerate(rules if isinstance(rules, list) else ()) if rule.get("Next") == visit.name]
    by = f"Choices[{leads[0]}]" if leads else "Default"
    line = lookup.line(f"{state.location}/{by}")
    note = f"{before.name} chose it by {by}" + (f", line {line}" if line is not None else "")
    if found.field is None and found.expression is None:
        seen = sights.of_rules(rules, sights.of_visit(before, part, None), visit.name if leads else None)
        found = replace(found, seen=tuple(seen))
    return replace(found, notes=(*found.notes, note))
