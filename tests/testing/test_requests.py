"""Requests of mocked tasks, names of services, operations and errors against API models; recordings against false alarms."""

from __future__ import annotations

import json
import re
import warnings
from typing import Any

import pytest

import states
from states.interpreter.resources import parse_resource
from states.testing import (
    Bench,
    InvalidMockConfig,
    MockError,
    UnknownServiceError,
    check_request,
    error,
    never,
    response,
    result,
    service_models,
)
from states.testing.known_calls import call_fault, error_doubt
from states.testing.service_models import NO_BOTOCORE
from tests.shared import SHARED, compare, needs_shared

pytest.importorskip("botocore")

OK: tuple[str, ...] = ()
ITEM = {"TableName": "t", "Item": {"id": {"S": "1"}}}
SQS = {"QueueUrl": "https://q", "MessageBody": "b"}
DB = "aws-sdk:dynamodb:putItem"


def item(value: Any) -> dict[str, Any]:
    return {"TableName": "t", "Item": {"id": value}}


#: Resource after `arn:aws:states:::`, request, faults.
REQUESTS: list[tuple[str, Any, tuple[str, ...]]] = [
    # fields that are not there
    ("aws-sdk:s3:getObject", {"Bucket": "b", "Key": "k"}, OK),
    ("aws-sdk:s3:getObject", {"bucket": "b", "Key": "k"}, ('bucket is no field of it; did you mean "Bucket"?',)),
    (
        "aws-sdk:s3:getObject",
        {"Buckett": "b", "Key": "k"},
        ('Buckett is no field of it; did you mean "Bucket"?',),
    ),
    (
        "aws-sdk:s3:getObject",
        {"Bucket": "b", "Key": "k", "Qqqq": 1},
        ("Qqqq is no field of it; there is",),
    ),
    ("aws-sdk:sts:getCallerIdentity", {}, OK),
    ("aws-sdk:sts:getCallerIdentity", {"A": 1}, ("A is no field; expected none",)),
    ("aws-sdk:ec2:describeSnapshots", {"Filter": []}, ('Filter is no field of it; did you mean "Filters"?',)),
    (
        "aws-sdk:batch:submitJob",
        {"JobName": "j", "JobQueue": "q", "JobDefinition": "d", "RetryStrategy": {"EvaluateOnExit": [{"action": "RETRY"}]}},
        ('RetryStrategy.EvaluateOnExit[0].action is no field of it; did you mean "Action"?',),
    ),
    ("lambda:invoke", {"FunctionName": "f", "Payloadd": 1}, ('Payloadd is no field of it; did you mean "Payload"?',)),
    (
        "lambda:invoke.waitForTaskToken",
        {"FunctionName": "f", "TaskToken": "t"},
        ("TaskToken is no field of it; there is",),
    ),
    ("ecs:runTask.sync", {"TaskDefinition": "t", "Clustr": "c"}, ('Clustr is no field of it; did you mean "Cluster"?',)),
    (
        "glue:startJobRun.sync",
        {"Name": "j"},
        (
            "Name is no field of it; there is",
            "JobName is missing, and is required",
        ),
    ),
    # required ones
    ("aws-sdk:s3:getObject", {"Bucket": "b"}, ("Key is missing, and is required",)),
    ("aws-sdk:s3:getObject", {"Bucket": "b", "Key": None}, ("Key is null, and is required",)),
    ("lambda:invoke", {"Payload": {}}, ("FunctionName is missing, and is required",)),
    ("sqs:sendMessage.waitForTaskToken", {"MessageBody": {}}, ("QueueUrl is missing, and is required",)),
    ("athena:startQueryExecution.sync", {"QueryString": "SELECT 1"}, OK),  # the token of it is filled in
    ("states:startExecution.sync:2", {"Input": {}}, ("StateMachineArn is missing, and is required",)),
    ("batch:submitJob.sync", {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}, OK),
    ("aws-sdk:glacier:listVaults", {}, OK),
    ("emr-serverless:startJobRun", {"ApplicationId": "a", "ExecutionRoleArn": "r"}, OK),  # so is this one, though required
    ("aws-sdk:dynamodb:query", {"TableName": "t", "Limit": None}, OK),
    # types
    ("aws-sdk:s3:getObject", {"Bucket": 5, "Key": "k"}, ("Bucket is a number; expected a string",)),
    ("aws-sdk:s3:getObject", {"Bucket": ["b"], "Key": "k"}, ("Bucket is an array; expected a string",)),
    ("aws-sdk:s3:listObjectsV2", {"Bucket": "b", "MaxKeys": "many"}, ("MaxKeys is a string; expected a number",)),
    ("aws-sdk:s3:listObjectsV2", {"Bucket": "b", "MaxKeys": True}, ("MaxKeys is a boolean; expected a number",)),
    ("aws-sdk:s3:listObjectsV2", {"Bucket": "b", "MaxKeys": "10", "FetchOwner": "true"}, OK),
    (
        "aws-sdk:s3:listObjectsV2",
        {"Bucket": "b", "MaxKeys": "${Most}", "FetchOwner": "yes"},
        ("FetchOwner is a string; expected a boolean",),
    ),
    ("aws-sdk:s3:getObject", {"Bucket": "b", "Key": "k", "IfModifiedSince": {}}, ("IfModifiedSince is an object; expected a timestamp",)),
    ("aws-sdk:s3:getObject", {"Bucket": "b", "Key": "k", "IfModifiedSince": "2026-01-01T00:00:00Z"}, OK),
    ("aws-sdk:s3:putObject", {"Bucket": "b", "Key": "k", "Body": {"any": 1}}, OK),
    (DB, item({"S": "x"}), OK),
    (DB, item("x"), ("Item.id is a string; expected an object",)),
    (DB, item({"S": 5}), ("Item.id.S is a number; expected a string",)),
    (DB, item({"s": "x"}), ('Item.id.s is no field of it; did you mean "S"?',)),
    (DB, item({"L": [{"M": {"n": {"N": 1}}}]}), ("Item.id.L[0].M.n.N is a number; expected a string",)),
    (DB, item({"Bool": True}), OK),
    (DB, item({"BOOL": True}), OK),
    (DB, item({"Nul": True}), OK),
    (DB, {"TableName": "t", "Item": []}, ("Item is an array; expected an object",)),
    (DB, [], ("the request is an array; expected an object",)),
    ("dynamodb:putItem", item({"S": "x"}), OK),
    ("dynamodb:putItem", item("x"), OK),  # as published samples of AWS have it
    ("dynamodb:putItem", item(5), ("Item.id is a number; expected an object",)),
    ("dynamodb:putItem", item({"N": 5}), ("Item.id.N is a number; expected a string",)),
    ("dynamodb:putItem", item({"BOOL": True, "NULL": False}), OK),
    (
        "ecs:runTask",
        {"TaskDefinition": "t", "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": "s"}}},
        ("NetworkConfiguration.AwsvpcConfiguration.Subnets is a string; expected an array",),
    ),
    ("aws-sdk:rds:describeDBInstances", {"DbInstanceIdentifier": "d"}, OK),
    ("aws-sdk:rds:describeDBInstances", {"DBInstanceIdentifier": "d"}, OK),
    (
        "aws-sdk:rds:describeDBInstances",
        {"dbInstanceIdentifier": "d"},
        ('dbInstanceIdentifier is no field of it; did you mean "DbInstanceIdentifier"?',),
    ),
    # JSON that becomes text
    ("sqs:sendMessage", {"QueueUrl": "q", "MessageBody": 5}, OK),
    ("sns:publish", {"TopicArn": "a", "Message": {"n": 1}}, OK),
    ("events:putEvents", {"Entries": [{"Detail": {"n": 1}, "Source": "s"}, {"Detail": 1}]}, OK),
    ("events:putEvents", {"Entries": [{"Detial": {}}]}, ('Entries[0].Detial is no field of it; did you mean "Detail"?',)),
    ("states:startExecution", {"StateMachineArn": "a", "Input": [1]}, OK),
    ("aws-sdk:sfn:startExecution", {"StateMachineArn": "a", "Input": {"key": "value"}}, OK),
    ("lambda:invoke", {"FunctionName": "f", "Payload": 1}, OK),
    ("lambda:invoke", {"FunctionName": {"f": 1}}, ("FunctionName is an object; expected a string",)),
    ("bedrock:invokeModel", {"ModelId": "m", "Input": {"S3Uri": "s3://b/k"}}, OK),
]


