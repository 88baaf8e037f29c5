"""`states test --cov`: coverage of the machines that scenarios play, its reports and exit status. The counting is tested elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from states import running
from states.__main__ import main
from tests.testing.scenario_files import folder

GOOD = "input: {cents: 5, items: []}\nexpect: {seconds: 1m}\n"


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder(tmp_path, GOOD)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "status", "files"),
    [
        (["--cov"], 0, []),
        (["--cov=."], 0, []),
        (["--cov=.", "--cov=machine.asl.json", "--cov-report", "html:pages", "--cov-report=term-missing"], 0, ["pages"]),
        (["--cov", "--cov-report", "lcov:cov.info", "--cov-report=xml:cov.xml"], 0, ["cov.info", "cov.xml"]),
        (["--cov", "--cov-fail-under", "10"], 0, []),
        (["--cov", "--cov-fail-under", "99.5"], 1, []),
    ],
)
def test_coverage(played: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, files: list[str]) -> None:
    assert main(["test", *arguments]) == status
    captured = capsys.readouterr()
    is_shown = not files or "--cov-report=term-missing" in arguments
    assert ("machine.asl.json" in captured.out and "%" in captured.out) == is_shown
    assert [name for name in files if not (played / name).exists()] == []
    assert ("% is less than 99.5%" in captured.err) == bool(status)
    assert running.watchers == []


UNREAD = "states: coverage of state machines: {} could not be read: "
REPORT = "states: {}: not written: {}"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--cov=empty"], 1, UNREAD.format("empty") + "no definition is in this folder"),
        (["--cov=empty", "--cov-fail-under=5"], 1, UNREAD.format("empty") + "no definition is in this folder"),
        (["--cov=machine.asl.json", "--cov=machine.asl.json#Foo", "--cov-fail-under=5"], 1, UNREAD.format("machine.asl.json#Foo")),
        (["--cov=.", "--cov-fail-under=5"], 1, UNREAD.format("bad/cut.asl.json") + "1: "),
        (["--cov=.", "--cov-report=json:cov.json"], 1, UNREAD.format("bad/cut.asl.json") + "1: "),
        (["--cov", "--cov-report=html:tasks.py"], 2, REPORT.format("html:tasks.py", "tasks.py is a file; expected a folder")),
        (["--cov", "--cov-report=xml:tasks.py/a"], 2, REPORT.format("xml:tasks.py/a", "tasks.py is a file; expected a folder")),
        (["--cov", "--cov-report=json:bad", "--cov-report=term"], 2, REPORT.format("json:bad", "bad is a folder; expected a file")),
    ],
)
def test_what_was_not_measured_or_written_is_a_fault(
    played: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    (played / "empty").mkdir()
    (played / "bad").mkdir()
    (played / "bad/cut.asl.json").write_text('{"StartAt": "A", "Sta')
    assert main(["test", *arguments]) == status
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(said)


def test_all_reports_that_can_be_are_written(played: Path, capsys: pytest.CaptureFixture[str]) -> None:
    specs = ["json:tasks.py/a", "lcov:cov.info", "html:tasks.py"]
    assert main(["test", "--cov", *(f"--cov-report={spec}" for spec in specs), "--cov-fail-under=100"]) == 2
    assert (played / "cov.info").exists()
    said = [line.rpartition(":")[2] for line in capsys.readouterr().err.splitlines()]
    in_the_way = " tasks.py is a file; expected a folder"
    assert [said[0].endswith("% is less than 100%"), *said[1:]] == [True, in_the_way, in_the_way]


def test_what_scenarios_reach_is_counted(played: Path) -> None:
    assert main(["test", "--cov", "--cov-report", "json:cov.json"]) == 0
    goals = [goal for machine in json.loads((played / "cov.json").read_text())["machines"] for goal in machine["goals"]]
    assert {bool(goal["count"]) for goal in goals} == {True, False}


def test_a_report_for_a_tool_stays_alone_on_stdout(played: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "--cov", "--format", "json"]) == 0
    captured = capsys.readouterr()
    json.loads(captured.out)
    assert "machine.asl.json" in captured.err


def test_excluded_goals_are_those_of_the_project(played: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (played / "pyproject.toml").write_text('[tool.states.coverage]\nexclude = ["*"]\n')
    assert main(["test", "--cov", "--cov-fail-under", "100"]) == 0
    (played / "pyproject.toml").write_text("[tool.states.coverage]\nexclude = 5\n")
    capsys.readouterr()
    assert main(["test", "--cov"]) == 2
    assert "exclude is a list of patterns" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--cov-report", "term"], "--cov-report needs --cov"),
        (["--cov-fail-under", "5"], "--cov-fail-under needs --cov"),
        (["--cov", "--cov-report", "wat"], "--cov: a report is one of term, term-missing, html, lcov, xml, json, not 'wat'"),
        (["--cov=nowhere"], "--cov: nowhere: no such file or folder"),
    ],
)
def test_what_makes_no_sense_is_refused(played: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert main(["test", *arguments]) == 2
    assert capsys.readouterr().err == f"states: {said}\n"


def test_nothing_is_measured_when_nobody_asks(played: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test"]) == 0
    assert "%" not in capsys.readouterr().out
