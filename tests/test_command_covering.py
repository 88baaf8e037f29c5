"""`states test --cov`: what it asks of `states.coverage`, and its exit status. The package itself is tested elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from states.__main__ import main
from tests.testing.scenario_files import folder

GOOD = "input: {cents: 5, items: []}\nexpect: {seconds: 1m}\n"


class Package(ModuleType):
    """Stands for `states.coverage`: half of the goals are reached."""

    def __init__(self) -> None:
        super().__init__("states.coverage")
        self.log: list[Any] = []

    def Collector(self) -> Any:  # noqa: N802
        @contextmanager
        def watching() -> Any:
            self.log.append("watches")
            yield
            self.log.append("has watched")

        return SimpleNamespace(watching=watching)

    def check_spec(self, spec: str) -> None:
        if spec == "wat":
            raise ValueError("a report is one of term, not 'wat'")

    def measure(self, collector: Any, sources: list[str], *, exclude: list[str]) -> Any:
        self.log.append(("measures", sources, exclude))
        return SimpleNamespace(percent=50.0)

    def report(self, spec: str, results: Any, file: Any) -> None:
        self.log.append(spec)
        print(f"{spec} {results.percent}", file=file)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    monkeypatch.chdir(tmp_path)
    folder(tmp_path, GOOD)
    made = Package()
    monkeypatch.setitem(sys.modules, "states.coverage", made)
    return made


@pytest.mark.parametrize(
    ("arguments", "status", "sources", "reports"),
    [
        (["--cov"], 0, [], ["term"]),
        (["--cov=."], 0, ["."], ["term"]),
        (
            ["--cov=.", "--cov=machine.asl.json", "--cov-report", "html", "--cov-report=term"],
            0,
            [".", "machine.asl.json"],
            ["html", "term"],
        ),
        (["--cov", "--cov-fail-under", "50"], 0, [], ["term"]),
        (["--cov", "--cov-fail-under", "50.5"], 1, [], ["term"]),
    ],
)
def test_coverage(
    package: Package, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, sources: list[str], reports: list[str]
) -> None:
    assert main(["test", *arguments]) == status
    assert package.log == ["watches", "has watched", ("measures", sources, []), *reports]
    captured = capsys.readouterr()
    assert [f"{spec} 50.0" in captured.out for spec in reports] == [True] * len(reports)
    assert ("coverage of state machines: 50.0% is less than 50.5%" in captured.err) == bool(status)


def test_a_report_for_a_tool_stays_alone_on_stdout(package: Package, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "--cov", "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert "term 50.0" not in captured.out
    assert "term 50.0" in captured.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--cov-report", "term"], "--cov-report needs --cov"),
        (["--cov-fail-under", "5"], "--cov-fail-under needs --cov"),
        (["--cov", "--cov-report", "wat"], "--cov: a report is one of term, not 'wat'"),
        (["--cov=nowhere"], "--cov: nowhere: no such file or folder"),
    ],
)
def test_what_makes_no_sense_is_refused(package: Package, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert main(["test", *arguments]) == 2
    assert capsys.readouterr().err == f"states: {said}\n"
    assert package.log == []


def test_nothing_is_measured_when_nobody_asks(package: Package) -> None:
    assert main(["test"]) == 0
    assert package.log == []