@pytest.mark.parametrize(("resource", "request_", "faults"), REQUESTS)
def test_a_request_is_checked(resource: str, request_: Any, faults: tuple[str, ...]) -> None:
    found, unchecked = check_request(f"arn:aws:states:::{resource}", request_)
    assert unchecked is None
    assert tuple(re.sub("there is .*", "there is", fault) for fault in found) == faults


@pytest.mark.parametrize(
    "resource",
    [
        "apigateway:invoke",
        "http:invoke",
        "eks:call",
        "eks:createCluster",
        "emr-containers:createVirtualCluster",
        "elasticmapreduce:createCluster.sync",
        "databrew:startJobRun.sync",
        "nothing:atAll",
        "aws-sdk:s3:getObjct",
    ],
)
def test_what_has_no_model_is_let_pass(resource: str) -> None:
    faults, unchecked = check_request(f"arn:aws:states:::{resource}", {"any": "thing"})
    assert faults == ()
    assert unchecked


def test_a_required_null_may_be_why_a_task_fails() -> None:
    resource = "arn:aws:states:::aws-sdk:dynamodb:putItem"
    assert check_request(resource, {"TableName": "t", "Item": None}, failing=True).faults == ()
    assert check_request(resource, {"TableName": "t"}, failing=True).faults == ("Item is missing, and is required",)


