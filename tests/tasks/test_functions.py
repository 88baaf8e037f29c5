"""A callable as a Lambda function: results as JSON, exceptions as documents, the context object."""

from __future__ import annotations

import json
from collections import OrderedDict, namedtuple
from enum import IntEnum
from typing import Any

import pytest

import states
from states.language.values import copy_json
from states.tasks.functions import (
    NotJson,
    TaskContext,
    TaskError,
    as_function,
    compact,
    error_document,
    function,
    spaced,
    to_json,
)

Point = namedtuple("Point", "x y")


class Colour(IntEnum):
    RED = 1


class Text(str):
    __slots__ = ()


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("result", "value"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (1.5, 1.5),
        ("é", "é"),
        ([1, (2, 3)], [1, [2, 3]]),
        ({"a": {"b": [None]}}, {"a": {"b": [None]}}),
        ({1: "one", False: "yes", None: "no", 1.5: "x"}, {"1": "one", "false": "yes", "null": "no", "1.5": "x"}),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (Point(1, 2), [1, 2]),
        (Colour.RED, 1),
        ([Text("t")], ["t"]),
        (2**100, 2**100),
        (-(10**3999), -(10**3999)),
        (b"[1]", [1]),
        (bytearray(b"x"), "x"),
        (b"\xff", "\ufffd"),
        (b"[NaN]", "[NaN]"),
    ],
)
def test_a_result_becomes_json(result: Any, value: Any) -> None:
    made = to_json(result)
    assert made == value
    assert type(made) is type(value)


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ({1, 2}, "Object of type set is not JSON serializable"),
        ([object], "Object of type type is not JSON serializable"),
        ({"a": 1j}, "Object of type complex is not JSON serializable"),
        ([b"x"], "Object of type bytes is not JSON serializable"),
        ({(1, 2): 3}, "keys must be str, int, float, bool or None, not tuple"),
        (float("nan"), "Out of range float values are not JSON compliant"),
        ([float("inf")], "Out of range float values are not JSON compliant"),
        ([10**5000], "Exceeds the limit (4300 digits) for integer string conversion"),
        ({"a": [10**5000]}, "Exceeds the limit (4300 digits) for integer string conversion"),
        (nested(501), "Nested deeper than 500 levels"),
    ],
)
def test_what_is_no_json_is_told_as_lambda_tells_it(result: Any, text: str) -> None:
    with pytest.raises(NotJson) as caught:
        to_json(result)
    assert str(caught.value).startswith("Unable to marshal response: ")
    assert text in str(caught.value)


def test_a_whole_number_no_text_can_hold() -> None:
    with pytest.raises(NotJson, match="Exceeds the limit"):
        to_json(10**5000)


def test_a_result_that_no_stack_can_hold() -> None:
    with pytest.raises(NotJson, match="nested too deeply"):
        to_json(nested(100_000))


def test_a_result_that_holds_itself() -> None:
    ring: dict[str, Any] = {}
    ring["ring"] = ring
    with pytest.raises(NotJson, match="Circular reference"):
        to_json(ring)


@pytest.mark.parametrize("levels", [1, 300, 499])
def test_a_deep_value_is_copied(levels: int) -> None:
    assert to_json(nested(levels)) == nested(levels)
    assert copy_json(nested(levels)) == nested(levels)


def test_a_result_is_copied() -> None:
    given: dict[str, Any] = {"a": [1]}
    made = to_json(given)
    given["a"].append(2)
    assert made == {"a": [1]}


def test_a_deep_input_reaches_the_callable() -> None:
    machine = {
        "StartAt": "A",
        "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}},
    }
    assert states.run(machine, {"deep": nested(498)}, {"f": lambda event, context: event}).output == {"deep": nested(498)}


# ---------------------------------------------------------------- exceptions


def raised(fault: BaseException) -> BaseException:
    try:
        raise fault
    except BaseException as caught:
        return caught


class CardDeclined(Exception):
    pass


def test_the_document_of_an_exception() -> None:
    error, document = error_document(raised(CardDeclined("no money")), "r-1")
    assert error == "CardDeclined"
    assert list(document) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert (document["errorMessage"], document["errorType"], document["requestId"]) == ("no money", "CardDeclined", "r-1")
    (frame,) = document["stackTrace"]
    assert frame.startswith(f'  File "{__file__}", line ')
    assert frame.endswith(", in raised\n    raise fault\n")


def test_the_stack_trace_begins_in_the_handler() -> None:
    def handler(event: Any, context: Any) -> Any:
        inner()

    def inner() -> None:
        raise CardDeclined("x")

    machine = {
        "StartAt": "A",
        "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}},
    }
    cause = json.loads(states.run(machine, {}, {"f": handler}).cause or "")
    assert [line.split(", in ")[1].split("\n")[0] for line in cause["stackTrace"]] == ["handler", "inner"]


