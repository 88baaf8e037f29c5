"""states.inspect, and `states run --inspect`: what every filter made of the data, after the fact and on the command line."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

import states
from states.interpreter.inspection import Inspector
from states.interpreter.setup import Setup
from states.language.values import dumps
from tests.interpreter.cases import FUNCTION_ARN, Case, all_cases, drive, load
from tests.test_command import command

__all__ = ["command"]

CASES = [*all_cases(), *load("jsonata_states")]
WORK = {"Type": "Task", "Resource": FUNCTION_ARN + "work"}
MACHINE = {
    "StartAt": "Charge",
    "States": {
        "Charge": {**WORK, "Parameters": {"n.$": "$.n"}, "ResultPath": "$.paid", "Next": "Ship"},
        "Ship": {"Type": "Pass", "Parameters": {"id.$": "States.UUID()"}, "End": True},
    },
}


# ---------------------------------------------------------------- from Python


def test_a_run_is_inspected_after_the_fact() -> None:
    called: list[Any] = []
    execution = states.run(MACHINE, {"n": 1}, {"work": lambda event, context: called.append(event) or 7})
    assert states.inspect(execution, "Charge") == {
        "Charge#1": [
            {
                "input": {"n": 1},
                "variables": {},
                "afterInputPath": {"n": 1},
                "afterParameters": {"n": 1},
                "result": 7,
                "afterResultSelector": 7,
                "afterResultPath": {"n": 1, "paid": 7},
                "output": {"n": 1, "paid": 7},
            }
        ]
    }
    assert called == [{"n": 1}]
    assert list(states.inspect(execution)) == ["Charge#1", "Ship#2"]
    assert states.inspect(execution, "Ship")["Ship#2"][0]["output"] == execution.output


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_after_the_fact_is_as_while_it_runs(case: Case) -> None:
    inspector = Inspector()
    watching: list[Any] = [lambda machine, setup: setup._replace(probe=inspector)]
    plain = drive(case)
    states.running.watchers.extend(watching)
    try:
        drive(case)
    finally:
        states.running.watchers.clear()
    found = states.inspect(plain)
    assert list(found) == list(inspector.attempts)
    assert dumps(found) == dumps(inspector.attempts)


def test_a_driver_is_inspected_where_it_stands() -> None:
    machine = {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 5, "Next": "B"}, "B": {"Type": "Succeed"}}}
    driver = states.start(machine, {"n": 1})
    assert list(states.inspect(driver)) == ["A#1"]
    driver.run()
    assert list(states.inspect(driver)) == ["A#1", "B#2"]


def test_an_order_and_real_time_are_inspected_too() -> None:
    for options in ({"order": 3}, {"real_time": True}, {"order": "0"}):
        execution = states.run(MACHINE, {"n": 1}, {"work": lambda event, context: 7}, seed=5, **options)  # type: ignore[arg-type]
        assert states.inspect(execution, "Ship")["Ship#2"][0]["output"] == execution.output


def test_an_input_as_its_text_is_inspected() -> None:
    execution = states.run(MACHINE, None, {"work": lambda event, context: 7}, input_text='{ "n" :  1 }')
    assert states.inspect(execution, "Charge")["Charge#1"][0]["input"] == {"n": 1}


def test_what_started_elsewhere_is_inspected_from_there() -> None:
    execution = states.run(MACHINE, {"n": 1}, {"work": lambda event, context: 7}, setup=Setup(start_at="Ship", variables={"v": 1}))
    (records,) = states.inspect(execution).values()
    assert records[0]["variables"] == {"v": 1}


def test_what_started_inside_a_branch_is_inspected_from_there() -> None:
    branch = {"StartAt": "I", "States": {"I": {"Type": "Pass", "Next": "J"}, "J": {"Type": "Succeed"}}}
    machine = {"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": [branch], "End": True}}}
    execution = states.run(machine, {"n": 1}, setup=Setup(start_at="J"))
    assert list(states.inspect(execution)) == ["J#1"]


def test_limits_hold_after_the_fact_too() -> None:
    state = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $sum([1..100000]) %}", "End": True}
    for seconds, status in ((1.0, "SUCCEEDED"), (0.0001, "FAILED")):
        execution = states.run({"StartAt": "A", "States": {"A": state}}, jsonata_seconds=seconds)
        assert execution.status == status
        assert ("output" in states.inspect(execution)["A#1"][0]) is (status == "SUCCEEDED")


def test_an_unknown_state_is_refused() -> None:
    execution = states.run(MACHINE, {"n": 1}, {"work": lambda event, context: 7})
    with pytest.raises(ValueError, match="the machine has no state 'Chrge'; did you mean \"Charge\""):
        states.inspect(execution, "Chrge")


def test_an_execution_that_nobody_drove_is_refused() -> None:
    execution = states.Execution(states.loads(MACHINE), {"n": 1})
    execution.start(at=0.0)
    with pytest.raises(ValueError, match="nobody kept what this execution received"):
        states.inspect(execution)


# ---------------------------------------------------------------- the command

NOWHERE = "states: --inspect is for the trace or --json; with --quiet or --no-trace there is nothing to show it in\n"

TASKS = "def work(event, context):\n    return 7\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "machine.asl.json").write_text(json.dumps(MACHINE))
    (tmp_path / "tasks.py").write_text(TASKS)
    return tmp_path


def test_the_trace_shows_what_is_inspected(command: Any, folder: Path) -> None:
    result = command("run", ".", "--input", '{"n": 1}', "--inspect", "Charge")
    assert result.code == 0
    assert result.err.splitlines()[1:-2] == [
        "├─ ✓ Charge  Task  work",
        '│       input           {"n": 1}',
        "│       InputPath, Parameters  unchanged",
        "│       result          7",
        "│       ResultSelector  unchanged",
        '│       ResultPath      {"n": 1, "paid": 7}   + paid',
        "│       OutputPath  unchanged",
    ]
    assert len(result.err.splitlines()) < len(command("run", ".", "--input", '{"n": 1}', "--inspect", "*").err.splitlines())
    both = command("run", ".", "--input", '{"n": 1}', "--inspect", "Charge", "--inspect", "Ship").err
    assert both == command("run", ".", "--input", '{"n": 1}', "--inspect", "*").err


def test_json_has_the_inspection_data(command: Any, folder: Path) -> None:
    told = json.loads(command("run", ".", "--input", '{"n": 1}', "--inspect", "*", "--json").out)
    assert told["status"] == "SUCCEEDED"
    assert list(told["inspectionData"]) == ["Charge#1", "Ship#2"]
    assert told["inspectionData"]["Charge#1"][0]["afterResultPath"] == {"n": 1, "paid": 7}
    assert "inspectionData" not in json.loads(command("run", ".", "--input", '{"n": 1}', "--json").out)


def test_values_and_real_time_go_with_it(command: Any, folder: Path) -> None:
    result = command("run", ".", "--input", '{"n": 1}', "--inspect", "Charge", "--values", "--real-time")
    assert "+ paid" in result.err
    assert "given   " in result.err


def test_child_executions_of_a_distributed_map_are_inspected(command: Any, folder: Path) -> None:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "P",
        "States": {
            "P": {
                "Type": "Parallel",
                "Branches": [{"StartAt": "I", "States": {"I": {"Type": "Pass", "Result": 5, "End": True}}}],
                "End": True,
            }
        },
    }
    machine = {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemsPath": "$.l", "ItemProcessor": processor, "End": True}}}
    (folder / "machine.asl.json").write_text(json.dumps(machine))
    result = command("run", ".", "--input", '{"l": [1, 2]}', "--inspect", "I")
    assert result.err.count("Result          5") == 2
    assert result.err.count("input           ") == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--inspect", "Chage"], 'states: --inspect: the machine has no state \'Chage\'; did you mean "Charge"?\n'),
        (["--inspect", "Zzz"], "states: --inspect: the machine has no state 'Zzz'; it has Charge, Ship; * is all of them\n"),
        (["--inspect", "x" * 5000], f"states: --inspect: the machine has no state {'x' * 60!r}…; it has Charge, Ship; * is all of them\n"),
        (["--inspect", "*", "--quiet"], NOWHERE),
        (["--inspect", "*", "--no-trace"], NOWHERE),
    ],
)  # fmt: skip
def test_what_cannot_be_inspected(command: Any, folder: Path, arguments: list[str], told: str) -> None:
    result = command("run", ".", *arguments)
    assert (result.code, result.out, result.err) == (2, "", told)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("ABCDEFGHIJKLM", "it has A, B, C, D, E, F, G, H, I, J, K, L, M; * is all of them"),
        ("ABCDEFGHIJKLMNOPQRSTUVW", "it has A, B, C, D, E, F, G, H, I, J, K, L and 11 more; * is all of them"),
    ],
)
def test_states_that_take_no_more_room_than_to_count_them_are_named(command: Any, folder: Path, names: str, told: str) -> None:
    passes = {name: {"Type": "Pass", "Next": following} for name, following in itertools.pairwise(names)}
    machine = {"StartAt": "A", "States": {**passes, names[-1]: {"Type": "Succeed"}}}
    (folder / "machine.asl.json").write_text(json.dumps(machine))
    result = command("run", ".", "--inspect", "Nope")
    assert (result.code, result.err) == (2, f"states: --inspect: the machine has no state 'Nope'; {told}\n")
