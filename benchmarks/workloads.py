"""The ten workloads W1 to W10: definition, input, and what one execution of it must give.

A workload is one JSON file an adapter reads. `kind` says how it is run: `runs` executions one after another ("sequence"), all at once
("together"), or one in a process of its own, measured from start to exit ("process"). `transitions` and `events` are the state entries and
AWS history events of one execution.

Run as a script it writes the files: `python benchmarks/workloads.py FOLDER`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypedDict

IDENTITY = "arn:aws:lambda:us-east-1:123456789012:function:identity"
PAYLOAD_BYTES = 199 * 1024

State = dict[str, Any]


class Workload(TypedDict):
    name: str
    title: str
    kind: str
    runs: int
    transitions: int
    events: int
    definition: dict[str, Any]
    input: Any
    expected: Any


def chain(prefix: str, length: int, state: State) -> dict[str, Any]:
    """A block of `length` equal states, one after another."""
    states = {f"{prefix}{i}": {**state, "Next": f"{prefix}{i + 1}"} for i in range(length - 1)}
    return {"StartAt": f"{prefix}0", "States": {**states, f"{prefix}{length - 1}": {**state, "End": True}}}


def passes() -> Workload:
    parameters = {"v.$": "$.a.b", "s.$": "States.Format('item-{}', $.a.b)"}
    given = {"a": {"b": 1}, "name": "w1"}
    return {
        "name": "W1",
        "title": "chain of 1,000 Pass: a path, a States.Format, ResultPath",
        "kind": "sequence",
        "runs": 1,
        "transitions": 1000,
        "events": 2002,
        "definition": chain("P", 1000, {"Type": "Pass", "Parameters": parameters, "ResultPath": "$.r"}),
        "input": given,
        "expected": {**given, "r": {"v": 1, "s": "item-1"}},
    }


def counter_loop() -> Workload:
    again = {"Variable": "$.i", "NumericLessThanPath": "$.n", "Next": "Inc"}
    states = {
        "Check": {"Type": "Choice", "Choices": [again], "Default": "Done"},
        "Inc": {"Type": "Pass", "Parameters": {"i.$": "States.MathAdd($.i, 1)", "n.$": "$.n"}, "Next": "Check"},
        "Done": {"Type": "Succeed"},
    }
    return {
        "name": "W2",
        "title": "a counter to 5,000: Choice, Pass with States.MathAdd",
        "kind": "sequence",
        "runs": 1,
        "transitions": 10_002,
        "events": 20_006,
        "definition": {"StartAt": "Check", "States": states},
        "input": {"i": 0, "n": 5000},
        "expected": {"i": 5000, "n": 5000},
    }


def tasks() -> Workload:
    given = {"x": 1, "msg": "hello"}
    return {
        "name": "W3",
        "title": "chain of 200 Tasks (an identity function)",
        "kind": "sequence",
        "runs": 1,
        "transitions": 200,
        "events": 1002,
        "definition": chain("T", 200, {"Type": "Task", "Resource": IDENTITY}),
        "input": given,
        "expected": given,
    }


def map_of_tasks() -> Workload:
    states = {
        "Prep": {"Type": "Pass", "Parameters": {"v.$": "$.v", "k": "x"}, "Next": "Call"},
        "Call": {"Type": "Task", "Resource": IDENTITY, "End": True},
    }
    processor = {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Prep", "States": states}
    map_state = {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 0, "ItemProcessor": processor, "End": True}
    return {
        "name": "W4",
        "title": "inline Map: 1,000 items through Pass and Task, MaxConcurrency 0",
        "kind": "sequence",
        "runs": 1,
        "transitions": 2001,
        "events": 9006,
        "definition": {"StartAt": "Map", "States": {"Map": map_state}},
        "input": {"items": [{"v": i} for i in range(1000)]},
        "expected": [{"v": i, "k": "x"} for i in range(1000)],
    }


def branches() -> Workload:
    step = {"Type": "Pass", "Parameters": {"v.$": "$.a.b"}, "ResultPath": "$.r"}
    parallel = {"Type": "Parallel", "End": True, "Branches": [chain(f"B{k}_", 20, step) for k in range(10)]}
    return {
        "name": "W5",
        "title": "Parallel: 10 branches of 20 Pass",
        "kind": "sequence",
        "runs": 1,
        "transitions": 201,
        "events": 406,
        "definition": {"StartAt": "Par", "States": {"Par": parallel}},
        "input": {"a": {"b": 1}},
        "expected": [{"a": {"b": 1}, "r": {"v": 1}}] * 10,
    }


def small_runs() -> Workload:
    retrier = {"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 2}
    states = {
        "A": {"Type": "Pass", "Parameters": {"kind.$": "$.kind", "n.$": "$.n"}, "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$.kind", "StringEquals": "order", "Next": "C"}], "Default": "E"},
        "C": {"Type": "Task", "Resource": IDENTITY, "Retry": [retrier], "Next": "D"},
        "D": {"Type": "Pass", "Result": {"ok": True}, "ResultPath": "$.done", "Next": "E"},
        "E": {"Type": "Succeed"},
    }
    given = {"kind": "order", "n": 7}
    return {
        "name": "W6",
        "title": "1,000 executions of a machine of five states",
        "kind": "sequence",
        "runs": 1000,
        "transitions": 5,
        "events": 15,
        "definition": {"StartAt": "A", "States": states},
        "input": given,
        "expected": {**given, "done": {"ok": True}},
    }


def payload_row(i: int) -> dict[str, Any]:
    return {"id": i, "name": f"row number {i}", "tags": ["a", "b", "c"], "price": i * 1.5, "nested": {"x": i, "y": [i, i + 1]}}


def payload_rows() -> list[dict[str, Any]]:
    """Rows that together make PAYLOAD_BYTES of compact JSON, or a little more."""
    rows: list[dict[str, Any]] = []
    size = 0
    while size < PAYLOAD_BYTES:
        rows.append(payload_row(len(rows)))
        size += len(json.dumps(rows[-1], separators=(",", ":"))) + 1
    return rows


def large_payload() -> Workload:
    given = {"meta": {"id": 42, "tag": "t"}, "data": payload_rows()}
    return {
        "name": "W7",
        "title": "200 KiB through 100 Pass: InputPath, ResultPath, OutputPath",
        "kind": "sequence",
        "runs": 1,
        "transitions": 100,
        "events": 202,
        "definition": chain("P", 100, {"Type": "Pass", "InputPath": "$.meta", "ResultPath": "$.out", "OutputPath": "$"}),
        "input": given,
        "expected": {**given, "out": given["meta"]},
    }


def jsonata() -> Workload:
    named = "$map($states.input.items[price > 10], function($i){ $i.name & '-' & $string($i.price) })"
    output = {
        "items": "{% $states.input.items %}",
        "summary": f"{{% $join({named}, ', ') %}}",
        "total": "{% $sum($states.input.items.price) %}",
        "label": "{% 'n=' & $string($count($states.input.items)) %}",
    }
    items: list[dict[str, Any]] = [{"name": f"item{i}", "price": 5 + 3 * i} for i in range(10)]
    summary = ", ".join(f"{item['name']}-{item['price']}" for item in items if item["price"] > 10)
    return {
        "name": "W8",
        "title": "JSONata: 200 Pass whose Output filters, maps, joins and sums",
        "kind": "sequence",
        "runs": 1,
        "transitions": 200,
        "events": 402,
        "definition": {"QueryLanguage": "JSONata", **chain("J", 200, {"Type": "Pass", "Output": output})},
        "input": {"items": items},
        "expected": {"items": items, "summary": summary, "total": 185, "label": "n=10"},
    }


def process() -> Workload:
    states = {
        "A": {"Type": "Pass", "Parameters": {"v.$": "$.v"}, "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$.v", "NumericEquals": 1, "Next": "C"}], "Default": "C"},
        "C": {"Type": "Pass", "Result": "yes", "ResultPath": "$.r", "End": True},
    }
    return {
        "name": "W9",
        "title": "a process from start to exit that runs three states",
        "kind": "process",
        "runs": 1,
        "transitions": 3,
        "events": 8,
        "definition": {"StartAt": "A", "States": states},
        "input": {"v": 1},
        "expected": {"v": 1, "r": "yes"},
    }


def waits() -> Workload:
    return {
        "name": "W10",
        "title": "1,000 executions at once, each waits one second of the clock",
        "kind": "together",
        "runs": 1000,
        "transitions": 1,
        "events": 4,
        "definition": {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "End": True}}},
        "input": {"v": 1},
        "expected": {"v": 1},
    }


WORKLOADS: dict[str, Callable[[], Workload]] = {
    "W1": passes,
    "W2": counter_loop,
    "W3": tasks,
    "W4": map_of_tasks,
    "W5": branches,
    "W6": small_runs,
    "W7": large_payload,
    "W8": jsonata,
    "W9": process,
    "W10": waits,
}


def write(folder: Path) -> None:
    """Write `W1.json` ... and, for command lines, the bare `W1.definition.json` and `W1.input.json` beside each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in WORKLOADS.items():
        workload = make()
        for suffix, value in (("", workload), (".definition", workload["definition"]), (".input", workload["input"])):
            (folder / f"{name}{suffix}.json").write_text(json.dumps(value, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "workloads"))
