"""Tasks of every kind in a replay: activities, callbacks, heartbeats, timeouts, early failures, executions that were stopped."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from typing import Any

import pytest

import states
from states.drivers.virtual import EPOCH
from tests.histories.shop import SHOP, asked, sold

ACTIVITY: dict[str, Any] = {
    "StartAt": "Do",
    "States": {
        "Do": {
            "Type": "Task",
            "Resource": "arn:aws:states:us-east-1:123456789012:activity:do",
            "TimeoutSeconds": 60,
            "HeartbeatSeconds": 10,
            "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Late"}],
            "End": True,
        },
        "Late": {"Type": "Pass", "End": True},
    },
}

Event = dict[str, Any]


def event(id: int, at: float, kind: str, previous: int | None = None, **details: Any) -> Event:
    """An event as boto3 gives it, its details under their proper key."""
    key = {
        "TaskStateEntered": "stateEntered",
        "PassStateEntered": "stateEntered",
        "TaskStateExited": "stateExited",
        "PassStateExited": "stateExited",
    }.get(kind, kind[:1].lower() + kind[1:])
    made = {"id": id, "type": kind, "timestamp": EPOCH + at, "previousEventId": id - 1 if previous is None else previous}
    return {**made, f"{key}EventDetails": details} if details else made


def activity(*middle: Event, output: str = '{"Error":"States.Timeout","Cause":null}') -> list[Event]:
    """The history of an activity that timed out: what happened from its scheduling on, and the end."""
    last = middle[-1]["id"]
    at = middle[-1]["timestamp"] - EPOCH
    return [
        event(1, 0, "ExecutionStarted", 0, input="{}"),
        event(2, 0.01, "TaskStateEntered", 0, name="Do", input="{}"),
        event(
            3,
            0.02,
            "ActivityScheduled",
            resource=ACTIVITY["States"]["Do"]["Resource"],
            input="{}",
            timeoutInSeconds=60,
            heartbeatInSeconds=10,
        ),
        *middle,
        event(last + 1, at, "TaskStateExited", name="Do", output=output),
        event(last + 2, at, "PassStateEntered", name="Late", input=output),
        event(last + 3, at, "PassStateExited", name="Late", output=output),
        event(last + 4, at, "ExecutionSucceeded", output=output),
    ]


TIMED_OUT = {
    "no heartbeat came": activity(
        event(4, 5, "ActivityStarted", workerName="w"), event(5, 15.2, "ActivityTimedOut", error="States.Timeout")
    ),
    "heartbeats came for a while": activity(
        event(4, 5, "ActivityStarted", workerName="w"), event(5, 41, "ActivityTimedOut", error="States.Timeout")
    ),
    "its time was up": activity(event(4, 5, "ActivityStarted", workerName="w"), event(5, 65.1, "ActivityTimedOut", error="States.Timeout")),
    "no worker took it": activity(event(4, 60.5, "ActivityTimedOut", error="States.Timeout")),
}


@pytest.mark.parametrize("name", TIMED_OUT)
def test_an_activity_that_timed_out_replays(name: str) -> None:
    assert states.replay(ACTIVITY, TIMED_OUT[name]).difference is None


@pytest.mark.parametrize("name", TIMED_OUT)
def test_without_its_clocks_it_would_not_have(name: str) -> None:
    definition = copy.deepcopy(ACTIVITY)
    del definition["States"]["Do"]["TimeoutSeconds"]
    del definition["States"]["Do"]["HeartbeatSeconds"]
    found = states.replay(definition, TIMED_OUT[name]).difference
    assert found is not None
    assert (found.reason, found.event_id, found.state) == ("timeout", 3, "Do")


def test_heartbeats_are_taken_to_have_come() -> None:
    events = [dict(each) for each in sold().history]
    moved = False
    for each in events:
        moved = moved or (each["type"] == "TaskSucceeded" and each["id"] < 12)
        each["timestamp"] += timedelta(seconds=100 if moved else 0)
    found = states.replay(SHOP, events)
    assert found.same
    assert found.assumptions == ('"Ask": its heartbeats, which no history shows, are taken to have come in time',)


EARLY_FAILURES = {
    "TaskSubmitFailed": ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Task"),
    "TaskStartFailed": ("arn:aws:states:::sqs:sendMessage", "Task"),
    "LambdaFunctionScheduleFailed": ("arn:aws:lambda:us-east-1:123456789012:function:f", "LambdaFunction"),
    "LambdaFunctionStartFailed": ("arn:aws:lambda:us-east-1:123456789012:function:f", "LambdaFunction"),
}


@pytest.mark.parametrize("kind", EARLY_FAILURES)
def test_a_failure_before_the_work_is_one(kind: str) -> None:
    resource, family = EARLY_FAILURES[kind]
    machine = {
        "StartAt": "A",
        "States": {
            "A": {"Type": "Task", "Resource": resource, "Parameters": {"QueueUrl": "q", "MessageBody": "$$.Task.Token"}, "End": True}
        },
    }
    if family == "LambdaFunction":
        del machine["States"]["A"]["Parameters"]  # type: ignore[attr-defined, index]
        told: dict[str, Any] = {"resource": resource, "input": "{}"}
        more: dict[str, Any] = {}
    else:
        action = resource.rpartition(":")[2]
        more = {"resourceType": "sqs", "resource": action}
        told = {**more, "region": "us-east-1", "parameters": '{"QueueUrl":"q","MessageBody":"$$.Task.Token"}'}
    events = [
        event(1, 0, "ExecutionStarted", 0, input="{}"),
        event(2, 0, "TaskStateEntered", 0, name="A", input="{}"),
        event(3, 0, f"{family}Scheduled", **told),
        event(4, 1, kind, error="No", cause="why", **more),
        event(5, 1, "ExecutionFailed", error="No", cause="why"),
    ]
    assert states.replay(machine, events).difference is None


def test_an_execution_that_was_stopped_replays() -> None:
    machine = {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 600, "End": True}}}
    driver = states.start(machine)
    driver.advance(5)
    history = driver.stop("Cancelled", "by hand").history
    found = states.replay(machine, history)
    assert (found.same, found.status) == (True, "ABORTED")
    machine["States"]["A"]["Seconds"] = 3  # type: ignore[index]
    assert states.replay(machine, history).difference is not None


def test_an_execution_that_timed_out_replays() -> None:
    machine: dict[str, Any] = {"StartAt": "A", "TimeoutSeconds": 9, "States": {"A": {"Type": "Wait", "Seconds": 600, "End": True}}}
    history = states.run(machine).history
    assert states.replay(machine, history).same
    del machine["TimeoutSeconds"]
    found = states.replay(machine, history).difference
    assert found is not None
    assert (found.reason, found.event_id) == ("timeout", 3)


def test_tokens_go_on_through_data() -> None:
    machine = copy.deepcopy(SHOP)
    machine["States"]["Ask"]["ResultSelector"] = {"token.$": "$$.Task.Token", "text.$": "States.Format('t={}', $$.Task.Token)"}
    token = "AQCEAAAAKgAAAAMAAAAAAAAAAc" * 8
    text = sold(machine, tasks={"Ask": asked}).history.to_json()
    ours = json.loads(text)["events"][4]["taskScheduledEventDetails"]["parameters"]
    own = json.loads(ours)["MessageBody"]["token"]
    found = states.replay(machine, text.replace(own, token))
    assert found.difference is None
