"""A Pass state's way: who wants to understand it reads few files, and the machine takes few steps."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import states
from states.interpreter.execution import Execution

PACKAGE = Path(states.__file__).parent
PASS = {"Type": "Pass", "InputPath": "$.a", "Parameters": {"a": {"c.$": "$.c"}}, "ResultPath": "$.d", "OutputPath": "$.d"}
INPUT = {"a": {"c": 1}}

MOST_FILES, MOST_FUNCTIONS, MOST_CALLS = 7, 30, 60


def calls(machine: states.Machine, value: Any) -> Counter[tuple[str, str]]:
    """(file, function) of the package -> how often it is entered while the machine runs."""
    found: Counter[tuple[str, str]] = Counter()

    def entered(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(str(PACKAGE)):
            place = Path(frame.f_code.co_filename).relative_to(PACKAGE).as_posix()
            found[place, frame.f_code.co_qualname] += 1

    execution = Execution(machine, value)
    sys.setprofile(entered)
    try:
        execution.start(at=0.0)
    finally:
        sys.setprofile(None)
    assert execution.status == "SUCCEEDED", execution.cause
    return found


def way(state: dict[str, Any], value: Any) -> Counter[tuple[str, str]]:
    """What a second such state in a row adds to the execution."""
    one = {"StartAt": "A", "States": {"A": {**state, "End": True}}}
    two = {"StartAt": "A", "States": {"A": {**state, "Next": "B"}, "B": {**state, "End": True}}}
    return calls(states.loads(two), value) - calls(states.loads(one), value)


def test_the_whole_execution_of_a_pass_state_enters_few_files() -> None:
    machine = states.loads({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    states.run(machine, {})
    found = calls(machine, {"a": 1})
    assert len({place for place, _ in found}) <= MOST_FILES
    assert len(found) <= MOST_FUNCTIONS
    assert found.total() <= MOST_CALLS


def test_a_plain_pass_state_is_a_handful_of_calls() -> None:
    found = way({"Type": "Pass"}, {"a": 1})
    assert len({place for place, _ in found}) <= 5
    assert found.total() <= 12, found


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"Result": 1, "ResultPath": "$.x"}, {}),
        ({"Parameters": {"a.$": "$.a"}}, {"a": 1}),
        ({"InputPath": "$.a", "ResultPath": "$.a"}, {"a": 1}),
        ({"InputPath": "$.a", "OutputPath": "$.a"}, {"a": {"a": {"a": {"a": 1}}}}),
    ],
)
def test_a_pass_state_with_ordinary_fields_stays_within_bounds(fields: dict[str, Any], value: Any) -> None:
    found = way({"Type": "Pass", **fields}, value)
    assert len({place for place, _ in found}) <= MOST_FILES, found
    assert len(found) <= MOST_FUNCTIONS
    assert found.total() <= MOST_CALLS


def test_a_pass_state_with_every_field_takes_two_files_more() -> None:
    """Reading paths, writing paths, templates and JSON have a file each."""
    found = way(PASS, INPUT)
    assert len({place for place, _ in found}) <= MOST_FILES + 2, found
    assert len(found) <= MOST_FUNCTIONS
    assert found.total() <= MOST_CALLS
