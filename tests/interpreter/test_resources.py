"""What the Resource of a Task names, and what its events are called."""

from __future__ import annotations

import pytest

from states.interpreter.resources import ACTIVITY, CALLBACK, LAMBDA, SERVICE, SYNC, Resource, parse_resource, task_events

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:charge-card"
ACTIVITY_ARN = "arn:aws:states:us-east-1:123456789012:activity:Paint"


@pytest.mark.parametrize(
    ("arn", "named"),
    [
        (FUNCTION, (LAMBDA, "lambda", "charge-card", None, "")),
        (f"{FUNCTION}:PROD", (LAMBDA, "lambda", "charge-card", "PROD", "")),
        (f"{FUNCTION}:7", (LAMBDA, "lambda", "charge-card", "7", "")),
        (f"{FUNCTION}:$LATEST", (LAMBDA, "lambda", "charge-card", "$LATEST", "")),
        ("arn:aws-cn:lambda:cn-north-1:123456789012:function:f", (LAMBDA, "lambda", "f", None, "")),
        (ACTIVITY_ARN, (ACTIVITY, "activity", "Paint", None, "")),
        ("arn:aws:states:::lambda:invoke", (SERVICE, "lambda", "invoke", None, "")),
        ("arn:aws-us-gov:states:::lambda:invoke", (SERVICE, "lambda", "invoke", None, "")),
        ("arn:aws:states:::lambda:invoke.waitForTaskToken", (SERVICE, "lambda", "invoke.waitForTaskToken", None, CALLBACK)),
        ("arn:aws:states:::sqs:sendMessage", (SERVICE, "sqs", "sendMessage", None, "")),
        ("arn:aws:states:::ecs:runTask.sync", (SERVICE, "ecs", "runTask.sync", None, SYNC)),
        ("arn:aws:states:::states:startExecution.sync:2", (SERVICE, "states", "startExecution.sync:2", None, SYNC)),
        ("arn:aws:states:::aws-sdk:dynamodb:getItem", (SERVICE, "aws-sdk:dynamodb", "getItem", None, "")),
        (
            "arn:aws:states:::aws-sdk:sfn:startExecution.waitForTaskToken",
            (SERVICE, "aws-sdk:sfn", "startExecution.waitForTaskToken", None, CALLBACK),
        ),
        ("arn:aws:states:us-east-1:123456789012:http:invoke", (SERVICE, "http", "invoke", None, "")),
        ("${ChargeArn}", (LAMBDA, "lambda", "${ChargeArn}", None, "")),
        ("anything:else", (LAMBDA, "lambda", "else", None, "")),
    ],
)
def test_a_resource_is_named(arn: str, named: tuple[str | None, ...]) -> None:
    is_invoke = (named[0], named[1], (named[2] or "").partition(".")[0]) == (SERVICE, "lambda", "invoke")
    assert parse_resource(arn) == Resource(arn, *named, is_invoke=is_invoke)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("action", "api"), [("invoke", "invoke"), ("invoke.waitForTaskToken", "invoke"), ("startExecution.sync:2", "startExecution")]
)
def test_the_api_is_the_action_without_its_pattern(action: str, api: str) -> None:
    assert parse_resource(f"arn:aws:states:::service:{action}").api == api


@pytest.mark.parametrize(
    ("arn", "prefix", "subject", "later"),
    [
        (FUNCTION, "LambdaFunction", FUNCTION, None),
        (ACTIVITY_ARN, "Activity", ACTIVITY_ARN, None),
        (
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Task",
            ("sqs", "sendMessage.waitForTaskToken"),
            ("sqs", "sendMessage.waitForTaskToken"),
        ),
    ],
)
def test_each_family_has_events_of_its_own(arn: str, prefix: str, subject: object, later: object) -> None:
    events = task_events(parse_resource(arn))
    assert [event.removeprefix(prefix) for event in events[:6]] == ["Scheduled", "Started", "Submitted", "Succeeded", "Failed", "TimedOut"]
    assert (events.subject, events.later_subject) == (subject, later)
