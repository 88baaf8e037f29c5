"""Saved histories: what is taken, and what is said of those that are none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from states.histories.documents import InvalidHistory
from states.histories.events import read_events
from states.views.story import read
from tests.views.stories import WAYS, execute, told

STARTED = {"id": 1, "type": "ExecutionStarted", "timestamp": 0}
ENTERED = {"id": 2, "type": "PassStateEntered", "timestamp": "2026-01-01T00:00:00Z", "previousEventId": 1}


@pytest.mark.parametrize("name", WAYS)
def test_reads_what_we_write(name: str) -> None:
    history = execute(name).history
    events = read_events(history.to_json(indent=2))
    assert told(read(events).chain) == WAYS[name][2]


@pytest.mark.parametrize(
    "given",
    [
        {"events": [STARTED, ENTERED]},
        [STARTED, ENTERED],
        {"events": [ENTERED, STARTED]},
        {"nextToken": "more", "events": [STARTED, ENTERED]},
    ],
)
def test_takes_every_form_the_aws_cli_prints(given: Any) -> None:
    assert [event["id"] for event in read_events(json.dumps(given))] == [1, 2]
    assert len(read_events(b"\xef\xbb\xbf" + json.dumps(given).encode())) == 2


def changed(event: dict[str, Any], **fields: Any) -> str:
    return json.dumps([STARTED, {**event, **fields}])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        ("  \n", "it is empty"),
        ("{", "it is not JSON: "),
        (b"\xff", "it is not UTF-8: byte 0xff at offset 0"),
        ("[" * 100_000, "it is nested too deeply"),
        (b"7", "found 7; expected"),
        ("{}", "found an empty object; expected"),
        ('{"StartAt": "A", "States": {}}', "found an object with the keys 'StartAt', 'States'; expected"),
        ("[]", "it holds no events"),
        ('{"events": {}}', "expected {"),
        ("[7]", "event 1: expected an object, found 7"),
        ("[{}]", 'event 1: expected "id" to be a whole number from 1, found nothing'),
        (changed(ENTERED, id="2"), 'event 2: expected "id" to be a whole number from 1, found "2"'),
        (changed(ENTERED, id=True), 'event 2: expected "id"'),
        (changed(ENTERED, id=1, previousEventId=0), "event 2: its id 1 is that of another event"),
        (changed(ENTERED, type=None), 'event 2: expected "type" to be a string, found nothing'),
        (
            changed(ENTERED, previousEventId=2),
            'event 2 PassStateEntered: expected "previousEventId" to be that of an earlier event, found',
        ),
        (changed(ENTERED, previousEventId=-1), "event 2 PassStateEntered: expected"),
        (
            changed(ENTERED, timestamp="noon"),
            'event 2 PassStateEntered: expected "timestamp" in ISO 8601 or as epoch seconds, found',
        ),
        (changed(ENTERED, timestamp=None), "found nothing"),
        (changed(ENTERED, timestamp=1e300), "found 1e+300"),
        (changed(ENTERED, stateEnteredEventDetails=[1]), 'expected "stateEnteredEventDetails" to be an object, found a list of 1'),
        (changed(ENTERED, type=["x" * 100]), "found a list of 1"),
    ],
)
def test_says_which_event_is_wrong(text: str | bytes, message: str) -> None:
    with pytest.raises(InvalidHistory) as caught:
        read_events(text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (json.dumps([STARTED, {**ENTERED, "id": 5}]), [1, 5]),
        (json.dumps([ENTERED]), [2]),
        (changed(ENTERED, type="JobRunning"), [1, 2]),
        (changed(ENTERED, previousEventId=0, wageEventDetails={}), [1, 2]),
        (json.dumps([{key: value for key, value in event.items() if key != "timestamp"} for event in (STARTED, ENTERED)]), [1, 2]),
        (json.dumps([STARTED, ENTERED, ENTERED]), [1, 2]),
    ],
    ids=["a gap", "no beginning", "a type of later years", "details of later years", "no times", "one twice"],
)
def test_what_can_be_shown_is_read(text: str, ids: list[int]) -> None:
    assert [event["id"] for event in read_events(text)] == ids
    assert len(read(read_events(text)).chain.visits) <= 1
