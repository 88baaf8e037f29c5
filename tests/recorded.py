"""Runs a recorded execution: the same machine, input, names and Lambda functions, on the virtual clock."""

from __future__ import annotations

import json
import re
from typing import Any

import states
from states.drivers.virtual import EPOCH, Virtual
from states.language import timestamps
from states.running import prepare
from states.tasks.functions import TaskContext, function
from states.testing import Bench

LATEST = 900.0


def run(case: dict[str, Any]) -> dict[str, Any]:
    """What the comparer wants to know of the execution."""
    execution = drive(case).execution
    return {
        "status": execution.status,
        "output": None if execution.status != "SUCCEEDED" else json.dumps(execution.output),
        "error": execution.error,
        "cause": execution.cause,
        "history": list(execution.history),
    }


def drive(case: dict[str, Any]) -> Virtual:
    """The driver of the recorded execution, run to where the recording ends."""
    machine = states.loads(case["definition"], type=case["type"])
    given = {
        "input_text": case["input"],
        "name": case["execution_name"] or "execution",
        "state_machine_name": case["state_machine_name"],
        "account": "111111111111",
        "role_arn": case["role_arn"],
        "synchronous": "start_sync_execution" in case["expected"],
        "at": start_of(case),
    }
    if case.get("mock_config"):
        bench = Bench(machine, functions(case))
        bench.mock_config(case["mock_config"], case["mock_test_case"], case["state_machine_name"])
        driver = bench.start(json.loads(case["input"]), **given).driver
    else:
        driver = prepare(machine, json.loads(case["input"]), functions(case), None, **given)
    if case["expected"].get("status") == "RUNNING":
        driver.advance(60)
    else:
        driver.run()
    return driver


def start_of(case: dict[str, Any]) -> float:
    """When the execution starts: so that a time in its input lies as far ahead as it did then."""
    told = re.search(r"plus (\d+) days", case.get("relative_time") or "")
    if told is None:
        return EPOCH
    return timestamps.parse(json.loads(case["input"])["start_at"]) - int(told[1]) * 86400


class _VirtualTime:
    """Stands for the `time` module in a recorded function: its sleep passes on the virtual clock."""

    def __init__(self) -> None:
        self.context: TaskContext | None = None

    def sleep(self, seconds: float) -> None:
        assert self.context is not None
        self.context.sleep(seconds)


def functions(case: dict[str, Any]) -> dict[str, Any]:
    """The Lambda functions of the case as callables."""
    return {name: _handler(code, name) for name, code in case["lambdas"].items()}


def _handler(code: dict[str, Any], name: str) -> Any:
    source = re.sub(r"^import time$", "", code["source"], flags=re.MULTILINE)
    clock = _VirtualTime()
    module: dict[str, Any] = {"time": clock}
    exec(compile(source, "/var/task/handler.py", "exec"), module)
    handler = module[code["handler"].rpartition(".")[2]]

    def call(event: Any, context: TaskContext) -> Any:
        clock.context = context
        return handler(event, context)

    return function(name, timeout_seconds=LATEST)(call)
