"""A Recording: the history of one execution that is over, read, checked and taken apart by place.

Checks what an honest history keeps: ids from 1 without a gap, each event after the one it names, types that can follow each other, times
that do not run backwards, data that is JSON. What is missing, moved or written by hand is InvalidHistory, which names the event.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html and recordings.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

from states.histories.documents import Documents, InvalidHistory, documents_of, read_documents, shown
from states.histories.events import Event, event_of, in_order
from states.histories.places import Branches, Misplaced, Places
from states.history import seconds_of
from states.language import values

Json = Any

ENDS = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted")
SLACK = 0.5  #: seconds an event may lie before the one it follows: clocks of two hosts


class Recording:
    """`events` by id from 1 (`recording[id]`); `has_times` is False where the timestamps were taken out of it.

    `redriven_at` is the event with which a redrive began: what follows it is not told. `arn` is the execution, where log lines name it.
    """

    def __init__(self, events: Sequence[Event], *, has_times: bool = True, is_log: bool = False, arn: str | None = None) -> None:
        self.events = tuple(events)
        self.has_times = has_times
        self.is_log = is_log
        self.arn = arn
        self.redriven_at: int | None = None
        self._values: dict[str, Json] = {}

    def __getitem__(self, id: int) -> Event:
        return self.events[id - 1]

    def __len__(self) -> int:
        return len(self.events)

    @property
    def end(self) -> Event | None:
        """The event that ended the execution; None while it runs."""
        return self.events[-1] if self.events[-1].type in ENDS else None

    @property
    def status(self) -> str:
        """RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED."""
        return {"TIMEDOUT": "TIMED_OUT"}.get(s := self.end.type.removeprefix("Execution").upper(), s) if self.end else "RUNNING"

    @property
    def input_text(self) -> str:
        text = self.events[0].details.get("input")
        if not isinstance(text, str):
            raise InvalidHistory("event 1 ExecutionStarted: it holds no input; logs need includeExecutionData, and the level ALL")
        return text

    def value(self, event: Event, key: str) -> Json:
        """The JSON value of an event's `input`, `output` or `parameters`; InvalidHistory when the text is none, or was cut off."""
        text = event.details.get(key)
        if not isinstance(text, str):
            raise InvalidHistory(f'{event}: expected "{key}" to be JSON text, found {shown(text)}')
        return self.read(text, f"{event}: its {key}", event.details.get(f"{key}Details"))

    def read(self, text: str, what: str, told: Json = None) -> Json:
        """The value of a JSON text; each text is read once."""
        if text in self._values:
            return self._values[text]
        try:
            value = self._values[text] = values.loads(text)
        except (ValueError, RecursionError) as fault:
            was_cut = isinstance(told, dict) and told.get("truncated")
            raise InvalidHistory(f"{what} was truncated by AWS" if was_cut else f"{what} is not JSON: {fault}") from None
        return value

    def places(self, branches: Branches | None = None) -> Places:
        """Every event at its place; `branches` say which branch of a Parallel begins with which state. Raises InvalidHistory."""
        places = Places(branches, {event.name for event in self.events if event.type.endswith("StateEntered") and event.name})
        for event in self.events:
            try:
                places.read(event.id, event.type, event.previous, event.name, event.details.get("index"))
            except Misplaced as fault:
                raise InvalidHistory(f"{event}: {fault}") from None
        return places

    @cached_property
    def text(self) -> str:
        """All its data in one text, to look for a word in it."""
        return "\n".join(str(value) for event in self.events for value in event.details.values())


def read_recording(text: str | bytes, *, execution: str | None = None, is_partial: bool = False) -> Recording:
    """The recording in a text of any form. `is_partial` takes the history of an execution that still runs.

    >>> started = '{"id": 1, "type": "ExecutionStarted", "timestamp": 0, "executionStartedEventDetails": {"input": "{}"}}'
    >>> read_recording(f"[{started}]", is_partial=True).status
    'RUNNING'
    """
    return _checked(read_documents(text, execution), is_partial)


def recording_of(given: Any, *, execution: str | None = None, is_partial: bool = False) -> Recording:
    """The recording of whatever is one: a file, a text, bytes, a History, boto3's response or its list of events."""
    return given if isinstance(given, Recording) else _checked(documents_of(given, execution), is_partial)


# ---------------------------------------------------------------- checks


def _checked(documents: Documents, is_partial: bool) -> Recording:
    ordered = in_order(documents.events)
    has_times = any(seconds_of(raw.get("timestamp")) is not None for raw in ordered)
    events = [event_of(raw, place, has_times=has_times) for place, raw in enumerate(ordered, 1)]
    _check_ids(events, documents.has_more)
    _check_times(events)
    redriven = next((event.id for event in events if event.type == "ExecutionRedriven"), None)
    if redriven is not None:
        events = events[: redriven - 1]
    arn = documents.arns[0] if len(documents.arns) == 1 else None
    recording = Recording(events, has_times=has_times, is_log=documents.is_log, arn=arn)
    recording.redriven_at = redriven
    _check_end(recording, is_partial, documents.has_more)
    recording.places()
    return recording


def _check_ids(events: list[Event], has_more: bool) -> None:
    if events[0].id != 1 or events[0].type != "ExecutionStarted":
        raise InvalidHistory(
            f"its first event is {events[0]}; expected event 1 ExecutionStarted"
            + ("" if events[0].id == 1 else ": the beginning is missing")
        )
    for before, event in pairwise(events):
        if event.id != before.id + 1:
            is_one = event.id == before.id + 2
            missing = f"event {before.id + 1} is" if is_one else f"events {before.id + 1} to {event.id - 1} are"
            hint = "; a page of the output is missing" if has_more else ""
            raise InvalidHistory(f"{missing} missing: after {before} comes {event}{hint}")
        if before.type in ENDS and event.type != "ExecutionRedriven":
            raise InvalidHistory(f"{event} comes after {before}, which ended the execution")


def _check_times(events: list[Event]) -> None:
    for event in events:
        if event.previous and event.at < events[event.previous - 1].at - SLACK:
            before = events[event.previous - 1]
            raise InvalidHistory(f"{event}: it lies {before.at - event.at:.3f} s before {before}, which it follows")


def _check_end(recording: Recording, is_partial: bool, has_more: bool) -> None:
    if recording.end is None and not is_partial:
        hint = "there are more pages: its last one has a nextToken" if has_more else "the execution still ran, or the rest was cut off"
        raise InvalidHistory(f"it ends with {recording.events[-1]}; expected the end of the execution: {hint}")
