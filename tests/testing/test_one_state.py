"""`states.test_state`: what a state alone answers, what every level shows, and which requests are refused in which words."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

import states
from states.testing import ApiError, InvalidDefinition, InvalidExecutionInput, NotChecked, ParamValidationError, ValidationException
from states.testing.items import NotReadable, read_items
from states.testing.parameters import REQUEST

ROLE = "arn:aws:iam::111122223333:role/test"
INVOKE = "arn:aws:states:::lambda:invoke"
INSIDE = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
DISTRIBUTED = {**INSIDE, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
TASK = {"Type": "Task", "Resource": INVOKE, "Parameters": {"FunctionName": "work", "Payload.$": "$"}, "End": True}
JSONATA_TASK = {"Type": "Task", "QueryLanguage": "JSONata", "Resource": INVOKE, "Arguments": {"FunctionName": "work"}, "End": True}
BUSY = {"errorOutput": {"error": "Busy", "cause": "try later"}}


def ask(definition: Any, input: Any = None, **more: Any) -> dict[str, Any]:
    """The response to a request whose texts are given as values."""
    given = {} if input is None else {"input": json.dumps(input)}
    return states.test_state(definition=json.dumps(definition), **given, **more)


def shown(response: dict[str, Any]) -> dict[str, Any]:
    """The inspection data with its texts read."""
    return {key: json.loads(value) if isinstance(value, str) else value for key, value in response["inspectionData"].items()}


# ---------------------------------------------------------------- responses

RESPONSES: list[tuple[str, Any, Any, dict[str, Any], dict[str, Any]]] = [
    ("an end has no next state", {"Type": "Pass", "End": True}, {"a": 1}, {}, {"output": '{"a": 1}', "status": "SUCCEEDED"}),
    ("the input is {} when not given", {"Type": "Succeed"}, None, {}, {"output": "{}", "status": "SUCCEEDED"}),
    (
        "a state may lead to itself",
        {"Type": "Pass", "Next": "StateName"},
        None,
        {},
        {"output": "{}", "nextState": "StateName", "status": "SUCCEEDED"},
    ),
    (
        "a wait is not waited for",
        {"Type": "Wait", "Seconds": 299, "Next": "A"},
        5,
        {},
        {"output": "5", "nextState": "A", "status": "SUCCEEDED"},
    ),
    ("five minutes are too long", {"Type": "Wait", "Seconds": 301, "Next": "A"}, 5, {}, {"error": "States.Timeout", "status": "FAILED"}),
    ("a Fail without a word", {"Type": "Fail"}, 5, {}, {"status": "FAILED"}),
    (
        "a choice by its Default",
        {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "One"}], "Default": "Other"},
        {"n": 2},
        {},
        {"output": '{"n": 2}', "nextState": "Other", "status": "SUCCEEDED"},
    ),
    (
        "a failing path names the state as AWS does",
        {"Type": "Pass", "OutputPath": "$.none", "End": True},
        {"n": 2},
        {},
        {
            "error": "States.Runtime",
            "cause": "An error occurred while executing the state 'StateName' (entered at the event id #2). "
            "Invalid path '$.none' : No results for path: $['none']",
            "status": "FAILED",
        },
    ),
    (
        "variables",
        {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $n + 1 %}", "End": True},
        None,
        {"variables": '{"n": 2}'},
        {"output": "3", "status": "SUCCEEDED"},
    ),
    ("a mocked result", TASK, {}, {"mock": {"result": '{"Payload": 7}'}}, {"output": '{"Payload": 7}', "status": "SUCCEEDED"}),
    ("a mocked error", TASK, {}, {"mock": BUSY}, {"error": "Busy", "cause": "try later", "status": "FAILED"}),
    (
        "a mocked error without a cause",
        TASK,
        {},
        {"mock": {"errorOutput": {"error": "Busy"}}},
        {"error": "Busy", "status": "FAILED"},
    ),
    (
        "a retried error",
        {**TASK, "Retry": [{"ErrorEquals": ["Busy"]}]},
        {},
        {"mock": BUSY},
        {"error": "Busy", "cause": "try later", "status": "RETRIABLE"},
    ),
    (
        "a caught error",
        {**TASK, "Catch": [{"ErrorEquals": ["Busy"], "Next": "Later", "ResultPath": "$.e"}]},
        {"a": 1},
        {"mock": BUSY},
        {
            "output": '{"a":1,"e":{"Error":"Busy","Cause":"try later"}}',
            "error": "Busy",
            "cause": "try later",
            "nextState": "Later",
            "status": "CAUGHT_ERROR",
        },
    ),
    (
        "a catcher whose own field fails",
        {**JSONATA_TASK, "Catch": [{"ErrorEquals": ["Busy"], "Next": "Later", "Output": "{% $none %}"}]},
        {"a": 1},
        {"mock": BUSY},
        {"error": "States.QueryEvaluationError", "cause": ..., "status": "FAILED"},
    ),
    (
        "a callback task is mocked as its token's answer",
        {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "q"}, "End": True},
        {},
        {"mock": {"result": "3"}},
        {"output": "3", "status": "SUCCEEDED"},
    ),
    (
        "an activity",
        {"Type": "Task", "Resource": "arn:aws:states:us-east-1:111122223333:activity:a", "End": True},
        {},
        {"mock": {"result": '"done"'}},
        {"output": '"done"', "status": "SUCCEEDED"},
    ),
    (
        "failures below a percentage",
        {"Type": "Map", "ItemProcessor": DISTRIBUTED, "ToleratedFailurePercentage": 50, "End": True},
        [1, 2, 3, 4],
        {"mock": {"result": "[0, 0, 1, 1]"}, "stateConfiguration": {"mapIterationFailureCount": 2}},
        {"output": "[0, 0, 1, 1]", "status": "SUCCEEDED"},
    ),
    (
        "failures above a percentage",
        {"Type": "Map", "ItemProcessor": DISTRIBUTED, "ToleratedFailurePercentage": 50, "End": True},
        [1, 2, 3, 4],
        {"mock": {"result": "[0, 0, 0, 1]"}, "stateConfiguration": {"mapIterationFailureCount": 3}},
        {
            "error": "States.ExceedToleratedFailureThreshold",
            "cause": "The specified tolerated failure threshold was exceeded",
            "status": "FAILED",
        },
    ),
]


@pytest.mark.parametrize(("definition", "input", "more", "expected"), [case[1:] for case in RESPONSES], ids=[case[0] for case in RESPONSES])
def test_the_response(definition: Any, input: Any, more: dict[str, Any], expected: dict[str, Any]) -> None:
    response = ask(definition, input, **more)
    if expected.get("cause") is ...:
        expected = {**expected, "cause": response["cause"]}
    assert response == expected


def test_a_request_may_be_one_mapping() -> None:
    assert states.test_state({"definition": '{"Type": "Succeed"}'}, input="4") == {"output": "4", "status": "SUCCEEDED"}


def test_the_same_request_has_the_same_response() -> None:
    context = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% [$states.context, $uuid(), $now()] %}", "End": True}
    assert ask(context) == ask(context)


# ---------------------------------------------------------------- where the state stands

NESTED = {
    "QueryLanguage": "JSONata",
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemProcessor": {
                "StartAt": "Both",
                "States": {
                    "Both": {
                        "Type": "Parallel",
                        "Branches": [
                            {
                                "StartAt": "Add",
                                "States": {
                                    "Add": {"Type": "Pass", "Output": "{% $states.input + 1 %}", "Next": "Done"},
                                    "Done": {"Type": "Succeed"},
                                },
                            }
                        ],
                        "End": True,
                    }
                },
            },
            "End": True,
        }
    },
}


def test_a_state_inside_a_branch_of_an_iteration_has_the_language_of_the_machine() -> None:
    assert ask(NESTED, 4, stateName="Add") == {"output": "5", "nextState": "Done", "status": "SUCCEEDED"}


@pytest.mark.parametrize(("name", "output"), [("Both", "[5]"), ("Each", "[[5]]")])
def test_the_containers_around_it_can_be_mocked(name: str, output: str) -> None:
    assert ask(NESTED, [4], stateName=name, mock={"result": output})["output"] == output


# ---------------------------------------------------------------- inspection data

LEVELS: list[tuple[str, Any, Any, dict[str, Any], dict[str, Any]]] = [
    (
        "JSONPath Task",
        {**TASK, "InputPath": "$.a", "ResultSelector": {"got.$": "$.Payload"}, "ResultPath": "$.r", "Assign": {"v.$": "$.got"}},
        {"a": 1},
        {"mock": {"result": '{"Payload": 7}'}, "variables": '{"w": 0}'},
        {
            "input": {"a": 1},
            "afterInputPath": 1,
            "afterParameters": {"FunctionName": "work", "Payload": 1},
            "result": {"Payload": 7},
            "afterResultSelector": {"got": 7},
            "afterResultPath": {"a": 1, "r": {"got": 7}},
            "variables": {"w": 0, "v": 7},
        },
    ),
    (
        "JSONata Task",
        {**JSONATA_TASK, "Output": "{% $states.result.Payload %}"},
        {"a": 1},
        {"mock": {"result": '{"Payload": 7}'}},
        {"input": {"a": 1}, "afterArguments": {"FunctionName": "work"}, "result": {"Payload": 7}},
    ),
    (
        "variables are those before when the state fails",
        {**TASK, "Assign": {"v": 1}},
        1,
        {"mock": BUSY, "variables": '{"w": 0}'},
        {"input": 1, "afterInputPath": 1, "afterParameters": {"FunctionName": "work", "Payload": 1}, "variables": {"w": 0}},
    ),
    (
        "JSONPath Map",
        {
            "Type": "Map",
            "ItemsPath": "$.l",
            "ItemSelector": {"v.$": "$$.Map.Item.Value", "f.$": "$.f"},
            "MaxConcurrency": 3,
            "ItemProcessor": INSIDE,
            "ResultPath": "$.r",
            "End": True,
        },
        {"l": [7, 8], "f": 0},
        {"mock": {"result": "[1, 2]"}},
        {
            "input": {"l": [7, 8], "f": 0},
            "afterItemsPath": [7, 8],
            "afterItemSelector": [{"v": 7, "f": 0}, {"v": 8, "f": 0}],
            "afterResultSelector": [1, 2],
            "afterResultPath": {"l": [7, 8], "f": 0, "r": [1, 2]},
            "maxConcurrency": 3,
        },
    ),
    (
        "a Map that reads items, in batches",
        {
            "Type": "Map",
            "QueryLanguage": "JSONata",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "JSON", "ItemsPointer": "/list"},
                "Arguments": {"Bucket": "b", "Key": "k"},
            },
            "ItemSelector": "{% $states.context.Map.Item.Value * 10 %}",
            "ItemBatcher": {"MaxItemsPerBatch": 2},
            "ItemProcessor": DISTRIBUTED,
            "ToleratedFailureCount": 1,
            "End": True,
        },
        {},
        {"mock": {"result": "[1, 2]"}, "stateConfiguration": {"mapItemReaderData": '{"list": [1, 2, 3]}'}},
        {
            "input": {},
            "afterItemsPointer": [1, 2, 3],
            "afterItemSelector": [10, 20, 30],
            "afterItemBatcher": [{"Items": [10, 20]}, {"Items": [30]}],
            "maxConcurrency": 0,
            "toleratedFailureCount": 1,
        },
    ),
    (
        "JSONPath Wait",
        {"Type": "Wait", "Seconds": 1, "InputPath": "$.a", "End": True},
        {"a": 1},
        {},
        {"input": {"a": 1}, "afterInputPath": 1},
    ),
    (
        "JSONata Wait",
        {"Type": "Wait", "QueryLanguage": "JSONata", "Seconds": 1, "End": True},
        {"a": 1},
        {},
        {"input": {"a": 1}},
    ),
]


@pytest.mark.parametrize(("definition", "input", "more", "expected"), [case[1:] for case in LEVELS], ids=[case[0] for case in LEVELS])
@pytest.mark.parametrize("level", ["DEBUG", "TRACE"])
def test_what_a_level_shows(definition: Any, input: Any, more: dict[str, Any], expected: dict[str, Any], level: str) -> None:
    response = ask(definition, input, inspectionLevel=level, **more)
    assert shown(response) == expected
    without = ask(definition, input, inspectionLevel="INFO", **more)
    assert without == {key: value for key, value in response.items() if key != "inspectionData"}
    assert without == ask(definition, input, **more)


HANDLED = {
    **TASK,
    "Retry": [{"ErrorEquals": ["Other"]}, {"ErrorEquals": ["Busy"], "IntervalSeconds": 3, "BackoffRate": 1.5, "MaxAttempts": 2}],
}
TAKEN: list[tuple[Any, int, str, dict[str, int]]] = [
    (HANDLED, 0, "RETRIABLE", {"retryIndex": 1, "retryBackoffIntervalSeconds": 3}),
    (HANDLED, 1, "RETRIABLE", {"retryIndex": 1, "retryBackoffIntervalSeconds": 4}),
    (HANDLED, 2, "FAILED", {"retryIndex": 1}),
    ({**HANDLED, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "A"}]}, 2, "CAUGHT_ERROR", {"retryIndex": 1, "catchIndex": 0}),
    (
        {**TASK, "Catch": [{"ErrorEquals": ["Other"], "Next": "A"}, {"ErrorEquals": ["Busy"], "Next": "B"}]},
        0,
        "CAUGHT_ERROR",
        {"catchIndex": 1},
    ),
    (TASK, 0, "FAILED", {}),
]


FAILING = {**JSONATA_TASK, "Arguments": {"FunctionName": "{% $none %}"}}
MAP_FAILING = {"Type": "Map", "QueryLanguage": "JSONata", "Items": "{% 5 %}", "ItemProcessor": INSIDE, "End": True}
ALL = {"Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 9}]}


@pytest.mark.parametrize("definition", [FAILING, MAP_FAILING])
def test_a_state_that_fails_before_its_mock_is_asked(definition: Any) -> None:
    response = ask({**definition, **ALL}, {}, mock={"result": "[]", "fieldValidationMode": "NONE"}, inspectionLevel="DEBUG")
    assert (response["status"], response["error"]) == ("RETRIABLE", "States.QueryEvaluationError")
    assert response["inspectionData"]["errorDetails"] == {"retryIndex": 0, "retryBackoffIntervalSeconds": 9}
    assert ask(definition, {}, mock={"result": "[]", "fieldValidationMode": "NONE"})["status"] == "FAILED"


@pytest.mark.parametrize(("definition", "count", "status", "details"), TAKEN)
def test_who_took_the_error(definition: Any, count: int, status: str, details: dict[str, int]) -> None:
    response = ask(definition, {}, mock=BUSY, stateConfiguration={"retrierRetryCount": count}, inspectionLevel="DEBUG")
    assert response["status"] == status
    assert response["inspectionData"].get("errorDetails", {}) == details


# ---------------------------------------------------------------- the Context Object

CONTEXT = {**TASK, "Parameters": {"FunctionName": "work", "Payload.$": "$$"}}


def payload(**more: Any) -> Any:
    response = ask(CONTEXT, {"a": 1}, mock={"result": "{}"}, inspectionLevel="TRACE", **more)
    return shown(response)["afterParameters"]["Payload"]


def test_the_context_object_is_that_of_an_express_execution() -> None:
    context = payload(roleArn=ROLE, stateConfiguration={"retrierRetryCount": 2})
    assert context["Execution"]["Id"].startswith("arn:aws:states:us-east-1:111122223333:express:")
    assert context["Execution"]["Id"].endswith(context["Execution"]["Name"])
    assert (context["Execution"]["Input"], context["Execution"]["RoleArn"]) == ({"a": 1}, ROLE)
    assert (context["State"]["Name"], context["State"]["RetryCount"]) == ("StateName", 2)
    assert set(context["Execution"]) == {"Id", "Input", "Name", "RoleArn", "StartTime"}


def test_there_is_no_role_where_none_is_given() -> None:
    assert payload()["Execution"]["RoleArn"] is None


@pytest.mark.parametrize("context", [{}, {"State": {"Name": "S", "RetryCount": 4}}, {"Task": {"Token": "t"}, "Execution": {"Input": [1]}}])
def test_a_given_context_object_is_the_whole(context: Any) -> None:
    assert payload(context=json.dumps(context)) == context


def test_an_item_is_in_a_given_context_object_too() -> None:
    definition = {"Type": "Map", "ItemSelector": {"c.$": "$$"}, "ItemProcessor": INSIDE, "End": True}
    response = ask(definition, [5], mock={"result": "[0]"}, context='{"State": {}}', inspectionLevel="DEBUG")
    assert shown(response)["afterItemSelector"] == [{"c": {"State": {}, "Map": {"Item": {"Index": 0, "Value": 5}}}}]


WRONG_CONTEXTS = [
    ({"Execution": {"Name": 1}}, "Execution.Name must be a string"),
    ({"Execution": {"RedriveCount": "1"}}, "Execution.RedriveCount must be a number"),
    ({"State": {"RetryCount": True}}, "State.RetryCount must be a number"),
    ({"State": {"Token": "t"}}, "Field 'Token' is not allowed"),
    ({"StateMachine": 1}, "StateMachine must be an object"),
    ({"Task": {"Token": 1}}, "Task.Token must be a string"),
    ({"Map": {"Item": {}}}, "'Map' field is not supported when mocking a Context object"),
    ({"execution": {}}, "Field 'execution' is not allowed"),
    ([], "Context object must be a JSON object but was: []"),
]


@pytest.mark.parametrize(("context", "message"), WRONG_CONTEXTS)
def test_a_wrong_context_object_is_refused(context: Any, message: str) -> None:
    with pytest.raises(ValidationException) as refused:
        ask(TASK, mock={"result": "{}"}, context=json.dumps(context))
    assert refused.value.message == f"Invalid Context object provided: {message}"


# ---------------------------------------------------------------- callables


def test_a_task_without_a_mock_is_served_by_a_callable() -> None:
    response = ask(TASK, {"n": 1}, roleArn=ROLE, tasks={"work": lambda event, context: event["n"] + 1})
    assert json.loads(response["output"])["Payload"] == 2


def test_a_callable_that_fails_is_retried_by_nobody() -> None:
    calls = []

    def work(event: Any, context: Any) -> Any:
        calls.append(event)
        raise states.TaskError("Busy", "now")

    response = ask(HANDLED, {}, roleArn=ROLE, tasks={"work": work}, inspectionLevel="DEBUG")
    assert (response["status"], response["error"], response["cause"], len(calls)) == ("RETRIABLE", "Busy", "now", 1)
    assert response["inspectionData"]["errorDetails"] == {"retryIndex": 1, "retryBackoffIntervalSeconds": 3}


def test_a_task_with_neither_is_refused() -> None:
    with pytest.raises(states.TaskNotServed, match=r'no task serves "arn:aws:states:::lambda:invoke"; give a mock'):
        ask(TASK, roleArn=ROLE)


# ---------------------------------------------------------------- refusals


PASS = {"Type": "Pass", "End": True}
MAP = {"Type": "Map", "ItemProcessor": INSIDE, "End": True}
REFUSED: list[tuple[str, type[Exception], dict[str, Any], str]] = [
    ("no definition", ParamValidationError, {}, 'Missing required parameter in input: "definition"'),
    (
        "an unknown parameter",
        ParamValidationError,
        {"definition": "{}", "mock": {"output": "1"}},
        'Unknown parameter in mock: "output", must be one of: result, errorOutput, fieldValidationMode',
    ),
    (
        "wrong types, all of them",
        ParamValidationError,
        {"definition": {}, "revealSecrets": 1, "mock": {"errorOutput": {"error": 5}}},
        "Invalid type for parameter definition, value: {}, type: <class 'dict'>, valid types: <class 'str'>\n"
        "Invalid type for parameter revealSecrets, value: 1, type: <class 'int'>, valid types: <class 'bool'>\n"
        "Invalid type for parameter mock.errorOutput.error, value: 5, type: <class 'int'>, valid types: <class 'str'>",
    ),
    (
        "too short and too small",
        ParamValidationError,
        {"definition": "", "stateConfiguration": {"mapIterationFailureCount": -1, "errorCausedByState": ""}},
        "Invalid length for parameter definition, value: 0, valid min length: 1\n"
        "Invalid range for parameter stateConfiguration.mapIterationFailureCount, value: -1, valid min value: 0\n"
        "Invalid length for parameter stateConfiguration.errorCausedByState, value: 0, valid min length: 1",
    ),
    (
        "an unknown level",
        ValidationException,
        {"definition": "{}", "inspectionLevel": "ALL"},
        "1 validation error detected: Value 'ALL' at 'inspectionLevel' failed to satisfy constraint: "
        "Member must satisfy enum value set: [INFO, DEBUG, TRACE]",
    ),
    (
        "too long",
        ValidationException,
        {"definition": "{}", "input": " " * 262_145},
        "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144",
    ),
    (
        "no JSON",
        InvalidDefinition,
        {"definition": "so"},
        "Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: Unrecognized token 'so': "
        "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')...",
    ),
    (
        "a machine without a state name is no state",
        InvalidDefinition,
        {"definition": json.dumps({"StartAt": "A", "States": {"A": PASS}})},
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ...",
    ),
    (
        "a substitution",
        InvalidDefinition,
        {"definition": json.dumps({"Type": "Pass", "InputPath": "${Path}", "End": True})},
        "Invalid State Machine Definition: '...",
    ),
    (
        "an input that is no JSON",
        InvalidExecutionInput,
        {"definition": json.dumps(PASS), "input": "not"},
        "Invalid State Machine Execution Input: 'Unrecognized token 'not': "
        "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'",
    ),
    (
        "an input with the wrong quotes",
        InvalidExecutionInput,
        {"definition": json.dumps(PASS), "input": "{'a': 1}"},
        "Invalid State Machine Execution Input: 'Unexpected character (''' (code 39)): was expecting double-quote to start field name'",
    ),
    (
        "variables that are no JSON",
        ValidationException,
        {"definition": json.dumps(PASS), "variables": "{"},
        "Variables must be valid JSON...",
    ),
    ("variables in a list", ValidationException, {"definition": json.dumps(PASS), "variables": "[]"}, "Variables must be a JSON object"),
    (
        "an empty mock",
        ValidationException,
        {"definition": json.dumps(TASK), "mock": {"fieldValidationMode": "NONE"}},
        "A test mock should have one of the following fields: [result, errorOutput].",
    ),
    (
        "an error without its name",
        ValidationException,
        {"definition": json.dumps(TASK), "mock": {"errorOutput": {"cause": "c"}}},
        "A test mock with an errorOutput must have the field 'error'",
    ),
    *(
        (
            f"a mocked {kind}",
            ValidationException,
            {"definition": json.dumps({"Type": kind, **fields}), "mock": {"result": "{}"}},
            f"State type '{kind}' is not supported when a mock is specified",
        )
        for kind, fields in {
            "Choice": {"Choices": [{"Variable": "$", "IsNull": True, "Next": "A"}]},
            "Wait": {"Seconds": 1, "End": True},
        }.items()
    ),
    (
        "a Context Object without a mock",
        ValidationException,
        {"definition": json.dumps(PASS), "context": "{}"},
        "A Context object can only be specified when a mock is specified",
    ),
    (
        "a Context Object that is no JSON",
        ValidationException,
        {"definition": json.dumps(TASK), "context": "{", "mock": {"result": "{}"}},
        "Context object must be valid JSON",
    ),
    (
        "a role that is no ARN",
        states.testing.InvalidArn,
        {"definition": json.dumps(PASS), "roleArn": "admin"},
        "Invalid Arn: 'Invalid ARN prefix: admin'",
    ),
    *(
        (
            f"{what} without a mock",
            InvalidDefinition,
            {"definition": json.dumps({**TASK, "Resource": resource}), "roleArn": ROLE},
            f"TestState API does not support {what} unless a mock is specified",
        )
        for what, resource in {
            "an Activity": "arn:aws:states:us-east-1:111122223333:activity:a",
            "the .sync service integration pattern": "arn:aws:states:::ecs:runTask.sync",
            "the .waitForTaskToken service integration pattern": f"{INVOKE}.waitForTaskToken",
        }.items()
    ),
    (
        "an error of a state that is not inside",
        ValidationException,
        {"definition": json.dumps(MAP), "mock": BUSY, "stateConfiguration": {"errorCausedByState": "J"}},
        "State 'J' of errorCausedByState not found in the Map state",
    ),
    (
        "more failures than items",
        ValidationException,
        {
            "definition": json.dumps({**MAP, "ItemProcessor": DISTRIBUTED, "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject"}}),
            "input": "[1, 2]",
            "mock": {"result": "{}"},
            "stateConfiguration": {"mapIterationFailureCount": 3},
        },
        "Map iteration failure count must be less than or equal to the number of Map iterations",
    ),
    (
        "a mocked Parallel that is no list",
        ValidationException,
        {"definition": json.dumps({"Type": "Parallel", "Branches": [INSIDE], "End": True}), "mock": {"result": "{}"}},
        "Mocked result must be an array.",
    ),
]


@pytest.mark.parametrize(("kind", "request_", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_request_is_refused(kind: type[Exception], request_: dict[str, Any], message: str) -> None:
    with pytest.raises(kind) as refused:
        states.test_state(request_)
    if isinstance(refused.value, ApiError):
        said = refused.value.message
        assert refused.value.response == {"Error": {"Code": kind.__name__, "Message": said}, "message": said}
        assert str(refused.value) == f"An error occurred ({kind.__name__}) when calling the TestState operation: {said}"
    else:
        said = str(refused.value).removeprefix("Parameter validation failed:\n")
    assert said.startswith(message[:-3]) if message.endswith("...") else said == message


def test_a_refused_definition_carries_its_faults() -> None:
    with pytest.raises(states.InvalidDefinition) as refused:
        ask({"Type": "Pass", "Next": 3, "InputPath": 4})
    assert [fault.location for fault in refused.value.diagnostics] == ["/States/StateName/InputPath", "/States/StateName/Next"]


def test_the_parameters_are_those_of_boto3() -> None:
    botocore_session = pytest.importorskip("botocore.session")
    model = botocore_session.get_session().get_service_model("stepfunctions").operation_model("TestState").input_shape
    if "mock" not in model.members:
        pytest.skip("this botocore is older than mocks in TestState")
    wanted: list[tuple[str, Any, Any]] = [("", model, REQUEST)]
    for name, shape, fields in wanted:  # grows while it is walked
        assert set(fields) == set(shape.members), name
        for key, field in fields.items():
            inner = shape.members[key]
            assert (field.least or None, field.most) == (inner.metadata.get("min") or None, inner.metadata.get("max")), key
            assert list(field.values) == inner.metadata.get("enum", []), key
            if field.fields:
                wanted.append((key, inner, field.fields))


def test_the_errors_read_as_those_of_botocore() -> None:
    exceptions = pytest.importorskip("botocore.exceptions")
    with pytest.raises(ValidationException) as refused:
        ask(PASS, mock=BUSY)
    theirs = exceptions.ClientError(refused.value.response, "TestState")
    assert (str(refused.value), refused.value.operation_name) == (str(theirs), theirs.operation_name)


def test_a_result_that_cannot_be_checked_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    from states.testing import service_models

    def absent() -> Any:
        raise ModuleNotFoundError("botocore")

    monkeypatch.setattr(service_models, "_session", absent)
    service_models._model.cache_clear()
    with pytest.warns(NotChecked, match=r"not checked: botocore is not installed; install it with: pip install 'states\[aws\]'") as told:
        response = ask(TASK, mock={"result": '{"StatusCode": "200"}'})
    assert response["status"] == "SUCCEEDED"
    assert told[0].filename.endswith("test_one_state.py") or "states/testing" not in told[0].filename
    assert ask(TASK, mock={"result": "5", "fieldValidationMode": "NONE"})["output"] == "5"
    service_models._model.cache_clear()


def test_pytest_does_not_take_it_for_a_test() -> None:
    assert states.test_state.__test__ is False  # type: ignore[attr-defined]


# ---------------------------------------------------------------- hostile requests

JUNK = [None, True, 0, -1, 3.5, "", "x", "$.a", "{% $states.input %}", "{% ) %}", [], {}, [1], {"a": 1}, 10**30, "\ud800", "$$"]
FIELDS = ["Retry", "Catch", "Choices", "QueryLanguage", "Output", "InputPath", "ResultSelector", "ItemReader", "Default", "Branches"]
SOUND: list[dict[str, Any]] = [
    {"definition": definition, "input": {"a": 1, "l": [7, 8], "f": 0}, "inspectionLevel": "DEBUG", **more}
    for _, definition, _, more, _ in [*RESPONSES, *LEVELS]
]


def mutated(value: Any, chance: Random) -> Any:
    """The value with parts of it replaced, left out, renamed or added."""
    if chance.random() < 0.12:
        return chance.choice(JUNK)
    if isinstance(value, list):
        return [mutated(item, chance) if chance.random() < 0.3 else item for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key if chance.random() > 0.03 else f"{key}x": item for key, item in value.items() if chance.random() > 0.05}
    added = {chance.choice(FIELDS): chance.choice(JUNK)} if chance.random() < 0.1 else {}
    return {**{key: mutated(item, chance) if chance.random() < 0.3 else item for key, item in kept.items()}, **added}


@pytest.mark.parametrize("seed", range(20))
def test_a_broken_request_is_answered_or_refused(seed: int) -> None:
    statuses = set()
    for number in range(60):
        chance = Random(f"{seed}.{number}")
        request = dict(chance.choice(SOUND))
        for field in ("definition", "input"):
            value = mutated(request[field], chance) if chance.random() < 0.7 else request[field]
            request[field] = json.dumps(value)
        if chance.random() < 0.3:
            request = {key: mutated(value, chance) for key, value in request.items()}
        try:
            response = states.test_state(request, tasks={"work": lambda event, context: event})
        except (ApiError, ParamValidationError, states.TaskNotServed) as refused:
            statuses.add(type(refused).__name__)
        else:
            json.dumps(response)
            statuses.add(response["status"])
    assert len(statuses) >= 3


# ---------------------------------------------------------------- items of an ItemReader

ITEMS: list[tuple[dict[str, Any], str, Any]] = [
    ({}, "[1, 2]", [1, 2]),
    ({"InputType": "JSON"}, '{"a": 1}', [{"Key": "a", "Value": 1}]),
    ({"InputType": "JSON", "ItemsPointer": "/a~1b/1/c"}, '{"a/b": [0, {"c": [5]}]}', [5]),
    ({"InputType": "JSON", "ItemsPointer": "/z"}, '{"a": 1}', NotReadable),
    ({"InputType": "JSON", "MaxItems": 1}, "[1, 2]", [1]),
    ({"InputType": "JSON"}, "3", NotReadable),
    ({"InputType": "JSON"}, "{", NotReadable),
    ({"InputType": "JSONL"}, '{"a": 1}\n\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
    ({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}, 'a,b\n1,"x,y"\n2\n', [{"a": "1", "b": "x,y"}, {"a": "2", "b": ""}]),
    ({"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a"], "CSVDelimiter": "PIPE"}, "1|2\n", [{"a": "1"}]),
    ({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}, "", []),
    ({"InputType": "MANIFEST"}, "[]", NotReadable),
]


@pytest.mark.parametrize(("config", "text", "expected"), ITEMS)
def test_items_are_read_as_the_reader_says(config: dict[str, Any], text: str, expected: Any) -> None:
    reader = {"ReaderConfig": config}
    if expected is NotReadable:
        with pytest.raises(NotReadable):
            read_items(reader, text)
    else:
        assert read_items(reader, text).items == expected
