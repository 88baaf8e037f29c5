"""Every recorded execution replays without a difference: the history of AWS itself, and the one of our own run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import states
from tests import recorded
from tests.recorded_histories import history_of
from tests.shared import SHARED, compare, needs_shared

pytestmark = needs_shared

#: Recordings whose data was lost when they were made neutral: a placeholder stands for a time, an id or a lot in the middle of the data.
LOST = (
    "test_base_cases[BASE_PATHS]",
    "BASE_ASSIGN_FROM_INTRINSIC_FUNCTION",
    "BASE_REFERENCE_IN_INTRINSIC_FUNCTION",
    "BASE_REFERENCE_IN_WAIT",
    "test_query_context_object_values",
    "test_output_path[$$]",
    "test_math_random",
    "test_unique_id_generation.py::TestUniqueIdGeneration::test_uuid",
    "outputdecl/test_output.py::TestArgumentsBase::test_base_cases[BASE_EXPR]",
    "test_lambda_service_invoke_with_retry_extended_input",
    "test_wait_timestamp_path",
    "test_cross_account_states_start_sync_execution[SFN_START_EXECUTION_SYNC_ROLE_ARN_INTRINSIC]",
    "test_cross_account_states_start_sync_execution[SFN_START_EXECUTION_SYNC_ROLE_ARN_JSONATA]",
    "test_cross_account_states_start_sync_execution[SFN_START_EXECUTION_SYNC_ROLE_ARN_PATH]",
)


def cases(**wanted: Any) -> Iterator[dict[str, Any]]:
    if SHARED.is_dir():
        yield from compare().load_cases(str(SHARED / "conformance" / "cases"), kind="execution", **wanted)


def whole(case: dict[str, Any]) -> bool:
    """Whether the recording has a history whose events keep their ids and data."""
    return bool(case["expected"].get("history")) and not case.get("snapshot_flattening") and not any(lost in case["id"] for lost in LOST)


AWS = [case for case in cases() if whole(case)]
OWN = list(cases(pure=True))


def test_few_recordings_are_left_out() -> None:
    with_history = [case for case in cases() if case["expected"].get("history") and not case.get("snapshot_flattening")]
    assert len(with_history) - len(AWS) <= 24
    assert len(AWS) >= 345


def is_running(case: dict[str, Any]) -> bool:
    return bool(case["expected"].get("status") == "RUNNING")


@pytest.mark.parametrize("case", AWS, ids=lambda case: case["id"])
def test_the_history_of_aws_replays(case: dict[str, Any]) -> None:
    machine = states.loads(case["definition"], type=case["type"])
    found = states.replay(machine, history_of(case), execution=case["execution_arn"], is_partial=is_running(case))
    assert found.difference is None
    assert found.status == case["expected"]["status"]
    assert found.compared > 1


@pytest.mark.parametrize("case", OWN, ids=lambda case: case["id"])
def test_our_own_history_replays(case: dict[str, Any]) -> None:
    execution = recorded.drive(case).execution
    text = execution.history.to_json()
    found = states.replay(execution.machine, text, execution=execution.names.execution_arn, is_partial=is_running(case))
    assert found.difference is None
    assert found.events == len(execution.history)
    assert not states.diff(text, text)


@pytest.mark.parametrize("case", [case for case in AWS if "DistributedMap" in case["features"]], ids=lambda case: case["id"])
def test_what_a_distributed_map_gave_is_told_to_be_assumed(case: dict[str, Any]) -> None:
    events = history_of(case)
    found = states.replay(case_machine(case), events, execution=case["execution_arn"])
    has_run = any(event["type"] == "MapRunSucceeded" for event in events)
    had_items = not any(event.get("mapStateStartedEventDetails", {}).get("length") == 0 for event in events) or "s3" in case["services"]
    assert any("child executions" in told for told in found.assumptions) is (has_run and had_items)


def case_machine(case: dict[str, Any]) -> states.Machine:
    return states.loads(case["definition"], type=case["type"])


@pytest.mark.parametrize("case", [case for case in cases() if case["expected"].get("logged_execution_events")], ids=lambda case: case["id"])
def test_log_lines_replay_where_they_hold_the_data(case: dict[str, Any]) -> None:
    lines = json.loads(json.dumps(case["expected"]["logged_execution_events"]))
    for line in lines:
        line["execution_arn"] = case["execution_arn"]
    text = "\n".join(map(json.dumps, lines))
    if not case["logging_configuration"]["includeExecutionData"]:
        with pytest.raises(states.InvalidHistory, match="includeExecutionData"):
            states.replay(case_machine(case), text)
        return
    assert states.replay(case_machine(case), text).same
