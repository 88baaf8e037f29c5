"""Mocked results against the API models of botocore: every type of field, every mode, and the names that Step Functions gives fields."""

from __future__ import annotations

from typing import Any

import pytest

from states.testing import check_result, service_models
from states.testing.service_models import OPTIMIZED, SDK, SYNC_RESULTS, result_shape

pytest.importorskip("botocore")

OK: tuple[str, ...] = ()
ARN = "arn:aws:states:us-east-1:111122223333:execution:M:e"
EXECUTION = {"ExecutionArn": ARN, "StateMachineArn": "arn:aws:states:us-east-1:111122223333:stateMachine:M", "Status": "SUCCEEDED"}

#: Resource after `arn:aws:states:::`, result, faults in PRESENT.
CHECKS: list[tuple[str, Any, tuple[str, ...]]] = [
    # types
    ("lambda:invoke", {"StatusCode": "200"}, ("Field 'StatusCode' must be a number",)),
    ("lambda:invoke", {"StatusCode": True}, ("Field 'StatusCode' must be a number",)),
    ("lambda:invoke", {"StatusCode": 200, "Payload": {"any": ["thing"]}}, OK),
    ("lambda:invoke", {"Payload": None, "ExecutedVersion": 1}, ("Field 'ExecutedVersion' must be a string",)),
    ("lambda:invoke", [], ("Mock result must be an object",)),
    ("aws-sdk:lambda:invoke", {"Payload": {"any": "thing"}}, ("Field 'Payload' must be a string",)),
    ("dynamodb:getItem", {"Item": {"id": {"S": 5}}}, ("Field 'S' must be a string",)),
    ("dynamodb:getItem", {"Item": {"id": {"SS": "x"}}}, ("Field 'SS' must be an array",)),
    ("dynamodb:getItem", {"Item": {"id": {"BOOL": "x"}}}, ("Field 'BOOL' must be a boolean",)),
    ("dynamodb:getItem", {"Item": {"id": {"L": [{"M": {"n": {"N": 1}}}]}}}, ("Field 'N' must be a string",)),
    ("dynamodb:getItem", {"Item": {"id": "x"}}, ("Field 'id' must be an object",)),
    ("dynamodb:getItem", {"Item": []}, ("Field 'Item' must be an object",)),
    ("dynamodb:getItem", {"Item": {"id": {"S": "x"}}, "ConsumedCapacity": {"CapacityUnits": 0.5}}, OK),
    ("events:putEvents", {"Entries": [{"EventId": "a"}, {"EventId": 1}]}, ("Field 'EventId' must be a string",)),
    ("events:putEvents", {"Entries": ["a"]}, ("Field 'Entries' must be an object",)),
    (
        "events:putEvents",
        {"FailedEntryCount": "0", "Entries": {}},
        ("Field 'FailedEntryCount' must be a number", "Field 'Entries' must be an array"),
    ),
    ("states:startExecution", {"StartDate": 1.5}, ("Field 'StartDate' must be a string",)),
    # bounds
    ("states:startExecution", {"ExecutionArn": ""}, ("Field 'ExecutionArn' is smaller than the minimum length",)),
    ("states:startExecution", {"ExecutionArn": "x" * 257}, ("Field 'ExecutionArn' exceeds the maximum length",)),
    ("states:startExecution", {"ExecutionArn": "x" * 256}, OK),
    ("aws-sdk:kms:encrypt", {"CiphertextBlob": ""}, ("Field 'CiphertextBlob' is smaller than the minimum length",)),
    ("aws-sdk:kms:encrypt", {"CiphertextBlob": "eA=="}, OK),
    ("aws-sdk:kms:encrypt", {"CiphertextBlob": "x" * 9000}, ("Field 'CiphertextBlob' exceeds the maximum length",)),
    ("aws-sdk:kms:encrypt", {"EncryptionAlgorithm": "ROT13"}, ("Field 'EncryptionAlgorithm' is not an expected value",)),
    ("aws-sdk:lambda:getFunction", {"Configuration": {"Timeout": 0}}, ("Field 'Timeout' is less than the minimum value",)),
    ("aws-sdk:lambda:getFunction", {"Configuration": {"MemorySize": 10_240}}, OK),
    ("aws-sdk:lambda:getFunction", {"Configuration": {"MemorySize": 10_241}}, ("Field 'MemorySize' exceeds the maximum value",)),
    # names
    ("sqs:sendMessage", {"MD5OfMessageBody": 1}, ("Field 'MD5OfMessageBody' must be a string",)),
    ("aws-sdk:rds:describeDBInstances", {"DbInstances": [{"DbInstanceIdentifier": 1}]}, ("Field 'DbInstanceIdentifier' must be a string",)),
    ("aws-sdk:s3:getObject", {"ETag": 1, "SsekmsKeyId": 1}, ("Field 'ETag' must be a string", "Field 'SsekmsKeyId' must be a string")),
    ("aws-sdk:s3:listObjectsV2", {"KeyCount": "1"}, ("Field 'KeyCount' must be a number",)),
    ("aws-sdk:eventbridge:putEvents", {"Entries": 1}, ("Field 'Entries' must be an array",)),
    ("aws-sdk:cloudwatchlogs:describeLogGroups", {"LogGroups": 1}, ("Field 'LogGroups' must be an array",)),
    ("aws-sdk:ecs:runTask", {"Tasks": 1, "tasks": 1}, ("Field 'Tasks' must be an array",)),
    # what the API does not have
    ("events:putEvents", {"random": 1, "SdkHttpMetadata": {"HttpStatusCode": 200}}, OK),
    # what a job ends with
    ("states:startExecution.sync", {"Status": "DONE"}, ("Field 'Status' is not an expected value",)),
    ("states:startExecution.sync", {"StartDate": 1700000000000, "Output": {"a": 1}}, ("Field 'Output' must be a string",)),
    ("states:startExecution.sync:2", {"StartDate": 1700000000000, "Output": {"a": 1}}, OK),
    ("glue:startJobRun.sync", {"JobRunState": "SUCCEEDED", "Attempt": "1"}, ("Field 'Attempt' must be a number",)),
    ("ecs:runTask.sync", {"Containers": {}}, ("Field 'Containers' must be an array",)),
]


