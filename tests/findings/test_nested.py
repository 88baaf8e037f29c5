"""Nested causes: the error inside, and the innermost line of the user's own code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from states.findings.finding import Frame
from states.findings.nested import innermost, unfolded

PYTHON = ['  File "/var/task/app.py", line 3, in handler\n    pay(7)\n', '  File "/var/task/pay.py", line 9, in pay\n    boom()\n']
SDK = '  File "/opt/python/botocore/client.py", line 99, in call\n    raise Error()\n'


@pytest.mark.parametrize(
    ("trace", "frame"),
    [
        (PYTHON, Frame("/var/task/pay.py", 9, "pay", "boom()")),
        ([*PYTHON, SDK], Frame("/var/task/pay.py", 9, "pay", "boom()")),
        ([SDK], Frame("/opt/python/botocore/client.py", 99, "call", "raise Error()")),
        ([["/var/task/t.py", 3, "f", "boom()"]], Frame("/var/task/t.py", 3, "f", "boom()")),
        ('  File "/var/task/app.py", line 3, in handler\n    pay(7)', Frame("/var/task/app.py", 3, "handler", "pay(7)")),
        (['  File "a.py", line 1, in f', '  File "b.py", line 2, in g'], Frame("b.py", 2, "g")),
        (["Error: no", "    at pay (/var/task/pay.js:9:13)", "    at Runtime.handler (/var/task/index.js:3:9)"],
         Frame("/var/task/pay.js", 9, "pay")),
        (["Error: no", "    at node:internal/timers:5:1", "    at /var/task/index.js:3:9"], Frame("/var/task/index.js", 3, "")),
        (["Error", "    at call (/var/task/node_modules/sdk/a.js:1:1)", "    at own (/var/task/b.js:2:2)"],
         Frame("/var/task/b.js", 2, "own")),
        (["java.util.List.get(List.java:12)", "shop.Pay.charge(Pay.java:40)", "shop.Main.handle(Main.java:7)"],
         Frame("Pay.java", 40, "shop.Pay.charge")),
        ([], None),
        (None, None),
        ("odd", None),
        ([7, ["a"], {"b": 1}, None], None),
        (['  File "a.py", line 99999999999999999999, in f'], Frame("a.py", None, "f")),
    ],
)  # fmt: skip
def test_the_innermost_line_of_the_users_code(trace: Any, frame: Frame | None) -> None:
    assert innermost(trace) == frame


def lambda_cause(message: str, **more: Any) -> dict[str, Any]:
    return {"errorMessage": message, "errorType": "Broken", **more}


CHILD = {"ExecutionArn": "arn:aws:states:eu-west-1:1:execution:child:run-7", "Name": "run-7", "Status": "FAILED"}


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        (lambda_cause("why"), [("Broken", "why")]),
        (lambda_cause("outer", cause=lambda_cause("middle", cause=lambda_cause("inner"))), [("Broken", "inner")]),
        ({**CHILD, "Error": "PaymentDeclined", "Cause": "card declined"},
         [("PaymentDeclined", "execution run-7 ended with PaymentDeclined: card declined")]),
        ({**CHILD, "Error": "Broken", "Cause": json.dumps(lambda_cause("why"))}, None),
        ({**CHILD, "Error": "States.Timeout"}, [("States.Timeout", "execution run-7 ended with States.Timeout")]),
        (CHILD, [(None, "execution run-7 ended with FAILED")]),
        ({"Status": "FAILED", "StatusReason": "no capacity"}, [("FAILED", "no capacity")]),
        ({"Entries": [{"EventId": "1"}, {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}]},
         [("MalformedDetail", "Detail is malformed.")]),
        ({"message": "Missing Authentication Token"}, [(None, "Missing Authentication Token")]),
        ({"errorMessage": 7}, []),
        ({"other": 1}, []),
        ([1], []),
        ("just text", []),
        (None, []),
    ],
)  # fmt: skip
def test_unfolds(cause: Any, told: list[tuple[str | None, str]] | None) -> None:
    text = cause if cause is None or isinstance(cause, str) else json.dumps(cause)
    found = [(each.error, each.message) for each in unfolded(text)]
    if told is None:
        assert found[0][0] == "Broken"
        assert found[1] == ("Broken", "why")
    else:
        assert found == told


def test_a_child_execution_inside_a_child_execution_is_followed() -> None:
    cause = json.dumps(lambda_cause("at the bottom", stackTrace=PYTHON))
    for _ in range(3):
        cause = json.dumps({**CHILD, "Error": "States.TaskFailed", "Cause": cause})
    found = list(unfolded(cause))
    assert [each.error for each in found] == ["States.TaskFailed"] * 3 + ["Broken"]
    assert found[-1].frame is not None


def test_what_is_nested_without_end_is_not_followed_without_end() -> None:
    cause = "x"
    for _ in range(12):
        cause = json.dumps({"ExecutionArn": "arn", "Cause": cause})
        if len(cause) > 1 << 18:
            break
    assert len(list(unfolded(cause))) <= 8
    assert list(unfolded('{"a":' * 100_000)) == []
