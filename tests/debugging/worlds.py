"""Machines to debug, and how a test drives a debugger: a script in, what it shows out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from states import loads
from states.debugging.commands import do, split
from states.debugging.debugger import Debugger
from states.debugging.futures import World
from states.debugging.session import Session
from states.running import RunSettings, make_execution

Json = Any

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"

SHOP = {
    "StartAt": "Reserve",
    "States": {
        "Reserve": {"Type": "Task", "Resource": f"{LAMBDA}reserve", "ResultPath": "$.reservation", "Next": "Charge"},
        "Charge": {
            "Type": "Task",
            "Resource": f"{LAMBDA}charge",
            "InputPath": "$.order",
            "Parameters": {"cents.$": "$.cents", "for.$": "States.Format('order {}', $.id)"},
            "ResultSelector": {"receipt.$": "$.receipt"},
            "ResultPath": "$.payment",
            "OutputPath": "$.payment",
            "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 2}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Refused"}],
            "Next": "Wait",
        },
        "Wait": {"Type": "Wait", "Seconds": 60, "Next": "Big?"},
        "Big?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.receipt", "StringEquals": "none", "Next": "Refused"}],
            "Default": "Done",
        },
        "Refused": {"Type": "Fail", "Error": "Refused", "Cause": "no money"},
        "Done": {"Type": "Succeed"},
    },
}
SHOP_INPUT = {"order": {"id": 7, "cents": 4900}}

FAN = {
    "StartAt": "Set",
    "States": {
        "Set": {"Type": "Pass", "Assign": {"rate": 2, "deep": {"a": [1, 2]}}, "Next": "Fan"},
        "Fan": {
            "Type": "Parallel",
            "Branches": [
                {
                    "StartAt": "A",
                    "States": {
                        "A": {"Type": "Task", "Resource": f"{LAMBDA}double", "Next": "A2"},
                        "A2": {"Type": "Pass", "Parameters": {"rate.$": "$rate", "a.$": "$"}, "End": True},
                    },
                },
                {"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 5, "End": True}}},
            ],
            "ResultPath": "$.fan",
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemSelector": {"n.$": "$$.Map.Item.Value"},
            "ItemProcessor": {"StartAt": "Twice", "States": {"Twice": {"Type": "Task", "Resource": f"{LAMBDA}double", "End": True}}},
            "End": True,
        },
    },
}
FAN_INPUT = {"n": 1, "items": [3, 4]}

JSONATA = {
    "QueryLanguage": "JSONata",
    "StartAt": "Price",
    "States": {
        "Price": {
            "Type": "Task",
            "Resource": f"{LAMBDA}double",
            "Arguments": {"n": "{% $states.input.cents %}"},
            "Assign": {"total": "{% $states.result.n %}"},
            "Output": "{% $merge([$states.input, $states.result]) %}",
            "Next": "Last",
        },
        "Last": {"Type": "Pass", "Output": "{% $total %}", "End": True},
    },
}

LOOP = {
    "StartAt": "Add",
    "States": {
        "Add": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "Again?"},
        "Again?": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThanEquals": 12490, "Next": "End"}], "Default": "Add"},
        "End": {"Type": "Succeed"},
    },
}

SAMPLES: dict[str, tuple[dict[str, Any], Json]] = {
    "shop": (SHOP, SHOP_INPUT),
    "fan": (FAN, FAN_INPUT),
    "jsonata": (JSONATA, {"cents": 100}),
}


class Busy(Exception):
    """Try again."""


class Calls:
    """The tasks of the samples; counts how often each was called. `charge` is busy so many times."""

    def __init__(self, busy: int = 1) -> None:
        self.busy = busy
        self.made: list[str] = []

    def tasks(self) -> dict[str, Callable[..., Any]]:
        return {"reserve": self.reserve, "charge": self.charge, "double": self.double}

    def reserve(self, event: Json, context: Any) -> Json:
        self.made.append("reserve")
        context.sleep(0.2)
        return {"id": "r1"}

    def charge(self, event: Json, context: Any) -> Json:
        self.made.append("charge")
        if context.attempt <= self.busy:
            raise Busy("try again")
        context.sleep(0.8)
        return {"receipt": f"{event['cents']} for {event['for']}", "secret": 1}

    def double(self, event: Json, context: Any) -> Json:
        self.made.append("double")
        context.sleep(1)
        return {"n": event["n"] * 2}


def debugger(definition: dict[str, Any], input: Json, calls: Calls | None = None, made: list[int] | None = None) -> Debugger:
    """A debugger at the beginning; `made` grows by one for each execution that is made."""
    machine = loads(json.dumps(definition))
    tasks = (calls or Calls()).tasks()

    def make(setup: Any) -> Any:
        if made is not None:
            made.append(len(made))
        return make_execution(machine, input, tasks, RunSettings(), None, setup)

    return Debugger(Session(machine, World(make), "test"), machine, 100)


def sample(name: str, calls: Calls | None = None) -> Debugger:
    """A debugger of one of SAMPLES."""
    definition, input = SAMPLES[name]
    return debugger(definition, input, calls)


def play(debugger: Debugger, script: str) -> list[str]:
    """All that a script shows."""
    return [line for command in split(script) for line in do(debugger, command).lines]


def to_the_end(debugger: Debugger) -> None:
    """Runs the current future to its end, whatever stops there are."""
    session = debugger.session
    while session.future.more():
        pass
