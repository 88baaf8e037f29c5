"""Failure: the panel names the state, the line, the error, the data, and who might have taken the error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rich.cells import cell_len

import states
from states.views import visits
from states.views.failure import Failure
from states.views.story import read
from states.views.visits import Chain
from tests.views.stories import FAIL, PASS, TASKS, WAYS, block, both, drawn, each, story, task


def panel(definition: Any, input: Any = None, *, width: int = 100, **fields: Any) -> str:
    text = json.dumps({**definition, **fields}, indent=2)
    machine = states.loads(text, source="order.asl.json")
    return drawn(Failure(read(states.run(machine, input, TASKS).history.recorded), machine), width)


@pytest.mark.parametrize(
    ("definition", "input", "expected"),
    [
        (
            block(A=task("broken")),
            {"order": 7},
            ["A failed: Broken", "it is broken", 'raise Broken("it is broken")', "order.asl.json:4:5  /States/A", '{"order": 7}',
             "no Retry and no Catch here"],
        ),
        (
            block(A=task(Retry=[{"ErrorEquals": ["Flaky"], "MaxAttempts": 2}])),
            {"fail": 9},
            ["A failed: Flaky", "Flaky: used up, 2 retries of MaxAttempts 2"],
        ),
        (
            block(A=task("broken", Retry=[{"ErrorEquals": ["Flaky"]}], Catch=[{"ErrorEquals": ["Other"], "Next": "B"}]), B=PASS),
            {},
            ["retry  Flaky: another error", "catch  Other → B: another error"],
        ),
        (
            block(A=task(Retry=[{"ErrorEquals": ["Flaky"], "MaxAttempts": 0}, {"ErrorEquals": ["States.ALL"]}])),
            {"fail": 9},
            ["Flaky: used up, 0 retries of MaxAttempts 0", "States.ALL: not asked, an earlier one decides"],
        ),
        (
            block(A=task(Parameters={"x.$": "$.nothing"}, Retry=[{"ErrorEquals": ["States.ALL"]}],
                         Catch=[{"ErrorEquals": ["States.ALL"], "Next": "B"}]), B=PASS),
            {},
            ["A failed: States.Runtime", "States.Runtime is never retried", "States.ALL → B: States.Runtime is never caught"],
        ),
        (block(A=PASS, B=FAIL), {}, ["B failed: Stop", "no way on", "/States/B"]),
        (
            block(A=task("broken", Catch=[{"ErrorEquals": ["States.ALL"], "Next": "B"}]), B=FAIL),
            {},
            ["B failed: Stop", "after  A: Broken: it is broken"],
        ),
        (
            block(A=both(block(B=task("broken")), Retry=[{"ErrorEquals": ["Broken"], "MaxAttempts": 1}])),
            {},
            ["A › branch 1 › B", "A: Broken: used up, 1 retry of MaxAttempts 1", "/States/A/Branches[0]/States/B"],
        ),
        (block(A=each(block(B=task("broken")))), [5], ["A › [0] › B", "input  5"]),
        (block(A=task(Parameters={"fail": 9, "n.$": "$.n"})), {"n": 1}, ['asked  {"fail": 9, "n": 1}', 'input  {"n": 1}']),
        ({**block(A={"Type": "Wait", "Seconds": 60}), "TimeoutSeconds": 5}, {}, ["Timed out after 5 s", "running  A  for 5 s"]),
    ],
)  # fmt: skip
def test_says_what_happened(definition: Any, input: Any, expected: list[str]) -> None:
    text = panel(definition, input)
    assert [each for each in expected if each not in text] == []


@pytest.mark.parametrize("name", ["one state", "caught", "items", "a wait"])
def test_nothing_is_said_of_a_success(name: str) -> None:
    assert drawn(Failure(story(name))) == ""


def test_nothing_is_said_while_it_runs() -> None:
    assert drawn(Failure(read([("ExecutionStarted", 0, 0.0, None, {})]))) == ""


@pytest.mark.parametrize(
    "name", [name for name, (_, _, way) in WAYS.items() if ("FAILED" in way or "TIMED_OUT" in way) and "CAUGHT" not in way]
)
@pytest.mark.parametrize("width", [24, 40, 80, 200])
def test_fits_the_terminal_with_and_without_the_machine(name: str, width: int) -> None:
    machine = states.loads(WAYS[name][0])
    for text in (drawn(Failure(story(name)), width), drawn(Failure(story(name), machine), width)):
        assert text
        assert [line for line in text.splitlines() if cell_len(line) > width] == []
        assert "\x1b" not in text


def failed(cause: str | None, error: str | None = "E") -> str:
    events = [
        ("ExecutionStarted", 0, 0.0, None, {}),
        ("TaskStateEntered", 0, 0.0, "A", {}),
        ("ExecutionFailed", 2, 0.0, error, cause),
    ]
    return drawn(Failure(read(events)), 80)


@pytest.mark.parametrize(
    ("cause", "shown", "hidden"),
    [
        (None, ["A failed: E"], ["None"]),
        ("two\nlines", ["│ two ", "│ lines "], []),
        ("\x1b[2Jred", ["\\x1b[2Jred"], ["\x1b"]),
        ("\n".join(map(str, range(40))), ["… 28 lines more"], ["30"]),
        ('{"errorMessage": "m", "errorType": "T", "stackTrace": ["  File \\"t.py\\", line 3, in f\\n    boom()\\n"]}',
         ['File "t.py", line 3, in f', "boom()"], ["errorType"]),
        ('{"errorMessage": "m", "errorType": "T", "stackTrace": [["/var/task/t.py", 3, "f", "boom()"]]}',
         ['File "/var/task/t.py", line 3, in f', "boom()"], []),
        ('{"errorMessage": "m", "stackTrace": "odd"}', ["│ m "], ["odd"]),
        ('{"errorMessage": "", "stackTrace": [7, ["a"]]}', ["(no message)"], []),
        ('{"other": 1}', ['{"other": 1}'], []),
    ],
)  # fmt: skip
def test_unfolds_the_cause(cause: str | None, shown: list[str], hidden: list[str]) -> None:
    text = failed(cause)
    assert [each for each in shown if each not in text] == []
    assert [each for each in hidden if each in text] == []


def test_an_error_without_a_name() -> None:
    assert "A failed: no error name" in failed("why", None)


def test_a_stopped_execution_says_what_ran() -> None:
    events = [
        ("ExecutionStarted", 0, 0.0, None, {}),
        ("WaitStateEntered", 0, 0.0, "A", {}),
        ("ExecutionAborted", 0, 3.5, "By hand", None),
    ]
    text = drawn(Failure(read(events)), 80)
    assert "Stopped: By hand" in text
    assert "A  for 3.5 s" in text


def test_many_that_ran_are_counted() -> None:
    machine = states.loads({**block(A=each(block(B={"Type": "Wait", "Seconds": 99}))), "TimeoutSeconds": 5})
    text = drawn(Failure(read(states.run(machine, list(range(30))).history.recorded), machine), 80)
    assert "… 24 more" in text


def test_the_child_execution_that_failed_first_is_named() -> None:
    events = [
        ("ExecutionStarted", 0, 0.0, None, {}),
        ("MapStateEntered", 0, 0.0, "Each", {}),
        ("MapStateStarted", 2, 0.0, 2, None),
        ("MapRunStarted", 3, 0.0, "arn:run", None),
        ("MapRunFailed", 4, 1.0, "States.ExceedToleratedFailureThreshold", "too many"),
        ("MapStateFailed", 5, 1.0, None, None),
        ("ExecutionFailed", 6, 1.0, "States.ExceedToleratedFailureThreshold", "too many"),
    ]
    children = {
        "arn:run": [
            Chain(visits.EXECUTION, 0, status="SUCCEEDED"),
            Chain(visits.EXECUTION, 1, status="FAILED", error="Broken", cause="why"),
        ]
    }
    assert "run 1  Broken: why" in drawn(Failure(read(events), None, children), 80)
