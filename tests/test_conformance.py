"""Every recorded pure execution: status, output, error, cause and the whole history, event by event.

Each recording runs straight, and is rebuilt by replay after each single completion (the same history).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from states.interpreter.execution import Execution
from tests import recorded
from tests.shared import SHARED, compare, needs_shared

pytestmark = needs_shared

#: Recordings that do not agree, with the reason.
DIFFERENT: dict[str, str] = {}


def cases() -> Iterator[dict[str, Any]]:
    if SHARED.is_dir():
        yield from compare().load_cases(str(SHARED / "conformance" / "cases"), kind="execution", pure=True)


CASES = list(cases())


@pytest.mark.parametrize(("feature", "least"), [("JSONata", 90), ("Assign", 40), ("Map", 50)])
def test_there_are_recordings_of_each_language(feature: str, least: int) -> None:
    assert sum(feature in case["features"] for case in CASES) >= least


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_agrees_with_the_recording(case: dict[str, Any]) -> None:
    if case["id"] in DIFFERENT:
        pytest.skip(DIFFERENT[case["id"]])
    assert compare().compare_result(case, recorded.run(case), "history-full") == []


@pytest.mark.parametrize("case", [c for c in CASES if c["group"] != "choice_operators"], ids=lambda case: case["id"])
def test_replay_gives_the_same_history_after_every_completion(case: dict[str, Any]) -> None:
    driver = recorded.drive(case)
    execution, received = driver.execution, driver.received
    settings = {"names": execution.names, "input_text": case["input"], "type": execution.type}
    rebuilt = Execution.replay(execution.machine, json.loads(case["input"]), received, at=execution.started_at, **settings)
    assert rebuilt.history == execution.history
    assert (rebuilt.status, rebuilt.output, rebuilt.error, rebuilt.cause) == (
        execution.status,
        execution.output,
        execution.error,
        execution.cause,
    )
    for count in range(len(received)):
        part = Execution.replay(execution.machine, json.loads(case["input"]), received[:count], at=execution.started_at, **settings)
        assert list(part.history) == list(execution.history)[: len(part.history)]
