"""What a test may set of an execution: probes see everything and change nothing, mocks stand for whole states, any state can be first."""

from __future__ import annotations

import json
from typing import Any

import pytest

import states
from states.interpreter import setup
from states.interpreter.execution import Execution
from states.interpreter.inspection import Inspector, Together, joined
from states.interpreter.setup import PLAIN, Setup
from states.machine import Machine
from states.running import block_of, watchers
from states.tasks.functions import Response, TaskError
from tests.interpreter.cases import Case, all_cases, drive, load

CASES = [*all_cases(), *load("jsonata_states")]
LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:work"
INVOKE = "arn:aws:states:::lambda:invoke"


class Everything:
    """A probe that counts every note there is."""

    kinds = setup.DATA | setup.DECISIONS

    def __init__(self) -> None:
        self.notes: list[tuple[str, str, Any]] = []

    def note(self, frame: Any, kind: str, value: Any) -> None:
        self.notes.append((frame.step.name, kind, value))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_watched_execution_is_the_same(case: Case) -> None:
    plain = drive(case).execution
    probe = Everything()

    def watch(_: Machine, asked: Setup) -> Setup:
        return joined(asked, probe)

    watchers.append(watch)
    try:
        watched = drive(case).execution
    finally:
        watchers.remove(watch)
    assert said(watched) == said(plain)
    assert any(kind == setup.ENTERED for _, kind, _ in probe.notes)


def said(execution: Execution) -> tuple[Any, ...]:
    return execution.status, execution.output, execution.error, execution.cause, execution.history.recorded


def one(state: dict[str, Any], **machine: Any) -> dict[str, Any]:
    inside = {"S": state} if state.get("End") else {"S": state, "T": {"Type": "Pass", "End": True}}
    return {"StartAt": "S", "States": inside, **machine}


ALL_FILTERS = {
    "Type": "Task",
    "Resource": LAMBDA,
    "InputPath": "$.a",
    "Parameters": {"n.$": "$.n"},
    "ResultSelector": {"half.$": "$.x"},
    "ResultPath": "$.r",
    "OutputPath": "$.r.half",
    "Assign": {"v": 1},
    "Next": "T",
}

INSPECTED: list[tuple[str, dict[str, Any], Any, list[dict[str, Any]]]] = [
    (
        "a Task with every filter",
        ALL_FILTERS,
        {"a": {"n": 3}, "b": 0},
        [
            {
                "input": {"a": {"n": 3}, "b": 0},
                "variables": {},
                "afterInputPath": {"n": 3},
                "afterParameters": {"n": 3},
                "result": {"x": 1.5, "y": 0},
                "afterResultSelector": {"half": 1.5},
                "afterResultPath": {"a": {"n": 3}, "b": 0, "r": {"half": 1.5}},
                "output": 1.5,
            }
        ],
    ),
    (
        "a JSONata Task",
        {
            "Type": "Task",
            "QueryLanguage": "JSONata",
            "Resource": LAMBDA,
            "Arguments": {"n": "{% $states.input.n %}"},
            "Output": "{% $states.result.x %}",
            "Next": "T",
        },
        {"n": 3},
        [
            {
                "input": {"n": 3},
                "variables": {},
                "afterArguments": {"n": 3},
                "result": {"x": 1.5, "y": 0},
                "afterResultSelector": {"x": 1.5, "y": 0},
                "afterResultPath": {"x": 1.5, "y": 0},
                "output": 1.5,
            }
        ],
    ),
    (
        "a Map",
        {
            "Type": "Map",
            "ItemsPath": "$.l",
            "ItemSelector": {"v.$": "$$.Map.Item.Value"},
            "MaxConcurrency": 2,
            "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "Result": 0, "End": True}}},
            "Next": "T",
        },
        {"l": [7, 8]},
        [
            {
                "input": {"l": [7, 8]},
                "variables": {},
                "afterInputPath": {"l": [7, 8]},
                "afterParameters": {"l": [7, 8]},
                "maxConcurrency": 2,
                "afterItemsPath": [7, 8],
                "afterItemSelector": [{"v": 7}, {"v": 8}],
                "result": [0, 0],
                "afterResultSelector": [0, 0],
                "afterResultPath": [0, 0],
                "output": [0, 0],
            }
        ],
    ),
    (
        "a state whose filter fails is kept as far as it came",
        {"Type": "Pass", "InputPath": "$.a", "OutputPath": "$.none", "Next": "T"},
        {"a": 1},
        [
            {
                "input": {"a": 1},
                "variables": {},
                "afterInputPath": 1,
                "afterParameters": 1,
                "result": 1,
                "afterResultSelector": 1,
                "afterResultPath": 1,
            }
        ],
    ),
]


