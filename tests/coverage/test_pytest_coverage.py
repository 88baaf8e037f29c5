"""The pytest plugin, in sessions of its own: options, reports, exit status, and the workers of pytest-xdist."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from states.coverage.results import excluded
from states.running import watchers

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[2]

#: The plugin has to be named only where the installation does not name it.
PLUGIN = [] if any(one.name == "states_cov" for one in entry_points(group="pytest11")) else ["-p", "states.pytest_coverage"]

FLOW = """{
  "StartAt": "Check",
  "States": {
    "Check": {
      "Type": "Choice",
      "Choices": [
        {"Variable": "$.n", "NumericLessThan": 5, "Next": "Small"}
      ],
      "Default": "Big"
    },
    "Small": {"Type": "Succeed"},
    "Big": {"Type": "Succeed"}
  }
}
"""
OTHER = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'
TESTS = """
import pytest
import states

@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_small(n):
    assert states.run("flows/check.asl.json", {"n": n}).status == "SUCCEEDED"
"""
BIG = """
import states

def test_big():
    assert states.run("flows/check.asl.json", {"n": 9}).status == "SUCCEEDED"
"""
INLINE = """
import states

def test_made_here():
    states.run({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("COLUMNS", "130")
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT"):
        monkeypatch.delenv(name, raising=False)
    pytester.makepyfile(test_small=TESTS)
    pytester.makeini("[pytest]\n")
    pytester.makepyprojecttoml("")
    (pytester.path / "flows").mkdir()
    (pytester.path / "flows/check.asl.json").write_text(FLOW)
    return pytester


def session(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return project.runpytest_inprocess("-p", "no:cacheprovider", *PLUGIN, *arguments)


def rows(done: pytest.RunResult) -> list[str]:
    return [" ".join(line.split()) for line in done.outlines]


def covered(project: pytest.Pytester) -> dict[str, dict[str, int]]:
    """What the JSON report says: machine, goal, count."""
    made = json.loads((project.path / "states-coverage.json").read_text())
    return {one["machine"]: {goal["name"]: goal["count"] for goal in one["goals"]} for one in made["machines"]}


SMALL = {
    "/States/Check entered": 4,
    "/States/Check/Choices[0] true": 4,
    "/States/Check/Choices[0] false": 0,
    "/States/Check/Default taken": 0,
    "/States/Small entered": 4,
    "/States/Big entered": 0,
}


# ---------------------------------------------------------------- what is measured


def test_without_the_option_nothing_is_measured(project: pytest.Pytester) -> None:
    before = list(watchers)
    done = session(project)
    assert done.ret == 0
    assert "coverage of state machines" not in done.stdout.str()
    assert watchers == before


def test_every_file_that_ran_is_listed(project: pytest.Pytester) -> None:
    (project.path / "flows/other.asl.json").write_text(OTHER)
    before = list(watchers)
    done = session(project, "--states-cov", "--states-cov-report=term", "--states-cov-report=json")
    assert done.ret == 0
    assert "flows/check.asl.json 2/3 1/3 6 3 50.0%" in rows(done)
    assert covered(project) == {"flows/check.asl.json": SMALL}
    assert watchers == before


def test_the_report_is_the_table_when_nothing_is_said(project: pytest.Pytester) -> None:
    done = session(project, "--states-cov")
    assert "flows/check.asl.json 2/3 1/3 6 3 50.0%" in rows(done)
    assert not any(path.name.startswith("states-coverage") for path in project.path.iterdir())


def test_sources_are_listed_though_they_never_ran(project: pytest.Pytester) -> None:
    (project.path / "flows/other.asl.json").write_text(OTHER)
    (project.path / "more.asl.json").write_text(OTHER)
    session(project, "--states-cov=flows", "--states-cov=more.asl.json", "--states-cov-report=json")
    never = {"/States/A entered": 0}
    assert covered(project) == {"flows/check.asl.json": SMALL, "flows/other.asl.json": never, "more.asl.json": never}


def test_sources_are_those_of_the_folder_where_pytest_was_called(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.path / "flows")
    done = session(project, "--rootdir=..", "..", "--states-cov=check.asl.json")
    assert "flows/check.asl.json 0/3 0/3 6 6 0.0%" in rows(done)  # the tests do not find it from there


def test_machines_of_dictionaries_are_listed_when_asked_for(project: pytest.Pytester) -> None:
    project.makepyfile(test_inline=INLINE)
    session(project, "--states-cov", "--states-cov-report=json")
    assert list(covered(project)) == ["flows/check.asl.json"]
    session(project, "--states-cov", "--states-cov-inline", "--states-cov-report=json")
    assert covered(project)["test_inline.py::test_made_here"] == {"/States/A entered": 1, "/States/A/End taken": 1}


def test_exclude_of_pyproject(project: pytest.Pytester) -> None:
    project.makepyprojecttoml(
        '[tool.states.coverage]\nexclude = ["check/States/Big *", "*/Choices[0] false", "check/*/Default taken", "x"]\n'
    )
    done = session(project, "--states-cov=flows", "--states-cov-report=term-missing", "--states-cov-fail-under=100")
    assert done.ret == 0
    assert "7 /States/Check/Choices[0] false excluded" in rows(done)
    assert "3 excluded" in rows(done)
    assert "exclude: no goal is called 'x'" in rows(done)


def test_nothing_is_reported_when_tests_are_only_collected(project: pytest.Pytester) -> None:
    done = session(project, "--states-cov", "--states-cov-fail-under=100", "--collect-only")
    assert done.ret == 0
    assert "coverage of state machines" not in done.stdout.str()


# ---------------------------------------------------------------- xdist


@pytest.mark.parametrize("mode", [["-n", "2"], ["-n", "2", "--dist", "loadfile"], ["-n", "0"]], ids=" ".join)
def test_workers_come_together(project: pytest.Pytester, mode: list[str]) -> None:
    pytest.importorskip("xdist")
    project.makepyfile(test_big=BIG, test_inline=INLINE)
    reports = ["--states-cov-report=json", "--states-cov-report=term", "--states-cov-fail-under=100", "--states-cov-inline"]
    done = session(project, *mode, "--states-cov", *reports)
    assert done.ret == 0
    done.assert_outcomes(passed=6)
    assert covered(project) == {
        "flows/check.asl.json": {
            "/States/Check entered": 5,
            "/States/Check/Choices[0] true": 4,
            "/States/Check/Choices[0] false": 1,
            "/States/Check/Default taken": 1,
            "/States/Small entered": 4,
            "/States/Big entered": 1,
        },
        "test_inline.py::test_made_here": {"/States/A entered": 1, "/States/A/End taken": 1},
    }
    assert rows(done).count("flows/check.asl.json 3/3 3/3 6 100%") == 1


def test_workers_hand_over_whatever_a_definition_holds(project: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    project.makepyfile(
        test_inline=INLINE.replace('"Type"', r'"Comment": "\ud800 \x00 \U0001f600", "Result": [1e300, -0.0, 1 << 80], "Type"')
    )
    done = session(project, "-n", "2", "--states-cov", "--states-cov-inline", "--states-cov-report=json", "--states-cov-report=html")
    done.assert_outcomes(passed=5)
    assert covered(project) == {
        "flows/check.asl.json": SMALL,
        "test_inline.py::test_made_here": {"/States/A entered": 1, "/States/A/End taken": 1},
    }


# ---------------------------------------------------------------- fail-under


@pytest.mark.parametrize(("least", "status"), [("0", 0), ("50", 0), ("50.1", 1), ("100", 1)])
def test_fail_under(project: pytest.Pytester, least: str, status: int) -> None:
    done = session(project, "--states-cov", f"--states-cov-fail-under={least}")
    assert done.ret == status
    told = f"coverage of state machines: 50.0% is less than {float(least):g}%"
    assert (told in rows(done)) is bool(status)


def test_failed_tests_stay_failed(project: pytest.Pytester) -> None:
    project.makepyfile(test_bad="def test_bad():\n    assert 0\n")
    assert session(project, "--states-cov", "--states-cov-fail-under=10").ret == pytest.ExitCode.TESTS_FAILED
    assert session(project, "-k", "nothing", "--states-cov", "--states-cov-fail-under=99").ret == pytest.ExitCode.NO_TESTS_COLLECTED


BROKEN = '{"StartAt": "A", "Sta'
NOTHING = "coverage of state machines: nothing was measured; expected at least 50%"

#: Arguments, the exit status, the one line that says why (or its beginning).
NOT_MEASURED: list[tuple[list[str], int, str]] = [
    (["--states-cov=empty"], 1, "coverage of state machines: empty could not be read: no definition is in this folder"),
    (["--states-cov=empty", "--states-cov-fail-under=50"], 1, "coverage of state machines: empty could not be read: no definition"),
    (["--states-cov=empty", "--states-cov-fail-under=0"], 1, "coverage of state machines: empty could not be read: no definition"),
    (["--states-cov=flows/check.asl.json#Foo"], 1, "coverage of state machines: flows/check.asl.json#Foo could not be read: "),
    (["--states-cov=flows", "--states-cov=bad"], 1, "coverage of state machines: bad/cut.asl.json could not be read: 1: "),
    (["--states-cov=.", "--states-cov-fail-under=10"], 1, "coverage of state machines: bad/cut.asl.json could not be read: 1: "),
    (["--states-cov=bad/cut.asl.json", "--states-cov-report=json"], 1, "coverage of state machines: bad/cut.asl.json could not be read: "),
    (["test_no_machine.py", "--states-cov-fail-under=50", "--states-cov"], 1, NOTHING),
    (["test_no_machine.py", "--states-cov-fail-under=0", "--states-cov"], 0, ""),
    (["test_no_machine.py", "--states-cov"], 0, ""),
    (["--states-cov=flows"], 0, ""),
]


@pytest.mark.parametrize(
    ("arguments", "status", "told"), NOT_MEASURED, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_what_was_not_measured_is_not_enough(project: pytest.Pytester, arguments: list[str], status: int, told: str) -> None:
    for folder in ("empty", "bad"):
        (project.path / folder).mkdir()
    (project.path / "bad/cut.asl.json").write_text(BROKEN)
    project.makepyfile(test_no_machine="def test_nothing():\n    pass\n")
    done = session(project, *arguments)
    assert done.ret == status
    verdict = [line for line in done.outlines if line.startswith("coverage of state machines: ")]
    assert len(verdict) == bool(told)
    assert all(line.startswith(told) for line in verdict)


def test_a_file_that_need_not_be_a_definition_is_excluded(project: pytest.Pytester) -> None:
    (project.path / "flows/cut.asl.json").write_text(BROKEN)
    assert session(project, "--states-cov=flows").ret == pytest.ExitCode.TESTS_FAILED
    project.makepyprojecttoml('[tool.states.coverage]\nexclude = ["flows/cut.*"]\n')
    done = session(project, "--states-cov=flows", "--states-cov-fail-under=50")
    assert done.ret == 0
    assert "cut" not in done.stdout.str()


def test_workers_of_xdist_leave_the_verdict_to_the_session(project: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    (project.path / "flows/cut.asl.json").write_text(BROKEN)
    (project.path / "file").write_text("")
    done = session(project, "-n", "2", "--states-cov=flows", "--states-cov-report=html:file", "--states-cov-fail-under=60")
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    verdict = [line.partition("machines: ")[2] for line in done.outlines if line.startswith("coverage of state machines: ")]
    assert [line.partition(":")[0] for line in verdict] == ["flows/cut.asl.json could not be read", "50.0% is less than 60%", "html"]


# ---------------------------------------------------------------- reports


def test_every_report_is_written_where_it_is_told(project: pytest.Pytester) -> None:
    targets = {"html": "out/site", "lcov": "out/cov.info", "xml": "out/cov.xml", "json": "out/cov.json"}
    done = session(project, "--states-cov", *(f"--states-cov-report={form}:{target}" for form, target in targets.items()))
    assert done.ret == 0
    assert [row for row in rows(done) if row.partition(":")[0] in targets] == [
        "html: out/site/index.html",
        "lcov: out/cov.info",
        "xml: out/cov.xml",
        "json: out/cov.json",
    ]
    out = project.path / "out"
    assert "<svg" in (out / "site/flows_check.asl.json.html").read_text()
    assert "BRDA:7,0,0,4\nBRDA:7,0,1,0\n" in (out / "cov.info").read_text()
    assert ElementTree.parse(out / "cov.xml").getroot().get("branches-covered") == "1"
    assert json.loads((out / "cov.json").read_text())["totals"]["percent"] == 50.0


def test_a_report_that_cannot_be_written_says_so(project: pytest.Pytester) -> None:
    (project.path / "file").write_text("")
    reports = ["json:file/x.json", "html:file", "lcov:flows", "xml", "term"]
    done = session(project, "--states-cov", *(f"--states-cov-report={report}" for report in reports))
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    assert [row.partition("machines: ")[2] for row in rows(done) if row.startswith("coverage of state machines: ")] == [
        "json:file/x.json: not written: file is a file; expected a folder",
        "html:file: not written: file is a file; expected a folder",
        "lcov:flows: not written: flows is a folder; expected a file",
    ]
    assert "flows/check.asl.json 2/3 1/3 6 3 50.0%" in rows(done)
    assert "xml: states-coverage.xml" in rows(done)


def test_reports_are_written_when_nothing_is_shown(project: pytest.Pytester) -> None:
    assert session(project, "--no-summary", "--states-cov", "--states-cov-report=json").ret == 0
    assert covered(project) == {"flows/check.asl.json": SMALL}
    assert session(project, "--no-summary", "--states-cov", "--states-cov-report=json:flows").ret == pytest.ExitCode.TESTS_FAILED


# ---------------------------------------------------------------- what is refused

REFUSED: list[tuple[list[str], str, str]] = [
    (["--states-cov", "--states-cov-report=pdf"], "", "a report is one of term, term-missing, html, lcov, xml, json, not 'pdf'"),
    (["--states-cov", "--states-cov-report=term:x"], "", "'term:x': term takes no path"),
    (["--states-cov=nowhere"], "", "nowhere: no such file or folder"),
    (["--states-cov-report=term"], "", "--states-cov-report needs --states-cov"),
    (["--states-cov-fail-under=3"], "", "--states-cov-fail-under needs --states-cov"),
    (["--states-cov-inline"], "", "--states-cov-inline needs --states-cov"),
    (["--states-cov"], "[tool.states.coverage]\nexclude = 'x'\n", "exclude is a list of patterns"),
    (["--states-cov"], "[tool.states]\ncoverage = 1\n", "exclude is a list of patterns"),
    (["--states-cov"], "[tool.states\n", "pyproject.toml"),
]


@pytest.mark.parametrize(("arguments", "settings", "told"), REFUSED, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_what_is_refused_in_one_line(project: pytest.Pytester, arguments: list[str], settings: str, told: str) -> None:
    before = list(watchers)
    project.makepyprojecttoml(settings)
    done = session(project, *arguments)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = [line for line in done.errlines if line.strip()]
    assert told in line
    assert watchers == before


@pytest.mark.parametrize(
    ("settings", "expected"),
    [({}, []), ({"coverage": {}}, []), ({"rules": {}, "coverage": {"exclude": ["a", "b"]}}, ["a", "b"])],
)
def test_settings(settings: dict[str, Any], expected: list[str]) -> None:
    assert excluded(settings) == expected


# ---------------------------------------------------------------- what it costs


def test_the_plugin_imports_nothing_until_it_is_asked_for() -> None:
    program = "import sys, pytest; before = set(sys.modules); import states.pytest_coverage; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    ours = {name for name in done.stdout.split() if name.partition(".")[0] in ("states", "rich", "jsonschema", "networkx")}
    assert ours == {"states", "states.pytest_coverage"}
