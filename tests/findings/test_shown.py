"""Shown: the panel names the state, the line, the error, the data, and who might have taken the error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

import states
from states.findings.shown import Shown
from states.findings.why import of_story, why
from states.views.story import read
from tests.views.stories import FAIL, PASS, TASKS, WAYS, block, both, drawn, each, story, task


def inner(event: Any) -> Any:
    raise ValueError("too deep")


def between(event: Any) -> Any:
    return inner(event)


def deep(event: Any, context: states.TaskContext) -> Any:
    return between(event)


def panel(definition: Any, input: Any = None, *, width: int = 100, **shown: Any) -> str:
    text = json.dumps(definition, indent=2)
    machine = states.loads(text, source="order.asl.json")
    return drawn(Shown(why(states.run(machine, input, {**TASKS, "deep": deep})), **shown), width)


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
            ["Flaky: MaxAttempts is 0: never retried", "States.ALL: Flaky comes first and decides"],
        ),
        (
            block(A=task(Parameters={"x.$": "$.nothing"}, Retry=[{"ErrorEquals": ["States.ALL"]}],
                         Catch=[{"ErrorEquals": ["States.ALL"], "Next": "B"}]), B=PASS),
            {},
            ["A failed: States.Runtime", "saw    $.nothing: $ has no nothing; it is empty", "States.Runtime is never retried",
             "States.ALL → B: States.Runtime is never caught"],
        ),
        (block(A=PASS, B=FAIL), {}, ["B failed: Stop", "no way on", "/States/B"]),
        (
            block(A=task("broken", Catch=[{"ErrorEquals": ["States.ALL"], "Next": "B"}]), B=FAIL),
            {},
            ["A failed: Broken", "B ended the execution: Stop"],
        ),
        (
            block(A=both(block(B=task("broken")), Retry=[{"ErrorEquals": ["Broken"], "MaxAttempts": 1}])),
            {},
            ["A › branch 1 › B", "A: Broken: used up, 1 retry of MaxAttempts 1", "/States/A/Branches[0]/States/B"],
        ),
        (block(A=each(block(B=task("broken")))), [5], ["A › [0] › B", "input  5"]),
        (block(A=task(Parameters={"fail": 9, "n.$": "$.n"})), {"n": 1}, ['given  {"fail": 9, "n": 1}', 'input  {"n": 1}']),
        ({**block(A={"Type": "Wait", "Seconds": 60}), "TimeoutSeconds": 5}, {}, ["Timed out after 5 s", "running  A  for 5 s"]),
    ],
)  # fmt: skip
def test_says_what_happened(definition: Any, input: Any, expected: list[str]) -> None:
    text = panel(definition, input)
    assert [each for each in expected if each not in text] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("one state", ["Succeeded: nothing was caught"]),
        ("caught", ["Succeeded: 1 failure caught on the way", "caught  A: Broken: it is broken → After  event 5"]),
        ("items again", ["caught  C: Broken: it is broken → After", "after 1 retry"]),
    ],
)
def test_a_success_shows_what_was_caught(name: str, shown: list[str]) -> None:
    text = drawn(Shown(of_story(story(name))))
    assert [each for each in shown if each not in text] == []


@pytest.mark.parametrize(
    ("definition", "input", "expected"),
    [
        (block(A=PASS), {}, "✓ Succeeded: nothing was caught\n"),
        (block(A={"Type": "Wait", "Seconds": 5}), {}, "✓ Succeeded: nothing was caught  5 s\n"),
        (block(A=task(Retry=[{"ErrorEquals": ["Flaky"]}])), {"fail": 2}, "✓ Succeeded: nothing was caught  2 retries, 4.5 s\n"),
    ],
)
def test_a_success_without_caught_failures_is_a_line(definition: Any, input: Any, expected: str) -> None:
    assert panel(definition, input) == expected
    assert all(len(line) <= 24 for line in panel(definition, input, width=24).splitlines())


def test_one_that_runs_shows_where_it_stands() -> None:
    text = drawn(Shown(of_story(read([("ExecutionStarted", 0, 0.0, None, {}), ("WaitStateEntered", 0, 0.0, "A", {})]))))
    assert "Not at its end" in text
    assert "it still runs, or the history was cut off" in text


@pytest.mark.parametrize(
    "name", [name for name, (_, _, way) in WAYS.items() if ("FAILED" in way or "TIMED_OUT" in way) and "CAUGHT" not in way]
)
@pytest.mark.parametrize("width", [24, 40, 80, 200])
def test_fits_the_terminal_with_and_without_the_machine(name: str, width: int) -> None:
    machine = states.loads(WAYS[name][0])
    told = story(name)
    for finding in (of_story(told), of_story(told, machine)):
        for brief in (True, False):
            check(drawn(Shown(finding, brief=brief), width), width)


def check(text: str, width: int) -> None:
    assert text
    assert [line for line in text.splitlines() if cell_len(line) > width] == []
    assert "\x1b" not in text


def failed(cause: str | None, error: str | None = "E") -> str:
    events = [
        ("ExecutionStarted", 0, 0.0, None, {}),
        ("TaskStateEntered", 0, 0.0, "A", {}),
        ("ExecutionFailed", 2, 0.0, error, cause),
    ]
    return drawn(Shown(of_story(read(events))), 80)


@pytest.mark.parametrize(
    ("cause", "shown", "hidden"),
    [
        (None, ["A failed: E"], ["None"]),
        ("two\nlines", ["│ two ", "│ lines "], []),
        ("\x1b[2Jred", ["\\x1b[2Jred"], ["\x1b"]),
        ("\n".join(map(str, range(40))), ["… 28 lines more"], ["30"]),
        ('{"errorMessage": "m", "errorType": "T", "stackTrace": ["  File \\"t.py\\", line 3, in f\\n    boom()\\n"]}',
         ["code   t.py:3 in f  boom()"], ["errorType", 'File "t.py"']),
        ('{"errorMessage": "m", "errorType": "T", "stackTrace": [["/var/task/t.py", 3, "f", "boom()"]]}',
         ["code   /var/task/t.py:3 in f  boom()"], []),
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
    text = drawn(Shown(of_story(read(events))), 80)
    assert "Stopped: By hand" in text
    assert "A  for 3.5 s" in text


def test_many_that_ran_are_counted() -> None:
    machine = states.loads({**block(A=each(block(B={"Type": "Wait", "Seconds": 99}))), "TimeoutSeconds": 5})
    text = drawn(Shown(why(states.run(machine, list(range(30))))), 80)
    assert "… 24 more" in text


def test_an_execution_that_went_on_shows_what_came_of_the_error() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "B"}]
    text = panel(block(A=task("broken", Catch=catch), B=FAIL))
    for shown in ("A failed: Broken", "States.ALL → B: took it", "then   A caught, B is next", "B ended the execution: Stop: no way on"):
        assert shown in text


def test_the_brief_form_shows_two_places_of_the_stack_trace() -> None:
    brief, full = panel(block(A=task("deep")), brief=True), panel(block(A=task("deep")))
    for shown in ("in between", "return inner(event)", "in inner", "raise ValueError"):
        assert shown in brief
    assert "return between(event)" not in brief
    assert "return between(event)" in full


def test_a_place_is_not_shown_twice() -> None:
    assert panel(block(A=task("deep"))).count("raise ValueError") == 1
    assert panel(block(A=task("broken"))).count("raise Broken") == 1


def test_paths_are_shown_from_here() -> None:
    here = str(Path(__file__).parent) + "/"
    assert 'File "test_shown.py"' in panel(block(A=task("deep")), here=here)
    assert here not in panel(block(A=task("deep")), here=here)
