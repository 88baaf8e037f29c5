"""`states run --mock-config`: what it prints where, its exit status, and what it says of a file that does not fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from states.__main__ import main
from tests.shared import ROOT

ORDER = str(ROOT / "machines" / "order")
INPUT = str(ROOT / "machines" / "order" / "inputs" / "paid.json")
SEND = {"QueueUrl": "https://q", "MessageBody": "b"}
SAMPLE = ROOT / "machines" / "order" / "MockConfigFile.json"


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs `states run` on the order machine, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str, machine: str = ORDER) -> Result:
        code = main(["run", machine, "--input", INPUT, *arguments])
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run


def changed(old: str, new: str) -> str:
    """A file with the sample's mocks, one of them changed."""
    text = SAMPLE.read_text()
    assert text.count(old) == 1
    Path("mocks.json").write_text(text.replace(old, new))
    return "mocks.json"


@pytest.mark.parametrize(
    ("case", "code", "output", "said"),
    [
        (
            "HappyPath",
            0,
            {"order": "A-1001", "paid": "49.00 EUR", "parcel": "parcel-1"},
            "order  STANDARD  virtual time  mocks of HappyPath",
        ),
        ("GatewayBusy", 0, {"order": "A-1001", "paid": "49.00 EUR", "parcel": "parcel-A-1001"}, "3 attempts"),
        ("Undeliverable", 1, None, "NoSuchAddress: no carrier goes there"),
    ],
)
def test_a_test_case_runs(run: Any, case: str, code: int, output: Any, said: str) -> None:
    result = run("--mock-config", str(SAMPLE), "--test-case", case)
    assert (result.code, json.loads(result.out) if result.out else None) == (code, output)
    assert said in result.err


def test_a_test_case_runs_in_real_time(run: Any) -> None:
    result = run("--mock-config", str(SAMPLE), "--test-case", "HappyPath", "--real-time")
    assert (result.code, json.loads(result.out)["parcel"]) == (0, "parcel-1")
    assert "order  STANDARD  real time  mocks of HappyPath" in result.err


def test_a_callable_of_the_user_does_not_come_before_a_mock(run: Any) -> None:
    result = run("--mock-config", str(SAMPLE), "--test-case", "HappyPath", "--task", "ShipOrder=builtins:print", "-q")
    assert json.loads(result.out)["parcel"] == "parcel-1"
    assert result.err == ""


TOO_FEW = ('"2": {"Return": {"receipt": "49.00 EUR", "charge": "charge-3"}}', '"2": {"Throw": {"Error": "GatewayBusy", "Cause": "again"}}')
TOO_MANY = ('"0-1": {"Throw": {"Error": "GatewayBusy"', '"0-1": {"Throw": {"Error": "CardDeclined"')


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (TOO_FEW, "mocks.json:6: the mock of 'ChargeCard' has 3 answers and was asked once more, in attempt 4"),
        (TOO_MANY, "mocks.json:6: the mock of 'ChargeCard' was asked once, 2 of its answers were not given"),
    ],
)
@pytest.mark.parametrize("shown", ["", "--quiet", "--json", "--no-trace", "--values"])
def test_mocks_that_do_not_fit_the_run_are_told_and_nothing_else_is_printed(run: Any, change: Any, said: str, shown: str) -> None:
    result = run("--mock-config", changed(*change), "--test-case", "GatewayBusy", *([shown] if shown else []))
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith(f"states: {said}\n")
    assert "Traceback" not in result.err
    assert (result.err.count("\n") == 1) is (shown == "--json" or (shown in ("--quiet", "--no-trace") and change is TOO_FEW))


def test_answers_that_are_left_are_told_in_real_time_too(run: Any) -> None:
    one_more = changed('"ShipOrder": "Shipped"', '"ShipOrder": "Shipped", "RefundPayment": "Refunded"')
    result = run("--mock-config", one_more, "--test-case", "HappyPath", "--real-time", "-q")
    assert (result.code, result.out) == (2, "")
    assert "the mock of 'RefundPayment' was never asked, 1 of its answers was not given" in result.err


def test_a_mock_that_is_asked_too_often_in_real_time_is_told(run: Any) -> None:
    state: Any = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": SEND, "Next": "C"}
    state["Catch"] = [{"ErrorEquals": ["States.ALL"], "Next": "E"}]
    again = {"Type": "Choice", "Choices": [{"Variable": "$.end", "IsPresent": True, "Next": "E"}], "Default": "S"}
    Path("m.asl.json").write_text(json.dumps({"StartAt": "S", "States": {"S": state, "C": again, "E": {"Type": "Succeed"}}}))
    answers = {"r": {"0-4": {"Return": {}}}}
    Path("mocks.json").write_text(json.dumps({"StateMachines": {"m": {"TestCases": {"c": {"S": "r"}}}}, "MockedResponses": answers}))
    for clock in ([], ["--real-time"]):
        result = run("--mock-config", "mocks.json", "--test-case", "c", *clock, machine="m.asl.json")
        assert (result.code, result.out) == (2, "")
        assert "RUNNING" in result.err
        assert result.err.endswith("states: mocks.json:1: the mock of 'S' has 5 answers and was asked once more, in attempt 1\n")