@pytest.mark.parametrize(("state", "input", "expected"), [case[1:] for case in INSPECTED], ids=[case[0] for case in INSPECTED])
def test_an_inspector_keeps_what_every_filter_gives(state: Any, input: Any, expected: Any) -> None:
    inspector = Inspector(["S"])
    states.run(one(state), input, {"work": lambda event, context: {"x": event["n"] / 2, "y": 0}}, setup=Setup(probe=inspector))
    assert inspector.attempts == {"S#1": expected}


def test_an_inspector_keeps_each_attempt_and_the_visits_of_branches() -> None:
    task = {"Type": "Task", "Resource": LAMBDA, "Retry": [{"ErrorEquals": ["E"]}], "End": True}
    branches = [{"StartAt": name, "States": {name: task}} for name in "BC"]

    def work(event: Any, context: Any) -> Any:
        if context.attempt == 1:
            raise TaskError("E")
        return context.attempt

    inspector = Inspector()
    states.run(one({"Type": "Parallel", "Branches": branches, "End": True}), 5, {"work": work}, setup=Setup(probe=inspector))
    assert {place: len(attempts) for place, attempts in inspector.attempts.items()} == {"S#1": 1, "S#1[0]/B#1": 2, "S#1[1]/C#1": 2}
    assert [record.get("result", "none") for record in inspector.attempts["S#1[1]/C#1"]] == ["none", 2]


def test_several_probes_hear_of_their_own_kinds() -> None:
    everything, inspector = Everything(), Inspector()
    both = joined(joined(PLAIN, everything), inspector)
    assert isinstance(both.probe, Together)
    states.run(one({"Type": "Pass", "Next": "T"}), setup=both)
    assert list(inspector.attempts) == ["S#1", "T#2"]
    assert {kind for _, kind, _ in everything.notes} <= Everything.kinds


# ---------------------------------------------------------------- decisions

RETRIED = {
    "Type": "Task",
    "Resource": LAMBDA,
    "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 1}, {"ErrorEquals": ["B"], "MaxAttempts": 1}],
    "Catch": [{"ErrorEquals": ["C"], "Next": "T"}, {"ErrorEquals": ["States.ALL"], "Next": "T"}],
    "Next": "T",
}


@pytest.mark.parametrize(
    ("errors", "noted"),
    [
        ([], []),
        (["A"], [("retried", 0)]),
        (["B", "A"], [("retried", 1), ("retried", 0)]),
        (["A", "A"], [("retried", 0), ("exhausted", 0), ("caught", 1)]),
        (["C"], [("caught", 0)]),
    ],
)
def test_who_took_a_failure_is_noted(errors: list[str], noted: list[tuple[str, int]]) -> None:
    def work(event: Any, context: Any) -> Any:
        if context.attempt <= len(errors):
            raise TaskError(errors[context.attempt - 1])

    probe = Everything()
    states.run(one(RETRIED), {}, {"work": work}, setup=Setup(probe=probe))
    assert [(kind, value) for _, kind, value in probe.notes if kind in ("retried", "exhausted", "caught")] == noted
    assert [value.error for _, kind, value in probe.notes if kind == "failed"] == errors


