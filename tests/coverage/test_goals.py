"""The goals of a definition, and each kind of goal reached and missed."""

from __future__ import annotations

from typing import Any

import pytest

import states
from states.coverage import Collector
from states.coverage.goals import goals_of
from states.interpreter.setup import Setup
from states.tasks.functions import TaskError

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:work"
CALLBACK = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
PASS = {"Type": "Pass", "End": True}
ITEM = {"StartAt": "I", "States": {"I": PASS}}
DISTRIBUTED = {**ITEM, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
SLOW = {"Type": "Wait", "Seconds": 50, "Next": "T"}


def one(state: dict[str, Any], **machine: Any) -> dict[str, Any]:
    return {"StartAt": "S", "States": {"S": state, "T": PASS}, **machine}


def task(**fields: Any) -> dict[str, Any]:
    return one({"Type": "Task", "Resource": LAMBDA, "Next": "T", **fields})


def rule(n: int, **fields: Any) -> dict[str, Any]:
    return {"Variable": "$.n", "NumericEquals": n, "Next": "T", **fields}


def choice(*rules: Any, **fields: Any) -> dict[str, Any]:
    return one({"Type": "Choice", "Choices": list(rules), "Default": "T", **fields})


def map_(**fields: Any) -> dict[str, Any]:
    return one({"Type": "Map", "ItemsPath": "$.l", "ItemProcessor": ITEM, "Next": "T", **fields})


def parallel(*first: Any, **fields: Any) -> dict[str, Any]:
    branches = [{"StartAt": f"B{number}", "States": {f"B{number}": state}} for number, state in enumerate(first)]
    return one({"Type": "Parallel", "Branches": branches, "Next": "T", **fields})


def failing(*errors: str | None) -> Any:
    """A task whose attempts fail with these errors, None is success; what comes after the last succeeds."""

    def work(event: Any, context: Any) -> Any:
        error = errors[context.attempt - 1] if context.attempt <= len(errors) else None
        if error == "slow":
            context.sleep(2.5)
        elif error is not None:
            raise TaskError(error)

    return {"work": work, "B0": work, "B1": lambda event, context: None}


def reached(definition: dict[str, Any], *runs: tuple[Any, Any], **options: Any) -> dict[str, int]:
    """The counts of a machine's goals after these runs (input, tasks), those without any left out."""
    collector = Collector()
    machine = states.loads(definition)
    with collector.watching():
        for input, tasks in runs:
            states.run(machine, input, tasks, **options)
    (record,) = collector.records
    return {goal.name: times for goal, times in zip(record.goals, record.counts, strict=True) if times}


RETRY_A = {"ErrorEquals": ["A"], "MaxAttempts": 1}
RETRY_B = {"ErrorEquals": ["B"], "MaxAttempts": 2}
CATCH_ALL = {"ErrorEquals": ["States.ALL"], "Next": "T"}

GOALS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "Next and End": (one({"Type": "Pass", "Next": "T"}), ["/States/S/Next taken"]),
    "the machine's timeout": (one({"Type": "Pass", "Next": "T"}, TimeoutSeconds=5), ["/TimeoutSeconds fired", "/States/S/Next taken"]),
    "clocks": (
        task(TimeoutSeconds=9, HeartbeatSeconds=5),
        ["/States/S/TimeoutSeconds fired", "/States/S/HeartbeatSeconds fired", "/States/S/Next taken"],
    ),
    "clocks by path": (
        task(TimeoutSecondsPath="$.t", HeartbeatSecondsPath="$.h"),
        ["/States/S/TimeoutSecondsPath fired", "/States/S/HeartbeatSecondsPath fired", "/States/S/Next taken"],
    ),
    "a Choice": (
        choice(rule(1), rule(2)),
        [*(f"/States/S/Choices[{n}] {held}" for n in (0, 1) for held in ("true", "false")), "/States/S/Default taken"],
    ),
    "a Choice without Default": (
        one({"Type": "Choice", "Choices": [rule(1)]}),
        ["/States/S/Choices[0] true", "/States/S/Choices[0] false"],
    ),
    "retriers and catchers": (
        task(Retry=[RETRY_A, {"ErrorEquals": ["C"], "MaxAttempts": 0}], Catch=[CATCH_ALL]),
        [
            "/States/S/Retry[0] recovered",
            "/States/S/Retry[0] exhausted",
            "/States/S/Retry[1] exhausted",
            "/States/S/Catch[0] taken",
            "/States/S/Next taken",
        ],
    ),
    "a Map": (map_(), [*(f"/States/S/ItemsPath {items}" for items in ("no items", "one item", "many items")), "/States/S/Next taken"]),
    "a Map of its input": (
        one({"Type": "Map", "ItemProcessor": ITEM, "Next": "T"}),
        [*(f"/States/S {items}" for items in ("no items", "one item", "many items")), "/States/S/Next taken"],
    ),
    "a Parallel": (
        parallel(PASS, PASS),
        ["/States/S/Branches[0] ended", "/States/S/Branches[1] ended", "/States/S/Next taken"],
    ),
}

