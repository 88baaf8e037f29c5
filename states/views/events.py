"""Events of both forms as one: the recorded tuples of a running execution and the dictionaries of AWS.

Reads an event, knows nothing of the one before. Whatever a foreign history has instead of what is expected is taken as it is, or left out.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from states.history import details_of, seconds_of

Json = Any


class Text(str):
    """A JSON text as events of AWS hold data; any other data of a story is the value itself."""

    __slots__ = ()


def value_of(data: Json) -> Json:
    """Data of a story as a JSON value; a text that is not JSON (AWS cuts long ones off) stays a text."""
    if not isinstance(data, Text):
        return data
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return str(data)


def text_of(data: Json) -> str:
    """Data of a story as JSON text."""
    return str(data) if isinstance(data, Text) else json.dumps(data, ensure_ascii=False, separators=(", ", ": "))


class Event(NamedTuple):
    """An event of either form. `number` is an index or a length, `resource` a short or full name of what is asked.

    `location` is the field whose JSONata failed, as EvaluationFailed names it.
    """

    id: int
    type: str
    previous: int
    at: float
    name: str | None = None
    data: Json = None
    error: str | None = None
    cause: str | None = None
    resource: str | None = None
    number: int | None = None
    timeout_seconds: float | None = None
    assigned: Mapping[str, Json] | None = None
    heartbeat_seconds: float | None = None
    location: str | None = None


def of_tuple(id: int, raw: Sequence[Any]) -> Event:
    kind, previous, at, subject, value = raw
    event = Event(id, kind, previous, at)
    read = _TUPLE_FORMS.get(kind)
    if read is None:
        read = _TUPLE_FORMS[kind] = next((form for ending, form in _ENDINGS if kind.endswith(ending)), _plain)
    return read(event, subject, value)


def _plain(event: Event, _: Any, __: Any) -> Event:
    return event


def _with_state(event: Event, subject: Any, value: Any) -> Event:
    return event._replace(name=subject, data=value)


def _with_data(event: Event, _: Any, value: Any) -> Event:
    return event._replace(data=value)


def _with_failure(event: Event, subject: Any, value: Any) -> Event:
    return event._replace(error=subject, cause=value)


def _with_task_failure(event: Event, _: Any, value: Any) -> Event:
    return event._replace(error=value[0], cause=value[1])


def _with_request(event: Event, subject: Any, value: Any) -> Event:
    resource = ":".join(subject) if isinstance(subject, tuple) else subject
    return event._replace(
        resource=resource, data=value.input, timeout_seconds=value.timeout_seconds, heartbeat_seconds=value.heartbeat_seconds
    )


def _with_evaluation(event: Event, subject: Any, value: Any) -> Event:
    return event._replace(error=subject[0], cause=subject[1], location=value[0], name=value[1])


_TUPLE_FORMS: dict[str, Callable[[Event, Any, Any], Event]] = {
    "EvaluationFailed": _with_evaluation,
    "MapStateStarted": lambda event, subject, _: event._replace(number=subject),
    "MapRunStarted": lambda event, subject, _: event._replace(resource=subject),
    "MapRunFailed": _with_failure,
    "MapStateFailed": _plain,
    "ParallelStateFailed": _plain,
    "ExecutionStarted": _with_data,
    "ExecutionAborted": _with_failure,
    **{f"MapIteration{end}": lambda event, subject, value: event._replace(name=subject, number=value)
       for end in ("Started", "Succeeded", "Failed", "Aborted")},
    **{f"Task{end}": _with_task_failure for end in ("Failed", "TimedOut", "StartFailed", "SubmitFailed")},
}  # fmt: skip

_ENDINGS = (
    ("StateEntered", _with_state),
    ("StateExited", _with_state),
    ("Scheduled", _with_request),
    ("Succeeded", _with_data),
    ("Failed", _with_failure),
    ("TimedOut", _with_failure),
)


def of_dictionary(place: int, raw: Mapping[str, Any]) -> Event:
    details = details_of(dict(raw))
    data = next((details[key] for key in ("input", "output", "parameters") if key in details), None)
    resource = details.get("resource")
    if "resourceType" in details:
        resource = f"{details['resourceType']}:{resource}"
    return Event(
        _whole(raw.get("id")) or place,
        _string(raw.get("type")) or "",
        _whole(raw.get("previousEventId")),
        seconds_of(raw.get("timestamp")) or 0.0,
        _string(details.get("name", details.get("state"))),
        Text(data) if isinstance(data, str) else data,
        _string(details.get("error")),
        _string(details.get("cause")),
        _string(details.get("mapRunArn", resource)),
        _whole(details.get("index", details.get("length"))),
        _seconds(details.get("timeoutInSeconds")),
        _variables(details.get("assignedVariables")),
        _seconds(details.get("heartbeatInSeconds")),
        _string(details.get("location")),
    )


def _string(found: Any) -> str | None:
    return found if found is None or isinstance(found, str) else str(found)


def _whole(found: Any) -> int:
    return found if isinstance(found, int) else 0


def _seconds(found: Any) -> float | None:
    return found if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def _variables(found: Any) -> Mapping[str, Json] | None:
    return {name: Text(text) for name, text in found.items()} if isinstance(found, Mapping) and found else None