def test_depth_is_bounded() -> None:
    value: Any = {"N": 1}
    for _ in range(400):
        value = {"L": [value]}
    assert check_request("arn:aws:states:::dynamodb:putItem", item(value)).faults == ()


# ---------------------------------------------------------------- recordings


@needs_shared
def test_what_services_took_passes() -> None:
    """Every recorded request is one that AWS took; two were refused by the service itself, and those tasks failed."""
    checked, refused = 0, []
    for case in compare().load_cases(SHARED / "conformance" / "cases", kind="execution"):
        history = case["expected"].get("history") or []
        for place, event in enumerate(history):
            details = event.get("taskScheduledEventDetails")
            if details is None:
                continue
            resource, request = f"arn:aws:states:::{details['resourceType']}:{details['resource']}", json.loads(details["parameters"])
            found = check_request(resource, request)
            checked += found.unchecked is None
            if found.faults:
                refused.append(case["id"].rpartition("::")[2])
                assert check_request(resource, request, failing=True).faults == (), case["id"]
                assert "TaskFailed" in [later["type"] for later in history[place:]], case["id"]
    assert checked >= 80
    assert refused == ["test_dynamodb_invalid_param", "test_send_message_empty_body"]


def _written(value: Any) -> Any:
    """Parameters as they are written, without what is known only when they are evaluated."""
    if isinstance(value, dict):
        return {key.removesuffix(".$"): None if key.endswith(".$") else _written(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_written(inner) for inner in value]
    return None if isinstance(value, str) and value.startswith(("{%", "$")) else value


def _tasks(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get("Type") == "Task" and isinstance(value.get("Parameters", value.get("Arguments")), dict):
            yield value
        for inner in value.values():
            yield from _tasks(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _tasks(inner)


@needs_shared
def test_published_machines_pass() -> None:
    checked, refused = 0, []
    for file in sorted((SHARED / "machines" / "valid").glob("*.json")):
        try:
            machine = json.loads(file.read_bytes())
        except ValueError:
            continue
        for task in _tasks(machine):
            found = check_request(task["Resource"], _written(task.get("Parameters", task.get("Arguments"))), failing=True)
            checked += found.unchecked is None
            refused += [(file.name, task["Resource"], fault) for fault in found.faults]
    assert refused == []
    assert checked >= 400


# ---------------------------------------------------------------- on the bench


def alone(resource: str, **more: Any) -> dict[str, Any]:
    return {"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "End": True, **more}}}


BAD = alone("sqs:sendMessage", Parameters={"QueueUrl": "q", "Body.$": "$"}, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "E"}])
BAD["States"]["E"] = {"Type": "Succeed"}
SAID = (
    r"AWS refuses the Parameters of 'S' for arn:aws:states:::sqs:sendMessage: Body is no field of it; there is .*"
    r"MessageBody is missing, and is required \(validation NONE lets it pass\); <Run RUNNING"
)


@pytest.mark.parametrize("answers", [[{}], [result({})], [response({})], [error("A")], [lambda event, context: {}]])
@pytest.mark.parametrize("name", ["S", "sqs:sendMessage"])
def test_a_run_ends_with_a_request_that_aws_refuses(answers: list[Any], name: str) -> None:
    with pytest.raises(MockError, match=SAID):
        Bench(BAD).mock(name, *answers).run()
    assert Bench(BAD).mock(name, *answers, validation="NONE").run().status == "SUCCEEDED"
    assert Bench(BAD, validation="NONE").mock(name, *answers).run().status == "SUCCEEDED"


WORK = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work"}
TWICE = {"StartAt": "S", "States": {"S": {**WORK, "Next": "T"}, "T": {**WORK, "End": True}}}


def test_in_every_order_too() -> None:
    with pytest.raises(MockError, match="Body is no field"):
        list(Bench(BAD).mock("S", {}).every_order())
    with pytest.raises(MockError, match="Body is no field"):
        Bench(BAD).mock("S", {}).check_every_order(lambda run: True)
    with pytest.raises(MockError, match="has 1 answer and was asked once more"):
        list(Bench(TWICE).mock("work", result(1, times=1)).every_order())


def test_of_lambda_invoke_the_whole_request_is_looked_at() -> None:
    machine = alone("lambda:invoke", Parameters={"FunctionName": "work", "Payload": {"any": 1}, "Qualifer": "live"})
    for answer in ({}, lambda event, context: {}):
        with pytest.raises(MockError, match='Qualifer is no field of it; did you mean "Qualifier"'):
            Bench(machine).mock("S", answer).run()


def test_arguments_are_named_and_the_place_of_the_mock() -> None:
    machine = alone(DB, Arguments={"TableName": "t", "Item": {"id": "{% $states.input.id %}"}})
    bench = Bench({**machine, "QueryLanguage": "JSONata"}).mock("S", {}, where="mocks:7")
    with pytest.raises(MockError, match=r"^mocks:7: AWS refuses the Arguments of 'S' .*: Item\.id is a string; expected an object"):
        bench.run({"id": "x"})
    assert bench.run({"id": {"S": "x"}}).status == "SUCCEEDED"


@pytest.mark.parametrize(
    ("machine", "answer", "status"),
    [
        (alone(DB, Parameters={"TableName": "t", "Item.$": "$.no"}), error("DynamoDb.DynamoDbException"), "FAILED"),
        (alone("sqs:sendMessage"), {}, "SUCCEEDED"),  # its request is the input
        (alone("sqs:sendMessage", Parameters=SQS), never(), "FAILED"),
        (alone("aws-sdk:s3:getObject", Parameters={"Bucket": "b", "Key": "k"}), {"Body": "text"}, "SUCCEEDED"),
    ],
)
def test_what_is_not_known_to_be_refused_runs(machine: Any, answer: Any, status: str) -> None:
    machine["States"]["S"]["TimeoutSeconds"] = 5
    assert Bench(machine).mock("S", answer).run({"no": None}).status == status


def test_a_task_that_is_not_mocked_is_not_looked_at() -> None:
    assert Bench(BAD, {"S": lambda event, context: {}}).run().status == "SUCCEEDED"


def test_a_callable_sees_the_request() -> None:
    seen = []
    machine = alone("lambda:invoke", Parameters={"FunctionName": "work", "Payload": {"n": 1}})

    def work(event: Any, context: Any) -> None:
        context.request.clear()  # its own copy
        seen.append((event, context.request))

    states.run(machine, {}, {"work": work})
    assert seen == [({"n": 1}, {"FunctionName": "work", "Payload": {"n": 1}})]


def test_without_botocore_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: Any) -> Any:
        raise ModuleNotFoundError("No module named 'botocore'")

    monkeypatch.setattr(service_models, "_model", absent)
    monkeypatch.setattr(service_models, "has_botocore", lambda: False)
    assert check_request("arn:aws:states:::sqs:sendMessage", 5) == ((), NO_BOTOCORE)
    assert check_request("arn:aws:states:::lambda:invoke", 5) == ((), NO_BOTOCORE)
    assert Bench(BAD).mock("S", {}).run().status == "SUCCEEDED"
    assert Bench(alone("aws-sdk:s4:getObjct")).mock("S", error("S4.No")).run().error == "S4.No"


# ---------------------------------------------------------------- services and operations

CALLS: list[tuple[str, str]] = [
    ("aws-sdk:s3:getObject", ""),
    ("aws-sdk:s3:getObjct", "'s3' has no operation 'getObjct'; did you mean \"getObject\"?"),
    ("aws-sdk:s3:fly", "'s3' has no operation 'fly'"),
    ("aws-sdk:s4:getObject", "botocore has no service 's4'; did you mean \"s3\"?"),
    ("aws-sdk:dynamodbb:getItem", "botocore has no service 'dynamodbb'; did you mean \"dynamodb\"?"),
    ("aws-sdk:dynamodb:putItem.waitForTaskToken", ""),
    ("sqs:sendMesage", ""),  # what optimized integrations there are is for the definition to say
    *(
        (f"aws-sdk:{call}", "")
        for call in ("sfn:startExecution", "eventbridge:putEvents", "cloudwatchlogs:getLogEvents", "ssm:getParameter")
    ),
    *((f"aws-sdk:{call}", "") for call in ("route53:listHostedZones", "secretsmanager:createSecret", "configservice:putConfigRule")),
    *((f"aws-sdk:{call}", "") for call in ("config:putConfigRule", "servicediscovery:listServices", "dynamodbstreams:listStreams")),
    *((f"aws-sdk:{call}", "") for call in ("elasticloadbalancingv2:describeRules", "emrserverless:getJobRun", "sesv2:sendEmail")),
    *(
        (f"aws-sdk:{call}", "")
        for call in ("bedrockruntime:invokeModel", "cognitoidentityprovider:listUsers", "costexplorer:getCostAndUsage")
    ),
]


@pytest.mark.parametrize(("resource", "fault"), CALLS)
def test_what_aws_does_not_have_is_known(resource: str, fault: str) -> None:
    assert call_fault(parse_resource(f"arn:aws:states:::{resource}")) == fault


@pytest.mark.parametrize("answer", [{}, error("A"), lambda event, context: {}])
def test_a_call_that_aws_does_not_have_is_refused_when_it_is_mocked(answer: Any) -> None:
    machine = alone("aws-sdk:s3:getObjct", Parameters={"Bucket": "b", "Key": "k"})
    for name in ("S", "aws-sdk:s3:getObjct"):
        with pytest.raises(MockError, match=f"^mock of {name!r}: 's3' has no operation 'getObjct'; did you mean \"getObject\""):
            Bench(machine).mock(name, answer)
    Bench(machine).mock("S", answer, validation="NONE").run()


# ---------------------------------------------------------------- names of errors

ERRORS: list[tuple[str, str | None, str]] = [
    ("aws-sdk:s3:getObject", "S3.NoSuchKey", 'did you mean "S3.NoSuchKeyException"?'),
    ("aws-sdk:s3:getObject", "S3.NoSuchKeyException", ""),
    ("aws-sdk:s3:getObject", "S3.S3Exception", ""),
    ("aws-sdk:s3:getObject", "S3.Qqqqq", 'one without a shape comes as "S3.S3Exception"'),
    ("aws-sdk:s3:getObject", "S3.SlowDownException", ""),  # not in the model, but it may be
    ("aws-sdk:s3:getObject", "S3.SdkClientException", ""),
    ("aws-sdk:s3:getObject", "States.Timeout", ""),
    ("aws-sdk:s3:getObject", "MyError", ""),
    ("aws-sdk:s3:getObject", "Orders.NotFound", ""),
    ("aws-sdk:s3:getObject", None, ""),
    ("aws-sdk:dynamodb:putItem", "DynamoDb.ConditionalCheckFailedException", ""),
    ("aws-sdk:dynamodb:putItem", "DynamoDb.ConditionalCheckFailed", 'did you mean "DynamoDb.ConditionalCheckFailedException"?'),
    ("aws-sdk:dynamodb:putItem", "DynamoDB.ConditionalCheckFailedException", 'begin with "DynamoDb.", not "DynamoDB."'),
    ("aws-sdk:dynamodb:putItem", "DynamoDb.DynamoDbException", ""),
    ("dynamodb:putItem", "DynamoDB.ConditionalCheckFailedException", ""),
    ("aws-sdk:rds:describeDBClusters", "Rds.DbClusterNotFoundException", ""),
    ("aws-sdk:rds:describeDBClusters", "Rds.DBClusterNotFoundFault", 'did you mean "Rds.DbClusterNotFoundException"?'),
    ("aws-sdk:sfn:sendTaskSuccess", "Sfn.InvalidTokenException", ""),
    ("aws-sdk:secretsmanager:createSecret", "SecretsManager.SecretsManagerException", ""),
]


@pytest.mark.parametrize(("resource", "name", "doubt"), ERRORS)
def test_a_doubtful_name_of_an_error_is_a_warning(resource: str, name: str | None, doubt: str) -> None:
    found = error_doubt(parse_resource(f"arn:aws:states:::{resource}"), name)
    assert (found == "") == (doubt == "")
    assert doubt in found
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Bench(alone(resource)).mock("S", error(name) * 2)
        Bench(alone(resource)).mock("S", error(name), validation="NONE")
    assert [one.category for one in caught] == ([UnknownServiceError] if doubt else [])
    assert all(one.filename == __file__ for one in caught)


@needs_shared
def test_recorded_names_of_errors_are_not_doubted() -> None:
    names = 0
    for case in compare().load_cases(SHARED / "conformance" / "cases", kind="execution"):
        for event in case["expected"].get("history") or []:
            details = event.get("taskFailedEventDetails")
            if details is not None:
                names += 1
                resource = parse_resource(f"arn:aws:states:::{details['resourceType']}:{details['resource']}")
                assert error_doubt(resource, details.get("error")) == "", case["id"]
    assert names >= 20


# ---------------------------------------------------------------- mock configurations


def test_faults_of_a_file_and_of_what_does_not_fit_the_machine_are_told_together() -> None:
    machine = alone("aws-sdk:s3:getObjct", Parameters={})
    machine["States"]["Load"] = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}
    machine["States"]["S"]["Next"] = "Load"
    del machine["States"]["S"]["End"]
    case = {"Laod": "R", "Load": "R", "S": "None"}
    config = {"StateMachines": {"m": {"TestCases": {"c": case}}}, "MockedResponses": {"R": {"1": {"Return": {"StatusCode": "200"}}}}}
    with pytest.raises(InvalidMockConfig) as raised:
        Bench(machine).mock_config(config, "c")
    codes = [fault.code for fault in raised.value.diagnostics]
    assert codes == ["UNKNOWN_MOCKED_RESPONSE", "INVALID_INVOCATION", "UNKNOWN_STATE", "INVALID_MOCK_RESULT", "UNKNOWN_API"]


