"""Machines and scenario files for the tests of scenarios."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from states.testing.scenarios import InvalidScenarios, Outcome, load, play

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"
TOKEN = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"

#: Charges, waits a minute, packs each item, and is done.
SHOP: dict[str, Any] = {
    "StartAt": "Charge",
    "States": {
        "Charge": {
            "Type": "Task",
            "Resource": f"{LAMBDA}charge",
            "Parameters": {"cents.$": "$.cents"},
            "ResultPath": "$.paid",
            "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 5}],
            "Catch": [{"ErrorEquals": ["Refused"], "ResultPath": "$.why", "Next": "Sorry"}],
            "Next": "Minute",
        },
        "Minute": {"Type": "Wait", "Seconds": 60, "Next": "Each"},
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ResultPath": "$.packed",
            "ItemProcessor": {"StartAt": "Pack", "States": {"Pack": {"Type": "Task", "Resource": f"{LAMBDA}pack", "End": True}}},
            "Next": "Done",
        },
        "Done": {"Type": "Pass", "Parameters": {"paid.$": "$.paid", "packed.$": "$.packed"}, "Assign": {"n": 2}, "End": True},
        "Sorry": {"Type": "Fail", "ErrorPath": "$.why.Error", "CausePath": "$.why.Cause"},
    },
}

#: Asks somebody and waits for the answer, ten minutes for a sign of life.
ASK: dict[str, Any] = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": TOKEN,
            "Parameters": {"QueueUrl": "https://q", "MessageBody": {"t.$": "$$.Task.Token"}},
            "HeartbeatSeconds": 600,
            "Catch": [{"ErrorEquals": ["No"], "Next": "Pause"}],
            "Next": "Thanks",
        },
        "Thanks": {"Type": "Pass", "End": True},
        "Pause": {"Type": "Wait", "Seconds": 3600, "Next": "Thanks"},
    },
}

TASKS = """\
def charge(event, context):
    return {"receipt": event["cents"]}

def pack(event, context):
    context.sleep(1.5)
    return event.upper()

def Ask(event, context):
    return {}
"""


def folder(path: Path, text: str, name: str = "a.scenario.yaml", machine: dict[str, Any] = SHOP) -> Path:
    """A folder with a machine, its tasks, and one file of scenarios; gives that file."""
    (path / "machine.asl.json").write_text(json.dumps(machine), encoding="utf-8")
    (path / "ask.asl.json").write_text(json.dumps(ASK), encoding="utf-8")
    (path / "tasks.py").write_text(TASKS, encoding="utf-8")
    file = path / name
    file.write_text(text, encoding="utf-8")
    return file


def outcomes(file: Path) -> list[Outcome]:
    return [play(scenario) for scenario in load(file)]


def faults(file: Path) -> list[tuple[int | None, int | None, str]]:
    """Line, column and message (with its hint) of every fault."""
    try:
        load(file)
    except InvalidScenarios as invalid:
        return [(fault.line, fault.column, f"{fault.message} {fault.hint}".strip()) for fault in invalid.diagnostics]
    return []
