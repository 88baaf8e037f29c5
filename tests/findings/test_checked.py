"""Checked: a history that is cut off, out of order, edited or of another machine is refused, and the message names the event."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

import states
from states.findings.checked import check
from states.histories.documents import InvalidHistory
from tests.shared import SHARED, needs_shared
from tests.views.stories import PASS, TASKS, WAYS, block, execute, task

Json = Any
MACHINE = states.loads(block(A=task(Retry=[{"ErrorEquals": ["Flaky"], "MaxAttempts": 1}]), B=PASS), source="order.asl.json")
FAILING = list(states.run(MACHINE, {"fail": 9}, TASKS).history)  # entered 2, function 3-5 and 6-8, failed 9
GOOD = list(states.run(MACHINE, {}, TASKS).history)  # entered 2, function 3-5, exited 6, entered 7, exited 8, succeeded 9


def without(*ids: int) -> Callable[[list[Json]], list[Json]]:
    return lambda events: [event for event in events if event["id"] not in ids]


def with_event(event_id: int, **fields: Json) -> Callable[[list[Json]], list[Json]]:
    return lambda events: [{**event, **fields} if event["id"] == event_id else event for event in events]


def swapped(first: int, second: int) -> Callable[[list[Json]], list[Json]]:
    """The ids of two events changed for each other."""
    names = {first: second, second: first}
    return lambda events: sorted(({**event, "id": names.get(event["id"], event["id"])} for event in events), key=lambda event: event["id"])


def longer(events: list[Json]) -> list[Json]:
    return [*events, {**events[1], "id": len(events) + 1}]


NAMED = "stateEnteredEventDetails"
BROKEN: dict[str, tuple[list[Json], Callable[[list[Json]], list[Json]], str]] = {
    "nothing": (GOOD, lambda _: [], "it holds no events"),
    "the first page is missing": (
        GOOD, without(1, 2, 3),
        "its first event is event 4 LambdaFunctionStarted; expected event 1 ExecutionStarted: the beginning is missing"),
    "an event is missing": (
        GOOD, without(5),
        "event 5 is missing: after event 4 LambdaFunctionStarted comes event 6 TaskStateExited"),
    "events are missing": (
        GOOD, without(4, 5, 6),
        "events 4 to 6 are missing: after event 3 LambdaFunctionScheduled comes event 7"),
    "the start is another event": (
        GOOD, with_event(1, type="ExecutionAborted", executionStartedEventDetails=None),
        "its first event is event 1 ExecutionAborted; expected"),
    "it goes on after its end": (
        FAILING, longer,
        "event 10 TaskStateEntered \"A\" comes after event 9 ExecutionFailed, which ended"),
    "two histories": (
        GOOD, lambda events: [*events, *({**e, "id": e["id"] + 9} for e in events)],
        "event 10 ExecutionStarted comes after event 9"),
    "an unknown type": (GOOD, with_event(4, type="JobRunning"), "event 4: there is no event type \"JobRunning\""),
    "a previous event that comes later": (
        GOOD, with_event(4, previousEventId=8),
        'event 4 LambdaFunctionStarted: expected "previousEventId" to be that of an earlier event, found 8'),
    "a previous event that is no number": (
        GOOD, with_event(4, previousEventId="3"),
        'expected "previousEventId" to be that of an earlier event, found "3"'),
    "two ids were swapped": (GOOD, swapped(3, 4), 'event 3 LambdaFunctionStarted: expected "previousEventId"'),
    "ends of two states were swapped": (GOOD, swapped(6, 8), 'event 6 PassStateExited: expected "previousEventId"'),
    "an event of a function follows a state": (
        GOOD, with_event(4, previousEventId=2),
        "event 4 LambdaFunctionStarted: it follows event 2, the entry"),
    "a function begins after its own start": (
        GOOD, with_event(3, previousEventId=1),
        "event 3 LambdaFunctionScheduled: it follows event 1, which is no event of a Task"),
    "a state is left that was not entered": (
        GOOD, with_event(6, stateExitedEventDetails={"name": "C"}),
        'event 6 TaskStateExited "C": "C" exits, but it is not the state that runs there'),
    "a state without a name": (
        GOOD, with_event(2, stateEnteredEventDetails={}),
        'event 2 TaskStateEntered: expected "name" in its details, found nothing'),
    "a state of another machine": (
        GOOD, lambda events: [*events[:6], {**events[6], "stateEnteredEventDetails": {"name": "Z"}}],
        'event 7 PassStateEntered "Z": there is no such state in order.asl.json; is this'),
    "a state of another type": (
        FAILING, lambda events: [events[0], {**events[1], "type": "PassStateEntered"}],
        'event 2 PassStateEntered "A": it is a Task in order.asl.json, but a Pass in'),
    "time runs backwards": (
        GOOD, with_event(6, timestamp=0),
        'event 6 TaskStateExited "A": it lies 1767225600.500 s before event 5'),
    "the error was edited": (
        FAILING, with_event(9, executionFailedEventDetails={"error": "Other"}),
        "event 9 ExecutionFailed has the error 'Other', but follows event 8 LambdaFunctionFailed with the error 'Flaky'"),
    "an id that is no number": (
        GOOD, with_event(4, id="4"),
        'event 4: expected "id" to be a whole number from 1, found "4"'),
    "an event that is no object": (GOOD, lambda events: [*events[:3], 7, *events[4:]], "event 4: expected an object"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_names_the_event_that_makes_no_sense(name: str) -> None:
    events, broken, message = BROKEN[name]
    with pytest.raises(InvalidHistory) as refused:
        check(broken(copy.deepcopy(events)), MACHINE)
    assert message in str(refused.value)


@pytest.mark.parametrize("name", WAYS)
def test_what_an_execution_wrote_is_right(name: str) -> None:
    execution = execute(name)
    check(list(execution.history), execution.machine)
    check(json.loads(execution.history.to_json())["events"], execution.machine)


def test_one_that_is_cut_off_at_its_end_is_no_fault() -> None:
    for length in range(1, len(GOOD)):
        check(GOOD[:length], MACHINE)


@pytest.mark.parametrize("events", [GOOD, FAILING], ids=["good", "failing"])
def test_an_event_left_out_is_always_found(events: list[Json]) -> None:
    for id in range(1, len(events)):
        with pytest.raises(InvalidHistory, match=r"event"):
            check(without(id)(events), MACHINE)


@pytest.mark.parametrize("events", [GOOD, FAILING], ids=["good", "failing"])
def test_ids_that_were_swapped_are_always_found(events: list[Json]) -> None:
    for id in range(1, len(events)):
        with pytest.raises(InvalidHistory, match=f"event {id}|event {id + 1}"):
            check(swapped(id, id + 1)(events), MACHINE)


@needs_shared
def test_no_recording_of_aws_is_refused() -> None:
    refused = []
    for path in sorted((SHARED / "conformance" / "cases").glob("*.jsonl")):
        for line in path.read_text().splitlines():
            case = json.loads(line)
            history = case["expected"].get("history") if case["kind"] == "execution" else None
            if not history or case.get("snapshot_flattening"):
                continue
            try:
                check([{**event, "timestamp": event["id"]} for event in history])
            except InvalidHistory as fault:
                refused.append(f"{case['id']}: {fault}")
    assert refused == []
