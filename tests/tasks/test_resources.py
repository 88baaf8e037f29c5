"""Who serves a Resource: the ways to give callables, and the names they answer to."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import states
from states.interpreter.resources import parse_resource
from states.tasks.functions import Function
from states.tasks.names import qualifier_of, short_name, unqualified
from states.tasks.resources import TaskNotServed, Tasks

ARN = "arn:aws:lambda:us-east-1:123456789012:function:charge-card"
INVOKE = "arn:aws:states:::lambda:invoke"
PAINT = "arn:aws:states:us-east-1:123456789012:activity:paint-it"
SQS = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"


def handler(event: Any, context: Any) -> Any:
    return event


def other(event: Any, context: Any) -> Any:
    return event


def machine(resource: str, name: str = "Charge Card", **fields: Any) -> states.Machine:
    return states.loads({"StartAt": name, "States": {name: {"Type": "Task", "Resource": resource, **fields, "End": True}}})


@pytest.mark.parametrize(
    ("resource", "function_name", "name"),
    [
        (ARN, None, "Charge Card"),
        (ARN, None, ARN),
        (ARN, None, "charge-card"),
        (ARN, None, "charge_card"),
        (f"{ARN}:PROD", None, f"{ARN}:PROD"),
        (f"{ARN}:PROD", None, ARN),
        (f"{ARN}:PROD", None, "charge-card:PROD"),
        (f"{ARN}:PROD", None, "charge-card"),
        (f"{ARN}:PROD", None, "charge_card"),
        ("${ChargeCard}", None, "ChargeCard"),
        (PAINT, None, PAINT),
        (PAINT, None, "paint-it"),
        (PAINT, None, "paint_it"),
        (INVOKE, "charge-card", "charge-card"),
        (INVOKE, "charge-card", "charge_card"),
        (INVOKE, "charge-card:7", "charge-card"),
        (INVOKE, f"{ARN}:7", ARN),
        (INVOKE, ARN, "charge-card"),
        (INVOKE, ARN, "lambda:invoke"),
        (INVOKE, "123456789012:function:charge-card", "charge-card"),
        (SQS, None, SQS),
        (SQS, None, "sqs:sendMessage.waitForTaskToken"),
        (SQS, None, "sqs:sendMessage"),
        ("arn:aws:states:::aws-sdk:s3:getObject", None, "aws-sdk:s3:getObject"),
        ("arn:aws:states:::states:startExecution.sync:2", None, "states:startExecution"),
    ],
)
def test_a_callable_answers_to_its_names(resource: str, function_name: str | None, name: str) -> None:
    found = Tasks({name: handler}).serving(parse_resource(resource), "Charge Card", function_name)
    assert found is not None
    assert found.handler is handler


@pytest.mark.parametrize(
    ("resource", "function_name", "name"),
    [
        (ARN, None, "charge"),
        (ARN, None, "Charge card"),
        (f"{ARN}:PROD", None, f"{ARN}:TEST"),
        (ARN, None, f"{ARN}:PROD"),
        (INVOKE, "charge-card", "refund"),
        (SQS, None, "sqs:receiveMessage"),
        (SQS, None, "sendMessage"),
        (PAINT, None, "paint"),
    ],
)
def test_and_to_no_other(resource: str, function_name: str | None, name: str) -> None:
    assert Tasks({name: handler}).serving(parse_resource(resource), "Charge Card", function_name) is None


def test_the_most_exact_name_wins() -> None:
    names = ["Charge Card", f"{ARN}:PROD", ARN, "charge-card:PROD", "charge-card", "charge_card"]
    for index in range(len(names)):
        left = {name: (handler if name == names[index] else other) for name in names[index:]}
        found = Tasks(left).serving(parse_resource(f"{ARN}:PROD"), "Charge Card")
        assert found is not None
        assert found.handler is handler, names[index]


# ---------------------------------------------------------------- ways to give them


def module(**members: Any) -> ModuleType:
    made = ModuleType("tasks_of_a_test")
    for name, member in members.items():
        if hasattr(member, "__module__") and name != "imported":
            member.__module__ = made.__name__
        setattr(made, name, member)
    return made


def own() -> Any:
    def charge_card(event: Any, context: Any) -> Any:
        return event

    return charge_card


@pytest.mark.parametrize(
    "given",
    [
        {"charge_card": handler},
        [{"charge_card": handler}],
        ({"other": handler}, [own()]),
        own(),
        states.function("charge-card")(own()),
        states.function(ARN)(own()),
        SimpleNamespace(charge_card=handler),
        module(charge_card=own()),
        Tasks({"charge_card": handler}),
    ],
    ids=["mapping", "list", "nested", "callable", "decorated", "decorated with an ARN", "object", "module", "Tasks"],
)
def test_callables_are_given_in_many_ways(given: Any) -> None:
    assert states.run(machine(ARN), {"a": 1}, given).output == {"a": 1}


def test_what_a_module_only_imported_is_not_served() -> None:
    from json import dumps

    given = module(charge_card=own(), _private=own(), Class=type("Class", (), {}), imported=dumps, number=3)
    tasks = Tasks(given)
    assert tasks.serving(parse_resource(ARN), "x") is not None
    for name in ("_private", "Class", "imported", "number"):
        assert tasks.serving(parse_resource(SQS), name) is None


def test_what_is_decorated_is_served_even_where_it_is_imported() -> None:
    shared = states.function("charge-card", timeout_seconds=9)(own())
    made = ModuleType("another")
    made.charge = shared  # type: ignore[attr-defined]
    found = Tasks(made).serving(parse_resource(ARN), "x")
    assert found is not None
    assert (found.name, found.timeout_seconds) == ("charge-card", 9)


def test_a_decorated_callable_answers_to_the_name_it_is_given_too() -> None:
    given = {"Pay": states.function("charge-card", "charge-card-2", memory_mb=512)(own())}
    tasks = Tasks(given)
    for name in ("Pay", "charge-card", "charge-card-2"):
        found = tasks.serving(parse_resource(ARN.replace("charge-card", name)), "x")
        assert isinstance(found, Function)
        assert found.memory_mb == 512


@pytest.mark.parametrize("given", [{"charge": 3}, {"charge": None}, [{"charge": "text"}]])
def test_what_is_no_callable_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match="the task 'charge' must be a callable, not"):
        Tasks(given)


# ---------------------------------------------------------------- what nobody serves


@pytest.mark.parametrize(
    ("resource", "fields", "text"),
    [
        (ARN, {}, f'/States/Charge Card: no task serves "{ARN}"; give one as "charge-card" or "Charge Card"'),
        (
            SQS,
            {"Parameters": {"t.$": "$$.Task.Token"}},
            f'/States/Charge Card: no task serves "{SQS}"; give one as "Charge Card" or "sqs:sendMessage"',
        ),
        (PAINT, {}, f'/States/Charge Card: no task serves "{PAINT}"; give one as "paint-it" or "Charge Card"'),
        (
            INVOKE,
            {"Parameters": {"FunctionName": f"{ARN}:7"}},
            f'/States/Charge Card: no task serves "{INVOKE}"; give one as "charge-card" or "Charge Card"',
        ),
        (
            INVOKE,
            {"Parameters": {"FunctionName.$": "$.f"}},
            f'/States/Charge Card: no task serves "{INVOKE}"; give one as "Charge Card" or "lambda:invoke"',
        ),
    ],
)
def test_it_is_told_before_anything_runs(resource: str, fields: dict[str, Any], text: str) -> None:
    with pytest.raises(TaskNotServed) as caught:
        states.run(machine(resource, **fields))
    assert str(caught.value) == text


def test_every_state_is_told_nested_ones_too() -> None:
    task = {"Type": "Task", "Resource": ARN, "End": True}
    branch = {"StartAt": "B", "States": {"B": task}}
    mapped = {"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": task}}, "End": True}
    both = {"P": {"Type": "Parallel", "Branches": [branch], "Next": "M"}, "M": mapped}
    with pytest.raises(TaskNotServed) as caught:
        states.run({"StartAt": "P", "States": both})
    places = [line.partition(":")[0] for line in str(caught.value).splitlines()]
    assert places == ["/States/P/Branches[0]/States/B", "/States/M/ItemProcessor/States/I"]


def test_a_function_named_while_it_runs_is_looked_up_then() -> None:
    invoke = machine(INVOKE, Parameters={"FunctionName.$": "$.f", "Payload": 1}, OutputPath="$.Payload")
    assert states.run(invoke, {"f": "charge-card"}, {"charge-card": handler}).output == 1
    assert states.run(invoke, {"f": "refund"}, {"charge-card": handler}).error == "Lambda.ResourceNotFoundException"


@pytest.mark.parametrize(
    ("name", "short", "qualifier", "whole"),
    [
        ("f", "f", None, "f"),
        ("f:1", "f", "1", "f"),
        (ARN, "charge-card", None, ARN),
        (f"{ARN}:live", "charge-card", "live", ARN),
        ("123456789012:function:f:2", "f", "2", "123456789012:function:f"),
    ],
)
def test_names_of_functions(name: str, short: str, qualifier: str | None, whole: str) -> None:
    assert (short_name(name), qualifier_of(name), unqualified(name)) == (short, qualifier, whole)
