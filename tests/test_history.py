"""Events as they are recorded and as they are shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from states.history import LIMIT, RENDER, Assigned, History, HistoryEvent, Scheduled, details_of, timestamp
from tests.shared import SHARED, needs_shared

SCHEDULED = Scheduled({"a": 1}, "us-east-1", 30, 10, {"roleArn": "arn:aws:iam::1:role/r"})
PLAIN = Scheduled({"a": 1}, "us-east-1")
SQS = ("sqs", "sendMessage")
WHOLE = {"truncated": False}
IN = {"input": '{"a":1}', "inputDetails": WHOLE}
OUT = {"output": '{"a":1}', "outputDetails": WHOLE}
FAILURE = {"error": "E", "cause": "C"}
NAMED = {"resourceType": "sqs", "resource": "sendMessage"}

EXITED = ("Pass", "Task", "Choice", "Wait", "Succeed", "Parallel", "Map")

#: Types of events, what is recorded as subject and value, and the details that are shown.
SHOWN: list[tuple[str, Any, Any, dict[str, Any]]] = [
    *[(f"{t}StateEntered", "S", {"a": 1}, {"name": "S", **IN}) for t in (*EXITED, "Fail")],
    *[(f"{t}StateExited", "S", {"a": 1}, {"name": "S", **OUT}) for t in EXITED],
    *[(f"{t}StateStarted", None, None, {}) for t in ("Parallel",)],
    *[(f"{t}State{end}", None, None, {}) for t in ("Parallel", "Map") for end in ("Succeeded", "Failed", "Aborted")],
    *[(f"{t}StateAborted", None, None, {}) for t in ("Task", "Wait")],
    ("MapStateStarted", 3, None, {"length": 3}),
    *[(f"MapIteration{end}", "M", 2, {"name": "M", "index": 2}) for end in ("Started", "Succeeded", "Failed", "Aborted")],
    ("MapRunStarted", "arn:run", None, {"mapRunArn": "arn:run"}),
    ("MapRunSucceeded", None, None, {}),
    ("MapRunAborted", None, None, {}),
    ("MapRunFailed", "E", "C", FAILURE),
    ("MapRunRedriven", 2, "arn:run", {"mapRunArn": "arn:run", "redriveCount": 2}),
    ("ExecutionStarted", "arn:role", {"a": 1}, {**IN, "roleArn": "arn:role"}),
    ("ExecutionSucceeded", None, {"a": 1}, OUT),
    *[(f"Execution{end}", "E", "C", FAILURE) for end in ("Failed", "Aborted", "TimedOut")],
    ("ExecutionRedriven", 1, None, {"redriveCount": 1}),
    ("EvaluationFailed", ("E", "C"), ("Arguments/x", "S"), {**FAILURE, "location": "Arguments/x", "state": "S"}),
    (
        "LambdaFunctionScheduled",
        "arn:f",
        SCHEDULED,
        {"resource": "arn:f", **IN, "timeoutInSeconds": 30, "taskCredentials": {"roleArn": "arn:aws:iam::1:role/r"}},
    ),
    ("LambdaFunctionStarted", None, None, {}),
    ("LambdaFunctionSucceeded", None, {"a": 1}, OUT),
    *[(f"LambdaFunction{end}", "E", "C", FAILURE) for end in ("ScheduleFailed", "StartFailed", "Failed", "TimedOut")],
    ("ActivityScheduled", "arn:a", SCHEDULED, {"resource": "arn:a", **IN, "timeoutInSeconds": 30, "heartbeatInSeconds": 10}),
    ("ActivityStarted", "worker", None, {"workerName": "worker"}),
    ("ActivitySucceeded", None, {"a": 1}, OUT),
    *[(f"Activity{end}", "E", "C", FAILURE) for end in ("ScheduleFailed", "Failed", "TimedOut")],
    (
        "TaskScheduled",
        SQS,
        SCHEDULED,
        {
            **NAMED,
            "region": "us-east-1",
            "parameters": '{"a":1}',
            "timeoutInSeconds": 30,
            "heartbeatInSeconds": 10,
            "taskCredentials": {"roleArn": "arn:aws:iam::1:role/r"},
        },
    ),
    ("TaskStarted", SQS, None, NAMED),
    *[(f"Task{end}", SQS, {"a": 1}, {**NAMED, **OUT}) for end in ("Submitted", "Succeeded")],
    *[(f"Task{end}", SQS, ("E", "C"), {**NAMED, **FAILURE}) for end in ("StartFailed", "SubmitFailed", "Failed", "TimedOut")],
]


def shown(kind: str, subject: Any, value: Any) -> dict[str, Any]:
    return History([HistoryEvent(kind, 4, 1.5, subject, value)])[0]


@pytest.mark.parametrize(("kind", "subject", "value", "details"), SHOWN, ids=[row[0] for row in SHOWN])
def test_an_event_is_shown_with_its_details(kind: str, subject: Any, value: Any, details: dict[str, Any]) -> None:
    event = shown(kind, subject, value)
    assert (event["type"], event["id"], event["previousEventId"]) == (kind, 1, 4)
    assert event["timestamp"] == datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)
    entry = RENDER[kind]
    named = {} if entry is None else {entry[0]: details}
    assert {name: value for name, value in event.items() if name not in ("type", "id", "previousEventId", "timestamp")} == named
    assert details_of(event) == details


def test_every_type_is_shown_above() -> None:
    assert sorted(row[0] for row in SHOWN) == sorted(RENDER)


@pytest.mark.parametrize(
    ("kind", "subject", "value", "details"),
    [
        ("ExecutionStarted", None, {"a": 1}, IN),
        ("LambdaFunctionScheduled", "arn:f", PLAIN, {"resource": "arn:f", **IN}),
        ("ActivityScheduled", "arn:a", PLAIN, {"resource": "arn:a", **IN}),
        ("ActivityStarted", None, None, {}),
        ("TaskScheduled", SQS, PLAIN, {**NAMED, "region": "us-east-1", "parameters": '{"a":1}'}),
        ("TaskFailed", SQS, (None, None), NAMED),
        ("ExecutionFailed", None, None, {}),
        ("ExecutionFailed", "", "", {"error": "", "cause": ""}),
        ("ExecutionTimedOut", "States.Timeout", None, {"error": "States.Timeout"}),
        ("EvaluationFailed", ("E", "C"), (None, "S"), {**FAILURE, "state": "S"}),
        ("ExecutionSucceeded", None, None, {"output": "null", "outputDetails": WHOLE}),
        ("PassStateEntered", "S", "né\n", {"name": "S", "input": '"né\\n"', "inputDetails": WHOLE}),
        (
            "PassStateExited",
            "S",
            Assigned({"a": 1}, {"x": [1], "y": None}),
            {"name": "S", **OUT, "assignedVariables": {"x": "[1]", "y": "null"}, "assignedVariablesDetails": WHOLE},
        ),
    ],
)
def test_what_is_absent_is_not_shown(kind: str, subject: Any, value: Any, details: dict[str, Any]) -> None:
    assert details_of(shown(kind, subject, value)) == details


@needs_shared
def test_the_types_and_the_members_of_their_details_are_those_of_the_service() -> None:
    reference = json.loads((SHARED / "aws" / "reference.json").read_text())
    types = {entry["type"]: entry["details"] for entry in reference["history_event_types"]}
    assert {kind: entry[0] if entry else None for kind, entry in RENDER.items()} == {kind: types[kind] for kind in RENDER}
    assert set(types) - set(RENDER) == set()
    members = reference["history_event_details"]
    for kind, _, _, details in SHOWN:
        if RENDER[kind] is not None and types[kind] in members:
            assert set(details) <= set(members[types[kind]]["members"]), kind
            assert set(members[types[kind]]["required"]) <= set(details), kind


# ---------------------------------------------------------------- the sequence

EVENTS = [("ExecutionStarted", 0, 0.0, None, {}), ("PassStateEntered", 0, 0.001, "P", {}), ("PassStateExited", 2, 0.002, "P", [1])]


def test_a_history_is_a_sequence_of_dictionaries() -> None:
    history = History(EVENTS)
    assert len(history) == 3
    assert history.types() == ["ExecutionStarted", "PassStateEntered", "PassStateExited"]
    assert [event["id"] for event in history] == [1, 2, 3]
    assert history[-1]["stateExitedEventDetails"]["output"] == "[1]"
    assert [event["id"] for event in history[1:]] == [2, 3]
    assert history[0] in history
    assert repr(history) == "<History of 3 events>"
    with pytest.raises(IndexError):
        history[3]


def test_histories_are_equal_by_what_they_show() -> None:
    assert History(EVENTS) == History(EVENTS)
    assert History(EVENTS) == list(History(EVENTS))
    assert History(EVENTS) != History(EVENTS[:2])
    assert History(EVENTS) != 3
    with pytest.raises(TypeError):
        hash(History())


def test_to_json_is_what_the_service_s_command_prints() -> None:
    told = json.loads(History(EVENTS).to_json(indent=2))
    assert [event["timestamp"] for event in told["events"]] == [
        "1970-01-01T00:00:00+00:00",
        "1970-01-01T00:00:00.001000+00:00",
        "1970-01-01T00:00:00.002000+00:00",
    ]
    assert "né" in History([("PassStateEntered", 0, 0.0, "né", 1)]).to_json()


@pytest.mark.parametrize(
    ("at", "milliseconds"), [(0.0, 0), (1767225600.1234, 1767225600123), (0.0009, 1), (253402300799.0, 253402300799000)]
)
def test_times_have_milliseconds(at: float, milliseconds: int) -> None:
    assert timestamp(at).timestamp() * 1000 == milliseconds


def test_it_is_full_when_only_the_last_event_fits() -> None:
    history = History([EVENTS[0]] * (LIMIT - 2))
    assert not history.full
    history.recorded.append(EVENTS[0])
    assert history.full
    assert not History([EVENTS[0]] * LIMIT, limit=None).full


def test_a_text_made_once_is_kept_for_the_next_event() -> None:
    history, value = History(), {"a": [1, 2]}
    assert history.text(value) is history.text(value)


def test_the_caller_s_spelling_is_shown_for_that_very_value_only() -> None:
    value = {"a": 1}
    history = History([("ExecutionStarted", 0, 0.0, None, value), ("PassStateEntered", 0, 0.0, "P", {"a": 1})])
    history.verbatim = (value, '{ "a" : 1 }')
    assert [details_of(event)["input"] for event in history] == ['{ "a" : 1 }', '{"a":1}']