INNER = {
    "a Map": ["/States/S/ItemProcessor/States/I entered", "/States/S/ItemProcessor/States/I/End taken"],
    "a Map of its input": ["/States/S/ItemProcessor/States/I entered", "/States/S/ItemProcessor/States/I/End taken"],
    "a Parallel": [f"/States/S/Branches[{n}]/States/B{n}{what}" for n in (0, 1) for what in (" entered", "/End taken")],
}


@pytest.mark.parametrize("case", GOALS)
def test_the_goals_of_a_definition(case: str) -> None:
    definition, expected = GOALS[case]
    first = expected[:1] if expected[0].startswith("/Timeout") else []
    last = ["/States/T entered", "/States/T/End taken", *INNER.get(case, [])]
    assert [goal.name for goal in goals_of(definition)] == [*first, "/States/S entered", *expected[len(first) :], *last]


def test_every_type_of_state_is_a_goal() -> None:
    every = {"Succeed": {"Type": "Succeed"}, "Fail": {"Type": "Fail", "Error": "E"}, "Wait": {"Type": "Wait", "Seconds": 1, "End": True}}
    names = [goal.name for goal in goals_of({"StartAt": "Succeed", "States": every})]
    assert names == ["/States/Succeed entered", "/States/Fail entered", "/States/Wait entered", "/States/Wait/End taken"]


END = {"/States/T entered": 1, "/States/T/End taken": 1}
S = {"/States/S entered": 1}
ENTERED = {**S, "/States/S/Next taken": 1, **END}