def test_an_endless_stack_trace_is_cut() -> None:
    def deeper(event: Any, context: Any) -> Any:
        return deeper(event, context)

    machine = {
        "StartAt": "A",
        "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}},
    }
    execution = states.run(machine, {}, {"f": deeper})
    assert execution.error == "RecursionError"
    assert len(json.loads(execution.cause or "")["stackTrace"]) <= 50


@pytest.mark.parametrize(
    ("code", "end"),
    [
        (3, "with error: exit status 3"),
        (0, "without providing a reason"),
        (None, "without providing a reason"),
        ("bye", "with error: exit status bye"),
    ],
)
def test_sys_exit_is_the_end_of_the_function(code: Any, end: str) -> None:
    error, document = error_document(SystemExit(code), "r-1")
    assert error == "Runtime.ExitError"
    assert document == {"errorType": "Runtime.ExitError", "errorMessage": f"RequestId: r-1 Error: Runtime exited {end}"}


def test_a_direct_task_keeps_the_spaces_and_invoke_does_not() -> None:
    document = {"errorMessage": "né", "stackTrace": []}
    assert spaced(document) == '{"errorMessage": "né", "stackTrace": []}'
    assert compact(document) == '{"errorMessage":"né","stackTrace":[]}'


@pytest.mark.parametrize("fault", [KeyboardInterrupt, GeneratorExit])
def test_what_ends_the_program_is_not_held_back(fault: type[BaseException]) -> None:
    def handler(event: Any, context: Any) -> Any:
        raise fault

    machine = {
        "StartAt": "A",
        "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}},
    }
    with pytest.raises(fault):
        states.run(machine, {}, {"f": handler})


def test_task_error_holds_its_error_and_cause() -> None:
    assert (TaskError("E", "C").error, TaskError("E", "C").cause, TaskError().error) == ("E", "C", None)


# ---------------------------------------------------------------- configuration and context


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"timeout_seconds": 0}, "timeout_seconds must be above 0 and at most 900, not 0"),
        ({"timeout_seconds": 901}, "timeout_seconds must be above 0 and at most 900, not 901"),
        ({"memory_mb": 64}, "memory_mb must be from 128 to 10240, not 64"),
        ({"memory_mb": 20_000}, "memory_mb must be from 128 to 10240, not 20000"),
    ],
)
def test_a_configuration_no_function_can_have(options: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        function(**options)


def test_the_defaults_are_lambda_s() -> None:
    found = as_function(lambda event, context: None, "f")
    assert (found.name, found.timeout_seconds, found.memory_mb, found.version) == ("f", 3.0, 128, "$LATEST")


class StandingClock:
    """A clock that notes what it is asked for."""

    def __init__(self) -> None:
        self.time = 100.0
        self.asked: list[tuple[Any, ...]] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def heartbeat(self) -> None:
        self.asked.append(("heartbeat",))

    def answer(self, task_token: str, after: float, kind: str, *values: Any) -> None:
        self.asked.append((task_token, after, kind, *values))


def test_the_context_object() -> None:
    clock = StandingClock()
    called = as_function(function("charge", timeout_seconds=10, memory_mb=256, version="4")(lambda event, context: None), "x")
    context = TaskContext(called, clock, "arn:f", "r-1", "Charge", 2, "token")
    assert (context.function_name, context.function_version, context.memory_limit_in_mb) == ("charge", "4", "256")
    assert (context.invoked_function_arn, context.aws_request_id) == ("arn:f", "r-1")
    assert (context.state_name, context.attempt, context.task_token) == ("Charge", 2, "token")
    assert (context.log_group_name, context.client_context, context.identity) == ("/aws/lambda/charge", None, None)
    assert context.log_stream_name == "2026/01/01/[4]r1"
    context.sleep(4)
    assert context.get_remaining_time_in_millis() == 6000
    context.sleep(40)
    assert context.get_remaining_time_in_millis() == 0
    context.heartbeat()
    context.send_task_success("t", {"a": (1,)}, after=5)
    context.send_task_failure("t", "E")
    context.send_task_heartbeat("t", after=1)
    assert clock.asked == [("heartbeat",), ("t", 5, "success", {"a": [1]}), ("t", 0.0, "failure", "E", None), ("t", 1, "heartbeat")]


def test_an_answer_that_is_no_json_is_refused_at_once() -> None:
    context = TaskContext(as_function(lambda event, context: None, "f"), StandingClock(), "arn:f", "r", "S", 1, "t")
    with pytest.raises(NotJson):
        context.send_task_success("t", {1, 2})
