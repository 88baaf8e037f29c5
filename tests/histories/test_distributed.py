"""Distributed Maps: the history of the parent has no child executions; what it shows is enough for the rest, and what is not is said."""

from __future__ import annotations

import copy
from typing import Any

import pytest

import states

MACHINE: dict[str, Any] = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Work",
                "States": {"Work": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "End": True}},
            },
            "ResultPath": "$.done",
            "Catch": [{"ErrorEquals": ["States.ExceedToleratedFailureThreshold"], "ResultPath": "$.failed", "Next": "Last"}],
            "Next": "Last",
        },
        "Last": {"Type": "Pass", "End": True},
    },
}
READER = {
    "Resource": "arn:aws:states:::s3:getObject",
    "ReaderConfig": {"InputType": "JSON"},
    "Parameters": {"Bucket": "b", "Key": "k"},
}


def machine(**fields: Any) -> dict[str, Any]:
    """The machine with other fields of its Map; None takes one away."""
    changed = copy.deepcopy(MACHINE)
    for name, value in fields.items():
        changed["States"]["Each"][name] = value
        if value is None and name != "ResultPath":
            del changed["States"]["Each"][name]
    return changed


def work(event: Any, context: Any) -> Any:
    context.sleep(1)
    return event * 2


def history(definition: dict[str, Any], items: Any = (1, 2, 3), task: Any = work) -> list[dict[str, Any]]:
    return list(states.run(copy.deepcopy(definition), {"items": list(items)}, {"work": task}).history)


def broken(event: Any, context: Any) -> Any:
    raise ValueError("no")


SHAPES: dict[str, dict[str, Any]] = {
    "into the input": {},
    "as the output": {"ResultPath": "$"},
    "dropped": {"ResultPath": None},
    "selected": {"ResultSelector": {"count.$": "States.ArrayLength($)"}},
    "filtered": {"OutputPath": "$.done"},
    "assigned": {"Assign": {"n.$": "States.ArrayLength($)"}},
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("items", [(), (1,), tuple(range(50))])
def test_a_distributed_map_replays(shape: str, items: Any) -> None:
    definition = machine(**SHAPES[shape])
    found = states.replay(definition, history(definition, items))
    assert found.difference is None
    assert any("its child executions are not in this history" in told for told in found.assumptions) is bool(items)


def test_a_map_run_that_failed_replays() -> None:
    found = states.replay(MACHINE, history(MACHINE, task=broken))
    assert found.same
    caught_no_more = states.replay(machine(Catch=None), history(MACHINE, task=broken)).difference
    assert caught_no_more is not None
    assert (caught_no_more.reason, caught_no_more.state) == ("catch", "Each")


CHANGES: list[tuple[str, dict[str, Any], str, str]] = [
    ("$.done", {"ResultPath": "$.made"}, "result", "/States/Each/ResultPath"),
    ("$.done", {"ResultPath": "$"}, "result", "/States/Each/ResultPath"),
    ("$", {"ResultPath": "$.done"}, "result", "/States/Each/ResultPath"),
    ("$.done", {"ResultPath": None}, "result", "/States/Each/ResultPath"),
    ("$.done", {"ItemsPath": "$.few"}, "failure", "/States/Each"),
]


@pytest.mark.parametrize(("was", "now", "reason", "location"), CHANGES)
def test_a_change_of_the_map_is_found(was: str, now: dict[str, Any], reason: str, location: str) -> None:
    found = states.replay(machine(**now), history(machine(ResultPath=was))).difference
    assert found is not None
    assert (found.reason, found.location) == (reason, location)


def read_by_a_reader(output: str) -> list[dict[str, Any]]:
    """What AWS records of a Map whose items a reader reads: no length, and the results in the exit."""
    events = history(machine(ResultPath="$"))
    for event in events:
        if event["type"] == "MapStateStarted":
            event["mapStateStartedEventDetails"]["length"] = 0
        for key in ("stateExitedEventDetails", "executionSucceededEventDetails", "stateEnteredEventDetails"):
            for data in ("output", "input"):
                if key in event and data in event[key] and event[key][data] == "[2,4,6]":
                    event[key][data] = output
    return events


@pytest.mark.parametrize(
    ("more", "output"),
    [
        ({"ItemReader": READER, "ItemsPath": None, "ResultPath": "$"}, '["a","b"]'),
        (
            {
                "ItemReader": READER,
                "ItemsPath": None,
                "ResultPath": "$",
                "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "p"}},
            },
            '{"MapRunArn":"arn","ResultWriterDetails":{"Bucket":"b","Key":"k"}}',
        ),
    ],
)
def test_items_of_a_reader_and_results_of_a_writer_are_taken_from_the_history(more: dict[str, Any], output: str) -> None:
    found = states.replay(machine(**more), read_by_a_reader(output))
    assert found.difference is None
    assert any("child executions" in told for told in found.assumptions)