def test_which_rules_were_tried_is_noted() -> None:
    rules = [{"Variable": "$.n", "NumericEquals": n, "Next": "T"} for n in (1, 2, 3)]
    probe = Everything()
    states.run(one({"Type": "Choice", "Choices": rules, "Default": "T"}), {"n": 2}, setup=Setup(probe=probe))
    assert [value for _, kind, value in probe.notes if kind == "rule"] == [(0, False), (1, True)]


def test_the_end_of_each_block_is_noted() -> None:
    probe = Everything()
    items = {"Type": "Map", "ItemProcessor": PASS, "Next": "T"}
    states.run(one(items), [1, 2], setup=Setup(probe=probe))
    assert [(name, value) for name, kind, value in probe.notes if kind == "ended"] == [("I", 1), ("I", 2), ("T", [1, 2])]


def test_a_failure_is_no_end() -> None:
    probe = Everything()
    states.run({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}, setup=Setup(probe=probe))
    assert [kind for _, kind, _ in probe.notes] == ["entered", "variables", "failed"]


def test_the_time_limit_of_an_execution_is_noted() -> None:
    probe = Everything()
    done = states.run(one({"Type": "Wait", "Seconds": 9, "Next": "T"}, TimeoutSeconds=5), setup=Setup(probe=probe))
    assert done.status == "TIMED_OUT"
    assert probe.notes[-1] == ("S", "timedOut", None)


# ---------------------------------------------------------------- mocked containers

PASS = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
MAP = {"Type": "Map", "ItemProcessor": PASS, "ResultPath": "$.r", "ItemsPath": "$.l", "Next": "T"}
CONTAINERS = {
    "inline": (MAP, ["MapStateStarted", "MapStateSucceeded"]),
    "distributed": (
        {**MAP, "ItemProcessor": {**PASS, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}},
        ["MapStateStarted", "MapRunStarted", "MapRunSucceeded", "MapStateSucceeded"],
    ),
    "read from S3": (
        {
            **{key: value for key, value in MAP.items() if key != "ItemsPath"},
            "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}},
            "ItemProcessor": {**PASS, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}},
        },
        ["MapStateStarted", "MapRunStarted", "MapRunSucceeded", "MapStateSucceeded"],
    ),
    "Parallel": (
        {"Type": "Parallel", "Branches": [PASS], "ResultPath": "$.r", "Next": "T"},
        ["ParallelStateStarted", "ParallelStateSucceeded"],
    ),
}


