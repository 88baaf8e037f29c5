"""Every recorded execution comes to the same again from the mocks that are made of it, through the files that are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import states
from states.language.values import equal
from states.mocking.made import Mocks
from states.testing import Bench
from states.testing.scenarios import load, play
from tests import recorded
from tests.histories.test_recordings import cases, is_running, whole
from tests.recorded_histories import history_of
from tests.shared import needs_shared

pytestmark = needs_shared

#: What is not as recorded, and why.
LEFT_OUT = {
    "test_timestamp_too_far_in_future_boundary[24855]": "its Wait counts from a time of the recording that was taken out of it",
}


def is_in(case: dict[str, Any]) -> bool:
    return whole(case) and not any(name in case["id"] for name in LEFT_OUT)


AWS = [case for case in cases() if is_in(case)]
OWN = list(cases(pure=True))
PURE = {case["id"] for case in OWN}


def test_few_recordings_are_left_out() -> None:
    assert len([case for case in cases() if whole(case)]) - len(AWS) == len(LEFT_OUT)
    assert len([case for case in AWS if case["id"] in PURE]) > 250


def made_of(case: dict[str, Any], history: Any, arn: str) -> Mocks:
    machine = states.loads(case["definition"], type=case["type"])
    return states.mocks_of(history, machine=machine, names=["it"], execution=arn, is_partial=is_running(case))


def played(folder: Path, case: dict[str, Any], text: str, ending: str) -> Any:
    """What comes of the file that is written."""
    (folder / "machine.asl.json").write_text(case["definition"])
    path = folder / f"it.scenario.{ending}"
    path.write_text(text)
    [scenario] = load(path)
    return play(scenario)


@pytest.mark.parametrize("case", AWS, ids=lambda case: case["id"])
def test_the_history_of_aws_comes_to_the_same(case: dict[str, Any], tmp_path: Path) -> None:
    made = made_of(case, history_of(case), case["execution_arn"])
    assert made.differences == []
    outcome = played(tmp_path, case, made.to_yaml(), "yaml")
    assert [str(one) for one in outcome.mismatches] == []
    assert outcome.run is not None
    assert outcome.run.status == case["expected"]["status"]


@pytest.mark.parametrize("case", OWN, ids=lambda case: case["id"])
def test_our_own_history_comes_to_the_same(case: dict[str, Any], tmp_path: Path) -> None:
    execution = recorded.drive(case).execution
    made = made_of(case, execution.history.to_json(), execution.names.execution_arn)
    assert made.differences == []
    outcome = played(tmp_path, case, made.to_json(), "json")
    assert [str(one) for one in outcome.mismatches] == []
    assert equal(outcome.run.output, execution.output)
    assert (outcome.run.error, outcome.run.cause) == (execution.error, execution.cause)


@pytest.mark.parametrize("case", [case for case in AWS if case["id"] in PURE], ids=lambda case: case["id"])
def test_a_mock_config_comes_to_the_same(case: dict[str, Any]) -> None:
    made = made_of(case, history_of(case), case["execution_arn"])
    config, notes = made.mock_config("Machine")
    [one] = made.cases
    bench = Bench(made.machine, [], validation="NONE")
    if any("mocked as a whole" in note for note in notes):
        assert any(event["type"] == "MapRunStarted" for event in case["expected"]["history"])
        return
    if one.during:
        return  # somebody stopped it
    run = bench.mock_config(config, "it", "Machine").run(one.input, **one.options)
    assert (run.status, list(run.path), run.error) == (one.expect["status"], one.expect["path"], one.expect.get("error"))
    assert equal(run.output, one.expect.get("output", run.output))
