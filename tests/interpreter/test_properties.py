"""What holds of every machine: replay equals the run, the order of branches changes nothing, values pass unchanged, sizes are bounds."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import states
from states.drivers.ordered import Ordered, chooser
from states.interpreter import dataflow
from states.interpreter.execution import Execution
from states.interpreter.frame import Frame
from states.language import values
from states.running import make_execution
from tests.interpreter.cases import FUNCTION_ARN, Watched

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)

# ---------------------------------------------------------------- random machines


class Blocks:
    """Draws blocks of states with names that differ; `depth` is how deep they may still nest."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.count = 0

    def block(self, depth: int) -> dict[str, Any]:
        names = [self.name() for _ in range(self.draw(st.integers(1, 3)))]
        made = {name: self.state(depth) for name in names}
        for name, following in pairwise(names):
            made[name]["Next"] = following
        made[names[-1]]["End"] = True
        return {"StartAt": names[0], "States": made}

    def name(self) -> str:
        self.count += 1
        return f"S{self.count}"

    def state(self, depth: int) -> dict[str, Any]:
        kinds = ["Pass", "Result", "Wait", "Task"] + (["Parallel", "Map"] if depth else [])
        state = getattr(self, f"_{self.draw(st.sampled_from(kinds)).lower()}")(depth)
        if self.draw(st.booleans()) and "ResultPath" not in state and state["Type"] not in ("Wait",):
            state["ResultPath"] = self.draw(st.sampled_from(["$.kept", "$.a.b", None]))
        return state

    def _pass(self, _: int) -> dict[str, Any]:
        parameters = self.draw(
            st.sampled_from([{"all.$": "$"}, {"a.$": "$", "b.$": "$"}, {"x": [1, {"y.$": "$"}], "é": "\u2028\ud83d\ude00"}])
        )
        return {"Type": "Pass", "Parameters": parameters, "ResultPath": "$"}

    def _result(self, _: int) -> dict[str, Any]:
        return {"Type": "Pass", "Result": self.draw(json_values)}

    def _wait(self, _: int) -> dict[str, Any]:
        return {"Type": "Wait", "Seconds": self.draw(st.integers(0, 2))}

    def _task(self, _: int) -> dict[str, Any]:
        retry = [{"ErrorEquals": ["Odd"], "IntervalSeconds": 1, "MaxAttempts": 2}]
        return {"Type": "Task", "Resource": FUNCTION_ARN + "work", "Retry": retry, "ResultPath": "$.kept"}

    def _parallel(self, depth: int) -> dict[str, Any]:
        return {"Type": "Parallel", "Branches": [self.block(depth - 1) for _ in range(self.draw(st.integers(1, 3)))]}

    def _map(self, depth: int) -> dict[str, Any]:
        concurrency = self.draw(st.integers(0, 2))
        selector = {"item.$": "$$.Map.Item", "a": {"b": None}}
        items = "$$.Execution.Input.items"
        return {
            "Type": "Map",
            "MaxConcurrency": concurrency,
            "ItemsPath": items,
            "ItemSelector": selector,
            "ItemProcessor": self.block(depth - 1),
        }


@st.composite
def machines(draw: Any) -> dict[str, Any]:
    return Blocks(draw).block(2)


def work(event: Any, context: Any) -> Any:
    """Sleeps, fails at first, and answers, as its event decides."""
    number = len(json.dumps(event))
    context.sleep(number % 3)
    if context.attempt <= number % 4 - 1:
        raise states.TaskError("Odd", "odd")
    return {"n": number}


def made(definition: dict[str, Any]) -> tuple[Execution, Any, float]:
    return make_execution(states.loads(definition), {"items": [1, "two", {"three": 3}]}, {"work": work}, states.RunSettings(), None)


@quick
@given(machines())
def test_replay_equals_the_run(definition: dict[str, Any]) -> None:
    execution, served, at = made(definition)
    driver = Watched(execution, served, at=at)
    driver.run()
    assert execution.status in ("SUCCEEDED", "FAILED")
    whole = Execution.replay(execution.machine, execution.input, driver.received, at=at)
    assert (whole.status, whole.output, whole.error, whole.cause) == (execution.status, execution.output, execution.error, execution.cause)
    assert whole.history.recorded == execution.history.recorded
    for count, note in enumerate(driver.notes):
        part = Execution.replay(execution.machine, execution.input, driver.received[:count], at=at)
        assert (len(part.history), part.waiting(), part.status) == note


@quick
@given(machines(), st.integers(0, 2**32))
def test_the_order_of_branches_never_changes_the_output(definition: dict[str, Any], seed: int) -> None:
    execution, served, at = made(definition)
    straight = Watched(execution, served, at=at).run()
    execution, served, at = made(definition)
    shuffled = Ordered(execution, served, choose=chooser(seed), at=at).run()
    if straight.status == "SUCCEEDED":
        assert (shuffled.status, shuffled.stopped_at) == ("SUCCEEDED", straight.stopped_at)
        assert values.equal(shuffled.output, straight.output)


@quick
@given(machines())
def test_every_chain_of_events_leads_back_to_the_start(definition: dict[str, Any]) -> None:
    execution, served, at = made(definition)
    events = list(Watched(execution, served, at=at).run().history)
    assert all(0 <= event["previousEventId"] < event["id"] for event in events)
    assert [event["id"] for event in events if event["previousEventId"] == 0] == [1, 2]
    assert [event["timestamp"] for event in events] == sorted(event["timestamp"] for event in events)


# ---------------------------------------------------------------- sizes


@quick
@given(machines())
def test_the_size_a_frame_carries_is_never_below_the_bytes_of_its_data(definition: dict[str, Any]) -> None:
    below: list[tuple[str, int, int]] = []
    visit = Frame.visit

    def watched(frame: Frame, step: Any) -> None:
        if frame.size < values.size(frame.input):
            below.append((step.name, frame.size, values.size(frame.input)))
        visit(frame, step)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Frame, "visit", watched)
        execution, served, at = made(definition)
        Watched(execution, served, at=at).run()
    assert below == []


@given(json_values | st.text('\x00"\\\ud800é日😀', max_size=1500))
@settings(quick, max_examples=200)
def test_measure_is_never_below_the_bytes(value: Any) -> None:
    execution = Execution(states.loads({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}))
    frame = Frame(execution, execution.machine, value, 0, 0)
    measured = dataflow.measure(frame, value)
    assert measured >= values.size(value)
    if isinstance(value, (dict, list)):
        assert measured == values.size(value)


# ---------------------------------------------------------------- values


@quick
@given(json_values, st.integers(1, 5))
def test_a_value_passes_through_a_chain_unchanged(value: Any, length: int) -> None:
    parts = {f"S{n}": {"Type": "Pass", "Next": f"S{n + 1}"} for n in range(length)}
    parts[f"S{length}"] = {"Type": "Succeed"}
    text = values.dumps(value)
    execution = states.run({"StartAt": "S0", "States": parts}, input_text=text)
    assert values.dumps(execution.output) == text
    assert execution.history[-1]["executionSucceededEventDetails"]["output"] == text


@quick
@given(json_values)
def test_a_value_passes_through_a_callable_unchanged(value: Any) -> None:
    machine = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": FUNCTION_ARN + "echo", "End": True}}}
    execution = states.run(machine, {"value": value}, {"echo": lambda event, context: event})
    assert values.dumps(execution.output) == values.dumps({"value": value})
