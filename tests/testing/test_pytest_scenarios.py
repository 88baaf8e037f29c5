"""Scenario files under pytest: collected, run, shown without Python."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml  # noqa: F401  # pytester forgets what was first imported inside it, and PyYAML's C part must not be imported twice

import states
from states.testing import pytest_scenarios  # noqa: F401
from tests.testing.scenario_files import folder

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "states.pytest_plugin")  #: with no other found by itself, whether this one is installed or not

GOOD = """\
input: {cents: 5, items: []}
scenarios:
  charged:
    expect: {seconds: 1m}
  charged wrongly:
    expect: {output: {paid: 6}}
  later: {skip: not yet, expect: {seconds: 0}}
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return pytester


def run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return project.runpytest_inprocess("-p", "no:cacheprovider", *PLUGIN, *arguments)


def test_each_scenario_is_a_test(project: pytest.Pytester) -> None:
    folder(project.path, GOOD)
    result = run(project, "-v", "-rs")
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    result.stdout.fnmatch_lines(["a.scenario.yaml::charged PASSED*", "a.scenario.yaml::charged wrongly FAILED*", "*not yet*"])


@pytest.mark.parametrize("ci", ["", "true"])
def test_a_failure_shows_the_scenario_and_no_python(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str) -> None:
    monkeypatch.setenv("CI", ci)  # then pytest's summary has whole messages
    folder(project.path, GOOD)
    result = run(project)
    result.stdout.fnmatch_lines(
        [
            "*charged wrongly*",
            "  output  a.scenario.yaml:6:14",
            '    $.paid    expected 6        found {"receipt":5}',
            "    $.packed  expected nothing  found []",
            "*Minute*Wait*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*.py*")
    result.stdout.fnmatch_lines(["FAILED a.scenario.yaml::charged wrongly - not as expected: output"])
    assert str(result.stdout).count("Minute") == 1  # the plugin does not show it again


@pytest.mark.parametrize("ci", ["", "true"])
@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "1")])
def test_the_summary_has_one_line_of_what_is_wrong(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str, workers: tuple[str, ...]
) -> None:
    if workers:
        pytest.importorskip("xdist")
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("COLUMNS", "120")
    folder(project.path, GOOD)
    monkeypatch.setenv("PYTHONPATH", str(Path(states.__file__).parents[1]))
    result = project.runpytest_subprocess("-p", "no:cacheprovider", *PLUGIN, *workers, "--junitxml=report.xml", "-k", "wrongly")
    summary = [line for line in result.outlines if line.startswith("FAILED")]
    assert summary == ["FAILED a.scenario.yaml::charged wrongly - not as expected: output"]
    result.stdout.fnmatch_lines(["  output  a.scenario.yaml:6:14"])
    assert '<failure message="not as expected: output">' in (project.path / "report.xml").read_text()


def test_a_failure_in_one_line_has_its_place(project: pytest.Pytester) -> None:
    folder(project.path, GOOD)
    assert "a.scenario.yaml:6: not as expected: output" in run(project, "--tb=line").outlines


def test_a_name_is_one_line_that_drives_no_terminal(project: pytest.Pytester) -> None:
    hostile = GOOD.replace("charged wrongly", '"evil \\e[31mred ::x\\nnewline"').replace("not yet", '"why \\e[31m\\nnot"')
    folder(project.path, hostile)
    result = run(project, "-v", "-rsf")
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    out = str(result.stdout)
    assert "\x1b" not in out
    result.stdout.fnmatch_lines([r"a.scenario.yaml::evil \x1b[[]31mred ::x newline FAILED*", r"*why \x1b[[]31m not*"])


def test_a_scenario_is_chosen_by_its_name(project: pytest.Pytester) -> None:
    folder(project.path, GOOD)
    run(project, "-k", "charged and not wrongly").assert_outcomes(passed=1, deselected=2)
    run(project, "a.scenario.yaml::charged").assert_outcomes(passed=1)


def test_a_file_with_faults_shows_them_with_their_lines(project: pytest.Pytester) -> None:
    folder(project.path, GOOD.replace("seconds: 1m", "secnds: 1m"))
    result = run(project)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["a.scenario.yaml:4:14*UNKNOWN_KEY*", "  4 | expect: {secnds: 1m}", '  did you mean "seconds"?'])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*.py*")


def test_without_pyyaml_the_extra_is_named(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    folder(project.path, GOOD)
    result = run(project)
    result.stdout.fnmatch_lines(["a.scenario.yaml: reading YAML needs PyYAML: pip install 'states[[]yaml[]]'"])


def test_other_files_are_left_alone(project: pytest.Pytester) -> None:
    folder(project.path, "what: ever", "a.yaml")
    assert run(project).ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_tasks_are_read_once_for_all_files_of_a_session(project: pytest.Pytester) -> None:
    folder(project.path, GOOD)
    Path(project.path / "b.scenario.yaml").write_text(GOOD)
    tasks = project.path / "tasks.py"
    tasks.write_text(tasks.read_text() + "\nwith open('imported', 'a') as file:\n    file.write('x')\n")
    run(project).assert_outcomes(passed=2, failed=2, skipped=2)
    assert (project.path / "imported").read_text() == "x"
