"""Reading histories: each form that AWS prints, and a clear word for each that makes no sense."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import states
from states.histories.documents import executions_in
from states.histories.events import read_events
from states.histories.recording import read_recording, recording_of
from tests.histories.disguised import Events, events_of, later, log_lines, pages, shuffled
from tests.histories.shop import INPUT, SHOP, sold

HISTORY = sold().history
EVENTS = events_of(HISTORY)
ARN = "arn:aws:states:us-east-1:123456789012:express:Shop:run-1:3f1c9f6e-0000-4000-8000-000000000001"
LINES = log_lines(HISTORY, ARN)
SHOP_READ = states.loads(SHOP)
OTHERS = log_lines(sold(input={**INPUT, "order": "B-1"}).history, ARN.replace("run-1", "run-2"))


def messages(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"timestamp": 1, "ingestionTime": 2, "message": json.dumps(line), "eventId": str(n)} for n, line in enumerate(lines)]


FORMS = {
    "a document": json.dumps({"events": EVENTS}),
    "a document after a mark of byte order": "\ufeff" + json.dumps({"events": EVENTS}),
    "a bare list": json.dumps(EVENTS),
    "in reverse order": json.dumps({"events": EVENTS[::-1]}),
    "in pages": pages(EVENTS, 20),
    "in pages that overlap": pages(EVENTS[:30], 30) + pages(EVENTS[20:], 100),
    "pages in a list": json.dumps([{"events": EVENTS[:20]}, {"events": EVENTS[20:]}]),
    "with epoch seconds": json.dumps([{**e, "timestamp": raw["timestamp"].timestamp()} for e, raw in zip(EVENTS, HISTORY, strict=True)]),
    "with Z": json.dumps([{**e, "timestamp": e["timestamp"].replace("+00:00", "Z")} for e in EVENTS]),
    "log lines": "\n".join(map(json.dumps, LINES)),
    "log lines in a list": json.dumps(LINES),
    "log lines with a comma between": ",\n".join(map(json.dumps, LINES)),
    "log lines twice": "\n".join(map(json.dumps, LINES * 2)),
    "filter-log-events": json.dumps({"events": messages(LINES), "searchedLogStreams": []}),
    "get-log-events": json.dumps({"events": messages(LINES), "nextForwardToken": "f/1", "nextBackwardToken": "b/1"}),
    "aws logs tail": "\n".join(f"2026-01-01T00:00:00.000000+00:00 states/Shop/x {json.dumps(line)}" for line in LINES),
    "get-query-results": json.dumps({"results": [[{"field": "@message", "value": json.dumps(line)}] for line in LINES]}),
    "log lines with data as values": json.dumps(
        [
            {
                **line,
                "details": {
                    k: json.loads(v) if k in ("input", "output", "parameters") and v[0] in "{[" else v for k, v in line["details"].items()
                },
            }
            for line in LINES
        ]
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read(form: str) -> None:
    found = read_recording(FORMS[form])
    assert len(found) == len(EVENTS)
    assert found.status == "SUCCEEDED"
    assert states.replay(SHOP, FORMS[form]).same
    assert not states.diff(FORMS[form], EVENTS)
    assert [event["id"] for event in read_events(FORMS[form])] == [event["id"] for event in EVENTS]
    assert states.why(FORMS[form], SHOP_READ).status == "SUCCEEDED"


@pytest.mark.parametrize(
    "given",
    [HISTORY, EVENTS, list(HISTORY), {"events": EVENTS}, json.dumps(EVENTS).encode(), tuple(EVENTS)],
    ids=lambda g: type(g).__name__,
)
def test_values_are_taken_as_they_are(given: Any) -> None:
    assert len(recording_of(given)) == len(EVENTS)


@pytest.mark.parametrize("seed", range(20))
def test_concurrent_events_may_come_in_any_order(seed: int) -> None:
    assert states.replay(SHOP, shuffled(HISTORY, seed)).same


@pytest.mark.parametrize("seed", range(10))
def test_events_may_come_later(seed: int) -> None:
    assert states.replay(SHOP, later(HISTORY, seed)).same


def test_the_executions_of_log_lines_are_told_apart() -> None:
    mixed = "\n".join(json.dumps(line) for pair in zip(LINES, OTHERS, strict=True) for line in pair)
    assert len(executions_in(mixed)) == 2
    with pytest.raises(states.InvalidHistory, match="its log lines are of 2 executions"):
        states.replay(SHOP, mixed)
    assert states.replay(SHOP, mixed, execution="run-1").same
    assert states.replay(SHOP, mixed, execution=ARN.replace("run-1", "run-2")).same
    with pytest.raises(states.InvalidHistory, match="no log line is of the execution 'run-3'"):
        states.replay(SHOP, mixed, execution="run-3")


def test_a_name_that_is_no_file_is_no_history(tmp_path: Path) -> None:
    for read in (recording_of, read_events, states.why):
        with pytest.raises(states.InvalidHistory, match=r'"history\.jsn" is no file, and no history; expected'):
            read("history.jsn")
        with pytest.raises(FileNotFoundError):
            read(tmp_path / "history.json")
    saved = tmp_path / "history.json"
    saved.write_text(json.dumps(EVENTS))
    assert len(recording_of(saved)) == len(recording_of(str(saved))) == len(read_events(saved)) == len(EVENTS)


def edited(edit: Callable[[Events], Any]) -> Events:
    events = copy.deepcopy(EVENTS)
    edit(events)
    return events


def _place(kind: str, after: int = 0) -> int:
    return next(place for place, event in enumerate(EVENTS) if event["type"] == kind and place >= after)


def _swapped(events: Events) -> None:
    a, b = _place("WaitStateEntered"), _place("WaitStateExited")
    events[a]["id"], events[b]["id"] = events[b]["id"], events[a]["id"]


def _without(kind: str) -> Callable[[Events], None]:
    """Takes an event out, and closes the gap as a careful hand would."""

    def edit(events: Events) -> None:
        gone = events.pop(_place(kind))["id"]
        for event in events:
            event["id"] -= event["id"] > gone
            event["previousEventId"] -= event["previousEventId"] >= gone

    return edit


BROKEN = [
    (
        "the beginning is gone",
        lambda e: e.__delitem__(slice(0, 3)),
        r"first event is event 4 \w+ \"Ask\"; expected event 1 ExecutionStarted: the beginning",
    ),
    (
        "the end is gone",
        lambda e: e.__delitem__(slice(-1, None)),
        r"it ends with event \d+ PassStateExited \"Sum\"; expected the end of the execution",
    ),
    ("the middle is gone", lambda e: e.__delitem__(slice(5, 8)), r"events 6 to 8 are missing: after event 5 \w+ comes event 9"),
    ("one is gone", lambda e: e.__delitem__(5), "event 6 is missing"),
    ("an id stands twice", lambda e: e[4].update(id=4), "event 5: its id 4 is that of another event"),
    ("an id is a text", lambda e: e[4].update(id="5"), 'event 5: expected "id" to be a whole number from 1, found "5"'),
    ("an id is true", lambda e: e[0].update(id=True), "found true"),
    ("a previous id lies ahead", lambda e: e[4].update(previousEventId=9), 'event 5 TaskScheduled: expected "previousEventId"'),
    (
        "a previous id is of another state",
        lambda e: e[4].update(previousEventId=3),
        "event 5 TaskScheduled: it follows event 3, which is no event of a Task",
    ),
    ("a type that is none", lambda e: e[4].update(type="TaskSchedule"), "event 5: there is no event type .* did you mean TaskScheduled"),
    ("no type", lambda e: e[4].pop("type"), 'event 5: expected "type" to be a string, found nothing'),
    (
        "another type",
        lambda e: e[4].update(type="TaskStarted"),
        'event 5 TaskStarted: found "taskScheduledEventDetails"; expected "taskStarted',
    ),
    ("two swapped", _swapped, r"event \d+ WaitStateE\w+"),
    (
        "an exit taken out with care",
        _without("WaitStateExited"),
        r'event \d+ ParallelStateEntered "Both": "Both" is entered, but "Rest" before it has not exited',
    ),
    (
        "an answer taken out with care",
        _without("LambdaFunctionSucceeded"),
        r'event \d+ TaskStateExited "Charge": "Charge" exits, but its task has not ended',
    ),
    (
        "an entry taken out with care",
        _without("WaitStateEntered"),
        r'event \d+ WaitStateExited "Rest": "Rest" exits, but it is not the state that runs there',
    ),
    ("an iteration taken out with care", _without("MapIterationStarted"), "event 2"),
    ("a state of another name", lambda e: e[_place("WaitStateExited")]["stateExitedEventDetails"].update(name="Rset"), '"Rset" exits, but'),
    (
        "no name",
        lambda e: e[3]["stateEnteredEventDetails"].pop("name"),
        'event 4 TaskStateEntered: expected "name" in its details, found nothing',
    ),
    (
        "details that are none",
        lambda e: e[3].update(stateEnteredEventDetails=7),
        'expected "stateEnteredEventDetails" to be an object, found 7',
    ),
    ("a time that is none", lambda e: e[3].update(timestamp="noon"), 'event 4 TaskStateEntered: expected "timestamp" in ISO 8601'),
    ("time that runs back", lambda e: e[30].update(timestamp="2020-01-01T00:00:00Z"), "event 31 .* before event"),
    (
        "an output that is no JSON",
        lambda e: e[_place("LambdaFunctionSucceeded")]["lambdaFunctionSucceededEventDetails"].update(output="{"),
        "its output is not JSON",
    ),
    (
        "an answer without output",
        lambda e: e[_place("LambdaFunctionSucceeded")]["lambdaFunctionSucceededEventDetails"].pop("output"),
        'expected "output" to be JSON text',
    ),
    (
        "an output that was cut off",
        lambda e: e[_place("LambdaFunctionSucceeded")]["lambdaFunctionSucceededEventDetails"].update(
            output='{"a', outputDetails={"truncated": True}
        ),
        "event 16 LambdaFunctionSucceeded: its output was truncated by AWS",
    ),
    ("an input that is gone", lambda e: e[0]["executionStartedEventDetails"].pop("input"), "event 1 ExecutionStarted: it holds no input"),
    ("an event after the end", lambda e: e.append({**e[-2], "id": len(e) + 1}), "which ended the execution"),
    ("an event that is a text", lambda e: e.__setitem__(3, "x"), "event 4: expected an object"),
]


@pytest.mark.parametrize(("name", "edit", "message"), BROKEN, ids=[name for name, _, _ in BROKEN])
def test_what_makes_no_sense_is_named(name: str, edit: Callable[[Events], Any], message: str) -> None:
    with pytest.raises(states.InvalidHistory, match=message):
        states.replay(SHOP, edited(edit))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        ("  \n", "it is empty"),
        ("{", "it is not JSON"),
        ("[]", "it holds no events"),
        ('{"events": []}', "it holds no events"),
        ("7", "found 7; expected"),
        ('{"StartAt": "A"}', "an object with the keys 'StartAt'"),
        (b"\xff\xfe", "it is not UTF-8"),
        ("[" * 100_000, "nested too deeply|not JSON"),
        (json.dumps(EVENTS[:20]) + json.dumps(LINES[20:]), "log lines and events"),
        (json.dumps({"events": [{"message": "hello"}]}), "log line 1: expected a JSON object"),
        (pages(EVENTS, 20).partition("\n{")[0], "a nextToken|more pages"),
        (json.dumps([{**LINES[0], "id": "x"}]), 'log line 1: expected "id" to be a whole number'),
    ],
)
def test_what_is_no_history_is_refused(text: str | bytes, message: str) -> None:
    with pytest.raises(states.InvalidHistory, match=message):
        read_recording(text)


def test_a_history_that_goes_on_is_compared_as_far_as_it_goes() -> None:
    for length in range(1, len(EVENTS)):
        found = states.replay(SHOP, EVENTS[:length], is_partial=True)
        assert found.difference is None, length
        assert found.status == "RUNNING"
        assert "still ran" in found.assumptions[-1]


def test_a_redrive_is_told() -> None:
    redriven = [
        *EVENTS,
        {
            "id": len(EVENTS) + 1,
            "type": "ExecutionRedriven",
            "previousEventId": 0,
            "timestamp": EVENTS[-1]["timestamp"],
            "executionRedrivenEventDetails": {"redriveCount": 1},
        },
    ]
    found = states.replay(SHOP, redriven)
    assert found.same
    assert found.assumptions == (f"the execution was redriven at event {len(EVENTS) + 1}: what follows is not compared",)


def test_data_that_a_log_cut_off_is_not_compared() -> None:
    lines = copy.deepcopy(LINES)
    lines[18]["details"].update(output='{"ord', outputDetails={"truncated": True})
    found = states.replay(SHOP, json.dumps(lines))
    assert found.same
    assert any("event 19" in told and "not compared" in told for told in found.assumptions)


def test_a_log_without_all_events_is_refused() -> None:
    with pytest.raises(states.InvalidHistory, match="event"):
        states.replay(SHOP, json.dumps([line for line in LINES if line["type"].endswith(("Failed", "Started"))]))
