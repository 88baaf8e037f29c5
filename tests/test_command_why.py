"""`states why`: what it prints, its exit status, and what it says of bad histories."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.test_command import FAIL, PASS, SLOW, command, write

__all__ = ["command"]

TASKS = "def work(event, context):\n    raise RuntimeError('it is broken')\n"
ORDER = {
    "StartAt": "Charge",
    "States": {
        "Charge": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work",
            "Retry": [{"ErrorEquals": ["RuntimeError"], "MaxAttempts": 1}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}],
            "End": True,
        },
        "Failed": {"Type": "Fail", "Error": "OrderFailed"},
    },
}


def history(command: Any, definition: Any = ORDER, code: int = 1) -> str:
    write("tasks.py", TASKS)
    assert command("run", write("order.asl.json", definition), "--history", "h.json", "--quiet").code == code
    return "h.json"


def test_shows_the_finding(command: Any) -> None:
    result = command("why", history(command), "--machine", "order.asl.json")
    assert (result.code, result.err) == (0, "")
    for shown in (
        "Charge failed: RuntimeError",
        "where  order.asl.json:4:5  /States/Charge",
        "code   tasks.py:2 in work  raise RuntimeError('it is broken')",
        "used up, 1 retry of MaxAttempts 1  line 8",
        "States.ALL → Failed: took it  line 16",
        "Failed ended the execution: OrderFailed",
    ):
        assert shown in result.out
    assert result.out.endswith("╯\n")


def test_without_the_machine(command: Any) -> None:
    result = command("why", history(command))
    assert result.code == 0
    assert "Charge failed: RuntimeError" in result.out
    assert "where" not in result.out


def test_a_failed_run_and_a_trace_end_with_the_same(command: Any) -> None:
    write("tasks.py", TASKS)
    run = command("run", write("order.asl.json", ORDER), "--history", "h.json")
    trace = command("trace", "h.json", "--machine", "order.asl.json")
    why = command("why", "h.json", "--machine", "order.asl.json")
    assert why.out in run.err
    assert why.out in trace.out


def test_a_quiet_run_says_it_in_a_line(command: Any) -> None:
    write("tasks.py", TASKS)
    result = command("run", write("order.asl.json", ORDER), "--quiet")
    assert result.err == "states: FAILED in Charge: RuntimeError: it is broken; Failed made OrderFailed of it\n"


def test_as_json(command: Any) -> None:
    result = command("why", history(command), "--machine", "order.asl.json", "--json")
    found = json.loads(result.out)
    assert (found["state"], found["error"], found["line"], found["event_id"]) == ("Charge", "RuntimeError", 4, 8)
    assert [reason["verdict"] for reason in found["reasons"]] == ["used up", "took it"]
    assert found["frame"]["code"] == "raise RuntimeError('it is broken')"
    assert [step["error"] for step in found["became"]] == ["RuntimeError", "OrderFailed"]


@pytest.mark.parametrize(
    ("definition", "code", "shown"),
    [
        (PASS, 0, "Succeeded: nothing was caught"),
        (FAIL, 1, "A failed: Stop"),
        (SLOW, 124, "Timed out after 5 s"),
    ],
    ids=["succeeded", "failed", "timed out"],
)
def test_every_end_is_told_with_exit_status_0(command: Any, definition: Any, code: int, shown: str) -> None:
    result = command("why", history(command, definition, code), "--machine", "order.asl.json")
    assert (result.code, result.err) == (0, "")
    assert shown in result.out


def test_a_history_from_stdin(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = Path(history(command)).read_text()
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    assert "Charge failed" in command("why", "-").out


def test_newest_first_as_reverse_order_gives_it(command: Any) -> None:
    events = json.loads(Path(history(command)).read_text())["events"]
    assert "Charge failed" in command("why", write("r.json", {"events": events[::-1]})).out


def test_a_history_without_an_end_is_shown_and_said(command: Any) -> None:
    events = json.loads(Path(history(command)).read_text())["events"][:4]
    result = command("why", write("cut.json", events))
    assert result.code == 2
    assert "Not at its end" in result.out
    assert (
        result.err == "states: cut.json: no end: its last event is 4 (LambdaFunctionStarted); it still runs, or the history was cut off\n"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda events: events[3:], "cut.json: its first event is event 4 LambdaFunctionStarted; expected event 1 ExecutionStarted"),
        (lambda events: events[:4] + events[5:], "cut.json: event 5 is missing"),
        (lambda events: [*events, {**events[-1], "type": "Odd"}], "cut.json: no history: event 12: its id 11 is that of another event"),
        (lambda events: [{**event, "type": "Odd"} for event in events], 'cut.json: event 1: there is no event type "Odd"'),
        (lambda events: [], "cut.json: no history: it holds no events"),
        (lambda events: "text", "cut.json: no history: found"),
    ],
)
def test_a_bad_history_names_its_event(command: Any, change: Any, message: str) -> None:
    events = json.loads(Path(history(command)).read_text())["events"]
    result = command("why", write("cut.json", json.dumps(change(events))))
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert len(result.err.splitlines()) == 1


def test_the_history_of_another_machine(command: Any) -> None:
    result = command("why", history(command), "--machine", write("other.asl.json", PASS))
    assert (result.code, result.out) == (2, "")
    assert 'event 2 TaskStateEntered "Charge": there is no such state in other.asl.json; is this another machine\'s history?' in result.err


def test_a_machine_in_a_template(command: Any) -> None:
    pytest.importorskip("yaml")
    template = {"Resources": {"Order": {"Type": "AWS::Serverless::StateMachine", "Properties": {"Definition": ORDER}}}}
    result = command("why", history(command), "--machine", write("template.yaml", json.dumps(template, indent=2)))
    assert result.code == 0
    assert "template.yaml:9:" in result.out
