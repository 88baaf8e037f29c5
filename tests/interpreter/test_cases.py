"""Every case of tests/cases that is a machine, run every way. `cases` tells how a case is written.

Straight: what is expected comes out. Replayed: `Execution.replay` of the first n completions stands where the execution stood after
them, for every n. In other orders: what happens at the same time happens in another order, and the same comes out.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from states.drivers.ordered import Ordered, chooser
from states.drivers.virtual import Virtual
from states.history import details_of
from states.interpreter.execution import Execution
from tests.interpreter.cases import Case, Watched, all_cases, drive, expand

CASES = all_cases()
ORDERS = 4  #: other orders each case is run in
SHOWN = 500  #: events that are compared as they are shown, besides as they are recorded
PREFIXES = 40  #: prefixes of the completions each case is rebuilt from

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])


def test_the_names_of_the_cases_differ() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names)) >= 120


@each_case
def test_straight(case: Case) -> None:
    driver = drive(case)
    execution, expected = driver.execution, expand(case["expected"])
    outcome = {name: getattr(execution, name) for name in ("status", "output", "error", "cause") if name in expected}
    assert outcome == {name: expected[name] for name in outcome}
    assert_history(execution, expected)
    if "seconds" in expected:
        end = driver.now if execution.status == "RUNNING" else execution.stopped_at
        assert end - execution.started_at == pytest.approx(expected["seconds"], abs=1e-3)
    if "waiting" in expected:
        assert sorted(execution.waiting().values()) == expected["waiting"]
    for run, told in zip(execution.map_runs, expected.get("map_runs", execution.map_runs), strict=True):
        if told is not run:
            assert_map_run(run, told)


def assert_history(execution: Execution, expected: dict[str, Any]) -> None:
    events = list(execution.history)
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert all(event["previousEventId"] < event["id"] for event in events)
    assert (events[0]["type"], events[0]["previousEventId"]) == ("ExecutionStarted", 0)
    if "events" in expected:
        chain = expected["events"] and isinstance(expected["events"][0], list)
        found = [[event["type"], event["previousEventId"]] if chain else event["type"] for event in events[1:]]
        assert found == expected["events"]
    for id, told in expected.get("details", {}).items():
        details = details_of(events[int(id) - 1])
        assert {key: details.get(key) for key in told} == told
    if "last" in expected:
        assert [events[-1][key] for key in ("id", "type", "previousEventId")] == expected["last"]
    for kind, count in expected.get("counts", {}).items():
        assert sum(event["type"] == kind for event in events) == count


def assert_map_run(run: Any, told: dict[str, Any]) -> None:
    children = told.get("children")
    if "arn" in told:
        assert re.fullmatch(told["arn"], run.arn)
    for name in ("status", "failed_items"):
        assert name not in told or getattr(run, name) == told[name]
    if isinstance(children, int):
        assert len(run.executions) == children
    elif children is not None:
        for child, child_told in zip(run.executions, children, strict=True):
            names = [name for name in ("status", "input", "output", "error", "cause") if name in child_told]
            assert {name: getattr(child, name) for name in names} == {name: child_told[name] for name in names}
            assert_history(child, child_told)


@each_case
def test_replayed(case: Case) -> None:
    driver = drive(case)
    assert isinstance(driver, Watched)
    execution, received = driver.execution, driver.received
    whole = rebuilt(case, driver, len(received))
    assert whole.history.recorded == execution.history.recorded
    assert list(whole.history[:SHOWN]) == list(execution.history[:SHOWN])
    assert outcome_of(whole) == outcome_of(execution)
    assert [outcome_of(child) for run in whole.map_runs for child in run.executions] == [
        outcome_of(child) for run in execution.map_runs for child in run.executions
    ]
    for count in range(0, len(received), max(1, len(received) // PREFIXES)):
        part = rebuilt(case, driver, count)
        assert (len(part.history), part.waiting(), part.status) == driver.notes[count]
        assert part.history.recorded == execution.history.recorded[: len(part.history)]


def rebuilt(case: Case, driver: Virtual, count: int) -> Execution:
    """The execution as its first completions make it anew."""
    execution = driver.execution
    seed = case.get("settings", {}).get("seed", 0)
    settings = {"names": execution.names, "type": execution.type, "input_text": case.get("input_text"), "seed": seed}
    return Execution.replay(execution.machine, execution.input, driver.received[:count], at=execution.started_at, **settings)


def outcome_of(execution: Execution) -> tuple[Any, ...]:
    return execution.status, execution.output, execution.error, execution.cause, execution.stopped_at


@pytest.mark.parametrize("case", [case for case in CASES if "order" not in case], ids=lambda case: case["name"])
def test_in_other_orders(case: Case) -> None:
    straight = drive(case)
    first = unordered(straight.execution)
    same = drive(case, Ordered, choose=chooser("0"))
    assert same.execution.history.recorded == straight.execution.history.recorded
    assert same.execution.stopped_at == straight.execution.stopped_at
    for seed in range(ORDERS):
        driver = drive(case, Ordered, choose=chooser(seed))
        assert isinstance(driver, Ordered)
        if not driver.choices:
            return
        assert unordered(driver.execution) == first
        again = drive(case, Ordered, choose=chooser(driver.order))
        assert again.execution.history.recorded == driver.execution.history.recorded
        assert again.order == driver.order


def unordered(execution: Execution) -> tuple[Any, ...]:
    """What must not depend on the order: all but the ids of events, also where a cause names one."""
    cause = re.sub(r"event id #\d+", "event id #", execution.cause or "")
    return execution.status, execution.output, execution.error, cause, execution.stopped_at
