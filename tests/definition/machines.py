"""Definitions the tests of this folder share, one that has every field, and ways to break one."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

from hypothesis import strategies as st

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:charge:live"

#: Every Type and nearly every field of the JSONPath language.
EVERYTHING: dict[str, Any] = {
    "Comment": "one of each",
    "QueryLanguage": "JSONPath",
    "Version": "1.0",
    "TimeoutSeconds": 3600,
    "StartAt": "Prepare",
    "States": {
        "Prepare": {
            "Type": "Pass",
            "Comment": "a literal",
            "InputPath": "$.order",
            "Parameters": {"id.$": "$.id", "by": "us"},
            "Result": None,
            "ResultPath": "$.prepared",
            "OutputPath": None,
            "Assign": {"id.$": "$.id", "tries": 0},
            "Next": "Charge",
        },
        "Charge": {
            "Type": "Task",
            "Resource": FUNCTION,
            "Credentials": {"RoleArn.$": "$.role"},
            "Parameters": {"amount.$": "States.MathAdd($.amount, 1)"},
            "ResultSelector": {"paid.$": "$.paid"},
            "ResultPath": None,
            "TimeoutSecondsPath": "$.timeout",
            "HeartbeatSeconds": 5,
            "Retry": [
                {
                    "ErrorEquals": ["States.Timeout", "Busy"],
                    "IntervalSeconds": 3,
                    "MaxAttempts": 0,
                    "BackoffRate": 1.5,
                    "MaxDelaySeconds": 60,
                    "JitterStrategy": "FULL",
                },
                {"ErrorEquals": ["States.ALL"]},
            ],
            "Catch": [
                {"ErrorEquals": ["Broke"], "Next": "Stop", "ResultPath": "$.error", "Assign": {"e.$": "$.Error"}},
                {"ErrorEquals": ["States.ALL"], "Next": "Stop", "ResultPath": None},
            ],
            "Next": "Which",
        },
        "Which": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.paid", "BooleanEquals": True, "Next": "Hold", "Assign": {"paid": True}, "Comment": "paid"},
                {
                    "And": [
                        {"Not": {"Variable": "$.paid", "IsPresent": True}},
                        {"Or": [{"Variable": "$$.State.Name", "StringMatches": "W*"}, {"Variable": "$id", "NumericLessThanPath": "$.n"}]},
                    ],
                    "Next": "Each",
                },
                {"Variable": "$.when", "TimestampLessThan": "2026-01-01T00:00:00Z", "Next": "Both"},
            ],
            "Default": "Stop",
        },
        "Hold": {"Type": "Wait", "Timestamp": "2016-03-14T01:59:00Z", "Next": "Hold for"},
        "Hold for": {"Type": "Wait", "SecondsPath": "$.seconds", "Next": "Each"},
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemSelector": {"item.$": "$$.Map.Item.Value"},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                "StartAt": "Work",
                "States": {"Work": {"Type": "Pass", "End": True}},
            },
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "MaxItemsPath": "$.most"},
                "Parameters": {"Bucket": "b", "Key.$": "$.key"},
            },
            "ItemBatcher": {"MaxItemsPerBatch": 10, "MaxInputBytesPerBatchPath": "$.bytes", "BatchInput": {"fact.$": "$.fact"}},
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "p"}},
            "MaxConcurrency": 3,
            "ToleratedFailureCountPath": "$.most",
            "ToleratedFailurePercentage": 12.5,
            "Label": "each",
            "Retry": [{"ErrorEquals": ["States.ALL"]}],
            "Next": "Both",
        },
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Left", "States": {"Left": {"Type": "Succeed", "InputPath": "$.left"}}},
                {
                    "Comment": "the older form",
                    "StartAt": "Right",
                    "States": {
                        "Right": {
                            "Type": "Map",
                            "Iterator": {"StartAt": "Inner", "States": {"Inner": {"Type": "Pass", "End": True}}},
                            "Parameters": {"x.$": "$"},
                            "MaxConcurrencyPath": "$.n",
                            "End": True,
                        }
                    },
                },
            ],
            "ResultSelector": {"both.$": "$"},
            "Next": "Done",
        },
        "Done": {"Type": "Succeed", "OutputPath": "$.both"},
        "Stop": {"Type": "Fail", "ErrorPath": "$.Error", "CausePath": "States.Format('{}!', $.Cause)"},
    },
}

LITTLE: dict[str, Any] = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}

NAMES = sorted(
    {"StartAt", "States", "Type", "Next", "End", "Default", "Choices", "Condition", "Variable", "And", "Or", "Not", "StringEquals"}
    | {"Retry", "Catch", "ErrorEquals", "MaxAttempts", "Resource", "Parameters", "Arguments", "Assign", "Output", "InputPath", "ResultPath"}
    | {"Branches", "ItemProcessor", "Iterator", "ProcessorConfig", "Mode", "ItemReader", "ReaderConfig", "ItemBatcher", "Label", "Items"}
    | {"Seconds", "Timestamp", "TimeoutSeconds", "HeartbeatSeconds", "QueryLanguage", "Credentials", "Error", "ErrorPath", "A", "B", ""}
    | {"k.$", "NumericEquals", "TimestampEquals", "MaxConcurrency", "ToleratedFailurePercentage", "Version", "Comment"}
)
TEXTS = [
    "Pass",
    "Task",
    "Choice",
    "Wait",
    "Succeed",
    "Fail",
    "Parallel",
    "Map",
    "A",
    "B",
    "$",
    "$.a[0]",
    "$$.x",
    "$v",
    "$.a[*]",
    "$[",
    "{% 1 %}",
]
TEXTS += ["JSONPath", "JSONata", "States.ALL", "States.UUID()", "States.Format('{}', $.x)", "States.", "DISTRIBUTED", "${X}", "", FUNCTION]
TEXTS += ["2016-03-14T01:59:00Z", "arn:aws:states:::lambda:invoke", "FULL", "é\n/[0]", "x" * 90]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 200),
    st.sampled_from([1.0, 0.5, -1e300, 10**30, 99999999, 100000000]),
    st.sampled_from(TEXTS),
    st.text(max_size=5),
)
#: JSON that looks a little like a definition.
documents = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
        st.dictionaries(st.text(max_size=4), inner, max_size=2),
    ),
    max_leaves=25,
)


def mutations(definition: dict[str, Any], count: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Copies of a definition, each with one place dropped, replaced, renamed or doubled."""
    random = Random(seed)
    for _ in range(count):
        broken = copy.deepcopy(definition)
        holder, key = random.choice(list(places(broken)))
        MUTATE[random.randrange(len(MUTATE))](holder, key, random)
        yield broken


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with each of its keys or indexes."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


def drop(holder: Any, key: Any, random: Random) -> None:
    del holder[key]


def replace(holder: Any, key: Any, random: Random) -> None:
    holder[key] = random.choice([None, True, False, 0, -1, 1.5, 10**9, [], {}, [1], {"A": 1}, *TEXTS])


def rename(holder: Any, key: Any, random: Random) -> None:
    if isinstance(holder, dict):
        holder[random.choice(NAMES)] = holder.pop(key)


def double(holder: Any, key: Any, random: Random) -> None:
    holder[key] = [copy.deepcopy(holder[key]), copy.deepcopy(holder[key])]


MUTATE = (drop, replace, rename, double)
