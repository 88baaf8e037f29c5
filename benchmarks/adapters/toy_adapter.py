"""The yardstick: what an interpreter of states could cost in Python if it did nothing but the work of these workloads.

Paths, templates, intrinsics and choice rules become Python expressions; a value is shared, never copied, but for the one level ResultPath
writes; an event is a tuple, and AWS's JSON is made of it when somebody reads the history. There are no errors, retries, checks or limits:
a real interpreter pays for those on top.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from time import time
from typing import Any

from measure import Peer, main

Event = tuple[str, Any, Any, float]
Record = Callable[[str, Any, Any], None]
OPERATORS = {"NumericLessThanPath": "<", "NumericEquals": "==", "StringEquals": "=="}
to_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


def path(text: str, root: str = "d") -> str:
    """The Python expression of a reference path: `$.a[0]` is `d["a"][0]`."""
    steps = re.findall(r"\.(\w+)|\[(\d+)\]", text)
    return root + "".join(f"[{name!r}]" if name else f"[{index}]" for name, index in steps)


def expression(text: str, root: str) -> str:
    """The Python expression of a path, an intrinsic, or a literal among its arguments."""
    text = text.strip()
    if text.startswith("$"):
        return path(text, root)
    call = re.fullmatch(r"States\.(Format|MathAdd)\((.*)\)", text)
    if not call:
        return text
    first, *rest = (expression(argument, root) for argument in re.findall(r"'[^']*'|[^,]+", call[2]))
    return f"({first} + {rest[0]})" if call[1] == "MathAdd" else f"{first}.format({', '.join(rest)})"


def template(value: Any, root: str) -> str:
    if not isinstance(value, dict):
        return repr(value)
    fields = (f"{k[:-2]!r}: {expression(v, root)}" if k.endswith(".$") else f"{k!r}: {template(v, root)}" for k, v in value.items())
    return "{" + ", ".join(fields) + "}"


def effective_input(state: dict[str, Any]) -> Any:
    root = path(state.get("InputPath", "$"))
    return eval(f"lambda d: {template(state['Parameters'], root) if 'Parameters' in state else root}")


def choice(state: dict[str, Any]) -> Any:
    source = repr(state.get("Default"))
    for rule in reversed(state["Choices"]):
        operator = next(key for key in rule if key in OPERATORS)
        wanted = path(rule[operator]) if operator.endswith("Path") else repr(rule[operator])
        source = f"{rule['Next']!r} if {path(rule['Variable'])} {OPERATORS[operator]} {wanted} else {source}"
    return eval(f"lambda d: {source}")


def task(state: dict[str, Any], functions: dict[str, Any]) -> Any:
    resource, function = state["Resource"], functions[state["Resource"]]

    def act(data: Any, record: Record) -> Any:
        record("LambdaFunctionScheduled", resource, data)
        record("LambdaFunctionStarted", None, None)
        result = function(data, None)
        record("LambdaFunctionSucceeded", None, result)
        return result

    return act


def map_(state: dict[str, Any], functions: dict[str, Any], name: str) -> Any:
    block, items_of = compile_block(state["ItemProcessor"], functions), eval(f"lambda d: {path(state['ItemsPath'])}")

    def act(data: Any, record: Record) -> Any:
        items, results = items_of(data), []
        record("MapStateStarted", None, len(items))
        for index, item in enumerate(items):
            record("MapIterationStarted", name, index)
            results.append(execute(block, item, record))
            record("MapIterationSucceeded", name, index)
        record("MapStateSucceeded", None, None)
        return results

    return act


def parallel(state: dict[str, Any], functions: dict[str, Any]) -> Any:
    blocks = [compile_block(branch, functions) for branch in state["Branches"]]

    def act(data: Any, record: Record) -> Any:
        record("ParallelStateStarted", None, None)
        results = [execute(block, data, record) for block in blocks]
        record("ParallelStateSucceeded", None, None)
        return results

    return act


def action(name: str, state: dict[str, Any], functions: dict[str, Any]) -> Any:
    """What the state does with its effective input; None: nothing."""
    match state["Type"]:
        case "Pass" if "Result" in state:
            return lambda *_, result=state["Result"]: result
        case "Task":
            return task(state, functions)
        case "Map":
            return map_(state, functions, name)
        case "Parallel":
            return parallel(state, functions)
        case "Wait":
            raise NotImplementedError("the toy waits for nobody")
    return None


def compile_state(name: str, state: dict[str, Any], functions: dict[str, Any]) -> tuple[Any, ...]:
    kind, target = state["Type"], state.get("ResultPath", "$")
    put = None if target == "$" else eval(f"lambda d, r: {{**d, {target[2:]!r}: r}}")
    following = choice(state) if kind == "Choice" else state.get("Next")
    return f"{kind}StateEntered", f"{kind}StateExited", effective_input(state), action(name, state, functions), put, following


def compile_block(block: dict[str, Any], functions: dict[str, Any]) -> Any:
    return {name: compile_state(name, state, functions) for name, state in block["States"].items()}, block["StartAt"]


def execute(block: Any, data: Any, record: Record) -> Any:
    states, name = block
    while name:
        entered, exited, effective, act, put, following = states[name]
        record(entered, name, data)
        result = effective(data)
        if act:
            result = act(result, record)
        if callable(following):
            following = following(data)
        data = put(data, result) if put else result
        record(exited, name, data)
        name = following
    return data


def details(kind: str, name: Any, value: str) -> dict[str, Any]:
    truncated = {"truncated": False}
    if kind.endswith("StateEntered"):
        return {"stateEnteredEventDetails": {"name": name, "input": value, "inputDetails": truncated}}
    if kind.endswith("StateExited"):
        return {"stateExitedEventDetails": {"name": name, "output": value, "outputDetails": truncated}}
    return {f"{kind[0].lower()}{kind[1:]}EventDetails": {"name": name, "value": value}}


def render(events: list[Event]) -> list[dict[str, Any]]:
    """AWS's JSON of the events. The output of a state is the input of the next: one object, one text."""
    rendered: list[dict[str, Any]] = []
    last: Any = None
    text = "null"
    for number, (kind, name, value, at) in enumerate(events, 1):
        if value is not last:
            last, text = value, to_json(value)
        rendered.append({"timestamp": at, "type": kind, "id": number, "previousEventId": number - 1, **details(kind, name, text)})
    return rendered


class Toy(Peer):
    exact_history = True

    def __init__(self, workload: dict[str, Any]) -> None:
        super().__init__(workload)
        functions = {"arn:aws:lambda:us-east-1:123456789012:function:identity": lambda event, _: event}
        self.block = compile_block(workload["definition"], functions)

    def run(self) -> Any:
        self.events: list[Event] = []
        add = self.events.append

        def record(kind: str, name: Any, value: Any) -> None:
            add((kind, name, value, time()))

        data = json.loads(self.input_text)
        record("ExecutionStarted", None, data)
        data = execute(self.block, data, record)
        record("ExecutionSucceeded", None, data)
        return data

    def history(self) -> int:
        return len(render(self.events))


if __name__ == "__main__":
    main(Toy)
