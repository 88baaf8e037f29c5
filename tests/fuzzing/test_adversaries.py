"""What a machine's tasks may suffer: what it says that it handles, and no more unless asked for."""

from __future__ import annotations

from typing import Any

import pytest

import states
from states.fuzzing import faults_of
from states.fuzzing.adversaries import ANY, HANDLED, NONE
from states.fuzzing.scenarios import in_words
from tests.fuzzing.planted import DONE, machine, task

RETRY = [{"ErrorEquals": ["Busy"], "MaxAttempts": 2}]
CATCH = [{"ErrorEquals": ["No"], "Next": "Done"}]
CATCH_ALL = [{"ErrorEquals": ["States.ALL"], "Next": "Done"}]

FAULTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing is handled": ({}, []),
    "a retrier": ({"Retry": RETRY}, ["fails with Busy", "fails with Busy twice"]),
    "a catcher": ({"Catch": CATCH}, ["fails with No every time"]),
    "both": (
        {"Retry": RETRY, "Catch": CATCH_ALL},
        ["fails with Busy", "fails with Busy twice", "fails with Busy every time", "fails with Unexpected every time"],
    ),
    "never retried": ({"Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 0}]}, []),
    "a timeout": ({"TimeoutSeconds": 9}, ["never answers"]),
    "a timeout that is retried": (
        {"TimeoutSeconds": 9, "Retry": [{"ErrorEquals": ["States.Timeout"], "MaxAttempts": 1}]},
        ["does not answer"],
    ),
    "a timeout and a heartbeat": (
        {"TimeoutSeconds": 9, "HeartbeatSeconds": 3},
        ["never answers", "shows that it is alive but never answers"],
    ),
    "errors of the interpreter": ({"Catch": [{"ErrorEquals": ["States.DataLimitExceeded"], "Next": "Done"}]}, []),
}


@pytest.mark.parametrize(("fields", "found"), FAULTS.values(), ids=FAULTS)
def test_the_faults_of_a_task(fields: dict[str, Any], found: list[str]) -> None:
    made = states.loads(machine("T", T=task("t", **fields, Next="Done"), Done=DONE))

    assert [in_words(fault.answer) for fault in faults_of(made, HANDLED)] == found
    assert faults_of(made, NONE) == []
    assert len(faults_of(made, ANY)) >= len(found) + 3  # unknown errors, with and without a cause


def test_a_given_task_that_lets_time_pass_is_believed() -> None:
    made = states.loads(machine("T", T=task("t", TimeoutSeconds=9)))

    assert faults_of(made, served=["T"])
    assert not faults_of(made, served=["T"], timed=["T"])


def test_what_is_handled_around_a_task_counts() -> None:
    branch = machine("T", T=task("t"))
    made = states.loads(machine("P", P={"Type": "Parallel", "Branches": [branch], "Catch": CATCH, "Next": "Done"}, Done=DONE))

    assert [(fault.state, in_words(fault.answer)) for fault in faults_of(made)] == [("T", "fails with No every time")]


def test_the_cause_is_written_as_the_service_writes_it() -> None:
    sns = {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "t", "Message": "m"}, "Next": "Done"}
    made = states.loads(machine("T", T=task("t", Catch=CATCH, Next="S"), S={**sns, "Catch": CATCH}, Done=DONE))

    assert [fault.answer.cause for fault in faults_of(made)] == ['{"errorMessage":"on purpose","errorType":"No"}', "on purpose"]


def test_any_result_is_null_wrong_or_huge() -> None:
    made = states.loads(machine("T", T=task("t")))

    words = [in_words(fault.answer) for fault in faults_of(made, NONE, ANY)]
    assert words[:3] == ["gives null", "gives {}", "gives []"]
    assert "gives 262,147 characters every time" in words