@pytest.mark.parametrize(("state", "events"), CONTAINERS.values(), ids=CONTAINERS)
def test_a_mock_stands_for_a_whole_container(state: Any, events: list[str]) -> None:
    done = states.run(one(state), {"l": [1, 2, 3]}, {"S": lambda event, context: ["mocked"]}, setup=Setup(mocked=frozenset("S")))
    assert done.output == {"l": [1, 2, 3], "r": ["mocked"]}
    kind = state["Type"]
    inside = ["ExecutionStarted", f"{kind}StateEntered", *events, f"{kind}StateExited"]
    assert done.history.types() == [*inside, "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]


@pytest.mark.parametrize("state", [case[0] for case in CONTAINERS.values()], ids=CONTAINERS)
def test_a_mocked_container_fails_as_its_inside_would(state: Any) -> None:
    handled = {**state, "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 2}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "T"}]}

    def work(event: Any, context: Any) -> Any:
        raise TaskError("E", f"attempt {context.attempt}")

    done = states.run(one(handled), {"l": []}, {"S": work}, setup=Setup(mocked=frozenset("S")))
    assert done.output == {"Error": "E", "Cause": "attempt 3"}
    assert done.history.types().count(f"{state['Type']}StateFailed") == 1


def test_what_cannot_run_and_is_not_mocked_is_refused() -> None:
    with pytest.raises(states.InvalidDefinition, match="ItemReader is not supported yet"):
        states.run(one(CONTAINERS["read from S3"][0]), {"l": []}, setup=Setup(mocked=frozenset("T")))


# ---------------------------------------------------------------- where it starts


def test_an_execution_starts_where_it_is_told_with_variables_and_used_up_retriers() -> None:
    retried = {"Type": "Task", "Resource": LAMBDA, "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 3}], "End": True}
    machine = {"StartAt": "S", "States": {"S": {"Type": "Pass", "Next": "W"}, "W": {**retried, "Parameters": {"v.$": "$v"}}}}
    seen = []

    def work(event: Any, context: Any) -> Any:
        seen.append((event["v"], context.attempt))
        raise TaskError("E")

    done = states.run(machine, {}, {"work": work}, setup=Setup(start_at="W", variables={"v": 5}, retry_count=2))
    assert seen == [(5, 3), (5, 4)]
    assert done.history.types()[:2] == ["ExecutionStarted", "TaskStateEntered"]
    assert done.stopped_at - done.started_at == 4.0  # the third retry waits 1 * 2 ** 2 seconds


def test_a_state_inside_a_branch_can_be_the_first() -> None:
    machine = one({"Type": "Parallel", "Branches": [PASS], "End": True})
    assert states.run(machine, {"n": 1}, setup=Setup(start_at="I")).history.types()[1:] == [
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]


def test_an_unknown_first_state_is_named() -> None:
    machine = states.loads(one({"Type": "Pass", "Next": "T"}))
    with pytest.raises(ValueError, match="no state 's'; did you mean \"S\""):
        block_of(machine, "s")


@pytest.mark.parametrize(("resource", "parameters"), [(INVOKE, {"FunctionName": "work"}), (LAMBDA, {})])
def test_a_response_is_the_whole_result(resource: str, parameters: Any) -> None:
    state = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}
    done = states.run(one(state), {}, {"work": lambda event, context: Response({"Payload": json.loads("[1]")})})
    assert done.output == {"Payload": [1]}


# ---------------------------------------------------------------- what else a test says


def test_a_mocked_map_reads_what_the_test_says_and_its_fields_are_evaluated() -> None:
    state = {
        **CONTAINERS["read from S3"][0],
        "ItemSelector": {"v.$": "$$.Map.Item.Value"},
        "ItemBatcher": {"MaxItemsPerBatch": 2},
        "MaxConcurrencyPath": "$.most",
        "ToleratedFailurePercentage": 5,
    }
    inspector = Inspector(["S"])
    setup_ = Setup(mocked=frozenset("S"), probe=inspector, read={"S": [1, 2, 3]})
    done = states.run(one(state), {"most": 4}, {"S": lambda event, context: []}, setup=setup_)
    ((record,),) = inspector.attempts.values()
    assert (record["maxConcurrency"], record["toleratedFailurePercentage"]) == (4, 5.0)
    assert record["afterItemSelector"] == [{"v": 1}, {"v": 2}, {"v": 3}]
    assert record["afterItemBatcher"] == [{"Items": [{"v": 1}, {"v": 2}]}, {"Items": [{"v": 3}]}]
    assert done.history[2]["mapStateStartedEventDetails"] == {"length": 3}


@pytest.mark.parametrize(("field", "value"), [("ItemSelector", {"v.$": "$.none"}), ("MaxConcurrencyPath", "$.none")])
def test_a_mocked_map_fails_by_its_own_fields(field: str, value: Any) -> None:
    done = states.run(one({**MAP, field: value}), {"l": [1]}, {"S": lambda event, context: []}, setup=Setup(mocked=frozenset("S")))
    assert (done.status, done.error) == ("FAILED", "States.Runtime")


def test_a_context_object_can_be_set() -> None:
    state = {"Type": "Pass", "Parameters": {"all.$": "$$", "name.$": "$$.State.Name"}, "Next": "T"}
    given = {"State": {"Name": "elsewhere"}}
    assert states.run(one(state), setup=Setup(context=given)).output == {"all": given, "name": "elsewhere"}
