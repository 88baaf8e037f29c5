"""Recorded executions of AWS that failed: what `why` names for each was read off the recording by eye, and stands in the table."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from states import definition
from states.findings.finding import Finding
from states.findings.why import why
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
GROUPS = ("error_handling", "scenarios", "timeouts")


class Told(NamedTuple):
    """State, event, what its line in the definition begins with, what was seen, and the verdicts on retriers and catchers."""

    state: str
    event_id: int
    line: str
    seen: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()


BAD_ITEMS = Told("MapIterateState", 3, '"Items": ')


def variable(text: str) -> Told:
    return Told("MapIterateState", 5, '"Items": "{% $ItemsVar %}"', (f"$ItemsVar is {text}",))


def percentage(text: str) -> Told:
    return Told("MapState", 4, '"ToleratedFailurePercentagePath": ', (f"$.ToleratedFailurePercentage is {text}",))


def concurrency(text: str) -> Told:
    return Told("MapState", 3, '"MaxConcurrencyPath": ', (f"$.MaxConcurrencyValue is {text}",))


SAMPLES = {"boolean": "true", "null": "null", "number": "1, a number", "object": '{"foo": "bar"}', "string": '"string", a string'}
BAD_DATE = Told("WaitUntil", 3, '"TimestampPath": ', ('$.TimestampValue is "timestamp", a string',))  # the recorder took the value out

TABLE: dict[str, Told] = {
    "TestAwsSdk::test_dynamodb_invalid_param": Told("PutItem", 5, '"PutItem": {'),
    "TestAwsSdk::test_dynamodb_put_item_no_such_table": Told("PutItem", 5, '"PutItem": {'),
    "TestTaskServiceDynamoDB::test_put_item_invalid_table_name": Told("PutItem", 5, '"PutItem": {'),
    "TestStatesErrors::test_start_large_input": Told("State_1", 3, '"Result": {'),
    "TestTaskLambda::test_no_such_function": Told("Start", 5, '"Start": {', (), ("no match",)),
    "TestTaskLambda::test_raise_exception": Told("Start", 5, '"Start": {', (), ("no match",)),
    "TestTaskServiceLambda::test_raise_exception": Told("Start", 5, '"Start": {', (), ("no match",)),
    "TestBaseScenarios::test_fail_cause_jsonata": Told("FailState", 2, '"FailState": {'),
    "TestBaseScenarios::test_fail_error_jsonata": Told("FailState", 2, '"FailState": {'),
    "TestBaseScenarios::test_lambda_empty_retry": Told("LambdaTask", 5, '"LambdaTask": {'),
    "TestBaseScenarios::test_retry_interval_features": Told("LambdaTask", 11, '"LambdaTask": {', (), ("used up",)),
    "TestBaseScenarios::test_map_item_reader_csv_headers_decl_duplicate_headers": Told("MapState", 5, '"CSVHeaders": ['),
    "TestBaseScenarios::test_map_state_break_condition": Told("Break", 33, '"Break": {', ("$ is 3, a number",)),
    "TestBaseScenarios::test_map_state_break_condition_legacy": Told("Break", 33, '"Break": {', ("$ is 3, a number",)),
    "TestBaseScenarios::test_map_state_catch_empty_fail": Told("HandleItemFail", 7, '"HandleItemFail": {', (), ("no match", "no match")),
    "TestBaseScenarios::test_map_state_retry_legacy": Told("HandleItemFail", 15, '"HandleItemFail": {', (), ("used up",)),
    "TestBaseScenarios::test_parallel_state_fail": Told("Branch1", 4, '"Branch1": {'),
    "TestBaseScenarios::test_parallel_state_retry": Told("Branch1", 8, '"Branch1": {', (), ("used up",)),
    **{f"TestBaseScenarios::test_map_state_items_eval_jsonata_fail[{kind}]": BAD_ITEMS for kind in (*SAMPLES, "function")},
    **{f"TestBaseScenarios::test_map_state_items_eval_jsonata_variable_sampling_fail[{k}]": variable(t) for k, t in SAMPLES.items()},
    **{f"TestBaseScenarios::test_map_state_items_variable_sampling[{kind}]": variable(text) for kind, text in SAMPLES.items()},
    "TestBaseScenarios::test_map_state_tolerated_failure_percentage_path[-1.1]": percentage("-1.1, a number"),
    "TestBaseScenarios::test_map_state_tolerated_failure_percentage_path[-1]": percentage("-1, a number"),
    "TestBaseScenarios::test_map_state_tolerated_failure_percentage_path[100.1]": percentage("100.1, a number"),
    "TestBaseScenarios::test_map_state_tolerated_failure_percentage_path[NoNumber]": percentage('"NoNumber", a string'),
    "TestBaseScenarios::test_map_state_tolerated_failure_percentage_path[tolerated_failure_percentage_value0]": percentage("{}"),
    "TestBaseScenarios::test_max_concurrency_path[NoNumber]": concurrency('"NoNumber", a string'),
    "TestBaseScenarios::test_max_concurrency_path[max_concurrency_value0]": concurrency("{}"),
    **{f"TestBaseScenarios::test_wait_timestamp_path[{form}]": BAD_DATE for form in ("INVALID_DATE", "INVALID_ISO", "INVALID_TIME")},
    **{f"TestBaseScenarios::test_wait_timestamp_path[{form}]": BAD_DATE for form in ("NO_T", "NO_Z")},
    "TestHeartbeats::test_heartbeat_path_timeout": Told(
        "SendMessageWithWait", 6, '"HeartbeatSecondsPath": ', ("$.HeartbeatSecondsPath is 5, a number",)
    ),
    "TestHeartbeats::test_heartbeat_timeout": Told("SendMessageWithWait", 6, '"HeartbeatSeconds": 5'),
    "TestTimeouts::test_fixed_timeout_lambda": Told("Start", 5, '"TimeoutSeconds": 5'),
    "TestTimeouts::test_fixed_timeout_service_lambda": Told("Start", 5, '"TimeoutSeconds": 5'),
}

#: Executions that succeeded, the state whose failure a catcher took, its error, and the event.
CAUGHT = {
    "TestAwsSdk::test_invalid_secret_name": ("CreateSecret", "SecretsManager.SecretsManagerException", 5),
    "TestTaskServiceSqs::test_send_message_empty_body": ("Start", "SQS.AmazonSQSException", 5),
    "TestTaskServiceLambda::test_no_such_function_catch": ("Start", "Lambda.ResourceNotFoundException", 5),
    "TestTaskServiceLambda::test_raise_custom_exception": ("InvokeLambda", "CustomException", 5),
    "TestTaskServiceLambda::test_raise_exception_catch": ("Start", "Exception", 5),
    "TestTaskServiceLambda::test_raise_exception_catch_output_path[None]": ("InvokeLambda", "Exception", 5),
    "TestTaskServiceLambda::test_raise_exception_catch_output_path[$.Payload]": ("InvokeLambda", "Exception", 5),
    "TestTaskServiceLambda::test_raise_exception_catch_output_path[$.no.such.path]": ("InvokeLambda", "Exception", 5),
    "TestStatesErrors::test_service_task_lambada_data_limit_exceeded_on_large_utf8_response": (
        "InvokeLambda", "States.DataLimitExceeded", 5),
    "TestStatesErrors::test_task_lambda_catch_state_all_data_limit_exceeded_on_large_utf8_response": (
        "InvokeLambda", "States.DataLimitExceeded", 5),
    "TestStatesErrors::test_task_lambda_data_limit_exceeded_on_large_utf8_response": ("InvokeLambda", "States.DataLimitExceeded", 5),
    "TestBaseScenarios::test_lambda_invoke_with_retry_base": ("InvokeLambdaWithRetry", "Exception", 14),
    "TestBaseScenarios::test_lambda_service_invoke_with_retry_extended_input": ("InvokeLambdaWithRetry", "Exception", 14),
}  # fmt: skip


class Case(NamedTuple):
    name: str
    text: str
    status: str
    error: str | None
    cause: str | None
    events: list[dict[str, Any]]

    def finding(self, *, with_machine: bool = True) -> Finding:
        return why(self.events, definition.loads(self.text, source="order.asl.json") if with_machine else None)


def recorded() -> dict[str, Case]:
    found = {}
    for group in GROUPS:
        for line in (SHARED / "conformance" / "cases" / f"{group}.jsonl").read_text().splitlines() if SHARED.is_dir() else ():
            case = json.loads(line)
            expected = case["expected"] if case["kind"] == "execution" else {}
            if not expected.get("history") or case.get("snapshot_flattening"):
                continue
            events = [{**event, "timestamp": event["id"]} for event in expected["history"]]
            name = case["id"].partition("::")[2]
            text = json.dumps(json.loads(case["definition"]), indent=2)
            found[name] = Case(name, text, expected["status"], expected.get("error"), expected.get("cause"), events)
    return found


CASES = recorded()
FAILED = [name for name, case in CASES.items() if case.status != "SUCCEEDED"]


def test_the_table_holds_every_failed_case() -> None:
    assert sorted(TABLE) == sorted(FAILED)


@pytest.mark.parametrize("name", FAILED)
def test_names_state_line_and_cause(name: str) -> None:
    case, told = CASES[name], TABLE[name]
    found = case.finding()
    assert (found.status, found.error, found.cause) == (case.status, case.error, case.cause)
    assert (found.state, found.event_id) == (told.state, told.event_id)
    assert found.line is not None
    assert case.text.splitlines()[found.line - 1].strip().startswith(told.line)
    assert tuple(seen.text for seen in found.seen) == told.seen
    assert tuple(handler.verdict for handler in found.reasons) == told.verdicts


@pytest.mark.parametrize("name", FAILED)
def test_without_the_machine_it_names_the_same_state_and_event(name: str) -> None:
    case, told = CASES[name], TABLE[name]
    found = case.finding(with_machine=False)
    assert (found.state, found.event_id, found.error, found.cause) == (told.state, told.event_id, case.error, case.cause)
    assert (found.line, found.reasons) == (None, ())


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.status == "SUCCEEDED"])
def test_a_success_names_what_was_caught(name: str) -> None:
    found = CASES[name].finding()
    assert found.status == "SUCCEEDED"
    assert [(each.state, each.error, each.event_id) for each in found.caught] == ([CAUGHT[name]] if name in CAUGHT else [])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("TestBaseScenarios::test_map_state_catch_empty_fail", "State.ALL is no error of the States Language; did you mean States.ALL?"),
        ("TestBaseScenarios::test_map_state_retry_legacy", "used up, 2 retries of MaxAttempts 2"),
        ("TestTaskLambda::test_raise_exception", "another error"),
    ],
)
def test_says_why_a_handler_did_not_take_it(name: str, words: str) -> None:
    assert words in [handler.reason for handler in CASES[name].finding().reasons]


def test_names_the_line_of_the_function() -> None:
    frame = CASES["TestTaskLambda::test_raise_exception"].finding().frame
    assert frame is not None
    assert (frame.file, frame.line, frame.function) == ("/var/task/handler.py", 2, "handler")
