"""What data may look like: a shape has every member that may be there, so what is missing in it is missing in the data.

ANY is a value nothing is known of; what may be one thing or another has whatever either may have.

Source: https://states-language.net/spec.html#data
"""

from __future__ import annotations

from typing import Any

from states.definition.rules.resources import TOKEN
from states.language import paths

ANY = "any"
ARRAY = "array"
SCALAR = "scalar"  #: a text, a number, a boolean or null
MISSING = "missing"
Shape = str | dict[str, Any]  #: one of the words above, or the members an object may have

MAX_DEPTH = 8  #: levels of a shape; what lies deeper may be anything
MAX_MEMBERS = 1000  #: of a shape, at all depths

SDK = ("SdkHttpMetadata", "SdkResponseMetadata")
#: The members of an integration's answer.
ANSWERS: dict[str, tuple[str, ...]] = {
    "lambda:invoke": ("ExecutedVersion", "FunctionError", "LogResult", "Payload", "StatusCode", *SDK),
    "sqs:sendMessage": (
        *("MD5OfMessageBody", "MD5OfMessageAttributes", "MD5OfMessageSystemAttributes", "MessageId", "SequenceNumber"),
        *SDK,
    ),
    "sns:publish": ("MessageId", "SequenceNumber", *SDK),
    "dynamodb:getItem": ("ConsumedCapacity", "Item", *SDK),
    "dynamodb:putItem": ("Attributes", "ConsumedCapacity", "ItemCollectionMetrics", *SDK),
    "dynamodb:updateItem": ("Attributes", "ConsumedCapacity", "ItemCollectionMetrics", *SDK),
    "dynamodb:deleteItem": ("Attributes", "ConsumedCapacity", "ItemCollectionMetrics", *SDK),
    "events:putEvents": ("Entries", "FailedEntryCount", *SDK),
    "states:startExecution": ("ExecutionArn", "StartDate", *SDK),
}
ERROR: Shape = {"Error": SCALAR, "Cause": SCALAR}


def literal(value: Any, depth: int = 0) -> Shape:
    if depth > MAX_DEPTH:
        return ANY
    if type(value) is dict:
        return {key: literal(member, depth + 1) for key, member in value.items()}
    if type(value) is str and "${" in value:
        return ANY
    return ARRAY if type(value) is list else SCALAR


def join(one: Shape, other: Shape) -> Shape:
    """A shape that has whatever either may have."""
    if one == other:
        return one
    if type(one) is dict and type(other) is dict:
        return {**one, **{key: join(one[key], shape) if key in one else shape for key, shape in other.items()}}
    if ANY in (one, other) or ARRAY in (one, other):
        return ANY
    return one if type(one) is dict else other


def cut(shape: Shape) -> Shape:
    """A shape that is neither too deep nor too large; of one that is, nothing is known."""
    if type(shape) is not dict:
        return shape
    made: dict[str, Any] = {}
    waiting: list[tuple[int, Shape, dict[str, Any]]] = [(1, shape, made)]
    count = 0
    for depth, members, target in waiting:  # grows while it is walked
        count += len(members)
        if count > MAX_MEMBERS:
            return ANY
        for key, member in members.items() if type(members) is dict else ():
            if type(member) is not dict:
                target[key] = member
            elif depth == MAX_DEPTH:
                target[key] = ANY
            else:
                target[key] = {}
                waiting.append((depth + 1, member, target[key]))
    return made


def look(shape: Shape, names: tuple[str, ...]) -> tuple[Shape, Shape]:
    """What lies at the end of names, or MISSING, and the shape in which the last was looked for."""
    for name in names:
        if type(shape) is not dict:
            return (ANY, ANY) if shape == ANY else (MISSING, shape)
        if name not in shape:
            return (ANY, ANY) if any("${" in key for key in shape) else (MISSING, shape)
        shape = shape[name]
    return shape, shape


def put(shape: Shape, names: tuple[str, ...], value: Shape) -> Shape:
    """The shape with a value at a place. Below ANY nothing is known."""
    if not names:
        return value
    if type(shape) is not dict:
        return ANY if shape == ANY else put({}, names, value)
    return {**shape, names[0]: put(shape.get(names[0], {}), names[1:], value)}


def names_of(text: Any) -> tuple[str, ...] | None:
    """The names of a path into the data, None for any other."""
    if type(text) is not str or not text.startswith("$") or "${" in text:
        return None
    try:
        path = paths.compile_path(text)
    except paths.InvalidPath:
        return None
    return path.names if path.root == "$" else None


def answer(resource: Any) -> Shape:
    """The shape of a Task's result; ANY when it is not known."""
    if type(resource) is not str or resource.endswith(TOKEN) or ":::" not in resource:
        return ANY
    members = ANSWERS.get(resource.rpartition(":::")[2])
    return dict.fromkeys(members, ANY) if members else ANY