#: What runs, and the goals that are reached by it, how often.
REACHED: dict[str, tuple[dict[str, Any], Any, Any, dict[str, int]]] = {
    "Next": (one({"Type": "Pass", "Next": "T"}), {}, None, ENTERED),
    "a state that fails does not take its Next": (one({"Type": "Pass", "InputPath": "$.none", "Next": "T"}), {}, None, S),
    "a state whose OutputPath fails": (one({"Type": "Pass", "OutputPath": "$.none", "Next": "T"}), {}, None, S),
    "a state whose Assign fails has not taken its Next": (one({"Type": "Pass", "Assign": {"v.$": "$.none"}, "Next": "T"}), {}, None, S),
    "a last state whose Assign fails has not taken its End": (
        {"StartAt": "S", "States": {"S": {"Type": "Pass", "Assign": {"v.$": "$.none"}, "End": True}}},
        {},
        None,
        S,
    ),
    "Fail": ({"StartAt": "S", "States": {"S": {"Type": "Fail", "Error": "E", "Cause": "c"}}}, {}, None, S),
    "the first rule": (choice(rule(1), rule(2)), {"n": 1}, None, {**S, "/States/S/Choices[0] true": 1, **END}),
    "the second rule": (
        choice(rule(1), rule(2)),
        {"n": 2},
        None,
        {**S, "/States/S/Choices[0] false": 1, "/States/S/Choices[1] true": 1, **END},
    ),
    "Default": (
        choice(rule(1), rule(2)),
        {"n": 3},
        None,
        {**S, "/States/S/Choices[0] false": 1, "/States/S/Choices[1] false": 1, "/States/S/Default taken": 1, **END},
    ),
    "a rule whose Assign fails was not followed": (choice(rule(1, Assign={"v.$": "$.none"})), {"n": 1}, None, S),
    "a rule of JSONata": (
        {**choice({"Condition": "{% $states.input.n = 1 %}", "Output": "o", "Next": "T"}), "QueryLanguage": "JSONata"},
        {"n": 1},
        None,
        {**S, "/States/S/Choices[0] true": 1, **END},
    ),
    "a retrier that recovers": (task(Retry=[RETRY_A]), {}, failing("A"), {**ENTERED, "/States/S/Retry[0] recovered": 1}),
    "a retrier that is exhausted": (task(Retry=[RETRY_A]), {}, failing("A", "A"), {**S, "/States/S/Retry[0] exhausted": 1}),
    "the retrier used last is the one that recovers": (
        task(Retry=[RETRY_A, RETRY_B]),
        {},
        failing("A", "B"),
        {**ENTERED, "/States/S/Retry[1] recovered": 1},
    ),
    "a retrier without attempts": (
        task(Retry=[{"ErrorEquals": ["A"], "MaxAttempts": 0}], Catch=[CATCH_ALL]),
        {},
        failing("A"),
        {**S, "/States/S/Retry[0] exhausted": 1, "/States/S/Catch[0] taken": 1, **END},
    ),
    "a retrier at the end of the machine": (
        {"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": LAMBDA, "Retry": [RETRY_A], "End": True}}},
        {},
        failing("A"),
        {**S, "/States/S/Retry[0] recovered": 1, "/States/S/End taken": 1},
    ),
    "a retrier whose state is caught after all has not recovered": (
        task(Retry=[RETRY_A], Catch=[CATCH_ALL]),
        {},
        failing("A", "X"),
        {**S, "/States/S/Catch[0] taken": 1, **END},
    ),
    "the second catcher": (
        task(Catch=[{"ErrorEquals": ["A"], "Next": "T"}, CATCH_ALL]),
        {},
        failing("X"),
        {**S, "/States/S/Catch[1] taken": 1, **END},
    ),
    "a catcher whose ResultPath fails was not taken": (
        task(Catch=[{"ErrorEquals": ["States.ALL"], "ResultPath": "$.n.m", "Next": "T"}]),
        {"n": 1},
        failing("X"),
        S,
    ),
    "a timeout": (
        task(TimeoutSeconds=2, Catch=[CATCH_ALL]),
        {},
        failing("slow"),
        {**S, "/States/S/TimeoutSeconds fired": 1, "/States/S/Catch[0] taken": 1, **END},
    ),
    "a timeout that a test raises": (task(TimeoutSeconds=10), {}, failing("States.Timeout"), {**S, "/States/S/TimeoutSeconds fired": 1}),
    "a heartbeat": (
        one({"Type": "Task", "Resource": CALLBACK, "HeartbeatSeconds": 5, "TimeoutSeconds": 9, "Parameters": {"QueueUrl": "u",
             "MessageBody": {"t.$": "$$.Task.Token"}}, "Next": "T"}),
        {},
        {"S": lambda event, context: None},
        {**S, "/States/S/HeartbeatSeconds fired": 1},
    ),
    "the machine's timeout": (
        one(SLOW, TimeoutSeconds=20),
        {},
        None,
        {**S, "/TimeoutSeconds fired": 1},
    ),
    "no items": (map_(), {"l": []}, None, {**ENTERED, "/States/S/ItemsPath no items": 1}),
    "one item": (
        map_(),
        {"l": [1]},
        None,
        {**ENTERED, "/States/S/ItemsPath one item": 1, "/States/S/ItemProcessor/States/I entered": 1,
         "/States/S/ItemProcessor/States/I/End taken": 1},
    ),
    "many items": (
        map_(),
        {"l": [1, 2, 3]},
        None,
        {**ENTERED, "/States/S/ItemsPath many items": 1, "/States/S/ItemProcessor/States/I entered": 3,
         "/States/S/ItemProcessor/States/I/End taken": 3},
    ),
    "a distributed Map": (
        map_(ItemProcessor=DISTRIBUTED),
        {"l": [1, 2]},
        None,
        {**ENTERED, "/States/S/ItemsPath many items": 1, "/States/S/ItemProcessor/States/I entered": 2,
         "/States/S/ItemProcessor/States/I/End taken": 2},
    ),
    "both branches": (
        parallel(PASS, PASS),
        {},
        None,
        {**ENTERED, **{f"/States/S/Branches[{n}]{what}": 1 for n in (0, 1) for what in (" ended", f"/States/B{n} entered",
                                                                                    f"/States/B{n}/End taken")}},
    ),
    "a branch that ended while the other failed": (
        parallel({"Type": "Task", "Resource": LAMBDA, "End": True}, PASS),
        {},
        failing("A"),
        {**S, "/States/S/Branches[0]/States/B0 entered": 1, "/States/S/Branches[1]/States/B1 entered": 1,
         "/States/S/Branches[1]/States/B1/End taken": 1, "/States/S/Branches[1] ended": 1},
    ),
    "a Parallel that is tried again": (
        parallel({"Type": "Task", "Resource": LAMBDA, "End": True}, Retry=[RETRY_A]),
        {},
        failing("A", "A"),
        {**S, "/States/S/Branches[0]/States/B0 entered": 2, "/States/S/Retry[0] exhausted": 1},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REACHED)
