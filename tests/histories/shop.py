"""A machine with a bit of everything, its tasks, and ways to run and to change it."""

from __future__ import annotations

import copy
from typing import Any

import states
from states.interpreter.execution import Execution
from states.tasks.functions import TaskError

ARN = "arn:aws:lambda:us-east-1:123456789012:function:"

SHOP: dict[str, Any] = {
    "StartAt": "Check",
    "States": {
        "Check": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.total", "NumericGreaterThan": 1000, "Next": "Ask"},
                {"Variable": "$.total", "NumericGreaterThan": 0, "Next": "Charge"},
            ],
            "Default": "Nothing",
        },
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "https://queue", "MessageBody": {"token.$": "$$.Task.Token", "id.$": "States.UUID()"}},
            "TimeoutSeconds": 600,
            "HeartbeatSeconds": 60,
            "ResultPath": "$.asked",
            "Catch": [{"ErrorEquals": ["States.Timeout"], "ResultPath": "$.late", "Next": "Nothing"}],
            "Next": "Charge",
        },
        "Charge": {
            "Type": "Task",
            "Resource": ARN + "charge",
            "Parameters": {"cents.$": "$.total"},
            "TimeoutSeconds": 30,
            "Retry": [
                {"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 2, "BackoffRate": 2},
                {"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 1, "JitterStrategy": "FULL"},
            ],
            "Catch": [{"ErrorEquals": ["Declined"], "ResultPath": "$.declined", "Next": "Nothing"}],
            "ResultSelector": {"receipt.$": "$.receipt"},
            "ResultPath": "$.payment",
            "Next": "Rest",
        },
        "Rest": {"Type": "Wait", "Seconds": 5, "Next": "Both"},
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {
                    "StartAt": "Pack",
                    "States": {
                        "Pack": {
                            "Type": "Map",
                            "ItemsPath": "$.items",
                            "ItemSelector": {"item.$": "$$.Map.Item.Value", "order.$": "$.order"},
                            "MaxConcurrency": 2,
                            "ItemProcessor": {
                                "StartAt": "Wrap",
                                "States": {
                                    "Wrap": {
                                        "Type": "Task",
                                        "Resource": "arn:aws:states:::lambda:invoke",
                                        "Parameters": {"FunctionName": ARN + "wrap", "Payload.$": "$"},
                                        "OutputPath": "$.Payload",
                                        "End": True,
                                    }
                                },
                            },
                            "End": True,
                        }
                    },
                },
                {
                    "StartAt": "Label",
                    "States": {
                        "Label": {"Type": "Pass", "Parameters": {"text.$": "States.Format('to {}', $.order)"}, "Next": "Print"},
                        "Print": {"Type": "Task", "Resource": ARN + "print", "End": True},
                    },
                },
            ],
            "ResultPath": "$.sent",
            "Next": "Sum",
        },
        "Sum": {
            "Type": "Pass",
            "Parameters": {"order.$": "$.order", "parcels.$": "States.ArrayLength($.sent[0])", "receipt.$": "$.payment.receipt"},
            "Assign": {"parcels.$": "$.parcels"},
            "End": True,
        },
        "Nothing": {"Type": "Fail", "Error": "NothingSold", "Cause": "no payment"},
    },
}

INPUT = {"order": "A-7", "total": 4900, "items": ["pen", "ink", "pad"]}


class Busy(Exception):
    pass


def charge(event: Any, context: Any) -> Any:
    context.sleep(0.5)
    if context.attempt == 1:
        raise Busy("later")
    return {"receipt": f"{event['cents']} paid", "trace": "x-1"}


@states.function("wrap", timeout_seconds=900)
def wrap(event: Any, context: Any) -> Any:
    context.sleep(1.0 + len(event["item"]))
    return f"{event['item']} of {event['order']}"


def printed(event: Any, context: Any) -> Any:
    context.sleep(0.25)
    return event


def asked(event: Any, context: Any) -> Any:
    context.send_task_success(context.task_token, {"yes": True}, after=3)
    return {"MessageId": "m-1"}


def declined(event: Any, context: Any) -> Any:
    raise TaskError("Declined", "no money")


def silent(event: Any, context: Any) -> Any:
    return {"MessageId": "m-2"}


@states.function("charge", timeout_seconds=900)
def slow(event: Any, context: Any) -> Any:
    if context.attempt == 1:
        context.sleep(100)
    return {"receipt": "late"}


TASKS = {"charge": charge, "wrap": wrap, "print": printed, "Ask": asked}


def sold(definition: dict[str, Any] = SHOP, input: Any = None, tasks: dict[str, Any] | None = None, **options: Any) -> Execution:
    """An execution of the shop that is over."""
    return states.run(copy.deepcopy(definition), input or INPUT, {**TASKS, **(tasks or {})}, **options)


GONE = object()


def changed(*changes: tuple[str, Any]) -> dict[str, Any]:
    """The shop with other values at these paths, keys parted by `/`; GONE takes a key away."""
    definition: dict[str, Any] = copy.deepcopy(SHOP)
    for path, value in changes:
        *way, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
        inner: Any = definition
        for step in way:
            inner = inner[step]
        if value is GONE:
            del inner[last]
        else:
            inner[last] = value
    return definition


def renamed(old: str, new: str) -> dict[str, Any]:
    """The shop with a state of another name."""
    import json

    text = json.dumps(SHOP).replace(f'"{old}":', f'"{new}":')
    for field in ("Next", "StartAt", "Default"):
        text = text.replace(f'"{field}": "{old}"', f'"{field}": "{new}"')
    found: dict[str, Any] = json.loads(text)
    return found