@pytest.mark.parametrize(("resource", "value", "faults"), CHECKS)
def test_what_is_there_is_checked(resource: str, value: Any, faults: tuple[str, ...]) -> None:
    checked = check_result(f"arn:aws:states:::{resource}", value, "PRESENT")
    assert checked == (faults, None)
    strict = check_result(f"arn:aws:states:::{resource}", value)
    assert tuple(fault for fault in strict.faults if not fault.endswith("is missing")) == faults
    assert check_result(f"arn:aws:states:::{resource}", value, "NONE") == ((), "the mode is NONE")


@pytest.mark.parametrize(
    ("resource", "value", "missing"),
    [
        ("states:startExecution", {}, ["ExecutionArn", "StartDate"]),
        ("states:startExecution", {"ExecutionArn": ARN}, ["StartDate"]),
        ("aws-sdk:sfn:startExecution", {"ExecutionArn": ARN, "StartDate": "2026-01-01T00:00:00Z"}, []),
        ("states:startExecution.sync", EXECUTION, ["StartDate"]),
        ("events:putEvents", {}, []),
    ],
)
def test_strict_asks_for_what_is_required(resource: str, value: Any, missing: list[str]) -> None:
    faults = check_result(f"arn:aws:states:::{resource}", value, "STRICT").faults
    assert list(faults) == [f"Required field '{field}' is missing" for field in missing]


UNCHECKED = [
    ("arn:aws:lambda:us-east-1:111122223333:function:f", "has no API model"),
    ("arn:aws:states:us-east-1:111122223333:activity:a", "has no API model"),
    ("arn:aws:states:::apigateway:invoke", "has no API model"),
    ("arn:aws:states:::http:invoke", "has no API model"),
    ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "is what somebody sends"),
    ("arn:aws:states:::aws-sdk:nosuch:thing", "botocore has no service 'nosuch'"),
    ("arn:aws:states:::aws-sdk:s3:noSuch", "botocore has no noSuch of 's3'"),
    ("arn:aws:states:::aws-sdk:sqs:deleteMessage", "deleteMessage answers nothing"),
    ("arn:aws:states:::emr-serverless:startJobRun.sync", "is not modelled here"),
]


@pytest.mark.parametrize(("resource", "why"), UNCHECKED)
def test_what_has_no_model_is_not_checked_and_says_so(resource: str, why: str) -> None:
    faults, unchecked = check_result(resource, "anything")
    assert faults == ()
    assert unchecked is not None
    assert why in unchecked


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="mode is STRICT, PRESENT, NONE, not 'strict'"):
        check_result("arn:aws:states:::events:putEvents", {}, "strict")


@pytest.mark.parametrize("name", [*OPTIMIZED.values(), *SDK.values()])
def test_every_named_service_has_a_model(name: str) -> None:
    assert service_models._model(name) is not None


@pytest.mark.parametrize("job", SYNC_RESULTS)
def test_every_named_job_has_a_structure(job: str) -> None:
    shape, _ = result_shape(f"arn:aws:states:::{job}.sync")
    assert shape.name == SYNC_RESULTS[job]


def test_every_type_of_shape_is_known() -> None:
    """Of the services that people mock, every output can be checked."""
    for service in ("s3", "ec2", "dynamodb", "lambda", "stepfunctions", "ecs", "glue", "sagemaker", "iam", "bedrock-runtime"):
        model = service_models._model(service)
        kinds = {model.shape_for(name).type_name for name in model.shape_names}
        assert kinds <= set(service_models.TYPES), service
