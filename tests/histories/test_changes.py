"""Changed definitions against a history of the old one: each change is found at the right event, with the right reason and place."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

import states
from states.histories.reasons import REASONS
from tests.histories.shop import ARN, GONE, SHOP, changed, charge, declined, renamed, silent, slow, sold

BOTH = "States/Both/Branches"
PACK = f"{BOTH}/0/States/Pack"
FEW = {"order": "A-7", "total": 4900, "items": ["pen", "ink", "pad"], "few": ["pen"]}
LARGE = {"order": "A-8", "total": 5000, "items": ["pen"]}
SMALL = {"order": "A-9", "total": 900, "items": ["pen"]}


class Change(NamedTuple):
    """What is changed, and what is found: the reason, the recorded event that differs (type, and name or place), the location."""

    name: str
    definition: dict[str, Any]
    reason: str
    event: str | None
    place: str
    location: str | None
    path: str | None = None
    input: Any = None
    tasks: dict[str, Any] = {}
    now: str | None = None


CHANGES = [
    Change("a state renamed", renamed("Rest", "Pause"), "state", "WaitStateEntered", "Pause#4", "/States/Pause"),
    Change("the first state renamed", renamed("Check", "Look"), "state", "ChoiceStateEntered", "Look#1", "/States/Look"),
    Change(
        "a state in a branch renamed",
        renamed("Label", "Tag"),
        "state",
        "PassStateEntered",
        "Both#5[1]/Tag#1",
        f"/{BOTH}[1]/States/Tag".replace("Branches[1]", "Branches[1]"),
    ),
    Change("a state in an iteration renamed", renamed("Wrap", "Fold"), "state", "TaskStateEntered", "Both#5[0]/Pack#1[0]/Fold#1", None),
    Change(
        "a state taken out",
        changed(("States/Charge/Next", "Both"), ("States/Rest", GONE)),
        "state",
        "WaitStateEntered",
        "Both#4",
        "/States/Both",
    ),
    Change(
        "a state skipped",
        changed(("States/Charge/Next", "Both"), ("States/Charge/Catch/0/Next", "Rest"), ("States/Check/Default", "Nothing")),
        "branch",
        "WaitStateEntered",
        "Both#4",
        "/States/Charge/Next",
    ),
    Change(
        "choice rules swapped",
        changed(("States/Check/Choices", SHOP["States"]["Check"]["Choices"][::-1])),
        "branch",
        "TaskStateEntered",
        "Charge#2",
        "/States/Check/Choices",
    ),
    Change(
        "a bound of a choice moved",
        changed(("States/Check/Choices/0/NumericGreaterThan", 10_000)),
        "branch",
        "TaskStateEntered",
        "Charge#2",
        "/States/Check/Choices",
    ),
    Change(
        "fewer retries",
        changed(("States/Charge/Retry/0/MaxAttempts", 0)),
        "retry",
        "LambdaFunctionScheduled",
        "Charge#3",
        "/States/Charge/Retry[0]",
    ),
    Change(
        "a retrier of another error",
        changed(("States/Charge/Retry/0/ErrorEquals", ["Bsy"])),
        "retry",
        "LambdaFunctionScheduled",
        "Charge#3",
        "/States/Charge/Retry",
    ),
    Change(
        "another interval",
        changed(("States/Charge/Retry/0/IntervalSeconds", 3)),
        "delay",
        "LambdaFunctionScheduled",
        "Charge#3",
        "/States/Charge/Retry[0]",
    ),
    Change("another backoff is not seen at the first retry", changed(("States/Charge/Retry/0/BackoffRate", 3)), "same", None, "", None),
    Change("a longer wait", changed(("States/Rest/Seconds", 6)), "delay", "WaitStateExited", "Rest#4", "/States/Rest/Seconds"),
    Change("a shorter wait", changed(("States/Rest/Seconds", 4)), "delay", "WaitStateExited", "Rest#4", "/States/Rest/Seconds"),
    Change(
        "another ResultPath",
        changed(("States/Charge/ResultPath", "$.paid")),
        "result",
        "TaskStateExited",
        "Charge#3",
        "/States/Charge/ResultPath",
        "$.payment",
    ),
    Change(
        "another ResultSelector",
        changed(("States/Charge/ResultSelector", {"receipt.$": "$.trace"})),
        "result",
        "TaskStateExited",
        "Charge#3",
        "/States/Charge/ResultPath",
        "$.payment.receipt",
    ),
    Change(
        "a ResultSelector that finds nothing",
        changed(("States/Charge/ResultSelector", {"receipt.$": "$.reciept"})),
        "failure",
        "TaskStateExited",
        "Charge#3",
        "/States/Charge",
    ),
    Change(
        "other parameters",
        changed(("States/Charge/Parameters", {"cents.$": "$.total", "currency": "EUR"})),
        "request",
        "LambdaFunctionScheduled",
        "Charge#3",
        "/States/Charge/Parameters",
        "$.currency",
    ),
    Change(
        "another function",
        changed(("States/Charge/Resource", ARN + "charge2")),
        "request",
        "LambdaFunctionScheduled",
        "Charge#3",
        "/States/Charge/Resource",
    ),
    Change(
        "another timeout",
        changed(("States/Charge/TimeoutSeconds", 40)),
        "timeout",
        "LambdaFunctionScheduled",
        "Charge#3",
        "/States/Charge/TimeoutSeconds",
    ),
    Change("no heartbeat", changed(("States/Ask/HeartbeatSeconds", GONE)), "timeout", "TaskScheduled", "Ask#2", "/States/Ask"),
    Change("other items", changed((f"{PACK}/ItemsPath", "$.few")), "items", "MapStateStarted", "Both#5[0]/Pack#1", None, input=FEW),
    Change(
        "another ItemSelector",
        changed((f"{PACK}/ItemSelector", {"item.$": "$$.Map.Item.Value", "order": "A"})),
        "input",
        "TaskStateEntered",
        "Both#5[0]/Pack#1[0]/Wrap#1",
        None,
        "$.order",
    ),
    Change(
        "branches swapped",
        changed((BOTH, SHOP["States"]["Both"]["Branches"][::-1])),
        "result",
        "ParallelStateExited",
        "Both#5",
        "/States/Both/ResultPath",
        "$.sent[0]",
    ),
    Change("a branch less", changed((f"{BOTH}/1", GONE)), "end", "PassStateEntered", "Both#5", None),
    Change(
        "a branch more",
        changed((BOTH, [*SHOP["States"]["Both"]["Branches"], {"StartAt": "More", "States": {"More": {"Type": "Succeed"}}}])),
        "end",
        None,
        "Both#5[2]/More#1",
        None,
    ),
    Change(
        "a type changed",
        changed(("States/Rest", {"Type": "Pass", "Next": "Both"})),
        "type",
        "WaitStateEntered",
        "Rest#4",
        "/States/Rest/Type",
    ),
    Change(
        "an end moved",
        changed(("States/Sum/End", GONE), ("States/Sum/Next", "More"), ("States/More", {"Type": "Succeed"})),
        "branch",
        "ExecutionSucceeded",
        "More#7",
        "/States/Sum/Next",
    ),
    Change(
        "another variable",
        changed(("States/Sum/Assign", {"parcels": 3, "more": 1})),
        "variables",
        "PassStateExited",
        "Sum#6",
        "/States/Sum/Assign",
        "$.more",
    ),
    Change("a timeout of the machine", changed(("TimeoutSeconds", 8)), "timeout", "WaitStateExited", "Rest#4", "/TimeoutSeconds"),
    Change(
        "a catcher gone",
        changed(("States/Charge/Catch", GONE)),
        "catch",
        "TaskStateExited",
        "Charge#2",
        "/States/Charge",
        tasks={"charge": declined},
        input=SMALL,
    ),
    Change(
        "a catcher more",
        changed(("States/Charge/Catch/0/ErrorEquals", ["States.ALL"])),
        "catch",
        "ExecutionFailed",
        "Charge#2",
        "/States/Charge/Catch",
        tasks={"charge": lambda event, context: 1 / 0},
        input=SMALL,
    ),
    Change(
        "a catcher to another state",
        changed(("States/Charge/Catch/0/Next", "Rest")),
        "branch",
        "FailStateEntered",
        "Rest#3",
        "/States/Charge/Catch",
        tasks={"charge": declined},
        input=SMALL,
    ),
    Change(
        "a catcher with another ResultPath",
        changed(("States/Charge/Catch/0/ResultPath", "$.error")),
        "catch",
        "TaskStateExited",
        "Charge#2",
        "/States/Charge/Catch",
        "$.declined",
        tasks={"charge": declined},
        input=SMALL,
    ),
    Change(
        "another cause",
        changed(("States/Nothing/Cause", "declined")),
        "failure",
        "ExecutionFailed",
        "Nothing#3",
        "/States/Nothing/Cause",
        tasks={"charge": declined},
        input=SMALL,
    ),
    Change(
        "no timeout any more",
        changed(("States/Charge/TimeoutSeconds", GONE)),
        "timeout",
        "LambdaFunctionScheduled",
        "Charge#2",
        "/States/Charge",
        tasks={"charge": slow},
        input=SMALL,
    ),
    Change(
        "a timeout no longer caught",
        changed(("States/Ask/Catch/0/ErrorEquals", ["Late"])),
        "catch",
        "TaskStateExited",
        "Ask#2",
        "/States/Ask/Catch",
        tasks={"Ask": silent},
        input=LARGE,
    ),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_a_change_is_found_where_it_acts(change: Change) -> None:
    history = sold(input=change.input, tasks=change.tasks).history
    assert states.replay(SHOP, history).same
    found = states.replay(json_of(change.definition), history).difference
    if change.reason == "same":
        assert found is None
        return
    assert found is not None
    assert (found.reason, found.recorded and found.recorded["type"], found.place) == (change.reason, change.event, change.place), (
        found.message
    )
    if change.location is not None:
        assert (found.location or "").replace("//", "/") == change.location
    assert change.path is None or found.path == change.path
    assert change.name.startswith(("a branch", "a timeout of")) or found.line is not None


def json_of(definition: dict[str, Any]) -> states.Machine:
    """The machine of an indented text, so that lines can be told."""
    return states.loads(json.dumps(definition, indent=1))


def paying(name: str = "list", **fields: Any) -> states.Machine:
    """A Map and a Pass in JSONata, over many lines; `name` is the field of the input that has the items."""
    pay = {"Type": "Map", "Items": f"{{% $states.input.{name} %}}", "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}}
    close = {"Type": "Pass", "Output": {"a": [1, "{% $count($states.input) %}"]}, "End": True, **fields}
    return json_of({"QueryLanguage": "JSONata", "StartAt": "Pay", "States": {"Pay": {**pay, "Next": "Close"}, "Close": close}})


@pytest.mark.parametrize(
    ("was", "now", "location", "told"),
    [
        (paying(), paying("lst"), "/States/Pay/Items", '"Pay" fails: States.QueryEvaluationError'),
        (paying("lst"), paying(), "/States/Pay/Items", '"Pay" does not fail with States.QueryEvaluationError any more'),
        (paying("lst"), paying("lits"), "/States/Pay/Items", '"Pay" fails with another cause'),
        (paying(), paying(Output={"a": [1, "{% $none.x %}"]}), "/States/Close/Output/a[1]", '"Close" fails'),
        (paying(), paying(Assign={"v": "{% $number('x') %}"}), "/States/Close/Assign/v", '"Close" fails'),
        (paying(Output={"a": [1, "{% $none.x %}"]}), paying(Output=1), "/States/Close/Output", '"Close" does not fail'),
        (paying(Assign={"v": "{% $number('x') %}"}), paying(), "/States/Close", '"Close" does not fail'),
    ],
)
def test_a_failing_expression_is_found_in_its_field(was: states.Machine, now: states.Machine, location: str, told: str) -> None:
    history = states.run(was, {"list": [1, 2]}).history
    assert states.replay(was, history).same
    found = states.replay(now, history).difference
    assert found is not None
    assert (found.reason, found.location) == ("failure", location)
    assert found.message.startswith(told)
    key = location.rpartition("/")[2].partition("[")[0]
    assert found.line is not None
    assert f'"{key}"' in now.text.splitlines()[found.line - 1] or "[" in location


def test_there_are_changes_for_every_reason() -> None:
    assert set(REASONS) - {change.reason for change in CHANGES} == set()
    assert len(CHANGES) >= 20


@pytest.mark.parametrize("late", [0.0, 0.02, 0.9])
def test_aws_may_be_late(late: float) -> None:
    """Timers fire late on AWS; a second is a difference, less is none."""
    events = [dict(event) for event in sold().history]
    moved = 0.0
    from datetime import timedelta

    for event in events:
        if event["type"] == "WaitStateExited":
            moved = late
        event["timestamp"] += timedelta(seconds=moved)
    assert states.replay(SHOP, events).same
    for event in events:
        if event["id"] >= next(e["id"] for e in events if e["type"] == "WaitStateExited"):
            event["timestamp"] += timedelta(seconds=1)
    found = states.replay(SHOP, events).difference
    assert found is not None
    assert (found.reason, found.state) == ("delay", "Rest")


def test_what_follows_a_difference_is_not_told() -> None:
    found = states.replay(changed(("States/Charge/ResultPath", "$.a"), ("States/Rest/Seconds", 9)), sold().history)
    assert found.difference is not None
    assert found.difference.state == "Charge"
    assert found.compared < found.events


@pytest.mark.parametrize("seed", range(5))
def test_lots_are_aligned(seed: int) -> None:
    """Random ids and jitter of another seed are no difference; a delay no lot can give is one."""
    history = sold(input={**LARGE, "total": 2000}, tasks={"charge": slow}, seed=seed).history
    assert states.replay(SHOP, history).same
    definition = changed(("States/Charge/Retry/1/JitterStrategy", "NONE"), ("States/Charge/Retry/1/IntervalSeconds", 5))
    assert states.replay(definition, history).difference is not None


def test_what_is_asked_of_another_function_is_the_first_difference_although_a_branch_differs_too() -> None:
    definition = changed(("States/Charge/Parameters", {"cents": 1}), (f"{BOTH}/1/States/Label/Parameters", {"text": "x"}))
    found = states.replay(definition, sold(tasks={"charge": charge}).history).difference
    assert found is not None
    assert (found.state, found.reason, found.was, found.now) == ("Charge", "request", 4900, 1)