BAD: list[tuple[list[str], tuple[str, str] | None, list[str]]] = [
    (["--test-case", "HappyPath"], None, ["give it with --mock-config FILE"]),
    (["--mock-machine", "order"], None, ["give it with --mock-config FILE"]),
    (["--mock-config", "none.json", "--test-case", "HappyPath"], None, ["none.json: no such file"]),
    (["--mock-config", ".", "--test-case", "HappyPath"], None, [".: a folder; expected a file"]),
    (["--mock-config", "mocks.json"], ("", ""), ['a test case of \'order\' must be named; there is "HappyPath", "GatewayBusy"']),
    (["--mock-config", "mocks.json", "--test-case", "Happy"], ("", ""), ["no test case of 'order' is called 'Happy'"]),
    (
        ["--mock-config", "mocks.json", "--test-case", "HappyPath", "--mock-machine", "Order"],
        ("", ""),
        ["no state machine is called 'Order'; did you mean \"order\"?"],
    ),
    (
        ["--mock-config", "mocks.json", "--test-case", "GatewayBusy"],
        ('"0-1"', '"1-0"'),
        ["mocks.json:19:7  ERROR INVALID_INVOCATION", '"1-0" ends before it begins', "19 | ", "states: mocks.json: 1 error"],
    ),
    (
        ["--mock-config", "mocks.json", "--test-case", "GatewayBusy"],
        ('"GatewayBusy": {"ChargeCard"', '"GatewayBusy": {"ChargeCrd"'),
        ["mocks.json:6:25  ERROR UNKNOWN_STATE", "has no state 'ChargeCrd'", 'did you mean "ChargeCard"?', "states: mocks.json: 1 error"],
    ),
    (["--mock-config", "mocks.json", "--test-case", "GatewayBusy"], ('"MockedResponses"', "MockedResponses"), ["mocks.json:11:3", "JSON"]),
]


@pytest.mark.parametrize(("arguments", "change", "said"), BAD)
def test_what_cannot_be_is_refused_before_anything_runs(run: Any, arguments: list[str], change: Any, said: list[str]) -> None:
    if change is not None:
        changed(*change) if change[0] else Path("mocks.json").write_text(SAMPLE.read_text())
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert [each for each in said if each not in result.err] == []
    assert "Traceback" not in result.err


def test_a_response_that_nobody_uses_is_shown_and_stops_nothing(run: Any) -> None:
    spare = changed('"Reserved": {\n', '"Spare": {"0": {"Return": 1}},\n    "Reserved": {\n')
    arguments = ["--mock-config", spare, "--test-case", "HappyPath"]
    shown, quiet = run(*arguments), run(*arguments, "--quiet")
    assert (shown.code, quiet.code) == (0, 0)
    assert 'mocks.json:12:5  WARNING UNUSED_MOCKED_RESPONSE  /MockedResponses  "Spare" is used by no test case' in shown.err
    assert quiet.err == ""


def test_the_history_of_a_mocked_run_is_written(run: Any) -> None:
    run("--mock-config", str(SAMPLE), "--test-case", "HappyPath", "--history", "h.json", "-q")
    events = json.loads(Path("h.json").read_text())["events"]
    assert [e["lambdaFunctionSucceededEventDetails"]["output"] for e in events if e["type"] == "LambdaFunctionSucceeded"] == [
        '{"id":"reservation-1"}',
        '{"receipt":"49.00 EUR","charge":"charge-1"}',
        '{"parcel":"parcel-1"}',
    ]


def test_a_machine_without_tasks_runs_on_mocks_alone(run: Any) -> None:
    state = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": SEND, "End": True}
    Path("m.asl.json").write_text(json.dumps({"StartAt": "S", "States": {"S": state}}))
    machines = {name: {"TestCases": {"c": {"S": name}}} for name in ("m", "n")}
    answers = {name: {"0": {"Return": {"MessageId": name}}} for name in ("m", "n")}
    Path("mocks.json").write_text(json.dumps({"StateMachines": machines, "MockedResponses": answers}))
    arguments = ["--mock-config", "mocks.json", "--test-case", "c", "-q"]
    assert run(*arguments, machine="m.asl.json").out == '{"MessageId": "m"}\n'
    assert run(*arguments, "--mock-machine", "n", machine="m.asl.json").out == '{"MessageId": "n"}\n'