def test_what_a_run_reaches(case: str) -> None:
    definition, input, tasks, expected = REACHED[case]
    assert reached(definition, (input, tasks)) == expected


def test_every_kind_of_goal_is_reached_and_missed_above() -> None:
    found = [(goal.kind, goal.outcome, case, goal.name) for case, (it, *_) in REACHED.items() for goal in goals_of(it)]
    kinds = {(kind, outcome) for kind, outcome, *_ in found}
    hit = {(kind, outcome) for kind, outcome, case, name in found if name in REACHED[case][3]}
    missed = {(kind, outcome) for kind, outcome, case, name in found if name not in REACHED[case][3]}
    assert hit == missed == kinds


def test_runs_add_up() -> None:
    definition = choice(rule(1))
    counts = reached(definition, ({"n": 1}, None), ({"n": 1}, None), ({"n": 5}, None))
    assert counts == {
        "/States/S entered": 3,
        "/States/S/Choices[0] true": 2,
        "/States/S/Choices[0] false": 1,
        "/States/S/Default taken": 1,
        "/States/T entered": 3,
        "/States/T/End taken": 3,
    }


def test_visits_of_a_loop_are_counted_and_attempts_are_not() -> None:
    looped = {
        "StartAt": "S",
        "States": {
            "S": {"Type": "Task", "Resource": LAMBDA, "Retry": [RETRY_A], "ResultPath": "$.n", "Next": "C"},
            "C": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 3, "Next": "T"}], "Default": "S"},
            "T": PASS,
        },
    }
    visits = []

    def work(event: Any, context: Any) -> Any:
        visits.append(context.attempt)
        if len(visits) == 1:
            raise TaskError("A")
        return len(visits)

    counts = reached(looped, ({}, {"work": work}))
    assert visits == [1, 2, 1]
    assert counts["/States/S entered"] == counts["/States/S/Next taken"] == 2
    assert counts["/States/S/Retry[0] recovered"] == 1


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (map_(), {**ENTERED, "/States/S/ItemsPath one item": 1}),
        (parallel(PASS, PASS), ENTERED),
        (
            one({"Type": "Map", "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}},
                 "ItemProcessor": DISTRIBUTED, "Next": "T"}),
            ENTERED,
        ),
    ],
    ids=["Map", "Parallel", "items that are not read"],
)  # fmt: skip
def test_a_mock_for_a_whole_state_reaches_nothing_inside(definition: Any, expected: Any) -> None:
    mocked = Setup(mocked=frozenset({"S"}))
    assert reached(definition, ({"l": [1]}, {"S": lambda event, context: []}), setup=mocked) == expected


def test_a_start_in_the_middle_and_used_up_retriers() -> None:
    counts = reached(task(Retry=[RETRY_B]), ({}, failing(None, "B", "B")), setup=Setup(start_at="S", retry_count=1))
    assert counts == {"/States/S entered": 1, "/States/S/Retry[0] exhausted": 1}