@pytest.mark.parametrize("key", ["x", "2-1"])
def test_an_invocation_that_is_none_hides_no_other_answer(key: str) -> None:
    config: Any = {"StateMachines": {"m": {"TestCases": {"c": {"S": "R"}}}}}
    config["MockedResponses"] = {"R": {"0": {"Return": {"MessageId": 5}}, key: {"Return": {"MessageId": 6}}}}
    with pytest.raises(InvalidMockConfig) as raised:
        Bench(alone("sqs:sendMessage", Parameters=SQS)).mock_config(config, "c")
    assert [fault.code for fault in raised.value.diagnostics] == ["INVALID_INVOCATION", "INVALID_MOCK_RESULT"]


@pytest.mark.parametrize(
    ("case", "config"), [("c", {"StateMachines": {}}), ("other", {"StateMachines": {"m": {"TestCases": {"c": {"S": "Q"}}}}})]
)
def test_where_the_test_case_cannot_be_told_the_file_comes_first(case: str, config: Any) -> None:
    with pytest.raises(InvalidMockConfig) as raised:
        Bench(BAD).mock_config({"MockedResponses": {}, **config, **({"x": 1} if case == "c" else {})}, case)
    assert [fault.code for fault in raised.value.diagnostics] == (["UNKNOWN_FIELD"] if case == "c" else ["UNKNOWN_MOCKED_RESPONSE"])


def test_requests_of_a_mock_configuration_are_checked() -> None:
    config = {"StateMachines": {"m": {"TestCases": {"c": {"S": "R"}}}}, "MockedResponses": {"R": {"0": {"Return": {"MessageId": "1"}}}}}
    with pytest.raises(MockError, match=r"^<mock configuration>: AWS refuses the Parameters of 'S'"):
        Bench(BAD).mock_config(config, "c").run()
    assert Bench(BAD).mock_config(config, "c", validation="NONE").run().status == "SUCCEEDED"
